//! Native modules of numbers and data: one file (or folder) each.

mod bisect;
mod cmath;
mod itertools;
mod math;
mod random;

use hoop_object::vm::NativeModule;

/// All modules of this crate.
pub static MODULES: &[&NativeModule] = &[&bisect::MODULE, &itertools::MODULE, &math::MODULE, &random::MODULE];
