# Bases: resolution orders, layouts that exclude each other, __bases__ set anew, __mro_entries__.

def t(label, f, *a):
    try: print(label, "->", f(*a))
    except BaseException as e: print(label, "!!", type(e).__name__, e)

# bases
class A: pass
class B: pass
class C(A): pass
class D(C): pass
class S: __slots__ = ('x',)
class S2: __slots__ = ('x',)
class SA(S): __slots__ = ()
class SD(S): pass
class E(Exception): pass
class DD(dict): pass
class L(list): pass
class O: __slots__ = ()
allc = (A,B,C,D,S,S2,SA,SD,E,DD,L,O,object,int,dict,Exception,OSError,bool)
for b in allc:
    for c in allc:
        def f():
            X = type('X', (b,), {})
            X.__bases__ = (c,)
            return [k.__name__ for k in X.__mro__], X.__base__.__name__
        t((b.__name__, c.__name__), f)
for v in ((), 5, [A], (5,), (A, A), (C, A), (A, C), ('x',), (type,), None):
    def f():
        X = type('X', (A,), {})
        X.__bases__ = v
        return X.__bases__
    t(('v', v), f)
def f(): A.__bases__ = (D,)
t('cycle', f)
def f(): A.__bases__ = (A,)
t('cycle2', f)
def f(): del A.__bases__
t('del', f)
def f(): int.__bases__ = (object,)
t('int', f)
def f(): A.__base__ = B
t('base', f)
def f(): A.__mro__ = ()
t('mro', f)
for bs in ((int, str), (A, int), (int, A), (S, S2), (S, SA), (SA, S), (SD, A), (A, SD), (dict, list), (E, dict), (OSError, ValueError), (OSError, KeyError), (OSError, StopIteration), (KeyError, IndexError), (SyntaxError, ImportError), (AttributeError, NameError), (UnicodeDecodeError, ValueError), (S, dict), (O, dict), (dict, O), (O, S), (bool, int), (type, A), (A, type), (type(None),), (type(f),), (DD, dict), (dict, DD), (DD, L), (object, A), (A, object), (A, A), (5,), ('x', A), (range,), (type(...),), (slice,), (E, ValueError), (ValueError, E), (int, float), (SystemExit, KeyboardInterrupt)):
    def f():
        X = type('X', bs, {})
        return [k.__name__ for k in X.__mro__], X.__base__.__name__
    t(('mk', bs), f)
def mk(*bs): return type('X', bs, {})
X = mk(); Y = mk(); XY = mk(X, Y); YX = mk(Y, X)
t('c3', lambda: mk(XY, YX))
try:
    class Z(XY, YX): pass
except TypeError as e: print(e)
class F2: pass
class G(F2): pass
try:
    class H(F2, G): pass
except TypeError as e: print(e)
# mro()
class M(type):
    def mro(c):
        r = type.mro(c)
        return [r[0], *r[2:], r[1]] if len(r) > 3 else r
try:
    class P(metaclass=M): a = 1
    class Q(P): a = 2
    class R(Q): pass
    print(R.__mro__, R.a)
except BaseException as e: print(type(e), e)
class M(type):
    def mro(c): return [1]
try:
    class P(metaclass=M): pass
    print('?')
except BaseException as e: print(type(e), e)
class M(type):
    def mro(c): return [c, object]
class P(metaclass=M): z = 1
class Q(P): pass
print(Q.__mro__, hasattr(Q, 'z'), issubclass(Q, P), Q.mro())
class Base:
    def hi(s): return 'Base'
class Mix:
    def hi(s): return 'Mix ' + super().hi()
class K(Mix, Base): pass
print(K().hi())
class Base2:
    def hi(s): return 'Base2'
K.__bases__ = (Mix, Base2)
print(K().hi(), Base.__subclasses__(), Base2.__subclasses__() == [K])
def hot(n):
    r = 0; k = K()
    for i in range(n):
        r += len(k.hi())
        if i % 500 == 499: K.__bases__ = (Mix, Base) if K.__bases__[1] is Base2 else (Mix, Base2)
    return r
t('hot', hot, 3000)
class Ent:
    def __init__(s, *b): s.b = b
    def __mro_entries__(s, bases): return s.b
t('me', lambda: type('X', (Ent(A),), {}))
class W(Ent(A, B)): pass
print(W.__bases__, W.__orig_bases__[0].__class__.__name__)
class W(Ent(), A): pass
print(W.__bases__)
class Bad:
    def __mro_entries__(s, bases): return [A]
try:
    class W(Bad()): pass
except TypeError as e: print(e)
try:
    class W(A, metaclass=5): pass
except TypeError as e: print(e)
def metaf(n, b, d, **k): return (n, b, sorted(d), k)
class W(A, metaclass=metaf, q=1): x = 1
print(W)
class MA(type): pass
class MB(type): pass
class CA(metaclass=MA): pass
class CB(metaclass=MB): pass
try:
    class W(CA, CB): pass
except TypeError as e: print(e)
class MAB(MA, MB): pass
class W(CA, CB, metaclass=MAB): pass
print(type(W))
class W(CA, metaclass=type): pass
print(type(W))
