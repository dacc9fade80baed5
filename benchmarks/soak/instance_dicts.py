"""Instances whose `__dict__` is looked at and written to."""
import sys


class Thing:
    def __init__(self, i):
        self.first = i


def work(start, stop):
    for i in range(start, stop):
        thing = Thing(i)
        thing.__dict__[f"name{i}"] = i
        thing.later = thing
        assert len(thing.__dict__) == 3


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
