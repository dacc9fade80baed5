//! The class `int`: constructor, methods, operators, text.

use super::attributes::GetSet;
pub use super::bigint::is_negative;
use super::bigint::{self, big_is_negative, big_words, to_ibig};
use crate::errors::{PyResult, Raise};
use crate::native::NativeDef;
use crate::objects::Kind;
use crate::objects::text::{bytearray_data, bytes_data, str_bytes, str_text};
use crate::operator::{BinOp, CmpOp};
use crate::vm::Vm;
use dashu_int::ops::BitTest;
use dashu_int::{IBig, Sign, UBig};
use hoop_engine::float_of;
use hoop_gc::Value;
use hoop_text::ErrorKind;
use hoop_text::int::{ParseIntError, ParsedInt};
use hoop_text::spec::Integer;

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, x=0, /, base=10", new),
    NativeDef::new("__repr__", "self, /", repr),
    NativeDef::new("__str__", "self, /", to_text),
    NativeDef::new("__format__", "self, format_spec, /", format),
    NativeDef::new("__hash__", "self, /", hash),
    NativeDef::new("__bool__", "self, /", |vm, a| {
        Ok(Value::bool(this(vm, a[0], "__bool__")? != Value::int(0)))
    }),
    NativeDef::new("__int__", "self, /", |vm, a| this(vm, a[0], "__int__")),
    NativeDef::new("__index__", "self, /", |vm, a| this(vm, a[0], "__index__")),
    NativeDef::new("__trunc__", "self, /", |vm, a| this(vm, a[0], "__trunc__")),
    NativeDef::new("__floor__", "self, /", |vm, a| this(vm, a[0], "__floor__")),
    NativeDef::new("__ceil__", "self, /", |vm, a| this(vm, a[0], "__ceil__")),
    NativeDef::new("__pos__", "self, /", |vm, a| this(vm, a[0], "__pos__")),
    NativeDef::new("conjugate", "self, /", |vm, a| this(vm, a[0], "conjugate")),
    NativeDef::new("__float__", "self, /", to_float),
    NativeDef::new("__neg__", "self, /", |vm, a| {
        let v = this(vm, a[0], "__neg__")?;
        vm.int_neg(v)
    }),
    NativeDef::new("__abs__", "self, /", |vm, a| {
        let v = this(vm, a[0], "__abs__")?;
        vm.int_abs(v)
    }),
    NativeDef::new("__invert__", "self, /", invert),
    NativeDef::new("__round__", "self, ndigits=None, /", round),
    NativeDef::new("__add__", "self, other, /", |vm, a| forward(vm, BinOp::Add, a)),
    NativeDef::new("__radd__", "self, other, /", |vm, a| reflected(vm, BinOp::Add, a)),
    NativeDef::new("__sub__", "self, other, /", |vm, a| forward(vm, BinOp::Sub, a)),
    NativeDef::new("__rsub__", "self, other, /", |vm, a| reflected(vm, BinOp::Sub, a)),
    NativeDef::new("__mul__", "self, other, /", |vm, a| forward(vm, BinOp::Mul, a)),
    NativeDef::new("__rmul__", "self, other, /", |vm, a| reflected(vm, BinOp::Mul, a)),
    NativeDef::new("__truediv__", "self, other, /", |vm, a| forward(vm, BinOp::TrueDiv, a)),
    NativeDef::new("__rtruediv__", "self, other, /", |vm, a| reflected(vm, BinOp::TrueDiv, a)),
    NativeDef::new("__floordiv__", "self, other, /", |vm, a| forward(vm, BinOp::FloorDiv, a)),
    NativeDef::new("__rfloordiv__", "self, other, /", |vm, a| reflected(vm, BinOp::FloorDiv, a)),
    NativeDef::new("__mod__", "self, other, /", |vm, a| forward(vm, BinOp::Mod, a)),
    NativeDef::new("__rmod__", "self, other, /", |vm, a| reflected(vm, BinOp::Mod, a)),
    NativeDef::new("__divmod__", "self, other, /", |vm, a| div_mod(vm, a[0], a[1])),
    NativeDef::new("__rdivmod__", "self, other, /", |vm, a| div_mod(vm, a[1], a[0])),
    NativeDef::new("__pow__", "self, value, mod=None, /", |vm, a| power(vm, a[0], a[1], a[2])),
    NativeDef::new("__rpow__", "self, value, mod=None, /", |vm, a| power(vm, a[1], a[0], a[2])),
    NativeDef::new("__lshift__", "self, other, /", |vm, a| forward(vm, BinOp::LShift, a)),
    NativeDef::new("__rlshift__", "self, other, /", |vm, a| reflected(vm, BinOp::LShift, a)),
    NativeDef::new("__rshift__", "self, other, /", |vm, a| forward(vm, BinOp::RShift, a)),
    NativeDef::new("__rrshift__", "self, other, /", |vm, a| reflected(vm, BinOp::RShift, a)),
    NativeDef::new("__and__", "self, other, /", |vm, a| forward(vm, BinOp::And, a)),
    NativeDef::new("__rand__", "self, other, /", |vm, a| reflected(vm, BinOp::And, a)),
    NativeDef::new("__or__", "self, other, /", |vm, a| forward(vm, BinOp::Or, a)),
    NativeDef::new("__ror__", "self, other, /", |vm, a| reflected(vm, BinOp::Or, a)),
    NativeDef::new("__xor__", "self, other, /", |vm, a| forward(vm, BinOp::Xor, a)),
    NativeDef::new("__rxor__", "self, other, /", |vm, a| reflected(vm, BinOp::Xor, a)),
    NativeDef::new("__eq__", "self, other, /", |vm, a| compare(vm, CmpOp::Eq, a)),
    NativeDef::new("__ne__", "self, other, /", |vm, a| compare(vm, CmpOp::Ne, a)),
    NativeDef::new("__lt__", "self, other, /", |vm, a| compare(vm, CmpOp::Lt, a)),
    NativeDef::new("__le__", "self, other, /", |vm, a| compare(vm, CmpOp::Le, a)),
    NativeDef::new("__gt__", "self, other, /", |vm, a| compare(vm, CmpOp::Gt, a)),
    NativeDef::new("__ge__", "self, other, /", |vm, a| compare(vm, CmpOp::Ge, a)),
    NativeDef::new("bit_length", "self, /", |vm, a| {
        let v = this(vm, a[0], "bit_length")?;
        Ok(Value::int(bigint::bit_length(v) as i64))
    }),
    NativeDef::new("bit_count", "self, /", bit_count),
    NativeDef::new("to_bytes", "self, /, length=1, byteorder='big', *, signed=False", to_bytes),
    NativeDef::new("as_integer_ratio", "self, /", |vm, a| {
        let v = this(vm, a[0], "as_integer_ratio")?;
        vm.new_tuple(&[v, Value::int(1)])
    }),
    NativeDef::new("is_integer", "self, /", |_, _| Ok(Value::TRUE)),
    NativeDef::new("__getnewargs__", "self, /", |vm, a| {
        let v = this(vm, a[0], "__getnewargs__")?;
        vm.new_tuple(&[v])
    }),
    NativeDef::new("__sizeof__", "self, /", |vm, a| {
        let v = this(vm, a[0], "__sizeof__")?;
        Ok(Value::int(24 + 4 * bigint::bit_length(v).div_ceil(30).max(1) as i64))
    }),
];

