//! Module objects and their globals.

use crate::kind::Kind;
use crate::layout::*;
use crate::vm::Vm;
use crate::{dict, hash, text};
use hoop_gc::Value;

/// The `builtins` module object.
pub fn builtins_module(vm: &mut Vm) -> Value {
    let name = text::intern(vm, b"builtins");
    let modules = vm.modules;
    if let Some(m) = dict::get_str(vm, modules, name) {
        return m;
    }
    let m = new_module(vm, name);
    let ns = vm.builtins;
    let key = vm.names.name;
    let hash = hash::str_hash(vm, key);
    let _ = dict::set_hashed(vm, ns, key, hash, name);
    vm.ctx.write(m, &MODULE_DICT, ns);
    let hash = hash::str_hash(vm, name);
    let _ = dict::set_hashed(vm, modules, name, hash, m);
    m
}

/// `super(class, object)`, which walks the resolution order of `of`.
#[inline]
pub fn super_object(vm: &mut Vm, class: Value, object: Value, of: Value) -> Value {
    let shape = vm.kind_shape(Kind::Super);
    let s = vm.ctx.alloc(shape, 3);
    SUPER_CLASS.init(s, class);
    SUPER_OBJECT.init(s, object);
    SUPER_START.init(s, of);
    s
}

/// An empty module of this name.
pub fn new_module(vm: &mut Vm, name: Value) -> Value {
    let ns = dict::new_namespace(vm);
    let shape = vm.kind_shape(Kind::Module);
    let m = vm.ctx.alloc(shape, 1);
    MODULE_DICT.init(m, ns);
    let n = &vm.names;
    for (key, v) in [
        (n.name, name),
        (n.doc, Value::NONE),
        (n.package, Value::NONE),
        (n.loader, Value::NONE),
        (n.spec, Value::NONE),
    ] {
        let hash = hash::str_hash(vm, key);
        let done = dict::set_hashed(vm, ns, key, hash, v);
        debug_assert!(done.is_ok());
    }
    m
}

/// Sets a name in a namespace, at start-up.
#[inline]
pub fn set_global(vm: &mut Vm, namespace: Value, name: &str, v: Value) {
    let key = text::intern(vm, name.as_bytes());
    let hash = hash::str_hash(vm, key);
    let done = dict::set_hashed(vm, namespace, key, hash, v);
    debug_assert!(done.is_ok());
}
