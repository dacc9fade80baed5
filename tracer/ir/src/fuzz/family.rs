//! A random loop with bridges: the loop is run, a bridge is generated where it leaves, and so on. For backends: a bridge
//! takes the fail arguments of its guard as it stands, so a family fits only while its traces are left alone.

use super::generate::Generator;
use super::world::{Known, Rng};
use super::{Case, Kind, Options, Report, arbitrary};
use crate::builder::TraceBuilder;
use crate::eval::{EvalBackend, Machine, TestMachine};
use crate::op::{Opcode, Ty};
use crate::stage::{Backend, Effort, GuardExit, Outcome, UnitTrace};
use crate::trace::{Entry, FragmentId, OpRef, SnapVal, SnapshotId, Trace};
use std::collections::HashMap;

/// The snapshots of a loop's counter have this pc; a bridge from there must not go back into the loop.
const COUNTER_PC: u32 = 1;

/// A bridge and the guard that it hangs on.
pub struct BridgeSpec {
    /// 0: the loop; `n`: bridge `n - 1`.
    pub parent: usize,
    pub guard: OpRef,
    pub trace: Trace,
}

/// A loop (fragment 0) and its bridges (fragments 1, 2, ...), which mostly jump back to it.
pub struct Family {
    pub case: Case,
    pub bridges: Vec<BridgeSpec>,
}

/// A random loop with at most `count` bridges; the same for the same arguments.
pub fn family(seed: u64, options: &Options, count: usize) -> Family {
    let case = arbitrary(seed, &Options { kind: Kind::Loop, ..*options });
    let mut f = Family { case, bridges: Vec::new() };
    for i in 0..count as u64 {
        let Some(bridge) = f.next_bridge(seed ^ (i + 1) << 32, options) else { break };
        f.bridges.push(bridge);
    }
    f
}

impl Family {
    /// Trace number `n` by the numbering of [`BridgeSpec::parent`].
    pub fn trace(&self, n: usize) -> &Trace {
        if n == 0 { &self.case.trace } else { &self.bridges[n - 1].trace }
    }

    /// Runs the loop with all bridges attached on a fresh evaluator.
    pub fn run(&self) -> Report {
        let run = self.execute();
        let m = &run.backend.machine;
        let calls = m.calls();
        let end = match run.left {
            Some((n, exit)) => self.case.describe_exit(m, self.trace(n), &run.roots, exit.snapshot),
            None => format!("finished: {}", m.describe_state(&m.exchange(1))),
        };
        Report { calls, end }
    }

    fn execute(&self) -> Run {
        let (m, objects) = self.case.machine();
        let (roots, inputs) = (self.case.root_words(&m, &objects), self.case.input_words(&m, &objects));
        let backend = EvalBackend::new(m);
        let mut exits: Vec<(usize, GuardExit)> = Vec::new();
        for n in 0..=self.bridges.len() {
            let fragment = FragmentId(n as u32);
            let unit =
                UnitTrace { fragment, trace: self.trace(n), parent: None, roots: &roots, valid_flag: 0 };
            let unit = backend.compile(&[unit], Effort::Best, &self.case.descriptors);
            let unit = unit.expect("the evaluator compiles every trace");
            exits.extend(unit.exits.into_iter().map(|e| (n, e)));
        }
        for (i, b) in self.bridges.iter().enumerate() {
            let exit = exits.iter().find(|(n, e)| *n == b.parent && e.guard == b.guard);
            backend.attach_bridge(exit.expect("an exit of the parent").1.exit, FragmentId(i as u32 + 1));
        }
        let left = match backend.run(FragmentId(0), &inputs) {
            Outcome::Finished => None,
            Outcome::Exit(exit) => exits.into_iter().find(|(_, e)| e.exit == exit),
        };
        Run { backend, roots, left }
    }

    /// A bridge from where the family leaves now; `None` where it cannot go on.
    fn next_bridge(&self, seed: u64, options: &Options) -> Option<BridgeSpec> {
        let run = self.execute();
        let (parent, exit) = run.left?;
        let from = self.trace(parent);
        if from.op(exit.guard).code == Opcode::Exit {
            return None;
        }
        let back = from.snapshot(exit.snapshot).frames.last()?.pc != COUNTER_PC;
        let trace = self.bridge(seed, options, &run, from, exit.snapshot, back);
        Some(BridgeSpec { parent, guard: exit.guard, trace })
    }

