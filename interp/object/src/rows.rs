//! Rows of native functions: name, signature, function, and what traces may do with them.

use crate::errors::PyResult;
use crate::helpers::Helper;
use crate::kind::Kind;
use crate::layout::*;
use crate::vm::Vm;
use hoop_gc::Value;

/// A native function. It gets one value per parameter of its signature in order ([`Value::UNBOUND`] where an optional
/// one was not given); then, if the signature has `**kwargs`, a dict; then, if it has `*args`, the further positional
/// arguments.
pub type NativeFn = fn(&mut Vm, &[Value]) -> PyResult;

/// The row of a built-in function or method.
pub struct NativeDef {
    pub name: &'static str,
    /// As in `__text_signature__`: `"$self, sub[, start[, end]], /"`. A first parameter `$self` or `$type` is the receiver;
    /// `$module` is written and not passed. `=...` and brackets mark optional parameters (the text after `=` is for
    /// people), `/` ends the positional-only ones, `*` begins the keyword-only ones, `*args` and `**kwargs` take the rest.
    pub signature: &'static str,
    /// `__text_signature__` without its parentheses, where it has one: nearly always the signature.
    pub text: Option<&'static str>,
    pub function: NativeFn,
    /// What a trace may inline instead of calling: see `ops::intrinsic`.
    pub intrinsic: Intrinsic,
    /// What it computes of a float whose result is finite.
    pub float: Option<fn(f64) -> f64>,
    /// It may look at its caller's frame when it is called with fewer arguments than this.
    pub sees_frames_below: u8,
    /// Called with fewer arguments than this, a receiver among them, it runs no Python code and changes nothing that exists,
    /// whatever they are.
    pub plain_below: u8,
    /// Of `__new__`: it makes an empty object whatever the arguments are, which `__init__` fills.
    pub makes_empty: bool,
    pub shape: Arity,
}

/// Functions that exist a second time as engine-generic code, for traces to follow into.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Intrinsic {
    None,
    Len,
    Abs,
    Ord,
    IsInstance,
    IsSubclass,
    ListAppend,
    ListPop,
    MathSqrt,
    /// A function of one float: see [`NativeDef::float`].
    MathFloat,
    MathFloor,
    MathCeil,
    Chr,
    DivMod,
    Round,
    DictGet,
    DictKeys,
    DictValues,
    DictItems,
    SetAdd,
    GetAttr,
    HasAttr,
    Next,
    Send,
    EnumerateCount,
    SlicePassed,
    SliceEnded,
    ExceptionInit,
    /// Goes through all that an iterable has.
    Consume(Helper),
}

/// What the signature says, worked out at compile time.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Arity {
    /// Parameters that must be given by position or keyword.
    pub required: u8,
    /// All parameters but `*args` and `**kwargs`.
    pub params: u8,
    /// Those that may be given by position.
    pub positional: u8,
    /// Those that may be given by position only.
    pub positional_only: u8,
    pub varargs: bool,
    pub varkw: bool,
    /// Some parameter may be given by keyword.
    pub keywords: bool,
    /// The first parameter is an object of the class that the function belongs to, or (of `__new__`) a class below it.
    pub receiver: bool,
}

impl Arity {
    pub(crate) const fn of(signature: &str) -> Arity {
        let text = signature.as_bytes();
        let unmarked = matches!(text, [b's', b'e', b'l', b'f', ..] | [b'c', b'l', b's', ..]);
        assert!(!unmarked, "receivers are written `$self` and `$type`");
        let mut a = Arity {
            required: 0,
            params: 0,
            positional: 0,
            positional_only: 0,
            varargs: false,
            varkw: false,
            keywords: false,
            receiver: matches!(text, [b'$', b's' | b't', ..]),
        };
        let (mut i, mut keyword_only, mut in_brackets) = (0, false, false);
        while i < text.len() {
            if matches!(text[i], b' ' | b'\n' | b',' | b'[' | b']') {
                in_brackets |= text[i] == b'[';
                i += 1;
                continue;
            }
            let start = i;
            let mut optional = in_brackets;
            while i < text.len() && !matches!(text[i], b',' | b'[' | b']') {
                optional |= text[i] == b'=';
                i += 1;
            }
            if text[start] == b'$' {
                if a.receiver {
                    (a.params, a.required, a.positional, a.positional_only) = (1, 1, 1, 1);
                }
                continue;
            }
            if text[start] == b'/' {
                a.positional_only = a.params;
                continue;
            }
            if text[start] == b'*' {
                if i - start > 1 && text[start + 1] == b'*' {
                    a.varkw = true;
                } else {
                    a.varargs = i - start > 1;
                    keyword_only = true;
                }
                continue;
            }
            a.params += 1;
            a.positional += !keyword_only as u8;
            a.required += (!optional && !keyword_only) as u8;
        }
        a.keywords = a.params > a.positional_only || a.varkw;
        a
    }
}

