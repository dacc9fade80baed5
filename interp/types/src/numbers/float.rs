//! The class `float`: constructor, methods, operators, text.

use crate::numbers::int::{add_class_methods, finish_new, raise_kind, spec_bytes, to_text};
use crate::text::str::format;
use dashu_int::IBig;
use hoop_engine::float_of;
use hoop_gc::Value;
use hoop_object::bigint::{self, operand as int_operand};
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::operator::{BinOp, CmpOp};
use hoop_object::rows::NativeDef;
use hoop_object::text::{bytearray_data, bytes_data, str_bytes, str_text};
use hoop_object::vm::Vm;
use hoop_object::{complex, hash, strs, tuple};
use hoop_protocol::attributes::{self, GetSet};
use hoop_protocol::{attr, call, native, protocol};
use hoop_text::float as text;

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, x=0, /", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__str__", "$self, /", to_text),
    NativeDef::new("__format__", "$self, format_spec, /", format),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__bool__", "$self, /", |vm, a| Ok(Value::bool(this(vm, a[0], "__bool__")? != 0.0))),
    NativeDef::new("__float__", "$self, /", |vm, a| same(vm, a[0], "__float__", |x| x)),
    NativeDef::new("__pos__", "$self, /", |vm, a| same(vm, a[0], "__pos__", |x| x)),
    NativeDef::new("__neg__", "$self, /", |vm, a| same(vm, a[0], "__neg__", |x| -x)),
    NativeDef::new("__abs__", "$self, /", |vm, a| same(vm, a[0], "__abs__", f64::abs)),
    NativeDef::new("conjugate", "$self, /", |vm, a| same(vm, a[0], "conjugate", |x| x)),
    NativeDef::new("__int__", "$self, /", |vm, a| cut(vm, a[0], "__int__", |x| x)),
    NativeDef::new("__trunc__", "$self, /", |vm, a| cut(vm, a[0], "__trunc__", |x| x)),
    NativeDef::new("__floor__", "$self, /", |vm, a| cut(vm, a[0], "__floor__", f64::floor)),
    NativeDef::new("__ceil__", "$self, /", |vm, a| cut(vm, a[0], "__ceil__", f64::ceil)),
    NativeDef::new("__round__", "$self, ndigits=None, /", round),
    NativeDef::new("__add__", "$self, value, /", |vm, a| arith(vm, BinOp::Add, a[0], a[1])),
    NativeDef::new("__radd__", "$self, value, /", |vm, a| arith(vm, BinOp::Add, a[1], a[0])),
    NativeDef::new("__sub__", "$self, value, /", |vm, a| arith(vm, BinOp::Sub, a[0], a[1])),
    NativeDef::new("__rsub__", "$self, value, /", |vm, a| arith(vm, BinOp::Sub, a[1], a[0])),
    NativeDef::new("__mul__", "$self, value, /", |vm, a| arith(vm, BinOp::Mul, a[0], a[1])),
    NativeDef::new("__rmul__", "$self, value, /", |vm, a| arith(vm, BinOp::Mul, a[1], a[0])),
    NativeDef::new("__truediv__", "$self, value, /", |vm, a| arith(vm, BinOp::TrueDiv, a[0], a[1])),
    NativeDef::new("__rtruediv__", "$self, value, /", |vm, a| arith(vm, BinOp::TrueDiv, a[1], a[0])),
    NativeDef::new("__floordiv__", "$self, value, /", |vm, a| arith(vm, BinOp::FloorDiv, a[0], a[1])),
    NativeDef::new("__rfloordiv__", "$self, value, /", |vm, a| arith(vm, BinOp::FloorDiv, a[1], a[0])),
    NativeDef::new("__mod__", "$self, value, /", |vm, a| arith(vm, BinOp::Mod, a[0], a[1])),
    NativeDef::new("__rmod__", "$self, value, /", |vm, a| arith(vm, BinOp::Mod, a[1], a[0])),
    NativeDef::new("__divmod__", "$self, value, /", |vm, a| div_mod(vm, a[0], a[1])),
    NativeDef::new("__rdivmod__", "$self, value, /", |vm, a| div_mod(vm, a[1], a[0])),
    NativeDef::new("__pow__", "$self, value, mod=None, /", |vm, a| power(vm, a[0], a[1], a[2])),
    NativeDef::new("__rpow__", "$self, value, mod=None, /", |vm, a| power(vm, a[1], a[0], a[2])),
    NativeDef::new("__eq__", "$self, value, /", |vm, a| compare(vm, CmpOp::Eq, a)),
    NativeDef::new("__ne__", "$self, value, /", |vm, a| compare(vm, CmpOp::Ne, a)),
    NativeDef::new("__lt__", "$self, value, /", |vm, a| compare(vm, CmpOp::Lt, a)),
    NativeDef::new("__le__", "$self, value, /", |vm, a| compare(vm, CmpOp::Le, a)),
    NativeDef::new("__gt__", "$self, value, /", |vm, a| compare(vm, CmpOp::Gt, a)),
    NativeDef::new("__ge__", "$self, value, /", |vm, a| compare(vm, CmpOp::Ge, a)),
    NativeDef::new("hex", "$self, /", |vm, a| {
        let x = this(vm, a[0], "hex")?;
        Ok(hoop_object::text::str(vm, &text::to_hex(x)))
    }),
    NativeDef::new("is_integer", "$self, /", |vm, a| {
        let x = this(vm, a[0], "is_integer")?;
        Ok(Value::bool(x.is_finite() && x.floor() == x))
    }),
    NativeDef::new("as_integer_ratio", "$self, /", as_integer_ratio),
    NativeDef::new("__getnewargs__", "$self, /", |vm, a| {
        let x = this(vm, a[0], "__getnewargs__")?;
        let v = vm.ctx.box_float(x);
        tuple::new_tuple(vm, &[v])
    }),
];

