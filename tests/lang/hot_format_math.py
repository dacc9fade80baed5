# Formatting, conversions and math functions in hot loops, with results that raise now and then.
import math
def formats(n):
    h = 0
    for i in range(n):
        for t in ("%5d|%-6.2f|%s" % (i, i / 3, i % 2 == 0), f"{i:05d} {i * 1.5:8.3f} {i!r:>5}", "{:,} {:x} {:e}".format(i * 997, i, i + 0.5), str(i) + repr(i / 8) + hex(i)):
            for c in t[::3]: h = (h * 31 + ord(c)) % 1000000007
    return h
def parse(n):
    s = 0
    for i in range(n):
        s += int(str(i * 3)) + float(str(i / 4)) + int("%x" % i, 16)
        try: s += int("12x" if i % 11 == 0 else "12")
        except ValueError: s -= 1
    return s
def maths(n):
    s, e = 0.0, 0
    for i in range(n):
        try: s += math.sqrt(i - 3) + math.log(i) + math.exp(i % 10) + math.pow(i, 0.5)
        except ValueError: e += 1
        s += math.sin(i) * math.cos(i) + math.atan2(i, 3) + math.fabs(-i) + math.hypot(i, 1)
        e += math.floor(i / 3) + math.ceil(i / 3) + math.gcd(i, 12) + math.isqrt(i) + math.trunc(-i / 7)
        if math.isnan(s) or math.isinf(s): return "bad"
    return "%.8g" % s, e
def overflow(n):
    e = 0
    for i in range(n):
        try: math.exp(i)
        except OverflowError: e += 1
        try: (i + 1.0) ** (i % 300)
        except OverflowError: e += 1000
        try: 1.0 / (i % 4)
        except ZeroDivisionError: e += 1000000
    return e
def rounds(n):
    s = 0
    for i in range(n): s += round(i / 4) + round(i / 7, 2) + round(-i / 3, 1) + int(i / 3) + (i * 0.1) // 1 + divmod(i * 0.3, 0.7)[0]
    return "%.6f" % s
def joins(n):
    out = []
    for i in range(n):
        out.append("%d" % i if i % 3 else "<%s>" % i)
        if len(out) > 20: out = [",".join(out)[-30:]]
    return "".join(out)
for f in (formats, parse, maths, overflow, rounds, joins): print(f.__name__, f(800))
