//! What lists, tuples and the other containers share: receivers of methods, bounds of searches, comparison item by
//! item, repetition counts and the texts of `repr`.

use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::class::class_data;
use crate::objects::text::str_bytes;
use crate::operator::CmpOp;
use crate::protocol::quick_order;
use crate::vm::Vm;
use hoop_gc::Value;

/// The built-in object that a method works on: `v` itself or what an instance of a subclass carries. TypeError if it
/// is of another class.
pub fn receiver(vm: &mut Vm, v: Value, ok: fn(Kind) -> bool, class: &str, method: &str) -> PyResult {
    if ok(vm.kind(v)) {
        return Ok(v);
    }
    let inner = vm.unwrap(v);
    if ok(vm.kind(inner)) {
        return Ok(inner);
    }
    Err(vm.receiver_error(v, class, method))
}

/// The object that `__new__` of a built-in class gives: `payload` itself, or an instance of the subclass `cls` around
/// it. TypeError if `cls` is no subclass of `base`.
pub fn new_of(vm: &mut Vm, cls: Value, base: Value, payload: Value) -> PyResult {
    if cls == base {
        return Ok(payload);
    }
    check_new(vm, cls, base)?;
    Ok(vm.new_payload_instance(cls, payload))
}

/// TypeError unless `cls` is `base` or a class below it.
pub fn check_new(vm: &mut Vm, cls: Value, base: Value) -> PyResult<()> {
    if vm.kind(cls) != Kind::Class {
        let name = vm.name_of_class(base);
        let given = vm.class_name(cls);
        return Err(vm.type_error(format!("{name}.__new__(X): X is not a type object ({given})")));
    }
    if !vm.is_subclass(cls, base) {
        let name = vm.name_of_class(base);
        let given = vm.name_of_class(cls);
        return Err(vm.type_error(format!("{name}.__new__({given}): {given} is not a subtype of {name}")));
    }
    Ok(())
}

/// The one optional argument of a constructor that takes no keywords; `rest` is what `*args` got.
pub fn one_argument(vm: &mut Vm, name: &str, kwargs: Value, rest: &[Value]) -> PyResult<Option<Value>> {
    if kwargs != Value::UNBOUND && crate::objects::dict::dict_len(kwargs) > 0 {
        return Err(vm.type_error(format!("{name}() takes no keyword arguments")));
    }
    at_most_one(vm, name, rest)
}

/// The only positional argument, if one was given; TypeError if there are more.
pub fn at_most_one(vm: &mut Vm, name: &str, rest: &[Value]) -> PyResult<Option<Value>> {
    if rest.len() > 1 {
        let text = format!("{name} expected at most 1 argument, got {}", rest.len());
        return Err(vm.type_error(text));
    }
    Ok(rest.first().copied())
}

/// A built-in class whose `__new__` is not overridden takes keywords of its subclasses' `__init__` silently.
pub fn ignores_keywords(vm: &Vm, cls: Value, base: Value) -> bool {
    cls != base && vm.kind(cls) == Kind::Class && class_data(cls).is_heap
}

/// Start and stop arguments of `index`, as positions in a sequence of this length.
pub fn search_bounds(vm: &mut Vm, start: Value, stop: Value, len: usize) -> PyResult<(usize, usize)> {
    let start = if start == Value::UNBOUND { 0 } else { bound(vm, start)? };
    let stop = if stop == Value::UNBOUND { i64::MAX } else { bound(vm, stop)? };
    let place = |i: i64| if i < 0 { (i + len as i64).max(0) as usize } else { i as usize };
    Ok((place(start), place(stop)))
}

fn bound(vm: &mut Vm, v: Value) -> PyResult<i64> {
    if !vm.has_index(v) {
        return Err(vm.type_error("slice indices must be integers or have an __index__ method"));
    }
    vm.index_clamped(v)
}