const CLASS_METHODS: &[NativeDef] =
    &[NativeDef::new("from_bytes", "cls, /, bytes, byteorder='big', *, signed=False", from_bytes)];

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
    vm.add_getsets(class, GETTERS);
}

/// Adds classmethods to a built-in class.
pub fn add_class_methods(vm: &mut Vm, class: Value, defs: &'static [NativeDef]) {
    for def in defs {
        let f = vm.new_builtin(def, None, Some(class));
        let f = vm.new_wrapper(Kind::ClassMethod, f);
        vm.set_class_attr_str(class, def.name, f);
    }
}

// ---- operands

/// A value as an int object, if it is an int, a bool, or an instance of a subclass of int.
#[inline]
pub fn operand(vm: &Vm, v: Value) -> Option<Value> {
    if v.is_int() {
        return Some(v);
    }
    match vm.kind(v) {
        Kind::BigInt => Some(v),
        Kind::Bool => Some(Value::int((v == Value::TRUE) as i64)),
        Kind::Instance | Kind::InstanceDict => {
            let inner = vm.unwrap(v);
            (inner.is_int() || inner != v && vm.kind(inner) == Kind::BigInt).then_some(inner)
        }
        _ => None,
    }
}

/// The int object of a method's own operand; TypeError if it is none.
fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    match operand(vm, v) {
        Some(v) => Ok(v),
        None => Err(vm.receiver_error(v, "int", method)),
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

/// Hash of a heap int.
pub fn big_hash(v: Value) -> i64 {
    hoop_text::hash::hash_words(big_is_negative(v), big_words(v))
}

/// Hash of an int object.
pub fn int_hash(v: Value) -> i64 {
    match v.as_int() {
        Some(i) => crate::hash::int_hash(i),
        None => big_hash(v),
    }
}

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "__hash__")?;
    Ok(vm.int_from_i64(int_hash(v)))
}

