# Special methods: operators and who is asked first, what they must return, None in their place, class creation.

def t(label, f, *a):
    try: print(label, "->", f(*a))
    except BaseException as e: print(label, "!!", type(e).__name__, e)

class Ba2:
    def m(self): return 'Ba2'
class S1(Ba2):
    def m(self): return super().m()
    def q(self): return super
r = [S1().m()]
super_ = super
def super(*a): return type('F', (), {'m': lambda s: 'fake' + str(len(a))})()
r.append(S1().m())
def hot(n):
    global super
    s = S1(); c = {}
    for i in range(n):
        k = s.m(); c[k] = c.get(k, 0) + 1
        if i == n // 2: del super
    return c
print(r, hot(3000), S1().q() is super_)
# operators: reflected, subclass priority, in-place
log = []
class N:
    def __init__(s, v): s.v = v
    def __add__(s, o): log.append('N+'); return 'N+'
    def __radd__(s, o): log.append('N r+'); return 'N r+'
    def __sub__(s, o): return NotImplemented
    def __rsub__(s, o): return 'N r-'
    def __iadd__(s, o): return NotImplemented
    def __eq__(s, o): log.append('N=='); return NotImplemented
    def __lt__(s, o): return NotImplemented
    def __gt__(s, o): return 'N>'
    __hash__ = None
class M(N):
    def __radd__(s, o): log.append('M r+'); return 'M r+'
    def __eq__(s, o): log.append('M=='); return NotImplemented
class O(N): pass
class PP(N):
    __radd__ = N.__radd__
t('+', lambda: (N(1) + N(2), N(1) + M(2), M(1) + N(2), N(1) + O(2), N(1) + PP(1), 1 + N(1), N(1) + 1, M(1) + M(2), N(1) - N(2), N(1) - M(1), N(1) - 1, 1 - N(1)))
t('-', lambda: N(1) - N(2)); t('==', lambda: (N(1) == N(1), N(1) == M(1), M(1) == N(1), log[-6:])); t('<', lambda: (N(1) < M(1), N(1) < 1)); t('<', lambda: N(1) <= N(2)); t('h', lambda: hash(N(1)))
def f(): x = N(1); x += 1; return x
t('iadd', f)
class I(int):
    def __radd__(s, o): return 'I r+'
    def __rsub__(s, o): return NotImplemented
    def __rpow__(s, o, m=None): return ('rpow', m)
    def __eq__(s, o): return 'ieq'
    def __lt__(s, o): return 'ilt'
t('I', lambda: (5 + I(3), I(3) + 5, 5 - I(3), 2 ** I(3), pow(2, I(3)), 5 == I(5), I(5) == 5, 5 > I(3), 5 < I(3), 2.0 + I(1)))
class St(str):
    def __radd__(s, o): return 'St r+'
    def __mod__(s, o): return 'St%'
    def __rmod__(s, o): return 'St r%'
    def __contains__(s, x): return True
t('St', lambda: ('a' + St('b'), St('a') + 'b', '%s' % St('z'), St('%s') % 1, 'q' in St('')))
class L(list):
    def __radd__(s, o): return 'L r+'
    def __iadd__(s, o): return 'L i+'
    def __rmul__(s, o): return 'L r*'
    def __getitem__(s, k): return ('gi', k)
    def __len__(s): return 99
    def __iter__(s): return iter('it')
    def __bool__(s): return False
t('L', lambda: ([1] + L(), L() + [1], 2 * L(), L() * 2, L([1])[0], L()[1:2], len(L()), list(L()), bool(L()), [*L()], 'i' in L()))
class D(dict):
    def __missing__(s, k): return ('miss', k)
    def __ror__(s, o): return 'D r|'
    def __contains__(s, k): return True
    def __iter__(s): return iter([7])
