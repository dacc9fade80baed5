# Every string method of common use, on ASCII text.
s = "The quick brown Fox"
print(s.upper(), s.lower(), s.swapcase(), s.title(), s.capitalize(), s.casefold())
print(s.find("quick"), s.find("zzz"), s.rfind("o"), s.index("b"), s.find("o", 13), s.find("T", 1), s.find("", 4), s.rindex("o", 0, 13))
print(s.count("o"), s.count(""), s.count("o", 13), "aaaa".count("aa"))
print(s.startswith("The"), s.startswith(("x", "Th")), s.endswith("Fox"), s.endswith("ox", 5), s.startswith("quick", 4), s.startswith(""), "".startswith("", 1))
print(s.split(), s.split("o"), s.split(" ", 1), s.rsplit(" ", 1), s.rsplit("o", 2), "a,,b,".split(","), "".split(), "".split(","), "  a  b ".split(), "  a  b ".split(None, 1), "a b c".rsplit(None, 1))
print("a\nb\r\nc\rd\x0be".splitlines(), "a\nb\n".splitlines(True), "".splitlines(), "\n".splitlines())
print(s.partition(" "), s.rpartition(" "), s.partition("zz"), s.rpartition("zz"))
print("-".join(["a", "b", "c"]), "".join([]), ",".join("abc"), ", ".join({"k": 1}), "x".join(("only",)))
print("[" + " a b\t\n".strip() + "]", "xxaxx".strip("x"), "xyaxy".lstrip("xy"), "xyaxy".rstrip("yx"), "abc".strip("abc") == "")
print("a".center(5, "*"), "ab".center(5, "*"), "ab".center(2), "x".ljust(4) + "|", "x".rjust(4, "0"), "-5".zfill(4), "+5".zfill(4), "5".zfill(3), "abc".zfill(2), "--5".zfill(5))
print("a-b-c".replace("-", "+"), "a-b-c".replace("-", "+", 1), "aaa".replace("", "."), "aaa".replace("a", ""), "abc".replace("x", "y"))
print("a\tb\tc".expandtabs(), "a\tbc\td".expandtabs(4), "\t".expandtabs(0) == "")
for t in ("abc", "ABC", "Abc", "abc1", "123", " \t", "", "Ab Cd", "_x", "1x", "a b", "def"):
    print(repr(t), t.isalpha(), t.isdigit(), t.isalnum(), t.isspace(), t.isupper(), t.islower(), t.istitle(), t.isidentifier(), t.isdecimal(), t.isnumeric(), t.isprintable(), t.isascii())
print("prefix-body".removeprefix("prefix-"), "body.txt".removesuffix(".txt"), "body".removeprefix("x"), "body".removesuffix(""))
print(s[0], s[-1], s[4:9], s[::-1], s[::2], s[-3:], s[:-3], s[100:], s[5:2], s[10:0:-3], s[-100:3])
print("ab" * 3, 3 * "ab", "ab" * 0, "ab" * -1, "a" + "b", "a" "b" 'c', len("hello"), "h" in "hello", min("hello"), max("hello"))
print(sorted("hello"), list("abc"), tuple("ab"), set("a"), "abc"[1], [c for c in reversed("abc")], list(enumerate("ab", 1)))
table = str.maketrans("abc", "xyz", "d")
print("aabbccdd".translate(table), "abc".translate({97: None, 98: "BB", 99: 67}), str.maketrans({"a": 1, 66: "x"}))
print(ord("a"), chr(97), chr(8364), ord("\n"), repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("\t\n\\\x00\x7f"), ascii("\u00e9\U0001f600"))
print("a\x41\u0041\101\N{LATIN SMALL LETTER A}", r"raw\n", "line \
continued", """triple
quoted""")
for f in (lambda: "abc"[5], lambda: "abc" + 1, lambda: "abc".index("z"), lambda: "a".join([1]), lambda: ord("ab"), lambda: chr(-1),
          lambda: "a" * 1.5, lambda: "abc"["a"], lambda: "".split(""), lambda: "a".center(), lambda: "a".nothing, lambda: "abc".replace("a"), lambda: "a".center(5, "xy")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    "abc"[0] = "x"
except TypeError as e:
    print(e)
try:
    del "abc"[0]
except TypeError as e:
    print(e)
print(str(1), str(None), str([1, "a"]), str(b"x", "ascii"), str(), str(object) , "abc".encode(), "abc" == "ab" + "c", hash("abc") == hash("ab" + "c"))
print("{}".format("x"), "%s" % "x", "a" < "b", "abc".__len__(), "a".__add__("b"), "abc".__contains__("b"), "x".__class__.__name__)
x = "a"
x += "b"
x *= 3
print(x, "a" is not None, "abc".islower() and "done")
