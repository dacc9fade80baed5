# Tuples of assignments and returns are virtual.
def pair(a, b):
    return b, a


def f(n):
    a, b = 1, 2
    for i in range(n):
        a, b = pair(a, b + i)
    return a, b


print(f(100))
