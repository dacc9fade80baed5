//! The module `math`.

pub mod gamma;
mod integers;
mod sums;

use crate::cmath;
use dashu_int::ops::BitTest;
use hoop_engine::float_of;
use hoop_gc::Value;
use hoop_object::bigint::{self, operand as int_operand};
use hoop_object::errors::PyResult;
use hoop_object::module;
use hoop_object::rows::{Intrinsic, NativeDef};
use hoop_object::vm::{NativeModule, Vm};
use hoop_protocol::{attr, call, protocol};
use hoop_types::classes::object;
use hoop_types::numbers::float;
use hoop_types::support::{names_of, pair};
use std::f64::consts;

pub static MODULE: NativeModule = NativeModule { name: "math", init };

/// A function of one float whose infinite results for finite arguments are overflows.
macro_rules! large {
    ($name:literal, $f:expr) => {
        NativeDef::new($name, "$module, x, /", |vm, a| real(vm, a[0], |x| ($f)(x), true, ""))
            .float(|x| ($f)(x))
    };
}

/// A function of one float whose infinite results for finite arguments are singularities, and what it expects.
macro_rules! plain {
    ($name:literal, $f:expr, $expects:expr) => {
        NativeDef::new($name, "$module, x, /", |vm, a| real(vm, a[0], |x| ($f)(x), false, $expects))
            .float(|x| ($f)(x))
    };
}

/// A function of two floats.
macro_rules! binary {
    ($name:literal, $parameters:literal, $f:expr) => {
        NativeDef::new($name, $parameters, |vm, a| real2(vm, a, |x, y| ($f)(x, y)))
    };
}

/// A question about one float.
macro_rules! question {
    ($name:literal, $f:expr) => {
        NativeDef::new($name, "$module, x, /", |vm, a| Ok(Value::bool($f(float::real_number(vm, a[0])?))))
    };
}

const UNIT: &str = "a number in range from -1 up to 1";

const FINITE: &str = "a finite input";

