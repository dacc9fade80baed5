//! Raising, unwinding to handlers, and what handlers do.

use crate::call::ret;
use crate::ops::{a, attr, b, build, c, delegation, opaque};
use hoop_bytecode::{Instr, Op};
use hoop_engine::Reg;
use hoop_gc::{ShapeId, Value};
use hoop_object::code::code_data;
use hoop_object::errors::{PyResult, Raise, exc_slot};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::vm::{PyEngine, Vm};
use hoop_types::exceptions;

/// `raise a` and `raise a from b`.
pub fn raise<E: PyEngine>(e: &mut E, v: E::Val, cause: Option<E::Val>) -> Raise {
    let shape = e.shape_of(v);
    let is_exception = is_exception(e, shape);
    let context = if is_exception { context_of(e, v) } else { context(e) };
    if cause.is_none_or(|cause| is_cause(e, cause))
        && let Some(exc) = if is_exception { Some(v) } else { instance_of(e, v, shape) }
    {
        if let Some(cause) = cause {
            let yes = e.val(Value::TRUE);
            e.set(exc, &slot(exc_slot::CAUSE), cause);
            e.set(exc, &slot(exc_slot::SUPPRESS), yes);
        }
        return send(e, exc, context);
    }
    let cause = match cause {
        Some(c) => c,
        None => e.val(Value::UNBOUND),
    };
    e.result_to(None);
    match opaque::make_exception(e, v, cause) {
        Ok(exc) => {
            let context = if matches!(context, Context::None) { context } else { Context::Unknown };
            send(e, exc, context)
        }
        Err(raise) => raise,
    }
}

fn is_exception<E: PyEngine>(e: &mut E, shape: ShapeId) -> bool {
    let vm = e.vm();
    let class = vm.shapes.get(shape).class;
    vm.shapes.kind(shape).is_instance() && class.is_some_and(|c| vm.is_subclass(c, vm.types.base_exception))
}

/// None or an exception, which `raise ... from` takes as they are.
fn is_cause<E: PyEngine>(e: &mut E, cause: E::Val) -> bool {
    if e.is(cause, Value::NONE) {
        return true;
    }
    let shape = e.shape_of(cause);
    is_exception(e, shape)
}

/// An instance of an exception class that is raised without arguments; of plain classes.
fn instance_of<E: PyEngine>(e: &mut E, class: E::Val, shape: ShapeId) -> Option<E::Val> {
    if e.vm().shapes.kind(shape) != Kind::Class {
        return None;
    }
    let class = e.promote(class);
    let Some(None) = exceptions::exception_init(e.vm(), class) else { return None };
    if !attr::assume_construction(e, class) {
        return None;
    }
    let exc = hoop_object::instance::new_instance(e, class);
    set_arguments(e, exc, &[]).is_ok().then_some(exc)
}

/// What an exception on its way gets as its context. It is found out before the effects of raising.
pub enum Context<V> {
    /// Nothing is being handled.
    None,
    /// The exception being handled.
    Handled(V),
    /// That one, or a cycle of contexts must be cut.
    Unknown,
}

/// The context of a new exception.
pub fn context<E: PyEngine>(e: &mut E) -> Context<E::Val> {
    let cell = handled_cell(e);
    let handled = e.get(cell, &HANDLED_VALUE);
    if e.is(handled, Value::NONE) { Context::None } else { Context::Handled(handled) }
}

/// The context of an exception that may have been raised before.
fn context_of<E: PyEngine>(e: &mut E, exc: E::Val) -> Context<E::Val> {
    let Context::Handled(handled) = context(e) else { return Context::None };
    let same = e.same(handled, exc);
    if e.branch(same) {
        return Context::None;
    }
    let next = e.get(handled, &slot(exc_slot::CONTEXT));
    if e.is(next, Value::UNBOUND) { Context::Handled(handled) } else { Context::Unknown }
}

/// An exception object on its way.
pub fn send<E: PyEngine>(e: &mut E, exc: E::Val, context: Context<E::Val>) -> Raise {
    match context {
        Context::None => {}
        Context::Handled(handled) => e.set(exc, &slot(exc_slot::CONTEXT), handled),
        Context::Unknown => {
            let _ = opaque::chain(e, exc);
        }
    }
    e.raise(exc)
}

/// The cell that holds the exception being handled.
pub fn handled_cell<E: PyEngine>(e: &mut E) -> E::Val {
    let cell = e.vm().handled_cell;
    e.val(cell)
}

/// Most arguments that a trace stores one by one.
pub const MAX_ARGUMENTS: usize = 8;

