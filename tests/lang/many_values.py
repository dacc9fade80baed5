# More values at once than lie on the stack: arguments, items, iterators. Each must outlive what is made after it.


def rest(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, *args, **kw):
    return args, kw, q


def generator(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, *args):
    yield args
    yield q


class Holder:
    def __init__(self, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, *args, **kw):
        self.args = args
        self.kw = kw

    def __call__(self, *args):
        return args

    def method(self, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, *, last, **kw):
        return [last], kw


def variable(*args, **kw):
    return args


BIG = [1e300 + i * 1e290 for i in range(20)]
FLOATS = BIG[:14]


def spread_floats():
    t = variable(*FLOATS)
    u = variable(*BIG)
    return list(t) == FLOATS and list(u) == BIG


def zipped(n):
    lists = [[k, 1e300 * k] for k in range(n)]
    out = []
    for row in zip(lists[0], lists[1], lists[2], lists[3], lists[4], lists[5], lists[6], lists[7],
                   lists[8], lists[9], lists[10], lists[11], lists[12], lists[13], lists[14],
                   lists[15], lists[16], lists[17]):
        out.append(row)
    return out


class Forgets:
    def __init__(self, items, n):
        self.items = items
        self.pad = [n, n + 1]

    def __repr__(self):
        self.items.clear()
        junk = [[i, i] for i in range(40)]
        return "F%r" % (self.pad,)

    def __format__(self, spec):
        self.items.clear()
        junk = [[i, i] for i in range(40)]
        return "%s%r" % (spec, self.pad)


def forgotten(n):
    items = []
    items.extend(Forgets(items, k) for k in range(n))
    return "/".join(["{!r:.6}"] * n).format(*items)


def hot(n):
    bad = 0
    for k in range(n):
        t, kw, q = rest(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, [k, 17], k, [k], x=k, y=[k])
        if t != (k, [k]) or kw != {"x": k, "y": [k]} or q != [k, 17]:
            bad += 1
        g = generator(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, [k, 17], k, [k])
        if next(g) != (k, [k]) or next(g) != [k, 17]:
            bad += 1
        o = Holder(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, k, [k], z=k, y=[k])
        if o.args != (k, [k]) or o.kw != {"z": k, "y": [k]}:
            bad += 1
        if o(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, [k], 1e300 * k)[-2:] != ([k], 1e300 * k):
            bad += 1
        m = o.method(*[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], last=(k,), more=[k])
        if m != ([(k,)], {"more": [k]}):
            bad += 1
        if not spread_floats():
            bad += 1
    return bad


def displays(k):
    t = ([k], [k], [k], [k], [k], [k], [k], [k], [k], [k], [k], [k], [k], [k], [k], [k], [k], [k])
    d = {1: [k], 2: [k], 3: [k], 4: [k], 5: [k], 6: [k], 7: [k], 8: [k], 9: [k], "last": [k]}
    s = f"{k}{k + 1}{k + 2}{k + 3}{k + 4}{k + 5}{k + 6}{k + 7}{k + 8}{k + 9}{k}{k}{k}{k}{k}{k}{k}{k}"
    return t[0], t[-1], d["last"], s


print(hot(12))
print(zipped(18)[1] == tuple(1e300 * k for k in range(18)), len(zipped(18)))
for n in range(3):
    print(forgotten(18))
for k in range(6):
    r = displays(k)
print(r)
try:
    rest(*range(16))
except TypeError as e:
    print(e)
try:
    rest(*range(17), a=1)
except TypeError as e:
    print(e)
