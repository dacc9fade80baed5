def f(items):
    return [1 / v for v in items]


print(f([1, 2]))
print(f([1, 0]))
