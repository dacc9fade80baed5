"""Attributes of functions, super(class, object), and operators of sequences, in hot loops."""


def counted(n):
    counted.calls += 1
    counted.last = n
    return n + counted.calls


counted.calls = 0


def function_attributes(n):
    total = 0
    for i in range(n):
        total += counted(i) % 8
        if i == n // 2:
            del counted.last
            counted.extra = i
        if i % 500 == 499:
            counted.__dict__["calls"] = 0.5
        elif i % 500 == 0:
            counted.calls = i
        try:
            total += len(counted.missing)
        except AttributeError:
            total += 1
        if i == n - 100:
            counted.missing = "now"
    return total, sorted(counted.__dict__.items()), counted.__name__, counted.__doc__


class Base:
    label = "base"

    def __init__(self, value):
        self.value = value

    def area(self):
        return self.value

    @property
    def twice(self):
        return self.value * 2

    @classmethod
    def make(cls, value):
        return cls(value)


def layers():
    classes = [Base]
    for k in range(5):
        parent = classes[-1]

        def area(self, k=k):
            return super(made[k], self).area() + k

        made_now = type("Layer%d" % k, (parent,), {"area": area} if k != 2 else {})
        made.append(made_now)
        classes.append(made_now)
    return classes


made = []


def supers(n):
    classes = layers()
    objects = [c(i) for i, c in enumerate(classes)]
    total = 0
    for i in range(n):
        shape = objects[i % len(objects)]
        total += shape.area()
        if type(shape) is not Base:
            up = super(made[0], shape)
            total += up.twice + up.area() + len(up.label)
            total += up.make(1).value
        try:
            super(made[4], shape).area()
        except TypeError:
            total += 1000
    Base.area = lambda self: -self.value
    for i in range(n):
        total += objects[i % len(objects)].area()
    return total


def sequences(n):
    total = 0
    seen = set()
    for i in range(n):
        for x, y in (([i], [2.5]), ((i,), (1, 2)), ("a", "b"), ([], [i]), ((), (i,)), ([1], ["x"]), ([1.5], [])):
            z = x + y
            total += len(z)
            seen.add(type(z).__name__)
        for x in ([i, i], (1, 2), "ab", [], ""):
            total += len(x * (i % 4)) + len((i % 3) * x) + len(x * -1)
        text = "%d:%s%%%d|%s" % (i, i % 5, -i, "t") + "%s" % i + "%5d" % (i % 100) + "%s" % 1.5 + "%x" % i
        total += len(text)
        total += len("%s-%s" % ("a", None)) + len("%d" % True) + len("%(k)s" % {"k": i}) + len("%%" % ())
        z = [1]
        z += (i,)
        z *= 2
        total += z[3]
        w = (1,)
        w += (2,)
        total += len(w)
    for bad in [("%d", "x"), ("%d %d", 1), ("%d", (1, 2)), ("%s", ()), ("%", 1), ("%d%", 3), ("%y", 2)]:
        try:
            print(bad[0] % bad[1])
        except (TypeError, ValueError) as error:
            print(error)
    return total, sorted(seen)


class Radd(list):
    def __radd__(self, other):
        return "radd"

    def __rmul__(self, other):
        return "rmul"


class Text(str):
    def __rmod__(self, other):
        return "rmod"


print(function_attributes(3000))
print(supers(1200))
print(sequences(600))
print([1] + Radd(), 2 * Radd([1]), "%s" % Text("t"), [1] * True, (1,) * 0, "ab" * 2)
