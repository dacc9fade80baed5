//! `dict`: its methods, and filling dicts from mappings and pairs.

use crate::exceptions;
use hoop_gc::Value;
use hoop_object::dict::{self, Entry, dict_len, dict_used};
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::list::{self, list_len};
use hoop_object::rows::{self, Intrinsic, NativeDef};
use hoop_object::text::{self, str_text};
use hoop_object::tuple::{self, tuple_items, tuple_len};
use hoop_object::vm::Vm;
use hoop_protocol::iterators::{self, BACKWARDS, ITEMS, KEYS, VALUES, new_dict_iterator};
use hoop_protocol::{attr, attributes, call, list_slice, protocol, seq, sets, subscript};

/// The dict that a method works on.
#[inline]
pub fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, Kind::is_dict, "dict", method)
}

/// The dict behind a value that is one or extends one.
#[inline]
pub fn as_dict(vm: &Vm, v: Value) -> Option<Value> {
    let inner = vm.unwrap(v);
    vm.kind(inner).is_dict().then_some(inner)
}

/// `{..., **v}`: adds the items of a mapping to a dict under construction.
#[inline]
pub fn dict_update(vm: &mut Vm, d: Value, v: Value) -> PyResult<()> {
    if merge_mapping(vm, d, v, None)? {
        return Ok(());
    }
    let text = format!("'{}' object is not a mapping", vm.class_name(v));
    Err(vm.type_error(text))
}

/// `**v` in a call of `f` (UNBOUND if unknown): adds the items of a mapping to a dict of keyword arguments, in
/// which none may be yet.
#[inline]
pub fn dict_merge(vm: &mut Vm, d: Value, v: Value, f: Value) -> PyResult<()> {
    if merge_mapping(vm, d, v, Some(f))? {
        return Ok(());
    }
    let name = function_display(vm, f)?;
    let text = format!("{name} argument after ** must be a mapping, not {}", vm.class_name(v));
    Err(vm.type_error(text))
}

/// How messages about a call name the function.
fn function_display(vm: &mut Vm, f: Value) -> PyResult<String> {
    if f == Value::UNBOUND {
        return Ok("function".to_string());
    }
    let qualname = vm.names.qualname;
    let name = match attributes::getattr(vm, f, qualname) {
        Ok(v) if vm.kind(v) == Kind::Str => str_text(v).into_owned(),
        _ => {
            vm.ctx.thread.pending = None;
            let text = protocol::to_str(vm, f)?;
            return Ok(str_text(text).into_owned());
        }
    };
    let module = vm.names.module;
    let module = match attributes::getattr(vm, f, module) {
        Ok(v) if vm.kind(v) == Kind::Str => str_text(v).into_owned(),
        _ => {
            vm.ctx.thread.pending = None;
            "builtins".to_string()
        }
    };
    Ok(if module == "builtins" { format!("{name}()") } else { format!("{module}.{name}()") })
}

/// Adds a mapping's items; with `call`, keys that are there already are an error of a call of that function. False:
/// it is no mapping.
fn merge_mapping(vm: &mut Vm, d: Value, v: Value, call: Option<Value>) -> PyResult<bool> {
    if let Some(source) = as_dict(vm, v)
        && (source == v || !list_slice::overrides_iter(vm, v, vm.types.dict))
    {
        merge_dict(vm, d, source, call)?;
        return Ok(true);
    }
    let Some(keys) = keys_method(vm, v)? else { return Ok(false) };
    let keys = call::call(vm, keys, &[])?;
    let it = iterators::iter(vm, keys)?;
    while let Some(k) = iterators::iter_next(vm, it)? {
        let x = subscript::get_item(vm, v, k)?;
        merge_item(vm, d, k, x, call)?;
    }
    Ok(true)
}

/// The attribute `keys` that makes a mapping.
fn keys_method(vm: &mut Vm, v: Value) -> PyResult<Option<Value>> {
    let name = vm.names.keys;
    if !vm.kind(v).is_instance() && attr::special(vm, v, name).is_none() && vm.kind(v) != Kind::Module {
        return Ok(None);
    }
    match attributes::getattr(vm, v, name) {
        Ok(f) => Ok(Some(f)),
        Err(raise) => match vm.catch(vm.types.attribute_error) {
            Some(_) => Ok(None),
            None => Err(raise),
        },
    }
}

