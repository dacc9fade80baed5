//! Functions, methods, built-in functions, code, cells, modules and super.

use super::attributes::{GetSet, readonly};
use crate::errors::PyResult;
use crate::native::{NativeDef, builtin_owner, builtin_self, def_of};
use crate::objects::Kind;
use crate::objects::code::code_data;
use crate::objects::layout::*;
use crate::objects::text::str_text;
use crate::objects::tuple::tuple_len;
use crate::vm::Vm;
use hoop_gc::Value;

pub(super) fn or_none(v: Option<Value>) -> Value {
    v.filter(|&v| v != Value::UNBOUND).unwrap_or(Value::NONE)
}

const FUNCTION: &[GetSet] = &[
    GetSet {
        name: "__name__",
        get: |_, f| Ok(or_none(FUNC_NAME.read(f))),
        set: Some(|vm, f, v| set_text(vm, f, &FUNC_NAME, v)),
    },
    GetSet {
        name: "__qualname__",
        get: |_, f| Ok(or_none(FUNC_QUALNAME.read(f))),
        set: Some(|vm, f, v| set_text(vm, f, &FUNC_QUALNAME, v)),
    },
    GetSet {
        name: "__doc__",
        get: |_, f| Ok(or_none(FUNC_DOC.read(f))),
        set: Some(|vm, f, v| set_any(vm, f, &FUNC_DOC, v)),
    },
    GetSet {
        name: "__module__",
        get: |_, f| Ok(or_none(FUNC_MODULE.read(f))),
        set: Some(|vm, f, v| set_any(vm, f, &FUNC_MODULE, v)),
    },
    GetSet { name: "__code__", get: |_, f| Ok(or_none(FUNC_CODE.read(f))), set: Some(set_code) },
    GetSet { name: "__defaults__", get: |_, f| Ok(or_none(FUNC_DEFAULTS.read(f))), set: Some(set_defaults) },
    GetSet {
        name: "__kwdefaults__",
        get: |vm, f| Ok(vm.hand_out_keyword_defaults(f)),
        set: Some(set_kwdefaults),
    },
    GetSet { name: "__closure__", get: |_, f| Ok(or_none(FUNC_CLOSURE.read(f))), set: Some(readonly) },
    GetSet {
        name: "__globals__",
        get: |_, f| Ok(code_data(FUNC_CODE.read(f).unwrap_or(f)).globals),
        set: Some(readonly),
    },
    GetSet { name: "__dict__", get: |vm, f| Ok(vm.function_dict(f)), set: Some(set_dict) },
    GetSet { name: "__annotations__", get: annotations, set: Some(set_annotations) },
    GetSet { name: "__annotate__", get: |_, f| Ok(or_none(FUNC_ANNOTATE.read(f))), set: Some(set_annotate) },
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
    let held = if is_nothing(v) { Value::UNBOUND } else { vm.new_cell(Some(v)) };
    vm.ctx.write(f, &FUNC_KWDEFAULTS, held);
    Ok(())
}

fn set_annotate(vm: &mut Vm, f: Value, v: Value) -> PyResult<()> {
    if v == Value::UNBOUND {
        return Err(vm.type_error("__annotate__ cannot be deleted"));
    }
    if v != Value::NONE && !vm.is_callable(v) {
        return Err(vm.type_error("__annotate__ must be callable or None"));
    }
    set_optional(vm, f, &FUNC_ANNOTATE, v)
}

fn set_dict(vm: &mut Vm, f: Value, v: Value) -> PyResult<()> {
    if v == Value::UNBOUND {
        return Err(vm.type_error("cannot delete __dict__"));
    }
    let v = vm.dict_for_attributes(v)?;
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
        let name = str_text(or_none(FUNC_NAME.read(f))).into_owned();
        let text = format!("{name}() requires a code object with {has} free vars, not {needs}");
        return Err(vm.value_error(text));
    }
    vm.ctx.write(f, &FUNC_CODE, v);
    vm.ctx.assumptions.invalidate(f);
    Ok(())
}

/// The annotations: evaluated once, kept in the function's own dict.
fn annotations(vm: &mut Vm, f: Value) -> PyResult {
    let d = vm.function_dict(f);
    let key = vm.names.annotations;
    if let Some(v) = vm.dict_get_str(d, key) {
        return Ok(v);
    }
    let v = match FUNC_ANNOTATE.read(f).filter(|&a| a != Value::UNBOUND && a != Value::NONE) {
        Some(annotate) if vm.kind(annotate).is_dict() => annotate,
        Some(annotate) => vm.call(annotate, &[Value::int(1)])?,
        None => vm.new_dict(),
    };
    vm.dict_set(d, key, v)?;
    Ok(v)
}

