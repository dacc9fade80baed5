"""Classes with `__slots__` of ever new names."""
import sys


def work(start, stop):
    for i in range(start, stop):
        cls = type("Thing", (), {"__slots__": (f"first{i}", "second")})
        thing = cls()
        setattr(thing, f"first{i}", i)
        thing.second = i


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
