//! Running code from code: `exec`, `eval`, `compile`, `__import__`, `globals`, `locals`, `__build_class__`; interrupts;
//! names of constants for dumps.

use crate::{import, traceback};
use hoop_engine::interrupt;
use hoop_gc::Value;
use hoop_object::code::code_data;
use hoop_object::errors::{PyResult, Raise};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::rows::NativeDef;
use hoop_object::text::{self, bytes_data, str_bytes, str_text};
use hoop_object::vm::{CompileMode, SourceError, Vm};
use hoop_object::{dict, function, tuple};
use hoop_protocol::native::ALWAYS_SEES;
use hoop_protocol::{attr, call, protocol, subscript};
use hoop_types::classes::{class, object};
use hoop_types::containers;
use hoop_types::functions::builtins::locals;
use std::sync::Arc;
use std::sync::atomic::Ordering;

const FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("__build_class__", "func, name, /, *bases, **kwds", |vm, args| {
        // Parameters, the keyword dict, then the bases.
        let mut all = hoop_object::tuple::ValueVec::from_slice(vm, &args[..2])?;
        for &b in &args[3..] {
            all.push(vm, b)?;
        }
        class::build_class(vm, all.as_slice(), args[2])
    })
    .no_text(),
    NativeDef::new(
        "__import__",
        "$module, /, name, globals=None, locals=None, fromlist=(),\n           level=0",
        import,
    ),
    NativeDef::new("exec", "$module, source, /, globals=None, locals=None, *, closure=None", |vm, args| {
        run_source(vm, args, CompileMode::Exec).map(|_| Value::NONE)
    })
    .sees_frames_below(2),
    NativeDef::new("eval", "$module, source, /, globals=None, locals=None", |vm, args| {
        run_source(vm, args, CompileMode::Eval)
    })
    .sees_frames_below(2),
    NativeDef::new(
        "compile",
        "$module, /, source, filename, mode, flags=0,\n        dont_inherit=False, optimize=-1, *, _feature_version=-1",
        compile,
    ),
    NativeDef::new("globals", "$module, /", |vm, _| {
        Ok(locals::looked_at_frame(vm).map_or(vm.builtins, |f| code_data(f.code).globals))
    })
    .sees_frames_below(ALWAYS_SEES),
    NativeDef::new("locals", "$module, /", |vm, _| locals::frame_locals(vm)).sees_frames_below(ALWAYS_SEES),
];

pub fn init(vm: &mut Vm) {
    let ns = vm.builtins;
    object::add_functions(vm, ns, FUNCTIONS);
}

fn import(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.unwrap(args[0]);
    if vm.kind(name) != Kind::Str {
        return Err(vm.type_error("module name must be a string"));
    }
    let level = if args[4] == Value::UNBOUND { 0 } else { protocol::index_c_int(vm, args[4])? };
    if level < 0 {
        return Err(vm.value_error("level must be >= 0"));
    }
    let from = if args[3] == Value::UNBOUND { Value::NONE } else { args[3] };
    import::import_statement(vm, name, Value::int(level), from)
}

