"""Counts words and letter pairs of a made-up text in dicts."""
import random
import sys
import time

FULL = 130000
SMALL = 250
SYLLABLES = "ka ro mi tu sel van dor e lin pa us qui nor bra".split()


def make_text(words, dice):
    """Text of `words` words; a few words are far more common than the rest."""
    stock = ["".join(dice.choice(SYLLABLES) for _ in range(dice.randrange(1, 4))) for _ in range(600)]
    out = []
    for i in range(words):
        pick = int(dice.random() ** 3 * len(stock))
        word = stock[pick]
        if i % 13 == 0:
            word = word.capitalize()
        if i % 7 == 0:
            word += "."
        out.append(word)
        out.append("\n" if i % 11 == 0 else " ")
    return "".join(out)


def count_words(text):
    counts = {}
    for line in text.split("\n"):
        for word in line.split():
            word = word.strip(".,").lower()
            if word in counts:
                counts[word] += 1
            else:
                counts[word] = 1
    return counts


def count_pairs(text):
    pairs = {}
    previous = " "
    for letter in text:
        key = previous + letter
        pairs[key] = pairs.get(key, 0) + 1
        previous = letter
    return pairs


def positions_by_length(text):
    """Dict of int keys to lists: where words of each length stand."""
    where = {}
    for position, word in enumerate(text.split()):
        where.setdefault(len(word), []).append(position)
    return where


def run(size):
    text = make_text(size, random.Random(99))
    counts = count_words(text)
    common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:8]
    pairs = sorted(count_pairs(text).items(), key=lambda item: (-item[1], item[0]))[:5]
    where = positions_by_length(text)
    lines = ["%s %d" % item for item in common]
    lines.append(repr(pairs))
    lines.append(" ".join("%d:%d" % (k, len(where[k])) for k in sorted(where)))
    lines.append("%d %d" % (len(counts), len(text)))
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
