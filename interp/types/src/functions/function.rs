//! Functions, methods, built-in functions, code, cells, modules and super.

use crate::classes::class;
use crate::functions::builtins::{self, locals};
use hoop_gc::Value;
use hoop_object::code::code_data;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::rows::{self, NativeDef, builtin_owner, builtin_self, def_of};
use hoop_object::text::{self, str_text};
use hoop_object::tuple::{self, tuple_len};
use hoop_object::vm::Vm;
use hoop_object::{dict, function, hash, list, module};
use hoop_protocol::attributes::{self, GetSet, readonly};
use hoop_protocol::{call, protocol};

const FUNCTION: &[GetSet] = &[
    GetSet {
        name: "__name__",
        get: |_, f| Ok(attributes::or_none(FUNC_NAME.read(f))),
        set: Some(|vm, f, v| set_text(vm, f, &FUNC_NAME, v)),
    },
    GetSet {
        name: "__qualname__",
        get: |_, f| Ok(attributes::or_none(FUNC_QUALNAME.read(f))),
        set: Some(|vm, f, v| set_text(vm, f, &FUNC_QUALNAME, v)),
    },
    GetSet {
        name: "__doc__",
        get: |_, f| Ok(attributes::or_none(FUNC_DOC.read(f))),
        set: Some(|vm, f, v| set_any(vm, f, &FUNC_DOC, v)),
    },
    GetSet {
        name: "__module__",
        get: |_, f| Ok(attributes::or_none(FUNC_MODULE.read(f))),
        set: Some(|vm, f, v| set_any(vm, f, &FUNC_MODULE, v)),
    },
    GetSet { name: "__code__", get: |_, f| Ok(attributes::or_none(FUNC_CODE.read(f))), set: Some(set_code) },
    GetSet {
        name: "__defaults__",
        get: |_, f| Ok(attributes::or_none(FUNC_DEFAULTS.read(f))),
        set: Some(set_defaults),
    },
    GetSet {
        name: "__kwdefaults__",
        get: |vm, f| Ok(function::hand_out_keyword_defaults(vm, f)),
        set: Some(set_kwdefaults),
    },
    GetSet {
        name: "__closure__",
        get: |_, f| Ok(attributes::or_none(FUNC_CLOSURE.read(f))),
        set: Some(readonly),
    },
    GetSet {
        name: "__globals__",
        get: |_, f| Ok(code_data(FUNC_CODE.read(f).unwrap_or(f)).globals),
        set: Some(readonly),
    },
    GetSet { name: "__dict__", get: |vm, f| Ok(attributes::function_dict(vm, f)), set: Some(set_dict) },
    GetSet { name: "__annotations__", get: annotations, set: Some(set_annotations) },
    GetSet {
        name: "__annotate__",
        get: |_, f| Ok(attributes::or_none(FUNC_ANNOTATE.read(f))),
        set: Some(set_annotate),
    },
];

type ValField = hoop_engine::Field<hoop_engine::V>;

fn set_any(vm: &mut Vm, f: Value, field: &ValField, v: Value) -> PyResult<()> {
    vm.ctx.write(f, field, if v == Value::UNBOUND { Value::NONE } else { v });
    Ok(())
}

fn set_text(vm: &mut Vm, f: Value, field: &ValField, v: Value) -> PyResult<()> {
    let v = vm.unwrap(v);
    if v == Value::UNBOUND || vm.kind(v) != Kind::Str {
        return Err(vm.type_error(format!(
            "{} must be set to a string object",
            field.descr.name.replace("function.", "__") + "__"
        )));
    }
    set_any(vm, f, field, v)
}

/// Sets a field that is empty for None, and for what is deleted.
fn set_optional(vm: &mut Vm, f: Value, field: &ValField, v: Value) -> PyResult<()> {
    vm.ctx.write(f, field, if v == Value::NONE { Value::UNBOUND } else { v });
    Ok(())
}

fn is_nothing(v: Value) -> bool {
    v == Value::NONE || v == Value::UNBOUND
}

fn set_defaults(vm: &mut Vm, f: Value, v: Value) -> PyResult<()> {
    let v = if is_nothing(v) { v } else { vm.unwrap(v) };
    if !is_nothing(v) && vm.kind(v) != Kind::Tuple {
        return Err(vm.type_error("__defaults__ must be set to a tuple object"));
    }
    set_optional(vm, f, &FUNC_DEFAULTS, v)
}

