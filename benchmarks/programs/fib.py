"""Recursive Fibonacci: calls and nothing else; as function, method and closure."""
import sys
import time

FULL = 26
SMALL = 11


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


class Fibber:
    def __init__(self):
        self.calls = 0

    def fib(self, n):
        self.calls += 1
        return n if n < 2 else self.fib(n - 1) + self.fib(n - 2)


def make_fib():
    def inner(n, one=1.0):
        return one * n if n < 2 else inner(n - 1) + inner(n - 2)

    return inner


def run(size):
    fibber = Fibber()
    results = [fib(n) for n in range(size)]
    results.append(fib(size + 2))
    results.append(fibber.fib(size))
    results.append(make_fib()(size))
    return "%s\n%d" % (results, fibber.calls)


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
