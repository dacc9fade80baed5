//! The operation table: one row per operation; enum, names, types and effects come from it.
//!
//! Types: `Val` a value word, `Int` a signed 64-bit machine integer, `Float` a double, `Bool` a condition, `Void`.
//! Effects: `Pure` (may be repeated, dropped, shared) · `Guard` (leaves the trace through its snapshot) · `Read` /
//! `Write` (heap, through a descriptor) · `Alloc` · `Call` (as the callee declares) · `Control`.
//! `imm` says what the operation's immediate word means.

/// Type of an operation's result or operand.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Ty {
    Val,
    Int,
    Float,
    Bool,
    Void,
}

/// What an operation may do besides giving its result.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    Pure,
    Guard,
    Read,
    Write,
    Alloc,
    Call,
    Control,
}

/// What the immediate word of an operation holds.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Imm {
    None,
    /// A signed integer.
    Int,
    /// The bits of a double.
    Float,
    /// A value word that is not a pointer.
    Word,
    /// Index into the trace's root table.
    Root,
    /// A number: input or parameter index.
    Index,
    /// A shape id.
    Shape,
    /// Shape id in the low half, object size in bytes in the next 16 bits, initial `aux` in the top 16 bits.
    New,
    /// A [`crate::FieldId`].
    Field,
    /// A [`crate::CalleeId`].
    Callee,
    /// A [`crate::FragmentId`] (another compiled fragment).
    Fragment,
}

macro_rules! op_table {
    ($( $(#[$doc:meta])* $name:ident $text:literal ($($arg:ident),*) $list:ident -> $ty:ident, $effect:ident, $imm:ident; )*) => {
        /// An operation's kind.
        #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Opcode { $( $(#[$doc])* $name, )* }

        impl Opcode {
            pub const ALL: &'static [Opcode] = &[ $( Opcode::$name, )* ];

            /// The name in the text form.
            pub const fn text(self) -> &'static str {
                match self { $( Opcode::$name => $text, )* }
            }

            /// The types of the fixed operands.
            pub const fn args(self) -> &'static [Ty] {
                match self { $( Opcode::$name => &[ $( Ty::$arg, )* ], )* }
            }

            /// Whether a list of further operands follows.
            pub const fn has_list(self) -> bool {
                match self { $( Opcode::$name => matches!(stringify!($list).as_bytes(), b"list"), )* }
            }

            /// The result's type.
            pub const fn ty(self) -> Ty {
                match self { $( Opcode::$name => Ty::$ty, )* }
            }

            pub const fn effect(self) -> Effect {
                match self { $( Opcode::$name => Effect::$effect, )* }
            }

            pub const fn imm(self) -> Imm {
                match self { $( Opcode::$name => Imm::$imm, )* }
            }
        }
    };
}

