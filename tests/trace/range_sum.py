# The range object and its iterator leave the loop.
def f(n):
    s = 0
    for i in range(n):
        s += i & 7
    return s


print(f(100))
