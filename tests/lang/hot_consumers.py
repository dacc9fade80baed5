# Built-in functions over generators and map: their results, order of evaluation, and what they raise.
import math


def squares(n):
    for i in range(n):
        yield i * i


def run(n):
    return (
        sum(squares(n)),
        sum(x % 7 for x in range(n)),
        sum((x > n // 2 for x in range(n)), 10),
        sum((x * 0.1 for x in range(n)), 0.5),
        max(x * 31 % 1009 for x in range(n)),
        min(-x for x in range(n)),
        any(x == n - 1 for x in range(n)),
        all(x < n - 1 for x in range(n)),
        len(list(x for x in range(n))),
        tuple(x for x in range(n))[-1],
        len(set(x % 10 for x in range(n))),
        sorted(-x for x in range(n))[0],
        ",".join(str(x) for x in range(n))[-8:],
    )


print(run(3000))
for n in range(1, 60):
    run(n)
print(run(1500))


# Sums of mixed kinds, and with compensation.
def mixed(items):
    return sum(x for x in items)


values = [0.1] * 1300
for extra in [], [1], [True], [10**20], [1e100, 1.0, -1e100], [float("inf")], [float("nan")]:
    print(mixed(values + extra + values[:10]), mixed([1] * 1200 + extra + [0.1] * 10))
print(sum(1e16 for _ in range(1)) + sum(x for x in [1e16, 1.0, -1e16] * 500))
print(sum([x] for x in range(3)) if False else sum(([x] for x in range(3)), []))
print(sum(-0.0 for _ in range(3)), sum((-0.0 for _ in range(3)), -0.0))
print(mixed([2**61] * 3000), mixed([1.5] * 10 + [2**70, 1.5]), mixed([5.0, "x"][:1]))


class Money:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        return Money(self.n + (other.n if isinstance(other, Money) else other))

    __radd__ = __add__

    def __lt__(self, other):
        return self.n < other.n

    def __gt__(self, other):
        return self.n > other.n


print(sum(Money(i) for i in range(2000)).n, max(Money(i % 700) for i in range(2000)).n)
print(min(Money(i % 700 - 5) for i in range(2000)).n)
print(sorted(Money(i * 7919 % 1009) for i in range(1100))[5].n)


# What is raised, and from where.
def failing(n):
    for i in range(n):
        if i == n - 1:
            raise ValueError(i)
        yield i


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        tb, lines = e.__traceback__, []
        while tb:
            lines.append(tb.tb_frame.f_code.co_name if hasattr(tb, "tb_frame") else "?")
            tb = tb.tb_next
        return type(e).__name__, str(e), len(lines)


for f in sum, max, min, any, all, list, tuple, set, sorted, ",".join:
    print(attempt(f, failing(1)), attempt(f, (i * 0 for i in failing(1800))))
print(attempt(max, (x for x in [])), attempt(min, (x for x in ())), attempt(sum, (x for x in [])))
print(attempt(lambda: max((x for x in []), default=7)), attempt(lambda: max((x for x in "abc"), key=ord)))
print(attempt(sum, (c for c in "abc")), attempt(sum, (c for c in "abc"), ""), attempt(sum, (1 for c in "abc"), "x"))
print(attempt(",".join, (i for i in [1])), attempt(set, ([] for i in [1])), attempt(max, (x for x in [1, "a"])))
print(attempt(lambda: sorted((i for i in [3, 1, 2]), reverse=True)))


# Short circuit: what is left in the generator.
def leftovers():
    out = []
    for k in range(1200):
        g = (x for x in range(k % 9 + 3))
        out.append((any(x == 2 for x in g), next(g, "end")))
        g = (x for x in range(k % 9 + 3))
        out.append((all(x < 1 for x in g), next(g, "end")))
    return out[-3:], len(out)


print(leftovers())


# A generator that is running, done, or closed.
def itself():
    yield sum(g)


g = itself()
print(attempt(list, g))
g = squares(3)
print(sum(g), sum(g), list(g), max([0], [1]))


# Nested, in loops, as the hot part.
def primes(n):
    return [p for p in range(2, n) if all(p % d for d in range(2, math.isqrt(p) + 1))]


print(len(primes(2500)))


def product(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


m = [[i * j % 7 for j in range(20)] for i in range(20)]
print(product(m, product(m, m))[7][:5])
print(sum(sum(sum(i * j + k for k in range(12)) for j in range(12)) for i in range(12)))


# map with Python functions.
def triple(x):
    return x * 3


def stops(x):
    if x == 1500:
        raise StopIteration
    return x


def mapped(n):
    total = 0
    for x in map(triple, range(n)):
        total += x
    for x in map(lambda a, b: a * b, range(n), range(n, 0, -1)):
        total += x
    for x in map(lambda a, b=2: a + b, range(n)):
        total += x
    for x in map(abs, range(-n, n)):
        total += x
    for x in map(squares, range(5)):
        total += sum(x)
    for x in map(stops, range(3000)):
        total += x
    return total, sum(map(triple, range(n))), list(map(triple, range(4))), any(map(lambda x: x > 5, range(n)))


print(mapped(2000))


def shared_map():
    it = iter(range(3001))
    return sum(map(lambda a, b: a - b, it, it)), list(it)


print(shared_map())
print(attempt(lambda: sum(map(lambda x: 1 // (1700 - x), range(2000)))))


# The names may mean something else.
def shadowed():
    def sum(items):
        return "mine"

    return sum(x for x in range(3))


class Joiner(str):
    def join(self, items):
        return "own join"


print(shadowed(), Joiner("-").join(x for x in "ab"), str.join(Joiner("-"), (x for x in "ab")))
