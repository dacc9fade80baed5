"""Writes src/unicode/tables.rs: Unicode 16.0 character classes and case exceptions.

Run with CPython 3.13 and the package `unicodedata2==16.0.0`:
    python unicode/generate.py > src/unicode/tables.rs
Categories and numbers come from the package. Derived properties (Uppercase, XID_Start, ...) of
characters that exist since 15.1 come from the interpreter's own `str` methods; for the characters
that 16.0 added they follow from the category.
"""

import sys
import unicodedata as old
import unicodedata2 as ucd

LIMIT, SHIFT = 0x110000, 7
BLOCK = 1 << SHIFT
FLAGS = ["ALPHA", "DECIMAL", "DIGIT", "NUMERIC", "SPACE", "UPPER", "LOWER", "TITLE", "PRINTABLE",
         "XID_START", "XID_CONTINUE", "CASE_IGNORABLE"]
CATEGORIES = ["Cn", "Cc", "Cf", "Co", "Cs", "Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd",
              "Nl", "No", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl",
              "Zp", "Zs"]


def case_ignorable(c, cat, new):
    if new:
        return cat in ("Mn", "Me", "Cf", "Lm", "Sk")
    sigma = "\u03a3"
    return ("A" + c + sigma).lower()[-1] == "\u03c2" and (" " + c + sigma).lower()[-1] == "\u03c3"


def flags_of(cp):
    c = chr(cp)
    cat = ucd.category(c)
    new = cat != "Cn" and old.category(c) == "Cn"
    start = cat[0] == "L" or cat == "Nl"
    cont = start or cat in ("Mn", "Mc", "Nd", "Pc")
    tests = [
        cat[0] == "L",
        ucd.decimal(c, None) is not None,
        ucd.digit(c, None) is not None,
        ucd.numeric(c, None) is not None,
        cat == "Zs" or ucd.bidirectional(c) in ("WS", "B", "S"),
        cat == "Lu" if new else c.isupper(),
        cat == "Ll" if new else c.islower(),
        cat == "Lt",
        c == " " or cat not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"),
        start if new else c.isidentifier(),
        cont if new else ("a" + c).isidentifier(),
        cat != "Cn" and case_ignorable(c, cat, new),
    ]
    return CATEGORIES.index(cat), sum(1 << i for i, t in enumerate(tests) if t)


def rows(values, per, fmt="{}"):
    for i in range(0, len(values), per):
        yield "    " + ", ".join(fmt.format(v) for v in values[i:i + per]) + ","


def emit_stages(out):
    classes, blocks, stage1 = {}, {}, []
    for base in range(0, LIMIT, BLOCK):
        block = tuple(classes.setdefault(flags_of(cp), len(classes)) for cp in range(base, base + BLOCK))
        stage1.append(blocks.setdefault(block, len(blocks)))
    assert len(classes) < 256
    index_type = "u8" if len(blocks) <= 256 else "u16"
    out.append("/// General category names, indexed by the first half of a class.")
    out.append(f"pub const CATEGORY_NAMES: [&str; {len(CATEGORIES)}] = [")
    out.extend(rows(CATEGORIES, 15, '"{}"'))
    out.append("];\n")
    for i, name in enumerate(FLAGS):
        out.append(f"/// Property bit `{name}`.\npub const {name}: u16 = {1 << i};")
    out.append("\n/// Every combination of (category, property bits) that occurs.")
    out.append(f"pub static CLASSES: [(u8, u16); {len(classes)}] = [")
    out.extend(rows([f"({a}, {b})" for a, b in classes], 10))
    out.append("];\n")
    out.append("/// Block number of each run of 128 code points.")
    out.append(f"pub static STAGE1: [{index_type}; {len(stage1)}] = [")
    out.extend(rows(stage1, 24))
    out.append("];\n")
    out.append("/// Class number of each code point of a block.")
    out.append(f"pub static STAGE2: [[u8; {BLOCK}]; {len(blocks)}] = [")
    for block in blocks:
        out.append("    [")
        out.extend("    " + r for r in rows(block, 32))
        out.append("    ],")
    out.append("];\n")


def emit_decimals(out):
    zeros = [cp for cp in range(LIMIT) if ucd.decimal(chr(cp), None) == 0]
    for z in zeros:
        assert [ucd.decimal(chr(z + i)) for i in range(10)] == list(range(10))
    out.append("/// Code points of the digit zero of every decimal system, ascending; 1..9 follow each.")
    out.append(f"pub static DECIMAL_ZEROS: [u32; {len(zeros)}] = [")
    out.extend(rows(zeros, 12, "{:#x}"))
    out.append("];\n")


def emit_case(out, name, doc, mapped, base):
    pairs = []
    for cp in range(LIMIT):
        c = chr(cp)
        if mapped(c) != base(c):
            cps = [ord(x) for x in mapped(c)] + [0, 0]
            pairs.append("({:#x}, [{:#x}, {:#x}, {:#x}])".format(cp, *cps[:3]))
    out.append(f"/// {doc}")
    out.append(f"pub static {name}: [(u32, [u32; 3]); {len(pairs)}] = [")
    out.extend(rows(pairs, 3))
    out.append("];\n")


def main():
    out = ["//! Unicode 16.0 tables, written by `unicode/generate.py`; not edited by hand (hence the length).", ""]
    emit_stages(out)
    emit_decimals(out)
    emit_case(out, "TITLE_EXCEPTIONS", "Title-case mappings that differ from the upper-case mapping.",
              str.title, str.upper)
    emit_case(out, "FOLD_EXCEPTIONS", "Case foldings that differ from the lower-case mapping.",
              str.casefold, lambda c: c.lower())
    sys.stdout.write("\n".join(out).rstrip() + "\n")


main()
