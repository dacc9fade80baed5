//! Complex numbers and powers of floats.

use crate::errors::{PyResult, Raise};
use crate::kind::Kind;
use crate::layout::{COMPLEX_IMAG, COMPLEX_REAL};
use crate::vm::Vm;
use hoop_gc::Value;

/// A new complex number.
#[inline]
pub fn new_complex(vm: &mut Vm, re: f64, im: f64) -> Value {
    let shape = vm.kind_shape(Kind::Complex);
    let v = vm.ctx.alloc(shape, 2);
    COMPLEX_REAL.write(v, re);
    COMPLEX_IMAG.write(v, im);
    v
}

/// An operand of complex arithmetic. A real number has no imaginary part, which is not the same as one of zero: signs,
/// infinities and NaNs would show.
#[derive(Copy, Clone)]
pub enum Operand {
    Real(f64),
    Complex((f64, f64)),
}

impl Operand {
    #[inline]
    pub fn parts(self) -> (f64, f64) {
        match self {
            Operand::Real(x) => (x, 0.0),
            Operand::Complex(z) => z,
        }
    }
}

#[inline]
pub fn sum(a: Operand, b: Operand) -> (f64, f64) {
    match (a, b) {
        (Operand::Real(x), Operand::Complex((re, im))) => (x + re, im),
        (Operand::Complex((re, im)), Operand::Real(y)) => (re + y, im),
        _ => (a.parts().0 + b.parts().0, a.parts().1 + b.parts().1),
    }
}

#[inline]
pub fn difference(a: Operand, b: Operand) -> (f64, f64) {
    match (a, b) {
        (Operand::Real(x), Operand::Complex((re, im))) => (x - re, -im),
        (Operand::Complex((re, im)), Operand::Real(y)) => (re - y, im),
        _ => (a.parts().0 - b.parts().0, a.parts().1 - b.parts().1),
    }
}

#[inline]
pub fn product(a: Operand, b: Operand) -> (f64, f64) {
    match (a, b) {
        (Operand::Real(x), Operand::Complex((re, im))) => (x * re, x * im),
        (Operand::Complex((re, im)), Operand::Real(y)) => (re * y, im * y),
        _ => multiply(a.parts(), b.parts()),
    }
}

/// Nothing for a zero divisor.
#[inline]
pub fn quotient(a: Operand, b: Operand) -> Option<(f64, f64)> {
    match (a, b) {
        (Operand::Real(x), Operand::Complex(w)) => divide_real(x, w),
        (Operand::Complex((re, im)), Operand::Real(y)) => (y != 0.0).then_some((re / y, im / y)),
        _ => divide(a.parts(), b.parts()),
    }
}

/// 1 for an infinity, else 0, with its sign.
#[inline]
fn boxed(x: f64) -> f64 {
    f64::from(x.is_infinite()).copysign(x)
}

/// 0 for a NaN, with its sign.
#[inline]
fn or_zero(x: f64) -> f64 {
    if x.is_nan() { 0f64.copysign(x) } else { x }
}

/// A product that would be NaN in both parts, though a factor or a part of the sum is infinite, is an infinity (C11,
/// G.5.1).
fn multiply((mut a, mut b): (f64, f64), (mut c, mut d): (f64, f64)) -> (f64, f64) {
    let parts = [a * c, b * d, a * d, b * c];
    let r = (parts[0] - parts[1], parts[2] + parts[3]);
    if !(r.0.is_nan() && r.1.is_nan()) {
        return r;
    }
    let left = a.is_infinite() || b.is_infinite();
    if left {
        (a, b, c, d) = (boxed(a), boxed(b), or_zero(c), or_zero(d));
    }
    let right = c.is_infinite() || d.is_infinite();
    if right {
        (a, b, c, d) = (or_zero(a), or_zero(b), boxed(c), boxed(d));
    }
    let overflow = !left && !right && parts.iter().any(|p| p.is_infinite());
    if overflow {
        (a, b, c, d) = (or_zero(a), or_zero(b), or_zero(c), or_zero(d));
    }
    if left || right || overflow {
        return (f64::INFINITY * (a * c - b * d), f64::INFINITY * (a * d + b * c));
    }
    r
}

