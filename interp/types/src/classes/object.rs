//! `object`, and helpers for the files of other classes.

use crate::classes::class::{self, layout};
use crate::containers;
use hoop_gc::Value;
use hoop_object::class::{class_data, class_mut};
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::rows::{self, NativeDef};
use hoop_object::text::{self, str_text};
use hoop_object::vm::Vm;
use hoop_object::{dict, function, hash, list, module};
use hoop_protocol::attributes::{self, GetSet, Getter};
use hoop_protocol::{attr, protocol};

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init_method),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__str__", "$self, /", |vm, args| protocol::repr(vm, args[0])),
    NativeDef::new("__hash__", "$self, /", |_, args| Ok(Value::int(hash::identity_hash(args[0])))),
    NativeDef::new("__eq__", "$self, value, /", |_, args| {
        Ok(if args[0] == args[1] { Value::TRUE } else { Value::NOT_IMPLEMENTED })
    }),
    NativeDef::new("__ne__", "$self, value, /", not_equal),
    NativeDef::new("__lt__", "$self, value, /", |_, _| Ok(Value::NOT_IMPLEMENTED)),
    NativeDef::new("__le__", "$self, value, /", |_, _| Ok(Value::NOT_IMPLEMENTED)),
    NativeDef::new("__gt__", "$self, value, /", |_, _| Ok(Value::NOT_IMPLEMENTED)),
    NativeDef::new("__ge__", "$self, value, /", |_, _| Ok(Value::NOT_IMPLEMENTED)),
    NativeDef::new("__getattribute__", "$self, name, /", |vm, args| {
        let name = attributes::attribute_name(vm, args[1])?;
        attributes::generic_getattr(vm, args[0], name)
    }),
    NativeDef::new("__setattr__", "$self, name, value, /", |vm, args| {
        let name = attributes::attribute_name(vm, args[1])?;
        attributes::generic_setattr(vm, args[0], name, args[2]).map(|()| Value::NONE)
    }),
    NativeDef::new("__delattr__", "$self, name, /", |vm, args| {
        let name = attributes::attribute_name(vm, args[1])?;
        attributes::generic_delattr(vm, args[0], name).map(|()| Value::NONE)
    }),
    NativeDef::new("__format__", "$self, format_spec, /", format),
    NativeDef::new("__dir__", "$self, /", dir),
    NativeDef::new("__sizeof__", "$self, /", size_of),
];

const GETSETS: &[GetSet] =
    &[GetSet { name: "__class__", get: |vm, o| Ok(vm.class_of(o)), set: Some(set_class) }];

pub fn init(vm: &mut Vm) {
    let class = vm.types.object;
    vm.add_methods(class, METHODS);
    attributes::add_getsets(vm, class, GETSETS);
    for (name, f) in [("__init_subclass__", INIT_SUBCLASS), ("__subclasshook__", SUBCLASS_HOOK)] {
        let f = rows::new_builtin(vm, f, None, Some(class));
        let f = vm.new_wrapper(Kind::ClassMethod, f);
        vm.set_class_attr_str(class, name, f);
    }
    init_singletons(vm);
}

const INIT_SUBCLASS: &NativeDef =
    &NativeDef::new("__init_subclass__", "$type, *args, **kwargs", |vm, args| {
        let (class, kwargs, rest) = (args[0], args[1], args.len() - 2);
        let takes = match rest {
            0 if kwargs == Value::UNBOUND || hoop_object::dict::dict_len(kwargs) == 0 => {
                return Ok(Value::NONE);
            }
            0 => "takes no keyword arguments".to_string(),
            n => format!("takes no arguments ({n} given)"),
        };
        let class = str_text(class_data(class).qualname).into_owned();
        Err(vm.type_error(format!("{class}.__init_subclass__() {takes}")))
    })
    .text("$type, /");

const SUBCLASS_HOOK: &NativeDef =
    &NativeDef::new("__subclasshook__", "$type, object, /", |_, _| Ok(Value::NOT_IMPLEMENTED));

