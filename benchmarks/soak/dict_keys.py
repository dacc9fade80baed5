"""Keys of dicts without end, in dicts that live and in dicts that do not."""
import sys

LIVING = {}


def work(start, stop):
    for i in range(start, stop):
        key = f"key{i}"
        LIVING[key] = i
        {key: i, i: key}
        if i >= 100:
            del LIVING[f"key{i - 100}"]


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
