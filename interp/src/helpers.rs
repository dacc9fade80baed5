//! Built-in functions and iterators as bytecode, for arguments whose items come from Python code.
//!
//! A native loop over a generator would resume it in a run of its own for each item, which no trace can follow. The
//! functions of `helpers/helpers.txt` do the same as the native ones, with frames that are pushed and popped in the one
//! step loop. Their frames are hidden from tracebacks.
//!
//! A helper with a loop is copied for each code object that feeds it, so that each loop has counters and machine code
//! of its own. The helpers' globals are a namespace of their own, which the program cannot reach.

use crate::errors::PyResult;
use crate::native::{Intrinsic, NativeDef};
use crate::objects::layout::ITER_OVER;
use crate::types::builtins::FUNCTIONS;
use crate::types::counting;
use crate::vm::Vm;
use hoop_bytecode::{Code, Const};
use hoop_gc::{Marker, Value};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The helpers, in the order of their text.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Helper {
    Any,
    All,
    List,
    Tuple,
    Set,
    Min,
    Max,
    Sum,
    Sorted,
    Join,
    /// One item, or StopIteration.
    Next,
    /// One item, or the default.
    NextOr,
    /// One step of an iterator: an item, or UNBOUND at its end.
    Map,
    Filter,
    Enumerate,
    Zip,
    ISlice,
}

/// What is kept of the helpers.
#[derive(Default)]
pub struct Helpers {
    codes: Vec<Arc<Code>>,
    globals: Option<Value>,
    /// Functions by helper and the code object (its word) that feeds them.
    copies: FxHashMap<(Helper, u64), Value>,
}

/// Copies kept; when there are more, all are made anew.
const MAX_COPIES: usize = 1024;

const TEXT: &str = include_str!("helpers/helpers.txt");

/// Gives the count of an `enumerate` and steps it.
static COUNT: NativeDef = NativeDef::new("count", "counter, /", |vm, a| vm.enumerate_count(a[0]))
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

impl Helpers {
    pub fn trace(&self, marker: &mut Marker) {
        self.copies.values().chain(&self.globals).for_each(|&v| marker.value(v));
    }
}

impl Vm {
    /// The helper's function; `feeder` is the code object that feeds it, if it has a loop.
    pub fn helper(&mut self, helper: Helper, feeder: Value) -> PyResult {
        let key = (helper, feeder.bits());
        if let Some(&f) = self.helpers.copies.get(&key) {
            return Ok(f);
        }
        let globals = match self.helpers.globals {
            Some(globals) => globals,
            None => self.load_helpers()?,
        };
        let code = self.helpers.codes[helper as usize].clone();
        let code = self.load_code(code, globals, globals)?;
        let f = self.make_function(code);
        if self.helpers.copies.len() >= MAX_COPIES {
            self.helpers.copies.clear();
        }
        self.helpers.copies.insert(key, f);
        Ok(f)
    }

    fn load_helpers(&mut self) -> PyResult {
        self.helpers.codes = codes();
        let globals = self.new_namespace();
        self.helpers.globals = Some(globals);
        let t = &self.types;
        let classes = [("type", t.type_), ("int", t.int), ("float", t.float)];
        let errors = [("ValueError", t.value_error), ("StopIteration", t.stop_iteration)];
        for (name, v) in classes.into_iter().chain(errors) {
            self.set_helper_global(globals, name, v)?;
        }
        let used = FUNCTIONS.iter().filter(|row| matches!(row.name, "abs" | "isinstance"));
        for row in used.chain([&COUNT, &PASSED, &ENDED]) {
            let f = self.new_builtin(row, None, None);
            self.set_helper_global(globals, row.name, f)?;
        }
        Ok(globals)
    }

    fn set_helper_global(&mut self, globals: Value, name: &str, v: Value) -> PyResult<()> {
        let key = self.intern(name.as_bytes());
        self.dict_set(globals, key, v)
    }
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
