//! Calls of any callable from native code.

use crate::{attr, attributes, iterators, native, protocol};
use hoop_bytecode::Code;
use hoop_gc::Value;
use hoop_object::code::{CodeData, code_data};
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::tuple::ValueVec;
use hoop_object::vm::Vm;
use hoop_object::{dict, function, text};
use std::sync::Arc;

#[inline]
pub fn function_display(vm: &Vm, f: Value, data: &CodeData) -> String {
    let name = if vm.kind(f) == Kind::Function { FUNC_QUALNAME.read(f) } else { None };
    hoop_object::text::str_text(name.unwrap_or(data.qualname)).into_owned()
}

/// Calls any callable with positional arguments.
#[inline]
pub fn call(vm: &mut Vm, f: Value, args: &[Value]) -> PyResult {
    call_kw(vm, f, args, &[])
}

/// Calls any callable; the last `names.len()` arguments belong to these keywords (interned strings).
pub fn call_kw(vm: &mut Vm, f: Value, args: &[Value], names: &[Value]) -> PyResult {
    match vm.kind(f) {
        Kind::Function => (vm.hooks.call_function)(vm, f, args, names),
        Kind::Builtin if names.is_empty() => native::call_builtin(vm, f, args),
        Kind::Builtin => match hoop_object::rows::builtin_self(f) {
            None => {
                native::check_receiver(vm, f, &args[..args.len() - names.len()])?;
                native::call_native_kw(vm, hoop_object::rows::def_of(f), args, names)
            }
            Some(this) => {
                let all = prepend(vm, this, args)?;
                native::call_native_kw(vm, hoop_object::rows::def_of(f), all.as_slice(), names)
            }
        },
        Kind::BoundMethod => {
            let (func, this) = (METHOD_FUNC.read(f), METHOD_SELF.read(f));
            call_with_self(vm, func.unwrap_or(f), this.unwrap_or(f), args, names)
        }
        Kind::Class => {
            protocol::enter_native(vm)?;
            (vm.hooks.call_class)(vm, f, args, names)
        }
        Kind::StaticMethod => {
            let inner = attributes::wrapped(f);
            call_kw(vm, inner, args, names)
        }
        _ => {
            protocol::enter_native(vm)?;
            match attr::special(vm, f, vm.names.call) {
                Some(m) if vm.kind(m) == Kind::Function => call_with_self(vm, m, f, args, names),
                Some(m) => {
                    let class = vm.class_of(f);
                    let bound = attributes::bind_descriptor(vm, m, Some(f), class)?;
                    call_kw(vm, bound, args, names)
                }
                None => {
                    let text = format!("'{}' object is not callable", vm.class_name(f));
                    Err(vm.type_error(text))
                }
            }
        }
    }
}

#[inline]
pub fn prepend(vm: &mut Vm, this: Value, args: &[Value]) -> PyResult<ValueVec> {
    let mut all = ValueVec::with_capacity(vm, args.len() + 1)?;
    all.push(vm, this)?;
    for &v in args {
        all.push(vm, v)?;
    }
    Ok(all)
}

/// Calls something found on a class as a method of `this`.
#[inline]
pub fn call_with_self(vm: &mut Vm, f: Value, this: Value, args: &[Value], names: &[Value]) -> PyResult {
    let mut small = [Value::UNBOUND; 8];
    if args.len() < small.len() {
        small[0] = this;
        small[1..=args.len()].copy_from_slice(args);
        return call_kw(vm, f, &small[..=args.len()], names);
    }
    let all = prepend(vm, this, args)?;
    call_kw(vm, f, all.as_slice(), names)
}

/// Calls a special method found on the class of `this`: binds it as attribute access would.
#[inline]
pub fn call_special(vm: &mut Vm, f: Value, this: Value, args: &[Value]) -> PyResult {
    match vm.kind(f) {
        Kind::Function => call_with_self(vm, f, this, args, &[]),
        Kind::Builtin
            if hoop_object::rows::def_of(f).shape.receiver
                && hoop_object::rows::builtin_self(f).is_none() =>
        {
            protocol::enter_native(vm)?;
            call_method_row(vm, f, this, args)
        }
        _ => {
            let class = vm.class_of(this);
            let bound = attributes::bind_descriptor(vm, f, Some(this), class)?;
            call(vm, bound, args)
        }
    }
}

/// Calls a built-in method found on the class of `this`.
fn call_method_row(vm: &mut Vm, f: Value, this: Value, args: &[Value]) -> PyResult {
    let (row, mut small) = (hoop_object::rows::def_of(f), [this; 4]);
    if args.len() < small.len() {
        small[1..=args.len()].copy_from_slice(args);
        return native::call_native(vm, row, &small[..=args.len()]);
    }
    let all = prepend(vm, this, args)?;
    native::call_native(vm, row, all.as_slice())
}

/// Calls `object.name(args)`.
#[inline]
pub fn call_method(vm: &mut Vm, object: Value, name: Value, args: &[Value]) -> PyResult {
    let f = attributes::getattr(vm, object, name)?;
    call(vm, f, args)
}

/// A callable's name with its module, as messages show it.
fn callable_display(vm: &mut Vm, f: Value) -> String {
    if vm.kind(f) != Kind::Function {
        return match vm.kind(f) {
            Kind::Builtin => format!("{}()", hoop_object::rows::def_of(f).name),
            _ => format!("{} object", vm.class_name(f)),
        };
    }
    let data = code_data(FUNC_CODE.read(f).unwrap_or(f));
    let name = function_display(vm, f, data);
    match FUNC_MODULE.read(f) {
        Some(m) if vm.kind(m) == Kind::Str => format!("{}.{name}()", hoop_object::text::str_text(m)),
        _ => format!("{name}()"),
    }
}

/// `f(*args, **kwargs)`: any iterable, and a dict or nothing.
pub fn call_ex(vm: &mut Vm, f: Value, args: Value, kwargs: Option<Value>) -> PyResult {
    if !iterators::is_iterable(vm, args) {
        let (name, class) = (callable_display(vm, f), vm.class_name(args));
        return Err(vm.type_error(format!("{name} argument after * must be an iterable, not {class}")));
    }
    let mut all = protocol::collect(vm, args)?;
    let mut names = ValueVec::new();
    if let Some(d) = kwargs {
        let mut i = 0;
        while let Some((at, entry)) = dict::dict_next(vm, d, i) {
            let key = vm.unwrap(entry.key);
            if vm.kind(key) != Kind::Str {
                return Err(vm.type_error("keywords must be strings"));
            }
            let key = text::intern_str(vm, key);
            names.push(vm, key)?;
            all.push(vm, entry.value)?;
            i = at + 1;
        }
    }
    call_kw(vm, f, all.as_slice(), names.as_slice())
}

/// Runs module-level code (or an expression's) in a namespace. `locals`: the mapping for its names, if it was
/// compiled for one.
#[inline]
pub fn run_code(vm: &mut Vm, code: Arc<Code>, globals: Value, locals: &[Value]) -> PyResult {
    dict::make_namespace(vm, globals)?;
    let builtins = function::builtins_of(vm, globals)?;
    let code = function::load_code(vm, code, globals, builtins)?;
    let f = function::make_function(vm, code);
    call(vm, f, locals)
}
