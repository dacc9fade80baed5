//! `Engine` for the recorder: each method executes through `Run` and writes down the operation.

use super::Record;
use crate::record::SHAPE_FIELD;
use crate::record::values::{Fact, RBool, RFloat, RInt, RVal};
use crate::stats::Abort;
use hoop_engine::{
    Arg, Callee, Cmp, Engine, Field, FieldDescr, FloatFn, FloatOp, Guest, IntOp, NewFrame, Raise, Reg, V,
    is_unset, tag_shape,
};
use hoop_gc::{ShapeId, Value};
use hoop_ir::{OpRef, Opcode, new_imm};

const fn int_opcode(op: IntOp) -> Opcode {
    match op {
        IntOp::Add => Opcode::IntAdd,
        IntOp::Sub => Opcode::IntSub,
        IntOp::Mul => Opcode::IntMul,
        IntOp::FloorDiv => Opcode::IntFloorDiv,
        IntOp::Mod => Opcode::IntMod,
        IntOp::And => Opcode::IntAnd,
        IntOp::Or => Opcode::IntOr,
        IntOp::Xor => Opcode::IntXor,
        IntOp::Shl => Opcode::IntShl,
        IntOp::Shr => Opcode::IntShr,
    }
}

const fn int_cmp_opcode(cmp: Cmp) -> Opcode {
    match cmp {
        Cmp::Eq => Opcode::IntEq,
        Cmp::Ne => Opcode::IntNe,
        Cmp::Lt => Opcode::IntLt,
        Cmp::Le => Opcode::IntLe,
        Cmp::Gt => Opcode::IntGt,
        Cmp::Ge => Opcode::IntGe,
        Cmp::Ult => Opcode::IntUlt,
    }
}

const fn float_opcode(op: FloatOp) -> Opcode {
    match op {
        FloatOp::Add => Opcode::FloatAdd,
        FloatOp::Sub => Opcode::FloatSub,
        FloatOp::Mul => Opcode::FloatMul,
        FloatOp::Div => Opcode::FloatDiv,
    }
}

const fn float_fn_opcode(f: FloatFn) -> Opcode {
    match f {
        FloatFn::Neg => Opcode::FloatNeg,
        FloatFn::Abs => Opcode::FloatAbs,
        FloatFn::Sqrt => Opcode::FloatSqrt,
        FloatFn::Floor => Opcode::FloatFloor,
        FloatFn::Ceil => Opcode::FloatCeil,
        FloatFn::Trunc => Opcode::FloatTrunc,
    }
}

const fn float_cmp_opcode(cmp: Cmp) -> Opcode {
    match cmp {
        Cmp::Eq => Opcode::FloatEq,
        Cmp::Ne => Opcode::FloatNe,
        Cmp::Lt | Cmp::Ult => Opcode::FloatLt,
        Cmp::Le => Opcode::FloatLe,
        Cmp::Gt => Opcode::FloatGt,
        Cmp::Ge => Opcode::FloatGe,
    }
}

