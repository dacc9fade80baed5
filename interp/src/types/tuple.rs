//! `tuple`.

use super::seq::{self, Access};
use crate::comparison_methods;
use crate::errors::PyResult;
use crate::native::NativeDef;
use crate::objects::Kind;
use crate::objects::layout::*;
use crate::objects::tuple::{tuple_items, tuple_len};
use crate::operator::CmpOp;
use crate::vm::Vm;
use hoop_gc::Value;

pub const ACCESS: Access = Access { len: tuple_len, item: |_, t, i| tuple_items(t)[i] };

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, |k| k == Kind::Tuple, "tuple", method)
}

/// The tuple behind a value that is one or extends one.
fn as_tuple(vm: &Vm, v: Value) -> Option<Value> {
    let inner = vm.unwrap(v);
    (vm.kind(inner) == Kind::Tuple).then_some(inner)
}

/// A tuple of `count` items, each made by a function that does not allocate.
pub fn build(vm: &mut Vm, count: usize, item: impl Fn(usize) -> Value) -> PyResult {
    let t = vm.word_array(Kind::Tuple, count)?;
    for (i, to) in TUPLE_ITEMS.slice_mut(t, count).iter_mut().enumerate() {
        *to = Some(item(i));
    }
    vm.ctx.heap.write_barrier(t.ptr());
    Ok(t)
}

/// `item in tuple`.
pub fn contains(vm: &mut Vm, t: Value, item: Value) -> PyResult<bool> {
    Ok(find(vm, t, item, 0, tuple_len(t))?.is_some())
}

fn find(vm: &mut Vm, t: Value, item: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    for i in start..stop.min(tuple_len(t)) {
        if vm.eq(tuple_items(t)[i], item)? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

/// `tuple(iterable)`.
pub fn from_iterable(vm: &mut Vm, v: Value) -> PyResult {
    if vm.kind(v) == Kind::Tuple {
        return Ok(v);
    }
    let items = vm.collect(v)?;
    vm.new_tuple(items.as_slice())
}

/// `a op b` for two tuples.
pub fn compare(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    seq::compare(vm, op, a, b, ACCESS)
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (cls, kwargs) = (a[0], a[1]);
    let base = vm.types.tuple;
    let arg = if seq::ignores_keywords(vm, cls, base) {
        seq::at_most_one(vm, "tuple", &a[2..])?
    } else {
        seq::one_argument(vm, "tuple", kwargs, &a[2..])?
    };
    let t = match arg {
        Some(v) => from_iterable(vm, v)?,
        None => vm.new_tuple(&[])?,
    };
    seq::new_of(vm, cls, base, t)
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__len__")?;
    Ok(Value::int(tuple_len(t) as i64))
}

fn getitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__getitem__")?;
    vm.tuple_get_item(t, a[1])
}

fn contains_method(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__contains__")?;
    Ok(Value::bool(contains(vm, t, a[1])?))
}

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__iter__")?;
    vm.iter(t)
}

fn add(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = this(vm, a[0], "__add__")?;
    match as_tuple(vm, a[1]) {
        Some(y) => concat(vm, x, y),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `x + y` of two tuples.
pub fn concat(vm: &mut Vm, x: Value, y: Value) -> PyResult {
    let (n, m) = (tuple_len(x), tuple_len(y));
    match (n, m) {
        (_, 0) => Ok(x),
        (0, _) => Ok(y),
        _ => {
            let t = vm.word_array(Kind::Tuple, n + m)?;
            let to = TUPLE_ITEMS.slice_mut(t, n + m);
            to[..n].copy_from_slice(TUPLE_ITEMS.slice(x, n));
            to[n..].copy_from_slice(TUPLE_ITEMS.slice(y, m));
            vm.ctx.heap.write_barrier(t.ptr());
            Ok(t)
        }
    }
}

fn mul(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__mul__")?;
    match seq::repeat_count(vm, a[1])? {
        Some(count) => repeat(vm, t, count),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// A tuple, so many times.
pub fn repeat(vm: &mut Vm, t: Value, count: usize) -> PyResult {
    let len = tuple_len(t);
    if count == 1 || len == 0 {
        return Ok(t);
    }
    let total = seq::repeated_len(vm, len, count)?;
    build(vm, total, |i| tuple_items(t)[i % len])
}

fn order(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    let x = this(vm, a, "__eq__")?;
    match as_tuple(vm, b) {
        Some(y) => compare(vm, op, x, y),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
comparison_methods!(order: lt Lt, le Le, eq Eq, ne Ne, gt Gt, ge Ge);

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__hash__")?;
    vm.enter_native()?;
    let h = vm.hash(t)?;
    Ok(vm.int_from_i64(h))
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__repr__")?;
    let close = if tuple_len(t) == 1 { ",)" } else { ")" };
    seq::repr_once(vm, t, "(...)", |vm| seq::repr_items(vm, t, ACCESS, ("(", close)))
}

fn index(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "index")?;
    let (start, stop) = seq::search_bounds(vm, a[2], a[3], tuple_len(t))?;
    match find(vm, t, a[1], start, stop)? {
        Some(i) => Ok(Value::int(i as i64)),
        None => Err(vm.value_error("tuple.index(x): x not in tuple")),
    }
}

fn count(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "count")?;
    let mut n = 0;
    for i in 0..tuple_len(t) {
        n += vm.eq(tuple_items(t)[i], a[1])? as i64;
    }
    Ok(Value::int(n))
}

fn getnewargs(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__getnewargs__")?;
    vm.new_tuple(&[t])
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, /, *args, **kwargs", new),
    NativeDef::new("__len__", "self, /", len),
    NativeDef::new("__getitem__", "self, key, /", getitem),
    NativeDef::new("__contains__", "self, key, /", contains_method),
    NativeDef::new("__iter__", "self, /", iter),
    NativeDef::new("__add__", "self, value, /", add),
    NativeDef::new("__mul__", "self, value, /", mul),
    NativeDef::new("__rmul__", "self, value, /", mul),
    NativeDef::new("__lt__", "self, value, /", lt),
    NativeDef::new("__le__", "self, value, /", le),
    NativeDef::new("__eq__", "self, value, /", eq),
    NativeDef::new("__ne__", "self, value, /", ne),
    NativeDef::new("__gt__", "self, value, /", gt),
    NativeDef::new("__ge__", "self, value, /", ge),
    NativeDef::new("__hash__", "self, /", hash),
    NativeDef::new("__repr__", "self, /", repr),
    NativeDef::new("index", "self, value, start=0, stop=sys.maxsize, /", index),
    NativeDef::new("count", "self, value, /", count),
    NativeDef::new("__getnewargs__", "self, /", getnewargs),
];

pub fn init(vm: &mut Vm) {
    vm.add_methods(vm.types.tuple, METHODS);
}
