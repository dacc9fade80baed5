"""count and islice over generators and plain iterators, in hot loops and at their edges."""
import itertools


def numbers(limit):
    value = 1
    for _ in range(limit):
        value = (value * 1103515245 + 12345) % 2147483648
        yield value >> 16


def edges():
    def left(n, *args):
        source = iter(range(n))
        return list(itertools.islice(source, *args)), list(source)

    for args in [(3,), (0,), (None,), (2, 5), (5, 2), (2, None), (0, 7, 3), (1, None, 4), (0, 5, 3), (9, 12), (12, None)]:
        print(args, left(10, *args))
    g = numbers(4)
    s = itertools.islice(g, 1, 3)
    print(next(s), next(s), next(s, "end"), next(s, "end"), list(g))
    s = itertools.islice(numbers(2), 5)
    print(list(s), list(s), next(s, None))

    class Mine(itertools.islice):
        pass

    class Steps(itertools.count):
        def __next__(self):
            return super().__next__() * 10

    print(list(Mine("abcdef", 1, None, 2)), type(itertools.islice("", 1)), type(itertools.count()))
    print([v for v, _ in zip(Steps(3), range(3))])
    for bad in [(-1,), ("x",), (1, -2), (0, 1, 0)]:
        try:
            itertools.islice([], *bad)
        except ValueError as error:
            print(error)
    try:
        itertools.count("1")
    except TypeError as error:
        print(error)


def counts():
    for args in [(), (5,), (5, -2), (0.5,), (1, 0.25), (2**62 - 2,), (-2**62 + 1, -1), (2**80, 2**70), (True,), (3, 0)]:
        c = itertools.count(*args)
        print(c, [next(c) for _ in range(4)], c)
    c = itertools.count(step=3, start=1)
    print(next(c), next(c), repr(c))


def raising(n):
    for i in range(n):
        if i == n - 1:
            raise KeyError(i)
        yield i


def errors():
    s = itertools.islice(raising(6), 1, None, 2)
    got = []
    try:
        for v in s:
            got.append(v)
    except KeyError as error:
        print(got, error, list(s))


def hot(n):
    total = 0
    for a, b in zip(itertools.count(3, 2), itertools.islice(numbers(n), 5, None, 3)):
        total += a ^ b
    total += sum(a * b for a, b in zip(itertools.count(), itertools.islice(numbers(n), n // 2)))
    for i, v in enumerate(itertools.islice(numbers(n), 0, n, 7)):
        total += i * v
    for v in itertools.islice(itertools.count(10), n):
        total += v
    for v in itertools.islice(list(range(n)), 1, None, 2):
        total -= v
    for v in itertools.count(n, -1):
        if v < 0:
            break
        total += v & 3
    return total


def hot_small():
    total = 0
    for i in range(2000):
        for v in itertools.islice(numbers(i % 9), i % 4, i % 7 if i % 7 else None, i % 3 + 1):
            total += v
        try:
            total += sum(itertools.islice(raising(i % 5 + 1), i % 6))
        except KeyError as error:
            total += error.args[0]
    return total


def hot_overflow(start):
    last = None
    for i, c in zip(range(3000), itertools.count(start, 2)):
        last = c
    return last


edges()
counts()
errors()
print(hot(3000), hot(7))
print(hot_small())
print(hot_overflow(2**62 - 3000), hot_overflow(0), hot_overflow(0.5))