fn set_kwdefaults(vm: &mut Vm, f: Value, v: Value) -> PyResult<()> {
    let v = if is_nothing(v) { v } else { vm.unwrap(v) };
    if !is_nothing(v) && !vm.kind(v).is_dict() {
        return Err(vm.type_error("__kwdefaults__ must be set to a dict object"));
    }
    let held = if is_nothing(v) { Value::UNBOUND } else { dict::new_cell(vm, Some(v)) };
    vm.ctx.write(f, &FUNC_KWDEFAULTS, held);
    Ok(())
}

fn set_annotate(vm: &mut Vm, f: Value, v: Value) -> PyResult<()> {
    if v == Value::UNBOUND {
        return Err(vm.type_error("__annotate__ cannot be deleted"));
    }
    if v != Value::NONE && !builtins::is_callable(vm, v) {
        return Err(vm.type_error("__annotate__ must be callable or None"));
    }
    set_optional(vm, f, &FUNC_ANNOTATE, v)
}

fn set_dict(vm: &mut Vm, f: Value, v: Value) -> PyResult<()> {
    if v == Value::UNBOUND {
        return Err(vm.type_error("cannot delete __dict__"));
    }
    let v = attributes::dict_for_attributes(vm, v)?;
    vm.ctx.write(f, &FUNC_DICT, v);
    Ok(())
}

fn set_code(vm: &mut Vm, f: Value, v: Value) -> PyResult<()> {
    if v == Value::UNBOUND || vm.kind(v) != Kind::Code {
        return Err(vm.type_error("__code__ must be set to a code object"));
    }
    let has = FUNC_CLOSURE.read(f).filter(|&c| c != Value::UNBOUND).map_or(0, tuple_len);
    let needs = code_data(v).code.free_names.len();
    if has != needs {
        let name = str_text(attributes::or_none(FUNC_NAME.read(f))).into_owned();
        let text = format!("{name}() requires a code object with {has} free vars, not {needs}");
        return Err(vm.value_error(text));
    }
    vm.ctx.write(f, &FUNC_CODE, v);
    vm.ctx.assumptions.invalidate(f);
    Ok(())
}

/// The annotations: evaluated once, kept in the function's own dict.
fn annotations(vm: &mut Vm, f: Value) -> PyResult {
    let d = attributes::function_dict(vm, f);
    let key = vm.names.annotations;
    if let Some(v) = dict::get_str(vm, d, key) {
        return Ok(v);
    }
    let v = match FUNC_ANNOTATE.read(f).filter(|&a| a != Value::UNBOUND && a != Value::NONE) {
        Some(annotate) if vm.kind(annotate).is_dict() => annotate,
        Some(annotate) => call::call(vm, annotate, &[Value::int(1)])?,
        None => dict::new_dict(vm),
    };
    dict::set(vm, d, key, v)?;
    Ok(v)
}

fn set_annotations(vm: &mut Vm, f: Value, v: Value) -> PyResult<()> {
    let d = attributes::function_dict(vm, f);
    let key = vm.names.annotations;
    if is_nothing(v) {
        dict::remove(vm, d, key)?;
        return set_optional(vm, f, &FUNC_ANNOTATE, Value::NONE);
    }
    if !attributes::dict_inside(vm, v) {
        return Err(vm.type_error("__annotations__ must be set to a dict object"));
    }
    dict::set(vm, d, key, v)
}

const FUNCTION_METHODS: &[NativeDef] = &[
    NativeDef::new("__repr__", "$self, /", |vm, args| {
        let name = attributes::or_none(FUNC_QUALNAME.read(args[0]));
        let text = format!("<function {} at {:#x}>", str_text(name), args[0].bits());
        Ok(text::str(vm, &text))
    }),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", call_any),
    NativeDef::new("__get__", "$self, instance, owner=None, /", |vm, args| {
        Ok(if args[1] == Value::NONE { args[0] } else { attributes::new_bound_method(vm, args[0], args[1]) })
    }),
];

