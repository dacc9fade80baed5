//! Before-and-after tests: `tests/ir/opt/**/*.ir`. A `run` line names the passes of one run joined by `+`.

use hoop_ir::{Descriptors, FragmentId, Optimize, Trace, filetest};
use hoop_optimizer::{Optimizer, Options};
use std::cell::RefCell;
use std::collections::BTreeMap;

#[test]
fn traces_before_and_after() {
    let fired: RefCell<BTreeMap<&'static str, u32>> = RefCell::default();
    let run = |name: &str, trace: Trace, descriptors: &Descriptors| {
        let options = Options::parse(&name.replace('+', ",")).ok()?;
        let peel = options.peel;
        let mut optimizer = Optimizer::new(options);
        let result = optimizer.optimize(FragmentId(0), trace, &[], descriptors, peel);
        for (rule, count) in optimizer.rule_hits().iter() {
            *fired.borrow_mut().entry(rule).or_default() += count;
        }
        Some(result.map_err(|e| format!("{e:?}")))
    };
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/ir/opt");
    match filetest::check_dir(dir, &run) {
        Ok(count) => assert!(count > 0, "no files"),
        Err(differences) => panic!("{differences}"),
    }
    let silent: Vec<_> = fired.borrow().iter().filter(|(_, n)| **n == 0).map(|(rule, _)| *rule).collect();
    assert!(silent.is_empty(), "rules that no test fires: {silent:?}");
}
