# Many live values at once: more than any machine has registers, in ints, floats and both.
def ints(n):
    a = b = c = d = e = f = g = h = i = j = k = l = m = o = p = q = r = s = t = u = 1
    for x in range(n):
        a += x; b ^= a; c += b & 7; d -= c; e += d >> 3; f ^= e; g += f & 15; h -= g; i += h & 3; j ^= i
        k += j & 31; l -= k; m += l & 1; o ^= m; p += o & 127; q -= p; r += q & 63; s ^= r; t += s & 7; u -= t
    return a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s, t, u
def floats(n):
    a = b = c = d = e = f = g = h = i = j = k = l = m = o = p = q = r = s = t = u = 0.5
    for x in range(n):
        a = a * 0.9 + x; b = b * 0.8 + a; c = c * 0.7 - b; d = d * 0.6 + c; e = e * 0.5 - d; f = f * 0.4 + e; g = g * 0.3 - f
        h = h * 0.9 + g; i = i * 0.8 - h; j = j * 0.7 + i; k = k * 0.6 - j; l = l * 0.5 + k; m = m * 0.4 - l; o = o * 0.3 + m
        p = p * 0.9 - o; q = q * 0.8 + p; r = r * 0.7 - q; s = s * 0.6 + r; t = t * 0.5 - s; u = u * 0.4 + t
    return a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s, t, u
def mixed(n):
    a, b, c, d, e = 1, 2.0, 3, 4.0, 5
    f, g, h, i, j = "x", [1], (2,), {"k": 3}, None
    for x in range(n):
        a, b, c, d, e = e, d, c + x, b + a, a
        if x % 10 == 0: f, g, h = f[-2:] + "y", [a], (b,)
        if x % 100 == 0: i["k"] += c; j = x
        if x % 501 == 500: a, b = b, a
    return a, b, c, d, e, f, g, h, i, j
def late_exit(n):
    a, b, c, d, e, f, g, h = range(8)
    for x in range(n):
        a, b, c, d, e, f, g, h = b, c, d, e, f, g, h, a + 1
        if x == n - 2: a = str(a); break
    return a, b, c, d, e, f, g, h
def deep(n):
    def one(a, b, c, d, e, f):
        t = a + b
        return two(t, c, d, e, f, a) + t
    def two(a, b, c, d, e, f):
        u, v = a * 2, b - 1
        return three(u, v, c, d, e, f) - u + v
    def three(a, b, c, d, e, f):
        if f % 17 == 16: raise KeyError(a)
        return a + b + c + d + e + f
    s = 0
    for x in range(n):
        try: s += one(x, 1, 2.5, x & 3, x % 5, 6)
        except KeyError as k: s -= k.args[0]
    return s
def many_args(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p): return (a, p, b, o), c + d + e + f + g + h + i + j + k + l + m + n
def calls(n):
    s = 0
    for x in range(n):
        t, v = many_args(x, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, x * 0.5)
        s += v + t[1]
    return s, t
for f in (ints, floats, mixed, late_exit, deep, calls): print(f.__name__, f(1500))
