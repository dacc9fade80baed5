//! `find` and its kin, `count`, `startswith`, `endswith`, `replace`.

use crate::text::str::arguments::{bounds, check_str, optional_index, or_self, this};
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::text::{str_bytes, str_len};
use hoop_object::tuple::tuple_items;
use hoop_object::vm::Vm;
use hoop_text::text::{self, Text};

fn searched<'a>(s: Value) -> Text<'a> {
    Text { bytes: str_bytes(s), chars: str_len(s) }
}

type Finder = fn(Text, &[u8], i64, i64) -> Option<usize>;

fn locate(vm: &mut Vm, a: &[Value], method: &str, by: Finder) -> PyResult<Option<usize>> {
    let s = this(vm, a[0], method)?;
    let sub = check_str(vm, a[1], |n| format!("{method}() argument 1 must be str, not {n}"))?;
    let (start, end) = bounds(vm, a[2], a[3])?;
    Ok(by(searched(s), str_bytes(sub), start, end))
}

fn or_minus_one(found: Option<usize>) -> Value {
    Value::int(found.map_or(-1, |i| i as i64))
}

fn or_error(vm: &mut Vm, found: Option<usize>) -> PyResult {
    match found {
        Some(i) => Ok(Value::int(i as i64)),
        None => Err(vm.value_error("substring not found")),
    }
}

#[inline]
pub fn find(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(or_minus_one(locate(vm, a, "find", text::find)?))
}

#[inline]
pub fn rfind(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(or_minus_one(locate(vm, a, "rfind", text::rfind)?))
}

#[inline]
pub fn index(vm: &mut Vm, a: &[Value]) -> PyResult {
    let found = locate(vm, a, "index", text::find)?;
    or_error(vm, found)
}

#[inline]
pub fn rindex(vm: &mut Vm, a: &[Value]) -> PyResult {
    let found = locate(vm, a, "rindex", text::rfind)?;
    or_error(vm, found)
}

#[inline]
pub fn count(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "count")?;
    let sub = check_str(vm, a[1], |n| format!("count() argument 1 must be str, not {n}"))?;
    let (start, end) = bounds(vm, a[2], a[3])?;
    Ok(Value::int(text::count(searched(s), str_bytes(sub), start, end) as i64))
}

type Test = fn(Text, &[u8], i64, i64) -> bool;

fn affix(vm: &mut Vm, a: &[Value], method: &str, test: Test) -> PyResult {
    let s = this(vm, a[0], method)?;
    let (start, end) = bounds(vm, a[2], a[3])?;
    let affix = vm.unwrap(a[1]);
    match vm.kind(affix) {
        Kind::Str => Ok(Value::bool(test(searched(s), str_bytes(affix), start, end))),
        Kind::Tuple => {
            for &v in tuple_items(affix) {
                let one = check_str(vm, v, |n| format!("tuple for {method} must only contain str, not {n}"))?;
                if test(searched(s), str_bytes(one), start, end) {
                    return Ok(Value::TRUE);
                }
            }
            Ok(Value::FALSE)
        }
        _ => {
            let name = vm.class_name(a[1]);
            Err(vm.type_error(format!("{method} first arg must be str or a tuple of str, not {name}")))
        }
    }
}

#[inline]
pub fn startswith(vm: &mut Vm, a: &[Value]) -> PyResult {
    affix(vm, a, "startswith", text::starts_with)
}

#[inline]
pub fn endswith(vm: &mut Vm, a: &[Value]) -> PyResult {
    affix(vm, a, "endswith", text::ends_with)
}

#[inline]
pub fn replace(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "replace")?;
    let old = check_str(vm, a[1], |n| format!("replace() argument 1 must be str, not {n}"))?;
    let new = check_str(vm, a[2], |n| format!("replace() argument 2 must be str, not {n}"))?;
    let max = optional_index(vm, a[3], -1)?;
    or_self(vm, s, text::replace(str_bytes(s), str_bytes(old), str_bytes(new), max))
}