impl NativeDef {
    #[inline]
    pub const fn new(name: &'static str, signature: &'static str, function: NativeFn) -> NativeDef {
        let shape = Arity::of(signature);
        let intrinsic = Intrinsic::None;
        let (float, sees_frames_below, plain_below, makes_empty) = (None, 0, 0, false);
        // What makes and fills objects shows the same in all classes.
        let text = Some(match name.as_bytes() {
            b"__new__" => "$type, *args, **kwargs",
            b"__init__" => "$self, /, *args, **kwargs",
            _ => signature,
        });
        NativeDef {
            name,
            signature,
            text,
            function,
            intrinsic,
            float,
            sees_frames_below,
            plain_below,
            makes_empty,
            shape,
        }
    }

    /// The `__text_signature__` where arguments are bound, or refused, in another way than it says.
    #[inline]
    pub const fn text(self, text: &'static str) -> NativeDef {
        NativeDef { text: Some(text), ..self }
    }

    /// For functions whose parameters no `__text_signature__` can say.
    #[inline]
    pub const fn no_text(self) -> NativeDef {
        NativeDef { text: None, ..self }
    }

    /// See the field.
    #[inline]
    pub const fn makes_empty(self) -> NativeDef {
        NativeDef { makes_empty: true, ..self }
    }

    /// See the field.
    #[inline]
    pub const fn float(self, f: fn(f64) -> f64) -> NativeDef {
        NativeDef { float: Some(f), intrinsic: Intrinsic::MathFloat, ..self }
    }

    /// See the field.
    #[inline]
    pub const fn sees_frames_below(self, arguments: u8) -> NativeDef {
        NativeDef { sees_frames_below: arguments, ..self }
    }

    /// See the field.
    #[inline]
    pub const fn plain_below(self, arguments: u8) -> NativeDef {
        NativeDef { plain_below: arguments, ..self }
    }

    #[inline]
    pub const fn intrinsic(self, intrinsic: Intrinsic) -> NativeDef {
        NativeDef { intrinsic, ..self }
    }
}

/// Special methods that are no operators of CPython's classes but methods like those with other names.
const PLAIN_SPECIAL_METHODS: &[&str] = &[
    "__bytes__",
    "__ceil__",
    "__class_getitem__",
    "__complex__",
    "__copy__",
    "__deepcopy__",
    "__dir__",
    "__enter__",
    "__exit__",
    "__floor__",
    "__format__",
    "__getnewargs__",
    "__getstate__",
    "__init_subclass__",
    "__instancecheck__",
    "__length_hint__",
    "__prepare__",
    "__reduce__",
    "__reduce_ex__",
    "__reversed__",
    "__round__",
    "__set_name__",
    "__setstate__",
    "__sizeof__",
    "__subclasscheck__",
    "__subclasses__",
    "__subclasshook__",
    "__trunc__",
];

#[inline]
pub fn is_slot_name(name: &str) -> bool {
    name.starts_with("__") && !PLAIN_SPECIAL_METHODS.contains(&name)
}

/// The row behind a built-in function object.
#[inline(always)]
pub fn def_of(builtin: Value) -> &'static NativeDef {
    // SAFETY: only `new_builtin` makes objects of this kind, with the address of a static row.
    unsafe { &*(BUILTIN_DEF.read(builtin) as *const NativeDef) }
}

/// The bound first argument of a built-in function.
#[inline]
pub fn builtin_self(f: Value) -> Option<Value> {
    BUILTIN_SELF.read(f).filter(|&v| v != Value::UNBOUND)
}

