"""Exception classes without end: raised, caught, with attributes and notes."""
import sys


def work(start, stop):
    for i in range(start, stop):
        error = type(f"Error{i}", (ValueError,), {})
        try:
            raise error(i)
        except ValueError as e:
            e.code = i
            assert e.args == (i,)


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
