//! The `sys` module.

use hoop_gc::{Marker, Value};
use hoop_object::errors::{PyResult, exc_slot};
use hoop_object::foreign::{self, Foreign};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::rows::NativeDef;
use hoop_object::text::{self, str_bytes};
use hoop_object::vm::{NativeModule, Vm};
use hoop_object::{bigint, dict, interrupts, list, module, tuple};
use hoop_protocol::{attr, protocol};
use hoop_types::classes::{class, object};

/// The row for the table of native modules.
pub const MODULE: NativeModule = NativeModule { name: "sys", init };

/// The language level.
pub const VERSION: (i64, i64, i64) = (3, 14, 0);

/// One of the process's standard streams.
struct StdStream {
    stderr: bool,
    stdin: bool,
}

impl Foreign for StdStream {
    fn trace(&self, _: &mut Marker) {}
}

const STREAM_METHODS: &[NativeDef] = &[
    NativeDef::new("write", "$self, text, /", write),
    NativeDef::new("flush", "$self, /", |vm, _| {
        vm.host.flush();
        Ok(Value::NONE)
    }),
    NativeDef::new("isatty", "$self, /", |_, _| Ok(Value::FALSE)),
    NativeDef::new("fileno", "$self, /", |_, args| {
        let s = foreign::get::<StdStream>(args[0]);
        Ok(Value::int(s.map_or(1, |s| if s.stdin { 0 } else { 1 + s.stderr as i64 })))
    }),
    NativeDef::new("readline", "$self, size=-1, /", |vm, _| read_line(vm)),
    NativeDef::new("read", "$self, size=-1, /", |vm, _| {
        let mut all = Vec::new();
        loop {
            match interrupts::read_line(vm)? {
                line if line.is_empty() => return Ok(text::new_str(vm, &all)),
                line => all.extend(line),
            }
        }
    }),
    NativeDef::new("__iter__", "$self, /", |_, args| Ok(args[0])),
    NativeDef::new("__next__", "$self, /", |vm, _| {
        let line = read_line(vm)?;
        if STR_BYTES.read(line) == 0 { Err(vm.stop_iteration(Value::NONE)) } else { Ok(line) }
    }),
];

fn read_line(vm: &mut Vm) -> PyResult {
    let line = interrupts::read_line(vm)?;
    Ok(text::new_str(vm, &line))
}

fn write(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = vm.unwrap(args[1]);
    if vm.kind(text) != Kind::Str {
        let text = format!("write() argument must be str, not {}", vm.class_name(args[1]));
        return Err(vm.type_error(text));
    }
    let stderr = foreign::get::<StdStream>(args[0]).is_some_and(|s| s.stderr);
    match vm.host.write(stderr, str_bytes(text)) {
        Ok(()) => Ok(Value::int(STR_LEN.read(text))),
        Err(error) => Err(vm.os_error(error.to_string())),
    }
}

/// Is it the object that `sys.stdout` starts as? (Then text may go to the host at once.)
pub fn is_host_stdout(vm: &Vm, v: Value) -> bool {
    vm.kind(v) == Kind::Foreign && foreign::get::<StdStream>(v).is_some_and(|s| !s.stderr && !s.stdin)
}

const FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("exit", "$module, status=None, /", |vm, args| {
        let class = vm.types.system_exit;
        let status = Some(args[0]).filter(|&v| v != Value::UNBOUND && v != Value::NONE);
        Err(match status {
            Some(v) => vm.raise_with(class, &[v]),
            None => vm.raise_with(class, &[]),
        })
    }),
    NativeDef::new("getrecursionlimit", "$module, /", |vm, _| {
        Ok(Value::int(vm.ctx.thread.frames.recursion_limit as i64))
    }),
    NativeDef::new("setrecursionlimit", "$module, limit, /", set_recursion_limit),
    NativeDef::new("intern", "$module, string, /", |vm, args| {
        if vm.kind(args[0]) != Kind::Str {
            let text = format!("intern() argument must be str, not {}", vm.class_name(args[0]));
            return Err(vm.type_error(text));
        }
        Ok(text::intern_str(vm, args[0]))
    }),
    NativeDef::new("getsizeof", "object, default=...", |vm, args| {
        let size = if args[0].is_ptr() { vm.ctx.heap.object_size(args[0].ptr()) } else { 8 };
        Ok(Value::int(size as i64))
    })
    .no_text(),
    NativeDef::new("exc_info", "$module, /", exc_info),
    NativeDef::new("exception", "$module, /", |vm, _| Ok(vm.handled().unwrap_or(Value::NONE))),
    NativeDef::new("getdefaultencoding", "$module, /", |vm, _| Ok(text::str(vm, "utf-8"))),
    NativeDef::new("getfilesystemencoding", "$module, /", |vm, _| Ok(text::str(vm, "utf-8"))),
    NativeDef::new("getrefcount", "$module, object, /", |_, _| Ok(Value::int(2))),
    NativeDef::new("is_finalizing", "$module, /", |_, _| Ok(Value::FALSE)),
    NativeDef::new("displayhook", "$module, object, /", display_hook),
    NativeDef::new("get_int_max_str_digits", "$module, /", |vm, _| {
        Ok(vm.module_state.get("int_max_str_digits").copied().unwrap_or(Value::int(4300)))
    }),
    NativeDef::new("set_int_max_str_digits", "$module, /, maxdigits", |vm, args| {
        let n = protocol::index_c_int(vm, args[0])?;
        if n != 0 && n < 640 {
            return Err(vm.value_error("maxdigits must be 0 or larger than 640"));
        }
        vm.module_state.insert("int_max_str_digits", Value::int(n));
        Ok(Value::NONE)
    }),
];

