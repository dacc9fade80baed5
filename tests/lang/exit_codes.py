# finally blocks run before sys.exit ends the program with its code (0 here).
import sys
try:
    print("body")
    sys.exit()
finally:
    print("finally")
