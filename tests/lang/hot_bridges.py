# Guards that fail with every frequency, bridges from bridges, loops whose paths take turns.
def two(n):
    a = b = 0
    for i in range(n):
        if i % 2: a += i
        else: b -= i
    return a, b
def eight(n):
    c = [0] * 8
    for i in range(n):
        k = (i * 5 + i // 3) % 8
        if k & 1:
            if k & 2:
                if k & 4: c[7] += i
                else: c[3] += 1
            elif k & 4: c[5] += 2
            else: c[1] += 3
        elif k & 2:
            c[6 if k & 4 else 2] += 5
        else:
            c[4 if k & 4 else 0] -= 7
    return c
def rare(n, every):
    s = 0
    for i in range(n):
        if i % every == every - 1: s += 1000000
        s += 1
    return s
def phases(n):
    s = 0
    for i in range(n):
        if i < n // 4: s += 1
        elif i < n // 2: s += 0.5
        elif i < n * 3 // 4: s += 2**62
        else: s -= 1
    return s
def typed(n):
    s = 0
    for i in range(n):
        v = i if i % 3 == 0 else i / 2 if i % 3 == 1 else i % 2 == 0
        s = s + v if i % 4 else s - v
        if i % 50 == 49: s = int(s)
    return s
def called(n):
    def f(x):
        if x % 5 == 0: return x
        if x % 3 == 0: return -x
        return f(x + 1) if x % 7 else 0
    s = 0
    for i in range(n): s += f(i)
    return s
def inner_exit(n):
    s = 0
    for i in range(n):
        for j in range(20):
            if j * j > i % 100: break
            if (i + j) % 3: continue
            s += j
        else: s += 1000
    return s
def state_machine(n):
    state, out = "start", {"start": 0, "mid": 0, "end": 0}
    for i in range(n):
        out[state] += 1
        if state == "start": state = "mid" if i % 3 else "start"
        elif state == "mid": state = "end" if i % 5 == 0 else "mid"
        else: state = "start"
    return out
def late_loop(n):
    s = 0
    for outer in range(3):
        for i in range(n):
            s += i & outer
            if outer == 2 and i > n - 5: s = float(s)
    return s
def carried_type(n):
    x, y, z = 0, 0.0, ""
    for i in range(n):
        if i % 100 == 99: x, y = y, x
        if i % 777 == 776: z, x = "s", len(z)
        x += 1
        y += 2
    return x, y, z
def while_complex(n):
    lo, hi, steps = 0, n, 0
    while lo < hi and not (steps > 10000 or lo == -1):
        if steps % 2 == 0: lo += 1
        elif steps % 3 == 0: hi -= 1
        else: lo, hi = lo + 1, hi - 1 if hi > lo + 2 else hi
        steps += 1
    return lo, hi, steps
def exits_everywhere(l):
    for i, v in enumerate(l):
        if v == "stop": return i
        if v is None: continue
        try:
            if v < 0: raise ValueError(i)
        except ValueError: break
        except TypeError: return "type", i
    return "end", i
print(two(3000), eight(3000), [rare(2000, k) for k in (2, 3, 10, 100, 500, 1999)], phases(2000), typed(3000), called(2000), inner_exit(500))
print(state_machine(3000), late_loop(1000), carried_type(3000), while_complex(2000))
base = [1, 2.5, None, True] * 300
print(exits_everywhere(base), exits_everywhere(base + ["stop"]), exits_everywhere(base + [-1]), exits_everywhere(base + [[]]), exits_everywhere(["stop"]))
