//! Two threads of execution in one machine, on two machine stacks, that hand it to each other in the middle of what they
//! do: neither may notice.

use crate::args::{self, Command};
use crate::program::*;
use hoop_interp::import;
use hoop_object::errors::PyResult;
use hoop_object::layout::MODULE_DICT;
use hoop_object::rows::NativeDef;
use hoop_object::text::str_text;
use hoop_object::thread;
use hoop_object::vm::NativeModule;
use hoop_types::classes::object;
use std::sync::{Condvar, Mutex};

/// Whose turn it is, and who takes part in a test. Tests of this file run one at a time.
static BATON: Mutex<Turns> = Mutex::new(Turns { turn: 0, running: [false; 2], reports: Vec::new() });

static CHANGED: Condvar = Condvar::new();

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

struct Turns {
    turn: usize,
    running: [bool; 2],
    reports: Vec<(usize, String)>,
}

static MODULE: NativeModule = NativeModule { name: "turns", init: add_functions };

static FUNCTIONS: [NativeDef; 2] = [
    NativeDef::new("hand_over", "", |vm, _| {
        if BATON.lock().unwrap().running == [true; 2] {
            thread::set_aside(vm, |_| pass_on(false));
        }
        Ok(Value::NONE)
    }),
    NativeDef::new("report", "text, /", |_, args| {
        let mut baton = BATON.lock().unwrap();
        let turn = baton.turn;
        baton.reports.push((turn, str_text(args[0]).into_owned()));
        Ok(Value::NONE)
    }),
];

fn add_functions(vm: &mut Vm, module: Value) -> PyResult<()> {
    if let Some(namespace) = MODULE_DICT.read(module) {
        object::add_functions(vm, namespace, &FUNCTIONS);
    }
    Ok(())
}

/// Gives the turn to the other thread, and waits for it to come back unless this one has finished.
fn pass_on(finished: bool) {
    let mut baton = BATON.lock().unwrap();
    let me = baton.turn;
    baton.running[me] &= !finished;
    if baton.running[1 - me] {
        baton.turn = 1 - me;
        CHANGED.notify_all();
    }
    while !finished && baton.turn != me {
        baton = CHANGED.wait(baton).unwrap();
    }
}

fn wait_for_turn(me: usize) {
    let mut baton = BATON.lock().unwrap();
    while baton.turn != me {
        baton = CHANGED.wait(baton).unwrap();
    }
}

/// What a thread holds at each hand-over: frames, a generator inside a handler, an exception being handled, a repr in the
/// making, fresh objects in native code (`sorted`, `join`), machine code in the middle of a loop.
const WORK: &str = "
from turns import hand_over, report
class Shown:
    def __init__(self, inner): self.inner = inner
    def __repr__(self):
        hand_over()
        return '<' + repr(self.inner) + '>'
def deep(n, seed):
    if n == 0:
        hand_over()
        return [seed]
    return deep(n - 1, seed) + [n * seed]
def gen(n, seed):
    for i in range(n):
        try:
            if i % 3 == 0: raise KeyError(seed + i)
            yield i
        except KeyError as e:
            hand_over()
            yield e.args[0]
def key(x):
    hand_over()
    return -x
def work(seed, passes):
    total, texts = 0, []
    for i in range(passes):
        try:
            total += sum(deep(i % 7, seed + 0.5))
            if i % 5 == 0: raise ValueError(seed * 1000 + i)
        except ValueError as e:
            hand_over()
            try:
                raise
            except ValueError as again:
                assert again is e and again.__context__ is None
            total += e.args[0]
        hand_over()
        total += i
        if i % 40 == 0:
            nested = [seed, i]
            nested.append(Shown(nested))
            texts.append(repr(nested) + repr(list(gen(9, seed))) + repr(sorted([3, seed, i], key=key)))
            texts.append(','.join(str(key(x)) for x in range(4)))
    return total, texts
";

const STACK: usize = 8 << 20;

/// A pointer to the machine, which goes from thread to thread as the turn does.
#[derive(Copy, Clone)]
struct Shared(*mut Vm);

// SAFETY: only the thread whose turn it is uses the machine.
unsafe impl Send for Shared {}

#[inline(never)]
fn in_turn(me: usize, machine: Shared, passes: usize) {
    let base = hoop_gc::current_stack_address();
    wait_for_turn(me);
    // SAFETY: it is this thread's turn, and the machine outlives both.
    let vm = unsafe { &mut *machine.0 };
    let text = format!("{WORK}\nreport(repr(work({}, {passes})))\n", me + 3);
    let ended = thread::as_new_thread(vm, base, base - STACK + STACK_RESERVE, |vm| {
        run_main(vm, text.as_bytes(), "<work>")
    });
    let code = finish(vm, ended);
    pass_on(true);
    assert_eq!(code, 0);
}

/// Runs the work of these threads in one machine; what they report.
fn run_threads(options: &[&str], passes: usize, which: &[usize]) -> Vec<(usize, String)> {
    let words = options.iter().chain(&["-c", ""]).map(|s| s.to_string()).collect();
    let Ok(Command::Run(settings)) = args::parse(words) else { panic!("these options are right") };
    *BATON.lock().unwrap() =
        Turns { turn: which[0], running: [which.contains(&0), which.contains(&1)], reports: Vec::new() };
    let make = move || {
        let host = Rc::new(Process::new());
        let jit = Jit::new(&settings.jit, settings.jit_dump.as_ref(), host.clone());
        let jit = jit.expect("these options are right");
        let base = hoop_gc::current_stack_address();
        let mut vm = machine(&settings, base - STACK..base, host, jit.as_ref(), 0);
        vm.native_modules.push(&MODULE);
        import::import_module(&mut vm, "sys").expect("sys is there");
        vm.ctx.heap.set_stack_base(0);
        Shared(Box::into_raw(vm))
    };
    let spawn = std::thread::Builder::new().stack_size(STACK).spawn(make);
    let shared = spawn.expect("there is room for a stack").join().expect("a machine is made");
    let threads: Vec<_> = which
        .iter()
        .map(|&me| {
            let run = move || {
                let shared = shared;
                in_turn(me, shared, passes)
            };
            std::thread::Builder::new().stack_size(STACK).spawn(run).expect("there is room for a stack")
        })
        .collect();
    for thread in threads {
        thread.join().expect("no panic ends a thread");
    }
    let mut reports = std::mem::take(&mut BATON.lock().unwrap().reports);
    reports.sort();
    reports
}

/// The two threads together report what each does alone.
fn check(options: &[&str], passes: usize) {
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let mut alone = run_threads(&["--jit", "off"], passes, &[0]);
    alone.extend(run_threads(&["--jit", "off"], passes, &[1]));
    assert_eq!(alone.len(), 2);
    assert_eq!(run_threads(options, passes, &[0, 1]), alone, "{options:?}");
}

#[test]
fn in_the_interpreter() {
    check(&["--jit", "off"], 600);
}

#[test]
fn in_compiled_code() {
    check(&["--jit", "threshold=2,function=2,bridge=2,check=1"], 600);
    check(&["--jit", "threshold=30,function=20,bridge=5,warm=100,inline=2"], 600);
}

#[test]
fn under_collection_stress() {
    check(&["--gc-stress", "--jit", "off"], 41);
    check(&["--gc-stress", "--jit", "threshold=3,function=3,bridge=2"], 41);
}
