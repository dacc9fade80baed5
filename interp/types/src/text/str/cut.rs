//! Splitting, partitioning, stripping.

use crate::text::str::arguments::{check_str, optional_index, this};
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::text::str_bytes;
use hoop_object::tuple;
use hoop_object::vm::Vm;
use hoop_protocol::protocol;
use hoop_text::text;

/// A part of `s` as a str: `s` itself if it is all of it.
#[inline]
pub fn part(vm: &mut Vm, s: Value, part: &[u8]) -> PyResult {
    if part.len() == str_bytes(s).len() { Ok(s) } else { hoop_object::strs::text_str(vm, part) }
}

type Splitter = for<'a> fn(&'a [u8], &[u8], i64) -> Option<Vec<&'a [u8]>>;

type SpaceSplitter = fn(&[u8], i64) -> Vec<&[u8]>;

fn split_by(vm: &mut Vm, a: &[Value], method: &str, by: Splitter, space: SpaceSplitter) -> PyResult {
    let s = this(vm, a[0], method)?;
    let max = optional_index(vm, a[2], -1)?;
    let text = str_bytes(s);
    if a[1] == Value::UNBOUND || a[1] == Value::NONE {
        return hoop_object::strs::str_list(vm, &space(text, max));
    }
    let separator = check_str(vm, a[1], |n| format!("must be str or None, not {n}"))?;
    match by(text, str_bytes(separator), max) {
        Some(parts) => hoop_object::strs::str_list(vm, &parts),
        None => Err(vm.value_error("empty separator")),
    }
}

#[inline]
pub fn split(vm: &mut Vm, a: &[Value]) -> PyResult {
    split_by(vm, a, "split", text::split, text::split_whitespace)
}

#[inline]
pub fn rsplit(vm: &mut Vm, a: &[Value]) -> PyResult {
    split_by(vm, a, "rsplit", text::rsplit, text::rsplit_whitespace)
}

#[inline]
pub fn splitlines(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "splitlines")?;
    let keep = a[1] != Value::UNBOUND && protocol::truth(vm, a[1])?;
    hoop_object::strs::str_list(vm, &text::splitlines(str_bytes(s), keep))
}

type Partition = for<'a> fn(&'a [u8], &[u8]) -> Option<(&'a [u8], &'a [u8])>;

/// The three parts; when nothing was found, `whole` says where the receiver goes.
fn partition_by(vm: &mut Vm, a: &[Value], method: &str, by: Partition, whole: usize) -> PyResult {
    let s = this(vm, a[0], method)?;
    let separator = check_str(vm, a[1], |n| format!("must be str, not {n}"))?;
    if str_bytes(separator).is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let mut parts = [hoop_object::text::empty_str(vm); 3];
    match by(str_bytes(s), str_bytes(separator)) {
        Some((before, after)) => {
            parts[0] = hoop_object::strs::text_str(vm, before)?;
            parts[1] = separator;
            parts[2] = hoop_object::strs::text_str(vm, after)?;
        }
        None => parts[whole] = s,
    }
    tuple::new_tuple(vm, &parts)
}

#[inline]
pub fn partition(vm: &mut Vm, a: &[Value]) -> PyResult {
    partition_by(vm, a, "partition", text::partition, 0)
}

#[inline]
pub fn rpartition(vm: &mut Vm, a: &[Value]) -> PyResult {
    partition_by(vm, a, "rpartition", text::rpartition, 2)
}

type Stripper = for<'a> fn(&'a [u8], Option<&[u8]>) -> &'a [u8];

fn strip_by(vm: &mut Vm, a: &[Value], method: &str, by: Stripper) -> PyResult {
    let s = this(vm, a[0], method)?;
    let rest = if a[1] == Value::UNBOUND || a[1] == Value::NONE {
        by(str_bytes(s), None)
    } else {
        let chars = check_str(vm, a[1], |_| format!("{method} arg must be None or str"))?;
        by(str_bytes(s), Some(str_bytes(chars)))
    };
    part(vm, s, rest)
}

#[inline]
pub fn strip(vm: &mut Vm, a: &[Value]) -> PyResult {
    strip_by(vm, a, "strip", text::strip)
}

#[inline]
pub fn lstrip(vm: &mut Vm, a: &[Value]) -> PyResult {
    strip_by(vm, a, "lstrip", text::lstrip)
}

#[inline]
pub fn rstrip(vm: &mut Vm, a: &[Value]) -> PyResult {
    strip_by(vm, a, "rstrip", text::rstrip)
}
