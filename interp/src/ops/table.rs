//! Dicts and sets by key: one native look-up finds the entry, what is done with it happens in line. So a trace that tests
//! for a key, reads its value and stores another looks it up once.

use crate::ops::opaque;
use hoop_engine::{Cmp, IntOp};
use hoop_gc::Value;
use hoop_object::errors::Raise;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::vm::PyEngine;

/// What `opaque::table_find` gives for a key without entry.
pub const ABSENT: i64 = -1;

/// The same where only Python code can decide.
pub const UNKNOWN: i64 = -2;

/// A key in a table.
pub enum Slot<E: PyEngine> {
    /// It has that entry.
    Entry(E::Int),
    Absent,
    /// Python code must decide.
    Unknown,
}

/// Is it a dict other than a namespace?
pub fn is_dict(kind: Kind) -> bool {
    matches!(kind, Kind::DictStr | Kind::DictInt | Kind::DictAny | Kind::DictEmpty)
}

pub fn is_set(kind: Kind) -> bool {
    matches!(kind, Kind::Set | Kind::FrozenSet)
}

/// Looks a key up in a dict or set; the answer is a fact of the trace.
pub fn find<E: PyEngine>(e: &mut E, d: E::Val, key: E::Val) -> Result<Slot<E>, Raise> {
    let (at, zero) = (opaque::table_find(e, d, key)?, e.int(0));
    let there = e.int_cmp(Cmp::Ge, at, zero);
    if e.branch(there) {
        return Ok(Slot::Entry(at));
    }
    let absent = e.int(ABSENT);
    let absent = e.int_cmp(Cmp::Eq, at, absent);
    Ok(if e.branch(absent) { Slot::Absent } else { Slot::Unknown })
}

/// Whether a dict or set has the key; nothing when Python code must decide.
pub fn contains<E: PyEngine>(e: &mut E, d: E::Val, key: E::Val) -> Result<Option<E::Bool>, Raise> {
    let (at, unknown, zero) = (opaque::table_find(e, d, key)?, e.int(UNKNOWN), e.int(0));
    let ask = e.int_cmp(Cmp::Eq, at, unknown);
    if e.branch(ask) {
        return Ok(None);
    }
    Ok(Some(e.int_cmp(Cmp::Ge, at, zero)))
}

/// The value of a dict's entry.
pub fn value<E: PyEngine>(e: &mut E, d: E::Val, at: E::Int) -> E::Val {
    let entries = e.get(d, &DICT_ENTRIES);
    word(e, entries, at, 3, 2)
}

/// Word `k` of an entry in an array whose entries have `width` words.
pub fn word<E: PyEngine>(e: &mut E, entries: E::Val, at: E::Int, width: i64, k: i64) -> E::Val {
    let index = word_index(e, at, width, k);
    e.item(entries, index, &DICT_WORDS)
}

fn word_index<E: PyEngine>(e: &mut E, at: E::Int, width: i64, k: i64) -> E::Int {
    let (width, k) = (e.int(width), e.int(k));
    let first = e.int_op(IntOp::Mul, at, width);
    e.int_op(IntOp::Add, first, k)
}

/// `d[key] := v`. False: nothing was done, Python code must decide.
pub fn set<E: PyEngine>(e: &mut E, d: E::Val, key: E::Val, v: E::Val) -> Result<bool, Raise> {
    if !E::RECORDS {
        opaque::dict_set(e, d, key, v)?;
        return Ok(true);
    }
    match find(e, d, key)? {
        Slot::Entry(at) => {
            let entries = e.get(d, &DICT_ENTRIES);
            let index = word_index(e, at, 3, 2);
            e.set_item(entries, index, &DICT_WORDS, v);
            Ok(true)
        }
        Slot::Absent => {
            e.result_to(None);
            opaque::dict_set_plain(e, d, key, v)?;
            Ok(true)
        }
        Slot::Unknown => Ok(false),
    }
}

/// Adds a key to a set.
pub fn add<E: PyEngine>(e: &mut E, s: E::Val, key: E::Val) -> Result<(), Raise> {
    if !E::RECORDS {
        return opaque::set_add_any(e, s, key);
    }
    match find(e, s, key)? {
        Slot::Entry(_) => Ok(()),
        Slot::Absent => {
            e.result_to(None);
            let none = e.val(Value::NONE);
            opaque::dict_set_plain(e, s, key, none)
        }
        Slot::Unknown => {
            e.result_to(None);
            opaque::set_add_any(e, s, key)
        }
    }
}
