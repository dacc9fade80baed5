//! Traces that end in another loop enter it at its label when they can, and do the same as without optimizer.

use hoop_ir::eval::{EvalBackend, rebuild};
use hoop_ir::fuzz::{Case, Kind, Options as Shape, Report, arbitrary};
use hoop_ir::stage::{Backend, Effort, Outcome, UnitTrace};
use hoop_ir::{
    Descriptors, FragmentId, FrameState, Opcode, Optimize, SnapVal, Snapshot, SnapshotId, Trace, text,
};
use hoop_optimizer::{Optimizer, Options};

const LOOP: FragmentId = FragmentId(0);
const FIRST: FragmentId = FragmentId(1);
/// The loop as recorded.
const PLAIN: FragmentId = FragmentId(2);

/// One iteration of the case's loop, which then goes to the loop as another fragment.
fn one_iteration(case: &Case, with_snapshot: bool) -> Trace {
    let mut t = case.trace.clone();
    let end = t.ops.len() - 1;
    let list = t.list(&t.ops[end]).to_vec();
    let header = t.snapshots[0].frames[0].clone();
    let regs = list.iter().enumerate().map(|(i, &r)| (i as u16, SnapVal::Op(r))).collect();
    t.snapshots.push(Snapshot { frames: vec![FrameState { regs, ..header }], stores: Vec::new() });
    let snapshot = SnapshotId(t.snapshots.len() as u32 - 1);
    let jump = &mut t.ops[end];
    assert_eq!(jump.code, Opcode::Jump);
    jump.code = Opcode::JumpFragment;
    jump.imm = LOOP.0 as u64;
    jump.snapshot = if with_snapshot { snapshot } else { SnapshotId::NONE };
    t
}

/// Runs `first`, which goes on in `main`. An exit at the loop's header goes on once more in the unoptimized loop, as the
/// interpreter would: a guard that was put before a label leaves earlier than the one that it stands for.
fn run(case: &Case, first: &Trace, main: &Trace) -> Report {
    let (m, objects) = case.machine();
    let (roots, inputs) = (case.root_words(&m, &objects), case.input_words(&m, &objects));
    let backend = EvalBackend::new(m);
    let unit = |fragment, trace| UnitTrace { fragment, trace, parent: None, roots: &roots, valid_flag: 0 };
    let traces = [main, first, &case.trace];
    let fragments = [LOOP, FIRST, PLAIN];
    let units: Vec<UnitTrace> = fragments.iter().zip(traces).map(|(&f, t)| unit(f, t)).collect();
    let compiled = backend.compile(&units, Effort::Best, &case.descriptors).expect("compiles");
    let exit_of = |outcome| match outcome {
        Outcome::Exit(exit) => compiled.exits.iter().find(|e| e.exit == exit).expect("an exit of the unit"),
        Outcome::Finished => panic!("no trace here finishes"),
    };
    let m = &backend.machine;
    let mut exit = exit_of(backend.run(FIRST, &inputs));
    let trace = traces[exit.trace];
    if trace.snapshot(exit.snapshot).frames[0].pc == 1 && m.pending.get() == 0 {
        let values = m.exchange(trace.fail_args(exit.snapshot).len());
        let frames = rebuild(m, trace, &case.descriptors, &roots, exit.snapshot, &values);
        let regs: Vec<u64> = frames[0].regs.iter().map(|r| r.1).collect();
        exit = exit_of(backend.run(PLAIN, &regs));
    }
    let mut calls = m.calls();
    calls.retain(|c| !["mix(", "blend(", "sum(", "peek(", "make("].iter().any(|name| c.starts_with(name)));
    Report { calls, end: case.describe_exit(m, traces[exit.trace], &roots, exit.snapshot) }
}

#[test]
fn random_loops_entered_at_their_labels() {
    let mut entered = 0;
    for seed in 0..800 {
        let shape = Shape { kind: Kind::Loop, instructions: 1 + seed as u32 % 12, ..Shape::default() };
        let case = arbitrary(seed, &shape);
        let (machine, objects) = case.machine();
        let roots = case.root_words(&machine, &objects);
        let first = one_iteration(&case, seed % 4 != 0);
        let mut optimizer = Optimizer::new(Options::default());
        let Ok(main) = optimizer.optimize(LOOP, case.trace.clone(), &roots, &case.descriptors, true) else {
            continue;
        };
        let Ok(bridge) = optimizer.optimize(FIRST, first.clone(), &roots, &case.descriptors, false) else {
            continue;
        };
        entered += (bridge.ops.last().map(|op| op.code) == Some(Opcode::JumpLabel)) as usize;
        let (before, after) = (run(&case, &first, &case.trace), run(&case, &bridge, &main));
        assert!(
            before == after,
            "seed {seed}:\n{}\n---- enters\n{}\n---- gave\n{before:#?}\n---- and then\n{after:#?}",
            text::print(&bridge, &case.descriptors),
            text::print(&main, &case.descriptors),
        );
    }
    assert!(entered > 100, "only {entered} traces entered at a label");
}

