# Hot loops over ints: sums, overflow into big ints and back, mixed signs, shifts, division.
def total(n):
    s = 0
    for i in range(n): s += i * 3 - (i >> 1)
    return s
def overflow(n, step):
    s = 1 << 61
    for i in range(n): s += step
    return s
def down(n):
    s = 2**63
    while s > 2**62 - n: s -= 1 if s < 2**62 + n else 2**61
    return s
def mul(n):
    x = 1
    out = []
    for i in range(n):
        x *= 3
        if x > 2**70: x = x % 1000003
        if i % 500 == 0: out.append(x)
    return out, x
def divs(n):
    q = r = 0
    for i in range(-n, n):
        if i:
            q += 1000003 // i
            r += 1000003 % i
            q += i // 7 - i // -7
            r ^= i % -5
    return q, r
def bits(n):
    a = 0x123456789ABCDEF
    for i in range(n):
        a ^= (a << 13) & 0xFFFFFFFFFFFFFFFF
        a ^= a >> 7
        a ^= (a << 17) & 0xFFFFFFFFFFFFFFFF
    return a
def edge(n):
    hits = 0
    x = 2**62 - n // 2
    for i in range(n):
        x += 1
        if x == 2**62: hits += 1
        if -x < -(2**62): hits += 10
        if x - 1 < 2**62 <= x: hits += 100
    return hits, x
def neg(n):
    x = -(2**62)
    out = 0
    for i in range(n):
        if i == n - 5: x -= 1
        out = -x + abs(x) + (x * -1)
    return out, x
def powers(n):
    s = 0
    for i in range(n): s += i ** 2 + 2 ** (i % 70)
    return s
def shifts(n):
    s = 0
    for i in range(n): s += (1 << i % 80) >> (i % 20)
    return s
def bools(n):
    s = 0
    for i in range(n): s += (i % 3 == 0) + (i > 5) * 2 - (not i)
    return s
print(total(3000), overflow(3000, 2**50), overflow(3000, -(2**50)), overflow(3000, 2**60), down(100))
print(mul(3000)); print(divs(2000)); print(bits(2000)); print(edge(3000), neg(2000)); print(powers(2000)); print(shifts(1000)); print(bools(3000))
