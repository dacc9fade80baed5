from . import circle_b
A = 1
def both():
    return A + circle_b.B
