//! The general attribute protocol: descriptors, instances, classes, modules, `super`, `__getattr__` and its kin.

use crate::attr::Attr;
use crate::errors::{PyResult, Raise};
use crate::objects::Kind;
use crate::objects::class::{class_data, class_mut};
use crate::objects::layout::*;
use crate::objects::text::str_text;
use crate::vm::Vm;
use hoop_gc::{ShapeId, Value};

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

impl Vm {
    /// Adds computed attributes to a built-in class.
    pub fn add_getsets(&mut self, class: Value, rows: &'static [GetSet]) {
        for row in rows {
            let name = self.intern(row.name.as_bytes());
            let is_member = row.set.is_some_and(|set| std::ptr::fn_addr_eq(set, readonly as Setter));
            let t = &self.types;
            let descriptor = if is_member { t.member_descriptor } else { t.getset_descriptor };
            let member = self.new_member_of(descriptor, name, class);
            MEMBER_DEF.write(member, row as *const GetSet as i64);
            self.set_class_attr_str(class, row.name, member);
        }
    }

    /// A member descriptor; without a definition it stands for the slot of that name.
    pub fn new_member(&mut self, name: Value, class: Value) -> Value {
        self.new_member_of(self.types.member_descriptor, name, class)
    }

    pub(super) fn new_member_of(&mut self, descriptor: Value, name: Value, class: Value) -> Value {
        let shape = class_data(descriptor).root_shape;
        let member = self.ctx.alloc(shape, 4);
        MEMBER_NAME.init(member, name);
        MEMBER_OWNER.init(member, class);
        member
    }

    /// `object.name`.
    pub fn getattr(&mut self, object: Value, name: Value) -> PyResult {
        let name = self.attribute_name(name)?;
        let class = self.class_of(object);
        if self.overrides(class, self.names.getattribute) {
            let f = self.lookup(class, self.names.getattribute).unwrap_or(Value::NONE);
            let r = self.call_special(f, object, &[name]);
            return self.or_getattr_hook(object, name, r);
        }
        let r = self.generic_getattr(object, name);
        self.or_getattr_hook(object, name, r)
    }

    /// As [`Vm::getattr`]; nothing when AttributeError is raised.
    pub fn getattr_opt(&mut self, object: Value, name: Value) -> PyResult<Option<Value>> {
        match self.getattr(object, name) {
            Ok(v) => Ok(Some(v)),
            Err(raise) => {
                let class = self.types.attribute_error;
                if self.catch(class).is_some() { Ok(None) } else { Err(raise) }
            }
        }
    }

    /// The interned str of an attribute's name. TypeError if it is none.
    pub fn attribute_name(&mut self, name: Value) -> PyResult {
        let inner = self.unwrap(name);
        if self.kind(inner) == Kind::Str {
            return Ok(self.intern_str(inner));
        }
        let text = format!("attribute name must be string, not '{}'", self.class_name(name));
        Err(self.type_error(text))
    }

    /// After AttributeError, `__getattr__` gets a chance.
    fn or_getattr_hook(&mut self, object: Value, name: Value, r: PyResult) -> PyResult {
        let Err(raise) = r else { return r };
        let class = self.class_of(object);
        let Some(hook) = self.lookup(class, self.names.getattr) else {
            return self.module_hook(object, name, raise);
        };
        let error = self.types.attribute_error;
        if self.catch(error).is_none() {
            return Err(raise);
        }
        self.call_special(hook, object, &[name])
    }

    /// A module's own `__getattr__` function.
    fn module_hook(&mut self, object: Value, name: Value, raise: Raise) -> PyResult {
        if self.kind(object) != Kind::Module || self.ctx.thread.pending.is_none() {
            return Err(raise);
        }
        let ns = MODULE_DICT.read(object).unwrap_or(Value::NONE);
        let key = self.names.getattr;
        let Some(hook) = self.dict_get_str(ns, key) else { return Err(raise) };
        let error = self.types.attribute_error;
        if self.catch(error).is_none() {
            return Err(raise);
        }
        self.call(hook, &[name])
    }

