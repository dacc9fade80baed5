//! `hoop-bench`: runs the benchmark programs under Hoop with and without its JIT, under
//! CPython and under PyPy, and prints one text report.
//!
//! Two kinds of runs, alternating between the implementations and repeated:
//!
//! * *one call*: a whole process that calls the program's `run()` once, as a user would
//!   run a script: user and system time, peak memory, and whether the output is right;
//! * *iterations*: one process that calls `run()` many times and reports each call's
//!   process time: the first is the *cold* time, the median of the last third the *warm*.
//!
//! Of repeated measurements the smallest counts: other work on the machine only adds.
//!
//! With `--soak N` the programs of `soak/` run instead, which make things without end: see `soak.rs`.

mod implementations;
mod measure;
mod options;
mod report;
mod soak;
mod statistics;

use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use implementations::Implementation;
use measure::{Measured, measure_calls, measure_process};
use options::Options;

/// All measurements of one program under one implementation.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// First call in a process, seconds.
    pub cold: Option<f64>,
    /// Median of the last third of the calls, seconds.
    pub warm: Option<f64>,
    /// The process that calls once.
    pub process: Option<Measured>,
    /// Hoop's counters, in the order printed.
    pub counters: Vec<(String, String)>,
    /// What went wrong, if anything did.
    pub problem: Option<String>,
}

/// One program's cells, in the order of the implementations.
#[derive(Clone, Debug)]
pub struct Row {
    /// The program's name without `.py`.
    pub program: String,
    /// One per implementation.
    pub cells: Vec<Cell>,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("hoop-bench: {message}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        print!("{}", options::HELP);
        return Ok(true);
    }
    let options = Options::parse(words)?;
    let programs = options.programs()?;
    if options.list {
        programs.iter().for_each(|program| println!("{program}"));
        return Ok(true);
    }
    let implementations = implementations::find(&options)?;
    if implementations.is_empty() {
        return Err("nothing to run: no implementation found".to_string());
    }
    if options.soak > 0 {
        return soak::run(&options, &programs, &implementations);
    }
    let mut rows = Vec::new();
    for program in &programs {
        eprintln!("{program}");
        rows.push(measure_program(&options, program, &implementations)?);
    }
    let text = report::report(&options, &implementations, &rows);
    print!("{text}");
    if let Some(file) = &options.out {
        let folder = file.parent().unwrap_or(Path::new("."));
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(file, &text));
        written.map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(rows.iter().all(|row| row.cells.iter().all(|cell| cell.problem.is_none())))
}

fn measure_program(
    options: &Options,
    program: &str,
    implementations: &[Implementation],
) -> Result<Row, String> {
    let file = options.folder().join(format!("{program}.py"));
    let ending = if options.small { "small.txt" } else { "txt" };
    let expected = options.directory.join("expected").join(format!("{program}.{ending}"));
    let expected = read(&expected).map_err(|error| format!("{}: {error}", expected.display()))?;
    let mut cells = vec![Cell::default(); implementations.len()];
    for _ in 0..options.repeat {
        for (implementation, cell) in implementations.iter().zip(&mut cells) {
            if cell.problem.is_none() {
                repeat_once(options, implementation, &file, &expected, cell);
            }
        }
    }
    Ok(Row { program: program.to_string(), cells })
}

fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path)
}

/// One measurement of each kind; keeps the smaller of this and what the cell has.
fn repeat_once(
    options: &Options,
    implementation: &Implementation,
    file: &Path,
    expected: &str,
    cell: &mut Cell,
) {
    match measure_process(options, implementation, file, expected) {
        Ok(measured) => cell.process = Some(measured.better(cell.process.as_ref())),
        Err(problem) => cell.problem = Some(problem),
    }
    if options.iterations == 0 || cell.problem.is_some() {
        return;
    }
    match measure_calls(options, implementation, file, expected) {
        Ok(calls) => {
            cell.cold = statistics::smaller(cell.cold, calls.times.first().copied());
            cell.warm = statistics::smaller(cell.warm, statistics::median_of_last_third(&calls.times));
            cell.counters = calls.counters;
        }
        Err(problem) => cell.problem = Some(problem),
    }
}
