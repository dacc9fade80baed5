//! `object`, and helpers for the files of other classes.

use super::attributes::{GetSet, Getter};
use crate::errors::PyResult;
use crate::native::NativeDef;
use crate::objects::Kind;
use crate::objects::class::{class_data, class_mut};
use crate::objects::layout::*;
use crate::objects::text::str_text;
use crate::vm::Vm;
use hoop_gc::Value;

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, *args, **kwargs", new),
    NativeDef::new("__init__", "self, *args, **kwargs", init_method),
    NativeDef::new("__repr__", "self, /", repr),
    NativeDef::new("__str__", "self, /", |vm, args| vm.repr(args[0])),
    NativeDef::new("__hash__", "self, /", |_, args| Ok(Value::int(Vm::identity_hash(args[0])))),
    NativeDef::new("__eq__", "self, value, /", |_, args| {
        Ok(if args[0] == args[1] { Value::TRUE } else { Value::NOT_IMPLEMENTED })
    }),
    NativeDef::new("__ne__", "self, value, /", not_equal),
    NativeDef::new("__lt__", "self, value, /", |_, _| Ok(Value::NOT_IMPLEMENTED)),
    NativeDef::new("__le__", "self, value, /", |_, _| Ok(Value::NOT_IMPLEMENTED)),
    NativeDef::new("__gt__", "self, value, /", |_, _| Ok(Value::NOT_IMPLEMENTED)),
    NativeDef::new("__ge__", "self, value, /", |_, _| Ok(Value::NOT_IMPLEMENTED)),
    NativeDef::new("__getattribute__", "self, name, /", |vm, args| {
        let name = vm.attribute_name(args[1])?;
        vm.generic_getattr(args[0], name)
    }),
    NativeDef::new("__setattr__", "self, name, value, /", |vm, args| {
        let name = vm.attribute_name(args[1])?;
        vm.generic_setattr(args[0], name, args[2]).map(|()| Value::NONE)
    }),
    NativeDef::new("__delattr__", "self, name, /", |vm, args| {
        let name = vm.attribute_name(args[1])?;
        vm.generic_delattr(args[0], name).map(|()| Value::NONE)
    }),
    NativeDef::new("__format__", "self, format_spec, /", format),
    NativeDef::new("__dir__", "self, /", dir),
    NativeDef::new("__sizeof__", "self, /", size_of),
];

const GETSETS: &[GetSet] =
    &[GetSet { name: "__class__", get: |vm, o| Ok(vm.class_of(o)), set: Some(set_class) }];

pub fn init(vm: &mut Vm) {
    let class = vm.types.object;
    vm.add_methods(class, METHODS);
    vm.add_getsets(class, GETSETS);
    for (name, f) in [("__init_subclass__", INIT_SUBCLASS), ("__subclasshook__", SUBCLASS_HOOK)] {
        let f = vm.new_builtin(f, None, Some(class));
        let f = vm.new_wrapper(Kind::ClassMethod, f);
        vm.set_class_attr_str(class, name, f);
    }
    init_singletons(vm);
}

const INIT_SUBCLASS: &NativeDef = &NativeDef::new("__init_subclass__", "cls, *args, **kwargs", |vm, args| {
    let (class, kwargs, rest) = (args[0], args[1], args.len() - 2);
    let takes = match rest {
        0 if kwargs == Value::UNBOUND || crate::objects::dict::dict_len(kwargs) == 0 => {
            return Ok(Value::NONE);
        }
        0 => "takes no keyword arguments".to_string(),
        n => format!("takes no arguments ({n} given)"),
    };
    let class = str_text(class_data(class).qualname).into_owned();
    Err(vm.type_error(format!("{class}.__init_subclass__() {takes}")))
});
const SUBCLASS_HOOK: &NativeDef =
    &NativeDef::new("__subclasshook__", "cls, object, /", |_, _| Ok(Value::NOT_IMPLEMENTED));

