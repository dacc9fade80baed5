//! Programs that run for long and make what nothing needs any more: names, classes, code. A program stops after the
//! first half of its rounds and at the end, writes a line and waits for one; then its memory is looked at. What the
//! second half adds is a leak.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::implementations::Implementation;
use crate::options::Options;

/// Resident memory of a process, in kilobytes.
struct Memory {
    half: u64,
    end: u64,
    peak: u64,
}

/// Runs the soak programs and prints a table.
///
/// # Errors
/// If a program cannot be started.
pub fn run(
    options: &Options,
    programs: &[String],
    implementations: &[Implementation],
) -> Result<bool, String> {
    println!(
        "{} rounds; resident memory in KB after half of them, at the end, and at its peak",
        options.soak
    );
    println!("{:<20}{:<14}{:>10}{:>10}{:>9}{:>10}", "program", "under", "half", "end", "added", "peak");
    let mut right = true;
    for program in programs {
        for implementation in implementations {
            let file = options.folder().join(format!("{program}.py"));
            match watch(options, implementation, &file) {
                Ok(Memory { half, end, peak }) => {
                    let added = 100.0 * (end as f64 / half as f64 - 1.0);
                    let name = implementation.name;
                    println!("{program:<20}{name:<14}{half:>10}{end:>10}{added:>8.1}%{peak:>10}");
                }
                Err(problem) => {
                    println!("{program:<20}{:<14}FAILED {problem}", implementation.name);
                    right = false;
                }
            }
        }
    }
    Ok(right)
}

fn watch(options: &Options, implementation: &Implementation, file: &Path) -> Result<Memory, String> {
    let mut command = Command::new(&implementation.program);
    command.args(&implementation.options).arg(file).arg(options.soak.to_string());
    command.envs(implementation.environment.iter().copied());
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| format!("{}: {error}", implementation.program.display()))?;
    let memory = follow(&mut child);
    // A program that is out of step need not end by itself.
    if memory.is_err() {
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    let memory = memory?;
    if status.success() { Ok(memory) } else { Err(status.to_string()) }
}

/// Looks at the process's memory when it says `half` and `end`.
fn follow(child: &mut Child) -> Result<Memory, String> {
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("no pipes".to_string());
    };
    let mut lines = BufReader::new(from).lines();
    let mut reached = |point: &str| -> Result<(u64, u64), String> {
        match lines.next() {
            Some(Ok(line)) if line == point => {}
            other => return Err(format!("{point} was expected, not {other:?}")),
        }
        let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
        let status = status.map_err(|error| error.to_string())?;
        to.write_all(b"\n").map_err(|error| error.to_string())?;
        Ok((field(&status, "VmRSS:"), field(&status, "VmHWM:")))
    };
    let (half, _) = reached("half")?;
    let (end, peak) = reached("end")?;
    Ok(Memory { half, end, peak })
}

/// A row of `/proc/PID/status` in kilobytes.
fn field(status: &str, name: &str) -> u64 {
    let row = status.lines().find_map(|line| line.strip_prefix(name));
    row.and_then(|row| row.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
