//! The outside world for the interpreter: standard streams, clocks, the compiler.

use hoop_compiler::{ErrorKind, Mode, Options};
use hoop_object::vm::{CompileMode, Host, SourceError};
use std::cell::RefCell;
use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Bytes kept before they are written.
const BUFFER: usize = 8192;

/// Bytes allocated outside the collected heap, where the system's library tells.
pub fn allocated() -> Option<usize> {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: the call only reads the allocator's counters.
        let counts = unsafe { libc::mallinfo2() };
        Some(counts.uordblks + counts.hblkhd)
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    None
}

/// Sees each code object that is compiled.
pub type OnCode = dyn Fn(&hoop_bytecode::Code);

/// The process the interpreter runs in.
pub struct Process {
    out: RefCell<Vec<u8>>,
    line_buffered: bool,
    start: Instant,
    /// Called with each code object, for dumps.
    pub on_code: Option<Box<OnCode>>,
    input: RefCell<io::BufReader<Stdin>>,
    last_panic: PanicPlace,
}

/// Standard input without the library's own buffer, into which nobody can look without waiting.
struct Stdin;

impl io::Read for Stdin {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        // SAFETY: the call writes at most so many bytes to `to`.
        let n = unsafe { libc::read(libc::STDIN_FILENO, to.as_mut_ptr().cast(), to.len()) };
        usize::try_from(n).map_err(|_| io::Error::last_os_error())
    }
}

/// Waits until a read of standard input would give something, an end or an error. False: interrupted before.
fn wait_for_input(interrupted: &dyn Fn() -> bool) -> bool {
    const STRETCH_MS: i32 = 20;
    loop {
        let mut file = libc::pollfd { fd: libc::STDIN_FILENO, events: libc::POLLIN, revents: 0 };
        // SAFETY: the call writes to the one description that it is given.
        let ready = unsafe { libc::poll(&mut file, 1, STRETCH_MS) } > 0;
        if interrupted() {
            return false;
        }
        if ready {
            return true;
        }
    }
}

/// Where a thread of the process panicked last.
pub type PanicPlace = Arc<Mutex<Option<String>>>;

/// Notes where panics happen, after telling people as usual.
fn note_panics() -> PanicPlace {
    let place = PanicPlace::default();
    let (noted, tell) = (place.clone(), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |info| {
        tell(info);
        if let Ok(mut last) = noted.lock() {
            *last = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
        }
    }));
    place
}

impl Process {
    pub fn new() -> Process {
        Process {
            out: RefCell::new(Vec::with_capacity(BUFFER)),
            line_buffered: io::stdout().is_terminal(),
            start: Instant::now(),
            on_code: None,
            input: RefCell::new(io::BufReader::new(Stdin)),
            last_panic: note_panics(),
        }
    }

    fn flush_out(&self) -> io::Result<()> {
        let mut out = self.out.borrow_mut();
        let result = io::stdout().write_all(&out).and_then(|()| io::stdout().flush());
        out.clear();
        result
    }
}

impl Host for Process {
    fn compile(
        &self,
        source: &[u8],
        filename: &str,
        mode: CompileMode,
    ) -> Result<hoop_bytecode::Code, SourceError> {
        let namespace = matches!(mode, CompileMode::ExecIn | CompileMode::EvalIn);
        let mode = match mode {
            CompileMode::Exec | CompileMode::ExecIn => Mode::Exec,
            CompileMode::Eval | CompileMode::EvalIn => Mode::Eval,
            CompileMode::Single => Mode::Single,
        };
        let options = Options { mode, namespace, ..Options::default() };
        match hoop_compiler::compile(source, filename, options) {
            Ok(code) => {
                if let Some(f) = &self.on_code {
                    f(&code);
                }
                Ok(code)
            }
            Err(e) => Err(SourceError {
                class: class_name(e.kind),
                message: e.message,
                line: e.line,
                column: e.column,
                end_line: e.end_line,
                end_column: e.end_column,
                text: Some(e.text).filter(|t| !t.is_empty()),
            }),
        }
    }

    fn time(&self) -> f64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |d| d.as_secs_f64())
    }

    fn monotonic_ns(&self) -> i64 {
        self.start.elapsed().as_nanos() as i64
    }

    fn process_ns(&self) -> i64 {
        let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: the call writes to `t` alone.
        unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut t) };
        t.tv_sec * 1_000_000_000 + t.tv_nsec
    }

    fn write(&self, to_stderr: bool, text: &[u8]) -> io::Result<()> {
        if to_stderr {
            self.flush_out()?;
            return io::stderr().write_all(text);
        }
        self.out.borrow_mut().extend_from_slice(text);
        if self.out.borrow().len() >= BUFFER || (self.line_buffered && text.contains(&b'\n')) {
            return self.flush_out();
        }
        Ok(())
    }

    fn flush(&self) {
        // A closed pipe shows at the next write, or nowhere: there is nobody left to tell.
        let _ = self.flush_out();
    }

    fn last_panic(&self) -> Option<String> {
        self.last_panic.lock().ok()?.clone()
    }

    fn read_line(&self, interrupted: &dyn Fn() -> bool) -> io::Result<Option<Vec<u8>>> {
        self.flush();
        let (mut reader, mut line) = (self.input.borrow_mut(), Vec::new());
        loop {
            if reader.buffer().is_empty() && !wait_for_input(interrupted) {
                return Ok(None);
            }
            let bytes = reader.fill_buf()?;
            let end = bytes.iter().position(|&b| b == b'\n').map(|at| at + 1);
            let taken = end.unwrap_or(bytes.len());
            line.extend_from_slice(&bytes[..taken]);
            reader.consume(taken);
            if end.is_some() || taken == 0 {
                return Ok(Some(line));
            }
        }
    }
}

fn class_name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::SyntaxError => "SyntaxError",
        ErrorKind::IndentationError => "IndentationError",
        ErrorKind::TabError => "TabError",
        ErrorKind::RecursionError => "RecursionError",
        ErrorKind::MemoryError => "MemoryError",
        ErrorKind::ValueError => "ValueError",
        ErrorKind::OverflowError => "OverflowError",
    }
}
