//! `set` and `frozenset`. Both are tables without values (see `objects::dict`).

use hoop_gc::Value;
use hoop_object::dict::{self, dict_len};
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::operator::{BinOp, CmpOp};
use hoop_object::rows::{Intrinsic, NativeDef};
use hoop_object::vm::Vm;
use hoop_object::{bigint, text};
use hoop_protocol::{iterators, protocol, seq, sets};

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, Kind::is_set, "set", method)
}

fn this_set(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, |k| k == Kind::Set, "set", method)
}

fn has(vm: &mut Vm, table: Value, key: Value, hash: i64) -> PyResult<bool> {
    Ok(dict::find(vm, table, key, hash)?.is_some_and(|i| dict::entry(vm, table, i).is_some()))
}

/// A new set, or frozenset, with the items of an iterable.
#[inline]
pub fn set_from(vm: &mut Vm, kind: Kind, v: Value) -> PyResult {
    let s = if kind == Kind::FrozenSet { dict::new_frozenset(vm) } else { dict::new_set(vm) };
    sets::set_update(vm, s, v)?;
    Ok(s)
}

/// The items of `from` that are (or are not) in the table, as a set of a kind.
fn select(vm: &mut Vm, kind: Kind, from: Value, table: Value, wanted: bool) -> PyResult {
    let out = if kind == Kind::FrozenSet { dict::new_frozenset(vm) } else { dict::new_set(vm) };
    let version = DICT_VERSION.read(from);
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, from, i) {
        let hash = dict::entry_hash(vm, from, at);
        if has(vm, table, e.key, hash)? == wanted {
            // An `__eq__` that changes the set may have made a key come by again.
            if DICT_VERSION.read(from) == version {
                dict::add_new(vm, out, e.key, hash, Value::NONE)?;
            } else {
                dict::set_hashed(vm, out, e.key, hash, Value::NONE)?;
            }
        }
        i = at + 1;
    }
    Ok(out)
}

/// `a op b` for sets; the result is of the kind of `a`.
pub fn combine(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> PyResult {
    let kind = vm.kind(a);
    match op {
        BinOp::And => {
            let (items, table) = if dict_len(b) > dict_len(a) { (a, b) } else { (b, a) };
            select(vm, kind, items, table, true)
        }
        BinOp::Sub => select(vm, kind, a, b, false),
        BinOp::Or => {
            let out = set_from(vm, kind, a)?;
            sets::set_update(vm, out, b)?;
            Ok(out)
        }
        _ => {
            let out = set_from(vm, kind, b)?;
            toggle(vm, out, a)?;
            Ok(out)
        }
    }
}

/// Takes those items of a table out of a set that are in it, and adds the others.
fn toggle(vm: &mut Vm, s: Value, table: Value) -> PyResult<()> {
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, table, i) {
        let hash = dict::entry_hash(vm, table, at);
        if dict::remove_hashed(vm, s, e.key, hash)?.is_none() {
            dict::set_hashed(vm, s, e.key, hash, Value::NONE)?;
        }
        i = at + 1;
    }
    Ok(())
}

/// The items of an iterable that are in a set, as a set of its kind.
pub fn intersect(vm: &mut Vm, s: Value, v: Value) -> PyResult {
    if let Some(other) = sets::as_set(vm, v) {
        return combine(vm, BinOp::And, s, other);
    }
    let out = if vm.kind(s) == Kind::FrozenSet { dict::new_frozenset(vm) } else { dict::new_set(vm) };
    let it = iterators::iter(vm, v)?;
    while let Some(x) = iterators::iter_next(vm, it)? {
        let hash = dict::key_hash(vm, s, x)?;
        if has(vm, s, x, hash)? {
            dict::set_hashed(vm, out, x, hash, Value::NONE)?;
            // No further item can be among them.
            if dict_len(out) >= dict_len(s) {
                break;
            }
        }
    }
    Ok(out)
}

