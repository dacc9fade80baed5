# if/elif/else, while/for with else, break, continue, pass, nested loops, walrus, assert, del.
for n in range(2, 12):
    for d in range(2, n):
        if n % d == 0:
            print(n, "=", d, "*", n // d)
            break
    else:
        print(n, "is prime")
i = 0
while i < 5:
    i += 1
    if i == 2:
        continue
    if i == 9:
        break
    print(i, end=" ")
else:
    print("while-else")
while True:
    i -= 1
    if i < 2:
        break
else:
    print("never")
print(i)
for x in []:
    pass
else:
    print("empty else")
def find(grid, want):
    for r, row in enumerate(grid):
        for c, v in enumerate(row):
            if v == want:
                return r, c
    return None
print(find([[1, 2], [3, 4]], 3), find([[1]], 9))
while (n := i * 2) < 20:
    i += 3
print(n, i, [y := 5, y ** 2], (z := 3) + z, [last := v for v in range(4)], last)
if (m := len("abc")) > 2:
    print("walrus", m)
print([w for v in range(6) if (w := v * v) % 2 == 0])
def grade(s):
    if s >= 90: return "A"
    elif s >= 80: return "B"
    elif s >= 70: return "C"
    else: return "F"
print([grade(s) for s in (95, 85, 75, 5)])
try:
    assert 1 == 1
    assert i > 1000, "i is %d" % i
except AssertionError as e:
    print("AssertionError", e, e.args)
try:
    assert False
except AssertionError as e:
    print(repr(e), e.args)
try:
    assert [], (1, 2)
except AssertionError as e:
    print(e.args)
x = 1
del x
try:
    x
except NameError as e:
    print(e)
a, b, l, d = 1, 2, [1, 2, 3], {"k": 1}
del a, b
del l[0], d["k"]
del (l[0])
print(l, d)
class T: pass
t = T(); t.q = 1
del t.q
print(hasattr(t, "q"))
try:
    del t.q
except AttributeError as e:
    print(e)
try:
    del d["zz"]
except KeyError as e:
    print(repr(e))
out = []
for i in range(3):
    for j in range(3):
        if j == 1:
            continue
        if i == 2:
            break
        out.append((i, j))
    else:
        out.append("else%d" % i)
        continue
    out.append("broke%d" % i)
print(out)
k = 10
while k:
    k -= 1
    if k % 2: continue
    while k > 5:
        k -= 3
    print(k, end=",")
print()
for a in (1, 2), (3, 4):
    for a in a:
        print(a, end=" ")
print()
x = [0] * 3
for x[1] in range(3):
    print(x, end=" ")
print()
for i in range(3): print(i, end=";")
else: print("one-line")
if 1: pass
elif 2: print("no")
print(1 if True else 2, end="\n\n") ; print("a"); print()
def nothing():
    ...
print(nothing())
