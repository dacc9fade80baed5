import math
def f(n):
    s = 0.0
    for i in range(n):
        x = i * 0.001
        s += math.sin(x) * math.cos(x) + math.exp(-x) + math.atan(x) + math.log1p(x)
    return s
print(round(f(3000), 6))
for fn in (math.sin, math.exp, math.acos, math.log1p, math.cosh, math.tan):
    out = []
    for v in [0, 1, 0.5, -3, 1e3, 1e308, float('inf'), float('-inf'), float('nan'), True, 10**30] * 120:
        try: out.append(fn(v))
        except (ValueError, OverflowError) as e: out.append(str(e))
    print(repr(out[:11]), [repr(x) for x in out[:11]] * 120 == [repr(x) for x in out])
