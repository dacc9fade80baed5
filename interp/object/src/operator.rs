//! The operators of the language as data: symbols and special method names.

use crate::names::Names;
use hoop_gc::Value;

/// Binary operators.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum BinOp {
    Add,
    Sub,
    Mul,
    TrueDiv,
    FloorDiv,
    Mod,
    Pow,
    MatMul,
    LShift,
    RShift,
    And,
    Or,
    Xor,
}

impl BinOp {
    pub const ALL: [BinOp; 13] = [
        BinOp::Add,
        BinOp::Sub,
        BinOp::Mul,
        BinOp::TrueDiv,
        BinOp::FloorDiv,
        BinOp::Mod,
        BinOp::Pow,
        BinOp::MatMul,
        BinOp::LShift,
        BinOp::RShift,
        BinOp::And,
        BinOp::Or,
        BinOp::Xor,
    ];

    #[inline]
    pub fn symbol(self) -> &'static str {
        match self {
            BinOp::Add => "+",
            BinOp::Sub => "-",
            BinOp::Mul => "*",
            BinOp::TrueDiv => "/",
            BinOp::FloorDiv => "//",
            BinOp::Mod => "%",
            BinOp::Pow => "** or pow()",
            BinOp::MatMul => "@",
            BinOp::LShift => "<<",
            BinOp::RShift => ">>",
            BinOp::And => "&",
            BinOp::Or => "|",
            BinOp::Xor => "^",
        }
    }

    /// `__add__`, `__radd__`, `__iadd__`.
    pub fn methods(self, n: &Names) -> (Value, Value, Value) {
        match self {
            BinOp::Add => (n.add, n.radd, n.iadd),
            BinOp::Sub => (n.sub, n.rsub, n.isub),
            BinOp::Mul => (n.mul, n.rmul, n.imul),
            BinOp::TrueDiv => (n.truediv, n.rtruediv, n.itruediv),
            BinOp::FloorDiv => (n.floordiv, n.rfloordiv, n.ifloordiv),
            BinOp::Mod => (n.mod_, n.rmod, n.imod),
            BinOp::Pow => (n.pow, n.rpow, n.ipow),
            BinOp::MatMul => (n.matmul, n.rmatmul, n.imatmul),
            BinOp::LShift => (n.lshift, n.rlshift, n.ilshift),
            BinOp::RShift => (n.rshift, n.rrshift, n.irshift),
            BinOp::And => (n.and, n.rand, n.iand),
            BinOp::Or => (n.or, n.ror, n.ior),
            BinOp::Xor => (n.xor, n.rxor, n.ixor),
        }
    }
}

/// Rich comparisons.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CmpOp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
}

impl CmpOp {
    pub const ALL: [CmpOp; 6] = [CmpOp::Lt, CmpOp::Le, CmpOp::Eq, CmpOp::Ne, CmpOp::Gt, CmpOp::Ge];

    #[inline]
    pub fn symbol(self) -> &'static str {
        ["<", "<=", "==", "!=", ">", ">="][self as usize]
    }

    #[inline]
    pub fn method(self, n: &Names) -> Value {
        [n.lt, n.le, n.eq, n.ne, n.gt, n.ge][self as usize]
    }

    /// The comparison with its operands exchanged.
    #[inline]
    pub fn swapped(self) -> CmpOp {
        use CmpOp::*;
        [Gt, Ge, Eq, Ne, Lt, Le][self as usize]
    }

    /// Whether an ordering satisfies the comparison.
    #[inline]
    pub fn holds(self, o: std::cmp::Ordering) -> bool {
        match self {
            CmpOp::Lt => o.is_lt(),
            CmpOp::Le => o.is_le(),
            CmpOp::Eq => o.is_eq(),
            CmpOp::Ne => o.is_ne(),
            CmpOp::Gt => o.is_gt(),
            CmpOp::Ge => o.is_ge(),
        }
    }
}
