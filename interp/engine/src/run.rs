//! `Run`: the engine that just executes. Every method is an instruction or two.

use crate::callee::{Arg, Callee};
use crate::context::VmState;
use crate::engine::{Cmp, Engine, FloatFn, FloatOp, IntOp, Raise, Reg};
use crate::field::{self, Field, V, item_offset};
use crate::frame::{Frame, NewFrame};
use crate::{float_of, shape_of};
use hoop_gc::{Header, ShapeId, Value, fits_int};
use hoop_ir::{FieldDescr, MemTy};
use std::sync::atomic::Ordering;

/// Executes the current frame of a machine.
pub struct Run<'a, Vm: VmState> {
    vm: &'a mut Vm,
    /// Register 0 of the current frame.
    base: *mut Value,
    /// The next instruction.
    at: *const u64,
    instrs: *const u64,
    /// The current frame's code object.
    code: Value,
}

impl<'a, Vm: VmState> Run<'a, Vm> {
    /// Takes over at the machine's innermost frame. There must be one.
    pub fn new(vm: &'a mut Vm) -> Run<'a, Vm> {
        let mut run = Run {
            vm,
            base: std::ptr::null_mut(),
            at: std::ptr::null(),
            instrs: std::ptr::null(),
            code: Value::NONE,
        };
        run.reload();
        run
    }

    /// Saves the pc in the frame, for whoever looks at frames.
    #[inline(always)]
    pub fn save_pc(&mut self) {
        let pc = self.pc();
        if let Some(f) = self.vm.context().thread.frames.last_mut() {
            f.pc = pc;
        }
    }

    /// Reads the innermost frame again, after something else has changed the frames.
    #[inline(always)]
    pub fn reload(&mut self) {
        let frame = self.vm.context().thread.frames.last();
        if let Some(&Frame { base, instrs, pc, code, .. }) = frame {
            self.enter(base, instrs, pc, code);
        }
    }

    #[inline(always)]
    fn enter(&mut self, base: *mut Value, instrs: *const u64, pc: u32, code: Value) {
        (self.base, self.instrs, self.code) = (base, instrs, code);
        self.at = instrs.wrapping_add(pc as usize);
    }

    #[inline(always)]
    fn frame(&self) -> &Frame {
        // SAFETY: `VmState` promises that the machine starts with its context.
        let context = unsafe { &*(self.vm as *const Vm).cast::<crate::Context>() };
        context.thread.frames.last().expect("an engine has a current frame")
    }

    /// The object's address. In debug builds: it must have such a field at the offset.
    #[inline(always)]
    fn checked(&mut self, object: Value, offset: isize, mem: MemTy) -> *mut Header {
        debug_assert!(object.is_ptr(), "a field of {object:?}");
        debug_assert!(
            self.vm.context().heap.covers(object.ptr(), offset, mem.size() as usize, mem == MemTy::Val),
            "{object:?} of {:?} has no {mem:?} at {offset}",
            shape_of(object),
        );
        object.ptr()
    }

    #[inline(always)]
    fn read_field(&mut self, object: Value, d: &FieldDescr) -> u64 {
        let from = self.checked(object, d.offset as isize, d.mem);
        field::read_raw(from, d)
    }

    #[inline(always)]
    fn read_item(&mut self, array: Value, index: i64, d: &FieldDescr) -> u64 {
        let offset = item_offset(d, index);
        let from = self.checked(array, offset, d.mem);
        field::read_at(from, offset, d.mem)
    }

    #[inline(always)]
    fn write_word(&mut self, object: Value, offset: isize, mem: MemTy, word: u64) {
        let to = self.checked(object, offset, mem);
        field::write_at(to, offset, mem, word);
    }

    #[inline(always)]
    fn write_value(&mut self, object: Value, offset: isize, v: Value) {
        let to = self.checked(object, offset, MemTy::Val);
        field::write_at(to, offset, MemTy::Val, v.bits());
        if v.is_ptr() {
            self.vm.context().heap.write_barrier(object.ptr());
        }
    }
}

impl<Vm: VmState> Run<'_, Vm> {
    /// After a panic: the current frame is the machine's innermost again, its pc saved.
    #[cold]
    pub fn recover(&mut self) {
        let (base, code) = (self.base, self.code);
        let frames = self.vm.context().thread.frames.frames();
        if let Some(at) = frames.iter().rposition(|f| f.base == base && f.code == code) {
            self.vm.context().drop_frames(at + 1);
            self.save_pc();
        }
    }
}

impl<Vm: VmState> Drop for Run<'_, Vm> {
    #[inline(always)]
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.recover();
        }
    }
}

