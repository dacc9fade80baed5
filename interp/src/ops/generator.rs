//! Generators: a heap object that owns its frame's registers. Resuming pushes a frame over them, yielding pops it.

use crate::call::{self, raise_by_chance, raise_pending, ret};
use crate::ops::advance::{self, Next};
use crate::ops::{a, b, c, delegation, exception, iter, opaque, peek};
use hoop_bytecode::Instr;
use hoop_engine::{NewFrame, Reg, Run, Step};
use hoop_gc::Value;
use hoop_object::code::{CodeData, code_data};
use hoop_object::errors::{PyResult, Raise};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::vm::{PyEngine, Vm};
use hoop_object::{generator, text};
use hoop_protocol::{attr, attributes, iterators, protocol};

/// Register `i` of a generator.
const fn register(i: u16) -> hoop_engine::Field<hoop_engine::V> {
    hoop_engine::Field::new(
        "register",
        8 + 8 * (GEN_FIXED as i32 + i as i32),
        hoop_engine::MemTy::Val,
        group::REGISTER,
    )
    .numbered(i)
}

/// A generator with bound arguments, for a call of a generator function.
pub fn make<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    code: Value,
    data: &CodeData,
    bound: &[E::Val],
    word: u64,
) -> Result<(), Raise> {
    let shape = e.vm().kind_shape(Kind::Generator);
    let registers = data.code.register_count();
    let g = e.new_object(shape, u32::from(GEN_FIXED) + u32::from(registers), registers);
    let unbound = e.val(Value::UNBOUND);
    for i in 0..registers {
        let v = bound.get(i as usize).copied().unwrap_or(unbound);
        e.set(g, &register(i), v);
    }
    if let Some(r) = data.code.func_reg {
        e.set(g, &register(r), f);
    }
    e.set(g, &GEN_DELEGATOR, unbound);
    e.set(g, &GEN_WAITS_FOR, unbound);
    let none = e.val(Value::NONE);
    for (field, v) in [(GEN_CODE, code), (GEN_NAME, data.name), (GEN_QUALNAME, data.qualname)] {
        let v = e.val(v);
        e.set(g, &field, v);
    }
    e.set(g, &GEN_HANDLED, none);
    crate::call::finish(e, word, g)
}

/// Resumes a generator for a `for` loop (the current instruction's `a` gets the item).
#[inline(always)]
pub fn resume_next<E: PyEngine>(e: &mut E, i: Instr, g: E::Val) -> Result<(), Raise> {
    if E::RECORDS && !may_follow(e, g) {
        e.result_to(Some(a(i)));
        let v = opaque::iter_next(e, g)?;
        e.store(a(i), v);
        return Ok(());
    }
    let state_now = e.get(g, &GEN_STATE);
    match e.promote_int(state_now) {
        generator::state::DONE => {
            iter::leave(e, i);
            Ok(())
        }
        generator::state::RUNNING => Err(already_running(e)),
        was => resume(e, g, was, None, ret::word(ret::NEXT, i.a)),
    }
}

/// May the generator's frame be pushed? If not, it is resumed in a run of its own.
fn may_follow<E: PyEngine>(e: &mut E, g: E::Val) -> bool {
    let code = e.get(g, &GEN_CODE);
    let code = e.promote(code);
    e.follow_resume(code)
}

/// Resumes a generator for a call of `next` or `send`, whose result goes to `dst`. Nothing: it cannot be resumed, and
/// the native function says why.
pub fn resume_call<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    g: E::Val,
    sent: Option<E::Val>,
) -> Result<Option<()>, Raise> {
    if E::RECORDS && !may_follow(e, g) {
        return Ok(None);
    }
    let state_now = e.get(g, &GEN_STATE);
    let was = e.promote_int(state_now);
    let fits = match (was, sent) {
        (generator::state::SUSPENDED, _) | (generator::state::NEW, None) => true,
        (generator::state::NEW, Some(v)) => e.is(v, Value::NONE),
        _ => false,
    };
    if !fits {
        return Ok(None);
    }
    resume(e, g, was, sent, ret::word(ret::RESUME, dst.0)).map(Some)
}

