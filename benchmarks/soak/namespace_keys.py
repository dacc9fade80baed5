"""Names of globals without end: bound, read, deleted."""
import sys


def work(start, stop):
    names = globals()
    for i in range(start, stop):
        name = f"name{i}"
        names[name] = i
        assert names[name] == i
        del names[name]


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
