# Lists: methods, slices, assignment to slices, deletion, comparison, errors.
a = [3, 1, 2]
a.append(5); a.extend([7, 8]); a.extend("xy"); a.insert(0, "first"); a.insert(-1, "near"); a.insert(100, "last")
print(a, len(a), a.index(5), a.count(1), a.pop(), a.pop(0), a.pop(-2), a)
a.remove(7); a.reverse()
print(a, a[0], a[-1], a[1:3], a[::2], a[::-1], a[-2:], a[:100], a[5:1], 8 in a, 99 not in a)
n = list(range(10))
n[2:4] = ["a", "b", "c"]; print(n)
n[:0] = [-1]; print(n)
n[len(n):] = [99]; print(n)
n[3:6] = []; print(n)
n[::3] = [0] * len(n[::3]); print(n)
del n[0]; del n[-1]; del n[1:3]; del n[::2]; print(n)
n[1:1] = n; print(n)
n *= 2; n += (1, 2); n += "z"; print(n)
n[-1] = "end"; n[0] += 5 if isinstance(n[0], int) else "5"; print(n)
print([1, 2] + [3], [0] * 3, 2 * [1, 2], [] * 5, [1] * -1, list((1, 2)), list("ab"), list({1: 2}), list(), [*range(3), *"ab"])
m = [[0] * 2] * 2
m[0][0] = 1
print(m, m[0] is m[1], m.copy() is m, m[:] == m)
r = [1]
r.append(r)
print(r, [r, r], len(r))
s = [5, 2, 8, 1]
s.sort(); print(s); s.sort(reverse=True); print(s); s.sort(key=lambda x: x % 3); print(s)
print(sorted(s), sorted("bca"), sorted({3, 1}), sorted([(1, "b"), (1, "a"), (0, "z")]), sorted([1.5, 1, True, 0]), list(reversed(s)))
print([1, 2] == [1, 2], [1, 2] != [2, 1], [1, 2] < [2], [[1], [2]] == [[1.0], [2.0]], [] == [], [1] == 1, max([3, 9, 2]), min([[2], [1, 5]]), sum([1, 2], 10), any([0, 1]), all([]))
for f in (lambda: [][0], lambda: [1][5], lambda: [1][-2], lambda: [].pop(), lambda: [1].pop(3), lambda: [1].remove(2), lambda: [1, "a"].sort(), lambda: [1] + (2,), lambda: [1]["a"], lambda: [1][1.0],
          lambda: [1] * "a", lambda: list(5), lambda: [][::0], lambda: hash([]), lambda: [].foo, lambda: [1] + 1, lambda: sum(["a"]), lambda: max([])):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
def store(i, v):
    q = [1, 2, 3]
    q[i] = v
    return q
for i, v in ((5, 0), (slice(0, 3, 2), [1]), (slice(0, 2), 5), ("a", 1), (slice(None, None, -1), [7, 8, 9]), (slice(1, None), (x for x in "pq"))):
    try:
        print(store(i, v))
    except Exception as e:
        print(type(e).__name__, e)
try:
    q = [1]
    del q[3]
except IndexError as e:
    print(e)
big = []
for i in range(1000):
    big.append(i * i)
while len(big) > 5:
    big.pop(len(big) // 2)
print(big)
big.clear()
print(big, bool(big), repr([1, "a", None, 2.5, [b"x"]]), [[]] * 2, str([True]))
it = iter([1, 2, 3])
print(next(it), list(it), list(it), next(it, "default"))
grow = [1, 2, 3]
for x in grow:
    if len(grow) < 6:
        grow.append(x * 10)
print(grow)
shrink = [1, 2, 3, 4]
for x in shrink:
    shrink.remove(x)
print(shrink)
print([1, [2, [3]]].copy(), [x for x in [3, 1] if x], list(map(str, [1, 2])), list(filter(None, [0, 1, "", "a"])), list(zip([1, 2], "ab")), [1, 2, 3].__len__(), [3].__contains__(3))
for f in (lambda: [1].index(2), lambda: [1, 2, 3].index(1, 1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__)
