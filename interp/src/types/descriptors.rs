//! property, staticmethod, classmethod, and the descriptors of slots and computed attributes.

use super::attributes::{GetSet, readonly};
use super::class::DICT_ROWS;
use super::functions::or_none;
use super::seq;
use crate::errors::PyResult;
use crate::native::NativeDef;
use crate::objects::Kind;
use crate::objects::layout::*;
use crate::objects::text::str_text;
use crate::vm::Vm;
use hoop_gc::Value;

fn is_given(v: &Value) -> bool {
    *v != Value::UNBOUND && *v != Value::NONE
}

// ---- property

const PROPERTY_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, *args, **kwargs", |vm, args| {
        let p = vm.new_property([Value::NONE; 4]);
        PROPERTY_GETTER_DOC.init(p, Value::UNBOUND);
        seq::new_of(vm, args[0], vm.types.property, p)
    })
    .makes_empty(),
    NativeDef::new("__init__", "self, fget=None, fset=None, fdel=None, doc=None", init_property),
    NativeDef::new("getter", "self, fget, /", |vm, args| replace_accessor(vm, args[0], 0, args[1])),
    NativeDef::new("setter", "self, fset, /", |vm, args| replace_accessor(vm, args[0], 1, args[1])),
    NativeDef::new("deleter", "self, fdel, /", |vm, args| replace_accessor(vm, args[0], 2, args[1])),
    NativeDef::new("__get__", "self, instance, owner=None, /", |vm, args| {
        if args[1] == Value::NONE {
            let text = "__get__(None, None) is invalid";
            return if is_given(&args[2]) { Ok(args[0]) } else { Err(vm.type_error(text)) };
        }
        let p = vm.unwrap(args[0]);
        vm.property_get(p, args[1])
    }),
    NativeDef::new("__set__", "self, instance, value, /", |vm, args| {
        let p = vm.unwrap(args[0]);
        vm.property_set(p, args[1], Some(args[2])).map(|()| Value::NONE)
    }),
    NativeDef::new("__delete__", "self, instance, /", |vm, args| {
        let p = vm.unwrap(args[0]);
        vm.property_set(p, args[1], None).map(|()| Value::NONE)
    }),
    NativeDef::new("__set_name__", "self, *args", |vm, args| {
        if args.len() != 3 {
            let text =
                format!("__set_name__() takes 2 positional arguments but {} were given", args.len() - 1);
            return Err(vm.type_error(text));
        }
        let p = vm.unwrap(args[0]);
        vm.ctx.write(p, &PROPERTY_NAME, args[2]);
        Ok(Value::NONE)
    }),
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
            match vm.property_name(inner)? {
                Some(n) => Ok(n),
                None => Err(vm.no_attribute(p, name)),
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
                if vm.is_abstract_method(or_none(field.read(p)))? {
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
        doc = vm.getattr_opt(args[1], name)?.filter(is_given);
        vm.ctx.write(p, &PROPERTY_GETTER_DOC, Value::bool(doc.is_some()));
    }
    if let Some(doc) = doc {
        vm.ctx.write(p, &PROPERTY_DOC, doc);
        if this != p {
            // The attribute of the subclass's own instance hides the one of the class.
            let name = vm.names.doc;
            let kept = vm.setattr(this, name, doc);
            let class = vm.types.attribute_error;
            if let Err(raise) = kept
                && (is_given(&args[4]) || vm.catch(class).is_none())
            {
                return Err(raise);
            }
        }
    }
    if again {
        vm.class_changed(vm.types.object);
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
    let fresh = vm.call(class, &parts)?;
    let inner = vm.unwrap(fresh);
    if vm.kind(inner) == Kind::Property {
        vm.ctx.write(inner, &PROPERTY_NAME, PROPERTY_NAME.read(p).unwrap_or(Value::UNBOUND));
    }
    Ok(fresh)
}

impl Vm {
    /// A property of getter, setter, deleter (or None) and docstring.
    pub fn new_property(&mut self, parts: [Value; 4]) -> Value {
        let shape = self.kind_shape(Kind::Property);
        let p = self.ctx.alloc(shape, 6);
        let fields =
            [PROPERTY_GET, PROPERTY_SET, PROPERTY_DEL, PROPERTY_DOC, PROPERTY_NAME, PROPERTY_GETTER_DOC];
        for (field, v) in fields.into_iter().zip(parts.into_iter().chain([Value::UNBOUND, Value::FALSE])) {
            field.init(p, v);
        }
        p
    }

    /// The name a property was given, or its getter's.
    pub(super) fn property_name(&mut self, p: Value) -> PyResult<Option<Value>> {
        if let Some(n) = PROPERTY_NAME.read(p).filter(|&n| n != Value::UNBOUND) {
            return Ok(Some(n));
        }
        let (getter, name) = (or_none(PROPERTY_GET.read(p)), self.names.name);
        if getter == Value::NONE { Ok(None) } else { self.getattr_opt(getter, name) }
    }

    /// Sets a property, or deletes it.
    pub(super) fn property_set(&mut self, p: Value, object: Value, v: Option<Value>) -> PyResult<()> {
        let (field, what) = if v.is_some() { (PROPERTY_SET, "setter") } else { (PROPERTY_DEL, "deleter") };
        let Some(f) = field.read(p).filter(|&f| f != Value::NONE) else {
            return Err(self.property_error(p, object, what));
        };
        match v {
            Some(v) => self.call(f, &[object, v])?,
            None => self.call(f, &[object])?,
        };
        Ok(())
    }

    fn is_abstract_method(&mut self, f: Value) -> PyResult<bool> {
        let name = self.intern(b"__isabstractmethod__");
        match self.getattr_opt(f, name)? {
            Some(v) => self.truth(v),
            None => Ok(false),
        }
    }
}

// ---- staticmethod and classmethod

const WRAPPER_GETSETS: &[GetSet] = &[
    GetSet { name: "__func__", get: func, set: Some(readonly) },
    GetSet { name: "__wrapped__", get: func, set: Some(readonly) },
    GetSet {
        name: "__dict__",
        get: |vm, w| if vm.kind(w).is_instance() { vm.instance_dict(w) } else { Ok(vm.function_dict(w)) },
        set: Some(|vm, w, v| {
            if v == Value::UNBOUND {
                return Err(vm.type_error("cannot delete __dict__"));
            }
            if vm.kind(w).is_instance() {
                return vm.replace_dict(w, v);
            }
            let v = vm.dict_for_attributes(v)?;
            vm.ctx.write(w, &WRAPPED_DICT, v);
            Ok(())
        }),
    },
    GetSet {
        name: "__isabstractmethod__",
        get: |vm, w| {
            let f = func(vm, w)?;
            Ok(Value::bool(vm.is_abstract_method(f)?))
        },
        set: None,
    },
];

fn func(vm: &mut Vm, w: Value) -> PyResult {
    let w = vm.unwrap(w);
    Ok(vm.wrapped(w))
}

const STATIC_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, *args, **kwargs", |vm, args| {
        let w = vm.new_wrapper(Kind::StaticMethod, Value::UNBOUND);
        seq::new_of(vm, args[0], vm.types.staticmethod, w)
    })
    .makes_empty(),
    NativeDef::new("__init__", "self, *args, **kwargs", |vm, args| init_wrapper(vm, args, "staticmethod")),
    NativeDef::new("__call__", "self, *args, **kwargs", |vm, args| {
        let (all, names) = vm.with_keywords(&args[2..], args[1])?;
        let w = vm.unwrap(args[0]);
        let f = vm.wrapped(w);
        vm.call_kw(f, all.as_slice(), names.as_slice())
    }),
    NativeDef::new("__get__", "self, instance, owner=None, /", |vm, args| {
        let w = vm.unwrap(args[0]);
        Ok(vm.wrapped(w))
    }),
    NativeDef::new("__repr__", "self, /", |vm, args| wrapper_repr(vm, args[0], "staticmethod")),
];

