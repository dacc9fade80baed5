//! Each pure operation on random and on awkward operands, variable and constant, against the evaluator.

use hoop_ir::builder::TraceBuilder;
use hoop_ir::descr::{Descriptors, FieldDescr, FieldId, MemTy};
use hoop_ir::eval::EvalBackend;
use hoop_ir::op::{Effect, Opcode, Ty};
use hoop_ir::stage::{Backend, Effort, Outcome, UnitTrace};
use hoop_ir::trace::{FragmentId, FrameState, OpRef, SnapVal, Snapshot, Trace};
use proptest::prelude::*;

use super::world::{World, abi};
use crate::{BackendOptions, CraneliftBackend, RawMachine};

pub fn raw_field(d: &mut Descriptors, name: &'static str, offset: i32, mem: MemTy) -> FieldId {
    d.field(FieldDescr { name, number: 0, offset, mem, array: false, immutable: false, group: 1 })
}

pub fn one_frame(b: &mut TraceBuilder, regs: &[OpRef]) -> hoop_ir::trace::SnapshotId {
    let regs = regs.iter().enumerate().map(|(i, &r)| (i as u16, SnapVal::Op(r))).collect();
    b.trace.roots = b.trace.roots.max(1);
    b.snapshot(Snapshot {
        frames: vec![FrameState { code: 0, pc: 0, ret: 0, owner: None, regs }],
        stores: vec![],
    })
}

/// Where operands come from.
#[derive(Copy, Clone, PartialEq)]
pub enum Source {
    Memory,
    Constant,
}

/// A trace that applies `code` to two raw fields (or constants) of its one input and leaves with the result.
pub fn trace_of(code: Opcode, a: (Source, u64), b: (Source, u64), d: &mut Descriptors) -> Trace {
    let (mut t, inputs) = TraceBuilder::new_loop(&[0]);
    let mut args = Vec::new();
    for (i, (&ty, (source, word))) in code.args().iter().zip([a, b]).enumerate() {
        let arg = match (ty, source) {
            (Ty::Bool, _) => {
                let f = raw_field(d, if i == 0 { "i0" } else { "i1" }, 8 + 16 * i as i32, MemTy::I64);
                let x = t.get(d, inputs[0], f);
                let zero = t.int(0);
                t.op(Opcode::IntLt, &[x, zero])
            }
            (Ty::Int, Source::Constant) => t.int(word as i64),
            (Ty::Float, Source::Constant) => t.float(f64::from_bits(word)),
            (Ty::Val, Source::Constant) if word & 7 != 0 => t.word(word),
            (Ty::Val, _) => {
                let f = raw_field(d, if i == 0 { "w0" } else { "w1" }, 8 + 16 * i as i32, MemTy::Val);
                t.get(d, inputs[0], f)
            }
            (Ty::Float, _) => {
                let f = raw_field(d, if i == 0 { "f0" } else { "f1" }, 8 + 16 * i as i32, MemTy::F64);
                t.get(d, inputs[0], f)
            }
            _ => {
                let f = raw_field(d, if i == 0 { "i0" } else { "i1" }, 8 + 16 * i as i32, MemTy::I64);
                t.get(d, inputs[0], f)
            }
        };
        args.push(arg);
    }
    let r = t.op(code, &args);
    let snapshot = one_frame(&mut t, &[r]);
    t.push(Opcode::Exit, &[], 0, &[], snapshot);
    t.finish()
}

fn result(backend: &dyn Backend, trace: &Trace, d: &Descriptors, a: u64, b: u64) -> String {
    let world = World::new();
    let object = world.object(77, 40, 0);
    // SAFETY: the object has 40 bytes.
    unsafe {
        *((object + 8) as *mut u64) = a;
        *((object + 24) as *mut u64) = b;
    }
    world.set_frame(&[object]);
    let unit = UnitTrace { fragment: FragmentId(0), trace, parent: None, roots: &[object], valid_flag: 0 };
    let compiled = backend.compile(&[unit], Effort::Best, d).expect("the trace compiles");
    let outcome = backend.enter(FragmentId(0), world.ctx.cast(), world.frame());
    assert!(matches!(outcome, Outcome::Exit(_)));
    let args = trace.fail_args(compiled.exits[0].snapshot);
    let values: Vec<(Ty, u64)> = args.iter().map(|&r| (trace.ty(r), world.exchange(1)[0])).collect();
    world.describe(&values)
}

