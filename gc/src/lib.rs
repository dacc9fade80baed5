//! The heap of Hoop: value words, object headers, and a non-moving generational mark-region collector.

mod config;
mod heap;
mod object;
mod value;

pub use config::{GcConfig, GcStats, HeapOffsets};
pub use heap::{Heap, Marker, current_stack_address};
pub use object::{Header, Layout, ShapeId, Tail, gc_bits};
pub use value::{FLOAT_ZERO_WORD, INT_MAX, INT_MIN, Value, fits_int};
