//! What other parts of the interpreter do with strs: characters by index, slices, concatenation, joining, conversion.
//!
//! A code point of an ASCII text is a byte. In other texts its byte offset is found by a table, made when first needed
//! and kept with the str, of the offsets of every 64th code point; short texts are simply scanned.

use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::layout::*;
use crate::objects::list::{any_items, list_len};
use crate::objects::text::{count_points, str_bytes, str_is_ascii, str_len};
use crate::objects::tuple::{ValueVec, as_values, tuple_items};
use crate::types::seq;
use crate::vm::Vm;
use hoop_engine::shape_of;
use hoop_gc::Value;
use hoop_text::wtf8;

/// Code points from one entry of an index table to the next.
const STRIDE: usize = 64;
/// Texts of fewer code points have no table.
const SCANNED: usize = 2 * STRIDE;

fn table_entry(table: Value, i: usize) -> usize {
    let bytes = ARRAY_BYTES.bytes(table, (i + 1) * 4);
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[i * 4..]);
    u32::from_ne_bytes(word) as usize
}

impl Vm {
    /// A new str of WTF-8 text; empty and one-character Latin-1 ones are shared. MemoryError if it is too large.
    #[inline]
    pub fn text_str(&mut self, text: &[u8]) -> PyResult {
        match text {
            [] => Ok(self.empty_str()),
            [b] => Ok(self.latin1_char(*b)),
            _ => self.try_new_str(text, count_points(text)),
        }
    }

    /// The shared one-character str of a Latin-1 code point.
    #[inline]
    pub fn latin1_char(&mut self, code: u8) -> Value {
        CHARS.slice(self.chars, 256)[code as usize].unwrap_or(self.names.empty)
    }

    /// The table of all Latin-1 characters.
    pub fn make_chars(&mut self) -> Value {
        let chars: Vec<Value> = (0..256)
            .map(|code| {
                let (bytes, len) = wtf8::encode(code);
                self.intern(&bytes[..len])
            })
            .collect();
        self.value_array(chars.len(), &chars).unwrap_or(Value::NONE)
    }

    /// The one-character str of a code point.
    #[inline]
    pub fn char_str(&mut self, cp: u32) -> PyResult {
        if cp < 256 {
            return Ok(self.latin1_char(cp as u8));
        }
        let (bytes, len) = wtf8::encode(cp);
        self.try_new_str(&bytes[..len], 1)
    }

    /// The code point of a str at an index, which exists, as a str.
    #[inline]
    pub fn str_char(&mut self, s: Value, index: usize) -> PyResult {
        if str_is_ascii(s) {
            return Ok(self.latin1_char(str_bytes(s)[index]));
        }
        let at = self.str_offset(s, index);
        match self.str_next(s, at) {
            Some((c, _)) => Ok(c),
            None => Err(self.index_error("string index out of range")),
        }
    }

    /// The character at a byte position, and the position of the next one; nothing at the end.
    #[inline]
    pub fn str_next(&mut self, s: Value, at: usize) -> Option<(Value, usize)> {
        let text = str_bytes(s);
        let &lead = text.get(at)?;
        if lead < 0x80 {
            return Some((self.latin1_char(lead), at + 1));
        }
        let (cp, len) = wtf8::decode_at(text, at);
        // A str of one character always has room.
        let c = self.char_str(cp).unwrap_or(self.names.empty);
        Some((c, at + len))
    }

    /// Byte offset of a code point, whose index is at most the length.
    pub fn str_offset(&mut self, s: Value, index: usize) -> usize {
        if str_is_ascii(s) {
            return index;
        }
        let text = str_bytes(s);
        let (at, rest) = match self.index_table(s) {
            Some(table) if index / STRIDE > 0 => (table_entry(table, index / STRIDE - 1), index % STRIDE),
            _ => (0, index),
        };
        wtf8::byte_offset(&text[at..], rest).map_or(text.len(), |n| at + n)
    }

