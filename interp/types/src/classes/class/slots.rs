//! `__slots__`: the names that a class statement gives, checked, as fixed slots and as members of the class.

use crate::classes::class::layout::ClassLayout;
use hoop_gc::Value;
use hoop_object::class::{class_data, class_mut};
use hoop_object::dict;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::shape::MAX_FIXED_INLINE;
use hoop_object::text::{self, str_bytes, str_text};
use hoop_object::tuple::ValueVec;
use hoop_object::vm::Vm;
use hoop_protocol::attributes::{self, GetSet};
use hoop_protocol::{attr, protocol};

const DICT: GetSet = GetSet {
    name: "__dict__",
    get: |vm, o| attr::instance_dict(vm, o),
    set: Some(|vm, o, v| {
        let v = if v == Value::UNBOUND { dict::new_dict(vm) } else { v };
        attributes::replace_dict(vm, o, v)
    }),
};

const WEAKREF: GetSet = GetSet { name: "__weakref__", get: |_, _| Ok(Value::NONE), set: None };

/// Computed attributes of classes whose instances are the first ones to have a dict, or a place for weak references.
pub const DICT_ROWS: &[GetSet] = &[DICT];

const WEAKREF_ROWS: &[GetSet] = &[WEAKREF];

/// The slots that a class body asks for, in order; what instances have beside them is noted in the layout.
pub(crate) fn slot_names(
    vm: &mut Vm,
    layout: &mut ClassLayout,
    class_name: Value,
    dict: Value,
) -> PyResult<ValueVec> {
    let mut names = ValueVec::new();
    let key = vm.names.slots;
    let Some(slots) = dict::get_str(vm, dict, key) else {
        let variable = varying_size(vm, layout).is_some();
        (layout.has_dict, layout.has_weakref) = (true, layout.has_weakref || !variable);
        return Ok(names);
    };
    let given = match vm.kind(vm.unwrap(slots)) {
        Kind::Str => ValueVec::from_slice(vm, &[slots])?,
        _ => protocol::collect(vm, slots)?,
    };
    if !given.as_slice().is_empty()
        && let Some(base) = varying_size(vm, layout)
    {
        let text = format!("nonempty __slots__ not supported for subtype of '{}'", vm.name_of_class(base));
        return Err(vm.type_error(text));
    }
    check_slot_names(vm, layout, given.as_slice())?;
    let mut texts: Vec<String> = Vec::new();
    for &n in given.as_slice() {
        let n = vm.unwrap(n);
        if str_bytes(n) == b"__dict__" || str_bytes(n) == b"__weakref__" {
            continue;
        }
        let text = mangled(&str_text(class_name), &str_text(n));
        check_no_class_variable(vm, dict, &text)?;
        texts.push(text);
    }
    texts.sort_unstable();
    texts.dedup();
    if layout.has_dict && texts.len() + layout.fixed > MAX_FIXED_INLINE {
        let text = format!("instances with a __dict__ may not have more than {MAX_FIXED_INLINE} slots");
        return Err(vm.type_error(text));
    }
    for text in &texts {
        let name = text::intern(vm, text.as_bytes());
        names.push(vm, name)?;
    }
    Ok(names)
}

fn check_slot_names(vm: &mut Vm, layout: &mut ClassLayout, given: &[Value]) -> PyResult<()> {
    for &given in given {
        let n = vm.unwrap(given);
        if vm.kind(n) != Kind::Str {
            let text = format!("__slots__ items must be strings, not '{}'", vm.class_name(given));
            return Err(vm.type_error(text));
        }
        if !hoop_text::text::is_identifier(str_bytes(n)) {
            return Err(vm.type_error("__slots__ must be identifiers"));
        }
        let flag = match str_bytes(n) {
            b"__dict__" => &mut layout.has_dict,
            b"__weakref__" => &mut layout.has_weakref,
            _ => continue,
        };
        if std::mem::replace(flag, true) {
            let text = format!("{} slot disallowed: we already got one", str_text(n));
            return Err(vm.type_error(text));
        }
    }
    Ok(())
}

fn check_no_class_variable(vm: &mut Vm, dict: Value, slot: &str) -> PyResult<()> {
    let name = text::intern(vm, slot.as_bytes());
    let set_by_class = name == vm.names.qualname || name == vm.names.classcell;
    if set_by_class || dict::get_str(vm, dict, name).is_none() {
        return Ok(());
    }
    Err(vm.value_error(format!("'{slot}' in __slots__ conflicts with class variable")))
}

/// The built-in class below which objects vary in size, so that they have no place for slots.
fn varying_size(vm: &Vm, layout: &ClassLayout) -> Option<Value> {
    let t = &vm.types;
    let varies = [t.int, t.tuple, t.bytes, t.type_];
    let above = &class_data(layout.base).mro;
    above.iter().any(|c| varies.contains(c)).then_some(layout.base)
}

/// Gives the class its members: the slots, and `__dict__` and `__weakref__` if no base has them.
pub(crate) fn add_members(vm: &mut Vm, class: Value, layout: &mut ClassLayout, names: &[Value]) {
    for &name in names {
        let member = attributes::new_member(vm, name, class);
        MEMBER_SLOT.write(member, layout.fixed as i64);
        layout.fixed += 1;
        class_mut(vm, class).attrs.insert(name.bits(), (name, member));
    }
    let (mut dict, mut weakref) = (layout.has_dict, layout.has_weakref);
    for &b in &class_data(class).bases {
        dict &= !class_data(b).has_dict;
        weakref &= !class_data(b).has_weakref;
    }
    if dict {
        add_missing_getset(vm, class, DICT_ROWS);
    }
    if weakref {
        add_missing_getset(vm, class, WEAKREF_ROWS);
    }
}

fn add_missing_getset(vm: &mut Vm, class: Value, rows: &'static [GetSet]) {
    let name = text::intern(vm, rows[0].name.as_bytes());
    if !class_data(class).attrs.contains_key(&name.bits()) {
        attributes::add_getsets(vm, class, rows);
    }
}

/// A private name as the class's own code spells it.
fn mangled(class: &str, name: &str) -> String {
    let class = class.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || class.is_empty() {
        return name.to_string();
    }
    format!("_{class}{name}")
}
