# User classes with __hash__ and __eq__ as keys; collisions; identity first.
class K:
    def __init__(self, n, h):
        self.n = n
        self.h = h
    def __hash__(self):
        return self.h
    def __eq__(self, o):
        log.append((self.n, getattr(o, "n", o)))
        return isinstance(o, K) and self.n == o.n
    def __repr__(self):
        return "K%d" % self.n
log = []
a, b, c = K(1, 5), K(2, 5), K(1, 5)
d = {a: "a"}
print(a in d, log)
d[b] = "b"
print(len(d), d[c], c in d, K(3, 5) in d, K(1, 6) in d, d)
d[c] = "c"
print(d, d[a], list(d)[0] is a)
del d[c]
print(d, sorted({a, b, c}, key=repr), [a, b].index(c), [b, c].count(a))
class NoHash:
    def __eq__(self, o):
        return True
try:
    hash(NoHash())
except TypeError as e:
    print(e)
class BadHash:
    def __hash__(self):
        return "x"
try:
    hash(BadHash())
except TypeError as e:
    print(e)
class BigHash:
    def __hash__(self):
        return 2**70
print(hash(BigHash()) == hash(2**70), len({BigHash(): 1}))
class Raises:
    def __hash__(self):
        return 5
    def __eq__(self, o):
        raise ValueError("eq")
try:
    print({Raises(): 1}[5])
except ValueError as e:
    print(e)
class Plain:
    pass
p, q = Plain(), Plain()
d = {p: 1, q: 2}
print(d[p], d[q], Plain() in d, hash(p) == hash(p), p == p, p != q)
class S(str):
    def __hash__(self):
        return hash("other")
class I(int):
    pass
d = {"x": 1, 7: 2}
print(S("x") in d, d[I(7)], I(7) in {7}, {I(3): "i"}[3], {True: 1}[1])
d = {}
for n in range(100):
    d[K(n, n % 3)] = n
print(len(d), d[K(50, 2)], sum(d.values()), K(51, 1) in d)
