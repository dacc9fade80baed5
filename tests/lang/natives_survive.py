# Every built-in function and method, called with arguments that nobody meant for it. The right answers are not looked
# at: what counts is that each call gives a value or raises an exception, and that the interpreter is sound afterwards.
import builtins, itertools, math, random, sys

SKIPPED = {"input", "exit", "quit", "breakpoint", "print", "help", "open", "sleep", "exec", "eval", "seed", "setrecursionlimit",
           "set_int_max_str_digits", "setswitchinterval", "_exit", "settrace", "setprofile", "__breakpointhook__",
           "breakpointhook", "__displayhook__", "displayhook", "__excepthook__", "excepthook", "gammavariate",
           "betavariate", "vonmisesvariate", "binomialvariate", "copyright", "credits", "license", "compile", "__import__", "addaudithook"}


class Plain:
    pass


class Odd:
    """Answers every question, seldom sensibly; `mood` chooses how."""

    mood = 0

    def __init__(self, mood):
        self.mood = mood

    def answer(self, good):
        if self.mood == 0:
            return good
        if self.mood == 1:
            raise ValueError("no")
        if self.mood == 2:
            return "wrong"
        if self.mood == 3:
            TARGET.clear()
            TARGETS.clear()
            Odd.extra = self.mood
            return good
        TARGET.append(good)
        TARGETS[len(TARGETS)] = good
        return good

    def __len__(self): return self.answer(2)
    def __iter__(self): return self.answer(iter((1, 2)))
    def __getitem__(self, i): return self.answer(i)
    def __index__(self): return self.answer(2)
    def __int__(self): return self.answer(2)
    def __float__(self): return self.answer(2.0)
    def __bool__(self): return self.answer(True)
    def __eq__(self, o): return self.answer(False)
    def __lt__(self, o): return self.answer(True)
    def __hash__(self): return self.answer(7)
    def __call__(self, *a, **k): return self.answer(len(a))
    def __repr__(self): return self.answer("odd")
    def __str__(self): return self.answer("odd")
    def __format__(self, s): return self.answer("odd")
    def __add__(self, o): return self.answer(1)
    def __radd__(self, o): return self.answer(1)
    def __contains__(self, o): return self.answer(True)
    def __next__(self): return self.answer(1)
    def __get__(self, o, c): return self.answer(1)
    def __reversed__(self): return self.answer([1])
    def __round__(self, *n): return self.answer(1)
    def __complex__(self): return self.answer(1j)
    def __bytes__(self): return self.answer(b"odd")
    def __length_hint__(self): return self.answer(3)
    def __enter__(self): return self.answer(1)
    def __instancecheck__(self, o): return self.answer(True)
    def keys(self): return self.answer(["a"])


TARGET, TARGETS = [], {}


class L(list): pass
class D(dict): pass
class S(str): pass
class I(int): pass
class F(float): pass
class T(tuple): pass


def gen():
    yield 1
    yield 2


def fresh():
    del TARGET[:]
    TARGETS.clear()
    TARGET.extend((3, 1, 2))
    TARGETS.update({3: 1, "a": 2})
    pool = [None, True, 0, -1, 3, 2**40, 2**70, 1.5, -0.0, math.inf, math.nan, 1j, "", "a", "abc", "\u1234x", b"", b"abc",
            bytearray(b"xyz"), [1, 2, 3], [1.5, 2.5], ["a", "b"], [None, 1], (), (1, 2), ("a", 1), {}, {1: 2}, {"a": 1},
            set(), {1, 2}, frozenset([1]), range(5), range(0), slice(1, 2), slice(None), Plain, Plain(), L([1]), D(a=1),
            S("s"), I(5), F(2.5), T((1,)), gen(), iter([1, 2]), iter({}), iter("ab"), enumerate([1]), zip([1]),
            map(str, [1]), filter(None, [1]), reversed([1, 2]), itertools.chain([1]), {1: 2}.keys(), {1: 2}.items(),
            {1: 2}.values(), len, [].append, str.upper, int, type, object(), ValueError, ValueError("x"), OSError(1, "x"),
            StopIteration(1), lambda *a: a, gen, math, property(), staticmethod(len), classmethod(len), NotImplemented,
            ..., super(L, L()), TARGET, TARGET, TARGETS, TARGETS.items(), iter(TARGET), iter(TARGETS), reversed(TARGET)]
    for mood in (0, 1, 2, 3, 4):
        pool += [Odd(mood), Odd(mood), [Odd(mood), 1, Odd(mood)], (Odd(mood), Odd(0))]
    return pool


chance = random.Random(7)
pick = chance.choice
calls = 0


def endless(args):
    """Arguments that would make a call long, not wrong."""
    for a in args:
        if isinstance(a, int) and a > 10**6 or isinstance(a, (itertools.count, itertools.cycle, itertools.repeat)):
            return True
        # What grows while it is gone through would never end.
        if a is TARGET or a is TARGETS:
            return any(isinstance(b, Odd) and b.mood == 4 for b in args)
    return False


def attempt(f, args, names):
    global calls
    if endless(args):
        return
    calls += 1
    try:
        r = f(*args, **names)
        if type(r) in (int, str, tuple, bytes, float):
            repr(r)
        if isinstance(r, Odd):
            return
        if hasattr(type(r), "__next__"):
            for _ in range(3):
                next(r)
    except (Exception, SystemExit, GeneratorExit, KeyboardInterrupt):
        pass


def some(pool, count):
    return [pick(pool) for _ in range(count)]


def functions():
    for module in (builtins, math, itertools):
        for name in sorted(dir(module)):
            f = getattr(module, name)
            if name not in SKIPPED and callable(f):
                yield f


def classes():
    return (int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, slice, type, object,
            property, enumerate, zip, map, filter, reversed, type(gen()), type(gen), type(len), type({}.keys()),
            type({}.items()), type(iter([])), BaseException, OSError, StopIteration, UnicodeDecodeError, type(None),
            type(math), itertools.islice, itertools.product, super, staticmethod, classmethod)


KEYWORDS = ("key", "default", "start", "x", "name", "reverse", "strict", "repeat", "encoding", "errors", "base", "sep")


def main(share):
    pool = fresh()
    for f in functions():
        if chance.random() < share:
            for count in (0, 1, 1, 2, 2, 3):
                attempt(f, some(pool, count), {})
            attempt(f, some(pool, 1), {pick(KEYWORDS): pick(pool)})
    for c in classes():
        pool = fresh()
        for name in sorted(dir(c)):
            if name in SKIPPED or chance.random() > share:
                continue
            try:
                f = getattr(c, name)
            except Exception:
                continue
            if callable(f):
                own = [v for v in pool if type(v) is c]
                for count in (1, 2, 3):
                    args = some(pool, count)
                    attempt(f, args, {})
                    if own:
                        args[0] = pick(own)
                        attempt(f, args, {})
    for v in fresh():
        for name in ("__class__", "__dict__", "__name__", "__code__", "__defaults__", "__traceback__", "args", "x"):
            attempt(setattr, (v, name, pick(pool)), {})


main(0.3)
# All is well still.
print(calls > 1000, sum(range(10)), sorted([3, 1, 2]), "a,b".split(","), {1: 2}, f"{1.5:.2f}", repr(Odd(0)), math.sqrt(4))
try:
    [].pop()
except IndexError as e:
    print(e)
