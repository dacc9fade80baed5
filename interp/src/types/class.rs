//! Classes: the class statement, `type(...)`, method resolution order, instantiation, and the methods of `type`.

mod layout;
mod order;
mod slots;

pub use slots::DICT_ROWS;

use super::attributes::{GetSet, readonly};
use crate::attr::inline_count;
use crate::errors::{PyResult, Raise};
use crate::native::{ALWAYS_SEES, NativeDef};
use crate::objects::Kind;
use crate::objects::class::{AttrTable, Class, Constructor, class_data, class_mut};
use crate::objects::foreign::{self, Foreign};
use crate::objects::layout::*;
use crate::objects::text::str_text;
use crate::objects::tuple::{ValueVec, tuple_items};
use crate::vm::Vm;
use hoop_gc::Value;

const METHODS: &[NativeDef] = &[
    NativeDef::new("__call__", "self, *args, **kwargs", type_call),
    NativeDef::new("__new__", "cls, name, bases=..., dict=..., **kwargs", type_new)
        .sees_frames_below(ALWAYS_SEES),
    NativeDef::new("__init__", "self, *args, **kwargs", accept_all),
    NativeDef::new("mro", "self, /", order::mro_method),
    NativeDef::new("__subclasses__", "self, /", subclasses),
    NativeDef::new("__instancecheck__", "self, instance, /", instance_check),
    NativeDef::new("__subclasscheck__", "self, subclass, /", subclass_check),
    NativeDef::new("__prepare__", "*args, **kwargs", prepare),
    NativeDef::new("__repr__", "self, /", type_repr),
];

const GETSETS: &[GetSet] = &[
    GetSet { name: "__name__", get: |_, c| Ok(class_data(c).name), set: Some(set_name) },
    GetSet { name: "__qualname__", get: |_, c| Ok(class_data(c).qualname), set: Some(set_qualname) },
    GetSet { name: "__module__", get: get_module, set: Some(|vm, c, v| set_plain(vm, c, "__module__", v)) },
    GetSet { name: "__doc__", get: get_doc, set: Some(|vm, c, v| set_plain(vm, c, "__doc__", v)) },
    GetSet { name: "__mro__", get: |vm, c| vm.new_tuple(&class_data(c).mro), set: None },
    GetSet {
        name: "__bases__",
        get: |vm, c| vm.new_tuple(&class_data(c).bases),
        set: Some(order::set_bases),
    },
    GetSet {
        name: "__base__",
        get: |vm, c| Ok(if c == vm.types.object { Value::NONE } else { class_data(c).base }),
        set: Some(readonly),
    },
    GetSet { name: "__dict__", get: class_dict, set: None },
    GetSet { name: "__annotations__", get: annotations, set: Some(set_annotations) },
    GetSet { name: "__basicsize__", get: |_, _| Ok(Value::int(16)), set: Some(readonly) },
    GetSet { name: "__flags__", get: |_, _| Ok(Value::int(0)), set: Some(readonly) },
    GetSet { name: "__abstractmethods__", get: abstract_methods, set: Some(set_abstract_methods) },
];

pub fn init(vm: &mut Vm) {
    let class = vm.types.type_;
    vm.add_methods(class, METHODS);
    vm.add_getsets(class, GETSETS);
}

fn accept_all(_: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::NONE)
}

fn subclasses(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.list_from(&class_data(args[0]).subclasses)
}

fn instance_check(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(vm.is_instance_plain(args[1], args[0])?))
}

fn subclass_check(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(vm.is_subclass_plain(args[1], args[0])?))
}

fn prepare(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(vm.new_dict())
}

fn type_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let module = get_module(vm, args[0])?;
    let name = str_text(class_data(args[0]).qualname).into_owned();
    let text = if vm.kind(module) == Kind::Str && &*str_text(module) != "builtins" {
        format!("<class '{}.{name}'>", str_text(module))
    } else {
        format!("<class '{name}'>")
    };
    Ok(vm.str(&text))
}