/// Division by Smith's method; nothing for a zero divisor. Infinities and zeros are recovered (C11, G.5.2).
fn divide(a: (f64, f64), b: (f64, f64)) -> Option<(f64, f64)> {
    let r = if b.0.abs() >= b.1.abs() {
        if b.0 == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        ((a.0 + a.1 * ratio) / denominator, (a.1 - a.0 * ratio) / denominator)
    } else if b.1.abs() >= b.0.abs() {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        ((a.0 * ratio + a.1) / denominator, (a.1 * ratio - a.0) / denominator)
    } else {
        // Some part of the divisor is NaN.
        (f64::NAN, f64::NAN)
    };
    if !(r.0.is_nan() && r.1.is_nan()) {
        return Some(r);
    }
    let infinite = |z: (f64, f64)| z.0.is_infinite() || z.1.is_infinite();
    let finite = |z: (f64, f64)| z.0.is_finite() && z.1.is_finite();
    if infinite(a) && finite(b) {
        let (x, y) = (boxed(a.0), boxed(a.1));
        return Some((f64::INFINITY * (x * b.0 + y * b.1), f64::INFINITY * (y * b.0 - x * b.1)));
    }
    if infinite(b) && finite(a) {
        let (x, y) = (boxed(b.0), boxed(b.1));
        return Some((0.0 * (a.0 * x + a.1 * y), 0.0 * (a.1 * x - a.0 * y)));
    }
    Some(r)
}

/// As [`divide`] for a real dividend.
fn divide_real(a: f64, b: (f64, f64)) -> Option<(f64, f64)> {
    let r = if b.0.abs() >= b.1.abs() {
        if b.0 == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        (a / denominator, (-a * ratio) / denominator)
    } else if b.1.abs() >= b.0.abs() {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        ((a * ratio) / denominator, -a / denominator)
    } else {
        (f64::NAN, f64::NAN)
    };
    if r.0.is_nan() && r.1.is_nan() && a.is_finite() && (b.0.is_infinite() || b.1.is_infinite()) {
        let (x, y) = (boxed(b.0), boxed(b.1));
        return Some((0.0 * (a * x), 0.0 * (-a * y)));
    }
    Some(r)
}

/// `a ** b`: small integer exponents by repeated multiplication, others by polar coordinates.
#[inline]
pub fn power(vm: &mut Vm, a: (f64, f64), b: (f64, f64)) -> PyResult<(f64, f64)> {
    let small = b.1 == 0.0 && b.0.floor() == b.0 && b.0.abs() <= 100.0;
    let r = if small { integer_power(a, b.0 as i64) } else { polar_power(a, b) };
    match r {
        None => Err(vm.zero_division("zero to a negative or complex power")),
        Some((re, im)) if re.is_infinite() || im.is_infinite() => {
            Err(vm.overflow_error("complex exponentiation"))
        }
        Some(z) => Ok(z),
    }
}

#[inline]
fn integer_power(a: (f64, f64), n: i64) -> Option<(f64, f64)> {
    if n > 0 {
        return Some(natural_power(a, n as u64));
    }
    if n == 0 {
        return Some((1.0, 0.0));
    }
    divide((1.0, 0.0), natural_power(a, n.unsigned_abs()))
}

#[inline]
fn natural_power(a: (f64, f64), n: u64) -> (f64, f64) {
    let (mut mask, mut r, mut p) = (1, (1.0, 0.0), a);
    while mask > 0 && n >= mask {
        if n & mask != 0 {
            r = multiply(r, p);
        }
        mask <<= 1;
        p = multiply(p, p);
    }
    r
}

fn polar_power(a: (f64, f64), b: (f64, f64)) -> Option<(f64, f64)> {
    if b == (0.0, 0.0) {
        return Some((1.0, 0.0));
    }
    if a == (0.0, 0.0) {
        return if b.1 != 0.0 || b.0 < 0.0 { None } else { Some((0.0, 0.0)) };
    }
    let (size, angle) = (a.0.hypot(a.1), a.1.atan2(a.0));
    let mut len = size.powf(b.0);
    let mut phase = angle * b.0;
    if b.1 != 0.0 {
        len *= (-angle * b.1).exp();
        phase += b.1 * size.ln();
    }
    // The sine of an infinity is a domain error, and CPython takes it for the one of a zero base.
    if phase.is_infinite() {
        return None;
    }
    Some((len * phase.cos(), len * phase.sin()))
}

/// `x ** y` of floats: a complex number for a negative base and a fractional exponent.
pub fn float_pow(vm: &mut Vm, x: f64, y: f64) -> PyResult {
    if x == 0.0 && y < 0.0 {
        return Err(vm.zero_division("zero to a negative power"));
    }
    if x < 0.0 && x.is_finite() && y.is_finite() && y.floor() != y {
        let (re, im) = crate::complex::power(vm, (x, 0.0), (y, 0.0))?;
        return Ok(new_complex(vm, re, im));
    }
    let r = x.powf(y);
    if r.is_infinite() && x.is_finite() && y.is_finite() {
        return Err(range_error(vm));
    }
    Ok(vm.ctx.box_float(r))
}

/// OverflowError as the C library reports it.
#[cold]
pub fn range_error(vm: &mut Vm) -> Raise {
    let text = crate::text::str(vm, "Numerical result out of range");
    let class = vm.types.overflow_error;
    vm.raise_with(class, &[Value::int(34), text])
}