const CLASS_METHODS: &[NativeDef] = &[
    NativeDef::new("fromhex", "$type, string, /", from_hex),
    NativeDef::new("__getformat__", "$type, typestr, /", get_format),
];

const GETTERS: &[GetSet] = &[
    GetSet { name: "real", get: |vm, v| same(vm, v, "real", |x| x), set: None },
    GetSet { name: "imag", get: |vm, _| Ok(vm.ctx.box_float(0.0)), set: None },
];

pub fn init(vm: &mut Vm) {
    let class = vm.types.float;
    vm.add_methods(class, METHODS);
    add_class_methods(vm, class, CLASS_METHODS);
    attributes::add_getsets(vm, class, GETTERS);
}

// ---- operands

/// The float in a float or an instance of a subclass of float.
#[inline]
pub fn float_operand(vm: &Vm, v: Value) -> Option<f64> {
    float_of(v).or_else(|| if v.is_ptr() { float_of(vm.unwrap(v)) } else { None })
}

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult<f64> {
    match float_operand(vm, v) {
        Some(x) => Ok(x),
        None => Err(native::receiver_error(vm, v, "float", method)),
    }
}

fn same(vm: &mut Vm, v: Value, method: &str, f: fn(f64) -> f64) -> PyResult {
    let x = this(vm, v, method)?;
    Ok(vm.ctx.box_float(f(x)))
}

fn cut(vm: &mut Vm, v: Value, method: &str, f: fn(f64) -> f64) -> PyResult {
    let x = this(vm, v, method)?;
    float_to_int(vm, f(x))
}

/// An operand of float arithmetic: floats and ints. Nothing for other values.
fn operand(vm: &mut Vm, v: Value) -> PyResult<Option<f64>> {
    if let Some(x) = float_operand(vm, v) {
        return Ok(Some(x));
    }
    match int_operand(vm, v) {
        Some(i) => bigint::int_to_f64(vm, i).map(Some),
        None => Ok(None),
    }
}

fn operands(vm: &mut Vm, x: Value, y: Value) -> PyResult<Option<(f64, f64)>> {
    let Some(f) = operand(vm, x)? else { return Ok(None) };
    Ok(operand(vm, y)?.map(|g| (f, g)))
}

/// A number as a float, as `float(x)` does but for strings. TypeError "must be real number, not ...".
#[inline]
pub fn real_number(vm: &mut Vm, v: Value) -> PyResult<f64> {
    if let Some(x) = float_of(v) {
        return Ok(x);
    }
    if let Some(i) = v.as_int() {
        return Ok(i as f64);
    }
    match float_by_method(vm, v)? {
        Some(x) => Ok(x),
        None => {
            let text = format!("must be real number, not {}", vm.class_name(v));
            Err(vm.type_error(text))
        }
    }
}