/// Are all items of `a` in `b`?
fn is_subset(vm: &mut Vm, a: Value, b: Value) -> PyResult<bool> {
    if dict_len(a) > dict_len(b) {
        return Ok(false);
    }
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, a, i) {
        let hash = dict::entry_hash(vm, a, at);
        if !has(vm, b, e.key, hash)? {
            return Ok(false);
        }
        i = at + 1;
    }
    Ok(true)
}

// ---- construction

fn new_set(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = dict::new_set(vm);
    let base = vm.types.set;
    seq::new_of(vm, a[0], base, s)
}

fn init_set(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this_set(vm, a[0], "__init__")?;
    let arg = seq::one_argument(vm, "set", a[1], &a[2..])?;
    dict::clear(vm, s);
    if let Some(v) = arg {
        sets::set_update(vm, s, v)?;
    }
    Ok(Value::NONE)
}

fn new_frozenset(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (cls, base) = (a[0], vm.types.frozenset);
    let arg = if seq::ignores_keywords(vm, cls, base) {
        seq::at_most_one(vm, "frozenset", &a[2..])?
    } else {
        seq::one_argument(vm, "frozenset", a[1], &a[2..])?
    };
    let s = match arg {
        Some(v) if vm.kind(v) == Kind::FrozenSet => v,
        Some(v) => set_from(vm, Kind::FrozenSet, v)?,
        None => dict::new_frozenset(vm),
    };
    seq::new_of(vm, cls, base, s)
}

// ---- one item

fn add(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this_set(vm, a[0], "add")?;
    dict::set(vm, s, a[1], Value::NONE)?;
    Ok(Value::NONE)
}

fn discard(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this_set(vm, a[0], "discard")?;
    let key = sets::set_key(vm, a[1])?;
    dict::remove(vm, s, key)?;
    Ok(Value::NONE)
}

fn remove(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this_set(vm, a[0], "remove")?;
    let key = sets::set_key(vm, a[1])?;
    match dict::remove(vm, s, key)? {
        Some(_) => Ok(Value::NONE),
        None => Err(vm.key_error(a[1])),
    }
}

/// Takes out the first item.
fn pop(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this_set(vm, a[0], "pop")?;
    match dict::dict_next(vm, s, 0) {
        Some((i, e)) => {
            let hash = dict::entry_hash(vm, s, i);
            dict::remove_entry(vm, s, i, hash);
            Ok(e.key)
        }
        None => {
            let text = text::str(vm, "pop from an empty set");
            Err(vm.key_error(text))
        }
    }
}

fn contains(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__contains__")?;
    Ok(Value::bool(sets::set_contains(vm, s, a[1])?))
}

// ---- whole sets

fn clear(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this_set(vm, a[0], "clear")?;
    dict::clear(vm, s);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "copy")?;
    if vm.kind(s) == Kind::FrozenSet { Ok(s) } else { dict::copy(vm, s) }
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__len__")?;
    Ok(Value::int(dict_len(s) as i64))
}

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__iter__")?;
    iterators::iter(vm, s)
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__repr__")?;
    let name = vm.class_name(a[0]);
    if dict_len(s) == 0 {
        return Ok(text::str(vm, &format!("{name}()")));
    }
    let again = format!("{name}(...)");
    seq::repr_once(vm, s, &again, |vm| {
        let plain = vm.class_of(a[0]) == vm.types.set;
        let mut text = if plain { b"{".to_vec() } else { format!("{name}({{").into_bytes() };
        let start = text.len();
        let items = protocol::collect(vm, s)?;
        for &item in items.as_slice() {
            if text.len() > start {
                text.extend_from_slice(b", ");
            }
            seq::push_repr(vm, &mut text, item)?;
        }
        text.extend_from_slice(if plain { b"}" } else { b"})" });
        Ok(text::new_str(vm, &text))
    })
}

