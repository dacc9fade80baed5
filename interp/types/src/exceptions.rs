//! The exception classes' methods and attributes.

use crate::classes::object;
use hoop_bytecode::Position;
use hoop_gc::Value;
use hoop_object::class::class_data;
use hoop_object::code::code_data;
use hoop_object::errors::{PyResult, exc_slot};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::rows::{Intrinsic, NativeDef};
use hoop_object::text::{self, str_text};
use hoop_object::tuple::{self, tuple_items, tuple_len};
use hoop_object::vm::Vm;
use hoop_object::{dict, list, module};
use hoop_protocol::attributes::{self, GetSet};
use hoop_protocol::{attr, call, protocol};

/// The exception object that `raise v from cause` raises.
#[inline]
pub fn make_exception(vm: &mut Vm, v: Value, cause: Value) -> PyResult {
    let exc = instantiate_exception(vm, v)?;
    if cause != Value::UNBOUND {
        let cause = exception_cause(vm, cause)?;
        vm.ctx.write(exc, &slot(exc_slot::CAUSE), cause);
        vm.ctx.write(exc, &slot(exc_slot::SUPPRESS), Value::TRUE);
    }
    Ok(exc)
}

fn exception_cause(vm: &mut Vm, cause: Value) -> PyResult {
    if cause == Value::NONE || vm.is_exception(cause) {
        return Ok(cause);
    }
    if vm.kind(cause) == Kind::Class && vm.is_subclass(cause, vm.types.base_exception) {
        return instantiate_exception(vm, cause);
    }
    Err(vm.type_error("exception causes must derive from BaseException"))
}

fn instantiate_exception(vm: &mut Vm, v: Value) -> PyResult {
    if vm.is_exception(v) {
        return Ok(v);
    }
    if vm.kind(v) == Kind::Class && vm.is_subclass(v, vm.types.base_exception) {
        let exc = call::call(vm, v, &[])?;
        if vm.is_exception(exc) {
            return Ok(exc);
        }
        let of = vm.class_of(exc);
        let (class, got) = (object::qualified_name(vm, v), object::qualified_name(vm, of));
        let text = format!(
            "calling <class '{class}'> should have returned an instance of BaseException, not <class '{got}'>"
        );
        return Err(vm.type_error(text));
    }
    Err(vm.type_error("exceptions must derive from BaseException"))
}

/// The line of a traceback entry.
#[inline]
pub fn line_of(tb: Value) -> u32 {
    position_of(tb).line
}

#[inline]
pub fn position_of(tb: Value) -> Position {
    let code = TB_CODE.read(tb).unwrap_or(tb);
    code_data(code).code.position(TB_PC.read(tb) as u32)
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init_method).intrinsic(Intrinsic::ExceptionInit),
    NativeDef::new("__str__", "$self, /", to_str),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("with_traceback", "$self, tb, /", |vm, args| {
        set_traceback(vm, args[0], args[1]).map(|()| args[0])
    }),
    NativeDef::new("add_note", "$self, note, /", add_note),
];

const GETSETS: &[GetSet] = &[
    GetSet { name: "args", get: |vm, e| args_of(vm, e), set: Some(set_args) },
    GetSet { name: "__traceback__", get: |_, e| Ok(read(e, exc_slot::TRACEBACK)), set: Some(set_traceback) },
    GetSet { name: "__cause__", get: |_, e| Ok(read(e, exc_slot::CAUSE)), set: Some(set_cause) },
    GetSet { name: "__context__", get: |_, e| Ok(read(e, exc_slot::CONTEXT)), set: Some(set_context) },
    GetSet {
        name: "__suppress_context__",
        get: |_, e| Ok(Value::bool(read(e, exc_slot::SUPPRESS) == Value::TRUE)),
        set: Some(set_suppress),
    },
];

fn read(e: Value, number: u16) -> Value {
    slot(number).read(e).filter(|&v| v != Value::UNBOUND).unwrap_or(Value::NONE)
}

fn set(vm: &mut Vm, e: Value, number: u16, v: Value) -> PyResult<()> {
    vm.ctx.write(e, &slot(number), if v == Value::UNBOUND { Value::NONE } else { v });
    Ok(())
}

