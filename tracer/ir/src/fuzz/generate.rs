//! The generator: see the text of the module above.

use super::world::{ARRAY_LEN, Known, Rng, objects, shapes, test_machine};
use super::{Case, Kind, Options, Word, build_objects, to_word};
use crate::builder::TraceBuilder;
use crate::descr::{CalleeId, Descriptors, FieldId};
use crate::eval::{Machine, TestMachine, arith, step, words};
use crate::op::{Effect, Imm, Opcode, Ty};
use crate::trace::{
    Entry, FrameState, OpRef, PendingStore, SnapVal, Snapshot, SnapshotId, Virtual, new_imm, new_parts,
};

/// Registers of the frame. Register 0 is the loop's counter.
const REGS: usize = 7;

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

struct Generator<'a> {
    rng: Rng,
    options: &'a Options,
    b: TraceBuilder,
    m: &'a TestMachine,
    d: &'a Descriptors,
    known: &'a Known,
    roots: &'a [u64],
    /// What each operation gave.
    words: Vec<u64>,
    regs: Vec<SnapVal>,
    /// The registers of the outer frame while an inlined one runs.
    outer: Option<Vec<SnapVal>>,
    pc: u32,
    /// The present instruction's snapshot, once a guard needed it.
    snapshot: Option<SnapshotId>,
}

