# Ints past the machine word: the edges at 62, 63, 64 bits, and far beyond.
edges = [2**30, 2**31, 2**32, 2**61 - 1, 2**61, 2**62 - 1, 2**62, 2**62 + 1, 2**63 - 1, 2**63, 2**64, 2**100]
for n in edges:
    print(n, -n, n + 1, n - 1, -n - 1, n * 2, n * n, n // 3, -n // 3, n % 7, -n % 7, n >> 5, n << 5)
for a in edges[4:10]:
    for b in edges[4:10]:
        print(a + b, a - b, -a - b, a * b, a & b, a | b, a ^ b, a == b, a < b, a // b, a % b, -a // b)
print(~(2**64), -(2**64) >> 3, -(2**64) & 0xFFFF, (-(2**65)) | 1, (2**64 - 1) ^ -1)
print(-(2**62), -(2**62) - 1, -(2**62) * -1, abs(-(2**62)), -(-(2**62)), (-(2**62)) // -1)
print(-(2**63), -(2**63) * -1, abs(-(2**63)), -(2**63) // -1, divmod(-(2**63), -1))
f = 1
for i in range(1, 60):
    f *= i
print(f, len(str(f)))
for i in range(1, 60):
    f //= i
print(f)
print(3**200 % 1000007, pow(3, 200, 1000007), pow(7, 10**20, 10**9 + 7), 10**40 // 10**20, 10**40 % (10**20 + 1))
print(2**200 >> 190, 1 << 70, (1 << 70) >> 70, -1 >> 100, 5 >> 1000, -(1 << 70) >> 69)
print(int("123456789" * 5), int("f" * 30, 16), hex(2**70 + 15), oct(2**70), bin(2**66)[:6])
print(float(2**60), float(2**70), 2**70 / 2**68, (2**70 + 1) / 3, 10**400 // 10**398)
try:
    float(10**400)
except OverflowError as e:
    print(e)
try:
    10**400 / 3
except OverflowError as e:
    print(e)
print(10**400 / 10**399, 1e10 + 2**70, 2**53 + 1 == float(2**53), 2**53 + 1 > float(2**53), 2**2000 > 1e308, 2**2000 > float("inf"))
print((2**100).bit_length(), (2**100 - 1).bit_count(), (2**80).to_bytes(11, "big"), int.from_bytes(b"\x01" * 10, "big"))
try:
    (2**80).to_bytes(10, "big")
except OverflowError as e:
    print(e)
print(hash(2**61 - 1), hash(2**61), hash(2**100), hash(-(2**100)), hash(2**62) == hash(float(2**62)))
d = {2**70: "a", 2**62: "b"}
print(d[2**70], d[1 << 62], d[float(2**62)], 2**70 in d, 2**71 in d)
print(round(2**70 + 5, -1), round(10**30 + 5 * 10**9, -10), divmod(-(10**30), 7), divmod(10**30, -(10**10)))
print(sum([2**62, 2**62, -(2**63)]), sum([2**62] * 5), max(2**64, 2**63), min(-(2**64), 0))
print((2**64).as_integer_ratio(), "%d %x %o" % (2**70, 2**70, 2**70), f"{2**70:,} {2**70:_x} {-2**70:+d} {2**70:e}")
print(int(1e20), int(-1.5e25), int(1e300) % 1000)
a = 2**62 - 1
a += 1
print(a, type(a).__name__)
a -= 1
print(a, a == 2**62 - 1, a is not None)
x = 3037000500
print(x * x, x * -x, (x - 1) * (x - 1), 4611686018427387904 // 3037000500)
print(2**64 % -7, -(2**64) % -7, 7 % 2**64, -7 % 2**64, 7 // 2**64, -7 // 2**64, 0 // 2**64)
print(bool(2**64), not 2**64, 2**64 and 1, 2**64 == 2**64, 2**64 is None, 2**64 != 2.0**64)