    /// `object.__getattribute__(object, name)`.
    pub fn generic_getattr(&mut self, object: Value, name: Value) -> PyResult {
        match self.kind(object) {
            Kind::Class => return self.class_getattr(object, name),
            Kind::Super => return self.super_getattr(object, name),
            _ => {}
        }
        let class = self.class_of(object);
        let found = self.lookup(class, name);
        let attr = found.map(|v| self.classify(v));
        if let Some(v) = found.filter(|_| attr.is_some_and(Attr::hides_own)) {
            return self.bind_descriptor(v, Some(object), class);
        }
        if let Some(v) = self.own_attr(object, name)? {
            return Ok(v);
        }
        match found {
            Some(v) => self.bind_descriptor(v, Some(object), class),
            None => Err(self.no_attribute(object, name)),
        }
    }

    /// An attribute in the object itself.
    fn own_attr(&mut self, object: Value, name: Value) -> PyResult<Option<Value>> {
        match self.kind(object) {
            Kind::Instance | Kind::InstanceDict => Ok(self.instance_get(object, name)),
            Kind::Module => {
                let ns = MODULE_DICT.read(object).unwrap_or(Value::NONE);
                if name == self.names.dict {
                    return Ok(Some(ns));
                }
                Ok(self.dict_get_str(ns, name))
            }
            kind => match dict_field(kind).and_then(|f| f.read(object)).filter(|&d| d != Value::UNBOUND) {
                Some(d) => Ok(self.dict_get_str(d, name)),
                None => Ok(None),
            },
        }
    }

    #[cold]
    pub fn no_attribute(&mut self, object: Value, name: Value) -> Raise {
        let text = match self.kind(object) {
            Kind::Class => {
                format!("type object '{}' has no attribute '{}'", self.name_of_class(object), str_text(name))
            }
            Kind::Module => {
                let ns = MODULE_DICT.read(object).unwrap_or(Value::NONE);
                let own = self.module_name(ns);
                let own = if self.kind(own) == Kind::Str { str_text(own).into_owned() } else { "?".into() };
                format!("module '{own}' has no attribute '{}'", str_text(name))
            }
            _ => format!("'{}' object has no attribute '{}'", self.class_name(object), str_text(name)),
        };
        let class = self.types.attribute_error;
        let message = self.str(&text);
        let Ok(exc) = self.new_exception(class, &[message]) else { return Raise };
        let _ = self.instance_set(exc, self.names.obj_name, name);
        let key = self.intern(b"obj");
        let _ = self.instance_set(exc, key, object);
        self.raise(exc)
    }

    /// What a value found on a class gives when it is got through `object` (or the class itself).
    pub fn bind_descriptor(&mut self, v: Value, object: Option<Value>, class: Value) -> PyResult {
        match (self.kind(v), object) {
            (Kind::Function, Some(o)) => Ok(self.new_bound_method(v, o)),
            (Kind::Function, None) => Ok(v),
            (Kind::Builtin, Some(o)) => match self.classify(v) {
                Attr::Builtin(_) => {
                    Ok(self.new_builtin(crate::native::def_of(v), Some(o), crate::native::builtin_owner(v)))
                }
                _ => Ok(v),
            },
            (Kind::StaticMethod, _) => Ok(self.wrapped(v)),
            (Kind::ClassMethod, _) => {
                let f = self.wrapped(v);
                match self.kind(f) {
                    Kind::Function => Ok(self.new_bound_method(f, class)),
                    Kind::Builtin => Ok(self.new_builtin(
                        crate::native::def_of(f),
                        Some(class),
                        crate::native::builtin_owner(f),
                    )),
                    _ => Ok(self.new_bound_method(f, class)),
                }
            }
            (Kind::Property, Some(o)) => self.property_get(v, o),
            (Kind::Member, Some(o)) => self.member_get(v, o),
            (Kind::Super, Some(o)) => self.super_get(v, o),
            (Kind::Instance | Kind::InstanceDict | Kind::Class, _) => match self.special(v, self.names.get) {
                // It is called as it is: an object that is its own class's `__get__` does not bind itself.
                Some(get) => self.call(get, &[v, object.unwrap_or(Value::NONE), class]),
                None => Ok(v),
            },
            _ => Ok(v),
        }
    }

