//! The class `int`: constructor, methods, operators, text.

use crate::numbers::float;
use crate::text::str::format;
use dashu_int::ops::BitTest;
use dashu_int::{IBig, Sign, UBig};
use hoop_engine::float_of;
use hoop_gc::Value;
pub use hoop_object::bigint::is_negative;
use hoop_object::bigint::{self, big_words, to_ibig};
use hoop_object::errors::{PyResult, Raise};
use hoop_object::kind::Kind;
use hoop_object::operator::{BinOp, CmpOp};
use hoop_object::rows::{self, NativeDef};
use hoop_object::text::{self, bytearray_data, bytes_data, str_bytes, str_text};
use hoop_object::vm::Vm;
use hoop_object::{hash, strs, tuple};
use hoop_protocol::attributes::{self, GetSet};
use hoop_protocol::{attr, call, native, protocol};
use hoop_text::ErrorKind;
use hoop_text::int::{ParseIntError, ParsedInt};
use hoop_text::spec::Integer;

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, x=0, /, base=10", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__str__", "$self, /", to_text),
    NativeDef::new("__format__", "$self, format_spec, /", format),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__bool__", "$self, /", |vm, a| {
        Ok(Value::bool(this(vm, a[0], "__bool__")? != Value::int(0)))
    }),
    NativeDef::new("__int__", "$self, /", |vm, a| this(vm, a[0], "__int__")),
    NativeDef::new("__index__", "$self, /", |vm, a| this(vm, a[0], "__index__")),
    NativeDef::new("__trunc__", "$self, /", |vm, a| this(vm, a[0], "__trunc__")),
    NativeDef::new("__floor__", "$self, /", |vm, a| this(vm, a[0], "__floor__")),
    NativeDef::new("__ceil__", "$self, /", |vm, a| this(vm, a[0], "__ceil__")),
    NativeDef::new("__pos__", "$self, /", |vm, a| this(vm, a[0], "__pos__")),
    NativeDef::new("conjugate", "$self, /", |vm, a| this(vm, a[0], "conjugate")),
    NativeDef::new("__float__", "$self, /", to_float),
    NativeDef::new("__neg__", "$self, /", |vm, a| {
        let v = this(vm, a[0], "__neg__")?;
        bigint::int_neg(vm, v)
    }),
    NativeDef::new("__abs__", "$self, /", |vm, a| {
        let v = this(vm, a[0], "__abs__")?;
        bigint::int_abs(vm, v)
    }),
    NativeDef::new("__invert__", "$self, /", invert),
    NativeDef::new("__round__", "$self, ndigits=None, /", round),
    NativeDef::new("__add__", "$self, value, /", |vm, a| forward(vm, BinOp::Add, a)),
    NativeDef::new("__radd__", "$self, value, /", |vm, a| reflected(vm, BinOp::Add, a)),
    NativeDef::new("__sub__", "$self, value, /", |vm, a| forward(vm, BinOp::Sub, a)),
    NativeDef::new("__rsub__", "$self, value, /", |vm, a| reflected(vm, BinOp::Sub, a)),
    NativeDef::new("__mul__", "$self, value, /", |vm, a| forward(vm, BinOp::Mul, a)),
    NativeDef::new("__rmul__", "$self, value, /", |vm, a| reflected(vm, BinOp::Mul, a)),
    NativeDef::new("__truediv__", "$self, value, /", |vm, a| forward(vm, BinOp::TrueDiv, a)),
    NativeDef::new("__rtruediv__", "$self, value, /", |vm, a| reflected(vm, BinOp::TrueDiv, a)),
    NativeDef::new("__floordiv__", "$self, value, /", |vm, a| forward(vm, BinOp::FloorDiv, a)),
    NativeDef::new("__rfloordiv__", "$self, value, /", |vm, a| reflected(vm, BinOp::FloorDiv, a)),
    NativeDef::new("__mod__", "$self, value, /", |vm, a| forward(vm, BinOp::Mod, a)),
    NativeDef::new("__rmod__", "$self, value, /", |vm, a| reflected(vm, BinOp::Mod, a)),
    NativeDef::new("__divmod__", "$self, value, /", |vm, a| div_mod(vm, a[0], a[1])),
    NativeDef::new("__rdivmod__", "$self, value, /", |vm, a| div_mod(vm, a[1], a[0])),
    NativeDef::new("__pow__", "$self, value, mod=None, /", |vm, a| power(vm, a[0], a[1], a[2])),
    NativeDef::new("__rpow__", "$self, value, mod=None, /", |vm, a| power(vm, a[1], a[0], a[2])),
    NativeDef::new("__lshift__", "$self, value, /", |vm, a| forward(vm, BinOp::LShift, a)),
    NativeDef::new("__rlshift__", "$self, value, /", |vm, a| reflected(vm, BinOp::LShift, a)),
    NativeDef::new("__rshift__", "$self, value, /", |vm, a| forward(vm, BinOp::RShift, a)),
    NativeDef::new("__rrshift__", "$self, value, /", |vm, a| reflected(vm, BinOp::RShift, a)),
    NativeDef::new("__and__", "$self, value, /", |vm, a| forward(vm, BinOp::And, a)),
    NativeDef::new("__rand__", "$self, value, /", |vm, a| reflected(vm, BinOp::And, a)),
    NativeDef::new("__or__", "$self, value, /", |vm, a| forward(vm, BinOp::Or, a)),
    NativeDef::new("__ror__", "$self, value, /", |vm, a| reflected(vm, BinOp::Or, a)),
    NativeDef::new("__xor__", "$self, value, /", |vm, a| forward(vm, BinOp::Xor, a)),
    NativeDef::new("__rxor__", "$self, value, /", |vm, a| reflected(vm, BinOp::Xor, a)),
    NativeDef::new("__eq__", "$self, value, /", |vm, a| compare(vm, CmpOp::Eq, a)),
    NativeDef::new("__ne__", "$self, value, /", |vm, a| compare(vm, CmpOp::Ne, a)),
    NativeDef::new("__lt__", "$self, value, /", |vm, a| compare(vm, CmpOp::Lt, a)),
    NativeDef::new("__le__", "$self, value, /", |vm, a| compare(vm, CmpOp::Le, a)),
    NativeDef::new("__gt__", "$self, value, /", |vm, a| compare(vm, CmpOp::Gt, a)),
    NativeDef::new("__ge__", "$self, value, /", |vm, a| compare(vm, CmpOp::Ge, a)),
    NativeDef::new("bit_length", "$self, /", |vm, a| {
        let v = this(vm, a[0], "bit_length")?;
        Ok(Value::int(bigint::bit_length(v) as i64))
    }),
    NativeDef::new("bit_count", "$self, /", bit_count),
    NativeDef::new("to_bytes", "$self, /, length=1, byteorder='big', *, signed=False", to_bytes),
    NativeDef::new("as_integer_ratio", "$self, /", |vm, a| {
        let v = this(vm, a[0], "as_integer_ratio")?;
        tuple::new_tuple(vm, &[v, Value::int(1)])
    }),
    NativeDef::new("is_integer", "$self, /", |_, _| Ok(Value::TRUE)),
    NativeDef::new("__getnewargs__", "$self, /", |vm, a| {
        let v = this(vm, a[0], "__getnewargs__")?;
        tuple::new_tuple(vm, &[v])
    }),
    NativeDef::new("__sizeof__", "$self, /", |vm, a| {
        let v = this(vm, a[0], "__sizeof__")?;
        Ok(Value::int(24 + 4 * bigint::bit_length(v).div_ceil(30).max(1) as i64))
    }),
];

