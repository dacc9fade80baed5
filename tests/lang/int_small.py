# Small int arithmetic: signs of // and %, divmod, powers, shifts, bit operations.
def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__

pairs = [(7, 2), (-7, 2), (7, -2), (-7, -2), (0, 5), (6, 3), (-6, 3), (1, 100), (-1, 100)]
for a, b in pairs:
    print(a, b, a + b, a - b, a * b, a // b, a % b, divmod(a, b), a / b)
for a in (5, -5, 0, 255):
    print(a & 12, a | 12, a ^ 12, ~a, a << 3, a >> 1, -a, +a, abs(a), not a)
print(2 ** 10, (-2) ** 3, 2 ** -1, 0 ** 0, (-3) ** 2, -3 ** 2, pow(3, 4, 5), pow(3, -1, 7), pow(-3, 3, 5))
for f in (lambda: 1 // 0, lambda: 1 % 0, lambda: 1 / 0, lambda: divmod(1, 0), lambda: 1 << -1,
          lambda: 1 >> -1, lambda: 0 ** -1, lambda: pow(2, -1, 4), lambda: pow(2, 2, 0)):
    print(attempt(f))
print(int("42"), int("  -17 \n"), int("ff", 16), int("0x1F", 0), int("0b101", 0), int("0o17", 8), int("1_000"))
print(int(3.99), int(-3.99), int(True), int(), int(b"12"), int("z", 36))
for text in ("", "x", "1.5", "0x", "1__0", "_1", "12a"):
    try:
        print(int(text))
    except ValueError as e:
        print(e)
try:
    int("9", 8)
except ValueError as e:
    print(e)
try:
    int("1", 99)
except ValueError as e:
    print(e)
try:
    int(None)
except TypeError as e:
    print(e)
print((5).bit_length(), (0).bit_length(), (-256).bit_length(), (255).bit_count())
print((1000).to_bytes(2, "big"), (1000).to_bytes(4, "little"), int.from_bytes(b"\xff\x00", "big"),
      int.from_bytes(b"\xff\xff", "little", signed=True), (-2).to_bytes(2, "big", signed=True))
print((6).as_integer_ratio(), (6).numerator, (6).denominator, (6).real, (6).imag, (6).conjugate())
print(bin(10), oct(-64), hex(255), hex(-1), bin(0))
print(round(12345, -2), round(15, -1), round(25, -1), round(-15, -1), round(7))
print(1 < 2 < 3, 1 < 3 < 2, 1 == 1.0, 2 > True, max(1, 2.0), min(3, 2))
print(True + True, True * 5, True & False, True ^ True, isinstance(True, int), True == 1)
print(repr(-0), str(12), "%s" % -5, int(-0.0))
print(hash(5), hash(-1), hash(-2), hash(0), hash(True))
x = 5
x += 3; x -= 1; x *= 4; x //= 3; x %= 5; x **= 3; x <<= 2; x >>= 1; x |= 1; x &= 0xFF; x ^= 2
print(x)