/// None, NotImplemented and Ellipsis.
fn init_singletons(vm: &mut Vm) {
    const NONE: &[NativeDef] = &[
        NativeDef::new("__repr__", "$self, /", |vm, _| Ok(text::str(vm, "None"))),
        NativeDef::new("__bool__", "$self, /", |_, _| Ok(Value::FALSE)),
    ];
    const NOT_IMPLEMENTED: &[NativeDef] = &[
        NativeDef::new("__repr__", "$self, /", |vm, _| Ok(text::str(vm, "NotImplemented"))),
        NativeDef::new("__bool__", "$self, /", |vm, _| {
            Err(vm.type_error("NotImplemented should not be used in a boolean context"))
        }),
    ];
    const ELLIPSIS: &[NativeDef] =
        &[NativeDef::new("__repr__", "$self, /", |vm, _| Ok(text::str(vm, "Ellipsis")))];
    let (none, not_implemented, ellipsis) =
        (vm.types.none_type, vm.types.not_implemented_type, vm.types.ellipsis_type);
    vm.add_methods(none, NONE);
    vm.add_methods(not_implemented, NOT_IMPLEMENTED);
    vm.add_methods(ellipsis, ELLIPSIS);
}

/// `object.__new__`: arguments are an error unless `__init__` takes them.
fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (class, kwargs, rest) = (args[0], args[1], &args[2..]);
    if vm.kind(class) != Kind::Class {
        let text = format!("object.__new__(X): X is not a type object ({})", vm.class_name(class));
        return Err(vm.type_error(text));
    }
    let data = class_data(class);
    if data.kind != Kind::Instance
        && attr::lookup_where(class, vm.names.new).is_some_and(|(o, _)| o == vm.types.object)
    {
        let text = format!("cannot create '{}' instances", vm.name_of_class(class));
        return Err(vm.type_error(text));
    }
    let has_args = !rest.is_empty() || (kwargs != Value::UNBOUND && hoop_object::dict::dict_len(kwargs) > 0);
    if has_args {
        let (new, init) = (vm.names.new, vm.names.init);
        if attr::overrides(vm, class, new) {
            return Err(
                vm.type_error("object.__new__() takes exactly one argument (the type to instantiate)")
            );
        }
        if !attr::overrides(vm, class, init) {
            let text = format!("{}() takes no arguments", vm.name_of_class(class));
            return Err(vm.type_error(text));
        }
    }
    if data.kind != Kind::Instance {
        let name = vm.name_of_class(class);
        return Err(vm.type_error(format!("object.__new__({name}) is not safe, use {name}.__new__()")));
    }
    check_abstract(vm, class)?;
    Ok(vm.new_instance(class))
}

fn init_method(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (this, kwargs, rest) = (args[0], args[1], &args[2..]);
    let has_args = !rest.is_empty() || (kwargs != Value::UNBOUND && hoop_object::dict::dict_len(kwargs) > 0);
    if has_args {
        let class = vm.class_of(this);
        let (new, init) = (vm.names.new, vm.names.init);
        if attr::overrides(vm, class, init) {
            return Err(
                vm.type_error("object.__init__() takes exactly one argument (the instance to initialize)")
            );
        }
        if !attr::overrides(vm, class, new) {
            let name = vm.name_of_class(class);
            let text = format!("{name}.__init__() takes exactly one argument (the instance to initialize)");
            return Err(vm.type_error(text));
        }
    }
    Ok(Value::NONE)
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = vm.class_of(args[0]);
    let text = format!("<{} object at {:#x}>", qualified_name(vm, class), args[0].bits());
    Ok(text::str(vm, &text))
}