const CLASS_METHODS: &[NativeDef] =
    &[NativeDef::new("from_bytes", "$type, /, bytes, byteorder='big', *, signed=False", from_bytes)];

const GETTERS: &[GetSet] = &[
    GetSet { name: "real", get: |vm, v| this(vm, v, "real"), set: None },
    GetSet { name: "imag", get: |_, _| Ok(Value::int(0)), set: None },
    GetSet { name: "numerator", get: |vm, v| this(vm, v, "numerator"), set: None },
    GetSet { name: "denominator", get: |_, _| Ok(Value::int(1)), set: None },
];

pub fn init(vm: &mut Vm) {
    let class = vm.types.int;
    vm.add_methods(class, METHODS);
    add_class_methods(vm, class, CLASS_METHODS);
    attributes::add_getsets(vm, class, GETTERS);
}

/// Adds classmethods to a built-in class.
#[inline]
pub fn add_class_methods(vm: &mut Vm, class: Value, defs: &'static [NativeDef]) {
    for def in defs {
        let f = rows::new_builtin(vm, def, None, Some(class));
        let f = vm.new_wrapper(Kind::ClassMethod, f);
        vm.set_class_attr_str(class, def.name, f);
    }
}

/// The int object of a method's own operand; TypeError if it is none.
fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    match bigint::operand(vm, v) {
        Some(v) => Ok(v),
        None => Err(native::receiver_error(vm, v, "int", method)),
    }
}

