//! Views of dicts (`keys()`, `values()`, `items()`), and `mappingproxy`.

use crate::classes::object;
use crate::containers::set;
use hoop_gc::Value;
use hoop_object::class::class_data;
use hoop_object::dict::{self, dict_len};
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::operator::{BinOp, CmpOp};
use hoop_object::rows::NativeDef;
use hoop_object::tuple::{self, tuple_items, tuple_len};
use hoop_object::vm::Vm;
use hoop_object::{bigint, list, text};
use hoop_protocol::iterators::{self, BACKWARDS, ITEMS, KEYS, VALUES, new_dict_iterator};
use hoop_protocol::{attr, call, list_slice, protocol, seq, sets, subscript};

/// A view of a dict: `KEYS`, `VALUES` or `ITEMS`.
#[inline]
pub fn new_view(vm: &mut Vm, d: Value, what: i64) -> Value {
    let shape = view_shape(vm, what);
    let view = vm.ctx.alloc(shape, 2);
    VIEW_DICT.init(view, d);
    VIEW_KIND.write(view, what);
    view
}

/// The shape of views of keys, values or items.
#[inline]
pub fn view_shape(vm: &Vm, what: i64) -> hoop_gc::ShapeId {
    let t = &vm.types;
    let class = [t.dict_keys, t.dict_values, t.dict_items][what as usize];
    class_data(class).root_shape
}

/// A read-only view of a mapping.
#[inline]
pub fn new_proxy(vm: &mut Vm, mapping: Value) -> Value {
    let shape = vm.kind_shape(Kind::MappingProxy);
    let proxy = vm.ctx.alloc(shape, 2);
    VIEW_DICT.init(proxy, mapping);
    proxy
}

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, |k| k == Kind::DictView, "dict_keys", method)
}

fn dict_of(view: Value) -> Value {
    VIEW_DICT.read(view).unwrap_or(Value::NONE)
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    let view = this(vm, a[0], "__len__")?;
    Ok(Value::int(dict_len(dict_of(view)) as i64))
}

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    let view = this(vm, a[0], "__iter__")?;
    Ok(new_dict_iterator(vm, dict_of(view), VIEW_KIND.read(view)))
}

fn reversed(vm: &mut Vm, a: &[Value]) -> PyResult {
    let view = this(vm, a[0], "__reversed__")?;
    Ok(new_dict_iterator(vm, dict_of(view), VIEW_KIND.read(view) | BACKWARDS))
}

fn has(vm: &mut Vm, view: Value, v: Value) -> PyResult<bool> {
    let d = dict_of(view);
    if VIEW_KIND.read(view) == KEYS {
        return dict::contains(vm, d, v);
    }
    let pair = vm.unwrap(v);
    if vm.kind(pair) != Kind::Tuple || tuple_len(pair) != 2 {
        return Ok(false);
    }
    let &[key, value] = tuple_items(pair) else { return Ok(false) };
    match dict::get(vm, d, key)? {
        Some(found) => protocol::eq(vm, found, value),
        None => Ok(false),
    }
}

fn contains(vm: &mut Vm, a: &[Value]) -> PyResult {
    let view = this(vm, a[0], "__contains__")?;
    Ok(Value::bool(has(vm, view, a[1])?))
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let view = this(vm, a[0], "__repr__")?;
    seq::repr_once(vm, view, "...", |vm| {
        let name = vm.class_name(view);
        let l = list::new(vm);
        list_slice::extend_list(vm, l, view)?;
        let text = protocol::repr_text(vm, l)?;
        Ok(text::str(vm, &format!("{name}({text})")))
    })
}

fn mapping(vm: &mut Vm, view: Value) -> PyResult {
    let view = this(vm, view, "mapping")?;
    Ok(new_proxy(vm, dict_of(view)))
}

/// Sets, and the views that behave like sets.
fn is_set_like(vm: &Vm, v: Value) -> bool {
    let inner = vm.unwrap(v);
    match vm.kind(inner) {
        Kind::DictView => VIEW_KIND.read(inner) != VALUES,
        kind => kind.is_set(),
    }
}