fn merge_dict(vm: &mut Vm, d: Value, source: Value, call: Option<Value>) -> PyResult<()> {
    if dict_used(d) == 0 && d != source && vm.kind(d) != Kind::Namespace && call.is_none() {
        let copy = dict::copy(vm, source)?;
        sets::dict_take(vm, d, copy);
        return Ok(());
    }
    let count = dict_len(source);
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, source, i) {
        match call {
            None => {
                let hash = dict::entry_hash(vm, source, at);
                dict::set_hashed(vm, d, e.key, hash, e.value)?;
            }
            Some(_) => merge_item(vm, d, e.key, e.value, call)?,
        }
        if dict_len(source) != count && d != source {
            return Err(vm.runtime_error("dict mutated during update"));
        }
        i = at + 1;
    }
    Ok(())
}

fn merge_item(vm: &mut Vm, d: Value, key: Value, v: Value, call: Option<Value>) -> PyResult<()> {
    if let Some(f) = call {
        let text = vm.unwrap(key);
        if vm.kind(text) != Kind::Str {
            return Err(vm.type_error("keywords must be strings"));
        }
        if dict::contains(vm, d, key)? {
            let name = function_display(vm, f)?;
            let text = format!("{name} got multiple values for keyword argument '{}'", str_text(text));
            return Err(vm.type_error(text));
        }
    }
    dict::set(vm, d, key, v)
}

/// `d.update(v)`: from a mapping or from pairs.
#[inline]
pub fn dict_fill(vm: &mut Vm, d: Value, v: Value) -> PyResult<()> {
    if merge_mapping(vm, d, v, None)? {
        return Ok(());
    }
    let it = iterators::iter(vm, v)?;
    let mut i = 0;
    while let Some(pair) = iterators::iter_next(vm, it)? {
        let (k, x) = crate::containers::dict::pair(vm, pair, i)?;
        dict::set(vm, d, k, x)?;
        i += 1;
    }
    Ok(())
}

/// The two items of element `i` of a sequence of pairs.
fn pair(vm: &mut Vm, v: Value, i: usize) -> PyResult<(Value, Value)> {
    let len = match vm.kind(v) {
        Kind::Tuple if tuple_len(v) == 2 => return Ok((tuple_items(v)[0], tuple_items(v)[1])),
        kind if kind.is_list() && list_len(v) == 2 => {
            return Ok((list::item(vm, v, 0), list::item(vm, v, 1)));
        }
        _ if !iterators::is_iterable(vm, v) => {
            let raise = vm.type_error("object is not iterable");
            let note = format!("Cannot convert dictionary update sequence element #{i} to a sequence");
            exceptions::note_pending(vm, &note);
            return Err(raise);
        }
        _ => {
            let items = protocol::collect(vm, v)?;
            if let [k, x] = items.as_slice() {
                return Ok((*k, *x));
            }
            items.len()
        }
    };
    Err(vm.value_error(format!("dictionary update sequence element #{i} has length {len}; 2 is required")))
}

/// Do two dicts have equal keys with equal values?
pub fn dict_equal(vm: &mut Vm, a: Value, b: Value) -> PyResult<bool> {
    protocol::enter_native(vm)?;
    if dict_len(a) != dict_len(b) {
        return Ok(false);
    }
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, a, i) {
        let hash = dict::entry_hash(vm, a, at);
        let Some(found) = dict::find(vm, b, e.key, hash)? else { return Ok(false) };
        let Some(other) = dict::entry(vm, b, found) else { return Ok(false) };
        if !protocol::eq(vm, e.value, other.value)? {
            return Ok(false);
        }
        i = at + 1;
    }
    Ok(true)
}

/// Takes out the last entry.
#[inline]
pub fn dict_pop_last(vm: &mut Vm, d: Value) -> Option<Entry> {
    let used = dict_used(d);
    let mut at = used;
    let found = loop {
        at = at.checked_sub(1)?;
        match dict::entry(vm, d, at) {
            Some(e) => break e,
            // A dead last entry of an earlier removal tells where the dead ones began.
            None => at = dead_hint(d, 3, at).unwrap_or(at).min(at),
        }
    };
    let hash = dict::entry_hash(vm, d, at);
    dict::remove_entry(vm, d, at, hash);
    if vm.kind(d) != Kind::Namespace {
        set_dead_hint(d, 3, used - 1, at);
    }
    Some(found)
}

/// What a dead entry says about its neighbours: written where its hash was (see [`dict::dict_pop_last`]).
/// The array goes when it is rebuilt, and the hint with it.
fn dead_hint(d: Value, width: usize, i: usize) -> Option<usize> {
    let array = DICT_ENTRIES.read(d)?;
    let e = &ARRAY_VALUES.slice(array, (i + 1) * width)[i * width..];
    if e[1].is_some() { None } else { e[0].and_then(Value::as_int).map(|n| n as usize) }
}

