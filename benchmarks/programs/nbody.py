"""Planets pulling at each other: nested loops over lists of floats."""
import math
import sys
import time

FULL = 40000
SMALL = 60

# Distance from the sun, mass, and angle at the start of each planet.
PLANETS = (
    (0.39, 1.7e-7, 0.3),
    (1.00, 3.0e-6, 1.9),
    (5.20, 9.5e-4, 4.0),
    (9.58, 2.9e-4, 5.2),
)
GRAVITY = 4.0 * math.pi * math.pi


def build():
    """Each body is [x, y, z, vx, vy, vz, mass]; planets start on circles."""
    bodies = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]
    for radius, mass, angle in PLANETS:
        speed = math.sqrt(GRAVITY / radius)
        c = math.cos(angle)
        s = math.sin(angle)
        tilt = 0.05 * radius
        bodies.append([radius * c, radius * s, tilt, -speed * s, speed * c, 0.0, mass])
    drift = [0.0, 0.0, 0.0]
    for body in bodies:
        for axis in range(3):
            drift[axis] += body[3 + axis] * body[6]
    for axis in range(3):
        bodies[0][3 + axis] -= drift[axis]
    return bodies


def all_pairs(bodies):
    return [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]


def advance(bodies, pairs, dt, steps):
    for _ in range(steps):
        for a, b in pairs:
            dx = a[0] - b[0]
            dy = a[1] - b[1]
            dz = a[2] - b[2]
            square = dx * dx + dy * dy + dz * dz
            pull = GRAVITY * dt / (square * math.sqrt(square))
            pull_a = pull * b[6]
            pull_b = pull * a[6]
            a[3] -= dx * pull_a
            a[4] -= dy * pull_a
            a[5] -= dz * pull_a
            b[3] += dx * pull_b
            b[4] += dy * pull_b
            b[5] += dz * pull_b
        for body in bodies:
            body[0] += dt * body[3]
            body[1] += dt * body[4]
            body[2] += dt * body[5]


def energy(bodies, pairs):
    total = 0.0
    for _, _, _, vx, vy, vz, mass in bodies:
        total += 0.5 * mass * (vx * vx + vy * vy + vz * vz)
    for a, b in pairs:
        dx = a[0] - b[0]
        dy = a[1] - b[1]
        dz = a[2] - b[2]
        total -= GRAVITY * a[6] * b[6] / math.sqrt(dx * dx + dy * dy + dz * dz)
    return total


def run(size):
    bodies = build()
    pairs = all_pairs(bodies)
    before = energy(bodies, pairs)
    advance(bodies, pairs, 0.001, size)
    after = energy(bodies, pairs)
    return "%.12f\n%.12f\n%.9f" % (before, after, bodies[2][0])


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
