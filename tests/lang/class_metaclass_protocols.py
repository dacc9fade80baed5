# Classes as objects: what a metaclass's special methods, attributes and hooks mean.

def t(label, f, *a):
    try: print(label, "->", f(*a))
    except BaseException as e: print(label, "!!", type(e).__name__, e)

# metaclass protocols for classes as objects
class M(type):
    def __bool__(c): return c.__name__ != 'F'
    def __len__(c): return 7
    def __iter__(c): return iter([c.__name__, 1])
    def __contains__(c, x): return x == 3
    def __getitem__(c, k): return (c.__name__, k)
    def __setitem__(c, k, v): print('set', k, v)
    def __delitem__(c, k): print('del', k)
    def __call__(c, *a, **k): return ('called', a, k)
    def __eq__(c, o): return 'eq' if o == 1 else NotImplemented
    def __ne__(c, o): return 'ne'
    def __lt__(c, o): return 'lt'
    def __hash__(c): return 42
    def __add__(c, o): return 'add'
    def __radd__(c, o): return 'radd'
    def __neg__(c): return 'neg'
    def __index__(c): return 2
    def __int__(c): return 22
    def __float__(c): return 2.5
    def __repr__(c): return 'R' + c.__name__
    def __str__(c): return 'S' + c.__name__
    def __format__(c, s): return 'F' + s
    def __dir__(c): return ['z', 'a']
    def __reversed__(c): return 'rev'
    def __enter__(c): return 'ent'
    def __exit__(c, *a): return True
    def __or__(c, o): return 'or'
    def __ror__(c, o): return 'ror'
    def __instancecheck__(c, o): return o == 5
    def __subclasscheck__(c, o): return o is int
    def __iadd__(c, o): return 'iadd'
    def __round__(c, n=None): return ('round', n)
    def __next__(c): return 'nxt'
    def __bytes__(c): return b'by'
    def __abs__(c): return 'abs'
    def __divmod__(c, o): return 'dm'
    def __complex__(c): return 1j
    def __length_hint__(c): return 3
    def __invert__(c): return '~'
    def __trunc__(c): return 't'
    def __sizeof__(c): return 10
class T(metaclass=M): pass
class F(metaclass=M): pass
t('if', lambda: 'y' if T else 'n'); t('if', lambda: 'y' if F else 'n')
t('not', lambda: (not T, not F)); t('and', lambda: (F and 1, T and 1, F or 2)); t('bool', lambda: (bool(T), bool(F)))
t('len', lambda: len(T)); t('iter', lambda: list(T)); t('unpack', lambda: [*T]); t('in', lambda: (3 in T, 4 in T))
t('getitem', lambda: (T[1], T[1:2], T['x']))
def f(): T[1] = 2; del T[3]
t('setdel', f)
t('call', lambda: T(1, x=2)); t('eq', lambda: (T == 1, T == 2, T != 1, T < 1, T == T))
t('hash', lambda: hash(T)); t('dict', lambda: {T: 1}[T]); t('ops', lambda: (T + 1, 1 + T, -T, abs(T), divmod(T, 1), ~T))
t('index', lambda: ([0, 1, 2, 3][T], range(5)[T], hex(T), int(T), float(T), complex(T), round(T), round(T, 2)))
t('repr', lambda: (repr(T), str(T), f'{T}', f'{T:x}', format(T, 'q'), '%s %r' % (T, T), [T], ascii(T), bytes(T)))
t('dir', lambda: dir(T)); t('rev', lambda: reversed(T))
def g():
    with T as x:
        print(x); 1/0
    return 'ok'
t('with', g); t('or', lambda: (T | int, int | T, T | 1))
t('isinst', lambda: (isinstance(5, T), isinstance(6, T), isinstance(T, M), issubclass(int, T), issubclass(T, T), issubclass(str, T)))
def h():
    x = T; x += 1; return x
t('iadd', h); t('next', lambda: next(T))
def hot(n):
    r = 0
    for i in range(n):
        if T: r += 1
        if F: r += 100
        if not F: r += 2
        while F: r += 1000
        r += len(T) + (3 in T) + hash(T) + (T == 1 and 5) + [0,1,2,3][T]
        r += 1 if F else 0
        r += 1 if (F or 0) else 0
    return r
t('hot', hot, 3000)
# attribute hooks of metaclasses
log = []
class M2(type):
    def __getattribute__(c, n):
        if n == 'x': return 'gx'
        return super().__getattribute__(n)
    def __getattr__(c, n): return 'ga ' + n
    def __setattr__(c, n, v):
        log.append(('set', n)); super().__setattr__(n, v)
    def __delattr__(c, n):
        log.append(('del', n)); super().__delattr__(n)
class C(metaclass=M2):
    x = 1; y = 2
    def m(self): return 'm'
t('ga', lambda: (C.x, C.y, C.zz, C().x, C().y, C.m(C()), getattr(C, 'x'), getattr(C, 'q', 5), hasattr(C, 'nope')))
def s():
    C.y = 5; C.w = 6; del C.w; setattr(C, 'k', 1); delattr(C, 'k')
    return log, C.y
t('sa', s)
def hot2(n):
    r = 0
    for i in range(n):
        r += len(C.x) + len(C.other) + (C.y if i % 2 else 0)
        C.y = i
    return r, len(log)
t('hot2', hot2, 3000)
t('nogetattr', lambda: C().zz)
class M3(type):
    @property
    def p(c): return c.__name__ + 'p'
    @p.setter
    def p(c, v): log.append(v)
    def meth(c): return 'meta ' + c.__name__
    v = 9
class C3(metaclass=M3):
    p = 5; v = 10
t('mp', lambda: (C3.p, C3().p, C3.meth(), C3.v))
t('mp', lambda: C3().meth())
def k(): C3.p = 7; return log[-1]
t('mps', k)
class D:
    def __init__(s, n): s.n = n
    def __get__(s, o, t): return (s.n, o is None, t.__name__)
    def __set__(s, o, v): log.append((s.n, v))
class M4(type): d = D('meta'); e = D('me')
class C4(metaclass=M4): d = D('cls'); f = D('f')
t('d', lambda: (C4.d, C4().d, C4.e, C4.f, C4().f))
def k(): C4.d = 1; C4.f = 2; return log[-1], C4.f
t('ds', k)
