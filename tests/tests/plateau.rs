//! What programs make without end does not stay: the soak programs of the benchmarks, with twice as many rounds, end with
//! no more names, shapes and objects, and no more memory outside the heap.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use hoop_tests::modes::{find_hoop, workspace};
use hoop_tests::process::{End, run};

const LIMIT: Duration = Duration::from_secs(120);
/// Enough for a class to have all the shapes that it may have.
const ROUNDS: u32 = 5000;
/// Of programs whose rounds are loops that get hot.
const LONG_ROUNDS: u32 = 100;
const WITH_LONG_ROUNDS: &[&str] = &["hot_executed_code", "local_classes", "reload_module"];

/// The collector's counters after so many rounds of a soak program.
fn left_over(program: &str, rounds: u32, jit: &str) -> HashMap<String, u64> {
    let hoop = find_hoop().unwrap_or_else(|message| panic!("{message}"));
    let text = format!(
        "import sys, builtins; builtins.input = lambda text: None; sys.argv = ['', '{rounds}']; import {program}"
    );
    let words = ["--gc-stats", "--jit", jit, "-c", &text];
    let outcome = run(&hoop, &words, &workspace().join("benchmarks/soak"), LIMIT).expect("hoop starts");
    assert_eq!(outcome.end, End::Code(0), "{program}\n{}", outcome.stderr);
    let rows = outcome.stderr.lines().filter_map(|line| line.split_once(": "));
    rows.filter_map(|(name, value)| Some((name.to_string(), value.parse().ok()?))).collect()
}

fn check(jit: &str) {
    let folder = workspace().join("benchmarks/soak");
    let files = fs::read_dir(&folder).expect("the soak programs");
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    let mut programs: Vec<String> = names.filter_map(|n| Some(n.strip_suffix(".py")?.to_string())).collect();
    programs.sort();
    assert!(programs.len() > 10, "{programs:?}");
    for program in programs {
        let rounds = if WITH_LONG_ROUNDS.contains(&program.as_str()) { LONG_ROUNDS } else { ROUNDS };
        let (once, twice) = (left_over(&program, rounds, jit), left_over(&program, 2 * rounds, jit));
        // The last few things that were made may be alive, and what stale words on the stack seem to refer to.
        for (counter, slack) in [("names", 60), ("shapes", 60), ("objects", 600)] {
            let (once, twice) = (once[counter], twice[counter]);
            assert!(twice <= once + slack, "{program}, jit {jit}: {once} {counter}, then {twice}");
        }
        let outside = [&once, &twice].map(|counters| counters.get("outside").copied().unwrap_or_default());
        // Tables keep room for as much as there was at a time.
        let slack = 1 << 20;
        assert!(outside[1] <= outside[0] + slack, "{program}, jit {jit}: {outside:?} bytes outside the heap");
    }
}

#[test]
fn nothing_is_kept_for_ever_by_the_interpreter() {
    check("off");
}

#[test]
fn nothing_is_kept_for_ever_by_the_jit() {
    check("on");
}
