"""Makes or checks the expected outputs of tests/lang and benchmarks with a given Python.

    python3.14 tests/oracle.py check [NAME...]    compares, exit code 1 on a difference
    python3.14 tests/oracle.py write [NAME...]    rewrites the expectation files
    python3.14 tests/oracle.py signatures         rewrites signatures.txt, what signatures.py prints

The Python that runs this script is the oracle (use --python=EXE for another one);
NAME picks files whose path contains it. Expectations are:

    lang/X.py         -> lang/X.out               standard output, exit code 0
    lang/errors/X.py  -> lang/errors/X.err        exit code, standard output, standard error
    programs/X.py     -> expected/X.txt           standard output of `X.py`
                      -> expected/X.small.txt     standard output of `X.py --small`

Directories are taken out of traceback lines, so that expectations hold anywhere.
"""
import os
import re
import subprocess
import sys

# Programs that show what errors of CPython 3.14 say: older oracles are not asked about them.
SINCE_3_14 = {"attribute_setters.py", "chained_compare.py", "class_bases.py", "class_checks.py", "class_descriptors.py",
              "class_metaclass_protocols.py", "class_slots.py", "class_special_methods.py", "error_texts.py", "hot_consumers.py", "hot_math_functions.py", "hot_raise_forms.py",
              "native_arguments.py", "operators.py", "syntax_error_places.py", "through_builtins.py", "union_chains.py", "with_statement.py"}

TESTS = os.path.dirname(os.path.abspath(__file__))
BENCHMARKS = os.path.join(os.path.dirname(TESTS), "benchmarks")
FILE_LINE = re.compile(r'File "[^"\n]*[/\\]([^"/\\\n]+)"')


def run(python, directory, name, *options):
    """Gives (exit code, stdout, stderr) of a program run in its own directory."""
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0", PYTHONUTF8="1")
    done = subprocess.run([python, name, *options], cwd=directory, env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def error_text(code, out, err):
    """The content of an .err file."""
    return "exit code %d\n--- stdout\n%s--- stderr\n%s" % (code, out, FILE_LINE.sub(r'File "\1"', err))


def programs(directory):
    return sorted(name for name in os.listdir(directory) if name.endswith(".py"))


def is_old(python):
    """Is it a CPython before 3.14?"""
    code = "import sys; print(sys.version_info < (3, 14))"
    return subprocess.run([python, "-c", code], capture_output=True).stdout.strip() == b"True"


def expectations(python, wanted):
    """Yields (path of the expectation, its text by the oracle)."""
    old = is_old(python)
    lang = os.path.join(TESTS, "lang")
    errors = os.path.join(lang, "errors")
    bench = os.path.join(BENCHMARKS, "programs")
    for directory, kind in ((lang, "out"), (errors, "err"), (bench, "txt")):
        for name in programs(directory):
            path = os.path.join(directory, name)
            if wanted and not any(each in path for each in wanted):
                continue
            if old and name in SINCE_3_14:
                print("%s: needs CPython 3.14" % name)
                continue
            stem = path[:-3]
            if kind == "out":
                code, out, err = run(python, directory, name)
                if code:
                    sys.exit("%s fails:\n%s" % (path, err))
                yield stem + ".out", out
            elif kind == "err":
                yield stem + ".err", error_text(*run(python, directory, name))
            else:
                base = os.path.join(BENCHMARKS, "expected", name[:-3])
                yield base + ".txt", run(python, directory, name)[1]
                yield base + ".small.txt", run(python, directory, name, "--small")[1]


def read(path):
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def write_signatures(python):
    """The text signatures of built-in functions and methods, which change with every version of CPython."""
    if is_old(python):
        sys.exit("signatures.txt needs CPython 3.14")
    code, out, err = run(python, TESTS, "signatures.py")
    if code:
        sys.exit(err)
    with open(os.path.join(TESTS, "signatures.txt"), "w", encoding="utf-8", newline="") as file:
        file.write(out)


def main():
    names = [each for each in sys.argv[1:] if not each.startswith("--python=")]
    chosen = [each[9:] for each in sys.argv[1:] if each.startswith("--python=")]
    if not names or names[0] not in ("check", "write", "signatures"):
        sys.exit(__doc__)
    python = chosen[0] if chosen else sys.executable
    if names[0] == "signatures":
        return write_signatures(python)
    changed = 0
    for path, text in expectations(python, names[1:]):
        if read(path) == text:
            continue
        changed += 1
        print(("wrote " if names[0] == "write" else "differs: ") + os.path.relpath(path))
        if names[0] == "write":
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
    print("%d expectations differ from %s" % (changed, python))
    sys.exit(1 if changed and names[0] == "check" else 0)


if __name__ == "__main__":
    main()
