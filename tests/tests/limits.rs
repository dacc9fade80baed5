//! Counts that a program chooses, at and beyond the sizes that 16 bits can tell: the answers are CPython's.

use std::process::Command;

use hoop_tests::modes::find_hoop;

const SETTINGS: [&str; 3] = ["off", "threshold=2,function=2,bridge=2,check=1", "threshold=2,optimizer=off"];

fn check(program: &str, expected: &str) {
    let hoop = find_hoop().unwrap_or_else(|message| panic!("{message}"));
    for setting in SETTINGS {
        let run = Command::new(&hoop).args(["--jit", setting, "-c", program]).output();
        let run = run.unwrap_or_else(|error| panic!("hoop does not start: {error}"));
        let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        assert!(run.status.success(), "--jit {setting}: {err}");
        assert_eq!(out, expected, "--jit {setting}");
    }
}

/// Classes with so many slots, and below them one with a `__dict__`.
fn check_slots(count: usize) {
    let program = format!(
        "
class A:
    __slots__ = ['s%d' % i for i in range({count})]
class B(A):
    __slots__ = ['more']
def f(n):
    keep = []
    for k in range(n):
        a, b = A(), B()
        a.s0, a.s4463, a.s{last} = k, (k,), [k]
        b.more, b.s{last} = [k], k
        keep.append((a, b))
        del b.more
        if len(keep) > 3:
            a, b = keep.pop(0)
            if (a.s0, a.s4463, a.s{last}, b.s{last}) != (k - 3, (k - 3,), [k - 3], k - 3):
                return a
            if hasattr(b, 'more') or hasattr(a, 's17') or hasattr(a, 'x') or hasattr(b, 's4463'):
                return b
    return len(keep)
print(f(8))
a = A()
a.s{last} = 5
for name in 's4463', 'x':
    try:
        getattr(a, name)
    except AttributeError as e:
        print(e)
try:
    a.x = 1
except AttributeError:
    print('no x')
",
        last = count - 1
    );
    check(&program, "3\n'A' object has no attribute 's4463'\n'A' object has no attribute 'x'\nno x\n");
}

#[test]
fn many_slots() {
    [8188, 8191, 65_536, 70_000].into_iter().for_each(check_slots);
}

/// Generators and functions with so many local variables.
fn check_locals(count: usize) {
    let program = format!(
        "
source = ''.join('    v%d = %d\\n' % (i, i) for i in range({count}))
names = {{}}
exec('def g():\\n' + source + '    yield v0\\n    yield v{last}\\ndef f():\\n' + source + '    return v{last}\\n', names)
g, f = names['g'], names['f']
def run(n):
    keep = []
    total = 0
    for k in range(n):
        keep.append(g())
        if len(keep) > 2:
            x = keep.pop(0)
            total += next(x) + next(x)
    return total + f()
print(run(4))
",
        last = count - 1
    );
    check(&program, &format!("{}\n", 3 * (count - 1)));
}

#[test]
fn many_locals() {
    [8180, 8183, 8191, 65_526].into_iter().for_each(check_locals);
}

#[test]
fn too_many_locals_are_an_error_of_the_source() {
    let program = "
source = 'def f():\\n' + ''.join('    v%d = 0\\n' % i for i in range(70000))
try:
    exec(source)
except SyntaxError as e:
    print(e.msg, e.lineno)
";
    check(program, "more than 65535 variables and temporaries in one code object 1\n");
}

#[test]
fn many_arguments() {
    let program = "
import sys
def f(*args, **kw): return args[0], args[-1], len(args), len(kw)
def run(n):
    for k in range(n):
        r = f(*range(k, k + 70000), **{'k%d' % i: i for i in range(300)})
    return r
print(run(3))
names = {}
exec('def g(' + ', '.join('a%d=%d' % (i, i) for i in range(300)) + '): return a0, a255, a256, a299', names)
g = names['g']
for k in range(4):
    r = g(*range(k, k + 256), a256=[k]), g(**{'a%d' % i: -i for i in range(300)})
print(r)
source = 'f(' + ', '.join(str(i) for i in range(300)) + ')'
print(eval(source))
print(len(eval('[' + '1, ' * 70000 + ']')), eval('(' + 'f, ' * 300 + ')')[299] is f)
";
    check(
        program,
        "(2, 70001, 70000, 300)\n((3, 258, [3], 299), (0, -255, -256, -299))\n(0, 299, 300, 0)\n70000 True\n",
    );
}
