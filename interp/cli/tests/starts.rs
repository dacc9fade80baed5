//! The executable starts. Being an integration test of this package, it makes `cargo test --workspace` build `hoop`
//! before any test runs; the programs of `tests/` rely on that.

use std::process::Command;

/// The version is the one that the program sees.
#[test]
fn tells_its_version() {
    let shown = output(&["-V"]);
    let seen = output(&["-c", "import sys; print('Python %d.%d.%d' % sys.version_info[:3])"]);
    assert!(seen.starts_with("Python 3.14."), "{seen}");
    assert!(shown.starts_with(seen.trim_end()), "{shown} {seen}");
}

/// The executable joins the parts: native modules of both crates, the compiler, the JIT.
#[test]
fn runs_a_hot_loop() {
    let program = "import itertools, sys\nn = 0\nfor i in itertools.count():\n    n += i\n    if i > 9999: break\nprint(n)";
    assert_eq!(output(&["--jit", "on", "-c", program]), "50005000\n");
}

fn output(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_hoop")).args(words).output().expect("hoop starts");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
