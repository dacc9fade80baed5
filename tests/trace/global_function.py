# A global function and a global constant are assumed, not looked up.
STEP = 3


def add(a, b=STEP):
    return a + b


def f(n):
    s = 0
    for i in range(n):
        s = add(s)
        s = add(s, STEP)
    return s


print(f(100))