    fn bridge(
        &self,
        seed: u64,
        options: &Options,
        run: &Run,
        from: &Trace,
        s: SnapshotId,
        back: bool,
    ) -> Trace {
        let options = Options { kind: Kind::Bridge, instructions: options.instructions / 2, ..*options };
        // The same descriptors are interned again: they have the same ids.
        let mut descriptors = self.case.descriptors.clone();
        let known = Known::new(&mut descriptors, options.address);
        let args = from.fail_args(s);
        let types = args.iter().map(|&r| from.ty(r)).collect();
        let values = run.backend.machine.exchange(args.len());
        let mut b = TraceBuilder::new(Entry::Bridge { types });
        b.trace.roots = run.roots.len() as u32;
        let mut g = Generator {
            rng: Rng(seed),
            options: &options,
            b,
            m: &run.backend.machine,
            d: &descriptors,
            known: &known,
            roots: &run.roots,
            words: Vec::new(),
            regs: Vec::new(),
            outer: None,
            pc: 2000 + 100 * self.bridges.len() as u32,
            snapshot: None,
            back,
        };
        let mut resume = Resume { g: &mut g, from, ops: HashMap::new(), virtuals: HashMap::new() };
        resume.inputs(&args, &values);
        resume.state(s);
        g.all();
        g.b.finish()
    }
}

struct Run {
    backend: EvalBackend<TestMachine>,
    roots: Vec<u64>,
    /// Trace number and exit.
    left: Option<(usize, GuardExit)>,
}

/// Begins a bridge with the state of its guard's snapshot.
struct Resume<'a, 'g> {
    g: &'a mut Generator<'g>,
    from: &'a Trace,
    ops: HashMap<OpRef, OpRef>,
    virtuals: HashMap<u32, OpRef>,
}

impl Resume<'_, '_> {
    fn inputs(&mut self, args: &[OpRef], values: &[u64]) {
        for (i, (&arg, &value)) in args.iter().zip(values).enumerate() {
            let code = match self.from.ty(arg) {
                Ty::Int | Ty::Bool => Opcode::InputInt,
                Ty::Float => Opcode::InputFloat,
                _ => Opcode::InputVal,
            };
            let r = self.g.b.op_imm(code, &[], i as u64);
            self.g.words.push(value);
            self.ops.insert(arg, r);
        }
    }

    fn state(&mut self, s: SnapshotId) {
        let snapshot = self.from.snapshot(s);
        let frames: Vec<Vec<SnapVal>> = snapshot
            .frames
            .iter()
            .map(|f| f.regs.iter().map(|&(_, v)| SnapVal::Op(self.value(v))).collect())
            .collect();
        for store in &snapshot.stores {
            let (object, value) = (self.value(store.object), self.value(store.value));
            let value = self.g.boxed_op(value);
            self.g.store(object, None, store.field, value);
        }
        let mut frames = frames.into_iter().rev();
        self.g.regs = frames.next().unwrap_or_default();
        self.g.outer = frames.next();
        if self.g.m.pending() {
            let e = self.g.op(Opcode::TakeException, &[]);
            self.g.regs[1] = SnapVal::Op(e);
        }
    }

    fn value(&mut self, v: SnapVal) -> OpRef {
        match v {
            SnapVal::Op(r) => self.op(r),
            SnapVal::Virtual(i) => self.virtual_object(i),
        }
    }

    fn op(&mut self, r: OpRef) -> OpRef {
        let op = self.from.op(r);
        match op.code {
            Opcode::ConstInt => self.g.int(op.imm as i64),
            Opcode::ConstFloat => self.g.float(f64::from_bits(op.imm)),
            Opcode::ConstVal => self.g.plain(op.imm),
            Opcode::ConstRef => self.g.root(op.imm as usize),
            _ => self.ops[&r],
        }
    }

    fn virtual_object(&mut self, i: u32) -> OpRef {
        if let Some(&object) = self.virtuals.get(&i) {
            return object;
        }
        let v = &self.from.virtuals[i as usize];
        let object = self.g.push(Opcode::New, &[], v.new, &[], SnapshotId::NONE);
        self.virtuals.insert(i, object);
        for &(field, content) in &v.fields {
            let content = self.value(content);
            let content = self.g.boxed_op(content);
            self.g.store(object, None, field, content);
        }
        object
    }
}
