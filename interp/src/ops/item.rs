//! Subscripts, unpacking, and container operations on items.

use crate::call::ret;
use crate::ops::{a, arith, b, c, exception, opaque, table};
use hoop_bytecode::Instr;
use hoop_engine::{Cmp, IntOp, Reg};
use hoop_gc::Value;
use hoop_object::errors::Raise;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::text;
use hoop_object::vm::PyEngine;
use hoop_protocol::attr;
use std::hint::cold_path;

/// An index made positive and checked against a length; nothing when out of range.
#[inline(always)]
fn checked_index<E: PyEngine>(e: &mut E, i: E::Int, len: E::Int) -> Option<E::Int> {
    let in_range = e.int_cmp(Cmp::Ult, i, len);
    if e.branch(in_range) {
        return Some(i);
    }
    cold_path();
    let from_end = e.int_op(IntOp::Add, i, len);
    let in_range = e.int_cmp(Cmp::Ult, from_end, len);
    // A positive index past the end stays there.
    let zero = e.int(0);
    let negative = e.int_cmp(Cmp::Lt, i, zero);
    (e.branch(negative) && e.branch(in_range)).then_some(from_end)
}

/// `a := b[c]`.
#[inline(always)]
pub fn get_item<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let (object, key) = (e.load(b(i)), e.load(c(i)));
    let shape = e.shape_of(object);
    let kind = e.vm().shapes.kind(shape);
    let v = match kind {
        Kind::ListAny => list_get(e, Kind::ListAny, object, key)?,
        Kind::ListInt => list_get(e, Kind::ListInt, object, key)?,
        Kind::ListFloat => list_get(e, Kind::ListFloat, object, key)?,
        Kind::ListEmpty => empty_get(e, key)?,
        Kind::Tuple => tuple_get(e, object, key)?,
        Kind::DictStr | Kind::DictInt | Kind::DictAny => dict_get(e, object, key)?,
        Kind::Str => str_get(e, object, key)?,
        Kind::Bytes | Kind::ByteArray => bytes_get(e, kind, object, key),
        _ => None,
    };
    match v {
        Some(v) => {
            e.store(a(i), v);
            Ok(())
        }
        None => {
            cold_path();
            general_get(e, i, (shape, kind, object), key)
        }
    }
}

#[inline(always)]
fn list_get<E: PyEngine>(e: &mut E, kind: Kind, l: E::Val, key: E::Val) -> Result<Option<E::Val>, Raise> {
    let Some(index) = e.as_int(key) else { return Ok(None) };
    let len = e.get(l, &LIST_LEN);
    let Some(index) = checked_index(e, index, len) else {
        return Err(out_of_range(e, b"list index out of range"));
    };
    let array = e.get(l, &LIST_ITEMS);
    Ok(Some(array_get(e, kind, array, index)))
}

fn empty_get<E: PyEngine>(e: &mut E, key: E::Val) -> Result<Option<E::Val>, Raise> {
    if e.as_int(key).is_some() { Err(out_of_range(e, b"list index out of range")) } else { Ok(None) }
}

#[inline(never)]
fn out_of_range<E: PyEngine>(e: &mut E, text: &'static [u8]) -> Raise {
    let vm = e.vm();
    let (class, text) = (vm.types.index_error, text::intern(vm, text));
    let text = e.val(text);
    exception::raise_new(e, class, &[text])
}

#[inline(never)]
fn missing_key<E: PyEngine>(e: &mut E, key: E::Val) -> Raise {
    let class = e.vm().types.key_error;
    exception::raise_new(e, class, &[key])
}

/// Item of a list's array by strategy; the index is in range.
#[inline(always)]
pub fn array_get<E: PyEngine>(e: &mut E, kind: Kind, array: E::Val, index: E::Int) -> E::Val {
    match kind {
        Kind::ListInt => {
            let n = e.item(array, index, &ARRAY_INTS);
            e.box_int(n)
        }
        Kind::ListFloat => {
            let f = e.item(array, index, &ARRAY_FLOATS);
            e.box_float(f)
        }
        _ => e.item(array, index, &ARRAY_VALUES),
    }
}

#[inline(always)]
fn tuple_get<E: PyEngine>(e: &mut E, t: E::Val, key: E::Val) -> Result<Option<E::Val>, Raise> {
    let Some(index) = e.as_int(key) else { return Ok(None) };
    let len = e.get(t, &TUPLE_LEN);
    let Some(index) = checked_index(e, index, len) else {
        return Err(out_of_range(e, b"tuple index out of range"));
    };
    Ok(Some(e.item(t, index, &TUPLE_ITEMS)))
}

fn dict_get<E: PyEngine>(e: &mut E, d: E::Val, key: E::Val) -> Result<Option<E::Val>, Raise> {
    match table::find(e, d, key)? {
        table::Slot::Entry(at) => Ok(Some(table::value(e, d, at))),
        table::Slot::Absent => Err(missing_key(e, key)),
        table::Slot::Unknown => Ok(None),
    }
}

