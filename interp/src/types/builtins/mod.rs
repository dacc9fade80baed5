//! The built-in functions.

mod instances;
mod output;
mod reduce;

use super::int::{operand as int_operand, prefixed};
use super::iterators::new_iterator;
use crate::errors::PyResult;
use crate::helpers::Helper;
use crate::native::{Intrinsic, NativeDef};
use crate::objects::Kind;
use crate::objects::layout::ITER_SECOND;
use crate::objects::text::{bytearray_data, bytes_data, str_bytes};
use crate::operator::BinOp;
use crate::vm::Vm;
use hoop_gc::Value;

pub const FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("abs", "x, /", abs).intrinsic(Intrinsic::Abs),
    NativeDef::new("all", "iterable, /", reduce::all).intrinsic(Intrinsic::Consume(Helper::All)),
    NativeDef::new("any", "iterable, /", reduce::any).intrinsic(Intrinsic::Consume(Helper::Any)),
    NativeDef::new("ascii", "obj, /", ascii),
    NativeDef::new("bin", "number, /", |vm, a| based(vm, a[0], 2, "b")),
    NativeDef::new("callable", "obj, /", |vm, a| Ok(Value::bool(vm.is_callable(a[0])))),
    NativeDef::new("chr", "i, /", chr).intrinsic(Intrinsic::Chr),
    NativeDef::new("delattr", "obj, name, /", |vm, a| vm.delattr(a[0], a[1]).map(|()| Value::NONE)),
    NativeDef::new("dir", "object=..., /", dir).sees_frames_below(1),
    NativeDef::new("divmod", "x, y, /", |vm, a| vm.div_mod(a[0], a[1])).intrinsic(Intrinsic::DivMod),
    NativeDef::new("format", "value, format_spec='', /", format),
    NativeDef::new("getattr", "object, name, default=..., /", getattr).intrinsic(Intrinsic::GetAttr),
    NativeDef::new("hasattr", "obj, name, /", |vm, a| Ok(Value::bool(vm.getattr_opt(a[0], a[1])?.is_some())))
        .intrinsic(Intrinsic::HasAttr),
    NativeDef::new("hash", "obj, /", |vm, a| {
        let h = vm.hash(a[0])?;
        Ok(vm.int_from_i64(h))
    }),
    NativeDef::new("hex", "number, /", |vm, a| based(vm, a[0], 16, "x")),
    NativeDef::new("id", "obj, /", |vm, a| Ok(vm.identity_number(a[0]))),
    NativeDef::new("input", "prompt='', /", output::input),
    NativeDef::new("isinstance", "obj, class_or_tuple, /", |vm, a| {
        Ok(Value::bool(vm.is_instance(a[0], a[1])?))
    })
    .intrinsic(Intrinsic::IsInstance),
    NativeDef::new("issubclass", "cls, class_or_tuple, /", |vm, a| {
        Ok(Value::bool(vm.is_subclass_of(a[0], a[1])?))
    })
    .intrinsic(Intrinsic::IsSubclass),
    NativeDef::new("iter", "object, sentinel=..., /", iter),
    NativeDef::new("len", "obj, /", len).intrinsic(Intrinsic::Len),
    NativeDef::new("max", "*args, key=None, default=...", |vm, a| reduce::extreme(vm, a, true))
        .intrinsic(Intrinsic::Consume(Helper::Max)),
    NativeDef::new("min", "*args, key=None, default=...", |vm, a| reduce::extreme(vm, a, false))
        .intrinsic(Intrinsic::Consume(Helper::Min)),
    NativeDef::new("next", "iterator, default=..., /", next).intrinsic(Intrinsic::Next),
    NativeDef::new("oct", "number, /", |vm, a| based(vm, a[0], 8, "o")),
    NativeDef::new("ord", "c, /", ord).intrinsic(Intrinsic::Ord),
    NativeDef::new("pow", "base, exp, mod=None", |vm, a| vm.power(a[0], a[1], a[2])),
    NativeDef::new("print", "*args, sep=' ', end='\\n', file=None, flush=False", output::print),
    NativeDef::new("repr", "obj, /", |vm, a| vm.repr(a[0])),
    NativeDef::new("round", "number, ndigits=None", round).intrinsic(Intrinsic::Round),
    NativeDef::new("setattr", "obj, name, value, /", |vm, a| {
        vm.setattr(a[0], a[1], a[2]).map(|()| Value::NONE)
    }),
    NativeDef::new("sorted", "*args, key=None, reverse=False", reduce::sorted)
        .intrinsic(Intrinsic::Consume(Helper::Sorted)),
    NativeDef::new("sum", "iterable, /, start=0", reduce::sum).intrinsic(Intrinsic::Consume(Helper::Sum)),
    NativeDef::new("vars", "object=..., /", vars).sees_frames_below(1),
];

