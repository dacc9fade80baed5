//! property, staticmethod, classmethod, and the descriptors of slots and computed attributes.

use crate::classes::class;
use crate::classes::class::slots::DICT_ROWS;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::rows::NativeDef;
use hoop_object::text::{self, str_text};
use hoop_object::vm::Vm;
use hoop_protocol::attributes::{self, GetSet, or_none, readonly};
use hoop_protocol::{attr, call, protocol, seq};

fn is_given(v: &Value) -> bool {
    *v != Value::UNBOUND && *v != Value::NONE
}

// ---- property

const PROPERTY_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, *args, **kwargs", |vm, args| {
        let p = new_property(vm, [Value::NONE; 4]);
        PROPERTY_GETTER_DOC.init(p, Value::UNBOUND);
        seq::new_of(vm, args[0], vm.types.property, p)
    })
    .makes_empty(),
    NativeDef::new("__init__", "$self, fget=None, fset=None, fdel=None, doc=None", init_property),
    NativeDef::new("getter", "$self, object, /", |vm, args| replace_accessor(vm, args[0], 0, args[1])),
    NativeDef::new("setter", "$self, object, /", |vm, args| replace_accessor(vm, args[0], 1, args[1])),
    NativeDef::new("deleter", "$self, object, /", |vm, args| replace_accessor(vm, args[0], 2, args[1])),
    NativeDef::new("__get__", "$self, instance, owner=None, /", |vm, args| {
        if args[1] == Value::NONE {
            let text = "__get__(None, None) is invalid";
            return if is_given(&args[2]) { Ok(args[0]) } else { Err(vm.type_error(text)) };
        }
        let p = vm.unwrap(args[0]);
        attributes::property_get(vm, p, args[1])
    }),
    NativeDef::new("__set__", "$self, instance, value, /", |vm, args| {
        let p = vm.unwrap(args[0]);
        attributes::property_set(vm, p, args[1], Some(args[2])).map(|()| Value::NONE)
    }),
    NativeDef::new("__delete__", "$self, instance, /", |vm, args| {
        let p = vm.unwrap(args[0]);
        attributes::property_set(vm, p, args[1], None).map(|()| Value::NONE)
    }),
    NativeDef::new("__set_name__", "$self, *args", |vm, args| {
        if args.len() != 3 {
            let text =
                format!("__set_name__() takes 2 positional arguments but {} were given", args.len() - 1);
            return Err(vm.type_error(text));
        }
        let p = vm.unwrap(args[0]);
        vm.ctx.write(p, &PROPERTY_NAME, args[2]);
        Ok(Value::NONE)
    })
    .text("$self, owner, name, /"),
];

const PROPERTY: &[GetSet] = &[
    GetSet { name: "fget", get: |vm, p| Ok(or_none(PROPERTY_GET.read(vm.unwrap(p)))), set: Some(readonly) },
    GetSet { name: "fset", get: |vm, p| Ok(or_none(PROPERTY_SET.read(vm.unwrap(p)))), set: Some(readonly) },
    GetSet { name: "fdel", get: |vm, p| Ok(or_none(PROPERTY_DEL.read(vm.unwrap(p)))), set: Some(readonly) },
    GetSet {
        name: "__doc__",
        get: |vm, p| Ok(or_none(PROPERTY_DOC.read(vm.unwrap(p)))),
        set: Some(|vm, p, v| {
            let p = vm.unwrap(p);
            vm.ctx.write(p, &PROPERTY_DOC, or_none(Some(v)));
            Ok(())
        }),
    },
    GetSet {
        name: "__name__",
        get: |vm, p| {
            let inner = vm.unwrap(p);
            let name = vm.names.name;
            match attributes::property_name(vm, inner)? {
                Some(n) => Ok(n),
                None => Err(attributes::no_attribute(vm, p, name)),
            }
        },
        set: Some(|vm, p, v| {
            let p = vm.unwrap(p);
            vm.ctx.write(p, &PROPERTY_NAME, v);
            Ok(())
        }),
    },
    GetSet {
        name: "__isabstractmethod__",
        get: |vm, p| {
            let p = vm.unwrap(p);
            for field in [PROPERTY_GET, PROPERTY_SET, PROPERTY_DEL] {
                if is_abstract_method(vm, or_none(field.read(p)))? {
                    return Ok(Value::TRUE);
                }
            }
            Ok(Value::FALSE)
        },
        set: None,
    },
];