const FUNCTIONS: &[NativeDef] = &[
    plain!("acos", f64::acos, UNIT),
    plain!("acosh", cmath::acosh, "argument value not less than 1"),
    plain!("asin", f64::asin, UNIT),
    plain!("asinh", cmath::asinh, ""),
    plain!("atan", f64::atan, ""),
    plain!("atanh", cmath::atanh, "a number between -1 and 1"),
    plain!("cbrt", cmath::cbrt, ""),
    plain!("cos", f64::cos, FINITE),
    large!("cosh", f64::cosh),
    plain!("erf", cmath::erf, ""),
    plain!("erfc", cmath::erfc, ""),
    large!("exp", f64::exp),
    large!("exp2", cmath::exp2),
    large!("expm1", cmath::expm1),
    plain!("fabs", f64::abs, ""),
    plain!("log1p", cmath::log1p, "argument value > -1"),
    plain!("sin", f64::sin, FINITE),
    large!("sinh", f64::sinh),
    NativeDef::new("sqrt", "$module, x, /", |vm, a| real(vm, a[0], f64::sqrt, false, "a nonnegative input"))
        .intrinsic(Intrinsic::MathSqrt),
    plain!("tan", f64::tan, FINITE),
    plain!("tanh", f64::tanh, ""),
    NativeDef::new("degrees", "$module, x, /", |vm, a| unchecked(vm, a[0], |x| x * (180.0 / consts::PI))),
    NativeDef::new("radians", "$module, x, /", |vm, a| unchecked(vm, a[0], |x| x * (consts::PI / 180.0))),
    NativeDef::new("gamma", "$module, x, /", gamma::gamma),
    NativeDef::new("lgamma", "$module, x, /", gamma::log_gamma),
    binary!("atan2", "$module, y, x, /", f64::atan2),
    binary!("copysign", "$module, x, y, /", f64::copysign),
    binary!("remainder", "$module, x, y, /", cmath::remainder),
    NativeDef::new("fmod", "$module, x, y, /", fmod),
    NativeDef::new("pow", "$module, x, y, /", pow),
    NativeDef::new("log", "x, base=..., /", log).no_text(),
    NativeDef::new("log2", "$module, x, /", |vm, a| logarithm(vm, a[0], f64::log2)),
    NativeDef::new("log10", "$module, x, /", |vm, a| logarithm(vm, a[0], f64::log10)),
    NativeDef::new("ceil", "$module, x, /", |vm, a| to_whole(vm, a[0], vm.names.ceil, f64::ceil))
        .intrinsic(Intrinsic::MathCeil),
    NativeDef::new("floor", "$module, x, /", |vm, a| to_whole(vm, a[0], vm.names.floor, f64::floor))
        .intrinsic(Intrinsic::MathFloor),
    NativeDef::new("trunc", "$module, x, /", trunc),
    NativeDef::new("fma", "$module, x, y, z, /", fma),
    NativeDef::new("frexp", "$module, x, /", |vm, a| {
        let (m, e) = cmath::frexp(float::real_number(vm, a[0])?);
        let m = vm.ctx.box_float(m);
        pair(vm, m, Value::int(e as i64))
    }),
    NativeDef::new("ldexp", "$module, x, i, /", ldexp),
    NativeDef::new("modf", "$module, x, /", modf),
    NativeDef::new("nextafter", "$module, x, y, /, *, steps=None", next_after),
    NativeDef::new("ulp", "$module, x, /", |vm, a| unchecked(vm, a[0], ulp)),
    NativeDef::new("isclose", "$module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0", is_close),
    question!("isfinite", f64::is_finite),
    question!("isinf", f64::is_infinite),
    question!("isnan", f64::is_nan),
    NativeDef::new("hypot", "$module, /, *coordinates", sums::hypot),
    NativeDef::new("dist", "$module, p, q, /", sums::dist),
    NativeDef::new("fsum", "$module, seq, /", sums::fsum),
    NativeDef::new("prod", "$module, iterable, /, *, start=1", sums::prod),
    NativeDef::new("sumprod", "$module, p, q, /", sums::sumprod),
    NativeDef::new("comb", "$module, n, k, /", integers::comb),
    NativeDef::new("perm", "$module, n, k=None, /", integers::perm),
    NativeDef::new("factorial", "$module, n, /", integers::factorial),
    NativeDef::new("gcd", "$module, /, *integers", integers::gcd),
    NativeDef::new("lcm", "$module, /, *integers", integers::lcm),
    NativeDef::new("isqrt", "$module, n, /", integers::isqrt),
];

fn init(vm: &mut Vm, module: Value) -> PyResult<()> {
    let ns = names_of(module);
    object::add_functions(vm, ns, FUNCTIONS);
    for (name, x) in [
        ("pi", consts::PI),
        ("e", consts::E),
        ("tau", consts::TAU),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ] {
        let v = vm.ctx.box_float(x);
        module::set_global(vm, ns, name, v);
    }
    Ok(())
}

#[cold]
fn domain_error(vm: &mut Vm) -> PyResult {
    Err(vm.value_error("math domain error"))
}

#[cold]
pub(crate) fn range_error(vm: &mut Vm) -> PyResult {
    Err(vm.overflow_error("math range error"))
}

/// ValueError: the function `expects` something else than `x`.
#[cold]
pub(crate) fn unexpected(vm: &mut Vm, expects: &str, x: f64) -> PyResult {
    if expects.is_empty() {
        return domain_error(vm);
    }
    let x = vm.ctx.box_float(x);
    let text = format!("expected {expects}, got {}", protocol::repr_text(vm, x)?);
    Err(vm.value_error(text))
}

fn real(vm: &mut Vm, v: Value, f: impl Fn(f64) -> f64, overflows: bool, expects: &str) -> PyResult {
    let x = float::real_number(vm, v)?;
    let r = f(x);
    if r.is_nan() && !x.is_nan() {
        return unexpected(vm, expects, x);
    }
    if r.is_infinite() && x.is_finite() {
        return if overflows { range_error(vm) } else { unexpected(vm, expects, x) };
    }
    Ok(vm.ctx.box_float(r))
}