fn set_name(vm: &mut Vm, class: Value, v: Value) -> PyResult<()> {
    check_settable(vm, class, "__name__", v)?;
    if vm.kind(v) != Kind::Str {
        let text = format!(
            "can only assign string to {}.__name__, not '{}'",
            vm.name_of_class(class),
            vm.class_name(v)
        );
        return Err(vm.type_error(text));
    }
    check_class_name(vm, v)?;
    class_mut(vm, class).name = v;
    Ok(())
}

fn check_class_name(vm: &mut Vm, name: Value) -> PyResult<()> {
    match crate::objects::text::str_bytes(name).contains(&0) {
        true => Err(vm.value_error("type name must not contain null characters")),
        false => Ok(()),
    }
}

fn set_qualname(vm: &mut Vm, class: Value, v: Value) -> PyResult<()> {
    check_settable(vm, class, "__qualname__", v)?;
    if vm.kind(v) != Kind::Str {
        let (name, got) = (vm.name_of_class(class), vm.class_name(v));
        return Err(vm.type_error(format!("can only assign string to {name}.__qualname__, not '{got}'")));
    }
    class_mut(vm, class).qualname = v;
    Ok(())
}

fn check_heap(vm: &mut Vm, class: Value, name: &str) -> PyResult<()> {
    if class_data(class).is_heap {
        return Ok(());
    }
    let text = format!("cannot set '{name}' attribute of immutable type '{}'", vm.name_of_class(class));
    Err(vm.type_error(text))
}

/// An attribute of a class that may be set but not deleted.
fn check_settable(vm: &mut Vm, class: Value, name: &str, v: Value) -> PyResult<()> {
    check_heap(vm, class, name)?;
    if v != Value::UNBOUND {
        return Ok(());
    }
    let text = format!("cannot delete '{name}' attribute of immutable type '{}'", vm.name_of_class(class));
    Err(vm.type_error(text))
}

fn set_annotations(vm: &mut Vm, class: Value, v: Value) -> PyResult<()> {
    check_heap(vm, class, "__annotations__")?;
    let own = vm.names.annotations;
    let key = vm.intern(b"__annotations_cache__");
    let attrs = &mut class_mut(vm, class).attrs;
    let had = attrs.shift_remove(&own.bits()).is_some() | attrs.shift_remove(&key.bits()).is_some();
    if v != Value::UNBOUND {
        return set_plain(vm, class, "__annotations_cache__", v);
    }
    vm.class_changed(class);
    if had { Ok(()) } else { Err(vm.attribute_error("__annotations__")) }
}

fn set_abstract_methods(vm: &mut Vm, class: Value, v: Value) -> PyResult<()> {
    if v != Value::UNBOUND {
        return set_plain(vm, class, "__abstractmethods__", v);
    }
    let key = vm.names.abstractmethods;
    let had = class_mut(vm, class).attrs.shift_remove(&key.bits()).is_some();
    vm.class_changed(class);
    if had { Ok(()) } else { Err(vm.attribute_error("__abstractmethods__")) }
}

fn set_plain(vm: &mut Vm, class: Value, name: &str, v: Value) -> PyResult<()> {
    check_settable(vm, class, name, v)?;
    vm.set_class_attr_str(class, name, v);
    vm.class_changed(class);
    Ok(())
}

fn get_module(vm: &mut Vm, class: Value) -> PyResult {
    let key = vm.names.module;
    Ok(class_data(class).attrs.get(&key.bits()).map_or(Value::NONE, |&(_, v)| v))
}

fn get_doc(vm: &mut Vm, class: Value) -> PyResult {
    let key = vm.names.doc;
    Ok(class_data(class).attrs.get(&key.bits()).map_or(Value::NONE, |&(_, v)| v))
}

/// The annotations of the class body: evaluated once.
fn annotations(vm: &mut Vm, class: Value) -> PyResult {
    if !class_data(class).is_heap {
        let text = format!("type object '{}' has no attribute '__annotations__'", vm.name_of_class(class));
        return Err(vm.attribute_error(text));
    }
    for name in ["__annotations__", "__annotations_cache__"] {
        let key = vm.intern(name.as_bytes());
        if let Some(&(_, v)) = class_data(class).attrs.get(&key.bits()) {
            return Ok(v);
        }
    }
    let key = vm.intern(b"__annotate_func__");
    let v = match class_data(class).attrs.get(&key.bits()) {
        Some(&(_, f)) if f != Value::NONE => vm.call(f, &[Value::int(1)])?,
        _ => vm.new_dict(),
    };
    vm.set_class_attr_str(class, "__annotations_cache__", v);
    Ok(v)
}

