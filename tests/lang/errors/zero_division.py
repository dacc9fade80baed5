def divide(a, b):
    return a / b


def main():
    for i in range(3, -1, -1):
        print(divide(6, i))


main()
