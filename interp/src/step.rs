//! The step loop: dispatch of one instruction over any engine, the interpreter's loop, and this language's `Guest`.

use crate::execution;
use crate::ops::{
    a, arith, attr, b, build, c, call, compare, control, exception, generator, item, iter, name, opaque,
    table,
};
use hoop_bytecode::{Instr, Op};
use hoop_engine::{Engine, Guest, HeaderState, NewFrame, Reg, Run, RunExit, Step};
use hoop_gc::Value;
use hoop_object::code::{SiteCache, code_data, decode};
use hoop_object::errors::Raise;
use hoop_object::layout::GEN_REGISTERS;
use hoop_object::operator::{BinOp, CmpOp};
use hoop_object::panics::{self, Held};
use hoop_object::vm::{PyEngine, Vm};
use std::cell::Cell;
use std::hint::cold_path;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What one instruction did, as the interpreter's loop sees it.
enum Did {
    Next,
    Done,
    /// It was a loop header that is hot or compiled; it has not been passed.
    HotLoop,
    /// It pushed a frame of a function that is hot or compiled.
    HotFunction,
}

impl From<Step> for Did {
    #[inline(always)]
    fn from(step: Step) -> Did {
        match step {
            Step::Next => Did::Next,
            Step::Done => Did::Done,
        }
    }
}

/// The instructions that [`rare`] executes: each has a name here, so that the dispatch knows of no others.
macro_rules! rare_op {
    () => {
        Op::ListExtend
            | Op::SetAdd
            | Op::SetUpdate
            | Op::DictUpdate
            | Op::DictMerge
            | Op::ListToTuple
            | Op::FormatSpec
            | Op::Convert
            | Op::LoadBuildClass
            | Op::Raise
            | Op::RaiseFrom
            | Op::RaiseCurrent
            | Op::Reraise
            | Op::PushHandled
            | Op::PopHandled
            | Op::ExcMatch
            | Op::WithExcept
            | Op::LoadAssertionError
            | Op::Import
            | Op::ImportFrom
            | Op::ImportStar
    };
}

