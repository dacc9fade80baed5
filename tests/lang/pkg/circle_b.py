from . import circle_a
B = 2
seen = hasattr(circle_a, "A")
