# The iterator protocol: __iter__/__next__, __getitem__ sequences, iter(f, sentinel), zip, map, filter, enumerate, reversed.
class Seq:
    def __init__(self, n): self.n = n
    def __getitem__(self, i):
        if i >= self.n: raise IndexError(i)
        return i * 10
print(list(Seq(3)), 20 in Seq(3), 5 in Seq(3), max(Seq(4)), tuple(Seq(0)), [*Seq(2)], sum(Seq(3)), list(zip(Seq(2), Seq(5))), sorted(Seq(3), reverse=True))
a, b = Seq(2)
print(a, b)
class SeqLen(Seq):
    def __len__(self): return self.n
print(list(reversed(SeqLen(3))), list(iter(SeqLen(2))))
class Stop(Seq):
    def __getitem__(self, i):
        if i == 2: raise StopIteration
        return i
print(list(Stop(9)))
class Key(Seq):
    def __getitem__(self, i): raise KeyError(i)
try:
    list(Key(1))
except KeyError as e:
    print("KeyError", e)
class Up:
    def __init__(self, n): self.n, self.i = n, 0
    def __iter__(self): return self
    def __next__(self):
        if self.i >= self.n: raise StopIteration
        self.i += 1
        return self.i
u = Up(3)
print(next(u), list(u), list(u), next(u, "end"), 2 in Up(3), [x for x in Up(2) for y in Up(2)])
it = iter([1, 2, 3])
for x in it:
    print(x, next(it, None))
vals = [3, 2, 1, 0, 5]
print(list(iter(vals.pop, 2)), list(iter(lambda: vals.pop() if vals else 0, 0)))
z = zip([1, 2, 3], "ab")
print(next(z), list(z), list(zip()), list(zip([1])), list(zip([1, 2], [3, 4], [5, 6])), list(zip([1], [2], strict=True)))
try:
    list(zip([1, 2], [1], strict=True))
except ValueError as e:
    print(e)
print(list(map(lambda a, b: a + b, [1, 2], [10, 20, 30])), list(map(str, [])), list(filter(lambda x: x > 1, [1, 2, 3])), list(filter(None, [0, "", 1])), list(enumerate("ab")), list(enumerate("ab", start=5)), list(reversed((1, 2))), list(reversed("ab")), list(reversed(range(3))))
m = map(int, ["1", "x", "3"])
print(next(m))
try:
    next(m)
except ValueError as e:
    print(e)
print(next(m), any(map(bool, [0, 1])), all([]), sum(map(len, ["a", "bb"])))
for f in (lambda: iter(5), lambda: next(5), lambda: next([]), lambda: iter(5, 5), lambda: zip(5), lambda: map(len), lambda: enumerate(5), lambda: list(map(5, [1])), lambda: reversed({1}), lambda: [x for x in 5], lambda: next(iter([])), lambda: list(map(lambda a: a, [1], [2])), lambda: filter(5), lambda: sum(5)):
    try:
        print(f())
    except (TypeError, StopIteration) as e:
        print(type(e).__name__, e)
class NoNext:
    def __iter__(self): return NoNext2()
class NoNext2: pass
try:
    iter(NoNext())
except TypeError as e:
    print(e)
class NotIter:
    __iter__ = None
try:
    iter(NotIter())
except TypeError as e:
    print(e)
d = {"a": 1}
di = iter(d)
d["b"] = 2
try:
    next(di)
except RuntimeError as e:
    print(e)
l = [1, 2, 3]
li = iter(l)
next(li)
l.clear()
print(list(li), list(li))
l.append(5)
print(list(li), type(iter([])).__name__, type(iter(())).__name__, type(iter("")).__name__, type(iter({})).__name__, type(iter(set())).__name__, type(iter(range(0))).__name__, type(zip()).__name__)
total = 0
for i, (a, b) in enumerate(zip(range(5), reversed(range(5)))):
    total += i * a - b
print(total)
it = iter(range(10))
print(list(zip(it, it, it)), list(it))
class Len:
    def __len__(self): return 3
    def __getitem__(self, i): return "abc"[i]
print(list(reversed(Len())), list(Len()), "b" in Len())
class Contains:
    def __contains__(self, x): return x
print(5 in Contains(), 0 in Contains(), 0 not in Contains())
