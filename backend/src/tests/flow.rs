//! Units, bridges, jumps between fragments, re-entry and freeing.

use hoop_ir::builder::TraceBuilder;
use hoop_ir::descr::{CalleeDescr, Descriptors, Effects, MemTy};
use hoop_ir::eval::EvalBackend;
use hoop_ir::fuzz::{Family, Options, family};
use hoop_ir::op::{Opcode, Ty};
use hoop_ir::stage::{Backend, BackendError, Effort, ExitId, GuardExit, Outcome, UnitTrace};
use hoop_ir::trace::{Entry, FragmentId, OpRef, SnapVal, SnapshotId, Trace};

use super::ops::one_frame;
use super::world::{World, abi, address};
use crate::{BackendOptions, CraneliftBackend, RawMachine};

fn machine() -> CraneliftBackend {
    CraneliftBackend::new(abi(), BackendOptions::default()).expect("a backend for this machine")
}

fn unit<'a>(fragment: u32, trace: &'a Trace, world: &World, roots: &'a [u64]) -> UnitTrace<'a> {
    let valid_flag = world.valid_flag();
    UnitTrace { fragment: FragmentId(fragment), trace, parent: None, roots, valid_flag }
}

fn kind(trace: &Trace, guard: OpRef) -> u8 {
    match trace.op(guard).code {
        Opcode::GuardNoException => 1,
        Opcode::GuardException => 2,
        _ => 0,
    }
}

/// How the bridges of a family get into machine code.
#[derive(Copy, Clone, PartialEq, Debug)]
enum How {
    Attached,
    Merged,
}

/// Bridges by trace and exit; of several on one exit only the first counts.
fn first_bridges(f: &Family) -> Vec<usize> {
    let key = |i: usize| {
        let b = &f.bridges[i];
        let trace = f.trace(b.parent);
        (b.parent, trace.op(b.guard).snapshot, kind(trace, b.guard))
    };
    let mut taken: Vec<usize> = Vec::new();
    for i in 0..f.bridges.len() {
        let parent = f.bridges[i].parent;
        let parent_taken = parent == 0 || taken.contains(&(parent - 1));
        if parent_taken && !taken.iter().any(|&t| key(t) == key(i)) {
            taken.push(i);
        }
    }
    taken
}

fn run_family(f: &Family, world: &World, backend: &dyn Backend, how: How) -> String {
    let case = &f.case;
    let objects = world.build(case);
    let roots = case.root_words(&world.machine, &objects);
    let inputs = case.input_words(&world.machine, &objects);
    let Entry::Loop { regs } = &case.trace.entry else { panic!("a family begins with a loop") };
    for (&reg, &word) in regs.iter().zip(&inputs) {
        world.ctx().frame[reg as usize] = word;
    }
    let bridges = first_bridges(f);
    let numbers: Vec<usize> = std::iter::once(0).chain(bridges.iter().map(|b| b + 1)).collect();
    let position = |n: usize| numbers.iter().position(|&m| m == n).expect("a bridge's parent is compiled");
    let mut exits: Vec<(usize, GuardExit)> = Vec::new();
    if how == How::Merged {
        let mut units: Vec<UnitTrace> =
            numbers.iter().map(|&n| unit(n as u32, f.trace(n), world, &roots)).collect();
        for (i, &b) in bridges.iter().enumerate() {
            units[i + 1].parent = Some((position(f.bridges[b].parent), f.bridges[b].guard));
        }
        let compiled = backend.compile(&units, Effort::Best, &case.descriptors).expect("the unit compiles");
        exits.extend(compiled.exits.into_iter().map(|e| (numbers[e.trace], e)));
    } else {
        for &n in &numbers {
            let compiled = backend.compile(
                &[unit(n as u32, f.trace(n), world, &roots)],
                Effort::Best,
                &case.descriptors,
            );
            exits.extend(compiled.expect("the trace compiles").exits.into_iter().map(|e| (n, e)));
        }
        for &b in &bridges {
            let bridge = &f.bridges[b];
            let trace = f.trace(bridge.parent);
            let key = (trace.op(bridge.guard).snapshot, kind(trace, bridge.guard));
            for (n, e) in &exits {
                if *n == bridge.parent && (e.snapshot, kind(trace, e.guard)) == key {
                    backend.attach_bridge(e.exit, FragmentId(b as u32 + 1));
                }
            }
        }
    }
    let outcome = backend.enter(FragmentId(0), world.ctx.cast(), world.frame());
    let end = match outcome {
        Outcome::Finished => format!("finished {}", world.describe(&[(Ty::Val, world.exchange(1)[0])])),
        Outcome::Exit(exit) => {
            let (n, exit) = exits.iter().find(|(_, e)| e.exit == exit).expect("an exit of the family");
            let trace = f.trace(*n);
            let args = trace.fail_args(exit.snapshot);
            let words = world.exchange(args.len());
            let values: Vec<(Ty, u64)> =
                args.iter().map(|&r| trace.ty(r)).zip(words.iter().copied()).collect();
            format!("exit of {n} by snapshot {}: {}", exit.snapshot.0, world.describe(&values))
        }
    };
    format!("{}\n{end}pending {}", world.log.borrow().join("\n"), world.ctx().pending)
}

