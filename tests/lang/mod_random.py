# The random module gives CPython's sequence for a seed.
import random
random.seed(42)
print(random.random(), random.randint(1, 100), random.randrange(10), random.randrange(5, 50, 5), random.choice("abcdef"), random.uniform(1, 2), random.getrandbits(32), random.getrandbits(70), random.getrandbits(3))
l = list(range(10))
random.shuffle(l)
print(l, random.sample(range(100), 5), random.sample("abcdefghij", 3), random.choices([1, 2, 3], k=4), random.choices("ab", weights=[9, 1], k=5))
r = random.Random(7)
print([r.random() for _ in range(3)], [r.randrange(1000) for _ in range(5)], r.gauss(0, 1), r.gauss(5, 2), r.normalvariate(0, 1), r.expovariate(2), r.triangular(0, 1), r.betavariate(2, 3))
for seed in (0, 1, 2**70, "text", b"bytes", 1.5, 123456789):
    r = random.Random(seed)
    print(repr(seed), r.random(), r.getrandbits(40), r.randrange(10**12))
random.seed(3)
a = [random.random() for _ in range(700)]
random.seed(3)
print(a == [random.random() for _ in range(700)], sum(x < 0.5 for x in a), a[-1])
s = random.getstate()
x = random.random()
random.setstate(s)
print(x == random.random())
for f in (lambda: random.randrange(0), lambda: random.choice([]), lambda: random.randint(2, 1), lambda: random.sample([1], 2), lambda: random.sample(5, 1)):
    try:
        print(f())
    except (ValueError, IndexError, TypeError) as e:
        print(type(e).__name__)
