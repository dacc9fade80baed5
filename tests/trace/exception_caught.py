# An exception raised and caught in the same trace is virtual.
def f(n):
    s = 0
    for i in range(n):
        try:
            if i >= 0:
                raise ValueError(i)
        except ValueError:
            s += 1
    return s


print(f(100))
