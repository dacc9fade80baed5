# sys.setrecursionlimit in compiled code: the depth at which RecursionError comes is exact.
import sys

def down(k):
    try:
        return down(k + 1)
    except RecursionError:
        return k



def f(n):
    bad = []
    for i in range(n):
        lim = 100 + i % 7 * 20
        sys.setrecursionlimit(lim)
        m = down(0)
        if m != lim - 3:
            bad.append((lim, m))
    return len(bad), bad[:5]


print(f(120))
sys.setrecursionlimit(1000)


def plain(k):
    return k if k == 0 else plain(k - 1) + 1


def edge(n):
    fits, fails = 0, 0
    for i in range(n):
        try:
            plain(996 if i % 2 else 997)
            fits += 1
        except RecursionError:
            fails += 1
    return fits, fails


print(edge(100))


def inside(k, lim):
    if k == 0:
        sys.setrecursionlimit(lim)
        return down(0)
    return inside(k - 1, lim)


def g(n):
    seen = set()
    for i in range(n):
        seen.add(inside(30, 200 + i % 2 * 100) - i % 2 * 100)
        sys.setrecursionlimit(1000)
    return seen


print(g(90))


def through(k):
    try:
        return max(map(through, [k + 1]))
    except RecursionError:
        return k


print(through(0) > 200)


def low(n):
    texts = set()
    for i in range(n):
        try:
            sys.setrecursionlimit(2)
        except RecursionError as e:
            texts.add(str(e))
    return texts


print(low(90))


def deep_low(k):
    if k:
        return deep_low(k - 1)
    try:
        sys.setrecursionlimit(20)
    except RecursionError as e:
        return str(e)


def h(n):
    return {deep_low(40) for i in range(n)}


print(h(60))