    pub fn new_bound_method(&mut self, f: Value, object: Value) -> Value {
        let shape = self.kind_shape(Kind::BoundMethod);
        let m = self.ctx.alloc(shape, 2);
        METHOD_FUNC.init(m, f);
        METHOD_SELF.init(m, object);
        m
    }

    pub(super) fn property_get(&mut self, p: Value, object: Value) -> PyResult {
        match PROPERTY_GET.read(p).filter(|&f| f != Value::NONE) {
            Some(f) => self.call(f, &[object]),
            None => Err(self.property_error(p, object, "getter")),
        }
    }

    pub(super) fn property_error(&mut self, p: Value, object: Value, what: &str) -> Raise {
        let class = self.class_of(object);
        let class = str_text(class_data(class).qualname).into_owned();
        let name = match self.property_name(p) {
            Ok(Some(n)) => match self.repr_text(n) {
                Ok(text) => format!(" {text}"),
                Err(raise) => return raise,
            },
            Ok(None) => String::new(),
            Err(raise) => return raise,
        };
        self.attribute_error(format!("property{name} of '{class}' object has no {what}"))
    }

    pub fn member_get(&mut self, member: Value, object: Value) -> PyResult {
        self.check_member(member, object)?;
        if MEMBER_DEF.read(member) != 0 {
            return (getset_of(member).get)(self, object);
        }
        match self.slot_value(object, MEMBER_SLOT.read(member) as usize).filter(|&v| v != Value::UNBOUND) {
            Some(v) => Ok(v),
            None => {
                let name = MEMBER_NAME.read(member).unwrap_or(Value::NONE);
                Err(self.no_attribute(object, name))
            }
        }
    }

    /// TypeError if the object is of another class than the member.
    fn check_member(&mut self, member: Value, object: Value) -> PyResult<()> {
        let owner = MEMBER_OWNER.read(member).unwrap_or(Value::NONE);
        if self.is_instance_of(object, owner) {
            return Ok(());
        }
        let name = str_text(MEMBER_NAME.read(member).unwrap_or(self.names.empty)).into_owned();
        let (owner, class) = (self.name_of_class(owner), self.class_name(object));
        let text = format!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{class}' object");
        Err(self.type_error(text))
    }

    /// Sets what a member stands for, or deletes it (the value is then `UNBOUND`).
    pub fn member_set(&mut self, member: Value, object: Value, v: Value) -> PyResult<()> {
        self.check_member(member, object)?;
        if MEMBER_DEF.read(member) != 0 {
            let row = getset_of(member);
            let Some(set) = row.set else {
                let owner = self.name_of_class(MEMBER_OWNER.read(member).unwrap_or(self.types.object));
                let text = format!("attribute '{}' of '{owner}' objects is not writable", row.name);
                return Err(self.attribute_error(text));
            };
            return set(self, object, v);
        }
        let number = MEMBER_SLOT.read(member) as usize;
        let is_set = self.slot_value(object, number).is_some_and(|v| v != Value::UNBOUND);
        if v == Value::UNBOUND && !is_set {
            let name = str_text(MEMBER_NAME.read(member).unwrap_or(self.names.empty)).into_owned();
            return Err(self.attribute_error(name));
        }
        self.set_slot(object, number, v)
    }

