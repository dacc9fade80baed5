# Sets and frozensets (printed sorted).
a = {1, 2, 3}
b = set([3, 4])
def show(s):
    return sorted(s)
print(show(a | b), show(a & b), show(a - b), show(a ^ b), len(a), 2 in a, 9 not in a, a == {3, 2, 1}, a != b, a <= {1, 2, 3, 4}, a < a, a >= {1}, a > {1}, a.isdisjoint({9}), a.issubset(range(5)), a.issuperset([1]))
print(show(a.union([5], (6,))), show(a.intersection([1, 2], [2])), show(a.difference([1], [2])), show(a.symmetric_difference([1, 9])), set(), frozenset(), {1}, frozenset([1]), set("a"))
a.add(5); a.add(5); a.discard(99); a.remove(1); a.update([7, 8], "x")
print(show(x for x in a if x != "x"), len(a), "x" in a)
a.discard("x"); a -= {7}; a |= {10}; a &= {2, 3, 5, 10}; a ^= {2, 100}
print(show(a))
a.difference_update([3]); a.intersection_update([5, 10, 100]); a.symmetric_difference_update([5, 6])
print(show(a), a.copy() == a, a.copy() is a, show({x % 3 for x in range(10)}), bool(set()), show(set("hello")), {1, True, 1.0}, {0, False, 0.0})
f = frozenset([1, 2])
print(f, hash(f) == hash(frozenset([2, 1])), {f: 1}[frozenset([1, 2])], f | {3} == {1, 2, 3}, type(f | {3}).__name__, type({3} | f).__name__, {f} == {frozenset([2, 1])}, f == {1, 2}, {1, 2} == f)
for g in (lambda: set().remove(1), lambda: set().pop(), lambda: {1} + {2}, lambda: {1} | [2], lambda: hash(set()), lambda: f.add(3), lambda: set(5), lambda: {1}[0], lambda: {1} < [1], lambda: set().foo):
    try:
        print(g())
    except Exception as e:
        print(type(e).__name__, e)
s = {5}
print(s.pop(), s)
try:
    s = {1, 2}
    for x in s:
        s.add(x + 10)
except RuntimeError as e:
    print(e)
big = set()
for i in range(3000):
    big.add(i * i % 1009)
for i in range(0, 1009, 2):
    big.discard(i)
print(len(big), sum(big), min(big), max(big), 1 in big, 2 in big)
s.clear()
print(s, repr({"a"}), sorted({(1, 2), (0, 5)}), any({0, 1}), sum({1, 2}), show({*range(3), *[5]}), show(set(range(3)) - set()), len({float("nan"), float("nan")}))
for f in (lambda: {[]}, lambda: [] in {1}, lambda: {1}.add({})):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__)
