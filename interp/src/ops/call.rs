//! Call instructions.

use crate::args::{Args, Row};
use crate::call::{self, ret};
use crate::ops::control::poll;
use crate::ops::{a, attr, exception, intrinsic, opaque};
use hoop_bytecode::{Instr, SiteKind};
use hoop_engine::Reg;
use hoop_gc::Value;
use hoop_object::code::code_data;
use hoop_object::errors::Raise;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::vm::{PyEngine, Vm};
use hoop_object::{function, instance};
use hoop_protocol::native;
use hoop_types::classes::{class, object};
use hoop_types::exceptions;

/// `a := b(b+1 .. b+c)`.
#[inline(always)]
pub fn call<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    poll(e)?;
    let f = e.load(Reg(i.b));
    dispatch(e, a(i), f, None, Reg(i.b + 1), i.c)
}

/// Method call: self in `b+1`, or unbound.
#[inline(always)]
pub fn call_method<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    poll(e)?;
    let (f, this) = (e.load(Reg(i.b)), e.load(Reg(i.b + 1)));
    let this = if e.is(this, Value::UNBOUND) { None } else { Some(this) };
    dispatch(e, a(i), f, this, Reg(i.b + 2), i.c)
}

#[inline(always)]
fn dispatch<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    f: E::Val,
    this: Option<E::Val>,
    first: Reg,
    count: u16,
) -> Result<(), Raise> {
    let shape = e.shape_of(f);
    let kind = e.vm().shapes.kind(shape);
    if kind == Kind::Function {
        return call::call_function(e, f, this, first, count, ret::word(ret::STORE, dst.0));
    }
    if !E::RECORDS && call_at_once(e, dst, f, kind, this, first, count)? {
        return Ok(());
    }
    let args = call::gather(e, this, first, count)?;
    dispatch_slow(e, dst, f, kind, &args, &[])
}

/// The interpreter's short ways: built-in functions get their arguments in the registers where they lie, plain classes
/// their instance and the frame of `__init__`. False: nothing was done.
#[inline(never)]
fn call_at_once<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    f: E::Val,
    kind: Kind,
    this: Option<E::Val>,
    first: Reg,
    count: u16,
) -> Result<bool, Raise> {
    match kind {
        Kind::Builtin => builtin_at_once(e, dst, f, u16::from(this.is_some()), first, count),
        Kind::Class if this.is_none() => class_at_once(e, dst, f, first, count),
        Kind::BoundMethod if this.is_none() => method_at_once(e, dst, f, first, count),
        _ => Ok(false),
    }
}

/// A bound method of a Python function.
fn method_at_once<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    f: E::Val,
    first: Reg,
    count: u16,
) -> Result<bool, Raise> {
    let (func, this) = (e.get(f, &METHOD_FUNC), e.get(f, &METHOD_SELF));
    let shape = e.shape_of(func);
    if e.vm().shapes.kind(shape) != Kind::Function {
        return Ok(false);
    }
    call::call_function(e, func, Some(this), first, count, ret::word(ret::STORE, dst.0))?;
    Ok(true)
}

/// Most arguments, a bound self included, that are copied together for a built-in function.
const MAX_COPIED: usize = 6;

fn builtin_at_once<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    f: E::Val,
    this: u16,
    first: Reg,
    count: u16,
) -> Result<bool, Raise> {
    let f_now = e.now_val(f);
    if let Some(bound) = hoop_object::rows::builtin_self(f_now) {
        return bound_builtin_at_once(e, dst, f_now, bound, first, count);
    }
    // A method's self lies just before its arguments.
    let Some((args, args_now)) = e.register_slice(Reg(first.0 - this), count + this) else {
        return Ok(false);
    };
    let def = hoop_object::rows::def_of(f_now);
    if intrinsic::call(e, dst, def, args)?.is_some() {
        return Ok(true);
    }
    if this == 0 && def.shape.receiver {
        native::check_receiver(e.vm(), f_now, args_now)?;
    }
    let v = opaque::call_row(e, def, args_now)?;
    e.store(dst, v);
    Ok(true)
}

/// A built-in class whose `__new__` does everything.
fn native_class_at_once<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    class: Value,
    first: Reg,
    count: u16,
) -> Result<bool, Raise> {
    let Some((args, given)) = e.register_slice(first, count) else { return Ok(false) };
    if intrinsic::call_class(e, dst, class, args)?.is_some() {
        return Ok(true);
    }
    let Some(rows) = class::constructor(e.vm(), class) else { return Ok(false) };
    let (head, filled) = match rows.init {
        None => (class, rows.new),
        Some(init) => (native::call_native(e.vm(), rows.new, &[class])?, init),
    };
    let Some(all) = prepended(head, given) else { return Ok(false) };
    let v = opaque::call_row(e, filled, &all[..=given.len()])?;
    let v = if rows.init.is_some() { e.val(head) } else { v };
    e.store(dst, v);
    Ok(true)
}

