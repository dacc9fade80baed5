"""Formats ints, floats and strings with %, format and f-strings in a loop."""
import sys
import time

FULL = 120000
SMALL = 200


def with_percent(count):
    size = 0
    for i in range(count):
        size += len("%d %d" % (i, i))
        size += len("%05d|%-8s|%x" % (i, "ab", i))
    return size


def with_strings(count):
    size = 0
    text = ""
    for i in range(count):
        text = f"{i}:{i * 0.5:.2f} {'v' * (i % 5):>6}"
        size += len(text)
    return size, text


def with_method(count):
    size = 0
    text = ""
    for i in range(count):
        text = "{0:,} {1:>8.3e} {name!r}".format(i * 1001, i / 7.0, name="n")
        size += len(text)
    return size, text


def run(size):
    rows = []
    for i in range(3):
        rows.append("%3d%% %6.2f %+d %s %r" % (i * 50, i / 3.0, i - 1, [i], "q%d" % i))
    rows.append(str(with_percent(size)))
    rows.append("%d %s" % with_strings(size))
    rows.append("%d %s" % with_method(size))
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
