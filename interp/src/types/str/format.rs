//! `str.format` and `str.format_map`, and formatting of common values without a look-up of `__format__`.

use super::arguments::{raise, this};
use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::layout::STR_BYTES;
use crate::objects::text::str_bytes;
use crate::vm::Vm;
use hoop_engine::float_of;
use hoop_gc::Value;
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

pub fn format(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "format")?;
    render_all(vm, s, Source { args: &a[2..], names: a[1], map_only: false })
}

pub fn format_map(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "format_map")?;
    render_all(vm, s, Source { args: &[], names: a[1], map_only: true })
}

fn render_all(vm: &mut Vm, template: Value, source: Source) -> PyResult {
    let text = str_bytes(template);
    let mut auto = AutoNumber::default();
    vm.written(|vm, out| render(vm, out, text, source, &mut auto, MAX_NESTING))
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
            Ok(b's') => vm.to_str(v)?,
            Ok(b'r') => vm.repr(v)?,
            Ok(b'a') => vm.ascii(v)?,
            _ => return Err(raise(vm, &TemplateError::UnknownConversion(conversion))),
        };
    }
    if !field.nested {
        return vm.push_formatted(out, v, field.spec);
    }
    let mut spec = Vec::new();
    render(vm, &mut spec, field.spec, source, auto, depth - 1)?;
    vm.push_formatted(out, v, &spec)
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
            let key = vm.text_str(name)?;
            if source.names == Value::UNBOUND {
                return Err(vm.key_error(key));
            }
            vm.get_item(source.names, key)?
        }
    };
    for accessor in accessors {
        v = match accessor.map_err(|e| raise(vm, &e))? {
            Accessor::Attribute(name) => {
                let name = vm.intern(name);
                vm.getattr(v, name)?
            }
            Accessor::Item(Key::Index(i)) => {
                let i = vm.int_from_i64(i as i64);
                vm.get_item(v, i)?
            }
            Accessor::Item(Key::Name(name)) => {
                let name = vm.text_str(name)?;
                vm.get_item(v, name)?
            }
        };
    }
    Ok(v)
}

/// A buffer of more bytes is not kept for the next text.
const MAX_KEPT: usize = 16 << 10;

impl Vm {
    /// The str that `write` appends to an empty buffer, which is used again and again.
    pub fn written(&mut self, write: impl FnOnce(&mut Vm, &mut Vec<u8>) -> PyResult<()>) -> PyResult {
        let mut out = std::mem::take(&mut self.scratch);
        let written = write(self, &mut out);
        let result = written.and_then(|()| self.text_str(&out));
        if out.capacity() <= MAX_KEPT {
            out.clear();
            self.scratch = out;
        }
        result
    }

    /// As [`Vm::written`], by a function of the text crate.
    pub fn formatted(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), FormatError>) -> PyResult {
        self.written(|vm, out| write(out).map_err(|e| raise(vm, &e)))
    }

    /// The decimal text of a small int.
    pub fn small_int_str(&mut self, i: i64) -> PyResult {
        match u8::try_from(i) {
            Ok(digit @ 0..=9) => Ok(self.latin1_char(b'0' + digit)),
            _ => hoop_text::int::with_decimal(i, |text| self.try_new_str(text, text.len())),
        }
    }

    /// `repr` of a float.
    pub fn float_str(&mut self, x: f64) -> PyResult {
        self.written(|_, out| {
            hoop_text::float::push_repr_float(out, x);
            Ok(())
        })
    }

    /// `format(v, spec)`, with a short way for ints, floats and strs.
    pub fn format_value(&mut self, v: Value, spec: Value) -> PyResult {
        match self.kind(v) {
            Kind::Str if STR_BYTES.read(spec) == 0 => Ok(v),
            Kind::Int | Kind::Float | Kind::Str => {
                self.written(|vm, out| vm.push_formatted(out, v, str_bytes(spec)))
            }
            _ => self.format(v, spec),
        }
    }

    /// Appends `format(v, spec)`.
    pub fn push_formatted(&mut self, out: &mut Vec<u8>, v: Value, spec: &[u8]) -> PyResult<()> {
        let shown = match self.kind(v) {
            Kind::Str => format_str(out, str_bytes(v), spec, "str"),
            Kind::Int => format_int(out, &v.int_unchecked(), spec, "int"),
            Kind::Float => format_float(out, float_of(v).unwrap_or(0.0), spec, "float"),
            _ => {
                let spec = self.text_str(spec)?;
                let s = self.format(v, spec)?;
                out.extend_from_slice(str_bytes(s));
                return Ok(());
            }
        };
        shown.map_err(|e| raise(self, &e))
    }

    /// Appends `str(v)`.
    pub fn push_str_of(&mut self, out: &mut Vec<u8>, v: Value) -> PyResult<()> {
        match self.kind(v) {
            Kind::Int => hoop_text::int::push_decimal(out, v.int_unchecked()),
            Kind::Float => hoop_text::float::push_repr_float(out, float_of(v).unwrap_or(0.0)),
            _ => {
                let s = self.to_str(v)?;
                out.extend_from_slice(str_bytes(s));
            }
        }
        Ok(())
    }
}
