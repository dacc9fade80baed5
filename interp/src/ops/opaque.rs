//! Operations that traces make as one call: the general form of everything, for operands that no fast path knows.

use crate::args::Row;
use crate::ops::{exception, generator, name, table};
use crate::{execution, import};
use hoop_engine::{Arg, Callee, Effects, Ty};
use hoop_gc::Value;
use hoop_object::errors::Raise;
use hoop_object::layout::{CELL_VALUE, group};
use hoop_object::operator::{BinOp, CmpOp};
use hoop_object::text::{self, str_bytes};
use hoop_object::vm::{PyEngine, Vm};
use hoop_object::{complex, dict, list, quiet, rows, tuple};
use hoop_protocol::{attributes, call, iterators, native, protocol, sets, subscript};
use hoop_types::containers::{self, unpack};
use hoop_types::exceptions;
use hoop_types::numbers::{float, int};
use hoop_types::text::str::format;

/// May do anything but look at the caller's frames.
pub const ANY: Effects = Effects { sees_frames: false, ..Effects::ALL };

const SEES_FRAMES: Effects = Effects::ALL;

/// May allocate and raise, changes nothing that exists. What is raised gets the exception being handled as its context.
pub const FRESH: Effects = Effects::PURE.allocating().raising().reading(1 << group::HANDLED);

const GROWS: Effects = FRESH.writing(1 << group::STR);

const DICT: u64 = group::bits(&[group::DICT, group::LIST_ITEMS, group::OTHER]);

const LIST: u64 = group::bits(&[group::LIST, group::LIST_ITEMS, group::OTHER]);

