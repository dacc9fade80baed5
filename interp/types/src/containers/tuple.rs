//! `tuple`.

use hoop_gc::Value;
use hoop_object::bigint;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::operator::CmpOp;
use hoop_object::rows::NativeDef;
use hoop_object::tuple::{self, tuple_items, tuple_len};
use hoop_object::vm::Vm;
use hoop_protocol::tuples::{self, ACCESS};
use hoop_protocol::{iterators, protocol, seq, subscript};

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, |k| k == Kind::Tuple, "tuple", method)
}

/// The tuple behind a value that is one or extends one.
fn as_tuple(vm: &Vm, v: Value) -> Option<Value> {
    let inner = vm.unwrap(v);
    (vm.kind(inner) == Kind::Tuple).then_some(inner)
}

/// `tuple(iterable)`.
#[inline]
pub fn from_iterable(vm: &mut Vm, v: Value) -> PyResult {
    if vm.kind(v) == Kind::Tuple {
        return Ok(v);
    }
    let items = protocol::collect(vm, v)?;
    tuple::new_tuple(vm, items.as_slice())
}

/// `a op b` for two tuples.
#[inline]
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
        None => tuple::new_tuple(vm, &[])?,
    };
    seq::new_of(vm, cls, base, t)
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__len__")?;
    Ok(Value::int(tuple_len(t) as i64))
}

fn getitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__getitem__")?;
    subscript::tuple_get_item(vm, t, a[1])
}

fn contains_method(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__contains__")?;
    Ok(Value::bool(tuples::contains(vm, t, a[1])?))
}

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__iter__")?;
    iterators::iter(vm, t)
}

fn add(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = this(vm, a[0], "__add__")?;
    match as_tuple(vm, a[1]) {
        Some(y) => tuples::concat(vm, x, y),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn mul(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__mul__")?;
    match seq::repeat_count(vm, a[1])? {
        Some(count) => tuples::repeat(vm, t, count),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn order(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    let x = this(vm, a, "__eq__")?;
    match as_tuple(vm, b) {
        Some(y) => compare(vm, op, x, y),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

hoop_protocol::comparison_methods!(order: lt Lt, le Le, eq Eq, ne Ne, gt Gt, ge Ge);

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__hash__")?;
    protocol::enter_native(vm)?;
    let h = protocol::hash(vm, t)?;
    Ok(bigint::int_from_i64(vm, h))
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__repr__")?;
    let close = if tuple_len(t) == 1 { ",)" } else { ")" };
    seq::repr_once(vm, t, "(...)", |vm| seq::repr_items(vm, t, ACCESS, ("(", close)))
}

fn index(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "index")?;
    let (start, stop) = seq::search_bounds(vm, a[2], a[3], tuple_len(t))?;
    match tuples::find(vm, t, a[1], start, stop)? {
        Some(i) => Ok(Value::int(i as i64)),
        None => Err(vm.value_error("tuple.index(x): x not in tuple")),
    }
}

fn count(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "count")?;
    let mut n = 0;
    for i in 0..tuple_len(t) {
        n += protocol::eq(vm, tuple_items(t)[i], a[1])? as i64;
    }
    Ok(Value::int(n))
}

fn getnewargs(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = this(vm, a[0], "__getnewargs__")?;
    tuple::new_tuple(vm, &[t])
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, /, *args, **kwargs", new),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__contains__", "$self, key, /", contains_method),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__add__", "$self, value, /", add),
    NativeDef::new("__mul__", "$self, value, /", mul),
    NativeDef::new("__rmul__", "$self, value, /", mul),
    NativeDef::new("__lt__", "$self, value, /", lt),
    NativeDef::new("__le__", "$self, value, /", le),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__gt__", "$self, value, /", gt),
    NativeDef::new("__ge__", "$self, value, /", ge),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("index", "$self, value, start=0, stop=sys.maxsize, /", index),
    NativeDef::new("count", "$self, value, /", count),
    NativeDef::new("__getnewargs__", "$self, /", getnewargs),
];

pub fn init(vm: &mut Vm) {
    vm.add_methods(vm.types.tuple, METHODS);
}
