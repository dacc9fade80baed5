"""Exceptions raised and caught in hot loops, through calls, finally and with."""
import sys
import time

FULL = 120000
SMALL = 250


class Odd(Exception):
    def __init__(self, number):
        super().__init__("odd %d" % number)
        self.number = number


class Multiple(Odd):
    pass


def check(number):
    if number % 15 == 0:
        raise Multiple(number)
    if number % 2:
        raise Odd(number)
    return number


def middle(number):
    try:
        return check(number)
    finally:
        middle.calls += 1


middle.calls = 0


class Guarded:
    """A context manager that swallows KeyError only."""

    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log[0] += 1
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            return False
        self.log[1] += 1
        return issubclass(kind, KeyError)


def through_calls(count):
    good = odd = multiple = 0
    for i in range(count):
        try:
            good += middle(i)
        except Multiple as error:
            multiple += error.number
        except Odd as error:
            odd += error.number
        else:
            good += 1
    return good, odd, multiple


def by_missing_keys(count):
    table = {n: n * n for n in range(0, 100, 3)}
    missing = total = 0
    for i in range(count):
        try:
            total += table[i % 100]
        except KeyError:
            missing += 1
    return total, missing


def by_parsing(count):
    words = ["12", "x7", "-3", "", "1e5", "40"]
    total = errors = 0
    for i in range(count):
        try:
            total += int(words[i % 6])
        except (ValueError, TypeError):
            errors += 1
    return total, errors


def with_managers(count):
    log = [0, 0, 0]
    data = {"a": 1}
    for i in range(count):
        try:
            with Guarded(log):
                if i % 3 == 0:
                    data["b"]
                elif i % 5 == 0:
                    [][i]
                log[2] += data["a"]
        except IndexError:
            log[2] += 100
    return log


def nested_finally(count):
    trail = 0
    for i in range(count):
        for j in range(3):
            try:
                if j == i % 3:
                    break
                if i % 4 == 3:
                    continue
                trail += 1
            finally:
                trail = (trail * 7 + j) % 9973
    return trail


def chained(count):
    depth = 0
    for i in range(count):
        try:
            try:
                1 // (i & 1)
            except ZeroDivisionError as error:
                raise ValueError(i) from error
        except ValueError as error:
            depth += 1 if isinstance(error.__cause__, ZeroDivisionError) else 100
    return depth


def run(size):
    middle.calls = 0
    parts = [
        through_calls(size),
        by_missing_keys(size),
        by_parsing(size),
        with_managers(size // 2),
        nested_finally(size // 2),
        chained(size // 2),
        middle.calls,
    ]
    return "\n".join(str(part) for part in parts)


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