hoop_protocol::native! {
    /// `a op b`; `op` is a `BinOp` as a number.
    pub fn binary(vm, op: I, a: V, b: V) -> V [ANY] { protocol::binary(vm, BinOp::ALL[op as usize], a, b) }

    /// `a op b` after the left operand has refused.
    pub fn binary_rest(vm, op: I, a: V, b: V) -> V [ANY] { protocol::binary_rest(vm, BinOp::ALL[op as usize], a, b) }
    pub fn compare_rest(vm, op: I, a: V, b: V) -> V [ANY] { protocol::compare_rest(vm, CmpOp::ALL[op as usize], a, b) }

    /// `a op= b`.
    pub fn inplace(vm, op: I, a: V, b: V) -> V [ANY] { protocol::inplace(vm, BinOp::ALL[op as usize], a, b) }

    /// `a op b` for operands that are built-in numbers: no Python code runs.
    pub fn number_binary(vm, op: I, a: V, b: V) -> V [FRESH] { protocol::number_binary(vm, BinOp::ALL[op as usize], a, b) }

    /// Concatenation and the like of built-in sequences: makes new objects only.
    pub fn sequence_binary(vm, op: I, a: V, b: V) -> V [FRESH.reading(!0)] { protocol::binary(vm, BinOp::ALL[op as usize], a, b) }

    /// `a op b` for a comparison; `op` is a `CmpOp` as a number.
    pub fn compare(vm, op: I, a: V, b: V) -> V [ANY] { protocol::compare(vm, CmpOp::ALL[op as usize], a, b) }

    /// As `compare`, for built-in numbers and strings.
    pub fn compare_plain(vm, op: I, a: V, b: V) -> V [FRESH.reading(1 << group::STR)] {
        protocol::compare(vm, CmpOp::ALL[op as usize], a, b)
    }

    /// Order of two strs by code points: -1, 0, 1.
    pub fn str_order(_vm, a: V, b: V) -> I [Effects::PURE] {
        use hoop_object::text::str_bytes;
        Ok(str_bytes(a).cmp(str_bytes(b)) as i64)
    }

    /// Two strs have the same text.
    pub fn str_equal(_vm, a: V, b: V) -> B [Effects::PURE] {
        Ok(hoop_object::text::str_bytes(a) == hoop_object::text::str_bytes(b))
    }

    /// An `__init__` written in Python has returned `v`: it must be None.
    pub fn init_result(vm, v: V) -> U [FRESH] {
        if v == Value::NONE {
            return Ok(());
        }
        let text = format!("__init__() should return None, not '{}'", vm.class_name(v));
        Err(vm.type_error(text))
    }

    /// `-v` (0), `+v` (1), `~v` (2).
    pub fn unary(vm, which: I, v: V) -> V [ANY] {
        let n = &vm.names;
        let (name, symbol) = [(n.neg, "-"), (n.pos, "+"), (n.invert, "~")][which as usize];
        protocol::unary(vm, name, symbol, v)
    }

    /// The truth of any value.
    pub fn truth(vm, v: V) -> B [ANY] { protocol::truth(vm, v) }

    /// The truth of any value where a jump depends on it: a trace ends before.
    /// The truth that a `__bool__` (or with `counts` a `__len__`) has returned.
    pub fn truth_of_result(vm, v: V, counts: I) -> B [Effects::ALL] { protocol::truth_of_result(vm, v, counts != 0) }
    pub fn truth_to_jump(vm, v: V) -> B [Effects::ALL] { protocol::truth(vm, v) }

    /// The truth of a built-in object: no Python code runs.
    pub fn truth_plain(vm, v: V) -> B [FRESH.reading(!0)] { protocol::truth(vm, v) }

    /// `a in b`.
    pub fn contains(vm, a: V, b: V) -> B [ANY] { subscript::contains(vm, b, a) }

    /// `o[k]`.
    pub fn get_item(vm, o: V, k: V) -> V [ANY] { subscript::get_item(vm, o, k) }
    /// `o[k] = v`.
    pub fn set_item(vm, o: V, k: V, v: V) -> U [ANY] { subscript::set_item(vm, o, k, v) }
    /// `del o[k]`.
    pub fn del_item(vm, o: V, k: V) -> U [ANY] { subscript::del_item(vm, o, k) }

    /// The entry of a key in a dict or set: its number, or [`table::ABSENT`], or [`table::UNKNOWN`] if only Python code
    /// can tell. Stores of values do not change it.
    pub fn table_find(vm, d: V, key: V) -> I [Effects::PURE.reading(1 << group::DICT)] {
        use hoop_object::dict::Found;
        Ok(match quiet::find_quietly(vm, d, key) {
            Found::At(i) => i as i64,
            Found::Nowhere => table::ABSENT,
            Found::Unknown => table::UNKNOWN,
        })
    }

    /// Sets a key whose hash and equality are built in, as are those of the keys that it is compared with: a str or int
    /// in a dict of such, or one that `table_find` has looked for.
    pub fn dict_set_plain(vm, d: V, key: V, v: V) -> U [FRESH.writing(DICT).reading(DICT)] { dict::set(vm, d, key, v) }

    /// Sets any key.
    pub fn dict_set(vm, d: V, key: V, v: V) -> U [ANY] { dict::set(vm, d, key, v) }

    /// The default of a keyword-only parameter in a dict that the program has a hold of; UNBOUND if there is none.
    pub fn keyword_default(vm, cell: V, name: V) -> V [Effects::PURE.reading(DICT)] {
        let dict = CELL_VALUE.read(cell).unwrap_or(Value::NONE);
        Ok(dict::get_str(vm, dict, name).unwrap_or(Value::UNBOUND))
    }

    pub fn new_dict(vm) -> V [FRESH] { Ok(dict::new_dict(vm)) }

    pub fn set_add_any(vm, s: V, key: V) -> U [ANY] { dict::set(vm, s, key, Value::NONE) }

    /// Appends with growth or a change of strategy.
    pub fn list_push(vm, l: V, v: V) -> U [FRESH.writing(LIST).reading(LIST)] { list::push(vm, l, v) }

    /// Sets an item where the strategy must change.
    pub fn list_set(vm, l: V, i: I, v: V) -> U [FRESH.writing(LIST).reading(LIST)] { list::set_item(vm, l, i as usize, v) }

    /// `list(iterable)` appended to a list.
    pub fn list_extend(vm, l: V, v: V) -> U [ANY] { containers::list::list_extend(vm, l, v) }

    pub fn list_to_tuple(vm, l: V) -> V [FRESH.reading(LIST)] {
        let items = list::values(vm, l)?;
        tuple::new_tuple(vm, items.as_slice())
    }

    pub fn list_copy(vm, l: V) -> V [FRESH.reading(LIST)] {
        let len = hoop_object::list::list_len(l);
        list::range(vm, l, 0, len)
    }

    pub fn set_update(vm, s: V, v: V) -> U [ANY] { sets::set_update(vm, s, v) }
    pub fn dict_update(vm, d: V, v: V) -> U [ANY] { containers::dict::dict_update(vm, d, v) }
    /// `**v` in a call of `f`.
    pub fn dict_merge(vm, d: V, v: V, f: V) -> U [ANY] { containers::dict::dict_merge(vm, d, v, f) }

    /// `iter(v)`.
    pub fn iter(vm, v: V) -> V [ANY] { iterators::iter(vm, v) }

    /// The next item, or END.
    pub fn iter_next(vm, it: V) -> V [ANY] { Ok(iterators::iter_next(vm, it)?.unwrap_or(Value::END)) }

    /// As `iter_next` for iterators of built-in objects, which run no Python code.
    pub fn iter_next_plain(vm, it: V) -> V [FRESH.reading(!0).writing(1 << group::ITER)] {
        Ok(iterators::iter_next(vm, it)?.unwrap_or(Value::END))
    }

    /// `o.name`.
    pub fn get_attr(vm, o: V, name: V) -> V [ANY] { attributes::getattr(vm, o, name) }
    /// `o.name = v`.
    pub fn set_attr(vm, o: V, name: V, v: V) -> U [ANY] { attributes::setattr(vm, o, name, v) }
    /// `del o.name`.
    pub fn del_attr(vm, o: V, name: V) -> U [ANY] { attributes::delattr(vm, o, name) }

    pub fn load_special(vm, o: V, which: I) -> V [ANY] { attributes::load_special(vm, o, which) }

    /// `super(class, object).name`.
    pub fn super_attr(vm, class: V, object: V, name: V) -> V [ANY] { attributes::super_attr(vm, class, object, name) }

    /// `f().name`.
    pub fn attr_of_call(vm, f: V, name: V) -> V [ANY] {
        let object = call::call(vm, f, &[])?;
        attributes::getattr(vm, object, name)
    }

    /// A global or builtin by name.
    pub fn load_global(vm, code: V, name: V) -> V [ANY] { name::find_global(vm, code, name) }
    /// `__build_class__` of a namespace of built-in names.
    pub fn build_class(vm, builtins: V, name: V) -> V [FRESH.reading(!0)] {
        match dict::get_str(vm, builtins, name) {
            Some(f) => Ok(f),
            None => Err(vm.name_error("__build_class__ not found")),
        }
    }
    pub fn store_global(vm, code: V, name: V, v: V) -> U [ANY] { name::assign_global(vm, code, name, v) }
    pub fn del_global(vm, code: V, name: V) -> U [ANY] { name::remove_global(vm, code, name) }
    /// A name of a class body: namespace, cell (or UNBOUND), globals, builtins.
    pub fn load_name(vm, ns: V, cell: V, code: V, name: V) -> V [ANY] { name::find_name(vm, ns, cell, code, name) }
    pub fn store_name(vm, ns: V, name: V, v: V) -> U [ANY] { subscript::set_item(vm, ns, name, v) }
    pub fn del_name(vm, ns: V, name: V) -> U [ANY] { name::remove_name(vm, ns, name) }

    /// `str` (1), `repr` (2), `ascii` (3) of a value.
    pub fn convert(vm, v: V, how: I) -> V [ANY] { hoop_protocol::protocol::convert(vm, v, how) }
    /// `format(v, spec)`.
    pub fn format(vm, v: V, spec: V) -> V [ANY] { format::format_value(vm, v, spec) }
    /// The text of a small int, float or str: no Python code.
    pub fn plain_str(vm, v: V) -> V [FRESH] { protocol::to_str(vm, v) }

    /// `int(s)` of a str.
    pub fn int_of_text(vm, s: V) -> V [FRESH] { int::to_int(vm, s) }

    /// `float(s)` of a str.
    pub fn float_of_text(vm, s: V) -> V [FRESH] {
        let x = float::to_float(vm, s)?;
        Ok(vm.ctx.box_float(x))
    }

    /// The exception object that `raise v from cause` raises; `cause` is UNBOUND without `from`.
    pub fn make_exception(vm, v: V, cause: V) -> V [ANY] { exceptions::make_exception(vm, v, cause) }
    /// `except` matching.
    pub fn exc_match(vm, exc: V, class: V) -> B [ANY] { exception::matches_exception(vm, exc, class) }
    /// Puts the exception being handled behind a new one.
    /// Raises a new exception of a built-in class with these arguments.
    pub fn raise_like(vm, class: V, args: V) -> U [FRESH] { Err(vm.raise_with(class, hoop_object::tuple::tuple_items(args))) }
    pub fn chain(vm, exc: V) -> U [FRESH.writing(1 << group::SLOT).reading(1 << group::SLOT)] { let _ = vm.raise(exc); vm.take_pending(); Ok(()) }
    pub fn import(vm, name: V, level: V, from: V) -> V [ANY] { import::import_statement(vm, name, level, from) }
    pub fn import_from(vm, module: V, name: V) -> V [ANY] { import::import_from(vm, module, name) }
    pub fn import_star(vm, module: V, code: V) -> U [ANY] { import::import_star(vm, module, code) }

    /// `f(*args, **kwargs)`.
    pub fn call_ex(vm, f: V, args: V, kwargs: V) -> V [ANY] {
        call::call_ex(vm, f, args, Some(kwargs).filter(|&k| k != Value::UNBOUND))
    }

    /// Does nothing. A recording ends before it: what comes next looks at frames.
    pub fn frames_are_seen(vm) -> U [SEES_FRAMES] { let _ = vm; Ok(()) }

    /// Handles signals, finalizers and the like; raises what a signal handler raises.
    pub fn interrupts(vm) -> U [ANY] { execution::handle_interrupts(vm) }

    /// Unpacks any iterable to a tuple of exactly `n`.
    pub fn unpack(vm, v: V, n: I) -> V [ANY] { unpack::unpack(vm, v, n as usize) }
    /// As `unpack` with a starred target: a tuple of the items before, the list, the items after.
    pub fn unpack_ex(vm, v: V, before: I, after: I) -> V [ANY] { unpack::unpack_ex(vm, v, before as usize, after as usize) }

    /// What a generator's body raised StopIteration becomes.
    pub fn stop_iteration_in_generator(vm, exc: V) -> V [ANY] { Ok(generator::stop_in_generator(vm, exc)) }

    /// The iterator that `yield from` drives.
    pub fn yield_from_iter(vm, v: V) -> V [ANY] { generator::yield_from_iter(vm, v) }
    /// Sends into any iterator: an item, or END with the return value in the machine's `stop_cell`.
    pub fn send(vm, it: V, v: V) -> V [ANY] { generator::send_into(vm, it, v) }

    /// The one-character str of a code point of a str, by index (in range).
    pub fn str_char(vm, s: V, i: I) -> V [FRESH] { hoop_object::strs::str_char(vm, s, i as usize) }
    /// The first str is part of the second.
    pub fn str_contains(_vm, part: V, s: V) -> B [Effects::PURE] {
        Ok(hoop_text::text::contains(str_bytes(s), str_bytes(part)))
    }
    /// Joins strs.
    pub fn concat(vm, a: V, b: V) -> V [FRESH] { hoop_object::strs::concat_str(vm, a, b) }
    /// As `concat`; the first may become the result.
    pub fn append(vm, a: V, b: V) -> V [GROWS] { text::append_str(vm, a, b) }
    /// Others may refer to this str from now on.
    pub fn share(_vm, s: V) -> U [Effects::PURE.writing(1 << group::STR)] {
        hoop_object::text::share_str(s);
        Ok(())
    }

    /// Halves go to the even neighbour.
    /// What a native function computes of a float: see `native::float_row`.
    pub fn float_function(vm, row: I, x: F) -> F [Effects::PURE] { Ok(native::float_function(vm, row, x)) }
    pub fn float_round(_vm, x: F) -> F [Effects::PURE] { Ok(hoop_text::float::round_half_even(x)) }
    pub fn float_floordiv(_vm, x: F, y: F) -> F [Effects::PURE] { Ok(hoop_types::numbers::float::floor_div(x, y)) }
    pub fn float_mod(_vm, x: F, y: F) -> F [Effects::PURE] { Ok(hoop_types::numbers::float::modulo(x, y)) }
    pub fn float_pow(vm, x: F, y: F) -> V [FRESH] { complex::float_pow(vm, x, y) }
}