fn call_any(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (all, names) = class::with_keywords(vm, &args[2..], args[1])?;
    call::call_kw(vm, args[0], all.as_slice(), names.as_slice())
}

const BUILTIN: &[GetSet] = &[
    GetSet { name: "__name__", get: |vm, f| Ok(text::intern(vm, def_of(f).name.as_bytes())), set: None },
    GetSet { name: "__qualname__", get: builtin_qualname, set: None },
    GetSet { name: "__doc__", get: |_, _| Ok(Value::NONE), set: None },
    GetSet {
        name: "__module__",
        get: |vm, f| Ok(builtin_owner(f).filter(|&o| vm.kind(o) == Kind::Str).unwrap_or(Value::NONE)),
        set: None,
    },
    GetSet { name: "__self__", get: |_, f| Ok(attributes::or_none(builtin_self(f))), set: None },
    GetSet {
        name: "__text_signature__",
        get: |vm, f| Ok(def_of(f).text.map_or(Value::NONE, |t| text::str(vm, &format!("({t})")))),
        set: None,
    },
];

const DESCRIPTOR: &[GetSet] = &[GetSet {
    name: "__objclass__",
    get: |_, f| Ok(attributes::or_none(builtin_owner(f))),
    set: Some(readonly),
}];

const DESCRIPTOR_METHODS: &[NativeDef] =
    &[NativeDef::new("__get__", "$self, instance, owner=None, /", |vm, args| {
        let (f, this) = (args[0], args[1]);
        if this == Value::NONE {
            if args[2] == Value::NONE || args[2] == Value::UNBOUND {
                return Err(vm.type_error("__get__(None, None) is invalid"));
            }
            return Ok(f);
        }
        let owner = attributes::or_none(builtin_owner(f));
        if !vm.is_instance_of(this, owner) {
            let name = format!("'{}' for '{}' objects", def_of(f).name, vm.name_of_class(owner));
            let text = format!("descriptor {name} doesn't apply to a '{}' object", vm.class_name(this));
            return Err(vm.type_error(text));
        }
        Ok(rows::new_builtin(vm, def_of(f), Some(this), Some(owner)))
    })];

fn builtin_qualname(vm: &mut Vm, f: Value) -> PyResult {
    let name = def_of(f).name;
    match builtin_owner(f) {
        Some(o) if vm.kind(o) == Kind::Class => {
            let text = format!("{}.{name}", vm.name_of_class(o));
            Ok(text::str(vm, &text))
        }
        _ => Ok(text::str(vm, name)),
    }
}

const BUILTIN_METHODS: &[NativeDef] = &[
    NativeDef::new("__eq__", "$self, value, /", |vm, args| {
        if vm.kind(args[1]) != Kind::Builtin {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let same = BUILTIN_DEF.read(args[0]) == BUILTIN_DEF.read(args[1])
            && builtin_self(args[0]) == builtin_self(args[1]);
        Ok(Value::bool(same))
    }),
    NativeDef::new("__hash__", "$self, /", |_, args| {
        let this = builtin_self(args[0]).map_or(0, hash::identity_hash);
        Ok(Value::int(this ^ BUILTIN_DEF.read(args[0]) >> 4))
    }),
    NativeDef::new("__repr__", "$self, /", builtin_repr),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", call_any),
];

fn builtin_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (f, name) = (args[0], def_of(args[0]).name);
    let text = match (builtin_self(f), builtin_owner(f)) {
        (Some(this), Some(o)) if vm.kind(o) == Kind::Class => {
            format!("<built-in method {name} of {} object at {:#x}>", vm.class_name(this), this.bits())
        }
        (None, Some(o)) if vm.kind(o) == Kind::Class => {
            let wrapper = vm.class_of(f) == vm.types.wrapper_descriptor;
            let what = if wrapper { "slot wrapper" } else { "method" };
            format!("<{what} '{name}' of '{}' objects>", vm.name_of_class(o))
        }
        _ => format!("<built-in function {name}>"),
    };
    Ok(text::str(vm, &text))
}

