# Special attributes set to values of every sort, and deleted: each refuses what it cannot be.
VALUES = (5, "a", None, (1,), [], {}, {"k": 1}, int, KeyError(2), True)


def shown(v):
    return type(v).__name__ if isinstance(v, dict) else repr(v)


def attempt(what, f, *args):
    try:
        f(*args)
        print(what, "ok")
    except (TypeError, AttributeError, ValueError) as x:
        print(what, type(x).__name__, x)


def set_all(target, *names, values=VALUES):
    for name in names:
        for v in values:
            attempt(f"{name} = {shown(v)}:", setattr, target, name, v)
        attempt(f"del {name}:", delattr, target, name)


print("-- exceptions")
e = ValueError("x")
set_all(e, "__traceback__", "__cause__", "__context__", "__suppress_context__", "args", "__notes__")
for v in VALUES:
    attempt(f"with_traceback({shown(v)})", e.with_traceback, v)
e.__notes__ = 5
attempt("note on a number", e.add_note, "n")
attempt("note that is a number", ValueError().add_note, 1)

print("-- functions")


def f(a, b=2, *, c=3):
    return a, b, c


def g(a, b, *, c=4):
    return c, b, a


def closure():
    def inner():
        return e
    return inner


f.own = 1
set_all(f, "__name__", "__qualname__", "__defaults__", "__kwdefaults__", "__closure__", "__globals__", "__annotations__")
attempt("no defaults left", f, 1)
f.__defaults__, f.__kwdefaults__ = (7, 8), {"c": 9}
print(f(), f(1), f(1, 2))
attempt("code of a closure", setattr, f, "__code__", closure().__code__)
attempt("no code", setattr, f, "__code__", 1)
f.__code__ = g.__code__
print(f(), f(1), f(1, 2))
set_all(f, "__dict__", values=(5, None, {"other": 1}))
print(f.other, hasattr(f, "own"))

print("-- classes")


class A:
    x = 1


class B(A):
    pass


set_all(B, "__mro__", "__dict__", "__doc__", "__module__", "__qualname__", values=(5, None, {}))
B.__qualname__ = "B"
set_all(B, "__class__", values=(5, type, A))
for bases in (5, (), (1,), (B,), (A, A), (A,)):
    attempt(f"__bases__ = {bases!r}".replace("__main__.", ""), setattr, B, "__bases__", bases)
attempt("del __bases__", delattr, B, "__bases__")
attempt("name", setattr, B, "__name__", 5)
attempt("built-in", setattr, int, "__name__", "x")
B.__abstractmethods__ = (1,)
attempt("abstract number", B)
del B.__abstractmethods__
print(B.x, B().x)
attempt("qualified name in the body", type, "C", (), {"__qualname__": 5})

print("-- instances, generators, modules, properties")
b = B()
b.y = 1
set_all(b, "__class__", values=(5, None, int))
b.__class__ = A
print(type(b).__name__, b.y)
set_all(b, "__dict__", values=(5, None, {"z": 2}))
print(b.__dict__, hasattr(b, "z"))


class Slots:
    __slots__ = ("s",)


attempt("layouts", setattr, b, "__class__", Slots)
attempt("slots have no dict", setattr, Slots(), "__dict__", {})


def generator():
    yield 1


set_all(generator(), "__name__", "__qualname__", "gi_code", "gi_running", values=(5, "a", None))
import math
attempt("__dict__ of a module", setattr, math, "__dict__", {})
print(math.sqrt(4.0))
set_all(property(len), "fget", "fset", "fdel", values=(5, None))
attempt("a function of no code", type(len), 1, 2)
attempt("a generator of nothing", type(generator()))

print("-- chains of exceptions that come back")
x, y = ValueError("x"), ValueError("y")
x.__context__, y.__context__ = y, x
try:
    try:
        raise x
    except ValueError:
        raise KeyError("z")
except KeyError as z:
    print(repr(z), repr(z.__context__), repr(z.__context__.__context__))
