//! Calls: binding arguments to parameters and pushing frames, over any engine; and calling from native code.

pub use crate::args::Args;
use crate::ops::generator;
use hoop_engine::{NewFrame, Reg, Run};
use hoop_gc::Value;
use hoop_object::code::{CodeData, code_data};
use hoop_object::errors::{PyResult, Raise, exc_slot};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::tuple::{tuple_items, tuple_len};
use hoop_object::vm::{PyEngine, Vm};
use hoop_object::{dict, function, panics};
use hoop_protocol::{call, protocol};
use smallvec::SmallVec;

/// How a frame gives its result to its caller: the frame's return word.
///
/// The low byte is one of these; the 16 bits above it hold a register of the caller.
pub mod ret {
    /// The result goes to the register.
    pub const STORE: u64 = 0;
    /// An `__init__`: the result must be None and goes nowhere.
    pub const INIT: u64 = 1;
    /// The run was entered for this frame: the result goes to the machine.
    pub const NATIVE: u64 = 2;
    /// The result goes nowhere (`__setitem__` and the like).
    pub const DISCARD: u64 = 3;
    /// A binary operator's method: NotImplemented means that the next candidate is asked.
    pub const BINARY: u64 = 4;
    /// A generator resumed, or a `__next__` called, by a `for` loop: the item goes to the register; a generator's end
    /// or StopIteration puts END there.
    pub const NEXT: u64 = 5;
    /// An in-place operator's method: NotImplemented means that the plain operator is tried.
    pub const INPLACE: u64 = 7;
    /// A `__bool__` or `__len__` called by a conditional jump, which its truth decides.
    pub const BRANCH: u64 = 8;
    /// A generator resumed by `yield from`.
    pub const SEND: u64 = 6;
    /// A helper's step called by a `for` loop: as `NEXT`, but the helper returns UNBOUND at the end.
    pub const STEP: u64 = 9;
    /// A generator resumed by a call of `next` or `send`: its end raises StopIteration.
    pub const RESUME: u64 = 10;

    pub const fn word(kind: u64, register: u16) -> u64 {
        kind | (register as u64) << 8
    }
    pub const fn kind(word: u64) -> u64 {
        word & 0xFF
    }
    pub const fn register(word: u64) -> u16 {
        (word >> 8) as u16
    }
}

/// What a frame of this code needs.
#[inline(always)]
pub fn new_frame(code: Value, data: &CodeData, ret: u64) -> NewFrame {
    NewFrame { code, instrs: data.instrs.as_ptr(), registers: data.code.registers, pc: 0, ret }
}

/// The code of a function that a trace holds as a constant: a fact of it, as long as nobody sets its `__code__`.
pub fn code_of<E: PyEngine>(e: &mut E, f: Value) -> Value {
    if e.assume(f) {
        return FUNC_CODE.read(f).unwrap_or(Value::NONE);
    }
    let function = e.val(f);
    let code = e.get(function, &FUNC_CODE);
    e.promote(code)
}

/// Pushes a frame for a call of a Python function whose arguments lie in consecutive registers, after an optional
/// first one; or makes a generator, which goes to the register of `ret` at once.
#[inline(always)]
pub fn call_function<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    this: Option<E::Val>,
    first: Reg,
    count: u16,
    ret: u64,
) -> Result<(), Raise> {
    let code_val = e.get(f, &FUNC_CODE);
    let code = e.promote(code_val);
    let data = code_data(code);
    if data.simple_params == u32::from(count) + u32::from(this.is_some()) {
        if !e.follow_call(code) {
            let args = gather(e, this, first, count)?;
            return call_apart(e, f, code, &args, ret);
        }
        let new = new_frame(code, data, ret);
        if !e.push_call(&new, this, first, count) {
            return Err(too_deep(e));
        }
        if let Some(r) = data.code.func_reg {
            e.store(Reg(r), f);
        }
        return count_call(e, data);
    }
    call_function_otherwise(e, f, code, this, first, count, ret)
}

