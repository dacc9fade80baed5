//! Several generated programs in one process: modules that a small program imports one after another.
//!
//! Nothing passes from one to the next but what the implementation itself keeps, its
//! heap and its machine code. So each is expected to print what it prints alone.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, iter};

use super::drive::{LIMIT, SLACK, whole};
use super::generate::generate;
use crate::modes::Mode;
use crate::process::{End, Outcome, run};

/// The program that imports the others.
const IMPORTER: &str = include_str!("batch.py");
/// How much the time limit grows with each program.
const EACH: Duration = Duration::from_secs(1);

/// Programs by their seeds, written to a folder.
pub struct Batch {
    folder: PathBuf,
    seeds: Vec<u64>,
}

impl Batch {
    /// Writes the programs of the seeds.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn write(folder: PathBuf, seeds: &[u64]) -> Result<Batch, String> {
        let programs = seeds.iter().map(|&seed| (module(seed), whole(&generate(seed))));
        let importer = iter::once(("importer".to_string(), IMPORTER.to_string()));
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        for (name, text) in importer.chain(programs) {
            fs::write(folder.join(name + ".py"), text).map_err(|error| error.to_string())?;
        }
        Ok(Batch { folder, seeds: seeds.to_vec() })
    }

    /// The seeds, in the order in which the programs run.
    pub fn seeds(&self) -> &[u64] {
        &self.seeds
    }

    /// Runs the programs of some of the seeds in one process.
    ///
    /// # Errors
    /// If the process cannot be started.
    pub fn run(&self, python: &Path, mode: &Mode, seeds: &[u64]) -> Result<Outcome, String> {
        self.run_with(python, mode.options, SLACK * mode.patience, seeds)
    }

    /// The same in another Python, which knows no modes.
    ///
    /// # Errors
    /// If the process cannot be started.
    pub fn run_oracle(&self, python: &Path, seeds: &[u64]) -> Result<Outcome, String> {
        self.run_with(python, &[], SLACK, seeds)
    }

    fn run_with(
        &self,
        python: &Path,
        options: &[&str],
        patience: u32,
        seeds: &[u64],
    ) -> Result<Outcome, String> {
        let modules: Vec<String> = seeds.iter().map(|&seed| module(seed)).collect();
        let mut words = options.to_vec();
        words.push("importer.py");
        words.extend(modules.iter().map(String::as_str));
        let each = EACH * u32::try_from(seeds.len()).unwrap_or(u32::MAX);
        run(python, &words, &self.folder, (LIMIT + each) * patience)
    }

    /// The fewest programs that still differ when they run together, the last of them being the one that does.
    ///
    /// # Errors
    /// If a process cannot be started.
    pub fn reduce(
        &self,
        last: u64,
        mut differs: impl FnMut(&[u64]) -> Result<bool, String>,
    ) -> Result<Vec<u64>, String> {
        let end = self.seeds.iter().position(|&seed| seed == last).map_or(self.seeds.len(), |at| at + 1);
        let mut kept = self.seeds[..end].to_vec();
        for at in (0..kept.len().saturating_sub(1)).rev() {
            let mut fewer = kept.clone();
            fewer.remove(at);
            if differs(&fewer)? {
                kept = fewer;
            }
        }
        Ok(kept)
    }

    /// Takes the folder away.
    pub fn remove(&self) {
        // Scratch files are of no use to anybody; failing programs lie elsewhere.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn module(seed: u64) -> String {
    format!("seed{seed}")
}

/// The seeds whose programs printed something else, or may have brought about what differs otherwise.
pub fn suspects(seeds: &[u64], right: &Outcome, other: &Outcome) -> Vec<u64> {
    let differ = |seed: &u64| match (section(right, *seed), section(other, *seed)) {
        (Some(wanted), Some(got)) => wanted != got,
        _ => true,
    };
    let found: Vec<u64> = seeds.iter().copied().filter(differ).collect();
    let elsewhere = right.end != other.end || other.stderr.contains("panicked at");
    if found.is_empty() && elsewhere { seeds.to_vec() } else { found }
}

/// What the program of the seed printed, if it came to its end.
fn section(outcome: &Outcome, seed: u64) -> Option<&str> {
    let (_, after) = outcome.stdout.split_once(&format!("===== {}\n", module(seed)))?;
    let text = after.split_once("\n===== ").map(|(text, _)| text);
    if outcome.end == End::Code(0) { text.or(Some(after)) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(end: End, stdout: &str) -> Outcome {
        Outcome { end, stdout: stdout.to_string(), stderr: String::new() }
    }

    #[test]
    fn programs_that_differ_are_suspects() {
        let right = outcome(End::Code(0), "===== seed1\na\n===== seed2\nb\n===== seed3\nc\n===== end\n");
        let wrong = outcome(End::Code(0), "===== seed1\na\n===== seed2\nx\n===== seed3\nc\n===== end\n");
        let died = outcome(End::Signal(11), "===== seed1\na\n===== seed2\nb\n");
        let at_end = outcome(End::Signal(11), &right.stdout);
        assert!(suspects(&[1, 2, 3], &right, &right).is_empty());
        assert_eq!(suspects(&[1, 2, 3], &right, &wrong), [2]);
        assert_eq!(suspects(&[1, 2, 3], &right, &died), [2, 3]);
        assert_eq!(suspects(&[1, 2, 3], &right, &at_end), [1, 2, 3]);
    }

    #[test]
    fn batches_are_reduced_to_what_matters() {
        let batch = Batch { folder: PathBuf::new(), seeds: vec![1, 2, 3, 4, 5] };
        let kept = batch.reduce(4, |seeds| Ok(seeds.contains(&2) && seeds.contains(&4)));
        assert_eq!(kept, Ok(vec![2, 4]));
    }
}
