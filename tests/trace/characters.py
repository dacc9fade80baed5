# The characters of a str against a constant one: loads and a comparison of bytes.
def f(s):
    n = 0
    for c in s:
        if c == "x":
            n += 1
    return n


f("x" * 3000)
