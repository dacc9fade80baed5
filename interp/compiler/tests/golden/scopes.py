def counter(start):
    def step(by=1):
        nonlocal start
        start += by
        return start
    return step

class Base:
    "A base."
    limit: int = 10
    def size(self):
        return super().size() + __class__.limit

def shadow():
    x = 1
    class Inner:
        x = x
        def get(self):
            return x
    return Inner

def captured(n):
    return [lambda: i + n for i in range(n)]

def generated(n):
    yield from (i for i in range(n) if i)
    got = yield n
