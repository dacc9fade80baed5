//! The generator: see the text of the module above.

use super::world::{Known, Rng, objects, test_machine};
use super::{Case, Kind, Options, Word, build_objects, to_word};
use crate::builder::TraceBuilder;
use crate::descr::{CalleeId, Descriptors, FieldId};
use crate::eval::{Machine, TestMachine, arith, step, words};
use crate::op::{Effect, Imm, Opcode, Ty};
use crate::trace::{Entry, FrameState, OpRef, PendingStore, SnapVal, Snapshot, SnapshotId, new_parts};

/// Registers of the frame. Register 0 is the loop's counter.
pub(super) const REGS: usize = 7;

/// A root that is a pair.
const PAIR_ROOT: usize = 1;

/// A random case; the same for the same seed and options.
pub fn arbitrary(seed: u64, options: &Options) -> Case {
    let mut rng = Rng(seed);
    let specs = objects(&mut rng, options.floats);
    let mut descriptors = Descriptors::default();
    let known = Known::new(&mut descriptors, options.address);
    let m = test_machine();
    let made = build_objects(&m, &specs, |o| m.object(o.shape, o.size, o.aux));
    let inputs = inputs(&mut rng, options, specs.len());
    let entry = match options.kind {
        Kind::Bridge => Entry::Bridge { types: inputs.iter().map(|w| ty_of(*w)).collect() },
        _ => Entry::Loop { regs: (0..REGS as u16).collect() },
    };
    let roots: Vec<Word> = (0..specs.len()).map(Word::Object).collect();
    let values: Vec<u64> = inputs.iter().map(|&w| to_word(&m, w, &made)).collect();
    let mut b = TraceBuilder::new(entry);
    b.trace.roots = roots.len() as u32;
    let mut g = Generator {
        rng,
        options,
        b,
        m: &m,
        d: &descriptors,
        known: &known,
        roots: &made,
        words: Vec::new(),
        regs: Vec::new(),
        outer: None,
        pc: 0,
        snapshot: None,
        back: false,
    };
    g.enter(&inputs, &values);
    g.all();
    let trace = g.b.finish();
    Case { trace, descriptors, objects: specs, inputs, roots }
}

fn ty_of(w: Word) -> Ty {
    match w {
        Word::RawInt(_) => Ty::Int,
        Word::RawFloat(_) => Ty::Float,
        _ => Ty::Val,
    }
}

fn inputs(rng: &mut Rng, options: &Options, objects: usize) -> Vec<Word> {
    let mut inputs = vec![Word::Int(0)];
    while inputs.len() < REGS {
        inputs.push(match rng.below(4) {
            0 if options.kind == Kind::Bridge => Word::RawInt(rng.int()),
            1 if options.kind == Kind::Bridge && options.floats => Word::RawFloat(rng.float()),
            _ => rng.value(if options.heap { objects } else { 0 }, options.floats),
        });
    }
    inputs
}

pub(super) struct Generator<'a> {
    pub(super) rng: Rng,
    pub(super) options: &'a Options,
    pub(super) b: TraceBuilder,
    pub(super) m: &'a TestMachine,
    pub(super) d: &'a Descriptors,
    pub(super) known: &'a Known,
    pub(super) roots: &'a [u64],
    /// What each operation gave.
    pub(super) words: Vec<u64>,
    pub(super) regs: Vec<SnapVal>,
    /// The registers of the outer frame while an inlined one runs.
    pub(super) outer: Option<Vec<SnapVal>>,
    pub(super) pc: u32,
    /// The present instruction's snapshot, once a guard needed it.
    pub(super) snapshot: Option<SnapshotId>,
    /// A bridge jumps back to fragment 0 at its end.
    pub(super) back: bool,
}

