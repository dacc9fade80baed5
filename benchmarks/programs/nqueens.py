"""Queens that do not attack each other: by sets and generators, and by bit masks."""
import sys
import time

FULL = 10
SMALL = 5


def place(size, row, columns, rising, falling, board):
    """Yields each full board; `columns`, `rising`, `falling` are the taken lines."""
    if row == size:
        yield tuple(board)
        return
    for column in range(size):
        up = row + column
        down = row - column
        if column in columns or up in rising or down in falling:
            continue
        columns.add(column)
        rising.add(up)
        falling.add(down)
        board.append(column)
        for solution in place(size, row + 1, columns, rising, falling, board):
            yield solution
        board.pop()
        columns.remove(column)
        rising.remove(up)
        falling.remove(down)


def count_masks(full, columns, left, right):
    if columns == full:
        return 1
    found = 0
    free = full & ~(columns | left | right)
    while free:
        bit = free & -free
        free ^= bit
        found += count_masks(full, columns | bit, (left | bit) << 1 & full, (right | bit) >> 1)
    return found


def run(size):
    boards = list(place(size, 0, set(), set(), set(), []))
    checksum = 0
    for board in boards:
        for row, column in enumerate(board):
            checksum = (checksum * 31 + row * column) % 1000003
    masks = [count_masks((1 << n) - 1, 0, 0, 0) for n in range(1, size + 2)]
    return "%d %d\n%s\n%s" % (len(boards), checksum, boards[0], masks)


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