/// Executes the instruction `i`, already fetched. `STOP`: count passes and stop where the tracer should have a look.
#[inline(always)]
fn execute<E: PyEngine, const STOP: bool>(e: &mut E, i: Instr) -> Result<Did, Raise> {
    match i.op {
        Op::Nop => {}
        Op::Move => {
            let v = e.load(b(i));
            e.store(a(i), v);
        }
        Op::LoadConst => control::load_const(e, i),
        Op::LoadInt => {
            let v = e.val(Value::int(i.imm32() as i64));
            e.store(a(i), v);
        }
        Op::CheckBound => control::check_bound(e, i)?,
        Op::Unbind => {
            let v = e.val(Value::UNBOUND);
            e.store(a(i), v);
        }
        Op::MakeCell => name::make_cell(e, i),
        Op::LoadCell => name::load_cell(e, i)?,
        Op::StoreCell => name::store_cell(e, i),
        Op::DelCell => name::del_cell(e, i)?,
        Op::CopyFree => name::copy_free(e, i),
        Op::LoadGlobal => name::load_global(e, i)?,
        Op::StoreGlobal => name::store_global(e, i)?,
        Op::DelGlobal => name::del_global(e, i)?,
        Op::LoadName => name::load_name(e, i, i.bc(), None)?,
        Op::LoadNameOrCell => name::load_name(e, i, u32::from(i.c), Some(b(i)))?,
        Op::StoreName => name::store_name(e, i)?,
        Op::DelName => name::del_name(e, i)?,
        Op::LoadAttr => attr::load_attr(e, i)?,
        Op::StoreAttr => attr::store_attr(e, i)?,
        Op::DelAttr => attr::del_attr(e, i)?,
        Op::LoadMethod => attr::load_method(e, i)?,
        Op::LoadSpecial => attr::load_special(e, i)?,
        Op::LoadSuperAttr => attr::load_super(e, i, false)?,
        Op::LoadSuperMethod => attr::load_super(e, i, true)?,
        Op::GetItem => item::get_item(e, i)?,
        Op::SetItem => item::set_item(e, i)?,
        Op::DelItem => item::del_item(e, i)?,
        Op::BuildSlice => build::build_slice(e, i),
        Op::Add => arith::add_like(e, i, BinOp::Add, false)?,
        Op::Sub => arith::add_like(e, i, BinOp::Sub, false)?,
        Op::Mul => arith::add_like(e, i, BinOp::Mul, false)?,
        Op::TrueDiv => arith::true_div(e, i, false)?,
        Op::FloorDiv => arith::floor_div(e, i, BinOp::FloorDiv, false)?,
        Op::Mod => arith::floor_div(e, i, BinOp::Mod, false)?,
        Op::Pow | Op::IPow => arith::pow(e, i, i.op == Op::IPow)?,
        Op::MatMul | Op::IMatMul => arith::any(e, i, BinOp::MatMul, i.op == Op::IMatMul)?,
        Op::LShift => arith::shift(e, i, BinOp::LShift, false)?,
        Op::RShift => arith::shift(e, i, BinOp::RShift, false)?,
        Op::And => arith::bitwise(e, i, BinOp::And, false)?,
        Op::Or => arith::bitwise(e, i, BinOp::Or, false)?,
        Op::Xor => arith::bitwise(e, i, BinOp::Xor, false)?,
        Op::IAdd => arith::add_like(e, i, BinOp::Add, true)?,
        Op::ISub => arith::add_like(e, i, BinOp::Sub, true)?,
        Op::IMul => arith::add_like(e, i, BinOp::Mul, true)?,
        Op::ITrueDiv => arith::true_div(e, i, true)?,
        Op::IFloorDiv => arith::floor_div(e, i, BinOp::FloorDiv, true)?,
        Op::IMod => arith::floor_div(e, i, BinOp::Mod, true)?,
        Op::ILShift => arith::shift(e, i, BinOp::LShift, true)?,
        Op::IRShift => arith::shift(e, i, BinOp::RShift, true)?,
        Op::IAnd => arith::bitwise(e, i, BinOp::And, true)?,
        Op::IOr => arith::bitwise(e, i, BinOp::Or, true)?,
        Op::IXor => arith::bitwise(e, i, BinOp::Xor, true)?,
        Op::Append | Op::IAppend => arith::append(e, i)?,
        Op::Share => arith::share(e, i)?,
        Op::AddImm => arith::add_imm(e, i, BinOp::Add, false)?,
        Op::SubImm => arith::add_imm(e, i, BinOp::Sub, false)?,
        Op::IAddImm => arith::add_imm(e, i, BinOp::Add, true)?,
        Op::ISubImm => arith::add_imm(e, i, BinOp::Sub, true)?,
        Op::Neg => arith::unary(e, i, 0)?,
        Op::Pos => arith::unary(e, i, 1)?,
        Op::Invert => arith::unary(e, i, 2)?,
        Op::Not => control::not(e, i)?,
        Op::Lt => compare::compare(e, i, CmpOp::Lt)?,
        Op::Le => compare::compare(e, i, CmpOp::Le)?,
        Op::Eq => compare::compare(e, i, CmpOp::Eq)?,
        Op::Ne => compare::compare(e, i, CmpOp::Ne)?,
        Op::Gt => compare::compare(e, i, CmpOp::Gt)?,
        Op::Ge => compare::compare(e, i, CmpOp::Ge)?,
        Op::Is => compare::is(e, i, false)?,
        Op::IsNot => compare::is(e, i, true)?,
        Op::In => compare::contains(e, i, false, false)?,
        Op::NotIn => compare::contains(e, i, true, false)?,
        Op::Jump => return jump::<E, STOP>(e, i),
        Op::JumpIfTrue => control::jump_if(e, i, true)?,
        Op::JumpIfFalse => control::jump_if(e, i, false)?,
        Op::JumpIfNone => control::jump_if_none(e, i, true),
        Op::JumpIfNotNone => control::jump_if_none(e, i, false),
        Op::IfLt => compare::test(e, i, CmpOp::Lt)?,
        Op::IfLe => compare::test(e, i, CmpOp::Le)?,
        Op::IfEq => compare::test(e, i, CmpOp::Eq)?,
        Op::IfNe => compare::test(e, i, CmpOp::Ne)?,
        Op::IfGt => compare::test(e, i, CmpOp::Gt)?,
        Op::IfGe => compare::test(e, i, CmpOp::Ge)?,
        Op::IfIs => compare::test_is(e, i, false)?,
        Op::IfIsNot => compare::test_is(e, i, true)?,
        Op::IfIn => compare::contains(e, i, false, true)?,
        Op::IfNotIn => compare::contains(e, i, true, true)?,
        Op::IfLtImm => compare::test_imm(e, i, CmpOp::Lt)?,
        Op::IfLeImm => compare::test_imm(e, i, CmpOp::Le)?,
        Op::IfEqImm => compare::test_imm(e, i, CmpOp::Eq)?,
        Op::IfNeImm => compare::test_imm(e, i, CmpOp::Ne)?,
        Op::IfGtImm => compare::test_imm(e, i, CmpOp::Gt)?,
        Op::IfGeImm => compare::test_imm(e, i, CmpOp::Ge)?,
        Op::Loop => return pass_header::<E, STOP>(e, i),
        Op::GetIter => iter::get_iter(e, i)?,
        Op::ForIter => iter::for_iter(e, i)?,
        Op::ForEnd => iter::for_end(e, i),
        Op::Unpack => item::unpack(e, i)?,
        Op::UnpackEx => item::unpack_ex(e, i)?,
        Op::BuildTuple => build::build_tuple(e, i)?,
        Op::BuildList => build::build_list(e, i)?,
        Op::BuildSet => build::build_set(e, i)?,
        Op::BuildDict => build::build_dict(e, i)?,
        Op::BuildString => build::build_string(e, i)?,
        Op::ListAppend => build::list_append(e, i)?,
        Op::DictSet => build::dict_set(e, i)?,
        Op::Format => build::format(e, i)?,
        Op::MakeFunction => call::make_function(e, i)?,
        Op::SetFunc => call::set_func(e, i),
        Op::Call => {
            call::call(e, i)?;
            if STOP && function_is_hot(e) {
                return Ok(Did::HotFunction);
            }
        }
        Op::CallMethod => {
            call::call_method(e, i)?;
            if STOP && function_is_hot(e) {
                return Ok(Did::HotFunction);
            }
        }
        Op::CallKw => call::call_kw(e, i)?,
        Op::CallEx => call::call_ex(e, i)?,
        Op::Return => return control::return_value(e, i).map(Did::from),
        Op::Yield => return generator::yield_value(e, i).map(Did::from),
        Op::GetYieldFromIter => generator::get_yield_from_iter(e, i)?,
        Op::Send => generator::send(e, i)?,
        Op::SendEnd => generator::send_end(e, i),
        rare_op!() => rare(e, i)?,
    }
    Ok(Did::Next)
}

