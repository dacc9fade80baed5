# A str that a loop only appends to may grow where it lies; nothing that sees it on the way may notice.

LONG = "q" * 9000
kept = []


def seen_by_name(n):
    s = LONG
    sizes = []
    for i in range(n):
        s += "b" * 10
        sizes.append(len(eval("s")))
        names = locals()
        sizes.append(len(names["s"]))
        kept.append(names["s"])
    return sizes, [len(k) for k in kept[-n:]]


def returned_through_finally(n):
    s = LONG
    try:
        while True:
            try:
                for i in range(n):
                    s += "abc" * 100
                    if i == n - 1:
                        return s
            finally:
                s += "zzz"
                kept.append(s)
    finally:
        for i in range(3):
            s += "y"
        kept.append(s)


def left_by_break_through_finally(n):
    s = LONG
    t = ""
    for j in range(3):
        try:
            for i in range(n):
                s += "ab"
                if i == 2:
                    break
        finally:
            s += "z"
        kept.append(s)
    return [len(k) for k in kept[-3:]]


def kept_between_inner_loops(n):
    s = LONG
    t = None
    sizes = []
    for j in range(n):
        for i in range(3):
            s += "abc"
        if t is not None:
            sizes.append((len(t), len(s)))
        t = s
    return sizes


def yielded(n):
    s = LONG
    for j in range(n):
        s += "abc"
        yield j
    yield len(s)


def two_names(n):
    a = b = LONG
    for i in range(n):
        a += "x"
        b += "y"
    return a[-5:], b[-5:], len(a), len(b), len(LONG)


def started_again(n):
    a = LONG
    for i in range(n):
        a += "x"
        if i == 2:
            a = "new"
    return a


class Other:
    def __radd__(self, other):
        return "R" * 9000


def other_results(n):
    s = "a"
    other = Other()
    for i in range(n):
        s += other
        if i == 1:
            s += "z"
    return len(s)


def raised(n):
    s = LONG
    try:
        for i in range(n):
            s += "x"
            if i == n - 2:
                raise KeyError
    except KeyError:
        kept.append(s)
    for i in range(n):
        s += "y"
    return len(kept[-1]), len(s)


for round in range(12):
    answers = [
        seen_by_name(4),
        (len(returned_through_finally(4)), [len(k) for k in kept[-2:]]),
        left_by_break_through_finally(6),
        kept_between_inner_loops(4),
        list(yielded(4)),
        two_names(4),
        started_again(6),
        other_results(4),
        raised(5),
    ]
for answer in answers:
    print(answer)
