//! `bytes`. Most methods are shared with `bytearray`: see `methods`.

pub mod construct;
pub mod cut;
pub mod methods;
pub mod search;

use crate::numbers::int::add_class_methods;
use crate::text::str::add_static_methods;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::rows::NativeDef;
use hoop_object::vm::Vm;
use hoop_object::{bigint, tuple};
use hoop_protocol::{protocol, seq};

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = construct::new_bytes_of(vm, a[1], a[2], a[3])?;
    let base = vm.types.bytes;
    seq::new_of(vm, a[0], base, b)
}

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, |k| k == Kind::Bytes, "bytes", method)
}

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__hash__")?;
    let h = protocol::hash(vm, b)?;
    Ok(bigint::int_from_i64(vm, h))
}

fn getnewargs(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__getnewargs__")?;
    tuple::new_tuple(vm, &[b])
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, source=b'', encoding='utf-8', errors='strict'", new),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__bytes__", "$self, /", |vm, a| this(vm, a[0], "__bytes__")),
    NativeDef::new("__getnewargs__", "$self, /", getnewargs),
];

pub fn init(vm: &mut Vm) {
    let class = vm.types.bytes;
    vm.add_methods(class, methods::SHARED);
    vm.add_methods(class, METHODS);
    add_class_methods(vm, class, methods::CLASS_METHODS);
    add_static_methods(vm, class, methods::STATIC_METHODS);
}
