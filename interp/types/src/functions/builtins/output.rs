//! `print` and `input`.
//!
//! The standard streams are written through the host directly, one write per call, unless `sys.stdout` (or `sys.stdin`)
//! was replaced: then its methods are called. The original stream objects are in `module_state` under `sys.stdout` and
//! `sys.stdin`.

use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::MODULE_DICT;
use hoop_object::text::{self, str_bytes};
use hoop_object::vm::Vm;
use hoop_object::{dict, interrupts};
use hoop_protocol::{attributes, call, protocol};

/// Where text goes.
enum Target {
    Host,
    Object(Value),
    Nowhere,
}

/// `print(*args, sep, end, file, flush)`: the four keywords come first.
pub fn print(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (sep, end, file, flush) = (a[0], a[1], a[2], a[3]);
    let sep = separator(vm, sep, "sep", b" ")?;
    let end = separator(vm, end, "end", b"\n")?;
    let target = match file {
        Value::UNBOUND | Value::NONE => stream(vm, "sys.stdout", vm.names.stdout)?,
        file => Target::Object(file),
    };
    let args = &a[4..];
    match target {
        Target::Nowhere => return Ok(Value::NONE),
        Target::Host => print_host(vm, args, sep, end)?,
        Target::Object(file) => print_object(vm, args, file, sep, end)?,
    }
    if flush != Value::UNBOUND && protocol::truth(vm, flush)? {
        flush_stream(vm, &target)?;
    }
    Ok(Value::NONE)
}

fn separator<'a>(vm: &mut Vm, v: Value, name: &str, default: &'static [u8]) -> PyResult<&'a [u8]> {
    if matches!(v, Value::UNBOUND | Value::NONE) {
        return Ok(default);
    }
    let inner = vm.unwrap(v);
    if vm.kind(inner) == Kind::Str {
        return Ok(str_bytes(inner));
    }
    let text = format!("{name} must be None or a string, not {}", vm.class_name(v));
    Err(vm.type_error(text))
}

fn print_host(vm: &mut Vm, args: &[Value], sep: &[u8], end: &[u8]) -> PyResult<()> {
    let mut out = Vec::with_capacity(64);
    for (i, &v) in args.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(sep);
        }
        match v.as_int() {
            Some(n) => hoop_text::int::push_decimal(&mut out, n),
            None => {
                let s = protocol::to_str(vm, v)?;
                out.extend_from_slice(str_bytes(s));
            }
        }
    }
    out.extend_from_slice(end);
    write_host(vm, &out)
}

/// Writes text to the host's standard output; lone surrogates cannot be encoded.
pub fn write_host(vm: &mut Vm, text: &[u8]) -> PyResult<()> {
    let encoded;
    let bytes = match std::str::from_utf8(text) {
        Ok(_) => text,
        Err(_) => {
            use hoop_text::codec::{Encoding, Handler, encode_with};
            match encode_with(Encoding::Utf8, text, Handler::Strict) {
                Ok(bytes) => {
                    encoded = bytes;
                    &encoded
                }
                Err(e) => {
                    let class = vm.types.unicode_encode_error;
                    let (encoding, object, reason) =
                        (text::str(vm, e.encoding), text::new_str(vm, text), text::str(vm, e.reason));
                    let (start, end) = (Value::int(e.start as i64), Value::int(e.end as i64));
                    return Err(vm.raise_with(class, &[encoding, object, start, end, reason]));
                }
            }
        }
    };
    let written = vm.host.clone().write(false, bytes);
    written.map_err(|e| io_error(vm, &e))
}

fn io_error(vm: &mut Vm, e: &std::io::Error) -> hoop_object::errors::Raise {
    let class = match e.kind() {
        std::io::ErrorKind::BrokenPipe => vm.types.broken_pipe_error,
        _ => vm.types.os_error,
    };
    let message = match e.kind() {
        std::io::ErrorKind::BrokenPipe => "Broken pipe".to_string(),
        _ => e.to_string(),
    };
    let text = text::str(vm, &message);
    match e.raw_os_error() {
        Some(code) => vm.raise_with(class, &[Value::int(code as i64), text]),
        None => vm.raise_with(class, &[text]),
    }
}

fn print_object(vm: &mut Vm, args: &[Value], file: Value, sep: &[u8], end: &[u8]) -> PyResult<()> {
    let name = vm.names.write;
    let write = attributes::getattr(vm, file, name)?;
    for (i, &v) in args.iter().enumerate() {
        if i > 0 {
            let s = text::new_str(vm, sep);
            call::call(vm, write, &[s])?;
        }
        let s = protocol::to_str(vm, v)?;
        call::call(vm, write, &[s])?;
    }
    let s = text::new_str(vm, end);
    call::call(vm, write, &[s]).map(|_| ())
}

fn flush_stream(vm: &mut Vm, target: &Target) -> PyResult<()> {
    match *target {
        Target::Host => vm.host.clone().flush(),
        Target::Object(file) => {
            let name = vm.names.flush;
            call::call_method(vm, file, name, &[])?;
        }
        Target::Nowhere => {}
    }
    Ok(())
}

/// The current stream of `sys`: the host's own, or an object that a program has put there.
fn stream(vm: &mut Vm, original: &'static str, name: Value) -> PyResult<Target> {
    let key = text::intern(vm, b"sys");
    let d = vm.modules;
    let Some(sys) = dict::get_str(vm, d, key) else { return Ok(Target::Host) };
    let ns = if vm.kind(sys) == Kind::Module { MODULE_DICT.read(sys) } else { None };
    let Some(ns) = ns else { return Ok(Target::Host) };
    match dict::get_str(vm, ns, name) {
        None => {
            let text = format!("lost {original}");
            Err(vm.runtime_error(text))
        }
        Some(Value::NONE) => Ok(Target::Nowhere),
        Some(v) if vm.module_state.get(original) == Some(&v) => Ok(Target::Host),
        Some(v) => Ok(Target::Object(v)),
    }
}

/// `input(prompt)`.
pub fn input(vm: &mut Vm, a: &[Value]) -> PyResult {
    let source = stream(vm, "sys.stdin", vm.names.stdin)?;
    let target = stream(vm, "sys.stdout", vm.names.stdout)?;
    if a[0] != Value::UNBOUND {
        match target {
            Target::Host => print_host(vm, &[a[0]], b"", b"")?,
            Target::Object(file) => print_object(vm, &[a[0]], file, b"", b"")?,
            Target::Nowhere => {}
        }
    }
    flush_stream(vm, &target)?;
    let line = match source {
        Target::Host => {
            let bytes = interrupts::read_line(vm)?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            text.into_bytes()
        }
        Target::Object(file) => {
            let name = text::intern(vm, b"readline");
            let s = call::call_method(vm, file, name, &[])?;
            let inner = vm.unwrap(s);
            if vm.kind(inner) != Kind::Str {
                return Err(vm.type_error("object.readline() returned non-string"));
            }
            str_bytes(inner).to_vec()
        }
        Target::Nowhere => return Err(vm.runtime_error("input(): lost sys.stdin")),
    };
    if line.is_empty() {
        let class = vm.types.eof_error;
        return Err(vm.raise_new(class, "EOF when reading a line"));
    }
    let text = line.strip_suffix(b"\n").unwrap_or(&line);
    Ok(text::new_str(vm, text))
}
