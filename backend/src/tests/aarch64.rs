//! Every operation compiles for aarch64 too (the code is not run).

use std::sync::Arc;

use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::{self, TargetIsa};
use cranelift_frontend::FunctionBuilderContext;
use hoop_ir::descr::Descriptors;
use hoop_ir::fuzz::{Kind, Options, arbitrary};
use hoop_ir::op::Ty;
use hoop_ir::stage::{Effort, UnitTrace};
use hoop_ir::trace::{FragmentId, Trace};

use super::flow::fib;
use super::ops::{Source, codes, trace_of};
use super::world::{World, abi, address};
use crate::abi::{Interface, SaveArea};
use crate::lower::{Environment, lower_unit};
use crate::options::BackendOptions;
use crate::{stubs, target};

fn machine(best: bool) -> Arc<dyn TargetIsa> {
    let builder = isa::lookup_by_name("aarch64-unknown-linux-gnu").expect("the test build has the target");
    target::finish(builder, &BackendOptions::default(), best).expect("settings")
}

fn compile(isa: &dyn TargetIsa, trace: &Trace, effort: Effort, descriptors: &Descriptors, roots: &[u64]) {
    let own = Interface::new(&trace.entry);
    let heap = abi();
    let unit = [UnitTrace { fragment: FragmentId(0), trace, parent: None, roots, valid_flag: 64 }];
    let env = Environment {
        isa,
        heap: &heap,
        effort,
        descriptors,
        native_rounding: target::has_native_rounding(isa),
        deopt: 4096,
        cold: Default::default(),
        left_by_exit: 4096,
        left_data: 4096,
        listings: false,
        fragments: &|_| Some(&own),
    };
    let mut context = Context::new();
    lower_unit(&mut context.func, &mut FunctionBuilderContext::new(), &env, &unit, &mut 0)
        .expect("the trace is lowered");
    let code = context.compile(isa, &mut ControlPlane::default()).expect("the function compiles");
    assert!(code.buffer.relocs().is_empty());
}

#[test]
fn pure_operations() {
    let isa = machine(true);
    for code in [Ty::Int, Ty::Float, Ty::Bool, Ty::Val].into_iter().flat_map(codes) {
        for b in [Source::Memory, Source::Constant] {
            let mut d = Descriptors::default();
            let trace = trace_of(code, (Source::Memory, 3), (b, 7), &mut d);
            compile(&*isa, &trace, Effort::Best, &d, &[0]);
        }
    }
}

#[test]
fn random_traces_and_functions() {
    let [quick, best] = [false, true].map(machine);
    for seed in 0..60 {
        let kind = [Kind::Loop, Kind::Labelled, Kind::Bridge, Kind::Straight][seed as usize % 4];
        let case = arbitrary(seed, &Options { kind, instructions: 40, address, ..Options::default() });
        let world = World::new();
        let objects = world.build(&case);
        let roots = case.root_words(&world.machine, &objects);
        let (isa, effort) =
            if seed % 3 == 0 { (&quick, Effort::Quick { heat: 4096 }) } else { (&best, Effort::Best) };
        compile(&**isa, &case.trace, effort, &case.descriptors, &roots);
    }
    compile(&*best, &fib().0, Effort::Best, &Descriptors::default(), &[0]);
}

#[test]
fn stubs_compile() {
    let (isa, mut builder) = (machine(true), FunctionBuilderContext::new());
    let mut context = Context::new();
    stubs::trampoline(&mut context, &mut builder, &*isa);
    assert!(context.compile(&*isa, &mut ControlPlane::default()).is_ok());
    context.clear();
    stubs::deopt(&mut context, &mut builder, &*isa, &SaveArea::default());
    assert!(context.compile(&*isa, &mut ControlPlane::default()).is_ok());
}
