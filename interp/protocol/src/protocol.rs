//! Python's protocols for native code: truth, hash, equality, comparison, operators, iteration, text forms. Each may
//! run Python code.

use crate::{attr, bytes, call, iterators, list_slice, order};
use hoop_engine::{float_of, shape_of};
use hoop_gc::Value;
use hoop_object::dict::dict_len;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::list::{self, list_len};
use hoop_object::operator::{BinOp, CmpOp};
use hoop_object::text::{bytes_data, str_bytes, str_is_ascii};
use hoop_object::vm::Vm;
use hoop_object::{bigint, hash, strs};

/// `bool(v)`.
pub fn truth(vm: &mut Vm, v: Value) -> PyResult<bool> {
    match vm.kind(v) {
        Kind::Int => Ok(v != Value::int(0)),
        Kind::Bool => Ok(v == Value::TRUE),
        Kind::None => Ok(false),
        Kind::Float => Ok(float_of(v) != Some(0.0)),
        Kind::Str => Ok(STR_BYTES.read(v) != 0),
        Kind::Bytes => Ok(BYTES_LEN.read(v) != 0),
        Kind::ByteArray => Ok(BYTEARRAY_LEN.read(v) != 0),
        Kind::Tuple => Ok(TUPLE_LEN.read(v) != 0),
        Kind::BigInt => Ok(true),
        Kind::Complex => Ok(COMPLEX_REAL.read(v) != 0.0 || COMPLEX_IMAG.read(v) != 0.0),
        Kind::Range => Ok(RANGE_LEN.read(v) != Some(Value::int(0))),
        k if k.is_list() => Ok(list_len(v) != 0),
        k if k.is_dict() || k.is_set() => Ok(dict_len(v) != 0),
        _ => truth_by_method(vm, v),
    }
}

fn truth_by_method(vm: &mut Vm, v: Value) -> PyResult<bool> {
    if let Some(f) = attr::special(vm, v, vm.names.bool) {
        if f == Value::NONE {
            let text = format!("'{}' cannot be interpreted as a boolean", vm.class_name(v));
            return Err(vm.type_error(text));
        }
        let r = call::call_special(vm, f, v, &[])?;
        return truth_of_result(vm, r, false);
    }
    match attr::special(vm, v, vm.names.len) {
        Some(_) => Ok(len(vm, v)? != 0),
        None => Ok(true),
    }
}

/// The truth that a `__bool__` has returned, or a `__len__` if that `counts`.
#[inline]
pub fn truth_of_result(vm: &mut Vm, r: Value, counts: bool) -> PyResult<bool> {
    match r {
        _ if counts => Ok(length_of_result(vm, r)? != 0),
        Value::TRUE => Ok(true),
        Value::FALSE => Ok(false),
        _ => {
            let text = format!("__bool__ should return bool, returned {}", vm.class_name(r));
            Err(vm.type_error(text))
        }
    }
}

fn length_of_result(vm: &mut Vm, r: Value) -> PyResult<usize> {
    let n = index_value(vm, r)?;
    if hoop_object::bigint::is_negative(n) {
        return Err(vm.value_error("__len__() should return >= 0"));
    }
    Ok(index_length(vm, n)? as usize)
}

/// `len(v)`.
pub fn len(vm: &mut Vm, v: Value) -> PyResult<usize> {
    match vm.kind(v) {
        Kind::Str => Ok(STR_LEN.read(v) as usize),
        Kind::Tuple => Ok(TUPLE_LEN.read(v) as usize),
        Kind::Bytes => Ok(BYTES_LEN.read(v) as usize),
        Kind::ByteArray => Ok(BYTEARRAY_LEN.read(v) as usize),
        k if k.is_list() => Ok(list_len(v)),
        k if k.is_dict() || k.is_set() => Ok(dict_len(v)),
        _ => {
            let Some(f) = attr::special(vm, v, vm.names.len) else {
                let text = format!("object of type '{}' has no len()", vm.class_name(v));
                return Err(vm.type_error(text));
            };
            let r = call::call_special(vm, f, v, &[])?;
            length_of_result(vm, r)
        }
    }
}

