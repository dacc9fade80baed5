//! Attribute look-up: what a name means on objects of a shape, decided once per (shape, name) and cached.
//!
//! The result is plain data: handlers match on it in ordinary Rust, so that in a recording the whole look-up folds to
//! a constant under the guard on the shape and the assumption that the class does not change.

use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::class::{class_data, class_mut};
use crate::objects::layout::*;
use crate::objects::shape::{MAX_CLASS_SHAPES, MAX_FIXED_INLINE, MAX_SHAPE_ATTRS, Place};
use crate::objects::text::str_bytes;
use crate::objects::tuple::tuple_items;
use crate::vm::Vm;
use hoop_engine::shape_of;
use hoop_gc::{ShapeId, Value};
use std::collections::HashSet;

/// What an attribute is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Attr {
    /// Slot inside the instance; unbound means the attribute is missing.
    Slot(u16),
    /// Item of the overflow array.
    Overflow(usize),
    /// A Python function found on the class: binds self.
    Function(Value),
    /// A built-in method found on the class: binds self.
    Builtin(Value),
    /// A plain value found on the class.
    Plain(Value),
    /// A `__slots__` member: a data descriptor.
    Member(Value),
    StaticMethod(Value),
    /// Binds the class.
    ClassMethod(Value),
    /// A property, by its object.
    Property(Value),
    /// Computed by a native getter of the class.
    Native(Value),
    /// Found on the class, with a `__get__`; not a data descriptor.
    Descriptor(Value),
    /// As above, a data descriptor.
    DataDescriptor(Value),
    /// A data descriptor without `__get__`: reading finds the instance's own attribute first, and the descriptor itself.
    SetDescriptor(Value),
    /// The shape does not tell: instance dicts, modules, classes, functions, `__getattribute__`...
    Generic,
    Missing,
}

impl Attr {
    /// Found on the class, and before the instance's own attributes.
    pub fn hides_own(self) -> bool {
        use Attr::*;
        matches!(self, Property(_) | DataDescriptor(_) | Native(_) | Member(_))
    }

    /// Decides what setting the attribute means.
    pub fn is_data(self) -> bool {
        self.hides_own() || matches!(self, Attr::SetDescriptor(_))
    }
}

/// What setting an attribute on an instance of a shape does.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Store {
    /// Writes this slot.
    Slot(u16),
    /// Writes this item of the overflow array.
    Overflow(usize),
    /// Adds the attribute: the next shape, and the slot.
    Add(ShapeId, u16),
    /// Calls the Python function that sets a property.
    Property(Value),
    /// The general protocol decides.
    Generic,
}

/// A row of the class look-up cache: class, name, class epoch, what was found.
type LookupRow = (u64, u64, u32, Option<Value>);

/// Direct-mapped caches of look-ups.
pub struct MethodCache {
    rows: Vec<(u64, u64, Attr)>,
    stores: Vec<(u64, u64, Store)>,
    lookups: Vec<std::cell::Cell<LookupRow>>,
}

const CACHE_ROWS: usize = 2048;

impl Default for MethodCache {
    fn default() -> Self {
        MethodCache {
            rows: vec![(0, 0, Attr::Missing); CACHE_ROWS],
            stores: vec![(0, 0, Store::Generic); CACHE_ROWS],
            lookups: vec![std::cell::Cell::new((0, 0, 0, None)); CACHE_ROWS],
        }
    }
}

impl Vm {
    /// What `name` means on objects of `shape`.
    #[inline]
    pub fn find_attr(&mut self, shape: ShapeId, name: Value) -> Attr {
        let key = crate::objects::code::cache_key(shape, self.class_epoch);
        let row = (name.bits() >> 3 ^ (shape.0 as u64).wrapping_mul(0x9E37_79B1)) as usize % CACHE_ROWS;
        let (k, n, attr) = self.method_cache.rows[row];
        if k == key && n == name.bits() {
            return attr;
        }
        let attr = self.find_attr_slow(shape, name);
        self.method_cache.rows[row] = (key, name.bits(), attr);
        attr
    }

