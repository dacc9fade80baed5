//! Native functions: how built-in functions and methods are declared, bound to arguments and called, and the `native!`
//! macro for functions that traces call directly.

use hoop_gc::Value;
use hoop_object::errors::{PyResult, Raise};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::rows::{self, NativeDef};
use hoop_object::vm::Vm;
use hoop_object::{dict, text};

/// For [`NativeDef::sees_frames_below`]: more arguments than any call has.
pub const ALWAYS_SEES: u8 = u8::MAX;

/// Calls a built-in function with positional arguments (its bound self, if any, is added).
pub fn call_builtin(vm: &mut Vm, f: Value, args: &[Value]) -> PyResult {
    match rows::builtin_self(f) {
        None => {
            check_receiver(vm, f, args)?;
            call_native(vm, rows::def_of(f), args)
        }
        Some(this) => {
            let mut all = [Value::UNBOUND; 8];
            if args.len() < all.len() {
                all[0] = this;
                all[1..=args.len()].copy_from_slice(args);
                return call_native(vm, rows::def_of(f), &all[..=args.len()]);
            }
            let mut all = hoop_object::tuple::ValueVec::with_capacity(vm, args.len() + 1)?;
            all.push(vm, this)?;
            for &v in args {
                all.push(vm, v)?;
            }
            call_native(vm, rows::def_of(f), all.as_slice())
        }
    }
}

/// A method that is called as a function of its class: is the first argument an object of that class?
#[inline]
pub fn check_receiver(vm: &mut Vm, f: Value, args: &[Value]) -> PyResult<()> {
    match rows::builtin_owner(f).filter(|_| rows::def_of(f).shape.receiver) {
        Some(owner) if args.first().is_none_or(|&v| vm.class_of(v) != owner) => {
            check_receiver_class(vm, f, owner, args)
        }
        _ => Ok(()),
    }
}

fn check_receiver_class(vm: &mut Vm, f: Value, owner: Value, args: &[Value]) -> PyResult<()> {
    if vm.kind(owner) != Kind::Class {
        return Ok(());
    }
    let name = rows::def_of(f).name;
    let Some(&this) = args.first() else {
        let class = vm.name_of_class(owner);
        let text = if name == "__new__" {
            format!("{class}.__new__(): not enough arguments")
        } else if rows::is_slot_name(name) {
            format!("descriptor '{name}' of '{class}' object needs an argument")
        } else {
            format!("unbound method {class}.{name}() needs an argument")
        };
        return Err(vm.type_error(text));
    };
    if name == "__new__" {
        return crate::seq::check_new(vm, this, owner);
    }
    if rows::def_of(f).signature.starts_with("$type") || vm.is_subclass(vm.class_of(this), owner) {
        return Ok(());
    }
    let class = vm.name_of_class(owner);
    Err(receiver_error(vm, this, &class, name))
}

/// The TypeError of a method of `class` that was given an object of another.
#[inline]
pub fn receiver_error(vm: &mut Vm, given: Value, class: &str, method: &str) -> Raise {
    let given = vm.class_name(given);
    let text = if rows::is_slot_name(method) {
        format!("descriptor '{method}' requires a '{class}' object but received a '{given}'")
    } else {
        format!("descriptor '{method}' for '{class}' objects doesn't apply to a '{given}' object")
    };
    vm.type_error(text)
}

/// Calls a row with positional arguments.
#[inline]
pub fn call_native(vm: &mut Vm, def: &'static NativeDef, args: &[Value]) -> PyResult {
    let a = def.shape;
    if args.len() == a.params as usize && a.params == a.positional && !a.varargs && !a.varkw {
        return (def.function)(vm, args);
    }
    call_native_padded(vm, def, args)
}

fn call_native_padded(vm: &mut Vm, def: &'static NativeDef, args: &[Value]) -> PyResult {
    let a = def.shape;
    let (given, positional) = (args.len(), a.positional as usize);
    if given < a.required as usize || (given > positional && !a.varargs) {
        return Err(arity_error(vm, def, given));
    }
    let named = a.params as usize + a.varkw as usize;
    let extra = given.saturating_sub(positional);
    let mut small = [Value::UNBOUND; 16];
    if named + extra <= small.len() {
        let direct = given.min(positional);
        small[..direct].copy_from_slice(&args[..direct]);
        small[named..named + extra].copy_from_slice(&args[given - extra..]);
        return (def.function)(vm, &small[..named + extra]);
    }
    let mut all = hoop_object::tuple::ValueVec::with_capacity(vm, named + extra)?;
    let direct = given.min(positional);
    for i in 0..named {
        all.push(vm, args[..direct].get(i).copied().unwrap_or(Value::UNBOUND))?;
    }
    for &v in &args[given - extra..] {
        all.push(vm, v)?;
    }
    (def.function)(vm, all.as_slice())
}

