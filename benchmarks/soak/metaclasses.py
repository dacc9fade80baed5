"""Metaclasses without end, each with a class and an instance; names by three-argument `type`."""
import sys


def work(start, stop):
    for i in range(start, stop):
        meta = type(f"Meta{i}", (type,), {})
        cls = meta(f"Class{i}", (), {f"attribute{i}": i})
        thing = cls()
        thing.value = i
        assert getattr(thing, f"attribute{i}") == thing.value


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