    fn find_attr_slow(&mut self, shape: ShapeId, name: Value) -> Attr {
        let kind = self.shapes.kind(shape);
        let Some(class) = self.shapes.get(shape).class else { return Attr::Generic };
        if kind.is_instance() && self.overrides(class, self.names.getattribute) {
            return Attr::Generic;
        }
        let on_class = self.lookup(class, name);
        let found = on_class.map(|v| self.classify(v));
        match kind {
            Kind::Instance => {}
            Kind::InstanceDict | Kind::Module | Kind::Class | Kind::Super => return Attr::Generic,
            Kind::Function | Kind::StaticMethod | Kind::ClassMethod => return Attr::Generic,
            _ => return found.unwrap_or(Attr::Missing),
        }
        match found {
            // After AttributeError, `__getattr__` has its say.
            Some(Attr::Property(p)) if self.lookup(class, self.names.getattr).is_some() => {
                return Attr::DataDescriptor(p);
            }
            Some(a @ (Attr::Property(_) | Attr::DataDescriptor(_) | Attr::Native(_))) => return a,
            Some(Attr::Member(m)) => {
                return self.member_slot(shape, m).map_or(Attr::Generic, Attr::Slot);
            }
            _ => {}
        }
        match self.shapes.place(shape, name) {
            Some(Place::Inline(i)) => Attr::Slot(i),
            // The array of an instance with so many fixed slots may be too short.
            Some(Place::Overflow(_)) if self.has_long_fixed(class) => Attr::Generic,
            Some(Place::Overflow(i)) => Attr::Overflow(i),
            None => found.unwrap_or(Attr::Missing),
        }
    }

    /// What a value found on a class does when it is got through an instance.
    pub fn classify(&mut self, v: Value) -> Attr {
        match self.kind(v) {
            Kind::Function => Attr::Function(v),
            Kind::Builtin if crate::native::builtin_self(v).is_none() && self.is_method_builtin(v) => {
                Attr::Builtin(v)
            }
            Kind::Super => Attr::Descriptor(v),
            Kind::StaticMethod | Kind::ClassMethod => {
                match WRAPPED.read(v).filter(|&f| f != Value::UNBOUND) {
                    Some(f) if self.kind(v) == Kind::StaticMethod => Attr::StaticMethod(f),
                    Some(f) => Attr::ClassMethod(f),
                    None => Attr::Descriptor(v),
                }
            }
            Kind::Property => Attr::Property(v),
            Kind::Member if MEMBER_DEF.read(v) != 0 => Attr::Native(v),
            Kind::Member => Attr::Member(v),
            kind if kind.is_instance() || self.class_of(v) != self.types.type_ && kind == Kind::Class => {
                let class = self.class_of(v);
                let has_get = self.lookup(class, self.names.get).is_some();
                let is_data = self.lookup(class, self.names.set).is_some()
                    || self.lookup(class, self.names.delete).is_some();
                match (has_get, is_data) {
                    (true, true) => Attr::DataDescriptor(v),
                    (false, true) => Attr::SetDescriptor(v),
                    (true, false) => Attr::Descriptor(v),
                    _ => Attr::Plain(v),
                }
            }
            _ => Attr::Plain(v),
        }
    }

    /// The slot inside instances of the shape that a member stands for. Nothing: they are of another class, or it lies
    /// in their overflow array.
    pub fn member_slot(&self, shape: ShapeId, member: Value) -> Option<u16> {
        let class = self.shapes.get(shape).class?;
        let number = MEMBER_OWNER.read(member).filter(|&owner| self.is_subclass(class, owner));
        match self.shapes.place_of(shape, number.map(|_| MEMBER_SLOT.read(member) as usize)?) {
            Place::Inline(i) => Some(i),
            Place::Overflow(_) => None,
        }
    }

    /// Built-in functions that belong to a class are methods; those of modules are plain values.
    fn is_method_builtin(&self, v: Value) -> bool {
        crate::native::builtin_owner(v).is_some_and(|o| self.kind(o) == Kind::Class)
    }

    /// Looks a name up on a class by its method resolution order.
    #[inline]
    pub fn lookup(&self, class: Value, name: Value) -> Option<Value> {
        let row = (name.bits() >> 3 ^ (class.bits() >> 4).wrapping_mul(0x9E37_79B1)) as usize % CACHE_ROWS;
        let (c, n, epoch, found) = self.method_cache.lookups[row].get();
        if c == class.bits() && n == name.bits() && epoch == self.class_epoch {
            return found;
        }
        let mro = &class_data(class).mro;
        let found = mro.iter().find_map(|&c| class_data(c).attrs.get(&name.bits()).map(|&(_, v)| v));
        self.method_cache.lookups[row].set((class.bits(), name.bits(), self.class_epoch, found));
        found
    }