/// The hash of a frozenset: that of its items, whatever their order (as published for CPython's frozensets). Entries
/// lack a bit of their keys' hashes, so these are asked for once more, and the result is kept.
fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__hash__")?;
    let known = FROZENSET_HASH.read(s);
    if known != 0 {
        return Ok(bigint::int_from_i64(vm, known));
    }
    protocol::enter_native(vm)?;
    let mut h: u64 = 0;
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, s, i) {
        let item = protocol::hash(vm, e.key)? as u64;
        h ^= ((item ^ 89_869_747) ^ (item << 16)).wrapping_mul(3_644_798_167);
        i = at + 1;
    }
    h ^= (dict_len(s) as u64 + 1).wrapping_mul(1_927_868_237);
    h ^= (h >> 11) ^ (h >> 25);
    h = h.wrapping_mul(69_069).wrapping_add(907_133_923);
    let h = if h == u64::MAX { 590_923_713 } else { h as i64 };
    FROZENSET_HASH.write(s, h);
    Ok(bigint::int_from_i64(vm, h))
}

fn order(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    let x = this(vm, a, "__eq__")?;
    let Some(y) = sets::as_set(vm, b) else { return Ok(Value::NOT_IMPLEMENTED) };
    protocol::enter_native(vm)?;
    let (n, m) = (dict_len(x), dict_len(y));
    let r = match op {
        CmpOp::Eq => n == m && is_subset(vm, x, y)?,
        CmpOp::Ne => !(n == m && is_subset(vm, x, y)?),
        CmpOp::Lt => n < m && is_subset(vm, x, y)?,
        CmpOp::Le => is_subset(vm, x, y)?,
        CmpOp::Gt => n > m && is_subset(vm, y, x)?,
        CmpOp::Ge => is_subset(vm, y, x)?,
    };
    Ok(Value::bool(r))
}

hoop_protocol::comparison_methods!(order: lt Lt, le Le, eq Eq, ne Ne, gt Gt, ge Ge);

fn isdisjoint(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "isdisjoint")?;
    if let Some(other) = sets::as_set(vm, a[1]) {
        let (items, table) = if dict_len(other) > dict_len(s) { (s, other) } else { (other, s) };
        return Ok(Value::bool(!shares(vm, items, table)?));
    }
    let it = iterators::iter(vm, a[1])?;
    while let Some(v) = iterators::iter_next(vm, it)? {
        if dict::contains(vm, s, v)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

/// Is some item of a set in the table?
fn shares(vm: &mut Vm, items: Value, table: Value) -> PyResult<bool> {
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, items, i) {
        let hash = dict::entry_hash(vm, items, at);
        if has(vm, table, e.key, hash)? {
            return Ok(true);
        }
        i = at + 1;
    }
    Ok(false)
}

fn issubset(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "issubset")?;
    if let Some(other) = sets::as_set(vm, a[1]) {
        return Ok(Value::bool(is_subset(vm, s, other)?));
    }
    let both = intersect(vm, s, a[1])?;
    Ok(Value::bool(dict_len(both) == dict_len(s)))
}

fn issuperset(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "issuperset")?;
    if let Some(other) = sets::as_set(vm, a[1]) {
        return Ok(Value::bool(is_subset(vm, other, s)?));
    }
    let it = iterators::iter(vm, a[1])?;
    while let Some(v) = iterators::iter_next(vm, it)? {
        if !dict::contains(vm, s, v)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

// ---- algebra by methods: with any iterables

fn union(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "union")?;
    let kind = vm.kind(s);
    let out = set_from(vm, kind, s)?;
    for &v in &a[1..] {
        sets::set_update(vm, out, v)?;
    }
    Ok(out)
}

fn intersection(vm: &mut Vm, a: &[Value]) -> PyResult {
    let mut s = this(vm, a[0], "intersection")?;
    if a.len() == 1 {
        let kind = vm.kind(s);
        return set_from(vm, kind, s);
    }
    for &v in &a[1..] {
        s = intersect(vm, s, v)?;
    }
    Ok(s)
}

