# isinstance and issubclass, and which __class__ may take another's place.

def t(label, f, *a):
    try: print(label, "->", f(*a))
    except BaseException as e: print(label, "!!", type(e).__name__, e)

# isinstance / issubclass / __class__
class Liar:
    @property
    def __class__(self): return int
class Liar2:
    def __getattribute__(self, n):
        if n == '__class__': return str
        return object.__getattribute__(self, n)
class Raiser:
    @property
    def __class__(self): raise ValueError('no')
class RaiserA:
    @property
    def __class__(self): raise AttributeError('no')
class NotClass:
    __class__ = 5
for X in (Liar, Liar2, Raiser, RaiserA, NotClass):
    for k in (int, str, X, object, (str, int), int | str):
        t((X.__name__, k), lambda: isinstance(X(), k))
t('cls', lambda: (Liar().__class__, type(Liar()), Liar2().__class__))
def hot(n):
    l = Liar(); l2 = Liar2(); r = 0
    for i in range(n):
        r += isinstance(l, int) + isinstance(l, str) * 10 + isinstance(l2, str) * 100 + isinstance(l2, (int, str)) * 1000
    return r
t('hot', hot, 2000)
t('i1', lambda: isinstance(1, 5)); t('i2', lambda: isinstance(1, (int, 5))); t('i3', lambda: isinstance(1, (str, 5)))
t('i4', lambda: isinstance(1, [int])); t('i5', lambda: issubclass(1, int)); t('i6', lambda: issubclass(int, 5)); t('i7', lambda: issubclass(int, (str, (int,))))
t('i8', lambda: isinstance(1, ((), (str, (int,))))); t('i9', lambda: isinstance(None, None)); t('i10', lambda: isinstance(None, int | None))
t('i11', lambda: isinstance(1, list[int])); t('i12', lambda: issubclass(list, list[int])); t('i13', lambda: issubclass(bool, int | str))
class FakeCls:
    def __init__(s, b): s.__bases__ = b
t('f1', lambda: issubclass(FakeCls((int,)), int)); t('f2', lambda: issubclass(FakeCls((FakeCls((int,)),)), int)); t('f3', lambda: issubclass(int, FakeCls(())))
t('f4', lambda: isinstance(1, FakeCls((int,)))); t('f5', lambda: issubclass(FakeCls(5), int))
f = FakeCls(()); t('f6', lambda: issubclass(f, f)); t('f7', lambda: isinstance(f, f))
class Meta(type):
    def __instancecheck__(c, o): return [] if o == 1 else [1]
    def __subclasscheck__(c, o): return 'x' if o is int else ''
class MC(metaclass=Meta): pass
t('m', lambda: (isinstance(1, MC), isinstance(2, MC), isinstance(MC(), MC), issubclass(int, MC), issubclass(str, MC), issubclass(MC, MC)))
class NCM(type): __instancecheck__ = None
class NC(metaclass=NCM): pass
t('n', lambda: isinstance(1, NC)); t('n2', lambda: isinstance(NC(), NC))
class IC:
    def __instancecheck__(s, o): return o == 3
    def __subclasscheck__(s, o): return o is str
t('ic', lambda: (isinstance(3, IC()), isinstance(4, IC()), issubclass(str, IC()), isinstance(3, (int, IC())), isinstance(4, (str, IC()))))
t('hook', lambda: int.__subclasshook__(3)); t('sc', lambda: (type.__instancecheck__(int, 3), type.__subclasscheck__(int, bool)))
t('sc2', lambda: type.__subclasscheck__(int, 5)); t('sc3', lambda: type.__instancecheck__(5, 5))
# __class__ assignment
class A: pass
class B: pass
class S1: __slots__ = ('a', 'b')
class S2: __slots__ = ('b', 'a')
class S3: __slots__ = ('a',)
class S4: __slots__ = ()
class S5(S4): __slots__ = ()
class S6: __slots__ = ()
class S7: __slots__ = ('__dict__',)
class S8: __slots__ = ('__dict__', '__weakref__')
class S9: __slots__ = ('__weakref__',)
class A1(A): pass
class A2(A): __slots__ = ()
class A3(A): __slots__ = ('q',)
class A4(A): __slots__ = ('q',)
class B4(B): __slots__ = ('q',)
class S11(S1): pass
class S12(S1): __slots__ = ()
class S21(S2): pass
class D1(dict): pass
class D2(dict): pass
class D3(dict): __slots__ = ('z',)
class D4(dict): __slots__ = ('z',)
class D5(dict): __slots__ = ()
class L1(list): pass
class I1(int): pass
class I2(int): pass
class I3(int): __slots__ = ()
class I4(int): __slots__ = ()
class T1(tuple): __slots__ = ()
class T2(tuple): __slots__ = ()
class E1(Exception): pass
class E2(Exception): pass
class E3(ValueError): pass
class E4(OSError): pass
class E5(KeyError): __slots__ = ('k',)
class F1(float): pass
class St(str): pass
class St2(str): pass
allc = (A,B,S1,S2,S3,S4,S5,S6,S7,S8,S9,A1,A2,A3,A4,B4,S11,S12,S21,D1,D2,D3,D4,D5,L1,I1,I2,I3,I4,T1,T2,E1,E2,E3,E4,E5,F1,St,St2)
for X in allc:
    for Y in allc:
        o = X()
        def f(): o.__class__ = Y; return type(o).__name__
        t((X.__name__, Y.__name__), f)
for v in (1, 'x', None, int, object, list, type):
    o = A()
    def f(): o.__class__ = v; return 1
    t(('v', v), f)
def f(): x = 5; x.__class__ = I1
t('int', f)
def f(): x = object(); x.__class__ = A
t('obj', f)
def f(): x = []; x.__class__ = L1
t('list', f)
def f(): x = A(); del x.__class__
t('del', f)
def f():
    o = S1(); o.a = 1; o.b = 2; o.__class__ = S2; return o.a, o.b, S1.a.__get__
t('sl', lambda: f()[:2])
def f():
    o = D1(x=1); o.k = 5; o.__class__ = D2; o.j = 6; return o, o.k, o.j, o.__dict__, len(o), o['x']
t('dd', f)
def f():
    o = D3(x=1); o.z = 5; o.__class__ = D4; return o, o.z
t('d34', f)
class MM1(type): k = 1
class MM2(type): k = 2
class CC(metaclass=MM1): pass
def f():
    r = [CC.k]; CC.__class__ = MM2; r += [CC.k, type(CC).__name__, isinstance(CC, MM2), type(CC()).__name__]; CC.__class__ = MM1; return r
t('meta', f)
def f(): CC.__class__ = type
t('meta2', f)
def f(): A.__class__ = MM1; return type(A)
t('meta3', f)
def f(): CC.__class__ = A
t('meta4', f)
def f(): int.__class__ = MM1
t('meta5', f)
def hot(n):
    o = S1(); o.a = 1; o.b = 2; s = 0
    for i in range(n):
        s += o.a * 10 + o.b
        o.a, o.b = o.b, o.a
        o.__class__ = S2 if i % 3 else S1
        s += type(o) is S1
    return s
t('hot', hot, 3000)
def hot(n):
    r = 0
    for i in range(n):
        r += CC.k
        if i % 100 == 99: CC.__class__ = MM2 if CC.__class__ is MM1 else MM1
    return r
t('hotmeta', hot, 3000)
