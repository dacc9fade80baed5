# The itertools module.
from itertools import *
import itertools
print(list(islice(count(), 3)), list(islice(count(5, -2), 3)), list(islice(count(0.5), 2)), list(islice(cycle("ab"), 5)), list(repeat(7, 3)), list(islice(repeat("x"), 2)), list(islice(cycle([]), 3)))
print(list(accumulate([1, 2, 3, 4])), list(accumulate([1, 2, 3], lambda a, b: a * b)), list(accumulate([1, 2], initial=10)), list(accumulate([])), list(chain("ab", [1])), list(chain.from_iterable([[1], "x", ()])), list(compress("abcd", [1, 0, 1, 0])))
print(list(dropwhile(lambda x: x < 3, [1, 3, 2])), list(takewhile(lambda x: x < 3, [1, 3, 2])), list(filterfalse(lambda x: x % 2, range(5))), [(k, list(g)) for k, g in groupby("aabbba")], [(k, len(list(g))) for k, g in groupby([1, 3, 2, 4, 5], lambda x: x % 2)])
print(list(islice(range(10), 2, 8, 3)), list(islice("abc", None)), list(islice(range(5), 3, None)), list(islice([], 2)), list(starmap(lambda a, b: a * b, [(1, 2), (3, 4)])), list(zip_longest([1, 2], "a", fillvalue="-")), list(zip_longest()), list(pairwise("abcd")))
print(list(product("ab", [1, 2])), list(product(range(2), repeat=2)), list(product()), list(product([], [1])), list(permutations("abc", 2)), list(permutations([1, 2])), len(list(permutations(range(5)))), list(permutations([], 1)))
print(list(combinations("abcd", 2)), list(combinations([1, 2], 3)), list(combinations([1], 0)), list(combinations_with_replacement("ab", 2)))
a, b = tee([1, 2, 3])
print(next(a), list(b), list(a), len(tee([1], 3)))
print(list(batched("abcde", 2)))
for f in (lambda: islice([], -1), lambda: permutations([1], -1), lambda: combinations([1], -1), lambda: chain(5).__next__(), lambda: list(starmap(max, [5])), lambda: cycle(5), lambda: repeat(), lambda: count("a"), lambda: batched("a", 0), lambda: next(repeat(1, 0))):
    try:
        print(f())
    except (ValueError, TypeError, StopIteration) as e:
        print(type(e).__name__)
g = groupby([1, 1, 2])
k1, g1 = next(g)
k2, g2 = next(g)
print(k1, list(g1), k2, list(g2), repr(count(3)), repr(repeat(1, 2)), type(chain()).__name__, iter(count()) is not None)
print(sum(islice(count(), 1000)), next(dropwhile(lambda x: x < 500, count())), list(map(lambda a, b: a + b, count(), [1, 2])))