/// Instructions outside hot paths.
#[inline(never)]
fn rare<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    match i.op {
        Op::ListExtend => with_two(e, i, opaque::list_extend),
        Op::SetAdd => {
            let (s, key) = (e.load(Reg(i.a)), e.load(Reg(i.b)));
            table::add(e, s, key)
        }
        Op::SetUpdate => with_two(e, i, opaque::set_update),
        Op::DictUpdate => with_two(e, i, opaque::dict_update),
        Op::DictMerge => {
            let (d, v, f) = (e.load(a(i)), e.load(b(i)), e.load(c(i)));
            e.result_to(None);
            opaque::dict_merge(e, d, v, f)
        }
        Op::ListToTuple => {
            let l = e.load(b(i));
            let t = opaque::list_to_tuple(e, l)?;
            e.store(a(i), t);
            Ok(())
        }
        Op::FormatSpec => {
            let (v, spec) = (e.load(b(i)), e.load(c(i)));
            e.result_to(Some(a(i)));
            let text = opaque::format(e, v, spec)?;
            e.store(a(i), text);
            Ok(())
        }
        Op::Convert => {
            let v = e.load(b(i));
            let how = e.int(i.c as i64);
            e.result_to(Some(a(i)));
            let text = opaque::convert(e, v, how)?;
            e.store(a(i), text);
            Ok(())
        }
        Op::LoadBuildClass => name::load_build_class(e, i),
        Op::Raise => {
            let v = e.load(a(i));
            Err(exception::raise(e, v, None))
        }
        Op::RaiseFrom => {
            let (v, cause) = (e.load(a(i)), e.load(b(i)));
            Err(exception::raise(e, v, Some(cause)))
        }
        Op::RaiseCurrent => Err(exception::raise_current(e)),
        Op::Reraise => {
            let v = e.load(a(i));
            Err(e.raise(v))
        }
        Op::PushHandled => {
            exception::push_handled(e, i);
            Ok(())
        }
        Op::PopHandled => {
            exception::pop_handled(e, i);
            Ok(())
        }
        Op::ExcMatch => exception::exc_match(e, i),
        Op::WithExcept => exception::with_except(e, i),
        Op::LoadAssertionError => {
            let class = e.vm().types.assertion_error;
            let class = e.val(class);
            e.store(a(i), class);
            Ok(())
        }
        Op::Import => {
            let name = name::site_name(e, u32::from(i.c));
            let (level, from, name) = (e.load(b(i)), e.load(Reg(i.b + 1)), e.val(name));
            e.result_to(Some(a(i)));
            let v = opaque::import(e, name, level, from)?;
            e.store(a(i), v);
            Ok(())
        }
        Op::ImportFrom => {
            let name = name::site_name(e, u32::from(i.c));
            let (module, name) = (e.load(b(i)), e.val(name));
            e.result_to(Some(a(i)));
            let v = opaque::import_from(e, module, name)?;
            e.store(a(i), v);
            Ok(())
        }
        Op::ImportStar => {
            let module = e.load(a(i));
            let code = e.code();
            let code = e.val(code);
            e.result_to(None);
            opaque::import_star(e, module, code)
        }
        _ => Ok(()),
    }
}

