//! `str.format` and `str.format_map`, and formatting of common values without a look-up of `__format__`.

use crate::text::str::arguments::{raise, this};
use hoop_engine::float_of;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::STR_BYTES;
use hoop_object::text::{self, str_bytes};
use hoop_object::vm::Vm;
use hoop_object::{bigint, strs};
use hoop_protocol::{attributes, protocol, subscript};
use hoop_text::spec::{FormatError, format_float, format_int, format_str};
use hoop_text::template::{
    Accessor, AutoNumber, Key, MAX_NESTING, ReplacementField, TemplateError, TemplateParser, split_field_name,
};

/// Where the values of replacement fields come from.
#[derive(Copy, Clone)]
struct Source<'a> {
    args: &'a [Value],
    /// A mapping; UNBOUND for none.
    names: Value,
    /// `format_map`: there are no positional fields.
    map_only: bool,
}

#[inline]
pub fn format(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "format")?;
    render_all(vm, s, Source { args: &a[2..], names: a[1], map_only: false })
}

#[inline]
pub fn format_map(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "format_map")?;
    render_all(vm, s, Source { args: &[], names: a[1], map_only: true })
}

fn render_all(vm: &mut Vm, template: Value, source: Source) -> PyResult {
    let text = str_bytes(template);
    let mut auto = AutoNumber::default();
    strs::written(vm, |vm, out| render(vm, out, text, source, &mut auto, MAX_NESTING))
}

/// Appends the filled-in template. `depth`: how many levels of specifications may still hold fields.
fn render(
    vm: &mut Vm,
    out: &mut Vec<u8>,
    template: &[u8],
    source: Source,
    auto: &mut AutoNumber,
    depth: usize,
) -> PyResult<()> {
    if depth == 0 {
        return Err(raise(vm, &TemplateError::Recursion));
    }
    for item in TemplateParser::new(template) {
        let item = item.map_err(|e| raise(vm, &e))?;
        out.extend_from_slice(item.literal);
        if let Some(field) = item.field {
            render_field(vm, out, &field, source, auto, depth)?;
        }
    }
    Ok(())
}

fn render_field(
    vm: &mut Vm,
    out: &mut Vec<u8>,
    field: &ReplacementField,
    source: Source,
    auto: &mut AutoNumber,
    depth: usize,
) -> PyResult<()> {
    let mut v = field_value(vm, field.name, source, auto)?;
    if let Some(conversion) = field.conversion {
        v = match u8::try_from(conversion) {
            Ok(b's') => protocol::to_str(vm, v)?,
            Ok(b'r') => protocol::repr(vm, v)?,
            Ok(b'a') => hoop_protocol::protocol::ascii(vm, v)?,
            _ => return Err(raise(vm, &TemplateError::UnknownConversion(conversion))),
        };
    }
    if !field.nested {
        return push_formatted(vm, out, v, field.spec);
    }
    let mut spec = Vec::new();
    render(vm, &mut spec, field.spec, source, auto, depth - 1)?;
    push_formatted(vm, out, v, &spec)
}

fn field_value(vm: &mut Vm, name: &[u8], source: Source, auto: &mut AutoNumber) -> PyResult {
    let (first, accessors) = split_field_name(name).map_err(|e| raise(vm, &e))?;
    let first = auto.resolve(first).map_err(|e| raise(vm, &e))?;
    let mut v = match first {
        Key::Index(_) if source.map_only => return Err(raise(vm, &TemplateError::PositionalInMap)),
        Key::Index(i) => match source.args.get(i) {
            Some(&v) => v,
            None => return Err(raise(vm, &TemplateError::IndexRange(i))),
        },
        Key::Name(name) => {
            let key = hoop_object::strs::text_str(vm, name)?;
            if source.names == Value::UNBOUND {
                return Err(vm.key_error(key));
            }
            subscript::get_item(vm, source.names, key)?
        }
    };
    for accessor in accessors {
        v = match accessor.map_err(|e| raise(vm, &e))? {
            Accessor::Attribute(name) => {
                let name = text::intern(vm, name);
                attributes::getattr(vm, v, name)?
            }
            Accessor::Item(Key::Index(i)) => {
                let i = bigint::int_from_i64(vm, i as i64);
                subscript::get_item(vm, v, i)?
            }
            Accessor::Item(Key::Name(name)) => {
                let name = hoop_object::strs::text_str(vm, name)?;
                subscript::get_item(vm, v, name)?
            }
        };
    }
    Ok(v)
}

/// As [`format::written`], by a function of the text crate.
#[inline]
pub fn formatted(vm: &mut Vm, write: impl FnOnce(&mut Vec<u8>) -> Result<(), FormatError>) -> PyResult {
    strs::written(vm, |vm, out| write(out).map_err(|e| raise(vm, &e)))
}

/// `format(v, spec)`, with a short way for ints, floats and strs.
#[inline]
pub fn format_value(vm: &mut Vm, v: Value, spec: Value) -> PyResult {
    match vm.kind(v) {
        Kind::Str if STR_BYTES.read(spec) == 0 => Ok(v),
        Kind::Int | Kind::Float | Kind::Str => {
            strs::written(vm, |vm, out| push_formatted(vm, out, v, str_bytes(spec)))
        }
        _ => protocol::format(vm, v, spec),
    }
}

/// Appends `format(v, spec)`.
pub fn push_formatted(vm: &mut Vm, out: &mut Vec<u8>, v: Value, spec: &[u8]) -> PyResult<()> {
    let shown = match vm.kind(v) {
        Kind::Str => format_str(out, str_bytes(v), spec, "str"),
        Kind::Int => format_int(out, &v.int_unchecked(), spec, "int"),
        Kind::Float => format_float(out, float_of(v).unwrap_or(0.0), spec, "float"),
        _ => {
            let spec = hoop_object::strs::text_str(vm, spec)?;
            let s = protocol::format(vm, v, spec)?;
            out.extend_from_slice(str_bytes(s));
            return Ok(());
        }
    };
    shown.map_err(|e| raise(vm, &e))
}

/// Appends `str(v)`.
#[inline]
pub fn push_str_of(vm: &mut Vm, out: &mut Vec<u8>, v: Value) -> PyResult<()> {
    match vm.kind(v) {
        Kind::Int => hoop_text::int::push_decimal(out, v.int_unchecked()),
        Kind::Float => hoop_text::float::push_repr_float(out, float_of(v).unwrap_or(0.0)),
        _ => {
            let s = protocol::to_str(vm, v)?;
            out.extend_from_slice(str_bytes(s));
        }
    }
    Ok(())
}
