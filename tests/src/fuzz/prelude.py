# The fixed part of every fuzzed program.
fuel = 30
turns = 0
notes = []
shared = {"g": 3}
G = 1


class OutOfFuel(BaseException):
    pass


class Own(Exception):
    pass


def burn():
    global fuel
    fuel -= 1
    if fuel < 0:
        raise OutOfFuel


def turn():
    global turns
    turns += 1
    return turns


def set_global(v):
    global G
    G = v


def fit(v):
    if isinstance(v, int):
        return v if -(1 << 80) < v < 1 << 80 else v % 1000003
    if isinstance(v, str):
        return v if len(v) < 30 else v[:7]
    if isinstance(v, (list, tuple)):
        return v if len(v) < 12 else v[:5]
    return v


def mul(a, b):
    """The product of numbers; that of a string or list and a large int would not fit."""
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return fit(a * b)
    raise TypeError


def key(v):
    """The value, but nan, of which no two need be the same key."""
    return v if v == v else 0


def same(a, b):
    """Identity of objects of classes here; that of floats and strings is nobody's business."""
    return isinstance(a, (P, T)) and a is b


def plain(v, depth=0):
    if depth > 3:
        return "..."
    if isinstance(v, T):
        return "%s(%s)" % (type(v).__name__, ", ".join("%s=%s" % (n, plain(getattr(v, n, None), depth + 1)) for n in "abc"))
    if isinstance(v, P):
        return "%s(%s)" % (type(v).__name__, ", ".join("%s=%s" % (n, plain(v.__dict__[n], depth + 1)) for n in sorted(v.__dict__)))
    if isinstance(v, list):
        return "[%s]" % ", ".join(plain(x, depth + 1) for x in v)
    if isinstance(v, tuple):
        return "(%s,)" % ", ".join(plain(x, depth + 1) for x in v)
    if isinstance(v, dict):
        return "{%s}" % ", ".join("%s: %s" % (plain(k, depth + 1), plain(x, depth + 1)) for k, x in v.items())
    if callable(v):
        return "<function>"
    return repr(v)


def note(v):
    text = plain(v)
    if len(notes) < 60 and text not in notes[-5:]:
        notes.append(text)


def show(name, function, *arguments):
    global fuel
    fuel = 30
    try:
        print(name, plain(function(*arguments)))
    except OutOfFuel:
        print(name, "out of fuel")
    except Exception as e:
        print(name, type(e).__name__)


def finish():
    print(turns, plain(G), plain(shared), plain(P.k))
    for n in notes:
        print(n)


def lines(e):
    """The lines of an exception's traceback, the last ones, and how many there are."""
    found = []
    t = e.__traceback__
    while t is not None:
        found.append(t.tb_lineno)
        t = t.tb_next
    return found[-6:], len(found)


def caught(e):
    """What can be seen of an exception; it is kept until the next."""
    global last
    again = e is last
    last = e
    return type(e).__name__, again, lines(e), type(e.__context__).__name__, type(e.__cause__).__name__


last = None


def drive(g, v):
    """A generator resumed in every way."""
    found = []
    for step in (lambda: next(g), lambda: g.send(v), lambda: g.throw(Own(v)), lambda: next(g), g.close):
        try:
            found.append(plain(step()))
        except Exception as e:
            found.append(type(e).__name__)
    return found


def depth(n):
    return 0 if n <= 0 else 1 + depth(n - 1)


def star(*a, k=1, **q):
    return len(a) + k + len(q)


class P:
    k = 5

    def __init__(self, a, b):
        self.a = a
        self.b = b

    def m(self, x):
        return x + 1

    def __add__(self, o):
        return P(fit(self.a + o.a), o.b)

    def __eq__(self, o):
        return self.a == o.a if isinstance(o, P) else NotImplemented

    @property
    def p(self):
        return self.k


class Q(P):
    def m(self, x):
        return super().m(x) * 2


class R(P):
    def __init__(self, a, b):
        self.c = 0
        super().__init__(a, b)

    def m(self, x):
        self.c += 1
        return self.c - x

    def __bool__(self):
        return self.c % 2 == 0


class S(Q):
    def __getattr__(self, name):
        return 7 if name == "c" else len(name)

    def __len__(self):
        return 2




class T:
    __slots__ = ("a", "b", "c")
    k = 4
    p = 1

    def __init__(self, a, b):
        self.a = a
        self.b = b

    def m(self, x):
        return x - 1

    def __add__(self, o):
        return T(fit(self.a + o.a), o.b)


class U(T):
    __slots__ = ("d",)

    def m(self, x):
        self.d = x
        return self.d + 1


class V(T):
    def m(self, x):
        self.d = x
        return super().m(x) + len(self.__dict__)
