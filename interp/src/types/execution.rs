//! Running code from code: `exec`, `eval`, `compile`, `__import__`, `globals`, `locals`, `__build_class__`; interrupts;
//! names of constants for dumps.

use crate::errors::{PyResult, Raise};
use crate::native::{ALWAYS_SEES, NativeDef};
use crate::objects::Kind;
use crate::objects::code::code_data;
use crate::objects::layout::*;
use crate::objects::text::{bytes_data, share_str, str_bytes, str_text};
use crate::vm::{CompileMode, SourceError, Vm};
use hoop_engine::{Frame, interrupt};
use hoop_gc::Value;
use std::sync::Arc;
use std::sync::atomic::Ordering;

const FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("__build_class__", "func, name, /, *bases, **kwds", |vm, args| {
        // Parameters, the keyword dict, then the bases.
        let mut all = crate::objects::tuple::ValueVec::from_slice(vm, &args[..2])?;
        for &b in &args[3..] {
            all.push(vm, b)?;
        }
        vm.build_class(all.as_slice(), args[2])
    }),
    NativeDef::new("__import__", "name, globals=None, locals=None, fromlist=(), level=0", import),
    NativeDef::new("exec", "source, globals=None, locals=None, /, *, closure=None", |vm, args| {
        run_source(vm, args, CompileMode::Exec).map(|_| Value::NONE)
    })
    .sees_frames_below(2),
    NativeDef::new("eval", "source, globals=None, locals=None, /", |vm, args| {
        run_source(vm, args, CompileMode::Eval)
    })
    .sees_frames_below(2),
    NativeDef::new("compile", "source, filename, mode, flags=0, dont_inherit=False, optimize=-1", compile),
    NativeDef::new("globals", "", |vm, _| {
        Ok(vm.looked_at_frame().map_or(vm.builtins, |f| code_data(f.code).globals))
    })
    .sees_frames_below(ALWAYS_SEES),
    NativeDef::new("locals", "", |vm, _| vm.frame_locals()).sees_frames_below(ALWAYS_SEES),
];

pub fn init(vm: &mut Vm) {
    let ns = vm.builtins;
    vm.add_functions(ns, FUNCTIONS);
}

fn import(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.unwrap(args[0]);
    if vm.kind(name) != Kind::Str {
        return Err(vm.type_error("module name must be a string"));
    }
    let level = if args[4] == Value::UNBOUND { 0 } else { vm.index_c_int(args[4])? };
    if level < 0 {
        return Err(vm.value_error("level must be >= 0"));
    }
    let from = if args[3] == Value::UNBOUND { Value::NONE } else { args[3] };
    vm.import_statement(name, Value::int(level), from)
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
    let code = vm.compile(&source, &file, mode)?;
    let (globals, builtins) = (vm.new_namespace(), vm.builtins);
    vm.load_code(code, globals, builtins)
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
        None => vm.looked_at_frame().map_or(vm.builtins, |f| code_data(f.code).globals),
    };
    if !vm.kind(globals).is_dict() {
        let text = match mode {
            CompileMode::Eval => "globals must be a dict".to_string(),
            _ => format!("exec() globals must be a dict, not {}", vm.class_name(globals)),
        };
        return Err(vm.type_error(text));
    }
    let locals = match given(args[1]).or(given(args[2])) {
        None => Some(vm.frame_locals()?),
        Some(_) => given(args[2]),
    };
    let locals = locals.filter(|&l| l != globals);
    if let Some(l) = locals
        && vm.special(l, vm.names.getitem).is_none()
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
    let code = vm.compile(&source, "<string>", mode)?;
    vm.run_code(code, globals, locals.as_slice())
}

/// Runs a code object, which was compiled for names that are globals: those of a separate locals mapping are seen as
/// globals of a namespace of their own; bindings go back.
fn run_object(
    vm: &mut Vm,
    code: Arc<hoop_bytecode::Code>,
    globals: Value,
    locals: Option<Value>,
) -> PyResult {
    let Some(locals) = locals else { return vm.run_code(code, globals, &[]) };
    let names = vm.merged_namespace(globals, locals)?;
    let r = vm.run_code(code, names, &[]);
    vm.copy_new_bindings(names, globals, locals)?;
    r
}

impl Vm {
    /// Compiles source text; SyntaxError and its kin with CPython's attributes.
    pub fn compile(
        &mut self,
        source: &[u8],
        filename: &str,
        mode: CompileMode,
    ) -> PyResult<Arc<hoop_bytecode::Code>> {
        let host = self.host.clone();
        match host.compile(source, filename, mode) {
            Ok(code) => Ok(Arc::new(code)),
            Err(error) => Err(self.source_error(filename, &error)),
        }
    }

