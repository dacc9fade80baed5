# super in diamonds, cooperative init, zero-argument and explicit super, classmethods.
log = []
class Base:
    def __init__(self, **kw):
        log.append("Base")
        assert not kw
    def who(self): return ["Base"]
class L(Base):
    def __init__(self, l=0, **kw):
        log.append("L")
        self.l = l
        super().__init__(**kw)
    def who(self): return ["L"] + super().who()
class R(Base):
    def __init__(self, r=0, **kw):
        log.append("R")
        self.r = r
        super().__init__(**kw)
    def who(self): return ["R"] + super().who()
class D(L, R):
    def __init__(self, **kw):
        log.append("D")
        super().__init__(**kw)
    def who(self): return ["D"] + super().who()
d = D(l=1, r=2)
print(log, d.l, d.r, d.who(), [c.__name__ for c in D.__mro__], L().who())
print(super(L, d).who(), super(D, d).who(), super(D, D).who(d), D.mro() == list(D.__mro__))
class E(D):
    def who(self):
        f = super().who
        return ["E"] + f() + [x for x in [super(E, self).l if False else self.l]]
    @classmethod
    def make(cls, n): return cls(l=n)
    @staticmethod
    def st(x): return x + 1
print(E().who(), E.make(4).l, type(E.make(1)).__name__, E.st(1), E().st(2))
class F(E):
    @classmethod
    def make(cls, n): return super().make(n * 10)
    @staticmethod
    def st(x): return E.st(x) * 100
    @property
    def p(self): return super().who()
print(F.make(2).l, type(F.make(2)).__name__, F.st(1), F().p == E().who())
class P:
    x = "P.x"
    @property
    def v(self): return "P.v"
class Q(P):
    x = "Q.x"
    @property
    def v(self): return "Q+" + super().v
    def get(self): return super().x, self.x
print(Q().v, Q().get())
for f in (lambda: super(Q, Q()).nope, lambda: super()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
class M1: pass
class M2(M1): pass
try:
    class M3(M1, M2): pass
except TypeError as e:
    print("TypeError")
class Sub:
    subs = []
    def __init_subclass__(cls, tag=None, **kw):
        super().__init_subclass__(**kw)
        Sub.subs.append((cls.__name__, tag))
class S1(Sub): pass
class S2(S1, tag="t"): pass
print(Sub.subs)
class Desc:
    def __set_name__(self, owner, name): self.where = owner.__name__ + "." + name
    def __get__(self, o, t): return self.where
class Own:
    attr = Desc()
print(Own.attr, Own().attr)
class X:
    def f(self): return "X"
class Y(X):
    def f(self): return "Y" + super().f()
class Z(Y):
    pass
class W(Z):
    def f(self):
        def inner():
            return super(W, self).f()
        return "W" + inner() + "".join(super(W, self).f() for _ in range(2))
print(W().f())
for f in (lambda: super(Base, 5), lambda: super(5, Base)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__)
