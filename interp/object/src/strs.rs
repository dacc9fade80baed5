//! What other parts of the interpreter do with strs: characters by index, slices, concatenation, joining, conversion.
//!
//! A code point of an ASCII text is a byte. In other texts its byte offset is found by a table, made when first needed
//! and kept with the str, of the offsets of every 64th code point; short texts are simply scanned.

use crate::errors::PyResult;
use crate::kind::Kind;
use crate::layout::*;
use crate::list;
use crate::text::{self, count_points, str_bytes, str_is_ascii, str_len};
use crate::tuple::{self, ValueVec};
use crate::vm::Vm;
use hoop_gc::Value;
use hoop_text::wtf8;

/// The length of a repeated sequence; MemoryError if no memory could hold it.
#[inline]
pub fn repeated_len(vm: &mut Vm, len: usize, count: usize) -> PyResult<usize> {
    match len.checked_mul(count) {
        Some(n) if n <= crate::list::MAX_LEN => Ok(n),
        _ => Err(vm.memory_error()),
    }
}

/// Code points from one entry of an index table to the next.
const STRIDE: usize = 64;

/// Texts of fewer code points have no table.
const SCANNED: usize = 2 * STRIDE;

#[inline]
fn table_entry(table: Value, i: usize) -> usize {
    let bytes = ARRAY_BYTES.bytes(table, (i + 1) * 4);
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[i * 4..]);
    u32::from_ne_bytes(word) as usize
}

/// A new str of WTF-8 text; empty and one-character Latin-1 ones are shared. MemoryError if it is too large.
#[inline]
pub fn text_str(vm: &mut Vm, text: &[u8]) -> PyResult {
    match text {
        [] => Ok(text::empty_str(vm)),
        [b] => Ok(latin1_char(vm, *b)),
        _ => text::try_new_str(vm, text, count_points(text)),
    }
}

/// The shared one-character str of a Latin-1 code point.
#[inline]
pub fn latin1_char(vm: &mut Vm, code: u8) -> Value {
    CHARS.slice(vm.chars, 256)[code as usize].unwrap_or(vm.names.empty)
}

/// The table of all Latin-1 characters.
#[inline]
pub fn make_chars(vm: &mut Vm) -> Value {
    let chars: Vec<Value> = (0..256)
        .map(|code| {
            let (bytes, len) = wtf8::encode(code);
            text::intern(vm, &bytes[..len])
        })
        .collect();
    tuple::value_array(vm, chars.len(), &chars).unwrap_or(Value::NONE)
}

/// The one-character str of a code point.
#[inline]
pub fn char_str(vm: &mut Vm, cp: u32) -> PyResult {
    if cp < 256 {
        return Ok(latin1_char(vm, cp as u8));
    }
    let (bytes, len) = wtf8::encode(cp);
    text::try_new_str(vm, &bytes[..len], 1)
}

/// The code point of a str at an index, which exists, as a str.
#[inline]
pub fn str_char(vm: &mut Vm, s: Value, index: usize) -> PyResult {
    if str_is_ascii(s) {
        return Ok(latin1_char(vm, str_bytes(s)[index]));
    }
    let at = str_offset(vm, s, index);
    match str_next(vm, s, at) {
        Some((c, _)) => Ok(c),
        None => Err(vm.index_error("string index out of range")),
    }
}

/// The character at a byte position, and the position of the next one; nothing at the end.
#[inline]
pub fn str_next(vm: &mut Vm, s: Value, at: usize) -> Option<(Value, usize)> {
    let text = str_bytes(s);
    let &lead = text.get(at)?;
    if lead < 0x80 {
        return Some((latin1_char(vm, lead), at + 1));
    }
    let (cp, len) = wtf8::decode_at(text, at);
    // A str of one character always has room.
    let c = char_str(vm, cp).unwrap_or(vm.names.empty);
    Some((c, at + len))
}

/// Byte offset of a code point, whose index is at most the length.
#[inline]
pub fn str_offset(vm: &mut Vm, s: Value, index: usize) -> usize {
    if str_is_ascii(s) {
        return index;
    }
    let text = str_bytes(s);
    let (at, rest) = match index_table(vm, s) {
        Some(table) if index / STRIDE > 0 => (table_entry(table, index / STRIDE - 1), index % STRIDE),
        _ => (0, index),
    };
    wtf8::byte_offset(&text[at..], rest).map_or(text.len(), |n| at + n)
}

/// Index of the code point at a byte offset.
#[inline]
pub fn str_index_of(s: Value, offset: usize) -> usize {
    if str_is_ascii(s) { offset } else { wtf8::index_of_byte(str_bytes(s), offset) }
}

/// The table of offsets of code points 64, 128, ...; none for short and for huge texts.
fn index_table(vm: &mut Vm, s: Value) -> Option<Value> {
    let points = str_len(s);
    if points < SCANNED {
        return None;
    }
    if let Some(table) = STR_INDEX.read(s) {
        return Some(table);
    }
    let text = str_bytes(s);
    if text.len() > u32::MAX as usize {
        return None;
    }
    let count = points / STRIDE;
    let Ok(table) = text::byte_buffer(vm, count * 4) else {
        vm.ctx.thread.pending = None;
        return None;
    };
    let starts = text.iter().enumerate().filter(|(_, b)| !wtf8::is_continuation(**b)).map(|(i, _)| i);
    let mut offsets = starts.chain(std::iter::once(text.len())).step_by(STRIDE).skip(1);
    for entry in ARRAY_BYTES.bytes_mut(table, count * 4).chunks_exact_mut(4) {
        entry.copy_from_slice(&(offsets.next().unwrap_or(text.len()) as u32).to_ne_bytes());
    }
    vm.ctx.write(s, &STR_INDEX, table);
    Some(table)
}