/// A call whose arguments are not just the parameters.
#[inline(never)]
fn call_function_otherwise<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    code: Value,
    this: Option<E::Val>,
    first: Reg,
    count: u16,
    ret: u64,
) -> Result<(), Raise> {
    let data = code_data(code);
    let given = count + u16::from(this.is_some());
    if data.simple_params != u32::MAX
        && u32::from(given) < data.simple_params
        && let Some(rest) = last_defaults(e, f, data.simple_params as usize - given as usize)
        && e.follow_call(code)
    {
        if !e.push_call(&new_frame(code, data, ret), this, first, count) {
            return Err(too_deep(e));
        }
        for (i, &v) in rest.iter().enumerate() {
            let v = e.val(v);
            e.store(Reg(given + i as u16), v);
        }
        if let Some(r) = data.code.func_reg {
            e.store(Reg(r), f);
        }
        return count_call(e, data);
    }
    let args = gather(e, this, first, count)?;
    call_function_args(e, f, code, &args, &[], ret)
}

/// The defaults of a function's last `count` positional parameters, if they all have one.
fn last_defaults<E: PyEngine>(e: &mut E, f: E::Val, count: usize) -> Option<&'static [Value]> {
    let defaults_val = e.get(f, &FUNC_DEFAULTS);
    // Defaults hardly ever change: the tuple itself is a fact of the function.
    let defaults = e.promote(defaults_val);
    if defaults == Value::UNBOUND {
        return None;
    }
    let skipped = tuple_len(defaults).checked_sub(count)?;
    Some(&tuple_items(defaults)[skipped..])
}

/// The arguments of a call as values.
pub fn gather<E: PyEngine>(
    e: &mut E,
    this: Option<E::Val>,
    first: Reg,
    count: u16,
) -> Result<Args<E>, Raise> {
    let mut args = Args::new();
    if let Some(this) = this {
        args.push(e, this)?;
    }
    for i in 0..count {
        let v = e.load(Reg(first.0 + i));
        args.push(e, v)?;
    }
    Ok(args)
}

/// As [`call_function`] for any argument shapes; the last `names.len()` arguments belong to keywords.
pub fn call_function_args<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    code: Value,
    args: &[E::Val],
    names: &[Value],
    ret: u64,
) -> Result<(), Raise> {
    let data = code_data(code);
    // A generator is made without a frame.
    if !data.code.flags.generator && !e.follow_call(code) {
        let bound = bind(e, f, data, args, names)?;
        return match call_compiled(e, f, code, &bound, ret) {
            Some(done) => done,
            None => call_opaque_args(e, f, args, names, ret),
        };
    }
    if names.is_empty() && data.plain_params == args.len() as u32 {
        return enter(e, f, code, args, ret);
    }
    let bound = bind(e, f, data, args, names)?;
    enter(e, f, code, &bound, ret)
}

/// Pushes a frame whose parameters are `bound`; or makes the generator.
pub fn enter<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    code: Value,
    bound: &[E::Val],
    ret: u64,
) -> Result<(), Raise> {
    let data = code_data(code);
    if data.code.flags.generator {
        return generator::make(e, f, code, data, bound, ret);
    }
    let new = new_frame(code, data, ret);
    if !e.push_frame(&new) {
        return Err(too_deep(e));
    }
    for (i, &v) in bound.iter().enumerate() {
        e.store(Reg(i as u16), v);
    }
    if let Some(r) = data.code.func_reg {
        e.store(Reg(r), f);
    }
    count_call(e, data)
}

/// Counts a call towards the function's being hot.
#[inline(always)]
fn count_call<E: PyEngine>(e: &mut E, data: &CodeData) -> Result<(), Raise> {
    if !E::RECORDS {
        let left = data.calls_left.get();
        if left == 0 {
            e.vm().thread.entered_hot = true;
        } else if left != u32::MAX {
            data.calls_left.set(left - 1);
        }
    }
    Ok(())
}

#[cold]
pub fn too_deep<E: PyEngine>(e: &mut E) -> Raise {
    let raise = e.vm().recursion_error("maximum recursion depth exceeded");
    raise_by_chance(e, raise)
}

/// Hands an exception that native code made pending to the engine. What has been guarded decides that it is raised, and
/// what it says: a trace makes another like it each time.
#[cold]
#[inline(never)]
pub fn raise_pending<E: PyEngine>(e: &mut E, _: Raise) -> Raise {
    let exc = e.vm().take_pending();
    if !E::RECORDS {
        let exc = e.val(exc);
        return e.raise(exc);
    }
    let class = e.vm().class_of(exc);
    let args = slot(exc_slot::ARGS).read(exc).unwrap_or(Value::UNBOUND);
    let (class, args) = (e.val(class), e.val(args));
    e.result_to(None);
    match crate::ops::opaque::raise_like(e, class, args) {
        Err(raise) => raise,
        Ok(()) => unreachable!("the function raises"),
    }
}