fn abstract_methods(vm: &mut Vm, class: Value) -> PyResult {
    let key = vm.names.abstractmethods;
    match class_data(class).attrs.get(&key.bits()) {
        Some(&(_, v)) => Ok(v),
        None => Err(vm.attribute_error("__abstractmethods__")),
    }
}

/// A read-only copy of the class's attributes.
fn class_dict(vm: &mut Vm, class: Value) -> PyResult {
    let d = vm.new_dict();
    for i in 0..class_data(class).attrs.len() {
        if let Some((_, &(name, v))) = class_data(class).attrs.get_index(i) {
            vm.dict_set(d, name, v)?;
        }
    }
    let shape = vm.kind_shape(Kind::MappingProxy);
    let proxy = vm.ctx.alloc(shape, 2);
    VIEW_DICT.init(proxy, d);
    Ok(proxy)
}

/// `type(v)`, or a new class.
fn type_call(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (class, kwargs, rest) = (args[0], args[1], &args[2..]);
    if class == vm.types.type_ {
        vm.check_type_arguments(rest.len() + if kwargs_empty(kwargs) { 0 } else { 3 })?;
        if rest.len() == 1 && kwargs_empty(kwargs) {
            return Ok(vm.class_of(rest[0]));
        }
    }
    let (all, names) = vm.with_keywords(rest, kwargs)?;
    vm.instantiate(class, all.as_slice(), names.as_slice())
}

fn kwargs_empty(kwargs: Value) -> bool {
    kwargs == Value::UNBOUND || crate::objects::dict::dict_len(kwargs) == 0
}

fn type_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [meta, name, bases, dict, kwargs] = [args[0], args[1], args[2], args[3], args[4]];
    if bases == Value::UNBOUND {
        return Err(vm.type_error("type.__new__() takes exactly 3 arguments (1 given)"));
    }
    if vm.kind(name) != Kind::Str {
        let text = format!("type.__new__() argument 1 must be str, not {}", vm.class_name(name));
        return Err(vm.type_error(text));
    }
    if vm.kind(bases) != Kind::Tuple {
        let text = format!("type.__new__() argument 2 must be tuple, not {}", vm.class_name(bases));
        return Err(vm.type_error(text));
    }
    let dict = if vm.dict_inside(dict) { vm.unwrap(dict) } else { dict };
    if !vm.kind(dict).is_dict() {
        let text = format!("type.__new__() argument 3 must be dict, not {}", vm.class_name(dict));
        return Err(vm.type_error(text));
    }
    for &b in tuple_items(bases) {
        let name = vm.names.mro_entries;
        if vm.kind(b) != Kind::Class && vm.getattr_opt(b, name)?.is_some() {
            let text = "type() doesn't support MRO entry resolution; use types.new_class()";
            return Err(vm.type_error(text));
        }
    }
    if vm.kind(meta) == Kind::Class && !vm.is_subclass(meta, vm.types.type_) {
        let name = vm.name_of_class(meta);
        return Err(vm.type_error(format!("type.__new__({name}): {name} is not a subtype of type")));
    }
    check_class_name(vm, name)?;
    let kwargs = Some(kwargs).filter(|&k| !kwargs_empty(k));
    vm.new_class(meta, name, tuple_items(bases), dict, kwargs)
}

impl Vm {
    /// Positional arguments and a keyword dict (or UNBOUND) as one list and the keywords' names.
    pub fn with_keywords(&mut self, args: &[Value], kwargs: Value) -> PyResult<(ValueVec, ValueVec)> {
        let (mut all, mut names) = (ValueVec::from_slice(self, args)?, ValueVec::new());
        if kwargs != Value::UNBOUND {
            let mut i = 0;
            while let Some((at, e)) = self.dict_next(kwargs, i) {
                let name = self.intern_str(e.key);
                names.push(self, name)?;
                all.push(self, e.value)?;
                i = at + 1;
            }
        }
        Ok((all, names))
    }

