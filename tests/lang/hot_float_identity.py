# Floats that are unpacked and packed again stay what they are: is, id, keys, membership; NaNs among them.
N = 2600


def run(f):
    print(f.__name__, [f(N) for k in range(2)])


nan = float("nan")
other = float("nan")
huge, tiny, inf = 1e300, 5e-324, float("inf")


def member(n):
    l, t = [1.5, nan], 0
    for i in range(n):
        t += (nan in l) + (other in l) * 1000 + (l[1] in l) + (nan in (1.5, nan))
    return t


def item_is(n):
    l, x, t = [1.5, nan, huge, tiny, inf, -0.0], nan, 0
    for i in range(n):
        t += (x is l[1]) + (l[1] is l[1]) + (other is l[1]) * 1000 + (l[i % 6] is l[i % 6])
        t += (huge is l[2]) + (tiny is l[3]) + (inf is l[4]) + (id(l[1]) == id(x)) + (id(other) == id(x)) * 1000
        t += (x is not l[1]) * 1000 + (x is l[0]) * 1000
    return t


def equal_lists(n):
    x, y, t = nan, other, 0
    for i in range(n):
        t += ([x] == [x]) + ((x,) == (x,)) + ([x] == [y]) * 1000 + ((x, 1) == (y, 1)) * 1000 + ({1: x} == {1: x})
    return t


def found(n):
    l, x, t = [1.5, nan], nan, 0
    for i in range(n):
        t += l.count(x) + l.index(x) + (l == [1.5, x]) + l.count(other) * 1000
        try:
            l.index(other)
        except ValueError:
            t += 1
    return t


def keys(n):
    l, d, s = [nan, 1.0, other], {}, set()
    for i in range(n):
        v = l[i % 3]
        w = v + 1.0 if i < 0 else v
        if v < 1:
            pass
        d[w] = d.get(w, 0) + 1
        d[(w, 1)] = i
        s.add(v)
    return len(d), len(s), d[nan] > 0, nan in d, other in s, float("nan") in d, l[0] in d


def unpacked(n):
    x = y = nan
    t = 0
    for i in range(n):
        t += (x is y) + (x == y) * 1000 + (x != y)
        if i % 100 == 7:
            x, y = [x, x]
        if i == n - 10:
            y = other
    return t


def made(n):
    s, t, last = set(), 0, None
    for i in range(n):
        x = float("nan")
        t += x is last
        last = x
        if i % 100 == 0:
            s.add(x)
    return t, len(s), last in s


def changing(n):
    values = [None, 1, nan, "a", huge, other, True, 1.5]
    l, t = [nan, huge, 1.5, other], 0
    for i in range(n):
        v = values[i // 300 % 8]
        for x in l:
            t += v is x
        t += v is values[i // 300 % 8]
    return t


def signs(n):
    l, t = [0.0, -0.0], 0
    for i in range(n):
        t += (l[0] is l[1]) * 1000 + (l[0] == l[1]) + (-nan is nan) * 1000
    return t


class F(float):
    pass


def below(n):
    x, t = F("nan"), 0
    d = {x: 1}
    for i in range(n):
        t += (x is x) + (x in d) + ([x] == [x]) + (x == x) * 1000
    return t


for f in (member, item_is, equal_lists, found, keys, unpacked, made, changing, signs, below):
    run(f)
