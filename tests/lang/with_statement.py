# with: enter, exit, suppression, several managers, targets, errors, return and loops inside.
log = []
class CM:
    def __init__(self, name, suppress=False, fail=None):
        self.name, self.suppress, self.fail = name, suppress, fail
    def __enter__(self):
        log.append("enter " + self.name)
        if self.fail == "enter": raise RuntimeError("enter failed")
        return self.name.upper()
    def __exit__(self, t, v, tb):
        log.append("exit %s %s %s %s" % (self.name, t and t.__name__, v, tb is not None))
        if self.fail == "exit": raise RuntimeError("exit failed")
        return self.suppress
def flush():
    print(log)
    log.clear()
with CM("a") as x: log.append(x)
flush()
with CM("a") as x, CM("b") as y: log.append(x + y)
flush()
with (CM("a") as x, CM("b"), CM("c") as z,): log.append(x + z)
flush()
with CM("s", True): raise ValueError("hidden")
flush()
try:
    with CM("n"): raise ValueError("seen")
except ValueError as e: log.append(repr(e))
flush()
with CM("o", True), CM("i"): raise KeyError("k")
flush()
for kw in ({"fail": "enter"}, {"fail": "exit"}, {"fail": "exit", "suppress": True}):
    try:
        with CM("f", **kw): log.append("body")
    except RuntimeError as e: log.append(str(e))
    flush()
def ret():
    with CM("r") as v: return v
print(ret()); flush()
def loop():
    for i in range(4):
        with CM("l%d" % i):
            if i == 1: continue
            if i == 2: break
    return i
print(loop()); flush()
class T: pass
t = T(); d = {}
with CM("t") as t.attr, CM("u") as d["k"]: pass
class Pair(CM):
    def __enter__(self): return 1, 2
with Pair("p") as (q, r): pass
print(t.attr, d, q, r); flush()
for bad in (5, T()):
    try:
        with bad: pass
    except TypeError as e: print(e)
class OnlyEnter:
    def __enter__(self): return 1
try:
    with OnlyEnter(): pass
except TypeError as e: print(e)
class InstExit:
    pass
ie = InstExit(); ie.__enter__ = lambda: 1; ie.__exit__ = lambda *a: 1
try:
    with ie: pass
except TypeError as e: print("TypeError")
def gen():
    with CM("g") as g:
        yield g
        yield 2
g = gen()
next(g); g.close(); flush()
with CM("x1"):
    try:
        with CM("x2"): raise IndexError
    except IndexError: log.append("handled")
flush()
try:
    with CM("z1"):
        try: raise ValueError(1)
        finally: log.append("fin")
except ValueError: pass
flush()
class Suppress:
    def __init__(self, *k): self.k = k
    def __enter__(self): return self
    def __exit__(self, t, v, tb): return t is not None and issubclass(t, self.k)
with Suppress(ZeroDivisionError, KeyError):
    1 / 0
with Suppress(KeyError):
    {}[1]
try:
    with Suppress(KeyError): [][1]
except IndexError: print("through")
