//! Runs one program in a machine of its own and turns how it ended into an exit code.

#[cfg(test)]
mod hand_over;
#[cfg(test)]
mod tests;

use crate::args::{Settings, Source};
use crate::host::{self, Process};
use crate::seed;
use hoop_engine::interrupt;
use hoop_gc::{GcConfig, Value};
use hoop_interp::{execution, import, traceback};
use hoop_jit::Jit;
use hoop_object::errors::{Raise, exc_slot};
use hoop_object::kind::Kind;
use hoop_object::layout::slot;
use hoop_object::vm::{CompileMode, Host, Vm};
use hoop_object::{dict, list, module, text};
use hoop_protocol::{attributes, call, protocol};
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Stack kept for native code that runs after a recursion error.
pub(crate) const STACK_RESERVE: usize = 512 << 10;

/// Runs the program; `stack_bytes` is the size of this thread's stack.
pub fn run(settings: Settings, stack_bytes: usize) -> u8 {
    let base = hoop_gc::current_stack_address();
    run_above(settings, base, stack_bytes)
}

/// Everything here lies above the stack's base and is seen by the collector.
#[inline(never)]
fn run_above(settings: Settings, base: usize, stack_bytes: usize) -> u8 {
    if let Some((_, Some(file))) = &settings.jit_dump
        && let Err(error) = std::fs::File::create(file)
    {
        return fail(&format!("cannot write {file}: {error}"));
    }
    let mut process = Process::new();
    if let Some((stages, file)) = &settings.jit_dump
        && stages.iter().any(|s| s == "bytecode")
    {
        match hoop_jit::open(file.as_deref()) {
            Ok(sink) => process.on_code = Some(bytecode_dump(sink)),
            Err(message) => return fail(&message),
        }
    }
    let host = Rc::new(process);
    let jit = match Jit::new(&settings.jit, settings.jit_dump.as_ref(), host.clone()) {
        Ok(jit) => jit,
        Err(message) => return fail(&message),
    };
    let hash_seed = match seed::of_run(&settings) {
        Ok(seed) => seed,
        Err(message) => {
            eprintln!("{message}");
            return 1;
        }
    };
    let stack = base.saturating_sub(stack_bytes)..base;
    let mut vm = machine(&settings, stack, host.clone(), jit.as_ref(), hash_seed);
    catch_interrupts(&vm);
    let ended = start(&mut vm, &settings);
    let code = finish(&mut vm, ended);
    host.flush();
    report(&mut vm, &settings, jit.as_ref());
    // The process ends here; nobody needs its memory back one object at a time.
    vm.jit = None;
    std::mem::forget(vm);
    code
}

/// A machine whose thread has this stack.
pub(crate) fn machine(
    settings: &Settings,
    stack: std::ops::Range<usize>,
    host: Rc<Process>,
    jit: Option<&Jit>,
    hash_seed: u64,
) -> Box<Vm> {
    let config = GcConfig {
        stress_every: settings.gc_stress,
        poison: settings.gc_stress != 0,
        verify: settings.gc_stress != 0,
        ..GcConfig::default()
    };
    let mut vm = hoop_interp::boot::new_machine(config, host, hash_seed);
    vm.ctx.heap.set_stack_base(stack.end);
    vm.ctx.thread.stack_limit = stack.start + STACK_RESERVE;
    vm.native_modules = [hoop_core::MODULES, hoop_data::MODULES].concat();
    if let Some(jit) = jit {
        jit.connect(&mut vm);
    }
    vm
}

fn fail(message: &str) -> u8 {
    eprintln!("hoop: {message}");
    2
}

fn bytecode_dump(sink: Box<dyn std::io::Write>) -> Box<dyn Fn(&hoop_bytecode::Code)> {
    let sink = std::cell::RefCell::new(sink);
    Box::new(move |code| {
        let _ = writeln!(
            sink.borrow_mut(),
            "{}",
            hoop_bytecode::print(code, hoop_bytecode::PrintOptions::default())
        );
    })
}

/// Ctrl-C sets a bit that loops and calls poll.
fn catch_interrupts(vm: &Vm) {
    let word = &vm.ctx.interrupt as *const AtomicU32 as usize;
    let on_signal = move || {
        // SAFETY: the machine is never freed while the process lives, and storing to an atomic is safe in a handler.
        unsafe { &*(word as *const AtomicU32) }.fetch_or(interrupt::SIGNAL, Ordering::Release);
    };
    // SAFETY: the handler does nothing but an atomic store. A failure to install it leaves Ctrl-C to the system.
    let _ = unsafe { signal_hook::low_level::register(signal_hook::consts::SIGINT, on_signal) };
}