/// A new exception's arguments.
pub fn set_arguments<E: PyEngine>(e: &mut E, exc: E::Val, args: &[E::Val]) -> Result<(), Raise> {
    let tuple = build::tuple(e, args)?;
    let first = match args {
        [first, ..] => *first,
        [] => e.val(Value::NONE),
    };
    e.set(exc, &slot(exc_slot::ARGS), tuple);
    e.set(exc, &slot(exc_slot::VALUE), first);
    Ok(())
}

/// Raises a new exception of a built-in class that keeps its arguments.
pub fn raise_new<E: PyEngine>(e: &mut E, class: Value, args: &[E::Val]) -> Raise {
    let context = context(e);
    match make_new(e, class, args) {
        Ok(exc) => send(e, exc, context),
        Err(raise) => raise,
    }
}

/// A new exception of a built-in class that keeps its arguments.
pub fn make_new<E: PyEngine>(e: &mut E, class: Value, args: &[E::Val]) -> Result<E::Val, Raise> {
    let exc = hoop_object::instance::new_instance(e, class);
    set_arguments(e, exc, args)?;
    Ok(exc)
}

/// A bare `raise`.
pub fn raise_current<E: PyEngine>(e: &mut E) -> Raise {
    let cell = handled_cell(e);
    let handled = e.get(cell, &HANDLED_VALUE);
    if e.is(handled, Value::NONE) {
        let raise = e.vm().runtime_error("No active exception to reraise");
        let _ = crate::call::raise_pending(e, raise);
        let exc = e.catch();
        let (code, pc) = (e.code(), e.pc() - 1);
        note_traceback(e, exc, code, pc);
        return e.raise(exc);
    }
    e.raise(handled)
}

/// `a := the exception handled so far`; `b` is being handled from now on.
pub fn push_handled<E: PyEngine>(e: &mut E, i: Instr) {
    let cell = handled_cell(e);
    let (before, exc) = (e.get(cell, &HANDLED_VALUE), e.load(b(i)));
    e.set(cell, &HANDLED_VALUE, exc);
    e.store(a(i), before);
}

/// `a` is being handled again.
pub fn pop_handled<E: PyEngine>(e: &mut E, i: Instr) {
    let cell = handled_cell(e);
    let v = e.load(a(i));
    e.set(cell, &HANDLED_VALUE, v);
}

/// `a := exception b matches c`.
pub fn exc_match<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let (exc, class) = (e.load(b(i)), e.load(c(i)));
    let class_shape = e.shape_of(class);
    let matches = match e.vm().shapes.kind(class_shape) {
        Kind::Class => matches_class(e, exc, class),
        Kind::Tuple => matches_any(e, exc, class),
        _ => None,
    };
    let v = match matches {
        Some(m) => e.val(Value::bool(m)),
        None => {
            let m = opaque::exc_match(e, exc, class)?;
            e.box_bool(m)
        }
    };
    e.store(a(i), v);
    Ok(())
}

/// Is the exception of this class? Nothing: it is no exception class.
fn matches_class<E: PyEngine>(e: &mut E, exc: E::Val, class: E::Val) -> Option<bool> {
    let shape = e.shape_of(exc);
    let class = e.promote(class);
    let vm = e.vm();
    let of = vm.shapes.get(shape).class?;
    let matches = vm.is_subclass(class, vm.types.base_exception).then(|| vm.is_subclass(of, class));
    if attr::assume_mutable(e, of) && attr::assume_mutable(e, class) { matches } else { None }
}

/// Most classes of an `except` clause that are looked at one by one.
const MAX_CLASSES: i64 = 8;

/// Is the exception of one of these classes? Nothing: they are not all plain ones.
fn matches_any<E: PyEngine>(e: &mut E, exc: E::Val, classes: E::Val) -> Option<bool> {
    let len = e.get(classes, &TUPLE_LEN);
    let len = e.promote_int(len);
    if len > MAX_CLASSES {
        return None;
    }
    let mut found = false;
    for k in 0..len {
        let index = e.int(k);
        let class = e.item(classes, index, &TUPLE_ITEMS);
        let shape = e.shape_of(class);
        if e.vm().shapes.kind(shape) != Kind::Class {
            return None;
        }
        found |= matches_class(e, exc, class)?;
    }
    Some(found)
}

