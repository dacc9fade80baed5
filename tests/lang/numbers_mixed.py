# Numeric tower: every pair of kinds under every operator, results and types.
vals = [0, 1, -3, True, 2**62, -(2**62) - 1, 2**100, 0.0, 2.5, -0.5, 1e300]
ops = [("+", lambda a, b: a + b), ("-", lambda a, b: a - b), ("*", lambda a, b: a * b), ("/", lambda a, b: a / b), ("//", lambda a, b: a // b), ("%", lambda a, b: a % b), ("==", lambda a, b: a == b), ("<", lambda a, b: a < b), (">=", lambda a, b: a >= b)]
for name, f in ops:
    for a in vals:
        row = []
        for b in vals:
            try:
                r = f(a, b)
                row.append(repr(r))
            except Exception as e:
                row.append(type(e).__name__[:4])
        print(name, a, row)
for name, f in (("&", lambda a, b: a & b), ("|", lambda a, b: a | b), ("^", lambda a, b: a ^ b), ("<<", lambda a, b: a << b), (">>", lambda a, b: a >> b), ("**", lambda a, b: a ** b)):
    for a in (0, 1, -3, True, 2**62, -(2**70), 2.5):
        row = []
        for b in (0, 1, 2, 5, -1, True, 1.5, 65):
            try:
                row.append(repr(f(a, b)))
            except Exception as e:
                row.append(type(e).__name__[:4])
        print(name, a, row)
