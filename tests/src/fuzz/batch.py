# Imports the programs named as arguments, one after another; each begins with a line of its name.
import sys

for name in sys.argv[1:]:
    print("=====", name, flush=True)
    try:
        __import__(name)
    except BaseException as e:
        print("ended by", type(e).__name__)
    sys.modules.pop(name, None)
print("===== end", flush=True)