fn str_get<E: PyEngine>(e: &mut E, s: E::Val, key: E::Val) -> Result<Option<E::Val>, Raise> {
    let Some(index) = e.as_int(key) else { return Ok(None) };
    let len = e.get(s, &STR_LEN);
    let Some(index) = checked_index(e, index, len) else {
        return Err(out_of_range(e, b"string index out of range"));
    };
    match ascii_char(e, s, len, index) {
        Some(c) => Ok(Some(c)),
        None => Ok(Some(opaque::str_char(e, s, index)?)),
    }
}

/// The character at a position of a str of that length; nothing if not all of its characters are one byte.
#[inline(always)]
pub fn ascii_char<E: PyEngine>(e: &mut E, s: E::Val, len: E::Int, index: E::Int) -> Option<E::Val> {
    let bytes = e.get(s, &STR_BYTES);
    let ascii = e.int_cmp(Cmp::Eq, bytes, len);
    if !e.branch(ascii) {
        return None;
    }
    let code = e.item(s, index, &STR_DATA);
    Some(char_of(e, code))
}

/// The str of one Latin-1 code point.
#[inline(always)]
pub fn char_of<E: PyEngine>(e: &mut E, code: E::Int) -> E::Val {
    let chars = e.vm().chars;
    let chars = e.val(chars);
    e.item(chars, code, &CHARS)
}

/// The length of a bytes or bytearray object; nothing for other kinds.
#[inline(always)]
pub fn byte_count<E: PyEngine>(e: &mut E, kind: Kind, b: E::Val) -> Option<E::Int> {
    match kind {
        Kind::Bytes => Some(e.get(b, &BYTES_LEN)),
        Kind::ByteArray => Some(e.get(b, &BYTEARRAY_LEN)),
        _ => None,
    }
}

/// Item of a bytes or bytearray object; the index is in range.
#[inline(always)]
pub fn byte_at<E: PyEngine>(e: &mut E, kind: Kind, b: E::Val, index: E::Int) -> E::Val {
    let byte = if kind == Kind::Bytes {
        e.item(b, index, &BYTES_DATA)
    } else {
        let (buffer, start) = (e.get(b, &BYTEARRAY_BUFFER), e.get(b, &BYTEARRAY_START));
        let at = e.int_op(IntOp::Add, start, index);
        e.item(buffer, at, &ARRAY_BYTES)
    };
    e.box_int(byte)
}

fn bytes_get<E: PyEngine>(e: &mut E, kind: Kind, b: E::Val, key: E::Val) -> Option<E::Val> {
    let index = e.as_int(key)?;
    let len = byte_count(e, kind, b)?;
    let index = checked_index(e, index, len)?;
    Some(byte_at(e, kind, b, index))
}

/// Sets a byte of a bytearray; false: not with such a key or value.
fn bytearray_set<E: PyEngine>(e: &mut E, b: E::Val, key: E::Val, v: E::Val) -> bool {
    let (Some(index), Some(byte)) = (e.as_int(key), e.as_int(v)) else { return false };
    let (len, limit) = (e.get(b, &BYTEARRAY_LEN), e.int(256));
    let Some(index) = checked_index(e, index, len) else { return false };
    let fits = e.int_cmp(Cmp::Ult, byte, limit);
    if !e.branch(fits) {
        return false;
    }
    let (buffer, start) = (e.get(b, &BYTEARRAY_BUFFER), e.get(b, &BYTEARRAY_START));
    let at = e.int_op(IntOp::Add, start, index);
    e.set_item(buffer, at, &ARRAY_BYTES, byte);
    true
}

#[inline(never)]
fn general_get<E: PyEngine>(
    e: &mut E,
    i: Instr,
    (shape, kind, object): (hoop_gc::ShapeId, Kind, E::Val),
    key: E::Val,
) -> Result<(), Raise> {
    if kind.is_instance() {
        let vm = e.vm();
        let name = vm.names.getitem;
        if let Some(f) = python_method(e, shape, name)
            && arith::push_method(e, f, &[object, key], ret::word(ret::STORE, i.a))?
        {
            return Ok(());
        }
    }
    e.result_to(Some(a(i)));
    let v = opaque::get_item(e, object, key)?;
    e.store(a(i), v);
    Ok(())
}

/// A special method written in Python, assumed to stay.
pub fn python_method<E: PyEngine>(e: &mut E, shape: hoop_gc::ShapeId, name: Value) -> Option<Value> {
    let vm = e.vm();
    let class = vm.shapes.get(shape).class?;
    let f = attr::lookup(vm, class, name).filter(|&f| vm.kind(f) == Kind::Function)?;
    e.assume(class).then_some(f)
}

/// `b[c] := a`.
#[inline(always)]
pub fn set_item<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let (object, key, v) = (e.load(b(i)), e.load(c(i)), e.load(a(i)));
    let shape = e.shape_of(object);
    let kind = e.vm().shapes.kind(shape);
    match kind {
        Kind::ListAny | Kind::ListInt | Kind::ListFloat => {
            if let Some(done) = list_set(e, kind, object, key, v) {
                return done;
            }
        }
        k if table::is_dict(k) && table::set(e, object, key, v)? => return Ok(()),
        Kind::ByteArray if bytearray_set(e, object, key, v) => return Ok(()),
        Kind::Instance | Kind::InstanceDict => {
            let name = e.vm().names.setitem;
            if let Some(f) = python_method(e, shape, name)
                && arith::push_method(e, f, &[object, key, v], ret::word(ret::DISCARD, 0))?
            {
                return Ok(());
            }
        }
        _ => {}
    }
    e.result_to(None);
    opaque::set_item(e, object, key, v)
}

