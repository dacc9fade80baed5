//! `%` of str and bytes.

use crate::numbers::float;
use crate::numbers::int::{self, IntText};
use crate::text::bytes::construct;
use crate::text::str::arguments::{raise, this};
use crate::text::str::format;
use hoop_engine::float_of;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::text::{self, bytearray_data, bytes_data, str_bytes, str_len};
use hoop_object::tuple::tuple_items;
use hoop_object::vm::Vm;
use hoop_object::{bigint, strs};
use hoop_protocol::{attr, protocol, subscript};
use hoop_text::percent::{
    self, Amount, Field, PercentError, PercentItem, PercentParser, PercentSpec, Subject,
};
use hoop_text::wtf8;

#[inline]
pub fn modulo(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__mod__")?;
    strs::written(vm, |vm, out| run(vm, out, str_bytes(s), Subject::Str, a[1]))
}

#[inline]
pub fn reflected_modulo(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__rmod__")?;
    let template = vm.unwrap(a[1]);
    if vm.kind(template) != Kind::Str {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    strs::written(vm, |vm, out| run(vm, out, str_bytes(template), Subject::Str, s))
}

/// Appends the text that `template % value` gives.
pub fn run(vm: &mut Vm, out: &mut Vec<u8>, template: &[u8], subject: Subject, value: Value) -> PyResult<()> {
    let mut args = Arguments::new(vm, subject, value);
    let start = if subject == Subject::Str { args.push_simple(out, template, vm) } else { 0 };
    for item in PercentParser::starting_at(template, start, subject, args.mapping.is_some()) {
        match item.map_err(|e| raise(vm, &e))? {
            PercentItem::Literal(text) => out.extend_from_slice(text),
            PercentItem::Spec(spec) => args.convert(vm, out, template, &spec)?,
        }
    }
    if args.left() && args.mapping.is_none() {
        return Err(raise(vm, &PercentError::NotAll(subject)));
    }
    Ok(())
}

/// The right side, as it is used up.
struct Arguments {
    subject: Subject,
    /// A tuple of arguments, or the only one.
    value: Value,
    is_tuple: bool,
    next: usize,
    mapping: Option<Value>,
}

impl Arguments {
    fn new(vm: &mut Vm, subject: Subject, value: Value) -> Arguments {
        let inner = vm.unwrap(value);
        let kind = vm.kind(inner);
        let is_tuple = kind == Kind::Tuple;
        let is_text = match subject {
            Subject::Str => kind == Kind::Str,
            Subject::Bytes => matches!(kind, Kind::Str | Kind::Bytes | Kind::ByteArray),
        };
        let plain = is_tuple || is_text || matches!(kind, Kind::Int | Kind::Float | Kind::None);
        let maps = !plain && attr::special(vm, value, vm.names.getitem).is_some();
        Arguments {
            subject,
            value: if is_tuple { inner } else { value },
            is_tuple,
            next: 0,
            mapping: maps.then_some(value),
        }
    }

    pub(crate) fn left(&self) -> bool {
        self.next < if self.is_tuple { tuple_items(self.value).len() } else { 1 }
    }

    fn take(&mut self, vm: &mut Vm) -> PyResult {
        if !self.left() {
            return Err(raise(vm, &PercentError::NotEnough));
        }
        self.next += 1;
        Ok(if self.is_tuple { tuple_items(self.value)[self.next - 1] } else { self.value })
    }

    /// The next argument, without a look at the template's errors.
    fn peek(&self) -> Option<Value> {
        match self.is_tuple {
            true => tuple_items(self.value).get(self.next).copied(),
            false => (self.next == 0).then_some(self.value),
        }
    }

    /// Converts what is most common, bare `%d` of small ints and `%s` of those and of strs. Gives the first byte of the
    /// template that wants more.
    fn push_simple(&mut self, out: &mut Vec<u8>, template: &[u8], vm: &Vm) -> usize {
        let mut at = 0;
        while let Some((spec, code)) = percent::next_spec(template, at) {
            let Some(v) = self.peek() else { break };
            match code {
                b'd' | b's' if v.is_int() => {
                    out.extend_from_slice(&template[at..spec]);
                    hoop_text::int::push_decimal(out, v.int_unchecked());
                }
                b's' if vm.kind(v) == Kind::Str => {
                    out.extend_from_slice(&template[at..spec]);
                    out.extend_from_slice(str_bytes(v));
                }
                _ => break,
            }
            self.next += 1;
            at = spec + 2;
        }
        at
    }

    fn look_up(&mut self, vm: &mut Vm, mapping: Value, key: &[u8]) -> PyResult<()> {
        let key = match self.subject {
            Subject::Str => hoop_object::strs::text_str(vm, key)?,
            Subject::Bytes => text::new_bytes(vm, key)?,
        };
        self.value = subscript::get_item(vm, mapping, key)?;
        (self.is_tuple, self.next) = (false, 0);
        Ok(())
    }

    fn star(&mut self, vm: &mut Vm, amount: Option<Amount>) -> PyResult<i64> {
        if amount != Some(Amount::Star) {
            return Ok(0);
        }
        let v = self.take(vm)?;
        match bigint::operand(vm, v) {
            Some(i) => match i.as_int() {
                Some(i) => Ok(i),
                None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
            },
            None => Err(raise(vm, &PercentError::StarWantsInt)),
        }
    }

    fn convert(
        &mut self,
        vm: &mut Vm,
        out: &mut Vec<u8>,
        template: &[u8],
        spec: &PercentSpec,
    ) -> PyResult<()> {
        if let (Some(key), Some(mapping)) = (spec.key, self.mapping) {
            self.look_up(vm, mapping, key)?;
        }
        let width = self.star(vm, spec.width)?;
        let precision = self.star(vm, spec.precision)?;
        let field = spec.resolve(width, precision).map_err(|e| raise(vm, &e))?;
        let code = u8::try_from(spec.conversion).unwrap_or(0);
        if code == b'%' {
            out.push(b'%');
            return Ok(());
        }
        let v = self.take(vm)?;
        match (code, self.subject) {
            (b'd' | b'i' | b'u' | b'o' | b'x' | b'X', _) => push_integer(vm, out, v, &field),
            (b'e' | b'E' | b'f' | b'F' | b'g' | b'G', subject) => push_float(vm, out, v, &field, subject),
            (b's' | b'r' | b'a', Subject::Str) => push_text(vm, out, v, &field),
            (b'c', Subject::Str) => push_char(vm, out, v, &field),
            (b's' | b'b', Subject::Bytes) => push_bytes(vm, out, v, &field),
            (b'r' | b'a', Subject::Bytes) => {
                let s = hoop_protocol::protocol::ascii(vm, v)?;
                percent::push_bytes(out, str_bytes(s), &field);
                Ok(())
            }
            (b'c', Subject::Bytes) => push_byte(vm, out, v, &field),
            _ => Err(raise(vm, &spec.unsupported(template, self.subject))),
        }
    }
}

fn push_text(vm: &mut Vm, out: &mut Vec<u8>, v: Value, field: &Field) -> PyResult<()> {
    if field.width == 0 && field.precision.is_none() && field.conversion == b's' {
        return format::push_str_of(vm, out, v);
    }
    let s = match field.conversion {
        b'r' => protocol::repr(vm, v)?,
        b'a' => hoop_protocol::protocol::ascii(vm, v)?,
        _ => protocol::to_str(vm, v)?,
    };
    percent::push_text(out, str_bytes(s), field);
    Ok(())
}

fn push_integer(vm: &mut Vm, out: &mut Vec<u8>, v: Value, field: &Field) -> PyResult<()> {
    let code = field.conversion;
    let hex = matches!(code, b'x' | b'X' | b'o');
    if let Some(n) = v.as_int() {
        percent::push_int(out, &n, field);
        return Ok(());
    }
    let i = match bigint::operand(vm, v) {
        Some(i) => i,
        None => match integer_of(vm, v, hex) {
            Ok(i) => i,
            Err(raised) => {
                let class = vm.types.type_error;
                if vm.catch(class).is_none() {
                    return Err(raised);
                }
                let type_name = vm.class_name(v);
                let error = match hex {
                    true => PercentError::NeedsInteger { code, type_name },
                    false => PercentError::NeedsReal { code, type_name },
                };
                return Err(raise(vm, &error));
            }
        },
    };
    if !hex && !i.is_int() {
        // Only for its check of the number of digits.
        int::int_decimal(vm, i)?;
    }
    percent::push_int(out, &IntText(i), field);
    Ok(())
}

/// A number that is no int as an int; TypeError if it is no number.
fn integer_of(vm: &mut Vm, v: Value, index_only: bool) -> PyResult {
    let inner = vm.unwrap(v);
    if index_only || matches!(vm.kind(inner), Kind::Str | Kind::Bytes | Kind::ByteArray) {
        return protocol::index_value(vm, v);
    }
    int::to_int(vm, v)
}

fn push_float(vm: &mut Vm, out: &mut Vec<u8>, v: Value, field: &Field, subject: Subject) -> PyResult<()> {
    if let Some(x) = float_of(v) {
        percent::push_float(out, x, field);
        return Ok(());
    }
    let x = match float::real_number(vm, v) {
        Ok(x) => x,
        Err(raised) => {
            let class = vm.types.type_error;
            if subject == Subject::Str || vm.catch(class).is_none() {
                return Err(raised);
            }
            let type_name = vm.class_name(v);
            return Err(raise(vm, &PercentError::NeedsFloat { subject, type_name }));
        }
    };
    percent::push_float(out, x, field);
    Ok(())
}

fn push_char(vm: &mut Vm, out: &mut Vec<u8>, v: Value, field: &Field) -> PyResult<()> {
    let inner = vm.unwrap(v);
    if vm.kind(inner) == Kind::Str {
        if str_len(inner) != 1 {
            let type_name = vm.class_name(v);
            let error = PercentError::CharLength { subject: Subject::Str, length: str_len(inner), type_name };
            return Err(raise(vm, &error));
        }
        percent::push_char(out, wtf8::decode_at(str_bytes(inner), 0).0, field);
        return Ok(());
    }
    if !subscript::has_index(vm, v) && bigint::operand(vm, v).is_none() {
        let type_name = vm.class_name(v);
        return Err(raise(vm, &PercentError::CharType { subject: Subject::Str, type_name }));
    }
    let code = protocol::index_clamped(vm, v)?;
    match u32::try_from(code) {
        Ok(cp) if cp <= 0x10FFFF => {
            percent::push_char(out, cp, field);
            Ok(())
        }
        _ => Err(raise(vm, &PercentError::CharRange(Subject::Str))),
    }
}

fn push_bytes(vm: &mut Vm, out: &mut Vec<u8>, v: Value, field: &Field) -> PyResult<()> {
    let inner = vm.unwrap(v);
    match vm.kind(inner) {
        Kind::Bytes => percent::push_bytes(out, bytes_data(inner), field),
        Kind::ByteArray => percent::push_bytes(out, bytearray_data(inner), field),
        _ => match construct::by_bytes_method(vm, v)? {
            Some(b) => percent::push_bytes(out, bytes_data(b), field),
            None => {
                let type_name = vm.class_name(v);
                return Err(raise(vm, &PercentError::NeedsBytes { type_name }));
            }
        },
    }
    Ok(())
}

fn push_byte(vm: &mut Vm, out: &mut Vec<u8>, v: Value, field: &Field) -> PyResult<()> {
    let inner = vm.unwrap(v);
    let data: &[u8] = match vm.kind(inner) {
        Kind::Bytes => bytes_data(inner),
        Kind::ByteArray => bytearray_data(inner),
        _ if subscript::has_index(vm, v) || bigint::operand(vm, v).is_some() => {
            let code = protocol::index_clamped(vm, v)?;
            let Ok(byte) = u8::try_from(code) else {
                return Err(raise(vm, &PercentError::CharRange(Subject::Bytes)));
            };
            percent::push_byte(out, byte, field);
            return Ok(());
        }
        _ => {
            let type_name = vm.class_name(v);
            return Err(raise(vm, &PercentError::CharType { subject: Subject::Bytes, type_name }));
        }
    };
    if let [byte] = data {
        percent::push_byte(out, *byte, field);
        return Ok(());
    }
    let type_name = vm.class_name(v);
    let error = PercentError::CharLength { subject: Subject::Bytes, length: data.len(), type_name };
    Err(raise(vm, &error))
}
