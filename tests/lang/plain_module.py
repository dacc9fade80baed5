# Imported by imports.py; by itself it prints its name.
x = 1
_private = 2
def get(): return x
def set_x(v):
    global x
    x = v
if __name__ == "__main__":
    print("main run", __name__)