    /// Calls a class, through its metaclass's `__call__` if that is written in Python.
    pub fn call_class(&mut self, class: Value, args: &[Value], names: &[Value]) -> PyResult {
        let meta = self.class_of(class);
        if meta != self.types.type_
            && let Some(f) = self.lookup(meta, self.names.call)
            && self.kind(f) == Kind::Function
        {
            return self.call_with_self(f, class, args, names);
        }
        if class == self.types.type_ {
            self.check_type_arguments(args.len())?;
            if args.len() == 1 && names.is_empty() {
                return Ok(self.class_of(args[0]));
            }
        }
        self.instantiate(class, args, names)
    }

    fn check_type_arguments(&mut self, count: usize) -> PyResult<()> {
        if count == 1 || count >= 3 { Ok(()) } else { Err(self.type_error("type() takes 1 or 3 arguments")) }
    }

    /// `__new__`, then `__init__`.
    pub fn instantiate(&mut self, class: Value, args: &[Value], names: &[Value]) -> PyResult {
        let new = self.lookup(class, self.names.new).unwrap_or(Value::NONE);
        let new = self.bind_descriptor(new, None, class)?;
        let object = self.call_with_self(new, class, args, names)?;
        if !self.is_instance_of(object, class) {
            return Ok(object);
        }
        let of = self.class_of(object);
        let Some((owner, init)) = self.lookup_where(of, self.names.init) else { return Ok(object) };
        if owner == self.types.object {
            return Ok(object);
        }
        let bound = match self.kind(init) {
            Kind::Function | Kind::Builtin => self.call_with_self(init, object, args, names)?,
            _ => {
                let bound = self.bind_descriptor(init, Some(object), of)?;
                self.call_kw(bound, args, names)?
            }
        };
        if bound != Value::NONE {
            let text = format!("__init__() should return None, not '{}'", self.class_name(bound));
            return Err(self.type_error(text));
        }
        Ok(object)
    }

    /// What calling a built-in class comes down to, unless that is more than its own rows.
    pub fn constructor(&self, class: Value) -> Option<Constructor> {
        let data = class_data(class);
        if data.is_heap {
            return None;
        }
        *data.constructor.get_or_init(|| self.find_constructor(class))
    }

    fn find_constructor(&self, class: Value) -> Option<Constructor> {
        if self.class_of(class) != self.types.type_ || class == self.types.type_ {
            return None;
        }
        let row = |f: Value| (self.kind(f) == Kind::Builtin).then(|| crate::native::def_of(f));
        let new = self.lookup(class, self.names.new).filter(|&f| self.kind(f) == Kind::StaticMethod)?;
        let new = row(WRAPPED.read(new)?)?;
        let init = self.lookup(class, self.names.init)?;
        if Some(init) == self.lookup(self.types.object, self.names.init) {
            return Some(Constructor { new, init: None });
        }
        let init = row(init).filter(|_| new.makes_empty)?;
        Some(Constructor { new, init: Some(init) })
    }

    /// An object of a built-in class.
    pub fn construct(
        &mut self,
        class: Value,
        rows: Constructor,
        args: &[Value],
        names: &[Value],
    ) -> PyResult {
        let Some(init) = rows.init else {
            return self.call_row_with(rows.new, class, args, names);
        };
        let object = self.call_native(rows.new, &[class])?;
        self.call_row_with(init, object, args, names)?;
        Ok(object)
    }

    /// Calls a row with a value before its other arguments.
    fn call_row_with(
        &mut self,
        row: &'static NativeDef,
        first: Value,
        args: &[Value],
        names: &[Value],
    ) -> PyResult {
        let mut small = [first; 8];
        if args.len() < small.len() {
            small[1..=args.len()].copy_from_slice(args);
            return self.call_native_kw(row, &small[..=args.len()], names);
        }
        let all = self.prepend(first, args)?;
        self.call_native_kw(row, all.as_slice(), names)
    }

