# One shape guard before the loop; loads and stores of the slot are forwarded.
class P:
    def __init__(self):
        self.x = 0.0


def f(p, n):
    for i in range(n):
        p.x = p.x + 1.5
    return p.x


print(f(P(), 100))
