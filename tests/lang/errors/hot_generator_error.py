def numbers(n):
    for i in range(n):
        yield 1 / (n - 100 - i)


def use(n):
    return sum(v for v in numbers(n))


print(use(99) < 0)
print(use(3000))
