# Dicts and sets by key in hot loops: keys of many kinds, strategies that change, keys with own equality.


def counts(keys):
    by_get, by_test, by_try = {}, {}, {}
    for k in keys:
        by_get[k] = by_get.get(k, 0) + 1
        if k in by_test:
            by_test[k] += 1
        else:
            by_test[k] = 1
        try:
            by_try[k] += 1
        except KeyError:
            by_try[k] = 1
    return by_get == by_test == by_try, len(by_get), list(by_get.items())[:3]


print(counts([i * 7919 % 97 for i in range(3000)]))
print(counts(["k%d" % (i % 31) for i in range(3000)]))
print(counts([(i % 13, i % 7) for i in range(3000)]))
print(counts([i % 5 for i in range(1500)] + ["a", 2.0, None, True, (1, "x"), 10**20, b"b"] * 300))
print(counts([i * 0.5 % 9 for i in range(2000)]))


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 3

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n or other == self.n


def own_keys():
    d = {}
    for i in range(1500):
        d[i % 40] = d.get(i % 40, 0) + 1
        if i == 1000:
            d[Key(77)] = 5
            d[Key(0)] = 1000
        if i % 3 == 0:
            d[i % 6] += 1
    s = {Key(5), 1, 2}
    n = 0
    for i in range(1500):
        n += i % 9 in s
        n += (5 if i > 1200 else 1) in s
    return len(d), d[0], d[1], d[Key(77)], n


print(own_keys())


class Loud(str):
    calls = 0

    def __hash__(self):
        Loud.calls += 1
        return str.__hash__(self)

    def __eq__(self, other):
        Loud.calls += 1
        return str.__eq__(self, other)


def loud():
    d = {"a": 1, "b": 2}
    keys = ["a", "b"] * 700 + [Loud("a"), Loud("c")] * 2
    total = 0
    for k in keys:
        if k in d:
            total += d[k]
        else:
            d[k] = 100
    return total, Loud.calls > 0, sorted(d)


print(loud())


def missing():
    d = {i: i for i in range(1500)}
    out = []
    try:
        for i in range(3000):
            out.append(d[i])
    except KeyError as e:
        return len(out), e.args
    return None


print(missing())


def unhashable():
    d, n = {}, 0
    keys = [1] * 1500 + [[]]
    for use in (lambda k: d.get(k), lambda k: k in d, lambda k: k in {1, 2}, lambda k: d.setdefault(k, 1)):
        try:
            for k in keys:
                use(k)
                n += 1
        except TypeError as e:
            n += str(e).count("unhashable")
    return n


print(unhashable())


def removed():
    d = {i: str(i) for i in range(100)}
    total = 0
    for i in range(4000):
        k = i * 37 % 100
        if k in d:
            total += len(d[k])
            if i % 5 == 0:
                del d[k]
        else:
            d[k] = "new" * (i % 3)
    return total, len(d)


print(removed())


def defaults():
    class Table(dict):
        def __missing__(self, key):
            return key * 2

    t, total = Table(), 0
    for i in range(2000):
        total += t[i]
        if i % 2:
            t[i + 1] = 1
    return total, len(t)


print(defaults())


def sets():
    seen, again = set(), 0
    for i in range(4000):
        k = i * i % 1009
        if k in seen:
            again += 1
        else:
            seen.add(k)
    for i in range(2000):
        seen.add((i % 10, "x"))
        seen.add(str(i % 20))
        seen.add(1.0 * (i % 5))
    frozen = frozenset(range(0, 3000, 3))
    n = 0
    for i in range(3000):
        n += i in frozen
        n += i not in seen
        n += (i % 10, "x") in seen
    return again, len(seen), n


print(sets())


def views():
    d = {i: i * i for i in range(50)}
    total = 0
    for i in range(300):
        for k in d.keys():
            total += k
        for v in d.values():
            total -= v
        for k, v in d.items():
            total += k ^ v
        if i == 250:
            d["text"] = 0
            del d["text"]
            d[1] = 7
    return total


print(views())


def globals_and_attributes():
    class Box:
        pass

    box = Box()
    space = box.__dict__
    total = 0
    for i in range(2000):
        space["n"] = i
        total += box.n
        box.n = 5
        total += space["n"]
        globals()["changing"] = i
        total += changing
    return total


print(globals_and_attributes())
