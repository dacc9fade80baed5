//! Python's protocols for native code: truth, hash, equality, comparison, operators, iteration, text forms. Each may
//! run Python code.

use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::dict::dict_len;
use crate::objects::layout::*;
use crate::objects::list::list_len;
use crate::objects::text::{bytes_data, str_bytes};
use crate::operator::{BinOp, CmpOp};
use crate::vm::Vm;
use hoop_engine::{float_of, shape_of};
use hoop_gc::Value;

impl Vm {
    /// `bool(v)`.
    pub fn truth(&mut self, v: Value) -> PyResult<bool> {
        match self.kind(v) {
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
            _ => self.truth_by_method(v),
        }
    }

    fn truth_by_method(&mut self, v: Value) -> PyResult<bool> {
        if let Some(f) = self.special(v, self.names.bool) {
            if f == Value::NONE {
                let text = format!("'{}' cannot be interpreted as a boolean", self.class_name(v));
                return Err(self.type_error(text));
            }
            let r = self.call_special(f, v, &[])?;
            return self.truth_of_result(r, false);
        }
        match self.special(v, self.names.len) {
            Some(_) => Ok(self.len(v)? != 0),
            None => Ok(true),
        }
    }

    /// The truth that a `__bool__` has returned, or a `__len__` if that `counts`.
    pub fn truth_of_result(&mut self, r: Value, counts: bool) -> PyResult<bool> {
        match r {
            _ if counts => Ok(self.length_of_result(r)? != 0),
            Value::TRUE => Ok(true),
            Value::FALSE => Ok(false),
            _ => {
                let text = format!("__bool__ should return bool, returned {}", self.class_name(r));
                Err(self.type_error(text))
            }
        }
    }

    fn length_of_result(&mut self, r: Value) -> PyResult<usize> {
        let n = self.index_value(r)?;
        if crate::types::bigint::is_negative(n) {
            return Err(self.value_error("__len__() should return >= 0"));
        }
        Ok(self.index_length(n)? as usize)
    }

    /// `len(v)`.
    pub fn len(&mut self, v: Value) -> PyResult<usize> {
        match self.kind(v) {
            Kind::Str => Ok(STR_LEN.read(v) as usize),
            Kind::Tuple => Ok(TUPLE_LEN.read(v) as usize),
            Kind::Bytes => Ok(BYTES_LEN.read(v) as usize),
            Kind::ByteArray => Ok(BYTEARRAY_LEN.read(v) as usize),
            k if k.is_list() => Ok(list_len(v)),
            k if k.is_dict() || k.is_set() => Ok(dict_len(v)),
            _ => {
                let Some(f) = self.special(v, self.names.len) else {
                    let text = format!("object of type '{}' has no len()", self.class_name(v));
                    return Err(self.type_error(text));
                };
                let r = self.call_special(f, v, &[])?;
                self.length_of_result(r)
            }
        }
    }

    /// The hash of a str, kept with it.
    #[inline]
    pub fn str_hash(&self, s: Value) -> i64 {
        match STR_HASH.read(s) {
            0 => {
                let h = crate::hash::bytes_hash(str_bytes(s), self.hash_seed);
                STR_HASH.write(s, h);
                h
            }
            h => h,
        }
    }

    /// `hash(v)`.
    pub fn hash(&mut self, v: Value) -> PyResult<i64> {
        match self.kind(v) {
            Kind::Str => Ok(self.str_hash(v)),
            Kind::Int => Ok(crate::hash::int_hash(v.int_unchecked())),
            Kind::Bool => Ok((v == Value::TRUE) as i64),
            Kind::None => Ok(0xFCA8_6420),
            Kind::NotImplemented | Kind::Ellipsis => Ok((v.bits() as i64) << 20 | 0xFCA86),
            Kind::Float => Ok(match float_of(v) {
                Some(f) => hoop_text::hash::hash_f64(f).unwrap_or((f.to_bits() as i64).rotate_left(20) >> 4),
                None => 0,
            }),
            Kind::Bytes => match BYTES_HASH.read(v) {
                0 => {
                    let h = crate::hash::bytes_hash(bytes_data(v), self.hash_seed);
                    BYTES_HASH.write(v, h);
                    Ok(h)
                }
                h => Ok(h),
            },
            Kind::Tuple => self.tuple_hash(v),
            k if k.is_list() || k.is_dict() || matches!(k, Kind::Set | Kind::ByteArray) => {
                Err(self.unhashable(v))
            }
            _ => self.hash_by_method(v),
        }
    }

