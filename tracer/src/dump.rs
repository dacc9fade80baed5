//! Stage texts: each trace as recorded, as optimized, and with its exits, for people and for tests. Stable: objects
//! are named by the guest, places by code and instruction, never by address.

use hoop_ir::text::{Names, print_with};
use hoop_ir::{Descriptors, Place, Trace};
use std::collections::HashMap;

/// What a text shows.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Stage {
    Recorded,
    Optimized,
    /// Intermediate code of the backend.
    Backend,
    /// Machine code.
    Machine,
    /// A recording that was given up: the text names the reason and the place.
    Abort,
}

impl Stage {
    pub const fn text(self) -> &'static str {
        match self {
            Stage::Recorded => "recorded",
            Stage::Optimized => "optimized",
            Stage::Backend => "backend",
            Stage::Machine => "machine",
            Stage::Abort => "abort",
        }
    }
}

/// Takes stage texts: which stage, the fragment's title, the text.
pub type Dump = Box<dyn Fn(Stage, &str, &str)>;

/// What the guest calls the roots and places of a trace, worked out beforehand.
#[derive(Default)]
pub(crate) struct GuestNames {
    pub roots: Vec<String>,
    pub places: HashMap<(u32, u32), String>,
}

impl Names for GuestNames {
    fn root(&self, index: u32) -> Option<String> {
        self.roots.get(index as usize).cloned()
    }

    fn place(&self, place: &Place) -> Option<String> {
        self.places.get(&(place.code, place.pc)).cloned()
    }
}

pub(crate) fn trace_text(trace: &Trace, descriptors: &Descriptors, names: &GuestNames) -> String {
    print_with(trace, descriptors, names)
}
