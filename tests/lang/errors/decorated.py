def deco(f):
    def wrapper(*args):
        return f(*args)
    return wrapper


@deco
def target(x):
    return x[0]


target(None)
