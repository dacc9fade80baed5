//! The implementations compared, and where their executables are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::options::Options;

/// Folders looked at before `PATH`: an executable there is itself, while one on `PATH`
/// may be a version manager's script that starts another and whose time would count.
const SYSTEM_FOLDERS: [&str; 4] = ["/usr/bin", "/usr/local/bin", "/bin", "/opt/homebrew/bin"];

/// A way to run a program.
#[derive(Clone, Debug)]
pub struct Implementation {
    /// The name in the report and in `--only`.
    pub name: &'static str,
    /// The executable.
    pub program: PathBuf,
    /// Options before the program's file.
    pub options: Vec<String>,
    /// Environment variables it is given besides those of this process.
    pub environment: &'static [(&'static str, &'static str)],
    /// Whether `--jit-stats` may be asked for.
    pub has_counters: bool,
    /// What it says of itself.
    pub version: String,
}

/// A row of the table of implementations: everything but what is found out when it is run.
struct Candidate {
    name: &'static str,
    find: fn(&Options) -> Option<PathBuf>,
    options: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
    /// Runs only if `--only` names it.
    on_request: bool,
}

impl Candidate {
    const fn new(name: &'static str, find: fn(&Options) -> Option<PathBuf>) -> Candidate {
        Candidate { name, find, options: &[], environment: &[], on_request: false }
    }
}

const NO_JIT: &[&str] = &["--jit", "off"];

const CANDIDATES: [Candidate; 8] = [
    Candidate::new("hoop", find_hoop),
    Candidate { options: NO_JIT, ..Candidate::new("hoop-nojit", find_hoop) },
    Candidate::new("base", |options| options.base.clone()),
    Candidate { options: NO_JIT, ..Candidate::new("base-nojit", |options| options.base.clone()) },
    Candidate::new("cpython", find_cpython),
    Candidate {
        environment: &[("PYTHON_JIT", "1")],
        on_request: true,
        ..Candidate::new("cpython-jit", find_cpython)
    },
    Candidate::new("pypy", find_pypy),
    Candidate {
        environment: &[("PYPY_GC_NURSERY", "4M")],
        on_request: true,
        ..Candidate::new("pypy-4m", find_pypy)
    },
];

/// Those that exist and were asked for.
///
/// # Errors
/// If one named by an option, or by `--only`, is not there.
pub fn find(options: &Options) -> Result<Vec<Implementation>, String> {
    for name in &options.only {
        match CANDIDATES.iter().find(|candidate| candidate.name == name) {
            None => return Err(format!("no implementation is called {name}")),
            Some(candidate) if (candidate.find)(options).is_none() => {
                return Err(format!("{name} was not found"));
            }
            Some(_) => {}
        }
    }
    let named = |name: &str| options.only.iter().any(|each| each == name);
    let wanted = |candidate: &&Candidate| match options.only.is_empty() {
        true => !candidate.on_request,
        false => named(candidate.name),
    };
    let present = |candidate: &'static Candidate| Some((candidate, (candidate.find)(options)?));
    let found = CANDIDATES.iter().filter(wanted).filter_map(present);
    found.map(|(candidate, program)| make(options, candidate, program)).collect()
}

fn make(options: &Options, candidate: &Candidate, program: PathBuf) -> Result<Implementation, String> {
    let mut all: Vec<String> = candidate.options.iter().map(|word| word.to_string()).collect();
    if candidate.name.starts_with("hoop") {
        all.extend(options.hoop_options.iter().cloned());
    }
    Ok(Implementation {
        name: candidate.name,
        version: version(&program)?,
        program,
        options: all,
        environment: candidate.environment,
        has_counters: candidate.name == "hoop",
    })
}

fn find_cpython(options: &Options) -> Option<PathBuf> {
    let among_peers = || peer(options, "python3.14");
    let named = options.cpython.clone().or_else(among_peers);
    named.or_else(|| search(&["python3.14", "python3"]))
}

fn find_pypy(options: &Options) -> Option<PathBuf> {
    let named = options.pypy.clone().or_else(|| peer(options, "pypy3"));
    named.or_else(|| search(&["pypy3"]))
}

/// An executable in the `bin` of `--peers`, or of `peers` in the home folder.
fn peer(options: &Options, name: &str) -> Option<PathBuf> {
    let at_home = || env::var_os("HOME").map(|home| Path::new(&home).join("peers"));
    let folder = options.peers.clone().or_else(at_home)?;
    Some(folder.join("bin").join(name)).filter(|file| file.is_file())
}

/// `--hoop`, `HOOP_BIN`, or the executable beside this one.
fn find_hoop(options: &Options) -> Option<PathBuf> {
    let beside = || {
        let own = env::current_exe().ok()?;
        Some(own.with_file_name(format!("hoop{}", env::consts::EXE_SUFFIX)))
    };
    let named = options.hoop.clone().or_else(|| env::var_os("HOOP_BIN").map(PathBuf::from));
    named.or_else(|| beside().filter(|path| path.is_file()))
}

/// The first of the names in the system's folders, else on `PATH`.
fn search(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = SYSTEM_FOLDERS.iter().map(PathBuf::from).chain(env::split_paths(&path));
    let folders: Vec<PathBuf> = folders.collect();
    let in_folders = |name: &&str| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file());
    names.iter().find_map(in_folders)
}

/// The first line of `-V`.
fn version(program: &Path) -> Result<String, String> {
    let done = Command::new(program).arg("-V").output();
    let done = done.map_err(|error| format!("{}: {error}", program.display()))?;
    let text = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
