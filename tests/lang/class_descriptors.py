# property, staticmethod, classmethod and super: subclasses, __init__ called again, __get__ of all kinds.

def t(label, f, *a):
    try: print(label, "->", f(*a))
    except BaseException as e: print(label, "!!", type(e).__name__, e)

# property / staticmethod / classmethod subclasses, __init__ again
class P(property):
    def __get__(s, o, t=None): return ('pget', o is None)
class P2(property): pass
class P3(property):
    def __set__(s, o, v): s.log = v
class P4(property):
    def __init__(s, f, tag): super().__init__(f); s.tag = tag
class P5(property):
    def getter(s, f): return 'g'
    def __call__(s): return 'called'
def getx(o):
    "doc of x"
    return 'x' + type(o).__name__
class A:
    p = P(getx); q = P2(getx); r = P3(getx); s = P4(getx, 'tag'); u = P5(getx)
    @P2
    def v(self): "vdoc"; return self._v
    @v.setter
    def v(self, x): self._v = x
    @v.deleter
    def v(self): del self._v
a = A()
t('p', lambda: (a.p, A.p, a.q, type(A.q).__name__, a.r, a.s, A.s.tag, A.u.getter(1), A.u()))
def f(): a.v = 5; r = a.v; del a.v; return r, hasattr(a, 'v'), type(A.v).__name__, A.v.__doc__, A.q.__doc__, A.v.fget.__name__
t('v', f)
def f(): a.r = 4; return A.r.log
t('r', f)
def f(): a.q = 4
t('q', f)
def f(): del a.q
t('q', f)
t('isi', lambda: (isinstance(A.q, property), isinstance(A.__dict__['q'], P2), A.q.fget is getx, A.q.__name__, A.s.__name__, P2(getx).__name__, property(None).fget))
t('noname', lambda: property().__name__)
t('doc', lambda: (property(getx).__doc__, property(getx, doc='d').__doc__, property().__doc__, property(doc='z').__doc__, property(getx).getter(lambda s: 1).__doc__))
t('setdoc', lambda: setattr(A.q, '__doc__', 'new') or A.q.__doc__)
t('setdoc', lambda: setattr(property(getx), '__doc__', 'new'))
class Q: pass
for nm, p in (('a', property()), ('b', property(None, lambda s, v: 0)), ('c', property(getx)), ('d', P2())):
    setattr(Q, nm, p)
for nm in 'abcd':
    t(nm, lambda: getattr(Q(), nm)); t(nm, lambda: setattr(Q(), nm, 1)); t(nm, lambda: delattr(Q(), nm))
class Q:
    a = property(); b = property(None, lambda s, v: 0); c = property(getx); d = P2()
for nm in 'abcd':
    t(nm, lambda: getattr(Q(), nm)); t(nm, lambda: setattr(Q(), nm, 1)); t(nm, lambda: delattr(Q(), nm))
