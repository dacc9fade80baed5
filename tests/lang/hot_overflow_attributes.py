# Attributes that do not fit in an instance's own slots: added late, in loops, to instances that are there already.


class Bag:
    pass


def fill(bag, n):
    for i in range(n):
        bag.a = i
        bag.b = i + 1
        bag.c = bag.a + bag.b
        bag.d = [i]
        bag.e = bag.d[0] * 0.5
        bag.f = str(i)
        bag.g = bag.e + len(bag.f)
        bag.h = bag
    return bag.c, bag.d, bag.e, bag.f, bag.g, bag.h is bag


early = [Bag() for _ in range(3)]
for bag in early:
    print(fill(bag, 1500))
print(fill(Bag(), 1500))


def rotate(bags, n):
    for i in range(n):
        bag = bags[i % len(bags)]
        bag.a, bag.h, bag.f = bag.f, bag.a, (bag.h, i)
        bag.f = i
    return [(b.a, b.h, b.f) for b in bags]


print(rotate(early, 1500))
for bag in early:
    del bag.g
    bag.g = "again"
    for i in range(1200):
        bag.g = bag.g[1:] + "x"
    print(bag.g, sorted(vars(bag)))
