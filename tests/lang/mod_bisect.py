"""_bisect: places in sorted sequences, insertion, keys, errors; in a hot loop, too."""
import _bisect as b

FUNCTIONS = (b.bisect_left, b.bisect_right, b.insort_left, b.insort_right)


class Seq:
    def __init__(self, items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]

    def insert(self, i, x):
        self.items[i:i] = [x]


class Odd:
    """Says that it is less by its method alone."""

    def __init__(self, v):
        self.v = v

    def __lt__(self, other):
        return self.v < other.v


def show(*args, **kw):
    for f in FUNCTIONS:
        a = args[0][:] if args and isinstance(args[0], list) else args[0] if args else None
        try:
            print(f.__name__, f(*((a,) + args[1:]), **kw), a if isinstance(a, list) else "")
        except Exception as e:
            print(f.__name__, type(e).__name__, e)


show([1, 2, 2, 3], 2)
show([], 1)
show([1, 2, 3], 2.5, 1, 2)
show([3, 2, 1], 2, key=lambda v: -v)
show(["aa", "b", "cccc"], "zzz", lo=1, hi=3, key=len)
show([1, 2], 5, 0, -1)
show([1, 2], 5, 0, -2)
show([1, 2], 3, True)
show([1, 2])
show()
show([1, 2], 1, -1)
show([1, 2], 3, 0, 5)
show(5, 1)
show([1, "a"], 2)
show([1, 2], x=3, hi=1)
show([1, 2], 3, 2**70)
show([1], 0, "a")
show([1], 0, z=1)
show((1, 2, 3), 2)

s = Seq([1, 3, 5])
b.insort_right(s, 4)
b.insort_left(s, 0)
print(s.items, b.bisect_left(s, 3), b.bisect_right(s, 3))
odds = [Odd(v) for v in (1, 3, 5)]
print(b.bisect_left(odds, Odd(3)), b.bisect_right(odds, Odd(3)))


shrinking = list(range(50))
try:
    b.insort_left(shrinking, 60, key=lambda v: (shrinking.clear(), v)[1] if v == 49 else v)
except IndexError as e:
    print(e)
print(shrinking)


def hot(n):
    kept, total = [], 0
    for i in range(n):
        v = i * 7919 % 1009
        b.insort_right(kept, v) if i % 3 else b.insort_left(kept, v, key=lambda w: w)
        total += b.bisect_left(kept, 500) * 3 + b.bisect_right(kept, v, 0, len(kept))
    return total, kept == sorted(kept)


print(hot(300))