fn set_annotations(vm: &mut Vm, f: Value, v: Value) -> PyResult<()> {
    let d = vm.function_dict(f);
    let key = vm.names.annotations;
    if is_nothing(v) {
        vm.dict_remove(d, key)?;
        return set_optional(vm, f, &FUNC_ANNOTATE, Value::NONE);
    }
    if !vm.dict_inside(v) {
        return Err(vm.type_error("__annotations__ must be set to a dict object"));
    }
    vm.dict_set(d, key, v)
}

const FUNCTION_METHODS: &[NativeDef] = &[
    NativeDef::new("__repr__", "self, /", |vm, args| {
        let name = or_none(FUNC_QUALNAME.read(args[0]));
        let text = format!("<function {} at {:#x}>", str_text(name), args[0].bits());
        Ok(vm.str(&text))
    }),
    NativeDef::new("__call__", "self, *args, **kwargs", call_any),
    NativeDef::new("__get__", "self, instance, owner=None, /", |vm, args| {
        Ok(if args[1] == Value::NONE { args[0] } else { vm.new_bound_method(args[0], args[1]) })
    }),
];

fn call_any(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (all, names) = vm.with_keywords(&args[2..], args[1])?;
    vm.call_kw(args[0], all.as_slice(), names.as_slice())
}

const BUILTIN: &[GetSet] = &[
    GetSet { name: "__name__", get: |vm, f| Ok(vm.intern(def_of(f).name.as_bytes())), set: None },
    GetSet { name: "__qualname__", get: builtin_qualname, set: None },
    GetSet { name: "__doc__", get: |_, _| Ok(Value::NONE), set: None },
    GetSet {
        name: "__module__",
        get: |vm, f| Ok(builtin_owner(f).filter(|&o| vm.kind(o) == Kind::Str).unwrap_or(Value::NONE)),
        set: None,
    },
    GetSet { name: "__self__", get: |_, f| Ok(or_none(builtin_self(f))), set: None },
    GetSet {
        name: "__text_signature__",
        get: |vm, f| {
            let t = format!("({})", def_of(f).signature);
            Ok(vm.str(&t))
        },
        set: None,
    },
];

const DESCRIPTOR: &[GetSet] =
    &[GetSet { name: "__objclass__", get: |_, f| Ok(or_none(builtin_owner(f))), set: Some(readonly) }];

const DESCRIPTOR_METHODS: &[NativeDef] =
    &[NativeDef::new("__get__", "self, instance, owner=None, /", |vm, args| {
        let (f, this) = (args[0], args[1]);
        if this == Value::NONE {
            if args[2] == Value::NONE || args[2] == Value::UNBOUND {
                return Err(vm.type_error("__get__(None, None) is invalid"));
            }
            return Ok(f);
        }
        let owner = or_none(builtin_owner(f));
        if !vm.is_instance_of(this, owner) {
            let name = format!("'{}' for '{}' objects", def_of(f).name, vm.name_of_class(owner));
            let text = format!("descriptor {name} doesn't apply to a '{}' object", vm.class_name(this));
            return Err(vm.type_error(text));
        }
        Ok(vm.new_builtin(def_of(f), Some(this), Some(owner)))
    })];

fn builtin_qualname(vm: &mut Vm, f: Value) -> PyResult {
    let name = def_of(f).name;
    match builtin_owner(f) {
        Some(o) if vm.kind(o) == Kind::Class => {
            let text = format!("{}.{name}", vm.name_of_class(o));
            Ok(vm.str(&text))
        }
        _ => Ok(vm.str(name)),
    }
}