fn not_equal(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.names.eq;
    match protocol::try_method(vm, args[0], name, args[1])? {
        Some(r) => Ok(Value::bool(!protocol::truth(vm, r)?)),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn format(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.kind(args[1]) == Kind::Str && STR_BYTES.read(args[1]) == 0 {
        return protocol::to_str(vm, args[0]);
    }
    let text = format!("unsupported format string passed to {}.__format__", vm.class_name(args[0]));
    Err(vm.type_error(text))
}

fn dir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let d = dict::new_dict(vm);
    let object = args[0];
    let class = if vm.kind(object) == Kind::Class { object } else { vm.class_of(object) };
    for k in 0..class_data(class).mro.len() {
        let class = class_data(class).mro[k];
        for i in 0..class_data(class).attrs.len() {
            if let Some((_, &(name, _))) = class_data(class).attrs.get_index(i) {
                dict::set(vm, d, name, Value::NONE)?;
            }
        }
    }
    let name = vm.names.dict;
    if vm.kind(object) != Kind::Class
        && let Some(own) = attributes::getattr_opt(vm, object, name)?
        && vm.kind(own).is_dict()
    {
        containers::dict::dict_update(vm, d, own)?;
    }
    let keys = protocol::collect(vm, d)?;
    list::from(vm, keys.as_slice())
}

fn size_of(vm: &mut Vm, args: &[Value]) -> PyResult {
    let size = if args[0].is_ptr() { vm.ctx.heap.object_size(args[0].ptr()) } else { 8 };
    Ok(Value::int(size as i64))
}

/// `object.__class__ = C`: instances of both classes must hold the same.
fn set_class(vm: &mut Vm, object: Value, class: Value) -> PyResult<()> {
    if class == Value::UNBOUND {
        return Err(vm.type_error("can't delete __class__ attribute"));
    }
    if vm.kind(class) != Kind::Class {
        let text = format!("__class__ must be set to a class, not '{}' object", vm.class_name(class));
        return Err(vm.type_error(text));
    }
    let old = vm.class_of(object);
    if !class_data(old).is_heap || !class_data(class).is_heap {
        return Err(
            vm.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses")
        );
    }
    layout::check_same_layout(vm, "__class__", old, class)?;
    attr::object_moves(vm, object, old, class);
    move_to_class(vm, object, class)
}

/// Makes an object one of another class, whose instances hold the same. A shape keeps its class alive, so that giving an
/// object another class's shape is a store like any other.
fn move_to_class(vm: &mut Vm, object: Value, class: Value) -> PyResult<()> {
    if vm.kind(object) == Kind::Class {
        let shape = class::metaclass_shape(vm, class);
        vm.ctx.heap.write_barrier(object.ptr());
        dict::set_shape(object, shape);
        attr::class_changed(vm, object);
        return Ok(());
    }
    let finalized = class_data(vm.class_of(object)).has_del;
    let shape = if class_data(class).has_dict {
        // What lies in slots by the old class's order is looked up by name from now on.
        attr::instance_dict(vm, object)?;
        let inline = vm.shapes.get(hoop_engine::shape_of(object)).inline;
        attr::dict_shape(vm, class, inline)
    } else {
        class_data(class).root_shape
    };
    vm.ctx.heap.write_barrier(object.ptr());
    dict::set_shape(object, shape);
    if class_data(class).has_del && !finalized {
        vm.ctx.heap.register_finalizer(object.ptr());
    }
    Ok(())
}

/// `module.Qualname` for messages and reprs; without the module for built-in classes.
#[inline]
pub fn qualified_name(vm: &mut Vm, class: Value) -> String {
    let name = str_text(class_data(class).qualname).into_owned();
    let key = vm.names.module;
    match class_data(class).attrs.get(&key.bits()) {
        Some(&(_, m)) if vm.kind(m) == Kind::Str && &*str_text(m) != "builtins" => {
            format!("{}.{name}", str_text(m))
        }
        _ => name,
    }
}

fn check_abstract(vm: &mut Vm, class: Value) -> PyResult<()> {
    let key = vm.names.abstractmethods;
    let Some(&(_, methods)) = class_data(class).attrs.get(&key.bits()) else { return Ok(()) };
    let mut names = Vec::new();
    for &m in protocol::collect(vm, methods)?.as_slice() {
        if vm.kind(m) != Kind::Str {
            let text = format!("sequence item 0: expected str instance, {} found", vm.class_name(m));
            return Err(vm.type_error(text));
        }
        names.push(format!("'{}'", str_text(m)));
    }
    if names.is_empty() {
        return Ok(());
    }
    names.sort();
    let s = if names.len() == 1 { "" } else { "s" };
    let name = vm.name_of_class(class);
    let text = format!(
        "Can't instantiate abstract class {name} without an implementation for abstract method{s} {}",
        names.join(", ")
    );
    Err(vm.type_error(text))
}

/// Adds functions to a module's namespace.
#[inline]
pub fn add_functions(vm: &mut Vm, namespace: Value, defs: &'static [NativeDef]) {
    let module = function::module_name(vm, namespace);
    for def in defs {
        let f = rows::new_builtin(vm, def, None, Some(module));
        module::set_global(vm, namespace, def.name, f);
    }
}

/// A new class for native objects (`Kind::Foreign` or another fixed kind), with methods; a base of user classes.
pub fn new_native_class(
    vm: &mut Vm,
    name: &str,
    module: &str,
    kind: Kind,
    methods: &'static [NativeDef],
) -> PyResult {
    let name = text::intern(vm, name.as_bytes());
    let dict = dict::new_dict(vm);
    let meta = vm.types.type_;
    let class = class::new_class(vm, meta, name, &[], dict, None)?;
    let shape = vm.add_shape(class, kind, 0, Vec::new());
    let data = class_mut(vm, class);
    data.kind = kind;
    data.root_shape = shape;
    data.is_heap = false;
    (data.has_dict, data.has_weakref, data.solid) = (false, false, class);
    for added in ["__dict__", "__weakref__"] {
        let name = text::intern(vm, added.as_bytes());
        class_mut(vm, class).attrs.shift_remove(&name.bits());
    }
    let module = text::intern(vm, module.as_bytes());
    vm.set_class_attr_str(class, "__module__", module);
    vm.add_methods(class, methods);
    Ok(class)
}

/// The shape of a native class's instances.
#[inline]
pub fn native_shape(class: Value) -> hoop_gc::ShapeId {
    class_data(class).root_shape
}

/// Read-only computed attributes of a built-in class.
#[inline]
pub fn add_getters(vm: &mut Vm, class: Value, rows: &'static [Getter]) {
    for row in rows {
        let name = text::intern(vm, row.0.as_bytes());
        let getset_descriptor = vm.types.getset_descriptor;
        let member = attributes::new_member_of(vm, getset_descriptor, name, class);
        MEMBER_DEF.write(member, row as *const Getter as i64);
        MEMBER_SLOT.write(member, hoop_protocol::attributes::GETTER_ROW);
        vm.set_class_attr_str(class, row.0, member);
    }
}

/// For a class whose instances are made by `object.__new__` under plain `type`: its Python `__init__`, or nothing
/// inside if it has none.
#[inline]
pub fn plain_init(vm: &mut Vm, class: Value) -> Option<Option<Value>> {
    let data = class_data(class);
    if data.plain_init.get().0 == vm.class_epoch {
        return data.plain_init.get().1;
    }
    let found = find_plain_init(vm, class);
    data.plain_init.set((vm.class_epoch, found));
    found
}

fn find_plain_init(vm: &mut Vm, class: Value) -> Option<Option<Value>> {
    let data = class_data(class);
    if data.kind != Kind::Instance || data.payload.is_some() || !data.is_heap || data.has_del {
        return None;
    }
    let meta = vm.class_of(class);
    if meta != vm.types.type_ && attr::overrides(vm, meta, vm.names.call) {
        return None;
    }
    let (owner, _) = attr::lookup_where(class, vm.names.new)?;
    if owner != vm.types.object || data.attrs.contains_key(&vm.names.abstractmethods.bits()) {
        return None;
    }
    let (owner, init) = attr::lookup_where(class, vm.names.init)?;
    if owner == vm.types.object {
        return Some(None);
    }
    (vm.kind(init) == Kind::Function).then_some(Some(init))
}