#[inline(always)]
fn list_set<E: PyEngine>(
    e: &mut E,
    kind: Kind,
    l: E::Val,
    key: E::Val,
    v: E::Val,
) -> Option<Result<(), Raise>> {
    let index = e.as_int(key)?;
    let len = e.get(l, &LIST_LEN);
    let index = checked_index(e, index, len)?;
    let array = e.get(l, &LIST_ITEMS);
    match kind {
        Kind::ListInt => match e.as_int(v) {
            Some(n) => e.set_item(array, index, &ARRAY_INTS, n),
            None => return Some(opaque::list_set(e, l, index, v)),
        },
        Kind::ListFloat => match e.as_float(v) {
            Some(f) => e.set_item(array, index, &ARRAY_FLOATS, f),
            None => return Some(opaque::list_set(e, l, index, v)),
        },
        _ => e.set_item(array, index, &ARRAY_VALUES, v),
    }
    Some(Ok(()))
}

pub fn del_item<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let (object, key) = (e.load(b(i)), e.load(c(i)));
    e.result_to(None);
    opaque::del_item(e, object, key)
}

/// `c` registers from `a` on := the items of `b`.
#[inline(always)]
pub fn unpack<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let v = e.load(b(i));
    let shape = e.shape_of(v);
    let kind = e.vm().shapes.kind(shape);
    let want = e.int(i.c as i64);
    if kind == Kind::Tuple {
        let len = e.get(v, &TUPLE_LEN);
        let right = e.int_cmp(Cmp::Eq, len, want);
        if e.branch(right) {
            spread_tuple(e, i.a, v, i.c);
            return Ok(());
        }
    } else if matches!(kind, Kind::ListAny | Kind::ListInt | Kind::ListFloat) {
        let len = e.get(v, &LIST_LEN);
        let right = e.int_cmp(Cmp::Eq, len, want);
        if e.branch(right) {
            let array = e.get(v, &LIST_ITEMS);
            for k in 0..i.c {
                let index = e.int(k as i64);
                let item = array_get(e, kind, array, index);
                e.store(Reg(i.a + k), item);
            }
            return Ok(());
        }
    }
    let items = opaque::unpack(e, v, want)?;
    spread_tuple(e, i.a, items, i.c);
    Ok(())
}

fn spread_tuple<E: PyEngine>(e: &mut E, first: u16, t: E::Val, count: u16) {
    for k in 0..count {
        let index = e.int(k as i64);
        let item = e.item(t, index, &TUPLE_ITEMS);
        e.store(Reg(first + k), item);
    }
}

/// Starred unpacking.
pub fn unpack_ex<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let v = e.load(b(i));
    let (before, after) = (i.c & 255, i.c >> 8);
    let (n, m) = (e.int(before as i64), e.int(after as i64));
    let items = opaque::unpack_ex(e, v, n, m)?;
    spread_tuple(e, i.a, items, before + 1 + after);
    Ok(())
}

/// `list.append` on its array: in line where there is room and the strategy fits.
#[inline(always)]
pub fn append<E: PyEngine>(e: &mut E, l: E::Val, v: E::Val) -> Result<(), Raise> {
    let shape = e.shape_of(l);
    let kind = e.vm().shapes.kind(shape);
    if matches!(kind, Kind::ListAny | Kind::ListInt | Kind::ListFloat) {
        let fits = match kind {
            Kind::ListInt => e.as_int(v).is_some(),
            Kind::ListFloat => e.as_float(v).is_some(),
            _ => true,
        };
        if fits {
            let len = e.get(l, &LIST_LEN);
            let array = e.get(l, &LIST_ITEMS);
            let capacity = e.get(array, &ARRAY_LEN);
            let room = e.int_cmp(Cmp::Lt, len, capacity);
            if e.branch(room) {
                let one = e.int(1);
                let longer = e.int_op(IntOp::Add, len, one);
                put(e, kind, array, len, v);
                e.set(l, &LIST_LEN, longer);
                return Ok(());
            }
        }
    }
    opaque::list_push(e, l, v)
}

#[inline(always)]
fn put<E: PyEngine>(e: &mut E, kind: Kind, array: E::Val, index: E::Int, v: E::Val) {
    match kind {
        Kind::ListInt => {
            if let Some(n) = e.as_int(v) {
                e.set_item(array, index, &ARRAY_INTS, n);
            }
        }
        Kind::ListFloat => {
            if let Some(f) = e.as_float(v) {
                e.set_item(array, index, &ARRAY_FLOATS, f);
            }
        }
        _ => e.set_item(array, index, &ARRAY_VALUES, v),
    }
}
