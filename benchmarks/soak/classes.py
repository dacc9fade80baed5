"""Classes without end, with methods and instances."""
import sys


class Base:
    def double(self):
        return self.value * 2


def work(start, stop):
    for i in range(start, stop):

        class Thing(Base):
            kind = i

            def __init__(self, value):
                self.value = value

            def triple(self):
                return self.value * 3

        thing = Thing(i)
        assert thing.double() + thing.triple() == 5 * i


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
