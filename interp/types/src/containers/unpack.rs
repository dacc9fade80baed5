//! Unpacking of iterables into targets.

use hoop_gc::Value;
use hoop_object::errors::{PyResult, Raise};
use hoop_object::kind::Kind;
use hoop_object::list::{self, list_len};
use hoop_object::tuple::{self, ValueVec, tuple_items, tuple_len};
use hoop_object::vm::Vm;
use hoop_protocol::iterators;

/// The items of an iterable of exactly `n`, as a tuple.
pub fn unpack(vm: &mut Vm, v: Value, n: usize) -> PyResult {
    let kind = vm.kind(v);
    if kind == Kind::Tuple {
        return if tuple_len(v) == n { Ok(v) } else { Err(wrong_count(vm, n, tuple_len(v), true)) };
    }
    if kind.is_list() {
        if list_len(v) != n {
            return Err(wrong_count(vm, n, list_len(v), true));
        }
        let items = list::values(vm, v)?;
        return tuple::new_tuple(vm, items.as_slice());
    }
    let it = unpack_iter(vm, v)?;
    let mut items = ValueVec::with_capacity(vm, n)?;
    while items.len() < n {
        match iterators::iter_next(vm, it)? {
            Some(x) => items.push(vm, x)?,
            None => return Err(wrong_count(vm, n, items.len(), true)),
        }
    }
    if iterators::iter_next(vm, it)?.is_some() {
        let len = if kind.is_dict() { Some(hoop_object::dict::dict_len(v)) } else { None };
        return Err(wrong_count(vm, n, len.unwrap_or(n + 1), len.is_some()));
    }
    tuple::new_tuple(vm, items.as_slice())
}

fn unpack_iter(vm: &mut Vm, v: Value) -> PyResult {
    if !iterators::is_iterable(vm, v) {
        let text = format!("cannot unpack non-iterable {} object", vm.class_name(v));
        return Err(vm.type_error(text));
    }
    iterators::iter(vm, v)
}

/// Iterators are not asked how many items they have left: `counted` says whether `got` is all.
#[cold]
fn wrong_count(vm: &mut Vm, expected: usize, got: usize, counted: bool) -> Raise {
    vm.value_error(if got > expected && counted {
        format!("too many values to unpack (expected {expected}, got {got})")
    } else if got > expected {
        format!("too many values to unpack (expected {expected})")
    } else {
        format!("not enough values to unpack (expected {expected}, got {got})")
    })
}

/// The items of an iterable for targets of which one is starred: a tuple of `before` items, a list of those in
/// between, and `after` items.
pub fn unpack_ex(vm: &mut Vm, v: Value, before: usize, after: usize) -> PyResult {
    let items = match vm.kind(v) {
        Kind::Tuple => ValueVec::from_slice(vm, tuple_items(v))?,
        kind if kind.is_list() => list::values(vm, v)?,
        _ => {
            let it = unpack_iter(vm, v)?;
            let mut items = ValueVec::new();
            while let Some(x) = iterators::iter_next(vm, it)? {
                items.push(vm, x)?;
            }
            items
        }
    };
    let (n, least) = (items.len(), before + after);
    if n < least {
        let text = format!("not enough values to unpack (expected at least {least}, got {n})");
        return Err(vm.value_error(text));
    }
    let middle = list::from(vm, &items.as_slice()[before..n - after])?;
    let mut out = ValueVec::with_capacity(vm, least + 1)?;
    for i in (0..before).chain(std::iter::once(usize::MAX)).chain(n - after..n) {
        let x = if i == usize::MAX { middle } else { items.as_slice()[i] };
        out.push(vm, x)?;
    }
    tuple::new_tuple(vm, out.as_slice())
}