    fn class_getattr(&mut self, class: Value, name: Value) -> PyResult {
        let meta = self.class_of(class);
        let on_meta = self.lookup(meta, name);
        let attr = on_meta.map(|v| self.classify(v));
        if let Some(v) = on_meta.filter(|_| attr.is_some_and(Attr::hides_own)) {
            return self.bind_descriptor(v, Some(class), meta);
        }
        if let Some(v) = self.lookup(class, name) {
            return match self.kind(v) {
                Kind::Property | Kind::Member => Ok(v),
                _ => self.bind_descriptor(v, None, class),
            };
        }
        match on_meta {
            Some(v) => self.bind_descriptor(v, Some(class), meta),
            None => Err(self.no_attribute(class, name)),
        }
    }

    /// `s.name` of a super object: what lies above, then its own attributes.
    pub(super) fn super_getattr(&mut self, object: Value, name: Value) -> PyResult {
        let inner = self.unwrap(object);
        let start = SUPER_CLASS.read(inner).unwrap_or(Value::NONE);
        let this = SUPER_OBJECT.read(inner).unwrap_or(Value::NONE);
        if name != self.names.class && this != Value::NONE {
            let of = SUPER_START.read(inner).unwrap_or(Value::NONE);
            if let Some(v) = self.lookup_after(of, start, name) {
                return self.bind_above(v, this, of);
            }
        }
        let class = self.class_of(object);
        match self.lookup(class, name) {
            Some(v) if self.classify(v).hides_own() => self.bind_descriptor(v, Some(object), class),
            found => match (self.own_attr(object, name)?, found) {
                (Some(v), _) => Ok(v),
                (None, Some(v)) => self.bind_descriptor(v, Some(object), class),
                (None, None) => Err(self.no_attribute(object, name)),
            },
        }
    }

    /// Binds what was found above a class in the resolution order of `of` to the object that super was given.
    fn bind_above(&mut self, v: Value, object: Value, of: Value) -> PyResult {
        let through_class = self.kind(object) == Kind::Class && of == object;
        self.bind_descriptor(v, if through_class { None } else { Some(object) }, of)
    }

    /// `super(class, object).name`.
    pub fn super_attr(&mut self, class: Value, object: Value, name: Value) -> PyResult {
        let of = self.super_type(class, object)?;
        if name != self.names.class
            && let Some(v) = self.lookup_after(of, class, name)
        {
            return self.bind_above(v, object, of);
        }
        // The attributes that a super object has itself.
        let super_ = self.types.super_;
        let s = self.call(super_, &[class, object])?;
        self.super_getattr(s, name)
    }

    /// The class whose resolution order `super(class, object)` walks.
    pub fn super_type(&mut self, class: Value, object: Value) -> PyResult {
        if self.kind(object) == Kind::Class && self.is_subclass(object, class) {
            return Ok(object);
        }
        let of = self.class_of(object);
        if self.kind(class) == Kind::Class && self.is_subclass(of, class) {
            return Ok(of);
        }
        let (what, name) = match self.kind(object) {
            Kind::Class => ("type", self.name_of_class(object)),
            _ => ("instance of", self.name_of_class(of)),
        };
        let class = self.name_of_class(class);
        Err(self.type_error(format!(
            "super(type, obj): obj ({what} {name}) is not an instance or subtype of type ({class})."
        )))
    }

    /// Looks a name up in the resolution order of `of` behind `start`.
    pub fn lookup_after(&self, of: Value, start: Value, name: Value) -> Option<Value> {
        let mro = &class_data(of).mro;
        let at = mro.iter().position(|&c| c == start)?;
        mro[at + 1..].iter().find_map(|&c| class_data(c).attrs.get(&name.bits()).map(|&(_, v)| v))
    }

    /// Is setting this attribute on instances of the shape a plain store?
    pub fn plain_setattr(&mut self, shape: ShapeId, name: Value) -> bool {
        let Some(class) = self.shapes.get(shape).class else { return false };
        if self.overrides(class, self.names.setattr) {
            return false;
        }
        match self.lookup(class, name) {
            None => true,
            Some(v) => !self.classify(v).is_data(),
        }
    }

