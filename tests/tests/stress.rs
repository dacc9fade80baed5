//! Programs with a collection at every single allocation: at a fixed distance, as in the modes `gc` and `gcjit`, some
//! places are never hit.

use std::fs;
use std::path::Path;
use std::time::Duration;

use hoop_tests::modes::{find_hoop, workspace};
use hoop_tests::process::{End, run};

const LIMIT: Duration = Duration::from_secs(180);
/// Programs that allocate too much for this.
const LONG: [&str; 17] = [
    "hot_",
    "natives_",
    "recursion",
    "many_values",
    "int_big",
    "numbers_mixed",
    "mod_random",
    "sorting",
    "syntax_error_places",
    "class_checks",
    "class_metaclass_protocols",
    "class_special_methods",
    "complex_special",
    "counts",
    "exceptions_anew",
    "sort_comparisons",
    "yield_from_chains",
];

fn every_nth(n: usize, jit: &str, these: impl Fn(usize) -> bool) {
    let hoop = find_hoop().unwrap_or_else(|message| panic!("{message}"));
    let folder = workspace().join("tests/lang");
    let files = fs::read_dir(&folder).expect("the programs");
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    let mut programs: Vec<String> = names.filter(|name| name.ends_with(".py")).collect();
    programs.retain(|name| !LONG.iter().any(|long| name.starts_with(long)));
    programs.sort();
    programs.retain(|name| folder.join(name).with_extension("out").is_file());
    assert!(programs.len() > 30, "{programs:?}");
    let stress = format!("--gc-stress={n}");
    for (_, program) in programs.iter().enumerate().filter(|&(at, _)| these(at)) {
        let outcome = run(&hoop, &[&stress, "--jit", jit, program], Path::new(&folder), LIMIT);
        let outcome = outcome.expect("hoop starts");
        let expected = fs::read_to_string(folder.join(program).with_extension("out")).expect("its output");
        assert_eq!(outcome.end, End::Code(0), "{stress} --jit {jit} {program}\n{}", outcome.stderr);
        assert_eq!(outcome.stdout, expected, "{stress} --jit {jit} {program}");
    }
}

#[test]
fn at_every_allocation_in_the_interpreter() {
    every_nth(1, "off", |_| true);
}

#[test]
fn at_one_of_several_distances_in_compiled_code() {
    for n in 1..=4 {
        every_nth(n, "threshold=2,warm=3", |at| at % 4 == n - 1);
    }
}
