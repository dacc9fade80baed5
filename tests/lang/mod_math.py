# The math module.
import math
print(math.pi, math.e, math.tau, math.inf, math.nan, -math.inf)
for f in (math.sqrt, math.sin, math.cos, math.tan, math.exp, math.log, math.log2, math.log10, math.atan, math.sinh, math.tanh, math.floor, math.ceil, math.trunc, math.fabs, math.degrees, math.radians, math.expm1, math.log1p, math.cbrt):
    out = []
    for v in (0.5, 1, 2, 10.75):
        out.append("%.10g" % f(v))
    print(f.__name__, *out)
print(type(math.floor(2.5)).__name__, math.floor(-2.5), math.ceil(-2.5), math.trunc(-2.7), math.floor(1e20), math.floor(7), math.ceil(True))
print(math.asin(1), math.acos(1), math.atan2(1, -1), math.atan2(-0.0, -1), math.hypot(3, 4), math.hypot(1, 2, 2), math.pow(2, 3), math.fmod(-7, 3), math.copysign(3, -0.0), math.ldexp(1.5, 3), math.frexp(10.0), math.modf(-3.25))
print(math.gcd(12, 18), math.gcd(0, 5), math.gcd(-4, 6), math.gcd(), math.gcd(12, 18, 27), math.lcm(4, 6), math.lcm(2, 3, 5), math.factorial(20), math.factorial(30), math.comb(10, 3), math.perm(5, 2), math.perm(4), math.comb(3, 5), math.isqrt(99), math.isqrt(10**40))
print(math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1.0), math.isclose(1, 1 + 1e-10), math.isclose(1, 1.1), math.isclose(1, 1.1, rel_tol=0.2), math.isclose(0, 1e-9, abs_tol=1e-8), math.fsum([0.1] * 10), math.prod([1, 2, 3, 4]), math.prod([2.5, 2], start=3), math.dist([0, 0], [3, 4]))
print(math.log(8, 2), math.log(10**100), math.log2(2**100), math.log10(10**50), "%.12g" % math.gamma(5.5), "%.12g" % math.lgamma(10), "%.12g" % math.erf(0.5), math.nextafter(1, 2), math.ulp(1.0), math.remainder(7, 4))
for f in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.log(-1), lambda: math.exp(1000), lambda: math.factorial(-1), lambda: math.sqrt("a"), lambda: math.floor(math.inf), lambda: math.floor(math.nan), lambda: math.acos(2), lambda: math.fmod(1, 0), lambda: math.gcd(1.5), lambda: math.isqrt(-1), lambda: math.factorial(1.5), lambda: math.sin(math.inf), lambda: math.sqrt(), lambda: math.pow(0, -1), lambda: math.sqrt(None), lambda: math.floor("a")):
    try:
        print(f())
    except (ValueError, OverflowError, TypeError) as e:
        print(type(e).__name__)
class F:
    def __float__(self): return 2.25
    def __floor__(self): return "floor"
    def __ceil__(self): return "ceil"
    def __trunc__(self): return "trunc"
print(math.sqrt(F()), math.floor(F()), math.ceil(F()), math.trunc(F()), math.sqrt(True), math.sqrt(2**200))
