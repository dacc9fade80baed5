//! Generators: their states, and which of them run.

use crate::layout::*;
use hoop_gc::Value;

#[inline]
pub fn waits_for(g: Value) -> Option<Value> {
    GEN_WAITS_FOR.read(g).filter(|&inner| inner != Value::UNBOUND)
}

#[inline]
pub fn delegator(g: Value) -> Option<Value> {
    GEN_DELEGATOR.read(g).filter(|&outer| outer != Value::UNBOUND)
}

/// What resuming a suspended generator comes to.
pub enum Chain {
    /// This one is resumed; false: some delegators are not yet known.
    Innermost(Value, bool),
    /// It runs already.
    Running,
}

#[inline]
pub fn follow(g: Value) -> Chain {
    let (mut at, mut linked) = (g, true);
    while let Some(inner) = waits_for(at) {
        let knows = delegator(inner) == Some(at);
        match GEN_STATE.read(inner) {
            state::SUSPENDED => (at, linked) = (inner, linked && knows),
            state::RUNNING if linked && knows => return Chain::Running,
            // It was resumed by others: its delegator will find that out.
            state::RUNNING => return Chain::Innermost(g, true),
            _ => break,
        }
    }
    Chain::Innermost(at, linked)
}

/// Does a generator run, be it for another that it waits for?
#[inline]
pub fn generator_runs(g: Value) -> bool {
    match GEN_STATE.read(g) {
        state::RUNNING => true,
        state::SUSPENDED => matches!(follow(g), Chain::Running),
        _ => false,
    }
}

/// `GEN_STATE`.
pub mod state {
    /// Not started.
    pub const NEW: i64 = 0;
    pub const SUSPENDED: i64 = 1;
    pub const RUNNING: i64 = 2;
    pub const DONE: i64 = 3;
}
