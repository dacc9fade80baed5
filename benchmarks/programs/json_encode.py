"""A JSON encoder in plain Python: type dispatch, string escapes, recursion."""
import sys
import time

FULL = 900
SMALL = 2
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Encoder:
    def __init__(self, indent=None):
        self.indent = indent
        self.parts = []

    def encode(self, value):
        self.parts = []
        self.write(value, 0)
        return "".join(self.parts)

    def write(self, value, depth):
        out = self.parts.append
        if value is None:
            out("null")
        elif value is True:
            out("true")
        elif value is False:
            out("false")
        elif isinstance(value, str):
            self.write_string(value)
        elif isinstance(value, int):
            out(str(value))
        elif isinstance(value, float):
            out(repr(value))
        elif isinstance(value, dict):
            self.write_dict(value, depth)
        elif isinstance(value, (list, tuple)):
            self.write_list(value, depth)
        else:
            raise TypeError("cannot encode " + type(value).__name__)

    def write_string(self, text):
        out = self.parts.append
        out('"')
        for letter in text:
            if letter in ESCAPES:
                out(ESCAPES[letter])
            elif " " <= letter <= "~":
                out(letter)
            else:
                out("\\u%04x" % ord(letter))
        out('"')

    def line(self, depth):
        if self.indent is not None:
            self.parts.append("\n" + " " * (self.indent * depth))

    def write_list(self, items, depth):
        self.parts.append("[")
        first = True
        for item in items:
            if not first:
                self.parts.append(",")
            first = False
            self.line(depth + 1)
            self.write(item, depth + 1)
        if not first:
            self.line(depth)
        self.parts.append("]")

    def write_dict(self, items, depth):
        self.parts.append("{")
        first = True
        for key, item in items.items():
            if not first:
                self.parts.append(",")
            first = False
            self.line(depth + 1)
            self.write_string(key)
            self.parts.append(":")
            self.write(item, depth + 1)
        if not first:
            self.line(depth)
        self.parts.append("}")


def sample(i):
    return {
        "id": i,
        "name": "item %d \"quoted\"\n" % i,
        "price": i * 1.25,
        "tags": ["a\u00e9", "b\\", "", "tab\t"],
        "nested": {"left": None, "right": [True, False, i * 10 ** 20], "empty": {}, "none": []},
        "pairs": [(j, j * j) for j in range(i % 6)],
    }


def run(size):
    data = [sample(i) for i in range(size)]
    compact = Encoder()
    spaced = Encoder(2)
    total = 0
    text = ""
    for _ in range(8):
        text = compact.encode(data)
        total += len(text)
    wide = spaced.encode(data)
    try:
        compact.encode([1, object()])
        message = "no error"
    except TypeError as error:
        message = str(error)
    return "%d %d\n%s\n%s\n%s" % (total, len(wide), text[:180], wide[-60:], message)


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
