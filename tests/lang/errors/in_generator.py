def gen(n):
    for i in range(n):
        if i == 2:
            raise IndexError("generator broke")
        yield i


def consume():
    yield from gen(5)


for v in consume():
    print(v)
