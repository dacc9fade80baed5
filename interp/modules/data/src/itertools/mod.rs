//! The module `itertools`.
//!
//! Every iterator is one Rust struct, [`Iter`]: the function that makes its next item, the values it holds, and numbers.
//! What these mean is up to each kind; the kinds are grouped in the files of this folder.

mod combine;
mod group;
mod select;
mod sequence;

use hoop_gc::{Marker, Value};
use hoop_object::errors::PyResult;
use hoop_object::foreign::{self, Foreign};
use hoop_object::kind::Kind;
use hoop_object::module;
use hoop_object::rows::NativeDef;
use hoop_object::vm::{NativeModule, Vm};
use hoop_protocol::iterators;
use hoop_types::classes::object;
use hoop_types::support::{names_of, new_object};

pub static MODULE: NativeModule = NativeModule { name: "itertools", init };

/// Makes the next item; nothing at the end.
pub(crate) type Next = fn(&mut Vm, Value) -> PyResult<Option<Value>>;

/// The state of an iterator of this module.
pub(crate) struct Iter {
    next: Next,
    values: Vec<Value>,
    numbers: Vec<i64>,
    indices: Vec<usize>,
    done: bool,
}

impl Foreign for Iter {
    fn trace(&self, marker: &mut Marker) {
        self.values.iter().for_each(|&v| marker.value(v));
    }
}

/// The state of an iterator object (unwrapped). Not to be held across a call that may run Python code.
pub(crate) fn state<'a>(it: Value) -> &'a mut Iter {
    foreign::get_known::<Iter>(it)
}

/// Value `i` of an iterator.
pub(crate) fn value(it: Value, i: usize) -> Value {
    state(it).values[i]
}

pub(crate) fn set_value(vm: &mut Vm, it: Value, i: usize, v: Value) {
    state(it).values[i] = v;
    vm.ctx.heap.write_barrier(it.ptr());
}

/// A new iterator.
pub(crate) fn make(vm: &mut Vm, class: Value, next: Next, values: &[Value], numbers: &[i64]) -> PyResult {
    let empty =
        Iter { next, values: Vec::new(), numbers: numbers.to_vec(), indices: Vec::new(), done: false };
    let object = new_object(vm, class, empty);
    let inner = vm.unwrap(object);
    state(inner).values.extend_from_slice(values);
    vm.ctx.heap.write_barrier(inner.ptr());
    Ok(object)
}

/// The iterator inside a method's self. TypeError if it is something else.
pub(crate) fn this(vm: &mut Vm, v: Value) -> PyResult {
    let inner = vm.unwrap(v);
    if vm.kind(inner) == Kind::Foreign && foreign::get::<Iter>(inner).is_some() {
        return Ok(inner);
    }
    let text = format!("descriptor requires an 'itertools' object but received a '{}'", vm.class_name(v));
    Err(vm.type_error(text))
}

/// What all classes of this module have.
const COMMON: &[NativeDef] = &[
    NativeDef::new("__iter__", "$self, /", |_, a| Ok(a[0])),
    NativeDef::new("__next__", "$self, /", |vm, a| {
        let it = this(vm, a[0])?;
        match (state(it).next)(vm, it)? {
            Some(v) => Ok(v),
            None => Err(vm.stop_iteration(Value::NONE)),
        }
    }),
];

/// Adds a class to the module.
pub(crate) fn add_class(vm: &mut Vm, ns: Value, name: &str, methods: &'static [NativeDef]) -> PyResult {
    let class = object::new_native_class(vm, name, "itertools", Kind::Foreign, COMMON)?;
    vm.add_methods(class, methods);
    module::set_global(vm, ns, name, class);
    Ok(class)
}

/// What the classes have whose iterators the machine knows by kind.
const KNOWN: &[NativeDef] = &[
    NativeDef::new("__iter__", "$self, /", |_, a| Ok(a[0])),
    NativeDef::new("__next__", "$self, /", |vm, a| {
        let it = known(vm, a[0])?;
        match iterators::iter_step(vm, it)? {
            Some(v) => Ok(v),
            None => Err(vm.stop_iteration(Value::NONE)),
        }
    }),
];

/// The iterator inside the self of a method of those classes. TypeError if it is something else.
pub(crate) fn known(vm: &mut Vm, v: Value) -> PyResult {
    let inner = vm.unwrap(v);
    match vm.kind(inner) {
        Kind::Count | Kind::ISlice => Ok(inner),
        _ => this(vm, v),
    }
}

/// Adds a class whose iterators are of a kind of their own.
pub(crate) fn add_known(
    vm: &mut Vm,
    ns: Value,
    name: &str,
    kind: Kind,
    methods: &'static [NativeDef],
) -> PyResult<()> {
    let class = object::new_native_class(vm, name, "itertools", kind, KNOWN)?;
    vm.add_methods(class, methods);
    module::set_global(vm, ns, name, class);
    Ok(())
}

fn init(vm: &mut Vm, module: Value) -> PyResult<()> {
    let ns = names_of(module);
    for init in [sequence::init, select::init, combine::init, group::init] {
        init(vm, ns)?;
    }
    Ok(())
}

/// Was the argument left out?
pub(crate) fn absent(v: Value) -> bool {
    matches!(v, Value::UNBOUND | Value::NONE)
}