#[cold]
fn already_running<E: PyEngine>(e: &mut E) -> Raise {
    let raise = e.vm().value_error("generator already executing");
    raise_pending(e, raise)
}

/// Resumes a generator, or the one that it waits for.
#[inline(always)]
fn resume<E: PyEngine>(e: &mut E, g: E::Val, was: i64, sent: Option<E::Val>, word: u64) -> Result<(), Raise> {
    if E::RECORDS || was != generator::state::SUSPENDED {
        return resume_itself(e, g, was, sent, word);
    }
    let now = e.now_val(g);
    let Some(innermost) = delegation::innermost(e.vm(), now) else { return Err(already_running(e)) };
    let g = e.val(innermost);
    resume_itself(e, g, was, sent, word)
}

/// Pushes the generator's frame; `sent` goes to the register that its `Yield` names.
#[inline(always)]
fn resume_itself<E: PyEngine>(
    e: &mut E,
    g: E::Val,
    was: i64,
    sent: Option<E::Val>,
    word: u64,
) -> Result<(), Raise> {
    let code = e.get(g, &GEN_CODE);
    let code = e.promote(code);
    let pc = e.get(g, &GEN_PC);
    let pc = e.promote_int(pc) as u32;
    let data = code_data(code);
    let new = NewFrame { code, instrs: data.instrs.as_ptr(), registers: data.code.registers, pc, ret: word };
    let (running, unbound) = (e.int(generator::state::RUNNING), e.val(Value::UNBOUND));
    let known = E::RECORDS && {
        let delegator = e.get(g, &GEN_DELEGATOR);
        !e.is(delegator, Value::UNBOUND)
    };
    if !e.push_owned_frame(&new, g, &GEN_REGISTERS) {
        let raise = e.vm().recursion_error("maximum recursion depth exceeded");
        return Err(raise_by_chance(e, raise));
    }
    e.set(g, &GEN_STATE, running);
    if known {
        e.set(g, &GEN_DELEGATOR, unbound);
    }
    if pc > 0
        && let Some(r) = data.handled_outside(pc - 1)
    {
        swap_handled(e, g, Reg(r), true);
    }
    if was == generator::state::SUSPENDED {
        let sent = match sent {
            Some(v) => v,
            None => e.val(Value::NONE),
        };
        let yielded = data.code.instrs[pc as usize - 1];
        e.store(Reg(yielded.a), sent);
    }
    Ok(())
}

/// Pushes the frame of a generator into which native code raises or returns; nobody waits for it.
fn resume_alone(e: &mut Run<Vm>, g: Value, was: i64) -> Result<(), Raise> {
    GEN_DELEGATOR.init(g, Value::UNBOUND);
    resume_itself(e, g, was, None, ret::NATIVE)
}

/// A generator enters or leaves the blocks that it was suspended in: what they handle is handled again, or what is
/// handled outside of them, which register `r` keeps.
fn swap_handled<E: PyEngine>(e: &mut E, g: E::Val, r: Reg, enters: bool) {
    let cell = crate::ops::exception::handled_cell(e);
    let now = e.get(cell, &HANDLED_VALUE);
    if enters {
        let inside = e.get(g, &GEN_HANDLED);
        e.store(r, now);
        e.set(cell, &HANDLED_VALUE, inside);
    } else {
        let outside = e.load(r);
        e.set(g, &GEN_HANDLED, now);
        e.set(cell, &HANDLED_VALUE, outside);
    }
}

