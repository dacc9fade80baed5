"""The chaos game: jump part of the way to a random corner, over point objects."""
import math
import random
import sys
import time

FULL = 250000
SMALL = 600
WIDE = 64
HIGH = 32


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def toward(self, other, part):
        return Point(self.x + (other.x - self.x) * part, self.y + (other.y - self.y) * part)


class Canvas:
    def __init__(self, wide, high):
        self.wide = wide
        self.high = high
        self.cells = [[0] * wide for _ in range(high)]

    def add(self, point):
        column = int((point.x + 1.0) * 0.5 * self.wide)
        row = int((point.y + 1.0) * 0.5 * self.high)
        if 0 <= column < self.wide and 0 <= row < self.high:
            self.cells[row][column] += 1

    def text(self):
        marks = " .:+#@"
        peak = max(max(row) for row in self.cells)
        return "\n".join(
            "".join(marks[(5 * cell + peak - 1) // peak] for cell in row).rstrip() for row in self.cells
        )


def corners(count):
    out = []
    for i in range(count):
        angle = 2.0 * math.pi * i / count - math.pi / 2.0
        out.append(Point(math.cos(angle), math.sin(angle)))
    return out


def play(steps, count, part, canvas, dice):
    targets = corners(count)
    here = Point(0.0, 0.0)
    last = 0
    for _ in range(steps):
        turn = int(dice.random() * (count - 1))
        last = (last + turn) % count
        here = here.toward(targets[last], part)
        canvas.add(here)
    return here


def run(size):
    dice = random.Random(2718)
    canvas = Canvas(WIDE, HIGH)
    end = play(size, 5, 0.55, canvas, dice)
    other = Canvas(WIDE, HIGH)
    play(size // 2, 3, 0.5, other, dice)
    filled = sum(1 for row in other.cells for cell in row if cell)
    return "%s\n%.12f %.12f %d" % (canvas.text(), end.x, end.y, filled)


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
