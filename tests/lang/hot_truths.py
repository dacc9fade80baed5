# Truth values in arithmetic, in loops that become hot.


def count(xs, limit):
    return sum(x > limit for x in xs)


def balance(xs):
    up = down = 0
    for before, after in zip(xs, xs[1:]):
        up += after > before
        down -= after < before
    return up, down, up * True, down * False, True - up


def mixed(values):
    total = 0
    trail = []
    for v in values:
        total = total + v
        trail.append((v + True, v - False, v * True, True + v, False - v, True * v))
    return total, trail


xs = [(i * 37) % 11 for i in range(60)]
print(sum(count(xs, i % 9) for i in range(50)))
print([balance(xs[i:]) for i in range(0, 40, 8)])
print(mixed([True, False, 3, True, 2.5, False, 10 ** 20, 1j, True]))
print(mixed([True] * 20)[0], mixed([False, True] * 20)[0], mixed([4611686018427387903, True, -4611686018427387904, True])[0])
print(True + True, True - True, True * False, -True, +True, ~True, True & True, True | False, True ^ True, True << 3)
print(sum([True, True, False]), sum([True], 5), sum(iter([True, 2, 3.5])), [True, 2][True], (True + 0) is True)


class Flag:
    def __radd__(self, other):
        return "radd %r" % other

    def __rmul__(self, other):
        return "rmul %r" % other


for i in range(30):
    last = True + Flag(), False * Flag()
print(last)
for bad in ("x", None, [], ()):
    try:
        print(True + bad)
    except TypeError as error:
        print(error)