pub(crate) fn start(vm: &mut Vm, settings: &Settings) -> Result<(), Raise> {
    vm.argv = match &settings.source {
        Source::File(path) => vec![path.clone()],
        Source::Text(_) => vec!["-c".to_string()],
        Source::Module(_) => vec!["-m".to_string()],
        Source::Stdin => vec![if settings.args.is_empty() { "" } else { "-" }.to_string()],
    };
    vm.argv.extend(settings.args.iter().cloned());
    let dir = match &settings.source {
        Source::File(path) => {
            Path::new(path).parent().map_or(String::new(), |p| p.to_string_lossy().into_owned())
        }
        Source::Module(_) => {
            std::env::current_dir().map_or(String::new(), |p| p.to_string_lossy().into_owned())
        }
        _ => String::new(),
    };
    let dir = text::str(vm, &dir);
    let path = vm.sys_path;
    list::push(vm, path, dir)?;
    if !settings.ignore_environment
        && let Ok(extra) = std::env::var("PYTHONPATH")
    {
        for item in extra.split(':').filter(|p| !p.is_empty()) {
            let item = text::str(vm, item);
            list::push(vm, path, item)?;
        }
    }
    // Output goes through `sys.stdout`, which a program may replace.
    import::import_module(vm, "sys")?;
    let (source, name) = match &settings.source {
        Source::Text(text) => (text.clone().into_bytes(), "<string>".to_string()),
        Source::File(path) => (read_file(vm, path)?, path.clone()),
        Source::Stdin => (read_stdin(vm)?, "<stdin>".to_string()),
        Source::Module(module) => return run_module(vm, module),
    };
    run_main(vm, &source, &name)
}

fn read_file(vm: &mut Vm, path: &str) -> Result<Vec<u8>, Raise> {
    std::fs::read(path).map_err(|error| {
        let number = error.raw_os_error().unwrap_or(0);
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "No such file or directory".to_string(),
            _ => error.to_string(),
        };
        vm.host.flush();
        eprintln!("hoop: can't open file '{path}': [Errno {number}] {reason}");
        let class = vm.types.system_exit;
        vm.raise_with(class, &[Value::int(2)])
    })
}

fn read_stdin(vm: &mut Vm) -> Result<Vec<u8>, Raise> {
    let mut text = Vec::new();
    match std::io::Read::read_to_end(&mut std::io::stdin(), &mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(vm.os_error(error.to_string())),
    }
}

pub(crate) fn run_main(vm: &mut Vm, source: &[u8], file: &str) -> Result<(), Raise> {
    let name = vm.names.main;
    let module = module::new_module(vm, name);
    let modules = vm.modules;
    dict::set(vm, modules, name, module)?;
    let file_text = text::str(vm, file);
    let key = vm.names.file;
    attributes::setattr(vm, module, key, file_text)?;
    let code = execution::compile_source(vm, source, file, CompileMode::Exec)?;
    let ns = vm.names.dict;
    let ns = attributes::getattr(vm, module, ns)?;
    call::run_code(vm, code, ns, &[]).map(|_| ())
}

/// `-m`: the module's file, or a package's `__main__`, run as the main program.
fn run_module(vm: &mut Vm, module: &str) -> Result<(), Raise> {
    let relative = module.replace('.', "/");
    let mut found = None;
    let iterable = vm.sys_path;
    for &dir in protocol::collect(vm, iterable)?.as_slice() {
        let dir = hoop_object::text::str_text(dir).into_owned();
        for candidate in [format!("{relative}.py"), format!("{relative}/__main__.py")] {
            let path = Path::new(if dir.is_empty() { "." } else { &dir }).join(candidate);
            if path.is_file() && found.is_none() {
                found = Some(path.to_string_lossy().into_owned());
            }
        }
    }
    let Some(path) = found else {
        vm.host.flush();
        eprintln!("hoop: No module named {module}");
        let class = vm.types.system_exit;
        return Err(vm.raise_with(class, &[Value::int(1)]));
    };
    vm.argv[0] = path.clone();
    let source = read_file(vm, &path)?;
    run_main(vm, &source, &path)
}

/// The exit code, after an uncaught exception is shown.
pub(crate) fn finish(vm: &mut Vm, ended: Result<(), Raise>) -> u8 {
    if ended.is_ok() {
        return 0;
    }
    let exc = vm.take_pending();
    if vm.is_instance_of(exc, vm.types.system_exit) {
        return exit_code(vm, exc);
    }
    let text = traceback::format_exception(vm, exc);
    let _ = vm.host.write(true, text.as_bytes());
    if vm.is_instance_of(exc, vm.types.keyboard_interrupt) { 130 } else { 1 }
}

fn exit_code(vm: &mut Vm, exc: Value) -> u8 {
    let code = slot(exc_slot::VALUE).read(exc).filter(|&v| v != Value::UNBOUND).unwrap_or(Value::NONE);
    match code {
        Value::NONE => 0,
        v if vm.kind(v) == Kind::Bool => (v == Value::TRUE) as u8,
        v if v.is_int() => v.int_unchecked() as u8,
        v => {
            if let Ok(s) = protocol::to_str(vm, v) {
                let text = format!("{}\n", hoop_object::text::str_text(s));
                let _ = vm.host.write(true, text.as_bytes());
            }
            1
        }
    }
}

fn report(vm: &mut Vm, settings: &Settings, jit: Option<&Jit>) {
    if settings.jit_stats
        && let Some(jit) = jit
    {
        eprint!("{}", jit.report(vm));
    }
    if settings.gc_stats {
        eprintln!("{:?}", vm.ctx.heap.stats());
        eprintln!("objects: {}", vm.ctx.heap.objects().len());
        eprintln!("names: {}", vm.interned.count());
        eprintln!("shapes: {}", vm.shapes.count());
        if let Some(bytes) = host::allocated() {
            eprintln!("outside: {bytes}");
        }
    }
}
