import sys
try:
    sys.exit("error text")
finally:
    print("cleaned up")