/// Whether the operation is defined for these operands.
fn allowed(code: Opcode, a: u64, b: u64) -> bool {
    use Opcode::*;
    let number = |w: u64| w & 3 == 2;
    match code {
        IntFloorDiv | IntMod => b != 0 && !(a as i64 == i64::MIN && b as i64 == -1),
        IntShl | IntShr => b < 64,
        TagInt => (a as i64) << 1 >> 1 == a as i64,
        UntagInt => a & 1 == 1,
        UnboxFloat => number(a),
        ValEq | ValIsInt | ValBits => a & 7 != 0 && b & 7 != 0,
        _ => true,
    }
}

fn check(backend: &CraneliftBackend, code: Opcode, a: u64, b: u64) {
    if !allowed(code, a, b) {
        return;
    }
    for sources in [
        [Source::Memory, Source::Memory],
        [Source::Memory, Source::Constant],
        [Source::Constant, Source::Memory],
    ] {
        if code.args().len() == 1 && sources[1] == Source::Constant {
            continue;
        }
        let mut d = Descriptors::default();
        let trace = trace_of(code, (sources[0], a), (sources[1], b), &mut d);
        let eval = EvalBackend::new(RawMachine::new(abi()));
        let expected = result(&eval, &trace, &d, a, b);
        let found = result(backend, &trace, &d, a, b);
        assert_eq!(expected, found, "{} {a:#x} {b:#x}", code.text());
    }
}

pub fn codes(of: Ty) -> Vec<Opcode> {
    let pure = |c: &&Opcode| c.effect() == Effect::Pure && !c.args().is_empty() && c.args()[0] == of;
    Opcode::ALL.iter().filter(pure).copied().collect()
}

fn backend() -> CraneliftBackend {
    CraneliftBackend::new(abi(), BackendOptions::default()).expect("a backend for this machine")
}

const INTS: [i64; 14] =
    [0, 1, -1, 2, 7, -7, 10, 63, 64, (1 << 62) - 1, -(1 << 62), 1 << 62, i64::MAX, i64::MIN];

const FLOATS: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.5,
    0.3,
    1e300,
    -1e-300,
    1e77,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    4611686018427387904.5,
    9.3e18,
    2.5,
];

#[test]
fn int_operations_on_edges() {
    let backend = backend();
    for code in codes(Ty::Int) {
        for (i, &a) in INTS.iter().enumerate() {
            for &b in INTS.iter().skip(i % 2).step_by(2) {
                check(&backend, code, a as u64, b as u64);
            }
        }
    }
}

#[test]
fn float_operations_on_edges() {
    let backend = backend();
    for code in codes(Ty::Float) {
        for (i, a) in FLOATS.iter().enumerate() {
            for b in FLOATS.iter().skip(i % 2).step_by(2) {
                check(&backend, code, a.to_bits(), b.to_bits());
            }
        }
        check(&backend, code, 0x3000_0000_0000_0000, f64::to_bits(2.0));
    }
}

#[test]
fn conditions() {
    let backend = backend();
    for code in codes(Ty::Bool) {
        for (a, b) in [(0, 0), (-1, 0), (0, -1), (-1i64, -1i64)] {
            check(&backend, code, a as u64, b as u64);
        }
    }
}

#[test]
fn divisions_by_constants() {
    let backend = backend();
    for b in
        [1, 2, 3, 5, 6, 7, 8, 10, 12, 100, 641, 1 << 40, (1 << 40) + 1, i64::MAX, -1, -2, -3, -10, i64::MIN]
    {
        for a in [0, 1, -1, 9, 10, 11, -9, -10, -11, 999, -1000, i64::MAX, i64::MIN, i64::MIN + 1] {
            for code in [Opcode::IntFloorDiv, Opcode::IntMod] {
                check(&backend, code, a as u64, b as u64);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn int_operations(index in 0usize..100, a in any::<i64>(), b in any::<i64>(), down in 0u32..64, other in 0u32..64) {
        let codes = codes(Ty::Int);
        let code = codes[index % codes.len()];
        let b = if matches!(code, Opcode::IntShl | Opcode::IntShr) { b & 63 } else { b >> other };
        check(&backend(), code, (a >> down) as u64, b as u64);
    }

    #[test]
    fn float_operations(index in 0usize..100, a in any::<f64>(), b in any::<f64>()) {
        let codes = codes(Ty::Float);
        check(&backend(), codes[index % codes.len()], a.to_bits(), b.to_bits());
    }

    #[test]
    fn word_operations(index in 0usize..100, a in any::<u64>(), b in any::<u64>(), same in any::<bool>()) {
        let codes = codes(Ty::Val);
        let (a, b) = (a | 1 << (a >> 63), b | 1 << (b >> 63));
        check(&backend(), codes[index % codes.len()], a, if same { a } else { b });
    }
}
