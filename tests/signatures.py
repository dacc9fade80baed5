"""Prints the `__text_signature__` of every built-in function and method: see `oracle.py signatures`."""
import builtins
import itertools
import math
import sys
import time

ROWS = (type(len), type(str.find), type(int.__add__), type(vars(dict)["fromkeys"]), staticmethod, classmethod)


def unnamed():
    """Classes that are reached through their objects."""
    class Slotted:
        __slots__ = "slot"

        def method(self):
            yield self

    numbers = {1: 2}
    objects = [Slotted.method, Slotted().method, Slotted().method(), Slotted.slot, len, str.find, int.__add__, list[int], int | str,
               numbers.keys(), numbers.values(), numbers.items(), None, NotImplemented, Ellipsis, sys]
    for each in [], (), "", "\u20ac", b"", bytearray(), {}, {1}, range(3), numbers.values(), numbers.items():
        objects.append(iter(each))
    for each in [], range(3), numbers, numbers.values(), numbers.items():
        objects.append(reversed(each))
    return [type(each) for each in objects]


def classes():
    found = []
    for module in builtins, itertools:
        for name, value in sorted(vars(module).items()):
            if isinstance(value, type) and value.__module__ == module.__name__ and value not in found:
                found.append(value)
    for each in unnamed():
        if each not in found:
            found.append(each)
    return found


def show(owner, name, of):
    print(f"{owner}.{name} {getattr(getattr(of, name), '__text_signature__', None)!r}")


for each in classes():
    for name in sorted(vars(each)):
        if isinstance(vars(each)[name], ROWS):
            show(each.__name__, name, each)
for module in builtins, itertools, math, sys, time:
    for name in sorted(vars(module)):
        if isinstance(vars(module)[name], ROWS) and (name.startswith("__") or not name.startswith("_")):
            show(module.__name__, name, module)