t('D', lambda: (D()[1], D().get(1), {} | D(), D() | {}, 5 in D(), list(D(a=1)), dict(D(a=1)), {**D(a=1)}, D(a=1) == {'a': 1}))
class Full:
    def __getattr__(s, n):
        if n.startswith('__'): raise AttributeError(n)
        return lambda *a: (n, a)
t('full', lambda: (Full().foo(1), Full().bar)) if 0 else None
t('ga+', lambda: Full() + 1); t('galen', lambda: len(Full()))
class GA:
    def __getattr__(s, n): return lambda *a: 5
t('ga', lambda: len(GA())); t('ga', lambda: GA() + 1); t('ga', lambda: GA()()); t('ga', lambda: GA().x()); t('ga', lambda: bool(GA()))
class GA2:
    def __getattr__(s, n): raise KeyError(n)
t('ga2', lambda: GA2().x); t('ga2', lambda: hasattr(GA2(), 'x')); t('ga2', lambda: getattr(GA2(), 'x', 1))
class GA3:
    @property
    def p(s): raise AttributeError('inner')
    def __getattr__(s, n): return 'ga ' + n
t('ga3', lambda: GA3().p)
class GA4:
    def __getattribute__(s, n): raise AttributeError('x')
    def __getattr__(s, n): return 'fallback ' + n
t('ga4', lambda: (GA4().z, GA4().__class__, GA4().__dict__))
class GA5:
    def __init__(s): s.__getattr__ = lambda n: 'inst'
t('ga5', lambda: GA5().zz)
class Idx:
    def __init__(s, v): s.v = v
    def __index__(s): return s.v
t('idx', lambda: ([1, 2, 3][Idx(1)], 'abc'[Idx(0):Idx(2)], range(10)[Idx(3)], bytes(Idx(3)), hex(Idx(255)), 'a' * Idx(3), [0] * Idx(2), chr(Idx(65)), int('11', Idx(2)), round(1.234, Idx(1)), 1 << 3, slice(Idx(1)).indices(5), list(range(Idx(2))), int(Idx(4)), float(Idx(4)), complex(Idx(2))))
t('idx', lambda: [1][Idx('x')]); t('idx', lambda: int(Idx(1.5))); t('idx', lambda: [1][1.0]); t('idx', lambda: 1 << Idx(1)); t('idx', lambda: [1, 2][Idx(2**80)]); t('idx', lambda: 'a' * Idx(2**80)); t('idx', lambda: Idx(True) and [1, 2][Idx(True)])
class Fmt:
    def __format__(s, sp): return 'fmt:' + sp
    def __str__(s): return 'str'
    def __repr__(s): return 'repr'
t('fmt', lambda: (f'{Fmt()}', f'{Fmt():>5}', f'{Fmt()!r}', f'{Fmt()!s:>5}', format(Fmt()), '{:a}{!r}'.format(Fmt(), Fmt()), f'{Fmt():{3}}', '%s' % Fmt()))
class Fmt2:
    def __format__(s, sp): return 5
t('fmt2', lambda: f'{Fmt2()}'); t('fmt3', lambda: f'{object():x}'); t('fmt4', lambda: f'{[]:5}'); t('fmt5', lambda: format(5, 5))
class R:
    def __repr__(s): return 5
    def __str__(s): return None
    def __bool__(s): return 1
    def __len__(s): return -1
    def __hash__(s): return 'x'
    def __index__(s): return 'x'
    def __int__(s): return 'x'
    def __float__(s): return 5
    def __complex__(s): return 1
    def __iter__(s): return 5
    def __bytes__(s): return 'x'
    def __contains__(s, k): return []
    def __dir__(s): return 5
    def __reversed__(s): return 5
    def __length_hint__(s): return 'x'
    def __round__(s): return 'r'
    def __init_subclass__(c, **k): print(k)