fn not_deleted(vm: &mut Vm, v: Value, name: &str) -> PyResult<()> {
    if v == Value::UNBOUND {
        return Err(vm.type_error(format!("{name} may not be deleted")));
    }
    Ok(())
}

fn set_traceback(vm: &mut Vm, e: Value, v: Value) -> PyResult<()> {
    not_deleted(vm, v, "__traceback__")?;
    if v != Value::NONE && vm.kind(v) != Kind::Traceback {
        return Err(vm.type_error("__traceback__ must be a traceback or None"));
    }
    set(vm, e, exc_slot::TRACEBACK, v)
}

/// What may be a cause or a context: an exception or None.
fn check_link(vm: &mut Vm, v: Value, name: &str) -> PyResult<()> {
    not_deleted(vm, v, &format!("__{name}__"))?;
    if v != Value::NONE && !vm.is_exception(v) {
        return Err(vm.type_error(format!("exception {name} must be None or derive from BaseException")));
    }
    Ok(())
}

fn set_context(vm: &mut Vm, e: Value, v: Value) -> PyResult<()> {
    check_link(vm, v, "context")?;
    set(vm, e, exc_slot::CONTEXT, v)
}

fn set_suppress(vm: &mut Vm, e: Value, v: Value) -> PyResult<()> {
    match v {
        Value::UNBOUND => Err(vm.type_error("can't delete numeric/char attribute")),
        Value::TRUE | Value::FALSE => set(vm, e, exc_slot::SUPPRESS, v),
        _ => Err(vm.type_error("attribute value type must be bool")),
    }
}

fn set_cause(vm: &mut Vm, e: Value, v: Value) -> PyResult<()> {
    check_link(vm, v, "cause")?;
    set(vm, e, exc_slot::CAUSE, v)?;
    set(vm, e, exc_slot::SUPPRESS, Value::TRUE)
}

fn args_of(vm: &mut Vm, e: Value) -> PyResult {
    match read(e, exc_slot::ARGS) {
        Value::NONE => tuple::new_tuple(vm, &[]),
        t => Ok(t),
    }
}

fn set_args(vm: &mut Vm, e: Value, v: Value) -> PyResult<()> {
    not_deleted(vm, v, "args")?;
    let items = protocol::collect(vm, v)?;
    let t = tuple::new_tuple(vm, items.as_slice())?;
    set(vm, e, exc_slot::ARGS, t)
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = if args[0] == vm.types.os_error { os_error_class(vm, &args[2..]) } else { args[0] };
    vm.new_exception(class, &args[2..])
}

/// The subclass of OSError that an error number has.
fn os_error_class(vm: &Vm, args: &[Value]) -> Value {
    let t = &vm.types;
    let number = if args.len() > 1 { args[0].as_int() } else { None };
    match number {
        Some(11 | 114 | 115) => t.blocking_io_error,
        Some(32 | 108) => t.broken_pipe_error,
        Some(10) => t.child_process_error,
        Some(103) => t.connection_aborted_error,
        Some(111) => t.connection_refused_error,
        Some(104) => t.connection_reset_error,
        Some(17) => t.file_exists_error,
        Some(2) => t.file_not_found_error,
        Some(4) => t.interrupted_error,
        Some(21) => t.is_a_directory_error,
        Some(20) => t.not_a_directory_error,
        Some(1 | 13) => t.permission_error,
        Some(3) => t.process_lookup_error,
        Some(110) => t.timeout_error,
        _ => t.os_error,
    }
}

/// Adds a note to the exception on its way.
#[inline]
pub fn note_pending(vm: &mut Vm, note: &str) {
    let Some(exc) = vm.ctx.thread.pending else { return };
    let text = text::str(vm, note);
    if add_note(vm, &[exc, text]).is_err() {
        vm.ctx.thread.pending = Some(exc);
    }
}

/// For an exception class whose instances are made by `BaseException.__new__` under plain `type` and keep their
/// arguments as they are: its Python `__init__`, or nothing inside if it has none.
#[inline]
pub fn exception_init(vm: &mut Vm, class: Value) -> Option<Option<Value>> {
    let data = class_data(class);
    if data.exception_init.get().0 != vm.class_epoch {
        data.exception_init.set((vm.class_epoch, find_exception_init(vm, class)));
    }
    data.exception_init.get().1
}