    fn tuple_hash(&mut self, t: Value) -> PyResult<i64> {
        let mut acc = crate::hash::TupleHash::new();
        for &item in crate::objects::tuple::tuple_items(t) {
            let hash = match item.as_int() {
                Some(i) => crate::hash::int_hash(i),
                None => self.hash(item)?,
            };
            acc.add(hash);
        }
        Ok(acc.finish())
    }

    pub fn unhashable(&mut self, v: Value) -> crate::errors::Raise {
        let text = format!("unhashable type: '{}'", self.class_name(v));
        self.type_error(text)
    }

    fn hash_by_method(&mut self, v: Value) -> PyResult<i64> {
        match self.special(v, self.names.hash) {
            None | Some(Value::NONE) => Err(self.unhashable(v)),
            Some(f) => {
                let r = self.call_special(f, v, &[])?;
                let Some(r) = crate::types::int::operand(self, r) else {
                    return Err(self.type_error("__hash__ method should return an integer"));
                };
                match crate::types::bigint::to_i64(r) {
                    Some(-1) => Ok(-2),
                    Some(hash) => Ok(hash),
                    None => Ok(crate::types::int::big_hash(r)),
                }
            }
        }
    }

    /// The hash that identity gives.
    pub fn identity_hash(v: Value) -> i64 {
        (v.bits() >> 4) as i64
    }

    /// `id(v)`. Floats are the same when their bits are.
    pub fn identity_number(&mut self, v: Value) -> Value {
        match float_of(v) {
            Some(f) => self.int_from_i128(1 << 64 | f.to_bits() as i128),
            None => self.int_from_i128(v.bits() as i128),
        }
    }

    /// `a is b or a == b`, as a truth value.
    #[inline]
    pub fn eq(&mut self, a: Value, b: Value) -> PyResult<bool> {
        if a == b {
            return Ok(true);
        }
        if self.rich_truth(CmpOp::Eq, a, b)? {
            return Ok(true);
        }
        // A NaN is itself, in whatever object.
        Ok(hoop_engine::same_heap_floats(a, b))
    }

    /// The truth of `a op b`.
    pub fn rich_truth(&mut self, op: CmpOp, a: Value, b: Value) -> PyResult<bool> {
        if let Some(o) = quick_order(a, b) {
            return Ok(o.is_some_and(|o| op.holds(o)) || (o.is_none() && op == CmpOp::Ne));
        }
        if self.kind(a) == Kind::Str && self.kind(b) == Kind::Str {
            return Ok(op.holds(str_bytes(a).cmp(str_bytes(b))));
        }
        let r = self.compare(op, a, b)?;
        self.truth(r)
    }

    /// `a op b` for a comparison.
    pub fn compare(&mut self, op: CmpOp, a: Value, b: Value) -> PyResult {
        if self.kind(a) == Kind::Tuple && self.kind(b) == Kind::Tuple {
            if let Some(truth) = self.plain_truth(op, a, b) {
                return Ok(Value::bool(truth));
            }
            return crate::types::seq::compare(self, op, a, b, crate::types::tuple::ACCESS);
        }
        if self.kind(a) == Kind::Bytes && self.kind(b) == Kind::Bytes {
            return Ok(Value::bool(op.holds(bytes_data(a).cmp(bytes_data(b)))));
        }
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let method = op.method(&self.names);
        let reflected = op.swapped().method(&self.names);
        let right_first = self.right_compares_first(op, ca, cb);
        if right_first && let Some(r) = self.try_method(b, reflected, a)? {
            return Ok(r);
        }
        if let Some(r) = self.try_method(a, method, b)? {
            return Ok(r);
        }
        if right_first {
            return self.compare_default(op, a, b);
        }
        self.compare_rest(op, a, b)
    }

    /// Is the right operand's method asked first: does its class extend the left one's and say something of its own?
    pub fn right_compares_first(&self, op: CmpOp, left: Value, right: Value) -> bool {
        let names = &self.names;
        let reflected = op.swapped().method(names);
        left != right
            && self.is_subclass(right, left)
            && (self.overrides(right, reflected) || op == CmpOp::Ne && self.overrides(right, names.eq))
    }

