//! What the machine keeps of its helpers, functions in bytecode.

use hoop_bytecode::Code;
use hoop_gc::{Marker, Value};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The helpers, in the order of their text.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Helper {
    Any,
    All,
    List,
    Tuple,
    Set,
    Min,
    Max,
    Sum,
    Sorted,
    Join,
    /// One item, or StopIteration.
    Next,
    /// One item, or the default.
    NextOr,
    /// One step of an iterator: an item, or UNBOUND at its end.
    Map,
    Filter,
    Enumerate,
    Zip,
    ISlice,
}

/// What is kept of the helpers.
#[derive(Default)]
pub struct Helpers {
    pub codes: Vec<Arc<Code>>,
    pub globals: Option<Value>,
    /// Functions by helper and the code object (its word) that feeds them.
    pub copies: FxHashMap<(Helper, u64), Value>,
}

impl Helpers {
    #[inline]
    pub fn trace(&self, marker: &mut Marker) {
        self.copies.values().chain(&self.globals).for_each(|&v| marker.value(v));
    }
}
