# __cause__, __context__, __suppress_context__, raise from.
def show(e, depth=0):
    print("  " * depth + repr(e), e.__suppress_context__)
    if e.__cause__ is not None: print("  " * depth + "cause:"); show(e.__cause__, depth + 1)
    if e.__context__ is not None: print("  " * depth + "context:"); show(e.__context__, depth + 1)
def case(f):
    try:
        f()
    except BaseException as e:
        show(e)
def a():
    try: 1 / 0
    except ZeroDivisionError: raise ValueError("v")
def b():
    try: {}["k"]
    except KeyError as e: raise ValueError("v") from e
def c():
    try: [][0]
    except IndexError: raise ValueError("v") from None
def d():
    try:
        try: raise KeyError(1)
        finally: raise IndexError(2)
    except IndexError as e:
        raise TypeError(3)
def e():
    raise ValueError from TypeError
def f():
    raise ValueError from 5
def g():
    try: raise ValueError("same")
    except ValueError as x: raise x
def h():
    try: raise KeyError("a")
    except KeyError:
        try: raise IndexError("b")
        except IndexError: pass
        raise TypeError("c")
def i():
    try: raise KeyError("a")
    except KeyError: pass
    raise TypeError("clean")
def j():
    class CM:
        def __enter__(self): pass
        def __exit__(self, *a): raise RuntimeError("exit")
    with CM():
        raise ValueError("body")
def k():
    def gen():
        try: yield
        finally: raise KeyError("in gen")
    x = gen()
    next(x)
    x.throw(ValueError("thrown"))
def l():
    def gen():
        yield 1
        raise StopIteration("bad")
    list(gen())
def m():
    x = ValueError("cause set")
    x.__cause__ = KeyError("k")
    raise x
def n():
    def inner():
        raise KeyError("from call")
    try: raise ValueError("outer")
    except ValueError: inner()
for case_function in (a, b, c, d, e, f, g, h, i, j, k, l, m, n):
    print(case_function.__name__)
    case(case_function)
import sys
print(sys.exc_info())
try:
    raise KeyError("info")
except KeyError:
    t, v, tb = sys.exc_info()
    print(t.__name__, v, tb is v.__traceback__, tb.tb_lineno)
    try:
        raise ValueError
    except ValueError:
        print(sys.exc_info()[0].__name__)
    print(sys.exc_info()[0].__name__)
print(sys.exc_info()[0])
