//! `__slots__`: the names that a class statement gives, checked, as fixed slots and as members of the class.

use super::layout::ClassLayout;
use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::class::{class_data, class_mut};
use crate::objects::layout::*;
use crate::objects::shape::MAX_FIXED_INLINE;
use crate::objects::text::{str_bytes, str_text};
use crate::objects::tuple::ValueVec;
use crate::types::attributes::GetSet;
use crate::vm::Vm;
use hoop_gc::Value;

const DICT: GetSet = GetSet {
    name: "__dict__",
    get: |vm, o| vm.instance_dict(o),
    set: Some(|vm, o, v| {
        let v = if v == Value::UNBOUND { vm.new_dict() } else { v };
        vm.replace_dict(o, v)
    }),
};

const WEAKREF: GetSet = GetSet { name: "__weakref__", get: |_, _| Ok(Value::NONE), set: None };

/// Computed attributes of classes whose instances are the first ones to have a dict, or a place for weak references.
pub const DICT_ROWS: &[GetSet] = &[DICT];
const WEAKREF_ROWS: &[GetSet] = &[WEAKREF];

impl Vm {
    /// The slots that a class body asks for, in order; what instances have beside them is noted in the layout.
    pub(super) fn slot_names(
        &mut self,
        layout: &mut ClassLayout,
        class_name: Value,
        dict: Value,
    ) -> PyResult<ValueVec> {
        let mut names = ValueVec::new();
        let Some(slots) = self.dict_get_str(dict, self.names.slots) else {
            let variable = self.varying_size(layout).is_some();
            (layout.has_dict, layout.has_weakref) = (true, layout.has_weakref || !variable);
            return Ok(names);
        };
        let given = match self.kind(self.unwrap(slots)) {
            Kind::Str => ValueVec::from_slice(self, &[slots])?,
            _ => self.collect(slots)?,
        };
        if !given.as_slice().is_empty()
            && let Some(base) = self.varying_size(layout)
        {
            let text =
                format!("nonempty __slots__ not supported for subtype of '{}'", self.name_of_class(base));
            return Err(self.type_error(text));
        }
        self.check_slot_names(layout, given.as_slice())?;
        let mut texts: Vec<String> = Vec::new();
        for &n in given.as_slice() {
            let n = self.unwrap(n);
            if str_bytes(n) == b"__dict__" || str_bytes(n) == b"__weakref__" {
                continue;
            }
            let text = mangled(&str_text(class_name), &str_text(n));
            self.check_no_class_variable(dict, &text)?;
            texts.push(text);
        }
        texts.sort_unstable();
        texts.dedup();
        if layout.has_dict && texts.len() + layout.fixed > MAX_FIXED_INLINE {
            let text = format!("instances with a __dict__ may not have more than {MAX_FIXED_INLINE} slots");
            return Err(self.type_error(text));
        }
        for text in &texts {
            let name = self.intern(text.as_bytes());
            names.push(self, name)?;
        }
        Ok(names)
    }

    fn check_slot_names(&mut self, layout: &mut ClassLayout, given: &[Value]) -> PyResult<()> {
        for &given in given {
            let n = self.unwrap(given);
            if self.kind(n) != Kind::Str {
                let text = format!("__slots__ items must be strings, not '{}'", self.class_name(given));
                return Err(self.type_error(text));
            }
            if !hoop_text::text::is_identifier(str_bytes(n)) {
                return Err(self.type_error("__slots__ must be identifiers"));
            }
            let flag = match str_bytes(n) {
                b"__dict__" => &mut layout.has_dict,
                b"__weakref__" => &mut layout.has_weakref,
                _ => continue,
            };
            if std::mem::replace(flag, true) {
                let text = format!("{} slot disallowed: we already got one", str_text(n));
                return Err(self.type_error(text));
            }
        }
        Ok(())
    }

    fn check_no_class_variable(&mut self, dict: Value, slot: &str) -> PyResult<()> {
        let name = self.intern(slot.as_bytes());
        let set_by_class = name == self.names.qualname || name == self.names.classcell;
        if set_by_class || self.dict_get_str(dict, name).is_none() {
            return Ok(());
        }
        Err(self.value_error(format!("'{slot}' in __slots__ conflicts with class variable")))
    }

    /// The built-in class below which objects vary in size, so that they have no place for slots.
    fn varying_size(&self, layout: &ClassLayout) -> Option<Value> {
        let t = &self.types;
        let varies = [t.int, t.tuple, t.bytes, t.type_];
        let above = &class_data(layout.base).mro;
        above.iter().any(|c| varies.contains(c)).then_some(layout.base)
    }

    /// Gives the class its members: the slots, and `__dict__` and `__weakref__` if no base has them.
    pub(super) fn add_members(&mut self, class: Value, layout: &mut ClassLayout, names: &[Value]) {
        for &name in names {
            let member = self.new_member(name, class);
            MEMBER_SLOT.write(member, layout.fixed as i64);
            layout.fixed += 1;
            class_mut(self, class).attrs.insert(name.bits(), (name, member));
        }
        let (mut dict, mut weakref) = (layout.has_dict, layout.has_weakref);
        for &b in &class_data(class).bases {
            dict &= !class_data(b).has_dict;
            weakref &= !class_data(b).has_weakref;
        }
        if dict {
            self.add_missing_getset(class, DICT_ROWS);
        }
        if weakref {
            self.add_missing_getset(class, WEAKREF_ROWS);
        }
    }

    fn add_missing_getset(&mut self, class: Value, rows: &'static [GetSet]) {
        let name = self.intern(rows[0].name.as_bytes());
        if !class_data(class).attrs.contains_key(&name.bits()) {
            self.add_getsets(class, rows);
        }
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
