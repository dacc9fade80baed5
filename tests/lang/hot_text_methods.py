"""Loops that call methods of str: what they change is seen, and what they do not change stays known."""


class Index:
    """A bound that changes what the loop looks at."""
    def __init__(self, value, change):
        self.value, self.change = value, change

    def __index__(self):
        self.change()
        return self.value


class Word(str):
    def lower(self):
        seen.append(len(self))
        return "word"


class Box:
    def __init__(self):
        self.total = 0


seen = []


def plain(words):
    box, found = Box(), []
    for word in words:
        box.total += word.startswith("a") + word.find("b") + word.count("a") + word.upper().endswith("B")
        found.append(word.strip("a").partition("b")[1] or word.lower().replace("c", "d"))
        box.total += word.isalpha() + len(word.split("b")) + len(word.removeprefix("a"))
    return box.total, found[:4], found[-3:], len(found)


def bounds(n):
    """Bounds with an `__index__` that lengthens the list that is gone through, and changes the object at hand."""
    box, items = Box(), ["abcabc"] * 20

    def change():
        box.total += 100
        if len(items) < n:
            items.append("xbabc")

    bound = Index(1, change)
    count = 0
    for word in items:
        box.total += 1
        before = box.total
        count += word.find("b", bound) + word.startswith("b", bound) + word.count("b", 0, bound)
        count += (box.total - before) * 1000
    return count, box.total, len(items)


def refused(values):
    """Arguments that are no texts, from some round on, with an exception at hand."""
    box, texts = Box(), set()
    for value in values:
        box.total += 1
        try:
            box.total += "abc".find(value) + "abc".startswith((value, "x")) + len("a b".split(value))
        except (TypeError, ValueError) as error:
            try:
                "abc".index(value)
            except (TypeError, ValueError) as inner:
                texts.add((str(error), str(inner), inner.__context__ is error))
    return box.total, sorted(texts)


def grown(n):
    """A text that is lengthened where it lies, and looked at in between."""
    text, places = "", 0
    for i in range(n):
        text += "ab"
        places += text.count("b") + text.rfind("a") + text.endswith("ab") + (text.upper()[-1] == "B")
        if text.isalpha() and i == n - 2:
            text += "!"
    return places, text.isalpha(), len(text)


print(plain(["ab", "bca", "cab", "aab", "a1"] * 60 + [Word("ABBA"), Word("cab")]), seen)
print(bounds(150))
print(refused(["b"] * 100 + [1, None, "", b"b", Word("b")] * 3))
print(grown(200))