/// Calls any callable with these arguments; the last `names.len()` belong to keywords.
pub fn call<E: PyEngine>(e: &mut E, f: E::Val, args: &[E::Val], names: &[Value]) -> Result<E::Val, Raise> {
    if names.is_empty() {
        let none = e.val(Value::UNBOUND);
        return call_slice(e, f, none, args);
    }
    let tuple = tuple::new_tuple(e.vm(), names).map_err(|r| crate::call::raise_by_chance(e, r))?;
    let names = e.val(tuple);
    call_slice(e, f, names, args)
}

extern "C" fn call_entry(vm: *mut Vm, f: u64, names: u64, args: *const Value, count: usize) -> u64 {
    // SAFETY: compiled code passes the machine, and an array of `count` arguments on its stack.
    let (vm, args) = unsafe { (&mut *vm, std::slice::from_raw_parts(args, count)) };
    let [f, names] = [f, names].map(|w| Value::from_bits(w).unwrap_or(Value::UNBOUND));
    hoop_object::panics::guarded(vm, |vm| call_now(vm, f, names, args)).map_or(0, |v| v.bits())
}

fn call_now(vm: &mut Vm, f: Value, names: Value, args: &[Value]) -> Result<Value, Raise> {
    let names = if names == Value::UNBOUND { &[] } else { hoop_object::tuple::tuple_items(names) };
    call::call_kw(vm, f, args, names)
}

