# The generator runs inside of the loop that sums: its state and its frame stay in registers, no call.
def squares(n):
    for i in range(n):
        yield i * i


print(sum(squares(3000)))
