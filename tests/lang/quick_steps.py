"""The interpreter's own steps: iterators in loops, new keys, plain orders, short searches, case maps, class calls."""

# zip, enumerate and reversed in loops, alone and in each other
for a, b in zip([1, 2, 3], "xyz"):
    print(a, b, end="; ")
print()
for a, b in zip(range(5), (x * x for x in range(3))):
    print(a, b, end="; ")
print()
it = iter([1, 2, 3, 4, 5])
for a, b in zip(it, it):
    print(a, b, end="; ")
print(next(it, "none"))
long = iter(range(10))
for a, b in zip([1, 2], long):
    pass
print(next(long))
long = iter(range(10))
for a, b in zip(long, [1, 2]):
    pass
print(next(long))
for a, b, c in zip("ab", "cd", "ef"):
    print(a + b + c, end=" ")
for t in zip():
    print("never")
for t in zip("pq"):
    print(t, end=" ")
print()
try:
    for a, b in zip([1, 2, 3], [1, 2], strict=True):
        print(a, b, end=" ")
except ValueError as error:
    print("strict:", type(error).__name__)
for i, (a, b) in enumerate(zip("abc", [10, 20, 30]), 5):
    print(i, a, b, end="; ")
for i, (j, x) in enumerate(enumerate("uv", 3)):
    print(i, j, x, end="; ")
print()
for i, x in enumerate("ab", 10**30):
    print(i, x, end="; ")
for i, x in enumerate({"k": 1, "l": 2}.items()):
    print(i, x, end="; ")
print()

# reversed over lists that change
numbers = [1, 2, 3, 4]
for x in reversed(numbers):
    print(x, end=" ")
    if x == 3:
        del numbers[1:]
print(numbers)
for x in reversed((1.5, "two", None)):
    print(x, end=" ")
for x in reversed({"a": 1, "b": 2}):
    print(x, end=" ")
for x in reversed(range(3)):
    print(x, end=" ")
print()


class Backwards:
    def __len__(self):
        return 3

    def __getitem__(self, i):
        return i * 10


for x in reversed(Backwards()):
    print(x, end=" ")
print()

# dicts and sets that change under a loop
d = {"a": 1, "b": 2}
try:
    for k in d:
        d[k + k] = 3
except RuntimeError as error:
    print(error)
s = {1, 2, 3}
try:
    for x in s:
        s.add(x + 10)
except RuntimeError as error:
    print(error)
d = {i: i for i in range(6)}
del d[2], d[5]
for k in d:
    print(k, end=" ")
for k, v in d.items():
    d[k] = v + 1
print(d, list(d.values()))
for x in set():
    print("never")
for x in frozenset([7]):
    print(x)

# new keys
d = {}
for k in ("a", 1, 1.0, True, None, (1, "x"), "a"):
    d[k] = d.get(k, 0) + 1
print(d)
s = set()
for k in ("a", 1, 1.0, (1, 2), (1, 2), frozenset([1])):
    s.add(k)
print(len(s))
for bad in ([], {}, set(), ([],)):
    for act in (lambda k: {k: 1}, lambda k: {k}, lambda k: d.__setitem__(k, 1), lambda k: s.add(k)):
        try:
            act(bad)
        except TypeError:
            print("unhashable", end=" ")
print()


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 3

    def __eq__(self, other):
        if self.n == 13:
            raise ValueError("no " + str(self.n))
        return isinstance(other, Key) and self.n == other.n


d = {}
for n in (1, 4, 7, 1, 13, 4):
    try:
        d[Key(n)] = d.get(Key(n), 0) + 1
    except ValueError as error:
        print(error)
print([(k.n, v) for k, v in d.items()])
print({"a": 1, "b": 2, "a": 3}, {1: "x", 1.0: "y", True: "z"}, {**{"p": 1}, "q": 2}, {})
print(sorted({3, 1, 2, 3, 1.0}))
wide = {"k0": 0, "k1": 1, "k2": 2, "k3": 3, "k4": 4, "k5": 5, "k6": 6, "k7": 7, "k8": 8, "k9": 9, "k3": 33}
wide["k10"] = 10
print(wide, len(wide), wide["k3"], wide["k9"])