fn with_two<E: PyEngine, F>(e: &mut E, i: Instr, f: F) -> Result<(), Raise>
where
    F: FnOnce(&mut E, E::Val, E::Val) -> Result<(), Raise>,
{
    let (x, y) = (e.load(a(i)), e.load(b(i)));
    e.result_to(None);
    f(e, x, y)
}

/// Runs frames. A panic in native code is an exception at the instruction that called it.
pub fn run(vm: &mut Vm, floor: usize) -> RunExit {
    let mut held = panics::held(vm);
    loop {
        let mut unwinds = vm.ctx.thread.pending.is_some();
        let attempt = catch_unwind(AssertUnwindSafe(|| run_frames(vm, floor, &mut unwinds)));
        let payload = match attempt {
            Ok(exit) => return exit,
            Err(payload) => payload,
        };
        // The engine has dropped what lay above its frame. Where unwinding itself fails, the frames are given up.
        held.frames = if unwinds { floor } else { vm.ctx.thread.frames.depth() };
        let raise = panics::recover(vm, &held, payload);
        if unwinds {
            return RunExit::Done(Err(raise));
        }
    }
}

/// The interpreter's loop. `unwinds`: an exception is on its way already; says for how long.
fn run_frames(vm: &mut Vm, floor: usize, unwinds: &mut bool) -> RunExit {
    // The engine is the loop's own, so that its fields lie in the loop's stack frame.
    let mut run = Run::new(vm);
    if *unwinds {
        if let Err(raise) = exception::unwind(&mut run, floor) {
            return RunExit::Done(Err(raise));
        }
        *unwinds = false;
    }
    loop {
        let i = decode(run.fetch());
        match execute::<_, true>(&mut run, i) {
            Ok(Did::Next) => {}
            Ok(Did::Done) => return RunExit::Done(Ok(run.vm().thread.result)),
            Ok(Did::HotLoop) => {
                let pc = run.pc() - 1;
                run.jump(pc);
                run.save_pc();
                return RunExit::Loop;
            }
            Ok(Did::HotFunction) => return RunExit::Function,
            Err(Raise) => {
                cold_path();
                if let Err(raise) = exception::unwind(&mut run, floor) {
                    return RunExit::Done(Err(raise));
                }
            }
        }
    }
}

