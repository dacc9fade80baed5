# Variables and items that change type in a running loop; guards that fail late or alternate.
class A:
    def __init__(self, v): self.v = v
    def __add__(self, o): return A(self.v + getattr(o, "v", o))
    def __radd__(self, o): return A(o + self.v)
def late(n):
    x = 0
    for i in range(n):
        if i == n - 10: x = float(x)
        if i == n - 5: x = str(x)
        if i >= n - 5: x = x + "!"
        else: x = x + 1
    return x
def alternate(n):
    s = 0
    for i in range(n):
        v = i if i % 2 else i * 0.5
        s = s + v
    return s
def poly(items, n):
    s = items[0]
    for i in range(n): s = s + items[i % len(items)]
    return s
def lists(n):
    l = [0] * 10
    for i in range(n):
        if i == n // 3: l[3] = 1.5
        if i == n // 2: l[4] = 2**70
        if i == n * 2 // 3: l[5] = "x"
        if isinstance(l[i % 10], str): l[i % 10] += "y"
        else: l[i % 10] += 1
    return l
def maybe_none(n):
    last = None
    c = 0
    for i in range(n):
        if last is None: c += 1
        else: c += last
        last = None if i % 97 == 0 else i % 3
    return c
def dispatch(n):
    r = []
    vals = [1, "a", None, 2.5, (1,), [2], {3: 4}, True]
    counts = {}
    for i in range(n):
        v = vals[i * i % 8]
        if v is None: k = "none"
        elif isinstance(v, bool): k = "bool"
        elif isinstance(v, int): k = "int"
        elif isinstance(v, float): k = "float"
        elif isinstance(v, str): k = "str"
        else: k = type(v).__name__
        counts[k] = counts.get(k, 0) + 1
    return counts
def truth(n):
    c = 0
    vals = [0, 1, "", "a", [], [0], None, 0.0, 2.5, (), {}, {1: 1}]
    for i in range(n):
        if vals[i % 12]: c += i % 12
        if not vals[(i * 5) % 12]: c -= 1
        c += 1 if vals[i % 7] and vals[i % 5] or vals[i % 3] else 2
    return c
def callee(n):
    fs = [lambda x: x + 1, lambda x: x * 2, abs, A(1).__add__, int, str]
    c = 0
    for i in range(n):
        r = fs[i % 6](i) if i % 5 else fs[0](i)
        c += r if isinstance(r, int) else len(r) if isinstance(r, str) else r.v
    return c
def operand_kinds(n):
    out = [0, 0, 0]
    for i in range(n):
        a = i if i < n // 2 else float(i)
        b = 2 if i % 3 else True
        out[0] += a * b
        out[1] += (a > b) + (a == b)
        out[2] = max(out[2], a - b)
    return out
print(late(2000), alternate(3000), poly([1, 2.5], 2000), poly([1, A(2)], 1000).v, poly([A(1), 2, 3.5], 1000).v, lists(3000), maybe_none(3000))
print(dispatch(3000), truth(3000), callee(3000), operand_kinds(3000))