    /// What setting `name` on instances of `shape` does.
    #[inline]
    pub fn find_store(&mut self, shape: ShapeId, name: Value) -> Store {
        let key = crate::objects::code::cache_key(shape, self.class_epoch);
        let row = (name.bits() >> 3 ^ (shape.0 as u64).wrapping_mul(0x9E37_79B1)) as usize % CACHE_ROWS;
        let (k, n, store) = self.method_cache.stores[row];
        if k == key && n == name.bits() {
            return store;
        }
        let store = self.find_store_slow(shape, name);
        self.method_cache.stores[row] = (key, name.bits(), store);
        store
    }

    fn find_store_slow(&mut self, shape: ShapeId, name: Value) -> Store {
        if let Some(setter) = self.property_setter(shape, name) {
            return Store::Property(setter);
        }
        if self.shapes.kind(shape) != Kind::Instance {
            return Store::Generic;
        }
        if let Some(number) = self.slot_to_set(shape, name) {
            return Store::Slot(number);
        }
        if !self.plain_setattr(shape, name) {
            return Store::Generic;
        }
        match self.shapes.place(shape, name) {
            Some(Place::Inline(number)) => Store::Slot(number),
            Some(Place::Overflow(_))
                if self.shapes.get(shape).class.is_some_and(|c| self.has_long_fixed(c)) =>
            {
                Store::Generic
            }
            Some(Place::Overflow(number)) => Store::Overflow(number),
            None => match self.shape_with(shape, name).map(|next| (next, self.last_place(next))) {
                Some((next, Place::Inline(number))) => Store::Add(next, number),
                _ => Store::Generic,
            },
        }
    }

    /// Do fixed slots of the class's instances lie in the overflow array?
    fn has_long_fixed(&self, class: Value) -> bool {
        self.shapes.get(class_data(class).root_shape).names.len() > MAX_FIXED_INLINE
    }

    /// Where the last attribute of a shape lies.
    fn last_place(&self, shape: ShapeId) -> Place {
        self.shapes.place_of(shape, self.shapes.get(shape).names.len() - 1)
    }

    /// The Python function that sets this name on instances of a class without a `__setattr__` of its own.
    fn property_setter(&self, shape: ShapeId, name: Value) -> Option<Value> {
        let class = self.shapes.get(shape).class?;
        let found = self.lookup(class, name)?;
        if self.kind(found) != Kind::Property || self.overrides(class, self.names.setattr) {
            return None;
        }
        PROPERTY_SET.read(found).filter(|&f| self.kind(f) == Kind::Function)
    }

    /// The fixed slot that this name sets on instances of a class without a `__setattr__` of its own.
    fn slot_to_set(&self, shape: ShapeId, name: Value) -> Option<u16> {
        let class = self.shapes.get(shape).class?;
        let found = self.lookup(class, name).filter(|&v| self.kind(v) == Kind::Member)?;
        if MEMBER_DEF.read(found) != 0 || self.overrides(class, self.names.setattr) {
            return None;
        }
        self.member_slot(shape, found)
    }

    /// As [`Vm::lookup`], with the class on which it was found.
    pub fn lookup_where(&self, class: Value, name: Value) -> Option<(Value, Value)> {
        let mro = &class_data(class).mro;
        mro.iter().find_map(|&c| class_data(c).attrs.get(&name.bits()).map(|&(_, v)| (c, v)))
    }

    /// A special method of a value's class (instance attributes do not count).
    #[inline]
    pub fn special(&self, v: Value, name: Value) -> Option<Value> {
        self.lookup(self.class_of(v), name)
    }

    /// Does the class get this name from anything but `object` (or `type`)?
    pub fn overrides(&self, class: Value, name: Value) -> bool {
        self.lookup_where(class, name)
            .is_some_and(|(owner, _)| owner != self.types.object && owner != self.types.type_)
    }

    /// A class changed: look-ups are stale, and so are traces that relied on it or on a class below it.
    pub fn class_changed(&mut self, class: Value) {
        self.class_epoch += 1;
        self.invalidate_class(class);
    }

    /// A value that classes may have as an attribute binds otherwise from now on: it is initialized again.
    pub fn binding_changed(&mut self, v: Value) {
        self.class_epoch += 1;
        self.ctx.assumptions.invalidate(v);
    }

    /// An object becomes one of another class. If it is the attribute of a class, it may bind otherwise from now on.
    pub fn object_moves(&mut self, object: Value, old: Value, new: Value) {
        let n = &self.names;
        if [n.get, n.set, n.delete].iter().any(|&name| self.lookup(old, name) != self.lookup(new, name)) {
            self.binding_changed(object);
        }
    }

