//! The class `complex`.

use super::attributes::GetSet;
use super::bigint;
use super::float::float_operand;
use super::int::{finish_new, operand as int_operand, raise_kind, spec_bytes, to_text};
use crate::errors::{PyResult, Raise};
use crate::native::NativeDef;
use crate::objects::Kind;
use crate::objects::layout::{COMPLEX_IMAG, COMPLEX_REAL};
use crate::objects::text::str_bytes;
use crate::operator::{BinOp, CmpOp};
use crate::vm::Vm;
use hoop_gc::Value;

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, real=0, imag=0", new),
    NativeDef::new("__repr__", "self, /", repr),
    NativeDef::new("__str__", "self, /", to_text),
    NativeDef::new("__format__", "self, format_spec, /", format),
    NativeDef::new("__hash__", "self, /", hash),
    NativeDef::new("__bool__", "self, /", |vm, a| {
        let (re, im) = this(vm, a[0], "__bool__")?;
        Ok(Value::bool(re != 0.0 || im != 0.0))
    }),
    NativeDef::new("__complex__", "self, /", |vm, a| unary(vm, a[0], "__complex__", |re, im| (re, im))),
    NativeDef::new("__pos__", "self, /", |vm, a| unary(vm, a[0], "__pos__", |re, im| (re, im))),
    NativeDef::new("__neg__", "self, /", |vm, a| unary(vm, a[0], "__neg__", |re, im| (-re, -im))),
    NativeDef::new("conjugate", "self, /", |vm, a| unary(vm, a[0], "conjugate", |re, im| (re, -im))),
    NativeDef::new("__abs__", "self, /", absolute),
    NativeDef::new("__add__", "self, other, /", |vm, a| arith(vm, BinOp::Add, a[0], a[1])),
    NativeDef::new("__radd__", "self, other, /", |vm, a| arith(vm, BinOp::Add, a[1], a[0])),
    NativeDef::new("__sub__", "self, other, /", |vm, a| arith(vm, BinOp::Sub, a[0], a[1])),
    NativeDef::new("__rsub__", "self, other, /", |vm, a| arith(vm, BinOp::Sub, a[1], a[0])),
    NativeDef::new("__mul__", "self, other, /", |vm, a| arith(vm, BinOp::Mul, a[0], a[1])),
    NativeDef::new("__rmul__", "self, other, /", |vm, a| arith(vm, BinOp::Mul, a[1], a[0])),
    NativeDef::new("__truediv__", "self, other, /", |vm, a| arith(vm, BinOp::TrueDiv, a[0], a[1])),
    NativeDef::new("__rtruediv__", "self, other, /", |vm, a| arith(vm, BinOp::TrueDiv, a[1], a[0])),
    NativeDef::new("__pow__", "self, value, mod=None, /", |vm, a| pow_method(vm, a[0], a[1], a[2])),
    NativeDef::new("__rpow__", "self, value, mod=None, /", |vm, a| pow_method(vm, a[1], a[0], a[2])),
    NativeDef::new("__eq__", "self, other, /", |vm, a| equal(vm, CmpOp::Eq, a)),
    NativeDef::new("__ne__", "self, other, /", |vm, a| equal(vm, CmpOp::Ne, a)),
    NativeDef::new("__getnewargs__", "self, /", |vm, a| {
        let (re, im) = this(vm, a[0], "__getnewargs__")?;
        let (re, im) = (vm.ctx.box_float(re), vm.ctx.box_float(im));
        vm.new_tuple(&[re, im])
    }),
];

const GETTERS: &[GetSet] = &[
    GetSet {
        name: "real",
        get: |vm, v| {
            let (re, _) = this(vm, v, "real")?;
            Ok(vm.ctx.box_float(re))
        },
        set: None,
    },
    GetSet {
        name: "imag",
        get: |vm, v| {
            let (_, im) = this(vm, v, "imag")?;
            Ok(vm.ctx.box_float(im))
        },
        set: None,
    },
];

pub fn init(vm: &mut Vm) {
    let class = vm.types.complex;
    vm.add_methods(class, METHODS);
    vm.add_getsets(class, GETTERS);
}

impl Vm {
    /// A new complex number.
    pub fn new_complex(&mut self, re: f64, im: f64) -> Value {
        let shape = self.kind_shape(Kind::Complex);
        let v = self.ctx.alloc(shape, 2);
        COMPLEX_REAL.write(v, re);
        COMPLEX_IMAG.write(v, im);
        v
    }
}