impl<G: Guest> Record<'_, G> {
    fn ints(&mut self, code: Opcode, x: RInt, y: RInt) -> OpRef {
        let (x, y) = (self.resolve_int(x), self.resolve_int(y));
        if x.is_const() && y.is_const() {
            return OpRef::NONE;
        }
        let args = [self.op_of_int(x), self.op_of_int(y)];
        self.emit(code, &args, 0)
    }

    fn floats(&mut self, code: Opcode, x: RFloat, y: RFloat) -> OpRef {
        if x.is_const() && y.is_const() {
            return OpRef::NONE;
        }
        let args = [self.op_of_float(x), self.op_of_float(y)];
        self.emit(code, &args, 0)
    }

    /// A store: an effect, unless the object was allocated in this instruction.
    fn written(&mut self, object: OpRef) {
        if self.stopped() || object.is_none() {
            return;
        }
        if self.facts[object.index()].born != self.point.serial {
            self.point.heap_effect.get_or_insert("a store");
        }
    }

    fn read_field(&mut self, code: Opcode, object: RVal, d: &FieldDescr) -> OpRef {
        let object = self.resolve(object);
        if self.stopped() || (object.is_const() && d.immutable) {
            return OpRef::NONE;
        }
        let field = self.field(d);
        let object = self.op_of(object);
        self.emit(code, &[object], field)
    }

    fn read_item(&mut self, code: Opcode, array: RVal, index: RInt, d: &FieldDescr) -> OpRef {
        let (array, index) = (self.resolve(array), self.resolve_int(index));
        if self.stopped() || (array.is_const() && index.is_const() && d.immutable) {
            return OpRef::NONE;
        }
        let field = self.field(d);
        let args = [self.op_of(array), self.op_of_int(index)];
        self.emit(code, &args, field)
    }

    fn write_field(&mut self, code: Opcode, object: RVal, d: &FieldDescr, v: OpRef) {
        let field = self.field(d);
        let object = self.resolve(object);
        let object = self.op_of(object);
        self.written(object);
        self.emit(code, &[object, v], field);
    }

    fn write_item(&mut self, code: Opcode, array: RVal, index: RInt, d: &FieldDescr, v: OpRef) {
        let field = self.field(d);
        let array = self.resolve(array);
        let index = self.resolve_int(index);
        let args = [self.op_of(array), self.op_of_int(index), v];
        self.written(args[0]);
        self.emit(code, &args, field);
    }

    /// A value that goes into the heap.
    fn stored(&mut self, v: RVal) -> OpRef {
        let v = self.resolve(v);
        let op = self.op_of(v);
        self.escape(op);
        op
    }

    /// The zero word means "never set"; a trace takes it for a value. Checked where `Run` gives unbound for it.
    fn check_set(&mut self, object: Value, d: &FieldDescr, index: i64, now: Value) {
        if now != Value::UNBOUND || self.stopped() {
            return;
        }
        if is_unset(object, d, index) {
            let place = self.describe_here();
            self.shared.counters.count_offence(format!("unset {} read at {place}", d.name));
            self.abort(Abort::ZeroRead);
        }
    }
}

