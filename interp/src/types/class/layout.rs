//! What instances hold in common with those of their bases: which classes can be bases of one class, and which can take
//! each other's place in an assignment to `__class__` or `__bases__`.
//!
//! A class is *solid* if its instances hold more than those of its base: a built-in object, or slots of its own. Beside
//! that an instance has, or has not, a dict and a place for weak references. The rules and texts are CPython's.

use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::class::{Class, class_data};
use crate::objects::tuple::tuple_items;
use crate::vm::Vm;
use hoop_gc::Value;

/// What a new class's instances hold.
pub(super) struct ClassLayout {
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

impl Vm {
    /// What the bases alone give.
    pub(super) fn class_layout(&mut self, bases: &[Value]) -> PyResult<ClassLayout> {
        let base = self.best_base(bases)?;
        let data = class_data(base);
        let is_payload = !data.is_heap && !matches!(data.kind, Kind::Instance | Kind::Class);
        let payload = if is_payload { Some(base) } else { data.payload };
        let all = || bases.iter().map(|&b| class_data(b));
        Ok(ClassLayout {
            base,
            fixed: if is_payload { 1 } else { self.fixed_slots(data) },
            payload,
            has_dict: all().any(|d| d.has_dict),
            has_weakref: all().any(|d| d.has_weakref),
            inline: all().map(|d| d.inline).max().unwrap_or(0),
        })
    }

    /// How many slots every instance of a class has: those that `__slots__` names, and those of built-in classes.
    fn fixed_slots(&self, data: &Class) -> usize {
        if data.kind == Kind::Instance { self.shapes.get(data.root_shape).names.len() } else { 0 }
    }

    /// Of several bases the one whose layout includes those of the others.
    pub(super) fn best_base(&mut self, bases: &[Value]) -> PyResult {
        let (mut best, mut winner) = (bases[0], class_data(bases[0]).solid);
        for &b in &bases[1..] {
            let candidate = class_data(b).solid;
            if self.is_subclass(winner, candidate) {
                continue;
            }
            if !self.is_subclass(candidate, winner) {
                return Err(self.type_error("multiple bases have instance lay-out conflict"));
            }
            (best, winner) = (b, candidate);
        }
        Ok(best)
    }

    /// TypeError unless instances of `from` and of `to` hold the same.
    pub fn check_same_layout(&mut self, attribute: &str, from: Value, to: Value) -> PyResult<()> {
        let what = if is_collected(self, from) != is_collected(self, to) {
            "deallocator"
        } else if self.same_layout(from, to) {
            return Ok(());
        } else {
            "object layout"
        };
        let (new, old) = (self.name_of_class(to), self.name_of_class(from));
        Err(self.type_error(format!("{attribute} assignment: '{new}' {what} differs from '{old}'")))
    }

    fn same_layout(&self, a: Value, b: Value) -> bool {
        let (x, y) = (class_data(a), class_data(b));
        let (p, q) = (self.layout_root(a), self.layout_root(b));
        let alike = p == q || {
            let (p, q) = (class_data(p), class_data(q));
            p.is_heap && q.is_heap && p.base == q.base && slot_list(p) == slot_list(q)
        };
        alike && x.has_dict == y.has_dict && x.has_weakref == y.has_weakref
    }

    /// The highest class above this one whose instances hold the same.
    fn layout_root(&self, class: Value) -> Value {
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
