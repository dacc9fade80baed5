//! The test programs: where they lie, what they must print, and the check itself.
//!
//! Three suites: `lang` (each `X.py` beside `X.out`), `errors` (programs that end with
//! an uncaught error: exit code, output and traceback in `X.err`) and `bench` (the
//! benchmark programs at their small size; at full size too in the `default` mode of
//! an optimized build). All expectations come from CPython, by `oracle.py`.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use crate::compare::{difference, tail, without_directories};
use crate::counters::counter;
use crate::modes::{MODES, Mode, is_release, workspace};
use crate::process::{End, Outcome, run};

/// Seconds that a program may take in the interpreter of an optimized build.
const SECONDS: u64 = 10;
/// How much slower a build without optimization may be.
const DEBUG_PATIENCE: u64 = 6;

/// What a suite compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Suite {
    Lang,
    Errors,
    Bench,
}

/// One program in one mode.
#[derive(Clone, Debug)]
pub struct Case {
    suite: Suite,
    mode: &'static Mode,
    directory: PathBuf,
    file: String,
    arguments: Vec<&'static str>,
    expectation: PathBuf,
}

impl Case {
    /// `mode:suite/file`, with `@full` if it is a benchmark at full size.
    pub fn label(&self) -> String {
        let suite = match self.suite {
            Suite::Lang => "lang",
            Suite::Errors => "errors",
            Suite::Bench => "bench",
        };
        let full = if self.suite == Suite::Bench && self.arguments.is_empty() { "@full" } else { "" };
        format!("{}:{}/{}{}", self.mode.name, suite, self.file, full)
    }

    /// The mode's name.
    pub fn mode(&self) -> &'static str {
        self.mode.name
    }
}

/// All cases whose label holds every one of the filters.
///
/// # Errors
/// If a directory of programs cannot be read.
pub fn collect(hoop: &Path, filters: &[String]) -> Result<Vec<Case>, String> {
    let tests = workspace().join("tests").join("lang");
    let bench = workspace().join("benchmarks");
    let mut cases = Vec::new();
    for mode in &MODES {
        add_suite(&mut cases, mode, Suite::Lang, &tests, &tests, "out", &[])?;
        let errors = tests.join("errors");
        add_suite(&mut cases, mode, Suite::Errors, &errors, &errors, "err", &[])?;
        let (programs, expected) = (bench.join("programs"), bench.join("expected"));
        add_suite(&mut cases, mode, Suite::Bench, &programs, &expected, "small.txt", &["--small"])?;
        if mode.name == "default" && is_release(hoop) {
            add_suite(&mut cases, mode, Suite::Bench, &programs, &expected, "txt", &[])?;
        }
    }
    cases.retain(|case| filters.iter().all(|filter| case.label().contains(filter.as_str())));
    Ok(cases)
}

fn add_suite(
    cases: &mut Vec<Case>,
    mode: &'static Mode,
    suite: Suite,
    directory: &Path,
    expectations: &Path,
    ending: &str,
    arguments: &[&'static str],
) -> Result<(), String> {
    for file in programs(directory)? {
        let stem = file.trim_end_matches(".py");
        let expectation = expectations.join(format!("{stem}.{ending}"));
        if expectation.exists() {
            let arguments = arguments.to_vec();
            cases.push(Case {
                suite,
                mode,
                directory: directory.to_path_buf(),
                file,
                arguments,
                expectation,
            });
        }
    }
    Ok(())
}

/// The Python files of a directory, sorted.
fn programs(directory: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut files: Vec<String> = names.filter(|name| name.ends_with(".py")).collect();
    files.sort();
    Ok(files)
}

/// Runs a case; the error is a short report of what differs.
///
/// # Errors
/// If the program cannot be run, or does not do what its expectation says.
pub fn check(hoop: &Path, case: &Case) -> Result<(), String> {
    let with_stats = case.mode.name == "jit" && case.suite != Suite::Errors;
    let mut words: Vec<&str> = case.mode.options.to_vec();
    if with_stats {
        words.push("--jit-stats");
    }
    words.push(&case.file);
    words.extend(&case.arguments);
    let outcome = run(hoop, &words, &case.directory, time_limit(hoop, case.mode))?;
    let expected = fs::read_to_string(&case.expectation).map_err(|error| error.to_string())?;
    let report = match case.suite {
        Suite::Errors => check_error(&outcome, &expected),
        Suite::Lang | Suite::Bench => check_output(&outcome, &expected),
    };
    let late = || if with_stats { late_guards(&outcome.stderr) } else { None };
    report.or_else(late).map_or(Ok(()), Err)
}

/// The time limit of a mode; `HOOP_TIMEOUT` (seconds) replaces the base.
fn time_limit(hoop: &Path, mode: &Mode) -> Duration {
    let asked = env::var("HOOP_TIMEOUT").ok().and_then(|text| text.parse().ok());
    let base = asked.unwrap_or(if is_release(hoop) { SECONDS } else { SECONDS * DEBUG_PATIENCE });
    Duration::from_secs(base * u64::from(mode.patience))
}

fn check_output(outcome: &Outcome, expected: &str) -> Option<String> {
    let mut report = String::new();
    if outcome.end != End::Code(0) {
        report += &format!("{}\n", outcome.end);
    }
    report += &difference("stdout", expected, &outcome.stdout).unwrap_or_default();
    if is_noisy(&outcome.stderr) || !report.is_empty() {
        report += &tail(&outcome.stderr, 8);
    }
    if report.is_empty() { None } else { Some(report) }
}

/// A traceback or a panic on standard error is a failure even if the output is right.
fn is_noisy(stderr: &str) -> bool {
    stderr.lines().any(|line| line.starts_with("Traceback") || line.contains("panicked at"))
}

/// Compares the three parts of an `.err` file.
fn check_error(outcome: &Outcome, expected: &str) -> Option<String> {
    let stderr = without_directories(&outcome.stderr);
    let actual = format!("{}\n--- stdout\n{}--- stderr\n{}", outcome.end, outcome.stdout, stderr);
    let mut report = difference("expectation", expected, &actual)?;
    report += &tail(&stderr, 12);
    Some(report)
}

/// The recorder's own check: no guard after an effect, ever.
fn late_guards(stderr: &str) -> Option<String> {
    match counter(stderr, "guard_after_effect") {
        Some(0) => None,
        Some(count) => Some(format!("guard_after_effect: {count} (must be 0)\n")),
        None => Some("--jit-stats did not print guard_after_effect\n".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_guards_must_be_counted_and_none() {
        assert_eq!(late_guards("loops: 1\nguard_after_effect: 0\n"), None);
        assert!(late_guards("guard_after_effect: 1\n").is_some_and(|report| report.contains(": 1 ")));
        assert!(late_guards("loops: 1\n").is_some());
    }
}