/// Suspends the running generator with a value.
#[inline(always)]
pub fn yield_value<E: PyEngine>(e: &mut E, i: Instr) -> Result<Step, Raise> {
    let v = e.load(b(i));
    let word = e.ret();
    let inner = delegation::wait(e);
    let Some(g) = e.owner() else { return Ok(Step::Next) };
    if let Some(inner) = inner {
        e.set(g, &GEN_WAITS_FOR, inner);
    }
    let (pc, suspended) = (e.int(e.pc() as i64), e.int(generator::state::SUSPENDED));
    e.set(g, &GEN_PC, pc);
    e.set(g, &GEN_STATE, suspended);
    if let Some(r) = code_data(e.code()).handled_outside(e.pc() - 1) {
        swap_handled(e, g, Reg(r), false);
    }
    e.suspending(v);
    Ok(yielded(e, word, v))
}

/// Leaves the suspended generator's frame; the value goes to who resumed it.
#[inline(always)]
fn yielded<E: PyEngine>(e: &mut E, word: u64, v: E::Val) -> Step {
    e.pop_frame();
    match ret::kind(word) {
        ret::NEXT | ret::SEND => {
            e.store(Reg(ret::register(word)), v);
            // Over the `ForEnd` or `SendEnd`.
            e.fetch();
        }
        ret::RESUME => e.store(Reg(ret::register(word)), v),
        _ => {
            let now = e.now_val(v);
            e.vm().thread.result = now;
            return Step::Done;
        }
    }
    Step::Next
}

/// The running generator returns a value.
pub fn finish<E: PyEngine>(e: &mut E, word: u64, v: E::Val) -> Result<Step, Raise> {
    let Some(g) = e.owner() else { return Ok(Step::Next) };
    let now = e.now_val(g);
    if GEN_STATE.read(now) == generator::state::SUSPENDED {
        // Compiled code has suspended it.
        return Ok(yielded(e, word, v));
    }
    let done = e.int(generator::state::DONE);
    if let Some(end) = delegation::pass_on(e, g) {
        e.set(g, &GEN_STATE, done);
        delegation::returned(e, end, v);
        return Ok(Step::Next);
    }
    if ret::kind(word) == ret::RESUME {
        return stop(e, v);
    }
    e.set(g, &GEN_STATE, done);
    e.pop_frame();
    match ret::kind(word) {
        ret::NEXT => {
            let end = e.val(Value::END);
            e.store(Reg(ret::register(word)), end);
        }
        ret::SEND => sent_last(e, Reg(ret::register(word)), v),
        _ => {
            let now = e.now_val(v);
            e.vm().thread.result = now;
            return Ok(Step::Done);
        }
    }
    Ok(Step::Next)
}

/// The end of a generator that a call resumed: StopIteration with the value that it returned.
fn stop<E: PyEngine>(e: &mut E, v: E::Val) -> Result<Step, Raise> {
    let class = e.vm().types.stop_iteration;
    let context = exception::context(e);
    let new = if e.is(v, Value::NONE) {
        exception::make_new(e, class, &[])
    } else {
        exception::make_new(e, class, &[v])
    };
    let Some(g) = e.owner() else { return Ok(Step::Next) };
    let done = e.int(generator::state::DONE);
    e.set(g, &GEN_STATE, done);
    e.pop_frame();
    Err(exception::send(e, new?, context))
}