for n, f in (('repr', repr), ('str', str), ('bool', bool), ('len', len), ('hash', hash), ('hex', hex), ('int', int), ('float', float), ('complex', complex), ('iter', iter), ('bytes', bytes), ('list', list), ('dir', dir), ('reversed', reversed), ('round', round), ('ascii', ascii), ('in', lambda r: 1 in r), ('next', next), ('sum', sum), ('sorted', sorted), ('fstr', lambda r: f'{r}'), ('if', lambda r: 1 if r else 2), ('not', lambda r: not r), ('unpack', lambda r: [*r]), ('a,b', lambda r: (lambda a, b: 1)(*r)), ('**', lambda r: dict(**r)), ('with', lambda r: r.__enter__()), ('abs', abs), ('neg', lambda r: -r), ('call', lambda r: r()), ('getitem', lambda r: r[0]), ('del', lambda r: r.__delitem__(1)), ('attr', lambda r: r.zz)):
    t(n, f, R())
class None_:
    __len__ = None; __iter__ = None; __contains__ = None; __add__ = None; __radd__ = None; __eq__ = None; __bool__ = None; __getitem__ = None; __call__ = None; __hash__ = None; __reversed__ = None; __str__ = None; __repr__ = None; __index__ = None; __enter__ = None; __exit__ = None; __lt__ = None; __neg__ = None; __next__ = None; __setattr__ = None; __get__ = None; __format__ = None; __dir__ = None
n = None_()
def fw():
    with n: pass
for nm, f in (('len', lambda: len(n)), ('iter', lambda: iter(n)), ('in', lambda: 1 in n), ('+', lambda: n + 1), ('r+', lambda: 1 + n), ('==', lambda: n == 1), ('!=', lambda: n != 1), ('bool', lambda: bool(n)), ('[]', lambda: n[0]), ('()', lambda: n()), ('hash', lambda: hash(n)), ('rev', lambda: reversed(n)), ('str', lambda: str(n)), ('repr', lambda: repr(n)), ('idx', lambda: [1][n]), ('with', fw), ('<', lambda: n < 1), ('-', lambda: -n), ('next', lambda: next(n)), ('for', lambda: [x for x in n]), ('setattr', lambda: setattr(n, 'x', 1)), ('fmt', lambda: f'{n}'), ('dir', lambda: dir(n)), ('callable', lambda: callable(n))):
    t(nm, f)
class SeqOnly:
    def __getitem__(s, i):
        if i > 3: raise IndexError
        return i * 2
t('seq', lambda: (list(SeqOnly()), 4 in SeqOnly(), 5 in SeqOnly(), [*SeqOnly()], max(SeqOnly()))); t('seqrev', lambda: list(reversed(SeqOnly())))
class SeqLen(SeqOnly):
    def __len__(s): return 4
t('seqrev', lambda: list(reversed(SeqLen())))
class IS:
    def __init_subclass__(cls, /, tag=None, **kw): super().__init_subclass__(**kw); cls.tag = tag; print('isub', cls.__name__, tag)
class IS2(IS, tag=5): pass
t('is', lambda: type('X', (IS,), {}, tag=7).tag); t('is', lambda: type('X', (IS,), {}, other=7)); t('is', lambda: type('X', (), {}, k=1))
class CGI:
    def __class_getitem__(cls, k): return (cls.__name__, k)
class CGI2(CGI): pass
t('cgi', lambda: (CGI[1], CGI2[int, str])); t('cgi', lambda: CGI()[1]); t('cgi', lambda: IS[1]); t('cgi', lambda: (list[int], type[int], dict[str, int])); t('cgi', lambda: int[5])
class Prep(type):
    @classmethod
    def __prepare__(m, n, b, **k): print('prep', n, b, k); return {'pre': 1}
    def __new__(m, n, b, d, **k): return super().__new__(m, n, b, dict(d))
    def __init__(c, n, b, d, **k): super().__init__(n, b, d)
class UP(metaclass=Prep, z=1): y = pre + 1
t('prep', lambda: (UP.pre, UP.y))
class BadPrep(type):
    @classmethod
    def __prepare__(m, n, b): return 5
try:
    class UP2(metaclass=BadPrep): pass
