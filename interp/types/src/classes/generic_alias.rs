//! `types.GenericAlias`: what `list[int]` is. It calls and looks like the class it stands for, and remembers the
//! arguments for annotations.

use crate::classes::{class, object};
use hoop_gc::{Marker, Value};
use hoop_object::bigint;
use hoop_object::class::class_data;
use hoop_object::errors::PyResult;
use hoop_object::foreign::{self, Foreign};
use hoop_object::kind::Kind;
use hoop_object::rows::{self, NativeDef};
use hoop_object::text::{self, str_text};
use hoop_object::tuple::{self, tuple_items};
use hoop_object::vm::Vm;
use hoop_protocol::{attr, attributes, call, protocol};

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
#[inline]
pub fn class(vm: &mut Vm) -> PyResult {
    if let Some(&class) = vm.module_state.get(STATE) {
        return Ok(class);
    }
    let class = object::new_native_class(vm, "GenericAlias", "types", Kind::Foreign, METHODS)?;
    object::add_getters(vm, class, GETTERS);
    crate::classes::union::add_operators(vm, class);
    vm.module_state.insert(STATE, class);
    Ok(class)
}

/// `origin[item]`.
#[inline]
pub fn new_alias(vm: &mut Vm, origin: Value, item: Value) -> PyResult {
    let args = if vm.kind(item) == Kind::Tuple { item } else { tuple::new_tuple(vm, &[item])? };
    let class = class(vm)?;
    let shape = object::native_shape(class);
    Ok(vm.new_foreign(shape, Alias { origin, args }))
}

/// Is it a subscripted class?
#[inline]
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
    let (args, names) = class::with_keywords(vm, &a[2..], a[1])?;
    call::call_kw(vm, origin, args.as_slice(), names.as_slice())
}

fn getattr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (origin, _) = alias(vm, a[0])?;
    attributes::getattr(vm, origin, a[1])
}

/// A member as types show it: a class by its name.
pub fn show_part(vm: &mut Vm, v: Value) -> PyResult<String> {
    match vm.kind(v) {
        Kind::Ellipsis => Ok("...".to_string()),
        Kind::Class => {
            let name = str_text(class_data(v).qualname).into_owned();
            let key = vm.names.module;
            let module = attr::lookup(vm, v, key).filter(|&m| vm.kind(m) == Kind::Str);
            match module.map(|m| str_text(m).into_owned()) {
                Some(m) if m != "builtins" => Ok(format!("{m}.{name}")),
                _ => Ok(name),
            }
        }
        _ => protocol::repr_text(vm, v),
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
    Ok(text::str(vm, &text))
}

fn eq(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (origin, args) = alias(vm, a[0])?;
    if vm.class_of(a[1]) != vm.class_of(a[0]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (other, others) = alias(vm, a[1])?;
    Ok(Value::bool(protocol::eq(vm, origin, other)? && protocol::eq(vm, args, others)?))
}

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (origin, args) = alias(vm, a[0])?;
    let h = protocol::hash(vm, origin)? ^ protocol::hash(vm, args)?;
    Ok(bigint::int_from_i64(vm, h))
}

fn mro_entries(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (origin, _) = alias(vm, a[0])?;
    tuple::new_tuple(vm, &[origin])
}

fn getitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text = protocol::repr_text(vm, a[0])?;
    Err(vm.type_error(format!("{text} is not a generic class")))
}

fn instancecheck(vm: &mut Vm, _: &[Value]) -> PyResult {
    Err(vm.type_error("isinstance() argument 2 cannot be a parameterized generic"))
}

fn subclasscheck(vm: &mut Vm, _: &[Value]) -> PyResult {
    Err(vm.type_error("issubclass() argument 2 cannot be a parameterized generic"))
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, origin, args, /", new),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", call),
    NativeDef::new("__getattr__", "$self, name, /", getattr),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__mro_entries__", "$self, object, /", mro_entries),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__instancecheck__", "$self, object, /", instancecheck),
    NativeDef::new("__subclasscheck__", "$self, object, /", subclasscheck),
];

const GETTERS: &[hoop_protocol::attributes::Getter] = &[
    ("__origin__", |vm, v| Ok(alias(vm, v)?.0)),
    ("__args__", |vm, v| Ok(alias(vm, v)?.1)),
    ("__parameters__", |vm, _| tuple::new_tuple(vm, &[])),
];

fn class_getitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    new_alias(vm, a[0], a[1])
}

static CLASS_GETITEM: NativeDef = NativeDef::new("__class_getitem__", "$type, object, /", class_getitem);

/// Lets a built-in class be subscripted.
#[inline]
pub fn make_generic(vm: &mut Vm, class: Value) {
    let f = rows::new_builtin(vm, &CLASS_GETITEM, None, Some(class));
    let f = vm.new_wrapper(Kind::ClassMethod, f);
    vm.set_class_attr_str(class, "__class_getitem__", f);
}
