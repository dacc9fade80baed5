# Inner loops that are too short to close by themselves: of two passes, one after the other, in each other, in generators,
# and as while loops; some leave by exceptions or look at frames.


def two(n):
    t = 0
    for i in range(n):
        for a in (1, 2): t += a
        for b in (1, 2): t -= b * i
    return t


def three(n):
    t = 0
    for i in range(n):
        for a in (1, 2): t += a
        for b in [3, i]: t ^= b
        for c in range(2): t -= c
    return t


def whiles(n):
    t = i = 0
    while i < n:
        j = 0
        while j < 2:
            t += i ^ j
            j += 1
        k = 2
        while k:
            t -= k
            k -= 1
        i += 1
    return t


def nested(n):
    t = 0
    for i in range(n):
        for a in (1, 2):
            for b in (3, 4): t += a * b
            for c in (5, 6): t -= c
    return t


def pair(x):
    yield x
    yield x + 1


def generators(n):
    t = 0
    for i in range(n):
        for a in pair(i): t += a
        for b in pair(t & 7): t ^= b
    return t


def pairs_of_pairs(x):
    for a in pair(x):
        yield from pair(a)
    for b in pair(x):
        yield b


def nested_generators(n):
    t = 0
    for i in range(n):
        for a in pairs_of_pairs(i): t += a
        for b in pair(i): t -= b
    return t


def raising(n):
    t = 0
    for i in range(n):
        for a in (1, 0):
            try: t += 6 // a
            except ZeroDivisionError: t -= 1
        for b in (1, 2):
            if b > 1: break
            t += b
    return t


def looking(n):
    t = 0
    for i in range(n):
        for a in (1, 2): t += len(locals()) + a
        for b in (1, 2): t -= b
    return t


for f in (two, three, whiles, nested, generators, nested_generators, raising, looking):
    print(f.__name__, f(300))