/// None, NotImplemented and Ellipsis.
fn init_singletons(vm: &mut Vm) {
    const NONE: &[NativeDef] = &[
        NativeDef::new("__repr__", "self, /", |vm, _| Ok(vm.str("None"))),
        NativeDef::new("__bool__", "self, /", |_, _| Ok(Value::FALSE)),
    ];
    const NOT_IMPLEMENTED: &[NativeDef] = &[
        NativeDef::new("__repr__", "self, /", |vm, _| Ok(vm.str("NotImplemented"))),
        NativeDef::new("__bool__", "self, /", |vm, _| {
            Err(vm.type_error("NotImplemented should not be used in a boolean context"))
        }),
    ];
    const ELLIPSIS: &[NativeDef] = &[NativeDef::new("__repr__", "self, /", |vm, _| Ok(vm.str("Ellipsis")))];
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
        && vm.lookup_where(class, vm.names.new).is_some_and(|(o, _)| o == vm.types.object)
    {
        let text = format!("cannot create '{}' instances", vm.name_of_class(class));
        return Err(vm.type_error(text));
    }
    let has_args =
        !rest.is_empty() || (kwargs != Value::UNBOUND && crate::objects::dict::dict_len(kwargs) > 0);
    if has_args {
        let (new, init) = (vm.names.new, vm.names.init);
        if vm.overrides(class, new) {
            return Err(
                vm.type_error("object.__new__() takes exactly one argument (the type to instantiate)")
            );
        }
        if !vm.overrides(class, init) {
            let text = format!("{}() takes no arguments", vm.name_of_class(class));
            return Err(vm.type_error(text));
        }
    }
    if data.kind != Kind::Instance {
        let name = vm.name_of_class(class);
        return Err(vm.type_error(format!("object.__new__({name}) is not safe, use {name}.__new__()")));
    }
    vm.check_abstract(class)?;
    Ok(vm.new_instance(class))
}

fn init_method(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (this, kwargs, rest) = (args[0], args[1], &args[2..]);
    let has_args =
        !rest.is_empty() || (kwargs != Value::UNBOUND && crate::objects::dict::dict_len(kwargs) > 0);
    if has_args {
        let class = vm.class_of(this);
        let (new, init) = (vm.names.new, vm.names.init);
        if vm.overrides(class, init) {
            return Err(
                vm.type_error("object.__init__() takes exactly one argument (the instance to initialize)")
            );
        }
        if !vm.overrides(class, new) {
            let name = vm.name_of_class(class);
            let text = format!("{name}.__init__() takes exactly one argument (the instance to initialize)");
            return Err(vm.type_error(text));
        }
    }
    Ok(Value::NONE)
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = vm.class_of(args[0]);
    let text = format!("<{} object at {:#x}>", vm.qualified_name(class), args[0].bits());
    Ok(vm.str(&text))
}

