# A cell that only this loop sees.
def f(n):
    total = 0

    def add(v):
        nonlocal total
        total += v

    for i in range(n):
        add(i)
    return total


print(f(100))
