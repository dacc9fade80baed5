def step(i, limit):
    return 1000 / (limit - i)


def work(limit):
    total = 0
    for i in range(5000):
        total += step(i, limit)
    return total


print(work(5001))
print(work(3000))