/// Raises what an error of the text crate stands for.
#[cold]
pub fn raise_kind(vm: &mut Vm, kind: ErrorKind, message: &str) -> Raise {
    let t = &vm.types;
    let class = match kind {
        ErrorKind::Value => t.value_error,
        ErrorKind::Type => t.type_error,
        ErrorKind::Overflow => t.overflow_error,
        ErrorKind::Index => t.index_error,
        ErrorKind::Key => t.key_error,
        ErrorKind::Memory => return vm.memory_error(),
        ErrorKind::ZeroDivision => t.zero_division_error,
    };
    vm.raise_new(class, message)
}

/// What `__new__` of a built-in class gives: the plain object, or an instance of a subclass that carries it.
#[inline]
pub fn finish_new(vm: &mut Vm, cls: Value, exact: Value, payload: Value) -> PyResult {
    if cls == exact {
        return Ok(payload);
    }
    let name = vm.name_of_class(exact);
    if vm.kind(cls) != Kind::Class {
        let got = vm.class_name(cls);
        return Err(vm.type_error(format!("{name}.__new__(X): X is not a type object ({got})")));
    }
    if !vm.is_subclass(cls, exact) {
        let got = vm.name_of_class(cls);
        return Err(vm.type_error(format!("{name}.__new__({got}): {got} is not a subtype of {name}")));
    }
    Ok(vm.new_payload_instance(cls, payload))
}

/// Hash of an int object.
#[inline]
pub fn int_hash(v: Value) -> i64 {
    match v.as_int() {
        Some(i) => hoop_object::hash::int_hash(i),
        None => hash::big_hash(v),
    }
}

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "__hash__")?;
    Ok(bigint::int_from_i64(vm, int_hash(v)))
}

// ---- operators

