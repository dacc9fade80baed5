# Stability, keys, reverse, __lt__ only, cmp of mixed numbers, errors during sort.
people = [("ann", 30), ("bob", 25), ("cid", 30), ("dan", 25), ("eve", 35)]
print(sorted(people, key=lambda p: p[1]))
print(sorted(people, key=lambda p: p[1], reverse=True))
print(sorted(people, key=lambda p: (-p[1], p[0])))
class Only:
    def __init__(self, n):
        self.n = n
    def __lt__(self, o):
        return self.n < o.n
    def __repr__(self):
        return "O%d" % self.n
print(sorted([Only(3), Only(1), Only(2)]), max(Only(3), Only(9)) if hasattr(Only, "__gt__") else 0, sorted([Only(2), Only(5)], reverse=True))
print(sorted([3, 1.5, True, 2**70, -2**70, 0.0]), sorted(["b", "B", "a"], key=str.lower), sorted([[2], [1, 2], [1]]), sorted("hello world".split(), key=len))
for f in (lambda: sorted([1, "a"]), lambda: sorted([1, 2], key=5), lambda: sorted(5), lambda: sorted([1], lambda x: x), lambda: [3, 1].sort(None), lambda: sorted([object(), object()]), lambda: sorted([1j, 2j])):
    try:
        print(f())
    except TypeError as e:
        print(e)
def key(x):
    if x == 3:
        raise ValueError("bad key")
    return x
data = [5, 3, 4]
try:
    data.sort(key=key)
except ValueError as e:
    print(e, data)
x = 12345
nums = []
for i in range(500):
    x = (x * 1103515245 + 12345) % 2**31
    nums.append(x % 100)
idx = sorted(range(500), key=lambda i: nums[i])
ok = all(nums[a] < nums[b] or (nums[a] == nums[b] and a < b) for a, b in zip(idx, idx[1:]))
print(ok, sorted(nums) == sorted(nums, reverse=True)[::-1], sorted(nums)[:10], sorted(nums, reverse=True)[:5])
rev = sorted(range(500), key=lambda i: nums[i], reverse=True)
print(all(nums[a] > nums[b] or (nums[a] == nums[b] and a < b) for a, b in zip(rev, rev[1:])))
print(min(people, key=lambda p: p[1]), max(people, key=lambda p: p[1]), min([], default="none"), max("abc", "abd"), max([1, 5, 5.0]), min(3, 1, 2, key=lambda v: -v))
print(sorted({"b": 1, "a": 2}), sorted({"b": 1, "a": 2}.items(), key=lambda kv: kv[1]), sorted((c for c in "cab"), reverse=True), sorted([]), sorted([None]), sorted([(1, None), (2, None)]))