/// `yield from`: sends `c` into iterator `b`; see the instruction table.
pub fn send<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let (it, v) = (e.load(b(i)), e.load(c(i)));
    let shape = e.shape_of(it);
    let kind = e.vm().shapes.kind(shape);
    if kind == Kind::Generator {
        if E::RECORDS && !may_follow(e, it) {
            return send_apart(e, i, it, v);
        }
        let state_now = e.get(it, &GEN_STATE);
        match e.promote_int(state_now) {
            generator::state::RUNNING => return Err(already_running(e)),
            generator::state::DONE => {
                let none = e.val(Value::NONE);
                sent_last(e, a(i), none);
                return Ok(());
            }
            generator::state::NEW if !e.is(v, Value::NONE) => {
                let raise = e.vm().type_error("can't send non-None value to a just-started generator");
                return Err(raise_pending(e, raise));
            }
            was => return resume(e, it, was, Some(v), ret::word(ret::SEND, i.a)),
        }
    }
    let next = if e.is(v, Value::NONE) { advance::next_builtin(e, kind, it, Some(a(i)))? } else { None };
    match next {
        Some(Next::Item(v)) => {
            e.store(a(i), v);
            e.fetch();
        }
        Some(Next::End) => {
            let none = e.val(Value::NONE);
            sent_last(e, a(i), none);
        }
        Some(Next::Either(v)) => e.store(a(i), v),
        None => return send_apart(e, i, it, v),
    }
    Ok(())
}

/// Sends in one call; the `SendEnd` that follows looks at what came.
fn send_apart<E: PyEngine>(e: &mut E, i: Instr, it: E::Val, v: E::Val) -> Result<(), Raise> {
    e.result_to(Some(a(i)));
    let v = opaque::send(e, it, v)?;
    e.store(a(i), v);
    Ok(())
}

/// The sub-iterator has returned `v` to the `Send` before the current instruction, a `SendEnd`.
fn sent_last<E: PyEngine>(e: &mut E, to: Reg, v: E::Val) {
    let end = peek(e);
    e.store(to, v);
    e.jump(end.bc());
}

/// The second half of a delegation: END leaves it.
pub fn send_end<E: PyEngine>(e: &mut E, i: Instr) {
    let v = e.load(a(i));
    if !e.is(v, Value::END) {
        return;
    }
    let cell = e.vm().stop_cell;
    let (cell, none) = (e.val(cell), e.val(Value::NONE));
    let value = e.get(cell, &CELL_VALUE);
    e.set(cell, &CELL_VALUE, none);
    e.store(a(i), value);
    e.jump(i.bc());
}

/// `a := the iterator that yield from b drives`.
pub fn get_yield_from_iter<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let v = e.load(b(i));
    let shape = e.shape_of(v);
    if e.vm().shapes.kind(shape) == Kind::Generator {
        e.store(a(i), v);
        return Ok(());
    }
    e.result_to(Some(a(i)));
    let it = opaque::yield_from_iter(e, v)?;
    e.store(a(i), it);
    Ok(())
}

/// Resumes a generator from native code: the item, or nothing when it has returned (its value is then
/// `self.thread.result`).
pub fn generator_resume(vm: &mut Vm, g: Value, sent: Value) -> PyResult<Option<Value>> {
    match GEN_STATE.read(g) {
        generator::state::DONE => {
            vm.thread.result = Value::NONE;
            return Ok(None);
        }
        generator::state::RUNNING => return Err(vm.value_error("generator already executing")),
        generator::state::NEW if sent != Value::NONE => {
            return Err(vm.type_error("can't send non-None value to a just-started generator"));
        }
        _ => {}
    }
    protocol::enter_native(vm)?;
    let floor = vm.ctx.thread.frames.depth();
    let was = GEN_STATE.read(g);
    resume(&mut Run::new(vm), g, was, Some(sent), ret::NATIVE)?;
    let v = call::execute(vm, floor)?;
    Ok(if GEN_STATE.read(g) == generator::state::DONE { None } else { Some(v) })
}

/// `generator.throw`: raises inside the generator. The next item, or nothing when it has returned.
pub fn generator_throw(vm: &mut Vm, g: Value, exc: Value) -> PyResult<Option<Value>> {
    match GEN_STATE.read(g) {
        _ if generator::generator_runs(g) => return Err(vm.value_error("generator already executing")),
        generator::state::NEW | generator::state::DONE => {
            GEN_STATE.write(g, generator::state::DONE);
            return Err(vm.reraise(exc));
        }
        _ => {}
    }
    protocol::enter_native(vm)?;
    let code = GEN_CODE.read(g).unwrap_or(Value::NONE);
    let pc = GEN_PC.read(g) as u32;
    if let Some(r) = code_data(code).code.yield_from_at(pc - 1)
        && let Some(inner) = register(r).read(g).filter(|&v| v != Value::UNBOUND)
    {
        return throw_through(vm, g, inner, exc);
    }
    raise_in_generator(vm, g, exc)
}

