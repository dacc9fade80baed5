# Generators: next, send, throw, close, return values, yield from, states, laziness.
def count(n):
    for i in range(n):
        yield i
    return "done"
g = count(2)
print(next(g), next(g), iter(g) is g, type(g).__name__)
try:
    next(g)
except StopIteration as e:
    print("stop", e.value)
print(next(g, "default"), list(count(4)), sum(count(5)), tuple(count(0)), 3 in count(5), max(count(4)))
def echo():
    got = None
    while True:
        got = yield got
        if got == "stop": return "returned"
e = echo()
print(next(e), e.send(1), e.send("x"))
try:
    e.send("stop")
except StopIteration as s:
    print(s.value)
try:
    echo().send(5)
except TypeError as x:
    print(x)
print(echo().send(None))
def catcher():
    while True:
        try:
            x = yield "ready"
            print("got", x)
        except ValueError as v:
            print("caught", v)
            yield "handled"
        finally:
            print("loop end")
c = catcher()
next(c)
print(c.throw(ValueError("boo")), next(c), c.send(3))
try:
    c.throw(KeyError("out"))
except KeyError as k:
    print("escaped", k)
try:
    next(c)
except StopIteration:
    print("finished")
def closer():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("closing")
        raise
    finally:
        print("cleaned")
c = closer()
next(c); c.close(); c.close()
print(list(c))
closer().close()
def stubborn():
    try: yield 1
    except GeneratorExit: yield 2
s = stubborn(); next(s)
try:
    s.close()
except RuntimeError as r:
    print(r)
def inner():
    try:
        x = yield "i1"
        print("inner got", x)
        yield "i2"
    except ValueError as v:
        print("inner caught", v)
        yield "i3"
    return "inner result"
def outer():
    r = yield from inner()
    print("result", r)
    r = yield from [10, 20]
    print(r)
    yield from ()
    return (yield from inner())
o = outer()
print(next(o), o.send("hello"), next(o), next(o), next(o), o.throw(ValueError("tv")))
try:
    next(o)
except StopIteration as s:
    print(s.value)
o = outer(); next(o); o.close()
def bad():
    yield 1
    raise StopIteration("inside")
try:
    list(bad())
except RuntimeError as r:
    print(r)
def running():
    yield next(me)
me = running()
try:
    next(me)
except ValueError as v:
    print(v)
try:
    count(1).throw(IndexError("early"))
except IndexError as i:
    print(i)
def tree(t):
    if t:
        yield from tree(t[0])
        yield t[1]
        yield from tree(t[2])
print(list(tree((((), 1, ()), 2, ((), 3, ((), 4, ()))))))
def fibs():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
def take(n, it):
    for i, v in enumerate(it):
        if i == n: return
        yield v
print(list(take(10, fibs())), [v for v in take(3, fibs())], list(zip(fibs(), "abcde")))
def args(*a, k=1, **kw):
    yield a
    yield k
    yield kw
print(list(args(1, 2, k=3, z=4)))
def order(log):
    log.append("start")
    yield
    log.append("end")
log = []
x = order(log)
print(log); next(x); print(log); print(list(x), log)
def nested():
    def g():
        nonlocal n
        n += 1
        yield n
    n = 0
    return list(g()) + list(g())
print(nested())
def expr():
    x = (yield 1) + (yield 2)
    yield x
    y = yield
    print("y", y)
    yield (yield)
e = expr()
print(next(e), e.send(10), e.send(20), next(e), e.send(5), e.send("z"))
class It:
    def __init__(self, n): self.n = n
    def __iter__(self):
        for i in range(self.n):
            yield self, i
print([i for _, i in It(3)], list(i for s, i in It(2)))
def lam(): return (lambda: (yield 5))()
print(list(lam()))
def ret_only():
    return 1
    yield
print(list(ret_only()))
def sub_iter():
    yield from It2()
class It2:
    def __init__(self): self.i = 0
    def __iter__(self): return self
    def __next__(self):
        self.i += 1
        if self.i > 2: raise StopIteration("val")
        return self.i
def wrap():
    r = yield from It2()
    yield r
print(list(sub_iter()), list(wrap()))
s = sub_iter(); next(s)
try:
    s.send(3)
except AttributeError as a:
    print(a)
try:
    def tb(): yield from 5
    next(tb())
except TypeError as t:
    print(t)
a, b, *r = count(5)
print(a, b, r, sorted(count(3), reverse=True), dict(enumerate(count(2))), [*count(2), *count(1)], "".join(str(c) for c in count(3)))
def exc_in():
    try:
        yield 1 / 0
    except ZeroDivisionError:
        yield "zd"
    for i in (1, 2):
        try:
            yield i
        finally:
            yield "f%d" % i
print(list(exc_in()))
