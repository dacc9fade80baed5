class P:
    @property
    def value(self):
        return self.data["k"]

    data = {}


def show(p):
    print(p.value)


show(P())
