//! The passes, in the order in which an operation meets them.

pub mod cse;
pub mod fold;
pub mod guards;
pub mod heap;
pub mod kinds;
pub mod ranges;
pub mod virtuals;

use crate::cx::{Cx, Res};
use hoop_ir::{Op, OpRef};

/// What becomes of an operation.
pub enum Flow {
    /// On to the next pass.
    Keep,
    /// This operation instead, from the first pass on.
    Again(Op),
    /// Its result is that operation's.
    Value(OpRef),
    /// It has no result and is not needed.
    Drop,
}

/// One pass: looks at each operation once, in order. What it remembers is part of [`Cx`].
pub trait Pass: Sync {
    /// As named in `optimizer=...`.
    fn name(&self) -> &'static str;

    /// Before the operation joins the trace. Operands are up to date.
    fn op(&self, cx: &mut Cx, op: &Op) -> Res<Flow>;

    /// The operation has just joined the trace as `r`.
    fn learn(&self, _cx: &mut Cx, _r: OpRef) -> Res<()> {
        Ok(())
    }
}

/// Every streaming pass. (`peel` and `dce` work on the trace as a whole and stand in files of their own.)
pub const PASSES: [&dyn Pass; 7] = [
    &fold::Fold,
    &kinds::Kinds,
    &ranges::Ranges,
    &guards::Guards,
    &virtuals::Virtuals,
    &heap::Heap,
    &cse::Cse,
];
