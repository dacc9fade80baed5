"""Pancake flips over all permutations of n: small int lists, reversed slices, swaps."""
import sys
import time

FULL = 9
SMALL = 6


def count_flips(order):
    """How often the first k are turned over until the first one is 0."""
    stack = order[:]
    flips = 0
    top = stack[0]
    while top:
        low = 0
        high = top
        while low < high:
            stack[low], stack[high] = stack[high], stack[low]
            low += 1
            high -= 1
        flips += 1
        top = stack[0]
    return flips


def next_order(order, turns):
    """The following permutation by rotating prefixes, or False after the last."""
    n = len(order)
    for width in range(1, n):
        first = order[0]
        for i in range(width):
            order[i] = order[i + 1]
        order[width] = first
        turns[width] += 1
        if turns[width] <= width:
            return True
        turns[width] = 0
    return False


def run(size):
    order = list(range(size))
    turns = [0] * size
    best = 0
    checksum = 0
    sign = 1
    more = True
    while more:
        flips = count_flips(order)
        if flips > best:
            best = flips
        checksum += sign * flips
        sign = -sign
        more = next_order(order, turns)
    return "%d\nflips(%d) = %d" % (checksum, size, best)


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
