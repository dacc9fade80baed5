# Operator methods: reflection, NotImplemented, subclasses first, comparisons, conversions, containers.
class N:
    def __init__(self, v): self.v = v
    def __repr__(self): return "N(%s)" % self.v
def binary(name, sym):
    def f(self, o):
        if isinstance(o, str): return NotImplemented
        return "%s%s%s" % (self, sym, o)
    def r(self, o): return "r(%s%s%s)" % (o, sym, self)
    setattr(N, "__%s__" % name, f)
    setattr(N, "__r%s__" % name, r)
for name, sym in (("add", "+"), ("sub", "-"), ("mul", "*"), ("truediv", "/"), ("floordiv", "//"), ("mod", "%"), ("pow", "**"), ("lshift", "<<"), ("rshift", ">>"), ("and", "&"), ("or", "|"), ("xor", "^"), ("matmul", "@"), ("divmod", "dm")):
    binary(name, sym)
n = N(1)
print(n + 2, 2 + n, n - n, 3 - n, n * 2, 2 * n, n / 2, 2 / n, n // 2, 2 // n, n % 2, 2 % n, n ** 2, 2 ** n, n << 1, 1 << n, n >> 1, 1 >> n, n & 1, 1 & n, n | 1, 1 | n, n ^ 1, 1 ^ n, n @ 1, 1 @ n, divmod(n, 2), divmod(2, n), 1.5 + n, [1] + n, None + n)
for f in (lambda: n + "a", lambda: "a" + n, lambda: n - "a", lambda: "a" * n, lambda: 1 + "a", lambda: "a" + 1, lambda: [] + 1, lambda: 1 + [], lambda: {} - {}, lambda: -"a", lambda: ~1.5, lambda: +[], lambda: 1 @ 2, lambda: "a" - "b", lambda: 2 ** "a", lambda: divmod("a", 1), lambda: 1 << 1.0, lambda: 1.0 | 1, lambda: [1] * [2], lambda: object() + 1, lambda: () + [], lambda: abs("a"), lambda: None < 1, lambda: "a" % 1 if 0 else 5 % "a", lambda: pow("a", 2), lambda: pow(2, 3, "a")):
    try:
        print(f())
    except TypeError as e:
        print(e)
class P:
    def __add__(self, o): return "P.add"
    def __radd__(self, o): return "P.radd"
    def __eq__(self, o): return "P.eq"
    def __lt__(self, o): return "P.lt"
    def __gt__(self, o): return "P.gt"
    __hash__ = None
class Q(P):
    def __radd__(self, o): return "Q.radd"
    def __eq__(self, o): return "Q.eq"
    def __gt__(self, o): return "Q.gt"
class Q2(P): pass
print(P() + Q(), Q() + P(), P() + P(), P() + Q2(), P() == Q(), P() < Q(), Q() < P(), P() > Q(), P() != Q(), 1 + P(), 1 == P(), 5 < P())
class C:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n if isinstance(o, C) else NotImplemented
    def __lt__(self, o): return self.n < o.n
    def __le__(self, o): return self.n <= o.n
    def __hash__(self): return hash(self.n)
a, b = C(1), C(2)
print(a == C(1), a != b, a < b, b > a, a <= b, b >= a, a == 5, a != 5, 5 == a, {a: "x"}[C(1)], a in [b, C(1)], sorted([b, a])[0].n, max(a, b).n)
class U:
    def __neg__(self): return "neg"
    def __pos__(self): return "pos"
    def __invert__(self): return "inv"
    def __abs__(self): return "abs"
    def __int__(self): return 7
    def __float__(self): return 2.5
    def __complex__(self): return 3j
    def __index__(self): return 3
    def __round__(self, n=None): return ("round", n)
    def __trunc__(self): return "trunc"
    def __len__(self): return 4
    def __bytes__(self): return b"by"
    def __call__(self, *a, **k): return a, k
    def __contains__(self, x): return x == 5
    def __reversed__(self): return iter("rev")
    def __hash__(self): return 99
    def __dir__(self): return ["b", "a"]
u = U()
print(-u, +u, ~u, abs(u), int(u), float(u), complex(u), round(u), round(u, 2), len(u), bytes(u), u(1, k=2), 5 in u, 6 in u, list(reversed(u)), hash(u), dir(u), [10, 11, 12, 13][u], hex(u), bool(u), range(u), "x" * u)
class Cont:
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __len__(self): return len(self.d)
    def __iter__(self): return iter(self.d)
c = Cont()
c[1] = "a"; c["x", 2] = "b"
c[1] += "c"
print(c[1], c["x", 2], len(c), list(c), 1 in c, 9 in c)
del c[1]
try:
    c[1]
except KeyError as e:
    print("KeyError", e)
class Bad:
    def __len__(self): return "x"
    def __int__(self): return "x"
    def __str__(self): return 5
    def __repr__(self): return None
    def __index__(self): return 1.5
    def __float__(self): return 1
    def __iter__(self): return 5
    def __contains__(self, x): raise KeyError("c")
for f in (len, int, str, repr, hex, float, iter, lambda x: 1 in x, bool, list, range):
    try:
        print(f(Bad()))
    except Exception as e:
        print(type(e).__name__, e)
for f in (lambda: len(object()), lambda: object()[0], lambda: iter(object()), lambda: 1 in object(), lambda: object()(), lambda: int(object()), lambda: float(object()), lambda: reversed(object()), lambda: next(object()), lambda: round(object()), lambda: abs(object()), lambda: -object(), lambda: object() < object(), lambda: hex(object()), lambda: [1][object()], lambda: range(object()), lambda: bytes(object()), lambda: sum(object()), lambda: complex(object())):
    try:
        print(f())
    except TypeError as e:
        print(e)
class Inst: pass
i = Inst()
i.__len__ = lambda: 5
try:
    len(i)
except TypeError as e:
    print(e)
class Pow:
    def __pow__(self, e, m=None): return (e, m)
    def __rpow__(self, b): return ("r", b)
print(pow(Pow(), 2), pow(Pow(), 2, 5), Pow() ** 3, 2 ** Pow())
