"""Matrix product on lists of lists: floats, ints, and ints past the machine word."""
import sys
import time

FULL = 140
SMALL = 10


def zeros(rows, columns):
    return [[0.0] * columns for _ in range(rows)]


def multiply(a, b):
    rows = len(a)
    inner = len(b)
    columns = len(b[0])
    out = zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            total = 0
            for k in range(inner):
                total += a[i][k] * b[k][j]
            out[i][j] = total
    return out


def multiply_rows(a, b):
    """The same over columns made once, with sum and zip."""
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def run(size):
    a = [[(i * 3 + j * 7) % 11 / 8.0 for j in range(size)] for i in range(size)]
    b = [[(i * 5 - j * 2) % 13 / 4.0 for j in range(size)] for i in range(size)]
    product = multiply(a, b)
    trace = 0.0
    for i in range(size):
        trace += product[i][i]
    ints = [[(i * j + i) % 17 - 8 for j in range(size // 2)] for i in range(size // 2)]
    square = multiply_rows(ints, ints)
    power = [[1, 1, 2], [3, 5, 8], [13, 21, 34]]
    for _ in range(5):
        power = multiply(power, power)
    return "%r %r\n%r\n%r\n%r" % (trace, product[1][size // 2], square[0], square[-1][:5], power[0])


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