    fn source_error(&mut self, filename: &str, error: &SourceError) -> Raise {
        let class = match error.class {
            "IndentationError" => self.types.indentation_error,
            "TabError" => self.types.tab_error,
            "RecursionError" => return self.recursion_error(&error.message),
            "MemoryError" => return self.memory_error(),
            _ => self.types.syntax_error,
        };
        let (message, file) = (self.str(&error.message), self.str(filename));
        let text = error.text.as_ref().map_or(Value::NONE, |t| self.str(t));
        let [line, column, end_line, end_column] =
            [error.line as i64, error.column as i64, error.end_line as i64, error.end_column as i64]
                .map(Value::int);
        let Ok(details) = self.new_tuple(&[file, line, column, text, end_line, end_column]) else {
            return Raise;
        };
        let Ok(exc) = self.new_exception(class, &[message, details]) else { return Raise };
        let n = &self.names;
        let attrs = [
            (n.filename, file),
            (n.lineno, line),
            (n.offset, column),
            (n.text, text),
            (n.end_lineno, end_line),
            (n.end_offset, end_column),
        ];
        for (name, v) in attrs {
            if self.instance_set(exc, name, v).is_err() {
                return Raise;
            }
        }
        self.raise(exc)
    }

    /// Globals with a locals mapping's names on top.
    fn merged_namespace(&mut self, globals: Value, locals: Value) -> PyResult {
        let ns = self.new_namespace();
        self.dict_update(ns, globals)?;
        self.dict_update(ns, locals)?;
        Ok(ns)
    }

    /// Bindings that running code added or changed go to the locals.
    fn copy_new_bindings(&mut self, from: Value, globals: Value, locals: Value) -> PyResult<()> {
        let mut i = 0;
        while let Some((at, e)) = self.dict_next(from, i) {
            let before = self.dict_get(globals, e.key)?;
            if before != Some(e.value) && e.key != self.names.builtins {
                self.set_item(locals, e.key, e.value)?;
            }
            i = at + 1;
        }
        Ok(())
    }

    /// The frame whose code called the running native function, perhaps by way of other native functions. No recording
    /// follows that instruction from now on: what it calls needs the frame.
    pub fn looked_at_frame(&mut self) -> Option<Frame> {
        let frame = self.ctx.thread.frames.last().cloned()?;
        if self.ctx.thread.frames.depth() > self.ctx.thread.frames_in_code {
            if code_data(frame.code).note_look(frame.pc.saturating_sub(1)) {
                self.ctx.assumptions.spoil_recording();
            }
        } else {
            // It is machine code that called; the interpreter shall find out where.
            self.ctx.assumptions.invalidate_calls();
        }
        Some(frame)
    }

    /// The running frame's local variables.
    pub fn frame_locals(&mut self) -> PyResult {
        let Some(frame) = self.looked_at_frame() else { return Ok(self.new_dict()) };
        let data = code_data(frame.code);
        data.locals_seen.set(true);
        if let Some(variables) = self.comprehension_locals(&frame)? {
            return Ok(variables);
        }
        if let Some(r) = data.code.namespace_reg {
            return Ok(self.ctx.thread.frames.register(&frame, r));
        }
        if data.code.flags.module {
            return Ok(data.globals);
        }
        let d = self.new_dict();
        for (i, &name) in data.local_names.iter().enumerate() {
            let v = self.ctx.thread.frames.register(&frame, i as u16);
            // Those of a comprehension hide others while it runs.
            let name = match str_bytes(name) {
                [b'.', first, ..] if first.is_ascii_digit() => continue,
                [b'.', rest @ ..] => self.intern(rest),
                _ => name,
            };
            self.add_local(d, name, v)?;
        }
        let cells = data.code.cell_names.iter().chain(&data.code.free_names).zip(&data.code.cell_registers);
        for (name, &r) in cells {
            let v = self.ctx.thread.frames.register(&frame, r);
            let name = self.intern(name.as_bytes());
            self.add_local(d, name, v)?;
        }
        Ok(d)
    }

    /// The variables of a comprehension that runs in a module or class body, where `locals()` gives them alone.
    fn comprehension_locals(&mut self, frame: &hoop_engine::Frame) -> PyResult<Option<Value>> {
        let data = code_data(frame.code);
        if !data.code.flags.module && data.code.namespace_reg.is_none() {
            return Ok(None);
        }
        let d = self.new_dict();
        for (i, &name) in data.local_names.iter().enumerate() {
            if let [b'.', rest @ ..] = str_bytes(name)
                && Some(i as u16) != data.code.namespace_reg
            {
                let v = self.ctx.thread.frames.register(frame, i as u16);
                let name = self.intern(rest);
                self.add_local(d, name, v)?;
            }
        }
        Ok(Some(d).filter(|&d| crate::objects::dict::dict_len(d) > 0))
    }

