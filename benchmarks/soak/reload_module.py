"""A module with hot loops, made anew without end: its code, classes and globals."""
import sys

SOURCE = """
def work(n):
    s = 0
    for i in range(n):
        if i & 3: s += i * k
        else: s ^= i
    return s

class Counter:
    def __init__(self): self.x = 1
    def add(self, y): return self.x + y

def use(n):
    c = Counter()
    t = 0
    for i in range(n): t += c.add(i)
    return t

k = %d
r = work(2100) + use(2100)
"""


def work(start, stop):
    total = 0
    for i in range(start, stop):
        names = {"__name__": "reloaded"}
        exec(SOURCE % (i % 10), names)
        total += names["r"]
    return total


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