/// As [`raise_pending`] where it depends on the state of the machine, of which a trace knows nothing: none is recorded.
#[cold]
#[inline(never)]
pub fn raise_by_chance<E: PyEngine>(e: &mut E, _: Raise) -> Raise {
    e.give_up();
    let exc = e.vm().take_pending();
    let exc = e.val(exc);
    e.raise(exc)
}

/// A call that is not followed, whose arguments are the parameters: of machine code, or as one opaque step.
#[inline(never)]
fn call_apart<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    code: Value,
    args: &[E::Val],
    ret: u64,
) -> Result<(), Raise> {
    match call_compiled(e, f, code, args, ret) {
        Some(done) => done,
        None => call_opaque_args(e, f, args, &[], ret),
    }
}

/// Calls a function's machine code, if it has some, with its parameters bound, and does with the result what the
/// return word says. For an `__init__` the caller stores the instance afterwards.
pub fn call_compiled<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    code: Value,
    bound: &[E::Val],
    ret: u64,
) -> Option<Result<(), Raise>> {
    let data = code_data(code);
    if data.code.flags.generator || !matches!(ret::kind(ret), ret::STORE | ret::DISCARD | ret::INIT) {
        return None;
    }
    let new = new_frame(code, data, ret);
    let function = data.code.func_reg.map(|r| (Reg(r), f));
    match ret::kind(ret) {
        ret::STORE => e.result_to(Some(Reg(ret::register(ret)))),
        ret::DISCARD => e.result_to(None),
        _ => {}
    }
    Some(match e.call_compiled(&new, bound, function)? {
        Ok(v) if ret::kind(ret) == ret::INIT => crate::ops::opaque::init_result(e, v),
        Ok(v) => finish(e, ret, v),
        Err(raise) => Err(raise),
    })
}

/// Makes the call as one opaque step: the interpreter runs it on its own. Only calls whose result is stored or dropped may be made so.
pub fn call_opaque_args<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    args: &[E::Val],
    names: &[Value],
    ret: u64,
) -> Result<(), Raise> {
    let to = (ret::kind(ret) == ret::STORE).then(|| Reg(ret::register(ret)));
    e.result_to(to);
    let result = crate::ops::opaque::call(e, f, args, names)?;
    finish(e, ret, result)
}

/// Does with a result what the return word says, for calls that pushed no frame. `BINARY`, `NEXT` and `SEND` results
/// are stored too: their callers look at the register.
#[inline]
pub fn finish<E: PyEngine>(e: &mut E, word: u64, v: E::Val) -> Result<(), Raise> {
    match ret::kind(word) {
        ret::DISCARD | ret::INIT => {}
        ret::NATIVE => e.vm().thread.result = e.now_val(v),
        _ => e.store(Reg(ret::register(word)), v),
    }
    Ok(())
}

/// Matches arguments to parameters: one value per parameter register.
pub fn bind<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    data: &CodeData,
    args: &[E::Val],
    names: &[Value],
) -> Result<Args<E>, Raise> {
    let p = data.code.params;
    let (positional, given) = (p.positional as usize, args.len() - names.len());
    let named = positional + p.keyword_only as usize;
    if given > positional && !p.has_varargs {
        return Err(too_many_arguments(e, f, data, given, names.len()));
    }
    let unbound = e.val(Value::UNBOUND);
    let mut set: SmallVec<[bool; 16]> = SmallVec::from_elem(false, named);
    let direct = given.min(positional);
    let mut out = Args::new();
    out.extend(e, &args[..direct])?;
    for _ in direct..p.count() {
        out.push(e, unbound)?;
    }
    set[..direct].fill(true);
    if p.has_varargs {
        let extra = crate::ops::build::tuple(e, &args[direct..given])?;
        out.set(e, named, extra);
    }
    // Numbers of the keywords that belong into `**kwargs`.
    let mut rest: SmallVec<[usize; 8]> = SmallVec::new();
    for (k, (&name, &v)) in names.iter().zip(&args[given..]).enumerate() {
        if !bind_keyword(e, f, data, (&mut out, &mut set), name, v)? {
            rest.push(k);
        }
    }
    fill_defaults(e, f, data, &mut out, &mut set)?;
    if p.has_varkw {
        // Last: filling the dict is an effect, after which there may be no guard.
        let shape = e.vm().kind_shape(Kind::DictEmpty);
        let dict = e.new_object(shape, DICT_SIZE.into(), 0);
        for k in rest {
            let key = e.val(names[k]);
            crate::ops::opaque::dict_set_plain(e, dict, key, args[given + k])?;
        }
        out.set(e, named + p.has_varargs as usize, dict);
    }
    Ok(out)
}

