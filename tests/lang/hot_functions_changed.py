# What is inside a function changes while a hot loop has it inlined or holds it as a constant.
N = 2600


def thousand(s):
    return 1000


def two_thousand(s, o):
    return 2000


def run(f):
    try:
        print(f.__name__, f(N))
    except Exception as x:
        print(f.__name__, type(x).__name__, x)


def getter_code(n):
    class Q:
        @property
        def x(s):
            return 1

        @x.setter
        def x(s, v):
            s.y = v
    q, t = Q(), 0
    for i in range(n):
        q.x = i
        t += q.x + q.y
        if i == n - 40:
            Q.x.fget.__code__ = thousand.__code__
        if i == n - 20:
            Q.x.fset.__code__ = (lambda s, v: setattr(s, "y", -v)).__code__
    return t


def init_code(n):
    class Q:
        def __init__(s, a=1):
            s.a = a

    class E(Exception):
        def __init__(s, a=2):
            s.a = a

    def alt(s, a=1):
        s.a = a * 7
    t = 0
    for i in range(n):
        t += Q().a + Q(2).a + E().a + E(3).a
        if i == n - 30:
            Q.__init__.__code__ = alt.__code__
        if i == n - 20:
            E.__init__.__code__ = alt.__code__
        if i == n - 10:
            Q.__init__.__defaults__ = (50,)
        if i == n - 5:
            E.__init__.__defaults__ = (60,)
    return t


def operator_code(n):
    class Q:
        def __add__(s, o): return 1
        def __iadd__(s, o): return s
        def __lt__(s, o): return 1
        def __getitem__(s, o): return 1
        def __setitem__(s, o, v): s.v = v
        def __call__(s, o): return 1
        def __contains__(s, o): return 0
        def __len__(s): return 1
        def __neg__(s): return 1
        def __bool__(s): return False
        def __iter__(s): return iter([1])
        def __eq__(s, o): return 1
        def __enter__(s): return 1
        def __exit__(s, *a): return None

    def set_other(s, o, v):
        s.v = v * 3
    q, t = Q(), 0
    for i in range(n):
        q[i] = 1
        t += (q + 1) + (q < 1) + q[3] + q(4) + len(q) + -q + (q == 4) + q.v + (5 in q)
        if q:
            t += 10000
        for x in q:
            t += x
        with q as w:
            t += w
        if i == n - 60: Q.__add__.__code__ = two_thousand.__code__
        if i == n - 55: Q.__setitem__.__code__ = set_other.__code__
        if i == n - 50: Q.__lt__.__code__ = two_thousand.__code__
        if i == n - 40: Q.__getitem__.__code__ = two_thousand.__code__
        if i == n - 35: Q.__contains__.__code__ = two_thousand.__code__
        if i == n - 30: Q.__call__.__code__ = two_thousand.__code__
        if i == n - 25: Q.__len__.__code__ = thousand.__code__
        if i == n - 22: Q.__neg__.__code__ = thousand.__code__
        if i == n - 20: Q.__bool__.__code__ = (lambda s: True).__code__
        if i == n - 15: Q.__iter__.__code__ = (lambda s: iter([5, 6])).__code__
        if i == n - 10: Q.__eq__.__code__ = two_thousand.__code__
        if i == n - 5: Q.__enter__.__code__ = thousand.__code__
    return t


def next_code(n):
    class Q:
        def __init__(s): s.i = 0
        def __iter__(s): return s

        def __next__(s):
            s.i += 1
            if s.i > 2:
                raise StopIteration
            return s.i

    def other(s):
        s.i += 1
        if s.i > 3:
            raise StopIteration
        return s.i * 10
    t = 0
    for i in range(n):
        for x in Q():
            t += x
        if i == n - 10:
            Q.__next__.__code__ = other.__code__
    return t


def generator_code(n):
    def g(k):
        yield k

    def g2(k):
        yield k
        yield k * 2

    def plain(k):
        return [k, k, k]
    one, t = g.__code__, 0
    for i in range(n):
        for x in g(1):
            t += x
        if i % 100 == 50: g.__code__ = plain.__code__
        if i % 100 == 60: g.__code__ = one
        if i == n - 10: g.__code__ = g2.__code__
    return t


def often(n):
    class Q:
        def __add__(s, o): return 1
    def two(s, o): return 2
    codes, q, t = (Q.__add__.__code__, two.__code__), Q(), 0
    for i in range(n):
        t += q + 1
        if i % 60 == 0:
            Q.__add__.__code__ = codes[i // 60 % 2]
    return t


def keyword_defaults(n):
    class Q:
        def m(s, *, k=1): return k
        def __init__(s, *, z=2): s.z = z
        @classmethod
        def c(cls, a, *, k=3): return a + k

    def f(*, a=1, b=2): return a + b
    held, t = f.__kwdefaults__, 0
    for i in range(n):
        q = Q()
        t += q.m() + q.z + Q.c(1) + f() + f(a=2)
        if i == n - 60: Q.m.__kwdefaults__["k"] = 50
        if i == n - 50: held["b"] = 1000
        if i == n - 40: Q.c.__func__.__kwdefaults__.update(k=70)
        if i == n - 30: Q.__init__.__kwdefaults__ = {"z": 70}
        if i == n - 20: Q.__init__.__kwdefaults__["z"] = 90
        if i == n - 10: held.clear()
        if i >= n - 10:
            held.setdefault("a", 5)
            held["b"] = i % 2
    try:
        del held["b"]
        f()
    except TypeError as e:
        print(e)
    Q.m.__kwdefaults__ = None
    try:
        q.m()
    except TypeError as e:
        print(e)
    return t, f.__kwdefaults__ is held, Q.m.__kwdefaults__


def defaults(n):
    def f(a, l=[]):
        l.append(a)
        return len(l)
    t = 0
    for i in range(n):
        t += f(i)
        if len(f.__defaults__[0]) > 100:
            f.__defaults__[0].clear()
        if i == n - 10:
            f.__defaults__ = None
        if i > n - 10:
            try:
                f(1)
            except TypeError:
                t += 5
                f.__defaults__ = ([],)
    return t


def cells(n):
    def make(v):
        def f(): return v
        return f
    f, g = make(1), make(100)
    t = 0
    for i in range(n):
        t += f()
        if i % 50 == 25: f.__closure__[0].cell_contents = i
        if i % 50 == 30: f, g = g, f
    return t


def sorted_by(n):
    def key(v): return v
    def minus(v): return -v
    t = 0
    for i in range(n):
        t += sorted([3, 1, 2], key=key)[0] + max([1, 5, 2], key=key) + list(map(key, [4]))[0]
        if i == n - 10: key.__code__ = minus.__code__
    return t


for f in (getter_code, init_code, operator_code, next_code, generator_code, often, keyword_defaults, defaults, cells,
          sorted_by):
    run(f)