// ---- operators

fn forward(vm: &mut Vm, op: BinOp, a: &[Value]) -> PyResult {
    match (operand(vm, a[0]), operand(vm, a[1])) {
        (Some(x), Some(y)) => vm.int_binary(op, x, y),
        (None, _) => {
            let name = str_text(op.methods(&vm.names).0).into_owned();
            Err(vm.receiver_error(a[0], "int", &name))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn reflected(vm: &mut Vm, op: BinOp, a: &[Value]) -> PyResult {
    match (operand(vm, a[1]), operand(vm, a[0])) {
        (Some(x), Some(y)) => vm.int_binary(op, x, y),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn div_mod(vm: &mut Vm, x: Value, y: Value) -> PyResult {
    let (Some(x), Some(y)) = (operand(vm, x), operand(vm, y)) else { return Ok(Value::NOT_IMPLEMENTED) };
    if y == Value::int(0) {
        return Err(vm.zero_division("division by zero"));
    }
    let (q, r) = vm.int_div_mod(x, y)?;
    vm.new_tuple(&[q, r])
}

fn power(vm: &mut Vm, x: Value, y: Value, modulus: Value) -> PyResult {
    let (Some(x), Some(y)) = (operand(vm, x), operand(vm, y)) else { return Ok(Value::NOT_IMPLEMENTED) };
    if modulus == Value::UNBOUND || modulus == Value::NONE {
        return vm.int_binary(BinOp::Pow, x, y);
    }
    match operand(vm, modulus) {
        Some(m) => vm.int_pow_mod(x, y, m),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn compare(vm: &mut Vm, op: CmpOp, a: &[Value]) -> PyResult {
    match (operand(vm, a[0]), operand(vm, a[1])) {
        (Some(x), Some(y)) => Ok(Value::bool(op.holds(bigint::order(x, y)))),
        (None, _) => {
            let name = str_text(op.method(&vm.names)).into_owned();
            Err(vm.receiver_error(a[0], "int", &name))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn invert(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "__invert__")?;
    let n = vm.int_neg(v)?;
    vm.int_binary(BinOp::Sub, n, Value::int(1))
}

fn to_float(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "__float__")?;
    let f = vm.int_to_f64(v)?;
    Ok(vm.ctx.box_float(f))
}

fn round(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "__round__")?;
    if matches!(a[1], Value::UNBOUND | Value::NONE) {
        return Ok(v);
    }
    let digits = vm.index_value(a[1])?;
    vm.int_round(v, digits)
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
pub fn digits(v: Value, radix: u32) -> String {
    match v.as_int() {
        Some(i) => hoop_text::int::magnitude_digits(i.unsigned_abs(), radix),
        None => UBig::from_words(big_words(v)).in_radix(radix as u8).to_string(),
    }
}

/// `bin`, `oct`, `hex` of an int object: prefix without the 0.
pub fn prefixed(v: Value, radix: u32, prefix: &str) -> String {
    let sign = if is_negative(v) { "-" } else { "" };
    format!("{sign}0{prefix}{}", digits(v, radix))
}

const MAX_DIGITS_KEY: &str = "int_max_str_digits";

impl Vm {
    /// `sys.get_int_max_str_digits()`; 0 for no limit.
    pub fn int_max_str_digits(&self) -> usize {
        match self.module_state.get(MAX_DIGITS_KEY).and_then(|v| v.as_int()) {
            Some(n) => n as usize,
            None => hoop_text::int::DEFAULT_MAX_STR_DIGITS,
        }
    }

    /// `sys.set_int_max_str_digits(n)`; the caller has checked `n`.
    pub fn set_int_max_str_digits(&mut self, n: usize) {
        self.module_state.insert(MAX_DIGITS_KEY, Value::int(n as i64));
    }

    /// Decimal text of an int object. ValueError beyond the limit.
    pub fn int_decimal(&mut self, v: Value) -> PyResult<String> {
        if let Some(i) = v.as_int() {
            return Ok(hoop_text::int::decimal(i));
        }
        self.check_print_limit(v)?;
        let text = to_ibig(v).to_string();
        let limit = self.int_max_str_digits();
        if limit > 0 && text.len() - is_negative(v) as usize > limit {
            return Err(self.value_error(hoop_text::int::print_limit_message(limit)));
        }
        Ok(text)
    }

    /// Refuses ints that have far too many digits without converting them.
    fn check_print_limit(&mut self, v: Value) -> PyResult<()> {
        let limit = self.int_max_str_digits();
        if limit > 0 && bigint::bit_length(v) > limit * 10 / 3 + 64 {
            return Err(self.value_error(hoop_text::int::print_limit_message(limit)));
        }
        Ok(())
    }
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "__repr__")?;
    if let Some(i) = v.as_int() {
        return vm.small_int_str(i);
    }
    let text = vm.int_decimal(v)?;
    Ok(vm.str(&text))
}

/// `__str__`: the repr, also one that a subclass defines.
pub fn to_text(vm: &mut Vm, a: &[Value]) -> PyResult {
    vm.repr(a[0])
}

/// A format specification's text. TypeError if it is no str.
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
        return vm.to_str(a[0]);
    }
    let v = this(vm, a[0], "__format__")?;
    if !v.is_int() && !matches!(spec.last(), Some(b'x' | b'X' | b'o' | b'b' | b'c')) {
        vm.check_print_limit(v)?;
    }
    let type_name = vm.class_name(a[0]);
    vm.formatted(|out| hoop_text::spec::format_int(out, &IntText(v), spec, &type_name))
}

// ---- conversion

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (cls, x, base) = (a[0], a[1], a[2]);
    let v = match (x, base) {
        (Value::UNBOUND, Value::UNBOUND) => Value::int(0),
        (Value::UNBOUND, _) => return Err(vm.type_error("int() missing string argument")),
        (x, Value::UNBOUND) => vm.to_int(x)?,
        (x, base) => {
            let base = vm.index_clamped(base)?;
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
    let limit = vm.int_max_str_digits();
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
    let message = vm.written(|vm, out| {
        hoop_text::int::push_bad_literal(out, base);
        let start = out.len();
        match vm.kind(v) {
            Kind::Str => hoop_text::text::push_repr_str(out, str_bytes(v)),
            Kind::ByteArray => {
                let bytes = vm.new_bytes(bytearray_data(v))?;
                out.extend_from_slice(vm.repr_text(bytes)?.as_bytes());
            }
            _ => out.extend_from_slice(vm.repr_text(v)?.as_bytes()),
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
pub fn parsed_int(vm: &mut Vm, n: ParsedInt) -> PyResult {
    match n {
        ParsedInt::Small(i) => Ok(vm.int_from_i64(i)),
        ParsedInt::Big { negative, digits, radix } => {
            let size = UBig::from_str_radix(&digits, radix).unwrap_or(UBig::ZERO);
            let sign = if negative { Sign::Negative } else { Sign::Positive };
            vm.int_from_ibig(&IBig::from_parts(sign, size))
        }
    }
}

impl Vm {
    /// The int of decimal digits (with an optional sign) that are known to be good.
    pub fn int_from_decimal(&mut self, text: &str) -> Value {
        let n = text.parse::<IBig>().unwrap_or(IBig::ZERO);
        self.int_from_ibig(&n).unwrap_or(Value::int(0))
    }

    /// `int(x)`.
    pub fn to_int(&mut self, x: Value) -> PyResult {
        match self.kind(x) {
            Kind::Int | Kind::BigInt => return Ok(x),
            Kind::Bool => return Ok(Value::int((x == Value::TRUE) as i64)),
            Kind::Float => return self.float_to_int(float_of(x).unwrap_or(0.0)),
            Kind::Str => return Ok(parse(self, x, 10)?.unwrap_or(Value::int(0))),
            _ => {}
        }
        if let Some(f) = self.special(x, self.names.int) {
            let r = self.call_special(f, x, &[])?;
            return self.int_result(r, "__int__");
        }
        if self.special(x, self.names.index).is_some() {
            return self.index_value(x);
        }
        if let Some(f) = self.special(x, self.names.trunc) {
            let r = self.call_special(f, x, &[])?;
            return self.trunc_result(r);
        }
        match parse(self, x, 10)? {
            Some(v) => Ok(v),
            None => {
                let name = self.class_name(x);
                let text = format!(
                    "int() argument must be a string, a bytes-like object or a real number, not '{name}'"
                );
                Err(self.type_error(text))
            }
        }
    }

    fn int_result(&mut self, r: Value, method: &str) -> PyResult {
        match operand(self, r) {
            Some(v) => Ok(v),
            None => {
                let text = format!("{method} returned non-int (type {})", self.class_name(r));
                Err(self.type_error(text))
            }
        }
    }

    fn trunc_result(&mut self, r: Value) -> PyResult {
        if let Some(v) = operand(self, r) {
            return Ok(v);
        }
        if self.special(r, self.names.index).is_some() {
            return self.index_value(r);
        }
        let text = format!("__trunc__ returned non-Integral (type {})", self.class_name(r));
        Err(self.type_error(text))
    }
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
    if v == Value::UNBOUND { Ok(false) } else { vm.truth(v) }
}

fn to_bytes(vm: &mut Vm, a: &[Value]) -> PyResult {
    let v = this(vm, a[0], "to_bytes")?;
    let length = if a[1] == Value::UNBOUND { 1 } else { vm.index(a[1])? };
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
    vm.new_bytes(&out)
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
    let v = vm.int_from_ibig(&n)?;
    if cls == vm.types.int { Ok(v) } else { vm.call(cls, &[v]) }
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
    if let Some(f) = vm.special(v, vm.names.bytes) {
        let r = vm.call_special(f, v, &[])?;
        let inner = vm.unwrap(r);
        if vm.kind(inner) != Kind::Bytes {
            let text = format!("__bytes__ returned non-bytes (type {})", vm.class_name(r));
            return Err(vm.type_error(text));
        }
        return Ok(bytes_data(inner).to_vec());
    }
    let items = vm.collect(v)?;
    let mut out = Vec::with_capacity(items.len());
    for &item in items.as_slice() {
        match vm.index(item)? {
            b @ 0..=255 => out.push(b as u8),
            _ => return Err(vm.value_error("bytes must be in range(0, 256)")),
        }
    }
    Ok(out)
}
