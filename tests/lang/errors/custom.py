class Problem(Exception):
    def __str__(self):
        return "problem %s" % (self.args,)


class Outer:
    class Inner(Exception):
        pass

    def method(self, flag):
        if flag:
            raise Outer.Inner("inner", 1)
        raise Problem(1, 2)


try:
    Outer().method(False)
except Problem as e:
    print(e)
Outer().method(True)
