//! `trait Engine`: the primitive steps a language is made of.
//!
//! The height is that of a processor plus guards. What has a plain Rust type (`ShapeId`, a looked-up method) is known
//! while recording and leaves no trace; what has one of the engine's own types (`Val`, `Int`, `Float`, `Bool`) exists
//! when the trace runs. Only `branch`, `as_int`, `as_float`, `shape_of`, `promote` and their kin carry knowledge from
//! the second to the first; in a recording each of them is a guard.
//!
//! **The one rule.** Between the start of an instruction and the last guard in it there is no effect (no store to the
//! heap, no call that writes): a guard's exit starts the instruction again from its beginning. Stores to frame
//! registers count as effects too. An instruction that cannot be written so ends with its effect and leaves the rest
//! to the next instruction, or makes its call with [`Engine::result_to`].

use crate::callee::{Arg, Callee};
use crate::context::VmState;
use crate::field::{Array, Field, Kind};
use crate::frame::NewFrame;
use hoop_gc::{ShapeId, Value};
use hoop_ir::FieldDescr;

/// A register of the current frame.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Reg(pub u16);

/// An exception is on its way; it is pending in the engine.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Raise;

/// Comparisons; on floats every one but `Ne` is false when an operand is NaN. `Ult` is unsigned and for ints only.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Cmp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Ult,
}

