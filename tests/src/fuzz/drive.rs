//! Runs generated programs in several modes, compares, shrinks and reports.
//!
//! Programs run in batches, many in one process; those that print something else than
//! they should run again alone, and are shrunk. A difference that needs several programs
//! in one process is reported as such, with as few of them as will do.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs, process};

use super::batch::{Batch, suspects};
use super::generate::{generate, prelude};
use super::program::{Node, print};
use super::shrink::shrink;
use crate::compare::difference;
use crate::modes::{INTERPRETER, MODES, Mode};
use crate::pool;
use crate::process::{End, Outcome, run};

/// How long one program may run in the interpreter; longer ones say nothing.
pub(super) const LIMIT: Duration = Duration::from_secs(10);
/// How much longer it may take in another mode, before that mode's own patience.
pub(super) const SLACK: u32 = 3;
/// How many runs a shrink may take.
const SHRINK_TRIALS: usize = 600;
/// Many bridges and functions, where mode `jit` makes mostly loops.
const BRIDGES: Mode =
    Mode { name: "bridges", options: &["--jit", "threshold=9,function=4,bridge=3,warm=20"], patience: 2 };
/// Collection stress, but rarer than in the modes for programs: these would take nearly all of the time.
const GC: Mode = Mode { name: "gc", options: &["--gc-stress=211", "--jit", "off"], patience: 3 };
const GCJIT: Mode =
    Mode { name: "gcjit", options: &["--gc-stress=211", "--jit", "threshold=2,warm=3"], patience: 3 };
/// The modes that batches go through, by turns.
const TURNS: [&[&Mode]; 5] =
    [&[&MODES[1]], &[&BRIDGES], &[&MODES[2], &MODES[6]], &[&MODES[3], &GC], &[&GCJIT]];

/// The fuzzer's mode of that name.
pub fn mode_by_name(name: &str) -> Option<&'static Mode> {
    let mut modes = TURNS.iter().flat_map(|modes| modes.iter().copied());
    modes.find(|mode| mode.name == name)
}

/// What to fuzz with.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The executable under test.
    pub hoop: PathBuf,
    /// Another Python whose output is right by definition.
    pub oracle: Option<PathBuf>,
    /// The first seed.
    pub seed: u64,
    /// Programs in one process.
    pub batch: u64,
    /// Stop after so many programs.
    pub programs: u64,
    /// Stop after so long.
    pub time: Duration,
    /// Threads.
    pub jobs: usize,
    /// Compare only this mode with the interpreter; else batches go through all of them by turns.
    pub only: Option<&'static Mode>,
    /// After how many failures to stop.
    pub failures: usize,
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
    while summary.programs < plan.programs && started.elapsed() < plan.time {
        let batches = next_batches(plan, summary.programs);
        summary.programs += batches.iter().map(|seeds| seeds.len() as u64).sum::<u64>();
        for result in pool::map(&batches, plan.jobs, |seeds| try_batch(plan, &scratch, seeds)) {
            summary.failures.extend(result?);
        }
        if summary.failures.len() >= plan.failures {
            break;
        }
    }
    // The scratch files are of no use to anybody; failing programs lie elsewhere.
    let _ = fs::remove_dir_all(&scratch);
    Ok(summary)
}

/// The seeds of the next batch for each thread, after so many programs.
fn next_batches(plan: &Plan, done: u64) -> Vec<Vec<u64>> {
    let left = (plan.programs - done).min(plan.batch * plan.jobs as u64);
    let seeds: Vec<u64> = (0..left).map(|at| plan.seed.wrapping_add(done + at)).collect();
    seeds.chunks(plan.batch as usize).map(<[u64]>::to_vec).collect()
}

/// The modes of a batch; of a program that is asked for alone, all.
fn modes_of(plan: &Plan, seeds: &[u64]) -> Vec<&'static Mode> {
    if let Some(mode) = plan.only {
        return vec![mode];
    }
    if plan.programs == 1 {
        return TURNS.concat();
    }
    let turn = seeds[0].wrapping_sub(plan.seed) / plan.batch % TURNS.len() as u64;
    TURNS[turn as usize].to_vec()
}