const BUILTIN_METHODS: &[NativeDef] = &[
    NativeDef::new("__eq__", "self, other, /", |vm, args| {
        if vm.kind(args[1]) != Kind::Builtin {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let same = BUILTIN_DEF.read(args[0]) == BUILTIN_DEF.read(args[1])
            && builtin_self(args[0]) == builtin_self(args[1]);
        Ok(Value::bool(same))
    }),
    NativeDef::new("__hash__", "self, /", |_, args| {
        let this = builtin_self(args[0]).map_or(0, Vm::identity_hash);
        Ok(Value::int(this ^ BUILTIN_DEF.read(args[0]) >> 4))
    }),
    NativeDef::new("__repr__", "self, /", builtin_repr),
    NativeDef::new("__call__", "self, *args, **kwargs", call_any),
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
    Ok(vm.str(&text))
}

const METHOD: &[GetSet] = &[
    GetSet { name: "__func__", get: |_, m| Ok(or_none(METHOD_FUNC.read(m))), set: Some(readonly) },
    GetSet { name: "__self__", get: |_, m| Ok(or_none(METHOD_SELF.read(m))), set: Some(readonly) },
    GetSet { name: "__name__", get: |vm, m| method_attr(vm, m, "__name__"), set: None },
    GetSet { name: "__qualname__", get: |vm, m| method_attr(vm, m, "__qualname__"), set: None },
    GetSet { name: "__doc__", get: |vm, m| method_attr(vm, m, "__doc__"), set: None },
    GetSet { name: "__module__", get: |vm, m| method_attr(vm, m, "__module__"), set: None },
    GetSet { name: "__defaults__", get: |vm, m| method_attr(vm, m, "__defaults__"), set: None },
    GetSet { name: "__code__", get: |vm, m| method_attr(vm, m, "__code__"), set: None },
    GetSet { name: "__dict__", get: |vm, m| method_attr(vm, m, "__dict__"), set: None },
];

fn method_attr(vm: &mut Vm, m: Value, name: &str) -> PyResult {
    let name = vm.intern(name.as_bytes());
    vm.getattr(or_none(METHOD_FUNC.read(m)), name)
}

const METHOD_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, function, instance, /", |vm, args| {
        if !vm.is_callable(args[1]) {
            return Err(vm.type_error("first argument must be callable"));
        }
        if args[2] == Value::NONE {
            return Err(vm.type_error("instance must not be None"));
        }
        Ok(vm.new_bound_method(args[1], args[2]))
    }),
    NativeDef::new("__call__", "self, *args, **kwargs", call_any),
    NativeDef::new("__eq__", "self, other, /", |vm, args| {
        let other = args[1];
        if vm.kind(other) != Kind::BoundMethod {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let same = METHOD_SELF.read(args[0]) == METHOD_SELF.read(other)
            && METHOD_FUNC.read(args[0]) == METHOD_FUNC.read(other);
        Ok(Value::bool(same))
    }),
    NativeDef::new("__hash__", "self, /", |_, args| {
        let parts = [METHOD_SELF.read(args[0]), METHOD_FUNC.read(args[0])];
        Ok(Value::int(parts.iter().flatten().fold(0, |h, &v| h ^ Vm::identity_hash(v))))
    }),
    NativeDef::new("__repr__", "self, /", |vm, args| {
        let (f, this) = (or_none(METHOD_FUNC.read(args[0])), or_none(METHOD_SELF.read(args[0])));
        let name = vm.names.qualname;
        let name = vm.getattr_opt(f, name)?.filter(|&n| vm.kind(n) == Kind::Str);
        let name = name.map_or("?".into(), |n| str_text(n).into_owned());
        let text = format!("<bound method {name} of {}>", vm.repr_text(this)?);
        Ok(vm.str(&text))
    }),
    NativeDef::new("__getattribute__", "self, name, /", |vm, args| {
        let name = vm.attribute_name(args[1])?;
        match vm.generic_getattr(args[0], name) {
            Ok(v) => Ok(v),
            Err(raise) => {
                let class = vm.types.attribute_error;
                if vm.catch(class).is_none() {
                    return Err(raise);
                }
                vm.getattr(or_none(METHOD_FUNC.read(args[0])), name)
            }
        }
    }),
];

fn text(vm: &mut Vm, s: &str) -> PyResult {
    Ok(vm.str(s))
}