/// `hash(v)`.
pub fn hash(vm: &mut Vm, v: Value) -> PyResult<i64> {
    match vm.kind(v) {
        Kind::Str => Ok(hash::str_hash(vm, v)),
        Kind::Int => Ok(hoop_object::hash::int_hash(v.int_unchecked())),
        Kind::Bool => Ok((v == Value::TRUE) as i64),
        Kind::None => Ok(0xFCA8_6420),
        Kind::NotImplemented | Kind::Ellipsis => Ok((v.bits() as i64) << 20 | 0xFCA86),
        Kind::Float => Ok(match float_of(v) {
            Some(f) => hoop_text::hash::hash_f64(f).unwrap_or((f.to_bits() as i64).rotate_left(20) >> 4),
            None => 0,
        }),
        Kind::Bytes => match BYTES_HASH.read(v) {
            0 => {
                let h = hoop_object::hash::bytes_hash(bytes_data(v), vm.hash_seed);
                BYTES_HASH.write(v, h);
                Ok(h)
            }
            h => Ok(h),
        },
        Kind::Tuple => tuple_hash(vm, v),
        k if k.is_list() || k.is_dict() || matches!(k, Kind::Set | Kind::ByteArray) => Err(unhashable(vm, v)),
        _ => hash_by_method(vm, v),
    }
}

fn tuple_hash(vm: &mut Vm, t: Value) -> PyResult<i64> {
    let mut acc = hoop_object::hash::TupleHash::new();
    for &item in hoop_object::tuple::tuple_items(t) {
        let hash = match item.as_int() {
            Some(i) => hoop_object::hash::int_hash(i),
            None => crate::protocol::hash(vm, item)?,
        };
        acc.add(hash);
    }
    Ok(acc.finish())
}

#[inline]
pub fn unhashable(vm: &mut Vm, v: Value) -> hoop_object::errors::Raise {
    let text = format!("unhashable type: '{}'", vm.class_name(v));
    vm.type_error(text)
}

fn hash_by_method(vm: &mut Vm, v: Value) -> PyResult<i64> {
    match attr::special(vm, v, vm.names.hash) {
        None | Some(Value::NONE) => Err(unhashable(vm, v)),
        Some(f) => {
            let r = call::call_special(vm, f, v, &[])?;
            let Some(r) = hoop_object::bigint::operand(vm, r) else {
                return Err(vm.type_error("__hash__ method should return an integer"));
            };
            match hoop_object::bigint::to_i64(r) {
                Some(-1) => Ok(-2),
                Some(hash) => Ok(hash),
                None => Ok(hoop_object::hash::big_hash(r)),
            }
        }
    }
}

/// `id(v)`. Floats are the same when their bits are.
#[inline]
pub fn identity_number(vm: &mut Vm, v: Value) -> Value {
    match float_of(v) {
        Some(f) => bigint::int_from_i128(vm, 1 << 64 | f.to_bits() as i128),
        None => bigint::int_from_i128(vm, v.bits() as i128),
    }
}

/// `a is b or a == b`, as a truth value.
#[inline]
pub fn eq(vm: &mut Vm, a: Value, b: Value) -> PyResult<bool> {
    if a == b {
        return Ok(true);
    }
    if rich_truth(vm, CmpOp::Eq, a, b)? {
        return Ok(true);
    }
    // A NaN is itself, in whatever object.
    Ok(hoop_engine::same_heap_floats(a, b))
}

