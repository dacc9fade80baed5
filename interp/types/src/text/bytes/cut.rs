//! Splitting, partitioning, stripping of bytes and bytearrays.

use crate::text::bytes::construct::{need_buffer, this};
use crate::text::str::arguments::optional_index;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::tuple::{self, ValueVec};
use hoop_object::vm::Vm;
use hoop_protocol::bytes::{data, make};
use hoop_protocol::protocol;
use hoop_text::bytes;

/// A part of the data of `b`: `b` itself if it is all of it and cannot change.
fn part(vm: &mut Vm, b: Value, part: &[u8]) -> PyResult {
    if part.len() == data(vm, b).len() && vm.kind(b) == Kind::Bytes { Ok(b) } else { make(vm, b, part) }
}

fn list(vm: &mut Vm, b: Value, parts: &[&[u8]]) -> PyResult {
    let mut items = ValueVec::with_capacity(vm, parts.len())?;
    for part in parts {
        let v = make(vm, b, part)?;
        items.push(vm, v)?;
    }
    hoop_object::strs::list_of_values(vm, items)
}

type Splitter = for<'a> fn(&'a [u8], &[u8], i64) -> Option<Vec<&'a [u8]>>;

type SpaceSplitter = fn(&[u8], i64) -> Vec<&[u8]>;

fn split_by(vm: &mut Vm, a: &[Value], method: &str, by: Splitter, space: SpaceSplitter) -> PyResult {
    let b = this(vm, a[0], method)?;
    let max = optional_index(vm, a[2], -1)?;
    if a[1] == Value::UNBOUND || a[1] == Value::NONE {
        return list(vm, b, &space(data(vm, b), max));
    }
    let separator = need_buffer(vm, a[1])?;
    match by(data(vm, b), data(vm, separator), max) {
        Some(parts) => list(vm, b, &parts),
        None => Err(vm.value_error("empty separator")),
    }
}

#[inline]
pub fn split(vm: &mut Vm, a: &[Value]) -> PyResult {
    split_by(vm, a, "split", bytes::split, bytes::split_whitespace)
}

#[inline]
pub fn rsplit(vm: &mut Vm, a: &[Value]) -> PyResult {
    split_by(vm, a, "rsplit", bytes::rsplit, bytes::rsplit_whitespace)
}

#[inline]
pub fn splitlines(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "splitlines")?;
    let keep = a[1] != Value::UNBOUND && protocol::truth(vm, a[1])?;
    list(vm, b, &bytes::splitlines(data(vm, b), keep))
}

type Partition = for<'a> fn(&'a [u8], &[u8]) -> Option<(&'a [u8], &'a [u8])>;

/// The three parts; when nothing was found, `whole` says where the receiver's data go.
fn partition_by(vm: &mut Vm, a: &[Value], method: &str, by: Partition, whole: usize) -> PyResult {
    let b = this(vm, a[0], method)?;
    let separator = need_buffer(vm, a[1])?;
    let between = data(vm, separator);
    if between.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let mut parts = [&[][..]; 3];
    match by(data(vm, b), between) {
        Some((before, after)) => parts = [before, between, after],
        None => parts[whole] = data(vm, b),
    }
    let mut items = [Value::NONE; 3];
    for (item, bytes) in items.iter_mut().zip(parts) {
        *item = part(vm, b, bytes)?;
    }
    tuple::new_tuple(vm, &items)
}

#[inline]
pub fn partition(vm: &mut Vm, a: &[Value]) -> PyResult {
    partition_by(vm, a, "partition", bytes::partition, 0)
}

#[inline]
pub fn rpartition(vm: &mut Vm, a: &[Value]) -> PyResult {
    partition_by(vm, a, "rpartition", bytes::rpartition, 2)
}

type Stripper = for<'a> fn(&'a [u8], Option<&[u8]>) -> &'a [u8];

fn strip_by(vm: &mut Vm, a: &[Value], method: &str, by: Stripper) -> PyResult {
    let b = this(vm, a[0], method)?;
    let rest = if a[1] == Value::UNBOUND || a[1] == Value::NONE {
        by(data(vm, b), None)
    } else {
        let set = need_buffer(vm, a[1])?;
        by(data(vm, b), Some(data(vm, set)))
    };
    part(vm, b, rest)
}

#[inline]
pub fn strip(vm: &mut Vm, a: &[Value]) -> PyResult {
    strip_by(vm, a, "strip", bytes::strip)
}

#[inline]
pub fn lstrip(vm: &mut Vm, a: &[Value]) -> PyResult {
    strip_by(vm, a, "lstrip", bytes::lstrip)
}

#[inline]
pub fn rstrip(vm: &mut Vm, a: &[Value]) -> PyResult {
    strip_by(vm, a, "rstrip", bytes::rstrip)
}

#[inline]
pub fn removeprefix(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "removeprefix")?;
    let prefix = need_buffer(vm, a[1])?;
    let rest = bytes::remove_prefix(data(vm, b), data(vm, prefix));
    part(vm, b, rest)
}

#[inline]
pub fn removesuffix(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "removesuffix")?;
    let suffix = need_buffer(vm, a[1])?;
    let rest = bytes::remove_suffix(data(vm, b), data(vm, suffix));
    part(vm, b, rest)
}