fn find_exception_init(vm: &mut Vm, class: Value) -> Option<Option<Value>> {
    let data = class_data(class);
    let names = vm.shapes.get(data.root_shape).names.len();
    if data.kind != Kind::Instance || data.payload.is_some() || data.has_del || names > data.inline as usize {
        return None;
    }
    let meta = vm.class_of(class);
    let (type_, base) = (vm.types.type_, vm.types.base_exception);
    let (owner, _) = attr::lookup_where(class, vm.names.new)?;
    if meta != type_ || owner != base || !keeps_arguments(vm, class) {
        return None;
    }
    let (owner, init) = attr::lookup_where(class, vm.names.init)?;
    if owner == base {
        return Some(None);
    }
    (vm.kind(init) == Kind::Function).then_some(Some(init))
}

/// Do instances of the exception class hold their arguments and the first of them, just as they are given?
#[inline]
pub fn keeps_arguments(vm: &Vm, class: Value) -> bool {
    let t = &vm.types;
    vm.is_subclass(class, t.base_exception)
        && ![t.os_error, t.system_exit].iter().any(|&special| vm.is_subclass(class, special))
}

fn init_method(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (this, kwargs, rest) = (args[0], args[1], &args[2..]);
    if kwargs != Value::UNBOUND && hoop_object::dict::dict_len(kwargs) > 0 {
        return keyword_attributes(vm, this, kwargs, rest);
    }
    store_args(vm, this, rest)
}

fn store_args(vm: &mut Vm, this: Value, rest: &[Value]) -> PyResult {
    if (3..=5).contains(&rest.len()) && vm.is_instance_of(this, vm.types.os_error) {
        // A file name is no part of the arguments.
        let t = tuple::new_tuple(vm, &rest[..2])?;
        vm.ctx.write(this, &slot(exc_slot::ARGS), t);
        vm.ctx.write(this, &slot(exc_slot::VALUE), rest[2]);
        return Ok(Value::NONE);
    }
    let t = tuple::new_tuple(vm, rest)?;
    vm.ctx.write(this, &slot(exc_slot::ARGS), t);
    let first = rest.first().copied().unwrap_or(Value::NONE);
    let is_exit = vm.is_instance_of(this, vm.types.system_exit);
    let value = if is_exit && rest.len() > 1 { t } else { first };
    vm.ctx.write(this, &slot(exc_slot::VALUE), value);
    Ok(Value::NONE)
}

/// ImportError and the few others that take `name=` and the like keep them as attributes.
fn keyword_attributes(vm: &mut Vm, this: Value, kwargs: Value, rest: &[Value]) -> PyResult {
    let takes = [vm.types.import_error, vm.types.attribute_error, vm.types.name_error];
    if !takes.iter().any(|&c| vm.is_instance_of(this, c)) {
        let text = format!("{}() takes no keyword arguments", vm.class_name(this));
        return Err(vm.type_error(text));
    }
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, kwargs, i) {
        let name = text::intern_str(vm, e.key);
        attr::instance_set(vm, this, name, e.value)?;
        i = at + 1;
    }
    store_args(vm, this, rest)
}

fn to_str(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = args_of(vm, args[0])?;
    match tuple_len(t) {
        0 => Ok(text::empty_str(vm)),
        1 => {
            let only = tuple_items(t)[0];
            if vm.is_instance_of(args[0], vm.types.key_error) {
                protocol::repr(vm, only)
            } else {
                protocol::to_str(vm, only)
            }
        }
        2 if vm.is_instance_of(args[0], vm.types.os_error) => {
            let (number, text) =
                (protocol::to_str(vm, tuple_items(t)[0])?, protocol::to_str(vm, tuple_items(t)[1])?);
            let mut text = format!("[Errno {}] {}", str_text(number), str_text(text));
            let file = os_file(vm, args[0])?;
            if file != Value::NONE {
                text.push_str(&format!(": {}", protocol::repr_text(vm, file)?));
            }
            Ok(text::str(vm, &text))
        }
        _ => protocol::repr(vm, t),
    }
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = args_of(vm, args[0])?;
    let name = vm.class_name(args[0]);
    let text = match tuple_len(t) {
        1 => format!("{name}({})", protocol::repr_text(vm, tuple_items(t)[0])?),
        _ => format!("{name}{}", protocol::repr_text(vm, t)?),
    };
    Ok(text::str(vm, &text))
}

