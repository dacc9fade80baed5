//! Each `tests/golden/*.py` is compiled, verified, printed, read back and compared with the `.txt` beside it.
//! `BLESS=1 cargo test` rewrites the expectations.

use hoop_bytecode::{Liveness, PrintOptions, parse, print, verify};
use hoop_compiler::{Options, compile_module};
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
    found.sort();
}

#[test]
fn golden() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"), &mut found);
    assert!(!found.is_empty(), "there are golden tests");
    let different: Vec<&PathBuf> = found.iter().filter(|path| !matches_expectation(path)).collect();
    assert!(different.is_empty(), "bytecode differs from the expectation: {different:?}");
}

fn matches_expectation(path: &Path) -> bool {
    let source = std::fs::read(path).expect("the source can be read");
    let name = path.file_name().expect("a file name").to_string_lossy();
    let code = compile_module(&source, &name, Options::default()).expect("it compiles");
    verify(&code).expect("it verifies");
    assert_eq!(parse(&print(&code, PrintOptions::default())).as_ref(), Ok(&code), "{name} reads back");
    Liveness::compute(&code);
    let text = print(&code, PrintOptions { positions: false, comments: true });
    let expectation = path.with_extension("txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&expectation, &text).expect("the expectation can be written");
    }
    std::fs::read_to_string(&expectation).is_ok_and(|expected| expected == text)
}

/// Compiles and verifies every source below `HOOP_COMPILE_ALL`, for instance a standard library.
#[test]
#[ignore = "on demand: needs HOOP_COMPILE_ALL"]
fn compile_all() {
    let Some(folder) = std::env::var_os("HOOP_COMPILE_ALL") else { return };
    let mut found = Vec::new();
    sources(Path::new(&folder), &mut found);
    for path in found {
        let source = std::fs::read(&path).expect("the source can be read");
        match compile_module(&source, &path.to_string_lossy(), Options::default()) {
            Ok(code) => verify(&code).expect("it verifies"),
            Err(error) => println!("{error}"),
        }
    }
}
