# Functions that look at their own frame, called from hot loops that would inline them: locals(), vars(), dir(),
# eval, exec, globals(), with variables that are otherwise dead.


def snapshot(a, b):
    c = a + b
    return locals()


def outer():
    total = 0
    for i in range(1200):
        d = snapshot(i, 1)
        assert d == {"a": i, "b": 1, "c": i + 1}, d
        total += d["c"]
    return total


print(outer())

x = 5


def reads_globals():
    return globals()["x"] + len(vars())


def names(q):
    dead = q
    return dir()


def evaluates(z):
    unused = z * 2
    return eval("z + unused")


def executes(z):
    out = []
    exec("out.append(z)")
    return out[0]


def with_cell(n):
    k = n * 2

    def inner():
        return k

    return sorted(locals()), inner()



def generates(n):
    step = n
    while True:
        yield sorted(locals().items())
        step += 1


def aliased(p):
    f = locals
    return f()


for i in range(1200):
    assert reads_globals() == 5
    assert names(i) == ["dead", "q"], names(i)
    assert with_cell(i) == (["inner", "k", "n"], i * 2)
    assert aliased(i)["p"] == i

for i in range(40):
    assert evaluates(i) == 3 * i
    assert executes(i) == i

g = generates(1)
for i in range(1200):
    found = next(g)
    assert found == [("n", 1), ("step", 1 + i)], found

print(found)


def late(n):
    # The call is reached for the first time after the loop is compiled.
    s = 0
    for i in range(n):
        s += i
        if i > n - 3:
            return_value = locals()
            s += len(return_value)
    return s, sorted(return_value)


print(late(1200))
print(eval("x + 1"))


def in_class(v):
    class C:
        w = v
        found = sorted(k for k in locals() if not k.startswith("_"))

    return C.found


print([in_class(i) for i in range(100)][-1])
