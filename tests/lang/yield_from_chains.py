"""Generators that wait for each other in yield from: items, results and errors pass through the whole chain."""
import sys


def walk(low, high):
    if low < high:
        middle = (low + high) // 2
        left = yield from walk(low, middle)
        yield middle
        right = yield from walk(middle + 1, high)
        return left + right + 1
    return 0


def ask(depth):
    if depth:
        got = yield from ask(depth - 1)
        return got + 1
    total = 0
    while True:
        more = yield total
        if more is None:
            return total
        total += more


def failing(depth, at):
    if depth == 0:
        for i in range(at):
            yield i
        raise KeyError("at %d" % at)
    yield from failing(depth - 1, at)


def catching(depth, at):
    if depth == 0:
        yield from failing(3, at)
    elif depth == 2:
        try:
            yield from catching(depth - 1, at)
        except KeyError as error:
            yield "caught %s" % error
            yield len(trace(error))
    else:
        yield from catching(depth - 1, at)


def trace(error):
    names = []
    at = error.__traceback__
    while at is not None:
        names.append(at.tb_lineno)
        at = at.tb_next
    return names


def results():
    print(list(walk(0, 10)))
    print(sum(i * n for i, n in enumerate(walk(0, 300))))
    g = walk(0, 5)
    seen = []
    while True:
        try:
            seen.append(next(g))
        except StopIteration as stop:
            print(seen, stop.value)
            break
    g = ask(6)
    print(next(g), [g.send(i) for i in range(5)])
    try:
        g.send(None)
    except StopIteration as stop:
        print("sum and depth", stop.value)
    print(list(g))


def errors():
    for at in (0, 1, 3):
        print(list(catching(4, at)))
    g = failing(4, 2)
    try:
        for v in g:
            print("item", v)
    except KeyError as error:
        lines = trace(error)
        print("through", len(lines), len(set(lines)))
    print(list(g))


def stopping(depth):
    if depth:
        yield from stopping(depth - 1)
    else:
        yield 1
        raise StopIteration("no")


def becomes_runtime_error():
    try:
        print(list(stopping(3)))
    except RuntimeError as error:
        print(error, repr(error.__cause__))


def cleaning(depth, log):
    try:
        if depth:
            yield from cleaning(depth - 1, log)
        else:
            while True:
                yield "on"
    except ValueError as error:
        log.append("%d %s" % (depth, error))
        if depth == 1:
            yield "handled"
            yield "again"
        raise
    finally:
        log.append("end %d" % depth)


def throwing():
    log = []
    g = cleaning(3, log)
    print(next(g), next(g), next(g))
    print(g.throw(ValueError("thrown")), log)
    print(next(g))
    try:
        next(g)
    except ValueError as error:
        print("out", error)
    print(log)
    log = []
    g = cleaning(3, log)
    print(next(g), next(g))
    g.close()
    print(log, list(g))


def shared():
    """An inner generator that others use too, behind its delegator's back."""

    def outer(inner):
        yield "first"
        got = yield from inner
        yield "result %r" % (got,)

    def middle(inner):
        return (yield from inner)

    def counting(n):
        for i in range(n):
            yield i
        return "done"

    inner = counting(6)
    m = middle(inner)
    g = outer(m)
    print(next(g), next(g), next(g), next(inner), next(m), next(g), next(m))
    print(list(inner), list(g), list(m))

    inner = counting(4)
    one, two = outer(inner), outer(inner)
    print(next(one), next(two), next(one), next(two), next(one), next(two))
    print(next(one), next(two), list(one), list(two))


def reentrant():
    holder = []

    def inner():
        for _ in range(3):
            try:
                next(holder[0])
            except ValueError as error:
                yield str(error)
            yield holder[0].gi_running, holder[1].gi_running

    def delegates(it):
        yield from it

    low = delegates(inner())
    high = delegates(low)
    holder += [high, low]
    print(high.gi_running, low.gi_running)
    for v in high:
        print(v)
    print(high.gi_running, low.gi_running)

    def closing():
        yield 1
        try:
            holder[0].close()
        except ValueError as error:
            yield str(error)
        yield 2

    high = delegates(delegates(closing()))
    holder[0] = high
    print(list(high))


def handled():
    """What is being handled where a chain is suspended, and where it is resumed."""

    def current():
        error = sys.exc_info()[1]
        return error and error.args[0]

    def leaf():
        yield current()
        try:
            raise KeyError("leaf")
        except KeyError:
            yield current()
            yield current()
        yield current()

    def inside(it):
        try:
            raise KeyError("middle")
        except KeyError:
            yield from it
            yield current()
        yield current()

    def plain(it):
        yield from it
        yield current()

    g = plain(inside(plain(leaf())))
    print(next(g))
    try:
        raise ValueError("consumer")
    except ValueError:
        print(next(g), current())
        print(next(g), current())
    print(current())
    print(list(g), current())


def over_others():
    def chain(*sources):
        for source in sources:
            yield from source

    def twice(*sources):
        yield from chain(*sources)
        yield from chain(*sources)

    print(list(twice("ab", [1, 2], range(2), (x for x in "xy"), {3: 4}, map(str, [5]))))


def hot(n):
    total = 0
    for k in range(n):
        for v in walk(0, k % 17):
            total += v
        try:
            for v in failing(k % 4, k % 3):
                total += v
        except KeyError as error:
            total += len(trace(error))
    return total


results()
errors()
becomes_runtime_error()
throwing()
shared()
reentrant()
handled()
over_others()
print(hot(1500))
