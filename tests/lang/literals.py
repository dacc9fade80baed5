# Literals and lexical forms: numbers, strings, escapes, continuation, comments, semicolons.
print(0, 00, 1_000, 0xff, 0XFF, 0o17, 0b101, 0xdead_beef, 123456789012345678901234567890, 0x1_0000_0000_0000_0000)
print(1., .5, 1e3, 1E-3, 1_0.0_1, 1e1_0, 0.0, 00.5, 3j, 1.5J, 1e2j)
print('a', "b", '''c''', """d""", 'it''s', "a" 'b' """c""", r'\n', R"\t", b'\x00', rb'\x', Rb"\n", u'u', f'{1}', rf'\{1}', fr"{2}\d")
print("\a\b\f\v\0\1\12\123\x41\u00e9\U0001F600\N{EURO SIGN}\\\'\"" == '\x07\x08\x0c\x0b\x00\x01\x0a\x53A\xe9\U0001f600€\\\'"', len("a\
b"), "tab\there")
print(repr("\a\b\f\v\r\n\t\0\x1b\x7f\x80\xff\u2028"), b"\a\xff\'\"\n", len('''
x
'''))
x = (1 +
     2 +  # comment inside
     3)
y = [
    1,
    2,
]
z = 1 if x \
    else 2
print(x, y, z); print("a"); w = 5; print(w)
if x: print("inline"); print("two")
def f(a, b=(1,
            2), *,
      c): return a, b, c
print(f(1, c=3))
class C: a = 1; b = 2
print(C.a, C.b)
t = 1, 2,
print(t, (1,), (), [1, ], {1, }, {1: 2, }, f(1, c=2,))
print(not True, not not 1, - -1, ~-1, +-+1, 2**-1, -2**2, (-2)**2, 2**3**2, 10 - 5 - 2, 7 // 2 * 2, 1 + 2 * 3, 1 << 2 + 1, 5 & 3 | 4 ^ 1, not 1 == 2, 1 if 0 else 2 if 1 else 3)
λ = 3; été = 4; 变量 = 5
print(λ + été + 变量)
print("end", end="")
print()
None; ...; 5; "expression statements"
print(__name__, __doc__, type(__builtins__).__name__ in ("module", "dict"))
print(1_0 == 10, 0b1111_0000, 1e400, -1e400, 1e-400, 0.1 + 0.2, 1e16, 123456789.123456789, 5e-324, 2.2250738585072014e-308)
