//! UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError: their parts as attributes, and their texts.
//!
//! The parts are the exception's arguments until one is assigned; then they are in a list in the value slot.

use hoop_gc::Value;
use hoop_object::errors::{PyResult, Raise, exc_slot};
use hoop_object::kind::Kind;
use hoop_object::layout::slot;
use hoop_object::list;
use hoop_object::rows::NativeDef;
use hoop_object::text::{self, bytearray_data, bytes_data, str_bytes, str_len, str_text};
use hoop_object::tuple::{self, tuple_items};
use hoop_object::vm::Vm;
use hoop_protocol::attributes::{self, GetSet};
use hoop_protocol::protocol;
use hoop_text::codec::{DecodeError, EncodeError};
use hoop_text::wtf8;

/// Part `i` of an exception: of (encoding,) object, start, end, reason.
fn part(vm: &mut Vm, e: Value, i: usize) -> Value {
    let state = slot(exc_slot::VALUE).read(e).unwrap_or(Value::NONE);
    if vm.kind(state) == Kind::ListAny {
        return list::item(vm, state, i);
    }
    let args = slot(exc_slot::ARGS).read(e).unwrap_or(Value::NONE);
    if vm.kind(args) != Kind::Tuple {
        return Value::NONE;
    }
    tuple_items(args).get(i).copied().unwrap_or(Value::NONE)
}

fn set_part(vm: &mut Vm, e: Value, i: usize, v: Value) -> PyResult<()> {
    let state = slot(exc_slot::VALUE).read(e).unwrap_or(Value::NONE);
    if vm.kind(state) == Kind::ListAny {
        return list::set_item(vm, state, i, v);
    }
    let args = slot(exc_slot::ARGS).read(e).unwrap_or(Value::NONE);
    if vm.kind(args) != Kind::Tuple || tuple_items(args).len() <= i {
        return Err(vm.attribute_error("exception without its arguments"));
    }
    let list = list::from(vm, tuple_items(args))?;
    list::generalize(vm, list)?;
    vm.ctx.write(e, &slot(exc_slot::VALUE), list);
    list::set_item(vm, list, i, v)
}

/// The attribute of a part.
macro_rules! part_attribute {
    ($name:literal, $index:literal) => {
        GetSet {
            name: $name,
            get: |vm, e| Ok(part(vm, e, $index)),
            set: Some(|vm, e, v| set_part(vm, e, $index, if v == Value::UNBOUND { Value::NONE } else { v })),
        }
    };
}

const CODEC_PARTS: &[GetSet] = &[
    part_attribute!("encoding", 0),
    part_attribute!("object", 1),
    part_attribute!("start", 2),
    part_attribute!("end", 3),
    part_attribute!("reason", 4),
];

const TRANSLATE_PARTS: &[GetSet] = &[
    part_attribute!("object", 0),
    part_attribute!("start", 1),
    part_attribute!("end", 2),
    part_attribute!("reason", 3),
];

/// Kinds of arguments of the constructors.
#[derive(Copy, Clone, PartialEq)]
enum Part {
    Str,
    Bytes,
    Int,
}

fn init_parts(vm: &mut Vm, a: &[Value], parts: &[Part]) -> PyResult {
    let (this, kwargs, rest) = (a[0], a[1], &a[2..]);
    if kwargs != Value::UNBOUND && hoop_object::dict::dict_len(kwargs) > 0 {
        let text = format!("{}() takes no keyword arguments", vm.class_name(this));
        return Err(vm.type_error(text));
    }
    if rest.len() != parts.len() {
        let text = format!("function takes exactly {} arguments ({} given)", parts.len(), rest.len());
        return Err(vm.type_error(text));
    }
    for (i, (&v, &part)) in rest.iter().zip(parts).enumerate() {
        let inner = vm.unwrap(v);
        let kind = vm.kind(inner);
        let (ok, wanted) = match part {
            Part::Str => (kind == Kind::Str, "str"),
            Part::Int => (matches!(kind, Kind::Int | Kind::BigInt | Kind::Bool), "int"),
            Part::Bytes => (matches!(kind, Kind::Bytes | Kind::ByteArray), "bytes"),
        };
        if ok {
            continue;
        }
        let name = vm.class_name(v);
        return Err(vm.type_error(match part {
            Part::Int => format!("'{name}' object cannot be interpreted as an integer"),
            Part::Bytes => format!("a bytes-like object is required, not '{name}'"),
            Part::Str => format!("argument {} must be {wanted}, not {name}", i + 1),
        }));
    }
    let args = tuple::new_tuple(vm, rest)?;
    vm.ctx.write(this, &slot(exc_slot::ARGS), args);
    vm.ctx.write(this, &slot(exc_slot::VALUE), rest[0]);
    Ok(Value::NONE)
}

/// Start and end, made to fit an object of this length.
fn range(vm: &mut Vm, start: Value, end: Value, len: usize) -> PyResult<(usize, usize)> {
    let (start, end) = (protocol::index_clamped(vm, start)?, protocol::index_clamped(vm, end)?);
    let start = start.clamp(0, (len as i64 - 1).max(0));
    let end = end.clamp(1, (len as i64).max(1));
    Ok((start as usize, end as usize))
}

