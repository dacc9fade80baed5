//! What `bytes(...)` and `bytearray(...)` make of their arguments.

use crate::text::bytes::methods::MAX_SIZE;
use crate::text::str::codec;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::text::{self, bytes_data};
use hoop_object::vm::Vm;
use hoop_protocol::{attr, bytes, call, iterators, protocol, seq, subscript};

/// `bytes(source, encoding, errors)`.
#[inline]
pub fn new_bytes_of(vm: &mut Vm, source: Value, encoding: Value, errors: Value) -> PyResult {
    if let Some(text) = encoded(vm, "bytes", source, encoding, errors)? {
        return Ok(text);
    }
    if source == Value::UNBOUND {
        return text::new_bytes(vm, b"");
    }
    if vm.kind(source) == Kind::Bytes {
        return Ok(source);
    }
    if let Some(b) = by_bytes_method(vm, source)? {
        return Ok(b);
    }
    match plain_source(vm, "bytes", source)? {
        Some(data) => text::new_bytes(vm, &data),
        None => Err(vm.memory_error()),
    }
}

/// The data of `bytearray(source, encoding, errors)`.
#[inline]
pub fn bytearray_content(vm: &mut Vm, source: Value, encoding: Value, errors: Value) -> PyResult<Vec<u8>> {
    if let Some(text) = encoded(vm, "bytearray", source, encoding, errors)? {
        return Ok(bytes_data(text).to_vec());
    }
    if source == Value::UNBOUND {
        return Ok(Vec::new());
    }
    match plain_source(vm, "bytearray", source)? {
        Some(data) => Ok(data),
        None => Err(vm.memory_error()),
    }
}

/// The bytes of a str, which needs an encoding; nothing for other sources.
fn encoded(
    vm: &mut Vm,
    class: &str,
    source: Value,
    encoding: Value,
    errors: Value,
) -> PyResult<Option<Value>> {
    let encoding = codec::name_argument(vm, class, "encoding", encoding)?;
    let errors = codec::name_argument(vm, class, "errors", errors)?;
    let inner = vm.unwrap(source);
    let is_str = vm.kind(inner) == Kind::Str;
    if is_str && encoding.is_some() {
        return codec::encode(vm, inner, encoding.as_deref(), errors.as_deref()).map(Some);
    }
    if encoding.is_some() {
        return Err(vm.type_error("encoding without a string argument"));
    }
    if errors.is_some() {
        let text =
            if is_str { "string argument without an encoding" } else { "errors without a string argument" };
        return Err(vm.type_error(text));
    }
    if is_str {
        return Err(vm.type_error("string argument without an encoding"));
    }
    Ok(None)
}

/// What an object's `__bytes__` gives, if its class has that.
#[inline]
pub fn by_bytes_method(vm: &mut Vm, v: Value) -> PyResult<Option<Value>> {
    let Some(f) = attr::special(vm, v, vm.names.bytes).filter(|&f| f != Value::NONE) else { return Ok(None) };
    let r = call::call_special(vm, f, v, &[])?;
    let inner = vm.unwrap(r);
    if vm.kind(inner) != Kind::Bytes {
        let text = format!("__bytes__ returned non-bytes (type {})", vm.class_name(r));
        return Err(vm.type_error(text));
    }
    Ok(Some(inner))
}

/// The data of a count, a bytes-like object or an iterable of ints; nothing if memory does not suffice.
fn plain_source(vm: &mut Vm, class: &str, source: Value) -> PyResult<Option<Vec<u8>>> {
    if let Some(b) = buffer(vm, source) {
        return Ok(Some(bytes::data(vm, b).to_vec()));
    }
    if subscript::has_index(vm, source) {
        match protocol::index_length(vm, source) {
            Ok(count) if count < 0 => return Err(vm.value_error("negative count")),
            Ok(count) if class == "bytes" && count > MAX_SIZE => {
                return Err(vm.overflow_error("byte string is too large"));
            }
            Ok(count) => return Ok(zeros(count as usize)),
            // It may be an iterable all the same.
            Err(raise) if vm.catch(vm.types.type_error).is_none() => return Err(raise),
            Err(_) => {}
        }
    }
    from_iterable(vm, class, source).map(Some)
}

fn zeros(count: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    if count > hoop_object::list::MAX_LEN || out.try_reserve_exact(count).is_err() {
        return None;
    }
    out.resize(count, 0);
    Some(out)
}

/// The bytes that an iterable of ints gives.
#[inline]
pub fn from_iterable(vm: &mut Vm, class: &str, source: Value) -> PyResult<Vec<u8>> {
    if !iterators::is_iterable(vm, source) {
        let text = format!("cannot convert '{}' object to {class}", vm.class_name(source));
        return Err(vm.type_error(text));
    }
    let it = iterators::iter(vm, source)?;
    if class == "bytes" {
        iterators::ask_length(vm, source)?;
    }
    let mut out = Vec::new();
    while let Some(v) = iterators::iter_next(vm, it)? {
        out.push(byte(vm, v, class)?);
    }
    Ok(out)
}

/// A byte from an int. `class` chooses the text of the error.
#[inline]
pub fn byte(vm: &mut Vm, v: Value, class: &str) -> PyResult<u8> {
    let i = match v.as_int() {
        Some(i) => i,
        None => protocol::index_clamped(vm, v)?,
    };
    u8::try_from(i).map_err(|_| {
        let what = if class == "bytes" { "bytes" } else { "byte" };
        vm.value_error(format!("{what} must be in range(0, 256)"))
    })
}

/// The bytes object or bytearray behind a value.
#[inline]
pub fn buffer(vm: &Vm, v: Value) -> Option<Value> {
    let inner = vm.unwrap(v);
    matches!(vm.kind(inner), Kind::Bytes | Kind::ByteArray).then_some(inner)
}

/// As [`buffer`]; TypeError if it is none.
#[inline]
pub fn need_buffer(vm: &mut Vm, v: Value) -> PyResult {
    match buffer(vm, v) {
        Some(b) => Ok(b),
        None => {
            let text = format!("a bytes-like object is required, not '{}'", vm.class_name(v));
            Err(vm.type_error(text))
        }
    }
}

/// The bytes object or bytearray that a method works on.
#[inline]
pub fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, |k| matches!(k, Kind::Bytes | Kind::ByteArray), "bytes", method)
}
