# bytes and bytearray.
b = b"hello world"
print(b, len(b), b[0], b[-1], b[1:4], b[::-1], b + b"!", b * 2, b"l" in b, 104 in b, list(b[:3]), b == b"hello world", b < b"z")
print(b.upper(), b.title(), b.find(b"o"), b.rfind(b"o"), b.count(b"l"), b.split(), b.split(b"o"), b.replace(b"l", b"L"), b.startswith(b"he"), b.endswith((b"x", b"ld")))
print(b.partition(b" "), b.strip(b"hd"), b",".join([b"a", b"b"]), b.hex(), bytes.fromhex("00ff 10"), b.decode(), b.center(15, b"*"), b"5".zfill(3), b.isalpha(), b"12".isdigit())
print(bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes(), bytes(b"x"), bytes(range(3)), repr(b"\x00\t\n'\"\\\x7f\xff"), b'it"s', b"it's")
for f in (lambda: bytes([256]), lambda: bytes("x"), lambda: b[100], lambda: b + "x", lambda: b"a".index(b"z"), lambda: b["a"], lambda: bytes(-1), lambda: b"".join(["x"]), lambda: bytes.fromhex("zz")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
a = bytearray(b"abc")
a.append(100)
a.extend(b"ef")
a[0] = 65
a[1:3] = b"XYZ"
print(a, len(a), a[0], a.pop(), a.pop(0), a, bytes(a), a == b"XYZde", a + b"1", a * 2)
del a[0]
a.insert(0, 33)
a.reverse()
a += b"++"
print(a, a.find(b"+"), a.index(43), a.upper(), a.decode(), list(a[:2]), a.copy() is a, a[::2])
a.remove(43)
a[::2] = b"\0" * len(a[::2])
print(a)
a.clear()
print(a, bool(a), bytearray(2), bytearray([1, 2]), bytearray("é", "latin-1"))
for f in (lambda: bytearray(b"a").append(256), lambda: bytearray(b"a").append("x"), lambda: bytearray().pop(), lambda: bytearray(b"a").remove(1), lambda: hash(bytearray())):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    b[0] = 1
except TypeError as e:
    print(e)
print(hash(b"a") == hash(b"a"), {b"k": 1}[b"k"], b"%d %s" % (5, b"x"), sorted([b"b", b"a"]), max(b"abc"), sum(b"abc"))
print(int.from_bytes(bytearray(b"\x01\x00"), "big"), b"a b".translate(bytes(range(256)), b" "), bytes.maketrans(b"a", b"z")[97])
for x in b"ab":
    print(x, end=" ")
print()