# orders of plain values
nan = float("nan")
pairs = [(2, "b"), (1, "z"), (2, "a"), (1, "z", 0), (), (1,), (2, "a", -1)]
print(sorted(pairs), min(pairs), max(pairs))
print((1, nan) < (1, nan), (nan,) == (nan,), (nan,) < (nan,), (nan, 1) < (nan, 2))
print((1, nan) != (2, nan), (0.5, nan) < (0.5, 1.0), (nan, 1) == (0.5, 1), (0.0,) == (-0.0,), (1,) == (True,))
print((1, 2.0) < (1, 3), (1, 10**30) < (1, 10**31), ("a", None) == ("a", None), (None,) != (None,), ((1, (2, "x")),) < ((1, (2, "y")),))
for left, right in [((1, None), (1, None)), ((1, None), (1, 2)), ((1, "a"), ("a", 1)), ((1, [2]), (1, [3]))]:
    try:
        print(left < right, end=" ")
    except TypeError as error:
        print(error, end="; ")
print()
deep = ((((((1,), 2), 3), 4), 5), 6)
print(deep < ((((((2,), 2), 3), 4), 5), 6), deep == ((((((1,), 2), 3), 4), 5), 6))
rows = [(i * 7 % 5, -i, "n%d" % (i % 3)) for i in range(40)]
print(sorted(rows)[:4], sorted(rows, reverse=True)[:3], sorted(rows, key=lambda r: (r[2], r[0]))[:3])
mixed = sorted([(1, 2.5), (1, 2), (1.0, 3), (0, True), (1, False)])
print(mixed)

# searches in short and long texts
hay = "abracadabra"
for part in ("", "a", "abra", "cad", "dabra", "abracadabra", "abracadabrax", "bb", "é"):
    print(part in hay, hay.find(part), hay.rfind(part), hay.count(part) if part else 12, end="; ")
print()
hay = "é" * 30 + "needle" + "z" * 30
print("needle" in hay, hay.find("needle"), "éé" in hay, "dlez" in hay, "zz!" in hay, hay.index("dle"))
hay = hay * 5
print("needle" in hay, hay.find("needlez", 40), "éz" in hay, "aab" in "a" * 63, "aab" in "a" * 62 + "b", b"bc" in b"abcd")
try:
    1 in "abc"
except TypeError as error:
    print(error)


class Text(str):
    def __contains__(self, x):
        return x == "magic"


print("magic" in Text("abc"), "a" in Text("abc"), Text("b") in "abc", Text("ABC").lower(), type(Text("ABC").upper()).__name__)
print("MiXed 123".lower(), "MiXed 123".upper(), "a".upper(), "".lower(), "ÀÉß".lower(), "àéß".upper(), "ΑΣ".lower(), "ŉ".upper())

# classes called
print([type(x).__name__ for x in (1, 1.5, "s", None, [], (), {}, set(), type, Key(1), len, True)])
Made = type("Made", (Key,), {"extra": 5})
print(Made(3).n, Made.extra, type(Made).__name__)
try:
    type()
except TypeError:
    print("type needs arguments")
try:
    type(1, 2)
except TypeError:
    print("one or three")


# keywords
def f(a, b=2, /, c=3, *rest, d=4, e, **more):
    return a, b, c, rest, d, e, more


print(f(1, e=5), f(1, 9, e=5, c=7), f(1, 2, 3, 4, 5, e=6, d=7, z=8), f(1, e=0, b=10))
for call in (lambda: f(), lambda: f(1), lambda: f(1, 2, 3, c=4, e=1), lambda: f(a=1, e=2)):
    try:
        print(call())
    except TypeError as error:
        print(error)


def g(a, b, *, c):
    return a, b, c


for call in (lambda: g(1, 2, 3, c=4), lambda: g(1, c=1), lambda: g(1, 2), lambda: g(1, 2, c=3, d=4), lambda: g(1, b=2, a=3, c=4)):
    try:
        print(call())
    except TypeError as error:
        print(error)
print([g(i, c=i * 2, b=-i) for i in range(3)])
