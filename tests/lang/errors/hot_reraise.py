def inner(i):
    if i % 7 == 3:
        raise KeyError(i)
    return i


def outer(n):
    caught = 0
    for i in range(n):
        try:
            inner(i)
        except KeyError as e:
            caught += 1
            if i > 2000:
                raise ValueError("gave up after %d" % caught)
    return caught


outer(3000)
