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

/// What the machine keeps of built-in functions for each code object that feeds them goes with it.
#[test]
fn helpers_end_with_what_feeds_them() {
    for (name, call) in
        [("list", "list"), ("sum", "sum"), ("join", "','.join"), ("max", "max"), ("any", "any")]
    {
        let item = if name == "join" { "str(i)" } else { "i" };
        for mode in ["off", "threshold=10"] {
            let objects = |rounds: u32| {
                let text = format!(
                    "ns = {{}}\nkept = []\nfor k in range({rounds}):\n \
                     exec('def g(n):\\n for i in range(n): yield {item}', ns)\n {call}(ns['g'](20))\n \
                     kept.append(ns['g']); del kept[:-20]"
                );
                of(&counters("tests", &["--gc-stats", "--jit", mode, "-c", &text]), "objects")
            };
            let (few, many) = (objects(100), objects(400));
            assert!(many <= few + 60, "{name}, {mode}: {few}, then {many} objects");
        }
    }
}

/// Hot code, and classes in hot loops, that nothing needs any more: four times as many rounds leave as much behind. The
/// collector runs often here, in the interpreter's main loop and in a compiled one.
#[test]
fn fragments_end_with_what_they_name() {
    let programs = [
        "ns = {}\n  exec('def f(n):\\n s = 0\\n for i in range(n): s += i\\n return s', ns)\n  t += ns['f'](30)",
        "ns = {}\n  exec('class C:\\n def m(self, x): return x\\nc = C()\\nfor i in range(30): c.m(i)', ns)\n  t += ns['i']",
        "C = type('C', (), {'m': lambda self, x: x + 1})\n  t += call(C(), 30)",
        "f = eval('lambda x: x + 1')\n  for i in range(30): t += f(i)",
        "exec('def f(n):\\n s = 0\\n for i in range(n): s += i\\n return s', globals())\n  t += f(30)",
        "exec('def f(n): return sum(i + %d for i in range(n))' % k, globals())\n  t += f(30)",
    ];
    for body in programs {
        for threshold in ["threshold=10,function=1000000", "threshold=10,function=10,bridge=5"] {
            let kept = |rounds: u32| {
                let text = format!(
                    "def call(c, n):\n s = 0\n for i in range(n): s += c.m(i)\n return s\n\
                     def main(n):\n t = 0\n for k in range(n):\n  {body}\n return t\nmain({rounds})"
                );
                let counters = counters("tests", &["--gc-stress", "--jit", threshold, "-c", &text]);
                (of(&counters, "kept_bytes"), of(&counters, "died"))
            };
            let (few, many) = (kept(25), kept(120));
            assert!(many.1 > 5, "{threshold}\n{body}\n{} fragments died", many.1);
            assert!(many.0 < few.0 * 5 / 4 + (64 << 10), "{threshold}\n{body}\n{few:?} {many:?}");
        }
    }
}
