# Objects that change to classes made a moment ago: the object is old, and nothing else refers to its class.
class Base:
    def __init__(self):
        self.v = 1

    def get(self):
        return -1


class Slotted:
    __slots__ = ("v",)

    def get(self):
        return -1


class Meta(type):
    def get(cls):
        return -1


def derived(base, i):
    return type("Derived", (base,), {"__slots__": (), "get": lambda self: i})


def with_dict(base, i):
    return type("WithDict", (base,), {"get": lambda self: i})


def move(o, make, base, n):
    total = 0
    garbage = []
    for i in range(n):
        if i % 10 == 3:
            o.__class__ = make(base, i)
        garbage.append([i])
        if i % 16 == 0:
            garbage.clear()
        total += o.get()
    return total, type(o).__name__, o.v


print(move(Base(), with_dict, Base, 400))
slotted = derived(Slotted, 0)()
slotted.v = 2
print(move(slotted, derived, Slotted, 400))


class C(metaclass=Meta):
    v = 3


print(move(C, with_dict, Meta, 400))


# The bases change, too: the class is old, its new base is not.
def rebase(n):
    total = 0
    garbage = []
    q = with_dict(Base, 0)()
    q_class = type("Q", (with_dict(Base, 0),), {})
    q = q_class()
    for i in range(n):
        if i % 10 == 3:
            q_class.__bases__ = (with_dict(Base, i),)
        garbage.append([i])
        if i % 16 == 0:
            garbage.clear()
        total += q.get()
    return total, q.v


print(rebase(400))
