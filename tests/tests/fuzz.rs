//! A few programs of the fuzzer, always the same, through every mode on one core.
//!
//! `HOOP_FUZZ_PROGRAMS` (default 15) and `HOOP_FUZZ_SEED` (default 1) change that;
//! the `hoop-fuzz` program is for long runs.

use std::process::ExitCode;
use std::time::Duration;
use std::{env, path::Path};

use hoop_tests::fuzz::drive::{Plan, fuzz, report};
use hoop_tests::modes::find_hoop;

fn main() -> ExitCode {
    let filters: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let listing = env::args().any(|word| word == "--list");
    if listing || !filters.iter().all(|filter| "fuzz".contains(filter.as_str())) {
        return ExitCode::SUCCESS;
    }
    match session() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn session() -> Result<bool, String> {
    let plan = Plan {
        hoop: find_hoop()?,
        oracle: None,
        seed: number("HOOP_FUZZ_SEED", 1),
        batch: 3,
        programs: number("HOOP_FUZZ_PROGRAMS", 15),
        time: Duration::MAX,
        jobs: 1,
        only: None,
        failures: 1,
        out: Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz"),
        shrink: true,
    };
    Ok(report(&fuzz(&plan)?))
}

fn number(name: &str, default: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
