//! `types.GenericAlias`: what `list[int]` is. It calls and looks like the class it stands for, and remembers the
//! arguments for annotations.

use crate::errors::PyResult;
use crate::native::NativeDef;
use crate::objects::Kind;
use crate::objects::class::class_data;
use crate::objects::foreign::{self, Foreign};
use crate::objects::text::str_text;
use crate::objects::tuple::tuple_items;
use crate::vm::Vm;
use hoop_gc::{Marker, Value};

struct Alias {
    origin: Value,
    /// A tuple.
    args: Value,
}

impl Foreign for Alias {
    fn trace(&self, marker: &mut Marker) {
        marker.value(self.origin);
        marker.value(self.args);
    }
}

const STATE: &str = "types.GenericAlias";

/// The class itself, made when first needed.
pub fn class(vm: &mut Vm) -> PyResult {
    if let Some(&class) = vm.module_state.get(STATE) {
        return Ok(class);
    }
    let class = vm.new_native_class("GenericAlias", "types", Kind::Foreign, METHODS)?;
    vm.add_getters(class, GETTERS);
    super::union::add_operators(vm, class);
    vm.module_state.insert(STATE, class);
    Ok(class)
}

/// `origin[item]`.
pub fn new_alias(vm: &mut Vm, origin: Value, item: Value) -> PyResult {
    let args = if vm.kind(item) == Kind::Tuple { item } else { vm.new_tuple(&[item])? };
    let class = class(vm)?;
    let shape = vm.native_shape(class);
    Ok(vm.new_foreign(shape, Alias { origin, args }))
}

/// Is it a subscripted class?
pub fn is_alias(vm: &Vm, v: Value) -> bool {
    vm.kind(v) == Kind::Foreign && foreign::get::<Alias>(v).is_some()
}

fn alias(vm: &mut Vm, v: Value) -> PyResult<(Value, Value)> {
    if vm.kind(v) == Kind::Foreign
        && let Some(a) = foreign::get::<Alias>(v)
    {
        return Ok((a.origin, a.args));
    }
    let text = format!("a 'types.GenericAlias' object is required, not '{}'", vm.class_name(v));
    Err(vm.type_error(text))
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    new_alias(vm, a[1], a[2])
}

fn call(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (origin, _) = alias(vm, a[0])?;
    let (args, names) = vm.with_keywords(&a[2..], a[1])?;
    vm.call_kw(origin, args.as_slice(), names.as_slice())
}

fn getattr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (origin, _) = alias(vm, a[0])?;
    vm.getattr(origin, a[1])
}

/// A member as types show it: a class by its name.
pub fn show_part(vm: &mut Vm, v: Value) -> PyResult<String> {
    match vm.kind(v) {
        Kind::Ellipsis => Ok("...".to_string()),
        Kind::Class => {
            let name = str_text(class_data(v).qualname).into_owned();
            let key = vm.names.module;
            let module = vm.lookup(v, key).filter(|&m| vm.kind(m) == Kind::Str);
            match module.map(|m| str_text(m).into_owned()) {
                Some(m) if m != "builtins" => Ok(format!("{m}.{name}")),
                _ => Ok(name),
            }
        }
        _ => vm.repr_text(v),
    }
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (origin, args) = alias(vm, a[0])?;
    let mut parts = Vec::new();
    for &arg in tuple_items(args) {
        parts.push(show_part(vm, arg)?);
    }
    let inside = if parts.is_empty() { "()".to_string() } else { parts.join(", ") };
    let text = format!("{}[{inside}]", show_part(vm, origin)?);
    Ok(vm.str(&text))
}

fn eq(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (origin, args) = alias(vm, a[0])?;
    if vm.class_of(a[1]) != vm.class_of(a[0]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (other, others) = alias(vm, a[1])?;
    Ok(Value::bool(vm.eq(origin, other)? && vm.eq(args, others)?))
}

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (origin, args) = alias(vm, a[0])?;
    let h = vm.hash(origin)? ^ vm.hash(args)?;
    Ok(vm.int_from_i64(h))
}

fn mro_entries(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (origin, _) = alias(vm, a[0])?;
    vm.new_tuple(&[origin])
}

fn getitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text = vm.repr_text(a[0])?;
    Err(vm.type_error(format!("{text} is not a generic class")))
}

fn instancecheck(vm: &mut Vm, _: &[Value]) -> PyResult {
    Err(vm.type_error("isinstance() argument 2 cannot be a parameterized generic"))
}

fn subclasscheck(vm: &mut Vm, _: &[Value]) -> PyResult {
    Err(vm.type_error("issubclass() argument 2 cannot be a parameterized generic"))
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, origin, args, /", new),
    NativeDef::new("__call__", "self, /, *args, **kwargs", call),
    NativeDef::new("__getattr__", "self, name, /", getattr),
    NativeDef::new("__repr__", "self, /", repr),
    NativeDef::new("__eq__", "self, value, /", eq),
    NativeDef::new("__hash__", "self, /", hash),
    NativeDef::new("__mro_entries__", "self, bases, /", mro_entries),
    NativeDef::new("__getitem__", "self, key, /", getitem),
    NativeDef::new("__instancecheck__", "self, instance, /", instancecheck),
    NativeDef::new("__subclasscheck__", "self, class, /", subclasscheck),
];

const GETTERS: &[super::attributes::Getter] = &[
    ("__origin__", |vm, v| Ok(alias(vm, v)?.0)),
    ("__args__", |vm, v| Ok(alias(vm, v)?.1)),
    ("__parameters__", |vm, _| vm.new_tuple(&[])),
];

fn class_getitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    new_alias(vm, a[0], a[1])
}

static CLASS_GETITEM: NativeDef = NativeDef::new("__class_getitem__", "cls, key, /", class_getitem);

/// Lets a built-in class be subscripted.
pub fn make_generic(vm: &mut Vm, class: Value) {
    let f = vm.new_builtin(&CLASS_GETITEM, None, Some(class));
    let f = vm.new_wrapper(Kind::ClassMethod, f);
    vm.set_class_attr_str(class, "__class_getitem__", f);
}