/// Runs families by both ways into machine code and on the evaluator. Gives how many had bridges, and the most.
fn check_families(seeds: std::ops::Range<u64>) -> (usize, usize) {
    let (mut with_bridges, mut most) = (0, 0);
    for seed in seeds {
        let options = Options { instructions: 6 + (seed % 20) as u32, address, ..Options::default() };
        let f = family(seed, &options, 4);
        with_bridges += usize::from(!f.bridges.is_empty());
        most = most.max(first_bridges(&f).len());
        let eval = EvalBackend::new(RawMachine::new(abi()));
        let expected = run_family(&f, &World::new(), &eval, How::Attached);
        for how in [How::Attached, How::Merged] {
            let found = run_family(&f, &World::new(), &machine(), how);
            assert_eq!(expected, found, "seed {seed} {how:?}");
        }
    }
    (with_bridges, most)
}

#[test]
fn families_agree() {
    let (with_bridges, most) = check_families(0..120);
    assert!(with_bridges > 30 && most > 2, "{with_bridges} families with bridges, the largest has {most}");
}

/// `cargo test --release -p hoop-backend -- --ignored`
#[test]
#[ignore = "minutes"]
fn many_families() {
    check_families(10_000..14_000);
}

/// A loop over unboxed `i` and `sum`: adds `i` to `sum` while `i < n`; odd `i` leave by a guard (second exit).
/// Gives the trace and its guards: end of loop, parity.
fn odd_even_loop(d: &mut Descriptors) -> (Trace, OpRef, OpRef) {
    _ = d;
    let (mut t, inputs) = TraceBuilder::new_loop(&[0, 1, 2]);
    let start = one_frame(&mut t, &inputs);
    for &i in &inputs {
        t.guard(Opcode::GuardInt, &[i], start);
    }
    let [i, sum, n] = [0, 1, 2].map(|k| t.op(Opcode::UntagInt, &[inputs[k]]));
    let p = t.label(&[i, sum, n]);
    let head = one_frame(&mut t, &p);
    let more = t.op(Opcode::IntLt, &[p[0], p[2]]);
    let end = t.guard(Opcode::GuardTrue, &[more], head);
    let one = t.int(1);
    let next = t.op(Opcode::IntAdd, &[p[0], one]);
    let inside = one_frame(&mut t, &[next, p[1], p[2]]);
    let odd = t.op(Opcode::IntAnd, &[p[0], one]);
    let zero = t.int(0);
    let even = t.op(Opcode::IntEq, &[odd, zero]);
    let parity = t.guard(Opcode::GuardTrue, &[even], inside);
    let total = t.op(Opcode::IntAdd, &[p[1], p[0]]);
    t.jump(&[next, total, p[2]]);
    (t.finish(), end, parity)
}

/// Bridge of the parity guard: adds 1000 to `sum` and goes back to the loop's label.
fn odd_bridge(by_label: bool) -> Trace {
    let (mut t, p) = TraceBuilder::new_bridge(&[Ty::Int, Ty::Int, Ty::Int]);
    let thousand = t.int(1000);
    let sum = t.op(Opcode::IntAdd, &[p[1], thousand]);
    if by_label {
        t.push(Opcode::JumpLabel, &[], 0, &[p[0], sum, p[2]], SnapshotId::NONE);
    } else {
        let words = [p[0], sum, p[2]].map(|x| t.op(Opcode::TagInt, &[x]));
        t.jump_fragment(FragmentId(0), &words);
    }
    t.finish()
}