const CLASS_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, *args, **kwargs", |vm, args| {
        let w = vm.new_wrapper(Kind::ClassMethod, Value::UNBOUND);
        seq::new_of(vm, args[0], vm.types.classmethod, w)
    })
    .makes_empty(),
    NativeDef::new("__init__", "self, *args, **kwargs", |vm, args| init_wrapper(vm, args, "classmethod")),
    NativeDef::new("__get__", "self, instance, owner=None, /", |vm, args| {
        let class = if is_given(&args[2]) { args[2] } else { vm.class_of(args[1]) };
        let w = vm.unwrap(args[0]);
        vm.bind_descriptor(w, Some(args[1]), class)
    }),
    NativeDef::new("__repr__", "self, /", |vm, args| wrapper_repr(vm, args[0], "classmethod")),
];

fn wrapper_repr(vm: &mut Vm, this: Value, class: &str) -> PyResult {
    let f = func(vm, this)?;
    let text = format!("<{class}({})>", vm.repr_text(f)?);
    Ok(vm.str(&text))
}

/// `__init__` of both: a wrapper that gets another function may be part of traces already.
fn init_wrapper(vm: &mut Vm, args: &[Value], class: &str) -> PyResult {
    let (this, kwargs, rest) = (args[0], args[1], &args[2..]);
    if kwargs != Value::UNBOUND && crate::objects::dict::dict_len(kwargs) > 0 {
        return Err(vm.type_error(format!("{class}() takes no keyword arguments")));
    }
    if rest.len() != 1 {
        return Err(vm.type_error(format!("{class} expected 1 argument, got {}", rest.len())));
    }
    let w = vm.unwrap(this);
    let again = WRAPPED.read(w).is_some_and(|f| f != Value::UNBOUND);
    vm.ctx.write(w, &WRAPPED, rest[0]);
    if again {
        vm.class_changed(vm.types.object);
    }
    for name in [vm.names.module, vm.names.name, vm.names.qualname, vm.names.doc] {
        if let Some(v) = vm.getattr_opt(rest[0], name)? {
            vm.setattr(this, name, v)?;
        }
    }
    Ok(Value::NONE)
}