/// A value and then others, few enough to be copied; what is behind them does not count.
fn prepended(head: Value, rest: &[Value]) -> Option<[Value; MAX_COPIED]> {
    let get = |k: usize| if k == 0 { head } else { rest.get(k - 1).copied().unwrap_or(head) };
    (rest.len() < MAX_COPIED).then(|| std::array::from_fn(get))
}

fn bound_builtin_at_once<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    f: Value,
    bound: Value,
    first: Reg,
    count: u16,
) -> Result<bool, Raise> {
    let Some((_, given)) = e.register_slice(first, count) else { return Ok(false) };
    let def = hoop_object::rows::def_of(f);
    if let &[only] = given {
        row_at_once(e, dst, def, &[bound, only])?;
        return Ok(true);
    }
    let Some(now) = prepended(bound, given) else { return Ok(false) };
    row_at_once(e, dst, def, &now[..=given.len()])?;
    Ok(true)
}

/// Calls a built-in function in line or by its row; for the interpreter, whose values are just values.
#[inline(always)]
fn row_at_once<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    def: &'static hoop_object::rows::NativeDef,
    now: &[Value],
) -> Result<(), Raise> {
    if def.intrinsic != hoop_object::rows::Intrinsic::None {
        let mut args = Args::new();
        for &v in now {
            let v = e.val(v);
            args.push(e, v)?;
        }
        if intrinsic::call(e, dst, def, &args)?.is_some() {
            return Ok(());
        }
    }
    let v = opaque::call_row(e, def, now)?;
    e.store(dst, v);
    Ok(())
}

fn class_at_once<E: PyEngine>(e: &mut E, dst: Reg, f: E::Val, first: Reg, count: u16) -> Result<bool, Raise> {
    let class = e.now_val(f);
    let Some(Some(init)) = object::plain_init(e.vm(), class) else {
        return native_class_at_once(e, dst, class, first, count);
    };
    let code = FUNC_CODE.read(init).unwrap_or(Value::NONE);
    let data = code_data(code);
    if data.simple_params != u32::from(count) + 1 {
        return Ok(false);
    }
    let v = instance::new_instance(e, class);
    let init = e.val(init);
    e.store(dst, v);
    call::call_function(e, init, Some(v), first, count, ret::word(ret::INIT, dst.0))?;
    Ok(true)
}

/// Anything but a plain call of a Python function.
#[inline(never)]
fn dispatch_slow<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    f: E::Val,
    kind: Kind,
    args: &[E::Val],
    names: &[Value],
) -> Result<(), Raise> {
    match kind {
        Kind::Function => function(e, dst, f, args, names),
        Kind::Builtin => builtin(e, dst, f, args, names),
        Kind::BoundMethod => {
            let (func, this) = (e.get(f, &METHOD_FUNC), e.get(f, &METHOD_SELF));
            let all = Args::with_first(e, this, args)?;
            let shape = e.shape_of(func);
            let kind = e.vm().shapes.kind(shape);
            dispatch_slow(e, dst, func, kind, &all, names)
        }
        Kind::Class => class(e, dst, f, args, names),
        Kind::Instance | Kind::InstanceDict => instance(e, dst, f, args, names),
        _ => general(e, dst, f, args, names),
    }
}

fn function<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    f: E::Val,
    args: &[E::Val],
    names: &[Value],
) -> Result<(), Raise> {
    let code = e.get(f, &FUNC_CODE);
    let code = e.promote(code);
    call::call_function_args(e, f, code, args, names, ret::word(ret::STORE, dst.0))
}

fn general<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    f: E::Val,
    args: &[E::Val],
    names: &[Value],
) -> Result<(), Raise> {
    e.result_to(Some(dst));
    let v = opaque::call(e, f, args, names)?;
    e.store(dst, v);
    Ok(())
}