/// Writes such a hint, if the entry is dead.
fn set_dead_hint(d: Value, width: usize, i: usize, hint: usize) {
    if let Some(array) = DICT_ENTRIES.read(d)
        && ARRAY_LEN.read(array) as usize >= (i + 1) * width
    {
        let e = &mut ARRAY_VALUES.slice_mut(array, (i + 1) * width)[i * width..];
        if e[1].is_none() {
            e[0] = Some(Value::int(hint as i64));
        }
    }
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = dict::new_dict(vm);
    let base = vm.types.dict;
    seq::new_of(vm, a[0], base, d)
}

/// `self, kwargs, *args` of `__init__` and `update`.
fn fill(vm: &mut Vm, a: &[Value], name: &str) -> PyResult {
    let d = this(vm, a[0], name)?;
    let name = if name == "__init__" { "dict" } else { name };
    if let Some(v) = seq::at_most_one(vm, name, &a[2..])? {
        dict_fill(vm, d, v)?;
    }
    if a[1] != Value::UNBOUND {
        dict_fill(vm, d, a[1])?;
    }
    Ok(Value::NONE)
}

fn init_method(vm: &mut Vm, a: &[Value]) -> PyResult {
    fill(vm, a, "__init__")
}

fn update(vm: &mut Vm, a: &[Value]) -> PyResult {
    fill(vm, a, "update")
}

fn fromkeys(vm: &mut Vm, a: &[Value]) -> PyResult {
    let value = if a[2] == Value::UNBOUND { Value::NONE } else { a[2] };
    let d = if a[0] == vm.types.dict { dict::new_dict(vm) } else { call::call(vm, a[0], &[])? };
    let kind = vm.kind(a[1]);
    if vm.class_of(d) == vm.types.dict && (kind.is_dict() || kind.is_set()) {
        return fill_from_table(vm, d, a[1], value);
    }
    let it = iterators::iter(vm, a[1])?;
    while let Some(k) = iterators::iter_next(vm, it)? {
        subscript::set_item(vm, d, k, value)?;
    }
    Ok(d)
}

/// Adds the keys of a dict or set, whose hashes are known, each with the same value.
fn fill_from_table(vm: &mut Vm, d: Value, table: Value, value: Value) -> PyResult {
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, table, i) {
        let hash = dict::entry_hash(vm, table, at);
        dict::set_hashed(vm, d, e.key, hash, value)?;
        i = at + 1;
    }
    Ok(d)
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "__len__")?;
    Ok(Value::int(dict_len(d) as i64))
}

fn getitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "__getitem__")?;
    if let Some(v) = dict::get(vm, d, a[1])? {
        return Ok(v);
    }
    if d != a[0]
        && let Some(f) = attr::special(vm, a[0], vm.names.missing)
    {
        return call::call_special(vm, f, a[0], &[a[1]]);
    }
    Err(vm.key_error(a[1]))
}

fn setitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "__setitem__")?;
    dict::set(vm, d, a[1], a[2])?;
    Ok(Value::NONE)
}

fn delitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "__delitem__")?;
    match dict::remove(vm, d, a[1])? {
        Some(_) => Ok(Value::NONE),
        None => Err(vm.key_error(a[1])),
    }
}

fn contains(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "__contains__")?;
    Ok(Value::bool(dict::contains(vm, d, a[1])?))
}

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "__iter__")?;
    Ok(new_dict_iterator(vm, d, KEYS))
}

fn reversed(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "__reversed__")?;
    Ok(new_dict_iterator(vm, d, KEYS | BACKWARDS))
}

fn get(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "get")?;
    match dict::get(vm, d, a[1])? {
        Some(v) => Ok(v),
        None => Ok(if a[2] == Value::UNBOUND { Value::NONE } else { a[2] }),
    }
}

fn setdefault(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "setdefault")?;
    let hash = dict::key_hash(vm, d, a[1])?;
    if let Some(i) = dict::find(vm, d, a[1], hash)?
        && let Some(e) = dict::entry(vm, d, i)
    {
        return Ok(e.value);
    }
    let value = if a[2] == Value::UNBOUND { Value::NONE } else { a[2] };
    dict::add_new(vm, d, a[1], hash, value)?;
    Ok(value)
}

fn pop(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "pop")?;
    if dict_len(d) == 0 {
        return if a[2] != Value::UNBOUND { Ok(a[2]) } else { Err(vm.key_error(a[1])) };
    }
    match dict::remove(vm, d, a[1])? {
        Some(v) => Ok(v),
        None if a[2] != Value::UNBOUND => Ok(a[2]),
        None => Err(vm.key_error(a[1])),
    }
}

