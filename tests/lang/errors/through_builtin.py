def key(x):
    return 10 / x


print(sorted([3, 2, 1], key=key))
print(list(map(key, [1, 0])))
