def fact(n):
    if n < 0:
        raise ValueError("negative: %d" % n)
    return 1 if n == 0 else n * fact(n - 1)


for i in range(500):
    fact(i % 10)
fact(0.5)
