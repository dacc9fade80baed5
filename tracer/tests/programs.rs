//! Toy programs in every mode: interpreted, recorded without optimizer on the evaluator. The answers agree, and the
//! counters say that what should be traced is.

mod toy;

use hoop_backend::{BackendOptions, CraneliftBackend};
use hoop_gc::GcConfig;
use hoop_ir::eval::EvalBackend;
use hoop_tracer::{Abort, NoOptimizer, Options, heap_abi};
use std::rc::Rc;
use toy::asm::{Const, Function, Program};
use toy::ops::Op;
use toy::*;

fn options(text: &str) -> Options {
    Options::parse(text).expect("good options")
}

/// Recorded, not optimized, on the evaluator.
fn evaluated(text: &str) -> Mode {
    Mode::Trace(
        options(text),
        Box::new(|vm| {
            let state = Rc::new(machine::RawState::default());
            vm.machine = Some(state.clone());
            (Box::new(NoOptimizer), Box::new(EvalBackend::new(machine::RawMachine::new(state))))
        }),
    )
}

/// Recorded, optimized by these passes, on the evaluator.
fn optimized(text: &str, passes: &'static str) -> Mode {
    Mode::Trace(
        options(text),
        Box::new(move |vm| {
            let state = Rc::new(machine::RawState::default());
            vm.machine = Some(state.clone());
            let passes = hoop_optimizer::Options::parse(passes).expect("pass names");
            let optimizer = hoop_optimizer::Optimizer::new(passes);
            (Box::new(optimizer), Box::new(EvalBackend::new(machine::RawMachine::new(state))))
        }),
    )
}

/// To machine code, optimized by these passes.
fn compiled(text: &str, passes: &'static str) -> Mode {
    Mode::Trace(
        options(text),
        Box::new(move |_| {
            let passes = hoop_optimizer::Options::parse(passes).expect("pass names");
            let backend = CraneliftBackend::new(heap_abi::<Toy>(), BackendOptions::default());
            (
                Box::new(hoop_optimizer::Optimizer::new(passes)),
                Box::new(backend.expect("this machine is supported")),
            )
        }),
    )
}

/// The program traced, after its answer was compared with the interpreter's.
fn traced(program: &Program, text: &str) -> Finished {
    let plain = run(program, &Mode::Interpret).answer;
    let modes = [optimized(text, "all"), compiled(text, "off"), compiled(text, "all"), evaluated(text)];
    let mut last = None;
    for (i, mode) in modes.iter().enumerate() {
        let mut finished = run(program, mode);
        let report = finished.report();
        assert_eq!(finished.answer, plain, "mode {i}\n{report}");
        assert_eq!(finished.counter("guard_after_effect"), 0, "mode {i}\n{report}");
        last = Some(finished);
    }
    last.expect("the evaluator's run")
}

const EAGER: &str = "threshold=3,function=5,bridge=2,check=1";

/// `for i in range(n): body`; i in register 0, n in 1, scratch from 2 on.
fn loop_to(f: &mut Function, n: i64, body: impl FnOnce(&mut Function)) {
    f.int(0, 0);
    f.int(1, n);
    f.int(3, 1);
    let head = f.here();
    f.op(Op::Loop, 0, 0, 0);
    f.op(Op::Lt, 2, 0, 1);
    let end = f.label();
    f.jump_if_false(2, end);
    body(f);
    f.op(Op::Add, 0, 0, 3);
    f.jump(head);
    f.bind(end);
}

#[test]
fn int_loop() {
    let mut f = Function::new("main", 0);
    f.int(4, 0);
    loop_to(&mut f, 1000, |f| f.op(Op::Add, 4, 4, 0));
    f.op(Op::Return, 4, 0, 0);
    let done = traced(&Program::of(f), EAGER);
    assert_eq!(done.answer.result, "499500");
    assert_eq!((done.counter("loops"), done.counter("exits")), (1, 1));
    assert!(done.vm.instructions < 100, "{}", done.vm.instructions);
}

