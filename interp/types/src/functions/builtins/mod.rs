//! The built-in functions.

pub mod instances;
pub mod locals;
pub mod output;
pub mod reduce;

use crate::classes::object;
use crate::containers::{range, sort};
use crate::numbers::int::prefixed;
use hoop_gc::Value;
use hoop_object::bigint::{self, operand as int_operand};
use hoop_object::errors::PyResult;
use hoop_object::helpers::Helper;
use hoop_object::kind::Kind;
use hoop_object::layout::ITER_SECOND;
use hoop_object::operator::BinOp;
use hoop_object::rows::{Intrinsic, NativeDef};
use hoop_object::text::{self, bytearray_data, bytes_data, str_bytes};
use hoop_object::vm::Vm;
use hoop_object::{list, module};
use hoop_protocol::iterators::{self, new_iterator};
use hoop_protocol::{attr, attributes, call, native, protocol};

pub const FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("abs", "$module, x, /", abs).intrinsic(Intrinsic::Abs),
    NativeDef::new("all", "$module, iterable, /", reduce::all).intrinsic(Intrinsic::Consume(Helper::All)),
    NativeDef::new("any", "$module, iterable, /", reduce::any).intrinsic(Intrinsic::Consume(Helper::Any)),
    NativeDef::new("ascii", "$module, obj, /", ascii),
    NativeDef::new("bin", "$module, number, /", |vm, a| based(vm, a[0], 2, "b")),
    NativeDef::new("callable", "$module, obj, /", |vm, a| Ok(Value::bool(is_callable(vm, a[0])))),
    NativeDef::new("chr", "$module, i, /", chr).intrinsic(Intrinsic::Chr),
    NativeDef::new("delattr", "$module, obj, name, /", |vm, a| {
        attributes::delattr(vm, a[0], a[1]).map(|()| Value::NONE)
    }),
    NativeDef::new("dir", "object=..., /", dir).no_text().sees_frames_below(1),
    NativeDef::new("divmod", "$module, x, y, /", |vm, a| div_mod(vm, a[0], a[1]))
        .intrinsic(Intrinsic::DivMod),
    NativeDef::new("format", "$module, value, format_spec='', /", format),
    NativeDef::new("getattr", "object, name, default=..., /", getattr)
        .no_text()
        .intrinsic(Intrinsic::GetAttr),
    NativeDef::new("hasattr", "$module, obj, name, /", |vm, a| {
        Ok(Value::bool(attributes::getattr_opt(vm, a[0], a[1])?.is_some()))
    })
    .intrinsic(Intrinsic::HasAttr),
    NativeDef::new("hash", "$module, obj, /", |vm, a| {
        let h = protocol::hash(vm, a[0])?;
        Ok(bigint::int_from_i64(vm, h))
    }),
    NativeDef::new("hex", "$module, number, /", |vm, a| based(vm, a[0], 16, "x")),
    NativeDef::new("id", "$module, obj, /", |vm, a| Ok(protocol::identity_number(vm, a[0]))),
    NativeDef::new("input", "$module, prompt='', /", output::input),
    NativeDef::new("isinstance", "$module, obj, class_or_tuple, /", |vm, a| {
        Ok(Value::bool(instances::is_instance(vm, a[0], a[1])?))
    })
    .intrinsic(Intrinsic::IsInstance),
    NativeDef::new("issubclass", "$module, cls, class_or_tuple, /", |vm, a| {
        Ok(Value::bool(instances::is_subclass_of(vm, a[0], a[1])?))
    })
    .intrinsic(Intrinsic::IsSubclass),
    NativeDef::new("iter", "object, sentinel=..., /", iter).no_text(),
    NativeDef::new("len", "$module, obj, /", len).intrinsic(Intrinsic::Len),
    NativeDef::new("max", "*args, key=None, default=...", |vm, a| reduce::extreme(vm, a, true))
        .no_text()
        .intrinsic(Intrinsic::Consume(Helper::Max)),
    NativeDef::new("min", "*args, key=None, default=...", |vm, a| reduce::extreme(vm, a, false))
        .no_text()
        .intrinsic(Intrinsic::Consume(Helper::Min)),
    NativeDef::new("next", "iterator, default=..., /", next).no_text().intrinsic(Intrinsic::Next),
    NativeDef::new("oct", "$module, number, /", |vm, a| based(vm, a[0], 8, "o")),
    NativeDef::new("ord", "$module, character, /", ord).intrinsic(Intrinsic::Ord),
    NativeDef::new("pow", "$module, /, base, exp, mod=None", |vm, a| power(vm, a[0], a[1], a[2])),
    NativeDef::new("print", "$module, /, *args, sep=' ', end='\\n', file=None, flush=False", output::print),
    NativeDef::new("repr", "$module, obj, /", |vm, a| protocol::repr(vm, a[0])),
    NativeDef::new("round", "$module, /, number, ndigits=None", round).intrinsic(Intrinsic::Round),
    NativeDef::new("setattr", "$module, obj, name, value, /", |vm, a| {
        attributes::setattr(vm, a[0], a[1], a[2]).map(|()| Value::NONE)
    }),
    NativeDef::new("sorted", "*args, key=None, reverse=False", reduce::sorted)
        .text("$module, iterable, /, *, key=None, reverse=False")
        .intrinsic(Intrinsic::Consume(Helper::Sorted)),
    NativeDef::new("sum", "$module, iterable, /, start=0", reduce::sum)
        .intrinsic(Intrinsic::Consume(Helper::Sum)),
    NativeDef::new("vars", "object=..., /", vars).no_text().sees_frames_below(1),
];

