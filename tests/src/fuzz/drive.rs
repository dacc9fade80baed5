//! Runs generated programs in several modes, compares, shrinks and reports.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs, process};

use super::generate::{generate, prelude};
use super::program::{Node, print};
use super::shrink::shrink;
use crate::compare::difference;
use crate::modes::{INTERPRETER, MODES, Mode};
use crate::pool;
use crate::process::{End, Outcome, run};

/// How long one program may run in the interpreter; longer ones say nothing.
const LIMIT: Duration = Duration::from_secs(10);
/// How much longer it may take in another mode, before that mode's own patience.
const SLACK: u32 = 3;
/// How many runs a shrink may take.
const SHRINK_TRIALS: usize = 600;
/// After how many failures a session stops.
const MAX_FAILURES: usize = 5;

/// What to fuzz with.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The executable under test.
    pub hoop: PathBuf,
    /// Another Python whose output is right by definition.
    pub oracle: Option<PathBuf>,
    /// The first seed.
    pub seed: u64,
    /// Stop after so many programs.
    pub programs: u64,
    /// Stop after so long.
    pub time: Duration,
    /// Threads.
    pub jobs: usize,
    /// Compare only this mode with the interpreter; else each program goes through two.
    pub only: Option<&'static Mode>,
    /// Where failing programs are written.
    pub out: PathBuf,
    /// Whether to make failing programs smaller.
    pub shrink: bool,
}

/// A program whose modes disagree.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed that makes the program.
    pub seed: u64,
    /// The mode that disagrees with the interpreter, or `interp` if that disagrees with the oracle.
    pub mode: &'static str,
    /// Where the (smaller) program was written.
    pub file: PathBuf,
    /// What differs.
    pub report: String,
}

/// What a session found.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// How many programs ran.
    pub programs: u64,
    /// The disagreements.
    pub failures: Vec<Failure>,
}

/// Fuzzes until a limit of the plan is reached.
///
/// # Errors
/// If a directory cannot be made or a program not be started.
pub fn fuzz(plan: &Plan) -> Result<Summary, String> {
    let scratch = env::temp_dir().join(format!("hoop-fuzz-{}", process::id()));
    fs::create_dir_all(&scratch).map_err(|error| error.to_string())?;
    let started = Instant::now();
    let mut summary = Summary::default();
    let chunk = (plan.jobs * 4) as u64;
    while summary.programs < plan.programs && started.elapsed() < plan.time {
        let first = plan.seed + summary.programs;
        let seeds: Vec<u64> = (first..first + chunk.min(plan.programs - summary.programs)).collect();
        for result in pool::map(&seeds, plan.jobs, |&seed| try_seed(plan, &scratch, seed)) {
            summary.programs += 1;
            summary.failures.extend(result?);
        }
        if summary.failures.len() >= MAX_FAILURES {
            break;
        }
    }
    // The scratch files are of no use to anybody; failing programs lie elsewhere.
    let _ = fs::remove_dir_all(&scratch);
    Ok(summary)
}

/// The modes of a seed: always the plain JIT, and one of the others in turn.
fn modes_of(plan: &Plan, seed: u64) -> Vec<&'static Mode> {
    if let Some(mode) = plan.only {
        return vec![mode];
    }
    vec![&MODES[1], &MODES[2 + (seed % (MODES.len() as u64 - 2)) as usize]]
}

fn try_seed(plan: &Plan, scratch: &Path, seed: u64) -> Result<Option<Failure>, String> {
    let program = generate(seed);
    let mut runner = Runner { plan, file: scratch.join(format!("seed{seed}.py")) };
    let Some((mode, report)) = runner.first_disagreement(&program, &modes_of(plan, seed))? else {
        let _ = fs::remove_file(&runner.file);
        return Ok(None);
    };
    let small = if plan.shrink {
        shrink(program, SHRINK_TRIALS, |candidate| runner.disagrees(candidate, mode))
    } else {
        program
    };
    let report = runner.disagreement(&small, mode)?.unwrap_or(report);
    let file = write_failure(plan, seed, mode.name, &small)?;
    Ok(Some(Failure { seed, mode: mode.name, file, report }))
}

fn write_failure(plan: &Plan, seed: u64, mode: &str, program: &[Node]) -> Result<PathBuf, String> {
    fs::create_dir_all(&plan.out).map_err(|error| error.to_string())?;
    let file = plan.out.join(format!("seed{seed}-{mode}.py"));
    fs::write(&file, whole(program)).map_err(|error| error.to_string())?;
    Ok(file)
}

fn whole(program: &[Node]) -> String {
    prelude().to_string() + &print(program)
}

struct Runner<'a> {
    plan: &'a Plan,
    file: PathBuf,
}

impl Runner<'_> {
    fn first_disagreement(
        &mut self,
        program: &[Node],
        modes: &[&'static Mode],
    ) -> Result<Option<(&'static Mode, String)>, String> {
        let oracle = if self.plan.oracle.is_some() { Some(INTERPRETER) } else { None };
        for mode in oracle.into_iter().chain(modes.iter().copied()) {
            if let Some(report) = self.disagreement(program, mode)? {
                return Ok(Some((mode, report)));
            }
        }
        Ok(None)
    }

    fn disagrees(&mut self, program: &[Node], mode: &'static Mode) -> bool {
        matches!(self.disagreement(program, mode), Ok(Some(_)))
    }

    /// Compares a mode with the interpreter, or the interpreter with the oracle.
    fn disagreement(&mut self, program: &[Node], mode: &'static Mode) -> Result<Option<String>, String> {
        fs::write(&self.file, whole(program)).map_err(|error| error.to_string())?;
        let right = if mode.name == INTERPRETER.name {
            match &self.plan.oracle {
                Some(oracle) => self.run(oracle, &[], 1)?,
                None => return Ok(None),
            }
        } else {
            self.run(&self.plan.hoop, INTERPRETER.options, 1)?
        };
        if right.end == End::TimedOut {
            return Ok(None);
        }
        let other = self.run(&self.plan.hoop, mode.options, SLACK * mode.patience)?;
        Ok(compare(&right, &other))
    }

    fn run(&self, program: &Path, options: &[&str], patience: u32) -> Result<Outcome, String> {
        let file = self.file.to_string_lossy();
        let mut words = options.to_vec();
        words.push(&file);
        let directory = self.file.parent().unwrap_or(Path::new("."));
        run(program, &words, directory, LIMIT * patience)
    }
}

/// None if both did the same. What is no valid Python says nothing.
fn compare(right: &Outcome, other: &Outcome) -> Option<String> {
    if right.stderr.contains("SyntaxError") {
        return None;
    }
    let mut report = String::new();
    if right.end != other.end {
        report += &format!("expected {}, got {}\n", right.end, other.end);
        report += &crate::compare::tail(&other.stderr, 6);
    }
    report += &difference("stdout", &right.stdout, &other.stdout).unwrap_or_default();
    if other.stderr.contains("panicked at") {
        report += &crate::compare::tail(&other.stderr, 6);
    }
    if report.is_empty() { None } else { Some(report) }
}

/// Prints what a session found; gives whether all was well.
pub fn report(summary: &Summary) -> bool {
    for failure in &summary.failures {
        println!("FAILED seed {} in mode {}: {}", failure.seed, failure.mode, failure.file.display());
        println!("{}", failure.report);
    }
    println!("fuzzed {} programs, {} failures", summary.programs, summary.failures.len());
    summary.failures.is_empty()
}