    /// A new class from a namespace dict.
    pub fn new_class(
        &mut self,
        meta: Value,
        name: Value,
        bases: &[Value],
        dict: Value,
        kwargs: Option<Value>,
    ) -> PyResult {
        let object = [self.types.object];
        let bases = if bases.is_empty() { &object[..] } else { bases };
        let meta = self.best_metaclass(meta, bases)?;
        self.check_bases(bases)?;
        let mut layout = self.class_layout(bases)?;
        let slots = self.slot_names(&mut layout, name, dict)?;
        let own_slots = match slots.as_slice() {
            [] => Value::NONE,
            names => self.new_tuple(names)?,
        };
        let shape = self.metaclass_shape(meta);
        let this = self.ctx.alloc(shape, 2);
        // The bases keep what is in it alive: no Python code runs until the class has it.
        let mro = self.resolve_mro(this, bases)?;
        let name = self.intern_str(name);
        let class = Class {
            this,
            name,
            qualname: name,
            bases: bases.to_vec(),
            base: layout.base,
            solid: if slots.as_slice().is_empty() { class_data(layout.base).solid } else { this },
            own_slots,
            mro,
            attrs: AttrTable::default(),
            subclasses: Vec::new(),
            shape_names: Default::default(),
            shape_count: 0,
            kind: Kind::Instance,
            root_shape: hoop_gc::ShapeId(0),
            dict_shape: None,
            inline: 0,
            payload: layout.payload,
            has_dict: layout.has_dict,
            has_weakref: layout.has_weakref,
            is_heap: true,
            is_base: true,
            has_del: false,
            exception_init: Default::default(),
            plain_init: Default::default(),
            constructor: Default::default(),
        };
        self.ctx.heap.add_external(class.external_bytes() as isize);
        FOREIGN_BOX.write(this, foreign::into_word(class));
        // A class may lie where a dead one lay: nothing known of that one counts any more.
        self.class_epoch += 1;
        self.fill_class(this, dict)?;
        self.add_members(this, &mut layout, slots.as_slice());
        self.set_default_doc(this);
        if let Some(mro) = self.own_order(this)? {
            class_mut(self, this).mro = mro.as_slice().to_vec();
            self.class_epoch += 1;
        }
        self.add_root_shape(this, &layout);
        for &b in bases {
            class_mut(self, b).subclasses.push(this);
        }
        self.after_class(this, dict, kwargs)?;
        Ok(this)
    }

    /// The shape of the class's new instances.
    fn add_root_shape(&mut self, this: Value, layout: &layout::ClassLayout) {
        let fixed = layout.fixed;
        let inline = match layout.has_dict {
            true => self.first_inline(this, fixed, layout.inline),
            false => inline_count(fixed),
        };
        let root =
            self.add_shape(this, Kind::Instance, inline, crate::objects::shape::fixed_names(fixed).collect());
        class_mut(self, this).root_shape = root;
        class_mut(self, this).inline = inline;
    }

    fn check_bases(&mut self, bases: &[Value]) -> PyResult<()> {
        for (i, &b) in bases.iter().enumerate() {
            if self.kind(b) != Kind::Class {
                return Err(self.type_error("bases must be types"));
            }
            if !class_data(b).is_base {
                let text = format!("type '{}' is not an acceptable base type", self.name_of_class(b));
                return Err(self.type_error(text));
            }
            if bases[..i].contains(&b) {
                let text = format!("duplicate base class {}", self.name_of_class(b));
                return Err(self.type_error(text));
            }
        }
        Ok(())
    }

    fn best_metaclass(&mut self, meta: Value, bases: &[Value]) -> PyResult {
        let mut best = meta;
        for &b in bases {
            let m = self.class_of(b);
            if self.is_subclass(m, best) {
                best = m;
            } else if !self.is_subclass(best, m) {
                return Err(self.type_error(
                    "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
                ));
            }
        }
        Ok(best)
    }

    /// Class objects of a metaclass have a shape of their own.
    pub(super) fn metaclass_shape(&mut self, meta: Value) -> hoop_gc::ShapeId {
        if meta == self.types.type_ {
            return self.kind_shape(Kind::Class);
        }
        if let Some(s) = class_data(meta).dict_shape {
            return s;
        }
        let s = self.add_shape(meta, Kind::Class, 0, Vec::new());
        class_mut(self, meta).dict_shape = Some(s);
        s
    }