fn unchecked(vm: &mut Vm, v: Value, f: fn(f64) -> f64) -> PyResult {
    let x = float::real_number(vm, v)?;
    Ok(vm.ctx.box_float(f(x)))
}

fn two(vm: &mut Vm, a: &[Value]) -> PyResult<(f64, f64)> {
    Ok((float::real_number(vm, a[0])?, float::real_number(vm, a[1])?))
}

fn real2(vm: &mut Vm, a: &[Value], f: impl Fn(f64, f64) -> f64) -> PyResult {
    let (x, y) = two(vm, a)?;
    let r = f(x, y);
    if r.is_nan() && !x.is_nan() && !y.is_nan() {
        return domain_error(vm);
    }
    if r.is_infinite() && x.is_finite() && y.is_finite() {
        return range_error(vm);
    }
    Ok(vm.ctx.box_float(r))
}

fn fmod(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (x, y) = two(vm, a)?;
    if y.is_infinite() && x.is_finite() {
        return Ok(vm.ctx.box_float(x));
    }
    let r = x % y;
    if r.is_nan() && !x.is_nan() && !y.is_nan() {
        return domain_error(vm);
    }
    Ok(vm.ctx.box_float(r))
}

fn pow(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (x, y) = two(vm, a)?;
    let r = x.powf(y);
    if x.is_finite() && y.is_finite() {
        if r.is_nan() {
            return domain_error(vm);
        }
        if r.is_infinite() {
            return if x == 0.0 { domain_error(vm) } else { range_error(vm) };
        }
    }
    Ok(vm.ctx.box_float(r))
}

fn fma(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (x, y) = two(vm, a)?;
    let z = float::real_number(vm, a[2])?;
    let r = cmath::fma(x, y, z);
    if r.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
        return Err(vm.value_error("invalid operation in fma"));
    }
    if r.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
        return Err(vm.overflow_error("overflow in fma"));
    }
    Ok(vm.ctx.box_float(r))
}

// ---- logarithms

/// The logarithm of a float or of an int of any size.
fn logarithm(vm: &mut Vm, v: Value, f: fn(f64) -> f64) -> PyResult {
    if let Some(i) = int_operand(vm, v) {
        if !bigint::is_negative(i) && bigint::to_f64(i).is_none() {
            let (m, e) = big_frexp(i);
            return Ok(vm.ctx.box_float(f(m) + f(2.0) * e as f64));
        }
        if bigint::is_negative(i) || i == Value::int(0) {
            return Err(vm.value_error("expected a positive input"));
        }
    }
    let x = float::real_number(vm, v)?;
    if x <= 0.0 {
        return unexpected(vm, "a positive input", x);
    }
    Ok(vm.ctx.box_float(f(x)))
}

/// Mantissa and exponent of a large positive int.
fn big_frexp(i: Value) -> (f64, usize) {
    let n = bigint::to_ibig(i).into_parts().1;
    let bits = n.bit_len();
    let shift = bits - 64;
    let sticky = n.trailing_zeros().is_some_and(|z| z < shift);
    let top = u64::try_from(n >> shift).unwrap_or(u64::MAX) | sticky as u64;
    let m = top as f64 / 18_446_744_073_709_551_616.0;
    if m == 1.0 { (0.5, bits + 1) } else { (m, bits) }
}

fn log(vm: &mut Vm, a: &[Value]) -> PyResult {
    let n = logarithm(vm, a[0], f64::ln)?;
    if a[1] == Value::UNBOUND {
        return Ok(n);
    }
    let d = logarithm(vm, a[1], f64::ln)?;
    protocol::binary(vm, hoop_object::operator::BinOp::TrueDiv, n, d)
}

// ---- whole numbers and parts

