"""Functions, closures and generators without end, in cycles."""
import sys


def make(i):
    def inner():
        return i, inner

    def values():
        yield inner
        yield values

    return inner, values()


def work(start, stop):
    for i in range(start, stop):
        inner, values = make(i)
        assert inner()[0] == i and next(values) is inner


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
