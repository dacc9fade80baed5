# Unpacking, star arguments, slices, tuples and swaps in hot loops; errors among them.
def pairs(n):
    l = [(i, i * 2) for i in range(50)]
    s = 0
    for k in range(n // 50):
        for a, b in l: s += a * b
        for i, (a, b) in enumerate(l): s -= i + a
        for (a, b), c in zip(l, range(50)): s += c
    return s
def stars(n):
    s = 0
    for i in range(n):
        a, *b = i, i + 1, i + 2
        *c, d = [i, 2, 3]
        e, *f, g = "hello" if i % 2 else (1, 2)
        s += a + len(b) + b[-1] + len(c) + d + len(f)
        h = [*b, *c, a]
        s += len(h) + sum((*b, 1))
    return s
def errors(n):
    data = [(1, 2), [3, 4], (5,), "ab", (1, 2, 3), 7, {1: 1, 2: 2}, None]
    c = [0, 0, 0]
    for i in range(n):
        try:
            a, b = data[i % 8]
            c[0] += 1
        except ValueError: c[1] += 1
        except TypeError: c[2] += 1
    return c
def swaps(n):
    a, b, c, d = 1, 2.5, "x", None
    for i in range(n):
        a, b = b, a
        if i % 3 == 0: b, c, d = c, d, b
    return a, b, c, d
def returns(n):
    def f(x): return x, -x, (x, [x])
    s = 0
    for i in range(n):
        a, b, (c, [d]) = f(i)
        s += a + b + c + d
        s += f(i)[0] + f(i)[2][1][0]
    return s
def call_stars(n):
    def f(*a, **k): return len(a) + len(k)
    def g(a, b, c=3): return a + b * c
    t, d = (1, 2), {"c": 5}
    s = 0
    for i in range(n):
        s += f(*t, i, *[1] * (i % 3), **d) + g(*t) + g(*t, **d) + g(i, *t)
        s += max(*t, i) + min(i, *t)
    return s
def slices(n):
    l, t, u = list(range(30)), tuple(range(30)), "abcdefghij" * 3
    s = 0
    for i in range(n):
        a, b = i % 10, 20 + i % 10
        s += len(l[a:b]) + t[a:b:2][1] + len(u[a:]) + l[-a - 1] + (u[a:b] < u[b:]) + len(l[::-1][:a])
    return s
def iterators(n):
    s = 0
    for i in range(n // 10):
        a, b, c = map(int, "123")
        d, e = (x * x for x in (i, 2))
        f, g = {i: 1, -1: 2}
        s += a + b + c + d + e + f + g
    return s
def fib_pair(n):
    a, b = 0, 1
    for _ in range(n): a, b = b, a + b
    return a % 10**9, len(str(a))
for f in (pairs, stars, errors, swaps, returns, call_stars, slices, iterators, fib_pair): print(f.__name__, f(2000))