/// Writing down and executing.
impl Generator<'_> {
    pub(super) fn word(&self, r: OpRef) -> u64 {
        self.words[r.index()]
    }

    pub(super) fn push(
        &mut self,
        code: Opcode,
        args: &[OpRef],
        imm: u64,
        list: &[OpRef],
        snapshot: SnapshotId,
    ) -> OpRef {
        let r = self.b.push(code, args, imm, list, snapshot);
        let word = self.execute(r, list);
        self.words.push(word);
        r
    }

    pub(super) fn op(&mut self, code: Opcode, args: &[OpRef]) -> OpRef {
        self.push(code, args, 0, &[], SnapshotId::NONE)
    }

    pub(super) fn execute(&mut self, r: OpRef, list: &[OpRef]) -> u64 {
        let op = self.b.trace.op(r);
        let args = op.args.map(|a| if a.is_none() { 0 } else { self.word(a) });
        match op.code.effect() {
            Effect::Guard => {
                assert!(step::guard(self.m, op, args, 0), "a guard fails while it is generated");
                0
            }
            Effect::Pure => step::pure(self.m, op, args),
            Effect::Read => step::read(self.m, op, self.d.field_descr(FieldId(op.imm as u32)), args),
            Effect::Write => {
                step::write(self.m, self.d.field_descr(FieldId(op.imm as u32)), args);
                0
            }
            Effect::Alloc => {
                let (shape, size, aux) = new_parts(op.imm);
                self.m.alloc(shape, size as u32, aux)
            }
            Effect::Call if op.code == Opcode::TakeException => self.m.take_pending(),
            Effect::Call if op.code == Opcode::CondCall && args[0] == 0 => 0,
            Effect::Call if op.code.imm() == Imm::Callee => {
                let list: Vec<u64> = list.iter().map(|&r| self.word(r)).collect();
                self.m.call(self.d.callee_descr(CalleeId(op.imm as u32)), &list)
            }
            _ => 0,
        }
    }

    /// Words of constants that the builder just made.
    pub(super) fn sync(&mut self, r: OpRef) -> OpRef {
        if r.index() == self.words.len() {
            let op = self.b.trace.op(r);
            self.words.push(if op.code == Opcode::ConstRef { self.roots[op.imm as usize] } else { op.imm });
        }
        r
    }

    pub(super) fn int(&mut self, i: i64) -> OpRef {
        let r = self.b.int(i);
        self.sync(r)
    }

    pub(super) fn float(&mut self, f: f64) -> OpRef {
        let r = self.b.float(f);
        self.sync(r)
    }

    pub(super) fn plain(&mut self, word: u64) -> OpRef {
        let r = self.b.word(word);
        self.sync(r)
    }

    pub(super) fn root(&mut self, index: usize) -> OpRef {
        let r = self.b.root(index as u32);
        self.sync(r)
    }

    pub(super) fn enter(&mut self, inputs: &[Word], values: &[u64]) {
        for (i, (&input, &value)) in inputs.iter().zip(values).enumerate() {
            let code = match ty_of(input) {
                Ty::Int => Opcode::InputInt,
                Ty::Float => Opcode::InputFloat,
                _ => Opcode::InputVal,
            };
            let r = self.b.op_imm(code, &[], i as u64);
            self.words.push(value);
            self.regs.push(SnapVal::Op(r));
        }
    }
}

