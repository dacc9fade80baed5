//! Random traces that are well typed and run: for the fuzzing of optimizer and backends.
//!
//! The generator is a small recorder. It keeps a file of registers over a [`TestMachine`], picks random instructions,
//! executes each operation while it writes it down, and makes every guard so that it holds this first time. An
//! instruction does its guards before its first effect, as recorded traces do. So a trace runs through at least once
//! with its case's inputs; a loop goes round until its counter ends it or some guard fails.
//!
//! A [`Case`] describes objects and inputs without addresses, so that each backend can build the same heap.

mod callees;
mod family;
mod generate;
mod instructions;
mod world;

pub use callees::{CALLEES, run_callee};
pub use family::{BridgeSpec, Family, family};
pub use generate::arbitrary;
pub use world::{Known, shapes};

use crate::descr::{Descriptors, MemTy};
use crate::eval::{EvalBackend, Machine, TestMachine, arith, rebuild};
use crate::stage::{Backend, Effort, Outcome, UnitTrace};
use crate::trace::{FragmentId, SnapshotId, Trace};
use std::fmt::Write;

/// What a generated trace is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// As recorded: jumps back to its inputs.
    Loop,
    /// With preamble and label, whose parameters are partly unboxed.
    Labelled,
    /// Typed inputs; ends in an exit.
    Bridge,
    /// A loop's entry, but ends in an exit or finishes.
    Straight,
}

/// What to generate.
#[derive(Copy, Clone, Debug)]
pub struct Options {
    pub kind: Kind,
    /// Guest instructions per trace; each gives up to about ten operations.
    pub instructions: u32,
    pub floats: bool,
    pub heap: bool,
    pub calls: bool,
    /// Objects that exist only in snapshots, and stores put off to exits.
    pub virtuals: bool,
    /// Frames of inlined calls in snapshots.
    pub frames: bool,
    /// Most iterations of a loop.
    pub iterations: u32,
    /// Addresses of callees, for backends that call them: see [`CALLEES`].
    pub address: fn(&str) -> usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            kind: Kind::Loop,
            instructions: 20,
            floats: true,
            heap: true,
            calls: true,
            virtuals: true,
            frames: true,
            iterations: 12,
            address: |_| 0,
        }
    }
}

/// A value without addresses.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Word {
    /// A small int.
    Int(i64),
    /// A float, in the word or on the heap.
    Float(f64),
    /// A word that is no pointer.
    Plain(u64),
    /// An object of the case.
    Object(usize),
    /// An unboxed integer or double.
    RawInt(i64),
    RawFloat(f64),
}

/// An object that exists before the run.
#[derive(Clone, PartialEq, Debug)]
pub struct ObjectSpec {
    pub shape: u32,
    /// Bytes, header included.
    pub size: u32,
    pub aux: u16,
    /// Contents: byte offset, storage, value. The rest is zero.
    pub cells: Vec<(i64, MemTy, Word)>,
}

/// A trace and the world that it runs in.
pub struct Case {
    pub trace: Trace,
    pub descriptors: Descriptors,
    pub objects: Vec<ObjectSpec>,
    /// The trace's inputs (of a bridge, also unboxed ones).
    pub inputs: Vec<Word>,
    /// The trace's root table.
    pub roots: Vec<Word>,
}

/// Builds a case's objects on any machine, given how to make one; gives their words.
pub fn build_objects(m: &dyn Machine, objects: &[ObjectSpec], make: impl Fn(&ObjectSpec) -> u64) -> Vec<u64> {
    let made: Vec<u64> = objects.iter().map(make).collect();
    for (spec, &object) in objects.iter().zip(&made) {
        for &(offset, mem, word) in &spec.cells {
            m.store(object, offset, mem, to_word(m, word, &made));
        }
    }
    made
}

/// A value's word on a machine with these objects.
pub fn to_word(m: &dyn Machine, word: Word, objects: &[u64]) -> u64 {
    match word {
        Word::Int(i) => arith::tag(i),
        Word::Float(f) => m.box_float(f),
        Word::Plain(w) => w,
        Word::Object(i) => objects[i],
        Word::RawInt(i) => i as u64,
        Word::RawFloat(f) => f.to_bits(),
    }
}

/// What a run did, told without addresses: equal for runs that a guest cannot tell apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// Calls of callees, in order.
    pub calls: Vec<String>,
    /// The exit's frames, or the result, and all objects that can be reached.
    pub end: String,
}

impl Case {
    /// A fresh machine with the case's objects and callees; their words.
    pub fn machine(&self) -> (TestMachine, Vec<u64>) {
        let m = world::test_machine();
        let objects = build_objects(&m, &self.objects, |o| m.object(o.shape, o.size, o.aux));
        m.events.borrow_mut().clear();
        (m, objects)
    }

    /// Words of the root table.
    pub fn root_words(&self, m: &dyn Machine, objects: &[u64]) -> Vec<u64> {
        self.roots.iter().map(|&w| to_word(m, w, objects)).collect()
    }

    pub fn input_words(&self, m: &dyn Machine, objects: &[u64]) -> Vec<u64> {
        self.inputs.iter().map(|&w| to_word(m, w, objects)).collect()
    }

    /// Runs a trace (the case's own, or what an optimizer made of it) on a fresh evaluator.
    pub fn run(&self, trace: &Trace) -> Report {
        let (m, objects) = self.machine();
        let (roots, inputs) = (self.root_words(&m, &objects), self.input_words(&m, &objects));
        let backend = EvalBackend::new(m);
        let unit = UnitTrace { fragment: FragmentId(0), trace, parent: None, roots: &roots, valid_flag: 0 };
        let compiled = backend
            .compile(&[unit], Effort::Best, &self.descriptors)
            .expect("the evaluator compiles every trace");
        let outcome = backend.run(FragmentId(0), &inputs);
        let m = &backend.machine;
        let calls = m.calls();
        let end = match outcome {
            Outcome::Finished => {
                let word = m.exchange(1)[0];
                format!("finished: {}", m.describe_state(&[word]))
            }
            Outcome::Exit(exit) => {
                let exit = compiled.exits.iter().find(|e| e.exit == exit).expect("an exit of this unit");
                self.describe_exit(m, trace, &roots, exit.snapshot)
            }
        };
        Report { calls, end }
    }

    /// The state at an exit whose fail arguments lie in the machine's exchange area. Pcs, registers, reachable
    /// objects and the pending exception count; which guard failed does not.
    pub fn describe_exit(
        &self,
        m: &TestMachine,
        trace: &Trace,
        roots: &[u64],
        snapshot: SnapshotId,
    ) -> String {
        let values = m.exchange(trace.fail_args(snapshot).len());
        let frames = rebuild(m, trace, &self.descriptors, roots, snapshot, &values);
        let mut out = String::new();
        let mut words = vec![m.pending.get()];
        for f in &frames {
            let regs: Vec<String> = f.regs.iter().map(|r| format!("r{}", r.0)).collect();
            _ = writeln!(out, "frame #{} pc={} ret={} {}", f.code, f.pc, f.ret, regs.join(" "));
            words.extend(f.owner.iter().chain(f.regs.iter().map(|(_, w)| w)));
        }
        out + &m.describe_state(&words)
    }
}
