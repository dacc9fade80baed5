//! `__slots__`: the names that a class statement gives, checked, as fixed slots and as members of the class.

use super::layout::ClassLayout;
use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::class::{class_data, class_mut};
use crate::objects::layout::*;
use crate::objects::text::{str_bytes, str_text};
use crate::objects::tuple::ValueVec;
use crate::vm::Vm;
use hoop_gc::Value;

impl Vm {
    /// Objects of varying size have no place for slots.
    pub(super) fn check_slots_allowed(&mut self, payload: Option<Value>) -> PyResult<()> {
        let t = &self.types;
        let Some(base) = payload.filter(|p| [t.int, t.tuple, t.bytes].contains(p)) else { return Ok(()) };
        let text = format!("nonempty __slots__ not supported for subtype of '{}'", self.name_of_class(base));
        Err(self.type_error(text))
    }

    /// The names in `__slots__`: a str is one.
    fn slot_names(&mut self, slots: Value) -> PyResult<ValueVec> {
        if self.kind(slots) == Kind::Str { ValueVec::from_slice(self, &[slots]) } else { self.collect(slots) }
    }

    pub(super) fn add_slots(&mut self, layout: &mut ClassLayout, slots: Value) -> PyResult<()> {
        let all = self.slot_names(slots)?;
        for &n in all.as_slice() {
            if self.kind(n) != Kind::Str {
                let text = format!("__slots__ items must be strings, not '{}'", self.class_name(n));
                return Err(self.type_error(text));
            }
            if !hoop_text::text::is_identifier(str_bytes(n)) {
                return Err(self.type_error("__slots__ must be identifiers"));
            }
            let n = self.intern_str(n);
            if n == self.names.dict {
                layout.has_dict = true;
            } else if n != self.names.weakref {
                self.add_fixed(layout, n)?;
            }
        }
        Ok(())
    }

    pub(super) fn set_slot_members(&mut self, class: Value, dict: Value) -> PyResult<()> {
        let Some(slots) = self.dict_get_str(dict, self.names.slots) else { return Ok(()) };
        let all = self.slot_names(slots)?;
        for &n in all.as_slice() {
            let n = self.intern_str(n);
            if n == self.names.dict || n == self.names.weakref {
                continue;
            }
            let there = class_data(class).attrs.get(&n.bits()).map(|&(_, v)| v);
            if there.is_some_and(|v| self.kind(v) == Kind::Member && MEMBER_OWNER.read(v) == Some(class)) {
                continue;
            }
            if there.is_some() {
                let text = format!("'{}' in __slots__ conflicts with class variable", str_text(n));
                return Err(self.value_error(text));
            }
            let member = self.new_member(n, class);
            class_mut(self, class).attrs.insert(n.bits(), (n, member));
        }
        Ok(())
    }
}
