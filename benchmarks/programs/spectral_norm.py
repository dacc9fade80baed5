"""Power method on an endless matrix given by a formula: int to float in inner loops."""
import math
import sys
import time

FULL = 190
SMALL = 12


def entry(row, column):
    diagonal = row + column
    return 1.0 / (diagonal * (diagonal + 1) // 2 + row + 1)


def times(vector):
    size = len(vector)
    out = []
    for row in range(size):
        total = 0.0
        for column in range(size):
            total += entry(row, column) * vector[column]
        out.append(total)
    return out


def times_transposed(vector):
    size = len(vector)
    out = []
    for row in range(size):
        total = 0.0
        for column in range(size):
            total += entry(column, row) * vector[column]
        out.append(total)
    return out


def dot(left, right):
    total = 0.0
    for a, b in zip(left, right):
        total += a * b
    return total


def run(size):
    u = [1.0] * size
    v = u
    for _ in range(8):
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    return "%.9f" % math.sqrt(dot(u, v) / dot(v, v))


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
