//! What lists, tuples and the other containers share: receivers of methods, bounds of searches, comparison item by
//! item, repetition counts and the texts of `repr`.

use crate::protocol::{self, quick_order};
use crate::{iterators, native, subscript};
use hoop_engine::shape_of;
use hoop_gc::Value;
use hoop_object::class::class_data;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::list::{any_items, list_len};
use hoop_object::operator::CmpOp;
use hoop_object::text::{self, str_bytes, str_len};
use hoop_object::tuple::{as_values, tuple_items};
use hoop_object::vm::Vm;

/// Begins a repr; false if this object's is being made already.
#[inline]
pub fn repr_enter(vm: &mut Vm, v: Value) -> bool {
    vm.thread.repr_stack.insert(v.bits())
}

/// Ends the repr begun last.
#[inline]
pub fn repr_leave(vm: &mut Vm, v: Value) {
    let last = vm.thread.repr_stack.pop();
    debug_assert!(last == Some(v.bits()));
}

/// The built-in object that a method works on: `v` itself or what an instance of a subclass carries. TypeError if it
/// is of another class.
#[inline]
pub fn receiver(vm: &mut Vm, v: Value, ok: fn(Kind) -> bool, class: &str, method: &str) -> PyResult {
    if ok(vm.kind(v)) {
        return Ok(v);
    }
    let inner = vm.unwrap(v);
    if ok(vm.kind(inner)) {
        return Ok(inner);
    }
    Err(native::receiver_error(vm, v, class, method))
}

/// The object that `__new__` of a built-in class gives: `payload` itself, or an instance of the subclass `cls` around
/// it. TypeError if `cls` is no subclass of `base`.
#[inline]
pub fn new_of(vm: &mut Vm, cls: Value, base: Value, payload: Value) -> PyResult {
    if cls == base {
        return Ok(payload);
    }
    check_new(vm, cls, base)?;
    Ok(vm.new_payload_instance(cls, payload))
}

/// TypeError unless `cls` is `base` or a class below it.
#[inline]
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
#[inline]
pub fn one_argument(vm: &mut Vm, name: &str, kwargs: Value, rest: &[Value]) -> PyResult<Option<Value>> {
    if kwargs != Value::UNBOUND && hoop_object::dict::dict_len(kwargs) > 0 {
        return Err(vm.type_error(format!("{name}() takes no keyword arguments")));
    }
    at_most_one(vm, name, rest)
}

/// The only positional argument, if one was given; TypeError if there are more.
#[inline]
pub fn at_most_one(vm: &mut Vm, name: &str, rest: &[Value]) -> PyResult<Option<Value>> {
    if rest.len() > 1 {
        let text = format!("{name} expected at most 1 argument, got {}", rest.len());
        return Err(vm.type_error(text));
    }
    Ok(rest.first().copied())
}

/// A built-in class whose `__new__` is not overridden takes keywords of its subclasses' `__init__` silently.
#[inline]
pub fn ignores_keywords(vm: &Vm, cls: Value, base: Value) -> bool {
    cls != base && vm.kind(cls) == Kind::Class && class_data(cls).is_heap
}

/// Start and stop arguments of `index`, as positions in a sequence of this length.
#[inline]
pub fn search_bounds(vm: &mut Vm, start: Value, stop: Value, len: usize) -> PyResult<(usize, usize)> {
    let start = if start == Value::UNBOUND { 0 } else { bound(vm, start)? };
    let stop = if stop == Value::UNBOUND { i64::MAX } else { bound(vm, stop)? };
    let place = |i: i64| if i < 0 { (i + len as i64).max(0) as usize } else { i as usize };
    Ok((place(start), place(stop)))
}

fn bound(vm: &mut Vm, v: Value) -> PyResult<i64> {
    if !subscript::has_index(vm, v) {
        return Err(vm.type_error("slice indices must be integers or have an __index__ method"));
    }
    protocol::index_clamped(vm, v)
}

/// The count of a repetition (`sequence * v`), not negative; nothing if `v` is no integer.
#[inline]
pub fn repeat_count(vm: &mut Vm, v: Value) -> PyResult<Option<usize>> {
    if !subscript::has_index(vm, v) {
        return Ok(None);
    }
    Ok(Some(protocol::index_length(vm, v)?.max(0) as usize))
}

/// How the items of a sequence are reached.
#[derive(Copy, Clone)]
pub struct Access {
    pub len: fn(Value) -> usize,
    pub item: fn(&mut Vm, Value, usize) -> Value,
}