impl<G: Guest> Engine for Record<'_, G> {
    type Vm = G::Vm;
    type Val = RVal;
    type Int = RInt;
    type Float = RFloat;
    type Bool = RBool;
    const RECORDS: bool = true;

    fn vm(&mut self) -> &mut G::Vm {
        self.run.vm()
    }

    fn val(&mut self, v: Value) -> RVal {
        RVal::constant(v)
    }
    fn int(&mut self, i: i64) -> RInt {
        RInt::constant(i)
    }
    fn float(&mut self, f: f64) -> RFloat {
        RFloat::constant(f)
    }

    // ---- the current frame
    fn load(&mut self, r: Reg) -> RVal {
        let v = self.load_register(r);
        self.resolve(v)
    }
    fn store(&mut self, r: Reg, v: RVal) {
        let v = self.resolve(v);
        self.store_register(r, v);
    }
    fn fetch(&mut self) -> u64 {
        self.run.fetch()
    }
    fn peek(&self) -> u64 {
        self.run.peek()
    }
    fn pc(&self) -> u32 {
        self.run.pc()
    }
    fn jump(&mut self, pc: u32) {
        self.run.jump(pc);
    }
    fn code(&self) -> Value {
        self.run.code()
    }
    fn ret(&self) -> u64 {
        self.run.ret()
    }
    fn depth(&self) -> usize {
        self.run.depth()
    }
    fn push_frame(&mut self, new: &NewFrame) -> bool {
        self.push_plain(new)
    }
    fn push_owned_frame(&mut self, new: &NewFrame, owner: RVal, first: &Field<V>) -> bool {
        let owner = self.resolve(owner);
        self.push_owned(new, owner, first)
    }
    fn pop_frame(&mut self) {
        self.pop();
    }
    fn returning(&mut self, v: RVal) {
        let v = self.resolve(v);
        self.root_returns(v);
    }
    fn suspending(&mut self, v: RVal) {
        let v = self.resolve(v);
        self.root_suspends(v);
    }
    fn raises_out(&mut self) {
        if !self.stopped() && self.frames.len() == 1 {
            self.leave_root();
        }
    }
    fn owner(&mut self) -> Option<RVal> {
        self.frame_owner()
    }
    fn follow_call(&mut self, code: Value) -> bool {
        self.may_follow(code)
    }
    fn follow_resume(&mut self, code: Value) -> bool {
        self.may_resume(code)
    }

    fn call_compiled(
        &mut self,
        new: &NewFrame,
        parameters: &[RVal],
        other: Option<(Reg, RVal)>,
    ) -> Option<Result<RVal, Raise>> {
        self.fragment_call(new, parameters, other)
    }

    // ---- tests
    fn branch(&mut self, b: RBool) -> bool {
        self.branch_on(b)
    }
    fn as_int(&mut self, v: RVal) -> Option<RInt> {
        self.test_int(v)
    }
    fn as_float(&mut self, v: RVal) -> Option<RFloat> {
        self.test_float(v)
    }
    fn shape_of(&mut self, v: RVal) -> ShapeId {
        let v = self.resolve(v);
        self.guarded_shape(v)
    }
    fn settle_shape(&mut self, v: RVal) {
        let v = self.resolve(v);
        if self.known_shape(v).is_none() {
            self.abort(Abort::RaisedInCall);
        }
    }
    fn promote(&mut self, v: RVal) -> Value {
        self.promoted(v)
    }
    fn promote_int(&mut self, i: RInt) -> i64 {
        self.promoted_int(i)
    }
    fn assume(&mut self, owner: Value) -> bool {
        self.assume_owner(owner)
    }
    fn interrupted(&mut self) -> bool {
        self.poll()
    }

    // ---- value words
    fn box_int(&mut self, i: RInt) -> RVal {
        let i = self.resolve_int(i);
        let now = self.run.box_int(i.now);
        if i.is_const() {
            return RVal::constant(now);
        }
        RVal { now, op: self.pack(Opcode::TagInt, i.op, tag_shape::INT) }
    }
    fn box_float(&mut self, f: RFloat) -> RVal {
        let now = self.run.box_float(f.now);
        if f.is_const() {
            return RVal::constant(now);
        }
        RVal { now, op: self.pack(Opcode::BoxFloat, f.op, tag_shape::FLOAT) }
    }
    fn box_bool(&mut self, b: RBool) -> RVal {
        let now = Value::bool(b.now);
        if b.is_const() {
            return RVal::constant(now);
        }
        RVal { now, op: self.pack(Opcode::BoolToVal, b.op, tag_shape::BOOL) }
    }
    fn same(&mut self, a: RVal, b: RVal) -> RBool {
        self.same_word(a, b)
    }
    fn bits(&mut self, v: RVal) -> RInt {
        let v = self.resolve(v);
        let now = v.now.bits() as i64;
        // An object's address is no constant of the trace's text, though it is one of the trace.
        if v.is_const() && !v.now.is_ptr() {
            return RInt::constant(now);
        }
        let op = self.op_of(v);
        RInt { now, op: self.emit(Opcode::ValBits, &[op], 0) }
    }

    // ---- arithmetic
    fn int_op(&mut self, op: IntOp, x: RInt, y: RInt) -> RInt {
        let now = self.run.int_op(op, x.now, y.now);
        RInt { now, op: self.ints(int_opcode(op), x, y) }
    }
    fn int_cmp(&mut self, cmp: Cmp, x: RInt, y: RInt) -> RBool {
        let now = self.run.int_cmp(cmp, x.now, y.now);
        RBool { now, op: self.ints(int_cmp_opcode(cmp), x, y) }
    }
    fn int_fits(&mut self, x: RInt) -> RBool {
        let x = self.resolve_int(x);
        let now = self.run.int_fits(x.now);
        if x.is_const() {
            return RBool::constant(now);
        }
        RBool { now, op: self.emit(Opcode::IntFits, &[x.op], 0) }
    }
    fn int_mul_fits(&mut self, x: RInt, y: RInt) -> RBool {
        let now = self.run.int_mul_fits(x.now, y.now);
        RBool { now, op: self.ints(Opcode::IntMulFits, x, y) }
    }
    fn float_op(&mut self, op: FloatOp, x: RFloat, y: RFloat) -> RFloat {
        let now = self.run.float_op(op, x.now, y.now);
        RFloat { now, op: self.floats(float_opcode(op), x, y) }
    }
    fn float_fn(&mut self, f: FloatFn, x: RFloat) -> RFloat {
        let now = self.run.float_fn(f, x.now);
        if x.is_const() {
            return RFloat::constant(now);
        }
        RFloat { now, op: self.emit(float_fn_opcode(f), &[x.op], 0) }
    }
    fn float_cmp(&mut self, cmp: Cmp, x: RFloat, y: RFloat) -> RBool {
        let now = self.run.float_cmp(cmp, x.now, y.now);
        RBool { now, op: self.floats(float_cmp_opcode(cmp), x, y) }
    }
    fn int_to_float(&mut self, i: RInt) -> RFloat {
        let i = self.resolve_int(i);
        if i.is_const() {
            return RFloat::constant(i.now as f64);
        }
        RFloat { now: i.now as f64, op: self.emit(Opcode::IntToFloat, &[i.op], 0) }
    }
    fn float_to_int(&mut self, f: RFloat) -> RInt {
        let now = self.run.float_to_int(f.now);
        if f.is_const() {
            return RInt::constant(now);
        }
        RInt { now, op: self.emit(Opcode::FloatToInt, &[f.op], 0) }
    }
    fn bool_not(&mut self, b: RBool) -> RBool {
        if b.is_const() {
            return RBool::constant(!b.now);
        }
        RBool { now: !b.now, op: self.emit(Opcode::BoolNot, &[b.op], 0) }
    }
    fn bool_to_int(&mut self, b: RBool) -> RInt {
        if b.is_const() {
            return RInt::constant(b.now as i64);
        }
        RInt { now: b.now as i64, op: self.emit(Opcode::BoolToInt, &[b.op], 0) }
    }

    // ---- heap
    fn get_val(&mut self, object: RVal, d: &FieldDescr) -> RVal {
        let now = self.run.get_val(object.now, d);
        self.check_set(object.now, d, 0, now);
        RVal { now, op: self.read_field(Opcode::GetVal, object, d) }
    }
    fn get_int(&mut self, object: RVal, d: &FieldDescr) -> RInt {
        let now = self.run.get_int(object.now, d);
        RInt { now, op: self.read_field(Opcode::GetInt, object, d) }
    }
    fn get_float(&mut self, object: RVal, d: &FieldDescr) -> RFloat {
        let now = self.run.get_float(object.now, d);
        RFloat { now, op: self.read_field(Opcode::GetFloat, object, d) }
    }
    fn set_val(&mut self, object: RVal, d: &FieldDescr, v: RVal) {
        self.run.set_val(object.now, d, v.now);
        let op = self.stored(v);
        self.write_field(Opcode::SetVal, object, d, op);
    }
    fn set_int(&mut self, object: RVal, d: &FieldDescr, i: RInt) {
        self.run.set_int(object.now, d, i.now);
        let i = self.resolve_int(i);
        let op = self.op_of_int(i);
        self.write_field(Opcode::SetInt, object, d, op);
    }
    fn set_float(&mut self, object: RVal, d: &FieldDescr, f: RFloat) {
        self.run.set_float(object.now, d, f.now);
        let op = self.op_of_float(f);
        self.write_field(Opcode::SetFloat, object, d, op);
    }
    fn item_val(&mut self, array: RVal, index: RInt, d: &FieldDescr) -> RVal {
        let now = self.run.item_val(array.now, index.now, d);
        self.check_set(array.now, d, index.now, now);
        RVal { now, op: self.read_item(Opcode::ItemVal, array, index, d) }
    }
    fn item_int(&mut self, array: RVal, index: RInt, d: &FieldDescr) -> RInt {
        let now = self.run.item_int(array.now, index.now, d);
        RInt { now, op: self.read_item(Opcode::ItemInt, array, index, d) }
    }
    fn item_float(&mut self, array: RVal, index: RInt, d: &FieldDescr) -> RFloat {
        let now = self.run.item_float(array.now, index.now, d);
        RFloat { now, op: self.read_item(Opcode::ItemFloat, array, index, d) }
    }
    fn set_item_val(&mut self, array: RVal, index: RInt, d: &FieldDescr, v: RVal) {
        self.run.set_item_val(array.now, index.now, d, v.now);
        let op = self.stored(v);
        self.write_item(Opcode::SetItemVal, array, index, d, op);
    }
    fn set_item_int(&mut self, array: RVal, index: RInt, d: &FieldDescr, v: RInt) {
        self.run.set_item_int(array.now, index.now, d, v.now);
        let v = self.resolve_int(v);
        let op = self.op_of_int(v);
        self.write_item(Opcode::SetItemInt, array, index, d, op);
    }
    fn set_item_float(&mut self, array: RVal, index: RInt, d: &FieldDescr, v: RFloat) {
        self.run.set_item_float(array.now, index.now, d, v.now);
        let op = self.op_of_float(v);
        self.write_item(Opcode::SetItemFloat, array, index, d, op);
    }
    fn new_object(&mut self, shape: ShapeId, words: u32, aux: u16) -> RVal {
        let now = self.run.new_object(shape, words, aux);
        let Ok(bytes) = u16::try_from(8 + 8 * u64::from(words)) else {
            self.abort(Abort::LargeObject);
            return RVal::constant(now);
        };
        self.rely_on_shape(shape);
        let op = self.emit(Opcode::New, &[], new_imm(shape.0, bytes, aux));
        if !self.stopped() {
            let born = self.point.serial;
            self.facts[op.index()] = Fact { shape: Some(shape), born, escaped: false, ..Fact::NOTHING };
        }
        RVal { now, op }
    }
    fn set_shape(&mut self, object: RVal, shape: ShapeId) {
        self.run.set_shape(object.now, shape);
        if self.stopped() {
            return;
        }
        let object = self.resolve(object);
        let op = self.op_of(object);
        let fresh = !self.facts[op.index()].escaped;
        self.rely_on_shape(shape);
        let word = self.const_int(shape.0 as i64);
        self.write_field(Opcode::SetInt, object, &SHAPE_FIELD, word);
        if !fresh {
            // Another operation may name the same object.
            self.shape_epoch += 1;
        }
        self.learn_shape(op, shape);
    }

    // ---- native calls
    fn now_val(&self, v: RVal) -> Value {
        v.now
    }
    fn now_int(&self, i: RInt) -> i64 {
        i.now
    }
    fn now_float(&self, f: RFloat) -> f64 {
        f.now
    }
    fn before_call(&mut self, callee: &'static Callee) {
        self.prepare_call(callee);
    }
    fn called_val(
        &mut self,
        c: &'static Callee,
        args: &[Arg<Self>],
        r: Result<Value, Raise>,
    ) -> Result<RVal, Raise> {
        match r {
            Ok(now) => Ok(RVal { now, op: self.returned(c, Opcode::CallVal, args) }),
            Err(raise) => {
                self.raised(c, Opcode::CallVal, args);
                Err(raise)
            }
        }
    }
    fn called_int(
        &mut self,
        c: &'static Callee,
        args: &[Arg<Self>],
        r: Result<i64, Raise>,
    ) -> Result<RInt, Raise> {
        match r {
            Ok(now) => Ok(RInt { now, op: self.returned(c, Opcode::CallInt, args) }),
            Err(raise) => {
                self.raised(c, Opcode::CallInt, args);
                Err(raise)
            }
        }
    }
    fn called_float(
        &mut self,
        c: &'static Callee,
        args: &[Arg<Self>],
        r: Result<f64, Raise>,
    ) -> Result<RFloat, Raise> {
        match r {
            Ok(now) => Ok(RFloat { now, op: self.returned(c, Opcode::CallFloat, args) }),
            Err(raise) => {
                self.raised(c, Opcode::CallFloat, args);
                Err(raise)
            }
        }
    }
    fn called_void(
        &mut self,
        c: &'static Callee,
        args: &[Arg<Self>],
        r: Result<(), Raise>,
    ) -> Result<(), Raise> {
        match r {
            Ok(()) => _ = self.returned(c, Opcode::CallVoid, args),
            Err(_) => self.raised(c, Opcode::CallVoid, args),
        }
        r
    }
    fn called_bool(
        &mut self,
        c: &'static Callee,
        args: &[Arg<Self>],
        r: Result<bool, Raise>,
    ) -> Result<RBool, Raise> {
        let i = self.called_int(c, args, r.map(i64::from))?;
        if i.is_const() {
            return Ok(RBool::constant(i.now != 0));
        }
        let zero = self.const_int(0);
        Ok(RBool { now: i.now != 0, op: self.emit(Opcode::IntNe, &[i.op, zero], 0) })
    }
    fn result_to(&mut self, r: Option<Reg>) {
        self.result_to = Some(r);
    }

    // ---- exceptions
    fn give_up(&mut self) {
        self.abort(Abort::RaisedInCall);
    }
    fn raise(&mut self, exception: RVal) -> Raise {
        let raise = self.run.raise(exception.now);
        let exception = self.resolve(exception);
        self.check_made_anew(exception);
        let op = self.op_of(exception);
        self.throw(op);
        raise
    }
    fn catch(&mut self) -> RVal {
        let now = self.run.catch();
        RVal { now, op: self.caught() }
    }
}
