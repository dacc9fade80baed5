//! Choosing from sequences: `choice`, `choices`, `shuffle`, `sample`.

use crate::random::distributions::Source;
use crate::random::this;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::list;
use hoop_object::tuple::ValueVec;
use hoop_object::vm::Vm;
use hoop_protocol::{attr, protocol, subscript};
use hoop_types::numbers::float;
use std::collections::HashSet;

fn below(vm: &mut Vm, this_v: Value, n: usize) -> PyResult<usize> {
    Ok(this(vm, this_v)?.below(n as u64) as usize)
}

fn item(vm: &mut Vm, sequence: Value, i: usize) -> PyResult {
    subscript::get_item(vm, sequence, Value::int(i as i64))
}

pub fn choice(vm: &mut Vm, a: &[Value]) -> PyResult {
    let n = protocol::len(vm, a[1])?;
    if n == 0 {
        return Err(vm.index_error("Cannot choose from an empty sequence"));
    }
    let i = below(vm, a[0], n)?;
    item(vm, a[1], i)
}

pub fn shuffle(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = a[1];
    for i in (1..protocol::len(vm, x)?).rev() {
        let j = below(vm, a[0], i + 1)?;
        let (p, q) = (item(vm, x, i)?, item(vm, x, j)?);
        subscript::set_item(vm, x, Value::int(i as i64), q)?;
        subscript::set_item(vm, x, Value::int(j as i64), p)?;
    }
    Ok(Value::NONE)
}

/// The sums of weights up to each item.
fn accumulate(vm: &mut Vm, weights: Value) -> PyResult<Vec<f64>> {
    let items = protocol::collect(vm, weights)?;
    let mut sums = Vec::with_capacity(items.len());
    let mut sum = 0.0;
    for &w in items.as_slice() {
        sum += float::real_number(vm, w)?;
        sums.push(sum);
    }
    Ok(sums)
}

pub fn choices(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (population, weights, cumulative) = (a[1], a[2], a[3]);
    let k = if a[4] == Value::UNBOUND { 1 } else { protocol::index(vm, a[4])? };
    let absent = |v: Value| matches!(v, Value::UNBOUND | Value::NONE);
    let n = protocol::len(vm, population)?;
    let sums = match (absent(weights), absent(cumulative)) {
        (true, true) => return choose_evenly(vm, a[0], population, n, k),
        (false, true) => accumulate(vm, weights)?,
        (true, false) => {
            let items = protocol::collect(vm, cumulative)?;
            let mut sums = Vec::with_capacity(items.len());
            for &w in items.as_slice() {
                sums.push(float::real_number(vm, w)?);
            }
            sums
        }
        (false, false) => return Err(vm.type_error("Cannot specify both weights and cumulative weights")),
    };
    if sums.len() != n {
        return Err(vm.value_error("The number of weights does not match the population"));
    }
    let Some(&total) = sums.last() else { return Err(vm.index_error("list index out of range")) };
    if total <= 0.0 {
        return Err(vm.value_error("Total of weights must be greater than zero"));
    }
    if !total.is_finite() {
        return Err(vm.value_error("Total of weights must be finite"));
    }
    let mut out = ValueVec::new();
    for _ in 0..k {
        let x = this(vm, a[0])?.float() * total;
        let at = sums[..n - 1].partition_point(|&s| s <= x);
        let v = item(vm, population, at)?;
        out.push(vm, v)?;
    }
    list::from(vm, out.as_slice())
}

fn choose_evenly(vm: &mut Vm, this_v: Value, population: Value, n: usize, k: i64) -> PyResult {
    let mut out = ValueVec::new();
    for _ in 0..k {
        let x = this(vm, this_v)?.float();
        let v = item(vm, population, (x * n as f64).floor() as usize)?;
        out.push(vm, v)?;
    }
    list::from(vm, out.as_slice())
}

fn is_sequence(vm: &mut Vm, v: Value) -> bool {
    let inner = vm.unwrap(v);
    match vm.kind(inner) {
        Kind::Tuple | Kind::Str | Kind::Bytes | Kind::ByteArray | Kind::Range => true,
        k if k.is_list() => true,
        k if k.is_dict() || k.is_set() => false,
        _ => attr::special(vm, v, vm.names.getitem).is_some() && attr::special(vm, v, vm.names.len).is_some(),
    }
}

pub fn sample(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (population, counts) = (a[1], a[3]);
    if !is_sequence(vm, population) {
        return Err(vm.type_error("Population must be a sequence.  For dicts or sets, use sorted(d)."));
    }
    let n = protocol::len(vm, population)?;
    let k = protocol::index(vm, a[2])?;
    let sums = match counts {
        Value::UNBOUND | Value::NONE => None,
        counts => Some(count_sums(vm, counts, n)?),
    };
    let size = sums.as_ref().map_or(n, |s| s.last().copied().unwrap_or(0));
    if k < 0 || k as usize > size {
        return Err(vm.value_error("Sample larger than population or is negative"));
    }
    let chosen = sample_indices(vm, a[0], size, k as usize)?;
    let mut out = ValueVec::new();
    for i in chosen {
        let i = sums.as_ref().map_or(i, |s| s[..s.len() - 1].partition_point(|&sum| sum <= i));
        let v = item(vm, population, i)?;
        out.push(vm, v)?;
    }
    list::from(vm, out.as_slice())
}

/// The sums of counts up to each item.
fn count_sums(vm: &mut Vm, counts: Value, n: usize) -> PyResult<Vec<usize>> {
    let counts = protocol::collect(vm, counts)?;
    if counts.len() != n {
        return Err(vm.value_error("The number of counts does not match the population"));
    }
    let (mut sums, mut sum) = (Vec::with_capacity(n), 0i64);
    for &c in counts.as_slice() {
        let Some(c) = c.as_int() else { return Err(vm.type_error("Counts must be integers")) };
        sum = sum.saturating_add(c);
        sums.push(sum.max(0) as usize);
    }
    if sum < 0 {
        return Err(vm.value_error("Counts must be non-negative"));
    }
    Ok(sums)
}

/// `k` different indices below `n` in random order: from a pool if that is small, else by trying again.
fn sample_indices(vm: &mut Vm, this_v: Value, n: usize, k: usize) -> PyResult<Vec<usize>> {
    let mut set_size = 21.0;
    if k > 5 {
        set_size += 4f64.powf(((k as f64 * 3.0).ln() / 4f64.ln()).ceil());
    }
    let (mut out, mut selected) = (Vec::new(), HashSet::new());
    if out.try_reserve_exact(k).is_err() {
        return Err(vm.memory_error());
    }
    if n as f64 <= set_size {
        let mut pool: Vec<usize> = (0..n).collect();
        for i in 0..k {
            let j = below(vm, this_v, n - i)?;
            out.push(pool[j]);
            pool[j] = pool[n - i - 1];
        }
        return Ok(out);
    }
    if selected.try_reserve(k).is_err() {
        return Err(vm.memory_error());
    }
    for _ in 0..k {
        let mut j = below(vm, this_v, n)?;
        while !selected.insert(j) {
            j = below(vm, this_v, n)?;
        }
        out.push(j);
    }
    Ok(out)
}