/// Calls a row with keyword arguments: the last `names.len()` of `args` belong to `names` (interned strings).
pub fn call_native_kw(vm: &mut Vm, def: &'static NativeDef, args: &[Value], names: &[Value]) -> PyResult {
    if names.is_empty() {
        return call_native(vm, def, args);
    }
    let a = def.shape;
    if !a.keywords {
        let text = format!("{}() takes no keyword arguments", def_display(vm, def));
        return Err(vm.type_error(text));
    }
    let (given, positional) = (args.len() - names.len(), a.positional as usize);
    if given > positional && !a.varargs {
        return Err(arity_error(vm, def, given));
    }
    let mut all = hoop_object::tuple::ValueVec::with_capacity(vm, a.params as usize + 1 + given)?;
    let direct = given.min(positional);
    for i in 0..a.params as usize + a.varkw as usize {
        all.push(vm, args[..direct].get(i).copied().unwrap_or(Value::UNBOUND))?;
    }
    if a.varkw {
        let dict = dict::new_dict(vm);
        all.set(vm, a.params as usize, dict);
    }
    let mut refused = None;
    for (&name, &v) in names.iter().zip(&args[given..]) {
        if !bind_keyword(vm, def, &mut all, name, v)? {
            refused = refused.or(Some(name));
        }
    }
    let required = &all.as_slice()[..a.required as usize];
    if let Some(i) = required.iter().position(|&v| v == Value::UNBOUND) {
        if i < a.positional_only as usize {
            return Err(arity_error(vm, def, given));
        }
        let name = rows::param_names(def.signature).nth(i).unwrap_or_default();
        let text = format!(
            "{}() missing required argument '{name}' (pos {})",
            def.name,
            i + 1 - a.receiver as usize
        );
        return Err(vm.type_error(text));
    }
    if let Some(name) = refused {
        return Err(keyword_error(vm, def, name));
    }
    for &v in args[..given].iter().skip(positional) {
        all.push(vm, v)?;
    }
    (def.function)(vm, all.as_slice())
}

/// The place of the parameter that may be given by this name.
fn keyword_place(def: &'static NativeDef, name: Value) -> Option<usize> {
    let (a, text) = (def.shape, hoop_object::text::str_bytes(name));
    if a.positional_only >= a.params {
        return None;
    }
    let place = rows::param_names(def.signature).position(|p| p.as_bytes() == text);
    place.filter(|&i| i >= a.positional_only as usize)
}

/// False if the function does not take the keyword, or got the parameter already.
fn bind_keyword(
    vm: &mut Vm,
    def: &'static NativeDef,
    all: &mut hoop_object::tuple::ValueVec,
    name: Value,
    v: Value,
) -> PyResult<bool> {
    match keyword_place(def, name) {
        Some(i) if all.as_slice()[i] != Value::UNBOUND => return Ok(false),
        Some(i) => all.set(vm, i, v),
        None if def.shape.varkw => dict::set(vm, all.as_slice()[def.shape.params as usize], name, v)?,
        None => return Ok(false),
    }
    Ok(true)
}

#[cold]
fn keyword_error(vm: &mut Vm, def: &'static NativeDef, name: Value) -> Raise {
    let text = hoop_object::text::str_text(name);
    let owner = if constructs(def) { owner_of(vm, def) } else { None };
    let function = owner.as_deref().unwrap_or(def.name);
    vm.type_error(match keyword_place(def, name) {
        Some(i) => {
            let place = i + 1 - def.shape.receiver as usize;
            format!("argument for {function}() given by name ('{text}') and position ({place})")
        }
        None => format!("{function}() got an unexpected keyword argument '{text}'"),
    })
}

/// Is it called by calling its class, which messages then name?
fn constructs(def: &'static NativeDef) -> bool {
    matches!(def.name, "__new__" | "__init__")
}

/// The function with its class or module, as messages about one argument or none name it.
fn def_display(vm: &mut Vm, def: &'static NativeDef) -> String {
    match owner_of(vm, def) {
        Some(owner) if constructs(def) => owner,
        Some(owner) if owner != "builtins" => format!("{owner}.{}", def.name),
        _ => def.name.to_string(),
    }
}