fn raise_in_generator(vm: &mut Vm, g: Value, exc: Value) -> PyResult<Option<Value>> {
    let floor = vm.ctx.thread.frames.depth();
    resume_alone(&mut Run::new(vm), g, generator::state::SUSPENDED)?;
    vm.raise(exc);
    let mut run = Run::new(vm);
    crate::ops::exception::unwind(&mut run, floor)?;
    run.save_pc();
    drop(run);
    let v = call::execute(vm, floor)?;
    Ok(if GEN_STATE.read(g) == generator::state::DONE { None } else { Some(v) })
}

/// The generator is in a `yield from`: its sub-iterator gets the exception first.
fn throw_through(vm: &mut Vm, g: Value, inner: Value, exc: Value) -> PyResult<Option<Value>> {
    let is_exit = vm.is_instance_of(exc, vm.types.generator_exit);
    GEN_STATE.write(g, generator::state::RUNNING);
    let outcome = if is_exit { close_iterator(vm, inner).map(|()| None) } else { throw_into(vm, inner, exc) };
    GEN_STATE.write(g, generator::state::SUSPENDED);
    match outcome {
        Ok(Some(v)) => Ok(Some(v)),
        // Closed: the exception goes on in the generator itself.
        Ok(None) if is_exit => raise_in_generator(vm, g, exc),
        // Returned: the delegation ends with its value.
        Ok(None) => {
            let value = vm.thread.result;
            leave_delegation(vm, g, value)
        }
        Err(_) => {
            let exc = vm.take_pending();
            raise_in_generator(vm, g, exc)
        }
    }
}

/// Throws into any iterator: an item, or nothing when it has returned (value in `self.thread.result`).
fn throw_into(vm: &mut Vm, it: Value, exc: Value) -> PyResult<Option<Value>> {
    if vm.kind(it) == Kind::Generator {
        return generator_throw(vm, it, exc);
    }
    let name = vm.names.throw;
    let Some(f) = attributes::getattr_opt(vm, it, name)? else { return Err(vm.reraise(exc)) };
    match hoop_protocol::call::call(vm, f, &[exc]) {
        Ok(v) => Ok(Some(v)),
        Err(raise) => {
            let class = vm.types.stop_iteration;
            let Some(stop) = vm.catch(class) else { return Err(raise) };
            vm.thread.result = slot(hoop_object::errors::exc_slot::VALUE).read(stop).unwrap_or(Value::NONE);
            Ok(None)
        }
    }
}

/// Resumes the generator after its `yield from` as if the sub-iterator had returned `value`.
fn leave_delegation(vm: &mut Vm, g: Value, value: Value) -> PyResult<Option<Value>> {
    let code = GEN_CODE.read(g).unwrap_or(Value::NONE);
    let instrs = &code_data(code).code.instrs;
    // Back from the Yield to its Send; the SendEnd between them names where the delegation ends.
    let mut at = GEN_PC.read(g) as usize - 1;
    while instrs[at].op != hoop_bytecode::Op::Send {
        at -= 1;
    }
    vm.ctx.write(g, &register(instrs[at].a), value);
    let floor = vm.ctx.thread.frames.depth();
    resume_alone(&mut Run::new(vm), g, generator::state::NEW)?;
    if let Some(f) = vm.ctx.thread.frames.last_mut() {
        f.pc = instrs[at + 1].bc();
    }
    let v = call::execute(vm, floor)?;
    Ok(if GEN_STATE.read(g) == generator::state::DONE { None } else { Some(v) })
}

