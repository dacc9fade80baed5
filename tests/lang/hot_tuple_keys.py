# Tuples as keys: of ints, strs, bools, floats, NaN, nested deeply, with items that have an __eq__ of their own.
nan = float("nan")


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return hash(self.n)

    def __eq__(self, other):
        return isinstance(other, (Key, int)) and self.n == (other.n if isinstance(other, Key) else other)


def nest(v, depth):
    for _ in range(depth):
        v = (v, depth)
    return v


def fill(n):
    d = {}
    s = set()
    for i in range(n):
        k = i % 17
        for key in (
            (k, k + 1), (k, str(k)), (k, float(k)), (k, k % 2 == 0), (float(k), float(k + 1)), (str(k), None),
            ((k, (k, "a")), k), nest(k, 7), (Key(k), k), (k, Key(k + 1)), (nan, k), (k,), (), (1 << 70, k),
        ):
            d[key] = d.get(key, 0) + 1
            s.add(key)
            assert key in s
    return d, s


d, s = fill(200)
print(len(d), len(s), sum(d.values()))
print(d[1, 2], d[True, 2.0], d[1.0, Key(2)], d[Key(3), 3], d[nest(5, 7)], (1, "1") in d, (1, "2") in d)
print([k for k in d if len(k) == 1][:5], d[()], d[1 << 70, 3], (1 << 71, 3) in s)
print((nan, 4) in d, (float("nan"), 4) in d)


def lookups(d, n):
    found = 0
    for i in range(n):
        found += (i % 40, i % 40 + 1) in d
        found += d.get((i % 20, str(i % 20)), 0)
    return found


print(lookups(d, 3000))


def depth(n):
    return any(depth(n - 1) for _ in range(1)) if n else True


print(depth(50))
try:
    depth(10**6)
except RecursionError:
    print("RecursionError")
