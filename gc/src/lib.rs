//! The heap of Hoop: value words, object headers, and a non-moving generational mark-region collector.

mod object;
mod value;

pub use object::{Header, Layout, ShapeId, Tail, gc_bits};
pub use value::{FLOAT_ZERO_WORD, INT_MAX, INT_MIN, Value, fits_int};

/// Marks roots and fields during a collection.
pub struct Marker {}
