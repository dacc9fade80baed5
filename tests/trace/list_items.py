# Items of an int list: one shape guard, a bounds test for each access.
def f(l, n):
    s = 0
    for i in range(n):
        s += l[i]
        l[i] = s
    return s


print(f([1] * 100, 100))
