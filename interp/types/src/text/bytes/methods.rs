//! The methods that `bytes` and `bytearray` share: operators, tests, case, padding. Results are of the receiver's class.
//!
//! A method first evaluates its arguments, which may run Python code, and then looks at the data, which in a bytearray
//! may have moved.

use crate::text::bytes::construct::{buffer, need_buffer, this};
use crate::text::bytes::{cut, search};
use crate::text::str::arguments::{check_str, raise};
use crate::text::str::{codec, percent};
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::{ARRAY_LEN, BYTEARRAY_BUFFER};
use hoop_object::operator::CmpOp;
use hoop_object::rows::NativeDef;
use hoop_object::strs::{self, fill_repeated};
use hoop_object::text::{self, str_bytes};
use hoop_object::vm::Vm;
use hoop_protocol::bytes::{data, make};
use hoop_protocol::{call, iterators, protocol, seq, subscript};
use hoop_text::bytes;
use hoop_text::percent::Subject;

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__len__")?;
    Ok(Value::int(data(vm, b).len() as i64))
}

fn getitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__getitem__")?;
    hoop_protocol::bytes::bytes_get_item(vm, b, a[1])
}

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__iter__")?;
    iterators::iter(vm, b)
}

fn contains(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__contains__")?;
    if let Some(part) = buffer(vm, a[1]) {
        return Ok(Value::bool(bytes::contains(data(vm, b), data(vm, part))));
    }
    if !subscript::has_index(vm, a[1]) {
        need_buffer(vm, a[1])?;
    }
    let byte = crate::text::bytes::construct::byte(vm, a[1], "byte")?;
    Ok(Value::bool(data(vm, b).contains(&byte)))
}

fn add(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__add__")?;
    let Some(other) = buffer(vm, a[1]) else { return Ok(Value::NOT_IMPLEMENTED) };
    hoop_protocol::bytes::concat_bytes(vm, b, other)
}

fn mul(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__mul__")?;
    match seq::repeat_count(vm, a[1])? {
        Some(count) => {
            let total = data(vm, b).len().saturating_mul(count);
            if vm.kind(b) == Kind::Bytes && total > i64::MAX as usize {
                return Err(vm.overflow_error("repeated bytes are too long"));
            }
            let out = repeated(vm, data(vm, b), count)?;
            make(vm, b, &out)
        }
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `bytes` so many times. MemoryError if that is too much.
#[inline]
pub fn repeated(vm: &mut Vm, bytes: &[u8], count: usize) -> PyResult<Vec<u8>> {
    let total = strs::repeated_len(vm, bytes.len(), count)?;
    let mut out = Vec::new();
    if total == 0 {
        return Ok(out);
    }
    if out.try_reserve_exact(total).is_err() {
        return Err(vm.memory_error());
    }
    out.resize(total, 0);
    fill_repeated(&mut out, bytes);
    Ok(out)
}

fn modulo(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__mod__")?;
    // The text may change while arguments are converted, if it is a bytearray's.
    let template = data(vm, b).to_vec();
    let mut out = Vec::new();
    percent::run(vm, &mut out, &template, Subject::Bytes, a[1])?;
    make(vm, b, &out)
}

fn reflected_modulo(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__rmod__")?;
    let Some(template) = buffer(vm, a[1]).filter(|&t| vm.kind(t) == vm.kind(b)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    modulo(vm, &[template, b])
}

fn order(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    let x = this(vm, a, "__eq__")?;
    let Some(y) = buffer(vm, b) else { return Ok(Value::NOT_IMPLEMENTED) };
    Ok(Value::bool(op.holds(data(vm, x).cmp(data(vm, y)))))
}

hoop_protocol::comparison_methods!(order: lt Lt, le Le, eq Eq, ne Ne, gt Gt, ge Ge);

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__repr__")?;
    let shown = bytes::repr(data(vm, b));
    if vm.kind(b) == Kind::Bytes {
        return hoop_object::strs::text_str(vm, &shown);
    }
    let mut text = vm.class_name(a[0]).into_bytes();
    text.push(b'(');
    text.extend_from_slice(&shown);
    text.push(b')');
    hoop_object::strs::text_str(vm, &text)
}

fn sizeof(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__sizeof__")?;
    let size = match vm.kind(b) {
        Kind::ByteArray => 24 + BYTEARRAY_BUFFER.read(b).map_or(0, |buffer| ARRAY_LEN.read(buffer)),
        _ => 24 + data(vm, b).len() as i64,
    };
    Ok(Value::int(size))
}

fn decode(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "decode")?;
    let encoding = codec::name_argument(vm, "decode", "encoding", a[1])?;
    let errors = codec::name_argument(vm, "decode", "errors", a[2])?;
    codec::decode(vm, b, encoding.as_deref(), errors.as_deref())
}

fn hex(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "hex")?;
    let group = if a[2] == Value::UNBOUND { 1 } else { protocol::index_c_int(vm, a[2])? };
    let separator = if a[1] == Value::UNBOUND { None } else { Some(hex_separator(vm, a[1])?) };
    let text = bytes::to_hex(data(vm, b), separator, group);
    hoop_object::strs::text_str(vm, text.as_bytes())
}