fn popitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "popitem")?;
    match dict_pop_last(vm, d) {
        Some(e) => tuple::new_tuple(vm, &[e.key, e.value]),
        None => {
            let text = text::str(vm, "popitem(): dictionary is empty");
            Err(vm.key_error(text))
        }
    }
}

fn clear(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "clear")?;
    dict::clear(vm, d);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "copy")?;
    dict::copy(vm, d)
}

fn keys(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "keys")?;
    Ok(crate::containers::dict_views::new_view(vm, d, KEYS))
}

fn values(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "values")?;
    Ok(crate::containers::dict_views::new_view(vm, d, VALUES))
}

fn items(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "items")?;
    Ok(crate::containers::dict_views::new_view(vm, d, ITEMS))
}

fn eq(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = this(vm, a[0], "__eq__")?;
    match as_dict(vm, a[1]) {
        Some(y) => Ok(Value::bool(dict_equal(vm, x, y)?)),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn ne(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = this(vm, a[0], "__ne__")?;
    match as_dict(vm, a[1]) {
        Some(y) => Ok(Value::bool(!dict_equal(vm, x, y)?)),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn merged(vm: &mut Vm, left: Value, right: Value) -> PyResult {
    let (Some(x), Some(y)) = (as_dict(vm, left), as_dict(vm, right)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let d = dict::copy(vm, x)?;
    dict_fill(vm, d, y)?;
    Ok(d)
}

fn or(vm: &mut Vm, a: &[Value]) -> PyResult {
    this(vm, a[0], "__or__")?;
    merged(vm, a[0], a[1])
}

fn ror(vm: &mut Vm, a: &[Value]) -> PyResult {
    this(vm, a[0], "__ror__")?;
    merged(vm, a[1], a[0])
}

fn ior(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "__ior__")?;
    dict_fill(vm, d, a[1])?;
    Ok(a[0])
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "__repr__")?;
    seq::repr_once(vm, d, "{...}", |vm| show(vm, d))
}

fn show(vm: &mut Vm, d: Value) -> PyResult {
    let mut text = b"{".to_vec();
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, d, i) {
        if text.len() > 1 {
            text.extend_from_slice(b", ");
        }
        seq::push_repr(vm, &mut text, e.key)?;
        text.extend_from_slice(b": ");
        seq::push_repr(vm, &mut text, e.value)?;
        i = at + 1;
    }
    text.push(b'}');
    Ok(text::new_str(vm, &text))
}

fn sizeof(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = this(vm, a[0], "__sizeof__")?;
    let words = DICT_ENTRIES.read(d).map_or(0, |array| ARRAY_LEN.read(array));
    let index = DICT_INDEX.read(d).map_or(0, |buffer| ARRAY_LEN.read(buffer));
    Ok(Value::int(48 + 8 * words + index))
}

static FROMKEYS: NativeDef = NativeDef::new("fromkeys", "$type, iterable, value=None, /", fromkeys);

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, /, *args, **kwargs", new).makes_empty(),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init_method),
    NativeDef::new("update", "$self, /, *args, **kwargs", update).no_text(),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__setitem__", "$self, key, value, /", setitem),
    NativeDef::new("__delitem__", "$self, key, /", delitem),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__reversed__", "$self, /", reversed),
    NativeDef::new("get", "$self, key, default=None, /", get).intrinsic(Intrinsic::DictGet),
    NativeDef::new("setdefault", "$self, key, default=None, /", setdefault),
    NativeDef::new("pop", "$self, key, default=<unrepresentable>, /", pop),
    NativeDef::new("popitem", "$self, /", popitem),
    NativeDef::new("clear", "$self, /", clear),
    NativeDef::new("copy", "$self, /", copy),
    NativeDef::new("keys", "$self, /", keys).intrinsic(Intrinsic::DictKeys),
    NativeDef::new("values", "$self, /", values).intrinsic(Intrinsic::DictValues),
    NativeDef::new("items", "$self, /", items).intrinsic(Intrinsic::DictItems),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", ror),
    NativeDef::new("__ior__", "$self, value, /", ior),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__sizeof__", "$self, /", sizeof),
];

pub fn init(vm: &mut Vm) {
    let dict = vm.types.dict;
    vm.add_methods(dict, METHODS);
    vm.set_class_attr_str(dict, "__hash__", Value::NONE);
    let f = rows::new_builtin(vm, &FROMKEYS, None, Some(dict));
    let f = vm.new_wrapper(Kind::ClassMethod, f);
    vm.set_class_attr_str(dict, "fromkeys", f);
    crate::containers::dict_views::init(vm);
}
