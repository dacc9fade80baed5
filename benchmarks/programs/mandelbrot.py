"""The Mandelbrot set, once with plain floats and once with complex numbers."""
import sys
import time

FULL = 360
SMALL = 16
LIMIT = 60


def escape_floats(cx, cy):
    x = y = 0.0
    for step in range(LIMIT):
        xx = x * x
        yy = y * y
        if xx + yy > 4.0:
            return step
        y = 2.0 * x * y + cy
        x = xx - yy + cx
    return LIMIT


def escape_complex(c):
    z = 0j
    for step in range(LIMIT):
        if z.real * z.real + z.imag * z.imag > 4.0:
            return step
        z = z * z + c
    return LIMIT


def run(size):
    shades = " .:-=+*#%@"
    thin = 1 + size // 80
    rows = []
    total = 0
    for row in range(size // 2):
        cy = 2.4 * row / (size // 2) - 1.2
        line = []
        for column in range(size):
            cx = 3.0 * column / size - 2.2
            steps = escape_floats(cx, cy)
            total += steps
            line.append(shades[steps * 9 // LIMIT])
        if row % thin == 0:
            rows.append("".join(line[::thin]).rstrip())
    in_complex = 0
    for row in range(0, size // 2, 3):
        cy = 2.4 * row / (size // 2) - 1.2
        for column in range(size):
            in_complex += escape_complex(complex(3.0 * column / size - 2.2, cy))
    rows.append("%d %d" % (total, in_complex))
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
