def f(*args):
    return (
        args[0]
        + args[1]
        + args[2]
    )


f(1,
  2,
  "x")
