# Loops over enumerate, zip, reversed, dicts, sets, strs, bytes and their combinations.


def counted(items):
    total = 0
    for i, x in enumerate(items):
        total += i * x
    return total


def from_start(items, start):
    total = 0
    for i, x in enumerate(items, start):
        total += i ^ x
    return total


def paired(xs, ys):
    total = 0
    for x, y in zip(xs, ys):
        total += x * y
    return total


def three(xs, ys, zs):
    out = []
    for x, y, z in zip(xs, ys, zs):
        out.append((z, y, x))
    return out[-1], len(out)


print(counted(list(range(3000))), counted(range(5, 2000, 3)), counted((1, 2, 3) * 700))
print(from_start([7] * 1500, 2**61), from_start([7] * 1500, 2**62 - 700), from_start([3] * 2000, -1000))
print(paired(list(range(2000)), range(1000, 5000)), paired([1.5] * 1200, [2] * 1300))
print(three([1] * 1500, "abc" * 600, range(10**6)))


# The same iterator twice, and more than once inside.
def grouped(items, n):
    out = []
    for group in zip(*[iter(items)] * n):
        out.append(group)
    return out[-1], len(out)


print(grouped(list(range(4001)), 2), grouped(list(range(4001)), 3))


def shared(items):
    it = iter(items)
    total = 0
    for i, (a, b) in enumerate(zip(it, it)):
        total += i * (a - b)
    return total


print(shared(list(range(5000))))


def leftover():
    """zip has taken one more from the first when the second ends."""
    a, b = iter(range(2000)), iter(range(1500))
    n = 0
    for _ in zip(a, b):
        n += 1
    return n, next(a), next(b, "end")


print(leftover())


def nested(words):
    total = 0
    for i, (word, (j, c)) in enumerate(zip(words, enumerate("xyz" * 1000, 5))):
        total += len(word) * i + j + ord(c)
    return total


print(nested(["a", "bc", "def"] * 600))


# Strict zip, generators inside, other iterables.
def strict(xs, ys):
    n = 0
    try:
        for x, y in zip(xs, ys, strict=True):
            n += x + y
    except ValueError as e:
        return n, str(e)
    return n


print(strict([1] * 1500, [2] * 1500), strict([1] * 1500, [2] * 1400))


def squares(n):
    for i in range(n):
        yield i * i


print(counted(squares(2000)), paired(squares(1500), range(1500)), paired(range(1200), squares(5000)))


# Reversed.
def backwards(items):
    value = 0
    for x in reversed(items):
        value = (value * 31 + x) % 1000003
    return value


print(backwards(list(range(3000))), backwards(range(3000)), backwards((5, 6, 7) * 500))


def shrinking():
    items = list(range(3000))
    seen = 0
    for x in reversed(items):
        seen += 1
        if x == 2500:
            del items[1000:]
        elif x == 100:
            items.append(0)
    return seen, len(items)


print(shrinking())


# Lists that grow and change strategy on the way.
def growing():
    items = [1] * 1500
    total = 0
    for i, x in enumerate(items):
        if i == 1000:
            items.append(2.5)
        elif i == 1200:
            items.append("end")
        if isinstance(x, str):
            break
        total += x
    return i, total


print(growing())


# Dicts and sets.
def tables():
    d = {i: i * 2 for i in range(2000)}
    total = 0
    for k in d:
        total += k
    for v in d.values():
        total += v * 3
    for k, v in d.items():
        total ^= k * v
    for k in range(0, 2000, 7):
        del d[k]
    for k, v in d.items():
        total += k - v
    for i, (k, v) in enumerate(d.items()):
        total += i * k
    for k in reversed(d):
        total = (total * 3 + k) % 1000000007
    s = set(range(1500))
    for x in s:
        total += x
    for x in frozenset(range(1200)):
        total -= x
    words = {chr(97 + i % 26) + str(i): i for i in range(1500)}
    for w, n in words.items():
        total += len(w) * n
    return total


print(tables())


def changed(kind):
    d = dict.fromkeys(range(2000), 0)
    n = 0
    try:
        for k in d:
            n += 1
            if k == 1500:
                if kind == "more":
                    d["x"] = 1
                elif kind == "less":
                    del d[0]
                elif kind == "other":
                    del d[0]
                    d["y"] = 1
                elif kind == "value":
                    d[k] = "text"
    except RuntimeError as e:
        return n, str(e)
    return n


for kind in "more", "less", "value":
    print(kind, changed(kind))


def exhausted():
    d = {1: 2, 3: 4}
    out = []
    it = iter(d)
    for _ in range(3):
        for k in it:
            out.append(k)
        d[len(out) + 10] = 0
    return out


print(exhausted())


# Strs, bytes and bytearrays.
def letters(text):
    counts = {}
    for c in text:
        counts[c] = counts.get(c, 0) + 1
    last = None
    for i, c in enumerate(text):
        if c == "o":
            last = i
    return counts, last


print(letters("hello world " * 200), letters("h\u00e9llo w\u00f6rld " * 200), letters("\u4f60\u597dx" * 600))


def by_index(text):
    total = 0
    for i in range(-len(text), len(text)):
        total = (total * 3 + ord(text[i])) % 1000000007
    return total


print(by_index("some ascii text, " * 100), by_index("n\u00e4rrisch " * 150), by_index("\U0001f600ab" * 400))


def octets(data):
    total = 0
    for b in data:
        total = (total * 5 + b) % 1000000007
    for i, b in enumerate(data):
        total += i * b
    for i in range(len(data)):
        total ^= data[i] - data[-i]
    return total


print(octets(bytes(range(256)) * 8), octets(bytearray(range(256)) * 8))


def filled(n):
    b = bytearray(n)
    for i in range(n):
        b[i] = i * 7 % 256
    errors = []
    for i in range(n + 3):
        try:
            b[i - 1] = i % 300
        except (ValueError, IndexError) as e:
            errors.append(type(e).__name__)
    return sum(b), len(errors), errors[0], errors[-1]


print(filled(2000))


def while_it_grows():
    b = bytearray(b"ab")
    n = 0
    for x in b:
        n += 1
        if n < 2000:
            b.append(x)
    return n, len(b)


print(while_it_grows())
