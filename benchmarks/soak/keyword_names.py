"""Keyword names without end."""
import sys


def call(**keywords):
    return keywords


def work(start, stop):
    for i in range(start, stop):
        call(**{f"name{i}": i})


count = int(sys.argv[1])
work(0, count // 2)
input("half\n")
work(count // 2, count)
input("end\n")