/// Writing down and executing.
impl Generator<'_> {
    fn word(&self, r: OpRef) -> u64 {
        self.words[r.index()]
    }

    fn push(&mut self, code: Opcode, args: &[OpRef], imm: u64, list: &[OpRef], snapshot: SnapshotId) -> OpRef {
        let r = self.b.push(code, args, imm, list, snapshot);
        let word = self.execute(r, list);
        self.words.push(word);
        r
    }

    fn op(&mut self, code: Opcode, args: &[OpRef]) -> OpRef {
        self.push(code, args, 0, &[], SnapshotId::NONE)
    }

    fn execute(&mut self, r: OpRef, list: &[OpRef]) -> u64 {
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
    fn sync(&mut self, r: OpRef) -> OpRef {
        if r.index() == self.words.len() {
            let op = self.b.trace.op(r);
            self.words.push(if op.code == Opcode::ConstRef { self.roots[op.imm as usize] } else { op.imm });
        }
        r
    }

    fn int(&mut self, i: i64) -> OpRef {
        let r = self.b.int(i);
        self.sync(r)
    }

    fn float(&mut self, f: f64) -> OpRef {
        let r = self.b.float(f);
        self.sync(r)
    }

    fn plain(&mut self, word: u64) -> OpRef {
        let r = self.b.word(word);
        self.sync(r)
    }

    fn root(&mut self, index: usize) -> OpRef {
        let r = self.b.root(index as u32);
        self.sync(r)
    }

    fn enter(&mut self, inputs: &[Word], values: &[u64]) {
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
    fn snap(&mut self) -> SnapshotId {
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

    fn frame(&mut self, code: u32, pc: u32, regs: &[SnapVal]) -> FrameState {
        let live = regs.iter().enumerate().map(|(i, &v)| (i as u16, v)).collect();
        FrameState { code, pc, ret: code as u64 * 7, owner: None, regs: live }
    }

    /// A store into a constant pair: what is in a register may be something else in the next round.
    fn pending_store(&mut self) -> Option<PendingStore> {
        let value = self.rng.pick(&self.regs.clone());
        let is_val = match value {
            SnapVal::Op(r) => self.b.ty(r) == Ty::Val,
            SnapVal::Virtual(_) => true,
        };
        let object = SnapVal::Op(self.root(PAIR_ROOT));
        is_val.then_some(PendingStore { object, field: self.known.second, index: None, value })
    }

    fn guard(&mut self, code: Opcode, args: &[OpRef]) {
        let snapshot = self.snap();
        self.push(code, args, 0, &[], snapshot);
    }

    /// Guards that a condition stays what it is; gives what it is.
    fn branch(&mut self, condition: OpRef) -> bool {
        let holds = self.word(condition) != 0;
        self.guard(if holds { Opcode::GuardTrue } else { Opcode::GuardFalse }, &[condition]);
        holds
    }

    fn reg(&self, i: usize) -> Option<OpRef> {
        match self.regs[i] {
            SnapVal::Op(r) => Some(r),
            SnapVal::Virtual(_) => None,
        }
    }

    /// The content of a register as an integer, guarded where need be.
    fn reg_int(&mut self, i: usize) -> Option<OpRef> {
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

    fn reg_float(&mut self, i: usize) -> Option<OpRef> {
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
    fn any_int(&mut self) -> OpRef {
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

    fn any_float(&mut self) -> OpRef {
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
    fn any_val(&mut self) -> OpRef {
        let i = self.rng.below(REGS);
        self.boxed(i)
    }

    /// A register's content as a value word.
    fn boxed(&mut self, i: usize) -> OpRef {
        let Some(r) = self.reg(i) else { return self.plain(words::NONE) };
        let code = match self.b.ty(r) {
            Ty::Int => Opcode::TagInt,
            Ty::Float => Opcode::BoxFloat,
            Ty::Bool => Opcode::BoolToVal,
            _ => return r,
        };
        self.op(code, &[r])
    }

    /// An object of one of these shapes, not guarded.
    fn object(&mut self, shapes: &[u32]) -> Option<(u32, OpRef)> {
        let start = self.rng.below(REGS);
        (0..REGS).find_map(|i| {
            let r = self.reg((start + i) % REGS)?;
            let shape = if self.b.ty(r) == Ty::Val { self.m.shape(self.word(r)) } else { None };
            shape.filter(|s| shapes.contains(s)).map(|s| (s, r))
        })
    }

    /// An object of one of these shapes, guarded; now and then a constant one.
    fn guarded_object(&mut self, shapes: &[u32]) -> Option<(u32, OpRef)> {
        let constant = self.rng.one_in(6);
        let found = if constant { None } else { self.object(shapes) };
        let (shape, r) = match found {
            Some(found) => found,
            None => {
                let all = 0..self.roots.len();
                let fits: Vec<usize> =
                    all.filter(|&i| self.m.shape(self.roots[i]).is_some_and(|s| shapes.contains(&s))).collect();
                let index = self.rng_pick(&fits)?;
                let r = self.root(index);
                (self.m.shape(self.word(r))?, r)
            }
        };
        let snapshot = self.snap();
        self.push(Opcode::GuardShape, &[r], shape as u64, &[], snapshot);
        Some((shape, r))
    }

    fn rng_pick(&mut self, items: &[usize]) -> Option<usize> {
        if items.is_empty() { None } else { Some(self.rng.pick(items)) }
    }
}

/// Instructions.
impl Generator<'_> {
    fn all(&mut self) {
        let n = self.options.instructions;
        self.count();
        for i in 0..n {
            if i == n / 2 && self.options.kind == Kind::Labelled {
                self.label();
                self.count();
            }
            self.begin();
            self.instruction();
        }
        self.end();
    }

    fn begin(&mut self) {
        self.pc += 1;
        self.snapshot = None;
    }

    /// The loop's counter: leaves after some iterations.
    fn count(&mut self) {
        self.begin();
        if self.options.kind == Kind::Bridge {
            return;
        }
        let counter = self.reg_int(0).expect("register 0 holds an int");
        let limit = self.int(2 + self.options.iterations as i64 / 2 + (self.pc as i64 & 3));
        let goes_on = self.op(Opcode::IntLt, &[counter, limit]);
        self.guard(Opcode::GuardTrue, &[goes_on]);
        let one = self.int(1);
        let next = self.op(Opcode::IntAdd, &[counter, one]);
        let boxed = self.op(Opcode::TagInt, &[next]);
        self.regs[0] = SnapVal::Op(boxed);
    }

    fn instruction(&mut self) {
        let (heap, floats, calls) = (self.options.heap, self.options.floats, self.options.calls);
        match self.rng.below(20) {
            0..=3 => self.int_arith(),
            4 => self.compare(),
            5 | 6 if floats => self.float_arith(),
            7 | 8 if heap => self.get_field(),
            9 | 10 if heap => self.set_field(),
            11 | 12 if heap => self.array_item(),
            13 | 14 if heap => self.new_object(),
            15 | 16 if calls => self.call(),
            17 if self.options.frames => self.frames(),
            18 => self.checks(),
            _ => self.constant(),
        }
    }

    fn assign(&mut self, r: OpRef) {
        let i = 1 + self.rng.below(REGS - 1);
        self.regs[i] = SnapVal::Op(r);
    }

    /// Assigns an integer where it fits, boxed or not.
    fn assign_int(&mut self, r: OpRef) {
        let fits = self.op(Opcode::IntFits, &[r]);
        if self.branch(fits) {
            let content = if self.rng.one_in(2) { self.op(Opcode::TagInt, &[r]) } else { r };
            self.assign(content);
        }
    }

    fn int_arith(&mut self) {
        use Opcode::*;
        let (a, b) = (self.any_int(), self.any_int());
        let code = self.rng.pick(&[
            IntAdd, IntAdd, IntSub, IntMul, IntFloorDiv, IntMod, IntAnd, IntOr, IntXor, IntShl, IntShr, IntNot, IntNeg,
        ]);
        let result = match code {
            IntNot | IntNeg => self.op(code, &[a]),
            IntShl | IntShr => {
                let amount = self.rng.below(if code == IntShl { 4 } else { 64 });
                let amount = self.int(amount as i64);
                self.op(code, &[a, amount])
            }
            IntMul => {
                let fits = self.op(IntMulFits, &[a, b]);
                if !self.branch(fits) {
                    return;
                }
                self.op(code, &[a, b])
            }
            IntFloorDiv | IntMod => {
                let zero = self.int(0);
                let positive = self.op(IntGt, &[b, zero]);
                if !self.branch(positive) {
                    return;
                }
                self.op(code, &[a, b])
            }
            _ => self.op(code, &[a, b]),
        };
        self.assign_int(result);
    }

    fn compare(&mut self) {
        use Opcode::*;
        let condition = if self.options.floats && self.rng.one_in(3) {
            let code = self.rng.pick(&[FloatEq, FloatNe, FloatLt, FloatLe, FloatGt, FloatGe]);
            let (a, b) = (self.any_float(), self.any_float());
            self.op(code, &[a, b])
        } else {
            let code = self.rng.pick(&[IntEq, IntNe, IntLt, IntLe, IntGt, IntGe, IntUlt]);
            let (a, b) = (self.any_int(), self.any_int());
            self.op(code, &[a, b])
        };
        match self.rng.below(4) {
            0 => self.assign(condition),
            1 => {
                let value = self.op(BoolToVal, &[condition]);
                self.assign(value);
            }
            2 => {
                let not = self.op(BoolNot, &[condition]);
                self.branch(not);
                let number = self.op(BoolToInt, &[condition]);
                self.assign(number);
            }
            _ => self.combined(condition),
        }
    }

    /// A branch on this condition and another one.
    fn combined(&mut self, condition: OpRef) {
        let (a, b) = (self.any_int(), self.any_int());
        let other = self.op(Opcode::IntLe, &[a, b]);
        let code = self.rng.pick(&[Opcode::BoolAnd, Opcode::BoolOr]);
        let both = self.op(code, &[condition, other]);
        self.branch(both);
    }

    fn float_arith(&mut self) {
        use Opcode::*;
        let (a, b) = (self.any_float(), self.any_float());
        let code = self.rng.pick(&[
            FloatAdd, FloatAdd, FloatSub, FloatMul, FloatDiv, FloatNeg, FloatAbs, FloatSqrt, FloatFloor, FloatCeil,
            FloatTrunc,
        ]);
        let args = [a, b];
        let result = self.op(code, &args[..code.args().len()]);
        let content = if self.rng.one_in(2) { self.op(BoxFloat, &[result]) } else { result };
        self.assign(content);
    }

    fn get_field(&mut self) {
        let Some((shape, object)) = self.guarded_object(&[shapes::PAIR, shapes::CELL]) else { return };
        let k = self.known;
        let field = match shape {
            shapes::PAIR => self.rng.pick(&[k.first, k.second]),
            _ => self.rng.pick(&[k.cell_int, k.cell_float, k.cell_word, k.cell_byte, k.cell_half, k.cell_val]),
        };
        self.read(object, None, field);
    }

    /// Reads a field or item into a register.
    fn read(&mut self, object: OpRef, index: Option<OpRef>, field: FieldId) {
        use Opcode::*;
        let ty = self.d.field_descr(field).mem.ty();
        let code = match (ty, index.is_some()) {
            (Ty::Val, false) => GetVal,
            (Ty::Float, false) => GetFloat,
            (_, false) => GetInt,
            (Ty::Val, true) => ItemVal,
            (Ty::Float, true) => ItemFloat,
            (_, true) => ItemInt,
        };
        let args: Vec<OpRef> = [object].into_iter().chain(index).collect();
        let r = self.push(code, &args, field.0 as u64, &[], SnapshotId::NONE);
        if ty == Ty::Int { self.assign_int(r) } else { self.assign(r) }
    }

    fn set_field(&mut self) {
        let Some((shape, object)) = self.guarded_object(&[shapes::PAIR, shapes::CELL]) else { return };
        let k = self.known;
        let field = match shape {
            shapes::PAIR => self.rng.pick(&[k.first, k.second]),
            _ => self.rng.pick(&[k.cell_int, k.cell_float, k.cell_word, k.cell_byte, k.cell_half, k.cell_val]),
        };
        self.write(object, None, field);
    }

    /// Writes something to a field or item.
    fn write(&mut self, object: OpRef, index: Option<OpRef>, field: FieldId) {
        let ty = self.d.field_descr(field).mem.ty();
        let value = match ty {
            Ty::Val => self.any_val(),
            Ty::Float => self.any_float(),
            _ => self.any_int(),
        };
        self.store(object, index, field, value);
    }

    fn store(&mut self, object: OpRef, index: Option<OpRef>, field: FieldId, value: OpRef) {
        use Opcode::*;
        let code = match (self.b.ty(value), index.is_some()) {
            (Ty::Val, false) => SetVal,
            (Ty::Float, false) => SetFloat,
            (_, false) => SetInt,
            (Ty::Val, true) => SetItemVal,
            (Ty::Float, true) => SetItemFloat,
            (_, true) => SetItemInt,
        };
        let args: Vec<OpRef> = [object].into_iter().chain(index).chain([value]).collect();
        self.push(code, &args, field.0 as u64, &[], SnapshotId::NONE);
    }

    fn array_item(&mut self) {
        let Some((shape, array)) = self.guarded_object(&[shapes::VALUES, shapes::INTS, shapes::FLOATS]) else {
            return;
        };
        let k = self.known;
        let len = self.push(Opcode::GetInt, &[array], k.len.0 as u64, &[], SnapshotId::NONE);
        let index = if self.rng.one_in(3) {
            let i = self.any_int();
            let mask = self.int(ARRAY_LEN - 1);
            self.op(Opcode::IntAnd, &[i, mask])
        } else if self.rng.one_in(2) {
            self.any_int()
        } else {
            let i = self.rng.below(ARRAY_LEN as usize) as i64;
            self.int(i)
        };
        let inside = self.op(Opcode::IntUlt, &[index, len]);
        if !self.branch(inside) {
            return;
        }
        let field = match shape {
            shapes::VALUES => k.values,
            shapes::INTS => k.ints,
            _ => k.floats,
        };
        if self.rng.one_in(2) { self.read(array, Some(index), field) } else { self.write(array, Some(index), field) }
    }

    fn new_object(&mut self) {
        let k = self.known;
        if self.options.virtuals && self.rng.one_in(4) {
            return self.virtual_object();
        }
        match self.rng.below(3) {
            0 => {
                let contents = [self.any_val()];
                let cell = self.push(Opcode::New, &[], new_imm(shapes::CELL, 40, 0), &[], SnapshotId::NONE);
                self.store(cell, None, k.cell_val, contents[0]);
                self.assign(cell);
            }
            1 => {
                let item = self.any_val();
                let array = self.push(Opcode::New, &[], new_imm(shapes::VALUES, 48, 0), &[], SnapshotId::NONE);
                let len = self.int(ARRAY_LEN);
                self.store(array, None, k.len, len);
                for i in 0..ARRAY_LEN {
                    let index = self.int(i);
                    self.store(array, Some(index), k.values, item);
                }
                self.assign(array);
            }
            _ => {
                let contents = [self.any_val(), self.any_val()];
                let pair = self.push(Opcode::New, &[], new_imm(shapes::PAIR, 24, 0), &[], SnapshotId::NONE);
                self.store(pair, None, k.first, contents[0]);
                self.store(pair, None, k.second, contents[1]);
                self.assign(pair);
            }
        }
    }

    /// A pair that exists only in snapshots; no instruction looks into it.
    fn virtual_object(&mut self) {
        let (first, second) = (self.any_val(), self.rng.below(REGS));
        let next = self.b.trace.virtuals.len() as u32;
        let second = match self.regs[second] {
            SnapVal::Virtual(i) => SnapVal::Virtual(i),
            SnapVal::Op(r) if self.b.ty(r) == Ty::Val => SnapVal::Op(r),
            _ => SnapVal::Virtual(next),
        };
        let fields = vec![(self.known.first, SnapVal::Op(first)), (self.known.second, second)];
        let v = self.b.virtual_object(Virtual { new: new_imm(shapes::PAIR, 24, 0), fields });
        let i = 1 + self.rng.below(REGS - 1);
        self.regs[i] = v;
    }

    fn call(&mut self) {
        let which = self.rng.below(self.known.callees.len());
        let callee = self.known.callees[which];
        let descr = self.d.callee_descr(callee);
        let mut list: Vec<OpRef> = Vec::new();
        for &ty in &descr.args {
            let arg = match ty {
                Ty::Int => self.any_int(),
                Ty::Float if self.options.floats => self.any_float(),
                Ty::Float => self.float(1.5),
                _ => match self.object(&[shapes::PAIR, shapes::CELL]) {
                    Some((_, r)) => r,
                    None => self.any_val(),
                },
            };
            list.push(arg);
        }
        if descr.slice {
            list.extend([self.any_val(), self.any_val()]);
        }
        let code = match descr.ret {
            Ty::Val => Opcode::CallVal,
            Ty::Int => Opcode::CallInt,
            Ty::Float => Opcode::CallFloat,
            _ => Opcode::CallVoid,
        };
        if code == Opcode::CallVoid && self.rng.one_in(3) {
            let (a, b) = (self.any_int(), self.any_int());
            let condition = self.op(Opcode::IntLt, &[a, b]);
            self.push(Opcode::CondCall, &[condition], callee.0 as u64, &list, SnapshotId::NONE);
        } else {
            let r = self.push(code, &[], callee.0 as u64, &list, SnapshotId::NONE);
            self.after_call(descr.effects.raises, descr.ret, r);
        }
    }

    /// A call is an effect: what follows has its own snapshot.
    fn after_call(&mut self, raises: bool, ret: Ty, r: OpRef) {
        self.begin();
        if raises && self.m.pending() {
            self.guard(Opcode::GuardException, &[]);
            let e = self.op(Opcode::TakeException, &[]);
            return self.assign(e);
        }
        if raises {
            self.guard(Opcode::GuardNoException, &[]);
        }
        match ret {
            Ty::Int => self.assign_int(r),
            Ty::Void => {}
            _ => self.assign(r),
        }
    }

    /// Begins or ends an inlined call.
    fn frames(&mut self) {
        match self.outer.take() {
            None => self.outer = Some(self.regs.clone()),
            Some(mut outer) => {
                outer[0] = self.regs[0];
                outer[1] = self.regs[1];
                self.regs = outer;
            }
        }
    }

    fn checks(&mut self) {
        match self.rng.below(6) {
            0 => self.guard(Opcode::GuardNoInterrupt, &[]),
            1 => self.guard(Opcode::GuardValid, &[]),
            2 => {
                let i = self.any_int();
                let same = self.int(self.word(i) as i64);
                // An integer that changes in each round would end the loop: only now and then.
                if self.rng.one_in(4) {
                    self.guard(Opcode::GuardIntIs, &[i, same]);
                }
            }
            3 => {
                let (a, b) = (self.any_val(), self.any_val());
                let same = self.op(Opcode::ValEq, &[a, b]);
                self.branch(same);
            }
            4 => {
                let v = self.any_val();
                let is = self.op(Opcode::ValIsInt, &[v]);
                self.branch(is);
            }
            _ => {
                let v = self.any_val();
                let word = self.word(v);
                if let Some(i) = self.roots.iter().position(|&r| r == word) {
                    let root = self.root(i);
                    self.guard(Opcode::GuardSame, &[v, root]);
                } else if word == words::TRUE || word == words::FALSE {
                    self.guard(Opcode::GuardBool, &[v]);
                }
            }
        }
    }

    fn constant(&mut self) {
        let r = match self.rng.below(5) {
            0 => self.plain(words::NONE),
            1 if self.options.heap => {
                let i = self.rng.below(self.roots.len());
                self.root(i)
            }
            2 if self.options.floats => {
                let f = self.rng.float();
                self.float(f)
            }
            3 => self.any_val(),
            _ => {
                let i = self.rng.int();
                self.plain(arith::tag(i))
            }
        };
        self.assign(r);
    }

    /// Leaves an inlined frame, so that there is one frame.
    fn one_frame(&mut self) {
        if self.outer.is_some() {
            self.frames();
        }
    }

    fn label(&mut self) {
        self.begin();
        self.one_frame();
        let mut values = Vec::new();
        for i in 0..REGS {
            let r = self.reg(i).filter(|&r| self.b.ty(r) != Ty::Bool);
            values.push(match r {
                Some(r) => r,
                None => self.boxed(i),
            });
        }
        self.b.label(&values);
        self.words.push(0);
        let first = self.b.trace.ops.len() - values.len();
        for (i, &value) in values.iter().enumerate() {
            self.words.push(self.word(value));
            self.regs[i] = SnapVal::Op(OpRef((first + i) as u32));
        }
    }

    fn end(&mut self) {
        self.begin();
        self.one_frame();
        match self.options.kind {
            Kind::Loop => {
                let values: Vec<OpRef> = (0..REGS).map(|i| self.boxed(i)).collect();
                self.b.jump(&values);
            }
            Kind::Labelled => {
                let params: Vec<OpRef> = self.b.trace.params().collect();
                let values: Vec<OpRef> = (0..REGS).map(|i| self.typed(i, self.b.ty(params[i]))).collect();
                self.b.jump(&values);
            }
            Kind::Straight if self.rng.one_in(2) => {
                let value = self.boxed(1);
                self.b.end_function(value);
            }
            Kind::Bridge | Kind::Straight => {
                let snapshot = self.snap();
                self.b.exit(snapshot);
            }
        }
    }

    /// A register's content as this type, or a constant of it.
    fn typed(&mut self, i: usize, ty: Ty) -> OpRef {
        let found = match ty {
            Ty::Int => self.reg_int(i),
            Ty::Float => self.reg_float(i),
            _ => Some(self.boxed(i)),
        };
        match found {
            Some(r) => r,
            None if ty == Ty::Int => self.int(7),
            None => self.float(1.5),
        }
    }
}