/// The parts of a complex number or an instance of a subclass of complex.
pub fn parts(vm: &Vm, v: Value) -> Option<(f64, f64)> {
    if !v.is_ptr() {
        return None;
    }
    let inner = vm.unwrap(v);
    (inner.is_ptr() && vm.kind(inner) == Kind::Complex)
        .then(|| (COMPLEX_REAL.read(inner), COMPLEX_IMAG.read(inner)))
}

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult<(f64, f64)> {
    match parts(vm, v) {
        Some(z) => Ok(z),
        None => Err(vm.receiver_error(v, "complex", method)),
    }
}

/// An operand of complex arithmetic. A real number has no imaginary part, which is not the same as one of zero: signs,
/// infinities and NaNs would show.
#[derive(Copy, Clone)]
enum Operand {
    Real(f64),
    Complex((f64, f64)),
}

impl Operand {
    fn parts(self) -> (f64, f64) {
        match self {
            Operand::Real(x) => (x, 0.0),
            Operand::Complex(z) => z,
        }
    }
}

/// A complex number, float or int as an operand.
fn operand(vm: &mut Vm, v: Value) -> PyResult<Option<Operand>> {
    if let Some(z) = parts(vm, v) {
        return Ok(Some(Operand::Complex(z)));
    }
    if let Some(x) = float_operand(vm, v) {
        return Ok(Some(Operand::Real(x)));
    }
    match int_operand(vm, v) {
        Some(i) => Ok(Some(Operand::Real(vm.int_to_f64(i)?))),
        None => Ok(None),
    }
}

fn unary(vm: &mut Vm, v: Value, method: &str, f: fn(f64, f64) -> (f64, f64)) -> PyResult {
    let (re, im) = this(vm, v, method)?;
    let (re, im) = f(re, im);
    Ok(vm.new_complex(re, im))
}

fn absolute(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (re, im) = this(vm, a[0], "__abs__")?;
    let r = re.hypot(im);
    if r.is_infinite() && re.is_finite() && im.is_finite() {
        return Err(vm.overflow_error("absolute value too large"));
    }
    Ok(vm.ctx.box_float(r))
}

fn arith(vm: &mut Vm, op: BinOp, x: Value, y: Value) -> PyResult {
    let Some(a) = operand(vm, x)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(b) = operand(vm, y)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let result = match op {
        BinOp::Add => Some(sum(a, b)),
        BinOp::Sub => Some(difference(a, b)),
        BinOp::Mul => Some(product(a, b)),
        _ => quotient(a, b),
    };
    match result {
        Some((re, im)) => Ok(vm.new_complex(re, im)),
        None => Err(vm.zero_division("division by zero")),
    }
}

fn sum(a: Operand, b: Operand) -> (f64, f64) {
    match (a, b) {
        (Operand::Real(x), Operand::Complex((re, im))) => (x + re, im),
        (Operand::Complex((re, im)), Operand::Real(y)) => (re + y, im),
        _ => (a.parts().0 + b.parts().0, a.parts().1 + b.parts().1),
    }
}

fn difference(a: Operand, b: Operand) -> (f64, f64) {
    match (a, b) {
        (Operand::Real(x), Operand::Complex((re, im))) => (x - re, -im),
        (Operand::Complex((re, im)), Operand::Real(y)) => (re - y, im),
        _ => (a.parts().0 - b.parts().0, a.parts().1 - b.parts().1),
    }
}

fn product(a: Operand, b: Operand) -> (f64, f64) {
    match (a, b) {
        (Operand::Real(x), Operand::Complex((re, im))) => (x * re, x * im),
        (Operand::Complex((re, im)), Operand::Real(y)) => (re * y, im * y),
        _ => multiply(a.parts(), b.parts()),
    }
}

/// Nothing for a zero divisor.
fn quotient(a: Operand, b: Operand) -> Option<(f64, f64)> {
    match (a, b) {
        (Operand::Real(x), Operand::Complex(w)) => divide_real(x, w),
        (Operand::Complex((re, im)), Operand::Real(y)) => (y != 0.0).then_some((re / y, im / y)),
        _ => divide(a.parts(), b.parts()),
    }
}

/// 1 for an infinity, else 0, with its sign.
fn boxed(x: f64) -> f64 {
    f64::from(x.is_infinite()).copysign(x)
}

/// 0 for a NaN, with its sign.
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

fn pow_method(vm: &mut Vm, x: Value, y: Value, modulus: Value) -> PyResult {
    let Some(a) = operand(vm, x)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(b) = operand(vm, y)? else { return Ok(Value::NOT_IMPLEMENTED) };
    if !matches!(modulus, Value::UNBOUND | Value::NONE) {
        return Err(vm.value_error("complex modulo"));
    }
    let (re, im) = power(vm, a.parts(), b.parts())?;
    Ok(vm.new_complex(re, im))
}

