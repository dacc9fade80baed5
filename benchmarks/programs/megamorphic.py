"""One attribute site, one method site and one operator site, seen by sixteen classes."""
import sys
import time

FULL = 40000
SMALL = 40


class Base:
    factor = 1

    def __init__(self, value):
        self.value = value

    def area(self):
        return self.value * self.factor

    def __add__(self, other):
        return self.value + other.value


def make_class(number):
    """A class of its own layout: some attributes come before `value`, some methods differ."""

    def init(self, value):
        for i in range(number % 5):
            setattr(self, "pad%d_%d" % (number, i), i)
        self.value = value

    def area_doubled(self):
        return self.value * 2 + number

    def area_inherited(self):
        return super(made, self).area() - 1

    members = {"__init__": init, "factor": number}
    if number % 3 == 0:
        members["area"] = area_doubled
    elif number % 3 == 1:
        members["area"] = area_inherited
    if number % 4 == 2:
        members["value"] = property(lambda self: self.hidden + 1, lambda self, v: setattr(self, "hidden", v))
    made = type("Shape%d" % number, (Base,), members)
    return made


CLASSES = [make_class(n) for n in range(16)]


def total_values(shapes):
    total = 0
    for shape in shapes:
        total += shape.value
    return total


def total_areas(shapes):
    total = 0
    for shape in shapes:
        total += shape.area()
    return total


def total_pairs(shapes):
    total = 0
    previous = shapes[0]
    for shape in shapes:
        total += previous + shape
        previous = shape
    return total


def describe(items):
    """A site that sees ints, floats, strings, lists and tuples."""
    size = 0
    for item in items:
        if isinstance(item, (int, float)):
            size += int(item * 2)
        else:
            size += len(item + item)
    return size


def run(size):
    shapes = [CLASSES[i * 7 % 16](i) for i in range(size)]
    mixed = [(i, i / 2.0, "x" * (i % 4), [i], (i, i))[i % 5] for i in range(size)]
    rounds = 6
    values = areas = pairs = sizes = 0
    for _ in range(rounds):
        values += total_values(shapes)
        areas += total_areas(shapes)
        pairs += total_pairs(shapes)
        sizes += describe(mixed)
    names = " ".join(type(shape).__name__ for shape in shapes[:6])
    return "%d %d %d %d\n%s" % (values, areas, pairs, sizes, names)


def main(argv):
    """Runs `run` N times and prints its result; with --bench each time goes to stderr."""
    options = [arg for arg in argv[1:] if arg.startswith("--")]
    counts = [arg for arg in argv[1:] if not arg.startswith("--")]
    size = SMALL if "--small" in options else FULL
    bench = "--bench" in options
    result = None
    for _ in range(int(counts[0]) if counts else 1):
        start = time.process_time()
        again = run(size)
        elapsed = time.process_time() - start
        if result is not None and again != result:
            raise AssertionError("run() is not repeatable")
        result = again
        if bench:
            sys.stderr.write("%.6f\n" % elapsed)
    print(result)


if __name__ == "__main__":
    main(sys.argv)
