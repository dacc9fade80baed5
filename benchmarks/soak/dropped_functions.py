"""Functions that a hot loop calls for a while: closures over one code object, and lambdas of new code."""
import sys


def adder(k):
    def add(x): return x + k
    return add


def call(f, n):
    s = 0
    for i in range(n): s += f(i)
    return s


def work(start, stop):
    total = 0
    for i in range(start, stop):
        total += call(adder(i), 100)
        if i % 10 == 0:
            total += call(eval("lambda x: x * %d" % i), 100)
    return total


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
