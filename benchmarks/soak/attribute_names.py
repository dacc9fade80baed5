"""Attribute names without end, each on an object of its own."""
import sys


class Thing:
    pass


def work(start, stop):
    for i in range(start, stop):
        setattr(Thing(), f"name{i}", i)


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
