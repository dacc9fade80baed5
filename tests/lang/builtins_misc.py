# The remaining built-in functions.
print(abs(-5), abs(-2.5), abs(True), all([1, 2]), any([]), bin(5), bool("x"), callable(len), chr(65), divmod(17, 5), hash("") == hash(""), hex(10), id(5) == id(5), isinstance(5, (str, int)), len("abc"), oct(8), ord("A"), pow(2, 3), pow(2, 3, 5), repr("a"), round(2.567, 1), sum([1, 2], 5))
print(max(3, 1, 2), max([1, 5, 3]), max("abc"), max([1, -5], key=abs), max([], default=0), min(3, 1), min([2, 1]), min("b", "a"), min([(1, 2), (1, 1)]), max(1, 1.0), max(1.0, 1), min((), default=None))
for f in (lambda: max(), lambda: max(5), lambda: min([]), lambda: max(1, "a"), lambda: sum("ab"), lambda: sum(["a"], ""), lambda: ord(""), lambda: chr(0x110000), lambda: round("a"), lambda: abs(None), lambda: divmod(1), lambda: isinstance(1), lambda: bin(1.5), lambda: hash({}), lambda: iter(), lambda: sorted(), lambda: getattr(1), lambda: getattr(1, "x"), lambda: print(1, sep=5), lambda: type(), lambda: type("A", 5, {}), lambda: max(1, 2, default=5), lambda: sum(), lambda: setattr(1, "a", 2), lambda: round(1.5, "a"), lambda: hasattr(1, 1), lambda: vars(5)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(1, "a", 2.5, None, sep="|", end="<end>\n")
print()
print(*[], sep=",")
print("a", "b", sep="")
print("x", end=""); print("y")
print([1, 2], (3,), {4}, {"k": "v"}, b"b", range(2), 1j, ..., int, len, type)
print(type(5), type("a"), type(None), type([]), type(int), type(len), type(lambda: 0), type(range(1)), type(type), type(ValueError()), type([].append), type("".join))
print(isinstance(True, int), isinstance([], (tuple, list)), issubclass(bool, int), isinstance(int, type), isinstance(None, type(None)), isinstance(5, object), isinstance(5, int | str), int | None)
print(sorted(dir(5))[:3], "append" in dir([]), "upper" in dir(str), "x" in dir())
print(getattr("abc", "upper")(), hasattr([], "append"), getattr(5, "zz", None), type(5)("7"), type("X", (), {"a": 1}).a, object() != object(), type(object()).__name__)
print(round(2.5), round(-0.5), round(1e300), round(123.456, -1), round(1.005, 2), round(5, 2), round(-7, -1), round(2.5, 0), type(round(2.5)).__name__, type(round(2.5, 0)).__name__, round(True))
print(str(5) + repr("q"), str(b"a"), ascii("é"), format(5, "03d"), list("ab"), dict(zip("ab", [1, 2])), set([1]) | {2}, frozenset(), bytes(2), complex(1, 2), tuple({1: 2}), slice(1, 2))
print(int.__name__, len.__name__, [].append.__name__, str.upper("a"), int.__add__(1, 2), list.append.__name__, (5).__class__, "".__class__ is str, int.mro(), bool.__mro__)
print(list(map(lambda *a: a, [1, 2], [3, 4])), sum([[1], [2]], []), sum((0.1, 0.2, 0.3)), sum(x for x in [1.5, 2]), sum([True, True]), sum([1, 2.5, 3]), sum([2**62, 2**62, 1.0]))
print(eval("1 + 2") if "eval" in dir(__builtins__) else 3, len({}), len(()), len(b"ab"), len(range(10)), len({1, 2}), id(None) == id(None), hash(None) == hash(None), hash((1, "a")) == hash((1, "a")), 5 .bit_length())
x = 5
print(isinstance(x, int) and x > 3, (x and 0) or "dflt", x.__add__(3), (-x).__abs__(), x.__eq__(5), x.__eq__("5"), "a".__eq__("a"), x.__bool__(), [1].__eq__([1]), x.__divmod__(2), x.__rsub__(10), (1).__lt__(2))
