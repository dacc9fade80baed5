//! `str`: its method table, and the plain methods. Larger topics have files of their own.

pub mod arguments;
pub mod codec;
pub mod cut;
pub mod format;
pub mod percent;
pub mod search;
pub mod translate;
pub mod unicode_error;

use crate::text::str::arguments::{check_str, this};
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::helpers::Helper;
use hoop_object::kind::Kind;
use hoop_object::layout::STR_DATA;
use hoop_object::operator::CmpOp;
use hoop_object::rows::{self, Intrinsic, NativeDef};
use hoop_object::text::{str_bytes, str_len};
use hoop_object::vm::Vm;
use hoop_object::{bigint, hash, tuple};
use hoop_protocol::{iterators, protocol, seq};
use hoop_text::text;

/// `str(object='')`, `str(object, encoding, errors)`.
fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (cls, object, encoding, errors) = (a[0], a[1], a[2], a[3]);
    let s = if encoding != Value::UNBOUND || errors != Value::UNBOUND {
        decode_object(vm, object, encoding, errors)?
    } else if object == Value::UNBOUND {
        hoop_object::text::empty_str(vm)
    } else {
        protocol::to_str(vm, object)?
    };
    let base = vm.types.str;
    seq::new_of(vm, cls, base, s)
}

fn decode_object(vm: &mut Vm, object: Value, encoding: Value, errors: Value) -> PyResult {
    let encoding = codec::name_argument(vm, "str", "encoding", encoding)?;
    let errors = codec::name_argument(vm, "str", "errors", errors)?;
    if object == Value::UNBOUND {
        return Ok(hoop_object::text::empty_str(vm));
    }
    let inner = vm.unwrap(object);
    match vm.kind(inner) {
        Kind::Bytes | Kind::ByteArray => codec::decode(vm, inner, encoding.as_deref(), errors.as_deref()),
        Kind::Str => Err(vm.type_error("decoding str is not supported")),
        _ => {
            let text = format!("decoding to str: need a bytes-like object, {} found", vm.class_name(object));
            Err(vm.type_error(text))
        }
    }
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__len__")?;
    Ok(Value::int(str_len(s) as i64))
}

fn getitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__getitem__")?;
    hoop_protocol::subscript::str_get_item(vm, s, a[1])
}

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__iter__")?;
    iterators::iter(vm, s)
}

fn contains(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__contains__")?;
    let item = vm.unwrap(a[1]);
    if vm.kind(item) != Kind::Str {
        let text = format!("'in <string>' requires string as left operand, not {}", vm.class_name(a[1]));
        return Err(vm.type_error(text));
    }
    Ok(Value::bool(text::contains(str_bytes(s), str_bytes(item))))
}

fn add(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__add__")?;
    let other = vm.unwrap(a[1]);
    if vm.kind(other) != Kind::Str {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    hoop_object::strs::concat_str(vm, s, other)
}

fn mul(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__mul__")?;
    match seq::repeat_count(vm, a[1])? {
        Some(count) => hoop_object::strs::str_repeat(vm, s, count),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn order(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    let s = this(vm, a, "__eq__")?;
    let other = vm.unwrap(b);
    if vm.kind(other) != Kind::Str {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok(Value::bool(op.holds(str_bytes(s).cmp(str_bytes(other)))))
}

hoop_protocol::comparison_methods!(order: lt Lt, le Le, eq Eq, ne Ne, gt Gt, ge Ge);

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__hash__")?;
    let h = hash::str_hash(vm, s);
    Ok(bigint::int_from_i64(vm, h))
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__repr__")?;
    let shown = text::repr_str(str_bytes(s));
    hoop_object::strs::text_str(vm, &shown)
}

fn format_method(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__format__")?;
    let spec = crate::numbers::int::spec_bytes(vm, a[1])?;
    if spec.is_empty() {
        return protocol::to_str(vm, a[0]);
    }
    let name = vm.class_name(a[0]);
    format::formatted(vm, |out| hoop_text::spec::format_str(out, str_bytes(s), spec, &name))
}

fn join(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "join")?;
    hoop_protocol::seq::str_join(vm, s, a[1])
}

fn encode(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "encode")?;
    let encoding = codec::name_argument(vm, "encode", "encoding", a[1])?;
    let errors = codec::name_argument(vm, "encode", "errors", a[2])?;
    codec::encode(vm, s, encoding.as_deref(), errors.as_deref())
}

fn getnewargs(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__getnewargs__")?;
    tuple::new_tuple(vm, &[s])
}

fn sizeof(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__sizeof__")?;
    Ok(Value::int(40 + str_bytes(s).len() as i64))
}

fn removeprefix(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "removeprefix")?;
    let prefix = check_str(vm, a[1], |n| format!("removeprefix() argument must be str, not {n}"))?;
    let rest = text::remove_prefix(str_bytes(s), str_bytes(prefix));
    cut::part(vm, s, rest)
}

