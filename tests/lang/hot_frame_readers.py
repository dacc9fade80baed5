# Functions that look at their caller's frame, by other names and by way of other functions, in hot loops.
import builtins

N = 2600
L, V, D, E, X, G = locals, vars, dir, eval, exec, globals


def a_locals(a):
    x = a
    return len(L())


def a_vars(a):
    x = a
    return sorted(V())


def a_dir(a):
    x = a
    return D()


def a_eval(a):
    x = a
    return E("x + 1")


def a_exec(a):
    x, out = a, []
    X("out.append(x)")
    return out


def of_module(a):
    x = 5
    return builtins.eval("x"), builtins.locals()["x"], sorted(builtins.vars())


def apply(f, *args):
    inside = 1
    return f(*args)


def apply_bare(f):
    inside = 1
    return f()


def applied(a):
    return len(apply(locals)), len(apply_bare(locals)), apply(eval, "inside"), "inside" in apply(dir), len(apply(vars))


def starred(a):
    x = 5
    return locals(*())["x"], eval(*["x"]), eval(*("x",), **{})


def as_key(a):
    x = 5
    return max(["x"], key=eval), min(["a", "x"], key=eval), sorted(["x", "a"], key=eval)


def as_element(a):
    x, y = 5, 1
    return list(map(eval, ["x", "y"])), list(filter(eval, ["x", "0"]))


def chosen(a):
    x = 5
    f = locals if a % 2 else vars
    return len(f()), [locals, vars, dict][a % 3]() == {}


def in_comprehension(a):
    x = 5
    return [eval("x") for q in (1, 2)], [len(locals()) > 0 for q in (1,)]


def in_lambda(a):
    return (lambda y: (y, eval("y"), locals()))(a % 2)


def in_generator(a):
    x = 5

    def g():
        y = 6
        yield sorted(locals())
        yield eval("y")
    return list(g())


def dead(a):
    x = a * 2
    y = x + 1
    x = None
    return E("y")


def caught(a):
    x = 5
    try:
        return E("x / 0")
    except ZeroDivisionError:
        return L()["x"]


class Method:
    def __call__(self, text):
        return 0

    f = eval
    g = staticmethod(eval)
    p = property(eval)

    def __init__(self):
        self.own = eval
        self.names = locals


def of_objects(a):
    x = 5
    m = Method()
    return m.own("x"), sorted(m.names()), Method.f("x"), m.g("x")


def by_iter(a):
    x = 5
    return next(iter(lambda: eval("1"), 0)), len(next(iter(locals, None)))


def of_globals(a):
    return G() is globals(), "N" in G(), apply_bare(globals) is G()


def new_class(a):
    return type("X", (), {}).__module__, type("Y", (object,), {"__module__": "m"}).__module__


def loop(f):
    seen = {}
    for i in range(N if f in (a_locals, a_vars, of_globals) else 250):
        try:
            v = str(f(i & 1))
        except Exception as e:
            v = type(e).__name__ + " " + str(e)
        seen[v] = seen.get(v, 0) + 1
    return seen


for f in (a_locals, a_vars, a_dir, a_eval, a_exec, of_module, applied, starred, as_key, as_element, chosen,
          in_comprehension, in_lambda, in_generator, dead, caught, of_objects, by_iter, of_globals, new_class):
    print(f.__name__, loop(f))

# Globals of another module: the class belongs to it, and so do names.
other = {"__name__": "other", "N": -1}
exec("""
def make():
    return type("X", (), {})
def names():
    return globals()["N"], eval("N"), __name__
def meta():
    class M(type):
        pass
    return M("Y", (), {}), M
""", other)


def of_other():
    seen = set()
    for i in range(250):
        seen.add(other["make"]().__module__)
        seen.add(other["names"]())
        if i % 50 == 0:
            seen.update(c.__module__ for c in other["meta"]())
        seen.add(type("Z", (), {}).__module__)
    return sorted(map(str, seen))


print(of_other())


# A function that is something else at first.
def late(change):
    f, seen = len, {}
    for i in range(N):
        x = i // 2000
        y = x + 1
        try:
            v = str(f("y"))
        except Exception as e:
            v = type(e).__name__
        seen[v] = seen.get(v, 0) + 1
        if i == change:
            f = eval
        if i == change + 40:
            f = len
    return seen


print(late(N - 500), late(N - 400))


def passed_late(key):
    seen = {}
    for i in range(N):
        name = "q"
        q = i // 2000
        v = str(max([name, name], key=key))
        seen[v] = seen.get(v, 0) + 1
        if i == N - 40:
            key = eval
    return seen


print(passed_late(len))