fn difference(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "difference")?;
    let (kind, first) = (vm.kind(s), a.get(1).and_then(|&v| sets::as_table(vm, v)));
    let out = match first {
        Some(table) => select(vm, kind, s, table, false)?,
        None => set_from(vm, kind, s)?,
    };
    for &v in &a[1 + first.is_some() as usize..] {
        remove_all(vm, out, v)?;
    }
    Ok(out)
}

/// Takes the items of an iterable out of a set.
pub fn remove_all(vm: &mut Vm, s: Value, v: Value) -> PyResult<()> {
    let Some(other) = sets::as_set(vm, v) else {
        let it = iterators::iter(vm, v)?;
        while let Some(x) = iterators::iter_next(vm, it)? {
            dict::remove(vm, s, x)?;
        }
        return Ok(());
    };
    if other == s {
        dict::clear(vm, s);
        return Ok(());
    }
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, other, i) {
        let hash = dict::entry_hash(vm, other, at);
        dict::remove_hashed(vm, s, e.key, hash)?;
        i = at + 1;
    }
    Ok(())
}

fn symmetric_difference(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "symmetric_difference")?;
    let kind = vm.kind(s);
    let out = set_from(vm, kind, a[1])?;
    toggle(vm, out, s)?;
    Ok(out)
}

fn update(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this_set(vm, a[0], "update")?;
    for &v in &a[1..] {
        sets::set_update(vm, s, v)?;
    }
    Ok(Value::NONE)
}

/// [`toggle`] with the items of any iterable, each once.
#[inline]
pub fn toggle_all(vm: &mut Vm, s: Value, v: Value) -> PyResult<()> {
    if sets::as_set(vm, v) == Some(s) {
        dict::clear(vm, s);
        return Ok(());
    }
    let table = match sets::as_table(vm, v) {
        Some(table) => table,
        None => set_from(vm, Kind::Set, v)?,
    };
    toggle(vm, s, table)
}

/// Gives `s` the content of a set that nobody else has.
fn replace(vm: &mut Vm, s: Value, by: Value) {
    dict::clear(vm, s);
    sets::dict_take(vm, s, by);
}

fn intersection_update(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this_set(vm, a[0], "intersection_update")?;
    if a.len() == 1 {
        return Ok(Value::NONE);
    }
    let mut both = s;
    for &v in &a[1..] {
        both = intersect(vm, both, v)?;
    }
    replace(vm, s, both);
    Ok(Value::NONE)
}

fn difference_update(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this_set(vm, a[0], "difference_update")?;
    for &v in &a[1..] {
        remove_all(vm, s, v)?;
    }
    Ok(Value::NONE)
}

fn symmetric_difference_update(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this_set(vm, a[0], "symmetric_difference_update")?;
    toggle_all(vm, s, a[1])?;
    Ok(Value::NONE)
}

// ---- algebra by operators: with sets only

macro_rules! operators {
    ($( $name:ident $reflected:ident $inplace:ident $op:ident ),*) => { $(
        fn $name(vm: &mut Vm, a: &[Value]) -> PyResult {
            let s = this(vm, a[0], concat!("__", stringify!($name), "__"))?;
            match sets::as_set(vm, a[1]) {
                Some(other) => combine(vm, BinOp::$op, s, other),
                None => Ok(Value::NOT_IMPLEMENTED),
            }
        }
        fn $reflected(vm: &mut Vm, a: &[Value]) -> PyResult {
            let s = this(vm, a[0], concat!("__", stringify!($reflected), "__"))?;
            match sets::as_set(vm, a[1]) {
                Some(other) => combine(vm, BinOp::$op, other, s),
                None => Ok(Value::NOT_IMPLEMENTED),
            }
        }
        fn $inplace(vm: &mut Vm, a: &[Value]) -> PyResult {
            let s = this_set(vm, a[0], concat!("__", stringify!($inplace), "__"))?;
            let Some(other) = sets::as_set(vm, a[1]) else { return Ok(Value::NOT_IMPLEMENTED) };
            assign(vm, BinOp::$op, s, other)?;
            Ok(a[0])
        }
    )* };
}

