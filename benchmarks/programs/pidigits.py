"""Digits of pi by a spigot over ints that grow without end."""
import sys
import time

FULL = 2400
SMALL = 40


def digits():
    """Streams the digits of pi (Gibbons' unbounded spigot for the Leibniz series)."""
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    while True:
        if 4 * q + r - t < m * t:
            yield m
            q, r, m = 10 * q, 10 * (r - m * t), (10 * (3 * q + r)) // t - 10 * m
        else:
            q, r, t, k, m, x = (
                q * k,
                (2 * q + r) * x,
                t * x,
                k + 1,
                (q * (7 * k + 2) + r * x) // (t * x),
                x + 2,
            )


def machin(count):
    """The same digits by Machin's formula in fixed point."""
    one = 10 ** (count + 10)

    def arctan_inverse(n):
        power = total = one // n
        square = n * n
        k = 3
        sign = -1
        while power:
            power //= square
            total += sign * (power // k)
            sign = -sign
            k += 2
        return total

    return 4 * (4 * arctan_inverse(5) - arctan_inverse(239)) // 10 ** 10


def run(size):
    stream = digits()
    shown = "".join(str(next(stream)) for _ in range(size))
    check = str(machin(size - 1))
    lines = [shown[i:i + 50] for i in range(0, len(shown), 50)]
    lines.append("equal" if shown == check else "different")
    return "\n".join(lines)


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