/// The truth of `a op b`.
#[inline]
pub fn rich_truth(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult<bool> {
    if let Some(o) = quick_order(a, b) {
        return Ok(o.is_some_and(|o| op.holds(o)) || (o.is_none() && op == CmpOp::Ne));
    }
    if vm.kind(a) == Kind::Str && vm.kind(b) == Kind::Str {
        return Ok(op.holds(str_bytes(a).cmp(str_bytes(b))));
    }
    let r = compare(vm, op, a, b)?;
    truth(vm, r)
}

/// `a op b` for a comparison.
pub fn compare(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    if vm.kind(a) == Kind::Tuple && vm.kind(b) == Kind::Tuple {
        if let Some(truth) = order::plain_truth(vm, op, a, b) {
            return Ok(Value::bool(truth));
        }
        return crate::seq::compare(vm, op, a, b, crate::tuples::ACCESS);
    }
    if vm.kind(a) == Kind::Bytes && vm.kind(b) == Kind::Bytes {
        return Ok(Value::bool(op.holds(bytes_data(a).cmp(bytes_data(b)))));
    }
    let (ca, cb) = (vm.class_of(a), vm.class_of(b));
    let method = op.method(&vm.names);
    let reflected = op.swapped().method(&vm.names);
    let right_first = right_compares_first(vm, op, ca, cb);
    if right_first && let Some(r) = try_method(vm, b, reflected, a)? {
        return Ok(r);
    }
    if let Some(r) = try_method(vm, a, method, b)? {
        return Ok(r);
    }
    if right_first {
        return compare_default(vm, op, a, b);
    }
    compare_rest(vm, op, a, b)
}

/// Is the right operand's method asked first: does its class extend the left one's and say something of its own?
#[inline]
pub fn right_compares_first(vm: &Vm, op: CmpOp, left: Value, right: Value) -> bool {
    let names = &vm.names;
    let reflected = op.swapped().method(names);
    left != right
        && vm.is_subclass(right, left)
        && (attr::overrides(vm, right, reflected) || op == CmpOp::Ne && attr::overrides(vm, right, names.eq))
}

/// `a op b` after `a`'s own method has refused.
#[inline]
pub fn compare_rest(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    let reflected = op.swapped().method(&vm.names);
    if let Some(r) = try_method(vm, b, reflected, a)? {
        return Ok(r);
    }
    compare_default(vm, op, a, b)
}

fn compare_default(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    match op {
        CmpOp::Eq => Ok(Value::bool(a == b)),
        CmpOp::Ne => Ok(Value::bool(a != b)),
        _ => {
            let (x, y) = (vm.class_name(a), vm.class_name(b));
            let text = format!("'{}' not supported between instances of '{x}' and '{y}'", op.symbol());
            Err(vm.type_error(text))
        }
    }
}

/// Calls a special method with one argument, if the class has it; nothing if it gives NotImplemented.
#[inline]
pub fn try_method(vm: &mut Vm, this: Value, name: Value, arg: Value) -> PyResult<Option<Value>> {
    match attr::special(vm, this, name) {
        None => Ok(None),
        Some(f) => {
            let r = call::call_special(vm, f, this, &[arg])?;
            Ok(Some(r).filter(|&r| r != Value::NOT_IMPLEMENTED))
        }
    }
}

/// `a op b`.
#[inline]
pub fn binary(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> PyResult {
    if let Some(result) = sequence_operator(vm, op, a, b) {
        return result;
    }
    if op == BinOp::Add && vm.kind(a) == Kind::Bytes && vm.kind(b) == Kind::Bytes {
        return bytes::concat_bytes(vm, a, b);
    }
    if let Some(r) = try_binary(vm, op, a, b)? {
        return Ok(r);
    }
    Err(unsupported_operands(vm, op.symbol(), a, b))
}

/// What an exact sequence does with a value that cannot be of a class below its own. Nothing: the methods decide.
fn sequence_operator(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> Option<PyResult> {
    let (x, y) = (vm.kind(a), vm.kind(b));
    match op {
        BinOp::Mod if x == Kind::Str && !y.is_instance() => Some((vm.hooks.modulo)(vm, &[a, b])),
        BinOp::Add => match (x, y) {
            (Kind::Str, Kind::Str) => Some(hoop_object::strs::concat_str(vm, a, b)),
            (Kind::Tuple, Kind::Tuple) => Some(crate::tuples::concat(vm, a, b)),
            _ if x.is_list() && y.is_list() => Some(crate::list_slice::concat(vm, a, b)),
            _ => None,
        },
        BinOp::Mul if y == Kind::Int => repeat(vm, a, b),
        BinOp::Mul if x == Kind::Int => repeat(vm, b, a),
        _ => None,
    }
}

/// An exact sequence, repeated. Nothing: it is another object.
fn repeat(vm: &mut Vm, sequence: Value, count: Value) -> Option<PyResult> {
    let count = count.as_int()?.max(0) as usize;
    match vm.kind(sequence) {
        Kind::Str => Some(hoop_object::strs::str_repeat(vm, sequence, count)),
        Kind::Tuple => Some(crate::tuples::repeat(vm, sequence, count)),
        k if k.is_list() => Some(list_slice::list_repeat(vm, sequence, count)),
        _ => None,
    }
}

/// `a op b` for built-in numbers.
#[inline]
pub fn number_binary(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> PyResult {
    let int = |k: Kind| matches!(k, Kind::Int | Kind::BigInt);
    if op != BinOp::MatMul && int(vm.kind(a)) && int(vm.kind(b)) {
        return bigint::int_binary(vm, op, a, b);
    }
    binary(vm, op, a, b)
}

/// `a op b` after `a`'s own method has refused.
#[inline]
pub fn binary_rest(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> PyResult {
    let (_, right, _) = op.methods(&vm.names);
    if vm.class_of(a) != vm.class_of(b)
        && let Some(r) = try_method(vm, b, right, a)?
    {
        return Ok(r);
    }
    Err(unsupported_operands(vm, op.symbol(), a, b))
}

#[cold]
pub fn unsupported_operands(vm: &mut Vm, symbol: &str, a: Value, b: Value) -> hoop_object::errors::Raise {
    let (x, y) = (vm.class_name(a), vm.class_name(b));
    vm.type_error(format!("unsupported operand type(s) for {symbol}: '{x}' and '{y}'"))
}

fn try_binary(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> PyResult<Option<Value>> {
    let (left, right, _) = op.methods(&vm.names);
    let (ca, cb) = (vm.class_of(a), vm.class_of(b));
    let right_first = ca != cb && vm.is_subclass(cb, ca) && {
        let (l, r) = (attr::lookup(vm, ca, right), attr::lookup(vm, cb, right));
        r.is_some() && l != r
    };
    if right_first && let Some(r) = try_method(vm, b, right, a)? {
        return Ok(Some(r));
    }
    if let Some(r) = try_method(vm, a, left, b)? {
        return Ok(Some(r));
    }
    if ca != cb
        && !right_first
        && let Some(r) = try_method(vm, b, right, a)?
    {
        return Ok(Some(r));
    }
    concat_fallback(vm, op, a, b)
}

/// What sequences say when nobody knows how to add them.
fn concat_fallback(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> PyResult<Option<Value>> {
    let name = vm.class_name(b);
    let text = match (op, vm.kind(a)) {
        (BinOp::Add, Kind::Str) => format!("can only concatenate str (not \"{name}\") to str"),
        (BinOp::Add, Kind::Tuple) => format!("can only concatenate tuple (not \"{name}\") to tuple"),
        (BinOp::Add, k) if k.is_list() => format!("can only concatenate list (not \"{name}\") to list"),
        (BinOp::Add, Kind::Bytes | Kind::ByteArray) => {
            format!("can't concat {name} to {}", vm.class_name(a))
        }
        (BinOp::Mul, k) if is_sequence(k) => {
            format!("can't multiply sequence by non-int of type '{name}'")
        }
        (BinOp::Mul, _) if is_sequence(vm.kind(b)) => {
            format!("can't multiply sequence by non-int of type '{}'", vm.class_name(a))
        }
        _ => return Ok(None),
    };
    Err(vm.type_error(text))
}

/// `a op= b`.
#[inline]
pub fn inplace(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> PyResult {
    let (_, _, name) = op.methods(&vm.names);
    if let Some(r) = try_method(vm, a, name, b)? {
        return Ok(r);
    }
    if let Some(r) = try_binary(vm, op, a, b)? {
        return Ok(r);
    }
    let symbol = if op == BinOp::Pow { "**=".to_string() } else { format!("{}=", op.symbol()) };
    Err(unsupported_operands(vm, &symbol, a, b))
}

/// `-v`, `+v`, `~v` by method name and symbol.
#[inline]
pub fn unary(vm: &mut Vm, name: Value, symbol: &str, v: Value) -> PyResult {
    match attr::special(vm, v, name) {
        Some(f) => call::call_special(vm, f, v, &[]),
        None => {
            let text = format!("bad operand type for unary {symbol}: '{}'", vm.class_name(v));
            Err(vm.type_error(text))
        }
    }
}

/// An integer argument (`operator.index`) that must fit a machine word: a count, a width, a position.
#[inline]
pub fn index(vm: &mut Vm, v: Value) -> PyResult<i64> {
    let i = index_value(vm, v)?;
    match hoop_object::bigint::to_i64(i) {
        Some(i) => Ok(i),
        None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
    }
}

/// The same for one that must fit a C `int`.
#[inline]
pub fn index_c_int(vm: &mut Vm, v: Value) -> PyResult<i64> {
    let i = index_value(vm, v)?;
    match hoop_object::bigint::to_i64(i) {
        Some(i) if i == i as i32 as i64 => Ok(i),
        _ => Err(vm.overflow_error("Python int too large to convert to C int")),
    }
}

/// The same for a subscript.
#[inline]
pub fn index_subscript(vm: &mut Vm, v: Value) -> PyResult<i64> {
    let class = vm.types.index_error;
    index_sized(vm, v, class)
}

/// The same for a length or the count of a repetition.
#[inline]
pub fn index_length(vm: &mut Vm, v: Value) -> PyResult<i64> {
    let class = vm.types.overflow_error;
    index_sized(vm, v, class)
}

fn index_sized(vm: &mut Vm, v: Value, class: Value) -> PyResult<i64> {
    let i = index_value(vm, v)?;
    match hoop_object::bigint::to_i64(i) {
        Some(i) => Ok(i),
        None => {
            let text = format!("cannot fit '{}' into an index-sized integer", vm.class_name(v));
            Err(vm.raise_new(class, &text))
        }
    }
}

/// As [`protocol::index`], clamped to the range of machine integers instead of failing.
#[inline]
pub fn index_clamped(vm: &mut Vm, v: Value) -> PyResult<i64> {
    let i = index_value(vm, v)?;
    Ok(i.as_int().unwrap_or_else(|| {
        if hoop_object::bigint::is_negative(i) { hoop_gc::INT_MIN } else { hoop_gc::INT_MAX }
    }))
}

/// A value as an int object (`operator.index`).
pub fn index_value(vm: &mut Vm, v: Value) -> PyResult {
    match vm.kind(v) {
        Kind::Int | Kind::BigInt => Ok(v),
        Kind::Bool => Ok(Value::int((v == Value::TRUE) as i64)),
        _ => {
            let inner = vm.unwrap(v);
            if inner != v && matches!(vm.kind(inner), Kind::Int | Kind::BigInt) {
                return Ok(inner);
            }
            let Some(f) = attr::special(vm, v, vm.names.index) else {
                let text = format!("'{}' object cannot be interpreted as an integer", vm.class_name(v));
                return Err(vm.type_error(text));
            };
            let r = call::call_special(vm, f, v, &[])?;
            match vm.kind(r) {
                Kind::Int | Kind::BigInt => Ok(r),
                Kind::Bool => Ok(Value::int((r == Value::TRUE) as i64)),
                _ => {
                    let text = format!("__index__ returned non-int (type {})", vm.class_name(r));
                    Err(vm.type_error(text))
                }
            }
        }
    }
}

// ---- iteration

/// All items of an iterable.
#[inline]
pub fn collect(vm: &mut Vm, iterable: Value) -> PyResult<hoop_object::tuple::ValueVec> {
    let kind = vm.kind(iterable);
    if kind == Kind::Tuple {
        let items = hoop_object::tuple::tuple_items(iterable);
        return hoop_object::tuple::ValueVec::from_slice(vm, items);
    }
    if kind.is_list() {
        return list::values(vm, iterable);
    }
    let it = iterators::iter(vm, iterable)?;
    let mut out = hoop_object::tuple::ValueVec::new();
    while let Some(v) = iterators::iter_next(vm, it)? {
        out.push(vm, v)?;
    }
    Ok(out)
}

// ---- text

/// `repr(v)`, a str.
#[inline]
pub fn repr(vm: &mut Vm, v: Value) -> PyResult {
    match vm.kind(v) {
        Kind::Int => return strs::small_int_str(vm, v.int_unchecked()),
        Kind::Float => return strs::float_str(vm, hoop_engine::float_of(v).unwrap_or(0.0)),
        _ => {}
    }
    enter_native(vm)?;
    let f = attr::special(vm, v, vm.names.repr).unwrap_or(Value::NONE);
    let r = call::call_special(vm, f, v, &[])?;
    expect_str(vm, r, "__repr__")
}

/// `str(v)`, a str.
#[inline]
pub fn to_str(vm: &mut Vm, v: Value) -> PyResult {
    match vm.kind(v) {
        Kind::Str => return Ok(v),
        Kind::Int | Kind::Float => return repr(vm, v),
        _ => {}
    }
    enter_native(vm)?;
    let f = attr::special(vm, v, vm.names.str).unwrap_or(Value::NONE);
    let r = call::call_special(vm, f, v, &[])?;
    expect_str(vm, r, "__str__")
}

fn expect_str(vm: &mut Vm, r: Value, method: &str) -> PyResult {
    let inner = vm.unwrap(r);
    if vm.kind(inner) == Kind::Str {
        return Ok(inner);
    }
    let text = format!("{method} returned non-string (type {})", vm.class_name(r));
    Err(vm.type_error(text))
}

/// `repr(v)` as Rust text.
#[inline]
pub fn repr_text(vm: &mut Vm, v: Value) -> PyResult<String> {
    let s = repr(vm, v)?;
    Ok(hoop_object::text::str_text(s).into_owned())
}

/// `format(v, spec)`.
#[inline]
pub fn format(vm: &mut Vm, v: Value, spec: Value) -> PyResult {
    let f = attr::special(vm, v, vm.names.format).unwrap_or(Value::NONE);
    let r = call::call_special(vm, f, v, &[spec])?;
    if vm.kind(r) == Kind::Str {
        return Ok(r);
    }
    let text = format!("__format__ must return a str, not {}", vm.class_name(r));
    Err(vm.type_error(text))
}

/// RecursionError when the machine stack is nearly used up: called by every native function that recurses.
#[inline]
pub fn enter_native(vm: &mut Vm) -> PyResult<()> {
    if hoop_gc::current_stack_address() > vm.ctx.thread.stack_limit {
        return Ok(());
    }
    Err(vm.recursion_error("maximum recursion depth exceeded"))
}

fn is_sequence(k: Kind) -> bool {
    k.is_list() || matches!(k, Kind::Str | Kind::Tuple | Kind::Bytes | Kind::ByteArray)
}

/// The order of two numbers that are small ints or floats: nothing inside when unordered, nothing at all otherwise.
#[inline]
pub fn quick_order(a: Value, b: Value) -> Option<Option<std::cmp::Ordering>> {
    if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
        return Some(Some(x.cmp(&y)));
    }
    let float_shape = hoop_engine::tag_shape::FLOAT;
    if shape_of(a) == float_shape && shape_of(b) == float_shape {
        return Some(float_of(a).and_then(|x| float_of(b).and_then(|y| x.partial_cmp(&y))));
    }
    None
}

/// `str` (1), `repr` (2) or `ascii` (3) of a value, as `!s`, `!r` and `!a` ask for.
#[inline]
pub fn convert(vm: &mut Vm, v: Value, how: i64) -> PyResult {
    match how {
        2 => repr(vm, v),
        3 => ascii(vm, v),
        _ => to_str(vm, v),
    }
}

/// `ascii(v)`.
#[inline]
pub fn ascii(vm: &mut Vm, v: Value) -> PyResult {
    let s = repr(vm, v)?;
    if str_is_ascii(s) {
        return Ok(s);
    }
    let text = hoop_text::text::ascii_of_repr(str_bytes(s));
    strs::text_str(vm, &text)
}
