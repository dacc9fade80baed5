# Lists in hot loops: every strategy and each switch between them; append, pop, slices, nested.
def ints(n):
    l = []
    for i in range(n): l.append(i * 2)
    s = 0
    for x in l: s += x
    for i in range(len(l)): l[i] = l[i] + 1
    return s, sum(l), l[-1]
def floats(n):
    l = [0.0] * n
    for i in range(n): l[i] = i / 4
    s = 0.0
    for i in range(n - 1, -1, -1): s = s * 0.5 + l[i]
    return s
def switch(n):
    out = []
    for kind in (1, 2.5, "s", None, 2**70, True, [0]):
        l = list(range(5))
        for i in range(n):
            l[i % 5] = i
            if i == n - 3: l.append(kind)
        out.append(l)
    return out
def int_to_float(n):
    l = [1, 2, 3]
    for i in range(n):
        l[i % 3] = l[(i + 1) % 3] + (0.5 if i > n - 5 else 1)
    return l
def big_in(n):
    l = [2**61] * 4
    for i in range(n):
        l[i % 4] += 2**50
    return l
def empty_to(n):
    c = 0
    for i in range(n):
        l = []
        if i % 3 == 0: l.append(1)
        elif i % 3 == 1: l.append("a")
        else: l.append(1.5)
        l.append(i)
        c += len(l) + (l[0] == 1)
    return c
def stack(n):
    st = []
    s = 0
    for i in range(n):
        st.append(i)
        if i % 3 == 2: s += st.pop() + st.pop(0)
    return s, len(st)
def slices(n):
    l = list(range(20))
    s = 0
    for i in range(n):
        t = l[i % 10:i % 10 + 5]
        s += t[0] + t[-1] + len(l[::3])
        l[i % 20:i % 20 + 1] = [i % 7]
        if i % 4 == 0: l = l[::-1]
    return s, l
def matrix(n):
    m = [[i * j for j in range(6)] for i in range(6)]
    for k in range(n):
        for i in range(6):
            for j in range(6):
                m[i][j] = (m[i][j] + m[j][i]) % 1009
    return m
def insert_delete(n):
    l = [0]
    for i in range(n):
        l.insert(i % len(l), i)
        if len(l) > 10: del l[i % 5]
        if i in l: l.remove(i)
        l += [i % 3]
    return l, l.count(1), l.index(2)
def swap(n):
    l = list(range(10))
    for i in range(n):
        a, b = i % 10, (i * 7 + 3) % 10
        l[a], l[b] = l[b], l[a]
    return l
def iter_mutate(n):
    out = 0
    for k in range(n):
        l = [1, 2, 3]
        for x in l:
            out += x
            if len(l) < 5: l.append(x)
    return out
def neg_index(n):
    l = [1, 2, 3, 4]
    s = 0
    for i in range(n): s += l[-1 - i % 4] * l[i % 8 - 4]
    return s
def comps(n):
    s = 0
    for i in range(n // 10):
        s += sum([x * i for x in range(10) if x % 2]) + len([[y] for y in "abc"])
    return s
def tuples(n):
    t = (1, 2.5, "c")
    s = 0
    for i in range(n):
        a, b, c = t
        t = (a + 1, b * 1.0, c)
        s += t[0] + len(t)
        p, *q = t
        s += len(q)
    return t, s
def concat(n):
    l = []
    for i in range(n // 10): l = l + [i]
    for i in range(n // 10): l += [i, i]
    l *= 2
    return len(l), sum(l)
def ranges(n):
    r = range(0, n, 3)
    s = 0
    for i in range(n): s += r[i % len(r)] + (i in r)
    l = list(r)
    for i in range(n): l[i % len(l)] ^= i
    return s, sum(l)
def strs(n):
    l = ["a", "b"]
    for i in range(n):
        l[i % 2] = l[1 - i % 2][-3:] + str(i % 10)
        if i == n - 4: l[0] = 5; l[0] = "q"
    return l
for f in (ints, floats, switch, int_to_float, big_in, empty_to, stack, slices, insert_delete, swap, iter_mutate, neg_index, comps, tuples, concat, ranges, strs):
    print(f.__name__, f(1500))
print(matrix(60))