pub fn init(vm: &mut Vm) {
    let ns = vm.builtins;
    object::add_functions(vm, ns, FUNCTIONS);
    let t = &vm.types;
    let classes = [
        t.object,
        t.type_,
        t.int,
        t.bool_,
        t.float,
        t.complex,
        t.str,
        t.bytes,
        t.bytearray,
        t.tuple,
        t.list,
        t.dict,
        t.set,
        t.frozenset,
        t.range,
        t.slice,
        t.property,
        t.staticmethod,
        t.classmethod,
        t.super_,
        t.enumerate,
        t.zip,
        t.map,
        t.filter,
        t.reversed,
    ];
    for class in classes {
        let name = vm.name_of_class(class);
        module::set_global(vm, ns, &name, class);
    }
    for (name, v) in [
        ("NotImplemented", Value::NOT_IMPLEMENTED),
        ("Ellipsis", Value::ELLIPSIS),
        ("__debug__", Value::TRUE),
    ] {
        module::set_global(vm, ns, name, v);
    }
}

// ---- numbers

fn abs(vm: &mut Vm, a: &[Value]) -> PyResult {
    match a[0].as_int() {
        Some(i) => Ok(bigint::int_from_i64(vm, i.abs())),
        None => match attr::special(vm, a[0], vm.names.abs) {
            Some(f) => call::call_special(vm, f, a[0], &[]),
            None => {
                let text = format!("bad operand type for abs(): '{}'", vm.class_name(a[0]));
                Err(vm.type_error(text))
            }
        },
    }
}

fn based(vm: &mut Vm, v: Value, radix: u32, prefix: &str) -> PyResult {
    let i = protocol::index_value(vm, v)?;
    Ok(text::str(vm, &prefixed(i, radix, prefix)))
}

fn round(vm: &mut Vm, a: &[Value]) -> PyResult {
    let Some(f) = attr::special(vm, a[0], vm.names.round) else {
        let text = format!("type {} doesn't define __round__ method", vm.class_name(a[0]));
        return Err(vm.type_error(text));
    };
    if matches!(a[1], Value::UNBOUND | Value::NONE) {
        return call::call_special(vm, f, a[0], &[]);
    }
    call::call_special(vm, f, a[0], &[a[1]])
}

/// `divmod(x, y)`.
pub fn div_mod(vm: &mut Vm, x: Value, y: Value) -> PyResult {
    let (left, right) = (vm.names.divmod, vm.names.rdivmod);
    let (cx, cy) = (vm.class_of(x), vm.class_of(y));
    let right_first =
        cx != cy && vm.is_subclass(cy, cx) && attr::lookup(vm, cx, right) != attr::lookup(vm, cy, right);
    if right_first && let Some(r) = protocol::try_method(vm, y, right, x)? {
        return Ok(r);
    }
    if let Some(r) = protocol::try_method(vm, x, left, y)? {
        return Ok(r);
    }
    if cx != cy
        && !right_first
        && let Some(r) = protocol::try_method(vm, y, right, x)?
    {
        return Ok(r);
    }
    Err(protocol::unsupported_operands(vm, "divmod()", x, y))
}

