print("init early", __name__, __package__)
name = "early"
def where():
    return __name__
