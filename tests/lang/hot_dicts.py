# Dicts and sets in hot loops: int, str and mixed keys, growth, deletion, iteration, views.
def ints(n):
    d = {}
    for i in range(n): d[i * 7 % 1009] = d.get(i * 7 % 1009, 0) + i
    return len(d), sum(d.values()), d[7]
def strs(n):
    d = {}
    for i in range(n):
        k = "k%d" % (i % 50)
        if k in d: d[k] += 1
        else: d[k] = 1
    return sorted(d.items())[:5], len(d)
def const_keys(n):
    d = {"x": 0, "y": 1.5}
    for i in range(n):
        d["x"] += i
        d["y"] = d["x"] * 0.5
    return d
def switch(n):
    d = {}
    for i in range(n):
        d[i % 10] = i
        if i == n // 2: d["s"] = 1
        if i == n - 9: d[(1, 2)] = d[2.5] = d[None] = 0
    return d
def delete(n):
    d = {}
    s = 0
    for i in range(n):
        d[i] = i
        if i > 5: s += d.pop(i - 5)
        if i % 100 == 0: d.setdefault("t", []).append(i)
    return d, s
def iterate(n):
    d = {i: str(i) for i in range(10)}
    s = 0
    for i in range(n // 10):
        for k in d: s += k
        for k, v in d.items(): s += k * len(v)
        for v in d.values(): s += int(v)
        d[i % 10] = str(i)
    return s, d
def sets(n):
    s = set()
    c = 0
    for i in range(n):
        s.add(i * i % 97)
        if i % 3 == 0: s.discard(i % 97)
        if i % 50 in s: c += 1
        if i % 400 == 0: s.add("str")
    return c, len(s)
def tuple_keys(n):
    d = {}
    for i in range(n): d[i % 7, i % 3] = d.get((i % 7, i % 3), 0) + 1
    return d
class K:
    def __init__(self, v): self.v = v
    def __hash__(self): return self.v % 5
    def __eq__(self, o): return isinstance(o, K) and self.v == o.v
def user_keys(n):
    d = {}
    for i in range(n):
        k = K(i % 23)
        d[k] = d.get(k, 0) + 1
    return sorted((k.v, c) for k, c in d.items())
def float_keys(n):
    d = {}
    for i in range(n): d[i % 8 / 2] = i
    return d
def missing(n):
    d = {"a": 1}
    c = 0
    for i in range(n):
        c += d.get("b", 2) + d.get("a") + ("z" not in d)
        if i == n // 2: d["b"] = 10
    return c
def nested(n):
    d = {}
    for i in range(n): d.setdefault(i % 5, {}).setdefault(i % 3, []).append(i % 2)
    return {k: {j: sum(v) for j, v in e.items()} for k, e in d.items()}
def kwargs(n):
    def f(**k): return len(k) + k.get("a", 0)
    s = 0
    for i in range(n): s += f(a=i) + f(b=1, c=2) + f(**{"a": 2})
    return s
def resize_in_loop(n):
    e = 0
    for i in range(n // 20):
        d = {j: j for j in range(5)}
        try:
            for k in d:
                if k == 3: d[100 + i] = 1
        except RuntimeError: e += 1
    return e
def comp(n):
    s = 0
    for i in range(n // 10):
        s += len({j % 4: j for j in range(i % 10)}) + len({j % 3 for j in range(5)})
    return s
for f in (ints, strs, const_keys, switch, delete, iterate, sets, tuple_keys, user_keys, float_keys, missing, nested, kwargs, resize_in_loop, comp):
    print(f.__name__, f(2000))