    /// `object.name = v`.
    pub fn setattr(&mut self, object: Value, name: Value, v: Value) -> PyResult<()> {
        let name = self.attribute_name(name)?;
        let class = self.class_of(object);
        if self.overrides(class, self.names.setattr) {
            let f = self.lookup(class, self.names.setattr).unwrap_or(Value::NONE);
            return self.call_special(f, object, &[name, v]).map(|_| ());
        }
        self.generic_setattr(object, name, v)
    }

    /// `object.__setattr__(object, name, v)`.
    pub fn generic_setattr(&mut self, object: Value, name: Value, v: Value) -> PyResult<()> {
        if self.kind(object) == Kind::Class {
            return self.class_setattr(object, name, Some(v));
        }
        let class = self.class_of(object);
        if let Some(d) = self.lookup(class, name)
            && self.set_descriptor(d, object, Some(v))?
        {
            return Ok(());
        }
        let done = match self.kind(object) {
            Kind::Instance | Kind::InstanceDict => self.instance_set(object, name, v)?,
            Kind::Module if name == self.names.dict => {
                return Err(self.attribute_error("readonly attribute"));
            }
            Kind::Module => {
                let ns = MODULE_DICT.read(object).unwrap_or(Value::NONE);
                self.dict_set(ns, name, v)?;
                true
            }
            kind if dict_field(kind).is_some() => {
                let d = self.function_dict(object);
                self.dict_set(d, name, v)?;
                true
            }
            _ => false,
        };
        if done { Ok(()) } else { Err(self.cannot_set(object, name)) }
    }

    /// `object.__dict__ = v` of an instance.
    pub fn replace_dict(&mut self, object: Value, v: Value) -> PyResult<()> {
        let v = self.dict_for_attributes(v)?;
        self.instance_dict(object)?;
        self.ctx.write(object, &INSTANCE_OVERFLOW, v);
        Ok(())
    }

    /// Is it a dict, or an instance of a class that extends dict?
    pub fn dict_inside(&self, v: Value) -> bool {
        self.kind(self.unwrap(v)).is_dict()
    }

    /// The dict that a value to be set as `__dict__` is, or has inside.
    pub fn dict_for_attributes(&mut self, v: Value) -> PyResult {
        let inner = self.unwrap(v);
        if self.kind(inner).is_dict() {
            return Ok(inner);
        }
        let text = format!("__dict__ must be set to a dictionary, not a '{}'", self.class_name(v));
        Err(self.type_error(text))
    }

    /// The dict of a function's, staticmethod's or classmethod's own attributes.
    pub fn function_dict(&mut self, f: Value) -> Value {
        let field = dict_field(self.kind(f)).unwrap_or(FUNC_DICT);
        match field.read(f).filter(|&d| d != Value::UNBOUND) {
            Some(d) => d,
            None => {
                let d = self.new_dict();
                self.ctx.write(f, &field, d);
                d
            }
        }
    }

    #[cold]
    fn cannot_set(&mut self, object: Value, name: Value) -> Raise {
        let (class, text) = (self.class_of(object), str_text(name));
        let class_name = self.name_of_class(class);
        let message = if self.lookup(class, name).is_some() {
            format!("'{class_name}' object attribute '{text}' is read-only")
        } else {
            format!(
                "'{class_name}' object has no attribute '{text}' and no __dict__ for setting new attributes"
            )
        };
        self.attribute_error(message)
    }

