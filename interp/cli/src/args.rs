//! The command line.

/// What `-h` prints.
pub const HELP: &str = "\
usage: hoop [option] ... [-c cmd | -m mod | file | -] [arg] ...
Options:
-c cmd          program passed in as string (terminates option list)
-m mod          run library module as a script (terminates option list)
-h              print this help message and exit (also -? or --help)
-V              print the Python version number and exit (also --version)
--jit off|on|NAME=VALUE,...
                the tracing JIT: off, on, or on with parameters
                (threshold, function, bridge, optimizer=off|PASSES, backend=eval, ...)
--jit-stats     print the JIT's counters to standard error at exit
--jit-dump=STAGE,...[:FILE]
                write what the JIT made: bytecode, recorded, optimized, clif, asm, aborts
--gc-stress[=N] collect garbage at every Nth allocation, 7th by default (a test of the interpreter)
--gc-stats      print the collector's counters to standard error at exit
-R              hash str and bytes with a random seed, even if PYTHONHASHSEED is set
-E              ignore PYTHON* environment variables (also -I)
-B -O -P -s -S -u -q
                accepted for compatibility
file            program read from script file
-               program read from stdin (default)
arg ...         arguments passed to program in sys.argv[1:]
";

/// What to do.
pub enum Command {
    Help,
    Version,
    Run(Settings),
}

/// Where the program comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    File(String),
    Text(String),
    Module(String),
    Stdin,
}

/// Settings of a run.
#[derive(Clone, Debug)]
pub struct Settings {
    pub source: Source,
    pub args: Vec<String>,
    /// The text after `--jit`; empty for the defaults, `off`.
    pub jit: String,
    pub jit_stats: bool,
    /// Stages and an optional file.
    pub jit_dump: Option<(Vec<String>, Option<String>)>,
    /// Collect at every so manieth allocation; 0: only when it is due.
    pub gc_stress: u32,
    pub gc_stats: bool,
    /// `PYTHONPATH` and `PYTHONHASHSEED` are not looked at.
    pub ignore_environment: bool,
    /// `PYTHONHASHSEED` is not looked at.
    pub random_hashes: bool,
}

/// Parses the arguments after the program's name.
pub fn parse(args: Vec<String>) -> Result<Command, String> {
    let mut s = Settings {
        source: Source::Stdin,
        args: Vec::new(),
        jit: String::new(),
        jit_stats: false,
        jit_dump: None,
        gc_stress: 0,
        gc_stats: false,
        ignore_environment: false,
        random_hashes: false,
    };
    let mut rest = args.into_iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "-h" | "-?" | "--help" => return Ok(Command::Help),
            "-V" | "--version" => return Ok(Command::Version),
            "-c" => {
                let text = rest.next().ok_or("Argument expected for the -c option")?;
                s.source = Source::Text(text);
                s.args = rest.collect();
                return Ok(Command::Run(s));
            }
            "-m" => {
                let name = rest.next().ok_or("Argument expected for the -m option")?;
                s.source = Source::Module(name);
                s.args = rest.collect();
                return Ok(Command::Run(s));
            }
            "--jit" => s.jit = rest.next().ok_or("Argument expected for the --jit option")?,
            "--jit-stats" => s.jit_stats = true,
            "--gc-stress" => s.gc_stress = STRESS_EVERY,
            "--gc-stats" => s.gc_stats = true,
            "-E" | "-I" => s.ignore_environment = true,
            "-R" => s.random_hashes = true,
            "-B" | "-O" | "-P" | "-s" | "-S" | "-u" | "-q" => {}
            "-" => {
                s.args = rest.collect();
                return Ok(Command::Run(s));
            }
            other => {
                if let Some(text) = other.strip_prefix("--gc-stress=") {
                    s.gc_stress = stress_every(text)?;
                } else if let Some(text) = other.strip_prefix("--jit=") {
                    s.jit = text.to_string();
                } else if let Some(text) = other.strip_prefix("--jit-dump=") {
                    s.jit_dump = Some(dump_stages(text));
                } else if other.starts_with('-') {
                    return Err(format!(
                        "unknown option {other}\nusage: hoop [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `hoop -h' for more information."
                    ));
                } else {
                    s.source = Source::File(arg);
                    s.args = rest.collect();
                    return Ok(Command::Run(s));
                }
            }
        }
    }
    Ok(Command::Run(s))
}

/// What `--gc-stress` alone means: rare enough for long programs.
const STRESS_EVERY: u32 = 7;

fn stress_every(text: &str) -> Result<u32, String> {
    text.parse().ok().filter(|&n| n > 0).ok_or(format!("--gc-stress={text}: a positive number is expected"))
}

fn dump_stages(text: &str) -> (Vec<String>, Option<String>) {
    let (stages, file) = match text.split_once(':') {
        Some((stages, file)) => (stages, Some(file.to_string())),
        None => (text, None),
    };
    (stages.split(',').map(str::to_string).collect(), file)
}
