# How many comparisons sorting makes, of what, and where inconsistent ones leave the items.
state = 12345


def rand():
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return state >> 8


compared = 0


class K:
    def __init__(self, v, i):
        self.v = v
        self.i = i

    def __lt__(self, other):
        global compared
        compared += 1
        return self.v < other.v


class Odd(K):
    def __lt__(self, other):
        global compared
        compared += 1
        if compared == limit:
            raise ValueError
        return rand() % 2 == 0 if self.v % 3 else self.v < other.v


def data(kind, n):
    if kind == 0:
        return [rand() % 1000 for i in range(n)]
    if kind == 1:
        return [rand() % 3 for i in range(n)]
    if kind == 2:
        return list(range(n))
    if kind == 3:
        return list(range(n))[::-1]
    if kind == 4:
        return [i // 5 for i in range(n)][::-1]
    if kind == 5:
        return [rand() % 50 for i in range(n // 2)] + list(range(n - n // 2))
    if kind == 6:
        return [i if i % 17 else 40 for i in range(n)]
    return [float("nan") if rand() % 3 == 0 else rand() % 100 / 7 for i in range(n)]


def mix(numbers):
    h = 7
    for i in numbers:
        h = (h * 31 + i) % 1000003
    return h


limit = 0
for kind in range(8):
    for n in (2, 3, 10, 63, 64, 65, 150):
        v = data(kind, n)
        counts = []
        for reverse in (False, True):
            compared = 0
            r = sorted([K(x, i) for i, x in enumerate(v)], reverse=reverse)
            counts += compared, mix(k.i for k in r)
        compared = 0
        limit = 100 if n == 65 else -1
        odd = [Odd(int(x) if x == x else 5, i) for i, x in enumerate(v)]
        try:
            odd.sort()
        except ValueError:
            counts.append("raised")
        print(kind, n, counts, compared, mix(k.i for k in odd), len({k.i for k in odd}))
nan = float("nan")
print(sorted([3.0, nan, -1.0, 1.0, nan, 2.0]), sorted([3.0, nan, -1.0, 1.0], reverse=True))
print(sorted([(3.0,), (nan,), (-1.0,), (1.0,)]), sorted([3, nan, -1], key=lambda x: -x))
# Runs that are worth galloping through, and long enough for a stack of them.
for sizes in ((500, 3), (3, 500), (100, 200, 50, 150), (64,) * 6):
    v = []
    for s in sizes:
        start = rand() % 300
        v += range(start, start + s)
    compared = 0
    print(sizes, mix(k.i for k in sorted([K(x, i) for i, x in enumerate(v)])), compared)