fn forward(vm: &mut Vm, op: BinOp, a: &[Value]) -> PyResult {
    match (bigint::operand(vm, a[0]), bigint::operand(vm, a[1])) {
        (Some(x), Some(y)) => bigint::int_binary(vm, op, x, y),
        (None, _) => {
            let name = str_text(op.methods(&vm.names).0).into_owned();
            Err(native::receiver_error(vm, a[0], "int", &name))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn reflected(vm: &mut Vm, op: BinOp, a: &[Value]) -> PyResult {
    match (bigint::operand(vm, a[1]), bigint::operand(vm, a[0])) {
        (Some(x), Some(y)) => bigint::int_binary(vm, op, x, y),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn div_mod(vm: &mut Vm, x: Value, y: Value) -> PyResult {
    let (Some(x), Some(y)) = (bigint::operand(vm, x), bigint::operand(vm, y)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if y == Value::int(0) {
        return Err(vm.zero_division("division by zero"));
    }
    let (q, r) = bigint::int_div_mod(vm, x, y)?;
    tuple::new_tuple(vm, &[q, r])
}

fn power(vm: &mut Vm, x: Value, y: Value, modulus: Value) -> PyResult {
    let (Some(x), Some(y)) = (bigint::operand(vm, x), bigint::operand(vm, y)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if modulus == Value::UNBOUND || modulus == Value::NONE {
        return bigint::int_binary(vm, BinOp::Pow, x, y);
    }
    match bigint::operand(vm, modulus) {
        Some(m) => bigint::int_pow_mod(vm, x, y, m),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn compare(vm: &mut Vm, op: CmpOp, a: &[Value]) -> PyResult {
    match (bigint::operand(vm, a[0]), bigint::operand(vm, a[1])) {
        (Some(x), Some(y)) => Ok(Value::bool(op.holds(bigint::order(x, y)))),
        (None, _) => {
            let name = str_text(op.method(&vm.names)).into_owned();
            Err(native::receiver_error(vm, a[0], "int", &name))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn invert(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "__invert__")?;
    let n = bigint::int_neg(vm, v)?;
    bigint::int_binary(vm, BinOp::Sub, n, Value::int(1))
}

fn to_float(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "__float__")?;
    let f = bigint::int_to_f64(vm, v)?;
    Ok(vm.ctx.box_float(f))
}

fn round(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "__round__")?;
    if matches!(a[1], Value::UNBOUND | Value::NONE) {
        return Ok(v);
    }
    let digits = protocol::index_value(vm, a[1])?;
    bigint::int_round(vm, v, digits)
}

fn bit_count(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "bit_count")?;
    let count = match v.as_int() {
        Some(i) => i.unsigned_abs().count_ones() as i64,
        None => big_words(v).iter().map(|w| w.count_ones() as i64).sum(),
    };
    Ok(Value::int(count))
}

// ---- text

/// An int object for the formatting functions of the text crate.
pub struct IntText(pub Value);

impl Integer for IntText {
    fn is_negative(&self) -> bool {
        is_negative(self.0)
    }

    fn push_digits(&self, out: &mut Vec<u8>, radix: u32) {
        match self.0.as_int() {
            Some(i) => hoop_text::int::push_magnitude(out, i.unsigned_abs(), radix),
            None => out.extend_from_slice(digits(self.0, radix).as_bytes()),
        }
    }

    fn to_f64(&self) -> Option<f64> {
        bigint::to_f64(self.0)
    }

    fn to_i64(&self) -> Option<i64> {
        bigint::to_i64(self.0)
    }
}

/// Digits of the magnitude, no sign.
#[inline]
pub fn digits(v: Value, radix: u32) -> String {
    match v.as_int() {
        Some(i) => hoop_text::int::magnitude_digits(i.unsigned_abs(), radix),
        None => UBig::from_words(big_words(v)).in_radix(radix as u8).to_string(),
    }
}

/// `bin`, `oct`, `hex` of an int object: prefix without the 0.
#[inline]
pub fn prefixed(v: Value, radix: u32, prefix: &str) -> String {
    let sign = if is_negative(v) { "-" } else { "" };
    format!("{sign}0{prefix}{}", digits(v, radix))
}

const MAX_DIGITS_KEY: &str = "int_max_str_digits";

/// `sys.get_int_max_str_digits()`; 0 for no limit.
#[inline]
pub fn int_max_str_digits(vm: &Vm) -> usize {
    match vm.module_state.get(MAX_DIGITS_KEY).and_then(|v| v.as_int()) {
        Some(n) => n as usize,
        None => hoop_text::int::DEFAULT_MAX_STR_DIGITS,
    }
}

/// `sys.set_int_max_str_digits(n)`; the caller has checked `n`.
#[inline]
pub fn set_int_max_str_digits(vm: &mut Vm, n: usize) {
    vm.module_state.insert(MAX_DIGITS_KEY, Value::int(n as i64));
}

/// Decimal text of an int object. ValueError beyond the limit.
#[inline]
pub fn int_decimal(vm: &mut Vm, v: Value) -> PyResult<String> {
    if let Some(i) = v.as_int() {
        return Ok(hoop_text::int::decimal(i));
    }
    check_print_limit(vm, v)?;
    let text = to_ibig(v).to_string();
    let limit = int_max_str_digits(vm);
    if limit > 0 && text.len() - is_negative(v) as usize > limit {
        return Err(vm.value_error(hoop_text::int::print_limit_message(limit)));
    }
    Ok(text)
}

/// Refuses ints that have far too many digits without converting them.
fn check_print_limit(vm: &mut Vm, v: Value) -> PyResult<()> {
    let limit = int_max_str_digits(vm);
    if limit > 0 && bigint::bit_length(v) > limit * 10 / 3 + 64 {
        return Err(vm.value_error(hoop_text::int::print_limit_message(limit)));
    }
    Ok(())
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "__repr__")?;
    if let Some(i) = v.as_int() {
        return strs::small_int_str(vm, i);
    }
    let text = int_decimal(vm, v)?;
    Ok(text::str(vm, &text))
}

/// `__str__`: the repr, also one that a subclass defines.
#[inline]
pub fn to_text(vm: &mut Vm, a: &[Value]) -> PyResult {
    protocol::repr(vm, a[0])
}

/// A format specification's text. TypeError if it is no str.
#[inline]
pub fn spec_bytes<'a>(vm: &mut Vm, spec: Value) -> PyResult<&'a [u8]> {
    let inner = vm.unwrap(spec);
    if vm.kind(inner) == Kind::Str {
        return Ok(str_bytes(inner));
    }
    let text = format!("__format__() argument must be str, not {}", vm.class_name(spec));
    Err(vm.type_error(text))
}

fn format(vm: &mut Vm, a: &[Value]) -> PyResult {
    let spec = spec_bytes(vm, a[1])?;
    if spec.is_empty() {
        return protocol::to_str(vm, a[0]);
    }
    let v = this(vm, a[0], "__format__")?;
    if !v.is_int() && !matches!(spec.last(), Some(b'x' | b'X' | b'o' | b'b' | b'c')) {
        check_print_limit(vm, v)?;
    }
    let type_name = vm.class_name(a[0]);
    format::formatted(vm, |out| hoop_text::spec::format_int(out, &IntText(v), spec, &type_name))
}

// ---- conversion

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (cls, x, base) = (a[0], a[1], a[2]);
    let v = match (x, base) {
        (Value::UNBOUND, Value::UNBOUND) => Value::int(0),
        (Value::UNBOUND, _) => return Err(vm.type_error("int() missing string argument")),
        (x, Value::UNBOUND) => to_int(vm, x)?,
        (x, base) => {
            let base = protocol::index_clamped(vm, base)?;
            match parse(vm, x, base)? {
                Some(v) => v,
                None => return Err(vm.type_error("int() can't convert non-string with explicit base")),
            }
        }
    };
    let exact = vm.types.int;
    finish_new(vm, cls, exact, v)
}

/// Reads text or bytes; nothing for other values.
fn parse(vm: &mut Vm, x: Value, base: i64) -> PyResult<Option<Value>> {
    let limit = int_max_str_digits(vm);
    let inner = vm.unwrap(x);
    let parsed = match vm.kind(inner) {
        Kind::Str => hoop_text::int::parse_int(str_bytes(inner), base, limit),
        Kind::Bytes => hoop_text::int::parse_int_ascii(bytes_data(inner), base, limit),
        Kind::ByteArray => hoop_text::int::parse_int_ascii(bytearray_data(inner), base, limit),
        _ => return Ok(None),
    };
    match parsed {
        Ok(n) => parsed_int(vm, n).map(Some),
        Err(ParseIntError::Literal { base }) => Err(bad_literal(vm, inner, base)),
        Err(e) => Err(vm.value_error(e.message(""))),
    }
}

/// Characters of a literal's repr that an error shows.
const MAX_SHOWN: usize = 200;

/// The error for text or bytes that are no literal of the base.
#[cold]
fn bad_literal(vm: &mut Vm, v: Value, base: i64) -> Raise {
    let message = strs::written(vm, |vm, out| {
        hoop_text::int::push_bad_literal(out, base);
        let start = out.len();
        match vm.kind(v) {
            Kind::Str => hoop_text::text::push_repr_str(out, str_bytes(v)),
            Kind::ByteArray => {
                let bytes = text::new_bytes(vm, bytearray_data(v))?;
                out.extend_from_slice(protocol::repr_text(vm, bytes)?.as_bytes());
            }
            _ => out.extend_from_slice(protocol::repr_text(vm, v)?.as_bytes()),
        }
        if let Some(end) = hoop_text::wtf8::byte_offset(&out[start..], MAX_SHOWN) {
            out.truncate(start + end);
        }
        Ok(())
    });
    let class = vm.types.value_error;
    message.map_or_else(|raise| raise, |text| vm.raise_with(class, &[text]))
}

/// The int object of a parsed literal.
#[inline]
pub fn parsed_int(vm: &mut Vm, n: ParsedInt) -> PyResult {
    match n {
        ParsedInt::Small(i) => Ok(bigint::int_from_i64(vm, i)),
        ParsedInt::Big { negative, digits, radix } => {
            let size = UBig::from_str_radix(&digits, radix).unwrap_or(UBig::ZERO);
            let sign = if negative { Sign::Negative } else { Sign::Positive };
            bigint::int_from_ibig(vm, &IBig::from_parts(sign, size))
        }
    }
}

/// The int of decimal digits (with an optional sign) that are known to be good.
#[inline]
pub fn int_from_decimal(vm: &mut Vm, text: &str) -> Value {
    let n = text.parse::<IBig>().unwrap_or(IBig::ZERO);
    bigint::int_from_ibig(vm, &n).unwrap_or(Value::int(0))
}

/// `int(x)`.
pub fn to_int(vm: &mut Vm, x: Value) -> PyResult {
    match vm.kind(x) {
        Kind::Int | Kind::BigInt => return Ok(x),
        Kind::Bool => return Ok(Value::int((x == Value::TRUE) as i64)),
        Kind::Float => return float::float_to_int(vm, float_of(x).unwrap_or(0.0)),
        Kind::Str => return Ok(parse(vm, x, 10)?.unwrap_or(Value::int(0))),
        _ => {}
    }
    if let Some(f) = attr::special(vm, x, vm.names.int) {
        let r = call::call_special(vm, f, x, &[])?;
        return int_result(vm, r, "__int__");
    }
    if attr::special(vm, x, vm.names.index).is_some() {
        return protocol::index_value(vm, x);
    }
    if let Some(f) = attr::special(vm, x, vm.names.trunc) {
        let r = call::call_special(vm, f, x, &[])?;
        return trunc_result(vm, r);
    }
    match parse(vm, x, 10)? {
        Some(v) => Ok(v),
        None => {
            let name = vm.class_name(x);
            let text = format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{name}'"
            );
            Err(vm.type_error(text))
        }
    }
}

fn int_result(vm: &mut Vm, r: Value, method: &str) -> PyResult {
    match bigint::operand(vm, r) {
        Some(v) => Ok(v),
        None => {
            let text = format!("{method} returned non-int (type {})", vm.class_name(r));
            Err(vm.type_error(text))
        }
    }
}

fn trunc_result(vm: &mut Vm, r: Value) -> PyResult {
    if let Some(v) = bigint::operand(vm, r) {
        return Ok(v);
    }
    if attr::special(vm, r, vm.names.index).is_some() {
        return protocol::index_value(vm, r);
    }
    let text = format!("__trunc__ returned non-Integral (type {})", vm.class_name(r));
    Err(vm.type_error(text))
}

// ---- bytes

/// Reads the byte order argument: true for little-endian.
fn is_little(vm: &mut Vm, order: Value) -> PyResult<bool> {
    if order == Value::UNBOUND {
        return Ok(false);
    }
    let inner = vm.unwrap(order);
    if vm.kind(inner) != Kind::Str {
        let text = format!("argument 'byteorder' must be str, not {}", vm.class_name(order));
        return Err(vm.type_error(text));
    }
    match str_bytes(inner) {
        b"little" => Ok(true),
        b"big" => Ok(false),
        _ => Err(vm.value_error("byteorder must be either 'little' or 'big'")),
    }
}

fn flag(vm: &mut Vm, v: Value) -> PyResult<bool> {
    if v == Value::UNBOUND { Ok(false) } else { protocol::truth(vm, v) }
}

fn to_bytes(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "to_bytes")?;
    let length = if a[1] == Value::UNBOUND { 1 } else { protocol::index(vm, a[1])? };
    let little = is_little(vm, a[2])?;
    let signed = flag(vm, a[3])?;
    if length < 0 {
        return Err(vm.value_error("length argument must be non-negative"));
    }
    let length = length as usize;
    if !signed && is_negative(v) {
        return Err(vm.overflow_error("can't convert negative int to unsigned"));
    }
    if !fits_bytes(v, length, signed) {
        return Err(vm.overflow_error("int too big to convert"));
    }
    let fill = if is_negative(v) { 0xFF } else { 0 };
    let mut out = Vec::new();
    if out.try_reserve_exact(length).is_err() {
        return Err(vm.memory_error());
    }
    out.resize(length, fill);
    let bytes = to_ibig(v).to_le_bytes();
    for (to, &b) in out.iter_mut().zip(bytes.iter()) {
        *to = b;
    }
    if !little {
        out.reverse();
    }
    text::new_bytes(vm, &out)
}

fn fits_bytes(v: Value, length: usize, signed: bool) -> bool {
    let bits = length.saturating_mul(8);
    if !signed {
        return bigint::bit_length(v) <= bits;
    }
    if v == Value::int(0) {
        return true;
    }
    let used = match is_negative(v) {
        // -2^k needs k bits and a sign.
        true => (to_ibig(v) + IBig::ONE).into_parts().1.bit_len(),
        false => bigint::bit_length(v),
    };
    used < bits
}

fn from_bytes(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (cls, source) = (a[0], a[1]);
    let little = is_little(vm, a[2])?;
    let signed = flag(vm, a[3])?;
    let mut data = bytes_of(vm, source)?;
    if !little {
        data.reverse();
    }
    let negative = signed && data.last().is_some_and(|b| b & 0x80 != 0);
    let mut n = IBig::from(UBig::from_le_bytes(&data));
    if negative {
        n -= IBig::ONE << (data.len() * 8);
    }
    let v = bigint::int_from_ibig(vm, &n)?;
    if cls == vm.types.int { Ok(v) } else { call::call(vm, cls, &[v]) }
}

/// The content of a bytes-like object, of an object with `__bytes__`, or of an iterable of ints.
fn bytes_of(vm: &mut Vm, v: Value) -> PyResult<Vec<u8>> {
    let inner = vm.unwrap(v);
    match vm.kind(inner) {
        Kind::Bytes => return Ok(bytes_data(inner).to_vec()),
        Kind::ByteArray => return Ok(bytearray_data(inner).to_vec()),
        Kind::Str | Kind::Int | Kind::BigInt | Kind::Float | Kind::Bool | Kind::None => {
            let text = format!("cannot convert '{}' object to bytes", vm.class_name(v));
            return Err(vm.type_error(text));
        }
        _ => {}
    }
    if let Some(f) = attr::special(vm, v, vm.names.bytes) {
        let r = call::call_special(vm, f, v, &[])?;
        let inner = vm.unwrap(r);
        if vm.kind(inner) != Kind::Bytes {
            let text = format!("__bytes__ returned non-bytes (type {})", vm.class_name(r));
            return Err(vm.type_error(text));
        }
        return Ok(bytes_data(inner).to_vec());
    }
    let items = protocol::collect(vm, v)?;
    let mut out = Vec::with_capacity(items.len());
    for &item in items.as_slice() {
        match protocol::index(vm, item)? {
            b @ 0..=255 => out.push(b as u8),
            _ => return Err(vm.value_error("bytes must be in range(0, 256)")),
        }
    }
    Ok(out)
}