    /// `a op b` after `a`'s own method has refused.
    pub fn compare_rest(&mut self, op: CmpOp, a: Value, b: Value) -> PyResult {
        let reflected = op.swapped().method(&self.names);
        if let Some(r) = self.try_method(b, reflected, a)? {
            return Ok(r);
        }
        self.compare_default(op, a, b)
    }

    fn compare_default(&mut self, op: CmpOp, a: Value, b: Value) -> PyResult {
        match op {
            CmpOp::Eq => Ok(Value::bool(a == b)),
            CmpOp::Ne => Ok(Value::bool(a != b)),
            _ => {
                let (x, y) = (self.class_name(a), self.class_name(b));
                let text = format!("'{}' not supported between instances of '{x}' and '{y}'", op.symbol());
                Err(self.type_error(text))
            }
        }
    }

    /// Calls a special method with one argument, if the class has it; nothing if it gives NotImplemented.
    pub fn try_method(&mut self, this: Value, name: Value, arg: Value) -> PyResult<Option<Value>> {
        match self.special(this, name) {
            None => Ok(None),
            Some(f) => {
                let r = self.call_special(f, this, &[arg])?;
                Ok(Some(r).filter(|&r| r != Value::NOT_IMPLEMENTED))
            }
        }
    }

    /// `a op b`.
    pub fn binary(&mut self, op: BinOp, a: Value, b: Value) -> PyResult {
        if let Some(result) = self.sequence_operator(op, a, b) {
            return result;
        }
        if op == BinOp::Add && self.kind(a) == Kind::Bytes && self.kind(b) == Kind::Bytes {
            return self.concat_bytes(a, b);
        }
        if let Some(r) = self.try_binary(op, a, b)? {
            return Ok(r);
        }
        Err(self.unsupported_operands(op.symbol(), a, b))
    }

    /// What an exact sequence does with a value that cannot be of a class below its own. Nothing: the methods decide.
    fn sequence_operator(&mut self, op: BinOp, a: Value, b: Value) -> Option<PyResult> {
        let (x, y) = (self.kind(a), self.kind(b));
        match op {
            BinOp::Mod if x == Kind::Str && !y.is_instance() => {
                Some(crate::types::str::percent::modulo(self, &[a, b]))
            }
            BinOp::Add => match (x, y) {
                (Kind::Str, Kind::Str) => Some(self.concat_str(a, b)),
                (Kind::Tuple, Kind::Tuple) => Some(crate::types::tuple::concat(self, a, b)),
                _ if x.is_list() && y.is_list() => Some(crate::types::list::concat(self, a, b)),
                _ => None,
            },
            BinOp::Mul if y == Kind::Int => self.repeat(a, b),
            BinOp::Mul if x == Kind::Int => self.repeat(b, a),
            _ => None,
        }
    }

    /// An exact sequence, repeated. Nothing: it is another object.
    fn repeat(&mut self, sequence: Value, count: Value) -> Option<PyResult> {
        let count = count.as_int()?.max(0) as usize;
        match self.kind(sequence) {
            Kind::Str => Some(self.str_repeat(sequence, count)),
            Kind::Tuple => Some(crate::types::tuple::repeat(self, sequence, count)),
            k if k.is_list() => Some(self.list_repeat(sequence, count)),
            _ => None,
        }
    }

    /// `a op b` for built-in numbers.
    pub fn number_binary(&mut self, op: BinOp, a: Value, b: Value) -> PyResult {
        let int = |k: Kind| matches!(k, Kind::Int | Kind::BigInt);
        if op != BinOp::MatMul && int(self.kind(a)) && int(self.kind(b)) {
            return self.int_binary(op, a, b);
        }
        self.binary(op, a, b)
    }

    /// `a op b` after `a`'s own method has refused.
    pub fn binary_rest(&mut self, op: BinOp, a: Value, b: Value) -> PyResult {
        let (_, right, _) = op.methods(&self.names);
        if self.class_of(a) != self.class_of(b)
            && let Some(r) = self.try_method(b, right, a)?
        {
            return Ok(r);
        }
        Err(self.unsupported_operands(op.symbol(), a, b))
    }

    #[cold]
    pub fn unsupported_operands(&mut self, symbol: &str, a: Value, b: Value) -> crate::errors::Raise {
        let (x, y) = (self.class_name(a), self.class_name(b));
        self.type_error(format!("unsupported operand type(s) for {symbol}: '{x}' and '{y}'"))
    }

