//! The target machine: an instruction set with the settings that fragments need.

use std::sync::Arc;

use cranelift_codegen::isa::{self, TargetIsa};
use cranelift_codegen::settings::{self, Configurable};

use crate::options::{BackendOptions, OptLevel};

/// The machine that this process runs on.
pub(crate) fn host(options: &BackendOptions) -> Result<Arc<dyn TargetIsa>, String> {
    let builder = cranelift_native::builder().map_err(str::to_owned)?;
    finish(builder, options)
}

pub(crate) fn finish(builder: isa::Builder, options: &BackendOptions) -> Result<Arc<dyn TargetIsa>, String> {
    let mut flags = settings::builder();
    let opt_level = match options.opt_level {
        OptLevel::None => "none",
        OptLevel::Speed => "speed",
    };
    let regalloc = if options.single_pass_regalloc { "single_pass" } else { "backtracking" };
    let settings = [
        ("opt_level", opt_level),
        ("regalloc_algorithm", regalloc),
        ("is_pic", "false"),
        // Tail calls need it.
        ("preserve_frame_pointers", "true"),
        ("enable_verifier", if options.verify { "true" } else { "false" }),
        ("unwind_info", "false"),
        ("enable_probestack", "false"),
    ];
    for (name, value) in settings {
        flags.set(name, value).map_err(|e| format!("{name}: {e}"))?;
    }
    builder.finish(settings::Flags::new(flags)).map_err(|e| e.to_string())
}

/// Whether the machine rounds floats to integral values in one instruction.
pub(crate) fn has_native_rounding(isa: &dyn TargetIsa) -> bool {
    isa.name() != "x64" || isa.isa_flags().iter().any(|f| f.name == "has_sse41" && f.as_bool() == Some(true))
}
