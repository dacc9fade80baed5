# What hash() gives where CPython's answer does not depend on a seed or an address, and how often `__hash__` is called.


class Int(int):
    pass


class H:
    def __init__(self, v):
        self.v = v

    def __hash__(self):
        return self.v


VALUES = [
    None, (None,), 0.5, 2**62, -2**63, (2**62, 1), range(3), range(0), range(1), range(5, 50, 7), frozenset(),
    frozenset({1, 2, 3}), frozenset({(1, 2), (3, 4)}), 1 + 2j, 1e300, slice(1, 2, 3), slice(None), float("inf"), (-1,),
    2**61 - 1, -1, -1.0, -2, True, (True, 1.0), (1, (2, (3,))), (), complex(0, -1), -0.0, 2.0**70, 2**70, -2**70,
]
for v in VALUES:
    print(v, hash(v))
for v in (2**61 - 1, 2**61, 2**62, 2**63 - 1, 2**63, -2**63, -2**63 - 1, -1, 2**64 - 1, 2**100, True, Int(5), Int(2**62)):
    print(v, hash(H(v)), hash((H(v),)), hash(frozenset([H(v)])), H(v).__hash__())
for v in (1.0, "a", None):
    try:
        hash(H(v))
    except TypeError as e:
        print(e)


class P(tuple):
    def __hash__(self):
        return tuple.__hash__(self)


def equal_keys(n):
    found = 0
    d = {}
    for i in range(n):
        s = {P((i, 2))}
        found += (i, 2) in s
        d[P((i, str))] = i
        found += d[(i, str)] == i
        found += hash(H(2**62 + i)) == 2**62 + i
    return found


print(equal_keys(1000))

calls = 0


class K:
    def __init__(self, v):
        self.v = v

    def __hash__(self):
        global calls
        calls += 1
        return hash(self.v)

    def __eq__(self, other):
        return self.v == getattr(other, "v", None)


class D(dict):
    pass


ks = [K(i) for i in range(5)]
d = dict.fromkeys(ks)
s = set(ks)
fs = frozenset(ks[:4])
d2 = dict.fromkeys(ks[2:])
l = list(ks)
dd = D(d)
hash(fs)
for text, f in (
    ("set(d)", lambda: set(d)), ("frozenset(d)", lambda: frozenset(d)), ("set(dd)", lambda: set(dd)),
    ("set(s)", lambda: set(s)), ("fromkeys(d)", lambda: dict.fromkeys(d)), ("fromkeys(s)", lambda: dict.fromkeys(s)),
    ("fromkeys(fs)", lambda: dict.fromkeys(fs)), ("fromkeys(dd)", lambda: dict.fromkeys(dd)),
    ("dict(d)", lambda: dict(d)), ("dict(dd)", lambda: dict(dd)), ("keys & s", lambda: d.keys() & s),
    ("keys & d2", lambda: d.keys() & d2), ("keys & keys", lambda: d.keys() & d2.keys()),
    ("keys & keys 2", lambda: d2.keys() & d.keys()), ("keys & l", lambda: d.keys() & l),
    ("keys | s", lambda: d.keys() | s), ("keys | keys", lambda: d.keys() | d2.keys()),
    ("keys - s", lambda: d.keys() - s), ("keys - keys", lambda: d.keys() - d2.keys()),
    ("keys - l", lambda: d.keys() - l), ("keys ^ s", lambda: d.keys() ^ s),
    ("keys ^ keys", lambda: d.keys() ^ d2.keys()), ("s & keys", lambda: s & d.keys()),
    ("s | keys", lambda: s | d.keys()), ("s - keys", lambda: s - d.keys()), ("s ^ keys", lambda: s ^ d.keys()),
    ("s & fs", lambda: s & fs), ("s | fs", lambda: s | fs), ("s - fs", lambda: s - fs), ("s ^ fs", lambda: s ^ fs),
    ("s <= fs", lambda: s <= fs), ("fs <= s", lambda: fs <= s), ("s == fs", lambda: s == fs),
    ("intersection(d)", lambda: s.intersection(d)), ("intersection(l)", lambda: s.intersection(l)),
    ("difference(d)", lambda: s.difference(d)), ("difference(l)", lambda: s.difference(l)),
    ("symmetric(d)", lambda: s.symmetric_difference(d)), ("disjoint(d)", lambda: s.isdisjoint(d)),
    ("subset(d)", lambda: s.issubset(d)), ("superset(d)", lambda: s.issuperset(d)),
    ("superset(l)", lambda: s.issuperset(l)), ("hash(fs)", lambda: hash(fs)), ("d == d2", lambda: d == d2),
    ("d == dict(d)", lambda: d == dict(d)), ("items & items", lambda: d.items() & d2.items()),
    ("items ^ items", lambda: d.items() ^ d2.items()), ("items | items", lambda: d.items() | d2.items()),
    ("d | d2", lambda: d | d2), ("{**d}", lambda: {**d}), ("{*s}", lambda: {*s}), ("update(d2)", lambda: d.update(d2)),
    ("|=", lambda: s.__ior__(fs)), ("&=", lambda: s.__iand__(set(l))), ("-=", lambda: s.__isub__(fs)),
    ("^=", lambda: s.__ixor__(fs)), ("s in {fs}", lambda: fs in {fs}),
):
    calls = 0
    f()
    print(text, calls)


# Which of two equal keys stays.
class B(int):
    def __repr__(self):
        return "B%d" % int(self)


print({1} & {True}, {1, 2} & {True}, {1} & {True, 2}, {1}.intersection([True]), {1}.intersection([True, 2]))
print({B(1)} | {1}, {1} ^ {B(1), 2}, frozenset({B(1)}) & {1}, {B(1)}.intersection({1}))
e = {B(1): 0}
print(e.keys() & {1}, e.keys() & [1], {1} & e.keys(), e.keys() & {1: 2}.keys(), e.keys() | {1}, e.keys() - {1})
print({1: 1, 2: 2}.keys() & e.keys(), e.keys() & {1: 2, 2: 2}.keys(), [1, 2] & e.keys(), e.keys() & {1, 2})
print({1}.issuperset([2, []]), {1}.issubset([1, []]), {1}.isdisjoint([1, []]), {1}.intersection([1, []]))


# bytes() of a list that changes.
class I:
    def __init__(self, l):
        self.l = l

    def __index__(self):
        self.l.clear()
        return 65


for make in (bytes, bytearray):
    l = [1, 2]
    l += [I(l), 4, 5]
    print(make(l), l)
    l = [1, 300, 2]

    def each():
        for x in l:
            print("gives", x)
            yield x
    try:
        make(each())
    except ValueError as e:
        print(e)