fn hex_separator(vm: &mut Vm, v: Value) -> PyResult<u8> {
    if protocol::len(vm, v)? != 1 {
        return Err(vm.value_error("sep must be length 1."));
    }
    let inner = vm.unwrap(v);
    let text = match vm.kind(inner) {
        Kind::Str | Kind::Bytes | Kind::ByteArray => data(vm, inner),
        _ => return Err(vm.type_error("sep must be str or bytes.")),
    };
    if !text.is_ascii() {
        return Err(vm.value_error("sep must be ASCII."));
    }
    Ok(text[0])
}

fn fromhex(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = check_str(vm, a[1], |n| format!("fromhex() argument must be str or bytes-like, not {n}"))?;
    let out = bytes::from_hex(str_bytes(s)).map_err(|e| raise(vm, &e))?;
    let (cls, is_array) = (a[0], vm.is_subclass(a[0], vm.types.bytearray));
    let b = if is_array { text::new_bytearray(vm, &out)? } else { text::new_bytes(vm, &out)? };
    if cls == vm.types.bytes || cls == vm.types.bytearray { Ok(b) } else { call::call(vm, cls, &[b]) }
}

fn translate(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "translate")?;
    let delete = if a[2] == Value::UNBOUND { None } else { Some(need_buffer(vm, a[2])?) };
    let delete = delete.map_or(&[][..], |d| data(vm, d));
    let out = if a[1] == Value::NONE {
        bytes::translate(data(vm, b), None, delete)
    } else {
        let table = need_buffer(vm, a[1])?;
        match <&[u8; 256]>::try_from(data(vm, table)) {
            Ok(table) => bytes::translate(data(vm, b), Some(table), delete),
            Err(_) => return Err(vm.value_error("translation table must be 256 characters long")),
        }
    };
    make(vm, b, &out)
}

fn maketrans(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (from, to) = (need_buffer(vm, a[0])?, need_buffer(vm, a[1])?);
    let (from, to) = (data(vm, from), data(vm, to));
    if from.len() != to.len() {
        return Err(vm.value_error("maketrans arguments must have same length"));
    }
    let mut table: [u8; 256] = std::array::from_fn(|i| i as u8);
    for (&x, &y) in from.iter().zip(to) {
        table[x as usize] = y;
    }
    text::new_bytes(vm, &table)
}

/// The methods that turn the data into other data.
macro_rules! mappings {
    ($( $name:ident ),*) => { $(
        fn $name(vm: &mut Vm, a: &[Value]) -> PyResult {
            let b = this(vm, a[0], stringify!($name))?;
            let mapped = bytes::$name(data(vm, b));
            make(vm, b, &mapped)
        }
    )* };
}

mappings!(lower, upper, capitalize, title, swapcase);

/// The `is...` methods.
macro_rules! predicates {
    ($( $method:ident $name:ident ),*) => { $(
        fn $method(vm: &mut Vm, a: &[Value]) -> PyResult {
            let b = this(vm, a[0], stringify!($method))?;
            Ok(Value::bool(bytes::$name(data(vm, b))))
        }
    )* };
}

