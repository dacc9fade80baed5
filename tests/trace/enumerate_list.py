# The index and the item come from registers: no tuple is made, no call.
def total(items):
    s = 0
    for i, x in enumerate(items):
        s += i * x
    return s


print(total(list(range(3000))))