    /// Copies the namespace to the class and makes what the language adds.
    fn fill_class(&mut self, class: Value, dict: Value) -> PyResult<()> {
        let mut i = 0;
        while let Some((at, e)) = self.dict_next(dict, i) {
            let key = self.unwrap(e.key);
            let key = if self.kind(key) == Kind::Str { self.intern_str(key) } else { key };
            if key == self.names.qualname {
                if self.kind(e.value) != Kind::Str {
                    let text = format!("type __qualname__ must be a str, not {}", self.class_name(e.value));
                    return Err(self.type_error(text));
                }
                class_mut(self, class).qualname = e.value;
            } else if key != self.names.classcell {
                class_mut(self, class).attrs.insert(key.bits(), (key, e.value));
            }
            i = at + 1;
        }
        let (eq, hash) = (self.names.eq, self.names.hash);
        let attrs = &mut class_mut(self, class).attrs;
        if attrs.contains_key(&eq.bits()) && !attrs.contains_key(&hash.bits()) {
            attrs.insert(hash.bits(), (hash, Value::NONE));
        }
        for name in [self.names.init_subclass, self.names.class_getitem] {
            self.wrap_class_attr(class, name, Kind::ClassMethod);
        }
        let new = self.names.new;
        self.wrap_class_attr(class, new, Kind::StaticMethod);
        self.set_default_module(class);
        class_mut(self, class).has_del = self.lookup(class, self.names.del).is_some();
        Ok(())
    }

    fn set_default_doc(&mut self, class: Value) {
        let doc = self.names.doc;
        class_mut(self, class).attrs.entry(doc.bits()).or_insert((doc, Value::NONE));
    }

    fn wrap_class_attr(&mut self, class: Value, name: Value, kind: Kind) {
        let found = class_data(class).attrs.get(&name.bits()).map(|&(_, v)| v);
        if let Some(f) = found.filter(|&f| self.kind(f) == Kind::Function) {
            let w = self.new_wrapper(kind, f);
            class_mut(self, class).attrs.insert(name.bits(), (name, w));
        }
    }

    /// Classes made by `type(...)` belong to the module whose code runs.
    fn set_default_module(&mut self, class: Value) {
        let key = self.names.module;
        if class_data(class).attrs.contains_key(&key.bits()) {
            return;
        }
        let globals = self.looked_at_frame().map(|f| crate::objects::code::code_data(f.code).globals);
        if let Some(g) = globals {
            let module = self.module_name(g);
            class_mut(self, class).attrs.insert(key.bits(), (key, module));
        }
    }

    /// `__set_name__` of attributes and `__init_subclass__` of the parent; sets the `__class__` cell before.
    fn after_class(&mut self, class: Value, dict: Value, kwargs: Option<Value>) -> PyResult<()> {
        let key = self.names.classcell;
        if let Some(cell) = self.dict_get_str(dict, key).filter(|&c| self.kind(c) == Kind::Cell) {
            self.ctx.write(cell, &CELL_VALUE, class);
        }
        let set_name = self.names.set_name;
        let mut attributes = ValueVec::new();
        for &(name, v) in class_data(class).attrs.values() {
            attributes.push(self, name)?;
            attributes.push(self, v)?;
        }
        for pair in attributes.as_slice().chunks_exact(2) {
            if let Some(f) = self.special(pair[1], set_name)
                && let Err(raise) = self.call_special(f, pair[1], &[class, pair[0]])
            {
                return Err(self.note_set_name(raise, class, pair));
            }
        }
        let (start, name) = (class, self.names.init_subclass);
        if let Some(f) = self.lookup_after(class, start, name) {
            let bound = self.bind_descriptor(f, None, class)?;
            let (all, names) = self.with_keywords(&[], kwargs.unwrap_or(Value::UNBOUND))?;
            self.call_kw(bound, all.as_slice(), names.as_slice())?;
        }
        Ok(())
    }

