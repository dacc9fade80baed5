# Floats stay unboxed round the back edge.
def f(n):
    x = 0.0
    for i in range(n):
        x = x * 0.5 + i
    return x


print(f(100))