fn call_slice<E: PyEngine>(e: &mut E, f: E::Val, names: E::Val, args: &[E::Val]) -> Result<E::Val, Raise> {
    static CALLEE: Callee = Callee {
        name: "call",
        addr: call_entry as *const (),
        args: &[Ty::Val, Ty::Val],
        slice: true,
        ret: Ty::Val,
        effects: ANY,
    };
    slice_call(e, &CALLEE, f, names, args, call_now)
}

/// A call of a slice callee with two fixed arguments.
fn slice_call<E: PyEngine>(
    e: &mut E,
    callee: &'static Callee,
    f: E::Val,
    names: E::Val,
    args: &[E::Val],
    body: fn(&mut Vm, Value, Value, &[Value]) -> Result<Value, Raise>,
) -> Result<E::Val, Raise> {
    e.before_call(callee);
    let now = Row::now(e, args)?;
    let (f_now, names_now) = (e.now_val(f), e.now_val(names));
    let result = body(e.vm(), f_now, names_now, now.as_slice());
    if !E::RECORDS {
        return e.called_val(callee, &[], result);
    }
    let mut all: smallvec::SmallVec<[Arg<E>; 10]> = smallvec::SmallVec::new();
    all.push(Arg::Val(f));
    all.push(Arg::Val(names));
    all.extend(args.iter().map(|&v| Arg::Val(v)));
    e.called_val(callee, &all, result)
}