fn builtin<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    f: E::Val,
    args: &[E::Val],
    names: &[Value],
) -> Result<(), Raise> {
    let def = e.get(f, &BUILTIN_DEF);
    let def = e.promote_int(def);
    // SAFETY: as in `native::def_of`: the word is the address of a static row.
    let def: &'static hoop_object::rows::NativeDef =
        unsafe { &*(def as *const hoop_object::rows::NativeDef) };
    if E::RECORDS && args.len() < def.sees_frames_below as usize {
        opaque::frames_are_seen(e)?;
    }
    if !names.is_empty() {
        return general(e, dst, f, args, names);
    }
    let this = e.get(f, &BUILTIN_SELF);
    let bound = !e.is(this, Value::UNBOUND);
    let mut all = Args::new();
    if bound {
        all.push(e, this)?;
    }
    all.extend(e, args)?;
    if let Some(done) = intrinsic::call(e, dst, def, &all)? {
        return Ok(done);
    }
    e.result_to(Some(dst));
    let v = opaque::call_native(e, def, f, &all)?;
    e.store(dst, v);
    Ok(())
}

/// `C(args)`: an instance and its `__init__` for plain classes; the rest as one call.
fn class<E: PyEngine>(e: &mut E, dst: Reg, f: E::Val, args: &[E::Val], names: &[Value]) -> Result<(), Raise> {
    let class = e.promote(f);
    if let Some(init) = object::plain_init(e.vm(), class)
        && attr::assume_construction(e, class)
    {
        return instantiate(e, dst, class, init, args, names);
    }
    if args.len() <= exception::MAX_ARGUMENTS
        && let Some(init) = exceptions::exception_init(e.vm(), class)
        && attr::assume_construction(e, class)
    {
        return instantiate_exception(e, dst, class, init, args, names);
    }
    if names.is_empty()
        && let Some(done) = intrinsic::call_class(e, dst, class, args)?
    {
        return Ok(done);
    }
    if E::RECORDS && class_sees_frame(e.vm(), class, args.len()) {
        opaque::frames_are_seen(e)?;
    }
    general(e, dst, f, args, names)
}

/// Does the call of a class look at the frame of its caller? A new class belongs to the module that is running, and
/// `super()` has no arguments of its own.
fn class_sees_frame(vm: &Vm, class: Value, arguments: usize) -> bool {
    if class == vm.types.type_ {
        arguments > 1
    } else {
        class == vm.types.super_ && arguments == 0 || vm.is_subclass(class, vm.types.type_)
    }
}

fn instantiate<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    class: Value,
    init: Option<Value>,
    args: &[E::Val],
    names: &[Value],
) -> Result<(), Raise> {
    let Some(init) = init else {
        if args.is_empty() {
            let v = instance::new_instance(e, class);
            e.store(dst, v);
            return Ok(());
        }
        let f = e.val(class);
        return general(e, dst, f, args, names);
    };
    let code = call::code_of(e, init);
    let follow = e.follow_call(code);
    let v = instance::new_instance(e, class);
    initialize(e, dst, (class, v), (init, code, follow), args, names)
}

/// `C(args)` for an exception class that keeps its arguments.
fn instantiate_exception<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    class: Value,
    init: Option<Value>,
    args: &[E::Val],
    names: &[Value],
) -> Result<(), Raise> {
    let positional = &args[..args.len() - names.len()];
    let Some(init) = init else {
        if !names.is_empty() {
            let f = e.val(class);
            return general(e, dst, f, args, names);
        }
        let v = instance::new_instance(e, class);
        exception::set_arguments(e, v, positional)?;
        e.store(dst, v);
        return Ok(());
    };
    let code = call::code_of(e, init);
    let follow = e.follow_call(code);
    let v = instance::new_instance(e, class);
    exception::set_arguments(e, v, positional)?;
    initialize(e, dst, (class, v), (init, code, follow), args, names)
}

/// Calls the Python `__init__` of a new instance, as a frame if it is to be followed.
fn initialize<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    (class, v): (Value, E::Val),
    (init, code, follow): (Value, Value, bool),
    args: &[E::Val],
    names: &[Value],
) -> Result<(), Raise> {
    let all = Args::with_first(e, v, args)?;
    let f = e.val(init);
    let bound = call::bind(e, f, code_data(code), &all, names)?;
    if !follow {
        let Some(done) = call::call_compiled(e, f, code, &bound, ret::word(ret::INIT, dst.0)) else {
            let f = e.val(class);
            return general(e, dst, f, args, names);
        };
        done?;
        e.store(dst, v);
        return Ok(());
    }
    e.store(dst, v);
    call::enter(e, f, code, &bound, ret::word(ret::INIT, dst.0))
}

/// `__call__` written in Python.
fn instance<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    f: E::Val,
    args: &[E::Val],
    names: &[Value],
) -> Result<(), Raise> {
    let shape = e.shape_of(f);
    let name = e.vm().names.call;
    if let Some(m) = crate::ops::item::python_method(e, shape, name) {
        let all = Args::with_first(e, f, args)?;
        let m = e.val(m);
        return function(e, dst, m, &all, names);
    }
    general(e, dst, f, args, names)
}

