"""Ints, strs and lists of growing and shrinking sizes."""
import sys


def work(start, stop):
    kept = []
    for i in range(start, stop):
        size = i % 100
        kept.append((3 ** (size * 20), "x" * (size * 97), [i] * (size * 13)))
        if len(kept) == 20:
            kept.clear()


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
