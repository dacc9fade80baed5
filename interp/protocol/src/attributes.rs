//! The general attribute protocol: descriptors, instances, classes, modules, `super`, `__getattr__` and its kin.

use crate::{attr, call, protocol};
use hoop_gc::{ShapeId, Value};
use hoop_object::cache::Attr;
use hoop_object::class::{class_data, class_mut};
use hoop_object::errors::{PyResult, Raise};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::text::{self, str_text};
use hoop_object::vm::Vm;
use hoop_object::{dict, function, rows};

/// Sets a computed attribute, or deletes it (the value is then `UNBOUND`).
pub type Setter = fn(&mut Vm, Value, Value) -> PyResult<()>;

/// A computed attribute of a built-in class.
#[derive(Copy, Clone)]
pub struct GetSet {
    pub name: &'static str,
    pub get: fn(&mut Vm, Value) -> PyResult,
    pub set: Option<Setter>,
}

/// The setter of what C code calls a read-only member (computed attributes without setter have another message).
#[inline]
pub fn readonly(vm: &mut Vm, _: Value, _: Value) -> PyResult<()> {
    Err(vm.attribute_error("readonly attribute"))
}

/// A read-only computed attribute: name and getter.
pub type Getter = (&'static str, fn(&mut Vm, Value) -> PyResult);

/// `MEMBER_SLOT` of members whose row is a [`Getter`].
pub const GETTER_ROW: i64 = 1;

/// The name, getter and setter behind a computed member.
fn getset_of(member: Value) -> GetSet {
    let address = MEMBER_DEF.read(member);
    if MEMBER_SLOT.read(member) == GETTER_ROW {
        // SAFETY: `add_getters` alone makes such members, with the address of a static row.
        let row = unsafe { &*(address as *const Getter) };
        return GetSet { name: row.0, get: row.1, set: None };
    }
    // SAFETY: `add_getsets` alone makes the others, with the address of a static row.
    unsafe { *(address as *const GetSet) }
}

/// Where built-in objects of a kind keep the dict of their own attributes.
fn dict_field(kind: Kind) -> Option<hoop_engine::Field<hoop_engine::V>> {
    match kind {
        Kind::Function => Some(FUNC_DICT),
        Kind::StaticMethod | Kind::ClassMethod => Some(WRAPPED_DICT),
        _ => None,
    }
}

/// Adds computed attributes to a built-in class.
#[inline]
pub fn add_getsets(vm: &mut Vm, class: Value, rows: &'static [GetSet]) {
    for row in rows {
        let name = text::intern(vm, row.name.as_bytes());
        let is_member = row.set.is_some_and(|set| std::ptr::fn_addr_eq(set, readonly as Setter));
        let t = &vm.types;
        let descriptor = if is_member { t.member_descriptor } else { t.getset_descriptor };
        let member = new_member_of(vm, descriptor, name, class);
        MEMBER_DEF.write(member, row as *const GetSet as i64);
        vm.set_class_attr_str(class, row.name, member);
    }
}

/// A member descriptor; without a definition it stands for the slot of that name.
#[inline]
pub fn new_member(vm: &mut Vm, name: Value, class: Value) -> Value {
    let member_descriptor = vm.types.member_descriptor;
    new_member_of(vm, member_descriptor, name, class)
}

#[inline]
pub fn new_member_of(vm: &mut Vm, descriptor: Value, name: Value, class: Value) -> Value {
    let shape = class_data(descriptor).root_shape;
    let member = vm.ctx.alloc(shape, 4);
    MEMBER_NAME.init(member, name);
    MEMBER_OWNER.init(member, class);
    member
}

/// `object.name`.
#[inline]
pub fn getattr(vm: &mut Vm, object: Value, name: Value) -> PyResult {
    let name = attribute_name(vm, name)?;
    let class = vm.class_of(object);
    if attr::overrides(vm, class, vm.names.getattribute) {
        let f = attr::lookup(vm, class, vm.names.getattribute).unwrap_or(Value::NONE);
        let r = call::call_special(vm, f, object, &[name]);
        return or_getattr_hook(vm, object, name, r);
    }
    let r = generic_getattr(vm, object, name);
    or_getattr_hook(vm, object, name, r)
}

/// As [`attributes::getattr`]; nothing when AttributeError is raised.
#[inline]
pub fn getattr_opt(vm: &mut Vm, object: Value, name: Value) -> PyResult<Option<Value>> {
    match getattr(vm, object, name) {
        Ok(v) => Ok(Some(v)),
        Err(raise) => {
            let class = vm.types.attribute_error;
            if vm.catch(class).is_some() { Ok(None) } else { Err(raise) }
        }
    }
}

/// The interned str of an attribute's name. TypeError if it is none.
#[inline]
pub fn attribute_name(vm: &mut Vm, name: Value) -> PyResult {
    let inner = vm.unwrap(name);
    if vm.kind(inner) == Kind::Str {
        return Ok(text::intern_str(vm, inner));
    }
    let text = format!("attribute name must be string, not '{}'", vm.class_name(name));
    Err(vm.type_error(text))
}

/// After AttributeError, `__getattr__` gets a chance.
fn or_getattr_hook(vm: &mut Vm, object: Value, name: Value, r: PyResult) -> PyResult {
    let Err(raise) = r else { return r };
    let class = vm.class_of(object);
    let Some(hook) = attr::lookup(vm, class, vm.names.getattr) else {
        return module_hook(vm, object, name, raise);
    };
    let error = vm.types.attribute_error;
    if vm.catch(error).is_none() {
        return Err(raise);
    }
    call::call_special(vm, hook, object, &[name])
}

/// A module's own `__getattr__` function.
fn module_hook(vm: &mut Vm, object: Value, name: Value, raise: Raise) -> PyResult {
    if vm.kind(object) != Kind::Module || vm.ctx.thread.pending.is_none() {
        return Err(raise);
    }
    let ns = MODULE_DICT.read(object).unwrap_or(Value::NONE);
    let key = vm.names.getattr;
    let Some(hook) = dict::get_str(vm, ns, key) else { return Err(raise) };
    let error = vm.types.attribute_error;
    if vm.catch(error).is_none() {
        return Err(raise);
    }
    call::call(vm, hook, &[name])
}

/// `object.__getattribute__(object, name)`.
pub fn generic_getattr(vm: &mut Vm, object: Value, name: Value) -> PyResult {
    match vm.kind(object) {
        Kind::Class => return class_getattr(vm, object, name),
        Kind::Super => return super_getattr(vm, object, name),
        _ => {}
    }
    let class = vm.class_of(object);
    let found = attr::lookup(vm, class, name);
    let attr = found.map(|v| attr::classify(vm, v));
    if let Some(v) = found.filter(|_| attr.is_some_and(Attr::hides_own)) {
        return bind_descriptor(vm, v, Some(object), class);
    }
    if let Some(v) = own_attr(vm, object, name)? {
        return Ok(v);
    }
    match found {
        Some(v) => bind_descriptor(vm, v, Some(object), class),
        None => Err(no_attribute(vm, object, name)),
    }
}

/// An attribute in the object itself.
fn own_attr(vm: &mut Vm, object: Value, name: Value) -> PyResult<Option<Value>> {
    match vm.kind(object) {
        Kind::Instance | Kind::InstanceDict => Ok(attr::instance_get(vm, object, name)),
        Kind::Module => {
            let ns = MODULE_DICT.read(object).unwrap_or(Value::NONE);
            if name == vm.names.dict {
                return Ok(Some(ns));
            }
            Ok(dict::get_str(vm, ns, name))
        }
        kind => match dict_field(kind).and_then(|f| f.read(object)).filter(|&d| d != Value::UNBOUND) {
            Some(d) => Ok(dict::get_str(vm, d, name)),
            None => Ok(None),
        },
    }
}

#[cold]
pub fn no_attribute(vm: &mut Vm, object: Value, name: Value) -> Raise {
    let text = match vm.kind(object) {
        Kind::Class => {
            format!("type object '{}' has no attribute '{}'", vm.name_of_class(object), str_text(name))
        }
        Kind::Module => {
            let ns = MODULE_DICT.read(object).unwrap_or(Value::NONE);
            let own = function::module_name(vm, ns);
            let own = if vm.kind(own) == Kind::Str { str_text(own).into_owned() } else { "?".into() };
            format!("module '{own}' has no attribute '{}'", str_text(name))
        }
        _ => format!("'{}' object has no attribute '{}'", vm.class_name(object), str_text(name)),
    };
    let class = vm.types.attribute_error;
    let message = text::str(vm, &text);
    let Ok(exc) = vm.new_exception(class, &[message]) else { return Raise };
    let obj_name = vm.names.obj_name;
    let _ = attr::instance_set(vm, exc, obj_name, name);
    let key = text::intern(vm, b"obj");
    let _ = attr::instance_set(vm, exc, key, object);
    vm.raise(exc)
}

/// What a value found on a class gives when it is got through `object` (or the class itself).
pub fn bind_descriptor(vm: &mut Vm, v: Value, object: Option<Value>, class: Value) -> PyResult {
    match (vm.kind(v), object) {
        (Kind::Function, Some(o)) => Ok(new_bound_method(vm, v, o)),
        (Kind::Function, None) => Ok(v),
        (Kind::Builtin, Some(o)) => match attr::classify(vm, v) {
            Attr::Builtin(_) => Ok(rows::new_builtin(
                vm,
                hoop_object::rows::def_of(v),
                Some(o),
                hoop_object::rows::builtin_owner(v),
            )),
            _ => Ok(v),
        },
        (Kind::StaticMethod, _) => Ok(wrapped(v)),
        (Kind::ClassMethod, _) => {
            let f = wrapped(v);
            match vm.kind(f) {
                Kind::Function => Ok(new_bound_method(vm, f, class)),
                Kind::Builtin => Ok(rows::new_builtin(
                    vm,
                    hoop_object::rows::def_of(f),
                    Some(class),
                    hoop_object::rows::builtin_owner(f),
                )),
                _ => Ok(new_bound_method(vm, f, class)),
            }
        }
        (Kind::Property, Some(o)) => property_get(vm, v, o),
        (Kind::Member, Some(o)) => member_get(vm, v, o),
        (Kind::Super, Some(o)) => super_get(vm, v, o),
        (Kind::Instance | Kind::InstanceDict | Kind::Class, _) => match attr::special(vm, v, vm.names.get) {
            // It is called as it is: an object that is its own class's `__get__` does not bind itself.
            Some(get) => call::call(vm, get, &[v, object.unwrap_or(Value::NONE), class]),
            None => Ok(v),
        },
        _ => Ok(v),
    }
}

#[inline]
pub fn new_bound_method(vm: &mut Vm, f: Value, object: Value) -> Value {
    let shape = vm.kind_shape(Kind::BoundMethod);
    let m = vm.ctx.alloc(shape, 2);
    METHOD_FUNC.init(m, f);
    METHOD_SELF.init(m, object);
    m
}

#[inline]
pub fn property_get(vm: &mut Vm, p: Value, object: Value) -> PyResult {
    match PROPERTY_GET.read(p).filter(|&f| f != Value::NONE) {
        Some(f) => call::call(vm, f, &[object]),
        None => Err(property_error(vm, p, object, "getter")),
    }
}

pub(super) fn property_error(vm: &mut Vm, p: Value, object: Value, what: &str) -> Raise {
    let class = vm.class_of(object);
    let class = str_text(class_data(class).qualname).into_owned();
    let name = match property_name(vm, p) {
        Ok(Some(n)) => match protocol::repr_text(vm, n) {
            Ok(text) => format!(" {text}"),
            Err(raise) => return raise,
        },
        Ok(None) => String::new(),
        Err(raise) => return raise,
    };
    vm.attribute_error(format!("property{name} of '{class}' object has no {what}"))
}

#[inline]
pub fn member_get(vm: &mut Vm, member: Value, object: Value) -> PyResult {
    check_member(vm, member, object)?;
    if MEMBER_DEF.read(member) != 0 {
        return (getset_of(member).get)(vm, object);
    }
    match attr::slot_value(vm, object, MEMBER_SLOT.read(member) as usize).filter(|&v| v != Value::UNBOUND) {
        Some(v) => Ok(v),
        None => {
            let name = MEMBER_NAME.read(member).unwrap_or(Value::NONE);
            Err(no_attribute(vm, object, name))
        }
    }
}

/// TypeError if the object is of another class than the member.
fn check_member(vm: &mut Vm, member: Value, object: Value) -> PyResult<()> {
    let owner = MEMBER_OWNER.read(member).unwrap_or(Value::NONE);
    if vm.is_instance_of(object, owner) {
        return Ok(());
    }
    let name = str_text(MEMBER_NAME.read(member).unwrap_or(vm.names.empty)).into_owned();
    let (owner, class) = (vm.name_of_class(owner), vm.class_name(object));
    let text = format!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{class}' object");
    Err(vm.type_error(text))
}

/// Sets what a member stands for, or deletes it (the value is then `UNBOUND`).
pub fn member_set(vm: &mut Vm, member: Value, object: Value, v: Value) -> PyResult<()> {
    check_member(vm, member, object)?;
    if MEMBER_DEF.read(member) != 0 {
        let row = getset_of(member);
        let Some(set) = row.set else {
            let owner = vm.name_of_class(MEMBER_OWNER.read(member).unwrap_or(vm.types.object));
            let text = format!("attribute '{}' of '{owner}' objects is not writable", row.name);
            return Err(vm.attribute_error(text));
        };
        return set(vm, object, v);
    }
    let number = MEMBER_SLOT.read(member) as usize;
    let is_set = attr::slot_value(vm, object, number).is_some_and(|v| v != Value::UNBOUND);
    if v == Value::UNBOUND && !is_set {
        let name = str_text(MEMBER_NAME.read(member).unwrap_or(vm.names.empty)).into_owned();
        return Err(vm.attribute_error(name));
    }
    attr::set_slot(vm, object, number, v)
}

fn class_getattr(vm: &mut Vm, class: Value, name: Value) -> PyResult {
    let meta = vm.class_of(class);
    let on_meta = attr::lookup(vm, meta, name);
    let attr = on_meta.map(|v| attr::classify(vm, v));
    if let Some(v) = on_meta.filter(|_| attr.is_some_and(Attr::hides_own)) {
        return bind_descriptor(vm, v, Some(class), meta);
    }
    if let Some(v) = attr::lookup(vm, class, name) {
        return match vm.kind(v) {
            Kind::Property | Kind::Member => Ok(v),
            _ => bind_descriptor(vm, v, None, class),
        };
    }
    match on_meta {
        Some(v) => bind_descriptor(vm, v, Some(class), meta),
        None => Err(no_attribute(vm, class, name)),
    }
}

/// `s.name` of a super object: what lies above, then its own attributes.
pub fn super_getattr(vm: &mut Vm, object: Value, name: Value) -> PyResult {
    let inner = vm.unwrap(object);
    let start = SUPER_CLASS.read(inner).unwrap_or(Value::NONE);
    let this = SUPER_OBJECT.read(inner).unwrap_or(Value::NONE);
    if name != vm.names.class && this != Value::NONE {
        let of = SUPER_START.read(inner).unwrap_or(Value::NONE);
        if let Some(v) = lookup_after(of, start, name) {
            return bind_above(vm, v, this, of);
        }
    }
    let class = vm.class_of(object);
    match attr::lookup(vm, class, name) {
        Some(v) if attr::classify(vm, v).hides_own() => bind_descriptor(vm, v, Some(object), class),
        found => match (own_attr(vm, object, name)?, found) {
            (Some(v), _) => Ok(v),
            (None, Some(v)) => bind_descriptor(vm, v, Some(object), class),
            (None, None) => Err(no_attribute(vm, object, name)),
        },
    }
}

/// Binds what was found above a class in the resolution order of `of` to the object that super was given.
fn bind_above(vm: &mut Vm, v: Value, object: Value, of: Value) -> PyResult {
    let through_class = vm.kind(object) == Kind::Class && of == object;
    bind_descriptor(vm, v, if through_class { None } else { Some(object) }, of)
}

/// `super(class, object).name`.
#[inline]
pub fn super_attr(vm: &mut Vm, class: Value, object: Value, name: Value) -> PyResult {
    let of = super_type(vm, class, object)?;
    if name != vm.names.class
        && let Some(v) = lookup_after(of, class, name)
    {
        return bind_above(vm, v, object, of);
    }
    // The attributes that a super object has itself.
    let super_ = vm.types.super_;
    let s = call::call(vm, super_, &[class, object])?;
    super_getattr(vm, s, name)
}

/// The class whose resolution order `super(class, object)` walks.
#[inline]
pub fn super_type(vm: &mut Vm, class: Value, object: Value) -> PyResult {
    if vm.kind(object) == Kind::Class && vm.is_subclass(object, class) {
        return Ok(object);
    }
    let of = vm.class_of(object);
    if vm.kind(class) == Kind::Class && vm.is_subclass(of, class) {
        return Ok(of);
    }
    let (what, name) = match vm.kind(object) {
        Kind::Class => ("type", vm.name_of_class(object)),
        _ => ("instance of", vm.name_of_class(of)),
    };
    let class = vm.name_of_class(class);
    Err(vm.type_error(format!(
        "super(type, obj): obj ({what} {name}) is not an instance or subtype of type ({class})."
    )))
}

/// Looks a name up in the resolution order of `of` behind `start`.
#[inline]
pub fn lookup_after(of: Value, start: Value, name: Value) -> Option<Value> {
    let mro = &class_data(of).mro;
    let at = mro.iter().position(|&c| c == start)?;
    mro[at + 1..].iter().find_map(|&c| class_data(c).attrs.get(&name.bits()).map(|&(_, v)| v))
}

/// Is setting this attribute on instances of the shape a plain store?
#[inline]
pub fn plain_setattr(vm: &mut Vm, shape: ShapeId, name: Value) -> bool {
    let Some(class) = vm.shapes.get(shape).class else { return false };
    if attr::overrides(vm, class, vm.names.setattr) {
        return false;
    }
    match attr::lookup(vm, class, name) {
        None => true,
        Some(v) => !attr::classify(vm, v).is_data(),
    }
}

/// `object.name = v`.
#[inline]
pub fn setattr(vm: &mut Vm, object: Value, name: Value, v: Value) -> PyResult<()> {
    let name = attribute_name(vm, name)?;
    let class = vm.class_of(object);
    if attr::overrides(vm, class, vm.names.setattr) {
        let f = attr::lookup(vm, class, vm.names.setattr).unwrap_or(Value::NONE);
        return call::call_special(vm, f, object, &[name, v]).map(|_| ());
    }
    generic_setattr(vm, object, name, v)
}

/// `object.__setattr__(object, name, v)`.
pub fn generic_setattr(vm: &mut Vm, object: Value, name: Value, v: Value) -> PyResult<()> {
    if vm.kind(object) == Kind::Class {
        return class_setattr(vm, object, name, Some(v));
    }
    let class = vm.class_of(object);
    if let Some(d) = attr::lookup(vm, class, name)
        && set_descriptor(vm, d, object, Some(v))?
    {
        return Ok(());
    }
    let done = match vm.kind(object) {
        Kind::Instance | Kind::InstanceDict => attr::instance_set(vm, object, name, v)?,
        Kind::Module if name == vm.names.dict => {
            return Err(vm.attribute_error("readonly attribute"));
        }
        Kind::Module => {
            let ns = MODULE_DICT.read(object).unwrap_or(Value::NONE);
            dict::set(vm, ns, name, v)?;
            true
        }
        kind if dict_field(kind).is_some() => {
            let d = function_dict(vm, object);
            dict::set(vm, d, name, v)?;
            true
        }
        _ => false,
    };
    if done { Ok(()) } else { Err(cannot_set(vm, object, name)) }
}

/// `object.__dict__ = v` of an instance.
#[inline]
pub fn replace_dict(vm: &mut Vm, object: Value, v: Value) -> PyResult<()> {
    let v = dict_for_attributes(vm, v)?;
    attr::instance_dict(vm, object)?;
    vm.ctx.write(object, &INSTANCE_OVERFLOW, v);
    Ok(())
}

/// Is it a dict, or an instance of a class that extends dict?
#[inline]
pub fn dict_inside(vm: &Vm, v: Value) -> bool {
    vm.kind(vm.unwrap(v)).is_dict()
}

/// The dict that a value to be set as `__dict__` is, or has inside.
#[inline]
pub fn dict_for_attributes(vm: &mut Vm, v: Value) -> PyResult {
    let inner = vm.unwrap(v);
    if vm.kind(inner).is_dict() {
        return Ok(inner);
    }
    let text = format!("__dict__ must be set to a dictionary, not a '{}'", vm.class_name(v));
    Err(vm.type_error(text))
}

/// The dict of a function's, staticmethod's or classmethod's own attributes.
#[inline]
pub fn function_dict(vm: &mut Vm, f: Value) -> Value {
    let field = dict_field(vm.kind(f)).unwrap_or(FUNC_DICT);
    match field.read(f).filter(|&d| d != Value::UNBOUND) {
        Some(d) => d,
        None => {
            let d = dict::new_dict(vm);
            vm.ctx.write(f, &field, d);
            d
        }
    }
}

#[cold]
fn cannot_set(vm: &mut Vm, object: Value, name: Value) -> Raise {
    let (class, text) = (vm.class_of(object), str_text(name));
    let class_name = vm.name_of_class(class);
    let message = if attr::lookup(vm, class, name).is_some() {
        format!("'{class_name}' object attribute '{text}' is read-only")
    } else {
        format!("'{class_name}' object has no attribute '{text}' and no __dict__ for setting new attributes")
    };
    vm.attribute_error(message)
}

/// Sets (or deletes) through a data descriptor found on the class; false if it is none.
fn set_descriptor(vm: &mut Vm, d: Value, object: Value, v: Option<Value>) -> PyResult<bool> {
    match vm.kind(d) {
        Kind::Property => {
            property_set(vm, d, object, v)?;
            Ok(true)
        }
        Kind::Member => {
            member_set(vm, d, object, v.unwrap_or(Value::UNBOUND))?;
            Ok(true)
        }
        Kind::Instance | Kind::InstanceDict | Kind::Class => {
            let name = if v.is_some() { vm.names.set } else { vm.names.delete };
            let Some(f) = attr::special(vm, d, name) else {
                let other = if v.is_some() { vm.names.delete } else { vm.names.set };
                if attr::special(vm, d, other).is_some() {
                    let text = if v.is_some() { "__set__" } else { "__delete__" };
                    return Err(vm.attribute_error(text));
                }
                return Ok(false);
            };
            match v {
                Some(v) => call::call_special(vm, f, d, &[object, v])?,
                None => call::call_special(vm, f, d, &[object])?,
            };
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// `del object.name`.
#[inline]
pub fn delattr(vm: &mut Vm, object: Value, name: Value) -> PyResult<()> {
    let name = attribute_name(vm, name)?;
    let class = vm.class_of(object);
    if attr::overrides(vm, class, vm.names.delattr) {
        let f = attr::lookup(vm, class, vm.names.delattr).unwrap_or(Value::NONE);
        return call::call_special(vm, f, object, &[name]).map(|_| ());
    }
    generic_delattr(vm, object, name)
}

pub fn generic_delattr(vm: &mut Vm, object: Value, name: Value) -> PyResult<()> {
    if vm.kind(object) == Kind::Class {
        return class_setattr(vm, object, name, None);
    }
    let class = vm.class_of(object);
    if let Some(d) = attr::lookup(vm, class, name)
        && set_descriptor(vm, d, object, None)?
    {
        return Ok(());
    }
    let done = match vm.kind(object) {
        Kind::Instance | Kind::InstanceDict => attr::instance_delete(vm, object, name)?,
        Kind::Module => {
            let ns = MODULE_DICT.read(object).unwrap_or(Value::NONE);
            dict::remove(vm, ns, name)?.is_some()
        }
        kind => match dict_field(kind).and_then(|f| f.read(object)).filter(|&d| d != Value::UNBOUND) {
            Some(d) => dict::remove(vm, d, name)?.is_some(),
            None => false,
        },
    };
    match done {
        true => Ok(()),
        false => match vm.kind(object) {
            Kind::Instance | Kind::InstanceDict if class_data(class).has_dict => {
                Err(no_attribute(vm, object, name))
            }
            Kind::Module => {
                let text =
                    format!("'{}' object has no attribute '{}'", vm.class_name(object), str_text(name));
                Err(vm.attribute_error(text))
            }
            Kind::Function | Kind::StaticMethod | Kind::ClassMethod => Err(no_attribute(vm, object, name)),
            _ => Err(cannot_set(vm, object, name)),
        },
    }
}

/// Sets or deletes a class's attribute.
fn class_setattr(vm: &mut Vm, class: Value, name: Value, v: Option<Value>) -> PyResult<()> {
    if !class_data(class).is_heap {
        let (n, c) = (str_text(name), vm.name_of_class(class));
        let text = format!("cannot set '{n}' attribute of immutable type '{c}'");
        return Err(vm.type_error(text));
    }
    let meta = vm.class_of(class);
    if let Some(d) = attr::lookup(vm, meta, name)
        && set_descriptor(vm, d, class, v)?
    {
        return Ok(());
    }
    match v {
        Some(v) => {
            class_mut(vm, class).attrs.insert(name.bits(), (name, v));
        }
        None => {
            if class_mut(vm, class).attrs.shift_remove(&name.bits()).is_none() {
                return Err(no_attribute(vm, class, name));
            }
        }
    }
    if name == vm.names.del {
        attr::find_finalizers(vm, class);
    }
    attr::class_changed(vm, class);
    Ok(())
}

/// `with`: `__enter__` (0) or `__exit__` (1) of a value, bound.
#[inline]
pub fn load_special(vm: &mut Vm, object: Value, which: i64) -> PyResult {
    let name = if which == 0 { vm.names.enter } else { vm.names.exit };
    let class = vm.class_of(object);
    match attr::lookup(vm, class, name) {
        Some(f) => bind_descriptor(vm, f, Some(object), class),
        None => {
            let missed = if which == 0 { "__enter__" } else { "__exit__" };
            let text = format!(
                "'{}' object does not support the context manager protocol (missed {missed} method)",
                vm.class_name(object)
            );
            Err(vm.type_error(text))
        }
    }
}

/// The name a property was given, or its getter's.
#[inline]
pub fn property_name(vm: &mut Vm, p: Value) -> PyResult<Option<Value>> {
    if let Some(n) = PROPERTY_NAME.read(p).filter(|&n| n != Value::UNBOUND) {
        return Ok(Some(n));
    }
    let (getter, name) = (or_none(PROPERTY_GET.read(p)), vm.names.name);
    if getter == Value::NONE { Ok(None) } else { getattr_opt(vm, getter, name) }
}

/// Sets a property, or deletes it.
#[inline]
pub fn property_set(vm: &mut Vm, p: Value, object: Value, v: Option<Value>) -> PyResult<()> {
    let (field, what) = if v.is_some() { (PROPERTY_SET, "setter") } else { (PROPERTY_DEL, "deleter") };
    let Some(f) = field.read(p).filter(|&f| f != Value::NONE) else {
        return Err(property_error(vm, p, object, what));
    };
    match v {
        Some(v) => call::call(vm, f, &[object, v])?,
        None => call::call(vm, f, &[object])?,
    };
    Ok(())
}

/// The function of a staticmethod or classmethod: None before `__init__`.
#[inline]
pub fn wrapped(w: Value) -> Value {
    or_none(WRAPPED.read(w))
}

#[inline]
pub fn or_none(v: Option<Value>) -> Value {
    v.filter(|&v| v != Value::UNBOUND).unwrap_or(Value::NONE)
}

/// A super object without an object of its own is bound to the one through which it is got.
#[inline]
pub fn super_get(vm: &mut Vm, s: Value, object: Value) -> PyResult {
    let inner = vm.unwrap(s);
    let bound = SUPER_OBJECT.read(inner).is_some_and(|o| o != Value::NONE);
    if bound || object == Value::NONE {
        return Ok(s);
    }
    let (class, start) = (vm.class_of(s), or_none(SUPER_CLASS.read(inner)));
    call::call(vm, class, &[start, object])
}