fn all_in(vm: &mut Vm, items: Value, container: Value) -> PyResult<bool> {
    let it = iterators::iter(vm, items)?;
    while let Some(v) = iterators::iter_next(vm, it)? {
        if !subscript::contains(vm, container, v)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn order(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    let view = this(vm, a, "__eq__")?;
    if !is_set_like(vm, b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    protocol::enter_native(vm)?;
    let (n, m) = (dict_len(dict_of(view)), protocol::len(vm, b)?);
    let r = match op {
        CmpOp::Eq => n == m && all_in(vm, view, b)?,
        CmpOp::Ne => !(n == m && all_in(vm, view, b)?),
        CmpOp::Lt => n < m && all_in(vm, view, b)?,
        CmpOp::Le => n <= m && all_in(vm, view, b)?,
        CmpOp::Gt => n > m && all_in(vm, b, view)?,
        CmpOp::Ge => n >= m && all_in(vm, b, view)?,
    };
    Ok(Value::bool(r))
}

hoop_protocol::comparison_methods!(order: lt Lt, le Le, eq Eq, ne Ne, gt Gt, ge Ge);

/// `a op b` as sets; one of them is a view, the other anything iterable.
fn combine(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> PyResult {
    match op {
        BinOp::And => return common(vm, a, b),
        BinOp::Xor if is_items(vm, a) && is_items(vm, b) => return differing(vm, a, b),
        _ => {}
    }
    let out = dict::new_set(vm);
    // The dict knows its keys' hashes.
    let is_keys = vm.kind(a) == Kind::DictView && VIEW_KIND.read(a) == KEYS;
    sets::set_update(vm, out, if is_keys { dict_of(a) } else { a })?;
    match op {
        BinOp::Sub => set::remove_all(vm, out, b)?,
        BinOp::Or => sets::set_update(vm, out, b)?,
        _ => set::toggle_all(vm, out, b)?,
    }
    Ok(out)
}

fn is_items(vm: &Vm, v: Value) -> bool {
    vm.kind(v) == Kind::DictView && VIEW_KIND.read(v) == ITEMS
}

/// What a view and something else have in common. Views are gone through by the smaller one.
fn common(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    let (view, other) = if vm.kind(a) == Kind::DictView { (a, b) } else { (b, a) };
    let len = dict_len(dict_of(view));
    if vm.kind(other).is_set() && len <= dict_len(other) {
        return set::intersect(vm, other, view);
    }
    let is_larger =
        vm.kind(other) == Kind::DictView && is_set_like(vm, other) && dict_len(dict_of(other)) > len;
    let (view, other) = if is_larger { (other, view) } else { (view, other) };
    let out = dict::new_set(vm);
    let it = iterators::iter(vm, other)?;
    while let Some(v) = iterators::iter_next(vm, it)? {
        if has(vm, view, v)? {
            dict::set(vm, out, v, Value::NONE)?;
        }
    }
    Ok(out)
}

/// The items that only one of two dicts has, by the hashes that the dicts know.
fn differing(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    let (a, b) = (dict_of(a), dict_of(b));
    let (a, b) = if dict_len(a) > dict_len(b) { (b, a) } else { (a, b) };
    let (rest, out) = (dict::copy(vm, a)?, dict::new_set(vm));
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, b, i) {
        let hash = dict::entry_hash(vm, b, at);
        let same = match dict::find(vm, rest, e.key, hash)?.and_then(|i| dict::entry(vm, rest, i)) {
            Some(other) => protocol::eq(vm, other.value, e.value)?,
            None => false,
        };
        if same {
            dict::remove_hashed(vm, rest, e.key, hash)?;
        } else {
            let pair = tuple::new_tuple(vm, &[e.key, e.value])?;
            dict::set(vm, out, pair, Value::NONE)?;
        }
        i = at + 1;
    }
    let rest = new_view(vm, rest, ITEMS);
    sets::set_update(vm, out, rest)?;
    Ok(out)
}

macro_rules! set_operators {
    ($( $name:ident $reflected:ident $op:ident ),*) => { $(
        fn $name(vm: &mut Vm, a: &[Value]) -> PyResult {
            let view = this(vm, a[0], concat!("__", stringify!($name), "__"))?;
            combine(vm, BinOp::$op, view, a[1])
        }
        fn $reflected(vm: &mut Vm, a: &[Value]) -> PyResult {
            let view = this(vm, a[0], concat!("__", stringify!($reflected), "__"))?;
            combine(vm, BinOp::$op, a[1], view)
        }
    )* };
}

set_operators!(and rand And, or ror Or, sub rsub Sub, xor rxor Xor);

fn isdisjoint(vm: &mut Vm, a: &[Value]) -> PyResult {
    let view = this(vm, a[0], "isdisjoint")?;
    let it = iterators::iter(vm, a[1])?;
    while let Some(v) = iterators::iter_next(vm, it)? {
        if has(vm, view, v)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

const VIEW: &[NativeDef] = &[
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__reversed__", "$self, /", reversed),
    NativeDef::new("__repr__", "$self, /", repr),
];

const SET_LIKE: &[NativeDef] = &[
    NativeDef::new("__contains__", "$self, key, /", contains),
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
    NativeDef::new("isdisjoint", "$self, object, /", isdisjoint),
];

// ---- mappingproxy

fn mapping_of(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    let proxy = seq::receiver(vm, v, |k| k == Kind::MappingProxy, "mappingproxy", method)?;
    Ok(dict_of(proxy))
}

fn proxy_new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let kind = vm.kind(vm.unwrap(a[1]));
    let is_mapping =
        !kind.is_list() && kind != Kind::Tuple && attr::special(vm, a[1], vm.names.getitem).is_some();
    if !is_mapping {
        let text = format!("mappingproxy() argument must be a mapping, not {}", vm.class_name(a[1]));
        return Err(vm.type_error(text));
    }
    Ok(new_proxy(vm, a[1]))
}

fn proxy_len(vm: &mut Vm, a: &[Value]) -> PyResult {
    let m = mapping_of(vm, a[0], "__len__")?;
    let n = protocol::len(vm, m)?;
    Ok(bigint::int_from_i64(vm, n as i64))
}

fn proxy_getitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let m = mapping_of(vm, a[0], "__getitem__")?;
    subscript::get_item(vm, m, a[1])
}

fn proxy_contains(vm: &mut Vm, a: &[Value]) -> PyResult {
    let m = mapping_of(vm, a[0], "__contains__")?;
    Ok(Value::bool(subscript::contains(vm, m, a[1])?))
}

fn proxy_iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    let m = mapping_of(vm, a[0], "__iter__")?;
    iterators::iter(vm, m)
}

fn proxy_reversed(vm: &mut Vm, a: &[Value]) -> PyResult {
    let m = mapping_of(vm, a[0], "__reversed__")?;
    let name = vm.names.reversed;
    call::call_method(vm, m, name, &[])
}

fn proxy_get(vm: &mut Vm, a: &[Value]) -> PyResult {
    let m = mapping_of(vm, a[0], "get")?;
    let default = if a[2] == Value::UNBOUND { Value::NONE } else { a[2] };
    let name = text::intern(vm, b"get");
    call::call_method(vm, m, name, &[a[1], default])
}

fn proxy_keys(vm: &mut Vm, a: &[Value]) -> PyResult {
    let m = mapping_of(vm, a[0], "keys")?;
    let name = vm.names.keys;
    call::call_method(vm, m, name, &[])
}

fn proxy_values(vm: &mut Vm, a: &[Value]) -> PyResult {
    let m = mapping_of(vm, a[0], "values")?;
    let name = vm.names.values;
    call::call_method(vm, m, name, &[])
}

fn proxy_items(vm: &mut Vm, a: &[Value]) -> PyResult {
    let m = mapping_of(vm, a[0], "items")?;
    let name = vm.names.items;
    call::call_method(vm, m, name, &[])
}

fn proxy_copy(vm: &mut Vm, a: &[Value]) -> PyResult {
    let m = mapping_of(vm, a[0], "copy")?;
    let name = text::intern(vm, b"copy");
    call::call_method(vm, m, name, &[])
}

fn proxy_repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let m = mapping_of(vm, a[0], "__repr__")?;
    let text = protocol::repr_text(vm, m)?;
    Ok(text::str(vm, &format!("mappingproxy({text})")))
}

fn proxied(vm: &Vm, v: Value) -> Value {
    if vm.kind(v) == Kind::MappingProxy { dict_of(v) } else { v }
}

fn proxy_order(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    let m = mapping_of(vm, a, "__eq__")?;
    let other = proxied(vm, b);
    protocol::compare(vm, op, m, other)
}

hoop_protocol::comparison_methods!(proxy_order: proxy_eq Eq, proxy_ne Ne);

fn proxy_or(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (m, other) = (proxied(vm, a[0]), proxied(vm, a[1]));
    protocol::binary(vm, BinOp::Or, m, other)
}

fn proxy_ror(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (m, other) = (proxied(vm, a[0]), proxied(vm, a[1]));
    protocol::binary(vm, BinOp::Or, other, m)
}

fn proxy_hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let m = mapping_of(vm, a[0], "__hash__")?;
    let h = protocol::hash(vm, m)?;
    Ok(bigint::int_from_i64(vm, h))
}

