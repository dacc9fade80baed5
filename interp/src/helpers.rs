//! Built-in functions and iterators as bytecode, for arguments whose items come from Python code.
//!
//! A native loop over a generator would resume it in a run of its own for each item, which no trace can follow. The
//! functions of `helpers/helpers.txt` do the same as the native ones, with frames that are pushed and popped in the one
//! step loop. Their frames are hidden from tracebacks.
//!
//! A helper with a loop is copied for each code object that feeds it, so that each loop has counters and machine code
//! of its own. The helpers' globals are a namespace of their own, which the program cannot reach.

use hoop_bytecode::{Code, Const};
use hoop_gc::Value;
use hoop_object::code::code_data;
use hoop_object::errors::PyResult;
use hoop_object::helpers::{Helper, HelperFunction};
use hoop_object::layout::ITER_OVER;
use hoop_object::rows::{self, Intrinsic, NativeDef};
use hoop_object::vm::Vm;
use hoop_object::{dict, function, text};
use hoop_protocol::{counting, iterators};
use hoop_types::functions::builtins::FUNCTIONS;
use std::sync::Arc;

const TEXT: &str = include_str!("helpers/helpers.txt");

/// Gives the count of an `enumerate` and steps it.
static COUNT: NativeDef = NativeDef::new("count", "counter, /", |vm, a| iterators::enumerate_count(vm, a[0]))
    .intrinsic(Intrinsic::EnumerateCount);

/// Notes that an `islice` has passed an item of its source; is it the one to give?
static PASSED: NativeDef =
    NativeDef::new("passed", "slice, /", |_, a| Ok(Value::bool(counting::islice_passed(a[0]))))
        .intrinsic(Intrinsic::SlicePassed);

/// Notes that the source of an `islice` has ended.
static ENDED: NativeDef = NativeDef::new("ended", "slice, /", |_, a| {
    ITER_OVER.init(a[0], Value::UNBOUND);
    Ok(Value::NONE)
})
.intrinsic(Intrinsic::SliceEnded);

/// The helper's function; `feeder` is the code object that feeds it, if it has a loop.
pub fn helper(vm: &mut Vm, helper: Helper, feeder: Value) -> PyResult {
    let made =
        |all: &[HelperFunction]| all.iter().find(|made| made.helper == helper).map(|made| made.function);
    let own = (feeder != Value::UNBOUND).then(|| code_data(feeder));
    let found = match own {
        Some(data) => made(&data.helpers.borrow()),
        None => made(&vm.helpers.shared),
    };
    if let Some(f) = found {
        return Ok(f);
    }
    let globals = match vm.helpers.globals {
        Some(globals) => globals,
        None => load_helpers(vm)?,
    };
    let code = vm.helpers.codes[helper as usize].clone();
    let code = function::load_code(vm, code, globals, globals)?;
    let function = function::make_function(vm, code);
    let made = HelperFunction { helper, function };
    match own {
        Some(data) => {
            vm.ctx.heap.write_barrier(feeder.ptr());
            data.helpers.borrow_mut().push(made);
        }
        None => vm.helpers.shared.push(made),
    }
    Ok(function)
}

fn load_helpers(vm: &mut Vm) -> PyResult {
    vm.helpers.codes = codes();
    let globals = dict::new_namespace(vm);
    vm.helpers.globals = Some(globals);
    let t = &vm.types;
    let classes = [("type", t.type_), ("int", t.int), ("float", t.float)];
    let errors = [("ValueError", t.value_error), ("StopIteration", t.stop_iteration)];
    for (name, v) in classes.into_iter().chain(errors) {
        set_helper_global(vm, globals, name, v)?;
    }
    let used = FUNCTIONS.iter().filter(|row| matches!(row.name, "abs" | "isinstance"));
    for row in used.chain([&COUNT, &PASSED, &ENDED]) {
        let f = rows::new_builtin(vm, row, None, None);
        set_helper_global(vm, globals, row.name, f)?;
    }
    Ok(globals)
}

fn set_helper_global(vm: &mut Vm, globals: Value, name: &str, v: Value) -> PyResult<()> {
    let key = text::intern(vm, name.as_bytes());
    dict::set(vm, globals, key, v)
}

/// The code objects of the text, in the order of [`Helper`].
fn codes() -> Vec<Arc<Code>> {
    let Ok(all) = hoop_bytecode::parse(TEXT) else { unreachable!("the helpers' text is well formed") };
    let nested =
        all.consts.into_iter().filter_map(|c| if let Const::Code(code) = c { Some(code) } else { None });
    nested.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_verified_and_complete() {
        let codes = codes();
        assert_eq!(codes.len(), Helper::ISlice as usize + 1);
        for code in codes {
            hoop_bytecode::verify(&code).unwrap_or_else(|e| panic!("{}: {e}", code.name));
        }
    }
}
