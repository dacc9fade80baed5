class CM:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        print("exit", args[0].__name__)


with CM() as cm:
    for i in range(3):
        if i == 1:
            raise StopIteration(i)
