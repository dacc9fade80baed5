# Objects that are their own class's special methods, and data that nests deeply: an answer or an error, never a crash.


def tell(act):
    try:
        print(act())
    except RecursionError:
        print('RecursionError')
    except TypeError as e:
        print('TypeError', e)


def often(act, n=60):
    seen = set()
    for i in range(n):
        try:
            seen.add(act())
        except (RecursionError, TypeError) as e:
            seen.add(type(e).__name__)
    print(seen)


# An instance as the `__get__` or `__set__` of its own class: it is called as it is.
class Get:
    pass


Get.__get__ = Get()


class HasGet:
    x = Get()


tell(lambda: HasGet().x)
tell(lambda: HasGet.x)
often(lambda: HasGet().x)


class Set:
    pass


Set.__set__ = Set()


class HasSet:
    x = Set()


def store():
    HasSet().x = 1


tell(store)
often(store)


# A callable object without `__get__` as a special method gets no self.
class Callee:
    def __call__(self, *args):
        return len(args)


class Special:
    __call__ = Callee()
    __getitem__ = Callee()
    __len__ = Callee()
    __add__ = Callee()


s = Special()
tell(lambda: (s(), s(1), s(1, 2), s[5], len(s), s + 1))
often(lambda: (s(), s(1), s(1, 2), s[5], len(s), s + 1))


class Kw:
    def __call__(self, *args, **kw):
        return args, sorted(kw)


class SpecialKw:
    __call__ = Kw()


often(lambda: repr((SpecialKw()(1, a=2), SpecialKw()())))


# Nested containers of some depth: right answers, not quadratic.
def nest(kind, n):
    v = kind(())
    for i in range(n):
        v = kind((v,))
    return v


a, b = nest(tuple, 300), nest(tuple, 300)
tell(lambda: (a == b, hash(a) == hash(b), a in [b], {a: 1}[b], len(repr(a))))
often(lambda: (a == b, hash(a) == hash(b), a in {b}))
l = nest(list, 2000)
tell(lambda: len(repr(l)))
l = []
l.append([l, {'l': l}])
tell(lambda: repr(l))
often(lambda: repr(l))

isa = int
for i in range(200):
    isa = (isa,)
tell(lambda: (isinstance(1, isa), issubclass(bool, isa), isinstance('', isa)))


# Errors of sources that nest too deeply have a text alone.
for source in ('-' * 20000 + '1', 'not ' * 20000 + '1'):
    try:
        compile(source, 's', 'eval')
        print('compiled')
    except (RecursionError, MemoryError) as e:
        print('too deep', len(e.args) < 2, type(e.args[0]) is str)
