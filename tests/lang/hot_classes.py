# Polymorphic and megamorphic sites, inheritance, properties, operators, attribute growth in hot loops.
class Shape:
    sides = 0
    def area(self): return 0
    def twice(self): return self.area() * 2
class Sq(Shape):
    sides = 4
    def __init__(self, a): self.a = a
    def area(self): return self.a * self.a
class Rect(Sq):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b
    def area(self): return self.a * self.b
class Circ(Shape):
    def __init__(self, r): self.r = r
    def area(self): return 3 * self.r * self.r
class Cube(Rect):
    def area(self): return super().area() * 6
def poly(shapes, n):
    s = 0
    for i in range(n):
        x = shapes[i % len(shapes)]
        s += x.area() + x.sides + x.twice()
    return s
class Vec:
    __slots__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
    def __add__(self, o): return Vec(self.x + o.x, self.y + o.y)
    def __mul__(self, k): return Vec(self.x * k, self.y * k)
    __rmul__ = __mul__
    def __eq__(self, o): return self.x == o.x and self.y == o.y
    def __lt__(self, o): return self.x < o.x
    def __bool__(self): return self.x != 0
    def __len__(self): return 2
    def __getitem__(self, i): return self.x if i == 0 else self.y
    def __neg__(self): return Vec(-self.x, -self.y)
    def __contains__(self, v): return v == self.x or v == self.y
    def __call__(self, d): return self.x + d
def vectors(n):
    v = Vec(0, 0.0)
    d = Vec(1, 0.5)
    c = 0
    for i in range(n):
        v = v + d * 2 + 3 * d
        if v: c += 1
        if v == d or v < d: c += 100
        c += v[0] % 3 + len(v) + (5 in v) + v(1) % 2 + (-v).x % 2
    return v.x, v.y, c
class Prop:
    def __init__(self): self._n = 0
    @property
    def n(self): return self._n
    @n.setter
    def n(self, v): self._n = v % 1000
    @staticmethod
    def st(a, b): return a + b
    @classmethod
    def cl(cls, a): return cls.k + a
    k = 5
def props(n):
    p = Prop()
    s = 0
    for i in range(n):
        p.n += 3
        s += p.n + p.st(i, 1) + Prop.cl(2) + p.cl(1)
    return p.n, s
def grow(n):
    class O: pass
    s = 0
    for i in range(n):
        o = O()
        o.a = i
        if i % 2: o.b = 1
        if i % 3: o.c = 2
        if i % 5 == 0: del o.a
        s += getattr(o, "a", 7) + getattr(o, "b", 0) * 10 + (100 if hasattr(o, "c") else 0)
    return s
class Dyn:
    def __getattr__(self, n): return len(n)
    def __setattr__(self, n, v): self.__dict__[n] = v + 1
def dyn(n):
    d = Dyn()
    s = 0
    for i in range(n):
        s += d.foo
        if i == n // 2: d.foo = 99
        if i == n * 3 // 4: d.bar = d.foo
    return s, d.bar
def init(n):
    s = 0
    for i in range(n):
        r = Rect(i, 2)
        s += r.area() if isinstance(r, Sq) else 0
        s += r.__class__ is Rect
        s += type(r) is Sq
    return s
def bound(n):
    l = []
    push = l.append
    m = Sq(3).area
    s = 0
    for i in range(n):
        push(i)
        s += m()
    return len(l), s
def many(n):
    classes = [type("K%d" % i, (Shape,), {"v": i, "get": lambda self, i=i: i, **({"area": lambda self: 1} if i % 3 else {})}) for i in range(20)]
    objs = [c() for c in classes]
    s = 0
    for i in range(n):
        o = objs[i * 7 % 20]
        o.cnt = getattr(o, "cnt", 0) + 1
        s += o.v + o.get() + o.area() + o.cnt
    return s
class Node:
    def __init__(self, v, nxt=None): self.v, self.next = v, nxt
def linked(n):
    head = None
    for i in range(n): head = Node(i, head)
    s = 0
    while head is not None:
        s = s * 3 % 1000003 + head.v
        head = head.next
    return s
print(poly([Sq(2)], 2000), poly([Sq(2), Rect(1, 3)], 2000), poly([Sq(2), Rect(1, 3), Circ(2), Cube(1, 2), Shape()], 3000), vectors(2000), props(2000))
print(grow(2000), dyn(2000), init(2000), bound(2000), many(3000), linked(3000))
