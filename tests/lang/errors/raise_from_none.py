try:
    {}["x"]
except KeyError:
    raise RuntimeError("clean") from None
