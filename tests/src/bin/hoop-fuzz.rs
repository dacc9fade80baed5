//! The fuzzer on demand.
//!
//!     hoop-fuzz [--seed N] [--programs N] [--seconds N] [--jobs N] [--mode NAME]
//!               [--oracle PYTHON] [--out DIRECTORY] [--failures N] [--no-shrink] [--print]
//!
//! `--print` only writes the program of the seed. Without `--seed` it starts at one that
//! the clock gives, and tells it. It uses the optimized `hoop` if there is one.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hoop_tests::fuzz::drive::{Plan, fuzz, mode_by_name, report};
use hoop_tests::fuzz::generate::{generate, prelude};
use hoop_tests::fuzz::program::print;
use hoop_tests::modes::find_hoop_preferring;

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("hoop-fuzz: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(words: Vec<String>) -> Result<bool, String> {
    let mut plan = Plan {
        hoop: PathBuf::new(),
        oracle: None,
        seed: seed_of_clock(),
        batch: 40,
        programs: u64::MAX,
        time: Duration::from_secs(60),
        jobs: 1,
        only: None,
        failures: 5,
        out: PathBuf::from("fuzz-failures"),
        shrink: true,
    };
    let mut only_print = false;
    let mut words = words.into_iter();
    while let Some(option) = words.next() {
        match option.as_str() {
            "--print" => only_print = true,
            "--no-shrink" => plan.shrink = false,
            _ => {
                let value = words.next().ok_or_else(|| format!("{option} needs a value"))?;
                set(&mut plan, &option, &value)?;
            }
        }
    }
    if only_print {
        print!("{}{}", prelude(), print(&generate(plan.seed)));
        return Ok(true);
    }
    plan.hoop = find_hoop_preferring("release")?;
    println!("{} from --seed {}", plan.hoop.display(), plan.seed);
    Ok(report(&fuzz(&plan)?))
}

/// A seed that differs from run to run, short enough to be typed.
fn seed_of_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs() % 1_000_000 * 1000
}

fn set(plan: &mut Plan, option: &str, value: &str) -> Result<(), String> {
    let number = || value.parse::<u64>().map_err(|_| format!("{option}: not a number: {value}"));
    match option {
        "--seed" => plan.seed = number()?,
        "--programs" => plan.programs = number()?,
        "--seconds" => plan.time = Duration::from_secs(number()?),
        "--jobs" => plan.jobs = number()?.max(1) as usize,
        "--mode" => plan.only = Some(mode_by_name(value).ok_or_else(|| format!("no mode {value}"))?),
        "--oracle" => plan.oracle = Some(PathBuf::from(value)),
        "--failures" => plan.failures = number()?.max(1) as usize,
        "--out" => plan.out = PathBuf::from(value),
        _ => return Err(format!("unknown option {option}")),
    }
    Ok(())
}
