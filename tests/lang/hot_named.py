# getattr, hasattr, property setters, min and max of a few, empty keyword dicts, and exceptions, in hot loops.
N = 400


class Base:
    kind = "base"

    def __init__(self, x):
        self.x = x
        self._p = 0

    @property
    def p(self):
        return self._p

    @p.setter
    def p(self, v):
        if v < 0:
            raise ValueError("negative %d" % v)
        self._p = v

    @property
    def fixed(self):
        return 1

    def twice(self):
        return self.x * 2

    @staticmethod
    def stat():
        return "stat"


class Fallback(Base):
    def __getattr__(self, name):
        return name * 2


class Strict(Base):
    def __setattr__(self, name, v):
        object.__setattr__(self, name, v + 1 if name == "x" else v)


def attributes():
    out = []
    for cls in (Base, Fallback, Strict):
        o = cls(3)
        total = 0
        for i in range(N):
            total += getattr(o, "x") + getattr(o, "x", 100) + getattr(o, "p") + getattr(o, "twice")()
            total += len(getattr(o, "kind", "")) + len(getattr(o, "missing", "four")) + len(getattr(o, "stat")())
            total += hasattr(o, "x") + hasattr(o, "nothing") * 2 + hasattr(o, "kind") * 4
            if i == N // 2:
                cls.nothing = 1
                o.missing = "longer one"
        out.append(total)
        del cls.nothing
    return out


def missing():
    o = Base(1)
    errors = 0
    for i in range(N):
        try:
            getattr(o, "none")
        except AttributeError as e:
            errors += len(str(e))
    return errors


def setters():
    o = Base(0)
    total = 0
    for i in range(N):
        try:
            o.p = i - i % 5 * 100
        except ValueError as e:
            total += len(e.args)
        try:
            o.fixed = 3
        except AttributeError:
            total += 1
        total += o.p
    return total


def extremes():
    out = []
    values = [(1, 2), (2, 1), (1, 1.0), (1.0, 1), (0.5, 0.25), (float("nan"), 1.0), (1.0, float("nan")), (True, 1),
              ("a", "b"), (2**70, 3), (-0.0, 0.0)]
    for x, y in values:
        for i in range(N):
            r = (max(x, y), min(x, y), max(y, x, x), min(x, y, y, x))
        out.append(r)
    return out


def decorated(f):
    def wrapper(*args, **kwargs):
        return f(*args, **kwargs)

    return wrapper


@decorated
def add(a, b=10, *, c=0):
    return a + b + c


def keep(**kwargs):
    return kwargs


def keywords():
    total = 0
    for i in range(N):
        total += add(i) + add(i, 1)
        if i % 4 == 0:
            total += add(i, c=5)
        d = keep()
        d[i % 3] = i
        total += len(d) + len(keep(x=i, y=2))
    return total, d, keep()


class Odd(Exception):
    def __init__(self, n, *more):
        super().__init__("odd", n)
        self.n = n


class Plain(Odd):
    __init__ = Exception.__init__


class Keyed(Exception):
    def __init__(self, *, code):
        self.code = code


def raising():
    seen = []
    for i in range(N):
        try:
            if i % 6 == 0:
                raise Odd(i, 1)
            if i % 6 == 1:
                raise Plain(i, "two")
            if i % 6 == 2:
                raise Keyed(code=i)
            if i % 6 == 3:
                {}[i]
            if i % 6 == 4:
                [1, 2][i]
            {"a": 1}["b"]
        except (Odd, Keyed) as e:
            seen.append((type(e).__name__, e.args, e.__context__, e.__traceback__ is not None))
        except KeyError as e:
            try:
                raise StopIteration
            except StopIteration as stop:
                seen.append((e.args, stop.args, stop.value, stop.__context__ is e))
        except IndexError as e:
            seen.append(str(e))
    return seen[-6:], len(seen)


for f in (attributes, missing, setters, extremes, keywords, raising):
    print(f.__name__, f())