const SUM: &str = "
field list.len offset=8 u32 group=3
trace loop r0 r1 r2
roots 1
v0 = input_val 0
v1 = input_val 1
v2 = input_val 2
guard_int v0 [s0]
v4 = untag_int v0
guard_shape v1, shape=7 [s0]
v6 = get_int v1, list.len
v7 = int_lt v4, v6
guard_true v7 [s0]
v9 = const_int 1
v10 = int_add v4, v9
v11 = int_fits v10
guard_true v11 [s0]
v13 = tag_int v10
guard_float v2 [s0]
v15 = unbox_float v2
v16 = float_add v15, v15
v17 = box_float v16
jump (v13, v1, v17)
s0:
  frame #0 pc=1 ret=0x0 { r0=v0, r1=v1, r2=v2 }
";

const BRIDGE: &str = "
trace bridge int val float
roots 1
v0 = input_int 0
v1 = input_val 1
v2 = input_float 2
v3 = tag_int v0
v4 = const_float 0.5
v5 = float_mul v2, v4
v6 = box_float v5
jump_fragment F0 (v3, v1, v6) [s0]
s0:
  frame #0 pc=1 ret=0x0 { r0=v3, r1=v1, r2=v6 }
";

const ENTERED: &str = "trace bridge int val float
roots 1
v0 = input_int 0
v1 = input_val 1
v2 = input_float 2
v3 = const_float 0.5
v4 = float_mul v2, v3
guard_shape v1, shape=7 [s0]
v6 = get_int v1, list.len
jump_label F0 (v0, v4, v6, v1)
s0:
  frame #0 pc=1 ret=0x0 { r0=v0, r1=v1, r2=v4 }
";

const TYPED: &str = "
trace loop r0 r1
roots 1
v0 = input_val 0
v1 = input_val 1
guard_shape v0, shape=7 [s0]
guard_int v1 [s0]
v4 = untag_int v1
v5 = const_int 10
v6 = int_lt v4, v5
guard_true v6 [s1]
exit [s1]
s0:
  frame #0 pc=1 ret=0x0 { r0=v0, r1=v1 }
s1:
  frame #0 pc=2 ret=0x0 { r0=v0, r1=v1 }
";

const HANGS: &str = "
trace bridge val int
roots 1
v0 = input_val 0
v1 = input_int 1
guard_shape v0, shape=7 [s0]
v3 = tag_int v1
guard_int v3 [s0]
finish v3
s0:
  frame #0 pc=1 ret=0x0 { r0=v0 }
";

#[test]
fn a_bridge_begins_with_what_its_guard_knew() {
    let mut descriptors = Descriptors::default();
    let parent = text::parse(TYPED, &mut descriptors).expect("parses");
    let bridge = text::parse(HANGS, &mut descriptors).expect("parses");
    let mut optimizer = Optimizer::default();
    let parent = optimizer.optimize(LOOP, parent, &[8], &descriptors, true).expect("a trace");
    let guards = |t: &Trace| t.ops.iter().filter(|op| op.code.is_guard()).count();
    let last = parent.ops.last().expect("an exit").snapshot;
    optimizer.hangs_on(FIRST, LOOP, last);
    let known = optimizer.optimize(FIRST, bridge.clone(), &[8], &descriptors, false).expect("a bridge");
    assert_eq!(guards(&known), 0);
    let unknown = optimizer.optimize(FIRST, bridge, &[8], &descriptors, false).expect("a bridge");
    assert_eq!(guards(&unknown), 1);
}

#[test]
fn a_bridge_adds_the_missing_guards() {
    let mut descriptors = Descriptors::default();
    let main = text::parse(SUM, &mut descriptors).expect("parses");
    let bridge = text::parse(BRIDGE, &mut descriptors).expect("parses");
    let mut optimizer = Optimizer::default();
    optimizer.optimize(LOOP, main, &[8], &descriptors, true).expect("a loop");
    assert!(optimizer.has_label(LOOP));
    let entered = optimizer.optimize(FIRST, bridge.clone(), &[8], &descriptors, false).expect("a bridge");
    assert_eq!(text::print_body(&entered, &descriptors, &text::NoNames), ENTERED);
    optimizer.forget(LOOP);
    let general = optimizer.optimize(FIRST, bridge, &[8], &descriptors, false).expect("a bridge");
    assert_eq!(general.ops.last().map(|op| op.code), Some(Opcode::JumpFragment));
}
