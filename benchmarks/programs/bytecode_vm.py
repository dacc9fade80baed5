"""An interpreter for a small stack machine, with an assembler, running three programs."""
import sys
import time

FULL = 24000
SMALL = 40

OPS = "PUSH LOAD STORE ADD SUB MUL MOD LESS JUMP JUMPIF CALL RET DUP PRINT HALT GET SET".split()
(PUSH, LOAD, STORE, ADD, SUB, MUL, MOD, LESS, JUMP, JUMPIF, CALL, RET, DUP, PRINT, HALT, GET, SET) = range(17)
WITH_OPERAND = {PUSH, LOAD, STORE, JUMP, JUMPIF, CALL}


def assemble(source):
    """Turns lines `label:` and `OP [operand]` into a flat list of ints."""
    labels = {}
    words = []
    for line in source.strip().split("\n"):
        line = line.split(";")[0].strip()
        if line.endswith(":"):
            labels[line[:-1]] = len(words)
        elif line:
            words.extend(line.split())
    numbers = {name: i for i, name in enumerate(OPS)}
    return [numbers[w] if w in numbers else labels[w] if w in labels else int(w) for w in words]


class Machine:
    def __init__(self, code, memory):
        self.code = code
        self.memory = memory
        self.stack = []
        self.returns = []
        self.output = []
        self.steps = 0

    def run(self):
        code = self.code
        memory = self.memory
        stack = self.stack
        push = stack.append
        pop = stack.pop
        pc = 0
        steps = 0
        while True:
            op = code[pc]
            pc += 1
            steps += 1
            if op == PUSH:
                push(code[pc])
                pc += 1
            elif op == LOAD:
                push(memory[code[pc]])
                pc += 1
            elif op == STORE:
                memory[code[pc]] = pop()
                pc += 1
            elif op == ADD:
                right = pop()
                stack[-1] += right
            elif op == SUB:
                right = pop()
                stack[-1] -= right
            elif op == MUL:
                right = pop()
                stack[-1] *= right
            elif op == MOD:
                right = pop()
                stack[-1] %= right
            elif op == LESS:
                right = pop()
                stack[-1] = 1 if stack[-1] < right else 0
            elif op == JUMP:
                pc = code[pc]
            elif op == JUMPIF:
                pc = code[pc] if pop() else pc + 1
            elif op == CALL:
                self.returns.append(pc + 1)
                pc = code[pc]
            elif op == RET:
                pc = self.returns.pop()
            elif op == DUP:
                push(stack[-1])
            elif op == PRINT:
                self.output.append(pop())
            elif op == GET:
                push(memory[pop()])
            elif op == SET:
                where = pop()
                memory[where] = pop()
            elif op == HALT:
                self.steps = steps
                return self.output
            else:
                raise ValueError("bad op %d at %d" % (op, pc - 1))


SUM_OF_SQUARES = """
    PUSH 0
    STORE 0
    PUSH 0
    STORE 1
loop:
    LOAD 1
    DUP
    MUL
    LOAD 0
    ADD
    PUSH 99991
    MOD
    STORE 0
    LOAD 1
    PUSH 1
    ADD
    STORE 1
    LOAD 1
    LOAD 2
    LESS
    JUMPIF loop
    LOAD 0
    PRINT
    HALT
"""

COLLATZ = """
    PUSH 0
    STORE 0         ; longest
    PUSH 1
    STORE 1         ; start
outer:
    LOAD 1
    STORE 3
    PUSH 0
    STORE 4
    CALL walk
    LOAD 0
    LOAD 4
    LESS
    JUMPIF better
    JUMP next
better:
    LOAD 4
    STORE 0
next:
    LOAD 1
    PUSH 1
    ADD
    STORE 1
    LOAD 1
    LOAD 2
    LESS
    JUMPIF outer
    LOAD 0
    PRINT
    HALT
walk:
    LOAD 3
    PUSH 2
    LESS
    JUMPIF done
    LOAD 4
    PUSH 1
    ADD
    STORE 4
    LOAD 3
    PUSH 2
    MOD
    JUMPIF odd
    LOAD 3
    CALL half
    STORE 3
    JUMP walk
odd:
    LOAD 3
    PUSH 3
    MUL
    PUSH 1
    ADD
    STORE 3
    JUMP walk
done:
    RET
half:               ; n * 500000001 gives n/2 for even n below the modulus
    PUSH 500000004
    MUL
    PUSH 1000000007
    MOD
    RET
"""

FILL = """
    PUSH 0
    STORE 0
fill:
    LOAD 0
    DUP
    MUL
    LOAD 0
    PUSH 10
    ADD
    SET
    LOAD 0
    PUSH 1
    ADD
    STORE 0
    LOAD 0
    PUSH 200
    LESS
    JUMPIF fill
    PUSH 0
    STORE 1
sum:
    LOAD 0
    PUSH 1
    SUB
    STORE 0
    LOAD 1
    LOAD 0
    PUSH 10
    ADD
    GET
    ADD
    STORE 1
    LOAD 0
    JUMPIF sum
    LOAD 1
    PRINT
    HALT
"""


def run(size):
    lines = []
    for name, source, limit in (
        ("squares", SUM_OF_SQUARES, size * 2),
        ("collatz", COLLATZ, size // 20),
        ("fill", FILL, 0),
    ):
        machine = Machine(assemble(source), [0, 0, limit] + [0] * 300)
        output = machine.run()
        lines.append("%s %s %d" % (name, output, machine.steps))
    return "\n".join(lines)


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
