//! Sums, products and lengths of vectors, with exact or compensated arithmetic.

use crate::cmath::{fma, frexp, ldexp};
use hoop_engine::float_of;
use hoop_gc::Value;
use hoop_object::bigint::{self, operand as int_operand, to_f64};
use hoop_object::errors::PyResult;
use hoop_object::operator::BinOp;
use hoop_object::vm::Vm;
use hoop_protocol::{iterators, protocol};
use hoop_types::numbers::float;

/// A sum and what rounding lost: exact if the first is the larger one.
fn fast_two_sum(a: f64, b: f64) -> (f64, f64) {
    let x = a + b;
    (x, (a - x) + b)
}

/// A sum and what rounding lost (Knuth).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let x = a + b;
    let z = x - a;
    (x, (a - (x - z)) + (b - z))
}

/// A product and what rounding lost.
fn two_product(x: f64, y: f64) -> (f64, f64) {
    let z = x * y;
    (z, fma(x, y, -z))
}

/// Euclidean length of non-negative coordinates, nearly correctly rounded: scaled by the largest one, squares summed
/// with compensation, the square root corrected by one differential step.
fn norm(v: &mut [f64], max: f64) -> f64 {
    if max == 0.0 || v.len() <= 1 {
        return max;
    }
    let (_, e) = frexp(max);
    if e < -1023 {
        v.iter_mut().for_each(|x| *x /= f64::MIN_POSITIVE);
        return f64::MIN_POSITIVE * norm(v, max / f64::MIN_POSITIVE);
    }
    let scale = ldexp(1.0, -e);
    let (mut sum, mut lost_products, mut lost_sums) = (1.0, 0.0, 0.0);
    let mut add = |(high, low): (f64, f64)| {
        let (s, lost) = fast_two_sum(sum, high);
        sum = s;
        lost_products += low;
        lost_sums += lost;
        sum - 1.0 + (lost_products + lost_sums)
    };
    let mut total = 0.0;
    for &mut x in v {
        let x = x * scale;
        total = add(two_product(x, x));
    }
    let mut h = total.sqrt();
    let rest = add(two_product(-h, h));
    h += rest / (2.0 * h);
    h / scale
}

fn length(vm: &mut Vm, mut v: Vec<f64>) -> PyResult {
    let max = v.iter().copied().fold(0.0, f64::max);
    let r = if max.is_infinite() {
        max
    } else if v.iter().any(|x| x.is_nan()) {
        f64::NAN
    } else {
        norm(&mut v, max)
    };
    Ok(vm.ctx.box_float(r))
}

pub fn hypot(vm: &mut Vm, a: &[Value]) -> PyResult {
    let mut v = Vec::with_capacity(a.len());
    for &x in a {
        v.push(float::real_number(vm, x)?.abs());
    }
    length(vm, v)
}

pub fn dist(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (p, q) = (protocol::collect(vm, a[0])?, protocol::collect(vm, a[1])?);
    if p.len() != q.len() {
        return Err(vm.value_error("both points must have the same number of dimensions"));
    }
    let mut v = Vec::with_capacity(p.len());
    for (&x, &y) in p.as_slice().iter().zip(q.as_slice()) {
        v.push((float::real_number(vm, x)? - float::real_number(vm, y)?).abs());
    }
    length(vm, v)
}

