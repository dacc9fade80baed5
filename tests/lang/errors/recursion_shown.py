def down(n):
    if n == 0:
        raise OverflowError("bottom")
    return down(n - 1) + 1


down(3)