operators!(and rand iand And, or ror ior Or, sub rsub isub Sub, xor rxor ixor Xor);

/// `s op= other` for sets.
fn assign(vm: &mut Vm, op: BinOp, s: Value, other: Value) -> PyResult<()> {
    match op {
        BinOp::Or => sets::set_update(vm, s, other),
        BinOp::Sub => remove_all(vm, s, other),
        BinOp::Xor => toggle_all(vm, s, other),
        _ => {
            let result = combine(vm, op, s, other)?;
            replace(vm, s, result);
            Ok(())
        }
    }
}

fn sizeof(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__sizeof__")?;
    let words = DICT_ENTRIES.read(s).map_or(0, |array| ARRAY_LEN.read(array));
    let index = DICT_INDEX.read(s).map_or(0, |buffer| ARRAY_LEN.read(buffer));
    Ok(Value::int(48 + 8 * words + index))
}

const SHARED: &[NativeDef] = &[
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__contains__", "$self, object, /", contains),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__lt__", "$self, value, /", lt),
    NativeDef::new("__le__", "$self, value, /", le),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__gt__", "$self, value, /", gt),
    NativeDef::new("__ge__", "$self, value, /", ge),
    NativeDef::new("__and__", "$self, value, /", and),
    NativeDef::new("__rand__", "$self, value, /", rand),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", ror),
    NativeDef::new("__sub__", "$self, value, /", sub),
    NativeDef::new("__rsub__", "$self, value, /", rsub),
    NativeDef::new("__xor__", "$self, value, /", xor),
    NativeDef::new("__rxor__", "$self, value, /", rxor),
    NativeDef::new("__sizeof__", "$self, /", sizeof),
    NativeDef::new("copy", "$self, /", copy),
    NativeDef::new("isdisjoint", "$self, other, /", isdisjoint),
    NativeDef::new("issubset", "$self, other, /", issubset),
    NativeDef::new("issuperset", "$self, other, /", issuperset),
    NativeDef::new("union", "$self, /, *others", union),
    NativeDef::new("intersection", "$self, /, *others", intersection),
    NativeDef::new("difference", "$self, /, *others", difference),
    NativeDef::new("symmetric_difference", "$self, other, /", symmetric_difference),
];

const SET: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, /, *args, **kwargs", new_set).makes_empty(),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init_set),
    NativeDef::new("add", "$self, object, /", add).intrinsic(Intrinsic::SetAdd),
    NativeDef::new("discard", "$self, object, /", discard),
    NativeDef::new("remove", "$self, object, /", remove),
    NativeDef::new("pop", "$self, /", pop),
    NativeDef::new("clear", "$self, /", clear),
    NativeDef::new("update", "$self, /, *others", update),
    NativeDef::new("intersection_update", "$self, /, *others", intersection_update),
    NativeDef::new("difference_update", "$self, /, *others", difference_update),
    NativeDef::new("symmetric_difference_update", "$self, other, /", symmetric_difference_update),
    NativeDef::new("__iand__", "$self, value, /", iand),
    NativeDef::new("__ior__", "$self, value, /", ior),
    NativeDef::new("__isub__", "$self, value, /", isub),
    NativeDef::new("__ixor__", "$self, value, /", ixor),
];

const FROZENSET: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, /, *args, **kwargs", new_frozenset),
    NativeDef::new("__hash__", "$self, /", hash),
];

pub fn init(vm: &mut Vm) {
    let (set, frozenset) = (vm.types.set, vm.types.frozenset);
    for class in [set, frozenset] {
        vm.add_methods(class, SHARED);
    }
    vm.add_methods(set, SET);
    vm.add_methods(frozenset, FROZENSET);
    vm.set_class_attr_str(set, "__hash__", Value::NONE);
}