    fn add_local(&mut self, d: Value, name: Value, v: Value) -> PyResult<()> {
        if v != Value::UNBOUND && self.kind(v) == Kind::Str {
            share_str(v);
        }
        let v = if v != Value::UNBOUND && self.kind(v) == Kind::Cell {
            CELL_VALUE.read(v).unwrap_or(Value::UNBOUND)
        } else {
            v
        };
        if v == Value::UNBOUND { Ok(()) } else { self.dict_set(d, name, v) }
    }

    /// The `builtins` module object.
    pub fn builtins_module(&mut self) -> Value {
        let name = self.intern(b"builtins");
        let modules = self.modules;
        if let Some(m) = self.dict_get_str(modules, name) {
            return m;
        }
        let m = self.new_module(name);
        let ns = self.builtins;
        let key = self.names.name;
        let hash = self.str_hash(key);
        let _ = self.dict_set_hashed(ns, key, hash, name);
        self.ctx.write(m, &MODULE_DICT, ns);
        let hash = self.str_hash(name);
        let _ = self.dict_set_hashed(modules, name, hash, m);
        m
    }

    /// What the interrupt word asks for: signals, finalizers, weak reference callbacks, exhausted memory, better code.
    pub fn handle_interrupts(&mut self) -> PyResult<()> {
        let bits = self.ctx.interrupt.swap(0, Ordering::AcqRel);
        if bits & interrupt::WARM != 0
            && let Some(jit) = self.jit.clone()
        {
            jit.warm(self);
        }
        if bits & interrupt::HEAP != 0 {
            if let Err(raise) = self.check_memory() {
                // The others' turn comes at the next poll.
                self.ctx.interrupt.fetch_or(bits & !interrupt::WARM, Ordering::AcqRel);
                return Err(raise);
            }
            self.run_finalizers();
            self.run_weakref_callbacks();
        }
        if bits & interrupt::SIGNAL != 0 {
            let class = self.types.keyboard_interrupt;
            return Err(self.raise_with(class, &[]));
        }
        Ok(())
    }

    /// Has a signal come that waits to be handled?
    pub fn is_interrupted(&self) -> bool {
        self.ctx.interrupt.load(Ordering::Acquire) & interrupt::SIGNAL != 0
    }

    /// The next line of standard input; Ctrl-C while waiting raises.
    pub fn read_line(&mut self) -> PyResult<Vec<u8>> {
        let host = self.host.clone();
        loop {
            match host.read_line(&|| self.is_interrupted()) {
                Ok(Some(line)) => return Ok(line),
                Ok(None) => self.handle_interrupts()?,
                Err(error) => return Err(self.os_error(error.to_string())),
            }
        }
    }

    fn run_finalizers(&mut self) {
        for v in self.ctx.heap.take_finalizers() {
            self.ctx.heap.push_temp_root(v);
        }
        while let Some(v) = self.ctx.heap.pop_temp_root() {
            if let Some(f) = self.special(v, self.names.del) {
                let r = self.call_special(f, v, &[]);
                self.report_unraisable(r);
            }
        }
    }

    fn run_weakref_callbacks(&mut self) {
        for w in self.ctx.heap.take_cleared_weakrefs() {
            self.ctx.heap.push_temp_root(w);
        }
        while let Some(w) = self.ctx.heap.pop_temp_root() {
            if let Some(f) = WEAKREF_CALLBACK.read(w).filter(|&f| f != Value::NONE && f != Value::UNBOUND) {
                let r = self.call(f, &[w]);
                self.report_unraisable(r);
            }
        }
    }

    /// An exception that nobody can catch is shown on standard error.
    fn report_unraisable(&mut self, r: PyResult) {
        if r.is_err() {
            let exc = self.take_pending();
            let text = format!("Exception ignored:\n{}", self.format_exception(exc));
            let _ = self.host.write(true, text.as_bytes());
        }
    }

    /// A readable stable name for a constant object in a trace.
    pub fn describe_constant(&mut self, v: Value) -> String {
        match self.kind(v) {
            Kind::Str => format!("{:?}", str_text(v)),
            Kind::Function => {
                format!("<function {}>", str_text(FUNC_QUALNAME.read(v).unwrap_or(self.names.empty)))
            }
            Kind::Builtin => format!("<builtin {}>", crate::native::def_of(v).name),
            Kind::Class => format!("<class {}>", self.name_of_class(v)),
            Kind::Code => format!("<code {}>", code_data(v).code.qualname),
            _ if !v.is_ptr() => format!("{v:?}"),
            _ => format!("<{}>", self.class_name(v)),
        }
    }
}