/// Code points `start`, `start + step`, ...: `count` of them, all within the text.
pub fn str_slice(vm: &mut Vm, s: Value, start: i64, _stop: i64, step: i64, count: usize) -> PyResult {
    if count == 0 {
        return Ok(text::empty_str(vm));
    }
    let text = str_bytes(s);
    if step == 1 {
        if count == str_len(s) {
            return Ok(s);
        }
        let from = str_offset(vm, s, start as usize);
        let to = str_offset(vm, s, start as usize + count);
        return if count == 1 {
            text_str(vm, &text[from..to])
        } else {
            text::try_new_str(vm, &text[from..to], count)
        };
    }
    if str_is_ascii(s) {
        let r = text::alloc_str(vm, count, count)?;
        for (i, to) in STR_DATA.bytes_mut(r, count).iter_mut().enumerate() {
            *to = text[(start + i as i64 * step) as usize];
        }
        return Ok(r);
    }
    let out = wtf8::slice_step(text, start as usize, step, count);
    text::try_new_str(vm, &out, count)
}

/// `a + b` of two strs.
#[inline]
pub fn concat_str(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    let (x, y) = (str_bytes(a), str_bytes(b));
    if x.is_empty() {
        return Ok(b);
    }
    if y.is_empty() {
        return Ok(a);
    }
    let r = text::alloc_str(vm, x.len() + y.len(), str_len(a) + str_len(b))?;
    let to = STR_DATA.bytes_mut(r, x.len() + y.len());
    to[..x.len()].copy_from_slice(x);
    to[x.len()..].copy_from_slice(y);
    Ok(r)
}

/// `s * count`.
#[inline]
pub fn str_repeat(vm: &mut Vm, s: Value, count: usize) -> PyResult {
    if count == 0 || str_len(s) == 0 {
        return Ok(text::empty_str(vm));
    }
    if count == 1 {
        return Ok(s);
    }
    let text = str_bytes(s);
    if str_len(s).saturating_mul(count) > i64::MAX as usize {
        return Err(vm.overflow_error("repeated string is too long"));
    }
    let bytes = repeated_len(vm, text.len(), count)?;
    let r = text::alloc_str(vm, bytes, str_len(s) * count)?;
    fill_repeated(STR_DATA.bytes_mut(r, bytes), text);
    Ok(r)
}

/// A list of new strs.
#[inline]
pub fn str_list(vm: &mut Vm, parts: &[&[u8]]) -> PyResult {
    let mut items = ValueVec::with_capacity(vm, parts.len())?;
    for part in parts {
        let s = text_str(vm, part)?;
        items.push(vm, s)?;
    }
    list_of_values(vm, items)
}

/// The list of some values that are not all ints or floats.
#[inline]
pub fn list_of_values(vm: &mut Vm, items: ValueVec) -> PyResult {
    let len = items.len();
    match items.into_array() {
        Some(array) if len > 0 => Ok(list::of_array(vm, Kind::ListAny, array, len)),
        _ => Ok(list::new(vm)),
    }
}

/// Fills `to` with copies of `from` (both not empty), doubling what is there.
#[inline]
pub fn fill_repeated(to: &mut [u8], from: &[u8]) {
    if let [b] = from {
        return to.fill(*b);
    }
    to[..from.len()].copy_from_slice(from);
    let mut done = from.len();
    while done < to.len() {
        let n = done.min(to.len() - done);
        to.copy_within(..n, done);
        done += n;
    }
}

/// A buffer of more bytes is not kept for the next text.
const MAX_KEPT: usize = 16 << 10;

/// The str that `write` appends to an empty buffer, which is used again and again.
#[inline]
pub fn written(vm: &mut Vm, write: impl FnOnce(&mut Vm, &mut Vec<u8>) -> PyResult<()>) -> PyResult {
    let mut out = std::mem::take(&mut vm.scratch);
    let written = write(vm, &mut out);
    let result = written.and_then(|()| crate::strs::text_str(vm, &out));
    if out.capacity() <= MAX_KEPT {
        out.clear();
        vm.scratch = out;
    }
    result
}

/// The decimal text of a small int.
#[inline]
pub fn small_int_str(vm: &mut Vm, i: i64) -> PyResult {
    match u8::try_from(i) {
        Ok(digit @ 0..=9) => Ok(crate::strs::latin1_char(vm, b'0' + digit)),
        _ => hoop_text::int::with_decimal(i, |text| text::try_new_str(vm, text, text.len())),
    }
}

/// `repr` of a float.
#[inline]
pub fn float_str(vm: &mut Vm, x: f64) -> PyResult {
    written(vm, |_, out| {
        hoop_text::float::push_repr_float(out, x);
        Ok(())
    })
}
