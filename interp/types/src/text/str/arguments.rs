//! Arguments and results of text methods.

use crate::numbers::int;
use hoop_gc::Value;
use hoop_object::errors::{PyResult, Raise};
use hoop_object::kind::Kind;
use hoop_object::vm::Vm;
use hoop_protocol::{protocol, seq, subscript};
use hoop_text::ErrorKind;
use hoop_text::seq::TooLong;
use std::fmt::Display;

/// The str that a method works on.
#[inline]
pub fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    if vm.kind(v) == Kind::Str {
        return Ok(v);
    }
    seq::receiver(vm, v, |k| k == Kind::Str, "str", method)
}

/// The str behind an argument; TypeError with a text made from the name of its class.
#[inline]
pub fn check_str(vm: &mut Vm, v: Value, message: impl FnOnce(&str) -> String) -> PyResult {
    let inner = vm.unwrap(v);
    if vm.kind(inner) == Kind::Str {
        return Ok(inner);
    }
    let name = if v == Value::NONE { "None".to_string() } else { vm.class_name(v) };
    Err(vm.type_error(message(&name)))
}

/// The bounds of a search: absent and None ones are 0 and the greatest integer.
#[inline]
pub fn bounds(vm: &mut Vm, start: Value, end: Value) -> PyResult<(i64, i64)> {
    Ok((bound(vm, start, 0)?, bound(vm, end, i64::MAX)?))
}

fn bound(vm: &mut Vm, v: Value, default: i64) -> PyResult<i64> {
    if v == Value::UNBOUND || v == Value::NONE {
        return Ok(default);
    }
    if !subscript::has_index(vm, v) {
        return Err(vm.type_error("slice indices must be integers or None or have an __index__ method"));
    }
    protocol::index_clamped(vm, v)
}

/// The integer of an optional argument.
#[inline]
pub fn optional_index(vm: &mut Vm, v: Value, default: i64) -> PyResult<i64> {
    if v == Value::UNBOUND { Ok(default) } else { protocol::index(vm, v) }
}

/// What the text crate's errors have in common.
pub trait TextError: Display {
    fn class(&self) -> ErrorKind;
}

macro_rules! text_errors {
    ($( $error:ty ),*) => { $( impl TextError for $error {
        fn class(&self) -> ErrorKind {
            self.kind()
        }
    } )* };
}

text_errors!(
    hoop_text::spec::FormatError,
    hoop_text::template::TemplateError,
    hoop_text::percent::PercentError,
    hoop_text::bytes::FromHexError
);

/// Raises an error of the text crate.
#[cold]
pub fn raise(vm: &mut Vm, error: &impl TextError) -> Raise {
    int::raise_kind(vm, error.class(), &error.to_string())
}

/// A str of a text, or the exception that its error stands for.
#[inline]
pub fn to_result(vm: &mut Vm, text: Result<Vec<u8>, impl TextError>) -> PyResult {
    match text {
        Ok(text) => hoop_object::strs::text_str(vm, &text),
        Err(e) => Err(raise(vm, &e)),
    }
}

/// The result of a function that gives nothing when the receiver itself is the result.
#[inline]
pub fn or_self(vm: &mut Vm, s: Value, text: Result<Option<Vec<u8>>, TooLong>) -> PyResult {
    match text {
        Ok(Some(text)) => hoop_object::strs::text_str(vm, &text),
        Ok(None) => Ok(s),
        Err(_) => Err(vm.memory_error()),
    }
}