    fn try_binary(&mut self, op: BinOp, a: Value, b: Value) -> PyResult<Option<Value>> {
        let (left, right, _) = op.methods(&self.names);
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let right_first = ca != cb && self.is_subclass(cb, ca) && {
            let (l, r) = (self.lookup(ca, right), self.lookup(cb, right));
            r.is_some() && l != r
        };
        if right_first && let Some(r) = self.try_method(b, right, a)? {
            return Ok(Some(r));
        }
        if let Some(r) = self.try_method(a, left, b)? {
            return Ok(Some(r));
        }
        if ca != cb
            && !right_first
            && let Some(r) = self.try_method(b, right, a)?
        {
            return Ok(Some(r));
        }
        self.concat_fallback(op, a, b)
    }

    /// What sequences say when nobody knows how to add them.
    fn concat_fallback(&mut self, op: BinOp, a: Value, b: Value) -> PyResult<Option<Value>> {
        let name = self.class_name(b);
        let text = match (op, self.kind(a)) {
            (BinOp::Add, Kind::Str) => format!("can only concatenate str (not \"{name}\") to str"),
            (BinOp::Add, Kind::Tuple) => format!("can only concatenate tuple (not \"{name}\") to tuple"),
            (BinOp::Add, k) if k.is_list() => format!("can only concatenate list (not \"{name}\") to list"),
            (BinOp::Add, Kind::Bytes | Kind::ByteArray) => {
                format!("can't concat {name} to {}", self.class_name(a))
            }
            (BinOp::Mul, k) if is_sequence(k) => {
                format!("can't multiply sequence by non-int of type '{name}'")
            }
            (BinOp::Mul, _) if is_sequence(self.kind(b)) => {
                format!("can't multiply sequence by non-int of type '{}'", self.class_name(a))
            }
            _ => return Ok(None),
        };
        Err(self.type_error(text))
    }

    /// `a op= b`.
    pub fn inplace(&mut self, op: BinOp, a: Value, b: Value) -> PyResult {
        let (_, _, name) = op.methods(&self.names);
        if let Some(r) = self.try_method(a, name, b)? {
            return Ok(r);
        }
        if let Some(r) = self.try_binary(op, a, b)? {
            return Ok(r);
        }
        let symbol = if op == BinOp::Pow { "**=".to_string() } else { format!("{}=", op.symbol()) };
        Err(self.unsupported_operands(&symbol, a, b))
    }

    /// `-v`, `+v`, `~v` by method name and symbol.
    pub fn unary(&mut self, name: Value, symbol: &str, v: Value) -> PyResult {
        match self.special(v, name) {
            Some(f) => self.call_special(f, v, &[]),
            None => {
                let text = format!("bad operand type for unary {symbol}: '{}'", self.class_name(v));
                Err(self.type_error(text))
            }
        }
    }

    /// An integer argument (`operator.index`) that must fit a machine word: a count, a width, a position.
    pub fn index(&mut self, v: Value) -> PyResult<i64> {
        let i = self.index_value(v)?;
        match crate::types::bigint::to_i64(i) {
            Some(i) => Ok(i),
            None => Err(self.overflow_error("Python int too large to convert to C ssize_t")),
        }
    }

    /// The same for one that must fit a C `int`.
    pub fn index_c_int(&mut self, v: Value) -> PyResult<i64> {
        let i = self.index_value(v)?;
        match crate::types::bigint::to_i64(i) {
            Some(i) if i == i as i32 as i64 => Ok(i),
            _ => Err(self.overflow_error("Python int too large to convert to C int")),
        }
    }

    /// The same for a subscript.
    pub fn index_subscript(&mut self, v: Value) -> PyResult<i64> {
        let class = self.types.index_error;
        self.index_sized(v, class)
    }

    /// The same for a length or the count of a repetition.
    pub fn index_length(&mut self, v: Value) -> PyResult<i64> {
        let class = self.types.overflow_error;
        self.index_sized(v, class)
    }

    fn index_sized(&mut self, v: Value, class: Value) -> PyResult<i64> {
        let i = self.index_value(v)?;
        match crate::types::bigint::to_i64(i) {
            Some(i) => Ok(i),
            None => {
                let text = format!("cannot fit '{}' into an index-sized integer", self.class_name(v));
                Err(self.raise_new(class, &text))
            }
        }
    }

