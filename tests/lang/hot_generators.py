# Generators in hot loops: pipelines, send, throw, close, yield from, early exit, generators made in loops.
def count(n):
    i = 0
    while i < n:
        yield i
        i += 1
def evens(it):
    for x in it:
        if x % 2 == 0: yield x
def squares(it):
    for x in it: yield x * x
def pipeline(n):
    s = 0
    for x in squares(evens(count(n))): s += x
    return s
def gexp(n): return sum(x * 2 for x in range(n) if x % 3), max(x % 17 for x in range(n)), any(x > n - 5 for x in range(n)), [y for y in (x + 1 for x in count(5))]
def many(n):
    s = 0
    for i in range(n):
        for x in count(i % 4): s += x
        for x in count(5):
            if x == i % 5: break
        s += x
    return s
def acc():
    t = 0
    while True:
        v = yield t
        if v is None: return t
        t += v
def send(n):
    g = acc()
    next(g)
    for i in range(n): r = g.send(i if i % 7 else 0.5)
    try: g.send(None)
    except StopIteration as e: return r, e.value
def catcher():
    c = 0
    while True:
        try: yield c
        except ValueError: c += 10
        finally: c += 1
def throw(n):
    g = catcher()
    next(g)
    s = 0
    for i in range(n):
        s += g.throw(ValueError("x")) if i % 3 == 0 else next(g)
    g.close()
    return s
def tree(lo, hi):
    if lo < hi:
        mid = (lo + hi) // 2
        yield from tree(lo, mid)
        yield mid
        yield from tree(mid + 1, hi)
def walk(n): return sum(i * v for i, v in enumerate(tree(0, n)))
def deleg(n):
    def inner(k):
        r = 0
        for i in range(k): r += yield i
        return r
    def outer():
        total = 0
        for k in range(n): total += yield from inner(k % 5)
        return total
    g = outer()
    v = next(g)
    try:
        while True: v = g.send(v + 1)
    except StopIteration as e: return e.value
def interleave(n):
    a, b = count(n), squares(count(n))
    s = 0
    try:
        while True:
            s += next(a) - next(b)
            s += next(a)
    except StopIteration: return s
def raising(n):
    def g():
        for i in range(n):
            if i == n - 3: raise KeyError(i)
            yield i
    s = 0
    try:
        for x in g(): s += x
    except KeyError as e: return s, e.args
def types(n):
    def g():
        for i in range(n): yield i if i < n // 2 else i * 0.5 if i % 2 else str(i)
    c = 0
    for v in g(): c += len(v) if isinstance(v, str) else v
    return c
class It:
    def __init__(self, n): self.n, self.i = n, 0
    def __iter__(self): return self
    def __next__(self):
        if self.i >= self.n: raise StopIteration
        self.i += 1
        return self.i
class Seq:
    def __getitem__(self, i):
        if i > 9: raise IndexError
        return i
def protocols(n):
    s = 0
    for x in It(n): s += x
    for k in range(n // 10):
        for x in Seq(): s += x
        for a, b in zip(Seq(), It(4)): s += a * b
        for i, c in enumerate("abc"): s += i + ord(c)
        for x in map(lambda q: q + 1, It(3)): s += x
        for x in filter(lambda q: q % 2, range(6)): s += x
        for x in reversed([1, 2, 3]): s = s * 3 % 10007 + x
    return s
import itertools
def tools(n):
    s = 0
    for a, b in itertools.product(range(n // 50), range(3)): s += a * b
    for x in itertools.islice(itertools.count(5), n): s += x
    for x in itertools.chain(range(n), [1.5]): s += x
    for a, b in itertools.combinations(range(20), 2): s += a ^ b
    for x in itertools.takewhile(lambda v: v < n // 2, itertools.count()): s -= x
    return s
for f in (pipeline, gexp, many, send, throw, walk, deleg, interleave, raising, types, protocols, tools): print(f.__name__, f(1000))
