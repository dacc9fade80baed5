//! Runs one process and measures it by the resources that the system says it used.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::implementations::Implementation;
use crate::options::Options;

/// What a process used.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Seconds in the program.
    pub user: f64,
    /// Seconds in the system on its behalf.
    pub system: f64,
    /// Peak resident memory in bytes.
    pub peak: u64,
}

impl Measured {
    /// The smaller of two measurements, field by field.
    pub fn better(&self, other: Option<&Measured>) -> Measured {
        let Some(other) = other else { return self.clone() };
        Measured {
            user: self.user.min(other.user),
            system: self.system.min(other.system),
            peak: self.peak.min(other.peak),
        }
    }

    /// User and system time.
    pub fn total(&self) -> f64 {
        self.user + self.system
    }
}

/// The times of the calls in one process, and Hoop's counters.
#[derive(Clone, Debug)]
pub struct Calls {
    /// Seconds of process time of each call.
    pub times: Vec<f64>,
    /// `name: value` lines from standard error.
    pub counters: Vec<(String, String)>,
}

/// A finished process.
struct Finished {
    measured: Measured,
    status: libc::c_int,
    stdout: String,
    stderr: String,
}

/// Runs the program once, with one call of `run()`.
///
/// # Errors
/// If it cannot run, fails, runs past the limit or prints something else than expected.
pub fn measure_process(
    options: &Options,
    implementation: &Implementation,
    file: &Path,
    expected: &str,
) -> Result<Measured, String> {
    let finished = run(options, implementation, file, &[])?;
    check(&finished, expected)?;
    Ok(finished.measured)
}

/// Runs the program with many calls of `run()`.
///
/// # Errors
/// As `measure_process`.
pub fn measure_calls(
    options: &Options,
    implementation: &Implementation,
    file: &Path,
    expected: &str,
) -> Result<Calls, String> {
    let count = options.iterations.to_string();
    let finished = run(options, implementation, file, &[&count, "--bench"])?;
    check(&finished, expected)?;
    let times: Vec<f64> = finished.stderr.lines().filter_map(|line| line.parse().ok()).collect();
    if times.len() != options.iterations {
        return Err(format!("{} times instead of {}", times.len(), options.iterations));
    }
    Ok(Calls { times, counters: counters(&finished.stderr) })
}

/// Lines of the form `name: number`; rows that say where code was entered and left are no counters.
fn counters(stderr: &str) -> Vec<(String, String)> {
    let pairs = stderr.lines().filter_map(|line| line.split_once(": "));
    let numbers = pairs.filter(|(_, value)| value.trim().parse::<u64>().is_ok());
    numbers.map(|(name, value)| (name.trim().to_string(), value.trim().to_string())).collect()
}

fn check(finished: &Finished, expected: &str) -> Result<(), String> {
    if finished.status != 0 {
        let last = finished.stderr.lines().last().unwrap_or("");
        return Err(format!("{}: {last}", describe(finished.status)));
    }
    if finished.stdout != expected {
        return Err("wrong output".to_string());
    }
    Ok(())
}

fn describe(status: libc::c_int) -> String {
    if libc::WIFEXITED(status) {
        format!("exit code {}", libc::WEXITSTATUS(status))
    } else {
        format!("signal {}", libc::WTERMSIG(status))
    }
}

fn run(
    options: &Options,
    implementation: &Implementation,
    file: &Path,
    arguments: &[&str],
) -> Result<Finished, String> {
    let mut command = Command::new(&implementation.program);
    command.args(&implementation.options);
    if implementation.has_counters && !arguments.is_empty() {
        command.arg("--jit-stats");
    }
    command.arg(file).args(arguments);
    if options.small {
        command.arg("--small");
    }
    command.envs(implementation.environment.iter().copied());
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONHASHSEED", "0");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("cannot start: {error}"))?;
    let stdout = collect(child.stdout.take());
    let stderr = collect(child.stderr.take());
    let (status, measured) = wait(&mut child, options.limit)?;
    Ok(Finished { measured, status, stdout: text(stdout), stderr: text(stderr) })
}

fn collect<R: Read + Send + 'static>(pipe: Option<R>) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // A read error ends the text early; the comparison then shows it.
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

fn text(reader: JoinHandle<Vec<u8>>) -> String {
    String::from_utf8_lossy(&reader.join().unwrap_or_default()).into_owned()
}

/// Waits for the child by polling, so that one past the limit can be stopped.
fn wait(child: &mut Child, limit: Duration) -> Result<(libc::c_int, Measured), String> {
    let started = Instant::now();
    let mut stopped = false;
    loop {
        if let Some((status, measured)) = reap(child.id())? {
            return if stopped { Err(format!("stopped after {limit:?}")) } else { Ok((status, measured)) };
        }
        if started.elapsed() > limit && !stopped {
            child.kill().map_err(|error| error.to_string())?;
            stopped = true;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Takes the child's status and resource usage if it has ended.
fn reap(id: u32) -> Result<Option<(libc::c_int, Measured)>, String> {
    let mut status: libc::c_int = 0;
    // SAFETY: `rusage` is a plain C struct of integers, for which all zeroes is a value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to live, writable locals of the types that wait4 fills;
    // the child is this process's own and nothing else waits for it.
    let ended = unsafe { libc::wait4(id as libc::pid_t, &mut status, libc::WNOHANG, &mut usage) };
    match ended {
        0 => Ok(None),
        -1 => Err(std::io::Error::last_os_error().to_string()),
        _ => Ok(Some((status, measured(&usage)))),
    }
}

fn measured(usage: &libc::rusage) -> Measured {
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 * 1e-6;
    // Linux counts kilobytes here, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    Measured {
        user: seconds(usage.ru_utime),
        system: seconds(usage.ru_stime),
        peak: usage.ru_maxrss as u64 * unit,
    }
}