const PROXY: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, mapping, /", proxy_new),
    NativeDef::new("__len__", "$self, /", proxy_len),
    NativeDef::new("__getitem__", "$self, key, /", proxy_getitem),
    NativeDef::new("__contains__", "$self, key, /", proxy_contains),
    NativeDef::new("__iter__", "$self, /", proxy_iter),
    NativeDef::new("__reversed__", "$self, /", proxy_reversed),
    NativeDef::new("get", "$self, key, default=None, /", proxy_get),
    NativeDef::new("keys", "$self, /", proxy_keys),
    NativeDef::new("values", "$self, /", proxy_values),
    NativeDef::new("items", "$self, /", proxy_items),
    NativeDef::new("copy", "$self, /", proxy_copy),
    NativeDef::new("__repr__", "$self, /", proxy_repr),
    NativeDef::new("__eq__", "$self, value, /", proxy_eq),
    NativeDef::new("__ne__", "$self, value, /", proxy_ne),
    NativeDef::new("__or__", "$self, value, /", proxy_or),
    NativeDef::new("__ror__", "$self, value, /", proxy_ror),
    NativeDef::new("__hash__", "$self, /", proxy_hash),
];

pub fn init(vm: &mut Vm) {
    let (keys, values, items) = (vm.types.dict_keys, vm.types.dict_values, vm.types.dict_items);
    for class in [keys, values, items] {
        vm.add_methods(class, VIEW);
        object::add_getters(vm, class, &[("mapping", mapping)]);
    }
    for class in [keys, items] {
        vm.add_methods(class, SET_LIKE);
        vm.set_class_attr_str(class, "__hash__", Value::NONE);
    }
    debug_assert!([KEYS, VALUES, ITEMS] == [0, 1, 2]);
    vm.add_methods(vm.types.mappingproxy, PROXY);
}
