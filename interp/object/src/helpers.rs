//! What the machine keeps of its helpers, functions in bytecode.

use hoop_bytecode::Code;
use hoop_gc::{Marker, Value};
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
    /// Those without loops, which anything may feed. Others belong to the code objects that feed them.
    pub shared: Vec<HelperFunction>,
}

/// A helper that was made.
#[derive(Copy, Clone)]
pub struct HelperFunction {
    pub helper: Helper,
    pub function: Value,
}

impl Helpers {
    #[inline]
    pub fn trace(&self, marker: &mut Marker) {
        self.shared.iter().for_each(|made| marker.value(made.function));
        self.globals.iter().for_each(|&v| marker.value(v));
    }
}