fn tagged(values: &[i64]) -> Vec<u64> {
    values.iter().map(|&v| (v as u64) << 1 | 1).collect()
}

/// Sum of the loop with the bridge in place, for `i` from 0 to `n`.
fn expected_sum(n: i64) -> i64 {
    (0..n).map(|i| if i % 2 == 0 { i } else { 1000 }).sum()
}

fn exit_of(exits: &[GuardExit], guard: OpRef) -> ExitId {
    exits.iter().find(|e| e.guard == guard).expect("the guard has an exit").exit
}

#[test]
fn bridges_enter_by_label_and_by_registers() {
    for by_label in [true, false] {
        let (world, backend, mut d) = (World::new(), machine(), Descriptors::default());
        let (trace, end, parity) = odd_even_loop(&mut d);
        let exits =
            backend.compile(&[unit(0, &trace, &world, &[0])], Effort::Best, &d).expect("compiles").exits;
        let (end, parity) = (exit_of(&exits, end), exit_of(&exits, parity));
        world.set_frame(&tagged(&[0, 0, 11]));
        assert_eq!(backend.enter(FragmentId(0), world.ctx.cast(), world.frame()), Outcome::Exit(parity));
        assert_eq!(world.exchange(3), [2, 0, 11]);
        let bridge = odd_bridge(by_label);
        backend.compile(&[unit(1, &bridge, &world, &[])], Effort::Best, &d).expect("compiles");
        backend.attach_bridge(parity, FragmentId(1));
        world.set_frame(&tagged(&[0, 0, 11]));
        assert_eq!(backend.enter(FragmentId(0), world.ctx.cast(), world.frame()), Outcome::Exit(end));
        assert_eq!(world.exchange(3), [11, expected_sum(11) as u64, 11]);
    }
}

#[test]
fn a_loop_compiled_again_with_its_bridge_replaces_the_old_one() {
    let (world, backend, mut d) = (World::new(), machine(), Descriptors::default());
    let (trace, end, parity) = odd_even_loop(&mut d);
    let first = backend.compile(&[unit(0, &trace, &world, &[0])], Effort::Best, &d).expect("compiles").exits;
    let bridge = odd_bridge(true);
    backend.compile(&[unit(1, &bridge, &world, &[])], Effort::Best, &d).expect("compiles");
    backend.attach_bridge(exit_of(&first, parity), FragmentId(1));
    let before = backend.code_bytes();
    let mut merged = [unit(0, &trace, &world, &[0]), unit(1, &bridge, &world, &[])];
    merged[1].parent = Some((0, parity));
    let second = backend.compile(&merged, Effort::Best, &d).expect("compiles").exits;
    assert!(backend.code_bytes() > before, "the old code is still there until the next collection");
    world.set_frame(&tagged(&[0, 0, 100]));
    let outcome = backend.enter(FragmentId(0), world.ctx.cast(), world.frame());
    assert_eq!(outcome, Outcome::Exit(exit_of(&second, end)));
    assert_eq!(world.exchange(2), [100, expected_sum(100) as u64]);
    assert!(second.iter().all(|e| e.guard != parity || e.trace != 0), "a merged guard has no exit");
    let kept = backend.code_bytes();
    let gone = backend.reclaim(&[]);
    assert!(backend.code_bytes() < kept && gone.contains(&exit_of(&first, parity)));
    assert!(second.iter().all(|e| !gone.contains(&e.exit)), "only the old loop and the bridge's own code go");
    assert_eq!(backend.code_map().len(), 1);
    backend.free(FragmentId(1));
    backend.free(FragmentId(0));
    backend.reclaim(&[]);
    assert_eq!(backend.code_bytes(), stub_bytes());
}

fn stub_bytes() -> usize {
    machine().code_bytes()
}

