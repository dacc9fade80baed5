# Runaway recursion is a RecursionError each time, in functions, methods, operators, reprs and generators.
def f(n): return f(n + 1)
def g(n): return h(n) + 1
def h(n): return g(n + 1)
class A:
    def __add__(self, o): return self + o
    def __getattr__(self, n): return getattr(self, n + "x")
    def __repr__(self): return repr(self)
    def __eq__(self, o): return self == o
    def __hash__(self): return hash(self)
    def __len__(self): return len(self)
    def __call__(self): return self()
    def __iter__(self): return iter(self)
    def __getitem__(self, i): return self[i]
    def __bool__(self): return bool(self)
    @property
    def p(self): return self.p
def gen(): yield from gen()
a = A()
for name, call in (("f", lambda: f(0)), ("g", lambda: g(0)), ("add", lambda: a + 1), ("attr", lambda: a.zz), ("eq", lambda: a == 1), ("hash", lambda: hash(a)), ("len", lambda: len(a)), ("call", lambda: a()), ("item", lambda: a[0]), ("bool", lambda: not a), ("prop", lambda: a.p), ("repr", lambda: repr(a)), ("gen", lambda: list(gen())), ("sort", lambda: sorted([a, a], key=f)), ("map", lambda: list(map(f, [1])))):
    try:
        call()
        print(name, "no error")
    except RecursionError:
        print(name, "RecursionError")
def depth(n):
    try: return depth(n + 1)
    except RecursionError: return n
d = depth(0)
print(d > 500, depth(0) > 500)
l = []
for _ in range(500): l = [l]
print(len(repr(l)), l == l)
def count(n): return 0 if n == 0 else 1 + count(n - 1)
print(count(800))
