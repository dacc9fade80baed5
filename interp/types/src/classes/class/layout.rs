//! What instances hold in common with those of their bases: which classes can be bases of one class, and which can take
//! each other's place in an assignment to `__class__` or `__bases__`.
//!
//! A class is *solid* if its instances hold more than those of its base: a built-in object, or slots of its own. Beside
//! that an instance has, or has not, a dict and a place for weak references. The rules and texts are CPython's.

use hoop_gc::Value;
use hoop_object::class::{Class, class_data};
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::tuple::tuple_items;
use hoop_object::vm::Vm;

/// What a new class's instances hold.
pub(crate) struct ClassLayout {
    /// The base whose layout it extends.
    pub base: Value,
    /// The number of fixed slots, those of the base among them.
    pub fixed: usize,
    pub payload: Option<Value>,
    pub has_dict: bool,
    pub has_weakref: bool,
    /// Slots that instances of the bases have inside.
    pub inline: u16,
}

/// What the bases alone give.
pub(crate) fn class_layout(vm: &mut Vm, bases: &[Value]) -> PyResult<ClassLayout> {
    let base = best_base(vm, bases)?;
    let data = class_data(base);
    let is_payload = !data.is_heap && !matches!(data.kind, Kind::Instance | Kind::Class);
    let payload = if is_payload { Some(base) } else { data.payload };
    let all = || bases.iter().map(|&b| class_data(b));
    Ok(ClassLayout {
        base,
        fixed: if is_payload { 1 } else { fixed_slots(vm, data) },
        payload,
        has_dict: all().any(|d| d.has_dict),
        has_weakref: all().any(|d| d.has_weakref),
        inline: all().map(|d| d.inline).max().unwrap_or(0),
    })
}

/// How many slots every instance of a class has: those that `__slots__` names, and those of built-in classes.
fn fixed_slots(vm: &Vm, data: &Class) -> usize {
    if data.kind == Kind::Instance { vm.shapes.get(data.root_shape).names.len() } else { 0 }
}

/// Of several bases the one whose layout includes those of the others.
pub(crate) fn best_base(vm: &mut Vm, bases: &[Value]) -> PyResult {
    let (mut best, mut winner) = (bases[0], class_data(bases[0]).solid);
    for &b in &bases[1..] {
        let candidate = class_data(b).solid;
        if vm.is_subclass(winner, candidate) {
            continue;
        }
        if !vm.is_subclass(candidate, winner) {
            return Err(vm.type_error("multiple bases have instance lay-out conflict"));
        }
        (best, winner) = (b, candidate);
    }
    Ok(best)
}

/// TypeError unless instances of `from` and of `to` hold the same.
#[inline]
pub fn check_same_layout(vm: &mut Vm, attribute: &str, from: Value, to: Value) -> PyResult<()> {
    let what = if is_collected(vm, from) != is_collected(vm, to) {
        "deallocator"
    } else if same_layout(from, to) {
        return Ok(());
    } else {
        "object layout"
    };
    let (new, old) = (vm.name_of_class(to), vm.name_of_class(from));
    Err(vm.type_error(format!("{attribute} assignment: '{new}' {what} differs from '{old}'")))
}

fn same_layout(a: Value, b: Value) -> bool {
    let (x, y) = (class_data(a), class_data(b));
    let (p, q) = (layout_root(a), layout_root(b));
    let alike = p == q || {
        let (p, q) = (class_data(p), class_data(q));
        p.is_heap && q.is_heap && p.base == q.base && slot_list(p) == slot_list(q)
    };
    alike && x.has_dict == y.has_dict && x.has_weakref == y.has_weakref
}

/// The highest class above this one whose instances hold the same.
fn layout_root(class: Value) -> Value {
    let mut at = class;
    loop {
        let data = class_data(at);
        let base = class_data(data.base);
        let same = data.is_heap
            && data.own_slots == Value::NONE
            && data.has_dict == base.has_dict
            && data.has_weakref == base.has_weakref;
        if !same {
            return at;
        }
        at = data.base;
    }
}

fn slot_list(class: &Class) -> &[Value] {
    if class.own_slots == Value::NONE { &[] } else { tuple_items(class.own_slots) }
}

/// Does CPython's collector look at the class's instances? Two such differ in how they are freed.
fn is_collected(vm: &Vm, class: Value) -> bool {
    let data = class_data(class);
    let t = &vm.types;
    data.is_heap
        || ![t.object, t.int, t.bool_, t.float, t.complex, t.str, t.bytes, t.bytearray, t.range]
            .contains(&class)
}
