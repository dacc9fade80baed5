# Programs of a few kinds of work at once, driven by a generator of pseudo-random numbers.
class Rng:
    def __init__(self, seed): self.s = seed
    def next(self, n):
        self.s = (self.s * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        return (self.s >> 33) % n
class Account:
    total = 0
    def __init__(self, name): self.name, self.balance, self.log = name, 0, []
    def deposit(self, v):
        if v <= 0: raise ValueError("deposit %d" % v)
        self.balance += v
        Account.total += v
        self.log.append(v)
    def withdraw(self, v):
        if v > self.balance: raise LookupError(self.name)
        self.balance -= v
        Account.total -= v
class Savings(Account):
    rate = 0.5
    def deposit(self, v):
        super().deposit(v + int(v * self.rate))
def bank(n):
    r = Rng(42)
    accounts = [Account("a"), Savings("b"), Account("c"), Savings("d")]
    errors = {}
    for i in range(n):
        acc = accounts[r.next(4)]
        try:
            if r.next(2): acc.deposit(r.next(100) - 5)
            else: acc.withdraw(r.next(120))
        except (ValueError, LookupError) as e:
            k = type(e).__name__
            errors[k] = errors.get(k, 0) + 1
        if i == n // 2: Savings.rate = 2
    return [a.balance for a in accounts], Account.total, sorted(errors.items()), [len(a.log) for a in accounts]
def walk(n):
    r = Rng(7)
    x = y = 0
    seen = set()
    for _ in range(n):
        d = r.next(4)
        if d == 0: x += 1
        elif d == 1: x -= 1
        elif d == 2: y += 1
        else: y -= 1
        seen.add((x, y))
    return x, y, len(seen)
def text(n):
    r = Rng(99)
    words = ["alpha", "beta", "gamma", "delta"]
    out, counts = [], {}
    for _ in range(n):
        w = words[r.next(4)]
        w = w.upper() if r.next(5) == 0 else w[r.next(3):]
        counts[w] = counts.get(w, 0) + 1
        out.append(w)
    return len(" ".join(out)), sorted(counts.items())
def tree(n):
    r = Rng(3)
    root = None
    def insert(node, v):
        if node is None: return [v, None, None, 1]
        if v == node[0]: node[3] += 1
        elif v < node[0]: node[1] = insert(node[1], v)
        else: node[2] = insert(node[2], v)
        return node
    def walk(node):
        if node:
            yield from walk(node[1])
            yield node[0], node[3]
            yield from walk(node[2])
    for _ in range(n): root = insert(root, r.next(60))
    return sum(v * c for v, c in walk(root)), [v for v, c in walk(root)][:6]
def evaluate(n):
    r = Rng(1)
    def expr(d):
        k = r.next(5) if d else 0
        if k == 0: return r.next(10)
        if k == 1: return ("neg", expr(d - 1))
        return (("+", "-", "*")[k - 2], expr(d - 1), expr(d - 1))
    def ev(e):
        if not isinstance(e, tuple): return e
        if e[0] == "neg": return -ev(e[1])
        a, b = ev(e[1]), ev(e[2])
        return a + b if e[0] == "+" else a - b if e[0] == "-" else a * b
    return [ev(expr(6)) for _ in range(n // 50)]
def queue(n):
    r = Rng(5)
    q, t, served = [], 0, 0
    for i in range(n):
        if r.next(3): q.append(i)
        if q and r.next(2):
            t += i - q.pop(0)
            served += 1
    return t, served, len(q)
for f in (bank, walk, text, tree, evaluate, queue): print(f.__name__, f(2000))
