# StopIteration from a function that an iterator calls ends the iteration; `next` lets it through. Length hints.


def f(x):
    if x % 3 == 2:
        raise StopIteration(x)
    return x


class Truth:
    def __bool__(self):
        raise StopIteration


class Item:
    def __getitem__(self, i):
        if i == 3:
            raise StopIteration
        return i

    def __len__(self):
        return 6


class I:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n == 4:
            raise StopIteration(4)
        return self.n


def each(n):
    found = {}
    for i in range(n):
        for r in (
            list(map(f, [0, 1, 2, 3])), [*map(f, [0, 1, 2, 3])], tuple(map(f, [3, 4, 5])), sum(map(f, [3, 4, 5, 6])),
            sorted(map(f, [4, 3, 2])), max(map(f, [3, 4, 5])), list(zip([1, 2, 3], map(f, [0, 1, 2]))),
            list(enumerate(map(f, [0, 2]))), list(filter(lambda x: f(x) > 0, [1, 3, 4, 5, 6])),
            list(filter(None, [1, Truth(), 2])), {*map(f, [0, 2])}, dict.fromkeys(map(f, [1, 2])), list(Item()),
            list(reversed(Item())), list(map(f, map(f, [0, 1, 2]))), [x for x in map(f, [1, 2])],
            any(map(lambda x: f(x) > 9, [1, 2])), all(map(f, [1, 2, 0])), "".join(map(str, map(f, [0, 1, 2]))),
            list(iter(lambda: f(i), 7)) if i % 3 == 2 else None, next(map(f, [2]), 5), next(filter(f, [2]), 6),
            next(I()), list(I()), list(map(max, I(), I())), bytes(map(f, [65, 66, 67])),
        ):
            r = repr(r)
            found[r] = found.get(r, 0) + 1
        a, b = map(f, [0, 1, 2])
        x, *rest = map(f, [0, 1, 2])
    return found


for r, n in each(150).items():
    print(r, n)
for make in (lambda: map(f, [2]), lambda: filter(f, [2]), lambda: I()):
    it = make()
    try:
        for i in range(5):
            next(it)
    except StopIteration as e:
        print(e.value)
m = map(f, range(10))
for v in m:
    pass
print(next(m, 5), next(m, 6), next(m, 7))


class Hint:
    def __init__(self, hint):
        self.hint = hint

    def __iter__(self):
        return iter([3, 1, 2])

    def __length_hint__(self):
        print("hint", end=" ")
        if self.hint is ValueError or self.hint is TypeError:
            raise self.hint
        return self.hint


def assign(x):
    l = [1]
    l[:] = x
    return l


def extend(x):
    l = []
    l.extend(x)
    l += x
    return l


def extend_bytes(x):
    b = bytearray()
    b.extend(x)
    return b


for name, g in (
    ("list", list), ("tuple", tuple), ("bytes", bytes), ("bytearray", bytearray), ("sorted", sorted), ("set", lambda x: sorted(set(x))),
    ("extend", extend), ("assign", assign), ("bytes extend", extend_bytes), ("star", lambda x: [*x]),
    ("tuple star", lambda x: (*x, 0)), ("set star", lambda x: len({*x})), ("fromkeys", dict.fromkeys), ("sum", sum),
    ("zip", lambda x: list(zip(x))), ("map", lambda x: list(map(str, x))), ("comprehension", lambda x: [i for i in x]),
):
    for hint in (5, True, -1, NotImplemented, "a", None, 2**70, ValueError, TypeError):
        try:
            print(name, hint, g(Hint(hint)))
        except Exception as e:
            print(name, hint, type(e).__name__, e)


class Sized(Item):
    def __len__(self):
        raise ValueError("len")


try:
    list(Sized())
except ValueError as e:
    print(e)


class Not:
    def __iter__(self):
        return 5


for g in (list, iter, lambda x: [i for i in x], lambda x: [*x], lambda x: dict(x), sum, lambda x: (lambda a, b: 0)(*x)):
    try:
        g(Not())
    except TypeError as e:
        print(e)
