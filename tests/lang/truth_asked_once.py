# How often conditions ask an object for its truth: `and`, `or`, `not` and conditional expressions within each other.


class Truth:
    asked = 0

    def __init__(self, value):
        self.value = value

    def __bool__(self):
        Truth.asked += 1
        return self.value

    def __lt__(self, other):
        return Truth(self.value and other.value)

    def __repr__(self):
        return f"T{self.value:d}"


EXPRESSIONS = """\
f and g or h
(f or g) and h
(f or g) or h
(f and g) and h
f and (g or h)
f or (g and h)
f and 1 or 2
f and 0 or 2
(f or 0) and 5
(f or 1) and g
((f and g) or h) and f
((f or g) and h) or f
((f and g) and h) or g
(f and g or h and f) and g
(f or g) and (h or f) or g
not f
not not f
not (f and g)
not (f or g)
(not f) or g
(not (f and g)) or h
not (not f and g)
(f and not g) or h
(f < g < h) or h
not (f < g < h)
(f and g < h) or h
(f < g or h) and f < h
(f and g if h else h) or f
(f if g else h and f) or g
(f if g and h else h) or g
((f or g if g else h) if h else f and g) or h
not (f if g else h)
not (f and g if g else h)
((y := f and g)) or h
(f and (y := g)) or h
1 if (y := f and g) else 2
1 if f and g or h else 2
1 if (f or g) and h else 2
1 if (f if g else h) else 2
1 if (f and g if h else g or h) else 2
1 if not (f and (g or not h)) else 2
1 if (f or 0) and 5 else 2
bool(f and g)
(lambda: f and g)() or h
f"{f and g}" or h
[i for i in (1, 2) if (f or g) and h]
[i for i in (1, 2) if f if g and h or f]
{i: i for i in (1,) if not (f and g)}
list(i for i in (1, 2) if f and g or h)
(f and g or h, f or g)
[f and g or h][0] and g
(f or (g and (h or 0))) and 1
"""


def in_if(a, b, c):
    if (a or b) and c:
        return 1
    elif not (a and b) or c:
        return 2
    return 3


def in_while(a, b, c):
    n = 0
    while (a and b or c) and n < 3:
        n += 1
    return n


def in_while_not(a, b, c):
    n = 0
    while not (a and b) and (c or n < 2):
        n += 1
        if n == 4:
            break
    return n


def in_assert(a, b, c):
    try:
        assert (a or b) and c, a and b or c
        assert not (a and b)
    except AssertionError as e:
        return e.args
    return None


def in_generator(a, b, c):
    def inner():
        x = (yield 1) and b or c
        yield x
        yield (a or b) and c
    it = inner()
    next(it)
    return [it.send(a), *it]


def in_default(a, b, c, d=lambda p, q, r: p and q or r):
    return d(a, b, c) and d(b, c, a)


def as_variable(a, b, c):
    a = a and b or c
    b = (a or b) and a
    return a, b


def show(name, function):
    results = []
    for number in range(8):
        operands = [Truth(bool(number >> bit & 1)) for bit in (2, 1, 0)]
        Truth.asked = 0
        result = function(*operands)
        results.append(f"{result}:{Truth.asked}")
    print(name, "|", *results)


for expression in EXPRESSIONS.splitlines():
    show(expression, eval("lambda f, g, h: " + expression))
for function in (in_if, in_while, in_while_not, in_assert, in_generator, in_default, as_variable):
    show(function.__name__, function)


def hot(n):
    truths = [Truth(False), Truth(True)]
    kept = 0
    for i in range(n):
        f, g, h = truths[i & 1], truths[i >> 1 & 1], truths[i >> 2 & 1]
        x = f and g or h
        y = (f or 0) and 5
        if (f or g) and h or not (g and h):
            kept += 1
        z = (x if h else f and g) or y
        if z and (x or y):
            kept += 2
    return kept, x, y, z


Truth.asked = 0
print(hot(1003), Truth.asked)