fn removesuffix(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "removesuffix")?;
    let suffix = check_str(vm, a[1], |n| format!("removesuffix() argument must be str, not {n}"))?;
    let rest = text::remove_suffix(str_bytes(s), str_bytes(suffix));
    cut::part(vm, s, rest)
}

/// The methods that turn a text into another one.
macro_rules! mappings {
    ($( $name:ident ),*) => { $(
        fn $name(vm: &mut Vm, a: &[Value]) -> PyResult {
            let s = this(vm, a[0], stringify!($name))?;
            let mapped = text::$name(str_bytes(s));
            hoop_object::strs::text_str(vm, &mapped)
        }
    )* };
}

mappings!(casefold, capitalize, title, swapcase);

/// `lower` and `upper`: an ASCII text is mapped where the new str's bytes lie.
macro_rules! cases {
    ($( $name:ident $in_place:ident ),*) => { $(
        fn $name(vm: &mut Vm, a: &[Value]) -> PyResult {
            let s = this(vm, a[0], stringify!($name))?;
            let text = str_bytes(s);
            if text.len() < 2 || text.len() != str_len(s) {
                return hoop_object::strs::text_str(vm, &text::$name(text));
            }
            let mapped = hoop_object::text::try_new_str(vm, text, text.len())?;
            STR_DATA.bytes_mut(mapped, text.len()).$in_place();
            Ok(mapped)
        }
    )* };
}

cases!(lower make_ascii_lowercase, upper make_ascii_uppercase);

/// The `is...` methods.
macro_rules! predicates {
    ($( $method:ident $name:ident ),*) => { $(
        fn $method(vm: &mut Vm, a: &[Value]) -> PyResult {
            let s = this(vm, a[0], stringify!($method))?;
            Ok(Value::bool(text::$name(str_bytes(s))))
        }
    )* };
}

predicates!(
    isalpha is_alpha, isdecimal is_decimal, isdigit is_digit, isnumeric is_numeric, isalnum is_alnum, isspace is_space,
    isascii is_ascii, isprintable is_printable, isidentifier is_identifier, isupper is_upper, islower is_lower,
    istitle is_title
);

fn fill_argument(vm: &mut Vm, v: Value) -> PyResult<u32> {
    if v == Value::UNBOUND {
        return Ok(b' ' as u32);
    }
    let fill = check_str(vm, v, |n| format!("The fill character must be a unicode character, not {n}"))?;
    if str_len(fill) != 1 {
        return Err(vm.type_error("The fill character must be exactly one character long"));
    }
    Ok(hoop_text::wtf8::decode_at(str_bytes(fill), 0).0)
}

/// The methods that pad to a width.
macro_rules! paddings {
    ($( $name:ident ),*) => { $(
        fn $name(vm: &mut Vm, a: &[Value]) -> PyResult {
            let s = this(vm, a[0], stringify!($name))?;
            let width = protocol::index(vm, a[1])?;
            let fill = fill_argument(vm, a[2])?;
            arguments::or_self(vm, s, text::$name(str_bytes(s), width, fill))
        }
    )* };
}

paddings!(ljust, rjust, center);

fn zfill(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "zfill")?;
    let width = protocol::index(vm, a[1])?;
    arguments::or_self(vm, s, text::zfill(str_bytes(s), width))
}

