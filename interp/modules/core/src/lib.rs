//! Native modules about the interpreter and its process: one file (or folder) each.

pub mod sys;
pub mod time;

use hoop_object::vm::NativeModule;

/// All modules of this crate.
pub static MODULES: &[&NativeModule] = &[&sys::MODULE, &time::MODULE];
