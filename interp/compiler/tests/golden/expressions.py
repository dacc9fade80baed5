def values(a, b, c):
    d = a + b * -c
    e = a and b or not c
    f = a if b < c <= 10 else c
    g = a.x[b:c, 1] ** 2
    a, b = b, a
    h = a + (a := b)
    return d, e, f, g, h

def calls(f, *args, **kw):
    f(1, 2)
    f.m(1, x=2)
    f(*args, 3, **kw, y=1)
    return f"{f!r:>{args[0]}}{kw=}"

folded = 1 << 70, -2 ** 3, "a" * 3 + "b", 1 - 2j, not 0
contained = folded in {1, 2} or folded not in [3, 4]