extern "C" fn native_entry(vm: *mut Vm, f: u64, _: u64, args: *const Value, count: usize) -> u64 {
    // SAFETY: as in `call_entry`.
    let (vm, args) = unsafe { (&mut *vm, std::slice::from_raw_parts(args, count)) };
    let f = Value::from_bits(f).unwrap_or(Value::UNBOUND);
    hoop_object::panics::guarded(vm, |vm| native_now(vm, f, Value::UNBOUND, args)).map_or(0, |v| v.bits())
}

fn native_now(vm: &mut Vm, f: Value, _: Value, args: &[Value]) -> Result<Value, Raise> {
    if hoop_object::rows::builtin_self(f).is_none() {
        native::check_receiver(vm, f, args)?;
    }
    native::call_native(vm, hoop_object::rows::def_of(f), args)
}

/// Calls a built-in function's row (its bound self is among the arguments).
pub fn call_native<E: PyEngine>(
    e: &mut E,
    def: &'static rows::NativeDef,
    f: E::Val,
    args: &[E::Val],
) -> Result<E::Val, Raise> {
    let callee = if args.len() < def.plain_below as usize { &CALL_PLAIN } else { &CALL_NATIVE };
    let none = e.val(Value::UNBOUND);
    slice_call(e, callee, f, none, args, native_now)
}

