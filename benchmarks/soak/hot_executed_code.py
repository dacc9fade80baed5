"""Functions of new code that get hot and are dropped, in a loop that is compiled itself."""
import sys

SOURCE = """
def f(n):
    s = 0
    for i in range(n): s += i
    return s

def g(x): return x + %d
"""


def work(start, stop):
    total = 0
    for i in range(start, stop):
        names = {}
        exec(SOURCE % (i % 7), names)
        f, g = names["f"], names["g"]
        total += f(2200)
        for j in range(50): total += g(j)
    return total


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
