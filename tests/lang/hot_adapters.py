# Built-in functions and iterators over generators, Python iterators and containers, in hot loops.
N = 300


def count(n):
    for i in range(n):
        yield i


def returns(n):
    for i in range(n):
        yield i
    return "end %d" % n


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


def consumers():
    out = []
    for i in range(N):
        k = i % 7
        out = [
            sum(x * k for x in range(5)),
            sum((x for x in range(3)), 10),
            sum(x * 0.1 for x in range(10)),
            sum([0.1] * 3),
            sum(1e100 if x == 1 else (-1e100 if x == 3 else 1.0) for x in range(5)),
            sum(2 if x % 2 else 0.5 for x in range(6)),
            sum(True for x in range(k)),
            sum((x,) != () for x in range(k)),
            any(x == k for x in range(4)),
            all(x != k for x in range(4)),
            list(x for x in range(k)),
            tuple(x + 1 for x in count(3)),
            sorted(-x for x in count(4)),
            sorted(set(x % 3 for x in count(9))),
            min(x ^ 3 for x in range(6)),
            max(x ^ 3 for x in range(6)),
            "-".join(str(x) for x in count(4)),
            list(map(lambda v: v * k, count(3))),
            list(filter(lambda v: v % 2, count(8))),
            list(zip(count(3), count(5))),
            list(enumerate(count(3), k)),
            list(enumerate(zip(count(2), "ab"))),
            list(map(lambda a: a[0] + a[1], zip(count(3), count(3)))),
        ]
    return out


def short_circuit():
    left = 0
    for i in range(N):
        g = count(6)
        if any(x == 2 for x in g):
            left += sum(g)
        g = count(6)
        if not all(x < 4 for x in g):
            left += 100 * next(g)
    return left


def nexts():
    total, ends = 0, []
    for i in range(N):
        g = returns(i % 4)
        while True:
            try:
                total += next(g)
            except StopIteration as stop:
                ends.append(stop.value)
                break
        try:
            next(g)
        except StopIteration as stop:
            assert stop.value is None and stop.args == ()
        total += next(g, 5) + next(iter([]), 7) + next(iter((i,)), 9) + next(Countdown(3))
        total += next(map(lambda v: v + 1, count(2))) + next(filter(lambda v: v > 2, count(5)))
        total += next(enumerate(count(2)))[1] + next(zip(count(2), count(2)))[0]
        try:
            next(iter([]))
        except StopIteration as stop:
            total += len(stop.args)
    return total, ends[-4:]


def averages():
    total = count_ = 0
    mean = None
    while True:
        v = yield mean
        if v is None:
            return count_
        total += v
        count_ += 1
        mean = total / count_


def sends():
    out = []
    for k in range(20):
        g = averages()
        next(g)
        for i in range(N // 10):
            last = g.send(i * k)
        try:
            g.send(None)
        except StopIteration as stop:
            out.append((last, stop.value))
        try:
            g.send(1)
        except StopIteration:
            out.append("done")
        g = averages()
        try:
            g.send(3)
        except TypeError as e:
            out.append(str(e))
    return out[-3:]


def delegates(n):
    yield from range(n)
    yield from [1, 2]
    yield from (3, 4)
    yield from "xy"
    yield from {5: 6}
    yield from Countdown(2)
    yield from enumerate([7])
    got = yield from returns(2)
    yield got
    got = yield from iter([])
    yield got


def delegation():
    seen = []
    for i in range(N):
        seen = list(delegates(i % 3))
    return seen


def walk(low, high):
    if low < high:
        middle = (low + high) // 2
        yield from walk(low, middle)
        yield middle
        yield from walk(middle + 1, high)


def recursion():
    return sum(i * x for i, x in enumerate(walk(0, 2000)))


def pairs_of_one_iterator():
    total = 0
    for i in range(N):
        it = iter(range(7))
        for a, b in zip(it, it):
            total += a * b
        it = iter([1, 2, 3, 4])
        total += sum(a - b for a, b in zip(it, it))
    return total


def containers():
    d = {i: i * i for i in range(10)}
    names = {"a": 1, "b": 2}
    s = {3, 1, 2}
    total = 0
    for i in range(N):
        for k, v in d.items():
            total += k * v
        for k in d:
            total += k
        for v in names.values():
            total += v
        for v in s:
            total += v
        for v in reversed([1, 2, i]):
            total = total * 3 % 1000003 + v
        for v in reversed((1, i)):
            total = total * 3 % 1000003 + v
        for v in reversed(d):
            total = total * 3 % 1000003 + v
        if i % 41 == 40:
            d.pop(i % 10, None)
            d[i] = i
    return total, sorted(d)


def changing():
    found = []
    for i in range(N):
        d = {j: j for j in range(5)}
        try:
            for k in d:
                if k == 2:
                    d[k + 100] = 1
        except RuntimeError as e:
            found.append(str(e))
        l = [1, 2, 3]
        for n, x in enumerate(l):
            if x == 2:
                l.append(9)
        found.append(n)
        l = [1, 2, 3]
        for x in reversed(l):
            if x == 3:
                del l[:2]
        found.append(x)
    return found[-3:]


def big_counts():
    out = None
    for i in range(N):
        out = [n for n, _ in enumerate("abc", 2**62 - 1)]
    return out


def failing(n):
    for i in range(n):
        if i == 5:
            raise ValueError(i)
        yield i


def failures():
    out = []
    for i in range(N):
        for f in (sum, any, list, sorted, max, lambda g: list(map(lambda v: v, g)), lambda g: dict(enumerate(g))):
            try:
                f(x for x in failing(3 + i % 4) if x >= 0)
            except ValueError as e:
                out.append(e.args[0])
    for f in (min, max):
        for _ in range(N):
            try:
                f(x for x in ())
            except ValueError as e:
                error = str(e)
        out.append(error)
    return len(out), out[-2:]


def types_change():
    out = []
    for kind in (int, float, str, complex):
        for _ in range(N // 4):
            g = (kind(x) for x in (3, 1, 2))
            r = sum(g) if kind is not str else max(g)
        out.append(r)
    return out


for f in (consumers, short_circuit, nexts, sends, delegation, recursion, pairs_of_one_iterator, containers, changing,
          big_counts, failures, types_change):
    print(f.__name__, f())
