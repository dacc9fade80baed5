//! Native functions: how built-in functions and methods are declared, bound to arguments and called, and the `native!`
//! macro for functions that traces call directly.

use crate::errors::{PyResult, Raise};
use crate::helpers::Helper;
use crate::objects::Kind;
use crate::objects::layout::*;
use crate::vm::Vm;
use hoop_gc::Value;

/// A native function. It gets one value per parameter of its signature in order ([`Value::UNBOUND`] where an optional
/// one was not given); then, if the signature has `**kwargs`, a dict; then, if it has `*args`, the further positional
/// arguments.
pub type NativeFn = fn(&mut Vm, &[Value]) -> PyResult;

/// The row of a built-in function or method.
pub struct NativeDef {
    pub name: &'static str,
    /// As in `inspect.signature`: `"self, sub, start=None, end=None, /"`. `=...` marks optional parameters (the text
    /// after `=` is for people), `/` ends the positional-only ones, `*` begins the keyword-only ones, `*args` and
    /// `**kwargs` take the rest. A signature whose last character is `/` takes no keywords.
    pub signature: &'static str,
    pub function: NativeFn,
    /// What a trace may inline instead of calling: see `ops::intrinsic`.
    pub intrinsic: Intrinsic,
    /// What it computes of a float whose result is finite.
    pub float: Option<fn(f64) -> f64>,
    /// It may look at its caller's frame when it is called with fewer arguments than this.
    pub sees_frames_below: u8,
    /// Of `__new__`: it makes an empty object whatever the arguments are, which `__init__` fills.
    pub makes_empty: bool,
    pub shape: Arity,
}

