//! Pins what the JIT does with the benchmark programs at their small sizes: `counts.txt`, one line a program.
//!
//! A line holds the counters of `--jit-stats` that are not zero, but times and sizes of machine code. They are the same
//! from run to run and in every build profile, so a change in a line is a change of the JIT's decisions: an exit
//! too many, a bridge that is no longer made, a trace that has grown. `BLESS=1` rewrites the file; the diff is read
//! like code.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use hoop_tests::compare::difference;
use hoop_tests::counters::counters;
use hoop_tests::modes::{find_hoop, jobs, workspace};
use hoop_tests::pool;
use hoop_tests::process::{End, run};

/// Small programs become hot sooner.
const HOT: &str = "threshold=40,function=60,bridge=10,warm=400";
const LIMIT: Duration = Duration::from_secs(120);
/// Parts of the names of counters that depend on the clock or the processor.
const UNPINNED: [&str; 2] = ["_ns", "_bytes"];

#[test]
fn counts_are_as_written() {
    let hoop = find_hoop().unwrap_or_else(|message| panic!("{message}"));
    let programs = programs(&workspace().join("benchmarks").join("programs"));
    let lines = pool::map(&programs, jobs(), |file| pinned(&hoop, file));
    let actual: String =
        lines.into_iter().map(|line| line.unwrap_or_else(|error| panic!("{error}"))).collect();
    let file = workspace().join("tests").join("counts.txt");
    if env::var("BLESS").is_ok_and(|value| value == "1") {
        return fs::write(&file, actual).expect("tests/counts.txt is writable");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    let report = difference("counts.txt", &expected, &actual);
    assert!(report.is_none(), "{}(BLESS=1 rewrites tests/counts.txt)", report.unwrap_or_default());
}

fn programs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the benchmark programs can be read").flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "py"));
    files.sort();
    files
}

/// The program's line.
fn pinned(hoop: &Path, file: &Path) -> Result<String, String> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let folder = file.parent().unwrap_or(Path::new("."));
    let outcome =
        run(hoop, &["--jit", HOT, "--jit-stats", &file.to_string_lossy(), "--small"], folder, LIMIT)?;
    let rows = counters(&outcome.stderr);
    if outcome.end != End::Code(0) || rows.is_empty() {
        return Err(format!("{name}: {}\n{}", outcome.end, outcome.stderr));
    }
    let mut line = format!("{name}:");
    for (counter, value) in rows {
        if value != 0 && !UNPINNED.iter().any(|part| counter.contains(part)) {
            line += &format!(" {counter}={value}");
        }
    }
    Ok(line + "\n")
}