/// `a op b` for two sequences of one class: the first items that differ decide.
pub fn compare(vm: &mut Vm, op: CmpOp, a: Value, b: Value, access: Access) -> PyResult {
    protocol::enter_native(vm)?;
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
        if !protocol::eq(vm, x, y)? {
            return compare_last(vm, op, x, y);
        }
        i += 1;
    }
}

/// The answer that the first differing items give.
#[inline]
pub fn compare_last(vm: &mut Vm, op: CmpOp, x: Value, y: Value) -> PyResult {
    match op {
        CmpOp::Eq => Ok(Value::FALSE),
        CmpOp::Ne => Ok(Value::TRUE),
        _ => match quick_order(x, y) {
            Some(order) => Ok(Value::bool(order.is_some_and(|o| op.holds(o)))),
            None => protocol::compare(vm, op, x, y),
        },
    }
}

/// `open`, the items' texts with commas between, `close`.
#[inline]
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
    Ok(text::new_str(vm, &text))
}

/// Appends `repr(v)`.
#[inline]
pub fn push_repr(vm: &mut Vm, text: &mut Vec<u8>, v: Value) -> PyResult<()> {
    match v.as_int() {
        Some(i) => text.extend_from_slice(i.to_string().as_bytes()),
        None => {
            let s = protocol::repr(vm, v)?;
            text.extend_from_slice(str_bytes(s));
        }
    }
    Ok(())
}

/// Runs `show` unless the object is being shown already: then the text is `again`.
#[inline]
pub fn repr_once(vm: &mut Vm, this: Value, again: &str, show: impl FnOnce(&mut Vm) -> PyResult) -> PyResult {
    protocol::enter_native(vm)?;
    if !repr_enter(vm, this) {
        return Ok(text::str(vm, again));
    }
    let r = show(vm);
    repr_leave(vm, this);
    r
}

/// Makes one native function per rich comparison around a function of the operator.
#[macro_export]
macro_rules! comparison_methods {
    ($by:ident: $( $name:ident $op:ident ),*) => {
        $( fn $name(vm: &mut hoop_object::vm::Vm, a: &[hoop_gc::Value]) -> hoop_object::errors::PyResult {
            $by(vm, hoop_object::operator::CmpOp::$op, a[0], a[1])
        } )*
    };
}

/// One str of several.
#[inline]
pub fn join_strs(vm: &mut Vm, items: &[Value]) -> PyResult {
    let separator = text::empty_str(vm);
    join_items(vm, separator, items)
}

/// `separator.join(iterable)`.
#[inline]
pub fn str_join(vm: &mut Vm, separator: Value, iterable: Value) -> PyResult {
    match vm.kind(iterable) {
        Kind::ListAny => {
            debug_assert!(any_items(iterable).len() == list_len(iterable));
            join_items(vm, separator, as_values(any_items(iterable)))
        }
        Kind::Tuple => join_items(vm, separator, tuple_items(iterable)),
        _ => {
            if !iterators::is_iterable(vm, iterable) {
                return Err(vm.type_error("can only join an iterable"));
            }
            let items = protocol::collect(vm, iterable)?;
            join_items(vm, separator, items.as_slice())
        }
    }
}

/// Joins in two passes: sizes, then bytes. No Python code runs, so the items stay as they are.
fn join_items(vm: &mut Vm, separator: Value, items: &[Value]) -> PyResult {
    let gaps = items.len().saturating_sub(1);
    let between = str_bytes(separator);
    let (mut bytes, mut points) =
        (between.len().saturating_mul(gaps), str_len(separator).saturating_mul(gaps));
    let exact = vm.kind_shape(Kind::Str);
    for (i, &v) in items.iter().enumerate() {
        let s = if shape_of(v) == exact { v } else { vm.unwrap(v) };
        if shape_of(s) != exact {
            let name = vm.class_name(v);
            return Err(vm.type_error(format!("sequence item {i}: expected str instance, {name} found")));
        }
        bytes = bytes.saturating_add(str_bytes(s).len());
        points = points.saturating_add(str_len(s));
    }
    match items {
        [] => return Ok(text::empty_str(vm)),
        [only] => return Ok(vm.unwrap(*only)),
        _ => {}
    }
    let r = text::alloc_str(vm, bytes, points)?;
    let to = STR_DATA.bytes_mut(r, bytes);
    let mut at = 0;
    for (i, &v) in items.iter().enumerate() {
        if i > 0 && !between.is_empty() {
            to[at..at + between.len()].copy_from_slice(between);
            at += between.len();
        }
        let part = str_bytes(if shape_of(v) == exact { v } else { vm.unwrap(v) });
        match part {
            // Texts made of single characters are common: no call for them.
            [only] => to[at] = *only,
            _ => to[at..at + part.len()].copy_from_slice(part),
        }
        at += part.len();
    }
    Ok(r)
}
