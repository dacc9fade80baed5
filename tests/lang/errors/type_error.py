def add(x, y):
    total = x + y
    return total
print(add(1, 2))
print(add("a", 2))
