//! What built-in functions and methods say of their parameters is what CPython says.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use hoop_tests::modes::{find_hoop, workspace};
use hoop_tests::process::{End, run};

const LIMIT: Duration = Duration::from_secs(60);
/// Functions and methods of CPython that Hoop lacks. It may only get smaller.
const MISSING: usize = 315;
/// Those that CPython inherits or has not. It may only get smaller.
const ADDED: usize = 19;

/// Signatures by name, of lines `owner.name signature`.
fn rows(listing: &str) -> BTreeMap<&str, &str> {
    listing.lines().filter_map(|line| line.split_once(' ')).collect()
}

#[test]
fn text_signatures_are_those_of_cpython() {
    let hoop = find_hoop().unwrap_or_else(|message| panic!("{message}"));
    let folder = workspace().join("tests");
    let outcome = run(&hoop, &["--jit", "off", "signatures.py"], &folder, LIMIT).expect("hoop starts");
    assert_eq!(outcome.end, End::Code(0), "{}", outcome.stderr);
    let expected = fs::read_to_string(folder.join("signatures.txt")).expect("signatures.txt");
    let (ours, theirs) = (rows(&outcome.stdout), rows(&expected));
    let differences: Vec<String> = ours
        .iter()
        .filter_map(|(name, ours)| Some((name, ours, theirs.get(name)?)))
        .filter(|(_, ours, theirs)| ours != theirs)
        .map(|(name, ours, theirs)| format!("{name}: {ours} is not {theirs}"))
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let missing: Vec<_> = theirs.keys().filter(|name| !ours.contains_key(*name)).collect();
    assert!(missing.len() <= MISSING, "{} are missing: {missing:?}", missing.len());
    let added: Vec<_> = ours.keys().filter(|name| !theirs.contains_key(*name)).collect();
    assert!(added.len() <= ADDED, "{} are no functions of CPython: {added:?}", added.len());
}
