class A:
    def __init__(self): self.b=1; self.a=2
    def f(self):
        def g(): self.zz = 1
        self.a += 1
        for self.q in (): pass
class B(A):
    x = 1
print(A.__static_attributes__, B.__static_attributes__)
print(sorted(vars(B)))


class Documented:
    "text"


class Below(Documented):
    pass


print(Documented.__doc__, Below.__doc__, Below().__doc__)


class Late(A):
    # An attribute that no method of the class sets, after those that they do.
    pass


late = Late()
late.other = 7
for i in range(2000):
    late.other += 1
    late.more = late.other + late.a
print(late.other, late.more, sorted(vars(late)))