#[test]
fn freed_bridges_leave_to_the_interpreter_again() {
    let (world, backend, mut d) = (World::new(), machine(), Descriptors::default());
    let (trace, _, parity) = odd_even_loop(&mut d);
    let exits = backend.compile(&[unit(0, &trace, &world, &[0])], Effort::Best, &d).expect("compiles").exits;
    let alone = backend.code_bytes();
    let bridge = odd_bridge(false);
    backend.compile(&[unit(1, &bridge, &world, &[])], Effort::Best, &d).expect("compiles");
    let parity = exit_of(&exits, parity);
    backend.attach_bridge(parity, FragmentId(1));
    let fragments: Vec<_> = backend.code_map().into_iter().map(|r| r.fragments).collect();
    assert_eq!(fragments, [[FragmentId(0)], [FragmentId(1)]]);
    backend.free(FragmentId(1));
    backend.reclaim(&[]);
    assert_eq!(backend.code_map().len(), 1);
    assert_eq!(backend.code_bytes(), alone);
    world.set_frame(&tagged(&[0, 0, 11]));
    assert_eq!(backend.enter(FragmentId(0), world.ctx.cast(), world.frame()), Outcome::Exit(parity));
}

#[test]
fn code_that_live_code_jumps_to_is_kept() {
    let (world, backend, mut d) = (World::new(), machine(), Descriptors::default());
    let (trace, ..) = odd_even_loop(&mut d);
    backend.compile(&[unit(0, &trace, &world, &[0])], Effort::Best, &d).expect("compiles");
    let (mut t, inputs) = TraceBuilder::new_loop(&[0, 1, 2]);
    t.jump_fragment(FragmentId(0), &inputs);
    let prelude = t.finish();
    backend.compile(&[unit(1, &prelude, &world, &[])], Effort::Best, &d).expect("compiles");
    backend.free(FragmentId(0));
    assert_eq!(backend.reclaim(&[]), []);
    world.set_frame(&tagged(&[2, 0, 11]));
    let outcome = backend.enter(FragmentId(1), world.ctx.cast(), world.frame());
    assert!(matches!(outcome, Outcome::Exit(_)));
    assert_eq!(world.exchange(2), [4, 2]);
    backend.free(FragmentId(1));
    backend.reclaim(&[]);
    assert_eq!(backend.code_bytes(), stub_bytes());
}

/// What is freed stays while a word of a stack points into it, and so does what it jumps to; not what hangs on its exits.
#[test]
fn running_code_is_kept() {
    let (world, backend, mut d) = (World::new(), machine(), Descriptors::default());
    let (trace, _, parity) = odd_even_loop(&mut d);
    let exits = backend.compile(&[unit(0, &trace, &world, &[0])], Effort::Best, &d).expect("compiles").exits;
    let (mut t, inputs) = TraceBuilder::new_loop(&[0, 1, 2]);
    t.jump_fragment(FragmentId(0), &inputs);
    let prelude = t.finish();
    backend.compile(&[unit(1, &prelude, &world, &[])], Effort::Best, &d).expect("compiles");
    let bridge = odd_bridge(false);
    backend.compile(&[unit(2, &bridge, &world, &[])], Effort::Best, &d).expect("compiles");
    backend.attach_bridge(exit_of(&exits, parity), FragmentId(2));
    let inside = |id| {
        let map = backend.code_map();
        map.iter().find(|r| r.fragments == [FragmentId(id)]).map(|r| r.start + r.len / 2).expect("code")
    };
    let word = inside(1);
    assert!(backend.code_range().contains(&word));
    let running = |word| {
        let mut running = backend.running(&[word]);
        running.sort();
        running
    };
    assert_eq!(running(word), [FragmentId(0), FragmentId(1)]);
    assert_eq!(running(inside(2)), [FragmentId(0), FragmentId(2)]);
    (0..3).for_each(|n| backend.free(FragmentId(n)));
    assert!(backend.garbage() > 0);
    let gone = backend.reclaim(&[word]);
    assert_eq!((backend.code_map().len(), gone.contains(&exit_of(&exits, parity))), (2, false));
    let gone = backend.reclaim(&[]);
    assert!(gone.contains(&exit_of(&exits, parity)));
    assert_eq!((backend.code_bytes(), backend.garbage()), (stub_bytes(), 0));
}

