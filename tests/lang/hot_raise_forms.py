"""Ways to raise in hot loops: causes, contexts, errors of operators and built-in functions, classes in tuples."""


def described(error):
    parts = []
    while error is not None and len(parts) < 6:
        cause = error.__cause__
        parts.append("%s(%s)%s" % (type(error).__name__, error, " from " + repr(cause) if error.__suppress_context__ else ""))
        error = error.__context__
    return " < ".join(parts)


def with_causes(n):
    seen = {}
    for i in range(n):
        try:
            try:
                1 // (i & 1)
                [][i]
            except ZeroDivisionError as error:
                if i % 3 == 0:
                    raise ValueError(i % 4) from error
                if i % 3 == 1:
                    raise KeyError from None
                raise
            except IndexError:
                raise LookupError("bare")
        except (ValueError, ArithmeticError, LookupError) as error:
            text = described(error)
            seen[text] = seen.get(text, 0) + 1
    return sorted(seen.items())


def bad_causes(n):
    seen = {}
    for i in range(n):
        cause = (None, 3, KeyError, KeyError("k"), "text")[i % 5]
        try:
            raise ValueError(i % 2) from cause
        except Exception as error:
            text = described(error)
            seen[text] = seen.get(text, 0) + 1
    return sorted(seen.items())


def raised_again(n):
    """The same objects are raised over and over: their contexts must not go round in circles."""
    first, second, third = KeyError("first"), ValueError("second"), TypeError("third")
    texts = set()
    for i in range(n):
        one, two = ((first, second), (second, first), (first, first), (third, second), (second, third))[i % 5]
        try:
            try:
                raise one
            except Exception:
                try:
                    raise two
                except Exception as error:
                    if i % 7 == 0:
                        raise third
                    texts.add(described(error))
        except TypeError as error:
            texts.add(described(error))
    return len(texts), sorted(texts)[:4]


def operators(n):
    counts = {}
    word, numbers, pair, empty = "abc", [1, 2], (1, 2), []
    for i in range(n):
        k = i % 12
        try:
            if k == 0:
                i // 0
            elif k == 1:
                i % 0
            elif k == 2:
                word[3 + i % 2]
            elif k == 3:
                numbers[-3]
            elif k == 4:
                pair[2]
            elif k == 5:
                empty[0]
            elif k == 6:
                empty["x"]
            elif k == 7:
                int(word)
            elif k == 8:
                float(word)
            elif k == 9:
                int("1" * (i % 3) + "_")
            elif k == 10:
                pair["x"]
            else:
                {}[i % 5]
        except (IndexError, KeyError) as error:
            key = type(error).__name__, str(error)
        except (ZeroDivisionError, ValueError, TypeError) as error:
            key = type(error).__name__, "" if isinstance(error, ZeroDivisionError) else str(error)
        counts[key] = counts.get(key, 0) + 1
    return sorted(counts.items())


def literals():
    for text in ["x7", "", "it's", 'a"b', "\n", "é", "\ud800", "9" * 250 + "z", " 12 ", "1_000", "0x10", "٣"]:
        try:
            print(int(text), end=" ")
        except ValueError as error:
            print(ascii(str(error)), end=" ")
    for data in [b"12", b"x", bytearray(b"-7"), bytearray(b"q'")]:
        try:
            print(int(data), end=" ")
        except ValueError as error:
            print(error, end=" ")
    print()


def classes(n):
    class Base(Exception):
        pass

    class Derived(Base):
        pass

    kinds = [Derived, Base, KeyError, ValueError]
    pairs = (Base, KeyError), (ValueError,), ()
    hits = [0, 0, 0, 0]
    for i in range(n):
        kind = kinds[i % 4]
        hits[0] += issubclass(kind, Base)
        hits[1] += issubclass(kind, (KeyError, Base))
        try:
            raise kind(i)
        except pairs[i % 2]:
            hits[2] += 1
        except Exception:
            hits[3] += 1
    return hits


print(*with_causes(1260), sep="\n")
print(*bad_causes(1260), sep="\n")
print(raised_again(1260))
print(*operators(1260), sep="\n")
literals()
print(classes(1260))
