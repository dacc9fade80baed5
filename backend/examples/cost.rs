//! What compilation costs per operation, and what the compiled code of a few loops costs per iteration.
//!
//! `cargo run --release -p hoop-backend --example cost`

use std::time::{Duration, Instant};

use hoop_backend::{BackendOptions, CraneliftBackend};
use hoop_ir::builder::TraceBuilder;
use hoop_ir::descr::Descriptors;
use hoop_ir::fuzz::{Kind, Options, arbitrary};
use hoop_ir::op::{Opcode, Ty};
use hoop_ir::stage::{Backend, Effort, ExitId, GuardExit, HeapAbi, UnitTrace};
use hoop_ir::trace::{FragmentId, FrameState, OpRef, SnapVal, Snapshot, SnapshotId, Trace};

#[repr(C)]
struct Ctx {
    cursor: u64,
    limit: u64,
    pending: u64,
    interrupt: u64,
    stack_limit: u64,
    exchange: [u64; 512],
}

fn abi() -> HeapAbi {
    use std::mem::offset_of;
    HeapAbi {
        cursor: offset_of!(Ctx, cursor) as i32,
        limit: offset_of!(Ctx, limit) as i32,
        pending: offset_of!(Ctx, pending) as i32,
        interrupt: offset_of!(Ctx, interrupt) as i32,
        warm_bit: 4,
        exchange: offset_of!(Ctx, exchange) as i32,
        exchange_words: 512,
        gc_byte: 4,
        barrier_bit: 2,
        float_payload: 8,
        float_shape: 1,
        true_word: 20,
        false_word: 12,
        stack_limit: offset_of!(Ctx, stack_limit) as i32,
        finish_callee: never as *const () as usize,
        recursion_error: never as *const () as usize,
        ..HeapAbi::default()
    }
}

extern "C" fn never(_ctx: *mut u8) -> u64 {
    0
}

fn context() -> Box<Ctx> {
    Box::new(Ctx { cursor: 0, limit: 0, pending: 0, interrupt: 0, stack_limit: 0, exchange: [0; 512] })
}

fn backend(options: BackendOptions) -> CraneliftBackend {
    CraneliftBackend::new(abi(), options).expect("a backend for this machine")
}

fn unit(fragment: u32, trace: &Trace) -> UnitTrace<'_> {
    UnitTrace { fragment: FragmentId(fragment), trace, parent: None, roots: &[0; 16], valid_flag: 8 }
}

fn best(times: usize, mut f: impl FnMut()) -> Duration {
    let run = |_| {
        let start = Instant::now();
        f();
        start.elapsed()
    };
    (0..times).map(run).min().unwrap_or_default()
}

fn compile_times() {
    let heat = i64::MAX;
    let settings = [("best", Effort::Best), ("quick", Effort::Quick { heat: (&raw const heat) as usize })];
    println!("{:<22}{:>6}{:>7}{:>11}{:>8}{:>9}", "compilation", "ops", "exits", "ms", "µs/op", "bytes/op");
    for instructions in [8, 30, 100, 300] {
        for (name, effort) in settings {
            let backend = backend(BackendOptions::default());
            let case = arbitrary(
                7,
                &Options { kind: Kind::Labelled, instructions, address: |_| 8, ..Options::default() },
            );
            let ops = case.trace.ops.len();
            let (mut bytes, mut exits) = (0, 0);
            let time = best(7, || {
                let made =
                    backend.compile(&[unit(0, &case.trace)], effort, &case.descriptors).expect("compiles");
                (bytes, exits) = (made.code_bytes, made.exits.len());
            });
            let (ms, us) = (time.as_secs_f64() * 1e3, time.as_secs_f64() * 1e6 / ops as f64);
            println!("{name:<22}{ops:>6}{exits:>7}{ms:>11.3}{us:>8.1}{:>9}", bytes / ops);
        }
    }
}

fn snapshot(t: &mut TraceBuilder, regs: &[OpRef]) -> SnapshotId {
    let regs = regs.iter().enumerate().map(|(i, &r)| (i as u16, SnapVal::Op(r))).collect();
    t.trace.roots = t.trace.roots.max(1);
    t.snapshot(Snapshot {
        frames: vec![FrameState { code: 0, pc: 0, ret: 0, owner: None, regs }],
        stores: vec![],
    })
}

