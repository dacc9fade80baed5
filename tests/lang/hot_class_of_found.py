# A look-up on a class depends on the class of what it finds, on metaclasses, and on the descriptors themselves.
N = 2600


def run(f):
    try:
        print(f.__name__, f(N))
    except Exception as x:
        print(f.__name__, type(x).__name__, x)


def get_added(n):
    class D: pass
    class Q: x = D()
    q, d, t = Q(), Q.x, 0
    for i in range(n):
        t += q.x is d
        t += Q.x is d
        t += getattr(q, "x") is d
        if i == n - 10:
            D.__get__ = lambda s, o, t: 5
        if i == n - 5:
            del D.__get__
    return t


def get_added_above(n):
    class Base: pass
    class D(Base): pass
    class Q: x = D()
    q, d, t = Q(), Q.x, 0
    for i in range(n):
        t += (q.x is d) + (Q.x is d)
        if i == n - 10:
            Base.__get__ = lambda s, o, t: 5
    return t


def class_of_found_set(n):
    class D: pass
    class E:
        def __get__(s, o, t): return 7
    class Q: x = D()
    q, d, t = Q(), Q.x, 0
    for i in range(n):
        t += (q.x is d) + (Q.x is d)
        if i == n - 10:
            d.__class__ = E
    return t


def set_added(n):
    class D: pass
    class Q: x = D()
    q, t = Q(), 0
    for i in range(n):
        q.x = i
        t += q.x
        if i == n - 10:
            D.__set__ = lambda s, o, v: None
        if i == n - 5:
            D.__get__ = lambda s, o, t: 10000
    return t


def delete_added(n):
    class D: pass
    class Q: x = D()
    q, t = Q(), 0
    q.x = 3
    for i in range(n):
        t += q.x
        if i == n - 10:
            D.__get__ = lambda s, o, t: 1000
        if i == n - 5:
            D.__delete__ = lambda s, o: None
    return t


def method_class(n):
    class D:
        def __call__(s, a): return a
    class Q: m = D()
    q, t = Q(), 0
    for i in range(n):
        t += q.m(1) + Q.m(2)
        if i == n - 10:
            D.__get__ = lambda s, o, t: lambda a: a * 100
        if i == n - 5:
            D.__call__ = lambda s, a: 0
    return t


def enter_class(n):
    class Q:
        def __enter__(s): return 1
        def __exit__(s, *a): return None
    class E:
        def __get__(s, o, t): return lambda: 50
    q, t = Q(), 0
    for i in range(n):
        with q as v:
            t += v
        if i == n - 10:
            Q.__enter__ = E()
    return t


def metaclass_call(n):
    class M(type): pass
    class C(metaclass=M):
        def __init__(s, a=1): s.a = a
    class E(Exception, metaclass=M): pass
    t = 0
    for i in range(n):
        t += C().a + C(2).a
        try:
            raise E
        except E:
            t += 1
        if i == n - 10:
            M.__call__ = lambda c, *a: (type.__call__(c), setattr(c, "n", getattr(c, "n", 0) + 1))[0]
    return t, C.n, E.n


def metaclass_call_above(n):
    class Base(type): pass
    class M(Base): pass
    class C(metaclass=M): pass
    t = 0
    for i in range(n):
        t += type(C()) is C
        if i == n - 10:
            Base.__call__ = lambda c: 5
    return t


def init_new(n):
    class C:
        def __init__(s, a): s.a = a
    class D(C): pass
    t = 0
    for i in range(n):
        c = D(i)
        t += c.a
        if i == n - 40:
            C.__init__ = lambda s, a: setattr(s, "a", 1)
        if i == n - 30:
            D.__init__ = lambda s, a: setattr(s, "a", 2)
        if i == n - 20:
            D.__new__ = lambda c, a: (setattr(D, "k", a), object.__new__(c))[1]
        if i == n - 10:
            del D.__init__
    return t, D.k


def hooks_added(n):
    class Q:
        a = 1
        def __init__(s): s.x = 1
    class R(Q): pass
    q, t = R(), 0
    for i in range(n):
        q.x = 2
        t += q.x + q.a + hasattr(q, "zz") + getattr(q, "zz", 0)
        if i == n - 50:
            Q.__getattr__ = lambda s, name: 100
        if i == n - 40:
            Q.__getattribute__ = lambda s, name: object.__getattribute__(s, name) if name != "a" else 7
        if i == n - 30:
            Q.__setattr__ = lambda s, name, v: object.__setattr__(s, name, v + 1)
        if i == n - 20:
            del Q.__getattribute__
        if i == n - 10:
            del Q.__getattr__, Q.__setattr__
    return t


