//! How compiled fragments hand values to each other, and how they leave.
//!
//! Every fragment is a function of the `tail` calling convention:
//!
//! ```text
//! fragment(ctx, selector, i0, i1, i2, i3, f0, .., f5) -> i64
//! ```
//! `ctx` is the context pointer. `selector` says at which of its entries a unit is
//! entered (a Cranelift function has one entry; the first block branches on the selector when there are several).
//! The first four Val, Int or Bool values that cross an edge between units travel in `i0..i3`, the first six Float
//! values in `f0..f5`; value number `n` that finds no register lies in word `n` of the exchange area. [`Passing`] is that rule. At the
//! general entry of a loop, `i0` is the address of the entry frame's registers instead.
//!
//! Three kinds of edges between units:
//!
//! * **An exit** loads code and selector from its [`ExitCell`] and tail-calls. At first the cell holds the deopt stub
//!   and the cell's own address: the stub stores the registers in the [`SaveArea`] and returns the "selector", so that
//!   `enter` receives the address of the exit's description. `attach_bridge` puts the bridge's entry there instead.
//! * **A jump to a loop** loads code and selector from the target fragment's [`Target`] and tail-calls.
//! * **A call of a compiled function** does the same with an ordinary call; what comes back is what `enter` would get.
//!
//! **Finish** returns 0, its value in the first exchange word.

use std::cell::Cell;

use hoop_ir::op::Ty;
use hoop_ir::stage::ExitId;
use hoop_ir::trace::{Entry, FragmentId};

/// Values that travel in integer and in float registers between units.
pub(crate) const HOT_INTS: usize = 4;
pub(crate) const HOT_FLOATS: usize = 6;

/// Where a value lies while control goes from one unit to another.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Slot {
    Int(usize),
    Float(usize),
    /// Word of the exchange area.
    Exchange(usize),
}

/// Assigns slots to values in order.
#[derive(Default)]
pub(crate) struct Passing {
    ints: usize,
    floats: usize,
    count: usize,
}

impl Passing {
    pub(crate) fn next(&mut self, ty: Ty) -> Slot {
        let n = self.count;
        self.count += 1;
        if ty == Ty::Float && self.floats < HOT_FLOATS {
            self.floats += 1;
            Slot::Float(self.floats - 1)
        } else if ty != Ty::Float && self.ints < HOT_INTS {
            self.ints += 1;
            Slot::Int(self.ints - 1)
        } else {
            Slot::Exchange(n)
        }
    }
}

/// Whether values of types `given` can be received as `wanted`: both sides must agree on what travels as a float.
pub(crate) fn passes_as(given: &[Ty], wanted: &[Ty]) -> bool {
    given.len() == wanted.len()
        && given.iter().zip(wanted).all(|(g, w)| (*g == Ty::Float) == (*w == Ty::Float))
}

/// The registers at an exit to the interpreter, written by the deopt stub.
#[repr(C)]
#[derive(Default)]
pub(crate) struct SaveArea {
    pub ints: [Cell<u64>; HOT_INTS],
    pub floats: [Cell<u64>; HOT_FLOATS],
}

/// A way into a unit: code address and selector, read by other units at each entry.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Target {
    pub code: Cell<usize>,
    pub selector: Cell<usize>,
}

impl Target {
    pub(crate) fn set(&self, code: usize, selector: usize) {
        self.code.set(code);
        self.selector.set(selector);
    }

    pub(crate) fn copy_from(&self, other: &Target) {
        self.set(other.code.get(), other.selector.get());
    }
}

/// Byte offsets in a [`Target`] (and in an [`ExitCell`], which starts with one).
pub(crate) const TARGET_CODE: i32 = 0;
pub(crate) const TARGET_SELECTOR: i32 = std::mem::size_of::<usize>() as i32;

/// One exit of a unit. Its address is in the unit's code, so it lives in a box of its own.
#[repr(C)]
pub(crate) struct ExitCell {
    /// Where the exit goes.
    pub target: Target,
    pub id: ExitId,
    /// Types of its fail arguments.
    pub types: Box<[Ty]>,
    pub bridge: Cell<Option<FragmentId>>,
}

impl ExitCell {
    pub(crate) fn new(id: ExitId, types: Box<[Ty]>, deopt: usize) -> Box<ExitCell> {
        let cell = Box::new(ExitCell { target: Target::default(), id, types, bridge: Cell::new(None) });
        cell.to_interpreter(deopt);
        cell
    }

    /// Makes the exit leave compiled code.
    pub(crate) fn to_interpreter(&self, deopt: usize) {
        let own: *const ExitCell = self;
        self.target.set(deopt, own as usize);
        self.bridge.set(None);
    }
}

/// A fragment as other units see it. Its address is in their code, so it lives in a box of its own.
#[repr(C)]
pub(crate) struct Interface {
    /// The general entry: inputs from the frame's registers (a loop), or as passed (a bridge).
    pub entry: Target,
    /// A loop's inputs as passed: for jumps and calls of other units.
    pub start: Target,
    /// The loop header.
    pub label: Target,
    /// Frame registers that the general entry reads (a loop), or the types it is passed (a bridge).
    pub kind: InterfaceKind,
    /// Types of the loop header's parameters; `None` if it cannot be entered from outside.
    pub label_types: Option<Vec<Ty>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum InterfaceKind {
    Loop(Vec<u16>),
    Bridge(Vec<Ty>),
}

impl Interface {
    /// Of a fragment with this entry, without code.
    pub(crate) fn new(entry: &Entry) -> Interface {
        let kind = match entry {
            Entry::Loop { regs } => InterfaceKind::Loop(regs.clone()),
            Entry::Bridge { types } => InterfaceKind::Bridge(types.clone()),
        };
        let [entry, start, label] = std::array::from_fn(|_| Target::default());
        Interface { entry, start, label, kind, label_types: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_first_then_words() {
        let mut p = Passing::default();
        let types = [Ty::Val, Ty::Float, Ty::Int, Ty::Bool, Ty::Int, Ty::Val, Ty::Float];
        let slots: Vec<Slot> = types.iter().map(|&t| p.next(t)).collect();
        assert_eq!(
            slots,
            [
                Slot::Int(0),
                Slot::Float(0),
                Slot::Int(1),
                Slot::Int(2),
                Slot::Int(3),
                Slot::Exchange(5),
                Slot::Float(1)
            ]
        );
    }

    #[test]
    fn bools_pass_as_ints() {
        assert!(passes_as(&[Ty::Bool, Ty::Val], &[Ty::Int, Ty::Val]));
        assert!(!passes_as(&[Ty::Float], &[Ty::Int]));
        assert!(!passes_as(&[Ty::Int], &[]));
    }
}