fn expandtabs(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "expandtabs")?;
    let size = if a[1] == Value::UNBOUND { 8 } else { protocol::index_c_int(vm, a[1])? };
    match text::expandtabs(str_bytes(s), size) {
        Ok(out) => hoop_object::strs::text_str(vm, &out),
        Err(_) => Err(vm.overflow_error("new string is too long")),
    }
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, object='', encoding='utf-8', errors='strict'", new),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__add__", "$self, value, /", add),
    NativeDef::new("__mul__", "$self, value, /", mul),
    NativeDef::new("__rmul__", "$self, value, /", mul),
    NativeDef::new("__mod__", "$self, value, /", percent::modulo),
    NativeDef::new("__rmod__", "$self, value, /", percent::reflected_modulo),
    NativeDef::new("__lt__", "$self, value, /", lt),
    NativeDef::new("__le__", "$self, value, /", le),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__gt__", "$self, value, /", gt),
    NativeDef::new("__ge__", "$self, value, /", ge),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__str__", "$self, /", |vm, a| this(vm, a[0], "__str__")),
    NativeDef::new("__format__", "$self, format_spec, /", format_method),
    NativeDef::new("__getnewargs__", "$self, /", getnewargs),
    NativeDef::new("__sizeof__", "$self, /", sizeof),
    NativeDef::new("format", "$self, /, *args, **kwargs", format::format),
    NativeDef::new("format_map", "$self, mapping, /", format::format_map),
    NativeDef::new("join", "$self, iterable, /", join).intrinsic(Intrinsic::Consume(Helper::Join)),
    NativeDef::new("encode", "$self, /, encoding='utf-8', errors='strict'", encode),
    NativeDef::new("find", "$self, sub[, start[, end]], /", search::find).plain_below(3),
    NativeDef::new("rfind", "$self, sub[, start[, end]], /", search::rfind).plain_below(3),
    NativeDef::new("index", "$self, sub[, start[, end]], /", search::index).plain_below(3),
    NativeDef::new("rindex", "$self, sub[, start[, end]], /", search::rindex).plain_below(3),
    NativeDef::new("count", "$self, sub[, start[, end]], /", search::count).plain_below(3),
    NativeDef::new("startswith", "$self, prefix[, start[, end]], /", search::startswith).plain_below(3),
    NativeDef::new("endswith", "$self, suffix[, start[, end]], /", search::endswith).plain_below(3),
    NativeDef::new("replace", "$self, old, new, /, count=-1", search::replace).plain_below(4),
    NativeDef::new("split", "$self, /, sep=None, maxsplit=-1", cut::split).plain_below(3),
    NativeDef::new("rsplit", "$self, /, sep=None, maxsplit=-1", cut::rsplit).plain_below(3),
    NativeDef::new("splitlines", "$self, /, keepends=False", cut::splitlines),
    NativeDef::new("partition", "$self, sep, /", cut::partition).plain_below(3),
    NativeDef::new("rpartition", "$self, sep, /", cut::rpartition).plain_below(3),
    NativeDef::new("strip", "$self, chars=None, /", cut::strip).plain_below(3),
    NativeDef::new("lstrip", "$self, chars=None, /", cut::lstrip).plain_below(3),
    NativeDef::new("rstrip", "$self, chars=None, /", cut::rstrip).plain_below(3),
    NativeDef::new("removeprefix", "$self, prefix, /", removeprefix).plain_below(3),
    NativeDef::new("removesuffix", "$self, suffix, /", removesuffix).plain_below(3),
    NativeDef::new("lower", "$self, /", lower).plain_below(2),
    NativeDef::new("upper", "$self, /", upper).plain_below(2),
    NativeDef::new("casefold", "$self, /", casefold).plain_below(2),
    NativeDef::new("capitalize", "$self, /", capitalize).plain_below(2),
    NativeDef::new("title", "$self, /", title).plain_below(2),
    NativeDef::new("swapcase", "$self, /", swapcase).plain_below(2),
    NativeDef::new("isalpha", "$self, /", isalpha).plain_below(2),
    NativeDef::new("isdecimal", "$self, /", isdecimal).plain_below(2),
    NativeDef::new("isdigit", "$self, /", isdigit).plain_below(2),
    NativeDef::new("isnumeric", "$self, /", isnumeric).plain_below(2),
    NativeDef::new("isalnum", "$self, /", isalnum).plain_below(2),
    NativeDef::new("isspace", "$self, /", isspace).plain_below(2),
    NativeDef::new("isascii", "$self, /", isascii).plain_below(2),
    NativeDef::new("isprintable", "$self, /", isprintable).plain_below(2),
    NativeDef::new("isidentifier", "$self, /", isidentifier).plain_below(2),
    NativeDef::new("isupper", "$self, /", isupper).plain_below(2),
    NativeDef::new("islower", "$self, /", islower).plain_below(2),
    NativeDef::new("istitle", "$self, /", istitle).plain_below(2),
    NativeDef::new("ljust", "$self, width, fillchar=' ', /", ljust),
    NativeDef::new("rjust", "$self, width, fillchar=' ', /", rjust),
    NativeDef::new("center", "$self, width, fillchar=' ', /", center),
    NativeDef::new("zfill", "$self, width, /", zfill),
    NativeDef::new("expandtabs", "$self, /, tabsize=8", expandtabs),
    NativeDef::new("translate", "$self, table, /", translate::translate),
];

const STATIC_METHODS: &[NativeDef] =
    &[NativeDef::new("maketrans", "x, y=<unrepresentable>, z=<unrepresentable>, /", translate::maketrans)];

/// Adds staticmethods to a built-in class.
#[inline]
pub fn add_static_methods(vm: &mut Vm, class: Value, defs: &'static [NativeDef]) {
    for def in defs {
        let f = rows::new_builtin(vm, def, None, Some(class));
        let f = vm.new_wrapper(Kind::StaticMethod, f);
        vm.set_class_attr_str(class, def.name, f);
    }
}

pub fn init(vm: &mut Vm) {
    let class = vm.types.str;
    vm.add_methods(class, METHODS);
    add_static_methods(vm, class, STATIC_METHODS);
    unicode_error::init(vm);
}
