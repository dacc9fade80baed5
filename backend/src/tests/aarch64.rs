//! Random traces compile for aarch64 too (they are not run).

use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa;
use cranelift_frontend::FunctionBuilderContext;
use hoop_ir::fuzz::{Kind, Options, arbitrary};
use hoop_ir::stage::UnitTrace;
use hoop_ir::trace::FragmentId;

use super::world::{World, abi, address};
use crate::abi::SaveArea;
use crate::lower::{Environment, lower_unit};
use crate::options::BackendOptions;
use crate::{stubs, target};

#[test]
fn random_traces_and_stubs_compile() {
    let builder = isa::lookup_by_name("aarch64-unknown-linux-gnu").expect("the test build has the target");
    let isa = target::finish(builder, &BackendOptions::default()).expect("settings");
    let heap = abi();
    let (mut context, mut builder) = (Context::new(), FunctionBuilderContext::new());
    for seed in 0..60 {
        let kind = [Kind::Loop, Kind::Labelled, Kind::Bridge, Kind::Straight][seed as usize % 4];
        let case = arbitrary(seed, &Options { kind, instructions: 40, address, ..Options::default() });
        let world = World::new();
        let objects = world.build(&case);
        let roots = case.root_words(&world.machine, &objects);
        let unit = [UnitTrace {
            fragment: FragmentId(0),
            trace: &case.trace,
            parent: None,
            roots: &roots,
            valid_flag: 64,
        }];
        let env = Environment {
            isa: &*isa,
            heap: &heap,
            descriptors: &case.descriptors,
            native_rounding: target::has_native_rounding(&*isa),
            deopt: 4096,
            left_by_exit: 4096,
            left_data: 4096,
            listings: false,
            fragments: &|_| None,
        };
        context.clear();
        lower_unit(&mut context.func, &mut builder, &env, &unit, &mut 0).expect("the trace is lowered");
        let code = context.compile(&*isa, &mut ControlPlane::default()).expect("the function compiles");
        assert!(code.buffer.relocs().is_empty());
    }
    for stub in [0, 1] {
        context.clear();
        match stub {
            0 => stubs::trampoline(&mut context, &mut builder, &*isa),
            _ => stubs::deopt(&mut context, &mut builder, &*isa, &SaveArea::default()),
        }
        assert!(context.compile(&*isa, &mut ControlPlane::default()).is_ok());
    }
}