predicates!(
    isalpha is_alpha, isdigit is_digit, isalnum is_alnum, isspace is_space, isascii is_ascii, isupper is_upper,
    islower is_lower, istitle is_title
);

fn fill_argument(vm: &mut Vm, method: &str, v: Value) -> PyResult<u8> {
    if v == Value::UNBOUND {
        return Ok(b' ');
    }
    match buffer(vm, v) {
        Some(b) if data(vm, b).len() == 1 => Ok(data(vm, b)[0]),
        Some(b) => {
            let (name, n) = (vm.class_name(v), data(vm, b).len());
            let what = "argument 2 must be a byte string of length 1";
            Err(vm.type_error(format!("{method}(): {what}, not a {name} object of length {n}")))
        }
        None => {
            let name = vm.class_name(v);
            Err(vm.type_error(format!("{method}() argument 2 must be a byte string of length 1, not {name}")))
        }
    }
}

/// The result of a function that gives nothing when the data stay as they are.
#[inline]
pub fn or_same(vm: &mut Vm, b: Value, out: Result<Option<Vec<u8>>, bytes::TooLong>) -> PyResult {
    match out {
        Ok(Some(out)) => make(vm, b, &out),
        Ok(None) if vm.kind(b) == Kind::Bytes => Ok(b),
        Ok(None) => make(vm, b, data(vm, b)),
        Err(_) => Err(vm.memory_error()),
    }
}

/// OverflowError for a width that no bytes object can have; a bytearray could, if there were memory.
fn check_width(vm: &mut Vm, b: Value, width: i64) -> PyResult<()> {
    if vm.kind(b) == Kind::Bytes && width > MAX_SIZE {
        return Err(vm.overflow_error("byte string is too large"));
    }
    Ok(())
}

/// The longest that bytes may claim to be.
pub const MAX_SIZE: i64 = i64::MAX - 33;

/// The methods that pad to a width.
macro_rules! paddings {
    ($( $name:ident ),*) => { $(
        fn $name(vm: &mut Vm, a: &[Value]) -> PyResult {
            let b = this(vm, a[0], stringify!($name))?;
            let width = protocol::index(vm, a[1])?;
            let fill = fill_argument(vm, stringify!($name), a[2])?;
            check_width(vm, b, width)?;
            let out = bytes::$name(data(vm, b), width, fill);
            or_same(vm, b, out)
        }
    )* };
}

paddings!(ljust, rjust, center);

fn zfill(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "zfill")?;
    let width = protocol::index(vm, a[1])?;
    check_width(vm, b, width)?;
    let out = bytes::zfill(data(vm, b), width);
    or_same(vm, b, out)
}

fn expandtabs(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "expandtabs")?;
    let size = if a[1] == Value::UNBOUND { 8 } else { protocol::index_c_int(vm, a[1])? };
    match bytes::expandtabs(data(vm, b), size) {
        Ok(out) => make(vm, b, &out),
        Err(_) => Err(vm.overflow_error("result too long")),
    }
}

fn join(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "join")?;
    if !iterators::is_iterable(vm, a[1]) {
        return Err(vm.type_error("can only join an iterable"));
    }
    let items = protocol::collect(vm, a[1])?;
    for (i, &v) in items.as_slice().iter().enumerate() {
        if buffer(vm, v).is_none() {
            let name = vm.class_name(v);
            return Err(
                vm.type_error(format!("sequence item {i}: expected a bytes-like object, {name} found"))
            );
        }
    }
    if let ([only], Kind::Bytes) = (items.as_slice(), vm.kind(b))
        && vm.kind(*only) == Kind::Bytes
    {
        return Ok(*only);
    }
    let parts = items.as_slice().iter().map(|&v| data(vm, vm.unwrap(v)));
    match bytes::join(data(vm, b), parts) {
        Ok(out) => make(vm, b, &out),
        Err(_) => Err(vm.memory_error()),
    }
}

