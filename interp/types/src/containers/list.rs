//! `list`.

use crate::containers::sort;
use hoop_engine::float_of;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::list::{self, any_items, float_items, int_items, list_len};
use hoop_object::operator::CmpOp;
use hoop_object::rows::{Intrinsic, NativeDef};
use hoop_object::vm::Vm;
use hoop_protocol::seq::{self, Access};
use hoop_protocol::{iterators, list_slice, protocol, subscript};

const ACCESS: Access = Access { len: list_len, item: |vm, l, i| list::item(vm, l, i) };

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, Kind::is_list, "list", method)
}

/// The list behind a value that is one or extends one.
fn as_list(vm: &Vm, v: Value) -> Option<Value> {
    let inner = vm.unwrap(v);
    vm.kind(inner).is_list().then_some(inner)
}

/// `[..., *v]`: appends the items of an iterable to a list under construction.
#[inline]
pub fn list_extend(vm: &mut Vm, l: Value, v: Value) -> PyResult<()> {
    if !iterators::is_iterable(vm, v) {
        let text = format!("Value after * must be an iterable, not {}", vm.class_name(v));
        return Err(vm.type_error(text));
    }
    list_slice::extend_list(vm, l, v)
}

/// `a op b` for two lists.
#[inline]
pub fn compare(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    match (vm.kind(a), vm.kind(b)) {
        (Kind::ListInt, Kind::ListInt) => Ok(Value::bool(compare_ints(op, int_items(a), int_items(b)))),
        (Kind::ListFloat, Kind::ListFloat) => {
            Ok(Value::bool(compare_floats(op, float_items(a), float_items(b))))
        }
        _ => seq::compare(vm, op, a, b, ACCESS),
    }
}

fn compare_ints(op: CmpOp, a: &[i64], b: &[i64]) -> bool {
    match op {
        CmpOp::Eq => a == b,
        CmpOp::Ne => a != b,
        _ => op.holds(a.cmp(b)),
    }
}

fn compare_floats(op: CmpOp, a: &[f64], b: &[f64]) -> bool {
    match a.iter().zip(b).find(|(x, y)| !list_slice::same_float(**x, **y)) {
        None => op.holds(a.len().cmp(&b.len())),
        Some((x, y)) => match x.partial_cmp(y) {
            Some(order) if !matches!(op, CmpOp::Eq | CmpOp::Ne) => op.holds(order),
            _ => op == CmpOp::Ne,
        },
    }
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = list::new(vm);
    let base = vm.types.list;
    seq::new_of(vm, a[0], base, l)
}

fn init_method(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__init__")?;
    let arg = seq::one_argument(vm, "list", a[1], &a[2..])?;
    list::clear(vm, l);
    if let Some(v) = arg {
        list_slice::extend_list(vm, l, v)?;
    }
    Ok(Value::NONE)
}

fn append(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "append")?;
    list::push(vm, l, a[1])?;
    Ok(Value::NONE)
}

fn extend(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "extend")?;
    list_slice::extend_list(vm, l, a[1])?;
    Ok(Value::NONE)
}

fn insert(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "insert")?;
    let i = protocol::index(vm, a[1])?;
    let len = list_len(l) as i64;
    let at = if i < 0 { (i + len).max(0) } else { i.min(len) };
    list::insert(vm, l, at as usize, a[2])?;
    Ok(Value::NONE)
}

fn pop(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "pop")?;
    let i = if a[1] == Value::UNBOUND { -1 } else { protocol::index(vm, a[1])? };
    let len = list_len(l) as i64;
    if len == 0 {
        return Err(vm.index_error("pop from empty list"));
    }
    let at = if i < 0 { i + len } else { i };
    if at < 0 || at >= len {
        return Err(vm.index_error("pop index out of range"));
    }
    Ok(list::remove(vm, l, at as usize))
}

fn remove(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "remove")?;
    match list_slice::list_find(vm, l, a[1], 0, usize::MAX)? {
        Some(i) => {
            // A comparison may have shortened the list.
            if i < list_len(l) {
                list::remove(vm, l, i);
            }
            Ok(Value::NONE)
        }
        None => Err(vm.value_error("list.remove(x): x not in list")),
    }
}

fn clear(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "clear")?;
    list::clear(vm, l);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "copy")?;
    list::range(vm, l, 0, list_len(l))
}

fn index(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "index")?;
    let (start, stop) = seq::search_bounds(vm, a[2], a[3], list_len(l))?;
    match list_slice::list_find(vm, l, a[1], start, stop)? {
        Some(i) => Ok(Value::int(i as i64)),
        None => Err(vm.value_error("list.index(x): x not in list")),
    }
}

fn count(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "count")?;
    let n = match (vm.kind(l), a[1].as_int(), float_of(a[1])) {
        (Kind::ListInt, Some(n), _) => int_items(l).iter().filter(|&&x| x == n).count(),
        (Kind::ListFloat, _, Some(f)) => {
            float_items(l).iter().filter(|&&x| list_slice::same_float(x, f)).count()
        }
        _ => count_slowly(vm, l, a[1])?,
    };
    Ok(Value::int(n as i64))
}

