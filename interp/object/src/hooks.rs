//! What lower rooms call in higher ones: the one way up.

use crate::errors::PyResult;
use crate::vm::Vm;
use hoop_gc::Value;

/// The table of hooks, which the machine fills in. It is one table for all machines, and never changes.
pub struct Hooks {
    /// Calls a Python function; the last `names.len()` arguments belong to keywords.
    pub call_function: fn(&mut Vm, function: Value, args: &[Value], names: &[Value]) -> PyResult,
    /// Calls a class: makes an instance.
    pub call_class: fn(&mut Vm, class: Value, args: &[Value], names: &[Value]) -> PyResult,
    /// Resumes a generator with a value; nothing: it has ended, and the machine has its result.
    pub resume: fn(&mut Vm, generator: Value, sent: Value) -> PyResult<Option<Value>>,
    /// Raises an exception in a generator; gives what resuming does.
    pub throw: fn(&mut Vm, generator: Value, exception: Value) -> PyResult<Option<Value>>,
    /// Closes a generator.
    pub close: fn(&mut Vm, generator: Value) -> PyResult<()>,
    /// Does what the interrupt word asks for.
    pub interrupts: fn(&mut Vm) -> PyResult<()>,
    /// `hash(v)`.
    pub hash: fn(&mut Vm, Value) -> PyResult<i64>,
    /// `a is b or a == b`.
    pub equal: fn(&mut Vm, Value, Value) -> PyResult<bool>,
    /// `str(v)`.
    pub to_str: fn(&mut Vm, Value) -> PyResult,
    /// `template % values` of a str.
    pub modulo: fn(&mut Vm, &[Value]) -> PyResult,
    /// `class[item]` of a built-in class.
    pub new_alias: fn(&mut Vm, class: Value, item: Value) -> PyResult,
}
