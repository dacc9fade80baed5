"""Strs without end that are interned on purpose."""
import sys


def work(start, stop):
    for i in range(start, stop):
        assert sys.intern(f"text{i}") is sys.intern(f"text{i}")


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
