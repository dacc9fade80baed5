"""Sorting: by key, reversed, by __lt__, stable; and three sorts written in Python."""
import random
import sys
import time

FULL = 26000
SMALL = 60


class Card:
    def __init__(self, suit, rank):
        self.suit = suit
        self.rank = rank

    def __lt__(self, other):
        return (self.rank, self.suit) < (other.rank, other.suit)

    def __repr__(self):
        return "%s%d" % ("chsd"[self.suit], self.rank)


def merge_sort(items):
    if len(items) < 2:
        return items
    half = len(items) // 2
    left = merge_sort(items[:half])
    right = merge_sort(items[half:])
    out = []
    i = j = 0
    while i < len(left) and j < len(right):
        if right[j] < left[i]:
            out.append(right[j])
            j += 1
        else:
            out.append(left[i])
            i += 1
    return out + left[i:] + right[j:]


def quick_sort(items, low, high):
    while low < high:
        pivot = items[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while items[i] < pivot:
                i += 1
            while pivot < items[j]:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        if j - low < high - i:
            quick_sort(items, low, j)
            low = i
        else:
            quick_sort(items, i, high)
            high = j


def heap_sort(items):
    heap = []
    for item in items:
        heap.append(item)
        child = len(heap) - 1
        while child:
            parent = (child - 1) // 2
            if not heap[child] < heap[parent]:
                break
            heap[child], heap[parent] = heap[parent], heap[child]
            child = parent
    out = []
    while heap:
        out.append(heap[0])
        last = heap.pop()
        if heap:
            sift_down(heap, last)
    return out


def sift_down(heap, item):
    size = len(heap)
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if not heap[child] < item:
            break
        heap[hole] = heap[child]
        hole = child
    heap[hole] = item


def run(size):
    dice = random.Random(5)
    numbers = [dice.randrange(size * 4) for _ in range(size)]
    floats = [dice.random() * 100.0 for _ in range(size)]
    cards = [Card(n & 3, n % 13) for n in numbers]
    by_digit = sorted(numbers, key=lambda n: n % 10)
    by_pair = sorted(cards, key=lambda card: (-card.rank, card.suit))
    plain = sorted(cards)
    words = sorted((str(n) for n in numbers), key=len, reverse=True)
    quick = floats[:]
    quick_sort(quick, 0, len(quick) - 1)
    same = merge_sort(numbers) == sorted(numbers) == heap_sort(numbers) and quick == sorted(floats)
    return "%s\n%s\n%s\n%s\n%s" % (by_digit[:12], by_pair[:8], plain[-8:], words[:6], same)


def main(argv):
    """Runs `run` N times and prints its result; with --bench each time goes to stderr."""
    options = [arg for arg in argv[1:] if arg.startswith("--")]
    counts = [arg for arg in argv[1:] if not arg.startswith("--")]
    size = SMALL if "--small" in options else FULL
    bench = "--bench" in options
    result = None
    for _ in range(int(counts[0]) if counts else 1):
        start = time.process_time()
        again = run(size)
        elapsed = time.process_time() - start
        if result is not None and again != result:
            raise AssertionError("run() is not repeatable")
        result = again
        if bench:
            sys.stderr.write("%.6f\n" % elapsed)
    print(result)


if __name__ == "__main__":
    main(sys.argv)
