# What errors of the built-in types and functions say, one snippet after the other.
import itertools, math

CASES = r"""
1//0
0**-1
pow(2,-1,0)
pow(2,-1,4)
1>>-1
0j**-1
1j//2
1j%2
1 in 2
[] in {1}
{[]:1}
{}.pop([])
{}[1]
[][0]
()[0]
""[0]
b""[0]
bytearray()[0]
range(0)[0]
[]["a"]
[1][1.0]
()["a"]
"a"["b"]
b"a"["b"]
[].pop()
[1].pop(5)
{}.popitem()
set().pop()
[].remove(1)
[].index(1)
().index(1)
"a".index("b")
b"a".index(b"b")
range(3).index(7)
int("x")
int("12",1)
int("")
int(" ")
int(None)
int("1",2.0)
int(1,2)
float("x")
float("")
float(None)
complex("x")
complex("1",2)
complex(None)
complex(object())
complex([])
bool(1,2)
str(b"a",1)
bytes(-1)
bytes("a")
bytes([256])
bytes(1.5)
bytearray([300])
bytearray(1)[0].x
list(1)
dict([1])
dict([(1,2,3)])
list(1,2)
tuple([],1)
range()
range(1,2,0)
range(1,2,3,4)
slice()
slice(1,2,3,4)
[1,2][::0]
[1,2]["a":]
a=[1,2,3];a[::2]=[1]
a=[1];a[0:1]=1
a=[1];a[3]=1
a=(1,);a[0]=1
a=(1,);del a[0]
a=1;a[0]
a=1;del a[0]
a=None;a.x=1
a=1;del a.real
int.foo
int.foo=1
type("A",(1,),{})
type("A",(bool,),{})
type("A",(int,str),{})
type("A",(object,object),{})
type("A",1,{})
type(1,(),{})
type()
None()
len()
len(1)
abs()
abs("a")
-"a"
+"a"
~"a"
not_defined
1+"a"
"a"+1
[]+1
[]+()
()+[]
b""+""
""+b""
1-"a"
"a"*"b"
1@2
1|1.0
1&"a"
1^None
2**"a"
pow(1.0,2,3)
divmod("a",1)
1<"a"
max()
max([])
max(1,"a")
min()
min([])
min(1,2,default=3)
sum()
sum([],"")
sum([b""],b"")
sorted()
[1].sort(1)
reversed(1)
reversed()
enumerate()
zip([1],[1,2],strict=True).__next__() and list(zip([1],[1,2],strict=True))
list(zip([1,2],[1],strict=True))
list(zip([1,2],[1,2],[1],strict=True))
map()
filter()
iter()
iter(1,2)
next()
next(1)
next(iter([]))
next(iter([]),1,2)
all()
chr(-1)
ord("")
ord(1)
round("a")
round(float("nan"))
round(float("inf"))
isinstance(1,1)
issubclass(1,int)
issubclass(int,1)
getattr()
getattr(1,2)
callable()
id()
repr()
print(sep=1)
print(end=1)
print(foo=1)
input(1,2)
format(1,2)
format(1,"x"*3)
format(1,"s")
format("a","=5")
format("a","+")
format("a",",")
format(-1,"c")
format(1,"_,")
format(1,".2d")
format(1,"+c")
format(None,"5")
format([],"5")
format(1,"5.")
format(1,"10000000000000000000000")
format(1j,"=5")
format(1j,"05")
format({},"x")
f"{1:z}"
"{}".format()
"{0} {}".format(1)
"{} {0}".format(1)
"{a}".format()
"{".format()
"}".format()
"{!x}".format(1)
"{!}".format(1)
"{0[}".format([1])
"{a.}".format(a=1)
"%d"%"a"
"%d"%None
"%d"%()
"%d"%(1,2)
"%x"%1.5
"%x"%"a"
"%c"%"ab"
"%c"%1.0
"%f"%"a"
"%e"%None
"%z"%1
"%"%1
"%("%{}
"%(a)s"%1
"%*d"%("a",1)
b"%s"%"a"
b"%c"%256
b"%c"%"a"
"a".join(1)
"a".join([1])
b"a".join(["a"])
b"a".join([1])
"a".split(1)
"a".split("")
"a".partition(1)
"a".replace(1,2)
"a".replace("a")
"a".find(1)
"a".count(1)
"a".startswith(1)
"a".endswith(1)
"a".strip(1)
"a".center()
"a".center(5,"ab")
"a".center(5,1)
"a".encode("x")
"a".encode(1)
"\ud800".encode()
"\xff".encode("ascii")
"\u1234".encode("latin-1")
b"\xff".decode()
b"\xff".decode("ascii")
b"\xc3".decode("utf-8")
b"a".find("a")
b"a".split("a")
b"a".startswith("a")
b"a".hex("ab")
bytes.fromhex("x")
bytes.fromhex("1")
bytes.fromhex(1)
"a".maketrans(1)
"a".maketrans("ab","c")
"a".maketrans({"ab":1})
"a".casefold(1)
"a".isalpha(1)
"a".upper(1)
[].append()
[].extend()
[].insert(1)
[].count()
[].copy(1)
[].reverse(1)
{}.get()
{}.get(1,2,3)
{}.pop()
{}.keys(1)
{}.fromkeys()
set().add()
().count()
(1).bit_length(1)
(1).to_bytes(0,"big")
(-1).to_bytes(1,"big")
(1).to_bytes(1,"x")
(1).to_bytes(-1,"big")
(1.0).as_integer_ratio(1)
float("inf").as_integer_ratio()
float("nan").as_integer_ratio()
float.fromhex("x")
float.fromhex(1)
(1.5).hex(1)
(lambda:1)(1)
(lambda x:1)()
(lambda x,y,z:1)()
(lambda x:1)(1,2)
(lambda x:1)(1,x=2)
(lambda x:1)(y=2)
(lambda x:1)(**{1:2})
(lambda *,x:1)()
(lambda *,x,y:1)()
(lambda x,/:1)(x=1)
(lambda x=1:1)(1,2,3)
(lambda x,*,y:1)(1,2,y=3)
(lambda:1)(*1)
(lambda:1)(**1)
(lambda a:1)(**{"a":1},a=2)
print(*1)
print(**1)
a,b=1
a,b=[1]
a,b=[1,2,3]
a,*b=[]
a,b="abc"
a,b=None
[*1]
{**1}
with 1: pass
with type("T",(),{"__exit__":lambda *s:1})(): pass
raise 1
raise ValueError from 1
raise
assert 0
assert 0,"m"
assert 0,1
def f():\n  x\n  x=1\nf()
def f():\n  def g(): return y\n  g()\n  y=1\nf()
class A: __slots__=("1",)
class A(int): __slots__=("a",)
class A:\n  def __init__(self): return 1\nA()
class A:\n  def __len__(self): return -1\nlen(A())
class A:\n  def __bool__(self): return 1\nbool(A())
class A:\n  def __str__(self): return 1\nstr(A())
class A:\n  def __repr__(self): return 1\nrepr(A())
class A:\n  def __iter__(self): return 1\niter(A())
class A:\n  def __index__(self): return "a"\n[1][A()]
class A:\n  def __int__(self): return "a"\nint(A())
class A:\n  def __float__(self): return "a"\nfloat(A())
class A:\n  def __complex__(self): return "a"\ncomplex(A())
class A:\n  def __format__(self,s): return 1\nformat(A())
class A:\n  def __bytes__(self): return 1\nbytes(A())
class A:\n  __contains__=None\n1 in A()
class A:\n  def __getattr__(self,n): raise AttributeError(n)\nA().x
class A: pass\nA(1)
class A:\n  def f(self): pass\nA().f(1)
class A:\n  def f(self): pass\nA.f()
class A:\n  def f(): pass\nA().f()
class A:\n  @property\n  def p(self): return 1\nA().p=1
class A:\n  @property\n  def p(self): return 1\ndel A().p
class A:\n  p=property()\nA().p
class A:\n  def __new__(cls): return 1\nA(1)
class A:\n  def __init__(self,x): pass\nA()
class A:\n  def __init__(self,x): pass\nA(1,2)
class A:\n  def __init__(self,x): pass\nA(y=1)
object(1)
object.__new__(1)
object.__new__(int)
int.__new__(str)
super()
super(1)
super(int,"a")
def g(): yield 1\ng().send(1)
def g(): yield 1\nx=g();x.throw(1)
def g(): yield 1\nx=g();x.throw(ValueError("v"))
def g():\n  yield 1\n  return 5\nx=g();next(x);next(x)
def g():\n  raise StopIteration(1)\n  yield\nnext(g())
def g():\n  yield next(x)\nx=g();next(x)
def g():\n  try: yield\n  except GeneratorExit: yield\nx=g();next(x);x.close()
math.sqrt(-1)
math.sqrt()
math.log(0)
math.log1p(-1)
math.exp(1000)
math.pow(0,-1)
math.sin(math.inf)
math.cos(-math.inf)
math.acos(2)
math.asin(-2)
math.acosh(0)
math.atanh(1)
math.gamma(0)
math.gamma(-1)
math.gamma(-math.inf)
math.factorial(-1)
math.comb(-1,1)
math.comb(1,-1)
math.isqrt(-1)
math.trunc("a")
math.ldexp(1,1.0)
math.fsum([math.inf,-math.inf])
math.fsum([1e308,1e308])
math.dist([1],[1,2])
math.isclose(1,2,rel_tol=-1)
math.nextafter(1)
math.copysign(1)
math.sumprod([1],[1,2])
math.fma(1,2)
itertools.count("a")
itertools.islice([1],1,2,0)
itertools.islice([1])
itertools.repeat()
itertools.product([1],repeat=-1)
itertools.permutations([1],-1)
itertools.combinations([1])
itertools.groupby()
itertools.tee([1],-1)
itertools.accumulate()
itertools.starmap(1)
itertools.batched([1],0)
list(itertools.batched([1,2,3],2,strict=True))
itertools.takewhile(1)
itertools.cycle()
vars(1)
dir(1,2)
staticmethod()
classmethod()
property(1,2,3,4,5)
ValueError().add_note(1)
UnicodeDecodeError(1)
"""


class A:
    pass


for case in CASES.strip().split("\n"):
    try:
        exec(case.replace("\\n", "\n"), {"math": math, "itertools": itertools, "A": A, "__name__": "__main__"})
        print(case, "=> nothing")
    except Exception as e:
        print(case, "=>", type(e).__name__, e)
