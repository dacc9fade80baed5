class A:
    def b(self):
        return None


a = A()
print(a.b().c(1)[2])