/// For [`NativeDef::sees_frames_below`]: more arguments than any call has.
pub const ALWAYS_SEES: u8 = u8::MAX;

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
    const fn of(signature: &str) -> Arity {
        let text = signature.as_bytes();
        let mut a = Arity {
            required: 0,
            params: 0,
            positional: 0,
            positional_only: 0,
            varargs: false,
            varkw: false,
            keywords: false,
            receiver: matches!(text, [b's', b'e', b'l', b'f', ..] | [b'c', b'l', b's', ..]),
        };
        let (mut i, mut keyword_only, mut last_slash) = (0, false, false);
        while i < text.len() {
            if text[i] == b' ' || text[i] == b',' {
                i += 1;
                continue;
            }
            let start = i;
            let mut optional = false;
            let mut depth = 0;
            while i < text.len() && (text[i] != b',' || depth > 0) {
                match text[i] {
                    b'=' => optional = true,
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                i += 1;
            }
            last_slash = text[start] == b'/';
            if last_slash {
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
        a.keywords = a.params > 0 && !last_slash || a.varkw;
        a
    }
}

impl NativeDef {
    pub const fn new(name: &'static str, signature: &'static str, function: NativeFn) -> NativeDef {
        let shape = Arity::of(signature);
        let intrinsic = Intrinsic::None;
        let (float, sees_frames_below, makes_empty) = (None, 0, false);
        NativeDef { name, signature, function, intrinsic, float, sees_frames_below, makes_empty, shape }
    }

    /// See the field.
    pub const fn makes_empty(self) -> NativeDef {
        NativeDef { makes_empty: true, ..self }
    }

    /// See the field.
    pub const fn float(self, f: fn(f64) -> f64) -> NativeDef {
        NativeDef { float: Some(f), intrinsic: Intrinsic::MathFloat, ..self }
    }

    /// See the field.
    pub const fn sees_frames_below(self, arguments: u8) -> NativeDef {
        NativeDef { sees_frames_below: arguments, ..self }
    }

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

fn is_slot_name(name: &str) -> bool {
    name.starts_with("__") && !PLAIN_SPECIAL_METHODS.contains(&name)
}

/// The row behind a built-in function object.
#[inline(always)]
pub fn def_of(builtin: Value) -> &'static NativeDef {
    // SAFETY: only `new_builtin` makes objects of this kind, with the address of a static row.
    unsafe { &*(BUILTIN_DEF.read(builtin) as *const NativeDef) }
}

/// The bound first argument of a built-in function.
pub fn builtin_self(f: Value) -> Option<Value> {
    BUILTIN_SELF.read(f).filter(|&v| v != Value::UNBOUND)
}

/// The class or module name that a built-in function belongs to.
pub fn builtin_owner(f: Value) -> Option<Value> {
    BUILTIN_OWNER.read(f).filter(|&v| v != Value::UNBOUND)
}

impl Vm {
    /// A function object for a row. `this`: bound first argument; `owner`: class or module it belongs to.
    pub fn new_builtin(
        &mut self,
        def: &'static NativeDef,
        this: Option<Value>,
        owner: Option<Value>,
    ) -> Value {
        let shape = self.kind_shape(Kind::Builtin);
        self.new_builtin_of(shape, def, this, owner)
    }

    /// A method of a built-in class, as its dict has it.
    pub fn new_method(&mut self, def: &'static NativeDef, class: Value) -> Value {
        let t = &self.types;
        let of = if is_slot_name(def.name) { t.wrapper_descriptor } else { t.method_descriptor };
        self.new_builtin_of(crate::objects::class::class_data(of).root_shape, def, None, Some(class))
    }

    fn new_builtin_of(
        &mut self,
        shape: hoop_gc::ShapeId,
        def: &'static NativeDef,
        this: Option<Value>,
        owner: Option<Value>,
    ) -> Value {
        let f = self.ctx.alloc(shape, 3);
        BUILTIN_DEF.write(f, def as *const NativeDef as i64);
        BUILTIN_SELF.init(f, this.unwrap_or(Value::UNBOUND));
        BUILTIN_OWNER.init(f, owner.unwrap_or(Value::UNBOUND));
        f
    }

    /// Calls a built-in function with positional arguments (its bound self, if any, is added).
    pub fn call_builtin(&mut self, f: Value, args: &[Value]) -> PyResult {
        match builtin_self(f) {
            None => {
                self.check_receiver(f, args)?;
                self.call_native(def_of(f), args)
            }
            Some(this) => {
                let mut all = [Value::UNBOUND; 8];
                if args.len() < all.len() {
                    all[0] = this;
                    all[1..=args.len()].copy_from_slice(args);
                    return self.call_native(def_of(f), &all[..=args.len()]);
                }
                let mut all = crate::objects::tuple::ValueVec::with_capacity(self, args.len() + 1)?;
                all.push(self, this)?;
                for &v in args {
                    all.push(self, v)?;
                }
                self.call_native(def_of(f), all.as_slice())
            }
        }
    }

    /// A method that is called as a function of its class: is the first argument an object of that class?
    #[inline]
    pub fn check_receiver(&mut self, f: Value, args: &[Value]) -> PyResult<()> {
        match builtin_owner(f).filter(|_| def_of(f).shape.receiver) {
            Some(owner) if args.first().is_none_or(|&v| self.class_of(v) != owner) => {
                self.check_receiver_class(f, owner, args)
            }
            _ => Ok(()),
        }
    }

    fn check_receiver_class(&mut self, f: Value, owner: Value, args: &[Value]) -> PyResult<()> {
        if self.kind(owner) != Kind::Class {
            return Ok(());
        }
        let name = def_of(f).name;
        let Some(&this) = args.first() else {
            let class = self.name_of_class(owner);
            let text = if is_slot_name(name) {
                format!("descriptor '{name}' of '{class}' object needs an argument")
            } else {
                format!("unbound method {class}.{name}() needs an argument")
            };
            return Err(self.type_error(text));
        };
        if name == "__new__" {
            return crate::types::seq::check_new(self, this, owner);
        }
        if def_of(f).signature.starts_with("cls") || self.is_subclass(self.class_of(this), owner) {
            return Ok(());
        }
        let class = self.name_of_class(owner);
        Err(self.receiver_error(this, &class, name))
    }

    /// The TypeError of a method of `class` that was given an object of another.
    pub fn receiver_error(&mut self, given: Value, class: &str, method: &str) -> Raise {
        let given = self.class_name(given);
        let text = if is_slot_name(method) {
            format!("descriptor '{method}' requires a '{class}' object but received a '{given}'")
        } else {
            format!("descriptor '{method}' for '{class}' objects doesn't apply to a '{given}' object")
        };
        self.type_error(text)
    }

    /// Calls a row with positional arguments.
    #[inline]
    pub fn call_native(&mut self, def: &'static NativeDef, args: &[Value]) -> PyResult {
        let a = def.shape;
        if args.len() == a.params as usize && a.params == a.positional && !a.varargs && !a.varkw {
            return (def.function)(self, args);
        }
        self.call_native_padded(def, args)
    }

    fn call_native_padded(&mut self, def: &'static NativeDef, args: &[Value]) -> PyResult {
        let a = def.shape;
        let (given, positional) = (args.len(), a.positional as usize);
        if given < a.required as usize || (given > positional && !a.varargs) {
            return Err(self.arity_error(def, given));
        }
        let named = a.params as usize + a.varkw as usize;
        let extra = given.saturating_sub(positional);
        let mut small = [Value::UNBOUND; 16];
        if named + extra <= small.len() {
            let direct = given.min(positional);
            small[..direct].copy_from_slice(&args[..direct]);
            small[named..named + extra].copy_from_slice(&args[given - extra..]);
            return (def.function)(self, &small[..named + extra]);
        }
        let mut all = crate::objects::tuple::ValueVec::with_capacity(self, named + extra)?;
        let direct = given.min(positional);
        for i in 0..named {
            all.push(self, args[..direct].get(i).copied().unwrap_or(Value::UNBOUND))?;
        }
        for &v in &args[given - extra..] {
            all.push(self, v)?;
        }
        (def.function)(self, all.as_slice())
    }

    /// Calls a row with keyword arguments: the last `names.len()` of `args` belong to `names` (interned strings).
    pub fn call_native_kw(&mut self, def: &'static NativeDef, args: &[Value], names: &[Value]) -> PyResult {
        if names.is_empty() {
            return self.call_native(def, args);
        }
        let a = def.shape;
        if !a.keywords {
            let text = format!("{}() takes no keyword arguments", self.def_display(def));
            return Err(self.type_error(text));
        }
        let (given, positional) = (args.len() - names.len(), a.positional as usize);
        if given > positional && !a.varargs {
            return Err(self.arity_error(def, given));
        }
        let mut all = crate::objects::tuple::ValueVec::with_capacity(self, a.params as usize + 1 + given)?;
        let direct = given.min(positional);
        for i in 0..a.params as usize + a.varkw as usize {
            all.push(self, args[..direct].get(i).copied().unwrap_or(Value::UNBOUND))?;
        }
        if a.varkw {
            let dict = self.new_dict();
            all.set(self, a.params as usize, dict);
        }
        for (&name, &v) in names.iter().zip(&args[given..]) {
            self.bind_keyword(def, &mut all, name, v)?;
        }
        let required = &all.as_slice()[..a.required as usize];
        if let Some(i) = required.iter().position(|&v| v == Value::UNBOUND) {
            let name = param_names(def.signature).nth(i).unwrap_or_default();
            let text = format!("{}() missing required argument '{name}' (pos {})", def.name, i + 1);
            return Err(self.type_error(text));
        }
        for &v in args[..given].iter().skip(positional) {
            all.push(self, v)?;
        }
        (def.function)(self, all.as_slice())
    }

    fn bind_keyword(
        &mut self,
        def: &'static NativeDef,
        all: &mut crate::objects::tuple::ValueVec,
        name: Value,
        v: Value,
    ) -> PyResult<()> {
        let a = def.shape;
        let text = crate::objects::text::str_bytes(name);
        let mut names = param_names(def.signature).take(a.params as usize).map(str::as_bytes);
        let place = if a.positional_only < a.params { names.position(|p| p == text) } else { None };
        match place.filter(|&i| i >= a.positional_only as usize) {
            Some(i) if all.as_slice()[i] != Value::UNBOUND => {
                let text = crate::objects::text::str_text(name);
                let text =
                    format!("argument for {}() given by name ('{text}') and position ({})", def.name, i + 1);
                Err(self.type_error(text))
            }
            Some(i) => {
                all.set(self, i, v);
                Ok(())
            }
            None if a.varkw => {
                let dict = all.as_slice()[def.shape.params as usize];
                self.dict_set(dict, name, v)
            }
            None => {
                let text = crate::objects::text::str_text(name);
                let owner = if def.name == "__init__" { self.owner_of(def) } else { None };
                let name = owner.as_deref().unwrap_or(def.name);
                let text = format!("{name}() got an unexpected keyword argument '{text}'");
                Err(self.type_error(text))
            }
        }
    }

    /// The function with its class or module, as messages about one argument or none name it.
    fn def_display(&mut self, def: &'static NativeDef) -> String {
        match self.owner_of(def) {
            Some(owner) if owner != "builtins" => format!("{owner}.{}", def.name),
            _ => def.name.to_string(),
        }
    }

    /// The built-in class or module that has this function, found by a search.
    fn owner_of(&mut self, def: &'static NativeDef) -> Option<String> {
        let mut classes = vec![self.types.object];
        let mut seen = 0;
        while seen < classes.len() {
            let class = classes[seen];
            let data = crate::objects::class::class_data(class);
            if data.attrs.values().any(|&(_, v)| {
                let inner = if self.kind(v) == Kind::StaticMethod { WRAPPED.read(v).unwrap_or(v) } else { v };
                self.is_builtin(inner, def)
            }) {
                return Some(self.name_of_class(class));
            }
            classes
                .extend(data.subclasses.iter().filter(|c| !crate::objects::class::class_data(**c).is_heap));
            seen += 1;
        }
        let mut i = 0;
        while let Some((at, e)) = self.dict_next(self.modules, i) {
            if self.kind(e.value) == Kind::Module && self.kind(e.key) == Kind::Str {
                let ns = MODULE_DICT.read(e.value).unwrap_or(Value::NONE);
                let name = self.intern(def.name.as_bytes());
                if self.dict_get_str(ns, name).is_some_and(|v| self.is_builtin(v, def)) {
                    return Some(crate::objects::text::str_text(e.key).into_owned());
                }
            }
            i = at + 1;
        }
        None
    }

    fn is_builtin(&self, v: Value, def: &'static NativeDef) -> bool {
        self.kind(v) == Kind::Builtin && std::ptr::eq(def_of(v), def)
    }

    #[cold]
    fn arity_error(&mut self, def: &'static NativeDef, given: usize) -> Raise {
        let a = def.shape;
        // A method's own first parameter does not count for people.
        let this = (def.signature.starts_with("self") || def.signature.starts_with("cls")) as usize;
        let (given, least, most) = (
            given.saturating_sub(this),
            a.required as usize - this.min(a.required as usize),
            a.positional as usize - this,
        );
        let constructs = def.name == "__new__" || def.name == "__init__" && a.keywords;
        let owner = if constructs { self.owner_of(def) } else { None };
        let name = owner.as_deref().unwrap_or(def.name);
        let text = if this == 1 && is_slot_name(def.name) && owner.is_none() && !a.varargs {
            slot_arity(def.name, given, least, most)
        } else if a.keywords && !a.varargs {
            keyword_arity(def, name, given, least, most)
        } else if a.required == a.positional && !a.varargs && owner.is_some() {
            let s = if most == 1 { "" } else { "s" };
            format!("{name} expected {most} argument{s}, got {given}")
        } else if a.required == a.positional && !a.varargs {
            match most {
                0 => format!("{}() takes no arguments ({given} given)", self.def_display(def)),
                1 => format!("{}() takes exactly one argument ({given} given)", self.def_display(def)),
                _ => format!("{name} expected {most} arguments, got {given}"),
            }
        } else if given < least {
            let s = if least == 1 { "" } else { "s" };
            format!("{name} expected at least {least} argument{s}, got {given}")
        } else {
            let s = if most == 1 { "" } else { "s" };
            format!("{name} expected at most {most} argument{s}, got {given}")
        };
        self.type_error(text)
    }
}

/// The same for the methods behind operators.
fn slot_arity(name: &str, given: usize, least: usize, most: usize) -> String {
    match (least, most) {
        _ if name.ends_with("pow__") => format!("expected 1 or 2 arguments, got {given}"),
        (1, 1) => format!("expected 1 argument, got {given}"),
        (0, 0) => format!("expected 0 arguments, got {given}"),
        _ if least == most => format!("{name} expected {most} arguments, got {given}"),
        _ if given < least => {
            let s = if least == 1 { "" } else { "s" };
            format!("{name} expected at least {least} argument{s}, got {given}")
        }
        _ => format!("{name} expected at most {most} arguments, got {given}"),
    }
}

/// The same for functions that take keywords.
fn keyword_arity(def: &'static NativeDef, name: &str, given: usize, least: usize, most: usize) -> String {
    let this = (def.signature.starts_with("self") || def.signature.starts_with("cls")) as usize;
    let all = def.shape.params as usize - this;
    let bound = |fewest: usize, n: usize, word: &str| if fewest == n { "exactly" } else { word }.to_string();
    if given > all || given > most {
        let (n, what) = if given > all { (all, "") } else { (most, "positional ") };
        let s = if n == 1 { "" } else { "s" };
        return format!(
            "{name}() takes {} {n} {what}argument{s} ({given} given)",
            bound(least, n, "at most")
        );
    }
    let only = (def.shape.positional_only as usize).saturating_sub(this);
    if given >= only.min(least) {
        let missing = param_names(def.signature).nth(given + this).unwrap_or("");
        return format!("{name}() missing required argument '{missing}' (pos {})", given + 1);
    }
    let n = only.min(least);
    let s = if n == 1 { "" } else { "s" };
    format!("{name}() takes {} {n} positional argument{s} ({given} given)", bound(n, most, "at least"))
}

/// The parameter names of a signature, without `/`, `*`, `*args` and `**kwargs`.
pub fn param_names(signature: &'static str) -> impl Iterator<Item = &'static str> {
    // By single bytes: searching for them is cheaper than for ", ".
    signature
        .split(',')
        .map(str::trim_ascii)
        .filter(|p| !p.is_empty() && !p.starts_with(['*', '/']))
        .map(|p| p.split('=').next().unwrap_or(p).trim_ascii_end())
}

/// Declares native functions that handlers call through an engine and traces call directly.
///
/// ```text
/// native! {
///     /// Doc.
///     pub fn dict_get(vm, dict: V, key: V) -> V [Effects::ALL] { body giving PyResult<Value> }
/// }
/// ```
/// makes a generic `pub fn dict_get<E: PyEngine>(e: &mut E, dict: E::Val, key: E::Val) -> Result<E::Val, Raise>` and the
/// C function behind it. Kinds: V, I, F; results V, I, F, B (bool), U (unit). Without `raises` in the effects the body must
/// not raise; a panic inside becomes SystemError.
#[macro_export]
macro_rules! native {
    ($( $(#[$doc:meta])* $vis:vis fn $name:ident($vm:ident $(, $arg:ident : $kind:ident)*) -> $ret:ident [$effects:expr] $body:block )*) => { $(
        $(#[$doc])*
        #[inline(always)]
        $vis fn $name<E: $crate::vm::PyEngine>(e: &mut E $(, $arg: $crate::native!(@of $kind))*)
            -> Result<$crate::native!(@res $ret), hoop_engine::Raise>
        {
            fn body($vm: &mut $crate::vm::Vm $(, $arg: $crate::native!(@plain $kind))*)
                -> Result<$crate::native!(@plain $ret), hoop_engine::Raise> $body
            extern "C" fn entry(vm: *mut $crate::vm::Vm $(, $arg: $crate::native!(@c $kind))*) -> $crate::native!(@c $ret) {
                // SAFETY: compiled code passes the context pointer, which is the machine itself.
                let vm = unsafe { &mut *vm };
                $( let $arg = $crate::native!(@from_c $kind, $arg); )*
                $crate::native!(@to_c $ret, $crate::panics::guarded(vm, |vm| body(vm $(, $arg)*)))
            }
            static CALLEE: hoop_engine::Callee = hoop_engine::Callee {
                name: stringify!($name),
                addr: entry as *const (),
                args: &[$( $crate::native!(@ty $kind) ),*],
                slice: false,
                ret: $crate::native!(@ty $ret),
                effects: $effects,
            };
            e.before_call(&CALLEE);
            $( let $arg = ($arg, $crate::native!(@now e, $kind, $arg)); )*
            let result = body(e.vm() $(, $arg.1)*);
            let args = [$( $crate::native!(@arg $kind, $arg.0) ),*];
            $crate::native!(@called e, $ret, &CALLEE, &args, result)
        }
    )* };
    (@of V) => { E::Val }; (@of I) => { E::Int }; (@of F) => { E::Float };
    (@res V) => { E::Val }; (@res I) => { E::Int }; (@res F) => { E::Float }; (@res B) => { E::Bool }; (@res U) => { () };
    (@plain V) => { hoop_gc::Value }; (@plain I) => { i64 }; (@plain F) => { f64 }; (@plain B) => { bool }; (@plain U) => { () };
    (@c V) => { u64 }; (@c I) => { i64 }; (@c F) => { f64 }; (@c B) => { i64 }; (@c U) => { i64 };
    (@ty V) => { hoop_engine::Ty::Val }; (@ty I) => { hoop_engine::Ty::Int }; (@ty F) => { hoop_engine::Ty::Float };
    (@ty B) => { hoop_engine::Ty::Int }; (@ty U) => { hoop_engine::Ty::Void };
    (@from_c V, $v:ident) => { hoop_gc::Value::from_bits($v).unwrap_or(hoop_gc::Value::UNBOUND) };
    (@from_c I, $v:ident) => { $v }; (@from_c F, $v:ident) => { $v };
    (@to_c V, $r:expr) => { $r.map_or(0, |v| v.bits()) };
    (@to_c I, $r:expr) => { $r.unwrap_or(0) };
    (@to_c F, $r:expr) => { $r.unwrap_or(0.0) };
    (@to_c B, $r:expr) => { $r.map_or(0, |b| b as i64) };
    (@to_c U, $r:expr) => { $r.map_or(0, |()| 0) };
    (@now $e:ident, V, $a:ident) => { $e.now_val($a) };
    (@now $e:ident, I, $a:ident) => { $e.now_int($a) };
    (@now $e:ident, F, $a:ident) => { $e.now_float($a) };
    (@arg V, $a:expr) => { hoop_engine::Arg::Val($a) };
    (@arg I, $a:expr) => { hoop_engine::Arg::Int($a) };
    (@arg F, $a:expr) => { hoop_engine::Arg::Float($a) };
    (@called $e:ident, V, $c:expr, $a:expr, $r:expr) => { $e.called_val($c, $a, $r) };
    (@called $e:ident, I, $c:expr, $a:expr, $r:expr) => { $e.called_int($c, $a, $r) };
    (@called $e:ident, F, $c:expr, $a:expr, $r:expr) => { $e.called_float($c, $a, $r) };
    (@called $e:ident, B, $c:expr, $a:expr, $r:expr) => { $e.called_bool($c, $a, $r) };
    (@called $e:ident, U, $c:expr, $a:expr, $r:expr) => { $e.called_void($c, $a, $r) };
}

impl Vm {
    /// The number by which traces name a function of one float; a dump shows no address.
    pub fn float_row(&mut self, function: fn(f64) -> f64) -> i64 {
        let rows = &mut self.float_rows;
        let found = rows.iter().position(|&f| std::ptr::fn_addr_eq(f, function));
        found.unwrap_or_else(|| {
            rows.push(function);
            rows.len() - 1
        }) as i64
    }

    /// What the function of this number computes.
    pub fn float_function(&self, row: i64, x: f64) -> f64 {
        self.float_rows.get(row as usize).map_or(f64::NAN, |f| f(x))
    }
}
