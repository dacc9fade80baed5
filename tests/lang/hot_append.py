# Strings that grow by appending in loops, and others that refer to them.

BIG = "0123456789" * 1200


def check(what, s, *kept):
    print(what, len(s), hash(s) == hash("".join(list(s))), [len(k) for k in kept], [k[-3:] for k in kept])


def simple(n):
    s = ""
    for i in range(n):
        s += "abc"
    return s


def sum_form(n, x):
    s = ""
    for i in range(n):
        s = s + x
    return s


def characters(text):
    out = ""
    for c in text:
        if c != "5":
            out += c
        else:
            out += "five"
    return out


def nested(n):
    s = "start "
    for i in range(n):
        for j in range(50):
            s += "x"
        s += "\n"
    return s


def parameter(s, n):
    for i in range(n):
        s += "p"
    return s


def twice(n):
    """The first loop's result is kept while the second loop goes on."""
    s = ""
    for i in range(n):
        s += "abcdefgh"
    kept = s
    for i in range(n):
        s += "!"
    return kept, s


def outer_alias(n):
    kept = []
    s = ""
    for i in range(5):
        for j in range(n):
            s += "row "
        kept.append(s)
    return kept


def reset(n):
    """A literal takes the variable's place now and then."""
    done = 0
    s = ""
    for i in range(n):
        s += "0123456789"
        if i % 1500 == 1499:
            s = "again"
    return s


def early(n):
    s = ""
    i = 0
    while True:
        s += "early"
        i += 1
        if i == n:
            return s


def early_finally(n):
    s = ""
    got = None
    for i in range(n):
        try:
            s += "finally "
            if i == n - 1:
                return s
        finally:
            s += "more"
    return s


def returned_and_continued(n):
    s = ""
    while True:
        try:
            if len("x" * n) < 3:
                return s
            return s
        finally:
            s += "tail"
            n -= 1
            if n > 0:
                continue


def two(n):
    a = b = ""
    for i in range(n):
        a += "left"
        b += "right"
    a += "a"
    return a, b


def taken_over(n, first):
    """The first append to an empty text gives the other one."""
    s = ""
    for i in range(n):
        s += first
        s += "z"
        s = ""
    return s


class Odd:
    def __init__(self, text):
        self.text = text

    def __radd__(self, other):
        return self.text

    def __iadd__(self, other):
        return self.text


def from_operators(text, n):
    s = "s"
    for i in range(n):
        s += Odd(text)
        s += "?"
    return s


def from_inplace(text, n):
    s = Odd(text)
    for i in range(n):
        s += "?"
    return s


def iterated(strings):
    for s in strings:
        s += "end"
    return s


def stored(strings):
    i = 0
    s = ""
    while i < len(strings):
        s = strings[i]
        s += "end"
        i += 1
    return s


def with_locals(n):
    s = ""
    seen = []
    for i in range(n):
        s += "local "
        if i == n // 2:
            seen.append(locals()["s"])
    return s, seen[0]


def in_closure(n):
    s = ""

    def add(x):
        nonlocal s
        s += x

    for i in range(n):
        add("cell")
    return s


def generated(n):
    s = ""
    for i in range(n):
        s += "gen"
        if i % 1000 == 0:
            yield i
    yield s


def numbers(n):
    total = 0
    ratio = 1
    for i in range(n):
        total += i
        ratio = ratio + 0.5
    return total, ratio


def mixed(items):
    total = 0
    for x in items:
        total += x
    return total


def lists(n):
    a = []
    b = a
    for i in range(n):
        a += "xy"
    c = a
    for i in range(3):
        a = a + [i]
    return len(a), a is b, c is b, len(b)


def wrong(n):
    s = "s"
    try:
        for i in range(n):
            s += "good" if i < n - 1 else 5
    except TypeError as e:
        print(type(e).__name__)
    return s


def unbound(n):
    try:
        for i in range(n):
            s += "x"
    except UnboundLocalError as e:
        print("unbound")
    for i in range(n):
        if i == 0:
            s = ""
        s += "x"
    return s


def unicode(n):
    s = ""
    for i in range(n):
        s += "aé€"
    return s


class Text(str):
    pass


def subclass(n):
    s = Text("t")
    for i in range(n):
        s += "u"
    return s


def keys(n):
    """A text that was a key is appended to."""
    d = {}
    s = ""
    for r in range(4):
        for i in range(n):
            s += "key."
        d[s] = r
    return [(len(k), v, d[k]) for k, v in d.items()]


check("simple", simple(9000))
check("sum", sum_form(9000, "xyz"))
check("characters", characters(BIG))
check("nested", nested(300))
check("parameter", parameter(BIG, 3000), BIG)
kept, s = twice(4000)
check("twice", s, kept)
check("outer", "", *outer_alias(4000))
check("reset", reset(5000))
check("early", early(4000))
check("early finally", early_finally(2000))
check("continued", returned_and_continued(3))
a, b = two(5000)
check("two", a, b)
grown = simple(6000)
check("taken over", taken_over(3, grown), grown)
check("operators", from_operators(grown, 3), grown)
check("inplace", from_inplace(grown, 3), grown)
check("iterated", iterated([grown, grown]), grown)
check("stored", stored([grown, grown]), grown)
check("parameter", parameter(grown, 5), grown)
s, seen = with_locals(4000)
check("locals", s, seen)
check("closure", in_closure(4000))
for item in generated(4000):
    pass
check("generated", item)
print(numbers(3000), mixed([1, 2.5, True, 7 ** 30, 2j] * 300))
print(lists(2000))
check("wrong", wrong(3000))
check("unbound", unbound(3000))
s = unicode(5000)
check("unicode", s)
print(s[7500], s[-1], s.find("€", 9000), len(s.encode()))
s = subclass(10000)
print(type(s).__name__, len(s))
print(keys(3000))
