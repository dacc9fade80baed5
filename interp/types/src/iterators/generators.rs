//! Methods of generators.

use crate::classes::object;
use crate::exceptions;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::generator::{self, state};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::rows::{Intrinsic, NativeDef};
use hoop_object::text::{self, str_text};
use hoop_object::tuple::tuple_items;
use hoop_object::vm::Vm;
use hoop_protocol::attributes::{self, GetSet};
use hoop_protocol::call;

const METHODS: &[NativeDef] = &[
    NativeDef::new("__iter__", "$self, /", |_, args| Ok(args[0])),
    NativeDef::new("__next__", "$self, /", |vm, args| {
        let r = (vm.hooks.resume)(vm, args[0], Value::NONE)?;
        item_or_stop(vm, r)
    })
    .intrinsic(Intrinsic::Next),
    NativeDef::new("send", "$self, object, /", |vm, args| {
        let r = (vm.hooks.resume)(vm, args[0], args[1])?;
        item_or_stop(vm, r)
    })
    .intrinsic(Intrinsic::Send),
    NativeDef::new("throw", "$self, type, value=None, traceback=None, /", throw).no_text(),
    NativeDef::new("close", "$self, /", |vm, args| (vm.hooks.close)(vm, args[0]).map(|()| Value::NONE)),
    NativeDef::new("__repr__", "$self, /", |vm, args| {
        let name = GEN_QUALNAME.read(args[0]).unwrap_or(Value::NONE);
        let text = format!("<generator object {} at {:#x}>", str_text(name), args[0].bits());
        Ok(text::str(vm, &text))
    }),
];

const GETSETS: &[GetSet] = &[
    GetSet {
        name: "__name__",
        get: |_, g| Ok(GEN_NAME.read(g).unwrap_or(Value::NONE)),
        set: Some(|vm, g, v| set_text(vm, g, &GEN_NAME, "__name__", v)),
    },
    GetSet {
        name: "__qualname__",
        get: |_, g| Ok(GEN_QUALNAME.read(g).unwrap_or(Value::NONE)),
        set: Some(|vm, g, v| set_text(vm, g, &GEN_QUALNAME, "__qualname__", v)),
    },
    GetSet { name: "gi_running", get: |_, g| Ok(Value::bool(generator::generator_runs(g))), set: None },
    GetSet {
        name: "gi_suspended",
        get: |_, g| Ok(Value::bool(GEN_STATE.read(g) == state::SUSPENDED && !generator::generator_runs(g))),
        set: None,
    },
    GetSet { name: "gi_code", get: |_, g| Ok(GEN_CODE.read(g).unwrap_or(Value::NONE)), set: None },
];

pub fn init(vm: &mut Vm) {
    let class = vm.types.generator;
    vm.add_methods(class, METHODS);
    attributes::add_getsets(vm, class, GETSETS);
}

fn set_text(
    vm: &mut Vm,
    g: Value,
    field: &hoop_engine::Field<hoop_engine::V>,
    name: &str,
    v: Value,
) -> PyResult<()> {
    if v == Value::UNBOUND || vm.kind(v) != Kind::Str {
        return Err(vm.type_error(format!("{name} must be set to a string object")));
    }
    vm.ctx.write(g, field, v);
    Ok(())
}

fn item_or_stop(vm: &mut Vm, item: Option<Value>) -> PyResult {
    match item {
        Some(v) => Ok(v),
        None => {
            let value = vm.thread.result;
            Err(vm.stop_iteration(value))
        }
    }
}

fn throw(vm: &mut Vm, args: &[Value]) -> PyResult {
    let value = Some(args[2]).filter(|&v| v != Value::UNBOUND && v != Value::NONE);
    let exc = thrown(vm, args[1], value)?;
    let r = (vm.hooks.throw)(vm, args[0], exc)?;
    item_or_stop(vm, r)
}

/// The exception that `throw(class, value)` or `throw(exception)` means.
fn thrown(vm: &mut Vm, what: Value, value: Option<Value>) -> PyResult {
    if vm.is_exception(what) {
        return match value {
            None => Ok(what),
            Some(_) => Err(vm.type_error("instance exception may not have a separate value")),
        };
    }
    let base = vm.types.base_exception;
    if vm.kind(what) != Kind::Class || !vm.is_subclass(what, base) {
        let given = vm.class_name(what);
        let text =
            format!("exceptions must be classes or instances deriving from BaseException, not {given}");
        return Err(vm.type_error(text));
    }
    let exc = match value {
        None => return exceptions::make_exception(vm, what, Value::UNBOUND),
        Some(v) if vm.is_instance_of(v, what) => return Ok(v),
        Some(v) if vm.kind(v) == Kind::Tuple => call::call(vm, what, tuple_items(v))?,
        Some(v) => call::call(vm, what, &[v])?,
    };
    if vm.is_exception(exc) {
        return Ok(exc);
    }
    let (class, got) = (object::qualified_name(vm, what), vm.class_name(exc));
    Err(vm.type_error(format!(
        "calling <class '{class}'> should have returned an instance of BaseException, not {got}"
    )))
}