fn compile(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mode = match &*text_of(vm, args[2])? {
        "exec" => CompileMode::Exec,
        "eval" => CompileMode::Eval,
        "single" => CompileMode::Single,
        _ => return Err(vm.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    };
    let file = text_of(vm, args[1])?;
    let source = source_bytes(vm, args[0], "compile")?;
    let code = compile_source(vm, &source, &file, mode)?;
    let (globals, builtins) = (dict::new_namespace(vm), vm.builtins);
    function::load_code(vm, code, globals, builtins)
}

fn text_of(vm: &mut Vm, v: Value) -> PyResult<String> {
    let s = vm.unwrap(v);
    if vm.kind(s) == Kind::Str {
        return Ok(str_text(s).into_owned());
    }
    let text = format!("expected str, not {}", vm.class_name(v));
    Err(vm.type_error(text))
}

fn source_bytes(vm: &mut Vm, v: Value, who: &str) -> PyResult<Vec<u8>> {
    let s = vm.unwrap(v);
    match vm.kind(s) {
        Kind::Str => Ok(str_bytes(s).to_vec()),
        Kind::Bytes => Ok(bytes_data(s).to_vec()),
        _ => {
            let what = if who == "compile" { "AST" } else { "code" };
            Err(vm.type_error(format!("{who}() arg 1 must be a string, bytes or {what} object")))
        }
    }
}

fn run_source(vm: &mut Vm, args: &[Value], mode: CompileMode) -> PyResult {
    let given = |v: Value| Some(v).filter(|&v| v != Value::UNBOUND && v != Value::NONE);
    let globals = match given(args[1]) {
        Some(globals) => globals,
        None => locals::looked_at_frame(vm).map_or(vm.builtins, |f| code_data(f.code).globals),
    };
    if !vm.kind(globals).is_dict() {
        let text = match mode {
            CompileMode::Eval => "globals must be a dict".to_string(),
            _ => format!("exec() globals must be a dict, not {}", vm.class_name(globals)),
        };
        return Err(vm.type_error(text));
    }
    let locals = match given(args[1]).or(given(args[2])) {
        None => Some(locals::frame_locals(vm)?),
        Some(_) => given(args[2]),
    };
    let locals = locals.filter(|&l| l != globals);
    if let Some(l) = locals
        && attr::special(vm, l, vm.names.getitem).is_none()
    {
        let text = match mode {
            CompileMode::Eval => "locals must be a mapping".to_string(),
            _ => format!("locals must be a mapping or None, not {}", vm.class_name(l)),
        };
        return Err(vm.type_error(text));
    }
    if vm.kind(args[0]) == Kind::Code {
        return run_object(vm, code_data(args[0]).code.clone(), globals, locals);
    }
    let who = if mode == CompileMode::Eval { "eval" } else { "exec" };
    let source = source_bytes(vm, args[0], who)?;
    let mode = match (locals, mode) {
        (None, mode) => mode,
        (Some(_), CompileMode::Eval) => CompileMode::EvalIn,
        (Some(_), _) => CompileMode::ExecIn,
    };
    let code = compile_source(vm, &source, "<string>", mode)?;
    call::run_code(vm, code, globals, locals.as_slice())
}

/// Runs a code object, which was compiled for names that are globals: those of a separate locals mapping are seen as
/// globals of a namespace of their own; bindings go back.
fn run_object(
    vm: &mut Vm,
    code: Arc<hoop_bytecode::Code>,
    globals: Value,
    locals: Option<Value>,
) -> PyResult {
    let Some(locals) = locals else { return call::run_code(vm, code, globals, &[]) };
    let names = merged_namespace(vm, globals, locals)?;
    let r = call::run_code(vm, code, names, &[]);
    copy_new_bindings(vm, names, globals, locals)?;
    r
}

/// Compiles source text; SyntaxError and its kin with CPython's attributes.
pub fn compile_source(
    vm: &mut Vm,
    source: &[u8],
    filename: &str,
    mode: CompileMode,
) -> PyResult<Arc<hoop_bytecode::Code>> {
    let host = vm.host.clone();
    match host.compile(source, filename, mode) {
        Ok(code) => Ok(Arc::new(code)),
        Err(error) => Err(source_error(vm, filename, &error)),
    }
}

fn source_error(vm: &mut Vm, filename: &str, error: &SourceError) -> Raise {
    let class = match error.class {
        "IndentationError" => vm.types.indentation_error,
        "TabError" => vm.types.tab_error,
        "RecursionError" => return vm.recursion_error(&error.message),
        "MemoryError" => return vm.memory_error(),
        _ => vm.types.syntax_error,
    };
    let (message, file) = (text::str(vm, &error.message), text::str(vm, filename));
    let text = error.text.as_ref().map_or(Value::NONE, |t| text::str(vm, t));
    let [line, column, end_line, end_column] =
        [error.line as i64, error.column as i64, error.end_line as i64, error.end_column as i64]
            .map(Value::int);
    let Ok(details) = tuple::new_tuple(vm, &[file, line, column, text, end_line, end_column]) else {
        return Raise;
    };
    let Ok(exc) = vm.new_exception(class, &[message, details]) else { return Raise };
    let n = &vm.names;
    let attrs = [
        (n.filename, file),
        (n.lineno, line),
        (n.offset, column),
        (n.text, text),
        (n.end_lineno, end_line),
        (n.end_offset, end_column),
    ];
    for (name, v) in attrs {
        if attr::instance_set(vm, exc, name, v).is_err() {
            return Raise;
        }
    }
    vm.raise(exc)
}

/// Globals with a locals mapping's names on top.
fn merged_namespace(vm: &mut Vm, globals: Value, locals: Value) -> PyResult {
    let ns = dict::new_namespace(vm);
    containers::dict::dict_update(vm, ns, globals)?;
    containers::dict::dict_update(vm, ns, locals)?;
    Ok(ns)
}

/// Bindings that running code added or changed go to the locals.
fn copy_new_bindings(vm: &mut Vm, from: Value, globals: Value, locals: Value) -> PyResult<()> {
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, from, i) {
        let before = dict::get(vm, globals, e.key)?;
        if before != Some(e.value) && e.key != vm.names.builtins {
            subscript::set_item(vm, locals, e.key, e.value)?;
        }
        i = at + 1;
    }
    Ok(())
}

