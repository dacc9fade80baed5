def low():
    raise KeyError("low")


def high():
    try:
        low()
    except KeyError as e:
        raise ValueError("high level") from e


high()