def truth(n):
    class Q: pass
    class R(Q): pass
    q, t = R(), 0
    for i in range(n):
        if q:
            t += 1
        t += not q
        t += bool(q) + (1 if q and i else 0)
        if i == n - 30:
            Q.__len__ = lambda s: 0
        if i == n - 20:
            R.__bool__ = lambda s: True
        if i == n - 10:
            del R.__bool__, Q.__len__
    return t


def operators_added(n):
    class Q:
        def __add__(s, o): return 1
        def __lt__(s, o): return True
    class R(Q): pass
    q, r, t = Q(), R(), 0
    for i in range(n):
        t += (q + r) + (q < r) + (q == r) + (r in [q]) + (q != r)
        if i == n - 40:
            R.__radd__ = lambda s, o: 100
        if i == n - 30:
            R.__gt__ = lambda s, o: False
        if i == n - 20:
            Q.__eq__ = lambda s, o: True
        if i == n - 10:
            R.__eq__ = lambda s, o: False
    return t


def bases(n):
    class A:
        def f(s): return 1
        x = 1
    class B:
        def f(s): return 10
        x = 20
    class C(A): pass
    class D(C):
        def f(s): return super().f() + 1000
    c, d, t = C(), D(), 0
    for i in range(n):
        t += c.f() + c.x + d.f() + C.x + isinstance(d, A) + issubclass(D, B) * 2 + isinstance(c, (B, int)) * 3
        if i == n - 10:
            C.__bases__ = (B,)
    return t


def caught(n):
    class A(Exception): pass
    class B(Exception): pass
    class C(A): pass
    t = 0
    for i in range(n):
        try:
            try:
                raise C(i)
            except A as e:
                t += 1
            except B:
                t += 100
        except C:
            t += 10000
        if i == n - 10:
            C.__bases__ = (B,)
    return t


def instance_checks(n):
    class M(type): pass
    class C(metaclass=M): pass
    t, c = 0, C()
    for i in range(n):
        t += isinstance(c, C) + isinstance(3, C) + issubclass(int, C)
        if i == n - 20:
            M.__instancecheck__ = lambda c, o: o == 3
        if i == n - 10:
            M.__subclasscheck__ = lambda c, o: True
    return t


def class_attributes(n):
    class M(type): pass
    class A: x = 1
    class C(A, metaclass=M): y = 1
    t = 0
    for i in range(n):
        t += C.x + C.y + A.x
        if i == n - 50:
            M.x = property(lambda c: 100)
        if i == n - 40:
            A.x = 5
        if i == n - 30:
            M.__getattr__ = lambda c, name: 1000
        if i == n - 20:
            del C.y
        if i == n - 10:
            del M.x, M.__getattr__
            C.y = 3
    return t


def iteration(n):
    class Q:
        def __iter__(s): return iter((1, 2))
        def __contains__(s, x): return False
        def __getitem__(s, k): return k
        def __len__(s): return 2
    class R(Q): pass
    q, t = R(), 0
    for i in range(n):
        for x in q:
            t += x
        t += (2 in q) + q[1] + len(q) + sum(q) + len([*q])
        if i == n - 40:
            Q.__iter__ = lambda s: iter((5,))
        if i == n - 30:
            R.__contains__ = lambda s, x: True
        if i == n - 20:
            R.__getitem__ = lambda s, k: k * 100
        if i == n - 10:
            R.__len__ = lambda s: 7
            del Q.__iter__, Q.__contains__, R.__contains__
            R.__getitem__ = lambda s, k: (1, 2, 3)[k]
    return t


def builtins_and_globals(n):
    import builtins
    t = 0
    for i in range(n):
        t += len("ab") + abs(-1) + helper(i)
        if i == n - 40:
            builtins.abs = lambda v: 100
        if i == n - 30:
            globals()["len"] = lambda v: 1000
        if i == n - 20:
            del globals()["len"]
            globals()["helper"] = lambda v: 3
        if i == n - 10:
            builtins.abs = real_abs
    return t


real_abs = abs


def helper(v):
    return 1


def class_statements(n):
    import builtins
    real, made, t = builtins.__build_class__, [], 0
    for i in range(300):
        class X:
            y = i
        t += X.y
        if i == 280:
            builtins.__build_class__ = lambda f, name, *a: (made.append(name), real(f, name, *a))[1]
        if i == 290:
            builtins.__build_class__ = real
    return t, len(made)


def finalizers(n):
    class A: pass
    class B(A): pass
    log = []
    for i in range(n):
        b = B()
        b.i = i
        if i == n - 10:
            A.__del__ = lambda s: log.append(1)
        del b
    import gc
    for k in range(3):
        gc.collect()
    return 0 < len(log) < 12


for f in (get_added, get_added_above, class_of_found_set, set_added, delete_added, method_class, enter_class,
          metaclass_call, metaclass_call_above, init_new, hooks_added, truth, operators_added, bases, caught,
          instance_checks, class_attributes, iteration, builtins_and_globals, class_statements):
    run(f)