    /// Index of the code point at a byte offset.
    pub fn str_index_of(&self, s: Value, offset: usize) -> usize {
        if str_is_ascii(s) { offset } else { wtf8::index_of_byte(str_bytes(s), offset) }
    }

    /// The table of offsets of code points 64, 128, ...; none for short and for huge texts.
    fn index_table(&mut self, s: Value) -> Option<Value> {
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
        let Ok(table) = self.byte_buffer(count * 4) else {
            self.ctx.thread.pending = None;
            return None;
        };
        let starts = text.iter().enumerate().filter(|(_, b)| !wtf8::is_continuation(**b)).map(|(i, _)| i);
        let mut offsets = starts.chain(std::iter::once(text.len())).step_by(STRIDE).skip(1);
        for entry in ARRAY_BYTES.bytes_mut(table, count * 4).chunks_exact_mut(4) {
            entry.copy_from_slice(&(offsets.next().unwrap_or(text.len()) as u32).to_ne_bytes());
        }
        self.ctx.write(s, &STR_INDEX, table);
        Some(table)
    }

    /// Code points `start`, `start + step`, ...: `count` of them, all within the text.
    pub fn str_slice(&mut self, s: Value, start: i64, _stop: i64, step: i64, count: usize) -> PyResult {
        if count == 0 {
            return Ok(self.empty_str());
        }
        let text = str_bytes(s);
        if step == 1 {
            if count == str_len(s) {
                return Ok(s);
            }
            let from = self.str_offset(s, start as usize);
            let to = self.str_offset(s, start as usize + count);
            return if count == 1 {
                self.text_str(&text[from..to])
            } else {
                self.try_new_str(&text[from..to], count)
            };
        }
        if str_is_ascii(s) {
            let r = self.alloc_str(count, count)?;
            for (i, to) in STR_DATA.bytes_mut(r, count).iter_mut().enumerate() {
                *to = text[(start + i as i64 * step) as usize];
            }
            return Ok(r);
        }
        let out = wtf8::slice_step(text, start as usize, step, count);
        self.try_new_str(&out, count)
    }

    /// `s[key]`.
    pub fn str_get_item(&mut self, s: Value, key: Value) -> PyResult {
        let i = match key.as_int() {
            Some(i) => i,
            None if self.kind(key) == Kind::Slice => {
                let (start, stop, step, count) = self.slice_indices(key, str_len(s))?;
                return self.str_slice(s, start, stop, step, count);
            }
            None if self.has_index(key) => self.index_subscript(key)?,
            None => {
                let text = format!("string indices must be integers, not '{}'", self.class_name(key));
                return Err(self.type_error(text));
            }
        };
        let at = if i < 0 { i + str_len(s) as i64 } else { i };
        if at < 0 || at >= str_len(s) as i64 {
            return Err(self.index_error("string index out of range"));
        }
        self.str_char(s, at as usize)
    }

    /// `a + b` of two strs.
    pub fn concat_str(&mut self, a: Value, b: Value) -> PyResult {
        let (x, y) = (str_bytes(a), str_bytes(b));
        if x.is_empty() {
            return Ok(b);
        }
        if y.is_empty() {
            return Ok(a);
        }
        let r = self.alloc_str(x.len() + y.len(), str_len(a) + str_len(b))?;
        let to = STR_DATA.bytes_mut(r, x.len() + y.len());
        to[..x.len()].copy_from_slice(x);
        to[x.len()..].copy_from_slice(y);
        Ok(r)
    }

    /// One str of several.
    pub fn join_strs(&mut self, items: &[Value]) -> PyResult {
        let separator = self.empty_str();
        self.join_items(separator, items)
    }

    /// `separator.join(iterable)`.
    pub fn str_join(&mut self, separator: Value, iterable: Value) -> PyResult {
        match self.kind(iterable) {
            Kind::ListAny => {
                debug_assert!(any_items(iterable).len() == list_len(iterable));
                self.join_items(separator, as_values(any_items(iterable)))
            }
            Kind::Tuple => self.join_items(separator, tuple_items(iterable)),
            _ => {
                if !self.is_iterable(iterable) {
                    return Err(self.type_error("can only join an iterable"));
                }
                let items = self.collect(iterable)?;
                self.join_items(separator, items.as_slice())
            }
        }
    }

