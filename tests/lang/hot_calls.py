# Calls in hot loops: recursion, deep inlining, argument kinds, closures, mutual recursion, recursion errors.
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
def ack(m, n): return n + 1 if m == 0 else ack(m - 1, 1) if n == 0 else ack(m - 1, ack(m, n - 1))
def even(n): return True if n == 0 else odd(n - 1)
def odd(n): return False if n == 0 else even(n - 1)
def a(x): return b(x) + 1
def b(x): return c(x) * 2
def c(x): return d(x) - 3
def d(x): return e(x) + x
def e(x): return f(x, x) if x % 50 else f(x, 1.5)
def f(x, y): return g(x + y)
def g(x): return h(x, k=2)
def h(x, *r, k=1, **q): return x * k + len(r) + len(q)
def deep(n):
    s = 0
    for i in range(n): s += a(i)
    return s
def args(n):
    def p(a, b=2, *c, d=4, **e): return a + b + len(c) + d + len(e)
    s = 0
    t = (1, 2)
    k = {"d": 1}
    for i in range(n):
        s += p(i) + p(i, 1) + p(i, 1, 2, 3) + p(a=i) + p(i, d=1) + p(i, z=1) + p(*t) + p(*t, *t, **k) + p(i, **k, w=2)
    return s
def clos(n):
    k = 0
    def inc(v):
        nonlocal k
        k += v
        return k
    def mk(j): return lambda x: x + j + k
    s = 0
    for i in range(n):
        inc(i % 3)
        s += mk(i)(1)
    return s, k
def rec_loop(n):
    def r(k):
        if k <= 0: return 0
        s = 0
        for j in range(3): s += j
        return s + r(k - 1)
    return sum(r(i % 20) for i in range(n))
def depth(n):
    if n == 0: return 0
    return depth(n - 1) + 1
def runaway(n): return runaway(n + 1) + 1
def errors(n):
    c = 0
    for i in range(n):
        try: fib()
        except TypeError: c += 1
        try: h(1, x=2, **{"k": 3}, y=i)
        except TypeError: c += 100
        try: args(1, 2)
        except TypeError as x: c += len(str(x))
    return c
def methods(n):
    class O:
        def __init__(self): self.t = 0
        def a(self, x): return self.b(x, 1)
        def b(self, x, y=0): self.t += x + y; return self.c
        @property
        def c(self): return self.t & 15
    o = O()
    s = 0
    for i in range(n): s += o.a(i)
    return s, o.t
def builtin_calls(n):
    s = 0
    for i in range(n): s += abs(-i) + min(i, 5) + max(i, 3, 1) + len((1, 2)) + int("7") + divmod(i, 3)[1] + pow(i, 2, 7) + sum((i, 1)) + ord(chr(65 + i % 20)) + round(i / 4) + isinstance(i, int) + bool(i)
    return s
def higher(n):
    def compose(*fs):
        def run(x):
            for q in fs: x = q(x)
            return x
        return run
    t = compose(lambda x: x + 1, lambda x: x * 2, compose(abs, lambda x: x % 1000))
    v = 0
    for i in range(n): v = t(v)
    return v
def sort_calls(n):
    l = [i * 7919 % 1009 for i in range(n)]
    return sorted(l, key=lambda x: -x)[:5], sorted(l, key=lambda x: (x % 10, x))[:5]
def hanoi(n, s, t, v): return 0 if n == 0 else hanoi(n - 1, s, v, t) + 1 + hanoi(n - 1, v, t, s)
def recur_types(n, x): return x if n == 0 else recur_types(n - 1, x + x)
print(fib(18), ack(2, 9), even(500), odd(501), deep(2000), args(500), clos(2000), rec_loop(300), depth(700), errors(300), methods(2000), builtin_calls(1000), higher(1500), sort_calls(500), hanoi(10, 1, 2, 3))
print([recur_types(5, v) for v in (1, 1.5, "a", [1], (2,), 2**61)])
for i in range(5):
    try: runaway(0)
    except RecursionError as x: print(type(x).__name__, str(x)[:32])
print(depth(600), fib(15))
