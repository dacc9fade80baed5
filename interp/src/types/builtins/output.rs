//! `print` and `input`.
//!
//! The standard streams are written through the host directly, one write per call, unless `sys.stdout` (or `sys.stdin`)
//! was replaced: then its methods are called. The original stream objects are in `module_state` under `sys.stdout` and
//! `sys.stdin`.

use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::layout::MODULE_DICT;
use crate::objects::text::str_bytes;
use crate::vm::Vm;
use hoop_gc::Value;

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
    if flush != Value::UNBOUND && vm.truth(flush)? {
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
                let s = vm.to_str(v)?;
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
                    let (encoding, object, reason) = (vm.str(e.encoding), vm.new_str(text), vm.str(e.reason));
                    let (start, end) = (Value::int(e.start as i64), Value::int(e.end as i64));
                    return Err(vm.raise_with(class, &[encoding, object, start, end, reason]));
                }
            }
        }
    };
    let written = vm.host.clone().write(false, bytes);
    written.map_err(|e| io_error(vm, &e))
}

fn io_error(vm: &mut Vm, e: &std::io::Error) -> crate::errors::Raise {
    let class = match e.kind() {
        std::io::ErrorKind::BrokenPipe => vm.types.broken_pipe_error,
        _ => vm.types.os_error,
    };
    let message = match e.kind() {
        std::io::ErrorKind::BrokenPipe => "Broken pipe".to_string(),
        _ => e.to_string(),
    };
    let text = vm.str(&message);
    match e.raw_os_error() {
        Some(code) => vm.raise_with(class, &[Value::int(code as i64), text]),
        None => vm.raise_with(class, &[text]),
    }
}

fn print_object(vm: &mut Vm, args: &[Value], file: Value, sep: &[u8], end: &[u8]) -> PyResult<()> {
    let name = vm.names.write;
    let write = vm.getattr(file, name)?;
    for (i, &v) in args.iter().enumerate() {
        if i > 0 {
            let s = vm.new_str(sep);
            vm.call(write, &[s])?;
        }
        let s = vm.to_str(v)?;
        vm.call(write, &[s])?;
    }
    let s = vm.new_str(end);
    vm.call(write, &[s]).map(|_| ())
}

fn flush_stream(vm: &mut Vm, target: &Target) -> PyResult<()> {
    match *target {
        Target::Host => vm.host.clone().flush(),
        Target::Object(file) => {
            let name = vm.names.flush;
            vm.call_method(file, name, &[])?;
        }
        Target::Nowhere => {}
    }
    Ok(())
}

/// The current stream of `sys`: the host's own, or an object that a program has put there.
fn stream(vm: &mut Vm, original: &'static str, name: Value) -> PyResult<Target> {
    let key = vm.intern(b"sys");
    let Some(sys) = vm.dict_get_str(vm.modules, key) else { return Ok(Target::Host) };
    let ns = if vm.kind(sys) == Kind::Module { MODULE_DICT.read(sys) } else { None };
    let Some(ns) = ns else { return Ok(Target::Host) };
    match vm.dict_get_str(ns, name) {
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
            let bytes = vm.read_line()?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            text.into_bytes()
        }
        Target::Object(file) => {
            let name = vm.intern(b"readline");
            let s = vm.call_method(file, name, &[])?;
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
    Ok(vm.new_str(text))
}