#[test]
fn types_change_on_the_way() {
    let mut f = Function::new("main", 0);
    f.int(4, (1 << 62) - 500);
    loop_to(&mut f, 1000, |f| f.op(Op::Add, 4, 4, 0));
    f.op(Op::Return, 4, 0, 0);
    let done = traced(&Program::of(f), EAGER);
    assert!(done.counter("bridges") >= 1);
}

fn alternating() -> Program {
    let mut f = Function::new("main", 0);
    f.int(4, 0);
    loop_to(&mut f, 300, |f| {
        f.op(Op::Odd, 5, 0, 0);
        let (other, end) = (f.label(), f.label());
        f.jump_if_false(5, other);
        f.op(Op::Add, 4, 4, 0);
        f.jump(end);
        f.bind(other);
        f.op(Op::Sub, 4, 4, 3);
        f.bind(end);
    });
    f.op(Op::Return, 4, 0, 0);
    Program::of(f)
}

#[test]
fn bridges_come_back_to_the_loop() {
    let done = traced(&alternating(), &format!("{EAGER},warm=0"));
    assert_eq!(done.counter("bridges"), 1);
    assert!(done.counter("exits") < 8, "{}", done.counter("exits"));
}

#[test]
fn units_hold_loop_and_bridges() {
    let done = traced(&alternating(), &format!("{EAGER},warm=30"));
    assert_eq!((done.counter("units"), done.counter("unit_failures")), (1, 0));
    assert!(done.counter("exits") < 8);
}

fn nested() -> Program {
    let mut f = Function::new("main", 0);
    f.int(10, 0);
    f.int(11, 0);
    f.int(12, 40);
    f.int(13, 1);
    let head = f.here();
    f.op(Op::Loop, 0, 0, 0);
    f.op(Op::Lt, 14, 11, 12);
    let end = f.label();
    f.jump_if_false(14, end);
    loop_to(&mut f, 50, |f| f.op(Op::Add, 10, 10, 0));
    f.op(Op::Add, 11, 11, 13);
    f.jump(head);
    f.bind(end);
    f.op(Op::Return, 10, 0, 0);
    Program::of(f)
}

#[test]
fn nested_loops_stay_in_machine_code() {
    let mut done = traced(&nested(), EAGER);
    assert_eq!(done.answer.result, "49000");
    let report = done.report();
    assert!(done.counter("loops") >= 1 && done.counter("bridges") >= 1, "{report}");
    assert!(done.counter("exits") < 20, "{report}");
}

fn calls(n: i64, callee: Function) -> Program {
    let mut f = Function::new("main", 0);
    f.int(4, 0);
    loop_to(&mut f, n, |f| {
        let k = f.k(Const::Code(1));
        f.op(Op::Call, 5, k, 0);
        f.op(Op::Add, 4, 4, 5);
    });
    f.op(Op::Return, 4, 0, 0);
    Program { functions: vec![f, callee], globals: vec![7] }
}

#[test]
fn calls_are_inlined() {
    let mut g = Function::new("double", 1);
    g.op(Op::Add, 1, 0, 0);
    g.op(Op::Return, 1, 0, 0);
    let done = traced(&calls(200, g), "threshold=3,function=1000,bridge=2,check=1");
    assert_eq!(done.answer.result, "39800");
    assert_eq!((done.counter("loops"), done.counter("exits")), (1, 1));
}

#[test]
fn a_guard_in_an_inlined_callee_grows_a_bridge() {
    let mut g = Function::new("pick", 1);
    g.op(Op::Odd, 1, 0, 0);
    let other = g.label();
    g.jump_if_false(1, other);
    g.op(Op::Return, 0, 0, 0);
    g.bind(other);
    g.int(1, 100);
    g.op(Op::Return, 1, 0, 0);
    let mut done = traced(&calls(200, g), "threshold=3,function=1000,bridge=2,check=1");
    let report = done.report();
    assert!(done.counter("bridges") >= 1 && done.counter("exits") < 8, "{report}");
}

