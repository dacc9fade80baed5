# __getattr__, __getattribute__, __setattr__, __delattr__, descriptors, properties, __slots__.
log = []
class G:
    def __init__(self): self.real = 1
    def __getattr__(self, name):
        log.append("getattr " + name)
        if name == "missing": raise AttributeError("no " + name)
        return name * 2
g = G()
print(g.real, g.foo, hasattr(g, "missing"), getattr(g, "missing", 0), hasattr(g, "bar"), log)
class S:
    def __setattr__(self, n, v):
        log.append("set " + n)
        object.__setattr__(self, n, v * 2)
    def __delattr__(self, n):
        log.append("del " + n)
        super().__delattr__(n)
log.clear()
s = S()
s.a = 5; s.a += 1
print(s.a, log)
del s.a
print(hasattr(s, "a"), log)
class GA:
    x = 1
    def __getattribute__(self, n):
        if n == "x": return "intercepted"
        return object.__getattribute__(self, n)
print(GA().x, GA.x, GA().__class__.__name__)
class Data:
    def __init__(self, n): self.n = n
    def __get__(self, o, t=None):
        if o is None: return self
        return "get %s" % o.__dict__.get(self.n)
    def __set__(self, o, v): o.__dict__[self.n] = v
    def __delete__(self, o): o.__dict__.pop(self.n)
class NonData:
    def __get__(self, o, t=None): return ("nondata", o is None, t.__name__)
class H:
    d = Data("d")
    nd = NonData()
h = H()
h.d = 3
print(h.d, h.__dict__, type(H.d).__name__, h.nd, H.nd)
h.nd = "own"
h.__dict__["d"] = 9
print(h.nd, h.d)
del h.d
print(h.d)
class P:
    def __init__(self): self._v = 0
    @property
    def v(self):
        "doc of v"
        return self._v
    @v.setter
    def v(self, x):
        if x < 0: raise ValueError("negative")
        self._v = x
    @v.deleter
    def v(self): self._v = None
    @property
    def ro(self): return "ro"
    w = property(lambda self: self._v * 2)
p = P()
p.v = 5; p.v += 1
print(p.v, p.w, p.ro, P.v.__doc__, type(P.v).__name__)
for f in (lambda: setattr(p, "v", -1), lambda: setattr(p, "ro", 1), lambda: delattr(p, "ro"), lambda: delattr(p, "w"), lambda: setattr(p, "w", 1)):
    try:
        f()
    except (ValueError, AttributeError) as e:
        print(type(e).__name__, e)
del p.v
print(p.v)
class Sub(P):
    @property
    def v(self): return "sub"
    @P.v.setter
    def other(self, x): self._v = x * 100
q = Sub()
print(q.v)
q.other = 2
print(q.other, q._v)
class Sl:
    __slots__ = ("a", "b")
    def __init__(self): self.a = 1
s = Sl()
s.b = 2
print(s.a, s.b, hasattr(s, "__dict__"), type(Sl.a).__name__, Sl.__slots__)
for f in (lambda: setattr(s, "c", 1), lambda: s.c, lambda: delattr(s, "c")):
    try:
        f()
    except AttributeError as e:
        print(e)
del s.a
try:
    s.a
except AttributeError as e:
    print(e)
class Sl2(Sl):
    __slots__ = ("c",)
t = Sl2()
t.c = 3; t.a = 4
print(t.a, t.c, hasattr(t, "__dict__"))
class Sl3(Sl): pass
u = Sl3()
u.z = 1
print(u.__dict__, u.a)
class Sl4:
    __slots__ = ("x", "__dict__")
v = Sl4(); v.x = 1; v.y = 2
print(v.x, v.__dict__)
try:
    class Sl5:
        __slots__ = ("q",)
        q = 1
except ValueError as e:
    print(e)
class Single:
    __slots__ = "one"
w = Single(); w.one = 1
print(w.one)
class Prop:
    @property
    def bad(self): return self.nope
    def __getattr__(self, n): return "fallback " + n
print(Prop().bad)
class Cls:
    @classmethod
    def c(cls): return cls
    @staticmethod
    def s(): return "s"
print(Cls.c() is Cls, Cls().c() is Cls, Cls.s(), Cls().s(), type(Cls.__dict__["s"]).__name__, type(Cls.__dict__["c"]).__name__)
class Lazy:
    def __init__(self, f): self.f = f
    def __set_name__(self, o, n): self.name = n
    def __get__(self, o, t):
        if o is None: return self
        v = o.__dict__[self.name] = self.f(o)
        return v
class UsesLazy:
    @Lazy
    def val(self):
        log.append("computed")
        return 42
log.clear()
x = UsesLazy()
print(x.val, x.val, log)
class Many: pass
o = Many()
for i in range(50):
    setattr(o, "attr%d" % i, i)
for i in range(0, 50, 3):
    delattr(o, "attr%d" % i)
print(sum(vars(o).values()), len(vars(o)), o.attr49, list(vars(o))[:4])
o.__dict__["injected"] = 5
print(o.injected)
o.__dict__ = {"fresh": 1}
print(o.fresh, hasattr(o, "attr49"), vars(o))
class Meta(type):
    def __call__(cls, *a):
        log.append("meta call")
        return super().__call__(*a)
    @property
    def mp(cls): return "meta prop " + cls.__name__
    def mm(cls): return cls.__name__
    def __getitem__(cls, k): return k
    def __len__(cls): return 3
class WithMeta(metaclass=Meta):
    def __init__(self, a): self.a = a
log.clear()
print(WithMeta(3).a, log, WithMeta.mp, WithMeta.mm(), WithMeta[5], len(WithMeta), type(WithMeta).__name__, hasattr(WithMeta(1), "mp"))
class CG:
    def __class_getitem__(cls, k): return (cls.__name__, k)
print(CG[int])
