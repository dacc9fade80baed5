# Strings in hot loops: building, indexing, comparing, formatting, methods, non-ASCII.
def build(n):
    s = ""
    for i in range(n):
        s += chr(97 + i % 26)
        if len(s) > 200: s = s[100:]
    return s
def index(s, n):
    c = 0
    for i in range(n):
        if s[i % len(s)] == "a": c += 1
        elif s[-1 - i % len(s)] > "m": c += 2
        c += ord(s[i % len(s)]) % 3
    return c
def walk(s, n):
    c = {}
    for i in range(n // len(s)):
        for ch in s: c[ch] = c.get(ch, 0) + 1
    return sorted(c.items())
def fmt(n):
    t = 0
    for i in range(n):
        t += len("%d-%s" % (i, i % 3)) + len(f"{i:>6}|{i / 2:.2f}") + len("{:x}".format(i)) + len(str(i)) + len(repr(i * 0.5))
    return t
def methods(n):
    t = 0
    s = "Hello, World"
    for i in range(n):
        t += s.find("o", i % 8) + len(s.split(",")) + s.upper().count("L") + s.startswith("He") + len(s.strip("Hd")) + len(s.replace("l", "L" * (i % 3)))
    return t
def compare(n):
    w = ["apple", "pear", "fig", "é", ""]
    c = 0
    for i in range(n):
        a, b = w[i % 5], w[i * 3 % 5]
        c += (a < b) + (a == b) * 2 + (a in b) * 4 + (len(a) > len(b)) * 8
    return c
def join(n):
    parts = []
    for i in range(n):
        parts.append(str(i % 10))
        if len(parts) == 50:
            s = ",".join(parts)
            parts = s.split(",")[25:]
    return "".join(parts)
def rev(n):
    s = "abcdef"
    for i in range(n): s = s[::-1] if i % 3 else s[1:] + s[0]
    return s
def widen(n):
    s = "abc"
    out = 0
    for i in range(n):
        if i == n // 2: s = "aßc"
        if i == n - 100: s = "a😀c"
        out += ord(s[1]) + len(s + "é")
    return out
def digits(n):
    t = 0
    for i in range(n):
        for ch in str(i * 37): t += int(ch)
    return t
def chars(n):
    t = 0
    for i in range(n):
        c = chr(i % 300 + 32)
        t += c.isalpha() + c.isdigit() * 2 + c.isspace() * 4 + c.isupper() * 8
    return t
def bytes_(n):
    b = bytearray(16)
    t = 0
    for i in range(n):
        b[i % 16] = (b[(i + 5) % 16] + i) & 255
        t += b[3] + len(bytes(b[2:5]))
    return t, bytes(b)
def mult(n):
    t = 0
    for i in range(n): t += len("ab" * (i % 5)) + ("x" * (i % 3) == "xx")
    return t
print(build(3000)); print(index("banana", 3000), index("bänana", 3000), walk("mississippi", 3000))
for f in (fmt, methods, compare, join, rev, widen, digits, chars, bytes_, mult): print(f.__name__, f(1000))
