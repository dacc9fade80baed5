# Unions that are made member by member: none is there twice, the order is that of the first mention.


class Meta(type):
    def __eq__(cls, other):
        return isinstance(other, Meta) and cls.key == other.key

    def __hash__(cls):
        return hash(cls.key)


def made(name, key):
    return Meta(name, (), {"key": key})


A, B, C, D = made("A", 1), made("B", 2), made("C", 1), made("D", 3)


def names(union):
    return [member.__name__ for member in getattr(union, "__args__", (union,))]


print(names(A | B | C | D), names(A | C), names(B | A | B | C))
print(names((A | B) | (C | D)), names((A | B) | (B | A)), names(A | (C | B)), names((A | D) | (B | C)))
print(names(int | str | int), names((int | str) | (str | None)), names(None | int | None), names(int | int))
print((int | str) == (str | int), (A | B) == (C | B), (A | B | C) == (B | A), (A | B) == (A | D))
print(list[int] | None | list[int] | dict[str, int] | list[str])
print(hash(int | str | None) == hash(None | str | int))


def chain(classes):
    union = int
    for cls in classes:
        union = union | cls
    return union


many = [type(f"T{i}", (), {}) for i in range(60)]
whole = chain(many)
again = chain(many + many)
print(len(whole.__args__), whole == again, whole.__args__[1:] == tuple(many), isinstance(many[59](), whole))


def hot(n):
    count = 0
    for i in range(n):
        union = int | many[i % 5] | many[i % 3] | None
        count += len(union.__args__)
        if isinstance(None, union):
            count += 1
    return count


print(hot(600))