/// By `__float__` or `__index__`.
fn float_by_method(vm: &mut Vm, v: Value) -> PyResult<Option<f64>> {
    if let Some(f) = attr::special(vm, v, vm.names.float) {
        let r = call::call_special(vm, f, v, &[])?;
        return match float_operand(vm, r) {
            Some(x) => Ok(Some(x)),
            None => {
                let text =
                    format!("{}.__float__ returned non-float (type {})", vm.class_name(v), vm.class_name(r));
                Err(vm.type_error(text))
            }
        };
    }
    if attr::special(vm, v, vm.names.index).is_some() {
        let i = protocol::index_value(vm, v)?;
        return bigint::int_to_f64(vm, i).map(Some);
    }
    Ok(None)
}

/// A NaN of this sign that is no other one: floats are the same when their bits are, so it has a number of its own.
#[inline]
pub fn fresh_nan(vm: &mut Vm, nan: f64) -> f64 {
    vm.nans_made = (vm.nans_made + 1) & ((1 << 50) - 1);
    f64::from_bits(nan.to_bits() & !((1 << 51) - 1) | vm.nans_made)
}

/// `float(v)`.
pub fn to_float(vm: &mut Vm, v: Value) -> PyResult<f64> {
    if let Some(x) = float_of(v) {
        return Ok(x);
    }
    let inner = vm.unwrap(v);
    let parsed = match vm.kind(inner) {
        Kind::Str if attr::special(vm, v, vm.names.float).is_none() => text::parse_float(str_bytes(inner)),
        Kind::Bytes => text::parse_float_ascii(bytes_data(inner)),
        Kind::ByteArray => text::parse_float_ascii(bytearray_data(inner)),
        _ => {
            return match float_by_method(vm, v)? {
                Some(x) => Ok(x),
                None => {
                    let name = vm.class_name(v);
                    Err(vm.type_error(format!(
                        "float() argument must be a string or a real number, not '{name}'"
                    )))
                }
            };
        }
    };
    match parsed {
        Ok(x) if x.is_nan() => Ok(fresh_nan(vm, x)),
        Ok(x) => Ok(x),
        Err(e) => {
            let shown = protocol::repr_text(vm, inner)?;
            Err(vm.value_error(e.message(&shown)))
        }
    }
}

/// `int(x)` of a float.
#[inline]
pub fn float_to_int(vm: &mut Vm, x: f64) -> PyResult {
    if x.abs() < 4e18 {
        return Ok(Value::int(x as i64));
    }
    match text::to_int(x) {
        Ok(_) => bigint::int_from_f64(vm, x),
        Err(e) => Err(raise_kind(vm, e.kind(), &e.to_string())),
    }
}

// ---- operators

/// Remainder with the sign of the divisor (which is not 0).
#[inline]
pub fn modulo(x: f64, y: f64) -> f64 {
    let r = x % y;
    if r == 0.0 {
        return 0.0f64.copysign(y);
    }
    if (y < 0.0) != (r < 0.0) { r + y } else { r }
}

/// Quotient rounded down, consistent with [`modulo`]; the divisor is not 0.
#[inline]
pub fn floor_div(x: f64, y: f64) -> f64 {
    let r = x % y;
    let mut quotient = (x - r) / y;
    if r != 0.0 && (y < 0.0) != (r < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return 0.0f64.copysign(x / y);
    }
    let floor = quotient.floor();
    if quotient - floor > 0.5 { floor + 1.0 } else { floor }
}

