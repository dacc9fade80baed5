# Tuples.
t = (1, "a", 2.5)
print(t, len(t), t[0], t[-1], t[1:], t[::-1], t + (4,), t * 2, 1 in t, t.index("a"), t.count(1), (), (1,), tuple("ab"), tuple([1, 2]), tuple())
a, b, c = t
print(a, b, c, hash((1, 2)) == hash((1, 2)), {(1, 2): "x"}[1, 2], (1, 2) == (1, 2), (1, 2) < (1, 3), (1,) < (1, 0), () < (0,), (1, 2) == [1, 2])
x, y = 1, 2
x, y = y, x
print(x, y)
for f in (lambda: t[5], lambda: t + [1], lambda: t.index(9), lambda: hash(([],)), lambda: (1,)["a"], lambda: t.append, lambda: (1, "a") < (1, 2)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    t[0] = 1
except TypeError as e:
    print(e)
try:
    del t[0]
except TypeError as e:
    print(e)
m = ([1],)
try:
    m[0] += [2]
except TypeError as e:
    print(e, m)
n = (1, (2, (3,)))
(p, (q, (r,))) = n
print(p, q, r, n, repr((1, "a", None)), str(((),)), sorted([(2, 1), (1, 2)]), max((1, 5), (1, 4)), sum((1, 2)), (*range(3), 9), (1, *[2, 3]))
def f():
    return 1, 2
print(f(), type(f()).__name__, bool(()), bool((0,)), (1, 2, 3)[True], tuple(x * x for x in range(4)), (lambda *a: a)(1, 2), t is tuple(t), t[:] is t)
t += (9,)
print(t, [i for i in t], list(enumerate(t)), isinstance(t, tuple), (1, 2).__class__)
