# Hot float loops: arithmetic, mixing with ints, nan, inf, signed zero, conversions.
def mix(n):
    x = 0
    for i in range(n):
        if i == n // 2: x = x + 0.5
        x += i
    return x
def series(n):
    s = 0.0
    for i in range(1, n): s += 1.0 / (i * i)
    return s
def nans(n):
    x = 1.0
    c = 0
    nan = float("nan")
    for i in range(n):
        y = nan if i % 7 == 3 else x
        if y == y: c += 1
        if not y < 2: c += 10
        if y != y: c += 100
        if y >= 0: c += 1000
    return c
def grow(n):
    x = 1.5
    k = 0
    for i in range(n):
        x *= 1.5
        if x > 1e300: x = 1e-300; k += 1
    return x, k
def zero(n):
    z = -0.0
    s = 0
    for i in range(n):
        z = -z
        s += str(z) == "-0.0"
    return s, z
def trunc(n):
    s = 0
    for i in range(n): s += int(i * 0.7) - int(-i * 0.3) + round(i / 3)
    return s
def floordiv(n):
    s = 0.0
    for i in range(1, n): s += (i * 1.5) // 0.7 + (-i * 1.1) % 0.9 + i % 2.5
    return s
def types(n):
    v = [1, 2.5, True, 3, -0.5]
    s = 0
    for i in range(n): s = s + v[i % 5] * v[i % 3] - v[i % 2]
    return s
def compare(n):
    c = 0
    for i in range(n):
        if i < i + 0.5 <= i + 1 and i == float(i) and not i != i * 1.0: c += 1
    return c
def extremes(n):
    small, big, hits = 1e-320, 1e305, 0
    for i in range(n):
        small = small * 1.01
        big = big * 1.01
        if big == float("inf"): big = 1e300; hits += 1
    return small, big, hits
def powers(n):
    s = 0.0
    for i in range(n): s += (i + 0.5) ** 2 + (i + 1) ** 0.5 + (i + 1) ** -1
    return s
import math
def funcs(n):
    s = 0.0
    for i in range(1, n): s += math.sqrt(i) * math.sin(i) + math.floor(i / 7) + abs(-i / 3)
    return s
print(mix(3000), series(3000), nans(2000), grow(5000), zero(1001), trunc(2000)); print(floordiv(2000), types(3000), compare(2000)); print(extremes(3000), powers(1000), funcs(2000))
