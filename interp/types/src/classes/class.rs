//! Classes: the class statement, `type(...)`, method resolution order, instantiation, and the methods of `type`.

pub mod layout;
pub mod order;
pub mod slots;

pub use crate::classes::class::slots::DICT_ROWS;
use crate::functions::builtins::{instances, locals};
use hoop_gc::Value;
use hoop_object::class::{AttrTable, Class, Constructor, class_data, class_mut};
use hoop_object::errors::{PyResult, Raise};
use hoop_object::foreign::{self, Foreign};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::rows::NativeDef;
use hoop_object::shape::inline_count;
use hoop_object::text::{self, str_text};
use hoop_object::tuple::{self, ValueVec, tuple_items};
use hoop_object::vm::Vm;
use hoop_object::{dict, function, list};
use hoop_protocol::attributes::{self, GetSet, readonly};
use hoop_protocol::native::{self, ALWAYS_SEES};
use hoop_protocol::{attr, call, subscript};

const METHODS: &[NativeDef] = &[
    NativeDef::new("__call__", "$self, /, *args, **kwargs", type_call),
    NativeDef::new("__new__", "$type, name, bases=..., dict=..., **kwargs", type_new)
        .sees_frames_below(ALWAYS_SEES),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", accept_all),
    NativeDef::new("mro", "$self, /", order::mro_method),
    NativeDef::new("__subclasses__", "$self, /", subclasses),
    NativeDef::new("__instancecheck__", "$self, instance, /", instance_check),
    NativeDef::new("__subclasscheck__", "$self, subclass, /", subclass_check),
    NativeDef::new("__prepare__", "*args, **kwargs", prepare).text("$cls, name, bases, /, **kwds"),
    NativeDef::new("__repr__", "$self, /", type_repr),
];

const GETSETS: &[GetSet] = &[
    GetSet { name: "__name__", get: |_, c| Ok(class_data(c).name), set: Some(set_name) },
    GetSet { name: "__qualname__", get: |_, c| Ok(class_data(c).qualname), set: Some(set_qualname) },
    GetSet { name: "__module__", get: get_module, set: Some(|vm, c, v| set_plain(vm, c, "__module__", v)) },
    GetSet { name: "__doc__", get: get_doc, set: Some(|vm, c, v| set_plain(vm, c, "__doc__", v)) },
    GetSet { name: "__mro__", get: |vm, c| tuple::new_tuple(vm, &class_data(c).mro), set: None },
    GetSet {
        name: "__bases__",
        get: |vm, c| tuple::new_tuple(vm, &class_data(c).bases),
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
    attributes::add_getsets(vm, class, GETSETS);
}

fn accept_all(_: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::NONE)
}

fn subclasses(vm: &mut Vm, args: &[Value]) -> PyResult {
    list::from(vm, &class_data(args[0]).subclasses)
}

fn instance_check(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(instances::is_instance_plain(vm, args[1], args[0])?))
}

fn subclass_check(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(instances::is_subclass_plain(vm, args[1], args[0])?))
}

fn prepare(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(dict::new_dict(vm))
}

