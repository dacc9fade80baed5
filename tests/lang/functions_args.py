# Every kind of parameter and argument, and the errors.
def plain(a, b): return a, b
def default(a, b=2, *, c=3, d): return a, b, c, d
def star(*args, **kw): return args, kw
def posonly(a, b=5, /, c=6, *, d=7): return a, b, c, d
def mixed(a, /, b, *args, c=1, **kw): return a, b, args, c, kw
def kwonly(*, k): return k
print(plain(1, 2), plain(b=1, a=2), plain(*[1, 2]), plain(*[1], **{"b": 2}), plain(1, *(2,)))
print(default(1, d=4), default(1, 5, d=4, c=6), default(d=1, a=2), default(*"a", **{"d": 0}))
print(star(), star(1, 2), star(x=1), star(*[1, 2], 3, *(4,), y=1, **{"z": 2}, **{"w": 3}))
print(posonly(1), posonly(1, 2, 3, d=4), posonly(1, c=2))
print(mixed(1, 2), mixed(1, 2, 3, 4, c=5, d=6), mixed(1, b=2, a=3), kwonly(k=1))
calls = [
    lambda: plain(), lambda: plain(1), lambda: plain(1, 2, 3), lambda: plain(1, c=2), lambda: plain(1, 2, b=3), lambda: plain(1, a=1),
    lambda: default(1), lambda: default(1, 2, 3), lambda: default(1, 2, 3, d=1), lambda: default(), lambda: posonly(a=1), lambda: posonly(1, b=2), lambda: posonly(),
    lambda: kwonly(), lambda: kwonly(1), lambda: kwonly(j=1), lambda: plain(**{1: 2}), lambda: star(**{"a": 1}, a=2),
    lambda: plain(1, **{"a": 1}), lambda: (lambda x: x)(), lambda: (lambda: 0)(1), lambda: mixed(), lambda: mixed(1), lambda: (lambda a, b, c: 0)(), lambda: (lambda *, a, b: 0)(), lambda: 5(1) if False else (5).real(),
    lambda: len(), lambda: len(1, 2), lambda: len(5), lambda: [].append(), lambda: [].append(1, 2), lambda: "x".join(), lambda: abs(x=1), lambda: print(foo=1),
]
for f in calls:
    try:
        print(f())
    except TypeError as e:
        print(e)
def mutable(x, acc=[]):
    acc.append(x)
    return acc
mutable(1); mutable(2)
print(mutable(3), mutable.__defaults__, default.__kwdefaults__, plain.__name__, plain.__qualname__)
n = 10
def late(a=n): return a
n = 20
print(late(), (lambda a, b=n: a + b)(1), (lambda *a, **k: (a, k))(1, z=2))
order = []
def o(x):
    order.append(x)
    return x
star(o(1), *[o(2)], o(3), k=o(4), **{"m": o(5)})
print(order)
def outer(a):
    """Doc string."""
    def inner(b, c=a):
        return a, b, c
    return inner
print(outer(1)(2), outer.__doc__, outer(1).__qualname__, plain.__doc__, (lambda: 0).__name__)
def annotated(a: int, b: "text" = 1, *c: str) -> bool:
    x: int = a
    return x
print(annotated(4), annotated(5, 6, 7))
def ret(): pass
def ret2(): return
print(ret(), ret2(), callable(ret), callable(5), type(ret).__name__)
plain.attr = 5
print(plain.attr, hasattr(plain, "attr"), plain.__dict__)
plain.__defaults__ = (9,)
print(plain(1))
def rec(n): return 1 if n < 2 else n * rec(n - 1)
print(rec(25), list(map(rec, range(5))), (lambda f, n: f(f, n))(lambda f, n: 1 if n == 0 else n * f(f, n - 1), 5))
args = [3, 1, 2]
print(max(*args), max(*args, 9), sorted([*args, *args]), "{} {}".format(*"ab"), dict(**{"a": 1}, b=2), print(*args, sep="-", end="!\n"))
def many(a, b, c, d, e, f, g, h, i, j, k, l): return a + b + c + d + e + f + g + h + i + j + k + l
print(many(*range(12)), many(1, 2, 3, 4, 5, 6, g=7, h=8, i=9, j=10, k=11, l=12))
for f in (lambda: plain(*5), lambda: plain(**5)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__)