op_table! {
    // ---- constants; they may stand anywhere before their use
    ConstInt "const_int" () none -> Int, Pure, Int;
    ConstFloat "const_float" () none -> Float, Pure, Float;
    /// A value word that is not a pointer.
    ConstVal "const_val" () none -> Val, Pure, Word;
    /// A heap object kept alive by the root table.
    ConstRef "const_ref" () none -> Val, Pure, Root;

    // ---- entry
    /// Input number imm: of a loop, read from the frame's register named by `Trace::inputs`; of a bridge, the value in
    /// that place of its guard's fail arguments.
    InputVal "input_val" () none -> Val, Control, Index;
    InputInt "input_int" () none -> Int, Control, Index;
    InputFloat "input_float" () none -> Float, Control, Index;
    /// The loop header; the list gives the initial values of the parameters that follow it at once.
    Label "label" () list -> Void, Control, None;
    ParamVal "param_val" () none -> Val, Control, Index;
    ParamInt "param_int" () none -> Int, Control, Index;
    ParamFloat "param_float" () none -> Float, Control, Index;

    // ---- ends (the last operation of a trace is one of these)
    /// Back to the label with new values for its parameters.
    Jump "jump" () list -> Void, Control, None;
    /// Enters the general entry of another fragment (a loop): its inputs in order.
    JumpFragment "jump_fragment" () list -> Void, Control, Fragment;
    /// Enters the label of another fragment, whose parameters the list gives.
    JumpLabel "jump_label" () list -> Void, Control, Fragment;
    /// Leaves to the interpreter by the snapshot.
    Exit "exit" () none -> Void, Control, None;
    /// Ends a compiled function's activation with its result (see `CallFragment`).
    Finish "finish" (Val) none -> Void, Control, None;

    // ---- integers (two's complement, 64 bits, wrapping)
    IntAdd "int_add" (Int, Int) none -> Int, Pure, None;
    IntSub "int_sub" (Int, Int) none -> Int, Pure, None;
    IntMul "int_mul" (Int, Int) none -> Int, Pure, None;
    /// Rounds to minus infinity. The divisor is not 0, and not -1 with the smallest dividend.
    IntFloorDiv "int_floordiv" (Int, Int) none -> Int, Pure, None;
    /// Has the divisor's sign. As above.
    IntMod "int_mod" (Int, Int) none -> Int, Pure, None;
    IntAnd "int_and" (Int, Int) none -> Int, Pure, None;
    IntOr "int_or" (Int, Int) none -> Int, Pure, None;
    IntXor "int_xor" (Int, Int) none -> Int, Pure, None;
    /// The amount lies in 0..=63.
    IntShl "int_shl" (Int, Int) none -> Int, Pure, None;
    /// Arithmetic shift; the amount lies in 0..=63.
    IntShr "int_shr" (Int, Int) none -> Int, Pure, None;
    IntNot "int_not" (Int) none -> Int, Pure, None;
    IntNeg "int_neg" (Int) none -> Int, Pure, None;
    IntEq "int_eq" (Int, Int) none -> Bool, Pure, None;
    IntNe "int_ne" (Int, Int) none -> Bool, Pure, None;
    IntLt "int_lt" (Int, Int) none -> Bool, Pure, None;
    IntLe "int_le" (Int, Int) none -> Bool, Pure, None;
    IntGt "int_gt" (Int, Int) none -> Bool, Pure, None;
    IntGe "int_ge" (Int, Int) none -> Bool, Pure, None;
    /// Unsigned less-than: the bounds check `0 <= a < b` in one.
    IntUlt "int_ult" (Int, Int) none -> Bool, Pure, None;
    /// The integer fits in a small int (63 bits).
    IntFits "int_fits" (Int) none -> Bool, Pure, None;
    /// The exact product fits in a small int.
    IntMulFits "int_mul_fits" (Int, Int) none -> Bool, Pure, None;

    // ---- floats (IEEE double)
    FloatAdd "float_add" (Float, Float) none -> Float, Pure, None;
    FloatSub "float_sub" (Float, Float) none -> Float, Pure, None;
    FloatMul "float_mul" (Float, Float) none -> Float, Pure, None;
    FloatDiv "float_div" (Float, Float) none -> Float, Pure, None;
    FloatNeg "float_neg" (Float) none -> Float, Pure, None;
    FloatAbs "float_abs" (Float) none -> Float, Pure, None;
    FloatSqrt "float_sqrt" (Float) none -> Float, Pure, None;
    FloatFloor "float_floor" (Float) none -> Float, Pure, None;
    FloatCeil "float_ceil" (Float) none -> Float, Pure, None;
    FloatTrunc "float_trunc" (Float) none -> Float, Pure, None;
    FloatEq "float_eq" (Float, Float) none -> Bool, Pure, None;
    FloatNe "float_ne" (Float, Float) none -> Bool, Pure, None;
    FloatLt "float_lt" (Float, Float) none -> Bool, Pure, None;
    FloatLe "float_le" (Float, Float) none -> Bool, Pure, None;
    FloatGt "float_gt" (Float, Float) none -> Bool, Pure, None;
    FloatGe "float_ge" (Float, Float) none -> Bool, Pure, None;
    IntToFloat "int_to_float" (Int) none -> Float, Pure, None;
    /// Truncates; the float is known to lie in the range of `Int`.
    FloatToInt "float_to_int" (Float) none -> Int, Pure, None;
    /// The double's bits.
    FloatBits "float_bits" (Float) none -> Int, Pure, None;

    // ---- conditions
    BoolNot "bool_not" (Bool) none -> Bool, Pure, None;
    BoolAnd "bool_and" (Bool, Bool) none -> Bool, Pure, None;
    BoolOr "bool_or" (Bool, Bool) none -> Bool, Pure, None;
    /// 0 or 1.
    BoolToInt "bool_to_int" (Bool) none -> Int, Pure, None;
    /// The guest's true or false constant.
    BoolToVal "bool_to_val" (Bool) none -> Val, Pure, None;

    // ---- value words
    /// The integer is known to fit.
    TagInt "tag_int" (Int) none -> Val, Pure, None;
    UntagInt "untag_int" (Val) none -> Int, Pure, None;
    /// May allocate when the exponent is far from 1; pure all the same, for a float has no identity that counts.
    BoxFloat "box_float" (Float) none -> Val, Pure, None;
    UnboxFloat "unbox_float" (Val) none -> Float, Pure, None;
    /// Same word.
    ValEq "val_eq" (Val, Val) none -> Bool, Pure, None;
    /// The word is a small int.
    ValIsInt "val_is_int" (Val) none -> Bool, Pure, None;
    /// The address or word as an integer (identity hash).
    ValBits "val_bits" (Val) none -> Int, Pure, None;

    // ---- guards
    GuardTrue "guard_true" (Bool) none -> Void, Guard, None;
    GuardFalse "guard_false" (Bool) none -> Void, Guard, None;
    GuardInt "guard_int" (Val) none -> Void, Guard, None;
    /// A float in the word or on the heap.
    GuardFloat "guard_float" (Val) none -> Void, Guard, None;
    /// A heap object of that shape.
    GuardShape "guard_shape" (Val) none -> Void, Guard, Shape;
    /// True or False.
    GuardBool "guard_bool" (Val) none -> Void, Guard, None;
    /// Exactly this constant word or object (second operand).
    GuardSame "guard_same" (Val, Val) none -> Void, Guard, None;
    /// Exactly this integer.
    GuardIntIs "guard_int_is" (Int, Int) none -> Void, Guard, None;
    /// No exception is pending; else the exit unwinds.
    GuardNoException "guard_no_exception" () none -> Void, Guard, None;
    /// An exception is pending; else the exit goes on after the call by its snapshot.
    GuardException "guard_exception" () none -> Void, Guard, None;
    /// The fragment's assumptions still hold.
    GuardValid "guard_valid" () none -> Void, Guard, None;
    /// The interrupt word is zero.
    GuardNoInterrupt "guard_no_interrupt" () none -> Void, Guard, None;

    // ---- heap
    GetVal "get_val" (Val) none -> Val, Read, Field;
    GetInt "get_int" (Val) none -> Int, Read, Field;
    GetFloat "get_float" (Val) none -> Float, Read, Field;
    SetVal "set_val" (Val, Val) none -> Void, Write, Field;
    SetInt "set_int" (Val, Int) none -> Void, Write, Field;
    SetFloat "set_float" (Val, Float) none -> Void, Write, Field;
    /// Item of an array object; the descriptor gives the offset of item 0. The index is in range.
    ItemVal "item_val" (Val, Int) none -> Val, Read, Field;
    ItemInt "item_int" (Val, Int) none -> Int, Read, Field;
    ItemFloat "item_float" (Val, Int) none -> Float, Read, Field;
    SetItemVal "set_item_val" (Val, Int, Val) none -> Void, Write, Field;
    SetItemInt "set_item_int" (Val, Int, Int) none -> Void, Write, Field;
    SetItemFloat "set_item_float" (Val, Int, Float) none -> Void, Write, Field;
    /// A fresh object, fields zero.
    New "new" () none -> Val, Alloc, New;
    /// The context's word at a fixed offset (state of the virtual machine).
    GetCtx "get_ctx" () none -> Int, Read, Field;

    // ---- calls
    CallVal "call_val" () list -> Val, Call, Callee;
    CallInt "call_int" () list -> Int, Call, Callee;
    CallFloat "call_float" () list -> Float, Call, Callee;
    CallVoid "call_void" () list -> Void, Call, Callee;
    /// Calls only if the condition holds.
    CondCall "cond_call" (Bool) list -> Void, Call, Callee;
    /// The pending exception, which is then no longer pending.
    TakeException "take_exception" () none -> Val, Call, None;
    /// Makes an exception pending.
    SetException "set_exception" (Val) none -> Void, Call, None;
    /// Calls a compiled function: the list gives its inputs; the result is what it finished with, or nothing with an
    /// exception pending.
    CallFragment "call_fragment" () list -> Val, Call, Fragment;

    // ---- notes
    /// The instruction (imm: index into `Trace::places`) that the following operations come from.
    Place "place" () none -> Void, Control, Index;
}

impl Opcode {
    pub const fn is_guard(self) -> bool {
        matches!(self.effect(), Effect::Guard)
    }

    pub const fn is_const(self) -> bool {
        matches!(self, Opcode::ConstInt | Opcode::ConstFloat | Opcode::ConstVal | Opcode::ConstRef)
    }

    /// Ends a trace.
    pub const fn is_end(self) -> bool {
        matches!(
            self,
            Opcode::Jump | Opcode::JumpFragment | Opcode::JumpLabel | Opcode::Exit | Opcode::Finish
        )
    }

    /// Has a snapshot: every guard, and `Exit`. (`Call…` may carry one for calls that look at frames.)
    pub const fn needs_snapshot(self) -> bool {
        self.is_guard() || matches!(self, Opcode::Exit)
    }
}
