# Arithmetic of complex numbers with real ones, and with zeros, infinities and NaNs.
inf = float("inf")
nan = float("nan")
PARTS = [0.0, -0.0, 1.0, -2.5, 1e308, inf, -inf, nan]
REALS = [0.0, -0.0, 2.0, -2.5, inf, nan, 0, 3, True, -1]


def show(z):
    if isinstance(z, complex):
        return "(%s %s)" % (show(z.real), show(z.imag))
    return "nan" if z != z else repr(z)


OPERATIONS = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "**": lambda a, b: a ** b,
}


def value(f, a, b):
    try:
        return show(f(a, b))
    except (ZeroDivisionError, OverflowError) as e:
        return type(e).__name__ + " " + str(e)


def digest(f, pairs):
    lines = [value(f, a, b) for a, b in pairs]
    h = 7
    for line in lines:
        for c in line:
            h = (h * 31 + ord(c)) % 1000003
    return h, lines[::97]


numbers = [complex(a, b) for a in PARTS for b in PARTS[::2]]
for name, f in OPERATIONS.items():
    print(name, digest(f, [(r, z) for r in REALS for z in numbers]))
    print(name, digest(f, [(z, r) for r in REALS for z in numbers]))
    print(name, digest(f, [(z, w) for w in numbers for z in numbers[::3]]))


def hot(n):
    z, c = 1 + 1j, complex(inf, 2)
    found = {}
    for i in range(n):
        w = z * c if i % 5 else complex(0.5, -2) * complex(inf, inf)
        found[show(w)] = found.get(show(w), 0) + 1
        w = 2.0 * c - 1 + i % 2
        found[show(w)] = found.get(show(w), 0) + 1
        w = 0.0 / (1 + 2j)
        found[show(w)] = found.get(show(w), 0) + 1
    return found


print(hot(1000))
print(sum([0.0, 1e16, 1, -1e16]), sum([0j, 1e16, 1, -1e16]), sum([0j, 1e16 + 0j, 1.0, -1e16]), sum([0.1j] * 10))
print(sum([1, 2.5, 1j, 3, -0.0]), sum([complex(-0.0, -0.0)], start=complex(-0.0, -0.0)), sum([0.5, 2**70, 1, 1j]))
