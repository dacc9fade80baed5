# Objects that a trace could remove: escaping late, identity, equality, aliasing, cells and lists that leak.
class P:
    def __init__(self, x, y): self.x, self.y = x, y
kept = []
def escape(n):
    s = 0
    for i in range(n):
        p = P(i, P(i, 0))
        q = p
        q.y.x += 1
        s += p.y.x + (p is q) - (p.y is q)
        if i % 300 == 0: kept.append(p)
    return s, [k.y.x for k in kept], len({id(k) for k in kept}) == len(kept)
def carried(n):
    p = P(0, 0.0)
    for i in range(n): p = P(p.x + 1, p.y + 0.5)
    return p.x, p.y
def pair(n):
    a, b = P(1, 2), P(3, 4)
    for i in range(n):
        a, b = P(b.x, a.y), a
        if i == n - 7: saved = a
    return a.x, a.y, b.x, b.y, saved is a, saved.x
def cyc(n):
    last = None
    for i in range(n):
        p = P(i, None)
        p.y = p
        if i % 400 == 0: last = p
    return last.y.y is last, last.x
def alias(n):
    a = P(0, 0)
    b = P(0, 0)
    l = [a, b, a]
    for i in range(n):
        l[i % 3].x += 1
        b.y = a.x
        a.y = b.x
        a.x += b.y - b.y
    return a.x, a.y, b.x, b.y
def small_lists(n):
    s = 0
    for i in range(n):
        l = [i, i + 1, i + 2]
        l[1] = l[0] + l[2]
        t = (l[1], [l[0]])
        t[1].append(5)
        s += t[0] + len(t[1]) + l[-1]
        if i == n - 2: leak = t
    return s, leak
def dicts(n):
    s = 0
    for i in range(n):
        d = {"a": i, "b": [i]}
        d["b"].append(d)
        s += d["b"][1]["a"] + len(d)
    return s
def cells(n):
    fs = []
    for i in range(n):
        k = i
        def f(): return k
        def g(k=k): return k
        if i % 500 == 0: fs += [f, g]
    return [f() for f in fs]
def exc(n):
    keep = None
    for i in range(n):
        try: raise ValueError(i)
        except ValueError as e:
            if i == n // 2: keep = e
    return keep.args, keep.__traceback__.tb_lineno > 0
def equal(n):
    c = 0
    for i in range(n):
        a, b = (i, i % 3), (i, 1)
        c += (a == b) + (a is b) * 10 + ([i] == [i]) + ({i: 1} == {i: 1}) + (a < b)
    return c
def floats_identity(n):
    x = 1.5
    l = [x]
    c = 0
    for i in range(n):
        y = x + i
        c += (y == x) + (l[0] is x) + (x is None)
    return c
def bigs(n):
    c = 0
    for i in range(n):
        x = (1 << 65) + i
        c += (x == (1 << 65) + i) + (x is None) + (x != x)
    return c
def frames(n):
    def mid(p):
        def inner(): return p.x + 1
        if p.x == n - 4: 1 // 0
        return inner()
    s = 0
    for i in range(n):
        try: s += mid(P(i, i))
        except ZeroDivisionError: s += 1000000
    return s
def method_objects(n):
    class O:
        def m(self, v): return v + 1
    o = O()
    s = 0
    for i in range(n):
        f = o.m
        s += f(i) + (f == o.m) + (f.__self__ is o)
    return s
def slots_del(n):
    class S: __slots__ = ("a", "b")
    c = 0
    for i in range(n):
        s = S()
        s.a = i
        if i % 3: s.b = 1
        try: c += s.a + s.b
        except AttributeError: c += 7
        del s.a
        c += hasattr(s, "a")
    return c
for f in (escape, carried, pair, cyc, alias, small_lists, dicts, cells, exc, equal, floats_identity, bigs, frames, method_objects, slots_del): print(f.__name__, f(1500))
