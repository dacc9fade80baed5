# Slots and their members, alone, below other classes, and changed in mid-loop.

def t(label, f, *a):
    try: print(label, "->", f(*a))
    except BaseException as e: print(label, "!!", type(e).__name__, e)

# slots
for s in ('x', ['x', 'y'], ('x', 'x'), (), {'a': 'doc', 'b': None}, iter('pq'), 'abc', '__p', ('__p', '__q__'), 5, (5,), ('1x',), ('x y',), ('',), None, ('__dict__',), ('__dict__', '__dict__'), ('__weakref__', '__weakref__'), ('class',), ('é',), frozenset(['z']), ('__class__',), ('__slots__',), ('__doc__',), ('__module__',), ('__init__',), ('__qualname__',), (b'x',)):
    def f():
        X = type('X', (), {'__slots__': s})
        return [k for k in X.__dict__ if k not in ('__module__', '__doc__', '__slots__')], hasattr(X(), '__dict__'), hasattr(X(), '__weakref__')
    t(('slots', str(s)[:5] if 'iter' in str(s) else s), f)
t('conf', lambda: type('X', (), {'__slots__': ('x',), 'x': 1})); t('conf', lambda: type('X', (), {'__slots__': ('__doc__',), '__doc__': 1}))
class A: __slots__ = ('a',)
class B(A): __slots__ = ('a', 'b')
b = B(); b.a = 1
t('dup', lambda: (b.a, A.a.__get__(b)))
A.a.__set__(b, 5)
t('dup', lambda: (b.a, A.a.__get__(b), A.a.__get__(b, B), B.a.__objclass__, A.a.__objclass__))
A.a.__delete__(b)
t('dup', lambda: A.a.__get__(b)); t('dup', lambda: b.a); t('deld', lambda: A.a.__delete__(b))
def f(): del b.b
t('del', f)
def f(): del b.a; del b.a
t('del2', f)
def f(): b.zz = 1
t('zz', f)
def f(): del b.zz
t('dzz', f)
t('gzz', lambda: b.zz)
t('wrong', lambda: A.a.__get__(5)); t('wrong', lambda: B.b.__get__(A())); t('wrong', lambda: B.b.__set__(A(), 1)); t('wrong', lambda: B.b.__delete__(A())); t('none', lambda: A.a.__get__(None)); t('none', lambda: A.a.__get__(None, A) is A.a); t('none', lambda: A.a.__get__(None, int) is A.a)
t('args', lambda: A.a.__get__()); t('args', lambda: A.a.__set__(b)); t('args', lambda: A.a.__delete__())
class N: __slots__ = ('q',)
class W: x = A.a
t('foreign', lambda: W().x)
def f(): W().x = 5
t('foreign', f)
t('foreign', lambda: W.x is A.a)
N.y = A.a
t('n', lambda: N().y)
def f(): n = N(); n.y = 1
t('n', f)
def f(): n = N(); del n.y
t('n', f)
class C:
    __slots__ = ('v', '__dict__')
    def __init__(s): s.v = 1; s.w = 2
c = C()
t('c', lambda: (c.v, c.w, c.__dict__)); c.__dict__ = {'v': 9, 'k': 3}
t('c', lambda: (c.v, c.k)); t('c', lambda: c.w)
t('repr', lambda: (repr(A.a), type(A.a), A.a.__name__, A.a.__doc__, A.a.__qualname__, repr(C.__dict__['__dict__']), type(C.__dict__['__dict__'])))
def f(): A.a.__name__ = 'z'
t('ro', f)
class P: pass
t('gd', lambda: (P.__dict__['__dict__'].__get__(P()), P.__dict__['__weakref__'].__get__(P()), P.__dict__['__dict__'].__name__))
t('gd', lambda: P.__dict__['__dict__'].__get__(5)); t('gd', lambda: P.__dict__['__weakref__'].__set__(P(), 5))
def f(): p = P(); p.__weakref__ = 5
t('wr', f)
def f(): p = P(); p.__dict__ = 5
t('pd', f)
def f(): p = P(); p.x = 1; del p.__dict__; return p.__dict__
t('pd', f)
def f(): p = P(); p.__dict__ = {'z': 1}; return p.z, vars(p)
t('pd', f)
t('vars', lambda: vars(A())); t('vars', lambda: vars(5)); t('dict', lambda: A().__dict__); t('dict', lambda: (5).__dict__)
t('cd', lambda: (list(P.__dict__), list(A.__dict__), list(C.__dict__)))
t('dir', lambda: [x for x in dir(A()) if x[:2] != '__'] ); t('dir', lambda: ('__dict__' in dir(P()), '__dict__' in dir(A()), '__weakref__' in dir(P)))
class E(Exception): __slots__ = ('code',)
e = E(1); e.code = 5
t('e', lambda: (e.code, e.args, e.__dict__)); e.q = 1
t('e', lambda: (e.q, e.__dict__))
class I(int): __slots__ = ()
def f(): I(5).x = 1
t('i', f)
class LL(list): __slots__ = ('n',)
l = LL([1]); l.n = 4; l.append(2)
t('l', lambda: (l, l.n, len(l)))
def f(): l.m = 1
t('l', f)
class Prop:
    __slots__ = ('_x',)
    @property
    def x(s): return s._x
    @x.setter
    def x(s, v): s._x = v
    __p = 5
p = Prop(); p.x = 3
t('p', lambda: (p.x, p._x))
class Priv:
    __slots__ = ('__a', '_b')
    def __init__(s): s.__a = 1; s._b = 2
t('priv', lambda: (Priv()._Priv__a, [k for k in Priv.__dict__ if 'a' in k and '__' != k[:2]]))
class _U: __slots__ = ('__a',)
t('priv', lambda: [k for k in _U.__dict__ if k.endswith('_a')]); 
# late changes in hot loops
class S: __slots__ = ('x', 'y')
def hot(n):
    s = S(); s.x = 1; s.y = 2; sx = S.x; sy = S.y; r = []; tot = 0
    for i in range(n):
        tot += s.x
        if i == n // 4: S.x = 100
        if i == n // 2: S.x = sy
        if i == 3 * n // 4: S.x = property(lambda s: 7)
        if i == n - 5: S.x = sx; s.x = 50
    return tot
t('hot', hot, 4000)
def hot(n):
    s = S(); e = 0
    for i in range(n):
        try: s.x
        except AttributeError as x: e += len(str(x))
        try: del s.x
        except AttributeError as x: e += len(str(x))
        s.x = i
        if i % 2: del s.x
        try: s.zz = 1
        except AttributeError: e += 1
    return e
t('hot', hot, 2000)
