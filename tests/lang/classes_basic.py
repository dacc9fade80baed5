# Classes: attributes, methods, inheritance, repr, isinstance, class attributes, bound methods.
class A:
    """Doc of A."""
    count = 0
    items = []
    def __init__(self, x=1):
        self.x = x
        A.count += 1
    def get(self): return self.x
    def __repr__(self): return "A(%r)" % self.x
class B(A):
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y
    def get(self): return super().get() + self.y
a, b = A(5), B(1, 2)
print(a, b, a.get(), b.get(), A.count, b.count, a.x, b.y, B.__name__, B.__bases__, B.__mro__, A.__doc__, B.__doc__)
print(isinstance(b, A), isinstance(a, B), isinstance(b, (int, A)), issubclass(B, A), issubclass(B, B), issubclass(B, object), type(b) is B, type(A).__name__, b.__class__.__name__)
m = b.get
print(m(), m.__self__ is b, m.__func__ is B.get, m.__name__, A.get(b), m == b.get, B.get(b))
a.count = 100
print(a.count, A.count, a.__dict__, sorted(k for k in vars(b)), hasattr(a, "x"), hasattr(a, "nope"), getattr(a, "x"), getattr(a, "nope", "dflt"))
setattr(a, "dyn", 7)
print(a.dyn, a.__dict__)
delattr(a, "dyn")
A.added = lambda self, k: self.x * k
print(a.added(3), b.added(4))
a.own = lambda: "own"
print(a.own())
A.items.append(1)
b.items.append(2)
print(A.items, B.items is A.items)
for f in (lambda: a.nope, lambda: A.nope, lambda: A(1, 2, 3), lambda: B(), lambda: B(1), lambda: a(), lambda: A.get(), lambda: B.get(a), lambda: A(z=1), lambda: object().x, lambda: isinstance(1, 1), lambda: issubclass(1, int), lambda: object(5)):
    try:
        print(f())
    except (AttributeError, TypeError) as e:
        print(type(e).__name__, e)
try:
    object().x = 1
except AttributeError as e:
    print(e)
class Empty: pass
e = Empty()
e.a, e.b = 1, 2
print(e.__dict__, Empty() == Empty(), e == e, e != Empty(), hash(e) == hash(e), str(e).startswith("<__main__.Empty object at 0x"), str(Empty), Empty.__module__)
class Str:
    def __str__(self): return "str!"
print(str(Str()), "%s" % Str(), repr(Str())[:14], [Str()][0].__str__())
class Nested:
    class Inner:
        v = 5
        def f(self): return Nested.Inner.v
    def make(self): return self.Inner()
print(Nested().make().f(), Nested.Inner.__qualname__, Nested.make.__qualname__)
D = type("D", (A,), {"z": 9, "m": lambda self: self.z})
print(D(1).m(), D(2), D.__name__, type(D), D.__mro__[1] is A)
class Body:
    for i in range(3):
        pass
    total = sum(range(i + 1))
    if total > 2:
        def big(self): return True
    try:
        1 / 0
    except ZeroDivisionError:
        caught = True
print(Body.i, Body.total, Body().big(), Body.caught)
def local():
    class L:
        n = 0
        def __init__(self): L.n += 1
    L(); L()
    return L
print(local().n, local().__qualname__)
class Chain:
    def __init__(self): self.v = []
    def add(self, x):
        self.v.append(x)
        return self
print(Chain().add(1).add(2).v)
class New:
    made = []
    def __new__(cls, *a):
        o = super().__new__(cls)
        cls.made.append(a)
        return o
    def __init__(self, a): self.a = a
class Five:
    def __new__(cls): return 5
class Single:
    it = None
    def __new__(cls):
        if cls.it is None: cls.it = super().__new__(cls)
        return cls.it
print(New(3).a, New.made, Five(), Single() is Single())
b.__class__ = A
print(b.get(), type(b).__name__)
class Badinit:
    def __init__(self): return 5
try:
    Badinit()
except TypeError as e:
    print(e)
class Int(int):
    def __add__(self, o): return Int(int(self) + o + 1)
    def twice(self): return self * 2
n = Int(5)
print(n, n + 1, n.twice(), type(n + 1).__name__, n == 5, n * 2, type(n * 2).__name__, isinstance(n, int), Int("7"), [n], {n: 1}[5])
class L(list):
    def first(self): return self[0]
    def append(self, x): super().append(x * 10)
l = L([1, 2])
l.append(3)
print(l, l.first(), len(l), l + [1], isinstance(l, list), type(l[:]).__name__, sum(l), [*l])
class Dct(dict):
    def __getitem__(self, k): return "got " + super().__getitem__(k)
d = Dct(a="x")
print(d["a"], d, d.get("a"), len(d))
class S(str):
    def shout(self): return self.upper() + "!"
print(S("hi").shout(), S("a") + "b", len(S("abc")), S("x") == "x", type(S("a") + "b").__name__)
class T(tuple):
    def __new__(cls, *a): return super().__new__(cls, a)
    x = property(lambda self: self[0])
print(T(1, 2), T(3).x, T(1) == (1,))
class Fl(float): pass
print(Fl(1.5) + 1, Fl(2.5), isinstance(Fl(1), float), type(Fl(1) * 2).__name__)
try:
    class Bb(bool): pass
except TypeError as e:
    print(e)
try:
    class Two(int, str): pass
except TypeError as e:
    print(e)
try:
    class Mro(object, A): pass
except TypeError as e:
    print(type(e).__name__)
try:
    class NotBase(5): pass
except TypeError as e:
    print(type(e).__name__)