pub fn init(vm: &mut Vm) {
    let ns = vm.builtins;
    vm.add_functions(ns, FUNCTIONS);
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
        vm.set_global(ns, &name, class);
    }
    for (name, v) in [
        ("NotImplemented", Value::NOT_IMPLEMENTED),
        ("Ellipsis", Value::ELLIPSIS),
        ("__debug__", Value::TRUE),
    ] {
        vm.set_global(ns, name, v);
    }
}

// ---- numbers

fn abs(vm: &mut Vm, a: &[Value]) -> PyResult {
    match a[0].as_int() {
        Some(i) => Ok(vm.int_from_i64(i.abs())),
        None => match vm.special(a[0], vm.names.abs) {
            Some(f) => vm.call_special(f, a[0], &[]),
            None => {
                let text = format!("bad operand type for abs(): '{}'", vm.class_name(a[0]));
                Err(vm.type_error(text))
            }
        },
    }
}

fn based(vm: &mut Vm, v: Value, radix: u32, prefix: &str) -> PyResult {
    let i = vm.index_value(v)?;
    Ok(vm.str(&prefixed(i, radix, prefix)))
}

fn round(vm: &mut Vm, a: &[Value]) -> PyResult {
    let Some(f) = vm.special(a[0], vm.names.round) else {
        let text = format!("type {} doesn't define __round__ method", vm.class_name(a[0]));
        return Err(vm.type_error(text));
    };
    if matches!(a[1], Value::UNBOUND | Value::NONE) {
        return vm.call_special(f, a[0], &[]);
    }
    vm.call_special(f, a[0], &[a[1]])
}

impl Vm {
    /// `divmod(x, y)`.
    pub fn div_mod(&mut self, x: Value, y: Value) -> PyResult {
        let (left, right) = (self.names.divmod, self.names.rdivmod);
        let (cx, cy) = (self.class_of(x), self.class_of(y));
        let right_first =
            cx != cy && self.is_subclass(cy, cx) && self.lookup(cx, right) != self.lookup(cy, right);
        if right_first && let Some(r) = self.try_method(y, right, x)? {
            return Ok(r);
        }
        if let Some(r) = self.try_method(x, left, y)? {
            return Ok(r);
        }
        if cx != cy
            && !right_first
            && let Some(r) = self.try_method(y, right, x)?
        {
            return Ok(r);
        }
        Err(self.unsupported_operands("divmod()", x, y))
    }

