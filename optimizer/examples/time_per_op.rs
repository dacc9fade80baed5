//! How long the optimizer takes per recorded operation: random traces of growing length, each pass set. The figure should
//! not grow with the length.

use hoop_ir::fuzz::{Kind, Options as Shape, arbitrary};
use hoop_ir::{FragmentId, Optimize};
use hoop_optimizer::{Optimizer, Options};
use std::time::Instant;

fn main() {
    println!("{:>8} {:>10} {:>10} {:>8}  passes", "ops", "ns/op", "us/trace", "after");
    for instructions in [10, 100, 400, 1000] {
        for passes in
            ["fold", "cse", "heap,virtuals", "fold,kinds,ranges,guards,virtuals,heap,cse,dce", "all"]
        {
            let (mut ops, mut after, mut time, mut traces) = (0, 0, 0, 0);
            for seed in 0..20 {
                let kind = if passes == "all" { Kind::Loop } else { Kind::Straight };
                let case = arbitrary(seed, &Shape { kind, instructions, ..Shape::default() });
                let mut optimizer = Optimizer::new(Options::parse(passes).expect("known passes"));
                let trace = case.trace.clone();
                let start = Instant::now();
                let result = optimizer.optimize(FragmentId(0), trace, &[], &case.descriptors, true);
                let taken = start.elapsed().as_nanos();
                if let Ok(t) = result {
                    (ops, after, time, traces) =
                        (ops + case.trace.ops.len(), after + t.ops.len(), time + taken, traces + 1);
                }
            }
            let (per_op, per_trace) = (time / ops.max(1) as u128, time / 1000 / traces.max(1));
            println!(
                "{:>8} {per_op:>10} {per_trace:>10} {:>8}  {passes}",
                ops / traces.max(1) as usize,
                after / traces.max(1) as usize
            );
        }
    }
}