/// `generator.close`.
pub fn generator_close(vm: &mut Vm, g: Value) -> PyResult<()> {
    if matches!(GEN_STATE.read(g), generator::state::NEW | generator::state::DONE) {
        GEN_STATE.write(g, generator::state::DONE);
        return Ok(());
    }
    let class = vm.types.generator_exit;
    let exc = vm.new_exception(class, &[])?;
    match generator_throw(vm, g, exc) {
        Ok(Some(_)) => Err(vm.runtime_error("generator ignored GeneratorExit")),
        Ok(None) => Ok(()),
        Err(raise) => {
            let (stop, exit) = (vm.types.stop_iteration, vm.types.generator_exit);
            if vm.catch(stop).is_some() || vm.catch(exit).is_some() { Ok(()) } else { Err(raise) }
        }
    }
}

fn close_iterator(vm: &mut Vm, it: Value) -> PyResult<()> {
    if vm.kind(it) == Kind::Generator {
        return generator_close(vm, it);
    }
    let name = vm.names.close;
    match attributes::getattr_opt(vm, it, name)? {
        Some(f) => hoop_protocol::call::call(vm, f, &[]).map(|_| ()),
        None => Ok(()),
    }
}

/// The iterator that `yield from` drives.
pub fn yield_from_iter(vm: &mut Vm, v: Value) -> PyResult {
    iterators::iter(vm, v)
}

/// Sends into any iterator: an item, or END with the return value in `stop_cell`.
pub fn send_into(vm: &mut Vm, it: Value, v: Value) -> PyResult {
    let (done, value) = if vm.kind(it) == Kind::Generator {
        match generator_resume(vm, it, v)? {
            Some(v) => (false, v),
            None => (true, vm.thread.result),
        }
    } else if v == Value::NONE {
        next_with_value(vm, it)?
    } else {
        let name = vm.names.send;
        let r = hoop_protocol::call::call_method(vm, it, name, &[v]);
        stop_to_value(vm, r)?
    };
    if !done {
        return Ok(value);
    }
    let cell = vm.stop_cell;
    vm.ctx.write(cell, &CELL_VALUE, value);
    Ok(Value::END)
}

fn next_with_value(vm: &mut Vm, it: Value) -> PyResult<(bool, Value)> {
    if !vm.kind(it).is_instance() {
        return Ok(iterators::iter_next(vm, it)?.map_or((true, Value::NONE), |v| (false, v)));
    }
    let name = vm.names.next;
    let Some(f) = attr::special(vm, it, name) else {
        let text = format!("'{}' object is not an iterator", vm.class_name(it));
        return Err(vm.type_error(text));
    };
    let r = hoop_protocol::call::call_special(vm, f, it, &[]);
    stop_to_value(vm, r)
}

fn stop_to_value(vm: &mut Vm, r: PyResult) -> PyResult<(bool, Value)> {
    match r {
        Ok(v) => Ok((false, v)),
        Err(raise) => {
            let class = vm.types.stop_iteration;
            let Some(stop) = vm.catch(class) else { return Err(raise) };
            Ok((true, slot(hoop_object::errors::exc_slot::VALUE).read(stop).unwrap_or(Value::NONE)))
        }
    }
}

/// RuntimeError in place of a StopIteration that leaves a generator's body.
pub fn stop_in_generator(vm: &mut Vm, exc: Value) -> Value {
    let class = vm.types.runtime_error;
    let text = text::str(vm, "generator raised StopIteration");
    let Ok(error) = vm.new_exception(class, &[text]) else { return exc };
    vm.ctx.write(error, &slot(hoop_object::errors::exc_slot::CAUSE), exc);
    vm.ctx.write(error, &slot(hoop_object::errors::exc_slot::CONTEXT), exc);
    vm.ctx.write(error, &slot(hoop_object::errors::exc_slot::SUPPRESS), Value::TRUE);
    error
}