const METHOD: &[GetSet] = &[
    GetSet {
        name: "__func__",
        get: |_, m| Ok(attributes::or_none(METHOD_FUNC.read(m))),
        set: Some(readonly),
    },
    GetSet {
        name: "__self__",
        get: |_, m| Ok(attributes::or_none(METHOD_SELF.read(m))),
        set: Some(readonly),
    },
    GetSet { name: "__name__", get: |vm, m| method_attr(vm, m, "__name__"), set: None },
    GetSet { name: "__qualname__", get: |vm, m| method_attr(vm, m, "__qualname__"), set: None },
    GetSet { name: "__doc__", get: |vm, m| method_attr(vm, m, "__doc__"), set: None },
    GetSet { name: "__module__", get: |vm, m| method_attr(vm, m, "__module__"), set: None },
    GetSet { name: "__defaults__", get: |vm, m| method_attr(vm, m, "__defaults__"), set: None },
    GetSet { name: "__code__", get: |vm, m| method_attr(vm, m, "__code__"), set: None },
    GetSet { name: "__dict__", get: |vm, m| method_attr(vm, m, "__dict__"), set: None },
];

fn method_attr(vm: &mut Vm, m: Value, name: &str) -> PyResult {
    let name = text::intern(vm, name.as_bytes());
    attributes::getattr(vm, attributes::or_none(METHOD_FUNC.read(m)), name)
}

const METHOD_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, function, instance, /", |vm, args| {
        if !builtins::is_callable(vm, args[1]) {
            return Err(vm.type_error("first argument must be callable"));
        }
        if args[2] == Value::NONE {
            return Err(vm.type_error("instance must not be None"));
        }
        Ok(attributes::new_bound_method(vm, args[1], args[2]))
    }),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", call_any),
    NativeDef::new("__eq__", "$self, value, /", |vm, args| {
        let other = args[1];
        if vm.kind(other) != Kind::BoundMethod {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let same = METHOD_SELF.read(args[0]) == METHOD_SELF.read(other)
            && METHOD_FUNC.read(args[0]) == METHOD_FUNC.read(other);
        Ok(Value::bool(same))
    }),
    NativeDef::new("__hash__", "$self, /", |_, args| {
        let parts = [METHOD_SELF.read(args[0]), METHOD_FUNC.read(args[0])];
        Ok(Value::int(parts.iter().flatten().fold(0, |h, &v| h ^ hash::identity_hash(v))))
    }),
    NativeDef::new("__repr__", "$self, /", |vm, args| {
        let (f, this) =
            (attributes::or_none(METHOD_FUNC.read(args[0])), attributes::or_none(METHOD_SELF.read(args[0])));
        let name = vm.names.qualname;
        let name = attributes::getattr_opt(vm, f, name)?.filter(|&n| vm.kind(n) == Kind::Str);
        let name = name.map_or("?".into(), |n| str_text(n).into_owned());
        let text = format!("<bound method {name} of {}>", protocol::repr_text(vm, this)?);
        Ok(text::str(vm, &text))
    }),
    NativeDef::new("__getattribute__", "$self, name, /", |vm, args| {
        let name = attributes::attribute_name(vm, args[1])?;
        match attributes::generic_getattr(vm, args[0], name) {
            Ok(v) => Ok(v),
            Err(raise) => {
                let class = vm.types.attribute_error;
                if vm.catch(class).is_none() {
                    return Err(raise);
                }
                attributes::getattr(vm, attributes::or_none(METHOD_FUNC.read(args[0])), name)
            }
        }
    }),
];

fn text(vm: &mut Vm, s: &str) -> PyResult {
    Ok(text::str(vm, s))
}

fn text_tuple(vm: &mut Vm, names: &[String]) -> PyResult {
    let mut out = hoop_object::tuple::ValueVec::new();
    for n in names {
        let v = text::str(vm, n);
        out.push(vm, v)?;
    }
    tuple::new_tuple(vm, out.as_slice())
}

