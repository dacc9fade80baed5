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
        self.check_class_like(class, "isinstance() arg 2 must be a type, a tuple of types, or a union")?;
        let name = self.names.class;
        match self.getattr_opt(v, name)? {
            Some(of) => self.is_below(of, class),
            None => Ok(false),
        }
    }

    /// TypeError unless it is a class, or has bases like one.
    fn check_class_like(&mut self, v: Value, text: &str) -> PyResult<()> {
        if self.kind(v) == Kind::Class || self.bases_of(v)?.is_some() {
            return Ok(());
        }
        Err(self.type_error(text))
    }

    /// The tuple `v.__bases__`.
    fn bases_of(&mut self, v: Value) -> PyResult<Option<Value>> {
        let name = self.names.bases;
        let bases = self.getattr_opt(v, name)?.map(|b| self.unwrap(b));
        Ok(bases.filter(|&b| self.kind(b) == Kind::Tuple))
    }

    /// Is `class` among the bases of something like a class, at whatever height?
    fn is_below(&mut self, sub: Value, class: Value) -> PyResult<bool> {
        self.enter_native()?;
        if sub == class {
            return Ok(true);
        }
        let Some(bases) = self.bases_of(sub)? else { return Ok(false) };
        for &b in tuple_items(bases) {
            if self.is_below(b, class)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// By the class, or by what the instance says its `__class__` is.
    pub fn is_instance_plain(&mut self, v: Value, class: Value) -> PyResult<bool> {
        let of = self.class_of(v);
        if self.is_subclass(of, class) {
            return Ok(true);
        }
        if !self.claims_class(of) {
            return Ok(false);
        }
        let name = self.names.class;
        let claimed = self.getattr_opt(v, name)?;
        Ok(claimed.is_some_and(|c| self.kind(c) == Kind::Class && self.is_subclass(c, class)))
    }

    /// Can instances of the class say that they are of another one?
    pub fn claims_class(&self, class: Value) -> bool {
        crate::objects::class::class_data(class).is_heap
            && (self.overrides(class, self.names.class) || self.overrides(class, self.names.getattribute))
    }

    /// `issubclass(sub, class)`.
    pub fn is_subclass_of(&mut self, sub: Value, class: Value) -> PyResult<bool> {
        if self.is_plain_class(class) {
            return self.is_subclass_plain(sub, class);
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
        self.is_subclass_plain(sub, class)
    }

    /// By the resolution order of a class, or the bases of what is like one.
    pub fn is_subclass_plain(&mut self, sub: Value, class: Value) -> PyResult<bool> {
        if self.kind(sub) == Kind::Class && self.kind(class) == Kind::Class {
            return Ok(self.is_subclass(sub, class));
        }
        self.check_class_like(sub, "issubclass() arg 1 must be a class")?;
        self.check_class_like(class, "issubclass() arg 2 must be a class, a tuple of classes, or a union")?;
        self.is_below(sub, class)
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
