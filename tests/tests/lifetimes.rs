//! What does not go on for ever: recordings, and what is kept of them. The counters of `--jit-stats` and `--gc-stats` are the same from
//! run to run, so these tests say how large they may be.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use hoop_tests::modes::{find_hoop, workspace};
use hoop_tests::process::{End, run};

const LIMIT: Duration = Duration::from_secs(120);

/// The counters of a run of the program, in a folder of the workspace.
fn counters(folder: &str, words: &[&str]) -> HashMap<String, u64> {
    let hoop = find_hoop().unwrap_or_else(|message| panic!("{message}"));
    let all: Vec<&str> = ["--jit-stats"].iter().chain(words).copied().collect();
    let outcome = run(&hoop, &all, &workspace().join(Path::new(folder)), LIMIT).expect("hoop starts");
    assert_eq!(outcome.end, End::Code(0), "{words:?}\n{}", outcome.stderr);
    let rows = outcome.stderr.lines().filter_map(|line| line.split_once(": "));
    rows.filter_map(|(name, value)| Some((name.to_string(), value.parse().ok()?))).collect()
}

fn of(counters: &HashMap<String, u64>, name: &str) -> u64 {
    counters.get(name).copied().unwrap_or_else(|| panic!("no counter {name}"))
}

/// Loops of two passes each: each alone is too short to close, and they wait for each other.
#[test]
fn loops_that_wait_for_each_other_are_not_recorded_for_ever() {
    let bodies = [
        "for a in (1, 2): t += a\n  for b in (1, 2): t -= b",
        "for a in (1, 2): t += a\n  for b in [3, i]: t ^= b\n  for c in range(2): t -= c",
        "j = 0\n  while j < 2: t += j; j += 1\n  k = 2\n  while k: t -= k; k -= 1",
        "for a in (1, 2):\n   for b in (3, 4): t += a * b\n   for c in (5, 6): t -= c",
        "for a in pair(i): t += a\n  for b in pair(t & 7): t ^= b",
        "for a in (1, 2): t += len(locals()) + a\n  for b in (1, 2): t -= b",
        "for a in (1, 2): t += a\n  for b in (1, 2): t += len(locals())\n  for c in (1, 2): t -= len(vars())",
    ];
    for body in bodies {
        let text = format!(
            "def pair(x):\n yield x\n yield x + 1\n\
             def f(n):\n t = 0\n for i in range(n):\n  {body}\n return t\nf(40000)"
        );
        let counters = counters("tests", &["--jit", "on", "-c", &text]);
        let (recordings, aborts) = (of(&counters, "recordings"), of(&counters, "aborts"));
        assert!(recordings < 60 && aborts < 40, "{body}\n{recordings} recordings, {aborts} aborts");
    }
}
