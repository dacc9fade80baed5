# finally with return, break and continue; overriding; nested; in loops and generators.
def a():
    try: return "try"
    finally: print("a finally")
def b():
    try: return "try"
    finally: return "finally"
def c():
    try: raise ValueError
    finally: return "swallowed"
def d():
    for i in range(3):
        try: return i
        finally: continue
    return "end"
def e():
    for i in range(3):
        try: 1 / 0
        finally: break
    return i
def f():
    x = 1
    try: return x
    finally: x = 2
def g():
    x = [1]
    try: return x
    finally: x.append(2)
def h():
    try:
        try: return "in"
        finally: print("1")
    finally: print("2")
def i():
    while True:
        try:
            try: break
            finally: print("b1")
        finally: print("b2")
    return "out"
def j():
    out = []
    for n in range(4):
        try:
            if n == 1: continue
            if n == 3: break
            out.append(n)
        finally:
            out.append("f")
    else:
        out.append("else")
    return out
def k():
    try: raise KeyError("k")
    except KeyError: return "handler"
    finally: print("k finally")
def l():
    try: pass
    except ValueError: return 1
    else: return "else"
    finally: print("l finally")
def m():
    try:
        raise ValueError(1)
    except ValueError:
        try: raise KeyError(2)
        except KeyError: return "nested"
        finally: print("m1")
    finally: print("m2")
def n():
    try:
        yield 1
        return "ret"
    finally:
        yield "cleanup"
def o():
    i = 0
    while i < 3:
        i += 1
        try:
            if i == 2: raise ValueError
        except ValueError:
            continue
        finally:
            print("o", i)
        print("after", i)
    return i
def p():
    for x in range(2):
        for y in range(2):
            try:
                if y == 0: continue
                try:
                    if x == 0: break
                finally:
                    print("inner", x, y)
            finally:
                print("outer", x, y)
    return x, y
for fn in (a, b, c, d, e, f, g, h, i, j, k, l, m, o, p):
    print(fn.__name__, fn())
it = n()
print(next(it), next(it))
try:
    next(it)
except StopIteration as s:
    print(s.value)
def q():
    try:
        return r("value")
    finally:
        r("finally")
def r(x):
    print("r", x)
    return x
print(q())
