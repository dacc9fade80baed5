# try/except/else/finally in every combination; matching; args; hierarchy; custom classes.
def run(f):
    out = []
    try:
        out.append("try")
        f()
    except ValueError as e:
        out.append("ValueError %s" % e)
    except (KeyError, IndexError) as e:
        out.append("lookup %r" % e)
    except Exception as e:
        out.append("other %s" % type(e).__name__)
    else:
        out.append("else")
    finally:
        out.append("finally")
    return out
def r(e): raise e
for f in (lambda: 1, lambda: r(ValueError("v")), lambda: {}["k"], lambda: [][1], lambda: r(TypeError), lambda: 1 / 0, lambda: r(UnicodeError("u")), lambda: r(KeyError(1, 2))):
    print(run(f))
for e in (ValueError(), ValueError("a"), ValueError("a", 1), KeyError("k"), KeyError(), IndexError("i"), OSError(2, "msg"), StopIteration(5), SystemExit(3), AttributeError("x"), NameError("n"), Exception(None), RuntimeError(("t",)), ZeroDivisionError("z")):
    print(repr(e), "|", str(e), "|", e.args)
print(StopIteration(7).value, SystemExit(4).code, issubclass(KeyError, LookupError), issubclass(IndexError, LookupError), issubclass(ZeroDivisionError, ArithmeticError), issubclass(OverflowError, ArithmeticError), issubclass(RecursionError, RuntimeError), issubclass(NotImplementedError, RuntimeError), issubclass(UnboundLocalError, NameError), issubclass(KeyboardInterrupt, Exception), issubclass(FileNotFoundError, OSError), issubclass(ModuleNotFoundError, ImportError), issubclass(UnicodeDecodeError, ValueError), IOError is OSError)
class E1(Exception): pass
class E2(E1):
    def __init__(self, code, *a):
        super().__init__(code, *a)
        self.code = code
    def __str__(self): return "E2 code %d" % self.code
try:
    raise E2(5, "x")
except E1 as e:
    print(repr(e), e, e.code, e.args, type(e).__mro__[1].__name__)
try:
    raise E1
except E1 as e:
    print(repr(e), e.args, str(e) == "")
def no_match():
    try:
        raise KeyError("inner")
    except ValueError:
        print("no")
    finally:
        print("cleanup")
try:
    no_match()
except KeyError as e:
    print("outer", e)
def reraise():
    try:
        raise ValueError("again")
    except ValueError:
        raise
try:
    reraise()
except ValueError as e:
    print(e)
for bad in (5, "str", None, int, object()):
    try:
        raise bad
    except TypeError as e:
        print(e)
try:
    raise
except RuntimeError as e:
    print(e)
try:
    try:
        raise ValueError
    except 5:
        pass
except TypeError as e:
    print(e)
def dyn(kinds):
    try:
        raise IndexError("d")
    except kinds as e:
        return type(e).__name__
print(dyn(IndexError), dyn((ValueError, LookupError)), dyn(Exception), dyn((TypeError, (ValueError, IndexError))) if False else "skip")
try:
    x = 1
    raise KeyError("gone")
except KeyError as x:
    pass
try:
    x
except NameError as e:
    print(e)
def deep(n):
    if n == 0: raise LookupError("bottom")
    try:
        deep(n - 1)
    finally:
        trail.append(n)
trail = []
try:
    deep(5)
except LookupError as e:
    print(e, trail)
def loop():
    out = []
    for i in range(6):
        try:
            if i == 1: continue
            if i == 3: raise ValueError(i)
            if i == 5: break
            out.append(i)
        except ValueError as e:
            out.append("v%s" % e)
        else:
            out.append("e%d" % i)
        finally:
            out.append("f%d" % i)
    return out
print(loop())
def nested():
    try:
        try:
            raise ValueError(1)
        finally:
            try:
                raise KeyError(2)
            except KeyError:
                print("inner key")
    except ValueError as e:
        print("outer", e)
nested()
try:
    try:
        raise ValueError("first")
    except ValueError:
        raise KeyError("second")
except KeyError as e:
    print(e, repr(e.__context__), e.__cause__)
class Eq(Exception):
    def __eq__(self, o): return True
    __hash__ = Exception.__hash__
print(Eq(1) == 5, ValueError(1) == ValueError(1), ValueError == ValueError)
e = ValueError("kept", 1)
e.extra = "attr"
e.args = ("new",)
print(e, e.extra, e.args, e.__traceback__)
try:
    raise e
except ValueError as f:
    print(f is e, f.__traceback__ is not None, type(f.__traceback__).__name__)
e.add_note("note one")
print(e.__notes__, e.with_traceback(None) is e, e.__traceback__)
def gen():
    try:
        yield 1
    except ValueError:
        yield "caught"
    finally:
        print("gen finally")
g = gen()
next(g)
print(g.throw(ValueError))
print(list(g))
try:
    int("q")
except (TypeError, ValueError) as err:
    print("int:", err)
print([f(3) for f in (lambda n: n,)], BaseException("b"), BaseException().args, Exception("a") is Exception)
try:
    raise BaseException("base")
except Exception:
    print("wrong")
except BaseException as e:
    print(repr(e))
try:
    raise SystemExit
except SystemExit as e:
    print(repr(e), e.code)
try:
    import sys
    sys.exit("bye")
except SystemExit as e:
    print(e.code, e.args)
