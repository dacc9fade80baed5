//! Attribute look-up: what a name means on objects of a shape, decided once per (shape, name) and cached.
//!
//! The result is plain data: handlers match on it in ordinary Rust, so that in a recording the whole look-up folds to
//! a constant under the guard on the shape and the assumption that the class does not change.

use crate::attributes;
use hoop_engine::shape_of;
use hoop_gc::{ShapeId, Value};
use hoop_object::cache::{Attr, CACHE_ROWS, Store};
use hoop_object::class::{class_data, class_mut};
use hoop_object::dict;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::shape::{self, MAX_CLASS_SHAPES, MAX_FIXED_INLINE, MAX_SHAPE_ATTRS, Place};
use hoop_object::text::str_bytes;
use hoop_object::tuple::{self, tuple_items};
use hoop_object::vm::Vm;
use std::collections::HashSet;

/// What `name` means on objects of `shape`.
#[inline]
pub fn find_attr(vm: &mut Vm, shape: ShapeId, name: Value) -> Attr {
    let key = hoop_object::code::cache_key(shape, vm.class_epoch);
    let row = (name.bits() >> 3 ^ (shape.0 as u64).wrapping_mul(0x9E37_79B1)) as usize % CACHE_ROWS;
    let (k, n, attr) = vm.method_cache.rows[row];
    if k == key && n == name.bits() {
        return attr;
    }
    let attr = find_attr_slow(vm, shape, name);
    vm.method_cache.rows[row] = (key, name.bits(), attr);
    attr
}

fn find_attr_slow(vm: &mut Vm, shape: ShapeId, name: Value) -> Attr {
    let kind = vm.shapes.kind(shape);
    let Some(class) = vm.shapes.get(shape).class else { return Attr::Generic };
    if kind.is_instance() && overrides(vm, class, vm.names.getattribute) {
        return Attr::Generic;
    }
    let on_class = lookup(vm, class, name);
    let found = on_class.map(|v| classify(vm, v));
    match kind {
        Kind::Instance => {}
        Kind::InstanceDict | Kind::Module | Kind::Class | Kind::Super => return Attr::Generic,
        Kind::Function | Kind::StaticMethod | Kind::ClassMethod => return Attr::Generic,
        _ => return found.unwrap_or(Attr::Missing),
    }
    match found {
        // After AttributeError, `__getattr__` has its say.
        Some(Attr::Property(p)) if lookup(vm, class, vm.names.getattr).is_some() => {
            return Attr::DataDescriptor(p);
        }
        Some(a @ (Attr::Property(_) | Attr::DataDescriptor(_) | Attr::Native(_))) => return a,
        Some(Attr::Member(m)) => {
            return member_slot(vm, shape, m).map_or(Attr::Generic, Attr::Slot);
        }
        _ => {}
    }
    match vm.shapes.place(shape, name) {
        Some(Place::Inline(i)) => Attr::Slot(i),
        // The array of an instance with so many fixed slots may be too short.
        Some(Place::Overflow(_)) if has_long_fixed(vm, class) => Attr::Generic,
        Some(Place::Overflow(i)) => Attr::Overflow(i),
        None => found.unwrap_or(Attr::Missing),
    }
}

