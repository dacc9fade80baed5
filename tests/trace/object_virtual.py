# The object made in each iteration is never allocated.
class V:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


def f(n):
    v = V(0.0, 1.0)
    for i in range(n):
        v = V(v.x + v.y, v.y * 0.5)
    return v.x


print(f(100))