    /// Notes in the exception which attribute's `__set_name__` raised it.
    fn note_set_name(&mut self, raise: Raise, class: Value, pair: &[Value]) -> Raise {
        let Some(exc) = self.ctx.thread.pending.take() else { return raise };
        let name = str_text(pair[0]).into_owned();
        let (of, in_class) = (self.class_name(pair[1]), self.name_of_class(class));
        let text =
            self.str(&format!("Error calling __set_name__ on '{of}' instance '{name}' in '{in_class}'"));
        let noted = super::exceptions::add_note(self, &[exc, text]);
        self.ctx.thread.pending = Some(exc);
        noted.err().unwrap_or(raise)
    }

    /// `__build_class__(func, name, *bases, **kwargs)`.
    pub fn build_class(&mut self, args: &[Value], kwargs: Value) -> PyResult {
        let (body, name, bases) = (args[0], args[1], &args[2..]);
        let (bases, changed) = self.resolve_bases(bases)?;
        let (meta, kwargs) = self.take_metaclass(bases.as_slice(), kwargs)?;
        let bases_tuple = self.new_tuple(bases.as_slice())?;
        let ns = self.prepare_namespace(meta, name, bases_tuple, kwargs)?;
        let cell = self.call(body, &[ns])?;
        if changed {
            let original = self.new_tuple(&args[2..])?;
            let key = self.names.orig_bases;
            self.set_item(ns, key, original)?;
        }
        if self.kind(cell) == Kind::Cell {
            let key = self.names.classcell;
            self.set_item(ns, key, cell)?;
        }
        let (all, names) = self.with_keywords(&[name, bases_tuple, ns], kwargs)?;
        let class = self.call_kw(meta, all.as_slice(), names.as_slice())?;
        if self.kind(cell) == Kind::Cell && self.kind(class) == Kind::Class {
            self.ctx.write(cell, &CELL_VALUE, class);
        }
        Ok(class)
    }

    /// Bases that are no classes may stand for others (`__mro_entries__`).
    fn resolve_bases(&mut self, bases: &[Value]) -> PyResult<(ValueVec, bool)> {
        let (mut out, mut changed) = (ValueVec::new(), false);
        for &b in bases {
            if self.kind(b) == Kind::Class {
                out.push(self, b)?;
                continue;
            }
            let name = self.names.mro_entries;
            let Some(f) = self.getattr_opt(b, name)? else {
                out.push(self, b)?;
                continue;
            };
            let all = self.new_tuple(bases)?;
            let entries = self.call(f, &[all])?;
            if self.kind(entries) != Kind::Tuple {
                return Err(self.type_error("__mro_entries__ must return a tuple"));
            }
            for &v in tuple_items(entries) {
                out.push(self, v)?;
            }
            changed = true;
        }
        Ok((out, changed))
    }

    /// The metaclass of a class statement, and its other keywords.
    fn take_metaclass(&mut self, bases: &[Value], kwargs: Value) -> PyResult<(Value, Value)> {
        let mut given = None;
        if kwargs != Value::UNBOUND {
            let key = self.intern(b"metaclass");
            given = self.dict_remove(kwargs, key)?;
        }
        let meta = given.unwrap_or_else(|| bases.first().map_or(self.types.type_, |&b| self.class_of(b)));
        if self.kind(meta) != Kind::Class {
            return Ok((meta, kwargs));
        }
        Ok((self.best_metaclass(meta, bases)?, kwargs))
    }

    fn prepare_namespace(&mut self, meta: Value, name: Value, bases: Value, kwargs: Value) -> PyResult {
        let key = self.names.prepare;
        match self.getattr_opt(meta, key)? {
            Some(f) if self.kind(f) != Kind::Builtin => {
                let (all, names) = self.with_keywords(&[name, bases], kwargs)?;
                let namespace = self.call_kw(f, all.as_slice(), names.as_slice())?;
                if self.special(namespace, self.names.getitem).is_some() {
                    return Ok(namespace);
                }
                let is_class = self.kind(meta) == Kind::Class;
                let of = if is_class { self.name_of_class(meta) } else { "<metaclass>".to_string() };
                let got = self.class_name(namespace);
                Err(self.type_error(format!("{of}.__prepare__() must return a mapping, not {got}")))
            }
            _ => Ok(self.new_dict()),
        }
    }
}
