//! Native modules of the standard library, one file (or folder) each.

mod cmath;
mod itertools;
mod math;
mod random;
mod support;
mod time;

use hoop_interp::vm::NativeModule;

/// All modules of this crate.
pub static MODULES: &[&NativeModule] = &[&itertools::MODULE, &math::MODULE, &random::MODULE, &time::MODULE];