    /// As [`Vm::index`], clamped to the range of machine integers instead of failing.
    pub fn index_clamped(&mut self, v: Value) -> PyResult<i64> {
        let i = self.index_value(v)?;
        Ok(i.as_int().unwrap_or_else(|| {
            if crate::types::int::is_negative(i) { hoop_gc::INT_MIN } else { hoop_gc::INT_MAX }
        }))
    }

    /// A value as an int object (`operator.index`).
    pub fn index_value(&mut self, v: Value) -> PyResult {
        match self.kind(v) {
            Kind::Int | Kind::BigInt => Ok(v),
            Kind::Bool => Ok(Value::int((v == Value::TRUE) as i64)),
            _ => {
                let inner = self.unwrap(v);
                if inner != v && matches!(self.kind(inner), Kind::Int | Kind::BigInt) {
                    return Ok(inner);
                }
                let Some(f) = self.special(v, self.names.index) else {
                    let text = format!("'{}' object cannot be interpreted as an integer", self.class_name(v));
                    return Err(self.type_error(text));
                };
                let r = self.call_special(f, v, &[])?;
                match self.kind(r) {
                    Kind::Int | Kind::BigInt => Ok(r),
                    Kind::Bool => Ok(Value::int((r == Value::TRUE) as i64)),
                    _ => {
                        let text = format!("__index__ returned non-int (type {})", self.class_name(r));
                        Err(self.type_error(text))
                    }
                }
            }
        }
    }

    // ---- iteration

    /// All items of an iterable.
    pub fn collect(&mut self, iterable: Value) -> PyResult<crate::objects::tuple::ValueVec> {
        let kind = self.kind(iterable);
        if kind == Kind::Tuple {
            let items = crate::objects::tuple::tuple_items(iterable);
            return crate::objects::tuple::ValueVec::from_slice(self, items);
        }
        if kind.is_list() {
            return self.list_values(iterable);
        }
        let it = self.iter(iterable)?;
        let mut out = crate::objects::tuple::ValueVec::new();
        while let Some(v) = self.iter_next(it)? {
            out.push(self, v)?;
        }
        Ok(out)
    }

    // ---- text

    /// `repr(v)`, a str.
    pub fn repr(&mut self, v: Value) -> PyResult {
        match self.kind(v) {
            Kind::Int => return self.small_int_str(v.int_unchecked()),
            Kind::Float => return self.float_str(hoop_engine::float_of(v).unwrap_or(0.0)),
            _ => {}
        }
        self.enter_native()?;
        let f = self.special(v, self.names.repr).unwrap_or(Value::NONE);
        let r = self.call_special(f, v, &[])?;
        self.expect_str(r, "__repr__")
    }

    /// `str(v)`, a str.
    pub fn to_str(&mut self, v: Value) -> PyResult {
        match self.kind(v) {
            Kind::Str => return Ok(v),
            Kind::Int | Kind::Float => return self.repr(v),
            _ => {}
        }
        self.enter_native()?;
        let f = self.special(v, self.names.str).unwrap_or(Value::NONE);
        let r = self.call_special(f, v, &[])?;
        self.expect_str(r, "__str__")
    }

    fn expect_str(&mut self, r: Value, method: &str) -> PyResult {
        let inner = self.unwrap(r);
        if self.kind(inner) == Kind::Str {
            return Ok(inner);
        }
        let text = format!("{method} returned non-string (type {})", self.class_name(r));
        Err(self.type_error(text))
    }

    /// `repr(v)` as Rust text.
    pub fn repr_text(&mut self, v: Value) -> PyResult<String> {
        let s = self.repr(v)?;
        Ok(crate::objects::text::str_text(s).into_owned())
    }

    /// `format(v, spec)`.
    pub fn format(&mut self, v: Value, spec: Value) -> PyResult {
        let f = self.special(v, self.names.format).unwrap_or(Value::NONE);
        let r = self.call_special(f, v, &[spec])?;
        if self.kind(r) == Kind::Str {
            return Ok(r);
        }
        let text = format!("__format__ must return a str, not {}", self.class_name(r));
        Err(self.type_error(text))
    }

    /// RecursionError when the machine stack is nearly used up: called by every native function that recurses.
    pub fn enter_native(&mut self) -> PyResult<()> {
        if hoop_gc::current_stack_address() > self.ctx.thread.stack_limit {
            return Ok(());
        }
        Err(self.recursion_error("maximum recursion depth exceeded"))
    }
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
