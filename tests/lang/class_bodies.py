# Name spaces of classes: private names, __dict__, nested scopes, metaclass keywords, dir, vars, type().
class A:
    __private = 1
    _single = 2
    def get(self): return self.__private
    def set(self, v): self.__private = v
    class __Inner: pass
    def __method(self): return "mangled"
    def call(self): return self.__method()
a = A()
a.set(5)
print(a.get(), a._A__private, A._A__private, a.call(), a._A__method(), hasattr(A, "__private"), hasattr(A, "_A__Inner"), sorted(a.__dict__))
class B(A):
    def mine(self): return hasattr(self, "_B__private")
print(B().mine(), B().get())
class C:
    x = 1
    def f(x=x): return x
    g = lambda: C.x
    del x
    y = [i for i in range(3)]
    z = {k: v for k, v in enumerate("ab")}
print(C.f(), hasattr(C, "x"), C.y, C.z, sorted(n for n in vars(C) if not n.startswith("__")))
class D:
    """Doc."""
    attr: int = 5
    other: str
print(D.__doc__, D.attr, hasattr(D, "other"), D.__module__, D.__qualname__, D.__name__)
D.__name__ = "Renamed"
print(D.__name__, D.__qualname__, type(D()).__name__)
def f():
    class Local:
        def m(self):
            class Inner: pass
            return Inner
    return Local
print(f().__qualname__, f()().m().__qualname__)
class Meta(type):
    def __new__(m, name, bases, ns, **kw):
        c = super().__new__(m, name, bases, ns)
        c.kw = kw
        return c
    def __init__(c, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
        c.inited = name
    def __instancecheck__(c, o): return o == 5
    def __contains__(c, x): return x in c.kw
    def __iter__(c): return iter(sorted(c.kw))
class E(metaclass=Meta, a=1, b=2):
    pass
class F(E, z=3): pass
print(E.kw, E.inited, F.kw, type(F).__name__, isinstance(5, E), isinstance(6, E), "a" in E, list(F))
x = "global"
class G:
    x = "class"
    def m(self): return x
    class H:
        y = x
    print(x)
print(G().m(), G.H.y)
def outer():
    x = "enclosing"
    class I:
        y = x
        x = "own"
        def m(self): return x
    return I
try:
    print(outer().y)
except NameError as e:
    print(type(e).__name__)
def outer2():
    v = "enclosing"
    class I:
        def m(self): return v
        w = v
    return I
print(outer2()().m(), outer2().w)
class J:
    def __init_subclass__(cls): cls.names = sorted(n for n in cls.__dict__ if n[0] != "_")
class K(J):
    b = 1
    def a(self): pass
print(K.names)
T = type("T", (J,), {"q": 1, "__doc__": "made"})
print(T.names, T.__doc__, T.__bases__, T().q)
print(issubclass(K, J), K.__base__, J.__subclasses__(), object.__bases__, type.__mro__)
class L:
    def __class_getitem__(cls, k): return k
    def __init__(self, *a, **k): self.a = a, k
print(L[1, 2], L(1, k=2).a)
for bad in (lambda: type("X"), lambda: type("X", (5,), {}), lambda: type(1, (), {}), lambda: object.__new__(5), lambda: object.__new__(int), lambda: K(1)):
    try:
        bad()
    except TypeError as e:
        print(type(e).__name__)
i = 10
class Loop:
    total = 0
    for i in range(3): total += i
print(Loop.total, Loop.i, i)
