//! `bytearray`: what changes it. The methods that it shares with `bytes` are in `bytes::methods`.

use crate::numbers::int::add_class_methods;
use crate::text::bytes::construct::{self, buffer, byte};
use crate::text::bytes::methods;
use crate::text::str::add_static_methods;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::rows::NativeDef;
use hoop_object::text::{self, bytearray_data};
use hoop_object::vm::Vm;
use hoop_protocol::bytes::{self, data};
use hoop_protocol::{iterators, protocol, seq, subscript};

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, |k| k == Kind::ByteArray, "bytearray", method)
}

fn array_len(b: Value) -> usize {
    BYTEARRAY_LEN.read(b) as usize
}

fn array_capacity(b: Value) -> usize {
    BYTEARRAY_BUFFER.read(b).map_or(0, |buffer| ARRAY_LEN.read(buffer) as usize)
}

/// Makes room for `need` bytes, growing in proportion.
fn bytearray_reserve(vm: &mut Vm, b: Value, need: usize) -> PyResult<()> {
    let old = array_capacity(b) - BYTEARRAY_START.read(b) as usize;
    if need <= old {
        return Ok(());
    }
    bytearray_move(vm, b, need.max(old + old / 8 + 8))
}

/// Gives it a buffer of its own size, at whose start it lies.
fn bytearray_move(vm: &mut Vm, b: Value, capacity: usize) -> PyResult<()> {
    let buffer = text::byte_buffer(vm, capacity)?;
    ARRAY_BYTES.bytes_mut(buffer, array_len(b)).copy_from_slice(bytearray_data(b));
    vm.ctx.write(b, &BYTEARRAY_BUFFER, buffer);
    BYTEARRAY_START.write(b, 0);
    Ok(())
}

/// Deletes the first bytes. They stay in the buffer until they are most of it.
fn bytearray_drop_front(vm: &mut Vm, b: Value, count: usize) -> PyResult<()> {
    let len = array_len(b) - count;
    BYTEARRAY_START.write(b, BYTEARRAY_START.read(b) + count as i64);
    BYTEARRAY_LEN.write(b, len as i64);
    if array_capacity(b) > 4 * len + 64 { bytearray_move(vm, b, len + len / 8 + 8) } else { Ok(()) }
}

/// Appends bytes, which may not be the array's own.
#[inline]
pub fn bytearray_extend(vm: &mut Vm, b: Value, bytes: &[u8]) -> PyResult<()> {
    let len = array_len(b);
    bytearray_reserve(vm, b, len + bytes.len())?;
    BYTEARRAY_LEN.write(b, (len + bytes.len()) as i64);
    bytearray_data(b)[len..].copy_from_slice(bytes);
    Ok(())
}

/// Replaces the bytes `start..end` by others, which may not be the array's own.
#[inline]
pub fn bytearray_splice(vm: &mut Vm, b: Value, start: usize, end: usize, bytes: &[u8]) -> PyResult<()> {
    if start == 0 && bytes.is_empty() {
        return bytearray_drop_front(vm, b, end);
    }
    let len = array_len(b);
    let new = len - (end - start) + bytes.len();
    bytearray_reserve(vm, b, new)?;
    if new > len {
        BYTEARRAY_LEN.write(b, new as i64);
    }
    let all = bytearray_data(b);
    all.copy_within(end..len, start + bytes.len());
    all[start..start + bytes.len()].copy_from_slice(bytes);
    BYTEARRAY_LEN.write(b, new as i64);
    Ok(())
}

/// `b[key] = v`.
#[inline]
pub fn bytearray_set_item(vm: &mut Vm, b: Value, key: Value, v: Value) -> PyResult<()> {
    if vm.kind(key) == Kind::Slice {
        let bytes = assigned_bytes(vm, v)?;
        let (start, stop, step, count) = subscript::slice_indices(vm, key, array_len(b))?;
        return bytearray_set_slice(vm, b, (start, stop, step, count), &bytes);
    }
    // The value's `__index__` may change the array: it comes first, and again the position is checked.
    bytes::byte_position(vm, b, key, "index out of range")?;
    let new = byte(vm, v, "byte")?;
    if let Some(i) = bytes::byte_position(vm, b, key, "index out of range")? {
        bytearray_data(b)[i] = new;
    }
    Ok(())
}

