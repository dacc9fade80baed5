//! The target machine: an instruction set with the settings that fragments need.

use std::sync::Arc;

use cranelift_codegen::isa::{self, TargetIsa};
use cranelift_codegen::settings::{self, Configurable};

use crate::options::BackendOptions;

/// The machine that this process runs on, as code generators for the two efforts.
pub(crate) struct Isas {
    pub quick: Arc<dyn TargetIsa>,
    pub best: Arc<dyn TargetIsa>,
}

pub(crate) fn host(options: &BackendOptions) -> Result<Isas, String> {
    let isa = |best| finish(cranelift_native::builder().map_err(str::to_owned)?, options, best);
    Ok(Isas { quick: isa(false)?, best: isa(true)? })
}

/// Quick code: no optimization, registers allocated in one pass. It is made in a third of the time, and runs 2 to 5 times
/// slower.
pub(crate) fn finish(
    builder: isa::Builder,
    options: &BackendOptions,
    best: bool,
) -> Result<Arc<dyn TargetIsa>, String> {
    let mut flags = settings::builder();
    let settings = [
        ("opt_level", if best { "speed" } else { "none" }),
        ("regalloc_algorithm", if best { "backtracking" } else { "single_pass" }),
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