    /// Looks up anew whether instances of a class and of those below it have a `__del__`.
    pub fn find_finalizers(&mut self, class: Value) {
        class_mut(self, class).has_del = self.lookup_where(class, self.names.del).is_some();
        for &below in &class_data(class).subclasses {
            self.find_finalizers(below);
        }
    }
    fn invalidate_class(&mut self, class: Value) {
        self.ctx.assumptions.invalidate(class);
        let below = class_data(class).subclasses.len();
        for i in 0..below {
            if let Some(&c) = class_data(class).subclasses.get(i) {
                self.invalidate_class(c);
            }
        }
    }

    // ---- instance attributes in slots

    /// The shape after setting a new attribute on an instance of `shape`; nothing when it should go to a dict.
    pub fn shape_with(&mut self, shape: ShapeId, name: Value) -> Option<ShapeId> {
        if let Some(next) = self.shapes.transition(shape, name) {
            return Some(next);
        }
        let s = self.shapes.get(shape);
        let class = s.class?;
        let data = class_data(class);
        if s.names.len() >= MAX_SHAPE_ATTRS || !data.has_dict || data.shape_count >= MAX_CLASS_SHAPES {
            return None;
        }
        let next = self.shapes.add_transition(shape, name);
        class_mut(self, class).shape_names.insert(name);
        self.own_shape(class, Kind::Instance, next);
        self.learn_inline(class, next);
        Some(next)
    }

    /// How many slots the first instances of a new class have room for, `fixed` ones among them: those that its bases'
    /// have, those that its methods are seen to set, or a few.
    pub fn first_inline(&self, class: Value, fixed: usize, inherited: u16) -> u16 {
        let inherited = fixed.max(usize::from(inherited));
        let wanted = match self.static_attributes(class) {
            0 => inherited + if fixed == 0 { 2 } else { 1 },
            n => inherited.max(fixed + n),
        };
        inline_count(wanted.min(fixed.max(MAX_SHAPE_ATTRS)))
    }

    /// How many attributes the methods of a class and its bases set on `self`, by `__static_attributes__`.
    fn static_attributes(&self, class: Value) -> usize {
        let mut names = HashSet::new();
        for &c in &class_data(class).mro {
            let found = class_data(c).attrs.get(&self.names.static_attributes.bits());
            if let Some(&(_, tuple)) = found
                && self.kind(tuple) == Kind::Tuple
            {
                let texts = tuple_items(tuple).iter().filter(|&&name| self.kind(name) == Kind::Str);
                names.extend(texts.map(|&name| str_bytes(name)));
            }
        }
        names.len().min(MAX_SHAPE_ATTRS / 2)
    }

    /// Lets later instances of the class have room for as many slots as this shape has.
    fn learn_inline(&mut self, class: Value, shape: ShapeId) {
        let data = class_data(class);
        let count = inline_count(self.shapes.get(shape).names.len());
        if count <= data.inline || !data.is_heap && data.kind != Kind::Instance {
            return;
        }
        let root_names = self.shapes.get(data.root_shape).names.clone();
        let wider = count.max((data.inline + 2).min(inline_count(MAX_SHAPE_ATTRS)));
        let root = self.add_shape(class, Kind::Instance, wider, root_names);
        let data = class_mut(self, class);
        (data.root_shape, data.inline) = (root, wider);
        self.ctx.assumptions.invalidate(class);
    }

    /// An instance's own attribute, if it has it.
    pub fn instance_get(&mut self, obj: Value, name: Value) -> Option<Value> {
        let shape = shape_of(obj);
        match self.shapes.kind(shape) {
            Kind::Instance => {
                let i = self.shapes.slot(shape, name)?;
                self.slot_value(obj, i).filter(|&v| v != Value::UNBOUND)
            }
            Kind::InstanceDict => {
                if let Some(i) = self.shapes.slot(shape, name) {
                    return self.slot_value(obj, i).filter(|&v| v != Value::UNBOUND);
                }
                let d = INSTANCE_OVERFLOW.read(obj)?;
                self.dict_get_str(d, name)
            }
            _ => None,
        }
    }

    /// Content of slot `i` of an instance.
    pub fn slot_value(&self, obj: Value, i: usize) -> Option<Value> {
        match self.shapes.place_of(shape_of(obj), i) {
            Place::Inline(i) => slot(i).read(obj),
            Place::Overflow(at) => {
                let overflow = INSTANCE_OVERFLOW.read(obj)?;
                ARRAY_VALUES.slice(overflow, ARRAY_LEN.read(overflow) as usize).get(at).copied()?
            }
        }
    }