/// A jump. One back leads to a loop header, which the interpreter passes in the same go.
#[inline(always)]
fn jump<E: PyEngine, const STOP: bool>(e: &mut E, i: Instr) -> Result<Did, Raise> {
    let back = STOP && i.bc() < e.pc();
    e.jump(i.bc());
    if !back {
        return Ok(Did::Next);
    }
    let header = decode(e.fetch());
    pass_header::<E, STOP>(e, header)
}

/// A loop header.
#[inline(always)]
fn pass_header<E: PyEngine, const STOP: bool>(e: &mut E, i: Instr) -> Result<Did, Raise> {
    if STOP && loop_is_hot(e, i) {
        return Ok(Did::HotLoop);
    }
    control::poll(e)?;
    Ok(Did::Next)
}

/// Counts a pass of a loop header; true when the tracer should have a look.
#[inline(always)]
fn loop_is_hot<E: PyEngine>(run: &mut E, i: Instr) -> bool {
    let cell = code_data(run.code()).cache(i.bc());
    let cache = cell.get();
    if cache.key == LOOP_COUNTING && cache.number != 0 {
        cell.set(SiteCache { number: cache.number - 1, ..cache });
        return false;
    }
    cold_path();
    count_ends(run, cell)
}

/// A loop header is passed for the first time, or its count has run down.
#[inline(never)]
fn count_ends<E: PyEngine>(run: &mut E, cell: &Cell<SiteCache>) -> bool {
    let cache = cell.get();
    let threshold = run.vm().loop_threshold as u64;
    if cache.key != LOOP_READY && threshold == u32::MAX as u64 {
        cell.set(SiteCache { key: LOOP_COUNTING, number: u64::MAX, value: None });
        return false;
    }
    if cache.key == SiteCache::EMPTY.key && threshold > 0 {
        cell.set(SiteCache { key: LOOP_COUNTING, number: threshold - 1, value: None });
        return false;
    }
    cell.set(SiteCache { key: LOOP_READY, number: 0, value: None });
    run.vm().jit.is_some()
}

/// Did the call that was just made push a frame of a hot function?
#[inline(always)]
fn function_is_hot<E: PyEngine>(e: &mut E) -> bool {
    if !e.vm().thread.entered_hot {
        return false;
    }
    e.vm().thread.entered_hot = false;
    e.pc() == 0
}

/// States of a loop header's cache.
const LOOP_COUNTING: u64 = 1;

const LOOP_READY: u64 = 2;

/// Python as a guest of the tracer.
pub struct Python;

impl Guest for Python {
    type Vm = Vm;

    fn run(vm: &mut Vm, floor: usize) -> RunExit {
        run(vm, floor)
    }

    fn step<E: Engine<Vm = Vm>>(e: &mut E) -> Result<Step, Raise> {
        let i = decode(e.fetch());
        let data = code_data(e.code());
        if E::RECORDS && data.looks.borrow().contains(&(e.pc() - 1)) {
            // What is called here looks at the frame. (It does nothing but end the recording.)
            opaque::frames_are_seen(e)?;
        }
        step_instr(e, i)
    }

    fn return_from<E: Engine<Vm = Vm>>(e: &mut E, v: E::Val) -> Result<Step, Raise> {
        control::return_from(e, v)
    }

