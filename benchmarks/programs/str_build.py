"""Builds strings piece by piece: +=, join, replace, slices, characters, non-ASCII too."""
import sys
import time

FULL = 220000
SMALL = 300


def by_adding(count):
    """Lines of a few hundred characters, each built with += and put together at the end."""
    lines = []
    text = ""
    for i in range(count):
        text += chr(97 + i % 26)
        if i % 10 == 9:
            text += ","
        if len(text) > 250:
            lines.append(text)
            text = ""
    lines.append(text)
    return ",".join(lines)


def by_joining(count):
    parts = []
    for i in range(count):
        parts.append(str(i))
        parts.append("-" if i & 1 else "+")
    return "".join(parts)


def caesar(text, shift):
    out = []
    for letter in text:
        if "a" <= letter <= "z":
            out.append(chr((ord(letter) - 97 + shift) % 26 + 97))
        else:
            out.append(letter)
    return "".join(out)


def reversed_words(text):
    return ",".join(word[::-1] for word in text.split(","))


def greek(count):
    words = []
    while count > 0:
        word = ""
        for i in range(min(count, 200)):
            word += chr(0x3B1 + i % 25)
        words.append(word)
        count -= 200
    return "\u00b7".join(words)


def digest(text):
    value = 7
    for letter in text:
        value = (value * 31 + ord(letter)) & 0xFFFFFFFF
    return value


def run(size):
    added = by_adding(size)
    joined = by_joining(size)
    secret = caesar(added, 5)
    back = caesar(secret, -5)
    turned = reversed_words(secret)
    letters = greek(size // 2)
    lines = [
        "%d %d %s" % (len(added), len(joined), back == added),
        "%d %d %d" % (digest(added), digest(joined[:size]), digest(turned)),
        "%d %s %d" % (len(letters), letters[5:12], digest(letters)),
        "%d %d" % (joined.count("99"), joined.find("1234")),
        added.replace("abc", "<ABC>")[:60],
    ]
    return "\n".join(lines)


def main(argv):
    """Runs `run` N times and prints its result; with --bench each time goes to stderr."""
    options = [arg for arg in argv[1:] if arg.startswith("--")]
    counts = [arg for arg in argv[1:] if not arg.startswith("--")]
    size = SMALL if "--small" in options else FULL
    bench = "--bench" in options
    result = None
    for _ in range(int(counts[0]) if counts else 1):
        start = time.process_time()
        again = run(size)
        elapsed = time.process_time() - start
        if result is not None and again != result:
            raise AssertionError("run() is not repeatable")
        result = again
        if bench:
            sys.stderr.write("%.6f\n" % elapsed)
    print(result)


if __name__ == "__main__":
    main(sys.argv)