/// By the special method, or by way of a float.
fn to_whole(vm: &mut Vm, v: Value, name: Value, f: fn(f64) -> f64) -> PyResult {
    if let Some(x) = float_of(v) {
        return float::float_to_int(vm, f(x));
    }
    if v.is_int() {
        return Ok(v);
    }
    if let Some(method) = attr::special(vm, v, name) {
        return call::call_special(vm, method, v, &[]);
    }
    let x = float::real_number(vm, v)?;
    float::float_to_int(vm, f(x))
}

fn trunc(vm: &mut Vm, a: &[Value]) -> PyResult {
    if let Some(x) = float_of(a[0]) {
        return float::float_to_int(vm, x);
    }
    match attr::special(vm, a[0], vm.names.trunc) {
        Some(method) => call::call_special(vm, method, a[0], &[]),
        None => {
            let text = format!("type {} doesn't define __trunc__ method", vm.class_name(a[0]));
            Err(vm.type_error(text))
        }
    }
}

fn ldexp(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = float::real_number(vm, a[0])?;
    let Some(n) = int_operand(vm, a[1]) else {
        return Err(vm.type_error("Expected an int as second argument to ldexp."));
    };
    let n = match bigint::to_i64(n) {
        Some(n) => n.clamp(-100_000, 100_000) as i32,
        None if bigint::is_negative(n) => -100_000,
        None => 100_000,
    };
    let r = cmath::ldexp(x, n);
    if r.is_infinite() && x.is_finite() {
        return range_error(vm);
    }
    Ok(vm.ctx.box_float(r))
}

fn modf(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = float::real_number(vm, a[0])?;
    let whole = x.trunc();
    let fraction = if x.is_infinite() { 0.0f64.copysign(x) } else { (x - whole).copysign(x) };
    let (fraction, whole) = (vm.ctx.box_float(fraction), vm.ctx.box_float(whole));
    pair(vm, fraction, whole)
}

/// Floats as integers in the order of the floats.
fn ordered_bits(x: f64) -> i128 {
    let bits = x.to_bits();
    let size = (bits & !(1 << 63)) as i128;
    if bits >> 63 == 1 { -size } else { size }
}

fn from_ordered_bits(i: i128, negative_zero: bool) -> f64 {
    let x = f64::from_bits(i.unsigned_abs() as u64);
    if i < 0 || i == 0 && negative_zero { -x } else { x }
}

fn next_after(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (x, y) = two(vm, a)?;
    let steps = match a[2] {
        Value::UNBOUND | Value::NONE => 1,
        v => {
            let n = protocol::index_value(vm, v)?;
            if bigint::is_negative(n) {
                return Err(vm.value_error("steps must be a non-negative integer"));
            }
            bigint::to_i128(n).unwrap_or(i128::MAX).min(1 << 66)
        }
    };
    let r = if steps == 0 || x.is_nan() {
        x
    } else if y.is_nan() || x == y {
        y
    } else {
        let (from, to) = (ordered_bits(x), ordered_bits(y));
        if (to - from).abs() <= steps {
            y
        } else {
            let at = if to > from { from + steps } else { from - steps };
            from_ordered_bits(at, from < 0)
        }
    };
    Ok(vm.ctx.box_float(r))
}

fn ulp(x: f64) -> f64 {
    let x = x.abs();
    if !x.is_finite() {
        return x;
    }
    let next = f64::from_bits(x.to_bits() + 1);
    if next.is_infinite() { x - f64::from_bits(x.to_bits() - 1) } else { next - x }
}

fn is_close(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (a, b) = two(vm, args)?;
    let rel_tol = if args[2] == Value::UNBOUND { 1e-9 } else { float::real_number(vm, args[2])? };
    let abs_tol = if args[3] == Value::UNBOUND { 0.0 } else { float::real_number(vm, args[3])? };
    if rel_tol < 0.0 || abs_tol < 0.0 {
        return Err(vm.value_error("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(Value::TRUE);
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(Value::FALSE);
    }
    let diff = (b - a).abs();
    Ok(Value::bool(diff <= (rel_tol * b).abs() || diff <= (rel_tol * a).abs() || diff <= abs_tol))
}