fn decode_text(vm: &mut Vm, a: &[Value]) -> PyResult {
    let parts = [0, 1, 2, 3, 4].map(|i| part(vm, a[0], i));
    let object = vm.unwrap(parts[1]);
    let data: &[u8] = match vm.kind(object) {
        Kind::Bytes => bytes_data(object),
        Kind::ByteArray => bytearray_data(object),
        _ => return Ok(text::empty_str(vm)),
    };
    let (start, end) = range(vm, parts[2], parts[3], data.len())?;
    let (encoding, reason) = (protocol::to_str(vm, parts[0])?, protocol::to_str(vm, parts[4])?);
    let what = match data.get(start) {
        Some(byte) if end == start + 1 => format!("byte 0x{byte:02x} in position {start}"),
        _ => format!("bytes in position {start}-{}", end - 1),
    };
    let text = format!("'{}' codec can't decode {what}: {}", str_text(encoding), str_text(reason));
    Ok(text::str(vm, &text))
}

/// `character 'x' in position 1`, or the plural.
fn characters(vm: &mut Vm, object: Value, start: Value, end: Value) -> PyResult<Option<String>> {
    let object = vm.unwrap(object);
    if vm.kind(object) != Kind::Str {
        return Ok(None);
    }
    let (start, end) = range(vm, start, end, str_len(object))?;
    Ok(Some(match wtf8::nth(str_bytes(object), start) {
        Some(cp) if end == start + 1 => {
            let mut shown = Vec::new();
            hoop_text::text::push_escaped(&mut shown, cp);
            format!("character '{}' in position {start}", String::from_utf8_lossy(&shown))
        }
        _ => format!("characters in position {start}-{}", end - 1),
    }))
}

fn encode_text(vm: &mut Vm, a: &[Value]) -> PyResult {
    let parts = [0, 1, 2, 3, 4].map(|i| part(vm, a[0], i));
    let Some(what) = characters(vm, parts[1], parts[2], parts[3])? else { return Ok(text::empty_str(vm)) };
    let (encoding, reason) = (protocol::to_str(vm, parts[0])?, protocol::to_str(vm, parts[4])?);
    let text = format!("'{}' codec can't encode {what}: {}", str_text(encoding), str_text(reason));
    Ok(text::str(vm, &text))
}

fn translate_text(vm: &mut Vm, a: &[Value]) -> PyResult {
    let parts = [0, 1, 2, 3].map(|i| part(vm, a[0], i));
    let Some(what) = characters(vm, parts[0], parts[1], parts[2])? else { return Ok(text::empty_str(vm)) };
    let reason = protocol::to_str(vm, parts[3])?;
    let text = format!("can't translate {what}: {}", str_text(reason));
    Ok(text::str(vm, &text))
}

const DECODE: &[NativeDef] = &[
    NativeDef::new("__init__", "$self, /, *args, **kwargs", |vm, a| {
        init_parts(vm, a, &[Part::Str, Part::Bytes, Part::Int, Part::Int, Part::Str])
    }),
    NativeDef::new("__str__", "$self, /", decode_text),
];

const ENCODE: &[NativeDef] = &[
    NativeDef::new("__init__", "$self, /, *args, **kwargs", |vm, a| {
        init_parts(vm, a, &[Part::Str, Part::Str, Part::Int, Part::Int, Part::Str])
    }),
    NativeDef::new("__str__", "$self, /", encode_text),
];

const TRANSLATE: &[NativeDef] = &[
    NativeDef::new("__init__", "$self, /, *args, **kwargs", |vm, a| {
        init_parts(vm, a, &[Part::Str, Part::Int, Part::Int, Part::Str])
    }),
    NativeDef::new("__str__", "$self, /", translate_text),
];

pub fn init(vm: &mut Vm) {
    let t = &vm.types;
    let rows = [
        (t.unicode_decode_error, DECODE, CODEC_PARTS),
        (t.unicode_encode_error, ENCODE, CODEC_PARTS),
        (t.unicode_translate_error, TRANSLATE, TRANSLATE_PARTS),
    ];
    for (class, methods, parts) in rows {
        vm.add_methods(class, methods);
        attributes::add_getsets(vm, class, parts);
    }
}

/// A UnicodeDecodeError about a bytes object.
#[inline]
pub fn new_decode_error(vm: &mut Vm, object: Value, error: &DecodeError) -> PyResult {
    let class = vm.types.unicode_decode_error;
    let (encoding, reason) = (text::str(vm, error.encoding), text::str(vm, error.reason));
    let (start, end) = (Value::int(error.start as i64), Value::int(error.end as i64));
    vm.new_exception(class, &[encoding, object, start, end, reason])
}

/// A UnicodeEncodeError about a str.
#[inline]
pub fn new_encode_error(vm: &mut Vm, object: Value, error: &EncodeError) -> PyResult {
    let class = vm.types.unicode_encode_error;
    let (encoding, reason) = (text::str(vm, error.encoding), text::str(vm, error.reason));
    let (start, end) = (Value::int(error.start as i64), Value::int(error.end as i64));
    vm.new_exception(class, &[encoding, object, start, end, reason])
}

/// Raises a UnicodeDecodeError.
#[cold]
pub fn decode_error(vm: &mut Vm, object: Value, error: &DecodeError) -> Raise {
    match new_decode_error(vm, object, error) {
        Ok(e) => vm.raise(e),
        Err(raise) => raise,
    }
}

/// Raises a UnicodeEncodeError.
#[cold]
pub fn encode_error(vm: &mut Vm, object: Value, error: &EncodeError) -> Raise {
    match new_encode_error(vm, object, error) {
        Ok(e) => vm.raise(e),
        Err(raise) => raise,
    }
}
