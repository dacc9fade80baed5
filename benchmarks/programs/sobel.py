"""Edge detection through an image class whose pixels are reached by methods."""
import math
import sys
import time

FULL = 220
SMALL = 14


class Image:
    def __init__(self, wide, high, data=None):
        self.wide = wide
        self.high = high
        self.data = data if data is not None else [0] * (wide * high)

    def index(self, x, y):
        if 0 <= x < self.wide and 0 <= y < self.high:
            return y * self.wide + x
        raise IndexError("pixel (%d, %d) outside" % (x, y))

    def __getitem__(self, where):
        return self.data[self.index(*where)]

    def __setitem__(self, where, value):
        self.data[self.index(*where)] = value

    def pixels(self):
        for y in range(self.high):
            for x in range(self.wide):
                yield x, y

    def clone(self):
        return Image(self.wide, self.high)


def draw(size):
    image = Image(size, size * 3 // 4)
    for x, y in image.pixels():
        dx = x - size / 2.0
        dy = y - size * 0.375
        ring = math.sqrt(dx * dx + dy * dy)
        value = 200 if ring < size / 4.0 else (x * 3 + y * 2) % 60
        image[x, y] = value
    return image


def sobel_horizontal(image, x, y):
    return (
        image[x + 1, y - 1] - image[x - 1, y - 1]
        + 2 * (image[x + 1, y] - image[x - 1, y])
        + image[x + 1, y + 1] - image[x - 1, y + 1]
    )


def sobel_vertical(image, x, y):
    return (
        image[x - 1, y + 1] - image[x - 1, y - 1]
        + 2 * (image[x, y + 1] - image[x, y - 1])
        + image[x + 1, y + 1] - image[x + 1, y - 1]
    )


def sobel(image):
    out = image.clone()
    for y in range(1, image.high - 1):
        for x in range(1, image.wide - 1):
            dx = sobel_horizontal(image, x, y)
            dy = sobel_vertical(image, x, y)
            out[x, y] = min(int(math.sqrt(dx * dx + dy * dy) / 4.0), 255)
    return out


def run(size):
    image = draw(size)
    edges = sobel(image)
    again = sobel(edges)
    histogram = [0] * 8
    for x, y in edges.pixels():
        histogram[edges[x, y] // 32] += 1
    checksum = 0
    for value in again.data:
        checksum = (checksum * 33 + value) % 1000000007
    try:
        edges[size, 0]
        message = ""
    except IndexError as error:
        message = str(error)
    return "%s\n%d\n%s" % (histogram, checksum, message)


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