pub const SHARED: &[NativeDef] = &[
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__add__", "$self, value, /", add),
    NativeDef::new("__mul__", "$self, value, /", mul),
    NativeDef::new("__rmul__", "$self, value, /", mul),
    NativeDef::new("__mod__", "$self, value, /", modulo),
    NativeDef::new("__rmod__", "$self, value, /", reflected_modulo),
    NativeDef::new("__lt__", "$self, value, /", lt),
    NativeDef::new("__le__", "$self, value, /", le),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__gt__", "$self, value, /", gt),
    NativeDef::new("__ge__", "$self, value, /", ge),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__str__", "$self, /", repr),
    NativeDef::new("__sizeof__", "$self, /", sizeof),
    NativeDef::new("decode", "$self, /, encoding='utf-8', errors='strict'", decode),
    NativeDef::new("hex", "$self, /, sep=<unrepresentable>, bytes_per_sep=1", hex),
    NativeDef::new("translate", "$self, table, /, delete=b''", translate),
    NativeDef::new("join", "$self, iterable_of_bytes, /", join),
    NativeDef::new("find", "$self, sub[, start[, end]], /", search::find),
    NativeDef::new("rfind", "$self, sub[, start[, end]], /", search::rfind),
    NativeDef::new("index", "$self, sub[, start[, end]], /", search::index),
    NativeDef::new("rindex", "$self, sub[, start[, end]], /", search::rindex),
    NativeDef::new("count", "$self, sub[, start[, end]], /", search::count),
    NativeDef::new("startswith", "$self, prefix[, start[, end]], /", search::startswith),
    NativeDef::new("endswith", "$self, suffix[, start[, end]], /", search::endswith),
    NativeDef::new("replace", "$self, old, new, count=-1, /", search::replace),
    NativeDef::new("split", "$self, /, sep=None, maxsplit=-1", cut::split),
    NativeDef::new("rsplit", "$self, /, sep=None, maxsplit=-1", cut::rsplit),
    NativeDef::new("splitlines", "$self, /, keepends=False", cut::splitlines),
    NativeDef::new("partition", "$self, sep, /", cut::partition),
    NativeDef::new("rpartition", "$self, sep, /", cut::rpartition),
    NativeDef::new("strip", "$self, bytes=None, /", cut::strip),
    NativeDef::new("lstrip", "$self, bytes=None, /", cut::lstrip),
    NativeDef::new("rstrip", "$self, bytes=None, /", cut::rstrip),
    NativeDef::new("removeprefix", "$self, prefix, /", cut::removeprefix),
    NativeDef::new("removesuffix", "$self, suffix, /", cut::removesuffix),
    NativeDef::new("lower", "$self, /", lower),
    NativeDef::new("upper", "$self, /", upper),
    NativeDef::new("capitalize", "$self, /", capitalize),
    NativeDef::new("title", "$self, /", title),
    NativeDef::new("swapcase", "$self, /", swapcase),
    NativeDef::new("isalpha", "$self, /", isalpha),
    NativeDef::new("isdigit", "$self, /", isdigit),
    NativeDef::new("isalnum", "$self, /", isalnum),
    NativeDef::new("isspace", "$self, /", isspace),
    NativeDef::new("isascii", "$self, /", isascii),
    NativeDef::new("isupper", "$self, /", isupper),
    NativeDef::new("islower", "$self, /", islower),
    NativeDef::new("istitle", "$self, /", istitle),
    NativeDef::new("ljust", "$self, width, fillchar=b' ', /", ljust),
    NativeDef::new("rjust", "$self, width, fillchar=b' ', /", rjust),
    NativeDef::new("center", "$self, width, fillchar=b' ', /", center),
    NativeDef::new("zfill", "$self, width, /", zfill),
    NativeDef::new("expandtabs", "$self, /, tabsize=8", expandtabs),
];

pub const CLASS_METHODS: &[NativeDef] = &[NativeDef::new("fromhex", "$type, string, /", fromhex)];

pub const STATIC_METHODS: &[NativeDef] = &[NativeDef::new("maketrans", "frm, to, /", maketrans)];