/// Integer operations on 64 bits, wrapping. `FloorDiv` and `Mod` round to minus infinity and need a divisor other
/// than 0; shift amounts lie in 0..=63.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum IntOp {
    Add,
    Sub,
    Mul,
    FloorDiv,
    Mod,
    And,
    Or,
    Xor,
    Shl,
    Shr,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum FloatOp {
    Add,
    Sub,
    Mul,
    Div,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum FloatFn {
    Neg,
    Abs,
    Sqrt,
    Floor,
    Ceil,
    Trunc,
}

/// See the module text.
pub trait Engine: Sized {
    type Vm: VmState;
    /// A value word.
    type Val: Copy + 'static;
    /// A 64-bit integer.
    type Int: Copy;
    /// A double.
    type Float: Copy;
    /// A condition; only [`Engine::branch`] opens it.
    type Bool: Copy;
    /// Whether this engine records. For choosing between equal ways only (a call or its inlining).
    const RECORDS: bool;

    fn vm(&mut self) -> &mut Self::Vm;

    // ---- constants
    fn val(&mut self, v: Value) -> Self::Val;
    fn int(&mut self, i: i64) -> Self::Int;
    fn float(&mut self, f: f64) -> Self::Float;

    // ---- the current frame
    fn load(&mut self, r: Reg) -> Self::Val;
    fn store(&mut self, r: Reg, v: Self::Val);
    /// The next instruction word; the pc moves on.
    fn fetch(&mut self) -> u64;
    /// The word that `fetch` would give.
    fn peek(&self) -> u64;
    /// Index of the next instruction.
    fn pc(&self) -> u32;
    fn jump(&mut self, pc: u32);
    /// The current frame's code object.
    fn code(&self) -> Value;
    /// The current frame's return word.
    fn ret(&self) -> u64;
    /// Depth of the current frame counted from wherever; for comparisons only.
    fn depth(&self) -> usize;
    /// Makes a new current frame with all registers unbound. False: too deep (nothing was done).
    fn push_frame(&mut self, new: &NewFrame) -> bool;
    /// As `push_frame`, with the first registers of the new frame filled: `this`, if given, then `count` registers of
    /// the caller from `first` on.
    #[inline]
    fn push_call(&mut self, new: &NewFrame, this: Option<Self::Val>, first: Reg, count: u16) -> bool {
        let args: Vec<Self::Val> = (0..count).map(|i| self.load(Reg(first.0 + i))).collect();
        if !self.push_frame(new) {
            return false;
        }
        for (i, v) in this.into_iter().chain(args).enumerate() {
            self.store(Reg(i as u16), v);
        }
        true
    }
    /// Consecutive registers as a slice, for a native function called at once: only an engine that does not record has
    /// them. The same values twice, as the engine's and as plain ones.
    #[inline(always)]
    fn register_slice(
        &mut self,
        _first: Reg,
        _count: u16,
    ) -> Option<(&'static [Self::Val], &'static [Value])> {
        None
    }
    /// Makes a current frame whose registers are the value fields of `owner` from `first` on.
    fn push_owned_frame(&mut self, new: &NewFrame, owner: Self::Val, first: &Field<crate::field::V>) -> bool;
    /// Drops the current frame; the caller becomes current, its pc where it left off.
    fn pop_frame(&mut self);
    /// The current frame is about to return this value; nothing has been done yet. Lets a recording that began at the
    /// function's start end with it.
    #[inline(always)]
    fn returning(&mut self, _v: Self::Val) {}
    /// The current frame, which an object owns, has been suspended with this value, and is about to be popped. Lets a
    /// recording that began in it end with it.
    #[inline(always)]
    fn suspending(&mut self, _v: Self::Val) {}
    /// An exception leaves the current frame, which an object owns; nothing has been done yet.
    #[inline(always)]
    fn raises_out(&mut self) {}
    /// The object that owns the current frame's registers.
    fn owner(&mut self) -> Option<Self::Val>;
    /// Whether a call of this code object should be followed (pushed as a frame) rather than made as one opaque call.
    fn follow_call(&mut self, code: Value) -> bool;
    /// Likewise, whether a frame of this code that an object owns should be pushed to go on.
    #[inline(always)]
    fn follow_resume(&mut self, _code: Value) -> bool {
        true
    }

    /// Calls the compiled function of a code object that is not to be followed, in an activation of its own, if there
    /// is one: gives what it returned or raised. `None`: nothing was done. The new frame's first registers are
    /// `parameters`, one further may be given; `new.ret` does not matter. An effect; the exception is the current
    /// instruction's.
    #[inline(always)]
    fn call_compiled(
        &mut self,
        _new: &NewFrame,
        _parameters: &[Self::Val],
        _other: Option<(Reg, Self::Val)>,
    ) -> Option<Result<Self::Val, Raise>> {
        None
    }

    // ---- tests that carry knowledge over
    fn branch(&mut self, b: Self::Bool) -> bool;
    /// Is it a small int? Then its integer.
    fn as_int(&mut self, v: Self::Val) -> Option<Self::Int>;
    /// Is it a float (in its word or on the heap)? Then its double.
    fn as_float(&mut self, v: Self::Val) -> Option<Self::Float>;
    fn shape_of(&mut self, v: Self::Val) -> ShapeId;
    /// The shape of `v` will be asked for although there was an effect already (a call that raised). A recording that
    /// would need a guard for it is given up.
    #[inline(always)]
    fn settle_shape(&mut self, _v: Self::Val) {}
    /// The value itself, as a constant from here on.
    fn promote(&mut self, v: Self::Val) -> Value;
    fn promote_int(&mut self, i: Self::Int) -> i64;
    /// The trace may rely on `owner` not being invalidated. False: it changes too often, do not rely on it.
    /// `Run` always says true.
    fn assume(&mut self, owner: Value) -> bool;
    /// Is the interrupt word set? In a trace: a guard that it is not.
    fn interrupted(&mut self) -> bool;

    // ---- value words
    /// Must fit in 63 bits.
    fn box_int(&mut self, i: Self::Int) -> Self::Val;
    fn box_float(&mut self, f: Self::Float) -> Self::Val;
    fn box_bool(&mut self, b: Self::Bool) -> Self::Val;
    /// Same word.
    fn same(&mut self, a: Self::Val, b: Self::Val) -> Self::Bool;
    /// The word as an integer (identity).
    fn bits(&mut self, v: Self::Val) -> Self::Int;

    // ---- arithmetic
    fn int_op(&mut self, op: IntOp, x: Self::Int, y: Self::Int) -> Self::Int;
    fn int_cmp(&mut self, cmp: Cmp, x: Self::Int, y: Self::Int) -> Self::Bool;
    fn int_fits(&mut self, x: Self::Int) -> Self::Bool;
    /// Whether the exact product fits in a small int.
    fn int_mul_fits(&mut self, x: Self::Int, y: Self::Int) -> Self::Bool;
    fn float_op(&mut self, op: FloatOp, x: Self::Float, y: Self::Float) -> Self::Float;
    fn float_fn(&mut self, f: FloatFn, x: Self::Float) -> Self::Float;
    fn float_cmp(&mut self, cmp: Cmp, x: Self::Float, y: Self::Float) -> Self::Bool;
    fn int_to_float(&mut self, i: Self::Int) -> Self::Float;
    /// Truncates; the float lies in the range of i64.
    fn float_to_int(&mut self, f: Self::Float) -> Self::Int;
    fn bool_not(&mut self, b: Self::Bool) -> Self::Bool;
    fn bool_to_int(&mut self, b: Self::Bool) -> Self::Int;

    // ---- heap; `get`, `set`, `item`, `set_item` below are the typed forms
    fn get_val(&mut self, object: Self::Val, field: &FieldDescr) -> Self::Val;
    fn get_int(&mut self, object: Self::Val, field: &FieldDescr) -> Self::Int;
    fn get_float(&mut self, object: Self::Val, field: &FieldDescr) -> Self::Float;
    fn set_val(&mut self, object: Self::Val, field: &FieldDescr, v: Self::Val);
    fn set_int(&mut self, object: Self::Val, field: &FieldDescr, i: Self::Int);
    fn set_float(&mut self, object: Self::Val, field: &FieldDescr, f: Self::Float);
    fn item_val(&mut self, array: Self::Val, index: Self::Int, field: &FieldDescr) -> Self::Val;
    fn item_int(&mut self, array: Self::Val, index: Self::Int, field: &FieldDescr) -> Self::Int;
    fn item_float(&mut self, array: Self::Val, index: Self::Int, field: &FieldDescr) -> Self::Float;
    fn set_item_val(&mut self, array: Self::Val, index: Self::Int, field: &FieldDescr, v: Self::Val);
    fn set_item_int(&mut self, array: Self::Val, index: Self::Int, field: &FieldDescr, v: Self::Int);
    fn set_item_float(&mut self, array: Self::Val, index: Self::Int, field: &FieldDescr, v: Self::Float);
    /// A fresh object of `words` 8-byte words after the header, all zero, with `aux` in its header.
    /// Its shape is changed later by `set_shape`.
    fn new_object(&mut self, shape: ShapeId, words: u32, aux: u16) -> Self::Val;
    /// Changes an object's shape (a strategy switch, a new attribute). An effect.
    fn set_shape(&mut self, object: Self::Val, shape: ShapeId);

    // ---- native calls; made by the `native!` macro
    /// The value now, for executing a native function. Not for deciding anything.
    fn now_val(&self, v: Self::Val) -> Value;
    fn now_int(&self, i: Self::Int) -> i64;
    fn now_float(&self, f: Self::Float) -> f64;
    /// Before the native function runs.
    fn before_call(&mut self, callee: &'static Callee);
    /// After it ran, with what it gave.
    fn called_val(
        &mut self,
        callee: &'static Callee,
        args: &[Arg<Self>],
        r: Result<Value, Raise>,
    ) -> Result<Self::Val, Raise>;
    fn called_int(
        &mut self,
        callee: &'static Callee,
        args: &[Arg<Self>],
        r: Result<i64, Raise>,
    ) -> Result<Self::Int, Raise>;
    fn called_float(
        &mut self,
        callee: &'static Callee,
        args: &[Arg<Self>],
        r: Result<f64, Raise>,
    ) -> Result<Self::Float, Raise>;
    fn called_void(
        &mut self,
        callee: &'static Callee,
        args: &[Arg<Self>],
        r: Result<(), Raise>,
    ) -> Result<(), Raise>;
    /// A Bool from a native function that gives 0 or 1.
    fn called_bool(
        &mut self,
        callee: &'static Callee,
        args: &[Arg<Self>],
        r: Result<bool, Raise>,
    ) -> Result<Self::Bool, Raise>;
    /// Announces that the next native call's result goes to register `r` (or nowhere) and the instruction is then
    /// complete. Lets a recording go on after a call that raised this time.
    fn result_to(&mut self, r: Option<Reg>);

    // ---- exceptions
    /// What comes is by chance, and not for a recording to go on with: it ends.
    #[inline(always)]
    fn give_up(&mut self) {}
    /// Sends an exception on its way.
    fn raise(&mut self, exception: Self::Val) -> Raise;
    /// The exception on its way, which stops here.
    fn catch(&mut self) -> Self::Val;

    // ---- typed forms
    #[inline(always)]
    fn get<K: Kind>(&mut self, object: Self::Val, field: &Field<K>) -> K::Of<Self> {
        K::get(self, object, &field.descr)
    }
    #[inline(always)]
    fn set<K: Kind>(&mut self, object: Self::Val, field: &Field<K>, v: K::Of<Self>) {
        K::set(self, object, &field.descr, v)
    }
    #[inline(always)]
    fn item<K: Kind>(&mut self, array: Self::Val, index: Self::Int, items: &Array<K>) -> K::Of<Self> {
        K::item(self, array, index, &items.descr)
    }
    #[inline(always)]
    fn set_item<K: Kind>(&mut self, array: Self::Val, index: Self::Int, items: &Array<K>, v: K::Of<Self>) {
        K::set_item(self, array, index, &items.descr, v)
    }
    /// Is it this constant?
    #[inline(always)]
    fn is(&mut self, v: Self::Val, constant: Value) -> bool {
        let c = self.val(constant);
        let b = self.same(v, c);
        self.branch(b)
    }
}
