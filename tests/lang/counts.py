# Counts, widths, positions and subscripts that are huge, of another type, or come from `__index__`: which error they are.
import itertools

V = [-2**31 - 1, 2**62 - 1, 2**62, 2**63 - 1, 2**63, -2**62, -2**63, -2**63 - 1, -2**70, 'x', 1.5, None]


class X:
    def __init__(self, v):
        self.v = v

    def __index__(self):
        return self.v


class L:
    def __init__(self, v):
        self.v = v

    def __len__(self):
        return self.v


def iadd(l, v):
    l *= v


T = {
    "cwr": lambda v: itertools.combinations_with_replacement("", v),
    "repeat": lambda v: repr(itertools.repeat(1, v)),
    "islice": lambda v: next(itertools.islice("", v), 0),
    "islice3": lambda v: next(itertools.islice("", 0, v, 1), 0),
    "islice4": lambda v: next(itertools.islice("", 0, 1, v), 0),
    "batched": lambda v: type(itertools.batched([], v)).__name__,
    "insert": lambda v: [1].insert(v, 1),
    "pop": lambda v: [1].pop(v),
    "lmul": lambda v: [1]*v,
    "lmul0": lambda v: []*v,
    "limul": lambda v: iadd([1],v),
    "tmul": lambda v: (1,2)*v,
    "tmul0": lambda v: ()*v,
    "smul": lambda v: "ab"*v,
    "smul0": lambda v: ""*v,
    "rsmul": lambda v: v*"ab",
    "bmul": lambda v: b"ab"*v,
    "bamul": lambda v: bytearray(b"ab")*v,
    "baimul": lambda v: iadd(bytearray(b"ab"),v),
    "lget": lambda v: [1][v],
    "tget": lambda v: (1,)[v],
    "sget": lambda v: "a"[v],
    "bget": lambda v: b"a"[v],
    "baget": lambda v: bytearray(b"a")[v],
    "rget": lambda v: range(3)[v],
    "lset": lambda v: [1].__setitem__(v, 1),
    "ldel": lambda v: [1].__delitem__(v),
    "baset": lambda v: bytearray(1).__setitem__(v, 1),
    "badel": lambda v: bytearray(1).__delitem__(v),
    "lslice": lambda v: [1,2][v:],
    "lslice2": lambda v: [1,2][:v],
    "lslice3": lambda v: [1,2][::v],
    "sslice": lambda v: "ab"[v:v:v],
    "slset": lambda v: [1].__setitem__(slice(v,v), []),
    "ljust": lambda v: "a".ljust(v),
    "rjust": lambda v: "a".rjust(v),
    "center": lambda v: "a".center(v),
    "zfill": lambda v: "a".zfill(v),
    "expandtabs": lambda v: "a\tb".expandtabs(v) ,
    "bljust": lambda v: b"a".ljust(v),
    "bcenter": lambda v: b"a".center(v),
    "bzfill": lambda v: b"a".zfill(v),
    "baljust": lambda v: bytearray(b"a").ljust(v),
    "split": lambda v: "a b".split(None, v),
    "rsplit": lambda v: "a b".rsplit(" ", v),
    "replace": lambda v: "aa".replace("a",     "b", v),
    "bsplit": lambda v: b"a b".split(None, v),
    "breplace": lambda v: b"aa".replace(b"a", b"b", v),
    "find": lambda v: "ab".find("b", v),
    "index": lambda v: [1].index(1, v),
    "bytes": lambda v: bytes(v) if v != 2**31 else 0,
    "bytearray": lambda v: bytearray(v) if v != 2**31 else 0,
    "bains": lambda v: bytearray(1).insert(v, 1),
    "bapop": lambda v: bytearray(1).pop(v),
    "len": lambda v: len(L(v)),
    "bool": lambda v: bool(L(v)),
    "hex": lambda v: b"ab".hex(":", v),
    "combinations": lambda v: itertools.combinations("abc", v) if not isinstance(v, int) or v < 0 or v > 2**63 else 0,
    "chr": lambda v: chr(v),
}


for n, f in T.items():
    for v in V:
        for w in (v, X(v)):
            try:
                r = f(w)
            except Exception as e:
                r = type(e).__name__ + ": " + str(e)
            print(n, v if w is v else "X(%r)" % v, repr(r))


def hot(n):
    found = {}
    l = [1]
    for i in range(n):
        v = 2**62 if i % 7 == 0 else 2**70 if i % 7 == 1 else i % 3
        for f in (T["pop"], T["insert"], T["ljust"], T["lget"], T["lmul0"]) if i % 7 < 2 else (T["lmul"], T["sget"]):
            try:
                r = repr(f(v))
            except Exception as e:
                r = type(e).__name__ + ": " + str(e)
            found[r] = found.get(r, 0) + 1
    return found


print(hot(1500))
