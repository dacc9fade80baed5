//! Float to text: `repr` and the conversions `e f g r %` that format specs and `%` share.

use std::io::Write;

/// The shortest decimal digits that read back as `x` (finite, sign ignored), and the position of the decimal
/// point: the value is `0.d1d2d3... * 10^point`. Zero gives the digit `0` with point 1.
pub fn shortest_digits(x: f64, digits: &mut [u8; 20]) -> (usize, i32) {
    if x == 0.0 {
        digits[0] = b'0';
        return (1, 1);
    }
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(x.abs()).as_bytes();
    let (mantissa, exponent) = match text.iter().position(|&b| b == b'e') {
        Some(e) => (&text[..e], small_int(&text[e + 1..])),
        None => (text, 0),
    };
    let mut len = 0;
    let mut point = None;
    for &b in mantissa {
        if b == b'.' {
            point = Some(len as i32);
        } else if len > 0 || b != b'0' {
            digits[len] = b;
            len += 1;
        } else {
            point = point.map(|p| p - 1);
        }
    }
    let point = point.unwrap_or(len as i32) + exponent;
    while len > 1 && digits[len - 1] == b'0' {
        len -= 1;
    }
    (len, point)
}

fn small_int(text: &[u8]) -> i32 {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let n = digits.iter().fold(0, |n, &b| n * 10 + i32::from(b - b'0'));
    if negative { -n } else { n }
}

/// `repr(x)`.
pub fn repr_float(x: f64) -> String {
    let mut out = Vec::with_capacity(24);
    push_repr_float(&mut out, x);
    text_of(out)
}

/// Digits, signs and letters are ASCII.
fn text_of(out: Vec<u8>) -> String {
    String::from_utf8(out).unwrap_or_default()
}

/// Appends `repr(x)`.
pub fn push_repr_float(out: &mut Vec<u8>, x: f64) {
    let magnitude = x.abs();
    if (1e-4..1e16).contains(&magnitude) {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(x);
        if !text.contains('e') {
            return out.extend_from_slice(text.as_bytes());
        }
    }
    push_repr(out, x, Layout { add_dot_zero: true, ..Layout::default() });
}

/// Details of how a float is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// `#`: keep the decimal point and trailing zeros.
    pub alternate: bool,
    /// `.0` after an integral value (`repr`).
    pub add_dot_zero: bool,
    /// Write `E`, `INF`, `NAN`.
    pub upper: bool,
}

/// The layout shared by `repr` and its relatives: exponent form outside 1e-4 .. 1e16.
fn push_repr(out: &mut Vec<u8>, x: f64, layout: Layout) {
    if push_non_finite(out, x, layout.upper) {
        return;
    }
    if x.is_sign_negative() {
        out.push(b'-');
    }
    let mut digits = [0; 20];
    let (len, point) = shortest_digits(x, &mut digits);
    push_general(out, &digits[..len], point, 16, layout);
}

/// Lays out `0.digits * 10^point`: plain if `-4 < point <= limit`, else with an exponent.
fn push_general(out: &mut Vec<u8>, digits: &[u8], point: i32, limit: i32, layout: Layout) {
    let len = digits.len() as i32;
    if -4 < point && point <= limit {
        if point <= 0 {
            out.extend_from_slice(b"0.");
            push_zeros(out, -point as usize);
            out.extend_from_slice(digits);
        } else if len <= point {
            out.extend_from_slice(digits);
            push_zeros(out, (point - len) as usize);
            if layout.add_dot_zero {
                out.extend_from_slice(b".0");
            } else if layout.alternate {
                out.push(b'.');
            }
        } else {
            let (whole, fraction) = digits.split_at(point as usize);
            out.extend_from_slice(whole);
            out.push(b'.');
            out.extend_from_slice(fraction);
        }
        return;
    }
    let (first, rest) = digits.split_at(1);
    out.extend_from_slice(first);
    if !rest.is_empty() || layout.alternate {
        out.push(b'.');
    }
    out.extend_from_slice(rest);
    push_exponent(out, point - 1, layout.upper);
}

/// At least two digits, as in `e-05`.
fn push_exponent(out: &mut Vec<u8>, exponent: i32, upper: bool) {
    out.push(if upper { b'E' } else { b'e' });
    out.push(if exponent < 0 { b'-' } else { b'+' });
    let size = exponent.unsigned_abs();
    if size < 10 {
        out.push(b'0');
    }
    out.extend_from_slice(itoa::Buffer::new().format(size).as_bytes());
}

fn push_zeros(out: &mut Vec<u8>, n: usize) {
    out.resize(out.len() + n, b'0');
}

/// Writes `inf` or `nan`; false if `x` is finite. The sign of a NaN is not shown.
fn push_non_finite(out: &mut Vec<u8>, x: f64, upper: bool) -> bool {
    let text = match (x.is_nan(), x.is_infinite(), upper) {
        (true, _, false) => "nan",
        (true, _, true) => "NAN",
        (_, true, false) => "inf",
        (_, true, true) => "INF",
        _ => return false,
    };
    if x.is_infinite() && x < 0.0 {
        out.push(b'-');
    }
    out.extend_from_slice(text.as_bytes());
    true
}

/// More significant digits than any double has; past them there are only zeros.
const ALL_DIGITS: usize = 1100;