    /// Sets an instance's own attribute. False: the class allows none of that name (no dict).
    pub fn instance_set(&mut self, obj: Value, name: Value, v: Value) -> PyResult<bool> {
        let shape = shape_of(obj);
        if let Some(i) = self.shapes.slot(shape, name) {
            self.set_slot(obj, i, v)?;
            return Ok(true);
        }
        if self.shapes.kind(shape) == Kind::InstanceDict {
            let d = INSTANCE_OVERFLOW.read(obj).unwrap_or(Value::NONE);
            self.dict_set(d, name, v)?;
            return Ok(true);
        }
        let class = self.class_of(obj);
        match self.shape_with(shape, name) {
            Some(next) => {
                let i = self.shapes.get(next).names.len() - 1;
                self.set_slot(obj, i, v)?;
                self.set_shape(obj, next);
                Ok(true)
            }
            None if !class_data(class).has_dict => Ok(false),
            None => {
                let d = self.instance_dict(obj)?;
                self.dict_set(d, name, v)?;
                Ok(true)
            }
        }
    }

    /// Writes slot `i`, growing the overflow array if need be.
    pub fn set_slot(&mut self, obj: Value, i: usize, v: Value) -> PyResult<()> {
        let at = match self.shapes.place_of(shape_of(obj), i) {
            Place::Inline(i) => {
                self.ctx.write(obj, &slot(i), v);
                return Ok(());
            }
            Place::Overflow(at) => at,
        };
        let old = INSTANCE_OVERFLOW.read(obj);
        let capacity = old.map_or(0, |a| ARRAY_LEN.read(a) as usize);
        let array = match old {
            Some(a) if at < capacity => a,
            _ => {
                let bigger = self.value_array((at + 1).max(capacity * 2).max(4), &[])?;
                if let Some(a) = old {
                    ARRAY_VALUES.slice_mut(bigger, capacity).copy_from_slice(ARRAY_VALUES.slice(a, capacity));
                }
                self.ctx.write(obj, &INSTANCE_OVERFLOW, bigger);
                bigger
            }
        };
        ARRAY_VALUES.slice_mut(array, at + 1)[at] = Some(v);
        self.ctx.heap.write_barrier(array.ptr());
        Ok(())
    }

    /// Removes an instance's own attribute; false if it has none of that name.
    pub fn instance_delete(&mut self, obj: Value, name: Value) -> PyResult<bool> {
        if self.instance_get(obj, name).is_none() {
            return Ok(false);
        }
        let d = self.instance_dict(obj)?;
        Ok(self.dict_remove(d, name)?.is_some())
    }

    /// The instance's `__dict__`: from now on its attributes live there. The fixed slots of exceptions and of
    /// instances with a payload stay in the object.
    pub fn instance_dict(&mut self, obj: Value) -> PyResult {
        let shape = shape_of(obj);
        if self.shapes.kind(shape) == Kind::InstanceDict {
            return Ok(INSTANCE_OVERFLOW.read(obj).unwrap_or(Value::NONE));
        }
        let class = self.class_of(obj);
        let d = self.new_dict();
        let names = self.shapes.get(shape).names.clone();
        let fixed = self.shapes.get(class_data(class).root_shape).names.len();
        for (i, &name) in names.iter().enumerate().skip(fixed) {
            if let Some(v) = self.slot_value(obj, i).filter(|&v| v != Value::UNBOUND) {
                self.dict_set(d, name, v)?;
            }
        }
        let target = self.dict_shape(class, self.shapes.get(shape).inline);
        self.ctx.write(obj, &INSTANCE_OVERFLOW, d);
        self.set_shape(obj, target);
        Ok(d)
    }

    /// The shape of the class's instances whose attributes are in a dict. Fixed slots keep their names.
    pub(crate) fn dict_shape(&mut self, class: Value, inline: u16) -> ShapeId {
        let data = class_data(class);
        if let Some(s) = data.dict_shape.filter(|&s| self.shapes.get(s).inline == inline) {
            return s;
        }
        let names = self.shapes.get(data.root_shape).names.clone();
        let shape = self.add_shape(class, Kind::InstanceDict, inline, names);
        class_mut(self, class).dict_shape = Some(shape);
        shape
    }
}

/// A number of slots inside an instance, as far as there may be so many.
pub(crate) fn inline_count(slots: usize) -> u16 {
    u16::try_from(slots.min(MAX_FIXED_INLINE)).unwrap_or(u16::MAX)
}