fn type_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let module = get_module(vm, args[0])?;
    let name = str_text(class_data(args[0]).qualname).into_owned();
    let text = if vm.kind(module) == Kind::Str && &*str_text(module) != "builtins" {
        format!("<class '{}.{name}'>", str_text(module))
    } else {
        format!("<class '{name}'>")
    };
    Ok(text::str(vm, &text))
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
    match hoop_object::text::str_bytes(name).contains(&0) {
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
pub(crate) fn check_settable(vm: &mut Vm, class: Value, name: &str, v: Value) -> PyResult<()> {
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
    let key = text::intern(vm, b"__annotations_cache__");
    let attrs = &mut class_mut(vm, class).attrs;
    let had = attrs.shift_remove(&own.bits()).is_some() | attrs.shift_remove(&key.bits()).is_some();
    if v != Value::UNBOUND {
        return set_plain(vm, class, "__annotations_cache__", v);
    }
    attr::class_changed(vm, class);
    if had { Ok(()) } else { Err(vm.attribute_error("__annotations__")) }
}

fn set_abstract_methods(vm: &mut Vm, class: Value, v: Value) -> PyResult<()> {
    if v != Value::UNBOUND {
        return set_plain(vm, class, "__abstractmethods__", v);
    }
    let key = vm.names.abstractmethods;
    let had = class_mut(vm, class).attrs.shift_remove(&key.bits()).is_some();
    attr::class_changed(vm, class);
    if had { Ok(()) } else { Err(vm.attribute_error("__abstractmethods__")) }
}

fn set_plain(vm: &mut Vm, class: Value, name: &str, v: Value) -> PyResult<()> {
    check_settable(vm, class, name, v)?;
    vm.set_class_attr_str(class, name, v);
    attr::class_changed(vm, class);
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
        let key = text::intern(vm, name.as_bytes());
        if let Some(&(_, v)) = class_data(class).attrs.get(&key.bits()) {
            return Ok(v);
        }
    }
    let key = text::intern(vm, b"__annotate_func__");
    let v = match class_data(class).attrs.get(&key.bits()) {
        Some(&(_, f)) if f != Value::NONE => call::call(vm, f, &[Value::int(1)])?,
        _ => dict::new_dict(vm),
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
    let d = dict::new_dict(vm);
    for i in 0..class_data(class).attrs.len() {
        if let Some((_, &(name, v))) = class_data(class).attrs.get_index(i) {
            dict::set(vm, d, name, v)?;
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
        check_type_arguments(vm, rest.len() + if kwargs_empty(kwargs) { 0 } else { 3 })?;
        if rest.len() == 1 && kwargs_empty(kwargs) {
            return Ok(vm.class_of(rest[0]));
        }
    }
    let (all, names) = with_keywords(vm, rest, kwargs)?;
    instantiate(vm, class, all.as_slice(), names.as_slice())
}

fn kwargs_empty(kwargs: Value) -> bool {
    kwargs == Value::UNBOUND || hoop_object::dict::dict_len(kwargs) == 0
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
    let dict = if attributes::dict_inside(vm, dict) { vm.unwrap(dict) } else { dict };
    if !vm.kind(dict).is_dict() {
        let text = format!("type.__new__() argument 3 must be dict, not {}", vm.class_name(dict));
        return Err(vm.type_error(text));
    }
    for &b in tuple_items(bases) {
        let name = vm.names.mro_entries;
        if vm.kind(b) != Kind::Class && attributes::getattr_opt(vm, b, name)?.is_some() {
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
    new_class(vm, meta, name, tuple_items(bases), dict, kwargs)
}

/// Positional arguments and a keyword dict (or UNBOUND) as one list and the keywords' names.
#[inline]
pub fn with_keywords(vm: &mut Vm, args: &[Value], kwargs: Value) -> PyResult<(ValueVec, ValueVec)> {
    let (mut all, mut names) = (ValueVec::from_slice(vm, args)?, ValueVec::new());
    if kwargs != Value::UNBOUND {
        let mut i = 0;
        while let Some((at, e)) = dict::dict_next(vm, kwargs, i) {
            let name = text::intern_str(vm, e.key);
            names.push(vm, name)?;
            all.push(vm, e.value)?;
            i = at + 1;
        }
    }
    Ok((all, names))
}

/// Calls a class by the rows that make its objects, if it has such; else by its metaclass.
#[inline]
pub fn call(vm: &mut Vm, class: Value, args: &[Value], names: &[Value]) -> PyResult {
    match constructor(vm, class) {
        Some(rows) => construct(vm, class, rows, args, names),
        None => call_class(vm, class, args, names),
    }
}

/// Calls a class, through its metaclass's `__call__` if that is written in Python.
#[inline]
pub fn call_class(vm: &mut Vm, class: Value, args: &[Value], names: &[Value]) -> PyResult {
    let meta = vm.class_of(class);
    if meta != vm.types.type_
        && let Some(f) = attr::lookup(vm, meta, vm.names.call)
        && vm.kind(f) == Kind::Function
    {
        return call::call_with_self(vm, f, class, args, names);
    }
    if class == vm.types.type_ {
        check_type_arguments(vm, args.len())?;
        if args.len() == 1 && names.is_empty() {
            return Ok(vm.class_of(args[0]));
        }
    }
    instantiate(vm, class, args, names)
}

fn check_type_arguments(vm: &mut Vm, count: usize) -> PyResult<()> {
    if count == 1 || count >= 3 { Ok(()) } else { Err(vm.type_error("type() takes 1 or 3 arguments")) }
}

/// `__new__`, then `__init__`.
pub fn instantiate(vm: &mut Vm, class: Value, args: &[Value], names: &[Value]) -> PyResult {
    let new = attr::lookup(vm, class, vm.names.new).unwrap_or(Value::NONE);
    let new = attributes::bind_descriptor(vm, new, None, class)?;
    let object = call::call_with_self(vm, new, class, args, names)?;
    if !vm.is_instance_of(object, class) {
        return Ok(object);
    }
    let of = vm.class_of(object);
    let Some((owner, init)) = attr::lookup_where(of, vm.names.init) else { return Ok(object) };
    if owner == vm.types.object {
        return Ok(object);
    }
    let bound = match vm.kind(init) {
        Kind::Function | Kind::Builtin => call::call_with_self(vm, init, object, args, names)?,
        _ => {
            let bound = attributes::bind_descriptor(vm, init, Some(object), of)?;
            call::call_kw(vm, bound, args, names)?
        }
    };
    if bound != Value::NONE {
        let text = format!("__init__() should return None, not '{}'", vm.class_name(bound));
        return Err(vm.type_error(text));
    }
    Ok(object)
}

/// What calling a built-in class comes down to, unless that is more than its own rows.
#[inline]
pub fn constructor(vm: &Vm, class: Value) -> Option<Constructor> {
    let data = class_data(class);
    if data.is_heap {
        return None;
    }
    *data.constructor.get_or_init(|| find_constructor(vm, class))
}

fn find_constructor(vm: &Vm, class: Value) -> Option<Constructor> {
    if vm.class_of(class) != vm.types.type_ || class == vm.types.type_ {
        return None;
    }
    let row = |f: Value| (vm.kind(f) == Kind::Builtin).then(|| hoop_object::rows::def_of(f));
    let new = attr::lookup(vm, class, vm.names.new).filter(|&f| vm.kind(f) == Kind::StaticMethod)?;
    let new = row(WRAPPED.read(new)?)?;
    let init = attr::lookup(vm, class, vm.names.init)?;
    if Some(init) == attr::lookup(vm, vm.types.object, vm.names.init) {
        return Some(Constructor { new, init: None });
    }
    let init = row(init).filter(|_| new.makes_empty)?;
    Some(Constructor { new, init: Some(init) })
}

/// An object of a built-in class.
#[inline]
pub fn construct(vm: &mut Vm, class: Value, rows: Constructor, args: &[Value], names: &[Value]) -> PyResult {
    let Some(init) = rows.init else {
        return call_row_with(vm, rows.new, class, args, names);
    };
    let object = native::call_native(vm, rows.new, &[class])?;
    call_row_with(vm, init, object, args, names)?;
    Ok(object)
}

/// Calls a row with a value before its other arguments.
fn call_row_with(
    vm: &mut Vm,
    row: &'static NativeDef,
    first: Value,
    args: &[Value],
    names: &[Value],
) -> PyResult {
    let mut small = [first; 8];
    if args.len() < small.len() {
        small[1..=args.len()].copy_from_slice(args);
        return native::call_native_kw(vm, row, &small[..=args.len()], names);
    }
    let all = call::prepend(vm, first, args)?;
    native::call_native_kw(vm, row, all.as_slice(), names)
}

/// A new class from a namespace dict.
pub fn new_class(
    vm: &mut Vm,
    meta: Value,
    name: Value,
    bases: &[Value],
    dict: Value,
    kwargs: Option<Value>,
) -> PyResult {
    let object = [vm.types.object];
    let bases = if bases.is_empty() { &object[..] } else { bases };
    let meta = best_metaclass(vm, meta, bases)?;
    check_bases(vm, bases)?;
    let mut layout = layout::class_layout(vm, bases)?;
    let slots = slots::slot_names(vm, &mut layout, name, dict)?;
    let own_slots = match slots.as_slice() {
        [] => Value::NONE,
        names => tuple::new_tuple(vm, names)?,
    };
    let shape = metaclass_shape(vm, meta);
    let this = vm.ctx.alloc(shape, 2);
    // The bases keep what is in it alive: no Python code runs until the class has it.
    let mro = order::resolve_mro(vm, this, bases)?;
    let name = text::intern_str(vm, name);
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
    vm.ctx.heap.add_external(class.external_bytes() as isize);
    FOREIGN_BOX.write(this, foreign::into_word(class));
    // A class may lie where a dead one lay: nothing known of that one counts any more.
    vm.class_epoch += 1;
    fill_class(vm, this, dict)?;
    slots::add_members(vm, this, &mut layout, slots.as_slice());
    set_default_doc(vm, this);
    if let Some(mro) = order::own_order(vm, this)? {
        class_mut(vm, this).mro = mro.as_slice().to_vec();
        vm.class_epoch += 1;
    }
    add_root_shape(vm, this, &layout);
    for &b in bases {
        class_mut(vm, b).subclasses.push(this);
    }
    after_class(vm, this, dict, kwargs)?;
    Ok(this)
}

/// The shape of the class's new instances.
fn add_root_shape(vm: &mut Vm, this: Value, layout: &layout::ClassLayout) {
    let fixed = layout.fixed;
    let inline = match layout.has_dict {
        true => attr::first_inline(vm, this, fixed, layout.inline),
        false => inline_count(fixed),
    };
    let root = vm.add_shape(this, Kind::Instance, inline, hoop_object::shape::fixed_names(fixed).collect());
    class_mut(vm, this).root_shape = root;
    class_mut(vm, this).inline = inline;
}

pub(crate) fn check_bases(vm: &mut Vm, bases: &[Value]) -> PyResult<()> {
    for (i, &b) in bases.iter().enumerate() {
        if vm.kind(b) != Kind::Class {
            return Err(vm.type_error("bases must be types"));
        }
        if !class_data(b).is_base {
            let text = format!("type '{}' is not an acceptable base type", vm.name_of_class(b));
            return Err(vm.type_error(text));
        }
        if bases[..i].contains(&b) {
            let text = format!("duplicate base class {}", vm.name_of_class(b));
            return Err(vm.type_error(text));
        }
    }
    Ok(())
}

fn best_metaclass(vm: &mut Vm, meta: Value, bases: &[Value]) -> PyResult {
    let mut best = meta;
    for &b in bases {
        let m = vm.class_of(b);
        if vm.is_subclass(m, best) {
            best = m;
        } else if !vm.is_subclass(best, m) {
            return Err(vm.type_error(
                    "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
                ));
        }
    }
    Ok(best)
}

/// Class objects of a metaclass have a shape of their own.
pub(crate) fn metaclass_shape(vm: &mut Vm, meta: Value) -> hoop_gc::ShapeId {
    if meta == vm.types.type_ {
        return vm.kind_shape(Kind::Class);
    }
    if let Some(s) = class_data(meta).dict_shape {
        return s;
    }
    let s = vm.add_shape(meta, Kind::Class, 0, Vec::new());
    class_mut(vm, meta).dict_shape = Some(s);
    s
}

/// Copies the namespace to the class and makes what the language adds.
fn fill_class(vm: &mut Vm, class: Value, dict: Value) -> PyResult<()> {
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, dict, i) {
        let key = vm.unwrap(e.key);
        let key = if vm.kind(key) == Kind::Str { text::intern_str(vm, key) } else { key };
        if key == vm.names.qualname {
            if vm.kind(e.value) != Kind::Str {
                let text = format!("type __qualname__ must be a str, not {}", vm.class_name(e.value));
                return Err(vm.type_error(text));
            }
            class_mut(vm, class).qualname = e.value;
        } else if key != vm.names.classcell {
            class_mut(vm, class).attrs.insert(key.bits(), (key, e.value));
        }
        i = at + 1;
    }
    let (eq, hash) = (vm.names.eq, vm.names.hash);
    let attrs = &mut class_mut(vm, class).attrs;
    if attrs.contains_key(&eq.bits()) && !attrs.contains_key(&hash.bits()) {
        attrs.insert(hash.bits(), (hash, Value::NONE));
    }
    for name in [vm.names.init_subclass, vm.names.class_getitem] {
        wrap_class_attr(vm, class, name, Kind::ClassMethod);
    }
    let new = vm.names.new;
    wrap_class_attr(vm, class, new, Kind::StaticMethod);
    set_default_module(vm, class);
    class_mut(vm, class).has_del = attr::lookup(vm, class, vm.names.del).is_some();
    Ok(())
}

fn set_default_doc(vm: &mut Vm, class: Value) {
    let doc = vm.names.doc;
    class_mut(vm, class).attrs.entry(doc.bits()).or_insert((doc, Value::NONE));
}

fn wrap_class_attr(vm: &mut Vm, class: Value, name: Value, kind: Kind) {
    let found = class_data(class).attrs.get(&name.bits()).map(|&(_, v)| v);
    if let Some(f) = found.filter(|&f| vm.kind(f) == Kind::Function) {
        let w = vm.new_wrapper(kind, f);
        class_mut(vm, class).attrs.insert(name.bits(), (name, w));
    }
}

/// Classes made by `type(...)` belong to the module whose code runs.
fn set_default_module(vm: &mut Vm, class: Value) {
    let key = vm.names.module;
    if class_data(class).attrs.contains_key(&key.bits()) {
        return;
    }
    let globals = locals::looked_at_frame(vm).map(|f| hoop_object::code::code_data(f.code).globals);
    if let Some(g) = globals {
        let module = function::module_name(vm, g);
        class_mut(vm, class).attrs.insert(key.bits(), (key, module));
    }
}

/// `__set_name__` of attributes and `__init_subclass__` of the parent; sets the `__class__` cell before.
fn after_class(vm: &mut Vm, class: Value, dict: Value, kwargs: Option<Value>) -> PyResult<()> {
    let key = vm.names.classcell;
    if let Some(cell) = dict::get_str(vm, dict, key).filter(|&c| vm.kind(c) == Kind::Cell) {
        vm.ctx.write(cell, &CELL_VALUE, class);
    }
    let set_name = vm.names.set_name;
    let mut attributes = ValueVec::new();
    for &(name, v) in class_data(class).attrs.values() {
        attributes.push(vm, name)?;
        attributes.push(vm, v)?;
    }
    for pair in attributes.as_slice().chunks_exact(2) {
        if let Some(f) = attr::special(vm, pair[1], set_name)
            && let Err(raise) = call::call_special(vm, f, pair[1], &[class, pair[0]])
        {
            return Err(note_set_name(vm, raise, class, pair));
        }
    }
    let (start, name) = (class, vm.names.init_subclass);
    if let Some(f) = attributes::lookup_after(class, start, name) {
        let bound = attributes::bind_descriptor(vm, f, None, class)?;
        let (all, names) = with_keywords(vm, &[], kwargs.unwrap_or(Value::UNBOUND))?;
        call::call_kw(vm, bound, all.as_slice(), names.as_slice())?;
    }
    Ok(())
}

/// Notes in the exception which attribute's `__set_name__` raised it.
fn note_set_name(vm: &mut Vm, raise: Raise, class: Value, pair: &[Value]) -> Raise {
    let Some(exc) = vm.ctx.thread.pending.take() else { return raise };
    let name = str_text(pair[0]).into_owned();
    let (of, in_class) = (vm.class_name(pair[1]), vm.name_of_class(class));
    let text =
        text::str(vm, &format!("Error calling __set_name__ on '{of}' instance '{name}' in '{in_class}'"));
    let noted = crate::exceptions::add_note(vm, &[exc, text]);
    vm.ctx.thread.pending = Some(exc);
    noted.err().unwrap_or(raise)
}

/// `__build_class__(func, name, *bases, **kwargs)`.
pub fn build_class(vm: &mut Vm, args: &[Value], kwargs: Value) -> PyResult {
    let (body, name, bases) = (args[0], args[1], &args[2..]);
    let (bases, changed) = resolve_bases(vm, bases)?;
    let (meta, kwargs) = take_metaclass(vm, bases.as_slice(), kwargs)?;
    let bases_tuple = tuple::new_tuple(vm, bases.as_slice())?;
    let ns = prepare_namespace(vm, meta, name, bases_tuple, kwargs)?;
    let cell = call::call(vm, body, &[ns])?;
    if changed {
        let original = tuple::new_tuple(vm, &args[2..])?;
        let key = vm.names.orig_bases;
        subscript::set_item(vm, ns, key, original)?;
    }
    if vm.kind(cell) == Kind::Cell {
        let key = vm.names.classcell;
        subscript::set_item(vm, ns, key, cell)?;
    }
    let (all, names) = with_keywords(vm, &[name, bases_tuple, ns], kwargs)?;
    let class = call::call_kw(vm, meta, all.as_slice(), names.as_slice())?;
    if vm.kind(cell) == Kind::Cell && vm.kind(class) == Kind::Class {
        vm.ctx.write(cell, &CELL_VALUE, class);
    }
    Ok(class)
}

/// Bases that are no classes may stand for others (`__mro_entries__`).
fn resolve_bases(vm: &mut Vm, bases: &[Value]) -> PyResult<(ValueVec, bool)> {
    let (mut out, mut changed) = (ValueVec::new(), false);
    for &b in bases {
        if vm.kind(b) == Kind::Class {
            out.push(vm, b)?;
            continue;
        }
        let name = vm.names.mro_entries;
        let Some(f) = attributes::getattr_opt(vm, b, name)? else {
            out.push(vm, b)?;
            continue;
        };
        let all = tuple::new_tuple(vm, bases)?;
        let entries = call::call(vm, f, &[all])?;
        if vm.kind(entries) != Kind::Tuple {
            return Err(vm.type_error("__mro_entries__ must return a tuple"));
        }
        for &v in tuple_items(entries) {
            out.push(vm, v)?;
        }
        changed = true;
    }
    Ok((out, changed))
}

/// The metaclass of a class statement, and its other keywords.
fn take_metaclass(vm: &mut Vm, bases: &[Value], kwargs: Value) -> PyResult<(Value, Value)> {
    let mut given = None;
    if kwargs != Value::UNBOUND {
        let key = text::intern(vm, b"metaclass");
        given = dict::remove(vm, kwargs, key)?;
    }
    let meta = given.unwrap_or_else(|| bases.first().map_or(vm.types.type_, |&b| vm.class_of(b)));
    if vm.kind(meta) != Kind::Class {
        return Ok((meta, kwargs));
    }
    Ok((best_metaclass(vm, meta, bases)?, kwargs))
}

fn prepare_namespace(vm: &mut Vm, meta: Value, name: Value, bases: Value, kwargs: Value) -> PyResult {
    let key = vm.names.prepare;
    match attributes::getattr_opt(vm, meta, key)? {
        Some(f) if vm.kind(f) != Kind::Builtin => {
            let (all, names) = with_keywords(vm, &[name, bases], kwargs)?;
            let namespace = call::call_kw(vm, f, all.as_slice(), names.as_slice())?;
            if attr::special(vm, namespace, vm.names.getitem).is_some() {
                return Ok(namespace);
            }
            let is_class = vm.kind(meta) == Kind::Class;
            let of = if is_class { vm.name_of_class(meta) } else { "<metaclass>".to_string() };
            let got = vm.class_name(namespace);
            Err(vm.type_error(format!("{of}.__prepare__() must return a mapping, not {got}")))
        }
        _ => Ok(dict::new_dict(vm)),
    }
}
