//! Look-ups in dicts and sets that run no Python code, whatever the keys are: where Python code would have to decide,
//! the answer is that it is not known.

use crate::dict::{self, Found};
use crate::hash::{self, int_hash};
use crate::kind::Kind;
use crate::tuple::tuple_items;
use crate::vm::Vm;
use hoop_gc::Value;

/// Hashing the value and comparing it with others of these kinds is built in.
#[inline]
fn is_quiet(vm: &Vm, v: Value) -> bool {
    match vm.kind(v) {
        Kind::Int | Kind::BigInt | Kind::Str | Kind::Bytes | Kind::Float | Kind::Bool | Kind::None => true,
        Kind::Tuple => tuple_items(v).iter().all(|&item| is_quiet(vm, item)),
        _ => false,
    }
}

/// Where the key's entry is.
#[inline]
pub fn find_quietly(vm: &mut Vm, d: Value, key: Value) -> Found {
    if key.is_int() {
        return dict::find_hashed_quietly(vm, d, key, int_hash(key.int_unchecked()));
    }
    if vm.kind(key) == Kind::Str {
        let hash = hash::str_hash(vm, key);
        return dict::find_hashed_quietly(vm, d, key, hash);
    }
    if !is_quiet(vm, key) {
        return Found::Unknown;
    }
    match (vm.hooks.hash)(vm, key) {
        Ok(hash) => dict::find_hashed_quietly(vm, d, key, hash),
        Err(_) => nothing_known(vm),
    }
}

/// Whether two keys of the same hash are equal; `key` is quiet.
#[inline]
pub(crate) fn equal_quietly(vm: &mut Vm, key: Value, other: Value) -> Option<bool> {
    if !is_quiet(vm, other) {
        return None;
    }
    match (vm.hooks.equal)(vm, other, key) {
        Ok(equal) => Some(equal),
        Err(_) => {
            nothing_known(vm);
            None
        }
    }
}

/// Nested too deeply, say: the ordinary look-up will raise it again.
#[cold]
fn nothing_known(vm: &mut Vm) -> Found {
    vm.ctx.thread.pending = None;
    Found::Unknown
}