/// Guards and snapshots.
impl Generator<'_> {
    /// The snapshot of the present instruction's start.
    pub(super) fn snap(&mut self) -> SnapshotId {
        if let Some(s) = self.snapshot {
            return s;
        }
        let mut frames = Vec::new();
        if let Some(outer) = self.outer.clone() {
            frames.push(self.frame(0, 1000, &outer));
        }
        let regs = self.regs.clone();
        frames.push(self.frame(frames.len() as u32, self.pc, &regs));
        let mut stores = Vec::new();
        if self.options.virtuals && self.options.heap && self.rng.one_in(8) {
            stores.extend(self.pending_store());
        }
        let s = self.b.snapshot(Snapshot { frames, stores });
        self.snapshot = Some(s);
        s
    }

    pub(super) fn frame(&mut self, code: u32, pc: u32, regs: &[SnapVal]) -> FrameState {
        let live = regs.iter().enumerate().map(|(i, &v)| (i as u16, v)).collect();
        FrameState { code, pc, ret: code as u64 * 7, owner: None, regs: live }
    }

    /// A store into a constant pair: what is in a register may be something else in the next round.
    pub(super) fn pending_store(&mut self) -> Option<PendingStore> {
        let value = self.rng.pick(&self.regs.clone());
        let is_val = match value {
            SnapVal::Op(r) => self.b.ty(r) == Ty::Val,
            SnapVal::Virtual(_) => true,
        };
        let object = SnapVal::Op(self.root(PAIR_ROOT));
        is_val.then_some(PendingStore { object, field: self.known.second, index: None, value })
    }

    pub(super) fn guard(&mut self, code: Opcode, args: &[OpRef]) {
        let snapshot = self.snap();
        self.push(code, args, 0, &[], snapshot);
    }

    /// Guards that a condition stays what it is; gives what it is.
    pub(super) fn branch(&mut self, condition: OpRef) -> bool {
        let holds = self.word(condition) != 0;
        self.guard(if holds { Opcode::GuardTrue } else { Opcode::GuardFalse }, &[condition]);
        holds
    }

    pub(super) fn reg(&self, i: usize) -> Option<OpRef> {
        match self.regs[i] {
            SnapVal::Op(r) => Some(r),
            SnapVal::Virtual(_) => None,
        }
    }

    /// The content of a register as an integer, guarded where need be.
    pub(super) fn reg_int(&mut self, i: usize) -> Option<OpRef> {
        let r = self.reg(i)?;
        match self.b.ty(r) {
            Ty::Int => Some(r),
            Ty::Val if arith::is_int(self.word(r)) => {
                self.guard(Opcode::GuardInt, &[r]);
                Some(self.op(Opcode::UntagInt, &[r]))
            }
            _ => None,
        }
    }

    pub(super) fn reg_float(&mut self, i: usize) -> Option<OpRef> {
        let r = self.reg(i)?;
        match self.b.ty(r) {
            Ty::Float => Some(r),
            Ty::Val if self.m.is_float(self.word(r)) => {
                self.guard(Opcode::GuardFloat, &[r]);
                Some(self.op(Opcode::UnboxFloat, &[r]))
            }
            _ => None,
        }
    }

    /// Some integer: a register's, else a constant.
    pub(super) fn any_int(&mut self) -> OpRef {
        let start = self.rng.below(REGS);
        let found = (0..REGS).find_map(|i| self.reg_int((start + i) % REGS));
        match found {
            Some(r) if !self.rng.one_in(5) => r,
            _ => {
                let i = self.rng.int();
                self.int(i)
            }
        }
    }

    pub(super) fn any_float(&mut self) -> OpRef {
        let start = self.rng.below(REGS);
        let found = (0..REGS).find_map(|i| self.reg_float((start + i) % REGS));
        match found {
            Some(r) if !self.rng.one_in(5) => r,
            _ if self.rng.one_in(2) => {
                let i = self.any_int();
                self.op(Opcode::IntToFloat, &[i])
            }
            _ => {
                let f = self.rng.float();
                self.float(f)
            }
        }
    }

    /// Some value as a word.
    pub(super) fn any_val(&mut self) -> OpRef {
        let i = self.rng.below(REGS);
        self.boxed(i)
    }

    /// A register's content as a value word.
    pub(super) fn boxed(&mut self, i: usize) -> OpRef {
        let Some(r) = self.reg(i) else { return self.plain(words::NONE) };
        self.boxed_op(r)
    }

    pub(super) fn boxed_op(&mut self, r: OpRef) -> OpRef {
        let code = match self.b.ty(r) {
            Ty::Int => Opcode::TagInt,
            Ty::Float => Opcode::BoxFloat,
            Ty::Bool => Opcode::BoolToVal,
            _ => return r,
        };
        self.op(code, &[r])
    }

    /// An object of one of these shapes, not guarded.
    pub(super) fn object(&mut self, shapes: &[u32]) -> Option<(u32, OpRef)> {
        let start = self.rng.below(REGS);
        (0..REGS).find_map(|i| {
            let r = self.reg((start + i) % REGS)?;
            let shape = if self.b.ty(r) == Ty::Val { self.m.shape(self.word(r)) } else { None };
            shape.filter(|s| shapes.contains(s)).map(|s| (s, r))
        })
    }

    /// An object of one of these shapes, guarded; now and then a constant one.
    pub(super) fn guarded_object(&mut self, shapes: &[u32]) -> Option<(u32, OpRef)> {
        let constant = self.rng.one_in(6);
        let found = if constant { None } else { self.object(shapes) };
        let (shape, r) = match found {
            Some(found) => found,
            None => {
                let all = 0..self.roots.len();
                let fits: Vec<usize> = all
                    .filter(|&i| self.m.shape(self.roots[i]).is_some_and(|s| shapes.contains(&s)))
                    .collect();
                let index = self.rng_pick(&fits)?;
                let r = self.root(index);
                (self.m.shape(self.word(r))?, r)
            }
        };
        let snapshot = self.snap();
        self.push(Opcode::GuardShape, &[r], shape as u64, &[], snapshot);
        Some((shape, r))
    }

    pub(super) fn rng_pick(&mut self, items: &[usize]) -> Option<usize> {
        if items.is_empty() { None } else { Some(self.rng.pick(items)) }
    }
}
