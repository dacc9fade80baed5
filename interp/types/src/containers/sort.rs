//! Sorting: `list.sort` and `sorted`.
//!
//! Items that are all small ints, all floats without NaN or all strs are sorted by Rust's stable sort: comparing them
//! runs no Python code. Anything else goes through [`timsort`], for `<` may raise, may be inconsistent and may look at
//! the list: the list is empty meanwhile. That sorts positions, not values, so that the keys stay where the collector
//! sees them. `reverse` sorts the reversed input and reverses the result, which keeps equal items in order.

use crate::containers::timsort;
use hoop_engine::float_of;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::LIST_ITEMS;
use hoop_object::list::{self, any_items, float_items, int_items, list_len};
use hoop_object::operator::CmpOp;
use hoop_object::text::str_bytes;
use hoop_object::tuple::{ValueVec, tuple_items, tuple_len};
use hoop_object::vm::Vm;
use hoop_protocol::{call, order, protocol};
use std::cmp::Ordering;

/// Sorts a list in place, by the items themselves or by what `key` makes of them.
#[inline]
pub fn sort(vm: &mut Vm, l: Value, key: Option<Value>, reverse: bool) -> PyResult<()> {
    match key {
        None if sort_plain(vm, l, reverse) => Ok(()),
        _ => sort_detached(vm, l, key, reverse),
    }
}

/// Sorts items whose comparison runs no Python code; false if they are not such.
fn sort_plain(vm: &mut Vm, l: Value, reverse: bool) -> bool {
    match vm.kind(l) {
        _ if list_len(l) < 2 => {}
        Kind::ListInt => sort_ints(int_items(l), reverse),
        Kind::ListFloat if float_items(l).iter().all(|f| !f.is_nan()) => sort_floats(float_items(l), reverse),
        Kind::ListAny if any_items(l).iter().flatten().all(|&v| vm.kind(v) == Kind::Str) => {
            let text = |v: &Option<Value>| v.map_or(&[][..], str_bytes);
            let order = |a: &Option<Value>, b: &Option<Value>| text(a).cmp(text(b));
            let items = any_items(l);
            if reverse {
                items.sort_by(|a, b| order(b, a))
            } else {
                items.sort_by(order)
            }
            LIST_ITEMS.read(l).iter().for_each(|a| vm.ctx.heap.write_barrier(a.ptr()));
        }
        _ => return false,
    }
    true
}

/// Sorts while the list itself is empty.
fn sort_detached(vm: &mut Vm, l: Value, key: Option<Value>, reverse: bool) -> PyResult<()> {
    let items = list::values(vm, l)?;
    let Ok(count) = u32::try_from(items.len()) else { return Err(vm.memory_error()) };
    list::clear(vm, l);
    let mut order: Vec<u32> = (0..count).collect();
    let outcome = sort_positions(vm, &items, key, reverse, &mut order);
    let modified = list_len(l) > 0 || LIST_ITEMS.read(l).is_some();
    let mut sorted = ValueVec::with_capacity(vm, items.len())?;
    for &i in &order {
        sorted.push(vm, items.as_slice()[i as usize])?;
    }
    list::assign(vm, l, sorted.as_slice())?;
    outcome?;
    if modified {
        return Err(vm.value_error("list modified during sort"));
    }
    Ok(())
}

fn sort_positions(
    vm: &mut Vm,
    items: &ValueVec,
    key: Option<Value>,
    reverse: bool,
    order: &mut [u32],
) -> PyResult<()> {
    let made = match key {
        Some(f) => Some(sort_keys(vm, items, f)?),
        None => None,
    };
    let keys = made.as_ref().unwrap_or(items);
    if sort_by_plain_keys(vm, keys.as_slice(), reverse, order) {
        return Ok(());
    }
    if reverse {
        order.reverse();
    }
    let outcome = timsort::sort(order, |a, b| {
        let keys = keys.as_slice();
        sorts_before(vm, keys[a as usize], keys[b as usize])
    });
    if reverse {
        order.reverse();
    }
    outcome
}

fn sort_keys(vm: &mut Vm, items: &ValueVec, f: Value) -> PyResult<ValueVec> {
    let mut keys = ValueVec::with_capacity(vm, items.len())?;
    for i in 0..items.len() {
        let k = call::call(vm, f, &[items.as_slice()[i]])?;
        keys.push(vm, k)?;
    }
    Ok(keys)
}

/// As [`sort::sort_plain`], for positions by their keys.
fn sort_by_plain_keys(vm: &Vm, keys: &[Value], reverse: bool, order: &mut [u32]) -> bool {
    let at = |i: u32| keys[i as usize];
    if keys.iter().all(|k| k.is_int()) {
        by(order, reverse, |a, b| at(a).int_unchecked().cmp(&at(b).int_unchecked()));
    } else if keys.iter().all(|&k| float_of(k).is_some_and(|f| !f.is_nan())) {
        let float = |i: u32| float_of(at(i)).unwrap_or(0.0);
        by(order, reverse, |a, b| float(a).partial_cmp(&float(b)).unwrap_or(Ordering::Equal));
    } else if keys.iter().all(|&k| vm.kind(k) == Kind::Str) {
        by(order, reverse, |a, b| str_bytes(at(a)).cmp(str_bytes(at(b))));
    } else {
        return false;
    }
    true
}

/// `x < y` as sorting asks it.
fn sorts_before(vm: &mut Vm, x: Value, y: Value) -> PyResult<bool> {
    if let Some(order) = order::plain_order(vm, x, y) {
        return Ok(order == Some(Ordering::Less));
    }
    if vm.kind(x) == Kind::Tuple && vm.kind(y) == Kind::Tuple {
        return tuple_before(vm, x, y);
    }
    protocol::rich_truth(vm, CmpOp::Lt, x, y)
}

fn tuple_before(vm: &mut Vm, x: Value, y: Value) -> PyResult<bool> {
    for i in 0..tuple_len(x).min(tuple_len(y)) {
        let (p, q) = (tuple_items(x)[i], tuple_items(y)[i]);
        if !protocol::eq(vm, p, q)? {
            protocol::enter_native(vm)?;
            return sorts_before(vm, p, q);
        }
    }
    Ok(tuple_len(x) < tuple_len(y))
}

fn sort_ints(items: &mut [i64], reverse: bool) {
    items.sort();
    if reverse {
        items.reverse();
    }
}

fn sort_floats(items: &mut [f64], reverse: bool) {
    let order = |a: &f64, b: &f64| a.partial_cmp(b).unwrap_or(Ordering::Equal);
    if reverse { items.sort_by(|a, b| order(b, a)) } else { items.sort_by(order) }
}

fn by(order: &mut [u32], reverse: bool, compare: impl Fn(u32, u32) -> Ordering) {
    if reverse {
        order.sort_by(|&a, &b| compare(b, a));
    } else {
        order.sort_by(|&a, &b| compare(a, b));
    }
}