/// The count of a repetition (`sequence * v`), not negative; nothing if `v` is no integer.
pub fn repeat_count(vm: &mut Vm, v: Value) -> PyResult<Option<usize>> {
    if !vm.has_index(v) {
        return Ok(None);
    }
    Ok(Some(vm.index_length(v)?.max(0) as usize))
}

/// The length of a repeated sequence; MemoryError if no memory could hold it.
pub fn repeated_len(vm: &mut Vm, len: usize, count: usize) -> PyResult<usize> {
    match len.checked_mul(count) {
        Some(n) if n <= crate::objects::list::MAX_LEN => Ok(n),
        _ => Err(vm.memory_error()),
    }
}

/// How the items of a sequence are reached.
#[derive(Copy, Clone)]
pub struct Access {
    pub len: fn(Value) -> usize,
    pub item: fn(&mut Vm, Value, usize) -> Value,
}

/// `a op b` for two sequences of one class: the first items that differ decide.
pub fn compare(vm: &mut Vm, op: CmpOp, a: Value, b: Value, access: Access) -> PyResult {
    vm.enter_native()?;
    let Access { len, item } = access;
    if matches!(op, CmpOp::Eq | CmpOp::Ne) && len(a) != len(b) {
        return Ok(Value::bool(op == CmpOp::Ne));
    }
    let mut i = 0;
    loop {
        if i >= len(a) || i >= len(b) {
            return Ok(Value::bool(op.holds(len(a).cmp(&len(b)))));
        }
        let (x, y) = (item(vm, a, i), item(vm, b, i));
        if !vm.eq(x, y)? {
            return compare_last(vm, op, x, y);
        }
        i += 1;
    }
}

/// The answer that the first differing items give.
pub fn compare_last(vm: &mut Vm, op: CmpOp, x: Value, y: Value) -> PyResult {
    match op {
        CmpOp::Eq => Ok(Value::FALSE),
        CmpOp::Ne => Ok(Value::TRUE),
        _ => match quick_order(x, y) {
            Some(order) => Ok(Value::bool(order.is_some_and(|o| op.holds(o)))),
            None => vm.compare(op, x, y),
        },
    }
}

/// `open`, the items' texts with commas between, `close`.
pub fn repr_items(vm: &mut Vm, this: Value, access: Access, (open, close): (&str, &str)) -> PyResult {
    let mut text = open.as_bytes().to_vec();
    let mut i = 0;
    while i < (access.len)(this) {
        if i > 0 {
            text.extend_from_slice(b", ");
        }
        let v = (access.item)(vm, this, i);
        push_repr(vm, &mut text, v)?;
        i += 1;
    }
    text.extend_from_slice(close.as_bytes());
    Ok(vm.new_str(&text))
}

/// Appends `repr(v)`.
pub fn push_repr(vm: &mut Vm, text: &mut Vec<u8>, v: Value) -> PyResult<()> {
    match v.as_int() {
        Some(i) => text.extend_from_slice(i.to_string().as_bytes()),
        None => {
            let s = vm.repr(v)?;
            text.extend_from_slice(str_bytes(s));
        }
    }
    Ok(())
}

/// Runs `show` unless the object is being shown already: then the text is `again`.
pub fn repr_once(vm: &mut Vm, this: Value, again: &str, show: impl FnOnce(&mut Vm) -> PyResult) -> PyResult {
    vm.enter_native()?;
    if !vm.repr_enter(this) {
        return Ok(vm.str(again));
    }
    let r = show(vm);
    vm.repr_leave(this);
    r
}

/// Makes one native function per rich comparison around a function of the operator.
#[macro_export]
macro_rules! comparison_methods {
    ($by:ident: $( $name:ident $op:ident ),*) => {
        $( fn $name(vm: &mut $crate::vm::Vm, a: &[hoop_gc::Value]) -> $crate::errors::PyResult {
            $by(vm, $crate::operator::CmpOp::$op, a[0], a[1])
        } )*
    };
}
