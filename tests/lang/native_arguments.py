"""How built-in functions and methods take their arguments, by position and by name, and what they say if they do not."""
import itertools
import math
import sys
import time

CALLS = """range(a=1)|slice(a=1)|bool(x=1)|float(x=1)|int(x=1)|str(foo=1)|bytes(foo=1)|complex(foo=1)|list(a=1)|set(a=1)
itertools.chain(a=1)|itertools.count(foo=1)|itertools.islice(a=1)|itertools.product(a=1)|itertools.islice([])
super(a=1)|classmethod(a=1)|reversed(a=1)|range()|enumerate()|object.__new__()|int.__new__()|object.__new__(cls=int)
issubclass()|issubclass(1, 2, 3)|issubclass(int, object)|eval()|eval('a', globals={'a': 5})|eval('b', {}, locals={'b': 2})
eval(globals={})|eval('1', {}, {}, {})|exec()|exec('1', foo=1)|exec(globals={})|compile()|compile('1', 'f', 'eval', foo=1)
eval(compile('1', 'f', 'eval', _feature_version=3))|pow(x=1)|pow(1, base=2)|pow(exp=3, base=2)|pow(2, 3, base=1)|pow()
round(ndigits=1)|round(number=2.55, ndigits=1)|round(1, number=2)|round(1, 2, 3)|print(foo=1)|sorted([], 1)|sorted(key=1)
getattr()|max()|max(key=1)|iter()|next()|vars(1, 2)|len()|len(1, 2)|ord(character='a')|ord()|len(obj=[])
''.find()|''.find('a', 1, 2, 3)|'abcb'.find('b', 2)|'abcb'.rindex('b', 0, 3)|''.startswith(x=1)|b''.count(1, 2, 3, 4)
b'abab'.count(b'a', 1)|b'ab'.hex(sep='-')|b''.hex(sep='a', foo=1)|''.split(1, 2, 3)|''.split(' ', sep=1)|str('a', object=1)|'a b'.split(maxsplit=0)|''.encode(foo=1)
[].sort(1)|[].sort(key=1, foo=2)|dict().pop()|dict().pop(1, 2, 3)|dict().pop(1, 2)|dict().update(self=1)|dict.update()
dict.fromkeys()|dict.fromkeys(1, 2, 3)|dict.fromkeys([1])|set().union(a=1)|set().update(x=1)|set().difference(a=1)
int.from_bytes()|int.from_bytes(a=1)|int.from_bytes(b'a', signed=True)|bytes.fromhex()|str.maketrans()|str.maketrans(1, 2, 3, 4)
int.__add__()|int.__add__(1)|int.__add__(1, 2, 3)|int.__add__(self=1)|str.upper(self='a')|list.append()|list.append([], 1, 2)
math.gcd(a=1)|math.gcd()|math.isclose(1)|math.isclose(a=1, b=1)|math.atan2(1)|math.hypot(a=1)|math.log()|math.nextafter(1, 2, 3)
sys.exc_info(1)|sys.set_int_max_str_digits()|time.time(1)|time.sleep()|time.sleep(seconds=1)|itertools.tee()
object.__subclasshook__()|object.__init_subclass__(1)|object.__init_subclass__(a=1)|'{self}'.format(self=1)|__import__(foo=1)"""

for line in CALLS.split("\n"):
    for call in line.split("|"):
        try:
            print(call, "->", eval(call))
        except Exception as error:
            print(call, "->", type(error).__name__, error)


def by_name(n):
    """The same in a loop: names that are taken, and from some round on one that is not."""
    total, refused = 0, 0
    for i in range(n):
        total += pow(base=i, exp=2, mod=7) + round(number=i) + len("a b c".split(maxsplit=i & 1))
        total += "abcabc".find("c", i & 3) + int.from_bytes(b"ab", byteorder="little" if i & 1 else "big")
        try:
            total += pow(i, exp=2) if i < n - 5 else pow(i, base=2)
        except TypeError as error:
            refused += 1
            text = str(error)
    return total, refused, text


print(by_name(300))
for function in len, str.find, int.__add__, print, max, dict.pop, int.from_bytes, [].sort, object.__init__, int.__new__:
    print(function.__name__, function.__text_signature__)
