data = {"k": [1, 2]}
try:
    print(data["k"][5])
except IndexError:
    print(data["missing"]["deep"])