except TypeError as e: print(e)
class MapPrep(type):
    class Map(dict):
        def __setitem__(s, k, v):
            if not k.startswith('__'): print('ns', k)
            super().__setitem__(k, v)
        def __missing__(s, k):
            if k.startswith('auto'): return k
            raise KeyError(k)
    @classmethod
    def __prepare__(m, n, b): return m.Map()
class UP3(metaclass=MapPrep): a = auto1; b = a; del a
t('map', lambda: (UP3.b, hasattr(UP3, 'a')))
t('type', lambda: type(5, (), {})); t('type', lambda: type('x', [], {})); t('type', lambda: type('x', (), [])); t('type', lambda: type('x', ())); t('type', lambda: type()); t('type', lambda: type('a\0b', (), {}))
class TM(type):
    def __call__(c, *a): return 'tm'
t('tm', lambda: TM('x', (), {})())
class New:
    def __new__(cls, *a): return 5
    def __init__(s, *a): print('never')
class New2:
    def __new__(cls, *a): return object.__new__(cls)
    def __init__(s, *a): return 5
class New3:
    def __new__(cls): return object.__new__(cls, 1)
class New4: pass
class New5:
    def __init__(s, a): pass
t('new', lambda: New(1)); t('new', lambda: New2(1)); t('new', lambda: New3()); t('new', lambda: New4(1)); t('new', lambda: New5()); t('new', lambda: object.__new__(int)); t('new', lambda: object.__new__(5)); t('new', lambda: object(1)); t('new', lambda: New5.__init__(1)); t('new', lambda: object.__init__(New4(), 1)); t('new', lambda: int.__new__(str)); t('new', lambda: int.__new__(New4)); t('new', lambda: list.__new__(New4)); t('new', lambda: type.__new__(type, 'a')); t('new', lambda: type.__new__(int, 'a', (), {})); t('new', lambda: dict.__new__(object))
t('clsattr', lambda: setattr(int, 'x', 1)); t('clsattr', lambda: delattr(int, 'real')); t('clsattr', lambda: setattr(New4, '__name__', 5)); t('clsattr', lambda: delattr(New4, '__name__')); t('clsattr', lambda: setattr(New4, '__name__', 'a\0')); t('clsattr', lambda: setattr(New4, '__dict__', {})); t('clsattr', lambda: delattr(New4, 'zz')); t('clsattr', lambda: New4.zz); t('clsattr', lambda: setattr(New4, '__doc__', 'd') or New4.__doc__); t('clsattr', lambda: setattr(New4, '__module__', 'mm') or repr(New4)); t('clsattr', lambda: setattr(New4, '__qualname__', 'QQ.x') or repr(New4)); t('clsattr', lambda: type(New4.__dict__)); t('clsattr', lambda: New4.__dict__.__setitem__('a', 1)); t('mp', lambda: repr(type('X', (), {'__module__': None}).__dict__)[:12])
t('attrname', lambda: getattr(New4, 5)); t('attrname', lambda: setattr(New4, 5, 1)); t('attrname', lambda: delattr(New4, None)); t('hasattr', lambda: hasattr(1, 2))


# Assignment and deletion of items belong together: a class that has one of the two lacks the other by name.
class OnlySets:
    def __setitem__(self, k, v):
        pass


class OnlyDeletes:
    def __delitem__(self, k):
        pass


class SetsNothing:
    __setitem__ = None
    __delitem__ = None


class Neither:
    pass


def put(o):
    o[0] = 1


def remove(o):
    del o[0]


def remove_text(o):
    del o['a']


for o in (OnlySets(), OnlyDeletes(), SetsNothing(), Neither(), (), 'a', {1}, range(3), 1, None, len):
    for f in (put, remove, remove_text):
        said = set()
        for i in range(30):
            try:
                f(o)
            except (TypeError, AttributeError) as e:
                said.add(f"{type(e).__name__}: {e}")
        print(type(o).__name__, f.__name__, said)