/// `x` in the conversion `code` (`e`, `f`, `g`, `r`; upper case by `layout.upper`) with a sign only if negative.
/// `precision` counts decimals for `e` and `f`, significant digits for `g`; `r` ignores it.
pub fn format_float_text(x: f64, code: u8, precision: usize, layout: Layout) -> String {
    let mut out = Vec::with_capacity(32);
    push_float_text(&mut out, x, code, precision, layout);
    text_of(out)
}

/// Appends what [`format_float_text`] gives.
pub fn push_float_text(out: &mut Vec<u8>, x: f64, code: u8, precision: usize, layout: Layout) {
    if code == b'r' {
        return push_repr(out, x, layout);
    }
    if push_non_finite(out, x, layout.upper) {
        return;
    }
    match code {
        b'e' => push_scientific(out, x, precision, layout),
        b'f' => push_fixed(out, x, precision, layout),
        _ => push_g(out, x, precision, layout),
    }
}

/// Decimal digits of a float: few of them, or many.
struct Digits {
    few: [u8; 20],
    many: Vec<u8>,
    len: usize,
}

impl Digits {
    fn as_slice(&self) -> &[u8] {
        if self.many.is_empty() { &self.few[..self.len] } else { &self.many[..self.len] }
    }
}

/// The first `wanted` significant digits of `|x|`, correctly rounded, as in [`shortest_digits`]; trailing zeros
/// may be missing.
///
/// Up to 15 digits the shortest digits decide: they can be padded, because no other decimal of that length is as
/// near; and they can be rounded, because a tie lies between them and `x` only if they are that tie themselves
/// (it would be a shorter or nearer text for `x` otherwise). In that one case, and for more digits, the exact
/// value is asked.
fn significant_digits(x: f64, wanted: usize) -> (Digits, i32) {
    let mut digits = Digits { few: [0; 20], many: Vec::new(), len: 0 };
    if wanted <= 15 && (x == 0.0 || x.abs() > 1e-290) {
        let (len, point) = shortest_digits(x, &mut digits.few);
        digits.len = len.min(wanted);
        if len <= wanted {
            return (digits, point);
        }
        if len != wanted + 1 || digits.few[wanted] != b'5' {
            let carry = digits.few[wanted] >= b'5' && round_up(&mut digits.few[..wanted]);
            return (digits, point + i32::from(carry));
        }
    }
    let decimals = (wanted - 1).min(ALL_DIGITS);
    let text = format!("{:.decimals$e}", x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    digits.many = mantissa.bytes().filter(|&b| b != b'.').collect();
    digits.len = digits.many.len();
    (digits, small_int(exponent.as_bytes()) + 1)
}

/// Adds one to the last digit. True if that made a digit more: then they read `100...`, one less than there are.
fn round_up(digits: &mut [u8]) -> bool {
    for d in digits.iter_mut().rev() {
        if *d != b'9' {
            *d += 1;
            return false;
        }
        *d = b'0';
    }
    digits[0] = b'1';
    true
}

fn push_scientific(out: &mut Vec<u8>, x: f64, precision: usize, layout: Layout) {
    let (digits, point) = significant_digits(x, precision.saturating_add(1));
    if x.is_sign_negative() {
        out.push(b'-');
    }
    let (first, rest) = digits.as_slice().split_at(1);
    out.extend_from_slice(first);
    if precision > 0 || layout.alternate {
        out.push(b'.');
    }
    out.extend_from_slice(rest);
    push_zeros(out, precision - rest.len());
    push_exponent(out, point - 1, layout.upper);
}

fn push_fixed(out: &mut Vec<u8>, x: f64, precision: usize, layout: Layout) {
    match super::round::scaled_integer(x, precision) {
        Some(q) => push_scaled(out, x.is_sign_negative(), q, precision),
        None => {
            let shown = precision.min(ALL_DIGITS);
            let _ = write!(out, "{x:.shown$}");
            push_zeros(out, precision - shown);
        }
    }
    if precision == 0 && layout.alternate {
        out.push(b'.');
    }
}

/// Writes `q / 10^precision`.
fn push_scaled(out: &mut Vec<u8>, negative: bool, q: u128, precision: usize) {
    if negative {
        out.push(b'-');
    }
    let mut buffer = itoa::Buffer::new();
    let digits = match u64::try_from(q) {
        Ok(small) => buffer.format(small),
        Err(_) => buffer.format(q),
    };
    let digits = digits.as_bytes();
    if precision == 0 {
        return out.extend_from_slice(digits);
    }
    if digits.len() <= precision {
        out.extend_from_slice(b"0.");
        push_zeros(out, precision - digits.len());
        return out.extend_from_slice(digits);
    }
    let (whole, fraction) = digits.split_at(digits.len() - precision);
    out.extend_from_slice(whole);
    out.push(b'.');
    out.extend_from_slice(fraction);
}

fn push_g(out: &mut Vec<u8>, x: f64, precision: usize, layout: Layout) {
    let precision = precision.max(1);
    if x.is_sign_negative() {
        out.push(b'-');
    }
    let (digits, point) = significant_digits(x, precision);
    let digits = digits.as_slice();
    let limit = i32::try_from(precision).unwrap_or(i32::MAX) - i32::from(layout.add_dot_zero);
    if layout.alternate {
        let mut padded = digits.to_vec();
        padded.resize(precision, b'0');
        return push_general(out, &padded, point, limit, layout);
    }
    let kept = digits.iter().rposition(|&b| b != b'0').map_or(1, |i| i + 1);
    push_general(out, &digits[..kept], point, limit, layout);
}