/// For rows that run no Python code, called with so many arguments.
static CALL_PLAIN: Callee = Callee {
    name: "call_plain",
    addr: native_entry as *const (),
    args: &[Ty::Val, Ty::Val],
    slice: true,
    ret: Ty::Val,
    effects: FRESH.reading(!0),
};

static CALL_NATIVE: Callee = Callee {
    name: "call_native",
    addr: native_entry as *const (),
    args: &[Ty::Val, Ty::Val],
    slice: true,
    ret: Ty::Val,
    effects: ANY,
};

extern "C" fn maker_entry(vm: *mut Vm, make: u64, _: u64, args: *const Value, count: usize) -> u64 {
    // SAFETY: as in `call_entry`.
    let (vm, args) = unsafe { (&mut *vm, std::slice::from_raw_parts(args, count)) };
    let make = Value::from_bits(make).unwrap_or(Value::UNBOUND);
    hoop_object::panics::guarded(vm, |vm| maker_now(vm, make, Value::UNBOUND, args)).map_or(0, |v| v.bits())
}

/// The maker's address is passed as a tagged integer.
fn maker_now(vm: &mut Vm, make: Value, _: Value, args: &[Value]) -> Result<Value, Raise> {
    let address = (make.int_unchecked() as usize) as *const ();
    // SAFETY: `call_maker` and `call_pure_maker` alone pass it, with the address of a `NativeFn`.
    let make: rows::NativeFn = unsafe { std::mem::transmute(address) };
    make(vm, args)
}

/// Makes an object of many parts; may run Python code (hashing).
pub fn call_maker<E: PyEngine>(e: &mut E, args: &[E::Val], make: rows::NativeFn) -> Result<E::Val, Raise> {
    static CALLEE: Callee = Callee {
        name: "make",
        addr: maker_entry as *const (),
        args: &[Ty::Val, Ty::Val],
        slice: true,
        ret: Ty::Val,
        effects: ANY,
    };
    let (address, none) = (e.val(Value::int(make as usize as i64)), e.val(Value::UNBOUND));
    slice_call(e, &CALLEE, address, none, args, maker_now)
}

/// As [`call_maker`] for makers that run no Python code.
pub fn call_pure_maker<E: PyEngine>(
    e: &mut E,
    args: &[E::Val],
    make: rows::NativeFn,
) -> Result<E::Val, Raise> {
    static CALLEE: Callee = Callee {
        name: "make_plain",
        addr: maker_entry as *const (),
        args: &[Ty::Val, Ty::Val],
        slice: true,
        ret: Ty::Val,
        effects: FRESH,
    };
    let (address, none) = (e.val(Value::int(make as usize as i64)), e.val(Value::UNBOUND));
    slice_call(e, &CALLEE, address, none, args, maker_now)
}

/// Calls a function that makes an object of values in registers. For engines that do not record.
#[inline]
pub fn make_now<E: PyEngine>(
    e: &mut E,
    make: hoop_object::rows::NativeFn,
    items: &[Value],
) -> Result<E::Val, Raise> {
    e.before_call(&CALL_NATIVE);
    let v = make(e.vm(), items)?;
    Ok(e.val(v))
}

/// Calls a built-in function's row with arguments in registers. For engines that do not record.
#[inline]
pub fn call_row<E: PyEngine>(
    e: &mut E,
    def: &'static hoop_object::rows::NativeDef,
    args: &[Value],
) -> Result<E::Val, Raise> {
    e.before_call(&CALL_NATIVE);
    let v = native::call_native(e.vm(), def, args)?;
    Ok(e.val(v))
}
