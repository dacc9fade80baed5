//! The evaluator as a backend: bridges, jumps between fragments, calls of compiled functions.

use hoop_ir::eval::{EvalBackend, TestMachine, arith::tag, words};
use hoop_ir::stage::{Backend, CompiledUnit, Effort, Outcome, UnitTrace};
use hoop_ir::text::parse;
use hoop_ir::verify::verify;
use hoop_ir::{Descriptors, ExitId, FragmentId, OpRef, Trace};

const LOOP: &str = "
trace loop r0 r1
i = input_val 0
n = input_val 1
a = untag_int i
b = untag_int n
c = int_lt a, b
guard_true c [s0]
three = const_int 3
one = const_int 1
m = int_mod a, three
zero = const_int 0
even = int_eq m, zero
guard_true even [s1]
d = int_add a, one
e = tag_int d
jump (e, n)
s0: frame #0 pc=1 { r0=i, r1=n }
s1: frame #0 pc=2 { r0=a, r1=n }
";

/// Takes what `s1` gives: an unboxed int and a value.
const BRIDGE: &str = "
trace bridge int val
a = input_int 0
n = input_val 1
two = const_int 2
b = int_add a, two
c = tag_int b
jump_fragment F0 (c, n)
";

fn trace(text: &str, d: &mut Descriptors) -> Trace {
    let trace = parse(text, d).unwrap_or_else(|e| panic!("{e}"));
    verify(&trace, d).unwrap_or_else(|e| panic!("{e}"));
    trace
}

fn part(trace: &Trace, fragment: u32, parent: Option<(usize, OpRef)>) -> UnitTrace<'_> {
    UnitTrace { fragment: FragmentId(fragment), trace, parent, roots: &[8], valid_flag: 0 }
}

fn exit_at(unit: &CompiledUnit, trace: usize, place: usize) -> ExitId {
    unit.exits.iter().filter(|e| e.trace == trace).nth(place).expect("an exit").exit
}

fn backend() -> EvalBackend<TestMachine> {
    EvalBackend::new(TestMachine::new())
}

#[test]
fn a_bridge_is_taken_once_attached() {
    let (mut d, b) = (Descriptors::default(), backend());
    let (main, bridge) = (trace(LOOP, &mut d), trace(BRIDGE, &mut d));
    let unit = b.compile(&[part(&main, 0, None)], Effort::Best, &d).expect("compiles");
    let inputs = [tag(0), tag(20)];
    assert_eq!(b.run(FragmentId(0), &inputs), Outcome::Exit(exit_at(&unit, 0, 1)));
    assert_eq!(b.machine.exchange(2), [1, tag(20)]);
    b.compile(&[part(&bridge, 1, None)], Effort::Best, &d).expect("compiles");
    b.attach_bridge(exit_at(&unit, 0, 1), FragmentId(1));
    assert_eq!(b.run(FragmentId(0), &inputs), Outcome::Exit(exit_at(&unit, 0, 0)));
    assert_eq!(b.machine.exchange(2), [tag(21), tag(20)]);
    b.free(FragmentId(1));
    assert_eq!(b.run(FragmentId(0), &inputs), Outcome::Exit(exit_at(&unit, 0, 1)));
}

#[test]
fn a_bridge_in_the_unit_of_its_parent() {
    let (mut d, b) = (Descriptors::default(), backend());
    let (main, bridge) = (trace(LOOP, &mut d), trace(BRIDGE, &mut d));
    let guard = main.iter().filter(|(_, op)| op.code.is_guard()).nth(1).expect("two guards").0;
    let unit = b
        .compile(&[part(&main, 0, None), part(&bridge, 1, Some((0, guard)))], Effort::Best, &d)
        .expect("compiles");
    assert_eq!(b.run(FragmentId(0), &[tag(0), tag(9)]), Outcome::Exit(exit_at(&unit, 0, 0)));
    assert_eq!(b.machine.exchange(2), [tag(9), tag(9)]);
}

#[test]
fn the_label_of_another_fragment() {
    let (mut d, b) = (Descriptors::default(), backend());
    let target = "
        trace loop r0
        v = input_val 0
        a = untag_int v
        label (a)
        p = param_int 0
        limit = const_int 10
        c = int_lt p, limit
        guard_true c [s0]
        q = int_add p, p
        jump (q)
        s0: frame #0 pc=1 { r0=p }";
    let entry = "
        trace loop r0
        v = input_val 0
        three = const_int 3
        jump_label F0 (three)";
    let (target, entry) = (trace(target, &mut d), trace(entry, &mut d));
    let unit = b.compile(&[part(&target, 0, None)], Effort::Best, &d).expect("compiles");
    b.compile(&[part(&entry, 1, None)], Effort::Best, &d).expect("compiles");
    assert_eq!(b.run(FragmentId(1), &[tag(1)]), Outcome::Exit(exit_at(&unit, 0, 0)));
    assert_eq!(b.machine.exchange(1), [12]);
}

/// Triangle numbers by recursion; above 50 it leaves through an exit.
const FUNCTION: &str = "
trace loop r0
v = input_val 0
a = untag_int v
zero = const_int 0
fifty = const_int 50
small = int_le a, fifty
guard_true small [s0]
one = const_int 1
b = int_sub a, one
w = tag_int b
positive = int_lt zero, a
guard_true positive [s1]
r = call_fragment F0 (w)
guard_no_exception [s1]
s = untag_int r
t = int_add s, a
u = tag_int t
finish u
s0: frame #0 pc=1 { r0=v }
s1: frame #0 pc=2 { r0=v }
";

#[test]
fn functions_call_themselves() {
    let (mut d, b) = (Descriptors::default(), backend());
    let function = trace(FUNCTION, &mut d);
    b.compile(&[part(&function, 0, None)], Effort::Best, &d).expect("compiles");
    // The innermost activation leaves through an exit; the interpreter, played here, ends it with 100.
    b.machine.define_exit(|_, _| Some(tag(100)));
    assert_eq!(b.run(FragmentId(0), &[tag(4)]), Outcome::Finished);
    assert_eq!(b.machine.exchange(1), [tag(110)]);
}

#[test]
fn nesting_has_a_limit() {
    let (mut d, mut b) = (Descriptors::default(), backend());
    b.max_depth = 10;
    let function = trace(FUNCTION, &mut d);
    let unit = b.compile(&[part(&function, 0, None)], Effort::Best, &d).expect("compiles");
    // The outermost activation leaves at its exception guard; those inside are ended by the interpreter, played here.
    b.machine.define_exit(|_, _| None);
    assert_eq!(b.run(FragmentId(0), &[tag(20)]), Outcome::Exit(exit_at(&unit, 0, 2)));
    assert_ne!(b.machine.pending.get(), 0);
}

#[test]
fn entering_from_a_frame() {
    let (mut d, b) = (Descriptors::default(), backend());
    let text = "trace loop r1\nv = input_val 0\nfinish v";
    let t = trace(text, &mut d);
    b.compile(&[part(&t, 0, None)], Effort::Best, &d).expect("compiles");
    *b.machine.frames.borrow_mut() = vec![vec![], vec![words::NONE, tag(5)]];
    let frame = std::ptr::without_provenance_mut(1);
    assert_eq!(b.enter(FragmentId(0), std::ptr::null_mut(), frame), Outcome::Finished);
    assert_eq!(b.machine.exchange(1), [tag(5)]);
}