/// Puts a keyword argument in its parameter's place; false if it belongs into `**kwargs`.
fn bind_keyword<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    data: &CodeData,
    (out, set): (&mut Args<E>, &mut [bool]),
    name: Value,
    v: E::Val,
) -> Result<bool, Raise> {
    let p = data.code.params;
    let named = set.len();
    let params = &data.local_names[..named];
    let found = params.iter().position(|&n| n == name).filter(|&i| i >= p.positional_only as usize);
    if let Some(i) = found {
        if set[i] {
            return Err(bind_error(e, f, data, BindError::Twice(name)));
        }
        out.set(e, i, v);
        set[i] = true;
        return Ok(true);
    }
    if p.has_varkw {
        return Ok(false);
    }
    let is_positional_only = params.iter().take(p.positional_only as usize).any(|&n| n == name);
    Err(bind_error(
        e,
        f,
        data,
        if is_positional_only { BindError::PositionalOnly(name) } else { BindError::Unexpected(name) },
    ))
}

fn fill_defaults<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    data: &CodeData,
    out: &mut Args<E>,
    set: &mut [bool],
) -> Result<(), Raise> {
    let positional = data.code.params.positional as usize;
    if !set[..positional].iter().all(|&s| s) {
        let defaults_val = e.get(f, &FUNC_DEFAULTS);
        // Defaults hardly ever change: the tuple itself is a fact of the function.
        let defaults = e.promote(defaults_val);
        let count = if defaults == Value::UNBOUND { 0 } else { tuple_len(defaults) };
        for i in (0..positional).filter(|&i| i + count >= positional) {
            if !set[i] {
                let v = tuple_items(defaults)[i + count - positional];
                let v = e.val(v);
                out.set(e, i, v);
                set[i] = true;
            }
        }
        if !set[..positional].iter().all(|&s| s) {
            return Err(bind_error(e, f, data, BindError::Missing(set)));
        }
    }
    for i in positional..set.len() {
        if !set[i] {
            let v = keyword_default(e, f, data, i, set)?;
            out.set(e, i, v);
        }
    }
    Ok(())
}

fn keyword_default<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    data: &CodeData,
    i: usize,
    set: &[bool],
) -> Result<E::Val, Raise> {
    let held = e.get(f, &FUNC_KWDEFAULTS);
    let held = e.promote(held);
    let name = data.local_names[i];
    let v = match e.vm().kind(held) {
        // Nobody else has the dict: what is in it is a fact of the function.
        k if k.is_dict() => {
            let v = dict::get_str(e.vm(), held, name);
            e.val(v.unwrap_or(Value::UNBOUND))
        }
        Kind::Cell => {
            let (cell, name) = (e.val(held), e.val(name));
            crate::ops::opaque::keyword_default(e, cell, name)?
        }
        _ => e.val(Value::UNBOUND),
    };
    if e.is(v, Value::UNBOUND) {
        return Err(bind_error(e, f, data, BindError::MissingKeywords(set)));
    }
    Ok(v)
}