fn set_recursion_limit(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = protocol::index_c_int(vm, args[0])?;
    if n < 1 {
        return Err(vm.value_error("recursion limit must be greater or equal than 1"));
    }
    let depth = vm.ctx.recursion_depth();
    if n as usize <= depth {
        let text = format!(
            "cannot set the recursion limit to {n} at the recursion depth {depth}: the limit is too low"
        );
        return Err(vm.recursion_error(text));
    }
    vm.ctx.set_recursion_limit(n as usize);
    Ok(Value::NONE)
}

fn exc_info(vm: &mut Vm, _: &[Value]) -> PyResult {
    match vm.handled() {
        None => tuple::new_tuple(vm, &[Value::NONE; 3]),
        Some(exc) => {
            let class = vm.class_of(exc);
            let tb =
                slot(exc_slot::TRACEBACK).read(exc).filter(|&t| t != Value::UNBOUND).unwrap_or(Value::NONE);
            tuple::new_tuple(vm, &[class, exc, tb])
        }
    }
}

fn display_hook(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[0] != Value::NONE {
        let text = protocol::repr_text(vm, args[0])? + "\n";
        if let Err(error) = vm.host.write(false, text.as_bytes()) {
            return Err(vm.os_error(error.to_string()));
        }
    }
    Ok(Value::NONE)
}

/// An object of plain attributes (`sys.flags`, `sys.implementation`...).
fn record(vm: &mut Vm, class_name: &str, fields: &[(&str, Value)]) -> PyResult {
    let name = text::intern(vm, class_name.as_bytes());
    let dict = dict::new_dict(vm);
    let meta = vm.types.type_;
    let class = class::new_class(vm, meta, name, &[], dict, None)?;
    let module = text::intern(vm, b"sys");
    vm.set_class_attr_str(class, "__module__", module);
    let object = vm.new_instance(class);
    for (field, v) in fields {
        let field = text::intern(vm, field.as_bytes());
        attr::instance_set(vm, object, field, *v)?;
    }
    Ok(object)
}

/// A tuple whose items also have names (`sys.version_info`).
fn named_tuple(vm: &mut Vm, class_name: &str, fields: &[(&str, Value)]) -> PyResult {
    let name = text::intern(vm, class_name.as_bytes());
    let dict = dict::new_dict(vm);
    let (meta, base) = (vm.types.type_, vm.types.tuple);
    let class = class::new_class(vm, meta, name, &[base], dict, None)?;
    let items: Vec<Value> = fields.iter().map(|f| f.1).collect();
    let payload = tuple::new_tuple(vm, &items)?;
    let object = vm.new_payload_instance(class, payload);
    for (field, v) in fields {
        let field = text::intern(vm, field.as_bytes());
        attr::instance_set(vm, object, field, *v)?;
    }
    Ok(object)
}

fn init(vm: &mut Vm, module: Value) -> PyResult<()> {
    let ns = MODULE_DICT.read(module).unwrap_or(Value::NONE);
    object::add_functions(vm, ns, FUNCTIONS);
    add_paths(vm, ns)?;
    add_streams(vm, ns)?;
    add_version(vm, ns)?;
    add_numbers(vm, ns)
}

fn add_paths(vm: &mut Vm, ns: Value) -> PyResult<()> {
    let argv = list::new(vm);
    for arg in vm.argv.clone() {
        let arg = text::str(vm, &arg);
        list::push(vm, argv, arg)?;
    }
    let (modules, path) = (vm.modules, vm.sys_path);
    for (name, v) in [("argv", argv), ("modules", modules), ("path", path)] {
        module::set_global(vm, ns, name, v);
    }
    let executable = std::env::current_exe().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    for (name, text) in [
        ("executable", executable.as_str()),
        ("platform", std::env::consts::OS),
        ("byteorder", if cfg!(target_endian = "little") { "little" } else { "big" }),
        ("prefix", "/usr"),
        ("exec_prefix", "/usr"),
        ("base_prefix", "/usr"),
        ("base_exec_prefix", "/usr"),
        ("copyright", "Copyright (c) 2026 The Hoop developers"),
    ] {
        let v = text::str(vm, text);
        module::set_global(vm, ns, name, v);
    }
    let names: Vec<&'static str> = vm.native_modules.iter().map(|m| m.name).collect();
    let list = list::new(vm);
    for n in names {
        let n = text::str(vm, n);
        list::push(vm, list, n)?;
    }
    let builtin_names = protocol::collect(vm, list)?;
    let builtin_names = tuple::new_tuple(vm, builtin_names.as_slice())?;
    module::set_global(vm, ns, "builtin_module_names", builtin_names);
    module::set_global(vm, ns, "dont_write_bytecode", Value::TRUE);
    Ok(())
}

