//! The built-in classes and functions: one file each.

pub mod attributes;
pub mod builtins;
pub mod class;
pub mod exceptions;
pub mod execution;
pub mod functions;
pub mod generators;
pub mod object;
pub mod order;

pub mod bigint;
pub mod bool;
pub mod complex;
pub mod float;
pub mod int;
pub mod magnitude;
pub mod range;
pub mod slice;

pub mod counting;
pub mod descriptors;
pub mod dict;
pub mod dict_views;
pub mod generic_alias;
pub mod iter_classes;
pub mod iterators;
pub mod list;
pub mod list_slice;
pub mod seq;
pub mod set;
pub mod sort;
pub mod subscript;
mod timsort;
pub mod tuple;
pub mod union;
pub mod unpack;

pub mod bytearray;
pub mod bytes;
pub mod str;

use crate::vm::Vm;

/// Fills the built-in classes and the namespace of builtins.
pub fn init(vm: &mut Vm) {
    for init in [
        object::init,
        class::init,
        union::init,
        functions::init,
        descriptors::init,
        exceptions::init,
        generators::init,
        execution::init,
        int::init,
        bool::init,
        float::init,
        complex::init,
        range::init,
        slice::init,
        list::init,
        tuple::init,
        dict::init,
        set::init,
        iterators::init,
        str::init,
        bytes::init,
        bytearray::init,
        builtins::init,
    ] {
        init(vm);
    }
}
