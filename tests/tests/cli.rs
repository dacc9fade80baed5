//! The command line, and what must never crash: signals, memory exhaustion, deep
//! recursion, broken source.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use hoop_tests::compare::{difference, matches};
use hoop_tests::counters::{counter, counters};
use hoop_tests::modes::{find_hoop, workspace};

/// The JIT settings that the tests of robustness go through.
const SETTINGS: [&[&str]; 3] =
    [&["--jit", "off"], &["--jit", "threshold=2"], &["--jit", "threshold=2,backend=eval"]];

fn hoop(words: &[&str]) -> Command {
    let mut command = Command::new(find_hoop().unwrap_or_else(|message| panic!("{message}")));
    command.args(words).current_dir(workspace().join("tests").join("lang"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn output(words: &[&str]) -> Output {
    hoop(words).output().unwrap_or_else(|error| panic!("hoop does not start: {error}"))
}

fn stdout(words: &[&str]) -> String {
    let output = output(words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A file of the test's own in the build folder.
fn write_program(name: &str, text: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(&folder).expect("the build folder is writable");
    let file = folder.join(name);
    fs::write(&file, text).expect("the build folder is writable");
    file
}

#[test]
fn runs_a_command() {
    assert_eq!(stdout(&["-c", "import sys; print(1 + 1, sys.argv)", "a", "-b"]), "2 ['-c', 'a', '-b']\n");
}

#[test]
fn runs_a_file_with_arguments() {
    let file = write_program("argv.py", "import sys\nprint(sys.argv[1:], __name__)\n");
    assert_eq!(stdout(&[&file.to_string_lossy(), "x", "--jit", "-V"]), "['x', '--jit', '-V'] __main__\n");
}

#[test]
fn runs_a_module() {
    assert_eq!(stdout(&["-m", "plain_module"]), "main run __main__\n");
}

#[test]
fn reads_standard_input() {
    let mut child = hoop(&["-"]).stdin(Stdio::piped()).spawn().expect("hoop starts");
    child.stdin.take().expect("piped").write_all(b"for i in range(3):\n    print(i)\n").expect("hoop reads");
    let output = child.wait_with_output().expect("hoop ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0\n1\n2\n");
}

#[test]
fn tells_its_version_and_options() {
    assert!(stdout(&["-V"]).contains("3.14"));
    assert!(stdout(&["-h"]).contains("--jit"));
}

#[test]
fn refuses_what_it_does_not_know() {
    for words in [
        ["--no-such-option"].as_slice(),
        &["--jit", "nonsense=1", "-c", "pass"],
        &["--gc-stress=0", "-c", "pass"],
        &["--gc-stress=many", "-c", "pass"],
        &["no_such_file.py"],
    ] {
        let output = output(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {}", stderr(&output));
        assert!(!output.stderr.is_empty(), "{words:?} says nothing");
    }
}

/// The README shows a program, the counters it gives and the loop made of it; all three are as it says.
#[test]
fn the_readme_shows_what_is_printed() {
    let readme = fs::read_to_string(workspace().join("README.md")).expect("the README is text");
    let program = write_program("total.py", &fenced(&readme, "def total(n):"));
    let (program, dump) = (program.to_string_lossy(), write_program("total.trace", ""));
    let option = format!("--jit-dump=optimized:{}", dump.display());
    let output = output(&["--jit-stats", &option, &program]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "199999\n");
    let counters = without_paths(&stderr(&output), &program);
    let shown = fenced(&readme, "recordings: ");
    assert!(matches(&format!("{shown}...\n"), &counters), "the README says\n{shown}hoop says\n{counters}");
    let trace = without_paths(&fs::read_to_string(dump).expect("the dump is text"), &program);
    // In the README some lines are explained at their ends.
    let explained = fenced(&readme, "label (");
    let shown: String =
        explained.lines().map(|line| format!("{}\n", line.split("   ").next().unwrap_or(line))).collect();
    assert!(matches(&format!("...\n{shown}...\n"), &trace), "the README says\n{shown}hoop says\n{trace}");
}

/// What stands between the fences of the README's block that begins so.
fn fenced(readme: &str, beginning: &str) -> String {
    let blocks = readme.split("```").skip(1).step_by(2);
    let mut texts = blocks.filter_map(|block| block.split_once('\n')).map(|(_, text)| text);
    texts.find(|text| text.starts_with(beginning)).expect("the README has the block").to_string()
}

fn without_paths(text: &str, program: &str) -> String {
    text.replace(program, "total.py")
}

/// Every counter has a line, and the aborts are those that the reasons add up to.
#[test]
fn prints_counters() {
    let output = output(&["--jit", "threshold=2", "--jit-stats", "hot_int.py"]);
    let text = stderr(&output);
    let value = |name| counter(&text, name).unwrap_or_else(|| panic!("no {name} in\n{text}"));
    for name in
        ["recordings", "loops", "bridges", "entries", "exits", "recorded_ops", "optimizer_out", "code_bytes"]
    {
        assert!(value(name) > 0, "{name} is 0 in\n{text}");
    }
    assert!(value("loops") + value("functions") + value("bridges") <= value("recordings"), "{text}");
    let reasons = counters(&text).into_iter().filter(|(name, _)| name.starts_with("abort."));
    assert_eq!(reasons.map(|(_, n)| n).sum::<u64>(), value("aborts"), "{text}");
    assert_eq!(value("guard_after_effect"), 0);
}

#[test]
fn dumps_bytecode() {
    let dump = write_program("dump.txt", "");
    let option = format!("--jit-dump=bytecode:{}", dump.display());
    stdout(&[&option, "-c", "def f(x): return x + 1\nprint(f(1))"]);
    let text = fs::read_to_string(dump).expect("the dump is text");
    assert!(text.contains("<module>") && text.contains("add"), "{text}");
}

#[test]
fn exit_codes() {
    for (program, code) in
        [("raise SystemExit(7)", 7), ("import sys; sys.exit()", 0), ("1/0", 1), ("x = ", 1)]
    {
        assert_eq!(output(&["-c", program]).status.code(), Some(code), "{program}");
    }
}

/// An uncaught Ctrl-C ends a hot loop or recursion with a traceback; a caught one goes on.
#[cfg(unix)]
#[test]
fn an_interrupt_stops_a_hot_loop() {
    let endless = "print('ready', flush=True)\ni = 0\nwhile True:\n    i = (i + 1) % 1000\n";
    let caught = "def f():\n    i = 0\n    while True: i = (i * 3 + 1) % 1000\n\
                  try:\n    print('ready', flush=True)\n    f()\nexcept KeyboardInterrupt:\n    print('caught')\n";
    let recursive = "def f(n): return 0 if n == 0 else f(n - 1) + f(n - 1)\n\
                     try:\n    print('ready', flush=True)\n    f(90)\nexcept KeyboardInterrupt:\n    print('caught')\n";
    for setting in SETTINGS {
        let (text, end) = interrupted(setting, recursive);
        assert_eq!((text.0.as_str(), end), ("caught\n", Some(0)), "{setting:?}: {}", text.1);
        let (text, end) = interrupted(setting, endless);
        assert!(text.1.trim_end().ends_with("KeyboardInterrupt"), "{setting:?}: {}", text.1);
        assert!(end == Some(130) || end.is_none(), "{setting:?}: exit code {end:?}");
        let (text, end) = interrupted(setting, caught);
        assert_eq!((text.0.as_str(), end), ("caught\n", Some(0)), "{setting:?}: {}", text.1);
    }
}

/// Ctrl-C ends waiting, where the program waits.
#[cfg(unix)]
#[test]
fn an_interrupt_stops_waiting() {
    for what in ["time.sleep(30)", "input()", "sys.stdin.readline()"] {
        let program = format!(
            "import sys, time\ntry:\n    print('ready', flush=True)\n    {what}\n    print('over')\n\
             except KeyboardInterrupt as e:\n    print('caught', e.__traceback__.tb_lineno)\n"
        );
        let (text, end) = interrupted(&[], &program);
        assert_eq!((text.0.as_str(), end), ("caught 4\n", Some(0)), "{what}: {}", text.1);
    }
}

/// Runs a program, interrupts it shortly after it said `ready`, and gives what it
/// printed after that on both streams, and its exit code.
#[cfg(unix)]
fn interrupted(setting: &[&str], program: &str) -> ((String, String), Option<i32>) {
    let mut words = setting.to_vec();
    words.extend(["-c", program]);
    let mut child = hoop(&words).stdin(Stdio::piped()).spawn().expect("hoop starts");
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    out.read_line(&mut line).expect("hoop prints");
    assert_eq!(line, "ready\n");
    thread::sleep(Duration::from_millis(300));
    let id = child.id().to_string();
    Command::new("kill").args(["-INT", &id]).status().expect("kill runs");
    let end = wait_or_kill(&mut child);
    let (mut rest, mut errors) = (String::new(), String::new());
    out.read_to_string(&mut rest).expect("text");
    child.stderr.take().expect("piped").read_to_string(&mut errors).expect("text");
    ((rest, errors), end)
}

#[cfg(unix)]
fn wait_or_kill(child: &mut Child) -> Option<i32> {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(20) {
        if let Some(status) = child.try_wait().expect("hoop is our child") {
            return status.code();
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("hoop is our child");
    panic!("the interrupt did not stop hoop");
}

/// Under a limit on its address space a program gets MemoryError and can go on.
#[cfg(unix)]
#[test]
fn memory_exhaustion_is_an_exception() {
    let programs = [
        "l = []\ntry:\n    while True: l.append([0] * 100000)\nexcept MemoryError:\n    l = None\n    print('memory')",
        "try:\n    x = [0] * (1 << 40)\nexcept MemoryError:\n    print('memory')",
        "try:\n    x = 'ab' * (1 << 40)\nexcept MemoryError:\n    print('memory')",
        "s = 'x' * 1000\ntry:\n    while True: s = s + s\nexcept MemoryError:\n    s = None\n    print('memory')",
        "class N: pass\nh = None\ntry:\n    while True:\n        n = N(); n.next = h; h = n\nexcept MemoryError:\n    h = n = None\n    print('memory')",
    ];
    let hoop = find_hoop().unwrap_or_else(|message| panic!("{message}"));
    for setting in SETTINGS {
        for program in programs {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", "ulimit -v 1000000; exec \"$0\" \"$@\""]).arg(&hoop).args(setting);
            let output = command.args(["-c", program]).output().expect("the shell starts");
            let text = String::from_utf8_lossy(&output.stdout);
            assert_eq!(text, "memory\n", "{setting:?} {program}\n{:?} {}", output.status, stderr(&output));
        }
    }
}

/// Sources that are too large for the address space are a MemoryError, and small ones still compile.
#[test]
fn large_sources_ask_for_memory() {
    let program = "\
sources = ['[' + '1,' * 3000000 + ']', 'x = 1\\n' * 1000000, 'a' * 50000000, 'f(a.b, c[1])\\n' * 400000]
for source in sources:
    try:
        compile(source, 'f', 'exec')
    except MemoryError:
        print('memory', eval('1 + 1'))
";
    let hoop = find_hoop().unwrap_or_else(|message| panic!("{message}"));
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "ulimit -v 400000; exec \"$0\" -c \"$1\""]).arg(&hoop).arg(program);
    let output = command.output().expect("the shell starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text, "memory 2\n".repeat(4), "{:?} {}", output.status, stderr(&output));
}

/// Runaway recursion ends in a traceback, not in a crash.
#[test]
fn runaway_recursion_is_an_exception() {
    let programs = [
        "def f(n): return f(n + 1)\nf(0)",
        "class A:\n    def __repr__(self): return repr(self)\nrepr(A())",
        "class A:\n    def __lt__(self, o): return sorted([self, o])\nsorted([A(), A()])",
        "f = lambda x: list(map(f, [x]))\nf(1)",
    ];
    for setting in SETTINGS {
        for program in programs {
            let mut words = setting.to_vec();
            words.extend(["-c", program]);
            let output = output(&words);
            let text = stderr(&output);
            assert_eq!(output.status.code(), Some(1), "{setting:?} {program}\n{text}");
            let last = text.lines().last().unwrap_or("");
            assert!(last.starts_with("RecursionError: "), "{setting:?} {program}\n{last}");
        }
    }
}

/// Nesting in the source is an error of the source at worst.
#[test]
fn deep_source_is_no_crash() {
    let deep = 3000;
    let programs = [
        format!("x = {}1{}", "(".repeat(deep), ")".repeat(deep)),
        format!("x = {}1", "-".repeat(deep)),
        format!("x = {}", vec!["1"; deep].join(" + ")),
        format!("x = []{}", "[0]".repeat(deep)),
        format!("if 0:\n    pass\n{}", "elif 0:\n    pass\n".repeat(deep)),
    ];
    for (at, program) in programs.iter().enumerate() {
        let file = write_program(&format!("deep{at}.py"), program);
        let output = output(&[&file.to_string_lossy()]);
        assert!(
            matches!(output.status.code(), Some(0 | 1)),
            "program {at}: {:?} {}",
            output.status,
            stderr(&output)
        );
        assert!(!stderr(&output).contains("panicked"), "program {at}: {}", stderr(&output));
    }
}

/// Two runs print the same dumps: nothing depends on addresses or clocks.
#[test]
fn dumps_are_stable() {
    for program in ["hot_float.py", "hot_generators.py", "hot_exceptions.py"] {
        for stage in ["bytecode", "recorded", "optimized", "clif", "asm", "aborts"] {
            let (first, second) = (dumped(program, stage), dumped(program, stage));
            assert!(!first.is_empty() || stage == "aborts", "{program}: nothing in stage {stage}");
            let report = difference(program, &first, &second);
            assert!(report.is_none(), "two dumps of stage {stage} differ: {}", report.unwrap_or_default());
        }
    }
}

fn dumped(program: &str, stage: &str) -> String {
    let file = write_program(&format!("{program}.{stage}.txt"), "");
    let option = format!("--jit-dump={stage}:{}", file.display());
    stdout(&["--jit", "threshold=50", &option, program]);
    fs::read_to_string(file).expect("the dump is text")
}

/// The output of a program that shows two hashes, with `PYTHONHASHSEED` set or not.
fn hashes(seed: Option<&str>, words: &[&str]) -> Output {
    let program = "import sys; print(hash('a'), hash(b'ab'), hash(''), sys.flags.hash_randomization)";
    let mut command = hoop(&[words, &["-c", program]].concat());
    command.env_remove("PYTHONHASHSEED");
    if let Some(seed) = seed {
        command.env("PYTHONHASHSEED", seed);
    }
    command.output().unwrap_or_else(|error| panic!("hoop does not start: {error}"))
}

#[test]
fn hashes_are_random_unless_a_seed_is_given() {
    let text = |seed: Option<&str>, words: &[&str]| {
        let output = hashes(seed, words);
        assert!(output.status.success(), "{seed:?}: {}", stderr(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for seed in ["0", "1", "4294967295"] {
        assert_eq!(text(Some(seed), &[]), text(Some(seed), &[]));
        assert_eq!(text(Some(seed), &[]), text(Some(&format!(" +0{seed}")), &[]));
        assert_ne!(text(Some(seed), &["-R"]), text(Some(seed), &["-R"]));
        assert_ne!(text(Some(seed), &["-E"]), text(Some(seed), &["-I"]));
    }
    assert_ne!(text(Some("0"), &[]), text(Some("1"), &[]));
    assert!(text(Some("0"), &[]).ends_with(" 0 0\n"));
    for seed in [None, Some("random"), Some("")] {
        assert_ne!(text(seed, &[]), text(seed, &[]));
        assert!(text(seed, &[]).ends_with(" 0 1\n"));
    }
    text(Some("none"), &["-E"]);
}

#[test]
fn a_bad_hash_seed_is_refused() {
    for seed in ["none", "-1", "4294967296", "1 ", "0x1", "+"] {
        let output = hashes(Some(seed), &[]);
        let message = "Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in \
            range [0; 4294967295]\nPython runtime state: preinitialized\n\n";
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(1), message), "{seed:?}");
    }
}