#[test]
fn what_cannot_be_compiled_is_said() {
    let (world, backend, d) = (World::new(), machine(), Descriptors::default());
    let (mut t, inputs) = TraceBuilder::new_loop(&[0]);
    t.jump_fragment(FragmentId(7), &inputs);
    let lost = t.finish();
    let error = backend.compile(&[unit(0, &lost, &world, &[])], Effort::Best, &d).err();
    assert_eq!(error, Some(BackendError::Unsupported("a jump to code that is not compiled")));

    let small = BackendOptions { code_budget: 1 << 16, ..BackendOptions::default() };
    let backend = CraneliftBackend::new(abi(), small).expect("a backend");
    let (mut t, inputs) = TraceBuilder::new_loop(&[0, 1]);
    let snapshot = one_frame(&mut t, &inputs);
    t.push(Opcode::Exit, &[], 0, &[], snapshot);
    let tiny = t.finish();
    let compile = |n| backend.compile(&[unit(n, &tiny, &world, &[0])], Effort::Best, &d);
    let failed = (0..4000).find_map(|n| compile(n).err().map(|e| (n, e)));
    let (count, error) = failed.expect("the budget ends");
    assert_eq!(error, BackendError::OutOfCodeMemory);
    (0..count).for_each(|n| backend.free(FragmentId(n)));
    backend.reclaim(&[]);
    assert!(compile(0).is_ok(), "freed code makes room");
}

/// A native function that enters compiled code again, frees the fragment it came from, and compiles.
extern "C" fn again(ctx: *mut u8, reentry: u64) -> u64 {
    // SAFETY: the trace passes the address of a living `Reentry`.
    let r = unsafe { &*(reentry as *const Reentry) };
    let (trace, end, _) = odd_even_loop(&mut Descriptors::default());
    let unit = UnitTrace { fragment: FragmentId(5), trace: &trace, parent: None, roots: &[0], valid_flag: 0 };
    let exits = r.backend.compile(&[unit], Effort::Best, &Descriptors::default()).expect("compiles").exits;
    let mut frame: Vec<u64> = tagged(&[4, 30, 5]);
    let outcome = r.backend.enter(FragmentId(5), ctx, frame.as_mut_ptr());
    assert_eq!(outcome, Outcome::Exit(exit_of(&exits, end)));
    // SAFETY: the exchange area is readable.
    let sum = unsafe { *r.backend.exchange().add(1) };
    let inside = r.backend.code_map().iter().find(|c| c.fragments == [FragmentId(0)]).map(|c| c.start + 1);
    r.backend.free(FragmentId(5));
    r.backend.free(FragmentId(0));
    r.backend.reclaim(&[inside.expect("the caller's code")]);
    sum
}

struct Reentry {
    backend: CraneliftBackend,
}

#[test]
fn natives_enter_compile_and_free() {
    let (world, mut d) = (World::new(), Descriptors::default());
    let reentry = Reentry { backend: machine() };
    let addr = again as *const () as usize;
    let (args, ret) = (vec![Ty::Int], Ty::Int);
    let callee =
        d.callee(CalleeDescr { name: "again", addr, args, slice: false, ret, effects: Effects::ALL });
    let (mut t, inputs) = TraceBuilder::new_loop(&[0]);
    let address = t.int(&raw const reentry as i64);
    let sum = t.call(&d, callee, &[address]);
    let snapshot = one_frame(&mut t, &[inputs[0], sum]);
    t.push(Opcode::Exit, &[], 0, &[], snapshot);
    let trace = t.finish();
    let before = reentry.backend.code_bytes();
    reentry.backend.compile(&[unit(0, &trace, &world, &[0])], Effort::Best, &d).expect("compiles");
    world.set_frame(&tagged(&[77]));
    assert!(matches!(
        reentry.backend.enter(FragmentId(0), world.ctx.cast(), world.frame()),
        Outcome::Exit(_)
    ));
    assert_eq!(world.exchange(2), [77 << 1 | 1, 34]);
    reentry.backend.free(FragmentId(0));
    reentry.backend.reclaim(&[]);
    assert_eq!(reentry.backend.code_bytes(), before);
}