/// `pow(base, exp, mod)`; `mod` may be None or absent.
pub fn power(vm: &mut Vm, base: Value, exp: Value, modulus: Value) -> PyResult {
    if matches!(modulus, Value::UNBOUND | Value::NONE) {
        return protocol::binary(vm, BinOp::Pow, base, exp);
    }
    for (this, name, other) in [(base, vm.names.pow, exp), (exp, vm.names.rpow, base)] {
        if name == vm.names.rpow && vm.class_of(base) == vm.class_of(exp) {
            continue;
        }
        if let Some(f) = attr::special(vm, this, name).filter(|&f| f != Value::NONE) {
            let r = call::call_special(vm, f, this, &[other, modulus])?;
            if r != Value::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
    }
    if vm.kind(modulus) == Kind::Float && int_operand(vm, base).is_some() && int_operand(vm, exp).is_some() {
        return Err(vm.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    }
    let [x, y, z] = [base, exp, modulus].map(|v| vm.class_name(v));
    Err(vm.type_error(format!("unsupported operand type(s) for ** or pow(): '{x}', '{y}', '{z}'")))
}

/// Can it be called?
#[inline]
pub fn is_callable(vm: &Vm, v: Value) -> bool {
    matches!(vm.kind(v), Kind::Function | Kind::Builtin | Kind::BoundMethod | Kind::Class)
        || attr::special(vm, v, vm.names.call).is_some()
}

/// The str of one code point, shared for ASCII and Latin-1.
#[inline]
pub fn char_of(vm: &mut Vm, point: u32) -> Value {
    if point < 256 {
        return hoop_object::strs::latin1_char(vm, point as u8);
    }
    let (bytes, len) = hoop_text::wtf8::encode(point);
    text::new_str(vm, &bytes[..len])
}

// ---- text

fn ascii(vm: &mut Vm, a: &[Value]) -> PyResult {
    let r = protocol::repr(vm, a[0])?;
    if hoop_object::text::str_is_ascii(r) {
        return Ok(r);
    }
    let text = hoop_text::text::ascii_of_repr(str_bytes(r));
    Ok(text::new_str(vm, &text))
}

fn chr(vm: &mut Vm, a: &[Value]) -> PyResult {
    match protocol::index_clamped(vm, a[0])? {
        point @ 0..=0x10FFFF => Ok(char_of(vm, point as u32)),
        _ => Err(vm.value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord(vm: &mut Vm, a: &[Value]) -> PyResult {
    let inner = vm.unwrap(a[0]);
    let (len, point) = match vm.kind(inner) {
        Kind::Str => {
            let text = str_bytes(inner);
            let len = hoop_object::text::str_len(inner);
            (len, if len == 1 { hoop_text::wtf8::decode_at(text, 0).0 } else { 0 })
        }
        Kind::Bytes => one_byte(bytes_data(inner)),
        Kind::ByteArray => one_byte(bytearray_data(inner)),
        _ => {
            let text = format!("ord() expected string of length 1, but {} found", vm.class_name(a[0]));
            return Err(vm.type_error(text));
        }
    };
    if len != 1 {
        return Err(vm.type_error(format!("ord() expected a character, but string of length {len} found")));
    }
    Ok(Value::int(point as i64))
}

fn one_byte(data: &[u8]) -> (usize, u32) {
    (data.len(), data.first().map_or(0, |&b| b as u32))
}

fn format(vm: &mut Vm, a: &[Value]) -> PyResult {
    let spec = if a[1] == Value::UNBOUND { text::empty_str(vm) } else { a[1] };
    let inner = vm.unwrap(spec);
    if vm.kind(inner) != Kind::Str {
        let text = format!("format() argument 2 must be str, not {}", vm.class_name(spec));
        return Err(vm.type_error(text));
    }
    protocol::format(vm, a[0], spec)
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    // A range's length may be beyond the small ints.
    if vm.kind(a[0]) == Kind::Range {
        return range::range_len(vm, a[0]);
    }
    let n = protocol::len(vm, a[0])?;
    Ok(bigint::int_from_i64(vm, n as i64))
}

// ---- attributes

fn getattr(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[2] == Value::UNBOUND {
        return attributes::getattr(vm, a[0], a[1]);
    }
    Ok(attributes::getattr_opt(vm, a[0], a[1])?.unwrap_or(a[2]))
}

fn dir(vm: &mut Vm, a: &[Value]) -> PyResult {
    let names = if a[0] == Value::UNBOUND {
        let locals = locals::frame_locals(vm)?;
        protocol::collect(vm, locals)?
    } else {
        let Some(f) = attr::special(vm, a[0], vm.names.dir) else {
            return Err(native::receiver_error(vm, a[0], "object", "__dir__"));
        };
        let names = call::call_special(vm, f, a[0], &[])?;
        protocol::collect(vm, names)?
    };
    let l = list::from(vm, names.as_slice())?;
    sort::sort(vm, l, None, false)?;
    Ok(l)
}

fn vars(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[0] == Value::UNBOUND {
        return locals::frame_locals(vm);
    }
    let name = vm.names.dict;
    match attributes::getattr_opt(vm, a[0], name)? {
        Some(d) => Ok(d),
        None => Err(vm.type_error("vars() argument must have __dict__ attribute")),
    }
}

// ---- iteration

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[1] == Value::UNBOUND {
        return iterators::iter(vm, a[0]);
    }
    if !is_callable(vm, a[0]) {
        return Err(vm.type_error("iter(v, w): v must be callable"));
    }
    let it = new_iterator(vm, Kind::CallIter, a[0]);
    vm.ctx.write(it, &ITER_SECOND, a[1]);
    Ok(it)
}

fn next(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !iterators::has_next(vm, a[0]) {
        let text = format!("'{}' object is not an iterator", vm.class_name(a[0]));
        return Err(vm.type_error(text));
    }
    // A generator's return value, or the exception of a `__next__`, must come through unchanged without a default.
    if a[1] == Value::UNBOUND
        && let Some(f) = attr::special(vm, a[0], vm.names.next)
    {
        return call::call_special(vm, f, a[0], &[]);
    }
    Ok(iterators::iter_next(vm, a[0])?.unwrap_or(a[1]))
}