/// `while i < n: total += i; i += 1` over ints that must fit; with `branchy`, odd `i` leave by a guard. Gives the guard.
fn int_loop(branchy: bool) -> (Trace, OpRef) {
    let (mut t, inputs) = TraceBuilder::new_loop(&[0, 1, 2]);
    let start = snapshot(&mut t, &inputs);
    for &i in &inputs {
        t.guard(Opcode::GuardInt, &[i], start);
    }
    let [i, sum, n] = [0, 1, 2].map(|k| t.op(Opcode::UntagInt, &[inputs[k]]));
    let p = t.label(&[i, sum, n]);
    let here = snapshot(&mut t, &p);
    let more = t.op(Opcode::IntLt, &[p[0], p[2]]);
    let mut guard = t.guard(Opcode::GuardTrue, &[more], here);
    t.guard(Opcode::GuardNoInterrupt, &[], here);
    let one = t.int(1);
    if branchy {
        let odd = t.op(Opcode::IntAnd, &[p[0], one]);
        let zero = t.int(0);
        let even = t.op(Opcode::IntEq, &[odd, zero]);
        let inside = snapshot(&mut t, &p);
        guard = t.guard(Opcode::GuardTrue, &[even], inside);
    }
    let total = t.op(Opcode::IntAdd, &[p[1], p[0]]);
    let fits = t.op(Opcode::IntFits, &[total]);
    t.guard(Opcode::GuardTrue, &[fits], here);
    let next = t.op(Opcode::IntAdd, &[p[0], one]);
    t.jump(&[next, total, p[2]]);
    (t.finish(), guard)
}

/// The other path of the branchy loop: subtracts.
fn other_path(by_label: bool) -> Trace {
    let (mut t, p) = TraceBuilder::new_bridge(&[Ty::Int, Ty::Int, Ty::Int]);
    let here = snapshot(&mut t, &p);
    let one = t.int(1);
    let total = t.op(Opcode::IntSub, &[p[1], p[0]]);
    let fits = t.op(Opcode::IntFits, &[total]);
    t.guard(Opcode::GuardTrue, &[fits], here);
    let next = t.op(Opcode::IntAdd, &[p[0], one]);
    if by_label {
        t.push(Opcode::JumpLabel, &[], 0, &[next, total, p[2]], SnapshotId::NONE);
    } else {
        let words = [next, total, p[2]].map(|x| t.op(Opcode::TagInt, &[x]));
        t.jump_fragment(FragmentId(0), &words);
    }
    t.finish()
}

/// `x = x * 0.5 + 1.0` with a boxed value at both ends of the iteration if `boxed`.
fn float_loop(boxed: bool) -> Trace {
    let (mut t, inputs) = TraceBuilder::new_loop(&[0, 1, 2]);
    let start = snapshot(&mut t, &inputs);
    t.guard(Opcode::GuardInt, &[inputs[0]], start);
    t.guard(Opcode::GuardFloat, &[inputs[1]], start);
    t.guard(Opcode::GuardInt, &[inputs[2]], start);
    let [i, n] = [0, 2].map(|k| t.op(Opcode::UntagInt, &[inputs[k]]));
    let x = if boxed { inputs[1] } else { t.op(Opcode::UnboxFloat, &[inputs[1]]) };
    let p = t.label(&[i, x, n]);
    let here = snapshot(&mut t, &p);
    let more = t.op(Opcode::IntLt, &[p[0], p[2]]);
    t.guard(Opcode::GuardTrue, &[more], here);
    let x = if boxed {
        t.guard(Opcode::GuardFloat, &[p[1]], here);
        t.op(Opcode::UnboxFloat, &[p[1]])
    } else {
        p[1]
    };
    let (half, one_f, one) = (t.float(0.5), t.float(1.0), t.int(1));
    let x = t.op(Opcode::FloatMul, &[x, half]);
    let x = t.op(Opcode::FloatAdd, &[x, one_f]);
    let x = if boxed { t.op(Opcode::BoxFloat, &[x]) } else { x };
    let next = t.op(Opcode::IntAdd, &[p[0], one]);
    t.jump(&[next, x, p[2]]);
    t.finish()
}

const ITERATIONS: u64 = 20_000_000;

fn time_loop(name: &str, backend: &CraneliftBackend, second: u64) {
    let mut ctx = context();
    let mut ended = 0;
    let time = best(3, || {
        let mut frame = [1, second, ITERATIONS << 1 | 1];
        backend.enter(FragmentId(0), (&raw mut *ctx).cast(), frame.as_mut_ptr());
        ended = ctx.exchange[0];
    });
    assert_eq!(ended, ITERATIONS, "the loop ran to its end");
    println!("{name:<44}{:>8.2} ns/iteration", time.as_secs_f64() * 1e9 / ITERATIONS as f64);
}

fn exit_of(exits: &[GuardExit], guard: OpRef) -> ExitId {
    exits.iter().find(|e| e.guard == guard).expect("an exit").exit
}

