//! Str, bytes and bytearray objects: creation and access. Strings are WTF-8 (UTF-8 that may hold lone surrogates).

use crate::errors::PyResult;
use crate::layout::*;
use crate::vm::Vm;
use hoop_gc::Value;

/// Bit of a str's [`FLAGS`]: it is the interned one of its text.
const INTERNED: i64 = 1;

/// Bit of a str's [`FLAGS`]: it was made by an append to a variable that alone refers to it, see `append_str`.
const GROWING: i64 = 2;

/// Shorter strs are copied when they are appended to.
const MIN_GROWING: usize = 8 << 10;

/// A str's bytes. The caller keeps the value on its stack while it uses the slice.
#[inline(always)]
pub fn str_bytes<'a>(s: Value) -> &'a [u8] {
    STR_DATA.bytes(s, STR_BYTES.read(s) as usize)
}

/// A str as Rust text; lone surrogates become U+FFFD.
#[inline]
pub fn str_text<'a>(s: Value) -> std::borrow::Cow<'a, str> {
    String::from_utf8_lossy(str_bytes(s))
}

/// Every code point of the str is one byte.
#[inline(always)]
pub fn str_is_ascii(s: Value) -> bool {
    STR_BYTES.read(s) == STR_LEN.read(s)
}

/// The str does not grow any more: others than the variable that it was made in may refer to it.
#[inline]
pub fn share_str(s: Value) {
    FLAGS.write(s, FLAGS.read(s) & !GROWING);
}

/// Length in code points.
#[inline(always)]
pub fn str_len(s: Value) -> usize {
    STR_LEN.read(s) as usize
}

/// The data of a bytes object.
#[inline(always)]
pub fn bytes_data<'a>(b: Value) -> &'a [u8] {
    BYTES_DATA.bytes(b, BYTES_LEN.read(b) as usize)
}

/// The data of a bytearray.
#[inline]
pub fn bytearray_data<'a>(b: Value) -> &'a mut [u8] {
    let (start, len) = (BYTEARRAY_START.read(b) as usize, BYTEARRAY_LEN.read(b) as usize);
    match BYTEARRAY_BUFFER.read(b) {
        Some(buffer) if len > 0 => &mut ARRAY_BYTES.bytes_mut(buffer, start + len)[start..],
        _ => &mut [],
    }
}

/// Code points in WTF-8 text.
#[inline]
pub fn count_points(text: &[u8]) -> usize {
    if text.is_ascii() { text.len() } else { text.iter().filter(|&&b| b & 0xC0 != 0x80).count() }
}

/// A new str of WTF-8 text.
#[inline]
pub fn new_str(vm: &mut Vm, text: &[u8]) -> Value {
    try_new_str(vm, text, count_points(text)).unwrap_or_else(|_| empty_str(vm))
}

/// A new str whose length in code points is known. MemoryError if it is too large.
#[inline]
pub fn try_new_str(vm: &mut Vm, text: &[u8], points: usize) -> PyResult {
    let s = alloc_str(vm, text.len(), points)?;
    STR_DATA.bytes_mut(s, text.len()).copy_from_slice(text);
    Ok(s)
}

/// A str of so many bytes, all of which are to be written at once.
#[inline]
pub fn alloc_str(vm: &mut Vm, bytes: usize, points: usize) -> PyResult {
    let shape = vm.kind_shape(crate::kind::Kind::Str);
    let Some(p) = vm.ctx.heap.alloc_unfilled(shape, 4, bytes, 1) else {
        return Err(vm.memory_error());
    };
    let s = Value::from_ptr(p);
    STR_LEN.write(s, points as i64);
    Ok(s)
}

