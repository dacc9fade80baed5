# List, set, dict comprehensions and generator expressions.
print([x * 2 for x in range(5)], [x for x in range(10) if x % 2 if x > 3], [(x, y) for x in range(3) for y in range(x)], [x for x in "abc" for _ in range(2)])
print({x % 3 for x in range(10)} == {0, 1, 2}, {x: x * x for x in range(4)}, {k: v for k, v in zip("ab", (1, 2))}, dict((x, str(x)) for x in range(2)))
g = (x * x for x in range(5))
print(type(g).__name__, next(g), list(g), list(g), sum(x for x in range(10)), tuple(x for x in "ab"), max((abs(x) for x in (-3, 2)), default=0))
print([[j for j in range(i)] for i in range(4)], [[row[i] for row in [[1, 2], [3, 4]]] for i in range(2)], [a for a, *b in [(1, 2, 3)]], [b for a, *b in [(1, 2, 3)]])
x = "kept"
[x for x in range(3)]
print(x, [x for x in [x]], [x for x in x])
def f(n):
    k = 10
    a = [k + i for i in range(n)]
    b = [lambda: i + k for i in range(n)]
    k = 20
    c = (k + i for i in range(n))
    k = 30
    return a, [h() for h in b], list(c)
print(f(3))
def lazy():
    log = []
    def src():
        for i in range(3):
            log.append("make%d" % i)
            yield i
    gen = (log.append("use%d" % v) or v for v in src())
    log.append("start")
    next(gen); next(gen)
    return log
print(lazy())
try:
    [1 / v for v in (1, 0)]
except ZeroDivisionError:
    print("zero")
try:
    (v for v in 5)
except TypeError as e:
    print(e)
try:
    list(undefined_name for v in [1])
except NameError as e:
    print(e)
print(any(x > 3 for x in range(5)), all(x < 3 for x in range(5)), sorted(x % 5 for x in range(10)), ",".join(str(x) for x in range(3)), [*(x for x in range(2))], sum([len(s) for s in ("a", "bb")]))
class C:
    n = 3
    items = [i for i in range(n)]
    def get(self): return [self.n * i for i in range(2)]
print(C.items, C().get(), [i if i else None for i in range(2)], [(i, j) for i in range(3) if i for j in range(3) if j != i], {(i, j): i * j for i in range(2) for j in range(2)}, [y for x in [1, 2] for y in [x * 10]], [not x for x in (0, 1)])
print([total := 0] and [total := total + v for v in range(5)], total, {len(w): w for w in ("a", "bb", "c")}, {i: {j for j in range(i)} for i in range(3)})
nested = [[[i + j + k for k in range(2)] for j in range(2)] for i in range(2)]
print(nested, [c for b in nested for a in b for c in a])
