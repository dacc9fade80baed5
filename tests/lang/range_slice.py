# range objects and slice objects.
for r in (range(5), range(2, 5), range(0, 10, 3), range(5, 0, -2), range(0), range(5, 2), range(-3, 3, 2), range(10, -1, -5)):
    print(r, list(r), len(r), bool(r), r[::-1], list(reversed(r)), 2 in r, -3 in r, 2.0 in r, "a" in r)
r = range(0, 100, 7)
print(r[3], r[-1], r[2:5], r[::2], r.index(21), r.count(21), r.count(22), r.start, r.stop, r.step, max(r), min(r), sum(r), r == range(0, 99, 7), hash(range(0)) == hash(range(5, 5)), r != range(3), range(0) == range(3, 1))
print(range(10**20, 10**20 + 3)[1], list(range(2**62 - 2, 2**62 + 2)), len(range(-2**62, 0)), 2**70 in range(2**71), list(range(-2**62 - 1, -2**62 + 2)), range(2**64)[-1])
for f in (lambda: range(1, 2, 0), lambda: range(1.5), lambda: range("a"), lambda: range(), lambda: r[100], lambda: range(3) + range(3), lambda: range(1, 2, 3, 4)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    range(3)[0] = 1
except TypeError as e:
    print(e)
s = slice(1, 10, 2)
print(s, s.start, s.stop, s.step, s.indices(5), slice(3), slice(None, None, -1).indices(5), slice(-3, None).indices(5), slice(-100, 100).indices(5), slice(5, -100, -1).indices(3), slice(1, 2) == slice(1, 2))
t = list(range(10))
print(t[s], t[slice(None)], t[slice(-2, None)], t[slice(None, None, -3)], "abcdef"[slice(1, 4)], t[-1:-4:-1], t[::-2], t[100:], t[-100:2], t[2:-2:3], t[8:2:-2], t[:2**70], t[-2**70:3])
class Show:
    def __getitem__(self, k):
        return k
x = Show()
print(x[1], x[1:2], x[::], x[1:2, 3], x[...], x[:, 1], x[()], x["a":"b"], x[1:2:3], x[-1:], x[None], x[1,])
class Index:
    def __index__(self):
        return 2
print(t[Index()], t[Index():], range(Index()), "abc"[Index()], [0] * Index(), hex(Index()), list(range(5)[Index():]))
try:
    t[1:"a"]
except TypeError as e:
    print(e)
total = 0
for i in range(10, 0, -3):
    total += i
    i = 100
print(total, i)
for i in range(3):
    pass
print(i, [i for i in range(2)], i, tuple(range(3)), set(range(3)) == {0, 1, 2}, iter(range(3)).__next__(), sorted(range(3), reverse=True), *range(3))
for f in (lambda: range(0, 10, 2).index(5), lambda: range(3).index("a")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__)
