//! The iterators of `itertools.count` and `itertools.islice`, which traces step in line.

use crate::iterators::{self, exhaust, over};
use crate::protocol;
use hoop_gc::Value;
use hoop_object::class::class_data;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::operator::BinOp;
use hoop_object::vm::Vm;

/// What `ITER_KIND` of a `count` says when the value is any number, in `ITER_SECOND`.
const BIG: i64 = 1;

/// A new object of a native class of this kind, or of a class that extends it.
fn new_of_kind(vm: &mut Vm, class: Value, kind: Kind, fill: impl FnOnce(Value)) -> Value {
    let base = class_data(class).mro.iter().copied().find(|&c| class_data(c).kind == kind).unwrap_or(class);
    let it = vm.ctx.alloc(class_data(base).root_shape, 5);
    fill(it);
    if base == class { it } else { vm.new_payload_instance(class, it) }
}

/// `count(start, step)` of two numbers.
pub fn new_count(vm: &mut Vm, class: Value, start: Value, step: Value) -> Value {
    let plain =
        |v| if matches!(v, Value::TRUE | Value::FALSE) { Value::int((v == Value::TRUE) as i64) } else { v };
    let (start, step) = (plain(start), plain(step));
    let small = start.as_int().zip(step.as_int());
    new_of_kind(vm, class, Kind::Count, |it| {
        ITER_OVER.init(it, step);
        ITER_SECOND.init(it, start);
        match small {
            Some((start, step)) => {
                ITER_INDEX.write(it, start);
                ITER_EXPECT.write(it, step);
            }
            None => ITER_KIND.write(it, BIG),
        }
    })
}

/// The next value of a `count`, and its step.
#[inline]
pub fn count_state(it: Value) -> (Value, Value) {
    let step = ITER_OVER.read(it).unwrap_or(Value::int(1));
    if ITER_KIND.read(it) == BIG {
        return (ITER_SECOND.read(it).unwrap_or(Value::int(0)), step);
    }
    (Value::int(ITER_INDEX.read(it)), step)
}

/// `islice` of an iterator; the numbers are small and not negative.
#[inline]
pub fn new_islice(
    vm: &mut Vm,
    class: Value,
    source: Value,
    start: i64,
    stop: Option<i64>,
    step: i64,
) -> Value {
    new_of_kind(vm, class, Kind::ISlice, |it| {
        ITER_OVER.init(it, source);
        ITER_SECOND.init(it, stop.map_or(Value::NONE, Value::int));
        ITER_EXPECT.write(it, start);
        ITER_KIND.write(it, step);
    })
}

/// An item of an `islice`'s source has gone by. Is it the one to give?
#[inline]
pub fn islice_passed(it: Value) -> bool {
    let (at, wanted) = (ITER_INDEX.read(it), ITER_EXPECT.read(it));
    ITER_INDEX.write(it, at + 1);
    if at < wanted {
        return false;
    }
    let next = wanted + ITER_KIND.read(it);
    ITER_EXPECT.write(it, stop_of(it).map_or(next, |stop| next.min(stop)));
    true
}

fn stop_of(it: Value) -> Option<i64> {
    ITER_SECOND.read(it).and_then(|v| v.as_int())
}

pub(crate) fn count_next(vm: &mut Vm, it: Value) -> PyResult {
    let (current, step) = count_state(it);
    let next = protocol::binary(vm, BinOp::Add, current, step)?;
    match next.as_int() {
        Some(n) if ITER_KIND.read(it) != BIG => ITER_INDEX.write(it, n),
        _ => {
            ITER_KIND.write(it, BIG);
            vm.ctx.write(it, &ITER_SECOND, next);
        }
    }
    Ok(current)
}

pub(crate) fn islice_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    loop {
        let Some(source) = over(it) else { return Ok(None) };
        let at = ITER_INDEX.read(it);
        if at >= ITER_EXPECT.read(it) && stop_of(it).is_some_and(|stop| at >= stop) {
            return Ok(exhaust(it));
        }
        let Some(v) = iterators::iter_step(vm, source)? else { return Ok(exhaust(it)) };
        if islice_passed(it) {
            return Ok(Some(v));
        }
    }
}
