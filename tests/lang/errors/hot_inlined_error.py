class Box:
    def __init__(self, items):
        self.items = items

    def get(self, i):
        return self.items[i]


def read(box, i):
    value = box.get(i)
    return value + 1


def total(box, n):
    s = 0
    for i in range(n):
        s += read(box, i)
    return s


box = Box([1] * 3000)
print(total(box, 3000))
box.items[2500] = None
print(total(box, 3000))