fn add_streams(vm: &mut Vm, ns: Value) -> PyResult<()> {
    let class = object::new_native_class(vm, "TextIOWrapper", "_io", Kind::Foreign, STREAM_METHODS)?;
    let shape = object::native_shape(class);
    let streams = [("stdin", false, true), ("stdout", false, false), ("stderr", true, false)];
    for (name, stderr, stdin) in streams {
        let v = vm.new_foreign(shape, StdStream { stderr, stdin });
        module::set_global(vm, ns, name, v);
        module::set_global(vm, ns, &format!("__{name}__"), v);
    }
    let encoding = text::str(vm, "utf-8");
    vm.set_class_attr_str(class, "encoding", encoding);
    Ok(())
}

fn add_version(vm: &mut Vm, ns: Value) -> PyResult<()> {
    let (major, minor, micro) = VERSION;
    let text = format!("{major}.{minor}.{micro} (Hoop {})", env!("CARGO_PKG_VERSION"));
    let text = text::str(vm, &text);
    module::set_global(vm, ns, "version", text);
    let level = text::str(vm, "final");
    let fields = [
        ("major", Value::int(major)),
        ("minor", Value::int(minor)),
        ("micro", Value::int(micro)),
        ("releaselevel", level),
        ("serial", Value::int(0)),
    ];
    let info = named_tuple(vm, "version_info", &fields)?;
    module::set_global(vm, ns, "version_info", info);
    let hex = Value::int(major << 24 | minor << 16 | micro << 8 | 0xF0);
    module::set_global(vm, ns, "hexversion", hex);
    let (name, tag) = (text::str(vm, "hoop"), text::str(vm, "hoop-314"));
    let implementation = record(
        vm,
        "SimpleNamespace",
        &[("name", name), ("version", info), ("cache_tag", tag), ("hexversion", hex)],
    )?;
    module::set_global(vm, ns, "implementation", implementation);
    let zero = Value::int(0);
    let randomized = Value::int((vm.hash_seed != 0) as i64);
    let fields = [
        ("optimize", zero),
        ("debug", zero),
        ("verbose", zero),
        ("interactive", zero),
        ("hash_randomization", randomized),
    ];
    let flags = record(vm, "flags", &fields)?;
    module::set_global(vm, ns, "flags", flags);
    Ok(())
}

fn add_numbers(vm: &mut Vm, ns: Value) -> PyResult<()> {
    let max = bigint::int_from_i64(vm, i64::MAX);
    module::set_global(vm, ns, "maxsize", max);
    module::set_global(vm, ns, "maxunicode", Value::int(0x10FFFF));
    let [max, min, epsilon] = [f64::MAX, f64::MIN_POSITIVE, f64::EPSILON].map(|f| vm.ctx.box_float(f));
    let fields = [
        ("max", max),
        ("max_exp", Value::int(1024)),
        ("max_10_exp", Value::int(308)),
        ("min", min),
        ("min_exp", Value::int(-1021)),
        ("min_10_exp", Value::int(-307)),
        ("dig", Value::int(15)),
        ("mant_dig", Value::int(53)),
        ("epsilon", epsilon),
        ("radix", Value::int(2)),
        ("rounds", Value::int(1)),
    ];
    let info = named_tuple(vm, "float_info", &fields)?;
    module::set_global(vm, ns, "float_info", info);
    let fields = [
        ("bits_per_digit", Value::int(30)),
        ("sizeof_digit", Value::int(4)),
        ("default_max_str_digits", Value::int(4300)),
        ("str_digits_check_threshold", Value::int(640)),
    ];
    let info = named_tuple(vm, "int_info", &fields)?;
    module::set_global(vm, ns, "int_info", info);
    let modulus = bigint::int_from_i64(vm, hoop_object::hash::MODULUS);
    let algorithm = text::str(vm, "siphash13");
    let fields = [
        ("width", Value::int(64)),
        ("modulus", modulus),
        ("inf", Value::int(314_159)),
        ("nan", Value::int(0)),
        ("imag", Value::int(1_000_003)),
        ("algorithm", algorithm),
    ];
    let info = named_tuple(vm, "hash_info", &fields)?;
    module::set_global(vm, ns, "hash_info", info);

    Ok(())
}
