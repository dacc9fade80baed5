//! Applying a specification to a value of each type.

use super::layout::{Written, finish_number, pad, push_sign};
use super::parse::{Align, FormatSpec, Kind, Sign, parse};
use super::{FormatError, Integer};
use crate::float::{Layout, push_float_text, push_repr_float};
use crate::wtf8;

fn unknown<T>(code: u32, type_name: &str) -> Result<T, FormatError> {
    Err(FormatError::UnknownCode { code, type_name: type_name.into() })
}

/// The type letter as a byte; letters beyond ASCII become one that no type has.
fn letter(spec: &FormatSpec) -> u8 {
    u8::try_from(spec.code).ok().filter(u8::is_ascii).unwrap_or(b'?')
}

/// Refuses widths and precisions that memory cannot hold (the fill may take four bytes).
fn check_memory(spec: &FormatSpec) -> Result<(), FormatError> {
    let size = spec.width.unwrap_or(0).saturating_add(spec.precision.unwrap_or(0)).saturating_mul(4);
    if crate::seq::may_allocate(size) { Ok(()) } else { Err(FormatError::Memory) }
}

/// Appends `format(value, spec)` of a `str`.
pub fn format_str(out: &mut Vec<u8>, value: &[u8], spec: &[u8], type_name: &str) -> Result<(), FormatError> {
    if spec.is_empty() {
        out.extend_from_slice(value);
        return Ok(());
    }
    let spec = parse(spec, Kind::Str, type_name)?;
    if spec.code != u32::from(b's') {
        return unknown(spec.code, type_name);
    }
    match spec.sign {
        Some(Sign::Space) => return Err(FormatError::StrSpace),
        Some(_) => return Err(FormatError::StrSign),
        None => {}
    }
    if spec.coerce_zero {
        return Err(FormatError::StrNegativeZero);
    }
    if spec.alternate {
        return Err(FormatError::StrAlternate);
    }
    if spec.align == Align::AfterSign {
        return Err(FormatError::StrEquals);
    }
    if !crate::seq::may_allocate(spec.width.unwrap_or(0).saturating_mul(4)) {
        return Err(FormatError::Memory);
    }
    let shown = match spec.precision {
        Some(n) => &value[..wtf8::byte_offset(value, n).unwrap_or(value.len())],
        None => value,
    };
    pad(out, shown, wtf8::count(shown), spec.fill, spec.align, spec.width);
    Ok(())
}

/// Appends `format(value, spec)` of an `int`.
pub fn format_int<I: Integer + ?Sized>(
    out: &mut Vec<u8>,
    value: &I,
    spec: &[u8],
    type_name: &str,
) -> Result<(), FormatError> {
    if matches!(spec, b"" | b"d") {
        value.push_decimal(out);
        return Ok(());
    }
    let spec = parse(spec, Kind::Int, type_name)?;
    match letter(&spec) {
        b'd' | b'n' => int_in_radix(out, value, &spec, 10, ""),
        b'x' => int_in_radix(out, value, &spec, 16, "0x"),
        b'X' => int_in_radix(out, value, &spec, 16, "0X"),
        b'o' => int_in_radix(out, value, &spec, 8, "0o"),
        b'b' => int_in_radix(out, value, &spec, 2, "0b"),
        b'c' => int_as_char(out, value, &spec),
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%' => {
            let x = value.to_f64().ok_or(FormatError::IntTooLarge)?;
            apply_float(out, x, &spec)
        }
        _ => unknown(spec.code, type_name),
    }
}

fn check_int(spec: &FormatSpec) -> Result<(), FormatError> {
    if spec.precision.is_some() {
        return Err(FormatError::IntPrecision);
    }
    if spec.coerce_zero {
        return Err(FormatError::IntNegativeZero);
    }
    check_memory(spec)
}

fn int_in_radix<I: Integer + ?Sized>(
    out: &mut Vec<u8>,
    value: &I,
    spec: &FormatSpec,
    radix: u32,
    prefix: &str,
) -> Result<(), FormatError> {
    check_int(spec)?;
    let start = out.len();
    push_sign(out, value.is_negative(), spec.sign);
    if spec.alternate {
        out.extend_from_slice(prefix.as_bytes());
    }
    let digits = out.len();
    value.push_digits(out, radix);
    if spec.code == u32::from(b'X') {
        out[digits..].make_ascii_uppercase();
    }
    let group = if radix == 10 { 3 } else { 4 };
    finish_number(out, &Written { start, digits, integer: true, group }, spec);
    Ok(())
}

fn int_as_char<I: Integer + ?Sized>(
    out: &mut Vec<u8>,
    value: &I,
    spec: &FormatSpec,
) -> Result<(), FormatError> {
    check_int(spec)?;
    if spec.sign.is_some() {
        return Err(FormatError::CharSign);
    }
    if spec.alternate {
        return Err(FormatError::CharAlternate);
    }
    let n = value.to_i64().ok_or(FormatError::CharTooLarge)?;
    let cp = u32::try_from(n).ok().filter(|&cp| cp <= 0x10ffff).ok_or(FormatError::CharRange)?;
    let (bytes, len) = wtf8::encode(cp);
    pad(out, &bytes[..len], 1, spec.fill, char_align(spec), spec.width);
    Ok(())
}

