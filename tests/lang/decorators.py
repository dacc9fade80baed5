# Decorators on functions, methods and classes; stacking; with arguments; order.
log = []
def deco(f):
    log.append("deco " + f.__name__)
    def w(*a, **k):
        return "<" + str(f(*a, **k)) + ">"
    w.__name__ = f.__name__
    return w
def tag(name):
    log.append("tag " + name)
    def d(f):
        log.append("apply " + name)
        def w(*a):
            return "%s(%s)" % (name, f(*a))
        return w
    return d
@deco
def one(x): return x
@tag("a")
@tag("b")
@deco
def two(x, y=2): return x + y
print(one(1), two(3), log, one.__name__)
def register(cls):
    cls.tag = "registered"
    return cls
def replace(cls): return 42
@register
class R: pass
@replace
class Q: pass
print(R.tag, Q)
class Count:
    def __init__(self, f): self.f, self.n = f, 0
    def __call__(self, *a):
        self.n += 1
        return self.f(*a)
@Count
def sq(x): return x * x
print(sq(3), sq(4), sq.n)
class M:
    @deco
    def m(self, x): return x + 1
    @staticmethod
    @deco
    def s(x): return x
    @classmethod
    def c(cls): return cls.__name__
    @property
    def p(self): return "prop"
print(M().m(1), M.s(5), M().s(6), M.c(), M().c(), M().p)
def cached(f):
    memo = {}
    def w(n):
        if n not in memo: memo[n] = f(n)
        return memo[n]
    w.memo = memo
    return w
@cached
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80), len(fib.memo))
@(lambda f: lambda: f() * 2)
def lam(): return 21
print(lam())
table = {}
def route(path):
    def d(f):
        table[path] = f
        return f
    return d
@route("/a")
def ha(): return "A"
@route("/b")
def hb(): return "B"
print({k: v() for k, v in table.items()})
