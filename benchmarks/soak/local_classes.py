"""Generations of classes that go through one hot loop, in a loop that is compiled itself."""
import sys


def make():
    class Point:
        def __init__(self, x): self.x = x
        def get(self): return self.x
    return Point


def hot(cls, n):
    s = 0
    for i in range(n): s += cls(i).get()
    return s


def work(start, stop):
    total = 0
    for i in range(start, stop):
        total += hot(make(), 300)
    return total


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
