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
    /// Whether `--jit-stats` may be asked for.
    pub has_counters: bool,
    /// What it says of itself.
    pub version: String,
}

/// Those that exist and were asked for.
///
/// # Errors
/// If one named by an option, or by `--only`, is not there.
pub fn find(options: &Options) -> Result<Vec<Implementation>, String> {
    let candidates: [(&'static str, Option<PathBuf>, &[&str]); 4] = [
        ("hoop", find_hoop(options), &[]),
        ("hoop-nojit", find_hoop(options), &["--jit", "off"]),
        ("cpython", options.cpython.clone().or_else(|| search(&["python3.11", "python3"])), &[]),
        ("pypy", options.pypy.clone().or_else(|| search(&["pypy3"])), &[]),
    ];
    for name in &options.only {
        match candidates.iter().find(|(known, ..)| known == name) {
            None => return Err(format!("no implementation is called {name}")),
            Some((_, None, _)) => return Err(format!("{name} was not found")),
            Some(_) => {}
        }
    }
    let mut found = Vec::new();
    for (name, program, words) in candidates {
        let wanted = options.only.is_empty() || options.only.iter().any(|each| each == name);
        if let Some(program) = program.filter(|_| wanted) {
            found.push(make(options, name, program, words)?);
        }
    }
    Ok(found)
}

fn make(
    options: &Options,
    name: &'static str,
    program: PathBuf,
    words: &[&str],
) -> Result<Implementation, String> {
    let is_hoop = name.starts_with("hoop");
    let mut all: Vec<String> = words.iter().map(|word| word.to_string()).collect();
    if is_hoop {
        all.extend(options.hoop_options.iter().cloned());
    }
    let version = version(&program)?;
    Ok(Implementation { name, program, options: all, has_counters: name == "hoop", version })
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
