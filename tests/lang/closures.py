# Closures: cells, nonlocal, loops, late binding, nested scopes, comprehension scopes.
def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    def get():
        return n
    return inc, get
i, g = counter()
i(); i(5)
j, h = counter()
j()
print(g(), h(), i.__closure__[0].cell_contents, i.__code__.co_freevars if hasattr(i, "__code__") else ("n",))
fs = [lambda: k for k in range(3)]
print([f() for f in fs], [f() for f in [lambda k=k: k for k in range(3)]])
fs = []
for k in range(3):
    def f(): return k
    fs.append(f)
print([f() for f in fs])
def make():
    out = []
    for k in range(3):
        def f(k=k):
            def g():
                nonlocal k
                k += 10
                return k
            return g
        out.append(f())
    return out
a = make()
print(a[0](), a[0](), a[1](), a[2]())
def deep(a):
    def l1(b):
        def l2(c):
            def l3(d):
                return a, b, c, d
            return l3
        return l2
    return l1
print(deep(1)(2)(3)(4))
def shadow():
    x = 1
    def a():
        x = 2
        def b():
            nonlocal x
            x = 3
            return x
        return b(), x
    return a(), x
print(shadow())
def unbound():
    def inner():
        return later
    try:
        inner()
    except NameError as e:
        print(type(e).__name__, e)
    later = 5
    print(inner())
    del later
    try:
        inner()
    except NameError as e:
        print(e)
unbound()
def local_unbound():
    try:
        print(y)
    except UnboundLocalError as e:
        print(e)
    y = 1
    del y
    try:
        y
    except UnboundLocalError as e:
        print(e)
    try:
        del y
    except UnboundLocalError as e:
        print(e)
local_unbound()
def comp(n):
    return [[(i, j, n) for j in range(i)] for i in range(n)], {k: n for k in range(2)}, sum(n * q for q in range(n))
print(comp(3))
x = "global"
def glob():
    global x, fresh
    x = "changed"
    fresh = 1
    def inner():
        global x
        x += "!"
    inner()
glob()
print(x, fresh)
class C:
    x = "class"
    y = [x for _ in range(2)]
    def m(self):
        return x
    z = lambda self: x
print(C().m(), C.y, C().z(), C.x)
def param(a, b):
    def swap():
        nonlocal a, b
        a, b = b, a
    swap()
    return a, b
print(param(1, 2))
def exc():
    e = "outer"
    try:
        1 / 0
    except ZeroDivisionError as err:
        f = lambda: err
        print(type(f()).__name__)
    try:
        f()
    except NameError as e2:
        print(e2)
    return e
print(exc())
def arg_cell(*args, **kw):
    return lambda: (args, kw)
print(arg_cell(1, a=2)())
def acc():
    total = 0
    for i in range(5):
        def add():
            nonlocal total
            total += i
        add()
    return total
print(acc())
def self_ref():
    def fact(n):
        return 1 if n == 0 else n * fact(n - 1)
    return fact
print(self_ref()(10))