#[test]
fn recursion_is_cut_off() {
    let mut g = Function::new("fib", 1);
    let deep = g.label();
    g.int(1, 2);
    g.op(Op::Lt, 2, 0, 1);
    g.jump_if_false(2, deep);
    g.op(Op::Return, 0, 0, 0);
    g.bind(deep);
    g.int(3, 1);
    g.op(Op::Sub, 4, 0, 3);
    let k = g.k(Const::Code(1));
    g.op(Op::Call, 5, k, 4);
    g.op(Op::Sub, 4, 0, 1);
    g.op(Op::Call, 6, k, 4);
    g.op(Op::Add, 5, 5, 6);
    g.op(Op::Return, 5, 0, 0);
    let mut done = traced(&calls(14, g), EAGER);
    assert_eq!(done.answer.result, "609");
    let report = done.report();
    assert!(done.counter("functions") >= 1, "{report}");
}

#[test]
fn compiled_functions_call_each_other() {
    let mut g = Function::new("count", 1);
    let deep = g.label();
    g.int(1, 1);
    g.op(Op::Lt, 2, 0, 1);
    g.jump_if_false(2, deep);
    g.op(Op::Return, 0, 0, 0);
    g.bind(deep);
    g.op(Op::Sub, 3, 0, 1);
    let k = g.k(Const::Code(1));
    g.op(Op::Call, 4, k, 3);
    g.op(Op::Add, 4, 4, 1);
    g.op(Op::Return, 4, 0, 0);
    let mut done = traced(&calls(60, g), EAGER);
    let report = done.report();
    assert!(done.counter("fragment_calls") >= 1 && done.counter("finishes") >= 1, "{report}");
}

/// Counts down to 1 by way of another function.
fn counts_by(name: &'static str, other: usize) -> Function {
    let mut g = Function::new(name, 1);
    let deep = g.label();
    g.int(1, 1);
    g.op(Op::Lt, 2, 0, 1);
    g.jump_if_false(2, deep);
    g.op(Op::Return, 0, 0, 0);
    g.bind(deep);
    g.op(Op::Sub, 3, 0, 1);
    let k = g.k(Const::Code(other));
    g.op(Op::Call, 4, k, 3);
    g.op(Op::Add, 4, 4, 1);
    g.op(Op::Return, 4, 0, 0);
    g
}

#[test]
fn functions_that_call_each_other_stay_in_machine_code() {
    let entries = |n| {
        let mut program = calls(n, counts_by("ping", 2));
        program.functions.push(counts_by("pong", 1));
        let done = traced(&program, "threshold=3,function=4,bridge=3,check=1,recursion=1");
        assert!(done.counter("fragment_calls") >= 2);
        done.counter("entries")
    };
    let (short, long) = (entries(40), entries(120));
    assert!(long < short + 20, "{short} entries for 40 calls, {long} for 120");
}

/// `deep(n)` calls itself for ever when n is 40.
fn runaway() -> Program {
    let mut g = Function::new("deep", 1);
    let down = g.label();
    g.int(1, 40);
    g.op(Op::Lt, 2, 0, 1);
    g.jump_if_false(2, down);
    g.int(3, 1);
    g.op(Op::Lt, 2, 0, 3);
    let more = g.label();
    g.jump_if_false(2, more);
    g.op(Op::Return, 0, 0, 0);
    g.bind(more);
    g.op(Op::Sub, 0, 0, 3);
    g.bind(down);
    let k = g.k(Const::Code(1));
    g.op(Op::Call, 5, k, 0);
    g.op(Op::Return, 5, 0, 0);
    calls(60, g)
}

#[test]
fn runaway_recursion_of_compiled_functions_is_an_error() {
    let run = || {
        let done = traced(&runaway(), EAGER);
        assert!(done.answer.result.starts_with("raised"), "{:?}", done.answer);
    };
    std::thread::Builder::new().stack_size(256 << 20).spawn(run).expect("a thread").join().expect("no panic");
}

