//! The executable starts. Being an integration test of this package, it makes `cargo test --workspace` build `hoop`
//! before any test runs; the programs of `tests/` rely on that.

use std::process::Command;

#[test]
fn tells_its_version() {
    let output = Command::new(env!("CARGO_BIN_EXE_hoop")).arg("-V").output().expect("hoop starts");
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("Python 3."));
}
