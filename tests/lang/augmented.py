# Augmented assignment to names, attributes and items; in-place methods; evaluation once.
log = []
class V:
    def __init__(self, n): self.n = n
    def __iadd__(self, o): log.append("iadd"); self.n += o; return self
    def __add__(self, o): log.append("add"); return V(self.n + o)
    def __isub__(self, o): return NotImplemented
    def __sub__(self, o): log.append("sub"); return V(self.n - o)
    def __imul__(self, o): return "replaced"
v = V(1); w = v
v += 5; print(v is w, v.n, log)
v -= 2; print(v is w, v.n, w.n, log)
v *= 1; print(v)
class Fresh:
    def __radd__(self, o): return ("radd", o)
x = 5; x += Fresh(); print(x)
l = [1]; m = l
l += (2, 3); print(m)
l = l + [4]; print(m, l)
l *= 2; print(l)
t = (1,); u = t
t += (2,); print(t, u)
s = "a"; s += "b"; s *= 2; s %= (); print(s)
d = {"k": [1]}
def key():
    log.append("key")
    return "k"
log.clear()
d[key()] += [2]; print(d, log)
class A:
    def __init__(self): self.v = 1
def get():
    log.append("get")
    return a
a = A()
log.clear()
get().v += 10; print(a.v, log)
get().v **= 2; get().v //= 3; get().v %= 17; get().v <<= 3; get().v >>= 1; get().v |= 3; get().v &= 14; get().v ^= 5; get().v /= 4
print(a.v)
z = {1, 2}; y = z
z |= {3}; z -= {1}; z &= {2, 3, 9}; z ^= {9}; print(sorted(y))
i = [0, 1, 2]
j = 0
i[j] += 10; j += 1; i[j] *= 7; i[-1] -= 1; i[0:2] += [5]; print(i)
try:
    k += 1
except NameError as e:
    print(e)
for f in ("x = 1; x += 'a'", ):
    try:
        x = 1
        x += "a"
    except TypeError as e:
        print(e)
try:
    x = "a"
    x -= "b"
except TypeError as e:
    print(e)
try:
    x = []
    x += 5
except TypeError as e:
    print(e)
try:
    x = None
    x **= 2
except TypeError as e:
    print(e)
class M:
    def __init__(self, n): self.n = n
    def __matmul__(self, o): return "mat%d" % o.n
    def __imatmul__(self, o): return M(self.n * o.n)
    def __ilshift__(self, o): return "<<="
    def __ifloordiv__(self, o): return "//="
p = M(3); print(p @ M(4)); p @= M(5); print(p.n); p <<= 1; print(p)
q = M(1); q //= 2; print(q)
n = 2**62 - 1
n += 1; n -= 2; n *= 4; n //= 2; n -= 2**62; print(n)
