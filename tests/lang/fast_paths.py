"""Short ways of the interpreter give what the general ways give."""


def percents():
    rows = []
    for i in range(6):
        rows.append("%d|%5d|%-5d|%05d|%+d|% d|%x|%#X|%#o|%.4d" % ((i * 37 - 80,) * 10))
        rows.append("%f|%10.3f|%-10.1e|%+G|%010.2f|%r|%s" % ((i / 7.0 - 0.3,) * 7))
        rows.append("%s|%8s|%-8s|%.2s|%c|%%" % ("a\u00e9b", i, [i], "xyz", 65 + i))
    for template, value in [("\u00e9%y", 1), ("%d", "x"), ("%d %d", 1), ("%d", (1, 2)), ("%", 1), ("%(a)d", 1)]:
        try:
            rows.append(template % value)
        except Exception as e:
            rows.append("%s: %s" % (type(e).__name__, e))
    return rows


class Text(str):
    def __rmod__(self, other):
        return "rmod " + other

    def __str__(self):
        return "shown"


def specs():
    rows = []
    for i in (0, 7, -1234567, 98765432109876543210):
        rows.append(f"{i:,}|{i:_}|{i:015,}|{i:>20,}|{i:^20}|{i:*<8}|{i:+}|{i: }|{i:x}|{i:#_b}|{i:010}")
    for x in (0.0, -0.0, 1.5, -1234567.891, 1e22, float("inf"), float("nan")):
        rows.append(f"{x}|{x:.2f}|{x:,.1f}|{x:012.3f}|{x:+}|{x: .0e}|{x:z.0f}|{x:%}|{x:g}|{x:<9.1f}|{x:020,.2f}")
    rows.append("{:>6}|{:^6}|{:.2}|{!r:>8}".format("ab", "cd", "efg", "h"))
    rows.append("{a[0]} {b.real} {0:{width}}".format("x", a=[1], b=2.5, width=4))
    return rows


def scale(x, factor=2, *, shift=1):
    return x * factor + shift


def area(w, h=3, unit="cm"):
    return w * h, unit


def defaults():
    total = 0
    for i in range(60):
        total += scale(i) + scale(i, 3) + scale(i, shift=2) + area(i)[0] + area(i, 2)[0] + len(area(i, 1, "mm")[1])
    area.__defaults__ = (10, "km")
    try:
        area()
    except TypeError as e:
        return total, area(1), str(e)


def keys():
    mixed = {}
    for i in range(40):
        mixed[i % 9] = i
        mixed[float(i % 5)] = -i
        mixed["k%d" % (i % 7)] = i
        mixed[(i % 3, "t")] = i
        mixed[i % 2 == 0] = i
    found = [mixed.get(k) for k in (1, 1.0, True, "k3", (2, "t"), 8.0, "none", None)]
    return sorted(map(str, mixed)), found, 1.0 in {1, 2}, "a" in {"a": 1}, 3 in {"a": 1}


def sets():
    evens, threes = set(range(0, 60, 2)), frozenset(range(0, 60, 3))
    rows = [sorted(evens & threes), sorted(evens - threes), len(evens | threes), len(evens ^ threes)]
    return rows, type(threes & evens).__name__, evens >= (evens & threes)


def sums():
    rows = []
    values = [0, 1, -1, 2**62, -(2**62), 2**63, 2**64 - 1, -(2**64), 2**127 + 5, 3**150, -(7**90)]
    for a in values:
        for b in values:
            rows.append(hash((a + b, a - b, a * b)) == hash((b + a, -(b - a), b * a)))
            rows.append(((a + b) - b == a) and (a * b // (b or 1) == a or b == 0))
    big = 1
    for i in range(1, 80):
        big = big * (2**61 + i) - i
    return all(rows), big % (10**40), (2**62 - 1) + 1, -(2**62) - 1, 2**64 - (2**64 - 3)


def texts():
    rows = ["-".join(["a", Text("b"), "", "\u00e9\u20ac"]), "x%s" % Text("y"), Text("z") % (), "q" % Text("w")]
    rows.append("".join(chr(945 + i % 25) for i in range(90))[40:50])
    rows += [ord(c) for c in "a\u00e9\u20ac\U0001f600\ud800"]
    return rows, [c for c in "h\u00e9\u20acllo"], (1, "a") < (1, "b"), (1, 2) == (1, 2.0), (1,) < (1, 0)


def growth():
    lists = [[] for _ in range(3)]
    for i in range(5000):
        lists[0].append(i)
        lists[1].append(i * 0.5)
        lists[2].append(str(i))
    return [len(items) for items in lists], sum(lists[0]), sum(lists[1]), lists[2][::900]


for function in (percents, specs, defaults, keys, sets, sums, texts, growth):
    result = function()
    for row in result if isinstance(result, list) else [result]:
        print(ascii(row))