#[inline(always)]
fn value_of(word: u64) -> Value {
    Value::from_bits(word).unwrap_or(Value::UNBOUND)
}

impl<Vm: VmState> Engine for Run<'_, Vm> {
    type Vm = Vm;
    type Val = Value;
    type Int = i64;
    type Float = f64;
    type Bool = bool;
    const RECORDS: bool = false;

    #[inline(always)]
    fn vm(&mut self) -> &mut Vm {
        self.vm
    }

    #[inline(always)]
    fn val(&mut self, v: Value) -> Value {
        v
    }
    #[inline(always)]
    fn int(&mut self, i: i64) -> i64 {
        i
    }
    #[inline(always)]
    fn float(&mut self, f: f64) -> f64 {
        f
    }

    #[inline(always)]
    fn load(&mut self, r: Reg) -> Value {
        // SAFETY: verified code names only registers of its frame.
        unsafe { *self.base.add(r.0 as usize) }
    }
    #[inline(always)]
    fn store(&mut self, r: Reg, v: Value) {
        // SAFETY: as in `load`.
        unsafe { *self.base.add(r.0 as usize) = v }
    }
    #[inline(always)]
    fn fetch(&mut self) -> u64 {
        // SAFETY: verified code never runs past its last instruction.
        let word = unsafe { *self.at };
        self.at = self.at.wrapping_add(1);
        word
    }
    #[inline(always)]
    fn peek(&self) -> u64 {
        // SAFETY: as in `fetch`.
        unsafe { *self.at }
    }
    #[inline(always)]
    fn pc(&self) -> u32 {
        ((self.at as usize - self.instrs as usize) / size_of::<u64>()) as u32
    }
    #[inline(always)]
    fn jump(&mut self, pc: u32) {
        self.at = self.instrs.wrapping_add(pc as usize);
    }
    #[inline(always)]
    fn code(&self) -> Value {
        self.code
    }
    #[inline(always)]
    fn ret(&self) -> u64 {
        self.frame().ret
    }
    #[inline(always)]
    fn depth(&self) -> usize {
        // SAFETY: as in `frame`.
        unsafe { &*(self.vm as *const Vm).cast::<crate::Context>() }.thread.frames.depth()
    }
    #[inline(always)]
    fn push_frame(&mut self, new: &NewFrame) -> bool {
        self.save_pc();
        let Some(base) = self.vm.context().thread.frames.push_registers(new) else { return false };
        self.enter(base, new.instrs, new.pc, new.code);
        true
    }
    #[inline(always)]
    fn push_call(&mut self, new: &NewFrame, this: Option<Value>, first: Reg, count: u16) -> bool {
        let caller = self.base;
        if !self.push_frame(new) {
            return false;
        }
        let mut to = self.base;
        // SAFETY: the new frame has at least as many registers as parameters, and the caller's arguments lie in its
        // own registers, which the push left alone.
        unsafe {
            if let Some(v) = this {
                *to = v;
                to = to.add(1);
            }
            for i in 0..count as usize {
                *to.add(i) = *caller.add(first.0 as usize + i);
            }
        }
        true
    }
    #[inline(always)]
    fn register_slice(&mut self, first: Reg, count: u16) -> Option<(&'static [Value], &'static [Value])> {
        // SAFETY: verified code names only registers of its frame; the register memory is never moved or freed while
        // the machine lives, and the callee that gets the slice returns before the frame goes on.
        let slice = unsafe { std::slice::from_raw_parts(self.base.add(first.0 as usize), count as usize) };
        Some((slice, slice))
    }
    #[inline(always)]
    fn push_owned_frame(&mut self, new: &NewFrame, owner: Value, first: &Field<V>) -> bool {
        self.save_pc();
        let base = owner.ptr().cast::<u8>().wrapping_offset(first.descr.offset as isize).cast();
        let pushed = self.vm.context().thread.frames.push_owned(new, owner, base);
        self.reload();
        pushed
    }
    #[inline(always)]
    fn pop_frame(&mut self) {
        let frame = self.vm.context().thread.frames.pop();
        if let Some(owner) = frame.and_then(|f| f.owner) {
            // The registers were written without barriers while the frame ran.
            self.vm.context().heap.write_barrier(owner.ptr());
        }
        self.reload();
    }
    #[inline(always)]
    fn owner(&mut self) -> Option<Value> {
        self.frame().owner
    }
    #[inline(always)]
    fn follow_call(&mut self, _code: Value) -> bool {
        true
    }

    #[inline(always)]
    fn branch(&mut self, b: bool) -> bool {
        b
    }
    #[inline(always)]
    fn as_int(&mut self, v: Value) -> Option<i64> {
        v.as_int()
    }
    #[inline(always)]
    fn as_float(&mut self, v: Value) -> Option<f64> {
        float_of(v)
    }
    #[inline(always)]
    fn shape_of(&mut self, v: Value) -> ShapeId {
        shape_of(v)
    }
    #[inline(always)]
    fn promote(&mut self, v: Value) -> Value {
        v
    }
    #[inline(always)]
    fn promote_int(&mut self, i: i64) -> i64 {
        i
    }
    #[inline(always)]
    fn assume(&mut self, _owner: Value) -> bool {
        true
    }
    #[inline(always)]
    fn interrupted(&mut self) -> bool {
        self.vm.context().interrupt.load(Ordering::Relaxed) != 0
    }

    #[inline(always)]
    fn box_int(&mut self, i: i64) -> Value {
        Value::int(i)
    }
    #[inline(always)]
    fn box_float(&mut self, f: f64) -> Value {
        self.vm.context().box_float(f)
    }
    #[inline(always)]
    fn box_bool(&mut self, b: bool) -> Value {
        Value::bool(b)
    }
    #[inline(always)]
    fn same(&mut self, a: Value, b: Value) -> bool {
        a == b || (a.is_ptr() && b.is_ptr() && crate::same_heap_floats(a, b))
    }
    #[inline(always)]
    fn bits(&mut self, v: Value) -> i64 {
        v.bits() as i64
    }

    #[inline(always)]
    fn int_op(&mut self, op: IntOp, x: i64, y: i64) -> i64 {
        match op {
            IntOp::Add => x.wrapping_add(y),
            IntOp::Sub => x.wrapping_sub(y),
            IntOp::Mul => x.wrapping_mul(y),
            IntOp::FloorDiv => floor_div(x, y),
            IntOp::Mod => x.wrapping_sub(floor_div(x, y).wrapping_mul(y)),
            IntOp::And => x & y,
            IntOp::Or => x | y,
            IntOp::Xor => x ^ y,
            IntOp::Shl => x << (y & 63),
            IntOp::Shr => x >> (y & 63),
        }
    }
    #[inline(always)]
    fn int_cmp(&mut self, cmp: Cmp, x: i64, y: i64) -> bool {
        match cmp {
            Cmp::Eq => x == y,
            Cmp::Ne => x != y,
            Cmp::Lt => x < y,
            Cmp::Le => x <= y,
            Cmp::Gt => x > y,
            Cmp::Ge => x >= y,
            Cmp::Ult => (x as u64) < y as u64,
        }
    }
    #[inline(always)]
    fn int_fits(&mut self, x: i64) -> bool {
        fits_int(x)
    }
    #[inline(always)]
    fn int_mul_fits(&mut self, x: i64, y: i64) -> bool {
        x.checked_mul(y).is_some_and(fits_int)
    }
    #[inline(always)]
    fn float_op(&mut self, op: FloatOp, x: f64, y: f64) -> f64 {
        match op {
            FloatOp::Add => x + y,
            FloatOp::Sub => x - y,
            FloatOp::Mul => x * y,
            FloatOp::Div => x / y,
        }
    }
    #[inline(always)]
    fn float_fn(&mut self, f: FloatFn, x: f64) -> f64 {
        match f {
            FloatFn::Neg => -x,
            FloatFn::Abs => x.abs(),
            FloatFn::Sqrt => x.sqrt(),
            FloatFn::Floor => x.floor(),
            FloatFn::Ceil => x.ceil(),
            FloatFn::Trunc => x.trunc(),
        }
    }
    #[inline(always)]
    fn float_cmp(&mut self, cmp: Cmp, x: f64, y: f64) -> bool {
        match cmp {
            Cmp::Eq => x == y,
            Cmp::Ne => x != y,
            Cmp::Lt | Cmp::Ult => x < y,
            Cmp::Le => x <= y,
            Cmp::Gt => x > y,
            Cmp::Ge => x >= y,
        }
    }
    #[inline(always)]
    fn int_to_float(&mut self, i: i64) -> f64 {
        i as f64
    }
    #[inline(always)]
    fn float_to_int(&mut self, f: f64) -> i64 {
        f as i64
    }
    #[inline(always)]
    fn bool_not(&mut self, b: bool) -> bool {
        !b
    }
    #[inline(always)]
    fn bool_to_int(&mut self, b: bool) -> i64 {
        b as i64
    }

    #[inline(always)]
    fn get_val(&mut self, object: Value, d: &FieldDescr) -> Value {
        value_of(self.read_field(object, d))
    }
    #[inline(always)]
    fn get_int(&mut self, object: Value, d: &FieldDescr) -> i64 {
        self.read_field(object, d) as i64
    }
    #[inline(always)]
    fn get_float(&mut self, object: Value, d: &FieldDescr) -> f64 {
        f64::from_bits(self.read_field(object, d))
    }
    #[inline(always)]
    fn set_val(&mut self, object: Value, d: &FieldDescr, v: Value) {
        self.write_value(object, d.offset as isize, v);
    }
    #[inline(always)]
    fn set_int(&mut self, object: Value, d: &FieldDescr, i: i64) {
        self.write_word(object, d.offset as isize, d.mem, i as u64);
    }
    #[inline(always)]
    fn set_float(&mut self, object: Value, d: &FieldDescr, f: f64) {
        self.write_word(object, d.offset as isize, d.mem, f.to_bits());
    }
    #[inline(always)]
    fn item_val(&mut self, array: Value, index: i64, d: &FieldDescr) -> Value {
        value_of(self.read_item(array, index, d))
    }
    #[inline(always)]
    fn item_int(&mut self, array: Value, index: i64, d: &FieldDescr) -> i64 {
        self.read_item(array, index, d) as i64
    }
    #[inline(always)]
    fn item_float(&mut self, array: Value, index: i64, d: &FieldDescr) -> f64 {
        f64::from_bits(self.read_item(array, index, d))
    }
    #[inline(always)]
    fn set_item_val(&mut self, array: Value, index: i64, d: &FieldDescr, v: Value) {
        self.write_value(array, item_offset(d, index), v);
    }
    #[inline(always)]
    fn set_item_int(&mut self, array: Value, index: i64, d: &FieldDescr, v: i64) {
        self.write_word(array, item_offset(d, index), d.mem, v as u64);
    }
    #[inline(always)]
    fn set_item_float(&mut self, array: Value, index: i64, d: &FieldDescr, v: f64) {
        self.write_word(array, item_offset(d, index), d.mem, v.to_bits());
    }
    #[inline(always)]
    fn new_object(&mut self, shape: ShapeId, words: u32, aux: u16) -> Value {
        Value::from_ptr(self.vm.context().heap.alloc_words(shape, words, aux))
    }
    #[inline(always)]
    fn set_shape(&mut self, object: Value, shape: ShapeId) {
        // SAFETY: the caller passes a heap object.
        unsafe { (*object.ptr()).shape = shape }
    }

    #[inline(always)]
    fn now_val(&self, v: Value) -> Value {
        v
    }
    #[inline(always)]
    fn now_int(&self, i: i64) -> i64 {
        i
    }
    #[inline(always)]
    fn now_float(&self, f: f64) -> f64 {
        f
    }
    #[inline(always)]
    fn before_call(&mut self, callee: &'static Callee) {
        if callee.effects.runs_guest || callee.effects.sees_frames || callee.effects.raises {
            self.save_pc();
        }
    }
    #[inline(always)]
    fn called_val(
        &mut self,
        _: &'static Callee,
        _: &[Arg<Self>],
        r: Result<Value, Raise>,
    ) -> Result<Value, Raise> {
        r
    }
    #[inline(always)]
    fn called_int(
        &mut self,
        _: &'static Callee,
        _: &[Arg<Self>],
        r: Result<i64, Raise>,
    ) -> Result<i64, Raise> {
        r
    }
    #[inline(always)]
    fn called_float(
        &mut self,
        _: &'static Callee,
        _: &[Arg<Self>],
        r: Result<f64, Raise>,
    ) -> Result<f64, Raise> {
        r
    }
    #[inline(always)]
    fn called_void(
        &mut self,
        _: &'static Callee,
        _: &[Arg<Self>],
        r: Result<(), Raise>,
    ) -> Result<(), Raise> {
        r
    }
    #[inline(always)]
    fn called_bool(
        &mut self,
        _: &'static Callee,
        _: &[Arg<Self>],
        r: Result<bool, Raise>,
    ) -> Result<bool, Raise> {
        r
    }
    #[inline(always)]
    fn result_to(&mut self, _r: Option<Reg>) {}

    #[inline(always)]
    fn raise(&mut self, exception: Value) -> Raise {
        self.vm.context().thread.pending = Some(exception);
        Raise
    }
    #[inline(always)]
    fn catch(&mut self) -> Value {
        self.vm.context().thread.pending.take().unwrap_or(Value::NONE)
    }
}

/// Division rounding to minus infinity. `y` is not 0; the smallest int by -1 wraps.
#[inline(always)]
fn floor_div(x: i64, y: i64) -> i64 {
    let q = x.wrapping_div(y);
    if x.wrapping_rem(y) != 0 && (x < 0) != (y < 0) { q - 1 } else { q }
}