/// The built-in class or module that has this function, found by a search.
fn owner_of(vm: &mut Vm, def: &'static NativeDef) -> Option<String> {
    let mut classes = vec![vm.types.object];
    let mut seen = 0;
    while seen < classes.len() {
        let class = classes[seen];
        let data = hoop_object::class::class_data(class);
        if data.attrs.values().any(|&(_, v)| {
            let wraps = matches!(vm.kind(v), Kind::StaticMethod | Kind::ClassMethod);
            let inner = if wraps { WRAPPED.read(v).unwrap_or(v) } else { v };
            is_builtin(vm, inner, def)
        }) {
            return Some(vm.name_of_class(class));
        }
        classes.extend(data.subclasses.iter().filter(|c| !hoop_object::class::class_data(**c).is_heap));
        seen += 1;
    }
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, vm.modules, i) {
        if vm.kind(e.value) == Kind::Module && vm.kind(e.key) == Kind::Str {
            let ns = MODULE_DICT.read(e.value).unwrap_or(Value::NONE);
            let name = text::intern(vm, def.name.as_bytes());
            if dict::get_str(vm, ns, name).is_some_and(|v| is_builtin(vm, v, def)) {
                return Some(hoop_object::text::str_text(e.key).into_owned());
            }
        }
        i = at + 1;
    }
    None
}

fn is_builtin(vm: &Vm, v: Value, def: &'static NativeDef) -> bool {
    vm.kind(v) == Kind::Builtin && std::ptr::eq(rows::def_of(v), def)
}

#[cold]
fn arity_error(vm: &mut Vm, def: &'static NativeDef, given: usize) -> Raise {
    let a = def.shape;
    // A method's own first parameter does not count for people.
    let this = def.shape.receiver as usize;
    let (given, least, most) = (
        given.saturating_sub(this),
        a.required as usize - this.min(a.required as usize),
        a.positional as usize - this,
    );
    let constructs = def.name == "__new__" || def.name == "__init__" && a.keywords;
    let owner = if constructs { owner_of(vm, def) } else { None };
    let name = owner.as_deref().unwrap_or(def.name);
    let text = if this == 1 && rows::is_slot_name(def.name) && owner.is_none() && !a.varargs {
        slot_arity(def.name, given, least, most)
    } else if a.keywords && !a.varargs {
        keyword_arity(def, name, given, least, most)
    } else if a.required == a.positional && !a.varargs && owner.is_some() {
        let s = if most == 1 { "" } else { "s" };
        format!("{name} expected {most} argument{s}, got {given}")
    } else if a.required == a.positional && !a.varargs {
        match most {
            0 => format!("{}() takes no arguments ({given} given)", def_display(vm, def)),
            1 => format!("{}() takes exactly one argument ({given} given)", def_display(vm, def)),
            _ => format!("{name} expected {most} arguments, got {given}"),
        }
    } else if given < least {
        let s = if least == 1 { "" } else { "s" };
        format!("{name} expected at least {least} argument{s}, got {given}")
    } else {
        let s = if most == 1 { "" } else { "s" };
        format!("{name} expected at most {most} argument{s}, got {given}")
    };
    vm.type_error(text)
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
    let this = def.shape.receiver as usize;
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
        let missing = rows::param_names(def.signature).nth(given + this).unwrap_or("");
        return format!("{name}() missing required argument '{missing}' (pos {})", given + 1);
    }
    let n = only.min(least);
    let s = if n == 1 { "" } else { "s" };
    format!("{name}() takes {} {n} positional argument{s} ({given} given)", bound(n, most, "at least"))
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
        $vis fn $name<E: hoop_object::vm::PyEngine>(e: &mut E $(, $arg: $crate::native!(@of $kind))*)
            -> Result<$crate::native!(@res $ret), hoop_engine::Raise>
        {
            fn body($vm: &mut hoop_object::vm::Vm $(, $arg: $crate::native!(@plain $kind))*)
                -> Result<$crate::native!(@plain $ret), hoop_engine::Raise> $body
            extern "C" fn entry(vm: *mut hoop_object::vm::Vm $(, $arg: $crate::native!(@c $kind))*) -> $crate::native!(@c $ret) {
                // SAFETY: compiled code passes the context pointer, which is the machine itself.
                let vm = unsafe { &mut *vm };
                $( let $arg = $crate::native!(@from_c $kind, $arg); )*
                $crate::native!(@to_c $ret, hoop_object::panics::guarded(vm, |vm| body(vm $(, $arg)*)))
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

/// The number by which traces name a function of one float; a dump shows no address.
#[inline]
pub fn float_row(vm: &mut Vm, function: fn(f64) -> f64) -> i64 {
    let rows = &mut vm.float_rows;
    let found = rows.iter().position(|&f| std::ptr::fn_addr_eq(f, function));
    found.unwrap_or_else(|| {
        rows.push(function);
        rows.len() - 1
    }) as i64
}

/// What the function of this number computes.
#[inline]
pub fn float_function(vm: &Vm, row: i64, x: f64) -> f64 {
    vm.float_rows.get(row as usize).map_or(f64::NAN, |f| f(x))
}
