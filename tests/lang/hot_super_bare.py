# super() not directly followed by an attribute, in hot methods: as a value, an argument, behind try blocks, captured.
N = 2600


class A:
    def __init__(self, x=1):
        self.x = x

    def n(self):
        return self.x + 6

    @classmethod
    def make(cls):
        return cls.__name__

    def __getitem__(self, k):
        return k * 2


class B(A):
    def kept(self):
        p = super()
        return p.n()

    def by_getattr(self):
        return getattr(super(), "n")()

    def by_hasattr(self):
        return hasattr(super(), "n"), hasattr(super(), "m")

    def in_list(self):
        return [super()][0].n()

    def kind(self):
        return isinstance(super(), super), super().__self__ is self, super().__thisclass__ is B

    def in_tuple(self):
        p, q = super(), 1
        return p.n() + q

    def conditional(self, *rest):
        return super().n(*rest) if hasattr(super(), "n") else 0

    def captured(self):
        def inner():
            return self.x
        p = super()
        return p.n() + inner()

    def tried(self):
        try:
            p = super()
        except RuntimeError:
            return -1
        try:
            return p.n()
        except AttributeError:
            return -2

    def handed_back(self):
        return self.give(super())

    def give(self, p):
        return p.n()

    def rebound(self):
        self = B(30)
        return super().n(), (lambda p: p.n())(super())

    def item(self):
        return super().__getitem__(4), [super().__getitem__(k) for k in (1, 2)]

    def late(self, i):
        total = 0
        if i % 7 == 3:
            p = super()
            total += p.n()
        return total

    @classmethod
    def of_class(cls):
        p = super()
        return p.make()

    def generated(self):
        p = super()
        yield p.n()
        yield super().n()

    def deleted(self):
        try:
            del self
            return super()
        except RuntimeError as e:
            return str(e)

    def nameless(*args):
        try:
            return super()
        except RuntimeError as e:
            return str(e)

    def by_alias(self):
        s = super
        return s(B, self).n(), s().n()

    def failing(self, i):
        p = super()
        try:
            return p.missing
        except AttributeError as e:
            return str(e)


class C(B):
    def n(self):
        return 1000


def loop(f, *args):
    seen = {}
    for i in range(N):
        try:
            v = repr(f(*args))
        except Exception as e:
            v = type(e).__name__ + ": " + str(e)
        seen[v] = seen.get(v, 0) + 1
    return seen


b, c = B(), C(5)
for name in ("kept", "by_getattr", "by_hasattr", "in_list", "kind", "in_tuple", "conditional", "captured", "tried",
             "handed_back", "rebound", "item", "of_class", "deleted", "nameless", "by_alias"):
    print(name, loop(getattr(b, name)))
print(loop(c.kept), loop(c.tried))
print(loop(b.failing, 1))


def others():
    total = 0
    objects = [b, c, B(9)]
    for i in range(N):
        o = objects[i % 3]
        total += o.kept() + o.late(i) + sum(o.generated())
        if i == N - 300:
            A.n = lambda self: 1
        if i == N - 100:
            B.__bases__ = (D,)
    return total


class D(A):
    def n(self):
        return 50000


print(others())


# outside of methods
def plain(self):
    return super()


def loose():
    return super()


print(loop(plain, 1), loop(loose))