enum BindError<'a> {
    Missing(&'a [bool]),
    MissingKeywords(&'a [bool]),
    Twice(Value),
    Unexpected(Value),
    PositionalOnly(Value),
}

/// The same for an error at a call; a trace relies on it.
fn promoted_display<E: PyEngine>(e: &mut E, f: E::Val, data: &CodeData) -> String {
    let now = e.now_val(f);
    if e.vm().kind(now) == Kind::Function {
        let name = e.get(f, &FUNC_QUALNAME);
        e.promote(name);
    }
    call::function_display(e.vm(), now, data)
}

#[cold]
fn bind_error<E: PyEngine>(e: &mut E, f: E::Val, data: &CodeData, error: BindError) -> Raise {
    let name = promoted_display(e, f, data);
    let f = e.now_val(f);
    let vm = e.vm();
    let text = |v: Value| hoop_object::text::str_text(v).into_owned();
    let message = match error {
        BindError::Twice(n) => format!("{name}() got multiple values for argument '{}'", text(n)),
        BindError::Unexpected(n) => format!("{name}() got an unexpected keyword argument '{}'", text(n)),
        BindError::PositionalOnly(n) => {
            format!("{name}() got some positional-only arguments passed as keyword arguments: '{}'", text(n))
        }
        BindError::Missing(set) => {
            let positional = data.code.params.positional as usize;
            let missing = missing_names(data, set, 0..positional);
            missing_message(&name, "positional", &missing)
        }
        BindError::MissingKeywords(set) => {
            let positional = data.code.params.positional as usize;
            let dict = function::keyword_defaults(vm, f);
            let missing: Vec<String> = (positional..set.len())
                .filter(|&i| !set[i])
                .filter(|&i| dict.is_none_or(|d| dict::get_str(vm, d, data.local_names[i]).is_none()))
                .map(|i| text(data.local_names[i]))
                .collect();
            missing_message(&name, "keyword-only", &missing)
        }
    };
    let raise = vm.type_error(message);
    raise_pending(e, raise)
}

fn missing_names(data: &CodeData, set: &[bool], range: std::ops::Range<usize>) -> Vec<String> {
    range
        .filter(|&i| !set[i])
        .map(|i| hoop_object::text::str_text(data.local_names[i]).into_owned())
        .collect()
}

fn missing_message(name: &str, what: &str, missing: &[String]) -> String {
    let quoted: Vec<String> = missing.iter().map(|m| format!("'{m}'")).collect();
    let list = match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [a, b] => format!("{a} and {b}"),
        [init @ .., last] => format!("{}, and {last}", init.join(", ")),
    };
    let s = if missing.len() == 1 { "" } else { "s" };
    format!("{name}() missing {} required {what} argument{s}: {list}", missing.len())
}

#[cold]
fn too_many_arguments<E: PyEngine>(
    e: &mut E,
    f: E::Val,
    data: &CodeData,
    given: usize,
    keywords: usize,
) -> Raise {
    let name = promoted_display(e, f, data);
    let f = e.now_val(f);
    let vm = e.vm();
    let p = data.code.params;
    let most = p.positional as usize;
    let defaults = FUNC_DEFAULTS.read(f).filter(|&d| d != Value::UNBOUND).map_or(0, tuple_len);
    let takes = if defaults > 0 { format!("from {} to {most}", most - defaults) } else { most.to_string() };
    let s = if most == 1 && defaults == 0 { "" } else { "s" };
    let keyword_only = if p.keyword_only > 0 && keywords > 0 {
        let ks = if keywords == 1 { "" } else { "s" };
        format!(
            " positional argument{} (and {keywords} keyword-only argument{ks})",
            if given == 1 { "" } else { "s" }
        )
    } else {
        String::new()
    };
    let was = if given == 1 && keyword_only.is_empty() { "was" } else { "were" };
    let raise = vm.type_error(format!(
        "{name}() takes {takes} positional argument{s} but {given}{keyword_only} {was} given"
    ));
    raise_pending(e, raise)
}

/// Calls a Python function; the last `names.len()` arguments belong to keywords.
pub fn call_python(vm: &mut Vm, f: Value, args: &[Value], names: &[Value]) -> PyResult {
    protocol::enter_native(vm)?;
    let code = FUNC_CODE.read(f).unwrap_or(Value::NONE);
    let floor = vm.ctx.thread.frames.depth();
    let counted = vm.ctx.count_frameless();
    let result = panics::guard_frames(vm, floor, |vm| {
        call_function_args(&mut Run::new(vm), f, code, args, names, ret::NATIVE)?;
        let hot = std::mem::take(&mut vm.thread.entered_hot);
        if code_data(code).code.flags.generator {
            return Ok(vm.thread.result);
        }
        match vm.jit.clone().filter(|_| hot) {
            Some(jit) => jit.execute_function(vm, floor),
            None => run_frames(vm, floor),
        }
    });
    vm.ctx.uncount(counted);
    result
}

/// Runs until the frame at depth `floor` has returned.
pub fn execute(vm: &mut Vm, floor: usize) -> PyResult {
    panics::guard_frames(vm, floor, |vm| run_frames(vm, floor))
}

fn run_frames(vm: &mut Vm, floor: usize) -> PyResult {
    match vm.jit.clone() {
        Some(jit) => jit.execute(vm, floor),
        None => loop {
            let exit = crate::step::run(vm, floor);
            if let hoop_engine::RunExit::Done(r) = exit {
                return r;
            }
        },
    }
}
