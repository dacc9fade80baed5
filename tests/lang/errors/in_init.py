class A:
    def __init__(self, n):
        self.n = n.nothing


class B(A):
    def __init__(self, n):
        super().__init__(n)


B(5)
