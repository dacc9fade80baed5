# Two lists of floats in step: no tuple is made, no iterator is called.
def f(a, b):
    s = 0.0
    for x, y in zip(a, b):
        s += x * y
    return s


f([0.5] * 3000, [0.25] * 3000)
