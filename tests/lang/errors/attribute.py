class Thing:
    pass


thing = Thing()
thing.first = 1
print(thing.first)
print(thing.first.second.third)