/// `a := exit(type, exception, traceback)`.
pub fn with_except<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let (f, this, exc) = (e.load(Reg(i.b)), e.load(Reg(i.b + 1)), e.load(c(i)));
    let shape = e.shape_of(exc);
    let class = e.vm().shapes.get(shape).class.unwrap_or(Value::NONE);
    let class = e.val(class);
    let traceback = e.get(exc, &slot(exc_slot::TRACEBACK));
    let traceback = if e.is(traceback, Value::UNBOUND) { e.val(Value::NONE) } else { traceback };
    let mut args = crate::args::Args::new();
    if !e.is(this, Value::UNBOUND) {
        args.push(e, this)?;
    }
    args.extend(e, &[class, exc, traceback])?;
    let f_shape = e.shape_of(f);
    if e.vm().shapes.kind(f_shape) == Kind::Function {
        let code = e.get(f, &FUNC_CODE);
        let code = e.promote(code);
        return crate::call::call_function_args(e, f, code, &args, &[], ret::word(ret::STORE, i.a));
    }
    e.result_to(Some(a(i)));
    let v = opaque::call(e, f, &args, &[])?;
    e.store(a(i), v);
    Ok(())
}

/// Takes the exception on its way to a handler, unwinding frames. `Err`: it leaves the frame at depth `floor`.
pub fn unwind<E: PyEngine>(e: &mut E, floor: usize) -> Result<(), Raise> {
    loop {
        let mut exc = e.catch();
        let (code, pc) = (e.code(), e.pc() - 1);
        let data = code_data(code);
        // An exception raised again has its entry for this frame already.
        if !matches!(data.code.instrs[pc as usize].op, Op::Reraise | Op::RaiseCurrent) {
            note_traceback(e, exc, code, pc);
        }
        if let Some(h) = data.code.handler_for(pc) {
            e.store(Reg(h.exc), exc);
            e.jump(h.target);
            return Ok(());
        }
        if let Some(g) = e.owner() {
            e.raises_out();
            exc = leave_generator(e, exc)?;
            if delegation::pass_on(e, g).is_some() {
                let _ = e.raise(exc);
                continue;
            }
        }
        let word = e.ret();
        e.pop_frame();
        if ret::kind(word) == ret::NATIVE || e.depth() <= floor {
            return Err(e.raise(exc));
        }
        if matches!(ret::kind(word), ret::NEXT | ret::STEP) && is_stop(e, exc) {
            let end = e.val(Value::END);
            e.store(Reg(ret::register(word)), end);
            return Ok(());
        }
        let _ = e.raise(exc);
    }
}

/// Links a traceback entry for the current instruction in front of the exception's.
fn note_traceback<E: PyEngine>(e: &mut E, exc: E::Val, code: Value, pc: u32) {
    if code_data(code).code.flags.hidden {
        return;
    }
    let shape = e.vm().kind_shape(Kind::Traceback);
    let field = slot(exc_slot::TRACEBACK);
    let next = e.get(exc, &field);
    let entry = e.new_object(shape, 3, 0);
    let (code, pc) = (e.val(code), e.int(pc as i64));
    e.set(entry, &TB_NEXT, next);
    e.set(entry, &TB_CODE, code);
    e.set(entry, &TB_PC, pc);
    e.set(exc, &field, entry);
}

/// An exception leaves a generator's body: the generator is done, and StopIteration is not let through.
fn leave_generator<E: PyEngine>(e: &mut E, exc: E::Val) -> Result<E::Val, Raise> {
    if let Some(g) = e.owner() {
        let done = e.int(hoop_object::generator::state::DONE);
        e.set(g, &GEN_STATE, done);
    }
    if is_stop(e, exc) { opaque::stop_iteration_in_generator(e, exc) } else { Ok(exc) }
}

fn is_stop<E: PyEngine>(e: &mut E, exc: E::Val) -> bool {
    e.settle_shape(exc);
    let shape = e.shape_of(exc);
    let vm = e.vm();
    let class = vm.shapes.get(shape).class.unwrap_or(Value::NONE);
    vm.is_subclass(class, vm.types.stop_iteration)
}

/// `except class`: a class or tuple of classes.
pub fn matches_exception(vm: &mut Vm, exc: Value, class: Value) -> PyResult<bool> {
    let base = vm.types.base_exception;
    let classes =
        if vm.kind(class) == Kind::Tuple { hoop_object::tuple::tuple_items(class) } else { &[class] };
    for &c in classes {
        if vm.kind(c) != Kind::Class || !vm.is_subclass(c, base) {
            return Err(
                vm.type_error("catching classes that do not inherit from BaseException is not allowed")
            );
        }
    }
    Ok(classes.iter().any(|&c| vm.is_instance_of(exc, c)))
}