fn run_times() {
    let d = Descriptors::default();
    let b = backend(BackendOptions::default());
    b.compile(&[unit(0, &int_loop(false).0)], Effort::Best, &d).expect("compiles");
    time_loop("int loop", &b, 1);
    for (name, boxed) in [("float loop, unboxed", false), ("float loop, boxed round the back edge", true)] {
        let b = backend(BackendOptions::default());
        b.compile(&[unit(0, &float_loop(boxed))], Effort::Best, &d).expect("compiles");
        time_loop(name, &b, 2.0f64.to_bits().rotate_left(3) & !3 | 2);
    }
    let (branchy, guard) = int_loop(true);
    for (name, by_label) in
        [("branchy, bridge attached, by registers", false), ("branchy, bridge attached, label", true)]
    {
        let b = backend(BackendOptions::default());
        let exits = b.compile(&[unit(0, &branchy)], Effort::Best, &d).expect("compiles").exits;
        b.compile(&[unit(1, &other_path(by_label))], Effort::Best, &d).expect("compiles");
        b.attach_bridge(exit_of(&exits, guard), FragmentId(1));
        time_loop(name, &b, 1);
    }
    let b = backend(BackendOptions::default());
    let bridge = other_path(true);
    let mut both = [unit(0, &branchy), unit(1, &bridge)];
    both[1].parent = Some((0, guard));
    b.compile(&both, Effort::Best, &d).expect("compiles");
    time_loop("branchy, bridge in the unit", &b, 1);
}

fn enter_times() {
    let b = backend(BackendOptions::default());
    let (mut t, inputs) = TraceBuilder::new_loop(&[0, 1, 2]);
    let here = snapshot(&mut t, &inputs);
    t.push(Opcode::Exit, &[], 0, &[], here);
    let trace = t.finish();
    b.compile(&[unit(0, &trace)], Effort::Best, &Descriptors::default()).expect("compiles");
    let mut ctx = context();
    let mut frame = [1, 1, 1];
    let time = best(5, || {
        for _ in 0..100_000 {
            b.enter(FragmentId(0), (&raw mut *ctx).cast(), frame.as_mut_ptr());
        }
    });
    println!("{:<44}{:>8.2} ns", "enter and leave", time.as_secs_f64() * 1e4);
}

/// A function that calls itself, with its base case compiled into the unit.
fn call_times() {
    let (mut t, inputs) = TraceBuilder::new_loop(&[0]);
    let start = snapshot(&mut t, &inputs);
    t.guard(Opcode::GuardInt, &[inputs[0]], start);
    let n = t.op(Opcode::UntagInt, &[inputs[0]]);
    let here = snapshot(&mut t, &[n]);
    let two = t.int(2);
    let small = t.op(Opcode::IntLt, &[n, two]);
    let base = t.guard(Opcode::GuardFalse, &[small], here);
    let results = [1, 2].map(|k| {
        let k = t.int(k);
        let m = t.op(Opcode::IntSub, &[n, k]);
        let m = t.op(Opcode::TagInt, &[m]);
        let word = t.push(Opcode::CallFragment, &[], 0, &[m], SnapshotId::NONE);
        let here = snapshot(&mut t, &[n, word]);
        t.guard(Opcode::GuardNoException, &[], here);
        t.guard(Opcode::GuardInt, &[word], here);
        t.op(Opcode::UntagInt, &[word])
    });
    let sum = t.op(Opcode::IntAdd, &results);
    let sum = t.op(Opcode::TagInt, &[sum]);
    t.op(Opcode::Finish, &[sum]);
    let fib = t.finish();
    let (mut t, inputs) = TraceBuilder::new_bridge(&[Ty::Int]);
    let word = t.op(Opcode::TagInt, &inputs);
    t.op(Opcode::Finish, &[word]);
    let bridge = t.finish();
    let b = backend(BackendOptions::default());
    let mut both = [unit(0, &fib), unit(1, &bridge)];
    both[1].parent = Some((0, base));
    b.compile(&both, Effort::Best, &Descriptors::default()).expect("compiles");
    let mut ctx = context();
    let time = best(3, || {
        b.enter(FragmentId(0), (&raw mut *ctx).cast(), [27 << 1 | 1].as_mut_ptr());
    });
    assert_eq!(ctx.exchange[0], 196_418 << 1 | 1);
    println!("{:<44}{:>8.2} ns/call", "fib(27)", time.as_secs_f64() * 1e9 / 635_621.0);
}

fn main() {
    compile_times();
    run_times();
    enter_times();
    call_times();
}