/// `property.__init__`: a property made anew may be part of traces already.
fn init_property(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (this, p) = (args[0], vm.unwrap(args[0]));
    let again = PROPERTY_GETTER_DOC.read(p).is_some_and(|v| v != Value::UNBOUND);
    for (field, &v) in [PROPERTY_GET, PROPERTY_SET, PROPERTY_DEL, PROPERTY_DOC].iter().zip(&args[1..]) {
        vm.ctx.write(p, field, or_none(Some(v)));
    }
    vm.ctx.write(p, &PROPERTY_NAME, Value::UNBOUND);
    vm.ctx.write(p, &PROPERTY_GETTER_DOC, Value::FALSE);
    let mut doc = Some(args[4]).filter(is_given);
    if doc.is_none() && is_given(&args[1]) {
        let name = vm.names.doc;
        doc = attributes::getattr_opt(vm, args[1], name)?.filter(is_given);
        vm.ctx.write(p, &PROPERTY_GETTER_DOC, Value::bool(doc.is_some()));
    }
    if let Some(doc) = doc {
        vm.ctx.write(p, &PROPERTY_DOC, doc);
        if this != p {
            // The attribute of the subclass's own instance hides the one of the class.
            let name = vm.names.doc;
            let kept = attributes::setattr(vm, this, name, doc);
            let class = vm.types.attribute_error;
            if let Err(raise) = kept
                && (is_given(&args[4]) || vm.catch(class).is_none())
            {
                return Err(raise);
            }
        }
    }
    if again {
        let object = vm.types.object;
        attr::class_changed(vm, object);
    }
    Ok(Value::NONE)
}

/// The property with another getter (0), setter (1) or deleter (2), of the same class.
fn replace_accessor(vm: &mut Vm, this: Value, which: usize, f: Value) -> PyResult {
    let p = vm.unwrap(this);
    let fields = [PROPERTY_GET, PROPERTY_SET, PROPERTY_DEL, PROPERTY_DOC];
    let mut parts = fields.map(|field| or_none(field.read(p)));
    if f != Value::NONE {
        parts[which] = f;
    }
    if PROPERTY_GETTER_DOC.read(p) == Some(Value::TRUE) && parts[0] != Value::NONE {
        parts[3] = Value::NONE;
    }
    let class = vm.class_of(this);
    let fresh = call::call(vm, class, &parts)?;
    let inner = vm.unwrap(fresh);
    if vm.kind(inner) == Kind::Property {
        vm.ctx.write(inner, &PROPERTY_NAME, PROPERTY_NAME.read(p).unwrap_or(Value::UNBOUND));
    }
    Ok(fresh)
}

/// A property of getter, setter, deleter (or None) and docstring.
#[inline]
pub fn new_property(vm: &mut Vm, parts: [Value; 4]) -> Value {
    let shape = vm.kind_shape(Kind::Property);
    let p = vm.ctx.alloc(shape, 6);
    let fields = [PROPERTY_GET, PROPERTY_SET, PROPERTY_DEL, PROPERTY_DOC, PROPERTY_NAME, PROPERTY_GETTER_DOC];
    for (field, v) in fields.into_iter().zip(parts.into_iter().chain([Value::UNBOUND, Value::FALSE])) {
        field.init(p, v);
    }
    p
}

fn is_abstract_method(vm: &mut Vm, f: Value) -> PyResult<bool> {
    let name = text::intern(vm, b"__isabstractmethod__");
    match attributes::getattr_opt(vm, f, name)? {
        Some(v) => protocol::truth(vm, v),
        None => Ok(false),
    }
}

// ---- staticmethod and classmethod

const WRAPPER_GETSETS: &[GetSet] = &[
    GetSet { name: "__func__", get: func, set: Some(readonly) },
    GetSet { name: "__wrapped__", get: func, set: Some(readonly) },
    GetSet {
        name: "__dict__",
        get: |vm, w| {
            if vm.kind(w).is_instance() {
                attr::instance_dict(vm, w)
            } else {
                Ok(attributes::function_dict(vm, w))
            }
        },
        set: Some(|vm, w, v| {
            if v == Value::UNBOUND {
                return Err(vm.type_error("cannot delete __dict__"));
            }
            if vm.kind(w).is_instance() {
                return attributes::replace_dict(vm, w, v);
            }
            let v = attributes::dict_for_attributes(vm, v)?;
            vm.ctx.write(w, &WRAPPED_DICT, v);
            Ok(())
        }),
    },
    GetSet {
        name: "__isabstractmethod__",
        get: |vm, w| {
            let f = func(vm, w)?;
            Ok(Value::bool(is_abstract_method(vm, f)?))
        },
        set: None,
    },
];

fn func(vm: &mut Vm, w: Value) -> PyResult {
    let w = vm.unwrap(w);
    Ok(attributes::wrapped(w))
}

const STATIC_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, *args, **kwargs", |vm, args| {
        let w = vm.new_wrapper(Kind::StaticMethod, Value::UNBOUND);
        seq::new_of(vm, args[0], vm.types.staticmethod, w)
    })
    .makes_empty(),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", |vm, args| {
        init_wrapper(vm, args, "staticmethod")
    }),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", |vm, args| {
        let (all, names) = class::with_keywords(vm, &args[2..], args[1])?;
        let w = vm.unwrap(args[0]);
        let f = attributes::wrapped(w);
        call::call_kw(vm, f, all.as_slice(), names.as_slice())
    }),
    NativeDef::new("__get__", "$self, instance, owner=None, /", |vm, args| {
        let w = vm.unwrap(args[0]);
        Ok(attributes::wrapped(w))
    }),
    NativeDef::new("__repr__", "$self, /", |vm, args| wrapper_repr(vm, args[0], "staticmethod")),
];

