"""Generators feeding generators: filters, windows, zips, trees and yield from."""
import itertools
import sys
import time

FULL = 160000
SMALL = 250


def numbers(limit):
    value = 1
    for _ in range(limit):
        value = (value * 1103515245 + 12345) % 2147483648
        yield value >> 8


def only(test, source):
    for item in source:
        if test(item):
            yield item


def apply(function, source):
    for item in source:
        yield function(item)


def windows(source, width):
    window = []
    for item in source:
        window.append(item)
        if len(window) == width:
            yield tuple(window)
            del window[0]


def chain_all(*sources):
    for source in sources:
        yield from source


def walk(low, high):
    """In-order walk of an imagined balanced tree."""
    if low < high:
        middle = (low + high) // 2
        yield from walk(low, middle)
        yield middle
        yield from walk(middle + 1, high)


def running_mean():
    """A consumer driven by send; returns how many values it saw."""
    total = 0.0
    count = 0
    mean = None
    while True:
        value = yield mean
        if value is None:
            return count
        total += value
        count += 1
        mean = total / count


def run(size):
    stream = apply(lambda n: n * 3 + 1, only(lambda n: n % 3 != 0, numbers(size)))
    peaks = 0
    highest = 0
    for left, middle, right in windows(stream, 3):
        if left < middle > right:
            peaks += 1
            highest = max(highest, middle)
    tree = sum(i * n for i, n in enumerate(walk(0, size // 4)))
    mean = running_mean()
    next(mean)
    last = 0.0
    for n in chain_all(range(size // 2), numbers(size // 4)):
        last = mean.send(n)
    try:
        mean.send(None)
        seen = -1
    except StopIteration as stop:
        seen = stop.value
    pairs = sum(a ^ b for a, b in zip(itertools.count(3, 2), itertools.islice(numbers(size), 5, None, 3)))
    return "%d %d %d\n%.6f %d %d" % (peaks, highest, tree, last, seen, pairs)


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
