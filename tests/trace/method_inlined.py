# A method call is inlined; its frame exists only in snapshots.
class P:
    def __init__(self, k):
        self.k = k

    def step(self, v):
        return v + self.k


def f(p, n):
    v = 0
    for i in range(n):
        v = p.step(v)
    return v


print(f(P(3), 100))