/// The class or module name that a built-in function belongs to.
#[inline]
pub fn builtin_owner(f: Value) -> Option<Value> {
    BUILTIN_OWNER.read(f).filter(|&v| v != Value::UNBOUND)
}

/// A function object for a row. `this`: bound first argument; `owner`: class or module it belongs to.
#[inline]
pub fn new_builtin(vm: &mut Vm, def: &'static NativeDef, this: Option<Value>, owner: Option<Value>) -> Value {
    let shape = vm.kind_shape(Kind::Builtin);
    new_builtin_of(vm, shape, def, this, owner)
}

/// A method of a built-in class, as its dict has it.
#[inline]
pub fn new_method(vm: &mut Vm, def: &'static NativeDef, class: Value) -> Value {
    let t = &vm.types;
    let of = if is_slot_name(def.name) { t.wrapper_descriptor } else { t.method_descriptor };
    new_builtin_of(vm, crate::class::class_data(of).root_shape, def, None, Some(class))
}

#[inline]
fn new_builtin_of(
    vm: &mut Vm,
    shape: hoop_gc::ShapeId,
    def: &'static NativeDef,
    this: Option<Value>,
    owner: Option<Value>,
) -> Value {
    let f = vm.ctx.alloc(shape, 3);
    BUILTIN_DEF.write(f, def as *const NativeDef as i64);
    BUILTIN_SELF.init(f, this.unwrap_or(Value::UNBOUND));
    BUILTIN_OWNER.init(f, owner.unwrap_or(Value::UNBOUND));
    f
}

/// The names of a signature's parameters that are passed one by one.
#[inline]
pub fn param_names(signature: &'static str) -> impl Iterator<Item = &'static str> {
    // By single bytes: searching for them is cheaper than for ", ".
    signature
        .split(',')
        .map(str::trim_ascii)
        .filter(|&p| !p.is_empty() && !p.starts_with(['*', '/']) && p != "$module")
        .map(|p| p.split(['=', '[', ']']).next().unwrap_or(p))
}

#[cfg(test)]
mod tests {
    use super::{Arity, param_names};

    /// Required, all, by position, by position only; then the flags that hold.
    fn arity(signature: &str) -> ([u8; 4], String) {
        let a = Arity::of(signature);
        let flags = [(a.receiver, "self "), (a.varargs, "* "), (a.varkw, "** "), (a.keywords, "keywords ")];
        let held = flags.iter().filter(|f| f.0).map(|f| f.1).collect();
        ([a.required, a.params, a.positional, a.positional_only], held)
    }

    #[test]
    fn signatures_are_read_as_they_are_shown() {
        let cases = [
            ("", [0, 0, 0, 0], ""),
            ("$module, /", [0, 0, 0, 0], ""),
            ("$module, obj, /", [1, 1, 1, 1], ""),
            ("$module, /, number, ndigits=None", [1, 2, 2, 0], "keywords "),
            ("$module, /, *args, sep=' ', end='\\n'", [0, 2, 0, 0], "* keywords "),
            ("$module, /, *integers", [0, 0, 0, 0], "* "),
            ("$self, sub[, start[, end]], /", [2, 4, 4, 4], "self "),
            ("$self, /, sep=<unrepresentable>, n=1", [1, 3, 3, 1], "self keywords "),
            ("$self, /, *others", [1, 1, 1, 1], "self * "),
            ("$type, *args, **kwargs", [1, 1, 1, 1], "self * ** keywords "),
            ("x, y=<unrepresentable>, /", [1, 2, 2, 2], ""),
            ("a, fromlist=(),\n    level=0, *, last=-1", [1, 4, 3, 0], "keywords "),
        ];
        for (signature, counts, flags) in cases {
            assert_eq!(arity(signature), (counts, flags.to_string()), "{signature}");
        }
    }

    #[test]
    fn parameters_have_the_names_that_are_shown() {
        let names = |signature| param_names(signature).collect::<Vec<_>>().join(" ");
        assert_eq!(names("$self, sub[, start[, end]], /"), "$self sub start end");
        assert_eq!(names("$module, /, a, *rest, b=(),\n  c=-1, **more"), "a b c");
    }
}