t('meth', lambda: (property(getx).__get__(a), property(getx).__get__(None) is not None, property(getx).__get__(a, A)))
t('meth', lambda: property(getx).__set__(a, 1)); t('meth', lambda: property(getx).__delete__(a)); t('sn', lambda: property().__set_name__(1)); t('attr', lambda: setattr(property(), 'z', 1)); t('attr', lambda: setattr(property(), 'fget', 1)); t('attr', lambda: setattr(P2(), 'z', 1)); t('args', lambda: property(1, 2, 3, 4, 5)); t('args', lambda: property(x=1)); t('args', lambda: property(fget=getx, doc='q').__doc__)
p = property(getx)
class I: x = p
i = I()
def hot(n):
    r = []
    for k in range(n):
        r.append(i.x)
        if k == n // 2: p.__init__(lambda o: 'second')
        if k == n - 10: p.__init__(lambda o: 'third', lambda o, v: None)
    return r[0], r[n // 2 + 1], r[-1], len(set(r))

t('reinit2', lambda: (p.__doc__, setattr(i, 'x', 4)))
class SM(staticmethod):
    def __get__(s, o, t=None): return ('smget', o is None)
class SM2(staticmethod): pass
class SM3(staticmethod):
    def __init__(s, f, z=1): super().__init__(f); s.z = z
    def __call__(s, *a): return ('c', super().__call__(*a))
class CM(classmethod):
    def __get__(s, o, t=None): return ('cmget', o is None)
class CM2(classmethod): pass
def fn(*a): 'fdoc'; return a
class B:
    a = SM(fn); b = SM2(fn); c = SM3(fn, 5); d = CM(fn); e = CM2(fn)
    @staticmethod
    def f(x): return x
    @classmethod
    def g(cls): return cls.__name__
t('sm', lambda: (B.a, B().a, B.b(1), B().b(2), B.c(3), B.__dict__['c'](4), B.__dict__['c'].z, B.d, B().d, B.e()[0].__name__, B().e(1)[1:]))
t('smt', lambda: [type(B.__dict__[k]).__name__ for k in 'abcdefg'])
s = staticmethod(fn)
t('attrs', lambda: (s.__name__, s.__qualname__, s.__doc__, s.__module__, s.__wrapped__ is fn, s.__func__ is fn, s(1, 2), s.__isabstractmethod__))
s.foo = 5
t('attrs', lambda: (s.foo, sorted(s.__dict__)))
c = classmethod(fn)
t('attrs', lambda: (c.__name__, c.__doc__, c.__wrapped__ is fn, c.__get__(None, int)(), c.__get__(5)(), sorted(c.__dict__)))
t('call', lambda: c()); t('repr', lambda: (repr(staticmethod(len)), repr(classmethod(len)), repr(SM2(len))))
t('noargs', lambda: staticmethod()); t('noargs', lambda: classmethod()); t('noargs', lambda: staticmethod(1, 2)); t('kw', lambda: staticmethod(function=1)); t('nonc', lambda: staticmethod(5)()); t('nonc', lambda: classmethod(5).__get__(1, int))
t('un', lambda: staticmethod.__new__(staticmethod).__get__(1)); t('un', lambda: staticmethod.__new__(staticmethod)()); t('un', lambda: classmethod.__new__(classmethod).__get__(1)); t('un', lambda: property.__new__(property).fget)
t('ro', lambda: setattr(s, '__func__', 1))
class J: x = staticmethod(lambda: 1); y = classmethod(lambda c: 1)
def hot(n):
    r = 0; j = J()
    for k in range(n):
        r += j.x() + J.x() + j.y() + J.y()
        if k == n // 2: J.__dict__['x'].__init__(lambda: 10)
        if k == n - 10: J.__dict__['y'].__init__(lambda c: 100)
    return r
t('hot', hot, 3000)
class K:
    x = staticmethod.__new__(staticmethod)
def hot(n):
    e = 0
    for k in range(n):
        try: e += K.x()
        except RuntimeError as x: e -= 1
        if k == n // 2: K.__dict__['x'].__init__(lambda: 10)
    return e
t('hot', hot, 2000)
class AbsM:
    __isabstractmethod__ = True
    def __call__(s): pass
t('abs', lambda: (property(AbsM()).__isabstractmethod__, staticmethod(AbsM()).__isabstractmethod__, classmethod(AbsM()).__isabstractmethod__, property(getx).__isabstractmethod__))
# metaclass __get__, int subclass __get__
class Meta(type):
    def __get__(c, o, t=None): return ('mget', c.__name__, o is None)
    def __set__(c, o, v): c.last = v
class X(metaclass=Meta): pass
class Y: x = X
t('mg', lambda: (Y.x, Y().x))
def f(): Y().x = 5; return X.last
t('mg', f)
class IG(int):
    def __get__(s, o, t=None): return 'ig'
class Y2: x = IG(4)
t('ig', lambda: (Y2.x, Y2().x))
class FM:
    def f(self): return 'f'
class Y3: x = FM().f; y = len; z = FM; w = getx
t('bm', lambda: (Y3().x(), Y3().y([1]), Y3().z().f(), Y3().w()))
class D2:
    __get__ = 5
class Y4: x = D2()
t('badget', lambda: Y4().x); t('badget', lambda: Y4.x)
class D3:
    __get__ = None
    __set__ = None
class Y5: x = D3()
t('noneget', lambda: Y5().x); 
def f(): Y5().x = 1
t('noneset', f)
class D4:
    def __delete__(s, o): raise ZeroDivisionError
class Y6: x = D4()
def f(): Y6().x = 1
t('onlydel', f)
def f(): del Y6().x
t('onlydel', f)
class D5:
    def __set__(s, o, v): o.__dict__['x'] = v
class Y7: x = D5()
def f(): y = Y7(); r = y.x is Y7.__dict__['x']; y.x = 5; return r, y.x
t('setonly', f)
def f(): y = Y7(); del y.x
t('setonly', f)
class SelfGet:
    def __call__(self): return 1
SelfGet.__get__ = SelfGet()
class Y8: x = SelfGet()
t('selfget', lambda: Y8().x)
class CC: pass
CC.__call__ = CC()

class Fn:
    __get__ = lambda s, o, t: ('fnget', t.__name__)
    __set_name__ = lambda s, o, n: print('set_name', o.__name__, n)
class Y9: x = Fn(); y = Fn()
t('lam', lambda: (Y9.x, Y9().y))
class SN:
    def __set_name__(s, o, n): o.extra = 1; raise ValueError('boo')
try:
    class Y10: x = SN()
except ValueError as e: print(e, e.__notes__)
class SNP:
    def __set_name__(s, o, n): s.n = n
SNP2 = SNP()
class Y11: x = y = SNP2
print(SNP2.n)
Y11.z = SNP(); print(hasattr(Y11.z, 'n'))
# super
class Sup(super): pass
class Ba:
    def m(self): return 'Ba'
    @property
    def pr(self): return 'pr'
    @classmethod
    def cm(cls): return cls.__name__
    at = 5
class De(Ba):
    def m(self): return 'De'
    def k(self): return super(De, self).m(), super().__thisclass__.__name__, super().__self_class__.__name__, super().__self__ is self, super().__class__, super().pr, super().cm(), super().at, Sup(De, self).m(), type(Sup(De, self)).__name__
t('super', lambda: De().k()); t('super', lambda: super(De, De).cm()); t('super', lambda: super(De).__self__); t('super', lambda: super(De).__get__(De()).m()); t('super', lambda: super(De, De()).nope); t('super', lambda: repr(super(De, De()))); t('super', lambda: repr(super(De)));
t('super', lambda: super(De, 5)); t('super', lambda: super(5, De())); t('super', lambda: super()); t('super', lambda: setattr(super(De, De()), 'x', 1)); t('super', lambda: super(De, De()).__dict__)
class Unb(Ba):
    sup = super(De)
class De2(Ba):
    def m(self): return 'no'
De2.sup = super(De2)
t('unb', lambda: De2().sup.m())
def fs():
    class Z(Ba):
        def m(self):
            del self
            return super().m()
    return Z().m()
def fs():
    class Z(Ba):
        def m(*a): return super().m()
    return Z().m()
def fs():
    class Z(Ba):
        def m(self): self = 5; return super().m()
    return Z().m()
t('reself', fs)
def fs():
    class Z(Ba):
        def m(self): return [super().m() for _ in (1,)]
        def n(self): return (lambda: super().m())()
        def o(self): return list(super().m() for _ in (1,))
    for k in 'mno': t(k, getattr(Z(), k))
fs()
def fs():
    super = lambda *a: Ba()
    class Z(Ba):
        def m(self): return super().at, super(1, 2).m()
    return Z().m()
t('localsuper', fs)
def hot(n):
    r = 0
    d = De()
    for i in range(n):
        r += len(d.k())
    return r
t('hot', hot, 1000)
