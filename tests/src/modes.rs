//! The modes in which every test program runs, and where the executable is found.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// One way of running `hoop`: a name for reports and filters, and its options.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    /// Shown in reports as `name:suite/file`.
    pub name: &'static str,
    /// Options put before the program's name.
    pub options: &'static [&'static str],
    /// How much longer than the plain interpreter this mode may take.
    pub patience: u32,
}

/// The plain interpreter: the answer that the fuzzer compares the others with.
pub const INTERPRETER: &Mode = &MODES[0];

/// Every mode, in the order in which they are tried.
pub const MODES: [Mode; 7] = [
    Mode { name: "interp", options: &["--jit", "off"], patience: 1 },
    Mode { name: "jit", options: &["--jit", "threshold=2,warm=3"], patience: 2 },
    Mode { name: "noopt", options: &["--jit", "threshold=2,warm=3,optimizer=off"], patience: 2 },
    Mode { name: "eval", options: &["--jit", "threshold=2,warm=3,backend=eval"], patience: 3 },
    Mode { name: "gc", options: &["--gc-stress", "--jit", "off"], patience: 6 },
    Mode { name: "gcjit", options: &["--gc-stress", "--jit", "threshold=2,warm=3"], patience: 6 },
    Mode { name: "default", options: &[], patience: 1 },
];

/// True if the executable is an optimized build, as far as its path tells.
pub fn is_release(hoop: &Path) -> bool {
    hoop.components().any(|part| part.as_os_str() == "release")
}

/// Finds `hoop`: the environment's `HOOP_BIN`, else the one beside this test's own
/// executable, else the other profile's, else under the workspace's `target`.
pub fn find_hoop() -> Result<PathBuf, String> {
    find_hoop_preferring(if cfg!(debug_assertions) { "debug" } else { "release" })
}

/// Finds `hoop`, that of the profile if there is one.
pub fn find_hoop_preferring(profile: &str) -> Result<PathBuf, String> {
    if let Some(path) = env::var_os("HOOP_BIN") {
        let path = PathBuf::from(path);
        return fs::canonicalize(&path).map_err(|error| format!("HOOP_BIN={}: {error}", path.display()));
    }
    let file = format!("hoop{}", env::consts::EXE_SUFFIX);
    let profiles = if profile == "debug" { ["debug", "release"] } else { ["release", "debug"] };
    for target in target_directories() {
        for profile in profiles {
            let path = target.join(profile).join(&file);
            if path.is_file() {
                return Ok(path);
            }
        }
    }
    Err("no hoop executable: run `cargo build` first, or set HOOP_BIN".to_string())
}

/// Where cargo may have put executables: around this one, then the workspace's default.
fn target_directories() -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Ok(own) = env::current_exe() {
        // .../target/debug/deps/name or .../target/debug/name
        found.extend(own.ancestors().skip(2).take(2).map(Path::to_path_buf));
    }
    found.push(workspace().join("target"));
    found
}

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}

/// How many programs to run at a time: `HOOP_JOBS`, else the number of cores.
pub fn jobs() -> usize {
    let asked = env::var("HOOP_JOBS").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, |n| n.get())).max(1)
}