pub(crate) fn add_note(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.kind(args[1]) != Kind::Str {
        let text = format!("add_note() argument must be str, not {}", vm.class_name(args[1]));
        return Err(vm.type_error(text));
    }
    let name = vm.names.notes;
    let notes = match attr::instance_get(vm, args[0], name) {
        Some(l) if vm.kind(l).is_list() => l,
        Some(_) => return Err(vm.type_error("Cannot add note: __notes__ is not a list")),
        None => {
            let l = list::new(vm);
            attr::instance_set(vm, args[0], name, l)?;
            l
        }
    };
    list::push(vm, notes, args[1])?;
    Ok(Value::NONE)
}

const TRACEBACK: &[GetSet] = &[
    GetSet {
        name: "tb_next",
        get: |_, t| Ok(TB_NEXT.read(t).filter(|&n| n != Value::UNBOUND).unwrap_or(Value::NONE)),
        set: None,
    },
    GetSet { name: "tb_lineno", get: |_, t| Ok(Value::int(crate::exceptions::line_of(t) as i64)), set: None },
    GetSet { name: "tb_lasti", get: |_, t| Ok(Value::int(TB_PC.read(t))), set: None },
];

const OS: &[GetSet] = &[
    GetSet { name: "errno", get: |_, e| Ok(nth_arg(e, 0)), set: None },
    GetSet { name: "strerror", get: |_, e| Ok(nth_arg(e, 1)), set: None },
    GetSet { name: "filename", get: os_file, set: Some(|vm, e, v| set(vm, e, exc_slot::VALUE, v)) },
];

/// The file an OSError is about: kept where others keep their only argument.
fn os_file(_: &mut Vm, e: Value) -> PyResult {
    let (file, first) = (read(e, exc_slot::VALUE), nth_arg(e, 0));
    Ok(if file == first || nth_arg(e, 1) == Value::NONE { Value::NONE } else { file })
}

/// An attribute that is None until it is set; kept among the instance's own.
fn kept(vm: &mut Vm, e: Value, name: &str) -> PyResult {
    let name = text::intern(vm, name.as_bytes());
    Ok(attr::instance_get(vm, e, name).unwrap_or(Value::NONE))
}

fn keep(vm: &mut Vm, e: Value, name: &str, v: Value) -> PyResult<()> {
    let name = text::intern(vm, name.as_bytes());
    attr::instance_set(vm, e, name, if v == Value::UNBOUND { Value::NONE } else { v }).map(|_| ())
}

/// An attribute of SyntaxError: its own, or part of the details in the second argument.
fn detail(vm: &mut Vm, e: Value, name: &str, at: usize) -> PyResult {
    match kept(vm, e, name)? {
        Value::NONE => Ok(match nth_arg(e, 1) {
            d if vm.kind(d) == Kind::Tuple => tuple_items(d).get(at).copied().unwrap_or(Value::NONE),
            _ => Value::NONE,
        }),
        v => Ok(v),
    }
}

macro_rules! kept {
    ($name:literal) => {
        GetSet { name: $name, get: |vm, e| kept(vm, e, $name), set: Some(|vm, e, v| keep(vm, e, $name, v)) }
    };
    ($name:literal, $at:literal) => {
        GetSet {
            name: $name,
            get: |vm, e| detail(vm, e, $name, $at),
            set: Some(|vm, e, v| keep(vm, e, $name, v)),
        }
    };
}

/// Value attributes under their public names.
const STOP: &[GetSet] = &[GetSet {
    name: "value",
    get: |_, e| Ok(read(e, exc_slot::VALUE)),
    set: Some(|vm, e, v| set(vm, e, exc_slot::VALUE, v)),
}];

const EXIT: &[GetSet] = &[GetSet {
    name: "code",
    get: |_, e| Ok(read(e, exc_slot::VALUE)),
    set: Some(|vm, e, v| set(vm, e, exc_slot::VALUE, v)),
}];

const IMPORT: &[GetSet] = &[
    kept!("name"),
    kept!("path"),
    kept!("name_from"),
    GetSet {
        name: "msg",
        get: |_, e| Ok(read(e, exc_slot::VALUE)),
        set: Some(|vm, e, v| set(vm, e, exc_slot::VALUE, v)),
    },
];