fn try_batch(plan: &Plan, scratch: &Path, seeds: &[u64]) -> Result<Vec<Failure>, String> {
    let batch = Batch::write(scratch.join(format!("batch{}", seeds[0])), seeds)?;
    let right = batch.run(&plan.hoop, INTERPRETER, seeds)?;
    let mut failures = Vec::new();
    if let Some(oracle) = &plan.oracle {
        let oracle = batch.run_oracle(oracle, seeds)?;
        failures.extend(try_mode(plan, scratch, &batch, INTERPRETER, (&oracle, &right))?);
    }
    for mode in modes_of(plan, seeds) {
        let other = batch.run(&plan.hoop, mode, seeds)?;
        failures.extend(try_mode(plan, scratch, &batch, mode, (&right, &other))?);
    }
    batch.remove();
    Ok(failures)
}

/// What differs in a mode, given what all the programs together should have printed, and did.
fn try_mode(
    plan: &Plan,
    scratch: &Path,
    batch: &Batch,
    mode: &'static Mode,
    (right, other): (&Outcome, &Outcome),
) -> Result<Vec<Failure>, String> {
    let suspects = suspects(batch.seeds(), right, other);
    let mut failures = Vec::new();
    for &seed in &suspects {
        failures.extend(try_seed(plan, scratch, seed, mode)?);
    }
    if let ([first, ..], true) = (suspects.as_slice(), failures.is_empty() && right.end != End::TimedOut) {
        failures.extend(together(plan, batch, mode, *first)?);
    }
    Ok(failures)
}

/// Programs that differ in one process only, if they do so again.
fn together(plan: &Plan, batch: &Batch, mode: &'static Mode, last: u64) -> Result<Option<Failure>, String> {
    let mut report = None;
    let mut differs = |seeds: &[u64]| {
        let interpreter = batch.run(&plan.hoop, INTERPRETER, seeds)?;
        let (right, other) = match &plan.oracle {
            Some(oracle) if mode.name == INTERPRETER.name => (batch.run_oracle(oracle, seeds)?, interpreter),
            _ => (interpreter, batch.run(&plan.hoop, mode, seeds)?),
        };
        let found = compare(&right, &other);
        let differs = found.is_some();
        report = found.or(report.take());
        Ok(differs)
    };
    if !differs(batch.seeds())? {
        return Ok(None);
    }
    let seeds = batch.reduce(last, &mut differs)?;
    let file = plan.out.join(format!("together{last}-{}", mode.name));
    Batch::write(file.clone(), &seeds)?;
    let report = format!("programs {seeds:?} in one process\n{}", report.unwrap_or_default());
    Ok(Some(Failure { seed: last, mode: mode.name, file, report }))
}

/// Runs a program alone, and shrinks it if the mode disagrees.
fn try_seed(plan: &Plan, scratch: &Path, seed: u64, mode: &'static Mode) -> Result<Option<Failure>, String> {
    let program = generate(seed);
    let runner = Runner { plan, file: scratch.join(format!("alone{seed}.py")) };
    let Some(report) = runner.disagreement(&program, mode)? else { return Ok(None) };
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

/// The program's text, with what stands before every program.
pub(super) fn whole(program: &[Node]) -> String {
    prelude().to_string() + &print(program)
}

struct Runner<'a> {
    plan: &'a Plan,
    file: PathBuf,
}

impl Runner<'_> {
    fn disagrees(&self, program: &[Node], mode: &'static Mode) -> bool {
        matches!(self.disagreement(program, mode), Ok(Some(_)))
    }

    /// Compares a mode with the interpreter, or the interpreter with the oracle.
    fn disagreement(&self, program: &[Node], mode: &'static Mode) -> Result<Option<String>, String> {
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
