//! Random traces before and after the optimizer do the same: calls, exits, frames, heap.
//!
//! `HOOP_FUZZ_SEEDS=1000..2000` in the environment chooses other seeds.

use hoop_ir::fuzz::{Case, Kind, Options as Shape, arbitrary};
use hoop_ir::{FragmentId, Opcode, Optimize, OptimizeError, text};
use hoop_optimizer::{Optimizer, Options};
use std::ops::Range;

fn seeds(default: Range<u64>) -> Range<u64> {
    let given = std::env::var("HOOP_FUZZ_SEEDS").ok();
    let parsed = given.and_then(|s| {
        let (a, b) = s.split_once("..")?;
        Some(a.parse().ok()?..b.parse().ok()?)
    });
    parsed.unwrap_or(default)
}

/// Callees without an effect.
const UNSEEN: [&str; 5] = ["mix(", "blend(", "sum(", "peek(", "make("];

/// Optimizes a case with these passes and compares; false if a guard is known to fail always.
fn agrees(case: &Case, passes: &str, seed: u64) -> bool {
    let options = Options::parse(passes).expect("known passes");
    let peel = options.peel;
    let (machine, objects) = case.machine();
    let roots = case.root_words(&machine, &objects);
    let mut optimizer = Optimizer::new(options);
    let result = optimizer.optimize(FragmentId(0), case.trace.clone(), &roots, &case.descriptors, peel);
    let optimized = match result {
        Ok(t) => t,
        Err(OptimizeError::GuardAlwaysFails) => return false,
        Err(e) => panic!("seed {seed}: {e:?}"),
    };
    let (mut before, mut after) = (case.run(&case.trace), case.run(&optimized));
    // Calls that nobody can see may go.
    for report in [&mut before, &mut after] {
        report.calls.retain(|call| !UNSEEN.iter().any(|name| call.starts_with(name)));
    }
    assert!(
        before == after,
        "seed {seed}, {passes}:\n{}\n---- became\n{}\n---- gave\n{before:#?}\n---- and then\n{after:#?}",
        text::print(&case.trace, &case.descriptors),
        text::print_body(&optimized, &case.descriptors, &text::NoNames),
    );
    true
}

/// The trace asks whether two boxes are the same object: a float's box has no identity that is kept.
fn compares_boxes(case: &Case) -> bool {
    let is_box = |r: &hoop_ir::OpRef| !r.is_none() && case.trace.op(*r).code == Opcode::BoxFloat;
    case.trace.ops.iter().any(|op| op.code == Opcode::ValEq && op.args.iter().any(is_box))
}

fn run(kind: Kind, passes: &[&str], range: Range<u64>, instructions: u32) {
    let mut compared = 0;
    for seed in seeds(range) {
        let shape = Shape { kind, instructions: 1 + seed as u32 % instructions, ..Shape::default() };
        let case = arbitrary(seed, &shape);
        if compares_boxes(&case) {
            continue;
        }
        for p in passes {
            compared += agrees(&case, p, seed) as usize;
        }
    }
    assert!(compared > 0);
}

const SINGLE: [&str; 8] = [
    "fold",
    "kinds",
    "ranges",
    "guards",
    "virtuals",
    "heap",
    "cse",
    "fold,kinds,ranges,guards,virtuals,heap,cse,dce",
];

#[test]
fn single_passes_on_loops() {
    run(Kind::Loop, &SINGLE, 0..300, 30);
}

#[test]
fn single_passes_on_straight_traces() {
    run(Kind::Straight, &SINGLE, 0..200, 40);
}

#[test]
fn single_passes_on_bridges() {
    run(Kind::Bridge, &SINGLE, 0..200, 40);
}

#[test]
fn single_passes_on_labelled_loops() {
    run(Kind::Labelled, &SINGLE, 0..200, 30);
}

#[test]
fn peeled_loops() {
    run(Kind::Loop, &["all", "peel,dce", "virtuals,peel", "heap,kinds,virtuals,peel,dce"], 0..600, 30);
}
