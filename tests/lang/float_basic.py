# Floats: repr, special values, arithmetic, comparison, conversion, rounding, methods.
inf = float("inf")
nan = float("nan")
values = [0.0, -0.0, 1.0, -1.5, 0.1, 1e16, 1e15, 123456789012345680.0, 1e22, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308,
          2.5, 3.14159, 1e100, 1e-100, 1 / 3, 100.0, 1e300, -1e-300, inf, -inf, nan, 0.1 + 0.2]
for v in values:
    print(repr(v), str(v), -v, abs(v), bool(v), v == v, v > 0, v <= 0, v != 0)
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(-7.5, 2), divmod(7.5, -2.5), 5.0 % 5, -5.0 % 5)
print(0.0 == -0.0, inf - inf, inf * 0, inf + 1, -inf < inf, nan < 1, nan == nan, nan != nan, 1 < nan, min(nan, 1) != 1)
print(1e308 * 10, -1e308 * 10, 1e-308 / 1e10, 2.0 ** 0.5, 2.0 ** -2, (-8.0) ** 2, 4 ** 0.5, 0.0 ** 0, inf ** 0, 1.0 ** nan)
print((-8) ** (1 / 3))
for f in (lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: 0.0 ** -1, lambda: divmod(1.0, 0)):
    try:
        print(f())
    except ZeroDivisionError as e:
        print("ZeroDivisionError")
try:
    10.0 ** 400
except OverflowError as e:
    print("OverflowError")
print(1 + 2.5, 2.5 + 1, 3 * 0.5, 7 / 2, 7 // 2.0, True + 0.5, 2 ** 0.5, 10 % 3.5)
print(1 == 1.0, 1 < 1.5, 1.5 < 2, 2 >= 2.0, 3 > 2.9, hash(1.0) == hash(1), hash(0.5) == hash(0.5), hash(inf), hash(-inf))
for t in ("1.5", " -2 ", "1e3", "inf", "-Infinity", "nan", "1_0.5", ".5", "5.", "+1E-2", "0x10", "", "abc", "1e", "1 2"):
    try:
        print(repr(t), float(t))
    except ValueError as e:
        print(e)
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234.567, -2), round(0.5), round(1.5), round(1e20), round(2.0, 1), round(5.015, 2))
for v in (inf, nan):
    try:
        print(round(v))
    except (OverflowError, ValueError) as e:
        print(type(e).__name__, e)
    try:
        print(int(v))
    except (OverflowError, ValueError) as e:
        print(type(e).__name__, e)
print((2.5).is_integer(), (4.0).is_integer(), (0.75).as_integer_ratio(), (3.5).hex(), float.fromhex("0x1.cp+1"), (-0.1).hex(), (1.5).real, (1.5).imag, (2.0).conjugate())
print(int(2.9), int(-2.9), int(1e10), 5.0 // 1, 1e16 + 1, 9007199254740993.0)
print(float(), float(3), float(True), float("  7  "))
print(max(1.0, 2), min(1, 0.5), sum([0.1] * 10), sum([1, 2.5]), abs(-2.5), pow(2.0, 3), divmod(7, 2.0))
x = 1.0
x += 2; x *= 3; x -= 0.5; x /= 2; x //= 1; x **= 2; x %= 7
print(x)
print([0.1, 1.0, -0.0], (1e16,), {1.5: 2.5}, 1e16 == 10**16, 0.1 + 0.2 == 0.3, 1e400, -1e400)
print(type(3.0).__name__, isinstance(1.0, float), isinstance(1, float), 3.0 is None)
print(1.1 + 2.2, 3.3 * 3, 1e23, 1e21, 123456.789e3, 1.0e-7, 4.35, 4.349999999999999, 0.30000000000000004)
d = {}
d[1.0] = "float"
d[1] = "int"
d[True] = "bool"
print(d, len({0.0, -0.0, 0, False}))
