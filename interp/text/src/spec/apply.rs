//! Applying a specification to a value of each type.

use super::layout::{Body, pad, push_number};
use super::parse::{Align, FormatSpec, Kind, Sign, parse};
use super::{FormatError, Integer};
use crate::float::{Layout, format_float_text, push_repr_float};
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

/// `format(value, spec)` of a `str`.
pub fn format_str(value: &[u8], spec: &[u8], type_name: &str) -> Result<Vec<u8>, FormatError> {
    if spec.is_empty() {
        return Ok(value.to_vec());
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
    let mut out = Vec::with_capacity(shown.len());
    pad(&mut out, shown, wtf8::count(shown), spec.fill, spec.align, spec.width);
    Ok(out)
}

/// `format(value, spec)` of an `int`.
pub fn format_int<I: Integer + ?Sized>(
    value: &I,
    spec: &[u8],
    type_name: &str,
) -> Result<Vec<u8>, FormatError> {
    if matches!(spec, b"" | b"d") {
        let mut out = Vec::with_capacity(20);
        value.push_decimal(&mut out);
        return Ok(out);
    }
    let spec = parse(spec, Kind::Int, type_name)?;
    match letter(&spec) {
        b'd' | b'n' => int_in_radix(value, &spec, 10, ""),
        b'x' => int_in_radix(value, &spec, 16, "0x"),
        b'X' => int_in_radix(value, &spec, 16, "0X"),
        b'o' => int_in_radix(value, &spec, 8, "0o"),
        b'b' => int_in_radix(value, &spec, 2, "0b"),
        b'c' => int_as_char(value, &spec),
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%' => {
            let x = value.to_f64().ok_or(FormatError::IntTooLarge)?;
            apply_float(x, &spec)
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
    value: &I,
    spec: &FormatSpec,
    radix: u32,
    prefix: &str,
) -> Result<Vec<u8>, FormatError> {
    check_int(spec)?;
    let mut digits = value.digits(radix);
    if spec.code == u32::from(b'X') {
        digits.make_ascii_uppercase();
    }
    let body = Body {
        negative: value.is_negative(),
        integer: true,
        prefix: if spec.alternate { prefix } else { "" },
        text: &digits,
        group: if radix == 10 { 3 } else { 4 },
    };
    let mut out = Vec::new();
    push_number(&mut out, &body, spec);
    Ok(out)
}

fn int_as_char<I: Integer + ?Sized>(value: &I, spec: &FormatSpec) -> Result<Vec<u8>, FormatError> {
    check_int(spec)?;
    if spec.sign.is_some() {
        return Err(FormatError::CharSign);
    }
    if spec.alternate {
        return Err(FormatError::CharAlternate);
    }
    let n = value.to_i64().ok_or(FormatError::CharTooLarge)?;
    let cp = u32::try_from(n).ok().filter(|&cp| cp <= 0x10ffff).ok_or(FormatError::CharRange)?;
    let mut out = Vec::new();
    pad(&mut out, &wtf8::encode_vec(cp), 1, spec.fill, char_align(spec), spec.width);
    Ok(out)
}

/// `=` and `0` pad a character on its left.
fn char_align(spec: &FormatSpec) -> Align {
    if spec.align == Align::AfterSign { Align::Right } else { spec.align }
}

/// `format(value, spec)` of a `float`.
pub fn format_float(value: f64, spec: &[u8], type_name: &str) -> Result<Vec<u8>, FormatError> {
    match spec {
        b"" => {
            let mut out = String::with_capacity(24);
            push_repr_float(&mut out, value);
            return Ok(out.into_bytes());
        }
        [b'.', precision @ b'0'..=b'9', b'f'] => {
            let precision = (precision - b'0') as usize;
            return Ok(format_float_text(value, b'f', precision, Layout::default()).into_bytes());
        }
        _ => {}
    }
    let spec = parse(spec, Kind::Float, type_name)?;
    match letter(&spec) {
        0 | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'n' | b'%' => apply_float(value, &spec),
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

/// The text of a float without its sign, and whether it is negative.
fn float_body(x: f64, conversion: &Conversion, coerce_zero: bool) -> (bool, String) {
    let mut text = format_float_text(x, conversion.code, conversion.precision, conversion.layout);
    let mut negative = text.starts_with('-');
    if negative {
        text.remove(0);
    }
    if negative && coerce_zero {
        let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
        negative = x.is_infinite() || mantissa.bytes().any(|b| matches!(b, b'1'..=b'9'));
    }
    (negative, text)
}

fn apply_float(value: f64, spec: &FormatSpec) -> Result<Vec<u8>, FormatError> {
    let percent = spec.code == u32::from(b'%');
    let conversion = conversion(spec, true)?;
    let x = if percent { value * 100.0 } else { value };
    let (negative, mut text) = float_body(x, &conversion, spec.coerce_zero);
    if percent {
        text.push('%');
    }
    let mut out = Vec::new();
    push_number(&mut out, &Body { negative, integer: false, prefix: "", text: &text, group: 3 }, spec);
    Ok(out)
}

/// `format(complex(re, im), spec)`.
pub fn format_complex(re: f64, im: f64, spec: &[u8], type_name: &str) -> Result<Vec<u8>, FormatError> {
    if spec.is_empty() {
        return Ok(crate::complex::repr_complex(re, im).into_bytes());
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
        push_part(&mut text, re, &conversion, &bare);
    }
    let sign = if only_imag { spec.sign } else { Some(Sign::Plus) };
    push_part(&mut text, im, &conversion, &FormatSpec { sign, ..bare });
    text.push(b'j');
    if no_type && !only_imag {
        text.push(b')');
    }
    let mut out = Vec::new();
    pad(&mut out, &text, text.len(), spec.fill, spec.align, spec.width);
    Ok(out)
}

fn push_part(out: &mut Vec<u8>, x: f64, conversion: &Conversion, spec: &FormatSpec) {
    let (negative, text) = float_body(x, conversion, spec.coerce_zero);
    push_number(out, &Body { negative, integer: false, prefix: "", text: &text, group: 3 }, spec);
}
