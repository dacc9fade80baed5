# The generator runs inside of the loop that sums: one frame, no call, nothing allocated.
def squares(n):
    for i in range(n):
        yield i * i


print(sum(squares(3000)))