fn bytearray_set_slice(vm: &mut Vm, b: Value, slice: (i64, i64, i64, usize), bytes: &[u8]) -> PyResult<()> {
    let (start, stop, step, count) = slice;
    if step == 1 {
        return bytearray_splice(vm, b, start as usize, stop.max(start) as usize, bytes);
    }
    if bytes.len() != count {
        if bytes.is_empty() {
            return bytearray_delete(vm, b, start, step, count);
        }
        let text =
            format!("attempt to assign bytes of size {} to extended slice of size {count}", bytes.len());
        return Err(vm.value_error(text));
    }
    let all = bytearray_data(b);
    for (i, &new) in bytes.iter().enumerate() {
        all[(start + i as i64 * step) as usize] = new;
    }
    Ok(())
}

/// `del b[key]`.
#[inline]
pub fn bytearray_del_item(vm: &mut Vm, b: Value, key: Value) -> PyResult<()> {
    match bytes::byte_position(vm, b, key, "index out of range")? {
        Some(i) => bytearray_splice(vm, b, i, i + 1, b""),
        None => {
            let (start, _, step, count) = subscript::slice_indices(vm, key, array_len(b))?;
            bytearray_delete(vm, b, start, step, count)
        }
    }
}

/// Deletes the bytes `start`, `start + step`, ...
fn bytearray_delete(vm: &mut Vm, b: Value, start: i64, step: i64, count: usize) -> PyResult<()> {
    if count == 0 {
        return Ok(());
    }
    let last = start + (count as i64 - 1) * step;
    if step.abs() == 1 {
        return bytearray_splice(vm, b, start.min(last) as usize, start.max(last) as usize + 1, b"");
    }
    let (low, high, step) =
        (start.min(last) as usize, start.max(last) as usize, step.unsigned_abs() as usize);
    let all = bytearray_data(b);
    let mut to = low;
    for from in low..all.len() {
        if from > high || (from - low) % step != 0 {
            all[to] = all[from];
            to += 1;
        }
    }
    BYTEARRAY_LEN.write(b, to as i64);
    Ok(())
}

/// The bytes that are assigned to a slice.
fn assigned_bytes(vm: &mut Vm, v: Value) -> PyResult<Vec<u8>> {
    if let Some(b) = buffer(vm, v) {
        return Ok(data(vm, b).to_vec());
    }
    let inner = vm.unwrap(v);
    if subscript::has_index(vm, v) || vm.kind(inner) == Kind::Str || !iterators::is_iterable(vm, v) {
        return Err(vm.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
    }
    construct::from_iterable(vm, "bytearray", v)
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = text::new_bytearray(vm, b"")?;
    let base = vm.types.bytearray;
    seq::new_of(vm, a[0], base, b)
}

fn init_method(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__init__")?;
    let bytes = construct::bytearray_content(vm, a[1], a[2], a[3])?;
    BYTEARRAY_LEN.write(b, 0);
    bytearray_extend(vm, b, &bytes)?;
    Ok(Value::NONE)
}

fn setitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__setitem__")?;
    bytearray_set_item(vm, b, a[1], a[2])?;
    Ok(Value::NONE)
}

fn delitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__delitem__")?;
    bytearray_del_item(vm, b, a[1])?;
    Ok(Value::NONE)
}

fn append(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "append")?;
    let item = byte(vm, a[1], "byte")?;
    bytearray_extend(vm, b, &[item])?;
    Ok(Value::NONE)
}

fn extend(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "extend")?;
    let bytes = match buffer(vm, a[1]) {
        Some(other) => data(vm, other).to_vec(),
        None => {
            let inner = vm.unwrap(a[1]);
            if vm.kind(inner) == Kind::Str {
                return Err(vm.type_error("expected iterable of integers; got: 'str'"));
            }
            if !iterators::is_iterable(vm, a[1]) {
                let text = format!("can't extend bytearray with {}", vm.class_name(a[1]));
                return Err(vm.type_error(text));
            }
            iterators::ask_length(vm, a[1])?;
            construct::from_iterable(vm, "bytearray", a[1])?
        }
    };
    bytearray_extend(vm, b, &bytes)?;
    Ok(Value::NONE)
}

