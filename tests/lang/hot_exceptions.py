# Exceptions in hot loops: raised and caught in the same loop, through calls, rarely, finally, nested.
def same(n):
    c = 0
    for i in range(n):
        try:
            if i % 3 == 0: raise ValueError(i)
            c += 1
        except ValueError as e:
            c += e.args[0]
    return c
def f(i):
    if i % 10 == 7: raise KeyError(i)
    return i
def g(i):
    try: return f(i)
    finally: calls.append(i) if i % 100 == 0 else None
calls = []
def through(n):
    c = 0
    for i in range(n):
        try: c += g(i)
        except KeyError as e: c -= e.args[0]
        else: c += 1
    return c, len(calls)
def rare(n):
    c = 0
    try:
        for i in range(n): c += 100 // (n - 5 - i)
    except ZeroDivisionError:
        return "zero", i, c
def index(n):
    l = [1, 2, 3]
    c = 0
    for i in range(n):
        try: c += l[i % 5]
        except IndexError: c += 100
    return c
def key(n):
    d = {i: i for i in range(0, 20, 2)}
    c = 0
    for i in range(n):
        try: c += d[i % 20]
        except KeyError as e: c += e.args[0] * 1000
    return c
def attr(n):
    class A: pass
    a = A()
    c = 0
    for i in range(n):
        if i % 4 == 1: a.x = i
        try:
            c += a.x
            del a.x
        except AttributeError: c += 1
    return c
def conv(n):
    c = 0
    w = ["1", "22", "x", "3.5", "-7"]
    for i in range(n):
        try: c += int(w[i % 5])
        except ValueError:
            try: c += float(w[i % 5]) * 2
            except ValueError: c -= 1
    return c
def fin(n):
    out = 0
    for i in range(n):
        try:
            if i % 5 == 0: continue
            if i == n - 1: break
            out += 1
        finally: out += 2
    return out
def uncaught_deep(n):
    def rec(k):
        if k == 0: raise IndexError("deep")
        try: return rec(k - 1) + 1
        except KeyError: return 0
    c = 0
    for i in range(n):
        try: rec(i % 12)
        except IndexError: c += 1
    return c
def chain(n):
    c = 0
    for i in range(n):
        try:
            try: [][i]
            except IndexError as e: raise TypeError(i) from e
        except TypeError as t:
            c += isinstance(t.__cause__, IndexError) and t.__context__ is t.__cause__
    return c
class Custom(Exception):
    def __init__(self, a, b): self.a, self.b = a, b
def custom(n):
    s = 0
    for i in range(n):
        try: raise Custom(i, 2)
        except Custom as e: s += e.a * e.b
    return s
def stop(n):
    it = iter([1, 2, 3])
    c = 0
    for i in range(n):
        try: c += next(it)
        except StopIteration: it = iter([i]); c += 1
    return c
def overflow(n):
    c = 0
    for i in range(n):
        try: c += len(str(2.0 ** (i * 3)))
        except OverflowError: c += 1000
    return c
class CM:
    n = 0
    def __enter__(self): CM.n += 1; return self
    def __exit__(self, t, v, tb):
        CM.n += 10 if t else 0
        return t is ValueError
def withs(n):
    c = 0
    for i in range(n):
        with CM() as m:
            if i % 3 == 0: raise ValueError
            c += m.n & 1
    return c, CM.n
def lines(n):
    seen = {}
    for i in range(n):
        try:
            if i % 2:
                f(7)
            else:
                [][0]
        except LookupError as e:
            tb = e.__traceback__
            depth = 0
            while tb:
                last = tb.tb_lineno
                tb = tb.tb_next
                depth += 1
            seen[last, depth] = seen.get((last, depth), 0) + 1
    return seen
print(same(2000), through(2000), rare(3000), index(2000), key(2000), attr(2000), conv(2000), fin(2000), uncaught_deep(600), chain(1000), custom(2000), stop(1000), overflow(500), withs(1000))
print(lines(1000))
