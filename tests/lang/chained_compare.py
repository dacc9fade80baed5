# Chained comparisons evaluate each operand once and stop early; is, in, not in.
calls = []
def v(x):
    calls.append(x)
    return x
print(v(1) < v(2) < v(3), calls); calls.clear()
print(v(3) < v(2) < v(1), calls); calls.clear()
print(v(1) < v(2) > v(0) != v(5) == v(5) <= v(5), calls); calls.clear()
print(1 < 2 in [2, 3], 1 in [1] == True, (1 in [1]) == True, None is None is None, 1 is not None is not 2)
print(1 not in [2], "b" in "abc", "" in "abc", "d" not in "abc", b"b" in b"abc", 98 in b"abc", 3 in range(5), 1.0 in (1, 2))
class C:
    def __init__(self, name):
        self.name = name
    def __lt__(self, other):
        calls.append((self.name, "<", other.name))
        return [] if other.name == "z" else [1]
    def __eq__(self, other):
        calls.append((self.name, "==", getattr(other, "name", other)))
        return NotImplemented
    __hash__ = None
a, b, z = C("a"), C("b"), C("z")
print(a < b < z, a < z < b, calls); calls.clear()
print(a == b, a == a, a != b, calls); calls.clear()
print(a > b, calls); calls.clear()
print(a in [b, a], calls); calls.clear()
for f in (lambda: a <= b, lambda: 1 < "a", lambda: [1] < (1,), lambda: None < None, lambda: {} < {}, lambda: 1 in 5, lambda: 1 in "abc", lambda: object() >= 1):
    try:
        print(f())
    except TypeError as e:
        print(e)
print([1, 2] < [1, 3], [1] < [1, 0], (1, "a") < (1, "b"), "abc" < "abd", "Z" < "a", b"a" < b"b", [] < [0], (2,) > (1, 9))
print({1} < {1, 2}, {1, 2} <= {1, 2}, {1} < {2}, {1, 2} > {2}, frozenset([1]) == {1}, [1] == (1,), "a" == b"a", 1 == "1")
nan = float("nan")
print([nan] == [nan], nan in [nan], [1, nan] < [1, nan])
