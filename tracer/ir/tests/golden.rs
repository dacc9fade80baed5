//! Runs the text tests of the IR itself.

use hoop_ir::filetest::check_dir;

fn check(dir: &str) {
    let path = format!("{}/../../tests/ir/{dir}", env!("CARGO_MANIFEST_DIR"));
    match check_dir(path, &|_, _, _| None) {
        Ok(files) => assert!(files > 0, "no tests in {dir}"),
        Err(e) => panic!("\n{e}"),
    }
}

#[test]
fn core() {
    check("core");
}

#[test]
fn eval() {
    check("eval");
}