#[test]
fn exceptions_are_caught_inside_and_outside() {
    let mut g = Function::new("thrower", 1);
    g.op(Op::Odd, 1, 0, 0);
    let fine = g.label();
    g.jump_if_false(1, fine);
    g.op(Op::First, 1, 0, 0);
    g.bind(fine);
    g.int(2, -1);
    g.op(Op::Mul, 2, 2, 0);
    g.op(Op::Picky, 1, 2, 0);
    g.op(Op::Return, 1, 0, 0);
    let mut f = Function::new("main", 0);
    f.int(4, 0);
    loop_to(&mut f, 100, |f| {
        let from = f.here();
        let k = f.k(Const::Code(1));
        f.op(Op::Call, 5, k, 0);
        f.op(Op::Add, 4, 4, 5);
        let to = f.here();
        let (target, end) = (f.label(), f.label());
        f.jump(end);
        f.bind(target);
        f.op(Op::Payload, 6, 7, 0);
        f.op(Op::Add, 4, 4, 6);
        f.bind(end);
        f.handler(from, to, target, 7);
    });
    f.op(Op::Return, 4, 0, 0);
    let program = Program { functions: vec![f, g], globals: vec![] };
    let mut done = traced(&program, "threshold=3,function=1000,bridge=2,check=1");
    let report = done.report();
    assert!(done.counter("exits") < 40, "{report}");
}

#[test]
fn generators_are_inlined() {
    let mut g = Function::new("numbers", 1);
    g.generator = true;
    g.int(1, 0);
    g.int(2, 1);
    let head = g.here();
    g.op(Op::Loop, 0, 0, 0);
    g.op(Op::Lt, 3, 1, 0);
    let end = g.label();
    g.jump_if_false(3, end);
    g.op(Op::Yield, 1, 0, 0);
    g.op(Op::Add, 1, 1, 2);
    g.jump(head);
    g.bind(end);
    g.op(Op::Return, 1, 0, 0);
    let mut f = Function::new("main", 0);
    f.int(0, 0);
    f.int(2, 200);
    let k = f.k(Const::Code(1));
    f.op(Op::NewGen, 1, k, 2);
    let head = f.here();
    f.op(Op::Loop, 0, 0, 0);
    let end = f.label();
    f.gen_next(3, 1, end);
    f.op(Op::Add, 0, 0, 3);
    f.jump(head);
    f.bind(end);
    f.op(Op::Return, 0, 0, 0);
    let program = Program { functions: vec![f, g], globals: vec![] };
    let mut done = traced(&program, EAGER);
    assert_eq!(done.answer.result, "19900");
    let report = done.report();
    assert!(done.counter("loops") >= 1 && done.counter("exits") < 15, "{report}");
}

#[test]
fn assumptions_break_and_heal() {
    let mut f = Function::new("main", 0);
    f.int(4, 0);
    f.int(8, 150);
    loop_to(&mut f, 300, |f| {
        let k = f.k(Const::Global(0));
        f.op(Op::LoadGlobal, 5, k, 0);
        f.op(Op::Add, 4, 4, 5);
        f.op(Op::Same, 6, 0, 8);
        let no = f.label();
        f.jump_if_false(6, no);
        f.op(Op::StoreGlobal, 0, k, 0);
        f.bind(no);
    });
    f.op(Op::Return, 4, 0, 0);
    let program = Program { functions: vec![f], globals: vec![7] };
    let mut done = traced(&program, EAGER);
    let report = done.report();
    assert!(done.counter("invalidated") >= 1 && done.counter("loops") >= 2, "{report}");
    assert!(done.vm.instructions < 600, "{report}");
}

#[test]
fn an_opaque_call_runs_its_own_loop() {
    let mut g = Function::new("inner", 1);
    g.int(4, 0);
    loop_to(&mut g, 20, |f| f.op(Op::Add, 4, 4, 0));
    g.op(Op::Return, 4, 0, 0);
    let mut done = traced(&calls(60, g), EAGER);
    let report = done.report();
    assert!(done.counter("loops") >= 2, "{report}");
}

