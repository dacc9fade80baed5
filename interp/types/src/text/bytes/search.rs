//! `find` and its kin, `count`, `startswith`, `endswith`, `replace` of bytes and bytearrays.

use crate::text::bytes::construct::{buffer, byte, need_buffer, this};
use crate::text::bytes::methods::or_same;
use crate::text::str::arguments::{bounds, optional_index};
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::tuple::tuple_items;
use hoop_object::vm::Vm;
use hoop_protocol::bytes::data;
use hoop_protocol::subscript;
use hoop_text::bytes;

/// What is searched for: bytes-like, or a single byte.
enum Needle {
    Buffer(Value),
    Byte([u8; 1]),
}

impl Needle {
    fn new(vm: &mut Vm, v: Value) -> PyResult<Needle> {
        if let Some(b) = buffer(vm, v) {
            return Ok(Needle::Buffer(b));
        }
        if !subscript::has_index(vm, v) {
            let text = format!("argument should be integer or bytes-like object, not '{}'", vm.class_name(v));
            return Err(vm.type_error(text));
        }
        Ok(Needle::Byte([byte(vm, v, "byte")?]))
    }

    fn data<'a>(&'a self, vm: &Vm) -> &'a [u8] {
        match self {
            Needle::Buffer(b) => data(vm, *b),
            Needle::Byte(b) => b,
        }
    }
}

type Finder = fn(&[u8], &[u8], i64, i64) -> Option<usize>;

fn locate(vm: &mut Vm, a: &[Value], method: &str, by: Finder) -> PyResult<Option<usize>> {
    let b = this(vm, a[0], method)?;
    let (start, end) = bounds(vm, a[2], a[3])?;
    let needle = Needle::new(vm, a[1])?;
    Ok(by(data(vm, b), needle.data(vm), start, end))
}

fn or_minus_one(found: Option<usize>) -> Value {
    Value::int(found.map_or(-1, |i| i as i64))
}

fn or_error(vm: &mut Vm, found: Option<usize>) -> PyResult {
    match found {
        Some(i) => Ok(Value::int(i as i64)),
        None => Err(vm.value_error("subsection not found")),
    }
}

#[inline]
pub fn find(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(or_minus_one(locate(vm, a, "find", bytes::find)?))
}

#[inline]
pub fn rfind(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(or_minus_one(locate(vm, a, "rfind", bytes::rfind)?))
}

#[inline]
pub fn index(vm: &mut Vm, a: &[Value]) -> PyResult {
    let found = locate(vm, a, "index", bytes::find)?;
    or_error(vm, found)
}

#[inline]
pub fn rindex(vm: &mut Vm, a: &[Value]) -> PyResult {
    let found = locate(vm, a, "rindex", bytes::rfind)?;
    or_error(vm, found)
}

#[inline]
pub fn count(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "count")?;
    let (start, end) = bounds(vm, a[2], a[3])?;
    let needle = Needle::new(vm, a[1])?;
    Ok(Value::int(bytes::count(data(vm, b), needle.data(vm), start, end) as i64))
}

type Test = fn(&[u8], &[u8], i64, i64) -> bool;

fn affix(vm: &mut Vm, a: &[Value], method: &str, test: Test) -> PyResult {
    let b = this(vm, a[0], method)?;
    let (start, end) = bounds(vm, a[2], a[3])?;
    let affix = vm.unwrap(a[1]);
    match vm.kind(affix) {
        Kind::Bytes | Kind::ByteArray => Ok(Value::bool(test(data(vm, b), data(vm, affix), start, end))),
        Kind::Tuple => {
            for &v in tuple_items(affix) {
                let one = need_buffer(vm, v)?;
                if test(data(vm, b), data(vm, one), start, end) {
                    return Ok(Value::TRUE);
                }
            }
            Ok(Value::FALSE)
        }
        _ => {
            let name = vm.class_name(a[1]);
            Err(vm.type_error(format!("{method} first arg must be bytes or a tuple of bytes, not {name}")))
        }
    }
}

#[inline]
pub fn startswith(vm: &mut Vm, a: &[Value]) -> PyResult {
    affix(vm, a, "startswith", bytes::starts_with)
}

#[inline]
pub fn endswith(vm: &mut Vm, a: &[Value]) -> PyResult {
    affix(vm, a, "endswith", bytes::ends_with)
}

#[inline]
pub fn replace(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "replace")?;
    let (old, new) = (need_buffer(vm, a[1])?, need_buffer(vm, a[2])?);
    let max = optional_index(vm, a[3], -1)?;
    let out = bytes::replace(data(vm, b), data(vm, old), data(vm, new), max);
    or_same(vm, b, out)
}
