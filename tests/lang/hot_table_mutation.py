# `__eq__` of a key changes the dict or set under the look-up and then says that the keys are equal (or raises).


class K:
    def __init__(self, v):
        self.v = v

    def __hash__(self):
        return 1

    def __eq__(self, other):
        act()
        return self.v == other.v


def nothing():
    pass


act = nothing


class Boom(Exception):
    pass


def change(table, what):
    if what == "clear":
        table.clear()
    elif what == "first":
        k = next(iter(table))
        table.pop(k) if type(table) is dict else table.remove(k)
    elif what == "grow":
        for i in range(100, 120):
            table.update({K(i): i} if type(table) is dict else {K(i)})
    elif what == "boom":
        raise Boom
    else:
        keys = list(table)
        table.clear()
        for k in reversed(keys):
            table.update({k: k.v} if type(table) is dict else {k})


def trial(make, operation, what, at):
    global act
    act = nothing
    table = make(K(i) for i in range(4))
    count = 0

    def acting():
        global act
        nonlocal count
        count += 1
        if count == at:
            act = nothing
            change(table, what)

    act = acting
    try:
        r = operation(table)
    except (KeyError, Boom) as e:
        r = type(e).__name__
    act = nothing
    if type(r) in (set, frozenset):
        r = sorted(k.v for k in r)
    return r, [(k.v, table[k]) for k in table] if type(table) is dict else sorted(k.v for k in table)


def make_dict(keys):
    return {k: k.v for k in keys}


def store(d):
    d[K(3)] = "new"


DICT = {
    "store": store,
    "get": lambda d: d[K(3)],
    "getm": lambda d: d.get(K(3)),
    "del": lambda d: d.__delitem__(K(3)),
    "pop": lambda d: d.pop(K(3)),
    "setdefault": lambda d: d.setdefault(K(3), "sd"),
    "setdefault new": lambda d: d.setdefault(K(33), "sd"),
    "in": lambda d: K(3) in d,
    "update": lambda d: d.update({K(3): "u"}),
    "keys in": lambda d: K(3) in d.keys(),
    "items in": lambda d: (K(3), 3) in d.items(),
}
SET = {
    "add": lambda s: s.add(K(3)),
    "in": lambda s: K(3) in s,
    "remove": lambda s: s.remove(K(3)),
    "discard": lambda s: s.discard(K(3)),
    "repr": lambda s: len(repr(s)) > 0,
}
for name, operation in DICT.items():
    for what in ("first", "grow", "rotate", "clear", "boom"):
        for at in (1, 2, 4):
            for i in range(3):
                r = trial(make_dict, operation, what, at)
            print(name, what, at, r)
for name, operation in SET.items():
    for what in ("clear", "boom"):
        for at in (1, 4):
            for i in range(3):
                r = trial(set, operation, what, at)
            print(name, what, at, r)


# Operators of sets whose items' comparison changes them: nothing breaks.
def both(operation, what, which):
    global act
    act = nothing
    a, b = {K(i) for i in range(4)}, {K(i) for i in range(2, 6)}
    count = 0

    def acting():
        nonlocal count
        count += 1
        if count == 5:
            change((a, b)[which], what)

    act = acting
    try:
        operation(a, b)
    except (KeyError, Boom, RuntimeError):
        pass
    act = nothing
    keys = [k.v for k in a], [k.v for k in b]
    return all(len(k) == len(set(k)) for k in keys)


OPERATORS = [
    lambda a, b: a | b, lambda a, b: a & b, lambda a, b: a - b, lambda a, b: a ^ b, lambda a, b: a <= b,
    lambda a, b: a == b, lambda a, b: a.isdisjoint(b), lambda a, b: a.update(b),
    lambda a, b: a.intersection_update(b), lambda a, b: a.difference_update(b),
    lambda a, b: a.symmetric_difference_update(b), lambda a, b: a.issuperset(list(b)),
]
print(all(both(o, what, which) for o in OPERATORS for what in ("clear", "rotate", "grow") for which in (0, 1)))


# Keys taken from the front, whose neighbours died before them.
def fifo(n):
    total = 0
    d = dict.fromkeys(range(n))
    for i in range(1, n, 3):
        del d[i]
    while d:
        k = next(iter(d))
        total += k
        del d[k]
        if k % 5 == 0:
            d[-k - 1] = k
            del d[-k - 1]
    s = set(range(n))
    while s:
        k = next(iter(s))
        s.discard(k)
        total += k
        if len(s) == n // 2:
            total += s.pop() >= 0
    e = {}
    for i in range(n):
        e[i] = i
        if len(e) > 10:
            total += e.pop(next(iter(e)))
            if i % 7 == 0:
                e.popitem()
    return total, list(e)


print(fifo(3000))


# Front of a bytearray.
def front(n):
    b = bytearray(range(256)) * 4
    total = 0
    for i in range(n):
        del b[:3]
        b.extend(b"abcd"[:1 + i % 4])
        total += b[0] + b[-1]
        b[0] = i % 256
        if i % 5 == 0:
            b.pop(0)
        if i % 50 == 0:
            b[0:2] = b""
            b[:0] = b"xyz"
            del b[::-1][:1], b[3:1:-1]
        if len(b) < 20:
            b += bytes(100)
    return total, len(b), sum(b), b[:10]


print(front(2000))