#[test]
fn lists_change_strategy() {
    let mut f = Function::new("main", 0);
    f.int(4, 10);
    f.op(Op::NewList, 5, 4, 0);
    f.int(6, 3);
    f.int(8, 70);
    loop_to(&mut f, 200, |f| {
        f.op(Op::SetItem, 5, 6, 0);
        f.op(Op::Same, 7, 0, 8);
        let no = f.label();
        f.jump_if_false(7, no);
        f.load(7, Const::None);
        f.op(Op::SetItem, 5, 3, 7);
        f.bind(no);
        f.op(Op::GetItem, 7, 5, 6);
    });
    f.op(Op::Print, 5, 0, 0);
    f.op(Op::Return, 7, 0, 0);
    let mut done = traced(&Program::of(f), EAGER);
    let report = done.report();
    assert!(done.counter("bridges") >= 1, "{report}");
}

#[test]
fn interrupts_are_served() {
    let mut f = Function::new("main", 0);
    f.int(8, 50);
    loop_to(&mut f, 100, |f| {
        f.op(Op::Same, 7, 0, 8);
        let no = f.label();
        f.jump_if_false(7, no);
        f.op(Op::Interrupt, 0, 0, 0);
        f.bind(no);
    });
    f.op(Op::Return, 0, 0, 0);
    let done = traced(&Program::of(f), EAGER);
    assert_eq!(done.vm.interrupts, 1);
}

fn nested_lists() -> Program {
    let mut f = Function::new("main", 0);
    f.op(Op::NewTuple, 6, 0, 0);
    loop_to(&mut f, 60, |f| {
        f.op(Op::NewTuple, 4, 0, 1);
        f.op(Op::NewTuple, 5, 4, 4);
        f.op(Op::NewTuple, 6, 5, 4);
        f.op(Op::Odd, 7, 0, 0);
        let no = f.label();
        f.jump_if_false(7, no);
        f.op(Op::Print, 6, 0, 0);
        f.bind(no);
    });
    f.op(Op::Return, 6, 0, 0);
    Program::of(f)
}

fn agree_under_stress(program: &Program, modes: &[Mode]) {
    let plain = run(program, &Mode::Interpret).answer;
    for stress_every in 1..5 {
        let gc = GcConfig { stress_every, poison: true, verify: true, ..GcConfig::default() };
        for mode in modes {
            assert_eq!(run_with(program, mode, gc).answer, plain);
        }
    }
}

#[test]
fn nested_lists_are_whole_for_the_collector() {
    agree_under_stress(&nested_lists(), &[evaluated(EAGER), compiled(EAGER, "off")]);
}

/// As above, where they exist only in traces until a call or an exit needs them.
#[test]
fn materialised_lists_are_whole_for_the_collector() {
    agree_under_stress(&nested_lists(), &[optimized(EAGER, "all"), compiled(EAGER, "all")]);
}

#[test]
fn long_traces_are_cut() {
    let mut f = Function::new("main", 0);
    f.int(4, 0);
    loop_to(&mut f, 100, |f| (0..200).for_each(|_| f.op(Op::Add, 4, 4, 0)));
    f.op(Op::Return, 4, 0, 0);
    let mut done = traced(&Program::of(f), &format!("{EAGER},trace_limit=150"));
    let report = done.report();
    assert!(done.counter("bridges") > 2, "{report}");
}

#[test]
fn a_small_code_budget_drops_the_oldest() {
    let mut f = Function::new("main", 0);
    f.int(4, 0);
    for _ in 0..6 {
        loop_to(&mut f, 40, |f| f.op(Op::Add, 4, 4, 0));
    }
    f.op(Op::Return, 4, 0, 0);
    let program = Program::of(f);
    let all = traced(&program, EAGER);
    assert_eq!((all.counter("loops"), all.counter("evicted")), (6, 0));
    let budget = all.counter("kept_bytes") / 1024 / 2;
    let few = traced(&program, &format!("{EAGER},code_kb={budget}"));
    assert_eq!(few.counter("loops"), 6);
    assert!(few.counter("evicted") >= 2, "{} evicted", few.counter("evicted"));
    assert!(few.counter("kept_bytes") <= budget * 1024, "{} bytes kept", few.counter("kept_bytes"));
}

