# Dicts: insertion order, methods, views, merging, errors.
d = {"b": 1, "a": 2, 3: "c", (1, 2): None, 2.5: [1]}
print(d, len(d), d["b"], d.get("zz"), d.get("zz", 0), "a" in d, 3 in d, 1 not in d, list(d), list(d.values()), list(d.items()))
d["b"] = 10; d["new"] = 5
del d["a"]
d["a"] = 7
print(d, list(reversed(d)), d.pop("b"), d.pop("zz", "none"), d.popitem(), d)
d.setdefault("s", []).append(1)
d.setdefault("s", []).append(2)
d.update({"x": 1}, y=2)
d.update([("z", 3), ["w", 4]])
print(d, d.copy() == d, d.copy() is d, dict(d) == d, dict(a=1, b=2), dict([(1, 2)]), dict({"k": 1}, k=2, j=3), dict(), dict.fromkeys("ab"), dict.fromkeys([1, 2], 0))
print({**{"a": 1}, "b": 2, **{"a": 3}}, {"a": 1} | {"b": 2, "a": 9}, {1: 1, True: 2, 1.0: 3})
e = {"a": 1}
e |= {"b": 2}
e |= [("c", 3)]
print(e, {k: v * v for k, v in enumerate([1, 2, 3])}, {v: k for k, v in e.items()}, e == {"c": 3, "b": 2, "a": 1}, e != {})
k, v, i = e.keys(), e.values(), e.items()
e["d"] = 4
print(k, v, i, len(k), "d" in k, 4 in v, ("d", 4) in i, ("d", 5) in i, k & {"a", "zz"}, sorted(k | {"q"}), k - {"a", "b", "c"}, sorted(k ^ {"a", "q"}), k == {"a", "b", "c", "d"}, k.isdisjoint({"q"}), sorted(i & {("a", 1)}))
print(list(reversed(k)), list(reversed(i)), max(e), sum(v), sorted(e, key=e.get, reverse=True), min(e, key=lambda q: e[q]))
for f in (lambda: {}["x"], lambda: {}[1], lambda: {}.pop("k"), lambda: {}.popitem(), lambda: dict(5), lambda: {} + {}, lambda: {"a": 1} < {}, lambda: {}.foo, lambda: dict(a=1, **{"a": 2})):
    try:
        print(f())
    except Exception as x:
        print(type(x).__name__, x)
for action in (lambda q: q.pop("a"), lambda q: q.update(z=1), lambda q: q.clear()):
    q = {"a": 1, "b": 2}
    try:
        for key in q:
            action(q)
        print("end")
    except RuntimeError as x:
        print(x)
q = {"a": 1, "b": 2}
for key in q:
    q[key] += 10
for key in list(q):
    if key == "a":
        del q[key]
print(q)
r = {}
r["self"] = r
print(r, repr({1: "a", "b": None}), {"é": "ü"}, str({}), bool({}), bool({0: 0}))
class Missing(dict):
    def __missing__(self, key):
        return "missing " + str(key)
m = Missing(a=1)
print(m["a"], m["b"], m.get("b"), "b" in m, m, isinstance(m, dict), len(m))
big = {}
for n in range(2000):
    big[n * 7 % 2003] = n
for n in range(0, 2000, 2):
    del big[n * 7 % 2003]
print(len(big), list(big)[:5], big[7], 0 in big, sum(big.values()))
words = {}
for w in "the cat the dog the end".split():
    words[w] = words.get(w, 0) + 1
print(words, sorted(words.items(), key=lambda kv: (-kv[1], kv[0])))
big.clear()
print(big, next(iter({"first": 1})), list({None: 1, (): 2, frozenset(): 3}), {1: {2: {3: 4}}}[1][2][3])
del e["a"], e["b"]
print(e, iter(e).__length_hint__() if hasattr(iter(e), "__length_hint__") else 2, {}.keys(), {}.values(), {}.items())
for f in (lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: {[]: 1}, lambda: {}[{}]):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__)
