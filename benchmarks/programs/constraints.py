"""An incremental solver of one-way constraints with strengths.

The plan of the classic DeltaBlue benchmark (each constraint picks one of its
methods; the walkabout strength of a variable says how strong a constraint must be
to overrule what determines it), written anew.
"""
import sys
import time

FULL = 900
SMALL = 12

REQUIRED, STRONG, PREFERRED, NORMAL, WEAK, WEAKEST = range(6)


class Variable:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.users = []
        self.source = None
        self.strength = WEAKEST
        self.fixed = True
        self.mark = 0


class Constraint:
    """Common part; a method is told by the index of its output variable, None if unmet."""

    def __init__(self, strength, *variables):
        self.strength = strength
        self.variables = variables
        self.chosen = None

    def outputs(self):
        """Indices of the variables that this constraint could compute."""
        return range(len(self.variables))

    def output(self):
        return self.variables[self.chosen]

    def inputs(self):
        return [v for i, v in enumerate(self.variables) if i != self.chosen]

    def is_met(self):
        return self.chosen is not None

    def is_input(self):
        return False

    def choose(self, mark):
        """Picks the weakest unmarked output that this constraint may overrule."""
        self.chosen = None
        weakest = self.strength
        for i in self.outputs():
            variable = self.variables[i]
            if variable.mark != mark and variable.strength > weakest:
                weakest = variable.strength
                self.chosen = i

    def ready(self, mark):
        for variable in self.inputs():
            if variable.mark != mark and not variable.fixed and variable.source is not None:
                return False
        return True

    def recalculate(self):
        out = self.output()
        strength = self.strength
        fixed = True
        for i, variable in enumerate(self.variables):
            if i != self.chosen:
                fixed = fixed and variable.fixed
        for i in self.outputs():
            if i != self.chosen and self.variables[i].strength > strength:
                strength = self.variables[i].strength
        out.strength = strength
        out.fixed = fixed and not self.is_input()
        if out.fixed:
            self.execute()

    def execute(self):
        raise NotImplementedError


class Stay(Constraint):
    def execute(self):
        pass


class Edit(Constraint):
    def is_input(self):
        return True

    def execute(self):
        pass


class Equal(Constraint):
    def execute(self):
        left, right = self.variables
        if self.chosen == 0:
            left.value = right.value
        else:
            right.value = left.value


class Scale(Constraint):
    """right = left * factor + offset, either way; factor and offset are only read."""

    def outputs(self):
        return (0, 1)

    def execute(self):
        left, right, factor, offset = self.variables
        if self.chosen == 0:
            left.value = (right.value - offset.value) // factor.value
        else:
            right.value = left.value * factor.value + offset.value


class Planner:
    def __init__(self):
        self.mark = 0

    def new_mark(self):
        self.mark += 1
        return self.mark

    def add(self, constraint):
        for variable in constraint.variables:
            variable.users.append(constraint)
        mark = self.new_mark()
        overruled = self.satisfy(constraint, mark)
        while overruled is not None:
            overruled = self.satisfy(overruled, mark)
        return constraint

    def satisfy(self, constraint, mark):
        """Makes the constraint hold if it can; gives back the one it drove out."""
        constraint.choose(mark)
        if not constraint.is_met():
            if constraint.strength == REQUIRED:
                raise ValueError("a required constraint cannot be met")
            return None
        for variable in constraint.inputs():
            variable.mark = mark
        out = constraint.output()
        overruled = out.source
        if overruled is not None:
            overruled.chosen = None
        out.source = constraint
        self.propagate(constraint, mark)
        out.mark = mark
        return overruled

    def propagate(self, constraint, mark):
        todo = [constraint]
        while todo:
            each = todo.pop()
            if each.output().mark == mark and each is not constraint:
                raise ValueError("the constraints form a cycle")
            each.recalculate()
            self.collect(each.output(), todo)

    def collect(self, variable, into):
        """Adds the met constraints that read the variable."""
        source = variable.source
        for user in variable.users:
            if user is not source and user.is_met():
                into.append(user)

    def remove(self, constraint):
        out = constraint.output() if constraint.is_met() else None
        constraint.chosen = None
        for variable in constraint.variables:
            variable.users.remove(constraint)
        if out is None:
            return
        out.source = None
        unmet = self.free(out)
        for strength in range(6):
            for each in unmet:
                if each.strength == strength and not each.is_met():
                    mark = self.new_mark()
                    overruled = self.satisfy(each, mark)
                    while overruled is not None:
                        overruled = self.satisfy(overruled, mark)

    def free(self, out):
        """Weakens everything downstream of `out`; gives the constraints that may now hold."""
        out.strength = WEAKEST
        out.fixed = True
        unmet = []
        todo = [out]
        while todo:
            variable = todo.pop()
            for user in variable.users:
                if not user.is_met():
                    unmet.append(user)
            ready = []
            self.collect(variable, ready)
            for each in ready:
                each.recalculate()
                todo.append(each.output())
        return unmet

    def plan(self, sources):
        """The constraints to execute, in order, when the sources change."""
        mark = self.new_mark()
        todo = [c for c in sources if c.is_input() and c.is_met()]
        plan = []
        while todo:
            each = todo.pop()
            out = each.output()
            if out.mark != mark and each.ready(mark):
                plan.append(each)
                out.mark = mark
                self.collect(out, todo)
        return plan


def change(planner, variable, values):
    """Edits the variable through the values and gives how long the plan was."""
    edit = planner.add(Edit(PREFERRED, variable))
    plan = planner.plan([edit])
    for value in values:
        variable.value = value
        for constraint in plan:
            constraint.execute()
    planner.remove(edit)
    return len(plan)


def chain(size):
    """A long row of variables equal to each other, edited at one end."""
    planner = Planner()
    row = [Variable("v%d" % i, 0) for i in range(size + 1)]
    for left, right in zip(row, row[1:]):
        planner.add(Equal(REQUIRED, left, right))
    planner.add(Stay(STRONG, row[-1]))
    length = change(planner, row[0], range(12))
    return length, row[0].value, row[-1].value, row[-1].strength


def projection(size):
    """Many pairs tied by one scale and offset; either side and both knobs are edited."""
    planner = Planner()
    factor = Variable("factor", 10)
    offset = Variable("offset", 1000)
    pairs = []
    for i in range(size):
        left = Variable("left%d" % i, i)
        right = Variable("right%d" % i, i)
        planner.add(Stay(NORMAL, left))
        planner.add(Scale(REQUIRED, left, right, factor, offset))
        pairs.append((left, right))
    checks = []
    change(planner, pairs[0][0], [17])
    checks.append(pairs[0][1].value)
    change(planner, pairs[-1][1], [1050])
    checks.append(pairs[-1][0].value)
    checks.append(change(planner, factor, range(2, 7)))
    checks.append(sum(right.value for _, right in pairs))
    checks.append(change(planner, offset, range(0, 3000, 500)))
    checks.append(sum(right.value for _, right in pairs))
    return checks


def run(size):
    lines = ["chain %d %d %d %d" % chain(size), "projection %s" % projection(size)]
    try:
        planner = Planner()
        lone = Variable("lone", 1)
        planner.add(Stay(REQUIRED, lone))
        planner.add(Stay(REQUIRED, lone))
    except ValueError as error:
        lines.append(str(error))
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
