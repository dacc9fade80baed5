//! Native functions that panic: programs see SystemError, and the machine works on.

use crate::args::{self, Command};
use crate::program::*;
use hoop_jit::Jit;
use hoop_object::errors::PyResult;
use hoop_object::layout::MODULE_DICT;
use hoop_object::rows::NativeDef;
use hoop_object::vm::NativeModule;
use hoop_protocol::{call, seq};
use hoop_types::classes::object;

/// `panics`: functions that panic at once, with a frame of Python code above them, and in the middle of a repr.
static PANICS: NativeModule = NativeModule { name: "panics", init: add_panics };

static FUNCTIONS: [NativeDef; 3] = [
    NativeDef::new("boom", "n=0, /", |_, _| panic!("boom")),
    NativeDef::new("index", "n, /", |_, args| {
        let (items, n) = ([1, 2, 3], args[0].as_int().unwrap_or(0));
        Ok(Value::int(items[n as usize]))
    }),
    NativeDef::new("half", "f, /", |vm, args| {
        vm.ctx.heap.push_temp_root(args[0]);
        seq::repr_enter(vm, args[0]);
        let v = call::call(vm, args[0], &[])?;
        panic!("half of {}", vm.class_name(v))
    }),
];

fn add_panics(vm: &mut Vm, module: Value) -> PyResult<()> {
    if let Some(namespace) = MODULE_DICT.read(module) {
        object::add_functions(vm, namespace, &FUNCTIONS);
    }
    Ok(())
}

const STACK: usize = 16 << 20;

/// Runs a program in a machine with that module; its exit code, and what the machine's stacks hold afterwards.
fn run_program(jit: &str, text: &str) -> (u8, [usize; 3]) {
    let options = ["--jit", jit, "-c", text].map(String::from).to_vec();
    let Ok(Command::Run(settings)) = args::parse(options) else { panic!("these options are right") };
    let thread = std::thread::Builder::new().stack_size(STACK);
    let run = move || in_machine(&settings, hoop_gc::current_stack_address());
    thread.spawn(run).expect("there is room for a stack").join().expect("no panic ends the thread")
}

#[inline(never)]
fn in_machine(settings: &Settings, base: usize) -> (u8, [usize; 3]) {
    let host = Rc::new(Process::new());
    let jit =
        Jit::new(&settings.jit, settings.jit_dump.as_ref(), host.clone()).expect("these options are right");
    let mut vm = machine(settings, base - STACK..base, host.clone(), jit.as_ref(), 0);
    vm.native_modules.push(&PANICS);
    let ended = start(&mut vm, settings);
    let code = finish(&mut vm, ended);
    host.flush();
    let left = [vm.ctx.thread.frames.depth(), vm.ctx.heap.temp_root_count(), vm.thread.repr_stack.len()];
    if let Some(jit) = jit {
        assert!(jit.counters().loops.get() > 0, "{jit}: the machine still compiles", jit = settings.jit);
    }
    vm.jit = None;
    std::mem::forget(vm);
    (code, left)
}

/// In the interpreter, with the usual thresholds, with all compiled at once, and with compiled functions.
fn check(text: &str) {
    // The machine works on: a loop is compiled after all that.
    let after = "\ndef after(n):\n    t = 0\n    for i in range(n): t += i\n    return t\nassert after(9000) == 40495500\n";
    for jit in
        ["off", "on", "threshold=2,function=2,bridge=2,check=1", "threshold=3,function=3,inline=1,bridge=3"]
    {
        let program = format!("from panics import boom, index, half\n{text}{after}");
        assert_eq!(run_program(jit, &program), (0, [0; 3]), "{jit}: {text}");
    }
}

#[test]
fn a_loop_catches_them() {
    check(
        "
def f(n):
    seen = 0
    for i in range(n):
        try:
            boom()
        except SystemError as e:
            seen += 1
            assert 'boom' in str(e) and 'tests.rs:' in str(e), str(e)
            assert e.__traceback__.tb_next is None
        try:
            index(i % 4)
        except SystemError as e:
            seen += 1
            assert 'out of bounds' in str(e)
    return seen
assert f(5000) == 5000 + 1250, f(5000)
",
    );
}

#[test]
fn they_come_out_of_frames() {
    check(
        "
def deep(k, i):
    if k == 0:
        return index(i % 100 and 1 or 3)
    return deep(k - 1, i) + 1
def f(n):
    seen = 0
    for i in range(n):
        try:
            deep(i % 12, i)
        except SystemError:
            seen += 1
    return seen
assert f(3000) == 30, f(3000)
",
    );
}

#[test]
fn they_pass_native_code() {
    check(
        "
def key(x):
    return index(3 if x == 7 else 1)
def gen(n):
    for i in range(n):
        yield index(3 if i == 5 else 1)
class R:
    def __repr__(self): return str(boom())
    def __del__(self): pass
def f(n):
    seen = []
    for i in range(n):
        for what in (lambda: sorted([3, 7, 1], key=key), lambda: list(map(key, [1, 7])), lambda: sum(gen(9)),
                     lambda: repr([R()]), lambda: half(lambda: repr([1, [2]])), lambda: half(boom),
                     lambda: max([1, 7], key=key), lambda: [x for x in gen(8)], lambda: (lambda *a: boom(*a))(i)):
            try:
                what()
            except SystemError as e:
                seen.append(str(e)[-4:])
    return seen
r = f(150)
assert len(r) == 9 * 150, len(r)
assert repr([1, [2]]) == '[1, [2]]'
",
    );
}

#[test]
fn handlers_and_generators_go_on() {
    check(
        "
def gen():
    k = 0
    while True:
        try:
            yield index(k % 4)
        except SystemError:
            yield -1
        k += 1
        try:
            yield k
        finally:
            k += 0
def f(n):
    t, seen = 0, 0
    g = gen()
    for i in range(n):
        try:
            try:
                raise ValueError(i)
            except ValueError:
                boom()
            finally:
                t += 1
        except SystemError as e:
            assert type(e.__context__) is ValueError and e.__context__.args == (i,)
            seen += 1
        try:
            t += next(g)
        except SystemError:
            t += 100
            g = gen()
        except StopIteration:
            assert False
    return t, seen
assert f(3000)[1] == 3000
",
    );
}

#[test]
fn uncaught_it_is_an_exit_code() {
    for jit in ["off", "threshold=2,function=2"] {
        let loops = "for i in range(99): pass\nfor i in range(99): pass\n";
        let text = format!("import panics\n{loops}panics.boom()\n");
        assert_eq!(run_program(jit, &text).0, 1);
    }
}
