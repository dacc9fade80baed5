//! `islice`, `takewhile`, `dropwhile`, `filterfalse`, `compress`.

use crate::itertools::{absent, add_class, add_known, make, state, value};
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::rows::NativeDef;
use hoop_object::vm::Vm;
use hoop_protocol::{call, counting, iterators, protocol};

pub fn init(vm: &mut Vm, ns: Value) -> PyResult<()> {
    add_known(vm, ns, "islice", Kind::ISlice, ISLICE)?;
    add_class(vm, ns, "takewhile", TAKEWHILE)?;
    add_class(vm, ns, "dropwhile", DROPWHILE)?;
    add_class(vm, ns, "filterfalse", FILTERFALSE)?;
    add_class(vm, ns, "compress", COMPRESS)?;
    Ok(())
}

// ---- islice

const ISLICE: &[NativeDef] = &[NativeDef::new("__new__", "$type, iterable, /, *args", islice)];

/// A bound as a machine word; -1, which no bound may be, for what is none or too large.
fn word(vm: &mut Vm, v: Value) -> i64 {
    protocol::index_length(vm, v).unwrap_or_else(|_| {
        vm.take_pending();
        -1
    })
}

fn bound(vm: &mut Vm, v: Value, default: i64, is_stop: bool) -> PyResult<i64> {
    if absent(v) {
        return Ok(default);
    }
    let i = word(vm, v);
    if i < 0 {
        let what = if is_stop && i == -1 { "Stop argument for islice()" } else { "Indices for islice()" };
        return Err(vm.value_error(format!("{what} must be None or an integer: 0 <= x <= sys.maxsize.")));
    }
    // Nothing is longer.
    Ok(i.min(hoop_gc::INT_MAX))
}

fn islice(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (start, stop, step) = match a[2..] {
        [stop] => (Value::NONE, stop, Value::NONE),
        [start, stop] => (start, stop, Value::NONE),
        [start, stop, step] => (start, stop, step),
        [] => return Err(vm.type_error("islice expected at least 2 arguments, got 1")),
        _ => return Err(vm.type_error(format!("islice expected at most 4 arguments, got {}", a.len() - 1))),
    };
    let stop = bound(vm, stop, -1, true)?;
    let start = bound(vm, start, 0, false)?;
    let step = if absent(step) { 1 } else { word(vm, step).min(hoop_gc::INT_MAX) };
    if step < 1 {
        return Err(vm.value_error("Step for islice() must be a positive integer or None."));
    }
    let it = iterators::iter(vm, a[1])?;
    Ok(counting::new_islice(vm, a[0], it, start, (stop >= 0).then_some(stop), step))
}

// ---- by a predicate: function, iterator

const TAKEWHILE: &[NativeDef] =
    &[NativeDef::new("__new__", "$type, predicate, iterable, /", |vm, a| with_predicate(vm, a, take_next))];

const DROPWHILE: &[NativeDef] =
    &[NativeDef::new("__new__", "$type, predicate, iterable, /", |vm, a| with_predicate(vm, a, drop_next))];

const FILTERFALSE: &[NativeDef] =
    &[NativeDef::new("__new__", "$type, function, iterable, /", |vm, a| with_predicate(vm, a, filter_next))];

fn with_predicate(vm: &mut Vm, a: &[Value], next: crate::itertools::Next) -> PyResult {
    let it = iterators::iter(vm, a[2])?;
    make(vm, a[0], next, &[a[1], it], &[])
}

/// The next item and what the predicate says of it.
fn judged(vm: &mut Vm, it: Value) -> PyResult<Option<(Value, bool)>> {
    let (f, source) = (value(it, 0), value(it, 1));
    let Some(v) = iterators::iter_next(vm, source)? else { return Ok(None) };
    let answer = if f == Value::NONE { v } else { call::call(vm, f, &[v])? };
    Ok(Some((v, protocol::truth(vm, answer)?)))
}

fn take_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    if state(it).done {
        return Ok(None);
    }
    match judged(vm, it)? {
        Some((v, true)) => Ok(Some(v)),
        Some((_, false)) => {
            state(it).done = true;
            Ok(None)
        }
        None => Ok(None),
    }
}

/// `done`: the dropping is over.
fn drop_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    while !state(it).done {
        match judged(vm, it)? {
            Some((_, true)) => {}
            Some((v, false)) => {
                state(it).done = true;
                return Ok(Some(v));
            }
            None => return Ok(None),
        }
    }
    let source = value(it, 1);
    iterators::iter_next(vm, source)
}

fn filter_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    while let Some((v, truth)) = judged(vm, it)? {
        if !truth {
            return Ok(Some(v));
        }
    }
    Ok(None)
}

// ---- compress: data, selectors

const COMPRESS: &[NativeDef] = &[NativeDef::new("__new__", "$type, data, selectors", |vm, a| {
    let (data, selectors) = (iterators::iter(vm, a[1])?, iterators::iter(vm, a[2])?);
    make(vm, a[0], compress_next, &[data, selectors], &[])
})];

fn compress_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let (data, selectors) = (value(it, 0), value(it, 1));
    while let Some(v) = iterators::iter_next(vm, data)? {
        let Some(s) = iterators::iter_next(vm, selectors)? else { return Ok(None) };
        if protocol::truth(vm, s)? {
            return Ok(Some(v));
        }
    }
    Ok(None)
}
