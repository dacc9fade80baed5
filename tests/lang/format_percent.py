# The % operator on strings.
print("%d %i %u" % (1, -2, 3.9), "%s %r %a" % ("a", "a", "é"), "%5d|%-5d|%05d|%+d|% d" % (42, 42, 42, 42, 42), "%x %X %#x %o %#o" % (255, 255, 255, 8, 8))
print("%f %.2f %10.3f|%-10.1f|%+.1e %g %G %E" % (1.5, 2.345, 3.14159, 2.5, 12345.678, 1e-5, 1e20, 0.00123), "%c%c" % ("x", 65), "%%" % (), "100%%" % ())
print("%s" % 5, "%s" % [1, 2], "%s %s" % ("a", (1, 2)), "%s" % (("t",),), "%(a)s %(b)05.1f %(a)r" % {"a": "x", "b": 2.25}, "%*d|%-*d|%.*f" % (5, 42, 5, 42, 2, 3.14159))
print("%5s|%-5s|%.2s|%5.1s|" % ("abc", "abc", "abc", "abc"), "%s" % None, "%s" % True, "%d" % True, "%5.2f%%" % 99.5, "%s" % {"k": 1}, "%r" % ((1,),))
print("%d" % 2**70, "%x" % -255, "%08.3f" % -3.14159, "%.0f" % 2.5, "%.0f" % 3.5, "%g" % 1000000, "%g" % 123456789, "%g" % 0.0001, "%g" % float("inf"), "%f" % float("nan"), "%.3d" % 5, "%+5d" % 3)
for f in (lambda: "%d" % "x", lambda: "%d %d" % 1, lambda: "%d" % (1, 2), lambda: "%s %s" % ("a",), lambda: "%(a)s" % {}, lambda: "%(a)s" % 1, lambda: "%z" % 1, lambda: "%" % 1,
          lambda: "%x" % 1.5, lambda: "a" % 1, lambda: "%f" % "x"):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print("no args" % (), "x" % {}, "%s" % ("é",), "%5s|" % "é", "%s %s" % ("a", "b"))
for i in range(3):
    print("%d %d" % (i, i * i))
for f in (lambda: "%c" % "ab", lambda: "%c" % -1):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__)
