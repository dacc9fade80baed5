//! Random traces must do the same on the evaluator, as quick code and as the best code, so that what the code
//! generator's optimizations make of a trace is also compared with what it makes without them.
//!
//! `HOOP_FUZZ_SEEDS=1000..2000` in the environment chooses other seeds.

use hoop_ir::eval::EvalBackend;
use hoop_ir::fuzz::{Case, Kind, Options, arbitrary};
use hoop_ir::op::Ty;
use hoop_ir::stage::{Backend, Effort, Outcome, UnitTrace};
use hoop_ir::trace::{Entry, FragmentId};
use hoop_ir::{text, verify};
use std::ops::Range;

use super::world::{World, abi, address};
use crate::{BackendOptions, CraneliftBackend, RawMachine};

/// What a run did, without addresses.
fn run(case: &Case, world: &World, backend: &dyn Backend, effort: Effort) -> String {
    let objects = world.build(case);
    let roots = case.root_words(&world.machine, &objects);
    let inputs = case.input_words(&world.machine, &objects);
    let Entry::Loop { regs } = &case.trace.entry else { panic!("only loops are entered") };
    for (&reg, &word) in regs.iter().zip(&inputs) {
        world.ctx().frame[reg as usize] = word;
    }
    let unit = UnitTrace {
        fragment: FragmentId(0),
        trace: &case.trace,
        parent: None,
        roots: &roots,
        valid_flag: world.valid_flag(),
    };
    let compiled = backend.compile(&[unit], effort, &case.descriptors).expect("the trace compiles");
    let outcome = backend.enter(FragmentId(0), world.ctx.cast(), world.frame());
    let end = match outcome {
        Outcome::Finished => format!("finished {}", world.describe(&[(Ty::Val, world.exchange(1)[0])])),
        Outcome::Exit(exit) => {
            let exit = compiled.exits.iter().find(|e| e.exit == exit).expect("an exit of the unit");
            let args = case.trace.fail_args(exit.snapshot);
            let words = world.exchange(args.len());
            let values: Vec<(Ty, u64)> =
                args.iter().map(|&r| case.trace.ty(r)).zip(words.iter().copied()).collect();
            format!("exit by snapshot {}: {}", exit.snapshot.0, world.describe(&values))
        }
    };
    format!("{}\n{end}pending {}", world.log.borrow().join("\n"), world.ctx().pending)
}

fn check(seed: u64, options: &Options) {
    let case = arbitrary(seed, options);
    if let Err(e) = verify::verify(&case.trace, &case.descriptors) {
        panic!("seed {seed}: {e}");
    }
    let eval = EvalBackend::new(RawMachine::new(abi()));
    let expected = run(&case, &World::new(), &eval, Effort::Best);
    let heat = std::cell::Cell::new(i64::MAX);
    for effort in [Effort::Best, Effort::Quick { heat: heat.as_ptr() as usize }] {
        let machine =
            CraneliftBackend::new(abi(), BackendOptions::default()).expect("a backend for this machine");
        let found = run(&case, &World::new(), &machine, effort);
        if expected != found {
            let trace = text::print(&case.trace, &case.descriptors);
            panic!("seed {seed}, {effort:?}\n{trace}\n--- evaluator\n{expected}\n--- machine code\n{found}");
        }
    }
}

fn seeds(default: Range<u64>) -> Range<u64> {
    let given = std::env::var("HOOP_FUZZ_SEEDS").ok();
    let parsed = given.and_then(|s| {
        let (a, b) = s.split_once("..")?;
        Some(a.parse().ok()?..b.parse().ok()?)
    });
    parsed.unwrap_or(default)
}

fn all(kind: Kind, range: Range<u64>) {
    for seed in seeds(range) {
        let instructions = 4 + (seed % 40) as u32;
        let options = Options { kind, instructions, address, ..Options::default() };
        check(seed, &options);
    }
}

#[test]
fn loops() {
    all(Kind::Loop, 0..150);
}

#[test]
fn labelled_loops() {
    all(Kind::Labelled, 1000..1150);
}

#[test]
fn straight_traces() {
    all(Kind::Straight, 2000..2150);
}

/// `cargo test --release -p hoop-backend -- --ignored many_traces`
#[test]
#[ignore = "minutes"]
fn many_traces() {
    all(Kind::Loop, 10_000..14_000);
    all(Kind::Labelled, 20_000..26_000);
    all(Kind::Straight, 30_000..33_000);
}
