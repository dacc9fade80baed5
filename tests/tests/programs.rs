//! Runs every test program in every mode and compares it with CPython's output.
//!
//! Arguments (after `--`) are filters: a case runs if its label, such as
//! `jit:lang/hot_int.py`, holds all of them. `HOOP_BIN` names another executable,
//! `HOOP_JOBS` and `HOOP_TIMEOUT` change how many run at a time and how long each may.

use std::process::ExitCode;
use std::time::Instant;

use hoop_tests::cases::{Case, check, collect};
use hoop_tests::modes::{MODES, find_hoop, jobs};
use hoop_tests::pool;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let filters: Vec<String> = arguments.iter().filter(|word| !word.starts_with('-')).cloned().collect();
    let list = arguments.iter().any(|word| word == "--list");
    match run(&filters, list) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(filters: &[String], list: bool) -> Result<bool, String> {
    let hoop = find_hoop()?;
    let cases = collect(&hoop, filters)?;
    if list {
        cases.iter().for_each(|case| println!("{}: test", case.label()));
        return Ok(true);
    }
    let started = Instant::now();
    let results = pool::map(&cases, jobs(), |case| check(&hoop, case));
    let failed: Vec<(&Case, &String)> = failures(&cases, &results);
    for (case, report) in &failed {
        println!("FAILED {}\n{report}", case.label());
    }
    summarize(&cases, &failed);
    println!("{} cases, {} failed, {:.1} s", cases.len(), failed.len(), started.elapsed().as_secs_f64());
    Ok(failed.is_empty())
}

fn failures<'a>(cases: &'a [Case], results: &'a [Result<(), String>]) -> Vec<(&'a Case, &'a String)> {
    let paired = cases.iter().zip(results);
    paired.filter_map(|(case, result)| result.as_ref().err().map(|report| (case, report))).collect()
}

/// One line per mode: how many cases, how many failed, and which.
fn summarize(cases: &[Case], failed: &[(&Case, &String)]) {
    for mode in &MODES {
        let of_mode = cases.iter().filter(|case| case.mode() == mode.name).count();
        let bad: Vec<String> = failed
            .iter()
            .filter(|(case, _)| case.mode() == mode.name)
            .map(|(case, _)| case.label())
            .collect();
        if of_mode > 0 {
            println!("{:8} {:4} cases, {:3} failed", mode.name, of_mode, bad.len());
        }
        for label in bad {
            println!("    {label}");
        }
    }
}
