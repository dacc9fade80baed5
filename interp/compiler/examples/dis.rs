//! Prints the bytecode of a source file: `dis [--positions] FILE`; `dis --check FILE...` only compiles and verifies.

use hoop_bytecode::{PrintOptions, parse, print, verify};
use hoop_compiler::{Options, compile_module};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = take_flag(&mut arguments, "--check");
    let positions = take_flag(&mut arguments, "--positions");
    let failures = arguments.iter().filter(|path| !show(path, check, positions)).count();
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn take_flag(arguments: &mut Vec<String>, flag: &str) -> bool {
    let before = arguments.len();
    arguments.retain(|argument| argument != flag);
    arguments.len() < before
}

fn show(path: &str, check: bool, positions: bool) -> bool {
    let Ok(source) = std::fs::read(path) else {
        println!("{path}: cannot be read");
        return false;
    };
    let code = match compile_module(&source, path, Options::default()) {
        Ok(code) => code,
        Err(error) => {
            println!("{error}");
            return false;
        }
    };
    if !check {
        print!("{}", print(&code, PrintOptions { positions, comments: true }));
    }
    if let Err(error) = verify(&code) {
        println!("{path}: verifier: {error}");
        return false;
    }
    if check && parse(&print(&code, PrintOptions::default())).as_ref() != Ok(&code) {
        println!("{path}: the text form does not read back");
        return false;
    }
    true
}
