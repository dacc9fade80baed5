# Counting in a dict: the key is looked up once; its value is read and stored where it lies.
def f(n):
    d = {i: 0 for i in range(16)}
    for i in range(n):
        k = i & 15
        d[k] = d.get(k, 0) + 1
    return d


f(3000)
