# Imports of modules and packages: forms, caching, relative, circular, errors, star.
import plain_module
import plain_module as pm
from plain_module import get, set_x as setter, x
print(plain_module is pm, x, get(), pm.__name__)
setter(5)
print(x, pm.x, get())
pm.x = 7
print(get())
import pkg.late
print(pkg.value, pkg.late.Thing.tag, pkg.early.where(), pkg.late.deep.DEEP, pkg.sub.deep.name, pkg.late.DEEP)
from pkg import late, sub
from pkg.sub import deep as d
print(late is pkg.late, d is pkg.sub.deep, sub.__name__, pkg.__name__)
import pkg.sub.deep as dd
print(dd is d)
import sys
print("pkg.sub.deep" in sys.modules, sys.modules["pkg"] is pkg, sys.modules["__main__"].__name__)
from pkg import circle_a
print(circle_a.both(), circle_a.circle_b.seen)
for n in range(2):
    try:
        import pkg.broken
    except ValueError as e:
        print(e, "pkg.broken" in sys.modules, hasattr(pkg, "broken"))
for f in ("import pkg.nothing", "from pkg import nothing", "import nothing.at.all"):
    try:
        if f == "import pkg.nothing": import pkg.nothing
        elif f == "from pkg import nothing": from pkg import nothing
        else: import nothing.at.all
    except ImportError as e:
        print(type(e).__name__, str(e).split(" (")[0])
from plain_module import *
print("_private" in globals(), x)
from pkg import *
print(early.name, value, "_hidden" in globals())
def inside():
    import plain_module as q
    from pkg.early import name
    return q.x, name
print(inside())
try:
    pm.nope
except AttributeError as e:
    print(e)
try:
    pkg.nope
except AttributeError as e:
    print(e)
print(type(pm).__name__, hasattr(pm, "__file__"), sorted(k for k in vars(pm) if not k.startswith("__")))
