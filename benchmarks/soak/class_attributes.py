"""Names of class attributes without end: set, read, deleted."""
import sys


class Thing:
    pass


def work(start, stop):
    for i in range(start, stop):
        name = f"name{i}"
        setattr(Thing, name, i)
        assert getattr(Thing, name) == i
        delattr(Thing, name)


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