fn not_equal(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.names.eq;
    match vm.try_method(args[0], name, args[1])? {
        Some(r) => Ok(Value::bool(!vm.truth(r)?)),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn format(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.kind(args[1]) == Kind::Str && STR_BYTES.read(args[1]) == 0 {
        return vm.to_str(args[0]);
    }
    let text = format!("unsupported format string passed to {}.__format__", vm.class_name(args[0]));
    Err(vm.type_error(text))
}

fn dir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let d = vm.new_dict();
    let object = args[0];
    let class = if vm.kind(object) == Kind::Class { object } else { vm.class_of(object) };
    for k in 0..class_data(class).mro.len() {
        let class = class_data(class).mro[k];
        for i in 0..class_data(class).attrs.len() {
            if let Some((_, &(name, _))) = class_data(class).attrs.get_index(i) {
                vm.dict_set(d, name, Value::NONE)?;
            }
        }
    }
    let name = vm.names.dict;
    if vm.kind(object) != Kind::Class
        && let Some(own) = vm.getattr_opt(object, name)?
        && vm.kind(own).is_dict()
    {
        vm.dict_update(d, own)?;
    }
    let keys = vm.collect(d)?;
    vm.list_from(keys.as_slice())
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
    vm.check_same_layout("__class__", old, class)?;
    vm.object_moves(object, old, class);
    vm.move_to_class(object, class)
}

impl Vm {
    /// Makes an object one of another class, whose instances hold the same.
    fn move_to_class(&mut self, object: Value, class: Value) -> PyResult<()> {
        if self.kind(object) == Kind::Class {
            let shape = self.metaclass_shape(class);
            self.set_shape(object, shape);
            self.class_changed(object);
            return Ok(());
        }
        let finalized = class_data(self.class_of(object)).has_del;
        let shape = if class_data(class).has_dict {
            // What lies in slots by the old class's order is looked up by name from now on.
            self.instance_dict(object)?;
            let inline = self.shapes.get(hoop_engine::shape_of(object)).inline;
            self.dict_shape(class, inline)
        } else {
            class_data(class).root_shape
        };
        self.set_shape(object, shape);
        if class_data(class).has_del && !finalized {
            self.ctx.heap.register_finalizer(object.ptr());
        }
        Ok(())
    }

    /// `module.Qualname` for messages and reprs; without the module for built-in classes.
    pub fn qualified_name(&mut self, class: Value) -> String {
        let name = str_text(class_data(class).qualname).into_owned();
        let key = self.names.module;
        match class_data(class).attrs.get(&key.bits()) {
            Some(&(_, m)) if self.kind(m) == Kind::Str && &*str_text(m) != "builtins" => {
                format!("{}.{name}", str_text(m))
            }
            _ => name,
        }
    }

    fn check_abstract(&mut self, class: Value) -> PyResult<()> {
        let key = self.names.abstractmethods;
        let Some(&(_, methods)) = class_data(class).attrs.get(&key.bits()) else { return Ok(()) };
        let mut names = Vec::new();
        for &m in self.collect(methods)?.as_slice() {
            if self.kind(m) != Kind::Str {
                let text = format!("sequence item 0: expected str instance, {} found", self.class_name(m));
                return Err(self.type_error(text));
            }
            names.push(format!("'{}'", str_text(m)));
        }
        if names.is_empty() {
            return Ok(());
        }
        names.sort();
        let s = if names.len() == 1 { "" } else { "s" };
        let name = self.name_of_class(class);
        let text = format!(
            "Can't instantiate abstract class {name} without an implementation for abstract method{s} {}",
            names.join(", ")
        );
        Err(self.type_error(text))
    }

    /// Begins a repr; false if this object's is being made already.
    pub fn repr_enter(&mut self, v: Value) -> bool {
        self.thread.repr_stack.insert(v.bits())
    }

    /// Ends the repr begun last.
    pub fn repr_leave(&mut self, v: Value) {
        let last = self.thread.repr_stack.pop();
        debug_assert!(last == Some(v.bits()));
    }

    /// Adds functions to a module's namespace.
    pub fn add_functions(&mut self, namespace: Value, defs: &'static [NativeDef]) {
        let module = self.module_name(namespace);
        for def in defs {
            let f = self.new_builtin(def, None, Some(module));
            self.set_global(namespace, def.name, f);
        }
    }

    /// Sets a name in a namespace, at start-up.
    pub fn set_global(&mut self, namespace: Value, name: &str, v: Value) {
        let key = self.intern(name.as_bytes());
        let hash = self.str_hash(key);
        let done = self.dict_set_hashed(namespace, key, hash, v);
        debug_assert!(done.is_ok());
    }

    /// A new class for native objects (`Kind::Foreign` or another fixed kind), with methods; a base of user classes.
    pub fn new_native_class(
        &mut self,
        name: &str,
        module: &str,
        kind: Kind,
        methods: &'static [NativeDef],
    ) -> PyResult {
        let name = self.intern(name.as_bytes());
        let dict = self.new_dict();
        let meta = self.types.type_;
        let class = self.new_class(meta, name, &[], dict, None)?;
        let shape = self.add_shape(class, kind, 0, Vec::new());
        let data = class_mut(self, class);
        data.kind = kind;
        data.root_shape = shape;
        data.is_heap = false;
        (data.has_dict, data.has_weakref, data.solid) = (false, false, class);
        for added in ["__dict__", "__weakref__"] {
            let name = self.intern(added.as_bytes());
            class_mut(self, class).attrs.shift_remove(&name.bits());
        }
        let module = self.intern(module.as_bytes());
        self.set_class_attr_str(class, "__module__", module);
        self.add_methods(class, methods);
        Ok(class)
    }

    /// The shape of a native class's instances.
    pub fn native_shape(&self, class: Value) -> hoop_gc::ShapeId {
        class_data(class).root_shape
    }

    /// Read-only computed attributes of a built-in class.
    pub fn add_getters(&mut self, class: Value, rows: &'static [Getter]) {
        for row in rows {
            let name = self.intern(row.0.as_bytes());
            let member = self.new_member_of(self.types.getset_descriptor, name, class);
            MEMBER_DEF.write(member, row as *const Getter as i64);
            MEMBER_SLOT.write(member, super::attributes::GETTER_ROW);
            self.set_class_attr_str(class, row.0, member);
        }
    }
}

impl Vm {
    /// For a class whose instances are made by `object.__new__` under plain `type`: its Python `__init__`, or nothing
    /// inside if it has none.
    #[inline]
    pub fn plain_init(&mut self, class: Value) -> Option<Option<Value>> {
        let data = class_data(class);
        if data.plain_init.get().0 == self.class_epoch {
            return data.plain_init.get().1;
        }
        let found = self.find_plain_init(class);
        data.plain_init.set((self.class_epoch, found));
        found
    }

    fn find_plain_init(&mut self, class: Value) -> Option<Option<Value>> {
        let data = class_data(class);
        if data.kind != Kind::Instance || data.payload.is_some() || !data.is_heap || data.has_del {
            return None;
        }
        let meta = self.class_of(class);
        if meta != self.types.type_ && self.overrides(meta, self.names.call) {
            return None;
        }
        let (owner, _) = self.lookup_where(class, self.names.new)?;
        if owner != self.types.object || data.attrs.contains_key(&self.names.abstractmethods.bits()) {
            return None;
        }
        let (owner, init) = self.lookup_where(class, self.names.init)?;
        if owner == self.types.object {
            return Some(None);
        }
        (self.kind(init) == Kind::Function).then_some(Some(init))
    }
}
