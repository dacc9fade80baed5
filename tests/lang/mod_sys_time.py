# sys and time: only what does not depend on the machine.
import sys
import time
print(type(sys.argv).__name__, len(sys.argv), sys.maxsize == 2**63 - 1, sys.byteorder, sys.maxunicode, isinstance(sys.path, list), isinstance(sys.modules, dict), "sys" in sys.modules, sys.version_info[0], sys.version_info >= (3, 13), isinstance(sys.version, str), sys.float_info.max, sys.float_info.epsilon)
sys.stdout.write("written\n")
print("to stdout", file=sys.stdout, flush=True)
old = sys.getrecursionlimit()
sys.setrecursionlimit(5000)
print(sys.getrecursionlimit(), old >= 1000)
def deep(n): return 0 if n == 0 else 1 + deep(n - 1)
print(deep(3000))
sys.setrecursionlimit(old)
try:
    deep(100000)
except RecursionError as e:
    print("RecursionError")
a, b = time.time(), time.perf_counter()
c = time.process_time()
time.sleep(0.001)
print(time.time() >= a, time.perf_counter() > b, time.process_time() >= c, time.monotonic() > 0, isinstance(time.time_ns(), int), isinstance(time.perf_counter_ns(), int))
for bad in (0, -1):
    try:
        sys.setrecursionlimit(bad)
    except ValueError as e:
        print("ValueError")
print(sys.intern("abc") == "abc", callable(sys.exit), sys.exc_info(), hasattr(sys, "stderr"))
class Out:
    def __init__(self): self.parts = []
    def write(self, s): self.parts.append(s)
    def flush(self): pass
o = Out()
print("captured", 5, file=o)
saved, sys.stdout = sys.stdout, o
print("redirected")
sys.stdout = saved
print(o.parts)