/// `x op y` of floats, all but `**`.
#[inline]
pub fn float_binary(vm: &mut Vm, op: BinOp, x: f64, y: f64) -> PyResult {
    let r = match op {
        BinOp::Add => x + y,
        BinOp::Sub => x - y,
        BinOp::Mul => x * y,
        BinOp::TrueDiv | BinOp::FloorDiv | BinOp::Mod if y == 0.0 => {
            return Err(vm.zero_division("division by zero"));
        }
        BinOp::TrueDiv => x / y,
        BinOp::FloorDiv => floor_div(x, y),
        BinOp::Mod => modulo(x, y),
        BinOp::Pow => return complex::float_pow(vm, x, y),
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    Ok(vm.ctx.box_float(r))
}

fn arith(vm: &mut Vm, op: BinOp, x: Value, y: Value) -> PyResult {
    match operands(vm, x, y)? {
        Some((f, g)) => float_binary(vm, op, f, g),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn div_mod(vm: &mut Vm, x: Value, y: Value) -> PyResult {
    let Some((f, g)) = operands(vm, x, y)? else { return Ok(Value::NOT_IMPLEMENTED) };
    if g == 0.0 {
        return Err(vm.zero_division("division by zero"));
    }
    let (q, r) = (floor_div(f, g), modulo(f, g));
    let (q, r) = (vm.ctx.box_float(q), vm.ctx.box_float(r));
    tuple::new_tuple(vm, &[q, r])
}

fn power(vm: &mut Vm, x: Value, y: Value, modulus: Value) -> PyResult {
    let Some((f, g)) = operands(vm, x, y)? else { return Ok(Value::NOT_IMPLEMENTED) };
    if !matches!(modulus, Value::UNBOUND | Value::NONE) {
        return Err(vm.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    }
    complex::float_pow(vm, f, g)
}

fn compare(vm: &mut Vm, op: CmpOp, a: &[Value]) -> PyResult {
    let Some(x) = float_operand(vm, a[0]) else {
        let name = str_text(op.method(&vm.names)).into_owned();
        return Err(native::receiver_error(vm, a[0], "float", &name));
    };
    let order = match float_operand(vm, a[1]) {
        Some(y) => x.partial_cmp(&y),
        None => match int_operand(vm, a[1]) {
            Some(i) => bigint::order_with_float(i, x).map(|o| o.reverse()),
            None => return Ok(Value::NOT_IMPLEMENTED),
        },
    };
    Ok(Value::bool(match order {
        Some(o) => op.holds(o),
        None => op == CmpOp::Ne,
    }))
}

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = this(vm, a[0], "__hash__")?;
    let h = hoop_text::hash::hash_f64(x).unwrap_or_else(|| hash::identity_hash(a[0]));
    Ok(bigint::int_from_i64(vm, h))
}

fn round(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = this(vm, a[0], "__round__")?;
    if matches!(a[1], Value::UNBOUND | Value::NONE) {
        return float_to_int(vm, text::round_half_even(x));
    }
    let digits = protocol::index_clamped(vm, a[1])?;
    match text::round_to_digits(x, digits) {
        Ok(r) => Ok(vm.ctx.box_float(r)),
        Err(e) => Err(raise_kind(vm, e.kind(), &e.to_string())),
    }
}

fn as_integer_ratio(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = this(vm, a[0], "as_integer_ratio")?;
    match text::as_integer_ratio(x) {
        Ok((m, e)) => {
            let (n, d) = match e {
                0.. => (IBig::from(m) << e as usize, IBig::ONE),
                _ => (IBig::from(m), IBig::ONE << e.unsigned_abs() as usize),
            };
            let n = bigint::int_from_ibig(vm, &n)?;
            let d = bigint::int_from_ibig(vm, &d)?;
            tuple::new_tuple(vm, &[n, d])
        }
        Err(e) => Err(raise_kind(vm, e.kind(), &e.to_string())),
    }
}

// ---- text and construction

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = this(vm, a[0], "__repr__")?;
    strs::float_str(vm, x)
}

fn format(vm: &mut Vm, a: &[Value]) -> PyResult {
    let spec = spec_bytes(vm, a[1])?;
    if spec.is_empty() {
        return protocol::to_str(vm, a[0]);
    }
    let x = this(vm, a[0], "__format__")?;
    let type_name = vm.class_name(a[0]);
    format::formatted(vm, |out| hoop_text::spec::format_float(out, x, spec, &type_name))
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = if a[1] == Value::UNBOUND { 0.0 } else { to_float(vm, a[1])? };
    let (v, exact) = (vm.ctx.box_float(x), vm.types.float);
    finish_new(vm, a[0], exact, v)
}

fn from_hex(vm: &mut Vm, a: &[Value]) -> PyResult {
    let inner = vm.unwrap(a[1]);
    if vm.kind(inner) != Kind::Str {
        let text = "bad argument type for built-in operation";
        return Err(vm.type_error(text));
    }
    match text::from_hex(str_bytes(inner)) {
        Ok(x) => {
            let x = if x.is_nan() { fresh_nan(vm, x) } else { x };
            let v = vm.ctx.box_float(x);
            if a[0] == vm.types.float { Ok(v) } else { call::call(vm, a[0], &[v]) }
        }
        Err(e) => Err(raise_kind(vm, e.kind(), &e.to_string())),
    }
}

fn get_format(vm: &mut Vm, a: &[Value]) -> PyResult {
    let inner = vm.unwrap(a[1]);
    if vm.kind(inner) == Kind::Str && matches!(str_bytes(inner), b"double" | b"float") {
        let order = if cfg!(target_endian = "little") { "little" } else { "big" };
        return Ok(hoop_object::text::str(vm, &format!("IEEE, {order}-endian")));
    }
    Err(vm.value_error("__getformat__() argument 1 must be 'double' or 'float'"))
}
