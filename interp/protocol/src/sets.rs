//! Keys of sets.

use crate::{attr, iterators};
use hoop_gc::Value;
use hoop_object::dict::{self, dict_len};
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::vm::Vm;

/// Gives `d`, which is empty, the content of `from`, a dict or set of the same sort that nobody else uses.
#[inline]
pub fn dict_take(vm: &mut Vm, d: Value, from: Value) {
    for field in [&DICT_ENTRIES, &DICT_INDEX] {
        if let Some(array) = field.read(from) {
            vm.ctx.write(d, field, array);
        }
    }
    for field in [&DICT_LEN, &DICT_USED] {
        field.write(d, field.read(from));
    }
    DICT_VERSION.write(d, DICT_VERSION.read(d) + 1);
    if vm.kind(d).is_dict() {
        dict::set_shape(d, vm.kind_shape(vm.kind(from)));
    }
}

/// The set behind a value that is one or extends one.
#[inline]
pub fn as_set(vm: &Vm, v: Value) -> Option<Value> {
    let inner = vm.unwrap(v);
    vm.kind(inner).is_set().then_some(inner)
}

/// The set or exact dict whose keys are the items of a value.
#[inline]
pub fn as_table(vm: &Vm, v: Value) -> Option<Value> {
    as_set(vm, v).or_else(|| vm.kind(v).is_dict().then_some(v))
}

/// `item in set`. A set is looked for as the frozenset equal to it.
#[inline]
pub fn set_contains(vm: &mut Vm, s: Value, item: Value) -> PyResult<bool> {
    let key = set_key(vm, item)?;
    dict::contains(vm, s, key)
}

#[inline]
pub fn set_key(vm: &mut Vm, item: Value) -> PyResult {
    let inner = vm.unwrap(item);
    if vm.kind(inner) == Kind::Set && attr::special(vm, item, vm.names.hash) == Some(Value::NONE) {
        let key = dict::new_frozenset(vm);
        set_update(vm, key, inner)?;
        return Ok(key);
    }
    Ok(item)
}

/// Adds the items of an iterable to a set (or a frozenset under construction).
pub fn set_update(vm: &mut Vm, s: Value, v: Value) -> PyResult<()> {
    let Some(table) = as_table(vm, v) else {
        let it = iterators::iter(vm, v)?;
        while let Some(x) = iterators::iter_next(vm, it)? {
            dict::set(vm, s, x, Value::NONE)?;
        }
        return Ok(());
    };
    if dict_len(s) == 0 && vm.kind(table).is_set() && s != table {
        let copy = dict::copy(vm, table)?;
        dict::clear(vm, s);
        dict_take(vm, s, copy);
        return Ok(());
    }
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, table, i) {
        let hash = dict::entry_hash(vm, table, at);
        dict::set_hashed(vm, s, e.key, hash, Value::NONE)?;
        i = at + 1;
    }
    Ok(())
}
