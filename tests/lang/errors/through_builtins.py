# Frames of built-in functions are not shown, whatever feeds them.
def numbers(n):
    for i in range(n):
        yield 10 // (n - 2 - i)


def total(n):
    return sum(x + 1 for x in numbers(n))


def run():
    for i in range(2000):
        total(1)
        list(map(lambda v: v, numbers(1)))
    for pair in enumerate(map(lambda v: 1 // v, numbers(2))):
        pass
    return total(4)


run()