    /// Joins in two passes: sizes, then bytes. No Python code runs, so the items stay as they are.
    fn join_items(&mut self, separator: Value, items: &[Value]) -> PyResult {
        let gaps = items.len().saturating_sub(1);
        let between = str_bytes(separator);
        let (mut bytes, mut points) =
            (between.len().saturating_mul(gaps), str_len(separator).saturating_mul(gaps));
        let exact = self.kind_shape(Kind::Str);
        for (i, &v) in items.iter().enumerate() {
            let s = if shape_of(v) == exact { v } else { self.unwrap(v) };
            if shape_of(s) != exact {
                let name = self.class_name(v);
                return Err(
                    self.type_error(format!("sequence item {i}: expected str instance, {name} found"))
                );
            }
            bytes = bytes.saturating_add(str_bytes(s).len());
            points = points.saturating_add(str_len(s));
        }
        match items {
            [] => return Ok(self.empty_str()),
            [only] => return Ok(self.unwrap(*only)),
            _ => {}
        }
        let r = self.alloc_str(bytes, points)?;
        let to = STR_DATA.bytes_mut(r, bytes);
        let mut at = 0;
        for (i, &v) in items.iter().enumerate() {
            if i > 0 && !between.is_empty() {
                to[at..at + between.len()].copy_from_slice(between);
                at += between.len();
            }
            let part = str_bytes(if shape_of(v) == exact { v } else { self.unwrap(v) });
            match part {
                // Texts made of single characters are common: no call for them.
                [only] => to[at] = *only,
                _ => to[at..at + part.len()].copy_from_slice(part),
            }
            at += part.len();
        }
        Ok(r)
    }

    /// `s * count`.
    pub fn str_repeat(&mut self, s: Value, count: usize) -> PyResult {
        if count == 0 || str_len(s) == 0 {
            return Ok(self.empty_str());
        }
        if count == 1 {
            return Ok(s);
        }
        let text = str_bytes(s);
        if str_len(s).saturating_mul(count) > i64::MAX as usize {
            return Err(self.overflow_error("repeated string is too long"));
        }
        let bytes = seq::repeated_len(self, text.len(), count)?;
        let r = self.alloc_str(bytes, str_len(s) * count)?;
        fill_repeated(STR_DATA.bytes_mut(r, bytes), text);
        Ok(r)
    }

    /// A list of new strs.
    pub fn str_list(&mut self, parts: &[&[u8]]) -> PyResult {
        let mut items = ValueVec::with_capacity(self, parts.len())?;
        for part in parts {
            let s = self.text_str(part)?;
            items.push(self, s)?;
        }
        self.list_of_values(items)
    }

    /// The list of some values that are not all ints or floats.
    pub fn list_of_values(&mut self, items: ValueVec) -> PyResult {
        let len = items.len();
        match items.into_array() {
            Some(array) if len > 0 => Ok(self.list_of_array(Kind::ListAny, array, len)),
            _ => Ok(self.new_list()),
        }
    }

    /// `str` (1), `repr` (2) or `ascii` (3) of a value, as `!s`, `!r` and `!a` ask for.
    pub fn convert(&mut self, v: Value, how: i64) -> PyResult {
        match how {
            2 => self.repr(v),
            3 => self.ascii(v),
            _ => self.to_str(v),
        }
    }

    /// `ascii(v)`.
    pub fn ascii(&mut self, v: Value) -> PyResult {
        let s = self.repr(v)?;
        if str_is_ascii(s) {
            return Ok(s);
        }
        let text = hoop_text::text::ascii_of_repr(str_bytes(s));
        self.text_str(&text)
    }
}

/// Fills `to` with copies of `from` (both not empty), doubling what is there.
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
