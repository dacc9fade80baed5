# Functions that call each other, with loops and exceptions on the way: each in machine code of its own.


class Walker:
    def __init__(self):
        self.leaves = 0
        self.depth = 0

    def walk(self, node, depth):
        if depth > self.depth:
            self.depth = depth
        if isinstance(node, list):
            return self.walk_list(node, depth)
        if isinstance(node, dict):
            return self.walk_dict(node, depth)
        self.leaves += 1
        if node is None:
            raise ValueError(depth)
        return node

    def walk_list(self, items, depth):
        total = 0
        for item in items:
            total += self.walk(item, depth + 1)
        return total

    def walk_dict(self, items, depth):
        total = 0
        for key, item in items.items():
            try:
                total += len(key) * self.walk(item, depth + 1)
            except ValueError as error:
                total -= error.args[0]
        return total


def tree(n):
    if n == 0:
        return 3
    if n % 3 == 0:
        return {"a": tree(n - 1), "bb": None, "ccc": n}
    return [tree(n - 1), n, tree(n // 2)]


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def one(n, trail):
    if n <= 0:
        trail.append("one")
        return 1
    total = 0
    for _ in range(2):
        total += two(n - 1, trail)
    return total


def two(n, trail):
    if n <= 0:
        trail.append("two")
        raise KeyError(n)
    try:
        return three(n - 1, trail) + 1
    except KeyError:
        return 5
    finally:
        trail.append(n)


def three(n, trail):
    total = n
    while n > 0:
        total += one(n - 2, trail)
        n -= 1
    return total


for size in range(9):
    walker = Walker()
    node = tree(size)
    print(size, [walker.walk(node, 0) for _ in range(6)][-1], walker.leaves, walker.depth)
print([is_even(n) for n in range(30)], is_odd(301))
for size in range(1, 8):
    trail = []
    try:
        print(one(size, trail), len(trail), trail[-5:])
    except KeyError as error:
        print("KeyError", error, trail[-5:])


def bottom(n):
    return 1 // 0 if n == 0 else top(n - 1)


def top(n):
    return bottom(n) + 1


for size in (3, 11, 40):
    try:
        top(size)
    except ZeroDivisionError as error:
        lines = []
        traceback = error.__traceback__
        while traceback:
            lines.append(str(traceback.tb_lineno))
            traceback = traceback.tb_next
        print(" ".join(lines))