impl Vm {
    /// The function of a staticmethod or classmethod: None before `__init__`.
    pub fn wrapped(&self, w: Value) -> Value {
        or_none(WRAPPED.read(w))
    }
}

// ---- slots and computed attributes

const MEMBER_METHODS: &[NativeDef] = &[
    NativeDef::new("__get__", "self, instance, owner=None, /", |vm, args| match args[1] {
        Value::NONE if is_given(&args[2]) => Ok(args[0]),
        Value::NONE => Err(vm.type_error("__get__(None, None) is invalid")),
        object => vm.member_get(args[0], object),
    }),
    NativeDef::new("__set__", "self, instance, value, /", |vm, args| {
        vm.member_set(args[0], args[1], args[2]).map(|()| Value::NONE)
    }),
    NativeDef::new("__delete__", "self, instance, /", |vm, args| {
        vm.member_set(args[0], args[1], Value::UNBOUND).map(|()| Value::NONE)
    }),
    NativeDef::new("__repr__", "self, /", |vm, args| {
        let what = if vm.class_of(args[0]) == vm.types.member_descriptor { "member" } else { "attribute" };
        let owner = vm.name_of_class(or_none(MEMBER_OWNER.read(args[0])));
        let name = str_text(or_none(MEMBER_NAME.read(args[0]))).into_owned();
        Ok(vm.str(&format!("<{what} '{name}' of '{owner}' objects>")))
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
            let owner = str_text(crate::objects::class::class_data(owner).qualname).into_owned();
            let text = format!("{owner}.{}", str_text(or_none(MEMBER_NAME.read(m))));
            Ok(vm.str(&text))
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
        vm.add_getsets(class, getsets);
    }
    vm.add_getsets(vm.types.base_exception, DICT_ROWS);
}