    fn boundary_ret() -> u64 {
        crate::call::ret::NATIVE
    }

    fn guarded<T>(vm: &mut Vm, body: impl FnOnce(&mut Vm) -> Result<T, Raise>) -> Result<T, Raise> {
        hoop_object::panics::guarded(vm, body)
    }

    type Held = Held;

    fn held(vm: &mut Vm) -> Held {
        panics::held(vm)
    }

    fn panicked(vm: &mut Vm, held: Held, payload: hoop_object::panics::Payload) {
        let frames = vm.ctx.thread.frames.depth();
        // The error is pending; there is no engine here to hand it to.
        let _: Raise = panics::recover(vm, &Held { frames, ..held }, payload);
    }

    fn recursion_error(vm: &mut Vm) {
        // The error is pending; there is no engine here to hand it to.
        let _: Raise = vm.recursion_error("maximum recursion depth exceeded");
    }

    fn jit(vm: &mut Vm) -> Option<std::rc::Rc<dyn hoop_engine::JitHost<Vm>>> {
        vm.jit.clone()
    }

    fn take_result(vm: &mut Vm) -> Value {
        vm.thread.result
    }

    fn unwind<E: Engine<Vm = Vm>>(e: &mut E, floor: usize) -> Result<(), Raise> {
        exception::unwind(e, floor)
    }

    fn is_loop_header(code: Value, pc: u32) -> bool {
        code_data(code).code.instrs[pc as usize].op == Op::Loop
    }

    fn set_header_state(code: Value, pc: u32, state: HeaderState) {
        let data = code_data(code);
        let i = data.code.instrs[pc as usize];
        if i.op != Op::Loop {
            data.calls_left.set(if let HeaderState::Count(n) = state { n } else { 0 });
            return;
        }
        let cache = match state {
            HeaderState::Count(n) => SiteCache { key: LOOP_COUNTING, number: n as u64, value: None },
            HeaderState::Compiled => SiteCache { key: LOOP_READY, number: 0, value: None },
        };
        data.cache(i.bc()).set(cache);
    }

    fn live_registers(_vm: &mut Vm, code: Value, pc: u32) -> Vec<u16> {
        let data = code_data(code);
        if pc as usize >= data.code.instrs.len() {
            // Behind a raise that ends the code.
            return Vec::new();
        }
        data.live_registers(pc)
    }

    fn new_frame(code: Value) -> NewFrame {
        crate::call::new_frame(code, code_data(code), 0)
    }

    fn owner_registers_offset() -> i32 {
        GEN_REGISTERS.descr.offset
    }

    fn owner_register(code: Value) -> Option<u16> {
        let code = &code_data(code).code;
        code.flags.generator.then(|| code.register_count() - 1)
    }

    fn is_data(vm: &mut Vm, v: Value) -> bool {
        !v.is_ptr() || {
            use hoop_object::kind::Kind::{BigInt, Bytes, Complex, Float, Str};
            matches!(vm.kind(v), Float | BigInt | Complex | Str | Bytes)
        }
    }

    fn describe(_vm: &mut Vm, code: Value, pc: u32) -> String {
        let c = &code_data(code).code;
        let op = c.instrs.get(pc as usize).map_or("?", |i| i.op.name());
        format!("{}:{} {} @{pc} {op}", c.filename, c.position(pc).line, c.qualname)
    }

    fn describe_value(vm: &mut Vm, v: Value) -> String {
        execution::describe_constant(vm, v)
    }

    fn has_loop(code: Value) -> bool {
        code_data(code).has_loop && !code_data(code).code.flags.generator
    }
}

/// The recorder's step is compiled apart from the interpreter's loop.
#[inline(never)]
fn step_instr<E: PyEngine>(e: &mut E, i: Instr) -> Result<Step, Raise> {
    match execute::<_, false>(e, i)? {
        Did::Done => Ok(Step::Done),
        _ => Ok(Step::Next),
    }
}