fn count_slowly(vm: &mut Vm, l: Value, item: Value) -> PyResult<usize> {
    let (mut n, mut i) = (0, 0);
    while i < list_len(l) {
        let x = list::item(vm, l, i);
        n += protocol::eq(vm, x, item)? as usize;
        i += 1;
    }
    Ok(n)
}

fn reverse(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "reverse")?;
    match vm.kind(l) {
        Kind::ListInt => int_items(l).reverse(),
        Kind::ListFloat => float_items(l).reverse(),
        _ => any_items(l).reverse(),
    }
    Ok(Value::NONE)
}

fn sort(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "sort")?;
    if a.len() > 3 {
        return Err(vm.type_error("sort() takes no positional arguments"));
    }
    let key = Some(a[1]).filter(|&k| k != Value::UNBOUND && k != Value::NONE);
    let reverse = a[2] != Value::UNBOUND && protocol::truth(vm, a[2])?;
    sort::sort(vm, l, key, reverse)?;
    Ok(Value::NONE)
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__len__")?;
    Ok(Value::int(list_len(l) as i64))
}

fn getitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__getitem__")?;
    subscript::list_get_item(vm, l, a[1])
}

fn setitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__setitem__")?;
    subscript::list_assign_item(vm, l, a[1], a[2])?;
    Ok(Value::NONE)
}

fn delitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__delitem__")?;
    subscript::list_del_item(vm, l, a[1])?;
    Ok(Value::NONE)
}

fn contains(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__contains__")?;
    Ok(Value::bool(list_slice::list_contains(vm, l, a[1])?))
}

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__iter__")?;
    iterators::iter(vm, l)
}

fn reversed(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__reversed__")?;
    Ok(hoop_protocol::iterators::new_reversed(vm, l, list_len(l)))
}

fn add(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = this(vm, a[0], "__add__")?;
    match as_list(vm, a[1]) {
        Some(y) => list_slice::concat(vm, x, y),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn iadd(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__iadd__")?;
    list_slice::extend_list(vm, l, a[1])?;
    Ok(a[0])
}

fn mul(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__mul__")?;
    match seq::repeat_count(vm, a[1])? {
        Some(count) => list_slice::list_repeat(vm, l, count),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn imul(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__imul__")?;
    let Some(count) = seq::repeat_count(vm, a[1])? else { return Ok(Value::NOT_IMPLEMENTED) };
    let product = list_slice::list_repeat(vm, l, count)?;
    list::take(vm, l, product);
    Ok(a[0])
}

fn order(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    let x = this(vm, a, "__eq__")?;
    match as_list(vm, b) {
        Some(y) => compare(vm, op, x, y),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

hoop_protocol::comparison_methods!(order: lt Lt, le Le, eq Eq, ne Ne, gt Gt, ge Ge);

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__repr__")?;
    seq::repr_once(vm, l, "[...]", |vm| seq::repr_items(vm, l, ACCESS, ("[", "]")))
}

fn sizeof(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__sizeof__")?;
    let items = LIST_ITEMS.read(l).map_or(0, |array| ARRAY_LEN.read(array));
    Ok(Value::int(40 + 8 * items))
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, /, *args, **kwargs", new).makes_empty(),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init_method),
    NativeDef::new("append", "$self, object, /", append).intrinsic(Intrinsic::ListAppend),
    NativeDef::new("extend", "$self, iterable, /", extend),
    NativeDef::new("insert", "$self, index, object, /", insert),
    NativeDef::new("pop", "$self, index=-1, /", pop).intrinsic(Intrinsic::ListPop),
    NativeDef::new("remove", "$self, value, /", remove),
    NativeDef::new("clear", "$self, /", clear),
    NativeDef::new("copy", "$self, /", copy),
    NativeDef::new("index", "$self, value, start=0, stop=sys.maxsize, /", index),
    NativeDef::new("count", "$self, value, /", count),
    NativeDef::new("reverse", "$self, /", reverse),
    NativeDef::new("sort", "$self, /, *args, key=None, reverse=False", sort)
        .text("$self, /, *, key=None, reverse=False"),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__getitem__", "$self, index, /", getitem),
    NativeDef::new("__setitem__", "$self, key, value, /", setitem),
    NativeDef::new("__delitem__", "$self, key, /", delitem),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__reversed__", "$self, /", reversed),
    NativeDef::new("__add__", "$self, value, /", add),
    NativeDef::new("__iadd__", "$self, value, /", iadd),
    NativeDef::new("__mul__", "$self, value, /", mul),
    NativeDef::new("__rmul__", "$self, value, /", mul),
    NativeDef::new("__imul__", "$self, value, /", imul),
    NativeDef::new("__lt__", "$self, value, /", lt),
    NativeDef::new("__le__", "$self, value, /", le),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__gt__", "$self, value, /", gt),
    NativeDef::new("__ge__", "$self, value, /", ge),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__sizeof__", "$self, /", sizeof),
];

pub fn init(vm: &mut Vm) {
    let list = vm.types.list;
    vm.add_methods(list, METHODS);
    vm.set_class_attr_str(list, "__hash__", Value::NONE);
}