/// The exact sum, rounded once (J. Shewchuk, 1997): partial sums that do not overlap.
pub fn fsum(vm: &mut Vm, a: &[Value]) -> PyResult {
    let it = iterators::iter(vm, a[0])?;
    let mut partials: Vec<f64> = Vec::new();
    let (mut special, mut infinities) = (0.0, 0.0);
    while let Some(v) = iterators::iter_next(vm, it)? {
        let given = float::real_number(vm, v)?;
        let mut x = given;
        let mut kept = 0;
        for i in 0..partials.len() {
            let y = partials[i];
            let (high, low) = if x.abs() < y.abs() { fast_two_sum(y, x) } else { fast_two_sum(x, y) };
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        partials.truncate(kept);
        if x == 0.0 {
            continue;
        }
        if x.is_finite() {
            partials.push(x);
            continue;
        }
        if given.is_finite() {
            return Err(vm.overflow_error("intermediate overflow in fsum"));
        }
        if given.is_infinite() {
            infinities += given;
        }
        special += given;
        partials.clear();
    }
    if special != 0.0 {
        if infinities.is_nan() {
            return Err(vm.value_error("-inf + inf in fsum"));
        }
        return Ok(vm.ctx.box_float(special));
    }
    Ok(vm.ctx.box_float(round_partials(&partials)))
}

/// The sum of partial sums of growing size, rounded half to even.
fn round_partials(partials: &[f64]) -> f64 {
    let Some((&last, rest)) = partials.split_last() else { return 0.0 };
    let (mut high, mut low) = (last, 0.0);
    let mut left = rest.len();
    while left > 0 {
        left -= 1;
        (high, low) = fast_two_sum(high, rest[left]);
        if low != 0.0 {
            break;
        }
    }
    // A tie whose rest lies on the other side rounds the other way.
    if left > 0 && (low < 0.0 && rest[left - 1] < 0.0 || low > 0.0 && rest[left - 1] > 0.0) {
        let y = low * 2.0;
        let x = high + y;
        if y == x - high {
            high = x;
        }
    }
    high
}

pub fn prod(vm: &mut Vm, a: &[Value]) -> PyResult {
    let mut total = if a[1] == Value::UNBOUND { Value::int(1) } else { a[1] };
    let it = iterators::iter(vm, a[0])?;
    while let Some(v) = iterators::iter_next(vm, it)? {
        total = match (float_of(total), float_of(v)) {
            (Some(x), Some(y)) => vm.ctx.box_float(x * y),
            _ if total.is_int() && v.is_int() => bigint::int_binary(vm, BinOp::Mul, total, v)?,
            _ => protocol::binary(vm, BinOp::Mul, total, v)?,
        };
    }
    Ok(total)
}

/// A sum of three floats of falling size.
#[derive(Clone, Copy, Default, PartialEq)]
struct Triple {
    high: f64,
    low: f64,
    tiny: f64,
}

impl Triple {
    fn add_product(self, x: f64, y: f64) -> Triple {
        let (p, lost_p) = two_product(x, y);
        let (high, lost_s) = two_sum(self.high, p);
        let (r, lost_r) = two_sum(self.low, lost_p);
        let (low, lost) = two_sum(r, lost_s);
        Triple { high, low, tiny: self.tiny + lost_r + lost }
    }

    fn value(self) -> f64 {
        let (rest, _) = two_sum(self.low, self.tiny);
        self.high + rest
    }
}

/// Which way the pairs of `sumprod` go: ints first, then floats, then anything.
#[derive(Clone, Copy, PartialEq)]
enum Path {
    Ints(i128),
    Floats(Triple),
    Any,
}

pub fn sumprod(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (p, q) = (iterators::iter(vm, a[0])?, iterators::iter(vm, a[1])?);
    let (mut total, mut path) = (Value::int(0), Path::Ints(0));
    loop {
        let (x, y) = (iterators::iter_next(vm, p)?, iterators::iter_next(vm, q)?);
        let (x, y) = match (x, y) {
            (Some(x), Some(y)) => (x, y),
            (None, None) => return flush(vm, total, path),
            _ => return Err(vm.value_error("Inputs are not the same length")),
        };
        if let Some(next) = step(vm, path, x, y) {
            path = next;
            continue;
        }
        total = flush(vm, total, path)?;
        path = match path {
            Path::Ints(_) => step(vm, Path::Floats(Triple::default()), x, y).unwrap_or(Path::Any),
            _ => Path::Any,
        };
        if path == Path::Any {
            let product = protocol::binary(vm, BinOp::Mul, x, y)?;
            total = protocol::binary(vm, BinOp::Add, total, product)?;
        }
    }
}

/// Adds a product on a fast path; nothing if the pair does not belong there.
fn step(vm: &mut Vm, path: Path, x: Value, y: Value) -> Option<Path> {
    match path {
        Path::Ints(sum) => {
            let (i, j) = (x.as_int()? as i128, y.as_int()? as i128);
            Some(Path::Ints(sum.checked_add(i * j)?))
        }
        Path::Floats(sum) => {
            let (f, g) = match (float_of(x), float_of(y)) {
                (Some(f), Some(g)) => (f, g),
                (Some(f), None) => (f, int_operand(vm, y).and_then(to_f64)?),
                (None, Some(g)) => (int_operand(vm, x).and_then(to_f64)?, g),
                (None, None) => return None,
            };
            let sum = sum.add_product(f, g);
            sum.high.is_finite().then_some(Path::Floats(sum))
        }
        Path::Any => None,
    }
}

fn flush(vm: &mut Vm, total: Value, path: Path) -> PyResult {
    let part = match path {
        Path::Ints(sum) => bigint::int_from_i128(vm, sum),
        Path::Floats(sum) => vm.ctx.box_float(sum.value()),
        Path::Any => return Ok(total),
    };
    protocol::binary(vm, BinOp::Add, total, part)
}
