//! The instructions of random traces: each does its guards before its first effect.

use super::Kind;
use super::generate::{Generator, REGS};
use super::world::{ARRAY_LEN, shapes};
use crate::descr::FieldId;
use crate::eval::{Machine, arith, words};
use crate::op::{Opcode, Ty};
use crate::trace::{FragmentId, OpRef, SnapVal, SnapshotId, Virtual, new_imm};

/// Instructions.
impl Generator<'_> {
    pub(super) fn all(&mut self) {
        let n = self.options.instructions.max(1);
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
            IntAdd,
            IntAdd,
            IntSub,
            IntMul,
            IntFloorDiv,
            IntMod,
            IntAnd,
            IntOr,
            IntXor,
            IntShl,
            IntShr,
            IntNot,
            IntNeg,
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
            FloatAdd, FloatAdd, FloatSub, FloatMul, FloatDiv, FloatNeg, FloatAbs, FloatSqrt, FloatFloor,
            FloatCeil, FloatTrunc,
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
            _ => {
                self.rng.pick(&[k.cell_int, k.cell_float, k.cell_word, k.cell_byte, k.cell_half, k.cell_val])
            }
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
            _ => {
                self.rng.pick(&[k.cell_int, k.cell_float, k.cell_word, k.cell_byte, k.cell_half, k.cell_val])
            }
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

    pub(super) fn store(&mut self, object: OpRef, index: Option<OpRef>, field: FieldId, value: OpRef) {
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
        let Some((shape, array)) = self.guarded_object(&[shapes::VALUES, shapes::INTS, shapes::FLOATS])
        else {
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
        if self.rng.one_in(2) {
            self.read(array, Some(index), field)
        } else {
            self.write(array, Some(index), field)
        }
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
                let array =
                    self.push(Opcode::New, &[], new_imm(shapes::VALUES, 48, 0), &[], SnapshotId::NONE);
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
        // Unboxed contents are boxed at the exit.
        let unboxed = self.rng.below(REGS);
        let first = if self.rng.one_in(2) { first } else { self.reg(unboxed).unwrap_or(first) };
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
            Kind::Bridge if self.back => {
                let values: Vec<OpRef> = (0..REGS).map(|i| self.boxed(i)).collect();
                self.b.jump_fragment(FragmentId(0), &values);
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
