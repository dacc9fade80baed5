//! Built-in functions that go through an iterable: `all`, `any`, `min`, `max`, `sum`, `sorted`.

use crate::containers::sort;
use crate::numbers::complex;
use crate::numbers::float::float_operand;
use hoop_engine::float_of;
use hoop_gc::Value;
use hoop_object::bigint;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::list::{self, float_items, int_items, list_len};
use hoop_object::operator::{BinOp, CmpOp};
use hoop_object::vm::Vm;
use hoop_protocol::{call, iterators, list_slice, protocol};

#[inline]
pub fn all(vm: &mut Vm, a: &[Value]) -> PyResult {
    find(vm, a[0], false).map(|found| Value::bool(!found))
}

#[inline]
pub fn any(vm: &mut Vm, a: &[Value]) -> PyResult {
    find(vm, a[0], true).map(Value::bool)
}

/// Is there an item of this truth?
fn find(vm: &mut Vm, iterable: Value, truth: bool) -> PyResult<bool> {
    let it = iterators::iter(vm, iterable)?;
    while let Some(v) = iterators::iter_next(vm, it)? {
        if protocol::truth(vm, v)? == truth {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `sorted(iterable, key, reverse)`: the keywords come first.
pub fn sorted(vm: &mut Vm, a: &[Value]) -> PyResult {
    let &[key, reverse, iterable] = a else {
        return Err(vm.type_error(format!("sorted expected 1 argument, got {}", a.len() - 2)));
    };
    let l = if vm.kind(iterable).is_list() {
        list::range(vm, iterable, 0, list_len(iterable))?
    } else {
        let l = list::new(vm);
        list_slice::extend_list(vm, l, iterable)?;
        l
    };
    let key = Some(key).filter(|&k| k != Value::UNBOUND && k != Value::NONE);
    let reverse = reverse != Value::UNBOUND && protocol::truth(vm, reverse)?;
    sort::sort(vm, l, key, reverse)?;
    Ok(l)
}

// ---- min and max

/// `min` and `max`: key and default come first.
pub fn extreme(vm: &mut Vm, a: &[Value], largest: bool) -> PyResult {
    let name = if largest { "max" } else { "min" };
    let key = Some(a[0]).filter(|&k| k != Value::UNBOUND && k != Value::NONE);
    let default = Some(a[1]).filter(|&d| d != Value::UNBOUND);
    let op = if largest { CmpOp::Gt } else { CmpOp::Lt };
    match a[2..] {
        [] => Err(vm.type_error(format!("{name} expected at least 1 argument, got 0"))),
        [iterable] => {
            if key.is_none()
                && let Some(v) = extreme_of_list(vm, iterable, largest)
            {
                return Ok(v);
            }
            match extreme_of_iterable(vm, iterable, key, op)?.or(default) {
                Some(v) => Ok(v),
                None => Err(vm.value_error(format!("{name}() iterable argument is empty"))),
            }
        }
        _ if default.is_some() => {
            let text = format!("Cannot specify a default for {name}() with multiple positional arguments");
            Err(vm.type_error(text))
        }
        _ => {
            let items = &a[2..];
            let mut best = Best::new(vm, items[0], key)?;
            for &v in &items[1..] {
                best.offer(vm, v, key, op)?;
            }
            Ok(best.item)
        }
    }
}

/// The best item so far, and its key.
struct Best {
    item: Value,
    key: Value,
}

impl Best {
    fn new(vm: &mut Vm, item: Value, key: Option<Value>) -> PyResult<Best> {
        Ok(Best { item, key: keyed(vm, item, key)? })
    }

    fn offer(&mut self, vm: &mut Vm, item: Value, key: Option<Value>, op: CmpOp) -> PyResult<()> {
        let k = keyed(vm, item, key)?;
        if protocol::rich_truth(vm, op, k, self.key)? {
            (self.item, self.key) = (item, k);
        }
        Ok(())
    }
}

fn keyed(vm: &mut Vm, item: Value, key: Option<Value>) -> PyResult {
    match key {
        Some(f) => call::call(vm, f, &[item]),
        None => Ok(item),
    }
}

fn extreme_of_iterable(
    vm: &mut Vm,
    iterable: Value,
    key: Option<Value>,
    op: CmpOp,
) -> PyResult<Option<Value>> {
    let it = iterators::iter(vm, iterable)?;
    let Some(first) = iterators::iter_next(vm, it)? else { return Ok(None) };
    let mut best = Best::new(vm, first, key)?;
    while let Some(v) = iterators::iter_next(vm, it)? {
        best.offer(vm, v, key, op)?;
    }
    Ok(Some(best.item))
}

/// Of a list of ints or floats, without boxing.
fn extreme_of_list(vm: &mut Vm, l: Value, largest: bool) -> Option<Value> {
    match vm.kind(l) {
        Kind::ListInt => {
            let items = int_items(l).iter().copied();
            let best = if largest { items.max() } else { items.min() };
            best.map(Value::int)
        }
        Kind::ListFloat => {
            let mut items = float_items(l).iter().copied();
            let mut best = items.next()?;
            for x in items {
                if (largest && x > best) || (!largest && x < best) {
                    best = x;
                }
            }
            Some(vm.ctx.box_float(best))
        }
        _ => None,
    }
}

// ---- sum

pub fn sum(vm: &mut Vm, a: &[Value]) -> PyResult {
    let start = if a[1] == Value::UNBOUND { Value::int(0) } else { a[1] };
    let start_kind = vm.kind(vm.unwrap(start));
    let refused = match start_kind {
        Kind::Str => Some("sum() can't sum strings [use ''.join(seq) instead]"),
        Kind::Bytes => Some("sum() can't sum bytes [use b''.join(seq) instead]"),
        Kind::ByteArray => Some("sum() can't sum bytearray [use b''.join(seq) instead]"),
        _ => None,
    };
    if let Some(text) = refused {
        return Err(vm.type_error(text));
    }
    if let Some(v) = sum_list(vm, a[0], start) {
        return Ok(v);
    }
    let it = iterators::iter(vm, a[0])?;
    if start.is_int() { sum_ints(vm, it, start) } else { sum_from(vm, it, start) }
}

/// Of a list of small ints or floats with such a start.
fn sum_list(vm: &mut Vm, l: Value, start: Value) -> Option<Value> {
    match (vm.kind(l), start.as_int(), float_of(start)) {
        (Kind::ListInt, Some(s), _) => {
            let total = int_items(l).iter().fold(s as i128, |sum, &i| sum + i as i128);
            Some(bigint::int_from_i128(vm, total))
        }
        (Kind::ListFloat, Some(s), _) => {
            // The first addition is the int's own.
            let items = float_items(l);
            let mut sum = Compensated::new(s as f64 + items.first()?);
            items[1..].iter().for_each(|&x| sum.add(x));
            Some(vm.ctx.box_float(sum.value()))
        }
        (Kind::ListFloat, _, Some(s)) => {
            let mut sum = Compensated::new(s);
            float_items(l).iter().for_each(|&x| sum.add(x));
            Some(vm.ctx.box_float(sum.value()))
        }
        _ => None,
    }
}

/// Ints and bools, up to the first item of another kind.
fn sum_ints(vm: &mut Vm, it: Value, start: Value) -> PyResult {
    let mut total = start.int_unchecked() as i128;
    while let Some(v) = iterators::iter_next(vm, it)? {
        match v {
            v if v.is_int() => total += v.int_unchecked() as i128,
            Value::TRUE => total += 1,
            Value::FALSE => {}
            v => {
                let so_far = bigint::int_from_i128(vm, total);
                let sum = protocol::binary(vm, BinOp::Add, so_far, v)?;
                return sum_from(vm, it, sum);
            }
        }
    }
    Ok(bigint::int_from_i128(vm, total))
}

fn sum_from(vm: &mut Vm, it: Value, start: Value) -> PyResult {
    let mut total = start;
    if float_of(total).is_some() {
        match sum_floats(vm, it, total)? {
            (sum, true) => return Ok(sum),
            (sum, false) => total = sum,
        }
    }
    if vm.kind(total) == Kind::Complex {
        match sum_complex(vm, it, total)? {
            (sum, true) => return Ok(sum),
            (sum, false) => total = sum,
        }
    }
    while let Some(v) = iterators::iter_next(vm, it)? {
        total = protocol::binary(vm, BinOp::Add, total, v)?;
    }
    Ok(total)
}

/// Floats and ints, up to the first item of another kind; whether that was all.
fn sum_floats(vm: &mut Vm, it: Value, start: Value) -> PyResult<(Value, bool)> {
    let mut sum = Compensated::new(float_operand(vm, start).unwrap_or(0.0));
    while let Some(v) = iterators::iter_next(vm, it)? {
        if let Some(x) = float_of(v) {
            sum.add(x);
        } else if let Some(i) = hoop_object::bigint::operand(vm, v).and_then(hoop_object::bigint::to_i64) {
            sum.add(i as f64);
        } else {
            let so_far = vm.ctx.box_float(sum.value());
            let total = protocol::binary(vm, BinOp::Add, so_far, v)?;
            return Ok((total, false));
        }
    }
    Ok((vm.ctx.box_float(sum.value()), true))
}

/// Complex numbers, floats and ints, up to the first item of another kind; whether that was all.
fn sum_complex(vm: &mut Vm, it: Value, start: Value) -> PyResult<(Value, bool)> {
    let (re, im) = complex::parts(vm, start).unwrap_or((0.0, 0.0));
    let (mut real, mut imag) = (Compensated::new(re), Compensated::new(im));
    while let Some(v) = iterators::iter_next(vm, it)? {
        if vm.kind(v) == Kind::Complex
            && let Some((re, im)) = complex::parts(vm, v)
        {
            real.add(re);
            imag.add(im);
        } else if let Some(x) = float_operand(vm, v) {
            real.add(x);
        } else if let Some(i) = hoop_object::bigint::operand(vm, v).and_then(hoop_object::bigint::to_i64) {
            real.add(i as f64);
        } else {
            let so_far = hoop_object::complex::new_complex(vm, real.value(), imag.value());
            let total = protocol::binary(vm, BinOp::Add, so_far, v)?;
            return Ok((total, false));
        }
    }
    Ok((hoop_object::complex::new_complex(vm, real.value(), imag.value()), true))
}

/// A sum with a running compensation (Neumaier 1974).
struct Compensated {
    high: f64,
    low: f64,
}

impl Compensated {
    fn new(start: f64) -> Compensated {
        Compensated { high: start, low: 0.0 }
    }

    fn add(&mut self, x: f64) {
        let t = self.high + x;
        if self.high.abs() >= x.abs() {
            self.low += (self.high - t) + x;
        } else {
            self.low += (x - t) + self.high;
        }
        self.high = t;
    }

    fn value(&self) -> f64 {
        if self.low != 0.0 && self.low.is_finite() { self.high + self.low } else { self.high }
    }
}
