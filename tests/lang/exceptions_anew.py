# Each exception that the language itself raises is a new object, in compiled loops too.

def depth(e):
    n, t = 0, e.__traceback__
    while t is not None:
        n, t = n + 1, t.tb_next
    return n


def probe(name, act, kind, n=120):
    last, same, deepest, texts, contexts = None, 0, 0, set(), 0
    for i in range(n):
        try:
            act(i)
        except kind as e:
            same += e is last
            deepest = max(deepest, depth(e))
            texts.add(str(e))
            contexts += e.__context__ is not None
            last = e
    print(name, same, deepest, sorted(texts), contexts)


def one(a):
    return a


def named(a, *, k):
    return a


def optional(a, b=1, *, c=2):
    return a


def only(a, /, b):
    return b


def bare(i):
    raise


def unbound(i):
    if i < 0:
        x = 1
    return x


def free(i):
    def inner():
        return y
    if i < 0:
        y = 1
    return inner()


def missing(i):
    return undefined_name


class Bool:
    def __bool__(self):
        return 3


class Len:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


class Init:
    def __init__(self):
        return 3


class InitArgs:
    def __init__(self, a):
        self.a = a


def truth(v):
    def act(i):
        if v:
            return 1
        return 0
    return act


def negated(v):
    def act(i):
        return not v
    return act


def started(i):
    def gen():
        yield 1
    gen().send(5)


def running(i):
    def gen():
        yield next(g)
    g = gen()
    next(g)


def stops(i):
    def gen():
        yield 1
        raise StopIteration(7)
    for x in gen():
        pass


def ended(i):
    def gen():
        return 5
        yield
    next(gen())


def delegates(i):
    def inner():
        x = yield
    def outer():
        yield from inner()
    g = outer()
    g.send(1)


probe('arity', lambda i: one(i, i), TypeError)
probe('few', lambda i: one(), TypeError)
probe('keyword', lambda i: one(b=1), TypeError)
probe('twice', lambda i: one(1, a=1), TypeError)
probe('kwonly', lambda i: named(1), TypeError)
probe('kwonly2', lambda i: named(1, 2, k=3), TypeError)
probe('optional', lambda i: optional(1, 2, 3), TypeError)
probe('posonly', lambda i: only(a=1, b=2), TypeError)
probe('star', lambda i: one(*(1, 2, 3)), TypeError)
probe('class', lambda i: InitArgs(), TypeError)
probe('class2', lambda i: InitArgs(1, 2), TypeError)
probe('bare', bare, RuntimeError)
probe('unbound', unbound, UnboundLocalError)
probe('free', free, NameError)
probe('missing', missing, NameError)
probe('bool', truth(Bool()), TypeError)
probe('not', negated(Bool()), TypeError)
probe('len', truth(Len(-1)), ValueError)
probe('len2', truth(Len('x')), TypeError)
probe('len3', negated(Len(-1)), ValueError)
probe('init', lambda i: Init(), TypeError)
probe('started', started, TypeError)
probe('running', running, ValueError)
probe('stops', stops, RuntimeError)
probe('ended', ended, StopIteration)
probe('delegates', delegates, TypeError)
probe('division', lambda i: i / 0, ZeroDivisionError)
probe('floor', lambda i: i // 0, ZeroDivisionError)
probe('modulo', lambda i: i % 0, ZeroDivisionError)
probe('key', lambda i: {}['k'], KeyError)
probe('index', lambda i: [][i], IndexError)
probe('tuple', lambda i: (1,)[5], IndexError)
probe('attribute', lambda i: i.nothing, AttributeError)
probe('call', lambda i: i(), TypeError)
probe('iterate', lambda i: [x for x in 5], TypeError)
probe('unpack', lambda i: (lambda: [a for a, b in [(1, 2, 3)]])(), ValueError)
probe('operator', lambda i: i + 'x', TypeError)
probe('compare', lambda i: i < 'x', TypeError)
probe('raise', lambda i: (_ for _ in ()).throw(5), TypeError)


# A name in the message that changes.
def renamed(n):
    def k(a):
        return a
    texts = []
    for i in range(n):
        if i == n - 5:
            k.__qualname__ = 'other'
        try:
            k()
        except TypeError as e:
            texts.append(str(e))
    return texts


texts = renamed(150)
print(texts[0], texts[-1], len(set(texts)))


# In one loop, while another exception is handled.
def nested(n):
    last, same, chained = None, 0, 0
    for i in range(n):
        try:
            try:
                one(i, i)
            except TypeError as first:
                unbound(i)
        except UnboundLocalError as e:
            same += e is last
            chained += type(e.__context__) is TypeError and e.__context__ is not last
            chained += e.__context__.__context__ is None
            last = e
    return same, chained


print(nested(150))


# The truth of an object changes between allowed and not.
def changes(n):
    v, seen = Len(0), []
    for i in range(n):
        v.n = (0, 2, -1, 'x', True, 1 << 40)[i * 7 // n]  if i * 7 // n < 6 else 3
        try:
            seen.append(1 if v else 0)
        except (TypeError, ValueError) as e:
            seen.append(type(e).__name__)
    return seen


r = changes(210)
print([(x, r.count(x)) for x in (0, 1, 'ValueError', 'TypeError')])


# An exception of the program's own is one object, each time it is raised.
OWN = KeyError('own')


def own(n):
    seen = 0
    for i in range(n):
        try:
            raise OWN
        except KeyError as e:
            seen += e is OWN
            e.__traceback__ = None
    return seen


print(own(150))
