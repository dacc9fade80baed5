# The generator's frame is entered and left within the trace.
def numbers(n):
    i = 0
    while i < n:
        yield i
        i += 1


def f(n):
    s = 0
    for v in numbers(n):
        s += v
    return s


print(f(100))