fn text_tuple(vm: &mut Vm, names: &[String]) -> PyResult {
    let mut out = crate::objects::tuple::ValueVec::new();
    for n in names {
        let v = vm.str(n);
        out.push(vm, v)?;
    }
    vm.new_tuple(out.as_slice())
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
    GetSet { name: "co_consts", get: |vm, c| vm.new_tuple(&code_data(c).consts), set: None },
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

const CODE_METHODS: &[NativeDef] = &[NativeDef::new("__repr__", "self, /", |vm, args| {
    let c = &code_data(args[0]).code;
    let text = format!(
        "<code object {} at {:#x}, file \"{}\", line {}>",
        c.name,
        args[0].bits(),
        c.filename,
        c.first_line
    );
    Ok(vm.str(&text))
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
    NativeDef::new("__new__", "cls, name=..., doc=None", |vm, args| {
        if args[1] == Value::UNBOUND {
            return Err(vm.type_error("module() missing required argument 'name' (pos 1)"));
        }
        Ok(vm.new_module(args[1]))
    }),
    NativeDef::new("__init__", "self, *args, **kwargs", |_, _| Ok(Value::NONE)),
    NativeDef::new("__repr__", "self, /", |vm, args| {
        let ns = or_none(MODULE_DICT.read(args[0]));
        let name = vm.module_name(ns);
        let name = if vm.kind(name) == Kind::Str { str_text(name).into_owned() } else { "?".into() };
        let key = vm.names.file;
        let text = match vm.dict_get_str(ns, key) {
            Some(f) if vm.kind(f) == Kind::Str => format!("<module '{name}' from '{}'>", str_text(f)),
            _ => format!("<module '{name}' (built-in)>"),
        };
        Ok(vm.str(&text))
    }),
    NativeDef::new("__dir__", "self, /", |vm, args| {
        let keys = vm.collect(or_none(MODULE_DICT.read(args[0])))?;
        vm.list_from(keys.as_slice())
    }),
];

const SUPER_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, type=..., object=..., /", new_super),
    NativeDef::new("__init__", "self, *args, **kwargs", |_, _| Ok(Value::NONE)),
    NativeDef::new("__getattribute__", "self, name, /", |vm, args| {
        let name = vm.attribute_name(args[1])?;
        vm.super_getattr(args[0], name)
    }),
    NativeDef::new("__get__", "self, instance, owner=None, /", |vm, args| vm.super_get(args[0], args[1])),
    NativeDef::new("__repr__", "self, /", |vm, args| {
        let s = vm.unwrap(args[0]);
        let class = vm.name_of_class(or_none(SUPER_CLASS.read(s)));
        let of = match or_none(SUPER_START.read(s)) {
            Value::NONE => "NULL".to_string(),
            of => format!("<{} object>", vm.name_of_class(of)),
        };
        Ok(vm.str(&format!("<super: <class '{class}'>, {of}>")))
    }),
];

const SUPER: &[GetSet] = &[
    GetSet {
        name: "__thisclass__",
        get: |vm, s| Ok(or_none(SUPER_CLASS.read(vm.unwrap(s)))),
        set: Some(readonly),
    },
    GetSet {
        name: "__self__",
        get: |vm, s| Ok(or_none(SUPER_OBJECT.read(vm.unwrap(s)))),
        set: Some(readonly),
    },
    GetSet {
        name: "__self_class__",
        get: |vm, s| Ok(or_none(SUPER_START.read(vm.unwrap(s)))),
        set: Some(readonly),
    },
];

/// `super()` finds class and object in the calling frame; `super(class, object)` is told.
fn new_super(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (class, object) =
        if args[1] == Value::UNBOUND { super_of_frame(vm)? } else { (args[1], or_none(Some(args[2]))) };
    if vm.kind(class) != Kind::Class {
        let text = format!("super() argument 1 must be a type, not {}", vm.class_name(class));
        return Err(vm.type_error(text));
    }
    let of = if object == Value::NONE { Value::NONE } else { vm.super_type(class, object)? };
    let s = vm.super_object(class, object, of);
    super::seq::new_of(vm, args[0], vm.types.super_, s)
}

fn super_of_frame(vm: &mut Vm) -> PyResult<(Value, Value)> {
    let Some(frame) = vm.looked_at_frame() else {
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

impl Vm {
    /// `super(class, object)`, which walks the resolution order of `of`.
    pub fn super_object(&mut self, class: Value, object: Value, of: Value) -> Value {
        let shape = self.kind_shape(Kind::Super);
        let s = self.ctx.alloc(shape, 3);
        SUPER_CLASS.init(s, class);
        SUPER_OBJECT.init(s, object);
        SUPER_START.init(s, of);
        s
    }

    /// A super object without an object of its own is bound to the one through which it is got.
    pub(super) fn super_get(&mut self, s: Value, object: Value) -> PyResult {
        let inner = self.unwrap(s);
        let bound = SUPER_OBJECT.read(inner).is_some_and(|o| o != Value::NONE);
        if bound || object == Value::NONE {
            return Ok(s);
        }
        let (class, start) = (self.class_of(s), or_none(SUPER_CLASS.read(inner)));
        self.call(class, &[start, object])
    }

    /// An empty module of this name.
    pub fn new_module(&mut self, name: Value) -> Value {
        let ns = self.new_namespace();
        let shape = self.kind_shape(Kind::Module);
        let m = self.ctx.alloc(shape, 1);
        MODULE_DICT.init(m, ns);
        let n = &self.names;
        for (key, v) in [
            (n.name, name),
            (n.doc, Value::NONE),
            (n.package, Value::NONE),
            (n.loader, Value::NONE),
            (n.spec, Value::NONE),
        ] {
            let hash = self.str_hash(key);
            let done = self.dict_set_hashed(ns, key, hash, v);
            debug_assert!(done.is_ok());
        }
        m
    }
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
        vm.add_getsets(class, getsets);
    }
}