const CODE: &[GetSet] = &[
    GetSet { name: "co_name", get: |vm, c| text(vm, &code_data(c).code.name), set: None },
    GetSet { name: "co_qualname", get: |vm, c| text(vm, &code_data(c).code.qualname), set: None },
    GetSet { name: "co_filename", get: |vm, c| text(vm, &code_data(c).code.filename), set: None },
    GetSet {
        name: "co_firstlineno",
        get: |_, c| Ok(Value::int(code_data(c).code.first_line as i64)),
        set: None,
    },
    GetSet {
        name: "co_argcount",
        get: |_, c| Ok(Value::int(code_data(c).code.params.positional as i64)),
        set: None,
    },
    GetSet {
        name: "co_posonlyargcount",
        get: |_, c| Ok(Value::int(code_data(c).code.params.positional_only as i64)),
        set: None,
    },
    GetSet {
        name: "co_kwonlyargcount",
        get: |_, c| Ok(Value::int(code_data(c).code.params.keyword_only as i64)),
        set: None,
    },
    GetSet { name: "co_varnames", get: |vm, c| text_tuple(vm, &code_data(c).code.local_names), set: None },
    GetSet {
        name: "co_nlocals",
        get: |_, c| Ok(Value::int(code_data(c).code.local_names.len() as i64)),
        set: None,
    },
    GetSet { name: "co_freevars", get: |vm, c| text_tuple(vm, &code_data(c).code.free_names), set: None },
    GetSet { name: "co_cellvars", get: |vm, c| text_tuple(vm, &code_data(c).code.cell_names), set: None },
    GetSet { name: "co_names", get: |vm, c| text_tuple(vm, &code_data(c).code.names), set: None },
    GetSet { name: "co_consts", get: |vm, c| tuple::new_tuple(vm, &code_data(c).consts), set: None },
    GetSet { name: "co_flags", get: |_, c| Ok(Value::int(code_flags(c))), set: None },
];

fn code_flags(c: Value) -> i64 {
    let code = &code_data(c).code;
    let (p, f) = (code.params, code.flags);
    let bits = [
        (f.optimized, 3),
        (p.has_varargs, 4),
        (p.has_varkw, 8),
        (f.nested, 16),
        (f.generator, 32),
        (f.coroutine, 128),
        (f.async_generator, 512),
    ];
    bits.iter().filter(|b| b.0).map(|b| b.1).sum()
}

const CODE_METHODS: &[NativeDef] = &[NativeDef::new("__repr__", "$self, /", |vm, args| {
    let c = &code_data(args[0]).code;
    let text = format!(
        "<code object {} at {:#x}, file \"{}\", line {}>",
        c.name,
        args[0].bits(),
        c.filename,
        c.first_line
    );
    Ok(text::str(vm, &text))
})];

const CELL: &[GetSet] = &[GetSet {
    name: "cell_contents",
    get: |vm, c| match CELL_VALUE.read(c).filter(|&v| v != Value::UNBOUND) {
        Some(v) => Ok(v),
        None => Err(vm.value_error("cell is empty")),
    },
    set: Some(|vm, c, v| {
        vm.ctx.write(c, &CELL_VALUE, v);
        Ok(())
    }),
}];

const MODULE_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, name=..., doc=None", |vm, args| {
        if args[1] == Value::UNBOUND {
            return Err(vm.type_error("module() missing required argument 'name' (pos 1)"));
        }
        Ok(module::new_module(vm, args[1]))
    }),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", |_, _| Ok(Value::NONE)),
    NativeDef::new("__repr__", "$self, /", |vm, args| {
        let ns = attributes::or_none(MODULE_DICT.read(args[0]));
        let name = function::module_name(vm, ns);
        let name = if vm.kind(name) == Kind::Str { str_text(name).into_owned() } else { "?".into() };
        let key = vm.names.file;
        let text = match dict::get_str(vm, ns, key) {
            Some(f) if vm.kind(f) == Kind::Str => format!("<module '{name}' from '{}'>", str_text(f)),
            _ => format!("<module '{name}' (built-in)>"),
        };
        Ok(text::str(vm, &text))
    }),
    NativeDef::new("__dir__", "$self, /", |vm, args| {
        let keys = protocol::collect(vm, attributes::or_none(MODULE_DICT.read(args[0])))?;
        list::from(vm, keys.as_slice())
    }),
];

