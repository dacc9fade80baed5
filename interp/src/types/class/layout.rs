//! What the instances of a new class hold: fixed slots, a built-in object, a dict.

use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::class::class_data;
use crate::objects::shape::MAX_FIXED_INLINE;
use crate::objects::tuple::ValueVec;
use crate::vm::Vm;
use hoop_gc::Value;
use rustc_hash::FxHashSet;

/// What a new class's instances hold.
#[derive(Default)]
pub(super) struct ClassLayout {
    /// Names of fixed slots, those of bases first.
    pub fixed: ValueVec,
    /// The bits of these names.
    pub names: FxHashSet<u64>,
    pub payload: Option<Value>,
    pub has_dict: bool,
    /// Slots that instances of the bases have inside.
    pub inline: u16,
}

impl Vm {
    pub(super) fn check_same_layout(&mut self, class: Value, bases: &[Value]) -> PyResult<()> {
        let nothing = self.new_dict();
        let (old, new) = (
            self.class_layout(&class_data(class).bases.clone(), nothing)?,
            self.class_layout(bases, nothing)?,
        );
        if old.fixed.as_slice() == new.fixed.as_slice() && old.payload == new.payload {
            return Ok(());
        }
        let (to, from) = (self.name_of_class(bases[0]), self.name_of_class(class_data(class).bases[0]));
        Err(self.type_error(format!("__bases__ assignment: '{to}' object layout differs from '{from}'")))
    }

    pub(super) fn class_layout(&mut self, bases: &[Value], dict: Value) -> PyResult<ClassLayout> {
        let mut layout = ClassLayout::default();
        for &b in bases {
            let data = class_data(b);
            let own_payload = if !data.is_heap && data.kind != Kind::Instance && data.kind != Kind::Class {
                Some(b)
            } else {
                data.payload
            };
            if let Some(p) = own_payload {
                match layout.payload {
                    None => layout.payload = Some(p),
                    Some(q) if self.is_subclass(q, p) => {}
                    Some(q) if self.is_subclass(p, q) => layout.payload = Some(p),
                    Some(_) => return Err(self.type_error("multiple bases have instance lay-out conflict")),
                }
            }
            layout.has_dict |= data.has_dict;
            layout.inline = layout.inline.max(data.inline);
        }
        if layout.payload.is_some() {
            let name = self.names.slot_payload;
            self.add_fixed(&mut layout, name)?;
        }
        for &b in bases {
            let data = class_data(b);
            if data.kind != Kind::Instance {
                continue;
            }
            let root = data.root_shape;
            for i in 0..self.shapes.get(root).names.len() {
                let name = self.shapes.get(root).names[i];
                self.add_fixed(&mut layout, name)?;
            }
        }
        match self.dict_get_str(dict, self.names.slots) {
            None => layout.has_dict = true,
            Some(slots) => {
                let before = layout.fixed.len();
                self.add_slots(&mut layout, slots)?;
                if layout.fixed.len() > before {
                    self.check_slots_allowed(layout.payload)?;
                }
            }
        }
        if layout.has_dict && layout.fixed.len() > MAX_FIXED_INLINE {
            let text = format!("instances with a __dict__ may not have more than {MAX_FIXED_INLINE} slots");
            return Err(self.type_error(text));
        }
        Ok(layout)
    }

    /// A further fixed slot, unless there is one of that name.
    pub(super) fn add_fixed(&mut self, layout: &mut ClassLayout, name: Value) -> PyResult<()> {
        if layout.names.insert(name.bits()) { layout.fixed.push(self, name) } else { Ok(()) }
    }
}
