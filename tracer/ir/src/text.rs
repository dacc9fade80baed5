//! The text form of a trace. It prints and parses, and is stable: no addresses, no numbers that depend on anything but
//! the trace itself. Any dump is a test case.
//!
//! ```text
//! field list.items offset=16 val group=3 immutable       ; declarations of what the trace refers to
//! field slot#2 offset=24 val group=4                     ; `#2` is the descriptor's number
//! callee grow (val, int) -> val reads=0x8 writes=0x8 allocates raises
//! trace loop r0 r2                                       ; or: trace bridge val int
//! roots 1
//! p0: depth=0 code=#0 pc=12
//! v0 = input_val 0
//! place p0
//! guard_shape v0, shape=7 [s0]
//! v3 = get_val v0, list.items                            ; operands, then the immediate, ...
//! v4 = call_val grow(v3, v2) [s0]                        ; ... then the list, then the snapshot
//! jump (v4)
//! s0:
//!   frame #0 pc=12 ret=0x0 { r0=v0, r2=virtual 0 }
//!   store v0, list.items = v3
//! virtual 0: new shape=9 size=24 aux=0 { pair.first=v3, pair.second=virtual 0 }
//! ```
//!
//! Line breaks separate nothing: the operation table says where an operation ends. Operations, places, snapshots and
//! virtuals take their index from their order, whatever the names in the text; printed names are the indices, so an
//! operation without result still uses up a number. A descriptor is called by its name; where a store holds several of
//! one name and number, the later ones get `~1`, `~2`, ... A comment runs from `;` to the end of the line.

mod lex;
mod parse;
mod print;

pub use parse::{ParseError, parse};
pub use print::{Names, NoNames, callee_label, field_label, print, print_body, print_op, print_with};

use crate::op::{Opcode, Ty};

/// A type's word in the text form.
pub const fn ty_text(ty: Ty) -> &'static str {
    match ty {
        Ty::Val => "val",
        Ty::Int => "int",
        Ty::Float => "float",
        Ty::Bool => "bool",
        Ty::Void => "void",
    }
}

/// The type that a word names.
pub fn ty_from_text(s: &str) -> Option<Ty> {
    [Ty::Val, Ty::Int, Ty::Float, Ty::Bool, Ty::Void].into_iter().find(|&t| ty_text(t) == s)
}

/// The operation that a word names.
pub fn opcode_from_text(s: &str) -> Option<Opcode> {
    Opcode::ALL.iter().copied().find(|c| c.text() == s)
}

/// Whether a name can stand in the text as it is.
fn is_plain_name(s: &str) -> bool {
    let mut chars = s.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
}