const SUPER_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, type=..., object=..., /", new_super),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", |_, _| Ok(Value::NONE)),
    NativeDef::new("__getattribute__", "$self, name, /", |vm, args| {
        let name = attributes::attribute_name(vm, args[1])?;
        attributes::super_getattr(vm, args[0], name)
    }),
    NativeDef::new("__get__", "$self, instance, owner=None, /", |vm, args| {
        attributes::super_get(vm, args[0], args[1])
    }),
    NativeDef::new("__repr__", "$self, /", |vm, args| {
        let s = vm.unwrap(args[0]);
        let class = vm.name_of_class(attributes::or_none(SUPER_CLASS.read(s)));
        let of = match attributes::or_none(SUPER_START.read(s)) {
            Value::NONE => "NULL".to_string(),
            of => format!("<{} object>", vm.name_of_class(of)),
        };
        Ok(text::str(vm, &format!("<super: <class '{class}'>, {of}>")))
    }),
];

const SUPER: &[GetSet] = &[
    GetSet {
        name: "__thisclass__",
        get: |vm, s| Ok(attributes::or_none(SUPER_CLASS.read(vm.unwrap(s)))),
        set: Some(readonly),
    },
    GetSet {
        name: "__self__",
        get: |vm, s| Ok(attributes::or_none(SUPER_OBJECT.read(vm.unwrap(s)))),
        set: Some(readonly),
    },
    GetSet {
        name: "__self_class__",
        get: |vm, s| Ok(attributes::or_none(SUPER_START.read(vm.unwrap(s)))),
        set: Some(readonly),
    },
];

/// `super()` finds class and object in the calling frame; `super(class, object)` is told.
fn new_super(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (class, object) = if args[1] == Value::UNBOUND {
        super_of_frame(vm)?
    } else {
        (args[1], attributes::or_none(Some(args[2])))
    };
    if vm.kind(class) != Kind::Class {
        let text = format!("super() argument 1 must be a type, not {}", vm.class_name(class));
        return Err(vm.type_error(text));
    }
    let of = if object == Value::NONE { Value::NONE } else { attributes::super_type(vm, class, object)? };
    let s = module::super_object(vm, class, object, of);
    hoop_protocol::seq::new_of(vm, args[0], vm.types.super_, s)
}

fn super_of_frame(vm: &mut Vm) -> PyResult<(Value, Value)> {
    let Some(frame) = locals::looked_at_frame(vm) else {
        return Err(vm.runtime_error("super(): no current frame"));
    };
    let data = code_data(frame.code);
    data.locals_seen.set(true);
    if data.code.params.positional == 0 {
        return Err(vm.runtime_error("super(): no arguments"));
    }
    let first = content(vm, vm.ctx.thread.frames.register(&frame, 0));
    if first == Value::UNBOUND {
        return Err(vm.runtime_error("super(): arg[0] deleted"));
    }
    let Some(register) = data.class_cell() else {
        return Err(vm.runtime_error("super(): __class__ cell not found"));
    };
    match content(vm, vm.ctx.thread.frames.register(&frame, register)) {
        Value::UNBOUND => Err(vm.runtime_error("super(): empty __class__ cell")),
        class => Ok((class, first)),
    }
}

/// The content of a variable's register: that of the cell that is in it, if the variable is captured.
fn content(vm: &Vm, v: Value) -> Value {
    let captured = v != Value::UNBOUND && vm.kind(v) == Kind::Cell;
    if captured { CELL_VALUE.read(v).unwrap_or(Value::UNBOUND) } else { v }
}

pub fn init(vm: &mut Vm) {
    let t = &vm.types;
    let rows: [(Value, &'static [NativeDef], &'static [GetSet]); 11] = [
        (t.function, FUNCTION_METHODS, FUNCTION),
        (t.builtin_function, BUILTIN_METHODS, BUILTIN),
        (t.method_descriptor, BUILTIN_METHODS, BUILTIN),
        (t.method_descriptor, DESCRIPTOR_METHODS, DESCRIPTOR),
        (t.wrapper_descriptor, BUILTIN_METHODS, BUILTIN),
        (t.wrapper_descriptor, DESCRIPTOR_METHODS, DESCRIPTOR),
        (t.method, METHOD_METHODS, METHOD),
        (t.code, CODE_METHODS, CODE),
        (t.cell, &[], CELL),
        (t.module, MODULE_METHODS, &[]),
        (t.super_, SUPER_METHODS, SUPER),
    ];
    for (class, methods, getsets) in rows {
        vm.add_methods(class, methods);
        attributes::add_getsets(vm, class, getsets);
    }
}