#[test]
fn polls_see_changes_from_outside() {
    extern "C" fn interrupt_later(ctx: *mut u8, count: u64) {
        if count == 10 {
            // SAFETY: the context is a living world's.
            unsafe { (*ctx.cast::<super::world::Ctx>()).valid = 0 };
        }
    }
    let (world, backend, mut d) = (World::new(), machine(), Descriptors::default());
    let addr = interrupt_later as *const () as usize;
    let (args, ret, effects) = (vec![Ty::Int], Ty::Void, Effects::ALL);
    let callee = d.callee(CalleeDescr { name: "later", addr, args, slice: false, ret, effects });
    let (mut t, inputs) = TraceBuilder::new_loop(&[0]);
    let i = t.op(Opcode::UntagInt, &[inputs[0]]);
    let p = t.label(&[i]);
    let snapshot = one_frame(&mut t, &p);
    t.guard(Opcode::GuardNoInterrupt, &[], snapshot);
    t.guard(Opcode::GuardValid, &[], snapshot);
    t.call(&d, callee, &p);
    let one = t.int(1);
    let next = t.op(Opcode::IntAdd, &[p[0], one]);
    t.jump(&[next]);
    let trace = t.finish();
    backend.compile(&[unit(0, &trace, &world, &[0])], Effort::Best, &d).expect("compiles");
    world.set_frame(&tagged(&[3]));
    assert!(matches!(backend.enter(FragmentId(0), world.ctx.cast(), world.frame()), Outcome::Exit(_)));
    assert_eq!(world.exchange(1), [11]);
    world.ctx().interrupt = 1;
    world.ctx().valid = 1;
    world.set_frame(&tagged(&[3]));
    assert!(matches!(backend.enter(FragmentId(0), world.ctx.cast(), world.frame()), Outcome::Exit(_)));
    assert_eq!(world.exchange(1), [3]);
}

#[test]
fn many_values_cross_in_registers_and_words() {
    let (world, backend, d) = (World::new(), machine(), Descriptors::default());
    let (mut t, inputs) = TraceBuilder::new_loop(&[0]);
    let base = t.op(Opcode::UntagInt, &[inputs[0]]);
    let mut values = Vec::new();
    for k in 0..12 {
        let k = t.int(k);
        let x = t.op(Opcode::IntAdd, &[base, k]);
        values.push(x);
        values.push(t.op(Opcode::IntToFloat, &[x]));
    }
    let snapshot = one_frame(&mut t, &values);
    t.push(Opcode::Exit, &[], 0, &[], snapshot);
    let trace = t.finish();
    let exits = backend.compile(&[unit(0, &trace, &world, &[0])], Effort::Best, &d).expect("compiles").exits;
    let expect = |doubled: bool| {
        let word = |k: i64| if doubled { 2 * k } else { k };
        let both = |k: i64| [word(k) as u64, (word(k) as f64).to_bits()];
        (100..112).flat_map(both).collect::<Vec<u64>>()
    };
    world.set_frame(&tagged(&[100]));
    backend.enter(FragmentId(0), world.ctx.cast(), world.frame());
    assert_eq!(world.exchange(24), expect(false));

    let types: Vec<Ty> = values.iter().map(|&r| trace.ty(r)).collect();
    let (mut t, inputs) = TraceBuilder::new_bridge(&types);
    let doubled: Vec<OpRef> = inputs
        .iter()
        .map(|&x| t.op(if t.ty(x) == Ty::Float { Opcode::FloatAdd } else { Opcode::IntAdd }, &[x, x]))
        .collect();
    let snapshot = one_frame(&mut t, &doubled);
    t.push(Opcode::Exit, &[], 0, &[], snapshot);
    let bridge = t.finish();
    backend.compile(&[unit(1, &bridge, &world, &[0])], Effort::Best, &d).expect("compiles");
    backend.attach_bridge(exits[0].exit, FragmentId(1));
    backend.enter(FragmentId(0), world.ctx.cast(), world.frame());
    assert_eq!(world.exchange(24), expect(true));
}

