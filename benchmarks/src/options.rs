//! The runner's options.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What `--help` prints.
pub const HELP: &str = "\
usage: hoop-bench [options] [PROGRAM...]

PROGRAM picks the program of that name, else all whose name contains it; without
one all run.

  --repeat N         measure everything N times and keep the smallest (3)
  --iterations N     calls of run() in the process that measures cold and warm (15);
                     0 measures whole processes only
  --only A,B         run only these of: hoop, hoop-nojit, base, base-nojit, cpython, pypy,
                     and of cpython-jit (PYTHON_JIT=1) and pypy-4m (PYPY_GC_NURSERY=4M),
                     which run only if named
  --hoop FILE        the hoop executable (HOOP_BIN, else the one beside this program)
  --base FILE        an earlier hoop to compare with
  --peers DIR        a folder with bin/python3.14 and bin/pypy3 (peers in the home folder)
  --cpython FILE     the CPython to compare with (from the peers, else from the system's
                     folders: python3.14, python3)
  --pypy FILE        the PyPy to compare with (from the peers, else from the system's
                     folders)
  --hoop-options X   further options for hoop, separated by spaces
  --small            the programs' small sizes
  --soak N           run the programs in benchmarks/soak instead, N rounds each, and print
                     their memory after the first half, at the end, and at its peak
  --limit SECONDS    stop a process after so long (120)
  --out FILE         write the report there too
  --no-counters      leave Hoop's counters out of the report
  --list             print the programs' names
";

/// The parsed command line.
#[derive(Clone, Debug)]
pub struct Options {
    /// Parts of names of the programs to run; empty for all.
    pub chosen: Vec<String>,
    /// How often each measurement is taken.
    pub repeat: usize,
    /// Calls of `run()` in one process.
    pub iterations: usize,
    /// Names of the implementations to run; empty for all.
    pub only: Vec<String>,
    /// Explicit executables.
    pub hoop: Option<PathBuf>,
    /// An earlier hoop.
    pub base: Option<PathBuf>,
    /// The folder in whose `bin` the others are looked for.
    pub peers: Option<PathBuf>,
    /// See `hoop`.
    pub cpython: Option<PathBuf>,
    /// See `hoop`.
    pub pypy: Option<PathBuf>,
    /// Further options for hoop.
    pub hoop_options: Vec<String>,
    /// Small sizes.
    pub small: bool,
    /// Rounds of the soak programs, which run instead of the others; 0: these are not asked for.
    pub soak: u64,
    /// Time limit of a process.
    pub limit: Duration,
    /// Where the report is written besides standard output.
    pub out: Option<PathBuf>,
    /// Whether the report ends with Hoop's counters.
    pub counters: bool,
    /// Only list the programs.
    pub list: bool,
    /// The folder that holds `programs` and `expected`.
    pub directory: PathBuf,
}

impl Options {
    /// Parses the words of the command line.
    ///
    /// # Errors
    /// On unknown options, and missing or malformed values.
    pub fn parse(words: Vec<String>) -> Result<Options, String> {
        let mut options = Options {
            chosen: Vec::new(),
            repeat: 3,
            iterations: 15,
            only: Vec::new(),
            hoop: None,
            base: None,
            peers: None,
            cpython: None,
            pypy: None,
            hoop_options: Vec::new(),
            small: false,
            soak: 0,
            limit: Duration::from_secs(120),
            out: None,
            counters: true,
            list: false,
            directory: PathBuf::from(env!("CARGO_MANIFEST_DIR")),
        };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--small" => options.small = true,
                "--no-counters" => options.counters = false,
                "--list" => options.list = true,
                _ if word.starts_with("--") => {
                    let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
                    options.set(&word, &value)?;
                }
                _ => options.chosen.push(word),
            }
        }
        Ok(options)
    }

    fn set(&mut self, option: &str, value: &str) -> Result<(), String> {
        let number = || value.parse::<u64>().map_err(|_| format!("{option}: not a number: {value}"));
        let path = || Some(PathBuf::from(value));
        match option {
            "--repeat" => self.repeat = number()?.max(1) as usize,
            "--iterations" => self.iterations = number()? as usize,
            "--only" => self.only = value.split(',').map(str::to_string).collect(),
            "--soak" => self.soak = number()?,
            "--hoop" => self.hoop = path(),
            "--base" => self.base = path(),
            "--peers" => self.peers = path(),
            "--cpython" => self.cpython = path(),
            "--pypy" => self.pypy = path(),
            "--hoop-options" => self.hoop_options = value.split_whitespace().map(str::to_string).collect(),
            "--limit" => self.limit = Duration::from_secs(number()?),
            "--out" => self.out = path(),
            _ => return Err(format!("unknown option {option} (try --help)")),
        }
        Ok(())
    }

    /// Where the programs to run lie.
    pub fn folder(&self) -> PathBuf {
        self.directory.join(if self.soak > 0 { "soak" } else { "programs" })
    }

    /// The names of the programs to run, sorted.
    ///
    /// # Errors
    /// If the folder cannot be read, or nothing matches.
    pub fn programs(&self) -> Result<Vec<String>, String> {
        let folder = self.folder();
        let mut names = python_files(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let all = names.clone();
        let picks = |part: &String, name: &String| {
            name == part || !all.contains(part) && name.contains(part.as_str())
        };
        names.retain(|name| self.chosen.is_empty() || self.chosen.iter().any(|part| picks(part, name)));
        if names.is_empty() { Err("no such program".to_string()) } else { Ok(names) }
    }
}

fn python_files(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".py").map(str::to_string));
    }
    names.sort();
    Ok(names)
}