/// What the interrupt word asks for: signals, finalizers, weak reference callbacks, exhausted memory, better code.
pub fn handle_interrupts(vm: &mut Vm) -> PyResult<()> {
    let bits = vm.ctx.interrupt.swap(0, Ordering::AcqRel);
    if bits & interrupt::WARM != 0
        && let Some(jit) = vm.jit.clone()
    {
        jit.warm(vm);
    }
    if bits & interrupt::HEAP != 0 {
        if let Err(raise) = vm.check_memory() {
            // The others' turn comes at the next poll.
            vm.ctx.interrupt.fetch_or(bits & !interrupt::WARM, Ordering::AcqRel);
            return Err(raise);
        }
        run_finalizers(vm);
        run_weakref_callbacks(vm);
    }
    if bits & interrupt::SIGNAL != 0 {
        let class = vm.types.keyboard_interrupt;
        return Err(vm.raise_with(class, &[]));
    }
    Ok(())
}

fn run_finalizers(vm: &mut Vm) {
    for v in vm.ctx.heap.take_finalizers() {
        vm.ctx.heap.push_temp_root(v);
    }
    while let Some(v) = vm.ctx.heap.pop_temp_root() {
        if let Some(f) = attr::special(vm, v, vm.names.del) {
            let r = call::call_special(vm, f, v, &[]);
            report_unraisable(vm, r);
        }
    }
}

fn run_weakref_callbacks(vm: &mut Vm) {
    for w in vm.ctx.heap.take_cleared_weakrefs() {
        vm.ctx.heap.push_temp_root(w);
    }
    while let Some(w) = vm.ctx.heap.pop_temp_root() {
        if let Some(f) = WEAKREF_CALLBACK.read(w).filter(|&f| f != Value::NONE && f != Value::UNBOUND) {
            let r = call::call(vm, f, &[w]);
            report_unraisable(vm, r);
        }
    }
}

/// An exception that nobody can catch is shown on standard error.
fn report_unraisable(vm: &mut Vm, r: PyResult) {
    if r.is_err() {
        let exc = vm.take_pending();
        let text = format!("Exception ignored:\n{}", traceback::format_exception(vm, exc));
        let _ = vm.host.write(true, text.as_bytes());
    }
}

/// A readable stable name for a constant object in a trace.
pub fn describe_constant(vm: &mut Vm, v: Value) -> String {
    match vm.kind(v) {
        Kind::Str => format!("{:?}", str_text(v)),
        Kind::Function => {
            format!("<function {}>", str_text(FUNC_QUALNAME.read(v).unwrap_or(vm.names.empty)))
        }
        Kind::Builtin => format!("<builtin {}>", hoop_object::rows::def_of(v).name),
        Kind::Class => format!("<class {}>", vm.name_of_class(v)),
        Kind::Code => format!("<code {}>", code_data(v).code.qualname),
        _ if !v.is_ptr() => format!("{v:?}"),
        _ => format!("<{}>", vm.class_name(v)),
    }
}