    /// Sets (or deletes) through a data descriptor found on the class; false if it is none.
    fn set_descriptor(&mut self, d: Value, object: Value, v: Option<Value>) -> PyResult<bool> {
        match self.kind(d) {
            Kind::Property => {
                self.property_set(d, object, v)?;
                Ok(true)
            }
            Kind::Member => {
                self.member_set(d, object, v.unwrap_or(Value::UNBOUND))?;
                Ok(true)
            }
            Kind::Instance | Kind::InstanceDict | Kind::Class => {
                let name = if v.is_some() { self.names.set } else { self.names.delete };
                let Some(f) = self.special(d, name) else {
                    let other = if v.is_some() { self.names.delete } else { self.names.set };
                    if self.special(d, other).is_some() {
                        let text = if v.is_some() { "__set__" } else { "__delete__" };
                        return Err(self.attribute_error(text));
                    }
                    return Ok(false);
                };
                match v {
                    Some(v) => self.call_special(f, d, &[object, v])?,
                    None => self.call_special(f, d, &[object])?,
                };
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// `del object.name`.
    pub fn delattr(&mut self, object: Value, name: Value) -> PyResult<()> {
        let name = self.attribute_name(name)?;
        let class = self.class_of(object);
        if self.overrides(class, self.names.delattr) {
            let f = self.lookup(class, self.names.delattr).unwrap_or(Value::NONE);
            return self.call_special(f, object, &[name]).map(|_| ());
        }
        self.generic_delattr(object, name)
    }

    pub fn generic_delattr(&mut self, object: Value, name: Value) -> PyResult<()> {
        if self.kind(object) == Kind::Class {
            return self.class_setattr(object, name, None);
        }
        let class = self.class_of(object);
        if let Some(d) = self.lookup(class, name)
            && self.set_descriptor(d, object, None)?
        {
            return Ok(());
        }
        let done = match self.kind(object) {
            Kind::Instance | Kind::InstanceDict => self.instance_delete(object, name)?,
            Kind::Module => {
                let ns = MODULE_DICT.read(object).unwrap_or(Value::NONE);
                self.dict_remove(ns, name)?.is_some()
            }
            kind => match dict_field(kind).and_then(|f| f.read(object)).filter(|&d| d != Value::UNBOUND) {
                Some(d) => self.dict_remove(d, name)?.is_some(),
                None => false,
            },
        };
        match done {
            true => Ok(()),
            false => match self.kind(object) {
                Kind::Instance | Kind::InstanceDict if class_data(class).has_dict => {
                    Err(self.no_attribute(object, name))
                }
                Kind::Module | Kind::Function | Kind::StaticMethod | Kind::ClassMethod => {
                    Err(self.no_attribute(object, name))
                }
                _ => Err(self.cannot_set(object, name)),
            },
        }
    }

    /// Sets or deletes a class's attribute.
    fn class_setattr(&mut self, class: Value, name: Value, v: Option<Value>) -> PyResult<()> {
        if !class_data(class).is_heap {
            let (n, c) = (str_text(name), self.name_of_class(class));
            let text = format!("cannot set '{n}' attribute of immutable type '{c}'");
            return Err(self.type_error(text));
        }
        let meta = self.class_of(class);
        if let Some(d) = self.lookup(meta, name)
            && self.set_descriptor(d, class, v)?
        {
            return Ok(());
        }
        match v {
            Some(v) => {
                class_mut(self, class).attrs.insert(name.bits(), (name, v));
            }
            None => {
                if class_mut(self, class).attrs.shift_remove(&name.bits()).is_none() {
                    return Err(self.no_attribute(class, name));
                }
            }
        }
        if name == self.names.del {
            self.find_finalizers(class);
        }
        self.class_changed(class);
        Ok(())
    }

    /// `with`: `__enter__` (0) or `__exit__` (1) of a value, bound.
    pub fn load_special(&mut self, object: Value, which: i64) -> PyResult {
        let name = if which == 0 { self.names.enter } else { self.names.exit };
        let class = self.class_of(object);
        match self.lookup(class, name) {
            Some(f) => self.bind_descriptor(f, Some(object), class),
            None => {
                let missed = if which == 0 { "__enter__" } else { "__exit__" };
                let text = format!(
                    "'{}' object does not support the context manager protocol (missed {missed} method)",
                    self.class_name(object)
                );
                Err(self.type_error(text))
            }
        }
    }
}