const CLASS_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, *args, **kwargs", |vm, args| {
        let w = vm.new_wrapper(Kind::ClassMethod, Value::UNBOUND);
        seq::new_of(vm, args[0], vm.types.classmethod, w)
    })
    .makes_empty(),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", |vm, args| init_wrapper(vm, args, "classmethod")),
    NativeDef::new("__get__", "$self, instance, owner=None, /", |vm, args| {
        let class = if is_given(&args[2]) { args[2] } else { vm.class_of(args[1]) };
        let w = vm.unwrap(args[0]);
        attributes::bind_descriptor(vm, w, Some(args[1]), class)
    }),
    NativeDef::new("__repr__", "$self, /", |vm, args| wrapper_repr(vm, args[0], "classmethod")),
];

fn wrapper_repr(vm: &mut Vm, this: Value, class: &str) -> PyResult {
    let f = func(vm, this)?;
    let text = format!("<{class}({})>", protocol::repr_text(vm, f)?);
    Ok(text::str(vm, &text))
}

/// `__init__` of both: a wrapper that gets another function may be part of traces already.
fn init_wrapper(vm: &mut Vm, args: &[Value], class: &str) -> PyResult {
    let (this, kwargs, rest) = (args[0], args[1], &args[2..]);
    if kwargs != Value::UNBOUND && hoop_object::dict::dict_len(kwargs) > 0 {
        return Err(vm.type_error(format!("{class}() takes no keyword arguments")));
    }
    if rest.len() != 1 {
        return Err(vm.type_error(format!("{class} expected 1 argument, got {}", rest.len())));
    }
    let w = vm.unwrap(this);
    let again = WRAPPED.read(w).is_some_and(|f| f != Value::UNBOUND);
    vm.ctx.write(w, &WRAPPED, rest[0]);
    if again {
        let object = vm.types.object;
        attr::class_changed(vm, object);
    }
    for name in [vm.names.module, vm.names.name, vm.names.qualname, vm.names.doc] {
        if let Some(v) = attributes::getattr_opt(vm, rest[0], name)? {
            attributes::setattr(vm, this, name, v)?;
        }
    }
    Ok(Value::NONE)
}

// ---- slots and computed attributes

const MEMBER_METHODS: &[NativeDef] = &[
    NativeDef::new("__get__", "$self, instance, owner=None, /", |vm, args| match args[1] {
        Value::NONE if is_given(&args[2]) => Ok(args[0]),
        Value::NONE => Err(vm.type_error("__get__(None, None) is invalid")),
        object => attributes::member_get(vm, args[0], object),
    }),
    NativeDef::new("__set__", "$self, instance, value, /", |vm, args| {
        attributes::member_set(vm, args[0], args[1], args[2]).map(|()| Value::NONE)
    }),
    NativeDef::new("__delete__", "$self, instance, /", |vm, args| {
        attributes::member_set(vm, args[0], args[1], Value::UNBOUND).map(|()| Value::NONE)
    }),
    NativeDef::new("__repr__", "$self, /", |vm, args| {
        let what = if vm.class_of(args[0]) == vm.types.member_descriptor { "member" } else { "attribute" };
        let owner = vm.name_of_class(or_none(MEMBER_OWNER.read(args[0])));
        let name = str_text(or_none(MEMBER_NAME.read(args[0]))).into_owned();
        Ok(text::str(vm, &format!("<{what} '{name}' of '{owner}' objects>")))
    }),
];

const MEMBER: &[GetSet] = &[
    GetSet { name: "__name__", get: |_, m| Ok(or_none(MEMBER_NAME.read(m))), set: Some(readonly) },
    GetSet { name: "__objclass__", get: |_, m| Ok(or_none(MEMBER_OWNER.read(m))), set: Some(readonly) },
    GetSet { name: "__doc__", get: |_, _| Ok(Value::NONE), set: None },
    GetSet {
        name: "__qualname__",
        get: |vm, m| {
            let owner = or_none(MEMBER_OWNER.read(m));
            let owner = str_text(hoop_object::class::class_data(owner).qualname).into_owned();
            let text = format!("{owner}.{}", str_text(or_none(MEMBER_NAME.read(m))));
            Ok(text::str(vm, &text))
        },
        set: None,
    },
];

pub fn init(vm: &mut Vm) {
    let t = &vm.types;
    let rows: [(Value, &'static [NativeDef], &'static [GetSet]); 5] = [
        (t.property, PROPERTY_METHODS, PROPERTY),
        (t.staticmethod, STATIC_METHODS, WRAPPER_GETSETS),
        (t.classmethod, CLASS_METHODS, WRAPPER_GETSETS),
        (t.member_descriptor, MEMBER_METHODS, MEMBER),
        (t.getset_descriptor, MEMBER_METHODS, MEMBER),
    ];
    for (class, methods, getsets) in rows {
        vm.add_methods(class, methods);
        attributes::add_getsets(vm, class, getsets);
    }
    let base_exception = vm.types.base_exception;
    attributes::add_getsets(vm, base_exception, DICT_ROWS);
}
