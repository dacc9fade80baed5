//! `hoop`: the executable. It alone reads the command line, the environment and the clock, and joins interpreter,
//! compiler, tracer, optimizer and backend.

mod args;
mod host;
mod program;
mod seed;

use args::Command;
use std::process::ExitCode;

/// Stack of the thread that runs Python. Deep recursion of native code is cut off before its end.
const STACK_BYTES: [usize; 3] = [64 << 20, 16 << 20, 4 << 20];

fn main() -> ExitCode {
    let command = match args::parse(std::env::args().skip(1).collect()) {
        Ok(command) => command,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    match command {
        Command::Help => print!("{}", args::HELP),
        Command::Version => println!("Python {}", version()),
        Command::Run(settings) => {
            for bytes in STACK_BYTES {
                let settings = settings.clone();
                let thread = std::thread::Builder::new().stack_size(bytes);
                // A small address space may not hold the largest stack.
                if let Ok(handle) = thread.spawn(move || program::run(settings, bytes)) {
                    return ExitCode::from(handle.join().unwrap_or(70));
                }
            }
            eprintln!("hoop: cannot start: no memory for a stack");
            return ExitCode::from(70);
        }
    }
    ExitCode::SUCCESS
}

fn version() -> String {
    let (major, minor, micro) = hoop_core::sys::VERSION;
    format!("{major}.{minor}.{micro} (Hoop {})", env!("CARGO_PKG_VERSION"))
}
