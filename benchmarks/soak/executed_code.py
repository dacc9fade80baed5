"""Source texts without end, compiled and run in namespaces of their own."""
import sys


def work(start, stop):
    for i in range(start, stop):
        names = {}
        exec(f"def f{i}(a{i}):\n    b{i} = a{i} + {i}\n    return b{i}, 'text{i}'\nr = f{i}(1)", names)
        assert names["r"][0] == i + 1


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