/// `=` and `0` pad a character on its left.
fn char_align(spec: &FormatSpec) -> Align {
    if spec.align == Align::AfterSign { Align::Right } else { spec.align }
}

/// Appends `format(value, spec)` of a `float`.
pub fn format_float(out: &mut Vec<u8>, value: f64, spec: &[u8], type_name: &str) -> Result<(), FormatError> {
    match spec {
        b"" => {
            push_repr_float(out, value);
            return Ok(());
        }
        [b'.', precision @ b'0'..=b'9', b'f'] => {
            push_float_text(out, value, b'f', (precision - b'0') as usize, Layout::default());
            return Ok(());
        }
        _ => {}
    }
    let spec = parse(spec, Kind::Float, type_name)?;
    match letter(&spec) {
        0 | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'n' | b'%' => apply_float(out, value, &spec),
        _ => unknown(spec.code, type_name),
    }
}

/// Conversion letter, precision and layout that a specification means for a float.
struct Conversion {
    code: u8,
    precision: usize,
    layout: Layout,
}

/// `dotted`: a value without type letter shows `.0` (floats do, parts of complex numbers do not).
fn conversion(spec: &FormatSpec, dotted: bool) -> Result<Conversion, FormatError> {
    let letter = letter(spec);
    let mut code = letter.to_ascii_lowercase();
    let mut default_precision = 6;
    let mut layout = Layout { alternate: spec.alternate, ..Layout::default() };
    layout.upper = letter.is_ascii_uppercase();
    match code {
        0 => {
            code = b'r';
            layout.add_dot_zero = dotted;
            default_precision = 0;
        }
        b'n' => code = b'g',
        b'%' => code = b'f',
        _ => {}
    }
    if spec.precision.is_some_and(|p| p > i32::MAX as usize) {
        return Err(FormatError::PrecisionTooBig);
    }
    check_memory(spec)?;
    if spec.precision.is_some() && code == b'r' {
        code = b'g';
    }
    Ok(Conversion { code, precision: spec.precision.unwrap_or(default_precision), layout })
}

/// Appends a float as the conversion and the rest of `spec` ask; `percent` goes behind it.
fn push_float(out: &mut Vec<u8>, x: f64, conversion: &Conversion, spec: &FormatSpec, percent: bool) {
    let start = out.len();
    push_float_text(out, x, conversion.code, conversion.precision, conversion.layout);
    let mut signed = out[start..].starts_with(b"-");
    if signed && spec.coerce_zero && shows_zero(&out[start + 1..]) {
        out.remove(start);
        signed = false;
    }
    if !signed && matches!(spec.sign, Some(Sign::Plus | Sign::Space)) {
        out.push(0);
        out[start..].rotate_right(1);
        out[start] = if spec.sign == Some(Sign::Plus) { b'+' } else { b' ' };
        signed = true;
    }
    if percent {
        out.push(b'%');
    }
    let digits = start + usize::from(signed);
    finish_number(out, &Written { start, digits, integer: false, group: 3 }, spec);
}

/// The text of a finite number has no other digit than 0 before its exponent.
fn shows_zero(text: &[u8]) -> bool {
    let mantissa = text.split(|b| matches!(b, b'e' | b'E')).next().unwrap_or_default();
    mantissa.iter().all(|b| matches!(b, b'0' | b'.'))
}

fn apply_float(out: &mut Vec<u8>, value: f64, spec: &FormatSpec) -> Result<(), FormatError> {
    let percent = spec.code == u32::from(b'%');
    let conversion = conversion(spec, true)?;
    let x = if percent { value * 100.0 } else { value };
    push_float(out, x, &conversion, spec, percent);
    Ok(())
}

/// Appends `format(complex(re, im), spec)`.
pub fn format_complex(
    out: &mut Vec<u8>,
    re: f64,
    im: f64,
    spec: &[u8],
    type_name: &str,
) -> Result<(), FormatError> {
    if spec.is_empty() {
        out.extend_from_slice(crate::complex::repr_complex(re, im).as_bytes());
        return Ok(());
    }
    let spec = parse(spec, Kind::Float, type_name)?;
    if !matches!(letter(&spec), 0 | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'n') {
        return unknown(spec.code, type_name);
    }
    if spec.fill == u32::from(b'0') {
        return Err(FormatError::ComplexZeroPadding);
    }
    if spec.align == Align::AfterSign {
        return Err(FormatError::ComplexEquals);
    }
    let conversion = conversion(&spec, false)?;
    let bare = FormatSpec { width: None, ..spec.clone() };
    let no_type = spec.code == 0;
    let only_imag = no_type && re == 0.0 && re.is_sign_positive();
    let mut text = Vec::new();
    if no_type && !only_imag {
        text.push(b'(');
    }
    if !only_imag {
        push_float(&mut text, re, &conversion, &bare, false);
    }
    let sign = if only_imag { spec.sign } else { Some(Sign::Plus) };
    push_float(&mut text, im, &conversion, &FormatSpec { sign, ..bare }, false);
    text.push(b'j');
    if no_type && !only_imag {
        text.push(b')');
    }
    pad(out, &text, text.len(), spec.fill, spec.align, spec.width);
    Ok(())
}
