# An int loop: no allocation, one overflow guard, one exit test in the loop.
def f(n):
    s = 0
    i = 0
    while i < n:
        s += i
        i += 1
    return s


print(f(100))
