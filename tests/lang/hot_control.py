# Nested loops, while/else, break out of several, early return, continue, conditions, branchy loops.
def nested(n):
    s = 0
    for i in range(n):
        for j in range(i % 7):
            for k in range(j): s += i ^ j ^ k
    return s
def triangle(n):
    s = 0
    i = 0
    while i < n:
        j = i
        while j > 0:
            s += j
            j -= 3
        i += 1
    else: s += 1000000
    return s
def breaks(n):
    out = 0
    for i in range(n):
        for j in range(10):
            if (i + j) % 11 == 10: break
            if j == 8: continue
            out += 1
        else:
            out += 100
            continue
        if i % 13 == 12: out += 7
        if i == n - 3: break
    else: out = -1
    return out
def early(n):
    def find(k):
        for i in range(100):
            for j in range(3):
                if i * j == k: return i, j
        return None
    c = 0
    for k in range(n):
        r = find(k % 40)
        c += r[0] if r else 1
    return c
def collatz(n):
    best = 0
    for i in range(1, n):
        x, c = i, 0
        while x != 1:
            x = x // 2 if x % 2 == 0 else 3 * x + 1
            c += 1
        if c > best: best, at = c, i
    return best, at
def branchy(n):
    x, c = 12345, [0] * 6
    for i in range(n):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        r = x >> 16
        if r & 1:
            if r & 2: c[0] += 1
            else: c[1] += r & 7
        elif r & 4:
            c[2] += 1
            if r & 8 and r & 16 or r & 32: c[3] += 1
        else: c[4] -= 1
        c[5] += 3 if r % 3 == 0 else 2 if r % 5 == 0 else 1
    return c
def gcd(n):
    s = 0
    for i in range(1, n):
        a, b = i, n
        while b: a, b = b, a % b
        s += a
    return s
def bubble(n):
    l = [(i * 7919) % 101 for i in range(n)]
    for i in range(n):
        done = True
        for j in range(n - 1 - i):
            if l[j] > l[j + 1]: l[j], l[j + 1], done = l[j + 1], l[j], False
        if done: break
    return l[:5], l[-5:], i
def sieve(n):
    p = [True] * n
    for i in range(2, n):
        if not p[i]: continue
        for j in range(i * i, n, i): p[j] = False
    return sum(p) - 2
def walrus(n):
    c = s = 0
    while (c := c + 1) < n:
        if (d := c % 7) > 3 and (e := d * 2): s += e
    return s
def chained(n): 
    c = 0
    for i in range(n): c += (0 < i % 10 < 5) + (1 <= i % 7 <= 3 != i % 2) * 10
    return c
def rare(n):
    c = 0
    for i in range(n):
        if i == 1000: c += 1
        elif i == n - 1: c += 1000
        c += i % 2
    return c
def zero_trip(n):
    c = 0
    for i in range(n):
        for j in range(0): c += 1
        for j in []: c += 1
        while False: c += 1
        for j in range(i % 2): c += 10
    return c
def steps(n):
    s = 0
    for i in range(n, 0, -3): s += i
    for i in range(-n, n, 7): s -= i
    for i in range(5, 5 + n, 2): s ^= i
    for i in range(2**62 - 20, 2**62 + 20): s += i & 1
    return s
def var_step(n):
    s = 0
    for k in (1, 2, -1, -3):
        for i in range(0, n * k, k): s += i
    return s
def reuse(n):
    for i in range(n):
        x = i
        for i in range(3): x += i
        i = x
    return i, x
def swap(n):
    a, b, c = 1, 2, 3
    for i in range(n): a, b, c = b, c, a
    for i in range(n): a, b = b, (a + b) % 1000
    return a, b, c
def life(n):
    cells = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
    for _ in range(n):
        near = {}
        for x, y in cells:
            for dx in (-1, 0, 1):
                for dy in (-1, 0, 1):
                    if dx or dy: near[x + dx, y + dy] = near.get((x + dx, y + dy), 0) + 1
        cells = {p for p, c in near.items() if c == 3 or c == 2 and p in cells}
    return sorted(cells)
for f, n in ((nested, 500), (triangle, 120), (breaks, 500), (early, 60), (collatz, 300), (branchy, 3000), (gcd, 800), (bubble, 60), (sieve, 2000), (walrus, 2000), (chained, 2000), (rare, 2500), (zero_trip, 1000), (steps, 2000), (var_step, 400), (reuse, 1000), (swap, 1000), (life, 20)): print(f.__name__, f(n))
for i in range(2000):
    if i % 500 == 499: print("module level", i)
total = 0
while total < 3000: total += 7
print(total)
