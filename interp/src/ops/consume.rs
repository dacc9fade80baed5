//! Iterators that Python code feeds, over any engine: what goes through them is a helper in bytecode instead of a native
//! loop, see [`crate::helpers`].

use crate::call::{self, ret};
use crate::helpers;
use crate::ops::advance::{self, Next};
use crate::ops::{exception, generator};
use hoop_engine::Reg;
use hoop_gc::Value;
use hoop_object::code::code_data;
use hoop_object::errors::Raise;
use hoop_object::helpers::Helper;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::vm::PyEngine;

/// Most iterators in each other that are looked through.
const MAX_NESTED: u32 = 4;

/// The code object whose items an iterator of this kind gives: a generator's, or that of a mapped or filtering function.
/// Nothing: no Python code is known to be there.
fn feeder<E: PyEngine>(e: &mut E, kind: Kind, it: E::Val, nested: u32) -> Option<Value> {
    match kind {
        Kind::Generator => {
            let code = e.get(it, &GEN_CODE);
            Some(e.promote(code))
        }
        Kind::Map | Kind::Filter => function_code(e, it),
        Kind::Enumerate | Kind::ISlice if nested > 0 => {
            let over = e.get(it, &ITER_OVER);
            let kind = kind_of(e, over);
            feeder(e, kind, over, nested - 1)
        }
        Kind::Zip if nested > 0 => {
            let (first, second) = pair(e, it)?;
            let kind = kind_of(e, first);
            if let Some(code) = feeder(e, kind, first, nested - 1) {
                return Some(code);
            }
            let kind = kind_of(e, second);
            feeder(e, kind, second, nested - 1)
        }
        _ => None,
    }
}

fn kind_of<E: PyEngine>(e: &mut E, v: E::Val) -> Kind {
    let shape = e.shape_of(v);
    e.vm().shapes.kind(shape)
}

/// The code of the Python function that a `map` or `filter` calls.
fn function_code<E: PyEngine>(e: &mut E, it: E::Val) -> Option<Value> {
    let f = e.get(it, &ITER_SECOND);
    if kind_of(e, f) != Kind::Function {
        return None;
    }
    let code = e.get(f, &FUNC_CODE);
    Some(e.promote(code))
}

/// The iterators of a `zip` of two that need not end together.
fn pair<E: PyEngine>(e: &mut E, it: E::Val) -> Option<(E::Val, E::Val)> {
    let strict = e.get(it, &ITER_KIND);
    if e.promote_int(strict) != 0 {
        return None;
    }
    let tuple = e.get(it, &ITER_OVER);
    let items = tuple_items(e, tuple, 2)?;
    Some((items.0, items.1?))
}

/// The one or two items of a tuple of this length.
fn tuple_items<E: PyEngine>(e: &mut E, tuple: E::Val, len: i64) -> Option<(E::Val, Option<E::Val>)> {
    if kind_of(e, tuple) != Kind::Tuple {
        return None;
    }
    let found = e.get(tuple, &TUPLE_LEN);
    if e.promote_int(found) != len {
        return None;
    }
    let (zero, one) = (e.int(0), e.int(1));
    let first = e.item(tuple, zero, &TUPLE_ITEMS);
    let second = (len == 2).then(|| e.item(tuple, one, &TUPLE_ITEMS));
    Some((first, second))
}

/// A call of a function that goes through its last argument, an iterable that Python code feeds. Nothing: it does not.
pub fn consume<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    helper: Helper,
    args: &[E::Val],
) -> Result<Option<()>, Raise> {
    if !E::RECORDS && e.vm().jit.is_none() {
        // Nothing will follow the items: the native loop is the quicker one.
        return Ok(None);
    }
    let (it, rest) = match (helper, args) {
        (Helper::Sum, &[it]) => {
            let start = e.val(Value::int(0));
            (it, Some((1, start)))
        }
        (Helper::Sum, &[it, start]) => (it, Some((1, start))),
        (Helper::Join, &[separator, it]) => (it, Some((0, separator))),
        (Helper::Join, _) => return Ok(None),
        (_, &[it]) => (it, None),
        _ => return Ok(None),
    };
    let kind = kind_of(e, it);
    let Some(code) = feeder(e, kind, it, MAX_NESTED) else { return Ok(None) };
    if helper == Helper::Sum
        && let Some((_, start)) = rest
        && e.as_int(start).is_none()
    {
        return Ok(None);
    }
    // A str's own `join`, not that of a class below it.
    if helper == Helper::Join
        && let Some((_, separator)) = rest
        && kind_of(e, separator) != Kind::Str
    {
        return Ok(None);
    }
    let (all, count) = match rest {
        None => ([it, it], 1),
        Some((0, first)) => ([first, it], 2),
        Some((_, second)) => ([it, second], 2),
    };
    let f = helper_function(e, helper, code)?;
    let code = FUNC_CODE.read(f).unwrap_or(Value::NONE);
    let f = e.val(f);
    call::call_function_args(e, f, code, &all[..count], &[], ret::word(ret::STORE, dst.0)).map(Some)
}