/// Method call with keywords.
pub fn call_kw<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    poll(e)?;
    let data = code_data(e.code());
    let SiteKind::Call { positional, keywords } = &data.code.sites[i.c as usize].kind else { return Ok(()) };
    let names = Row::collect(e, keywords, |_, &k| data.keyword_names[k as usize].unwrap_or(Value::NONE))?;
    let names = names.as_slice();
    let (f, this) = (e.load(Reg(i.b)), e.load(Reg(i.b + 1)));
    let this = if e.is(this, Value::UNBOUND) { None } else { Some(this) };
    let args = call::gather(e, this, Reg(i.b + 2), positional + names.len() as u16)?;
    let shape = e.shape_of(f);
    let kind = e.vm().shapes.kind(shape);
    dispatch_slow(e, a(i), f, kind, &args, names)
}

/// `a := b(*b+1, **b+2)`.
pub fn call_ex<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    poll(e)?;
    let (f, args, kwargs) = (e.load(Reg(i.b)), e.load(Reg(i.b + 1)), e.load(Reg(i.b + 2)));
    if no_keywords(e, kwargs)
        && let Some(all) = spread(e, args)?
    {
        let shape = e.shape_of(f);
        let kind = e.vm().shapes.kind(shape);
        return dispatch_slow(e, a(i), f, kind, &all, &[]);
    }
    e.result_to(Some(a(i)));
    let v = opaque::call_ex(e, f, args, kwargs)?;
    e.store(a(i), v);
    Ok(())
}

/// Is there no dict of keyword arguments, or an empty one?
fn no_keywords<E: PyEngine>(e: &mut E, kwargs: E::Val) -> bool {
    if e.is(kwargs, Value::UNBOUND) {
        return true;
    }
    let shape = e.shape_of(kwargs);
    e.vm().shapes.kind(shape) == Kind::DictEmpty
}

/// Most arguments that a starred call passes one by one.
const MAX_SPREAD: i64 = 16;

/// The items of a short tuple or list as arguments; their number is a fact of the trace.
fn spread<E: PyEngine>(e: &mut E, args: E::Val) -> Result<Option<Args<E>>, Raise> {
    let shape = e.shape_of(args);
    let kind = e.vm().shapes.kind(shape);
    let len = match kind {
        Kind::Tuple => e.get(args, &TUPLE_LEN),
        Kind::ListAny | Kind::ListInt | Kind::ListFloat => e.get(args, &LIST_LEN),
        _ => return Ok(None),
    };
    let len = e.promote_int(len);
    if len > MAX_SPREAD {
        return Ok(None);
    }
    let mut all = Args::new();
    let array = if kind == Kind::Tuple { args } else { e.get(args, &LIST_ITEMS) };
    for k in 0..len {
        let index = e.int(k);
        let v = match kind {
            Kind::Tuple => e.item(array, index, &TUPLE_ITEMS),
            _ => crate::ops::item::array_get(e, kind, array, index),
        };
        all.push(e, v)?;
    }
    Ok(Some(all))
}

pub fn make_function<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let code = code_data(e.code()).consts[i.bc() as usize];
    let data = code_data(code);
    let shape = e.vm().kind_shape(Kind::Function);
    let f = e.new_object(shape, 10, 0);
    let unbound = e.val(Value::UNBOUND);
    let doc = data.code.docstring.map_or(Value::NONE, |k| data.consts[k as usize]);
    let module = function::module_name(e.vm(), data.globals);
    for (field, v) in [
        (FUNC_CODE, code),
        (FUNC_NAME, data.name),
        (FUNC_QUALNAME, data.qualname),
        (FUNC_DOC, doc),
        (FUNC_MODULE, module),
    ] {
        let v = e.val(v);
        e.set(f, &field, v);
    }
    for field in [FUNC_DEFAULTS, FUNC_KWDEFAULTS, FUNC_CLOSURE, FUNC_DICT, FUNC_ANNOTATE] {
        e.set(f, &field, unbound);
    }
    e.store(a(i), f);
    Ok(())
}

pub fn set_func<E: PyEngine>(e: &mut E, i: Instr) {
    let (f, v) = (e.load(a(i)), e.load(Reg(i.b)));
    let field = [FUNC_DEFAULTS, FUNC_KWDEFAULTS, FUNC_ANNOTATE, FUNC_CLOSURE][i.c as usize & 3];
    e.set(f, &field, v);
}
