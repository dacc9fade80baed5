//! Native functions that traces may call: what a call passes and the row that describes the callee.

use crate::engine::Engine;
use hoop_ir::{CalleeDescr, Effects, Ty};

/// One argument of a native call.
pub enum Arg<E: Engine> {
    Val(E::Val),
    Int(E::Int),
    Float(E::Float),
}

impl<E: Engine> Copy for Arg<E> {}
impl<E: Engine> Clone for Arg<E> {
    fn clone(&self) -> Self {
        *self
    }
}

/// A declared native function. `addr` follows the C convention of `hoop_ir::CalleeDescr`.
#[derive(Copy, Clone)]
pub struct Callee {
    pub name: &'static str,
    pub addr: *const (),
    pub args: &'static [Ty],
    pub slice: bool,
    pub ret: Ty,
    pub effects: Effects,
}

// SAFETY: the address is that of code, which is immutable.
unsafe impl Sync for Callee {}

impl Callee {
    /// The row for the IR.
    pub fn descr(&self) -> CalleeDescr {
        CalleeDescr {
            name: self.name,
            addr: self.addr as usize,
            args: self.args.to_vec(),
            slice: self.slice,
            ret: self.ret,
            effects: self.effects,
        }
    }
}