fn helper_function<E: PyEngine>(e: &mut E, helper: Helper, feeder: Value) -> Result<Value, Raise> {
    match helpers::helper(e.vm(), helper, feeder) {
        Ok(f) => Ok(f),
        Err(raise) => Err(call::raise_by_chance(e, raise)),
    }
}

/// Pushes the frame of a helper.
fn push<E: PyEngine>(
    e: &mut E,
    helper: Helper,
    feeder: Value,
    args: &[E::Val],
    word: u64,
) -> Result<(), Raise> {
    let f = helper_function(e, helper, feeder)?;
    let code = FUNC_CODE.read(f).unwrap_or(Value::NONE);
    let new = call::new_frame(code, code_data(code), word);
    if !e.push_frame(&new) {
        return Err(call::too_deep(e));
    }
    for (r, &v) in (0..).map(Reg).zip(args) {
        e.store(r, v);
    }
    Ok(())
}

/// Steps a built-in iterator that Python code feeds, for a `for` loop's register: pushes the frame that gives the item.
/// False: it is none, and nothing was done.
pub fn step<E: PyEngine>(e: &mut E, to: Reg, kind: Kind, it: E::Val) -> Result<bool, Raise> {
    let Some(code) = feeder(e, kind, it, MAX_NESTED) else { return Ok(false) };
    let Some((helper, args)) = step_arguments(e, kind, it) else { return Ok(false) };
    let loops = matches!(helper, Helper::Filter | Helper::ISlice);
    let feeder = if loops { code } else { Value::UNBOUND };
    push(e, helper, feeder, &args, ret::word(ret::STEP, to.0))?;
    Ok(true)
}

fn step_arguments<E: PyEngine>(e: &mut E, kind: Kind, it: E::Val) -> Option<(Helper, [E::Val; 2])> {
    let (helper, first, second) = match kind {
        Kind::Map => {
            let (tuple, f, strict) = (e.get(it, &ITER_OVER), e.get(it, &ITER_SECOND), e.get(it, &ITER_KIND));
            if e.promote_int(strict) != 0 {
                return None;
            }
            (Helper::Map, tuple_items(e, tuple, 1)?.0, f)
        }
        Kind::ISlice if advance::slice_goes_on(e, it) => (Helper::ISlice, e.get(it, &ITER_OVER), it),
        Kind::Filter => (Helper::Filter, e.get(it, &ITER_OVER), e.get(it, &ITER_SECOND)),
        Kind::Enumerate => (Helper::Enumerate, e.get(it, &ITER_OVER), it),
        Kind::Zip => {
            let (first, second) = pair(e, it)?;
            (Helper::Zip, first, second)
        }
        _ => return None,
    };
    Some((helper, [first, second]))
}

/// `next(it)` and `next(it, default)`. Nothing: call the native function.
pub fn next<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    it: E::Val,
    default: Option<E::Val>,
) -> Result<Option<()>, Raise> {
    let kind = kind_of(e, it);
    if kind == Kind::Generator && default.is_none() {
        return generator::resume_call(e, dst, it, None);
    }
    let context = if default.is_none() { exception::context(e) } else { exception::Context::None };
    match (advance::next_inline(e, kind, it)?, default) {
        (Some(Next::Item(v)), _) => e.store(dst, v),
        (Some(Next::End), Some(default)) => e.store(dst, default),
        (Some(_), _) => {
            let class = e.vm().types.stop_iteration;
            let exc = exception::make_new(e, class, &[])?;
            return Err(exception::send(e, exc, context));
        }
        (None, _) => {
            // The native function lets their function's StopIteration through as it is.
            if default.is_none() && matches!(kind, Kind::Map | Kind::Filter)
                || feeder(e, kind, it, MAX_NESTED).is_none()
            {
                return Ok(None);
            }
            let (helper, second) = match default {
                Some(v) => (Helper::NextOr, v),
                None => (Helper::Next, it),
            };
            let count = 1 + default.is_some() as usize;
            push(e, helper, Value::UNBOUND, &[it, second][..count], ret::word(ret::STORE, dst.0))?;
        }
    }
    Ok(Some(()))
}