    /// `pow(base, exp, mod)`; `mod` may be None or absent.
    pub fn power(&mut self, base: Value, exp: Value, modulus: Value) -> PyResult {
        if matches!(modulus, Value::UNBOUND | Value::NONE) {
            return self.binary(BinOp::Pow, base, exp);
        }
        for (this, name, other) in [(base, self.names.pow, exp), (exp, self.names.rpow, base)] {
            if name == self.names.rpow && self.class_of(base) == self.class_of(exp) {
                continue;
            }
            if let Some(f) = self.special(this, name).filter(|&f| f != Value::NONE) {
                let r = self.call_special(f, this, &[other, modulus])?;
                if r != Value::NOT_IMPLEMENTED {
                    return Ok(r);
                }
            }
        }
        if self.kind(modulus) == Kind::Float
            && int_operand(self, base).is_some()
            && int_operand(self, exp).is_some()
        {
            return Err(self.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
        }
        let [x, y, z] = [base, exp, modulus].map(|v| self.class_name(v));
        Err(self.type_error(format!("unsupported operand type(s) for ** or pow(): '{x}', '{y}', '{z}'")))
    }

    /// Can it be called?
    pub fn is_callable(&self, v: Value) -> bool {
        matches!(self.kind(v), Kind::Function | Kind::Builtin | Kind::BoundMethod | Kind::Class)
            || self.special(v, self.names.call).is_some()
    }

    /// The str of one code point, shared for ASCII and Latin-1.
    pub fn char_of(&mut self, point: u32) -> Value {
        if point < 256 {
            return self.latin1_char(point as u8);
        }
        let (bytes, len) = hoop_text::wtf8::encode(point);
        self.new_str(&bytes[..len])
    }
}

// ---- text

fn ascii(vm: &mut Vm, a: &[Value]) -> PyResult {
    let r = vm.repr(a[0])?;
    if crate::objects::text::str_is_ascii(r) {
        return Ok(r);
    }
    let text = hoop_text::text::ascii_of_repr(str_bytes(r));
    Ok(vm.new_str(&text))
}

fn chr(vm: &mut Vm, a: &[Value]) -> PyResult {
    match vm.index_clamped(a[0])? {
        point @ 0..=0x10FFFF => Ok(vm.char_of(point as u32)),
        _ => Err(vm.value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord(vm: &mut Vm, a: &[Value]) -> PyResult {
    let inner = vm.unwrap(a[0]);
    let (len, point) = match vm.kind(inner) {
        Kind::Str => {
            let text = str_bytes(inner);
            let len = crate::objects::text::str_len(inner);
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
    let spec = if a[1] == Value::UNBOUND { vm.empty_str() } else { a[1] };
    let inner = vm.unwrap(spec);
    if vm.kind(inner) != Kind::Str {
        let text = format!("format() argument 2 must be str, not {}", vm.class_name(spec));
        return Err(vm.type_error(text));
    }
    vm.format(a[0], spec)
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    // A range's length may be beyond the small ints.
    if vm.kind(a[0]) == Kind::Range {
        return vm.range_len(a[0]);
    }
    let n = vm.len(a[0])?;
    Ok(vm.int_from_i64(n as i64))
}

// ---- attributes

fn getattr(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[2] == Value::UNBOUND {
        return vm.getattr(a[0], a[1]);
    }
    Ok(vm.getattr_opt(a[0], a[1])?.unwrap_or(a[2]))
}

fn dir(vm: &mut Vm, a: &[Value]) -> PyResult {
    let names = if a[0] == Value::UNBOUND {
        let locals = vm.frame_locals()?;
        vm.collect(locals)?
    } else {
        let Some(f) = vm.special(a[0], vm.names.dir) else {
            return Err(vm.receiver_error(a[0], "object", "__dir__"));
        };
        let names = vm.call_special(f, a[0], &[])?;
        vm.collect(names)?
    };
    let l = vm.list_from(names.as_slice())?;
    vm.sort(l, None, false)?;
    Ok(l)
}

fn vars(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[0] == Value::UNBOUND {
        return vm.frame_locals();
    }
    let name = vm.names.dict;
    match vm.getattr_opt(a[0], name)? {
        Some(d) => Ok(d),
        None => Err(vm.type_error("vars() argument must have __dict__ attribute")),
    }
}

// ---- iteration

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[1] == Value::UNBOUND {
        return vm.iter(a[0]);
    }
    if !vm.is_callable(a[0]) {
        return Err(vm.type_error("iter(v, w): v must be callable"));
    }
    let it = new_iterator(vm, Kind::CallIter, a[0]);
    vm.ctx.write(it, &ITER_SECOND, a[1]);
    Ok(it)
}

fn next(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !vm.is_iterator(a[0]) {
        let text = format!("'{}' object is not an iterator", vm.class_name(a[0]));
        return Err(vm.type_error(text));
    }
    // A generator's return value, or the exception of a `__next__`, must come through unchanged without a default.
    if a[1] == Value::UNBOUND
        && let Some(f) = vm.special(a[0], vm.names.next)
    {
        return vm.call_special(f, a[0], &[]);
    }
    Ok(vm.iter_next(a[0])?.unwrap_or(a[1]))
}