#[test]
fn listings_have_no_addresses() {
    let options = BackendOptions { listings: true, ..BackendOptions::default() };
    let listings: Vec<(String, String)> = (0..2)
        .map(|_| {
            let (world, mut d) = (World::new(), Descriptors::default());
            let backend = CraneliftBackend::new(abi(), options.clone()).expect("a backend");
            assert_eq!(backend.listing("clif"), None);
            let (trace, ..) = odd_even_loop(&mut d);
            backend.compile(&[unit(0, &trace, &world, &[0])], Effort::Best, &d).expect("compiles");
            (backend.listing("clif").expect("a listing"), backend.listing("asm").expect("a listing"))
        })
        .collect();
    assert_eq!(listings[0], listings[1]);
    assert!(listings[0].0.contains("<exit 0>") && listings[0].1.contains("<exit 0>"));
}

#[test]
fn snapshots_hold_virtuals_only_as_their_fields() {
    let (world, backend, mut d) = (World::new(), machine(), Descriptors::default());
    let field = super::ops::raw_field(&mut d, "box.value", 8, MemTy::Val);
    let (mut t, inputs) = TraceBuilder::new_loop(&[0, 1]);
    t.trace
        .virtuals
        .push(hoop_ir::trace::Virtual { new: 7 | 16 << 32, fields: vec![(field, SnapVal::Op(inputs[1]))] });
    let snapshot = one_frame(&mut t, &[inputs[0]]);
    t.trace.snapshots[snapshot.0 as usize].frames[0].regs.push((5, SnapVal::Virtual(0)));
    t.push(Opcode::Exit, &[], 0, &[], snapshot);
    let trace = t.finish();
    backend.compile(&[unit(0, &trace, &world, &[0])], Effort::Best, &d).expect("compiles");
    world.set_frame(&tagged(&[3, 4]));
    backend.enter(FragmentId(0), world.ctx.cast(), world.frame());
    assert_eq!(world.exchange(2), tagged(&[3, 4]));
}

/// `fib(n)`: guard 1 leaves when `n` is below 2 (with `n` as fail argument); an exception leaves by the other exits.
pub fn fib() -> (Trace, OpRef) {
    let (mut t, inputs) = TraceBuilder::new_loop(&[0]);
    let start = one_frame(&mut t, &inputs);
    t.guard(Opcode::GuardInt, &[inputs[0]], start);
    let n = t.op(Opcode::UntagInt, &[inputs[0]]);
    let here = one_frame(&mut t, &[n]);
    let two = t.int(2);
    let small = t.op(Opcode::IntLt, &[n, two]);
    let base = t.guard(Opcode::GuardFalse, &[small], here);
    let mut results = Vec::new();
    for k in [1, 2] {
        let k = t.int(k);
        let m = t.op(Opcode::IntSub, &[n, k]);
        let m = t.op(Opcode::TagInt, &[m]);
        let word = t.push(Opcode::CallFragment, &[], 0, &[m], SnapshotId::NONE);
        t.guard(Opcode::GuardNoException, &[], here);
        results.push(t.op(Opcode::UntagInt, &[word]));
    }
    let sum = t.op(Opcode::IntAdd, &results);
    let sum = t.op(Opcode::TagInt, &[sum]);
    t.op(Opcode::Finish, &[sum]);
    (t.finish(), base)
}

#[test]
fn functions_call_themselves() {
    let (world, backend, d) = (World::new(), machine(), Descriptors::default());
    let (trace, base) = fib();
    let exits = backend.compile(&[unit(0, &trace, &world, &[0])], Effort::Best, &d).expect("compiles").exits;
    world.set_frame(&tagged(&[10]));
    assert_eq!(backend.enter(FragmentId(0), world.ctx.cast(), world.frame()), Outcome::Finished);
    assert_eq!(world.exchange(1), tagged(&[55]));
    assert_eq!(world.ctx().finished, 89);

    let (mut t, inputs) = TraceBuilder::new_bridge(&[Ty::Int]);
    let word = t.op(Opcode::TagInt, &inputs);
    t.op(Opcode::Finish, &[word]);
    let bridge = t.finish();
    backend.compile(&[unit(1, &bridge, &world, &[])], Effort::Best, &d).expect("compiles");
    backend.attach_bridge(exit_of(&exits, base), FragmentId(1));
    world.ctx().finished = 0;
    assert_eq!(backend.enter(FragmentId(0), world.ctx.cast(), world.frame()), Outcome::Finished);
    assert_eq!((world.exchange(1), world.ctx().finished), (&tagged(&[55])[..], 0));

    let mut merged = [unit(0, &trace, &world, &[0]), unit(1, &bridge, &world, &[])];
    merged[1].parent = Some((0, base));
    backend.compile(&merged, Effort::Best, &d).expect("compiles");
    assert_eq!(backend.enter(FragmentId(0), world.ctx.cast(), world.frame()), Outcome::Finished);
    assert_eq!((world.exchange(1), world.ctx().finished), (&tagged(&[55])[..], 0));
    backend.free(FragmentId(0));
    backend.free(FragmentId(1));
    backend.reclaim(&[]);
    assert_eq!(backend.code_bytes(), stub_bytes());
}

