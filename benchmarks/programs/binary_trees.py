"""Many short-lived binary trees beside one that stays: allocation and the collector."""
import sys
import time

FULL = 14
SMALL = 6


class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        if self.left is None:
            return 1
        return 1 + self.left.count() + self.right.count()


def grow(depth):
    if depth == 0:
        return Node(None, None)
    return Node(grow(depth - 1), grow(depth - 1))


def grow_tuples(depth):
    return (grow_tuples(depth - 1), grow_tuples(depth - 1)) if depth else ()


def count_tuples(tree):
    return 1 + count_tuples(tree[0]) + count_tuples(tree[1]) if tree else 1


def run(size):
    lines = ["stretch %d" % grow(size + 1).count()]
    kept = grow(size)
    for depth in range(4, size + 1, 3):
        repeat = 1 << (size - depth)
        total = 0
        for _ in range(repeat):
            total += grow(depth).count()
        lines.append("%d trees of depth %d: %d" % (repeat, depth, total))
    lines.append("tuples %d" % count_tuples(grow_tuples(size)))
    lines.append("kept %d" % kept.count())
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
