"""Objects with attributes in ever new orders."""
import sys


class Thing:
    pass


NAMES = [f"name{i}" for i in range(12)]


def work(start, stop):
    for i in range(start, stop):
        thing = Thing()
        rest = i * 2654435761 % 2**32
        for _ in range(4):
            setattr(thing, NAMES[rest % 12], i)
            rest //= 12


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