/// `a + b` of two strs for `Op::Append`: a growing `a` becomes the result, if there is room behind it. That is not
/// seen by anyone: compiled code takes the result for another object, and does not look at `a` again.
pub fn append_str(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    let (old, more) = (STR_BYTES.read(a) as usize, str_bytes(b));
    let points = str_len(a) + str_len(b);
    let bytes = old + more.len();
    if FLAGS.read(a) & GROWING != 0 && vm.ctx.heap.grow_tail(a.ptr(), bytes, 1) {
        STR_LEN.write(a, points as i64);
        STR_DATA.bytes_mut(a, bytes)[old..].copy_from_slice(more);
        return Ok(a);
    }
    let r = crate::strs::concat_str(vm, a, b)?;
    if r == b {
        share_str(b);
    } else if bytes >= MIN_GROWING && r != a {
        FLAGS.write(r, GROWING);
    }
    Ok(r)
}

/// A new str of Rust text.
#[inline]
pub fn str(vm: &mut Vm, text: &str) -> Value {
    new_str(vm, text.as_bytes())
}

/// The empty str.
#[inline]
pub fn empty_str(vm: &mut Vm) -> Value {
    vm.names.empty
}

/// The one str object with this text; class attributes and slots are looked up by such. As any value it lives only
/// as long as something refers to it.
#[inline]
pub fn intern(vm: &mut Vm, text: &[u8]) -> Value {
    if let Some(v) = vm.interned.get(text) {
        return v;
    }
    let s = new_str(vm, text);
    FLAGS.write(s, INTERNED);
    vm.interned.insert(s);
    s
}

/// The interned twin of a str object.
#[inline]
pub fn intern_str(vm: &mut Vm, s: Value) -> Value {
    if FLAGS.read(s) & INTERNED != 0 { s } else { intern_other(vm, s) }
}

#[inline]
fn intern_other(vm: &mut Vm, s: Value) -> Value {
    vm.interned.get(str_bytes(s)).unwrap_or_else(|| {
        FLAGS.write(s, INTERNED);
        vm.interned.insert(s);
        s
    })
}

/// A new bytes object. MemoryError if it is too large.
#[inline]
pub fn new_bytes(vm: &mut Vm, data: &[u8]) -> PyResult {
    let shape = vm.kind_shape(crate::kind::Kind::Bytes);
    let Some(p) = vm.ctx.heap.alloc_unfilled(shape, 2, data.len(), 1) else {
        return Err(vm.memory_error());
    };
    let b = Value::from_ptr(p);
    BYTES_DATA.bytes_mut(b, data.len()).copy_from_slice(data);
    Ok(b)
}

/// A new bytes object of one text and another. MemoryError if it is too large.
#[inline]
pub fn new_bytes_pair(vm: &mut Vm, first: &[u8], second: &[u8]) -> PyResult {
    let shape = vm.kind_shape(crate::kind::Kind::Bytes);
    let len = first.len() + second.len();
    let Some(p) = vm.ctx.heap.alloc_unfilled(shape, 2, len, 1) else { return Err(vm.memory_error()) };
    let b = Value::from_ptr(p);
    let (head, tail) = BYTES_DATA.bytes_mut(b, len).split_at_mut(first.len());
    head.copy_from_slice(first);
    tail.copy_from_slice(second);
    Ok(b)
}

/// A new bytearray. MemoryError if it is too large.
#[inline]
pub fn new_bytearray(vm: &mut Vm, data: &[u8]) -> PyResult {
    let buffer = byte_buffer(vm, data.len().max(8))?;
    ARRAY_BYTES.bytes_mut(buffer, data.len()).copy_from_slice(data);
    let shape = vm.kind_shape(crate::kind::Kind::ByteArray);
    let b = vm.ctx.alloc(shape, BYTEARRAY_SIZE);
    BYTEARRAY_BUFFER.init(b, buffer);
    BYTEARRAY_LEN.write(b, data.len() as i64);
    Ok(b)
}

/// A byte buffer of this capacity, zeroed.
#[inline]
pub fn byte_buffer(vm: &mut Vm, capacity: usize) -> PyResult {
    let shape = vm.kind_shape(crate::kind::Kind::ByteBuffer);
    match vm.ctx.heap.alloc_tail(shape, 1, capacity, 1) {
        Some(p) => Ok(Value::from_ptr(p)),
        None => Err(vm.memory_error()),
    }
}
