# Truth, None, NotImplemented, Ellipsis, and/or/not, identity, conditional expressions.
for v in (None, True, False, 0, 1, -1, 0.0, 0.5, "", "a", [], [0], (), (0,), {}, {0: 0}, set(), {0}, range(0), range(1), b"", b"x", 0j, ...):
    print(repr(v), bool(v), not v, v or "or", v and "and", "yes" if v else "no")
print(None is None, None == 0, None == None, True is True, True == 1, True is not False, ... is Ellipsis, NotImplemented is NotImplemented)
print(type(None).__name__, type(True).__name__, type(...).__name__, repr(NotImplemented), str(None), bool(), bool([]))
class Falsy:
    def __bool__(self):
        return False
class Empty:
    def __len__(self):
        return 0
class Bad:
    def __bool__(self):
        return 3
class BadLen:
    def __len__(self):
        return -1
print(bool(Falsy()), bool(Empty()), bool(object()), not Falsy())
for b in (Bad(), BadLen()):
    try:
        print(bool(b))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
def side(v, log=[]):
    log.append(v)
    return v
print(side(0) or side(2) and side(3), side(1) and side(0) or side(5), not (side(1) or side(7)), side.__defaults__)
print(1 if 0 else 2 if 0 else 3, (1 if 1 else 2) + 1, [x if x % 2 else -x for x in range(5)])
print(True and None, False or None, not None, None or 0 or "" or [], 1 and 2 and 3)
try:
    None.x
except AttributeError as e:
    print(e)
try:
    None + 1
except TypeError as e:
    print(e)
try:
    None()
except TypeError as e:
    print(e)
try:
    None[0]
except TypeError as e:
    print(e)
try:
    True.x = 1
except AttributeError as e:
    print(e)
