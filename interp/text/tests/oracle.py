"""Writes tests/data/*.tsv: what CPython answers. Run with CPython 3.13: python tests/oracle.py

Fields are separated by tabs; in a field, code points outside printable ASCII, and backslashes, are
written \\u{hex}. Floats are the hexadecimal bits of the double. An exception is `!Class: message`.
"""

import os
import random
import struct

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
R = random.Random(20261122)


def esc(s):
    return "".join(c if " " <= c <= "~" and c != "\\" else "\\u{%x}" % ord(c) for c in s)


def raw(b):
    return esc(b.decode("latin-1"))


def bits(x):
    return "%016x" % struct.unpack(">Q", struct.pack(">d", x))[0]


def result(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        return esc(f"!{type(e).__name__}: {e}")
    if isinstance(r, float):
        return bits(r)
    if isinstance(r, (bytes, bytearray)):
        return raw(bytes(r))
    return esc(r) if isinstance(r, str) else esc(repr(r))


def write(name, rows):
    with open(os.path.join(HERE, name + ".tsv"), "w", encoding="ascii", newline="\n") as f:
        for row in dict.fromkeys("\t".join(r) for r in rows):
            f.write(row + "\n")


def floats(n):
    fixed = [0.0, -0.0, 1.0, -1.5, 0.1, 1e16, 1e15, 123456789012345680.0, 1e22, 1e23, 5e-324, 1.7976931348623157e308,
             2.2250738585072014e-308, 2.225073858507201e-308, 0.0001, 0.00001, 9999999999999998.0, 0.5, 2.5, 3.5, 1e100,
             float("inf"), float("-inf"), float("nan"), 2.675, 1.005, 0.125, 0.375, 1e-7, 123.456, 9.5, 99.5, 999.95]
    yield from fixed
    for _ in range(n):
        yield struct.unpack(">d", struct.pack(">Q", R.getrandbits(64)))[0]
        yield R.uniform(-1000, 1000)
        yield round(R.uniform(-100, 100), R.randint(0, 4))
        yield float(R.randint(-10 ** R.randint(1, 20), 10 ** 20)) / 2 ** R.randint(0, 6)


def float_table():
    for x in floats(150):
        yield "repr", bits(x), result(repr, x)
        yield "hex", bits(x), result(x.hex)
        if x == x:
            yield "hash", bits(x), result(hash, x)
        n = R.randint(-25, 25)
        yield "round", bits(x), str(n), result(round, x, n)
        for n in (0, 1, 2, -1, -2, -300, 310):
            if R.random() < .4:
                yield "round", bits(x), str(n), result(round, x, n)
    texts = ["0x1p3", "0x1.8p1", "1.8", "0x.1p4", "0x1.p0", " 0x1p-1074 ", "0x1p-1075", "0x1.0000001p-1075", "0x1p1024",
             "0x1.fffffffffffff8p1023", "0x1.fffffffffffff7p1023", "0x1.00000000000008p0", "0x1.00000000000018p0",
             "0x1.000000000000080000000001p0", "-0x0p0", "inf", "-Infinity", "nan", "0x", "0xp1", "0x1p", "0x1p+", "x1",
             "1p0x1", "0x1..2", "0x1.8p1 2", "ffffffffffffffffffff", "0x0.00000000000000000000000001p50", "0x1p99999999999",
             "0x1p-99999999999", "0x0p99999999999", "0x1.8p+0003", "", "-", "+0X1P+1", "0x0.8p-1074", "0x1.8p-1074",
             "0x0.fffffffffffff8p-1022", "0x1_0"]
    for t in texts:
        yield "fromhex", esc(t), result(float.fromhex, t)


SPECS = ["", "zd", ".2", ".2d", "+c", "#c", ".1c", "c", "5c", "05c", "<5c", ",c", "s", "r", "é", "d", "x", "+", " s", "#", "=",
         "=5", "05", "<05", ",", "_", "z", ",s", "_x", ",x", "_c", "_n", ",n", "n", ",_", "_,", ",,", "__", ".", "5.", "dd",
         "9" * 30, "." + "9" * 30, ".3000000000f", "%", "0", ">20.2f", "_^20", "#g", ".3", ",.1f", "020,", "010_x", "=+15,",
         "015,.1f", "{", "e", "f", "g", "08", "+010,", "08,", "z.1f", "z.0e", ".17", ".0", "#.3", "#X", "#010x", "#_b", "b", "o",
         "#o", "X", ".2f", "10.3f", "-10.3e", "+.3g", "G", "E", "F", ".0f", "#.0f", "#.0e", ".1%", ",.2%", "é>8", "*^9", "=<5",
         "<<", "^", ".50f", ".30e", ".20g", "025.3f", "٣", ".٣f", "\x7f", "\x01", "z", "-z#012.2f", "<9", ">9", "^9", "*<9.2",
         "013_b", "014,d", "_d", "15_.3f", "022,.4f", "é=12", "ww", "=10", "+,", " ,", " d", "-d", "#,", "#_x", "_o"]


def format_table():
    ints = [0, 1, -1, 65, 255, -255, 12345, -12345, 1234567, 2 ** 62, -2 ** 63, 0x10ffff, 0x110000, 8364]
    big = [10 ** 30, -10 ** 25, 10 ** 400]
    for spec in SPECS:
        for n in ints + big[:2 if R.random() < .8 else 3]:
            yield "int", str(n), esc(spec), result(format, n, spec)
        for s in ("", "a", "abc", "é€😀", "\ud800x"):
            yield "str", esc(s), esc(spec), result(format, s, spec)
        for x in list(floats(0)) + [R.uniform(-1e6, 1e6), 10 ** R.uniform(-300, 300), -1234567.891, 1e-10, -0.001]:
            yield "float", bits(x), esc(spec), result(format, x, spec)
        for z in (1 + 2j, complex(0, 1), complex(-0.0, 1), complex(0, -0.0), 1234.5 - 1e20j, complex("nan+infj")):
            yield "complex", bits(z.real), bits(z.imag), esc(spec), result(format, z, spec)
    codes = "fFeEgG%n"
    for x in floats(100):
        spec = R.choice(["", "+", " "]) + R.choice(["", "#"]) + R.choice(["", "12", "030"]) + R.choice(["", ",", "_"])
        spec += R.choice(["", ".0", ".1", ".2", ".5", ".17", ".25"]) + R.choice(codes)
        yield "float", bits(x), spec, result(format, x, spec)


PERCENT = ["%.0c", "%5c", "%05c", "%-5c|", "%c", "%5%", "%-5%|", "%(a)%", "%", "%(a", "%(a)s", "%y", "%5.3y", "%s", "a", "%d", "%x",
           "%f", "%99999999999999999999d", "%.99999999999999999999d", "%.3000000000f", "%.5d", "%#x", "%#o", "%#X", "%08x", "%+05d",
           "% d", "%+ d", "%-08d|", "%08.3d", "%#010x", "%#.5x", "%5.1s|", "%05s", "%05f", "%-+8.2e|", "%F", "%#.0f", "%#g",
           "%hd", "%hhd", "%Ld", "%i", "%u", "%.2s", "%s%", "%s%%", "%%%s%%", "%((a))s", "%- +#05d|", "%z", "%5", "%.", "%.d", "%.0d",
           "%l", "x%sy", "%G", "%.3g", "%10.4E", "%-10s|", "%10s|", "%o", "%X", "%é", "é%\x7f", "%(é)s", "%(a)5.2f|", "%.f", "%ld"]


def percent_table():
    for f in PERCENT:
        for arg in (1, -255, 12345, 2 ** 63 - 1):
            yield "int", esc(f), str(arg), result(lambda: f % arg)
        for arg in (1.5, -0.0, float("inf"), 1234567.891):
            if "x" not in f and "c" not in f and "o" not in f and "X" not in f and "s" not in f and f[-1:] not in "diu|":
                yield "float", esc(f), bits(arg), result(lambda: f % arg)
        for arg in ("a", "é€x", "😀bcdef"):
            if "s" in f:
                yield "str", esc(f), esc(arg), result(lambda: f % arg)
        if f.isascii():
            yield "bytes", esc(f), "1", result(lambda: f.encode() % 1)
            if "s" in f:
                yield "bstr", esc(f), "a\\u{ff}b", result(lambda: f.encode() % b"a\xffb")


TEMPLATES = ["{", "}", "{0", "{!", "{!r", "{!}", "{!rx}", "{!r:", "{:", "{:{", "{:{}", "{0!x}", "{!é}", "{a{b}", "{[}", "{[a}", "{a[b]c}",
             "{a[]}", "{a.}", "{.}", "{a..b}", "{a[1", "}}{", "{{}", "{a!r:{b}}", "{0[a}b]}", "{:{:{}}}", "{!r }", "{0!}", "{0!:}",
             "{ }", "{0}{}", "{}{0}", "{!s:}", "{a.b[c].d}", "{:}}", "{:{{}}}", "{a]}", "{a:b!r}", "{!!}", "{!:}", "{[x]!r:>5}", "",
             "plain", "é{x}€{y!s:>{w}}😀", "{{{a}}}", "a{{b}}c{d}e", "{}{}{}", "{:{}{}}", "{٣}"]
NAMES = ["", "a", "0", "a.b", "[0]", "a[0][x].y", "a.", "a[", "a[]", "a[0]x", "0x", "٣", ".a", "-1", "+1", "a[-1]", "9" * 25,
         "a[" + "9" * 25 + "]", "a..b", "a.b.c[d e]", "é.ü[ß]", "12[34]", "9223372036854775807", "9223372036854775808"]


def template_table():
    import _string

    def split(name):
        first, rest = _string.formatter_field_name_split(name)
        return repr((first, list(rest)))

    for t in TEMPLATES:
        yield "parse", esc(t), result(lambda: repr(list(_string.formatter_parser(t))))
    for n in NAMES:
        yield "split", esc(n), result(split, n)


PREDICATES = ["isalpha", "isdecimal", "isdigit", "isnumeric", "isalnum", "isspace", "isupper", "islower", "istitle", "isidentifier",
              "isprintable"]
CASES = ["upper", "lower", "title", "casefold", "swapcase", "capitalize"]
KNOWN = [(0, 0x32000), (0xE0000, 0xE0200), (0x10FFF0, 0x110000)]


def property_table():
    """Runs of code points this interpreter does not know, and per block a CRC of what each method says of the others."""
    import unicodedata
    import zlib

    def is_unknown(cp):
        # Two letters got an upper case in Unicode 16.
        return cp in (0x19B, 0x264) or unicodedata.category(chr(cp)) == "Cn"

    for low, high in KNOWN:
        start = None
        for cp in range(low, high):
            if is_unknown(cp):
                start = cp if start is None else start
                if cp + 1 == high or not is_unknown(cp + 1):
                    yield "unknown", "%x" % start, "%x" % (cp + 1)
                    start = None
    for low, high in KNOWN:
        for block in range(low, high, 0x1000):
            known = [chr(cp) for cp in range(block, min(block + 0x1000, high)) if not is_unknown(cp)]
            for name in PREDICATES + CASES:
                method = getattr(str, name)
                answers = "".join(("1" if r else "0") if isinstance(r, bool) else esc(r) for r in map(method, known))
                yield "crc", "%x" % block, "%x" % min(block + 0x1000, high), name, "%08x" % zlib.crc32(answers.encode())
            answers = "".join(esc(repr(c)) for c in known)
            yield "crc", "%x" % block, "%x" % min(block + 0x1000, high), "repr", "%08x" % zlib.crc32(answers.encode())


ALPHABET = list("aAbBzZ09 .-_'\"\\\t\n\r\x0b\x1c\x85\u2028\x00\x7f") + ["ß", "ǅ", "Σ", "σ", "İ", "é", "€", "😀", "\ud800", "ﬁ",
            "²", "½", "٣", "\xa0", "\u3000", "\xad", "ŉ", "ΐ", "'", "ab", "Ab", " a", "aΣ", "\r\n", "\t"]


def word(most=8):
    return "".join(R.choice(ALPHABET) for _ in range(R.randint(0, most)))


def listing(parts):
    return "%d:" % len(parts) + "|".join(esc(p) if isinstance(p, str) else raw(p) for p in parts)


def bound():
    return R.choice([0, 0, 0, 1, 2, 3, -1, -2, -5, 5, 9, 2 ** 62, -2 ** 62])


def call_rows(method, s, *args):
    """One row: name, receiver, arguments, answer."""
    def show(a):
        return "None" if a is None else str(a) if isinstance(a, int) else esc(a) if isinstance(a, str) else raw(a)
    try:
        r = method(s, *args)
    except Exception as e:
        r = f"!{type(e).__name__}: {e}"
    if isinstance(r, (list, tuple)):
        out = listing(r)
    elif isinstance(r, bytes):
        out = raw(r)
    else:
        out = esc(r) if isinstance(r, str) else str(r)
    return (method.__name__, show(s), *map(show, args), out)


def text_table():
    S = str
    for _ in range(120):
        s, t, u = word(10), word(2), word(3)
        if R.random() < .5 and s:
            i = R.randrange(len(s))
            t = s[i:i + R.randint(0, 2)]
        a, b, n = bound(), bound(), R.choice([-1, 0, 1, 2, 3])
        for m in (S.find, S.rfind, S.count, S.startswith, S.endswith):
            yield call_rows(m, s, t, a, b)
        yield call_rows(S.replace, s, t, u, n)
        for m in (S.split, S.rsplit):
            yield call_rows(m, s, None, n)
            yield call_rows(m, s, t, n)
        yield call_rows(S.splitlines, s, 0)
        yield call_rows(S.splitlines, s, 1)
        if t:
            yield call_rows(S.partition, s, t)
            yield call_rows(S.rpartition, s, t)
        for m in (S.strip, S.lstrip, S.rstrip):
            yield call_rows(m, s, None)
            yield call_rows(m, s, t + u)
        for name in PREDICATES + CASES:
            yield call_rows(getattr(S, name), s)
        fill = R.choice(["*", "é", "😀"])
        w = R.randint(-1, 15)
        for m in (S.center, S.ljust, S.rjust):
            yield call_rows(m, s, w, fill)
        yield call_rows(S.zfill, R.choice(["", "+", "-"]) + s, w)
        yield call_rows(S.expandtabs, s, R.choice([8, 4, 1, 0, -1, 3]))
        yield ("repr", esc(s), esc(repr(s)))
        yield ("ascii", esc(s), esc(ascii(s)))
        yield ("less", esc(s), esc(t), str(s < t))


BYTES = [b"a", b"A", b"b", b"Z", b"9", b" ", b".", b"'", b'"', b"\\", b"\t", b"\n", b"\r\n", b"\x0b", b"\x1c", b"\x85", b"\0", b"\xff",
         b"ab", b"+", b"-"]


def blob(most=8):
    return b"".join(R.choice(BYTES) for _ in range(R.randint(0, most)))


def bytes_table():
    B = bytes
    for _ in range(120):
        s, t, u = blob(10), blob(2), blob(3)
        if R.random() < .5 and s:
            i = R.randrange(len(s))
            t = s[i:i + R.randint(0, 2)]
        a, b, n = bound(), bound(), R.choice([-1, 0, 1, 2, 3])
        for m in (B.find, B.rfind, B.count, B.startswith, B.endswith):
            yield call_rows(m, s, t, a, b)
        yield call_rows(B.replace, s, t, u, n)
        for m in (B.split, B.rsplit):
            yield call_rows(m, s, None, n)
            yield call_rows(m, s, t, n)
        yield call_rows(B.splitlines, s, 0)
        yield call_rows(B.splitlines, s, 1)
        if t:
            yield call_rows(B.partition, s, t)
            yield call_rows(B.rpartition, s, t)
        for m in (B.strip, B.lstrip, B.rstrip):
            yield call_rows(m, s, None)
            yield call_rows(m, s, t + u)
        for name in ("isalpha isdigit isalnum isspace isupper islower istitle upper lower title swapcase capitalize").split():
            yield call_rows(getattr(B, name), s)
        w = R.randint(-1, 15)
        for m in (B.center, B.ljust, B.rjust):
            yield call_rows(m, s, w, b"*")
        yield call_rows(B.zfill, R.choice([b"", b"+", b"-"]) + s, w)
        yield call_rows(B.expandtabs, s, R.choice([8, 4, 1, 0, -1, 3]))
        yield ("repr", raw(s), esc(repr(s)))
        yield ("hex", raw(s), esc(s.hex()))
        g = R.randint(-4, 4)
        yield ("hexsep", raw(s), str(g), esc(s.hex(":", g)))
    for t in ("", "00ff", " 0A 1b\n", "0 0", "0g", "zz", "ab cé"):
        yield ("fromhex", esc(t), result(bytes.fromhex, t))


def unicode_error(f, *args):
    try:
        return f(*args)
    except UnicodeDecodeError as e:
        return f"!{e.encoding} {e.start} {e.end} {e.reason} / {e}"
    except UnicodeEncodeError as e:
        return f"!{e.encoding} {e.start} {e.end} {e.reason} / {e}"


HANDLERS = ["strict", "ignore", "replace", "backslashreplace", "surrogateescape", "surrogatepass"]


def codec_table():
    import codecs
    wide = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
    narrow = [b"", b"a", b"\x80", b"\xc3", b"\xc3(", b"\xe2\x82", b"\xe2\x82(x", b"\xe2(", b"\xf0\x9f\x98", b"\xf0\x9f(", b"\xf0(",
              b"\xed\xa0\x80", b"\xed\xa0", b"\xed", b"\xf4\x90\x80\x80", b"\xf5", b"\xc0\x80", b"\xe0\x80\x80", b"a\xf0\x90",
              b"\xf0\x80", b"\xed\xa0\x80\xed\xb0\x80z", "é€😀".encode(), b"ab\xff\xfe\xc3\xa9\xe2\x82"]
    units = [b"a\0", b"\0a", b"\x00\xd8", b"\xd8\x00", b"\x00\xdc", b"\xdc\x00", b"b", b"\0", b"\xff\xfe", b"\xfe\xff", b"\0\0"]
    for _ in range(120):
        narrow.append(b"".join(R.choice([b"a", b"\xc3", b"\xa9", b"\xed", b"\xa0", b"\x80", b"\xf0", b"\x9f", b"\xff", b"\xe2"])
                               for _ in range(R.randint(1, 7))))
    for b in narrow:
        for h in HANDLERS:
            yield "decode", "utf-8", h, raw(b), esc(unicode_error(bytes.decode, b, "utf-8", h))
        h = R.choice(HANDLERS)
        yield "decode", "ascii", h, raw(b), esc(unicode_error(bytes.decode, b, "ascii", h))
        yield "decode", "latin-1", "strict", raw(b), esc(b.decode("latin-1"))
        text, n = codecs.utf_8_decode(b, "replace", False)
        yield "partial", "utf-8", "replace", raw(b), f"{n}:" + esc(text)
    for _ in range(150):
        b = b"".join(R.choice(units) for _ in range(R.randint(0, 6)))
        enc = R.choice(wide)
        for h in HANDLERS:
            yield "decode", enc, h, raw(b), esc(unicode_error(bytes.decode, b, enc, h))
    for _ in range(150):
        s = "".join(R.choice(["a", "é", "€", "😀", "\ud800", "\udc80", "\udcff", "\udc00"]) for _ in range(R.randint(0, 6)))
        for enc in wide + ["utf-8", "ascii", "latin-1"]:
            h = R.choice(HANDLERS + ["xmlcharrefreplace"])
            r = unicode_error(str.encode, s, enc, h)
            yield "encode", enc, h, esc(s), raw(r) if isinstance(r, bytes) else esc(r)


def escape_table():
    import codecs
    import unicodedata
    import warnings
    warnings.simplefilter("ignore")
    atoms = [b"\\n", b"\\x41", b"\\x4", b"\\u00e9", b"\\u12", b"\\U0001f600", b"\\U00110000", b"\\101", b"\\777", b"\\q", b"\\\\", b"\\",
             b"a", b"\xff", b"\\N{EURO SIGN}", b"\\N{", b"\\N", b"}", b"\\\n", b"\\ud800", b"\\'", b"g", b"\\0"]
    for _ in range(200):
        b = b"".join(R.choice(atoms) for _ in range(R.randint(0, 5)))
        for h in ("strict", "replace", "ignore"):
            for name, f in (("unicode", codecs.unicode_escape_decode), ("raw", codecs.raw_unicode_escape_decode)):
                r = unicode_error(f, b, h)
                yield name, h, raw(b), esc(r if isinstance(r, str) else r[0])
            try:
                yield "bytes", h, raw(b), raw(codecs.escape_decode(b, h)[0])
            except ValueError as e:
                yield "bytes", h, raw(b), esc(f"!ValueError: {e}")
        text, n = codecs.unicode_escape_decode(b, "replace", False)
        yield "partial", "replace", raw(b), f"{n}:" + esc(text)
        s = word()
        yield "unicode_encode", "", esc(s), raw(codecs.unicode_escape_encode(s)[0])
        yield "raw_encode", "", esc(s), raw(codecs.raw_unicode_escape_encode(s)[0])
        b = blob()
        yield "bytes_encode", "", raw(b), raw(codecs.escape_encode(b)[0])


def main():
    write("float", float_table())
    write("format", format_table())
    write("percent", percent_table())
    write("template", template_table())
    write("property", property_table())
    write("text", text_table())
    write("bytes", bytes_table())
    write("codec", codec_table())
    write("escape", escape_table())


if __name__ == "__main__":
    main()
