"""Functions that make functions: cells, nonlocal, decorators, composition."""
import sys
import time

FULL = 400000
SMALL = 300


def make_counter(start, step=1):
    value = start

    def bump(by=1):
        nonlocal value
        value += step * by
        return value

    def read():
        return value

    return bump, read


def compose(*functions):
    def composed(x):
        for function in functions:
            x = function(x)
        return x

    return composed


def adder(n):
    return lambda x: x + n


def curry(function):
    return lambda a: lambda b: lambda c: function(a, b, c)


def remember(function):
    seen = {}
    hits = 0

    def wrapper(*args):
        nonlocal hits
        if args in seen:
            hits += 1
            return seen[args]
        seen[args] = result = function(*args)
        return result

    def report():
        return len(seen), hits

    wrapper.report = report
    return wrapper


@remember
def paths(right, down):
    return 1 if right == 0 or down == 0 else paths(right - 1, down) + paths(right, down - 1)


def pipeline(size):
    steps = [adder(i) for i in range(4)] + [lambda x, k=k: x * k % 1009 for k in (3, 5)]
    turn = compose(*steps)
    value = 1
    for _ in range(size // 4):
        value = turn(value)
    return value


def church(n):
    """The number n as a function that applies its argument n times."""
    def number(f):
        def applied(x):
            for _ in range(n):
                x = f(x)
            return x
        return applied
    return number


def run(size):
    bump, read = make_counter(10, 3)
    for i in range(size):
        bump(i & 3)
    total = 0
    volume = curry(lambda a, b, c: a * b + c)
    for i in range(size // 8):
        total += volume(i)(i + 1)(i + 2)
    twelve = church(3)(church(4)(lambda x: x + 1))(0)
    big = church(size)(lambda x: (x * 5 + 1) % 65521)(1)
    answers = [paths(12, 12), paths(9, 20)]
    known, hits = paths.report()
    return "%d %d %d\n%d %d\n%s %d %s" % (read(), total, pipeline(size), twelve, big, answers, known, hits > 0)


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
