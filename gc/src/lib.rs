//! The heap of Hoop: value words, object headers, and a non-moving generational mark-region collector.
//!
//! [`Heap`] says what its users owe it. Inside: `system` (memory from the operating system) → `chunk` (1 MB and its
//! tables) → `blocks` and `large` (where objects lie) → `space` (all of them, and which object an address belongs to);
//! `shapes` (layouts), `marker`, `registry` (objects with `drop`, `trace`, finalizers), `stack`, `pace` (when to
//! collect); `heap` and `collect` put them together, `verify` checks the result.

mod blocks;
mod chunk;
mod collect;
mod config;
mod heap;
mod large;
mod marker;
mod object;
mod pace;
mod registry;
mod shapes;
mod space;
mod stack;
mod system;
#[cfg(test)]
mod tests;
mod value;
mod vec;
mod verify;
mod weak;

pub use collect::Survivors;
pub use config::{GcConfig, GcStats, HeapOffsets};
pub use heap::Heap;
pub use marker::Marker;
pub use object::{Header, Layout, ShapeId, Tail, gc_bits};
pub use stack::{StackId, current_stack_address, with_spilled_registers};
pub use value::{FLOAT_ZERO_WORD, INT_MAX, INT_MIN, Value, fits_int};
pub use vec::{Exhausted, ValueVec};
pub use weak::WeakTable;
