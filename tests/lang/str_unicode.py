# Strings beyond ASCII: indexes are code points.
s = "naïve café Ωmega 日本語 😀!"
print(s, len(s), s[2], s[-2], s[7:10], s[::-1], s[17:], s.upper(), s.lower(), s.title())
for i, c in enumerate(s):
    if ord(c) > 127:
        print(i, c, ord(c), repr(c), ascii(c))
print(s.find("é"), s.find("日"), s.rfind("😀"), s.index("Ω"), s.count("a"), "本" in s, s.split(" "), s.partition("Ω"))
print(s.encode("utf-8"), len(s.encode()), s.encode("utf-8").decode("utf-8") == s, "é".encode("latin-1"), "é".encode("ascii", "replace"), "é".encode("ascii", "ignore"))
print("ß".upper(), "İ".lower() == "i̇", "ǆ".title(), "ΑΣ".lower(), "ﬁ".upper(), "Straße".casefold())
print("é" < "z", "é" > "z", "😀" > "\uffff", sorted("zéaΩ"), max("aé"), "é".isalpha(), "²".isdigit(), "½".isnumeric(), "٣".isdecimal(), int("٣") + 1, "日本".isidentifier())
print("日本".center(6, "*"), "é".ljust(3, "é"), "日本語".replace("本", "--"), "ab" + "é" + "cd", "é" * 3, ("é" * 3)[1:], "日本語"[1], "日本語"[-1:])
print("\u00a0\u2003x\u3000".strip(), "a\u2028b\x85c".splitlines(), "a\u3000b".split())
for bad in (lambda: "é".encode("ascii"), lambda: b"\xff".decode(), lambda: "\ud800".encode(), lambda: b"abc\x80".decode("ascii")):
    try:
        print(bad())
    except UnicodeError as e:
        print(type(e).__name__, e)
print(b"a\xffb".decode("utf-8", "replace"), b"a\xffb".decode("utf-8", "ignore"), b"\xe9".decode("latin-1"), repr("\ud800"), len("\ud800x"), "\ud800" == "\ud800")
print(repr("\u200b\xad\u0378é\x80"), "x" in "日本", [ord(c) for c in "aé日😀"], "".join(chr(c) for c in (97, 233, 26085, 128512)))
d = {"é": 1, "日": 2, "😀": 3}
print(d, d["日"], "é" in d, d.get("x"))
out = ""
for c in "αβγ":
    out = c + out
print(out, out.translate({0x3b1: "a"}), "%s|%5s|%-3s|" % ("é", "日", "é"), f"{'日':>3}|{'é':*^5}", "{:é<4}".format("x"))
naïve = 3
print(naïve + 1)
