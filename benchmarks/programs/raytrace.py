"""Spheres and a floor by ray casting: many small float objects, inheritance, operators."""
import math
import sys
import time

FULL = 160
SMALL = 8
FAR = 1e9


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def __neg__(self):
        return Vector(-self.x, -self.y, -self.z)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def length(self):
        return math.sqrt(self.dot(self))

    def unit(self):
        return self * (1.0 / self.length())

    def mirror(self, normal):
        return self - normal * (2.0 * self.dot(normal))


class Ray:
    def __init__(self, origin, direction):
        self.origin = origin
        self.direction = direction.unit()

    def at(self, distance):
        return self.origin + self.direction * distance


class Surface:
    """What all shapes share: a brightness, and how much it mirrors."""

    def __init__(self, shade, gloss):
        self.shade = shade
        self.gloss = gloss

    def hit(self, ray):
        raise NotImplementedError

    def normal(self, point):
        raise NotImplementedError

    def shade_at(self, point):
        return self.shade


class Sphere(Surface):
    def __init__(self, center, radius, shade, gloss):
        super().__init__(shade, gloss)
        self.center = center
        self.radius = radius

    def hit(self, ray):
        offset = ray.origin - self.center
        half = offset.dot(ray.direction)
        inside = half * half - offset.dot(offset) + self.radius * self.radius
        if inside < 0.0:
            return None
        root = math.sqrt(inside)
        for distance in (-half - root, -half + root):
            if distance > 1e-6:
                return distance
        return None

    def normal(self, point):
        return (point - self.center).unit()


class Floor(Surface):
    def __init__(self, height, shade, gloss):
        super().__init__(shade, gloss)
        self.height = height

    def hit(self, ray):
        slope = ray.direction.y
        if -1e-9 < slope < 1e-9:
            return None
        distance = (self.height - ray.origin.y) / slope
        return distance if 1e-6 < distance < FAR else None

    def normal(self, point):
        return Vector(0.0, 1.0, 0.0)

    def shade_at(self, point):
        odd = (math.floor(point.x) + math.floor(point.z)) % 2
        return self.shade if odd else self.shade * 0.4


class Scene:
    def __init__(self, shapes, light):
        self.shapes = shapes
        self.light = light

    def nearest(self, ray):
        best = None
        best_distance = FAR
        for shape in self.shapes:
            distance = shape.hit(ray)
            if distance is not None and distance < best_distance:
                best = shape
                best_distance = distance
        return best, best_distance

    def color(self, ray, depth):
        shape, distance = self.nearest(ray)
        if shape is None:
            return 0.2 + 0.3 * max(ray.direction.y, 0.0)
        point = ray.at(distance)
        normal = shape.normal(point)
        to_light = (self.light - point).unit()
        bright = max(normal.dot(to_light), 0.0)
        if bright > 0.0 and self.nearest(Ray(point, to_light))[0] is not None:
            bright *= 0.3
        result = shape.shade_at(point) * (0.15 + 0.85 * bright)
        if shape.gloss > 0.0 and depth > 0:
            reflected = Ray(point, ray.direction.mirror(normal))
            result += shape.gloss * self.color(reflected, depth - 1)
        return result


def build():
    shapes = [Floor(-1.0, 0.8, 0.1)]
    for i in range(4):
        angle = i * math.pi / 2.0 + 0.4
        center = Vector(2.2 * math.cos(angle), -0.2, 6.0 + 2.2 * math.sin(angle))
        shapes.append(Sphere(center, 0.8, 0.3 + 0.15 * i, 0.2))
    shapes.append(Sphere(Vector(0.0, 0.6, 6.0), 1.2, 0.5, 0.5))
    return Scene(shapes, Vector(-6.0, 9.0, -3.0))


def run(size):
    scene = build()
    shades = " .,:;!ox%#@"
    eye = Vector(0.0, 0.5, -1.0)
    thin = 1 + size // 80
    rows = []
    total = 0.0
    for row in range(size // 2):
        line = ""
        for column in range(size):
            x = 2.0 * column / size - 1.0
            y = 0.9 - 2.0 * row / (size // 2)
            value = scene.color(Ray(eye, Vector(x, y, 1.6)), 2)
            total += value
            line += shades[min(int(value * 10.0), 10)]
        if row % thin == 0:
            rows.append(line[::thin].rstrip())
    rows.append("%.9f" % total)
    return "\n".join(rows)


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