#[test]
fn nothing_is_recorded_below_the_threshold() {
    let done = traced(&alternating(), "threshold=1000,function=1000");
    assert_eq!(done.counter("recordings"), 0);
}

#[test]
fn texts_of_every_stage_are_stable() {
    let dumped = || {
        let texts = Rc::new(std::cell::RefCell::new(String::new()));
        let sink = texts.clone();
        let dump = Box::new(move |stage: hoop_tracer::Stage, title: &str, text: &str| {
            sink.borrow_mut().push_str(&format!("== {} {title}\n{text}\n", stage.text()));
        });
        run_dumping(&alternating(), &evaluated(EAGER), GcConfig::default(), Some(dump));
        texts.take()
    };
    let text = dumped();
    assert_eq!(text, dumped());
    assert!(text.contains("== recorded loop 1 at main:"), "{text}");
    assert!(text.contains("guard_true") && !text.contains("0x7f"), "{text}");
}

fn compare(seed: u64, mode: &Mode, gc: GcConfig, what: &str) {
    let program = random::program(seed);
    let plain = run(&program, &Mode::Interpret).answer;
    let mut finished = run_with(&program, mode, gc);
    let report = finished.report();
    assert_eq!(finished.answer, plain, "seed {seed}, {what}\n{report}");
    let tracer = finished.vm.tracer.as_ref().expect("traced");
    for reason in [Abort::GuardAfterEffect, Abort::DeadRegister, Abort::ZeroRead, Abort::Malformed] {
        assert_eq!(tracer.counters().aborts(reason), 0, "seed {seed}, {what}: {}", reason.text());
    }
}

#[test]
fn random_programs_agree() {
    for seed in 0..400 {
        let text = ["warm=5", "warm=0", "trace_limit=60", "recursion=1,inline=1"][seed as usize % 4];
        let mode = evaluated(&format!("{EAGER},{text}"));
        compare(seed, &mode, GcConfig::default(), text);
    }
}

#[test]
fn random_programs_agree_optimized() {
    for seed in 0..300 {
        let text = ["warm=5", "warm=0", "trace_limit=60", "recursion=1,inline=1"][seed as usize % 4];
        let mode = optimized(&format!("{EAGER},{text}"), "all");
        compare(seed, &mode, GcConfig::default(), text);
    }
}

#[test]
fn random_programs_agree_compiled() {
    for seed in 0..60 {
        let text = ["warm=5", "warm=0"][seed as usize % 2];
        let passes = ["all", "off"][seed as usize / 2 % 2];
        let mode = compiled(&format!("{EAGER},{text}"), passes);
        compare(seed, &mode, GcConfig::default(), text);
    }
}

#[test]
fn random_programs_agree_under_collection_stress() {
    let gc = GcConfig { stress_every: 7, poison: true, ..GcConfig::default() };
    for seed in 10000..10040 {
        compare(seed, &evaluated(EAGER), gc, "stress");
    }
}

/// Many more seeds: `TOY_SEEDS=1000..5000 cargo test -p hoop-tracer -- --ignored soak`.
#[test]
#[ignore = "long; the seeds come from TOY_SEEDS"]
fn soak() {
    let range = std::env::var("TOY_SEEDS").unwrap_or_else(|_| "1000..1400".into());
    let (from, to) = range.split_once("..").expect("a range");
    for seed in from.parse::<u64>().expect("a number")..to.parse().expect("a number") {
        let text = ["warm=5", "warm=0", "trace_limit=60", "recursion=1,inline=1"][seed as usize / 8 % 4];
        let text = format!("{EAGER},{text}");
        let stress =
            GcConfig { stress_every: 1 + seed as u32 % 5, poison: true, verify: true, ..GcConfig::default() };
        let gc = if seed % 2 == 0 { stress } else { GcConfig::default() };
        let mode = match seed / 2 % 4 {
            0 => evaluated(&text),
            1 => compiled(&text, "off"),
            2 => compiled(&text, "all"),
            _ => optimized(&text, "all"),
        };
        compare(seed, &mode, gc, &text);
    }
}
