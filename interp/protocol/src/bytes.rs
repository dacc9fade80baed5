//! Items and slices of bytes and bytearrays.

use crate::{protocol, subscript};
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::text::{self, bytearray_data, bytes_data, str_bytes};
use hoop_object::vm::Vm;

/// The data of a bytes object or bytearray, valid until the latter is changed.
#[inline]
pub fn data<'a>(vm: &Vm, b: Value) -> &'a [u8] {
    match vm.kind(b) {
        Kind::ByteArray => bytearray_data(b),
        Kind::Str => str_bytes(b),
        _ => bytes_data(b),
    }
}

/// A new object of the class of `like`.
#[inline]
pub fn make(vm: &mut Vm, like: Value, bytes: &[u8]) -> PyResult {
    if vm.kind(like) == Kind::ByteArray { text::new_bytearray(vm, bytes) } else { text::new_bytes(vm, bytes) }
}

/// `b[key]` of a bytes object or bytearray.
#[inline]
pub fn bytes_get_item(vm: &mut Vm, b: Value, key: Value) -> PyResult {
    let Some(i) = byte_position(vm, b, key, "index out of range")? else {
        let len = data(vm, b).len();
        let (start, _, step, count) = subscript::slice_indices(vm, key, len)?;
        return bytes_slice(vm, b, start, step, count);
    };
    Ok(Value::int(data(vm, b)[i] as i64))
}

/// A subscript as a position in the data; nothing if it is a slice.
pub fn byte_position(vm: &mut Vm, b: Value, key: Value, out_of_range: &str) -> PyResult<Option<usize>> {
    let i = match key.as_int() {
        Some(i) => i,
        None if vm.kind(key) == Kind::Slice => return Ok(None),
        None if subscript::has_index(vm, key) => protocol::index_subscript(vm, key)?,
        None => {
            let what = if vm.kind(b) == Kind::Bytes { "byte" } else { "bytearray" };
            let name = vm.class_name(key);
            return Err(vm.type_error(format!("{what} indices must be integers or slices, not {name}")));
        }
    };
    let len = data(vm, b).len() as i64;
    let at = if i < 0 { i + len } else { i };
    if at >= 0 && at < len {
        return Ok(Some(at as usize));
    }
    let what = if vm.kind(b) == Kind::Bytes { "" } else { "bytearray " };
    Err(vm.index_error(format!("{what}{out_of_range}")))
}

fn bytes_slice(vm: &mut Vm, b: Value, start: i64, step: i64, count: usize) -> PyResult {
    let all = data(vm, b);
    if step == 1 || count == 0 {
        if count == all.len() && vm.kind(b) == Kind::Bytes {
            return Ok(b);
        }
        let start = if count == 0 { 0 } else { start as usize };
        return make(vm, b, &all[start..start + count]);
    }
    let out: Vec<u8> = (0..count).map(|i| all[(start + i as i64 * step) as usize]).collect();
    make(vm, b, &out)
}

/// `a + b` of two bytes-like objects, of the class of the first.
#[inline]
pub fn concat_bytes(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    let (x, y) = (data(vm, a), data(vm, b));
    if y.is_empty() && vm.kind(a) == Kind::Bytes {
        return Ok(a);
    }
    if vm.kind(a) == Kind::Bytes {
        return text::new_bytes_pair(vm, x, y);
    }
    let mut out = Vec::with_capacity(x.len() + y.len());
    out.extend_from_slice(x);
    out.extend_from_slice(y);
    make(vm, a, &out)
}
