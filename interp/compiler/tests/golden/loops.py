def total(n):
    s = 0
    for i in range(n):
        if i == 3:
            continue
        s += i * 2 + 1
    return s

def last(items):
    for item in items:
        pass
    return item

def search(items, wanted):
    while items:
        x, y = items.pop()
        if 0 <= x < wanted or y is None:
            break
    else:
        return -1
    return x

def pairs(rows):
    return [(k, v) for k, v in rows if k != v]


def appends(items, last):
    text = ""
    total = 0
    for item in items:
        if item:
            text += item
        total += item
    while last:
        text = text + last
        last = text
    return text
