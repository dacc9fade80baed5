# Built-in functions in hot loops, with arguments whose types and sizes change late.
import math


def extremes(values):
    low, high = values[0], values[0]
    for v in values:
        low = min(low, v)
        high = max(high, v)
    return low, high


print(extremes(list(range(2000))), extremes([i * 0.5 - 300 for i in range(2000)]))
print(extremes([1] * 1500 + [2.5, True, 10**20, -(10**20)]))
print(extremes([str(i) for i in range(2000)]), extremes([(i % 7, i) for i in range(1500)]))


def of_three(n):
    total = 0
    for i in range(n):
        total += min(i, 1000, n - i) - max(3, i % 11, 5.0 if i == 1900 else 4)
    return total


print(of_three(2000))


def not_a_number():
    nan, out = float("nan"), []
    for i in range(1500):
        x = nan if i > 1400 else i * 1.0
        out.append((min(x, 5.0), max(5.0, x), min(5.0, x), max(x, 5.0)))
    return out[-1], out[1000]


print(not_a_number())


class Weight:
    def __init__(self, w):
        self.w = w

    def __lt__(self, other):
        return self.w < other.w

    def __gt__(self, other):
        return self.w > other.w


def heaviest(n):
    best = Weight(0)
    for i in range(n):
        best = max(best, Weight(i * 7919 % 1013))
    return best.w


print(heaviest(2000))


def characters(n):
    parts = []
    for i in range(n):
        parts.append(chr(i))
        if ord(parts[-1]) != i:
            return "wrong"
    return "".join(parts[60:70]), len(parts)


print(characters(2000))


def bad_characters():
    wrong = 0
    for i in range(-700, 1300):
        try:
            chr(i)
        except ValueError:
            wrong += 1
    return wrong


print(bad_characters())


def division(n):
    total = 0
    for i in range(1, n):
        q, r = divmod(i * 977, 13 if i % 3 else -7)
        total += q * 3 + r
    for d in [5] * 1300 + [2.5, True, 10**25]:
        q, r = divmod(12345, d)
        total += q
    try:
        for i in range(1300, -1, -1):
            q, r = divmod(100, i)
            total += q + r
    except ZeroDivisionError:
        total += 1
    return total


print(division(2000))


def rounding(n):
    total = 0
    for i in range(-n, n):
        x = i * 0.25
        total += round(x) * 3 + math.floor(x) * 5 + math.ceil(x) * 7 + int(x) + round(i) + math.floor(i)
        if i == n - 5:
            total += round(x * 1e30) % 1000 + math.floor(x * 1e25) % 1000
    return total


print(rounding(2000))


def infinite(f):
    values = [1.5] * 1300 + [float("inf")]
    n = 0
    try:
        for v in values:
            n += f(v)
    except OverflowError as e:
        return n, str(e)


for f in round, math.floor, math.ceil, int:
    print(infinite(f))


def conversions(values):
    n, length = 0, 0
    for v in values:
        n += bool(v)
        length += len(str(v))
    return n, length


print(conversions([i % 3 for i in range(2000)]), conversions([0.0, 1.5, None, True, "", "text", [], [1]] * 200))
print(conversions([1] * 1300 + [10**30, (1, 2), {}, set(), print is None]))


class Text(str):
    def __str__(self):
        return "own"


print(conversions([Text("abc")] * 1300))


def texts(n):
    words = ["a", "b", "ab", "", "\u00e9", "c"]
    counts = [0] * 6
    for i in range(n):
        w = words[i * i % 6]
        if w == "a":
            counts[0] += 1
        if w != "b":
            counts[1] += 1
        if "a" <= w <= "c":
            counts[2] += 1
        if w in "abc":
            counts[3] += 1
        if w in ("b", "c", "ab"):
            counts[4] += 1
        if w == words[i % 6]:
            counts[5] += 1
    return counts


print(texts(3000))


def members(n):
    hits = [0] * 4
    keys = [1, 2, 2.0, True, "1", None, 5, 10**20, (1, 2)]
    for i in range(n):
        k = keys[i % 9 if i > 1500 else 0]
        hits[0] += k in (1, 2, 3)
        hits[1] += k in (1.0, "1", None)
        hits[2] += k not in (5, 6, 10**20)
        hits[3] += k in ((1, 2), 7)
    return hits


print(members(3000))


def wrong_member():
    n = 0
    try:
        for i in range(3000):
            n += ("a" if i < 2000 else 5) in "banana"
    except TypeError:
        return n


print(wrong_member())


def kinds(values):
    counts = [0] * 4
    for v in values:
        if isinstance(v, (float, str)):
            counts[0] += 1
        elif isinstance(v, (bool, list, dict)):
            counts[1] += 1
        elif isinstance(v, (int, (bytes, tuple))):
            counts[2] += 1
        counts[3] += isinstance(v, ())
    return counts


print(kinds([1, 2.0, "a", None, True, b"", (), [], {}, 10**20] * 200))


def powers(n):
    total = 0
    for i in range(-n, n):
        total += i**3 - i**2 + (i % 7) ** (i % 4)
    for i in range(1300):
        total += (i * 2**40) ** 3 % 1000003
    return total


print(powers(1500))
