//! The start: a machine, its hooks, and what fills the built-in classes.

use crate::execution;
use hoop_gc::GcConfig;
use hoop_object::hooks::Hooks;
use hoop_object::vm::{Host, Vm};
use hoop_protocol::slice;
use hoop_types::classes::{class, descriptors, generic_alias, object, union};
use hoop_types::containers::{dict, list, range, set, tuple};
use hoop_types::exceptions;
use hoop_types::functions::{builtins, function};
use hoop_types::iterators::{generators, iter_classes};
use hoop_types::numbers::{self, complex, float, int};
use hoop_types::text::str::percent;
use hoop_types::text::{self, bytearray, bytes};
use std::rc::Rc;

static HOOKS: Hooks = Hooks {
    call_function: crate::call::call_python,
    call_class: class::call,
    resume: crate::ops::generator::generator_resume,
    throw: crate::ops::generator::generator_throw,
    close: crate::ops::generator::generator_close,
    interrupts: execution::handle_interrupts,
    hash: hoop_protocol::protocol::hash,
    equal: hoop_protocol::protocol::eq,
    to_str: hoop_protocol::protocol::to_str,
    modulo: percent::modulo,
    new_alias: generic_alias::new_alias,
};

/// A machine that is ready for code.
pub fn new_machine(config: GcConfig, host: Rc<dyn Host>, hash_seed: u64) -> Box<Vm> {
    let mut vm = Vm::new(config, host, &HOOKS, hash_seed);
    init(&mut vm);
    vm.ctx.heap.resume_collections();
    vm
}

/// Fills the built-in classes and the namespace of builtins.
pub fn init(vm: &mut Vm) {
    for init in [
        object::init,
        class::init,
        union::init,
        function::init,
        descriptors::init,
        exceptions::init,
        generators::init,
        execution::init,
        int::init,
        numbers::bool::init,
        float::init,
        complex::init,
        range::init,
        slice::init,
        list::init,
        tuple::init,
        dict::init,
        set::init,
        iter_classes::init_classes,
        text::str::init,
        bytes::init,
        bytearray::init,
        builtins::init,
    ] {
        init(vm);
    }
}
