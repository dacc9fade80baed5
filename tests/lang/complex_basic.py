# Complex numbers.
z = 3 + 4j
w = 1 - 2j
print(z, w, z + w, z - w, z * w, z / w, -z, +z, abs(z), z.real, z.imag, z.conjugate())
print(z + 1, 2 * z, z - 1.5, z / 2, 1 / z, z ** 2, z ** 0, z == 3 + 4j, z != w, bool(0j), bool(1j))
print(complex(), complex(1), complex(1, 2), complex("1+2j"), complex("-3j"), complex(1.5, -0.0), complex("5"))
print(repr(1j), repr(-1j), repr(0j), repr(-0j), repr(1.5 + 0j), str(1e20 + 1e-7j), 2 + 0j == 2, hash(2 + 0j) == hash(2))
print(complex(float("nan"), 1), complex(0, float("inf")))
for f in (lambda: z < w, lambda: int(z), lambda: float(z), lambda: z // w, lambda: z % w, lambda: complex("x"), lambda: 1j / 0):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e if not isinstance(e, ZeroDivisionError) else "")
print(type(z).__name__, isinstance(z, complex), {z: 1}[3 + 4j], sum([1j, 2, 3.5]))
print("{:.2f}".format(z), f"{z}", "%s %r" % (z, w), pow(2j, 2), (1 + 1j) ** 3)
z += 1
z *= 2j
print(z)
