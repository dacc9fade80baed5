//! Float to text: `repr` and the conversions `e f g r %` that format specs and `%` share.

use std::fmt::Write;

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
    let mut out = String::with_capacity(24);
    push_repr_float(&mut out, x);
    out
}

/// Appends `repr(x)`.
pub fn push_repr_float(out: &mut String, x: f64) {
    let magnitude = x.abs();
    if (1e-4..1e16).contains(&magnitude) {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(x);
        if !text.contains('e') {
            return out.push_str(text);
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
fn push_repr(out: &mut String, x: f64, layout: Layout) {
    if push_non_finite(out, x, layout.upper) {
        return;
    }
    if x.is_sign_negative() {
        out.push('-');
    }
    let mut digits = [0; 20];
    let (len, point) = shortest_digits(x, &mut digits);
    push_general(out, &digits[..len], point, 16, layout);
}

/// Lays out `0.digits * 10^point`: plain if `-4 < point <= limit`, else with an exponent.
fn push_general(out: &mut String, digits: &[u8], point: i32, limit: i32, layout: Layout) {
    let text = std::str::from_utf8(digits).unwrap_or("0");
    let len = digits.len() as i32;
    if -4 < point && point <= limit {
        if point <= 0 {
            out.push_str("0.");
            push_zeros(out, -point as usize);
            out.push_str(text);
        } else if len <= point {
            out.push_str(text);
            push_zeros(out, (point - len) as usize);
            if layout.add_dot_zero {
                out.push_str(".0");
            } else if layout.alternate {
                out.push('.');
            }
        } else {
            let (whole, fraction) = text.split_at(point as usize);
            out.push_str(whole);
            out.push('.');
            out.push_str(fraction);
        }
        return;
    }
    let (first, rest) = text.split_at(1);
    out.push_str(first);
    if !rest.is_empty() || layout.alternate {
        out.push('.');
    }
    out.push_str(rest);
    push_exponent(out, point - 1, layout.upper);
}

fn push_exponent(out: &mut String, exponent: i32, upper: bool) {
    out.push(if upper { 'E' } else { 'e' });
    out.push(if exponent < 0 { '-' } else { '+' });
    let _ = write!(out, "{:02}", exponent.unsigned_abs());
}

fn push_zeros(out: &mut String, n: usize) {
    out.extend(std::iter::repeat_n('0', n));
}

/// Writes `inf` or `nan`; false if `x` is finite. The sign of a NaN is not shown.
fn push_non_finite(out: &mut String, x: f64, upper: bool) -> bool {
    let text = match (x.is_nan(), x.is_infinite(), upper) {
        (true, _, false) => "nan",
        (true, _, true) => "NAN",
        (_, true, false) => "inf",
        (_, true, true) => "INF",
        _ => return false,
    };
    if x.is_infinite() && x < 0.0 {
        out.push('-');
    }
    out.push_str(text);
    true
}

/// More significant digits than any double has; past them there are only zeros.
const ALL_DIGITS: usize = 1100;

/// `x` in the conversion `code` (`e`, `f`, `g`, `r`; upper case by `layout.upper`) with a sign only if negative.
/// `precision` counts decimals for `e` and `f`, significant digits for `g`; `r` ignores it.
pub fn format_float_text(x: f64, code: u8, precision: usize, layout: Layout) -> String {
    let mut out = String::with_capacity(32);
    if code == b'r' {
        push_repr(&mut out, x, layout);
        return out;
    }
    if push_non_finite(&mut out, x, layout.upper) {
        return out;
    }
    match code {
        b'e' => push_scientific(&mut out, x, precision, layout),
        b'f' => push_fixed(&mut out, x, precision, layout),
        _ => push_g(&mut out, x, precision, layout),
    }
    out
}

/// The first `wanted` significant digits of `|x|`, correctly rounded, as in [`shortest_digits`]; trailing zeros
/// may be missing.
///
/// Up to 15 digits the shortest digits decide: they can be padded, because no other decimal of that length is as
/// near; and they can be rounded, because a tie lies between them and `x` only if they are that tie themselves
/// (it would be a shorter or nearer text for `x` otherwise). In that one case, and for more digits, the exact
/// value is asked.
fn significant_digits(x: f64, wanted: usize) -> (Vec<u8>, i32) {
    if wanted <= 15 && (x == 0.0 || x.abs() > 1e-290) {
        let mut digits = [0; 20];
        let (len, point) = shortest_digits(x, &mut digits);
        if len <= wanted {
            return (digits[..len].to_vec(), point);
        }
        if len != wanted + 1 || digits[wanted] != b'5' {
            return rounded(&digits[..len], wanted, point);
        }
    }
    let decimals = (wanted - 1).min(ALL_DIGITS);
    let text = format!("{:.decimals$e}", x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = mantissa.bytes().filter(|&b| b != b'.').collect();
    (digits, small_int(exponent.as_bytes()) + 1)
}

/// Cuts digits that are not a tie to `wanted` of them.
fn rounded(digits: &[u8], wanted: usize, point: i32) -> (Vec<u8>, i32) {
    let mut out = digits[..wanted].to_vec();
    if digits[wanted] < b'5' {
        return (out, point);
    }
    for d in out.iter_mut().rev() {
        if *d != b'9' {
            *d += 1;
            return (out, point);
        }
        *d = b'0';
    }
    out[0] = b'1';
    (out, point + 1)
}

fn push_scientific(out: &mut String, x: f64, precision: usize, layout: Layout) {
    let (digits, point) = significant_digits(x, precision.saturating_add(1));
    let text = std::str::from_utf8(&digits).unwrap_or("0");
    if x.is_sign_negative() {
        out.push('-');
    }
    let (first, rest) = text.split_at(1);
    out.push_str(first);
    if precision > 0 || layout.alternate {
        out.push('.');
    }
    out.push_str(rest);
    push_zeros(out, precision - rest.len());
    push_exponent(out, point - 1, layout.upper);
}

fn push_fixed(out: &mut String, x: f64, precision: usize, layout: Layout) {
    match super::round::scaled_integer(x, precision) {
        Some(q) => push_scaled(out, x.is_sign_negative(), q, precision),
        None => {
            let shown = precision.min(ALL_DIGITS);
            let _ = write!(out, "{x:.shown$}");
            push_zeros(out, precision - shown);
        }
    }
    if precision == 0 && layout.alternate {
        out.push('.');
    }
}

/// Writes `q / 10^precision`.
fn push_scaled(out: &mut String, negative: bool, q: u128, precision: usize) {
    if negative {
        out.push('-');
    }
    let mut buffer = itoa::Buffer::new();
    let digits = match u64::try_from(q) {
        Ok(small) => buffer.format(small),
        Err(_) => buffer.format(q),
    };
    if precision == 0 {
        return out.push_str(digits);
    }
    if digits.len() <= precision {
        out.push_str("0.");
        push_zeros(out, precision - digits.len());
        return out.push_str(digits);
    }
    let (whole, fraction) = digits.split_at(digits.len() - precision);
    out.push_str(whole);
    out.push('.');
    out.push_str(fraction);
}

fn push_g(out: &mut String, x: f64, precision: usize, layout: Layout) {
    let precision = precision.max(1);
    if x.is_sign_negative() {
        out.push('-');
    }
    let (mut digits, point) = significant_digits(x, precision);
    if layout.alternate {
        digits.resize(precision, b'0');
    } else {
        let kept = digits.iter().rposition(|&b| b != b'0').map_or(1, |i| i + 1);
        digits.truncate(kept);
    }
    let limit = i32::try_from(precision).unwrap_or(i32::MAX) - i32::from(layout.add_dot_zero);
    push_general(out, &digits, point, limit, layout);
}
