//! `isinstance` and `issubclass` with tuples of classes and the hooks of metaclasses.

use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::tuple::tuple_items;
use crate::vm::Vm;
use hoop_gc::Value;

impl Vm {
    /// `isinstance(v, class)`.
    pub fn is_instance(&mut self, v: Value, class: Value) -> PyResult<bool> {
        if self.class_of(v) == class {
            return Ok(true);
        }
        if self.is_plain_class(class) {
            return self.is_instance_plain(v, class);
        }
        if let Some(t) = self.as_tuple(class) {
            self.enter_native()?;
            for &c in tuple_items(t) {
                if self.is_instance(v, c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let name = self.names.instancecheck;
        if let Some(f) = self.special(class, name) {
            let r = self.call_special(f, class, &[v])?;
            return self.truth(r);
        }
        Err(self.type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"))
    }

    /// By the class, or by what the instance says its `__class__` is.
    pub fn is_instance_plain(&mut self, v: Value, class: Value) -> PyResult<bool> {
        let of = self.class_of(v);
        if self.is_subclass(of, class) {
            return Ok(true);
        }
        if !self.kind(v).is_instance() || !self.overrides(of, self.names.class) {
            return Ok(false);
        }
        let name = self.names.class;
        let claimed = self.getattr_opt(v, name)?;
        Ok(claimed.is_some_and(|c| self.kind(c) == Kind::Class && self.is_subclass(c, class)))
    }

    /// `issubclass(sub, class)`.
    pub fn is_subclass_of(&mut self, sub: Value, class: Value) -> PyResult<bool> {
        if self.is_plain_class(class) {
            if self.kind(sub) != Kind::Class {
                return Err(self.type_error("issubclass() arg 1 must be a class"));
            }
            return Ok(self.is_subclass(sub, class));
        }
        if let Some(t) = self.as_tuple(class) {
            self.enter_native()?;
            for &c in tuple_items(t) {
                if self.is_subclass_of(sub, c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let name = self.names.subclasscheck;
        if let Some(f) = self.special(class, name) {
            let r = self.call_special(f, class, &[sub])?;
            return self.truth(r);
        }
        if self.kind(sub) != Kind::Class {
            return Err(self.type_error("issubclass() arg 1 must be a class"));
        }
        Err(self.type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union"))
    }

    /// A class whose metaclass is `type` itself: no hooks.
    fn is_plain_class(&self, class: Value) -> bool {
        self.kind(class) == Kind::Class && self.class_of(class) == self.types.type_
    }

    fn as_tuple(&self, v: Value) -> Option<Value> {
        let inner = self.unwrap(v);
        (self.kind(inner) == Kind::Tuple).then_some(inner)
    }
}
