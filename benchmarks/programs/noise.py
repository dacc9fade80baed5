"""Gradient noise over a grid: branches that depend on the data, table look-ups, floats."""
import random
import sys
import time

FULL = 260
SMALL = 8


def make_table(seed):
    table = list(range(256))
    random.Random(seed).shuffle(table)
    return table + table


def fade(t):
    return t * t * t * (t * (t * 6.0 - 15.0) + 10.0)


def gradient(code, x, y):
    """One of eight directions, told apart by the low bits."""
    code &= 7
    if code == 0:
        return x + y
    if code == 1:
        return x - y
    if code == 2:
        return y - x
    if code == 3:
        return -x - y
    if code < 6:
        return 1.4 * x if code == 4 else -1.4 * x
    return 1.4 * y if code == 6 else -1.4 * y


def floor(x):
    whole = int(x)
    return whole - 1 if x < whole else whole


def noise(table, x, y):
    left = floor(x)
    top = floor(y)
    dx = x - left
    dy = y - top
    left &= 255
    top &= 255
    a = table[table[left] + top]
    b = table[table[left + 1] + top]
    c = table[table[left] + top + 1]
    d = table[table[left + 1] + top + 1]
    u = fade(dx)
    v = fade(dy)
    upper = gradient(a, dx, dy)
    upper += u * (gradient(b, dx - 1.0, dy) - upper)
    lower = gradient(c, dx, dy - 1.0)
    lower += u * (gradient(d, dx - 1.0, dy - 1.0) - lower)
    return upper + v * (lower - upper)


def octaves(table, x, y, count):
    total = 0.0
    strength = 1.0
    for _ in range(count):
        total += noise(table, x, y) * strength
        strength *= 0.5
        x *= 2.0
        y *= 2.0
    return total


def classify(value):
    if value < -0.35:
        return "~"
    if value < -0.05:
        return "-"
    if value < 0.25:
        return "."
    return "n" if value < 0.6 else "A"


def run(size):
    table = make_table(42)
    thin = 1 + size // 80
    rows = []
    total = 0.0
    counts = {}
    for row in range(size // 2):
        line = []
        for column in range(size):
            value = octaves(table, column * 0.11 + 3.3, row * 0.19 - 7.7, 4)
            total += value
            kind = classify(value)
            counts[kind] = counts.get(kind, 0) + 1
            line.append(kind)
        if row % thin == 0:
            rows.append("".join(line[::thin]))
    rows.append("%.10f %s" % (total, sorted(counts.items())))
    return "\n".join(rows)


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
