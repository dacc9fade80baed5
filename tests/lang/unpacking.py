# Unpacking in assignments, loops, calls and displays, with stars; the errors.
a, b = 1, 2
(c, d), [e, f] = (3, 4), "xy"
print(a, b, c, d, e, f)
a, *b = [1, 2, 3]; print(a, b)
*a, b = "abc"; print(a, b)
a, *b, c = range(5); print(a, b, c)
a, *b, c = 1, 2; print(a, b, c)
[*a] = (); print(a)
*a, = "q"; print(a)
a, (b, *c), d = 1, (2, 3, 4), 5; print(a, b, c, d)
for x, (y, *z) in [(1, (2, 3, 4)), (5, "ab")]:
    print(x, y, z)
for i, in [(1,), (2,)]:
    print(i)
x = [1, 2, 3]
i = 0
i, x[i] = 1, 9
print(i, x)
x[0], x[1] = x[1], x[0]
print(x)
a = b = c = [0]
a.append(1)
print(b, c, a is b is c)
(a) = 5; [b] = [6]; print(a, b)
class O: pass
o = O()
o.a, o.b, x[2] = "ABC"
print(o.a, o.b, x)
def gen():
    yield 1
    yield 2
a, b = gen(); print(a, b)
a, b = {"k": 1, "l": 2}; print(a, b)
a, b = {1: 2}.popitem(); print(a, b)
for value in ([1, 2, 3], [1], 5, None, "", range(9), gen(), iter([1])):
    try:
        p, q = value
        print("ok", p, q)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, str(e)[:26])
for value in ([1], [], "a"):
    try:
        p, *q, r = value
    except ValueError as e:
        print(e)
try:
    p, q = 5
except TypeError as e:
    print(e)
try:
    p, q, r = [1, 2]
except ValueError as e:
    print(e)
print([*range(2), *"ab", *[]], (*[1], 2), {*[1, 1]}, {**{"a": 1}, **{"b": 2}}, [*{"k": 1}])
def f(*args): return args
print(f(*[1, 2], *"ab"), f(*(x for x in range(2))), f(*{"a": 1}), f(*range(0)))
def ret(): return 1, *[2, 3]
print(ret())
try:
    [*5]
except TypeError as e:
    print(e)
try:
    {**[1]}
except TypeError as e:
    print(e)
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
a, b, c = It(); print(a, b, c)
*a, = It(); print(a)
class Boom:
    def __iter__(self):
        yield 1
        raise KeyError("boom")
try:
    a, b = Boom()
except KeyError as e:
    print("KeyError", e)
(a, b), c = [1, 2], 3
a, b = b, a + b
a, b, c = c, a, b
print(a, b, c)
lst = [(1, "a"), (2, "b")]
nums, letters = zip(*lst)
print(nums, letters, dict(lst), {k: v for k, v in lst}, [k * 2 for k, _ in lst])