/// What a value found on a class does when it is got through an instance.
pub fn classify(vm: &mut Vm, v: Value) -> Attr {
    match vm.kind(v) {
        Kind::Function => Attr::Function(v),
        Kind::Builtin if hoop_object::rows::builtin_self(v).is_none() && is_method_builtin(vm, v) => {
            Attr::Builtin(v)
        }
        Kind::Super => Attr::Descriptor(v),
        Kind::StaticMethod | Kind::ClassMethod => match WRAPPED.read(v).filter(|&f| f != Value::UNBOUND) {
            Some(f) if vm.kind(v) == Kind::StaticMethod => Attr::StaticMethod(f),
            Some(f) => Attr::ClassMethod(f),
            None => Attr::Descriptor(v),
        },
        Kind::Property => Attr::Property(v),
        Kind::Member if MEMBER_DEF.read(v) != 0 => Attr::Native(v),
        Kind::Member => Attr::Member(v),
        kind if kind.is_instance() || vm.class_of(v) != vm.types.type_ && kind == Kind::Class => {
            let class = vm.class_of(v);
            let has_get = lookup(vm, class, vm.names.get).is_some();
            let is_data =
                lookup(vm, class, vm.names.set).is_some() || lookup(vm, class, vm.names.delete).is_some();
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
#[inline]
pub fn member_slot(vm: &Vm, shape: ShapeId, member: Value) -> Option<u16> {
    let class = vm.shapes.get(shape).class?;
    let number = MEMBER_OWNER.read(member).filter(|&owner| vm.is_subclass(class, owner));
    match vm.shapes.place_of(shape, number.map(|_| MEMBER_SLOT.read(member) as usize)?) {
        Place::Inline(i) => Some(i),
        Place::Overflow(_) => None,
    }
}

/// Built-in functions that belong to a class are methods; those of modules are plain values.
fn is_method_builtin(vm: &Vm, v: Value) -> bool {
    hoop_object::rows::builtin_owner(v).is_some_and(|o| vm.kind(o) == Kind::Class)
}

/// Looks a name up on a class by its method resolution order.
#[inline]
pub fn lookup(vm: &Vm, class: Value, name: Value) -> Option<Value> {
    let row = (name.bits() >> 3 ^ (class.bits() >> 4).wrapping_mul(0x9E37_79B1)) as usize % CACHE_ROWS;
    let (c, n, epoch, found) = vm.method_cache.lookups[row].get();
    if c == class.bits() && n == name.bits() && epoch == vm.class_epoch {
        return found;
    }
    let mro = &class_data(class).mro;
    let found = mro.iter().find_map(|&c| class_data(c).attrs.get(&name.bits()).map(|&(_, v)| v));
    vm.method_cache.lookups[row].set((class.bits(), name.bits(), vm.class_epoch, found));
    found
}

/// What setting `name` on instances of `shape` does.
#[inline]
pub fn find_store(vm: &mut Vm, shape: ShapeId, name: Value) -> Store {
    let key = hoop_object::code::cache_key(shape, vm.class_epoch);
    let row = (name.bits() >> 3 ^ (shape.0 as u64).wrapping_mul(0x9E37_79B1)) as usize % CACHE_ROWS;
    let (k, n, store) = vm.method_cache.stores[row];
    if k == key && n == name.bits() {
        return store;
    }
    let store = find_store_slow(vm, shape, name);
    vm.method_cache.stores[row] = (key, name.bits(), store);
    store
}

fn find_store_slow(vm: &mut Vm, shape: ShapeId, name: Value) -> Store {
    if let Some(setter) = property_setter(vm, shape, name) {
        return Store::Property(setter);
    }
    if vm.shapes.kind(shape) != Kind::Instance {
        return Store::Generic;
    }
    if let Some(number) = slot_to_set(vm, shape, name) {
        return Store::Slot(number);
    }
    if !attributes::plain_setattr(vm, shape, name) {
        return Store::Generic;
    }
    match vm.shapes.place(shape, name) {
        Some(Place::Inline(number)) => Store::Slot(number),
        Some(Place::Overflow(_)) if vm.shapes.get(shape).class.is_some_and(|c| has_long_fixed(vm, c)) => {
            Store::Generic
        }
        Some(Place::Overflow(number)) => Store::Overflow(number),
        None => match shape_with(vm, shape, name).map(|next| (next, last_place(vm, next))) {
            Some((next, Place::Inline(number))) => Store::Add(next, number),
            _ => Store::Generic,
        },
    }
}

/// Do fixed slots of the class's instances lie in the overflow array?
fn has_long_fixed(vm: &Vm, class: Value) -> bool {
    vm.shapes.get(class_data(class).root_shape).names.len() > MAX_FIXED_INLINE
}

/// Where the last attribute of a shape lies.
fn last_place(vm: &Vm, shape: ShapeId) -> Place {
    vm.shapes.place_of(shape, vm.shapes.get(shape).names.len() - 1)
}

/// The Python function that sets this name on instances of a class without a `__setattr__` of its own.
fn property_setter(vm: &Vm, shape: ShapeId, name: Value) -> Option<Value> {
    let class = vm.shapes.get(shape).class?;
    let found = lookup(vm, class, name)?;
    if vm.kind(found) != Kind::Property || overrides(vm, class, vm.names.setattr) {
        return None;
    }
    PROPERTY_SET.read(found).filter(|&f| vm.kind(f) == Kind::Function)
}

/// The fixed slot that this name sets on instances of a class without a `__setattr__` of its own.
fn slot_to_set(vm: &Vm, shape: ShapeId, name: Value) -> Option<u16> {
    let class = vm.shapes.get(shape).class?;
    let found = lookup(vm, class, name).filter(|&v| vm.kind(v) == Kind::Member)?;
    if MEMBER_DEF.read(found) != 0 || overrides(vm, class, vm.names.setattr) {
        return None;
    }
    member_slot(vm, shape, found)
}

/// As [`attr::lookup`], with the class on which it was found.
#[inline]
pub fn lookup_where(class: Value, name: Value) -> Option<(Value, Value)> {
    let mro = &class_data(class).mro;
    mro.iter().find_map(|&c| class_data(c).attrs.get(&name.bits()).map(|&(_, v)| (c, v)))
}

/// A special method of a value's class (instance attributes do not count).
#[inline]
pub fn special(vm: &Vm, v: Value, name: Value) -> Option<Value> {
    lookup(vm, vm.class_of(v), name)
}

/// Does the class get this name from anything but `object` (or `type`)?
#[inline]
pub fn overrides(vm: &Vm, class: Value, name: Value) -> bool {
    lookup_where(class, name).is_some_and(|(owner, _)| owner != vm.types.object && owner != vm.types.type_)
}

/// A class changed: look-ups are stale, and so are traces that relied on it or on a class below it.
#[inline]
pub fn class_changed(vm: &mut Vm, class: Value) {
    vm.class_epoch += 1;
    invalidate_class(vm, class);
}

/// A value that classes may have as an attribute binds otherwise from now on: it is initialized again.
#[inline]
pub fn binding_changed(vm: &mut Vm, v: Value) {
    vm.class_epoch += 1;
    vm.ctx.assumptions.invalidate(v);
}

/// An object becomes one of another class. If it is the attribute of a class, it may bind otherwise from now on.
#[inline]
pub fn object_moves(vm: &mut Vm, object: Value, old: Value, new: Value) {
    let n = &vm.names;
    if [n.get, n.set, n.delete].iter().any(|&name| lookup(vm, old, name) != lookup(vm, new, name)) {
        binding_changed(vm, object);
    }
}

/// Looks up anew whether instances of a class and of those below it have a `__del__`.
#[inline]
pub fn find_finalizers(vm: &mut Vm, class: Value) {
    class_mut(vm, class).has_del = lookup_where(class, vm.names.del).is_some();
    for &below in &class_data(class).subclasses {
        find_finalizers(vm, below);
    }
}

fn invalidate_class(vm: &mut Vm, class: Value) {
    vm.ctx.assumptions.invalidate(class);
    let below = class_data(class).subclasses.len();
    for i in 0..below {
        if let Some(&c) = class_data(class).subclasses.get(i) {
            invalidate_class(vm, c);
        }
    }
}

// ---- instance attributes in slots

/// The shape after setting a new attribute on an instance of `shape`; nothing when it should go to a dict.
#[inline]
pub fn shape_with(vm: &mut Vm, shape: ShapeId, name: Value) -> Option<ShapeId> {
    if let Some(next) = vm.shapes.transition(shape, name) {
        return Some(next);
    }
    let s = vm.shapes.get(shape);
    let class = s.class?;
    let data = class_data(class);
    if s.names.len() >= MAX_SHAPE_ATTRS || !data.has_dict || data.shape_count >= MAX_CLASS_SHAPES {
        return None;
    }
    let next = vm.shapes.add_transition(shape, name);
    class_mut(vm, class).shape_names.insert(name);
    vm.own_shape(class, Kind::Instance, next);
    learn_inline(vm, class, next);
    Some(next)
}

/// How many slots the first instances of a new class have room for, `fixed` ones among them: those that its bases'
/// have, those that its methods are seen to set, or a few.
#[inline]
pub fn first_inline(vm: &Vm, class: Value, fixed: usize, inherited: u16) -> u16 {
    let inherited = fixed.max(usize::from(inherited));
    let wanted = match static_attributes(vm, class) {
        0 => inherited + if fixed == 0 { 2 } else { 1 },
        n => inherited.max(fixed + n),
    };
    shape::inline_count(wanted.min(fixed.max(MAX_SHAPE_ATTRS)))
}

/// How many attributes the methods of a class and its bases set on `self`, by `__static_attributes__`.
fn static_attributes(vm: &Vm, class: Value) -> usize {
    let mut names = HashSet::new();
    for &c in &class_data(class).mro {
        let found = class_data(c).attrs.get(&vm.names.static_attributes.bits());
        if let Some(&(_, tuple)) = found
            && vm.kind(tuple) == Kind::Tuple
        {
            let texts = tuple_items(tuple).iter().filter(|&&name| vm.kind(name) == Kind::Str);
            names.extend(texts.map(|&name| str_bytes(name)));
        }
    }
    names.len().min(MAX_SHAPE_ATTRS / 2)
}

/// Lets later instances of the class have room for as many slots as this shape has.
fn learn_inline(vm: &mut Vm, class: Value, shape: ShapeId) {
    let data = class_data(class);
    let count = shape::inline_count(vm.shapes.get(shape).names.len());
    if count <= data.inline || !data.is_heap && data.kind != Kind::Instance {
        return;
    }
    let root_names = vm.shapes.get(data.root_shape).names.clone();
    let wider = count.max((data.inline + 2).min(shape::inline_count(MAX_SHAPE_ATTRS)));
    let root = vm.add_shape(class, Kind::Instance, wider, root_names);
    let data = class_mut(vm, class);
    (data.root_shape, data.inline) = (root, wider);
    vm.ctx.assumptions.invalidate(class);
}

/// An instance's own attribute, if it has it.
#[inline]
pub fn instance_get(vm: &mut Vm, obj: Value, name: Value) -> Option<Value> {
    let shape = shape_of(obj);
    match vm.shapes.kind(shape) {
        Kind::Instance => {
            let i = vm.shapes.slot(shape, name)?;
            slot_value(vm, obj, i).filter(|&v| v != Value::UNBOUND)
        }
        Kind::InstanceDict => {
            if let Some(i) = vm.shapes.slot(shape, name) {
                return slot_value(vm, obj, i).filter(|&v| v != Value::UNBOUND);
            }
            let d = INSTANCE_OVERFLOW.read(obj)?;
            dict::get_str(vm, d, name)
        }
        _ => None,
    }
}

/// Content of slot `i` of an instance.
#[inline]
pub fn slot_value(vm: &Vm, obj: Value, i: usize) -> Option<Value> {
    match vm.shapes.place_of(shape_of(obj), i) {
        Place::Inline(i) => slot(i).read(obj),
        Place::Overflow(at) => {
            let overflow = INSTANCE_OVERFLOW.read(obj)?;
            ARRAY_VALUES.slice(overflow, ARRAY_LEN.read(overflow) as usize).get(at).copied()?
        }
    }
}

/// Sets an instance's own attribute. False: the class allows none of that name (no dict).
pub fn instance_set(vm: &mut Vm, obj: Value, name: Value, v: Value) -> PyResult<bool> {
    let shape = shape_of(obj);
    if let Some(i) = vm.shapes.slot(shape, name) {
        set_slot(vm, obj, i, v)?;
        return Ok(true);
    }
    if vm.shapes.kind(shape) == Kind::InstanceDict {
        let d = INSTANCE_OVERFLOW.read(obj).unwrap_or(Value::NONE);
        dict::set(vm, d, name, v)?;
        return Ok(true);
    }
    let class = vm.class_of(obj);
    match shape_with(vm, shape, name) {
        Some(next) => {
            let i = vm.shapes.get(next).names.len() - 1;
            set_slot(vm, obj, i, v)?;
            dict::set_shape(obj, next);
            Ok(true)
        }
        None if !class_data(class).has_dict => Ok(false),
        None => {
            let d = instance_dict(vm, obj)?;
            dict::set(vm, d, name, v)?;
            Ok(true)
        }
    }
}

/// Writes slot `i`, growing the overflow array if need be.
pub fn set_slot(vm: &mut Vm, obj: Value, i: usize, v: Value) -> PyResult<()> {
    let at = match vm.shapes.place_of(shape_of(obj), i) {
        Place::Inline(i) => {
            vm.ctx.write(obj, &slot(i), v);
            return Ok(());
        }
        Place::Overflow(at) => at,
    };
    let old = INSTANCE_OVERFLOW.read(obj);
    let capacity = old.map_or(0, |a| ARRAY_LEN.read(a) as usize);
    let array = match old {
        Some(a) if at < capacity => a,
        _ => {
            let bigger = tuple::value_array(vm, (at + 1).max(capacity * 2).max(4), &[])?;
            if let Some(a) = old {
                ARRAY_VALUES.slice_mut(bigger, capacity).copy_from_slice(ARRAY_VALUES.slice(a, capacity));
            }
            vm.ctx.write(obj, &INSTANCE_OVERFLOW, bigger);
            bigger
        }
    };
    ARRAY_VALUES.slice_mut(array, at + 1)[at] = Some(v);
    vm.ctx.heap.write_barrier(array.ptr());
    Ok(())
}

/// Removes an instance's own attribute; false if it has none of that name.
#[inline]
pub fn instance_delete(vm: &mut Vm, obj: Value, name: Value) -> PyResult<bool> {
    if instance_get(vm, obj, name).is_none() {
        return Ok(false);
    }
    let d = instance_dict(vm, obj)?;
    Ok(dict::remove(vm, d, name)?.is_some())
}

/// The instance's `__dict__`: from now on its attributes live there. The fixed slots of exceptions and of
/// instances with a payload stay in the object.
pub fn instance_dict(vm: &mut Vm, obj: Value) -> PyResult {
    let shape = shape_of(obj);
    if vm.shapes.kind(shape) == Kind::InstanceDict {
        return Ok(INSTANCE_OVERFLOW.read(obj).unwrap_or(Value::NONE));
    }
    let class = vm.class_of(obj);
    let d = dict::new_dict(vm);
    let names = vm.shapes.get(shape).names.clone();
    let fixed = vm.shapes.get(class_data(class).root_shape).names.len();
    for (i, &name) in names.iter().enumerate().skip(fixed) {
        if let Some(v) = slot_value(vm, obj, i).filter(|&v| v != Value::UNBOUND) {
            dict::set(vm, d, name, v)?;
        }
    }
    let inline = vm.shapes.get(shape).inline;
    let target = dict_shape(vm, class, inline);
    vm.ctx.write(obj, &INSTANCE_OVERFLOW, d);
    dict::set_shape(obj, target);
    Ok(d)
}

/// The shape of the class's instances whose attributes are in a dict. Fixed slots keep their names.
#[inline]
pub fn dict_shape(vm: &mut Vm, class: Value, inline: u16) -> ShapeId {
    let data = class_data(class);
    if let Some(s) = data.dict_shape.filter(|&s| vm.shapes.get(s).inline == inline) {
        return s;
    }
    let names = vm.shapes.get(data.root_shape).names.clone();
    let shape = vm.add_shape(class, Kind::InstanceDict, inline, names);
    class_mut(vm, class).dict_shape = Some(shape);
    shape
}