/// `a ** b`: small integer exponents by repeated multiplication, others by polar coordinates.
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

fn integer_power(a: (f64, f64), n: i64) -> Option<(f64, f64)> {
    if n > 0 {
        return Some(natural_power(a, n as u64));
    }
    if n == 0 {
        return Some((1.0, 0.0));
    }
    divide((1.0, 0.0), natural_power(a, n.unsigned_abs()))
}

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

fn equal(vm: &mut Vm, op: CmpOp, a: &[Value]) -> PyResult {
    let (re, im) = this(vm, a[0], if op == CmpOp::Eq { "__eq__" } else { "__ne__" })?;
    let same = if let Some(z) = parts(vm, a[1]) {
        (re, im) == z
    } else if let Some(x) = float_operand(vm, a[1]) {
        re == x && im == 0.0
    } else if let Some(i) = int_operand(vm, a[1]) {
        im == 0.0 && bigint::order_with_float(i, re).is_some_and(|o| o.is_eq())
    } else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    Ok(Value::bool(same == (op == CmpOp::Eq)))
}

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (re, im) = this(vm, a[0], "__hash__")?;
    let part = |x: f64| hoop_text::hash::hash_f64(x).unwrap_or_else(|| Vm::identity_hash(a[0]));
    let h = hoop_text::hash::hash_complex(part(re), part(im));
    Ok(vm.int_from_i64(h))
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (re, im) = this(vm, a[0], "__repr__")?;
    Ok(vm.str(&hoop_text::complex::repr_complex(re, im)))
}

fn format(vm: &mut Vm, a: &[Value]) -> PyResult {
    let spec = spec_bytes(vm, a[1])?;
    if spec.is_empty() {
        return vm.to_str(a[0]);
    }
    let (re, im) = this(vm, a[0], "__format__")?;
    let type_name = vm.class_name(a[0]);
    vm.formatted(|out| hoop_text::spec::format_complex(out, re, im, spec, &type_name))
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (cls, x, y) = (a[0], a[1], a[2]);
    let exact = vm.types.complex;
    if x != Value::UNBOUND && y == Value::UNBOUND && cls == exact && vm.class_of(x) == exact {
        return Ok(x);
    }
    let text = vm.unwrap(x);
    if x != Value::UNBOUND && vm.kind(text) == Kind::Str {
        if y != Value::UNBOUND {
            return Err(not_real(vm, "real", x));
        }
        return match hoop_text::complex::parse_complex(str_bytes(text)) {
            Ok((re, im)) => {
                let z = vm.new_complex(re, im);
                finish_new(vm, cls, exact, z)
            }
            Err(e) => Err(raise_kind(vm, e.kind(), &e.to_string())),
        };
    }
    let alone = y == Value::UNBOUND;
    let (a_re, a_im, _) =
        if x == Value::UNBOUND { (0.0, 0.0, false) } else { component(vm, x, true, alone)? };
    let (mut re, mut im) = (a_re, a_im);
    if y != Value::UNBOUND {
        let (b_re, b_im, is_complex) = component(vm, y, false, false)?;
        if is_complex {
            re -= b_im;
        }
        im = if parts(vm, x).is_some() { a_im + b_re } else { b_re };
    }
    let z = vm.new_complex(re, im);
    finish_new(vm, cls, exact, z)
}

/// An argument of `complex(...)`: its parts, and whether it is complex itself.
fn component(vm: &mut Vm, v: Value, first: bool, alone: bool) -> PyResult<(f64, f64, bool)> {
    if first && let Some(f) = vm.special(v, vm.names.complex) {
        let r = vm.call_special(f, v, &[])?;
        return match parts(vm, r) {
            Some((re, im)) => Ok((re, im, true)),
            None => {
                let text = format!("__complex__ returned non-complex (type {})", vm.class_name(r));
                Err(vm.type_error(text))
            }
        };
    }
    if let Some((re, im)) = parts(vm, v) {
        return Ok((re, im, true));
    }
    let has_float = vm.special(v, vm.names.float).is_some() || vm.special(v, vm.names.index).is_some();
    if !has_float {
        if alone {
            let name = vm.class_name(v);
            let text = format!("complex() argument must be a string or a number, not {name}");
            return Err(vm.type_error(text));
        }
        return Err(not_real(vm, if first { "real" } else { "imag" }, v));
    }
    Ok((vm.real_number(v)?, 0.0, false))
}

fn not_real(vm: &mut Vm, which: &str, v: Value) -> Raise {
    let text = format!("complex() argument '{which}' must be a real number, not {}", vm.class_name(v));
    vm.type_error(text)
}
