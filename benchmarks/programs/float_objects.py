"""Points with float attributes, made, turned to unit length and compared."""
import math
import sys
import time

FULL = 150000
SMALL = 300


class Point(object):
    def __init__(self, i):
        self.x = x = math.sin(i)
        self.y = math.cos(i) * 3.0
        self.z = (x * x) / 2.0

    def norm(self):
        return math.sqrt(self.x * self.x + self.y * self.y + self.z * self.z)

    def normalize(self):
        scale = 1.0 / self.norm()
        self.x *= scale
        self.y *= scale
        self.z *= scale

    def widen(self, other):
        if other.x > self.x:
            self.x = other.x
        if other.y > self.y:
            self.y = other.y
        if other.z > self.z:
            self.z = other.z
        return self

    def __repr__(self):
        return "<%.9f, %.9f, %.9f>" % (self.x, self.y, self.z)


def widest(points):
    result = points[0]
    for point in points[1:]:
        result = result.widen(point)
    return result


def settle(points, rounds):
    """Moves every point a little toward its neighbour."""
    for _ in range(rounds):
        previous = points[-1]
        for point in points:
            point.x += (previous.x - point.x) * 0.125
            point.y += (previous.y - point.y) * 0.25
            point.z -= (previous.z - point.z) * 0.0625
            previous = point


def run(size):
    points = [Point(i) for i in range(size)]
    for point in points:
        point.normalize()
    settle(points, 3)
    last = points[-1].norm()
    return "%s\n%.12f" % (widest(points), last)


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
