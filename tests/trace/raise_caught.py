# An exception that is caught in the loop is never made.
class Odd(Exception):
    def __init__(self, n):
        self.n = n


def check(i):
    if i & 1:
        raise Odd(i)
    return i


def total(n):
    s = 0
    for i in range(1, n, 2):
        try:
            s += check(i)
        except Odd as odd:
            s -= odd.n
    return s


print(total(6000))
