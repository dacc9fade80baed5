//! The class `complex`.

use crate::numbers::float::{self, float_operand};
use crate::numbers::int::{finish_new, raise_kind, spec_bytes, to_text};
use crate::text::str::format;
use hoop_gc::Value;
use hoop_object::bigint::{self, operand as int_operand};
use hoop_object::complex::{self, Operand};
use hoop_object::errors::{PyResult, Raise};
use hoop_object::kind::Kind;
use hoop_object::layout::{COMPLEX_IMAG, COMPLEX_REAL};
use hoop_object::operator::{BinOp, CmpOp};
use hoop_object::rows::NativeDef;
use hoop_object::text::{self, str_bytes};
use hoop_object::vm::Vm;
use hoop_object::{hash, tuple};
use hoop_protocol::attributes::{self, GetSet};
use hoop_protocol::{attr, call, native, protocol};

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, real=0, imag=0", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__str__", "$self, /", to_text),
    NativeDef::new("__format__", "$self, format_spec, /", format),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__bool__", "$self, /", |vm, a| {
        let (re, im) = this(vm, a[0], "__bool__")?;
        Ok(Value::bool(re != 0.0 || im != 0.0))
    }),
    NativeDef::new("__complex__", "$self, /", |vm, a| unary(vm, a[0], "__complex__", |re, im| (re, im))),
    NativeDef::new("__pos__", "$self, /", |vm, a| unary(vm, a[0], "__pos__", |re, im| (re, im))),
    NativeDef::new("__neg__", "$self, /", |vm, a| unary(vm, a[0], "__neg__", |re, im| (-re, -im))),
    NativeDef::new("conjugate", "$self, /", |vm, a| unary(vm, a[0], "conjugate", |re, im| (re, -im))),
    NativeDef::new("__abs__", "$self, /", absolute),
    NativeDef::new("__add__", "$self, value, /", |vm, a| arith(vm, BinOp::Add, a[0], a[1])),
    NativeDef::new("__radd__", "$self, value, /", |vm, a| arith(vm, BinOp::Add, a[1], a[0])),
    NativeDef::new("__sub__", "$self, value, /", |vm, a| arith(vm, BinOp::Sub, a[0], a[1])),
    NativeDef::new("__rsub__", "$self, value, /", |vm, a| arith(vm, BinOp::Sub, a[1], a[0])),
    NativeDef::new("__mul__", "$self, value, /", |vm, a| arith(vm, BinOp::Mul, a[0], a[1])),
    NativeDef::new("__rmul__", "$self, value, /", |vm, a| arith(vm, BinOp::Mul, a[1], a[0])),
    NativeDef::new("__truediv__", "$self, value, /", |vm, a| arith(vm, BinOp::TrueDiv, a[0], a[1])),
    NativeDef::new("__rtruediv__", "$self, value, /", |vm, a| arith(vm, BinOp::TrueDiv, a[1], a[0])),
    NativeDef::new("__pow__", "$self, value, mod=None, /", |vm, a| pow_method(vm, a[0], a[1], a[2])),
    NativeDef::new("__rpow__", "$self, value, mod=None, /", |vm, a| pow_method(vm, a[1], a[0], a[2])),
    NativeDef::new("__eq__", "$self, value, /", |vm, a| equal(vm, CmpOp::Eq, a)),
    NativeDef::new("__ne__", "$self, value, /", |vm, a| equal(vm, CmpOp::Ne, a)),
    NativeDef::new("__getnewargs__", "$self, /", |vm, a| {
        let (re, im) = this(vm, a[0], "__getnewargs__")?;
        let (re, im) = (vm.ctx.box_float(re), vm.ctx.box_float(im));
        tuple::new_tuple(vm, &[re, im])
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
    attributes::add_getsets(vm, class, GETTERS);
}

/// The parts of a complex number or an instance of a subclass of complex.
#[inline]
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
        None => Err(native::receiver_error(vm, v, "complex", method)),
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
        Some(i) => Ok(Some(Operand::Real(bigint::int_to_f64(vm, i)?))),
        None => Ok(None),
    }
}

fn unary(vm: &mut Vm, v: Value, method: &str, f: fn(f64, f64) -> (f64, f64)) -> PyResult {
    let (re, im) = this(vm, v, method)?;
    let (re, im) = f(re, im);
    Ok(complex::new_complex(vm, re, im))
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
        BinOp::Add => Some(complex::sum(a, b)),
        BinOp::Sub => Some(complex::difference(a, b)),
        BinOp::Mul => Some(complex::product(a, b)),
        _ => complex::quotient(a, b),
    };
    match result {
        Some((re, im)) => Ok(complex::new_complex(vm, re, im)),
        None => Err(vm.zero_division("division by zero")),
    }
}

fn pow_method(vm: &mut Vm, x: Value, y: Value, modulus: Value) -> PyResult {
    let Some(a) = operand(vm, x)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(b) = operand(vm, y)? else { return Ok(Value::NOT_IMPLEMENTED) };
    if !matches!(modulus, Value::UNBOUND | Value::NONE) {
        return Err(vm.value_error("complex modulo"));
    }
    let (re, im) = complex::power(vm, a.parts(), b.parts())?;
    Ok(complex::new_complex(vm, re, im))
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
    let part = |x: f64| hoop_text::hash::hash_f64(x).unwrap_or_else(|| hash::identity_hash(a[0]));
    let h = hoop_text::hash::hash_complex(part(re), part(im));
    Ok(bigint::int_from_i64(vm, h))
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (re, im) = this(vm, a[0], "__repr__")?;
    Ok(text::str(vm, &hoop_text::complex::repr_complex(re, im)))
}

fn format(vm: &mut Vm, a: &[Value]) -> PyResult {
    let spec = spec_bytes(vm, a[1])?;
    if spec.is_empty() {
        return protocol::to_str(vm, a[0]);
    }
    let (re, im) = this(vm, a[0], "__format__")?;
    let type_name = vm.class_name(a[0]);
    format::formatted(vm, |out| hoop_text::spec::format_complex(out, re, im, spec, &type_name))
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
                let z = complex::new_complex(vm, re, im);
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
    let z = complex::new_complex(vm, re, im);
    finish_new(vm, cls, exact, z)
}

/// An argument of `complex(...)`: its parts, and whether it is complex itself.
fn component(vm: &mut Vm, v: Value, first: bool, alone: bool) -> PyResult<(f64, f64, bool)> {
    if first && let Some(f) = attr::special(vm, v, vm.names.complex) {
        let r = call::call_special(vm, f, v, &[])?;
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
    let has_float =
        attr::special(vm, v, vm.names.float).is_some() || attr::special(vm, v, vm.names.index).is_some();
    if !has_float {
        if alone {
            let name = vm.class_name(v);
            let text = format!("complex() argument must be a string or a number, not {name}");
            return Err(vm.type_error(text));
        }
        return Err(not_real(vm, if first { "real" } else { "imag" }, v));
    }
    Ok((float::real_number(vm, v)?, 0.0, false))
}

fn not_real(vm: &mut Vm, which: &str, v: Value) -> Raise {
    let text = format!("complex() argument '{which}' must be a real number, not {}", vm.class_name(v));
    vm.type_error(text)
}