fn iadd(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__iadd__")?;
    let Some(other) = buffer(vm, a[1]) else {
        let text = format!("can't concat {} to {}", vm.class_name(a[1]), vm.class_name(a[0]));
        return Err(vm.type_error(text));
    };
    let bytes = data(vm, other).to_vec();
    bytearray_extend(vm, b, &bytes)?;
    Ok(a[0])
}

fn imul(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__imul__")?;
    let Some(count) = seq::repeat_count(vm, a[1])? else { return Ok(Value::NOT_IMPLEMENTED) };
    let out = methods::repeated(vm, data(vm, b), count)?;
    BYTEARRAY_LEN.write(b, 0);
    bytearray_extend(vm, b, &out)?;
    Ok(a[0])
}

fn insert(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "insert")?;
    let i = protocol::index(vm, a[1])?;
    let item = byte(vm, a[2], "byte")?;
    let len = array_len(b) as i64;
    let at = if i < 0 { (i + len).max(0) } else { i.min(len) } as usize;
    bytearray_splice(vm, b, at, at, &[item])?;
    Ok(Value::NONE)
}

fn pop(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "pop")?;
    let i = if a[1] == Value::UNBOUND { -1 } else { protocol::index(vm, a[1])? };
    let len = array_len(b) as i64;
    if len == 0 {
        return Err(vm.index_error("pop from empty bytearray"));
    }
    let at = if i < 0 { i + len } else { i };
    if at < 0 || at >= len {
        return Err(vm.index_error("pop index out of range"));
    }
    let item = bytearray_data(b)[at as usize];
    bytearray_splice(vm, b, at as usize, at as usize + 1, b"")?;
    Ok(Value::int(item as i64))
}

fn remove(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "remove")?;
    let item = byte(vm, a[1], "byte")?;
    match bytearray_data(b).iter().position(|&x| x == item) {
        Some(i) => {
            bytearray_splice(vm, b, i, i + 1, b"")?;
            Ok(Value::NONE)
        }
        None => Err(vm.value_error("value not found in bytearray")),
    }
}

fn reverse(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "reverse")?;
    bytearray_data(b).reverse();
    Ok(Value::NONE)
}

fn clear(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "clear")?;
    BYTEARRAY_LEN.write(b, 0);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "copy")?;
    text::new_bytearray(vm, bytearray_data(b))
}

fn alloc(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__alloc__")?;
    Ok(Value::int(array_capacity(b) as i64))
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, /, *args, **kwargs", new).makes_empty(),
    NativeDef::new("__init__", "$self, /, source=b'', encoding='utf-8', errors='strict'", init_method),
    NativeDef::new("__setitem__", "$self, key, value, /", setitem),
    NativeDef::new("__delitem__", "$self, key, /", delitem),
    NativeDef::new("__iadd__", "$self, value, /", iadd),
    NativeDef::new("__imul__", "$self, value, /", imul),
    NativeDef::new("__alloc__", "$self, /", alloc),
    NativeDef::new("append", "$self, item, /", append),
    NativeDef::new("extend", "$self, iterable_of_ints, /", extend),
    NativeDef::new("insert", "$self, index, item, /", insert),
    NativeDef::new("pop", "$self, index=-1, /", pop),
    NativeDef::new("remove", "$self, value, /", remove),
    NativeDef::new("reverse", "$self, /", reverse),
    NativeDef::new("clear", "$self, /", clear),
    NativeDef::new("copy", "$self, /", copy),
];

pub fn init(vm: &mut Vm) {
    let class = vm.types.bytearray;
    vm.add_methods(class, methods::SHARED);
    vm.add_methods(class, METHODS);
    add_class_methods(vm, class, methods::CLASS_METHODS);
    add_static_methods(vm, class, methods::STATIC_METHODS);
    vm.set_class_attr_str(class, "__hash__", Value::NONE);
}