const SYNTAX: &[GetSet] = &[
    kept!("filename", 0),
    kept!("lineno", 1),
    kept!("offset", 2),
    kept!("text", 3),
    kept!("end_lineno", 4),
    kept!("end_offset", 5),
    kept!("print_file_and_line"),
    GetSet {
        name: "msg",
        get: |_, e| Ok(read(e, exc_slot::VALUE)),
        set: Some(|vm, e, v| set(vm, e, exc_slot::VALUE, v)),
    },
];

const ATTRIBUTE: &[GetSet] = &[kept!("name"), kept!("obj")];

const NAME: &[GetSet] = &[kept!("name")];

fn nth_arg(e: Value, n: usize) -> Value {
    match read(e, exc_slot::ARGS) {
        Value::NONE => Value::NONE,
        t if tuple_len(t) > 1 => tuple_items(t).get(n).copied().unwrap_or(Value::NONE),
        _ => Value::NONE,
    }
}

/// SyntaxError shows its message; the details are in its second argument.
const SYNTAX_METHODS: &[NativeDef] = &[NativeDef::new("__str__", "$self, /", |vm, args| {
    let message = read(args[0], exc_slot::VALUE);
    let details = match read(args[0], exc_slot::ARGS) {
        Value::NONE => None,
        t => tuple_items(t).get(1).copied().filter(|&d| vm.kind(d) == Kind::Tuple && tuple_len(d) >= 2),
    };
    let text = protocol::to_str(vm, message)?;
    match details {
        None => Ok(text),
        Some(d) => {
            let (file, line) = (tuple_items(d)[0], tuple_items(d)[1]);
            let file = protocol::to_str(vm, file)?;
            let line = protocol::to_str(vm, line)?;
            let name = str_text(file).rsplit('/').next().unwrap_or_default().to_string();
            let text = format!("{} ({name}, line {})", str_text(text), str_text(line));
            Ok(text::str(vm, &text))
        }
    }
})];

pub fn init(vm: &mut Vm) {
    let base = vm.types.base_exception;
    vm.add_methods(base, METHODS);
    attributes::add_getsets(vm, base, GETSETS);
    let rows = [
        (vm.types.traceback, TRACEBACK),
        (vm.types.stop_iteration, STOP),
        (vm.types.system_exit, EXIT),
        (vm.types.import_error, IMPORT),
        (vm.types.syntax_error, SYNTAX),
        (vm.types.os_error, OS),
        (vm.types.attribute_error, ATTRIBUTE),
        (vm.types.name_error, NAME),
    ];
    for (class, getsets) in rows {
        attributes::add_getsets(vm, class, getsets);
    }
    let syntax = vm.types.syntax_error;
    vm.add_methods(syntax, SYNTAX_METHODS);
    publish(vm);
}

/// Puts all built-in classes into the namespace of builtins.
fn publish(vm: &mut Vm) {
    const HIDDEN: &[&str] = &[
        "NoneType",
        "NotImplementedType",
        "ellipsis",
        "function",
        "builtin_function_or_method",
        "method",
        "code",
        "cell",
        "module",
        "generator",
        "member_descriptor",
        "traceback",
        "frame",
        "mappingproxy",
        "iterator",
        "ReferenceType",
    ];
    let mut stack = vec![vm.types.object];
    let mut seen = Vec::new();
    while let Some(class) = stack.pop() {
        if seen.contains(&class) {
            continue;
        }
        seen.push(class);
        stack.extend(&class_data(class).subclasses);
        let name = vm.name_of_class(class);
        if !HIDDEN.contains(&name.as_str())
            && !name.ends_with("iterator")
            && !name.starts_with("dict_")
            && !name.starts_with("callable_")
        {
            let ns = vm.builtins;
            module::set_global(vm, ns, &name, class);
        }
    }
    let (ns, os) = (vm.builtins, vm.types.os_error);
    for name in ["IOError", "EnvironmentError"] {
        module::set_global(vm, ns, name, os);
    }
    for (name, v) in [
        ("NotImplemented", Value::NOT_IMPLEMENTED),
        ("Ellipsis", Value::ELLIPSIS),
        ("__debug__", Value::TRUE),
    ] {
        module::set_global(vm, ns, name, v);
    }
}
