# Format specs of int, float, str; f-string conversions, nesting and =.
for spec in ("", "d", "5", "<5", ">5", "^5", "=+6", "05", "+", " ", "-", "x", "X", "#x", "#o", "#b", "b", ",", "_", "e", ".2f", "g", "%", "c", "n", "*^9", "08b", "+,d", "#010x", ".1%"):
    print(spec, "|" + format(75, spec) + "|", end=" ")
    if spec != "c":
        print("|" + format(-1234567, spec) + "|")
    else:
        print()
for spec in ("", "f", ".0f", ".1f", ".3f", "10.2f", "<10.2f", "^10.2f", "+.2f", "e", ".3e", "E", "g", ".3g", "G", "%", ".1%", ",", ",.2f", "_.1f", "010.1f", "n", "#.0f", " .2f", "z.1f", "=+10.2f", "10", ".10g", ".17g", ".0e"):
    print(spec, [format(v, spec) for v in (0.0, -0.0, 3.14159, -2.5, 1234567.891, 1e-7, 1e22, float("inf"), float("nan"))])
for spec in ("", "5", "<5", ">5", "^5", "s", ".2", "5.1", "*<4", "é>4"):
    print(spec, "|" + format("abc", spec) + "|")
x = 3.14159
w = 10
name = "hoop"
print(f"{x:.2f} {x:{w}.{2}f}| {name!r} {name!s:>6} {name!a} {{}} {{{name}}} {x=} {name=!s} {w = } {w=:5d} {1 + 1}")
print(f"{'nested ' + f'{name}'} {[i for i in range(3)]} {(lambda a: a * 2)(4)} {name[0]}{name[-1]} {'a' if x > 3 else 'b'} {dict(a=1)['a']}")
print(f"{None} {True} {[1, 'a']} {(1,)} {b'x'}", f"", f"{x!r:>10}", f"a" "b" f"{1}")
print(f"""multi
{name}
line""")
print("{} {}".format(1, 2), "{1} {0}".format(1, 2), "{a} {b[0]} {c.real}".format(a=1, b=[5], c=3), "{0[k]}".format({"k": 9}), "{:>{}}".format("x", 4), "{!r}".format("q"), "{{}}".format(), "{0:{1}}".format(5, "04"))
for f in (lambda: "{} {}".format(1), lambda: "{a}".format(), lambda: format(5, "zz"), lambda: format("s", "d"), lambda: format(1.5, "d"), lambda: format([], "5"),
          lambda: "{".format(), lambda: "}".format(), lambda: "{0} {}".format(1), lambda: format(5, ".2d"), lambda: format("x", "+"), lambda: format(3, "s"), lambda: "{!x}".format(1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
class F:
    def __format__(self, spec):
        return "<" + spec + ">"
    def __str__(self):
        return "str"
    def __repr__(self):
        return "repr"
class G:
    def __repr__(self):
        return "G!"
print(f"{F()} {F():abc} {F()!s} {F()!r:>6} {G()} {G()!s:>4}", "{:x y}".format(F()), format(F()), format(G()), "%s %r" % (F(), F()))
print(format(True), format(True, "d"), format(None), f"{True:5}|{True!s:5}|", f"{10**20:,}", f"{255:#06x}", f"{-5:05d}", f"{5:+}", f"{1e10:,}", f"{2**80:x}")
print(str(1.0), f"{1.0}", f"{1e100}", f"{0.1:.20f}", f"{1/3:.3}", f"{12345.678:.2e}", f"{100:.1e}", f"{5:f}", f"{True:f}")