#[test]
fn exceptions_leave_called_functions() {
    let (world, backend, d) = (World::new(), machine(), Descriptors::default());
    let (trace, _) = fib();
    backend.compile(&[unit(0, &trace, &world, &[0])], Effort::Best, &d).expect("compiles");
    // No stack at all: the first call already is too deep.
    world.ctx().stack_limit = u64::MAX;
    world.set_frame(&tagged(&[10]));
    assert!(matches!(backend.enter(FragmentId(0), world.ctx.cast(), world.frame()), Outcome::Exit(_)));
    assert_eq!((world.ctx().pending, world.exchange(1)[0]), (0x77, 10));
    // Some stack: an exception of a deep activation goes up through all.
    let here = &raw const world as u64;
    world.ctx().stack_limit = here - 20_000;
    world.ctx().pending = 0;
    world.set_frame(&tagged(&[100_000]));
    assert!(matches!(backend.enter(FragmentId(0), world.ctx.cast(), world.frame()), Outcome::Exit(_)));
    assert_eq!(world.exchange(1)[0], 100_000);
    assert_ne!(world.ctx().pending, 0);
}

#[test]
fn constants_are_unboxed_on_both_sides_of_a_label() {
    let (world, backend, d) = (World::new(), machine(), Descriptors::default());
    let big = hoop_ir::eval::Machine::box_float(&world.machine, 1e300);
    let (mut t, inputs) = TraceBuilder::new_loop(&[0]);
    let start = one_frame(&mut t, &inputs);
    let constant = t.root(0);
    t.guard(Opcode::GuardFloat, &[constant], start);
    let x = t.op(Opcode::UnboxFloat, &[constant]);
    let bits = t.op(Opcode::FloatBits, &[x]);
    let p = t.label(&[bits]);
    let y = t.op(Opcode::UnboxFloat, &[constant]);
    let bits = t.op(Opcode::FloatBits, &[y]);
    let here = one_frame(&mut t, &[p[0], bits]);
    let same = t.op(Opcode::IntEq, &[p[0], bits]);
    let guard = t.guard(Opcode::GuardFalse, &[same], here);
    t.jump(&[bits]);
    let trace = t.finish();
    let roots = [big];
    let exits =
        backend.compile(&[unit(0, &trace, &world, &roots)], Effort::Best, &d).expect("compiles").exits;
    world.set_frame(&tagged(&[0]));
    let outcome = backend.enter(FragmentId(0), world.ctx.cast(), world.frame());
    assert_eq!(outcome, Outcome::Exit(exit_of(&exits, guard)));
    assert_eq!(world.exchange(2), [1e300f64.to_bits(); 2]);
    // A prelude that enters at the label.
    let (mut t, _) = TraceBuilder::new_loop(&[0]);
    let bits = t.int(1e300f64.to_bits() as i64);
    t.push(Opcode::JumpLabel, &[], 0, &[bits], SnapshotId::NONE);
    let prelude = t.finish();
    backend.compile(&[unit(1, &prelude, &world, &[])], Effort::Best, &d).expect("compiles");
    let outcome = backend.enter(FragmentId(1), world.ctx.cast(), world.frame());
    assert_eq!(outcome, Outcome::Exit(exit_of(&exits, guard)));
    assert_eq!(world.exchange(2), [1e300f64.to_bits(); 2]);
}
