//! Pins the optimized traces of small loops: `trace/X.py` beside `trace/X.trace`.
//!
//! The expectation is what `--jit-dump=optimized` prints, with wildcards where it need
//! not be exact (see `hoop_tests::compare::matches`). `BLESS=1` rewrites those that do
//! not match.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use hoop_tests::compare::{difference, matches};
use hoop_tests::modes::{find_hoop, jobs, workspace};
use hoop_tests::pool;
use hoop_tests::process::{End, run};

const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn traces_are_as_written() {
    let hoop = find_hoop().unwrap_or_else(|message| panic!("{message}"));
    let folder = workspace().join("tests").join("trace");
    let results = pool::map(&programs(&folder), jobs(), |file| check(&hoop, &folder, file));
    let failed: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{} traces differ\n{}", failed.len(), failed.join("\n"));
}

fn programs(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("tests/trace can be read").flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.ends_with(".py"));
    names.sort();
    names
}

fn check(hoop: &Path, folder: &Path, file: &str) -> Result<(), String> {
    let actual = dump(hoop, folder, file)?;
    let expectation = folder.join(file).with_extension("trace");
    let expected = fs::read_to_string(&expectation).unwrap_or_default();
    if matches(&expected, &actual) {
        return Ok(());
    }
    if env::var("BLESS").is_ok_and(|value| value == "1") {
        return fs::write(&expectation, actual).map_err(|error| error.to_string());
    }
    let differs = difference(file, &expected, &actual).unwrap_or_default();
    Err(format!("{differs}(BLESS=1 rewrites tests/trace/{})\n", file.replace(".py", ".trace")))
}

/// The optimized traces of a program.
fn dump(hoop: &Path, folder: &Path, file: &str) -> Result<String, String> {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("trace");
    fs::create_dir_all(&target).map_err(|error| error.to_string())?;
    let target = target.join(file).with_extension("dump");
    let option = format!("--jit-dump=optimized:{}", target.display());
    let outcome = run(hoop, &["--jit", "threshold=10", &option, file], folder, LIMIT)?;
    if outcome.end != End::Code(0) {
        return Err(format!("{file}: {}\n{}", outcome.end, outcome.stderr));
    }
    fs::read_to_string(&target).map_err(|error| format!("{file}: no dump: {error}"))
}
