# Things that compiled code relies on, changed in mid-loop: globals, class attributes, methods, functions, defaults, __class__, builtins.
G = 1
def globals_change(n):
    global G
    s = 0
    G = 1
    for i in range(n):
        s += G
        if i == n // 2: G = 10
        if i == n - 10: G = 0.5
    return s
def helper(x): return x + 1
def function_replaced(n):
    global helper
    s = 0
    for i in range(n):
        s += helper(i)
        if i == n // 2:
            old = helper
            def helper(x): return x * 2
        if i == n - 3: helper = lambda x: -1
    helper = old
    return s
class A:
    k = 1
    def m(self): return self.k
class B(A): pass
def class_attr(n):
    A.k = 1
    b = B()
    s = 0
    for i in range(n):
        s += b.k + A.k + b.m()
        if i == n // 3: A.k = 5
        if i == n // 2: B.k = 7
        if i == n * 2 // 3: b.k = 11
        if i == n - 5: del B.k, b.k
    return s
def method(n):
    class M:
        def f(self): return 1
    class N(M): pass
    o = N()
    s = 0
    for i in range(n):
        s += o.f()
        if i == n // 4: M.f = lambda self: 10
        if i == n // 2: N.f = lambda self: 100
        if i == n * 3 // 4: o.f = lambda: 1000
        if i == n - 5: N.__class__ if False else None
    return s
def cls_change(n):
    class P:
        def f(self): return 1
    class Q:
        def f(self): return 2
    o = P()
    s = 0
    for i in range(n):
        s += o.f() + isinstance(o, P) * 10
        if i == n // 2: o.__class__ = Q
    return s
def defaults(n):
    def f(a=1): return a
    s = 0
    for i in range(n):
        s += f()
        if i == n // 2: f.__defaults__ = (50,)
    return s
def code_attr(n):
    def f(): return f.v
    f.v = 1
    s = 0
    for i in range(n):
        s += f()
        if i == n // 2: f.v = 2.5
    return s
def builtin(n):
    global len
    s = 0
    for i in range(n):
        s += len([1, 2])
        if i == n // 2:
            def len(x): return 1000
        if i == n - 10: del len
    return s
def cell(n):
    k = 1
    def get(): return k
    s = 0
    for i in range(n):
        s += get()
        if i == n // 2: k = 3
        if i == n - 1: k = "x"
    return s, get()
def bases(n):
    class X:
        v = 1
    class Y:
        v = 2
    class Z(X): pass
    z = Z()
    s = 0
    for i in range(n):
        s += z.v
        if i == n // 2: Z.__bases__ = (Y,)
    return s
def operator_added(n):
    class O:
        def __init__(self, v): self.v = v
        def __add__(self, o): return self.v + o
    o = O(1)
    s = 0
    for i in range(n):
        s += o + i
        if i == n // 2: O.__add__ = lambda self, x: 0
    return s
def data_descriptor_added(n):
    class O: pass
    o = O()
    o.v = 1
    s = 0
    for i in range(n):
        s += o.v
        if i == n // 2: O.v = property(lambda self: 9)
        if i == n - 10: del O.v
    return s
def dict_changed(n):
    class O: pass
    o = O()
    o.v = 1
    s = 0
    for i in range(n):
        s += o.v
        if i == n // 2: o.__dict__["v"] = 4
        if i == n - 10: vars(o).update(v=6)
    return s
def repeatedly(n):
    s = 0
    for i in range(n):
        A.k = i % 4
        s += A.k + A().m()
    return s
def global_in_loop(n):
    global G
    G = 0
    for i in range(n): G += i
    return G
def new_global(n):
    s = 0
    for i in range(n):
        try: s += brand_new
        except NameError: s -= 1
        if i == n // 2: globals()["brand_new"] = 3
    return s
import math
def module_attr(n):
    s = 0
    old = math.floor
    for i in range(n):
        s += math.floor(i / 3)
        if i == n // 2: math.floor = lambda v: -1
    math.floor = old
    return s
for f in (globals_change, function_replaced, class_attr, method, cls_change, defaults, code_attr, builtin, cell, bases, operator_added, data_descriptor_added, dict_changed, repeatedly, global_in_loop, new_global, module_attr):
    print(f.__name__, f(2000))
