# Names: builtins shadowed, globals created late, class scope, global in nested functions, del of globals.
def use(): return later_global
try:
    use()
except NameError as e:
    print(e)
later_global = 5
print(use())
del later_global
try:
    use()
except NameError as e:
    print(e)
def shadow_builtin():
    len = lambda x: "shadowed"
    return len([1])
print(shadow_builtin(), len([1]))
sum_saved = sum
def sum(x): return "my sum"
print(sum([1]))
del sum
print(sum([1, 2]), sum is sum_saved)
abs = 5
print(abs)
del abs
print(abs(-3))
x = 1
def f():
    x = 2
    def g():
        global x
        x = 3
        return x
    return g(), x
print(f(), x)
class A:
    x = 10
    def m(self): return x
    y = x + 1
    def n(self, x=x): return x
print(A().m(), A.y, A().n())
print(globals()["x"], "x" in globals(), "zzz" in globals(), globals() is globals())
globals()["injected"] = 99
print(injected)
def loc(a, b=2):
    c = 3
    return sorted(locals())
print(loc(1), __name__)
def g(n):
    if n: return k
    k = 1
    return k
print(g(0))
try:
    g(1)
except UnboundLocalError as e:
    print(e)
for i in range(3):
    def h(): return i
print(h(), i)
i = 50
print(h())
def cond(flag):
    if flag:
        def inner(): return "yes"
    else:
        def inner(): return "no"
    return inner()
print(cond(1), cond(0))
def counter():
    counter.n += 1
    return counter.n
counter.n = 0
counter(); counter()
print(counter.n)
import math as m, sys
from math import pi as PI, sqrt
print(m.floor(PI), sqrt(16), sys is not None)
try:
    from math import nothing_here
except ImportError as e:
    print(type(e).__name__, str(e).split("(")[0])
try:
    import no_such_module_here
except ModuleNotFoundError as e:
    print(e, e.name)
try:
    import math.sub
except ModuleNotFoundError as e:
    print(e)
