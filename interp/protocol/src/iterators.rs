//! Iteration: `iter(v)`, `next(it)`, and the iterators of built-in objects.
//!
//! All built-in iterators have one layout (see `layout`): what they go over in `ITER_OVER` (UNBOUND when exhausted), two
//! or three plain ints, and a second value. What each kind keeps there:
//!
//! | kind | over | index | kind word | expect | second |
//! |---|---|---|---|---|---|
//! | ListIter, TupleIter, SeqIter | sequence | position | | | |
//! | StrIter | str | byte position | | | |
//! | RangeIter | (nothing) | next value | items left | step | |
//! | DictIter | dict | entry | [`KEYS`], [`VALUES`] or [`ITEMS`], with [`BACKWARDS`] | length | items left |
//! | SetIter | set | entry | | length | |
//! | CallIter | function | | | | sentinel |
//! | Enumerate | iterator | count | 1: the count is `second` | | big count |
//! | Zip | tuple of iterators | | 1: strict | | |
//! | Map | tuple of iterators | | 1: strict | | function |
//! | Filter | iterator | | | | function |
//! | Reversed | sequence | position + 1 | | | |
//! | Count | step | next value | 1: the next value is `second` | step, if small | big next value |
//! | ISlice | iterator | items seen | step | number of the next result | stop or None |

use crate::{attr, call, counting, protocol, subscript};
use hoop_gc::{INT_MAX, Value};
use hoop_object::class::class_data;
use hoop_object::dict::{self, dict_len, dict_used};
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::list::{self, list_len};
use hoop_object::operator::BinOp;
use hoop_object::text::{bytearray_data, bytes_data};
use hoop_object::tuple::{self, ValueVec, tuple_items, tuple_len};
use hoop_object::vm::Vm;

/// What dict iterators and views give.
pub const KEYS: i64 = 0;

pub const VALUES: i64 = 1;

pub const ITEMS: i64 = 2;

/// Bit of a dict iterator that goes from the last entry to the first.
pub const BACKWARDS: i64 = 4;

/// Is it the kind of a built-in iterator?
#[inline]
pub fn is_iterator(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        ListIter
            | TupleIter
            | RangeIter
            | StrIter
            | DictIter
            | SetIter
            | SeqIter
            | CallIter
            | Enumerate
            | Zip
            | Map
            | Filter
            | Reversed
            | Count
            | ISlice
    )
}

/// A new built-in iterator over something.
#[inline]
pub fn new_iterator(vm: &mut Vm, kind: Kind, over: Value) -> Value {
    let shape = vm.kind_shape(kind);
    let it = vm.ctx.alloc(shape, 5);
    ITER_OVER.init(it, over);
    it
}

/// An iterator over a dict: of `KEYS`, `VALUES` or `ITEMS`, perhaps `BACKWARDS`.
#[inline]
pub fn new_dict_iterator(vm: &mut Vm, d: Value, what: i64) -> Value {
    let shape = dict_iterator_shape(vm, what);
    let it = vm.ctx.alloc(shape, 5);
    ITER_OVER.init(it, d);
    ITER_KIND.write(it, what);
    ITER_EXPECT.write(it, dict_len(d) as i64);
    ITER_SECOND.init(it, Value::int(dict_len(d) as i64));
    ITER_INDEX.write(it, if what & BACKWARDS == 0 { 0 } else { dict_used(d) as i64 });
    it
}

/// The shape of dict iterators over `KEYS`, `VALUES` or `ITEMS`.
#[inline]
pub fn dict_iterator_shape(vm: &Vm, what: i64) -> hoop_gc::ShapeId {
    let t = &vm.types;
    let classes = [t.dict_keyiterator, t.dict_valueiterator, t.dict_itemiterator];
    class_data(classes[(what & 3) as usize]).root_shape
}

/// An iterator over the first `len` items of a sequence, the last one first.
#[inline]
pub fn new_reversed(vm: &mut Vm, sequence: Value, len: usize) -> Value {
    let it = new_iterator(vm, Kind::Reversed, sequence);
    ITER_INDEX.write(it, len as i64);
    it
}

pub(crate) fn over(it: Value) -> Option<Value> {
    ITER_OVER.read(it).filter(|&v| v != Value::UNBOUND)
}

/// Lets go of what the iterator went over.
pub(crate) fn exhaust<T>(it: Value) -> Option<T> {
    ITER_OVER.init(it, Value::UNBOUND);
    None
}

fn advance(it: Value) -> usize {
    let i = ITER_INDEX.read(it);
    ITER_INDEX.write(it, i + 1);
    i as usize
}

/// Does the class of the value offer `__iter__` or the old sequence protocol?
#[inline]
pub fn is_iterable(vm: &Vm, v: Value) -> bool {
    match attr::special(vm, v, vm.names.iter) {
        Some(f) => f != Value::NONE,
        None => is_iterator(vm.kind(v)) || is_sequence_like(vm, v),
    }
}

fn is_sequence_like(vm: &Vm, v: Value) -> bool {
    attr::special(vm, v, vm.names.getitem).is_some_and(|f| f != Value::NONE)
}

/// `iter(v)`.
pub fn iter(vm: &mut Vm, v: Value) -> PyResult {
    match vm.kind(v) {
        kind if kind.is_list() => Ok(new_iterator(vm, Kind::ListIter, v)),
        Kind::Tuple => Ok(new_iterator(vm, Kind::TupleIter, v)),
        Kind::Str => Ok(new_iterator(vm, Kind::StrIter, v)),
        Kind::Range => Ok(range_iter(vm, v)),
        Kind::Bytes | Kind::ByteArray => Ok(new_iterator(vm, Kind::SeqIter, v)),
        kind if kind.is_dict() => Ok(new_dict_iterator(vm, v, KEYS)),
        kind if kind.is_set() => {
            let it = new_iterator(vm, Kind::SetIter, v);
            ITER_EXPECT.write(it, dict_len(v) as i64);
            Ok(it)
        }
        Kind::DictView => {
            let d = VIEW_DICT.read(v).unwrap_or(Value::NONE);
            Ok(new_dict_iterator(vm, d, VIEW_KIND.read(v)))
        }
        Kind::Generator => Ok(v),
        kind if is_iterator(kind) => Ok(v),
        _ => iter_by_method(vm, v),
    }
}

fn range_iter(vm: &mut Vm, r: Value) -> Value {
    let small = |f: &hoop_engine::Field<hoop_engine::V>| f.read(r).and_then(Value::as_int);
    // Both ends must be small for all items to be.
    match (small(&RANGE_START), small(&RANGE_STOP), small(&RANGE_STEP), small(&RANGE_LEN)) {
        (Some(start), Some(_), Some(step), Some(len)) => new_range_iterator(vm, start, step, len),
        _ => new_iterator(vm, Kind::SeqIter, r),
    }
}

/// An iterator over `len` ints from `start` on in steps; all of them are small ints.
#[inline]
pub fn new_range_iterator(vm: &mut Vm, start: i64, step: i64, len: i64) -> Value {
    let it = new_iterator(vm, Kind::RangeIter, Value::UNBOUND);
    ITER_INDEX.write(it, start);
    RANGE_ITER_LEFT.write(it, len);
    RANGE_ITER_STEP.write(it, step);
    it
}

fn iter_by_method(vm: &mut Vm, v: Value) -> PyResult {
    match attr::special(vm, v, vm.names.iter) {
        Some(f) if f != Value::NONE => {
            let it = call::call_special(vm, f, v, &[])?;
            if has_next(vm, it) {
                return Ok(it);
            }
            let text = format!("iter() returned non-iterator of type '{}'", vm.class_name(it));
            Err(vm.type_error(text))
        }
        None if is_sequence_like(vm, v) => Ok(new_iterator(vm, Kind::SeqIter, v)),
        _ => {
            let text = format!("'{}' object is not iterable", vm.class_name(v));
            Err(vm.type_error(text))
        }
    }
}

/// Has the value a `__next__`?
#[inline]
pub fn has_next(vm: &Vm, v: Value) -> bool {
    let kind = vm.kind(v);
    is_iterator(kind) || kind == Kind::Generator || attr::special(vm, v, vm.names.next).is_some()
}

/// The next item of an iterator; nothing at its end, which a StopIteration is as well.
#[inline]
pub fn iter_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    match iter_step(vm, it) {
        Err(raise) => match vm.catch(vm.types.stop_iteration) {
            Some(_) => Ok(None),
            None => Err(raise),
        },
        next => next,
    }
}

/// As [`iterators::iter_next`], but a StopIteration that Python code has raised comes through.
pub fn iter_step(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    vm.check_memory()?;
    match vm.kind(it) {
        Kind::ListIter => Ok(list_iter_next(vm, it)),
        Kind::TupleIter => Ok(tuple_iter_next(it)),
        Kind::RangeIter => Ok(range_iter_next(it)),
        Kind::StrIter => Ok(str_iter_next(vm, it)),
        Kind::DictIter => dict_iter_next(vm, it),
        Kind::SetIter => set_iter_next(vm, it),
        Kind::Generator => (vm.hooks.resume)(vm, it, Value::NONE),
        Kind::Enumerate => enumerate_next(vm, it),
        Kind::Zip => zip_next(vm, it),
        Kind::Map => map_next(vm, it),
        Kind::Filter => filter_next(vm, it),
        Kind::Reversed => reversed_next(vm, it),
        Kind::SeqIter => seq_iter_next(vm, it),
        Kind::CallIter => call_iter_next(vm, it),
        Kind::Count => counting::count_next(vm, it).map(Some),
        Kind::ISlice => counting::islice_next(vm, it),
        _ => next_by_method(vm, it),
    }
}

fn next_by_method(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let Some(f) = attr::special(vm, it, vm.names.next).filter(|&f| f != Value::NONE) else {
        // An `__iter__` that is a Python function has given it.
        let text = format!("iter() returned non-iterator of type '{}'", vm.class_name(it));
        return Err(vm.type_error(text));
    };
    call::call_special(vm, f, it, &[]).map(Some)
}

fn list_iter_next(vm: &mut Vm, it: Value) -> Option<Value> {
    let l = over(it)?;
    let i = ITER_INDEX.read(it) as usize;
    if i >= list_len(l) {
        return exhaust(it);
    }
    advance(it);
    Some(list::item(vm, l, i))
}

/// The next character of a str's iterator.
#[inline]
pub fn str_iter_next(vm: &mut Vm, it: Value) -> Option<Value> {
    let s = over(it)?;
    match hoop_object::strs::str_next(vm, s, ITER_INDEX.read(it) as usize) {
        Some((c, next)) => {
            ITER_INDEX.write(it, next as i64);
            Some(c)
        }
        None => exhaust(it),
    }
}

fn dict_iter_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let Some(d) = over(it) else { return Ok(None) };
    if dict_len(d) as i64 != ITER_EXPECT.read(it) {
        // Stays so: no later length can match.
        ITER_EXPECT.write(it, -1);
        return Err(vm.runtime_error("dictionary changed size during iteration"));
    }
    let what = ITER_KIND.read(it);
    let at = ITER_INDEX.read(it) as usize;
    let found = if what & BACKWARDS == 0 {
        dict::dict_next(vm, d, at).map(|(i, e)| (i + 1, e))
    } else {
        (0..at.min(dict_used(d))).rev().find_map(|i| dict::entry(vm, d, i).map(|e| (i, e)))
    };
    let Some((next, e)) = found else { return Ok(exhaust(it)) };
    let left = ITER_SECOND.read(it).and_then(Value::as_int).unwrap_or(0);
    if left == 0 {
        ITER_EXPECT.write(it, -1);
        return Err(vm.runtime_error("dictionary keys changed during iteration"));
    }
    ITER_SECOND.init(it, Value::int(left - 1));
    ITER_INDEX.write(it, next as i64);
    match what & 3 {
        KEYS => Ok(Some(e.key)),
        VALUES => Ok(Some(e.value)),
        _ => tuple::new_tuple(vm, &[e.key, e.value]).map(Some),
    }
}

fn set_iter_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let Some(s) = over(it) else { return Ok(None) };
    if dict_len(s) as i64 != ITER_EXPECT.read(it) {
        ITER_EXPECT.write(it, -1);
        return Err(vm.runtime_error("Set changed size during iteration"));
    }
    match dict::dict_next(vm, s, ITER_INDEX.read(it) as usize) {
        Some((i, e)) => {
            ITER_INDEX.write(it, i as i64 + 1);
            Ok(Some(e.key))
        }
        None => Ok(exhaust(it)),
    }
}

fn seq_iter_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let Some(s) = over(it) else { return Ok(None) };
    let i = ITER_INDEX.read(it);
    let byte = match vm.kind(s) {
        Kind::Bytes => bytes_data(s).get(i as usize).copied(),
        Kind::ByteArray => bytearray_data(s).get(i as usize).copied(),
        _ => return seq_item_next(vm, it, s, i),
    };
    match byte {
        Some(b) => {
            advance(it);
            Ok(Some(Value::int(b as i64)))
        }
        None => Ok(exhaust(it)),
    }
}

fn seq_item_next(vm: &mut Vm, it: Value, s: Value, i: i64) -> PyResult<Option<Value>> {
    match subscript::get_item(vm, s, Value::int(i)) {
        Ok(v) => {
            advance(it);
            Ok(Some(v))
        }
        Err(raise) if catch_end_of_sequence(vm) => {
            let _ = raise;
            Ok(exhaust(it))
        }
        Err(raise) => Err(raise),
    }
}

/// Takes a pending IndexError or StopIteration.
fn catch_end_of_sequence(vm: &mut Vm) -> bool {
    vm.catch(vm.types.index_error).is_some() || vm.catch(vm.types.stop_iteration).is_some()
}

fn reversed_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let Some(s) = over(it) else { return Ok(None) };
    let i = ITER_INDEX.read(it) - 1;
    if i < 0 {
        return Ok(exhaust(it));
    }
    ITER_INDEX.write(it, i);
    if vm.kind(s).is_list() {
        return Ok(if (i as usize) < list_len(s) {
            Some(list::item(vm, s, i as usize))
        } else {
            exhaust(it)
        });
    }
    match subscript::get_item(vm, s, Value::int(i)) {
        Ok(v) => Ok(Some(v)),
        Err(_) if catch_end_of_sequence(vm) => Ok(exhaust(it)),
        Err(raise) => Err(raise),
    }
}

fn call_iter_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let Some(f) = over(it) else { return Ok(None) };
    let v = match call::call(vm, f, &[]) {
        Ok(v) => v,
        Err(raise) => {
            return match vm.catch(vm.types.stop_iteration) {
                Some(_) => Ok(exhaust(it)),
                None => Err(raise),
            };
        }
    };
    let sentinel = ITER_SECOND.read(it).unwrap_or(Value::NONE);
    Ok(if protocol::eq(vm, sentinel, v)? { exhaust(it) } else { Some(v) })
}

fn enumerate_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let Some(inner) = over(it) else { return Ok(None) };
    let Some(v) = iter_step(vm, inner)? else { return Ok(None) };
    let count = enumerate_count(vm, it)?;
    tuple::new_tuple(vm, &[count, v]).map(Some)
}

/// The count of an `enumerate`, which goes up.
#[inline]
pub fn enumerate_count(vm: &mut Vm, it: Value) -> PyResult {
    if ITER_KIND.read(it) != 1 {
        return Ok(Value::int((advance(it) as i64).min(INT_MAX)));
    }
    let count = ITER_SECOND.read(it).unwrap_or(Value::int(0));
    let next = protocol::binary(vm, BinOp::Add, count, Value::int(1))?;
    vm.ctx.write(it, &ITER_SECOND, next);
    Ok(count)
}

fn filter_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let Some(inner) = over(it) else { return Ok(None) };
    let f = ITER_SECOND.read(it).unwrap_or(Value::NONE);
    let by_truth = f == Value::NONE || f == vm.types.bool_;
    while let Some(v) = iter_step(vm, inner)? {
        let verdict = if by_truth { v } else { call::call(vm, f, &[v])? };
        if protocol::truth(vm, verdict)? {
            return Ok(Some(v));
        }
    }
    Ok(None)
}

fn map_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let (Some(inner), Some(f)) = (over(it), ITER_SECOND.read(it)) else { return Ok(None) };
    if let [only] = tuple_items(inner) {
        return match iter_step(vm, *only)? {
            Some(v) => call::call(vm, f, &[v]).map(Some),
            None => Ok(None),
        };
    }
    match next_of_each(vm, inner, ITER_KIND.read(it) == 1, "map")? {
        Some(args) => call::call(vm, f, args.as_slice()).map(Some),
        None => Ok(None),
    }
}

fn zip_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let Some(inner) = over(it) else { return Ok(None) };
    let strict = ITER_KIND.read(it) == 1;
    if let ([a, b], false) = (tuple_items(inner), strict) {
        let Some(x) = iter_step(vm, *a)? else { return Ok(None) };
        let Some(y) = iter_step(vm, *b)? else { return Ok(None) };
        return tuple::new_tuple(vm, &[x, y]).map(Some);
    }
    match next_of_each(vm, inner, strict, "zip")? {
        Some(items) => tuple::new_tuple(vm, items.as_slice()).map(Some),
        None => Ok(None),
    }
}

/// The next item of each iterator of a tuple; nothing when one has ended.
fn next_of_each(vm: &mut Vm, inner: Value, strict: bool, name: &str) -> PyResult<Option<ValueVec>> {
    let n = tuple_len(inner);
    if n == 0 {
        return Ok(None);
    }
    let mut items = ValueVec::with_capacity(vm, n)?;
    for i in 0..n {
        let it = tuple_items(inner)[i];
        let next = if strict { iter_next(vm, it)? } else { iter_step(vm, it)? };
        match next {
            Some(v) => items.push(vm, v)?,
            None if strict => return check_ends(vm, inner, i, name).map(|()| None),
            None => return Ok(None),
        }
    }
    Ok(Some(items))
}

/// ValueError unless all iterators end together; number `ended` was the first to end.
fn check_ends(vm: &mut Vm, inner: Value, ended: usize, name: &str) -> PyResult<()> {
    let plural = |n: usize| if n == 1 { " 1".to_string() } else { format!("s 1-{n}") };
    if ended > 0 {
        let text = format!("{name}() argument {} is shorter than argument{}", ended + 1, plural(ended));
        return Err(vm.value_error(text));
    }
    for i in 1..tuple_len(inner) {
        if iter_next(vm, tuple_items(inner)[i])?.is_some() {
            let text = format!("{name}() argument {} is longer than argument{}", i + 1, plural(i));
            return Err(vm.value_error(text));
        }
    }
    Ok(())
}

/// How many items an iterator or iterable will give, as far as it knows. Errors other than TypeErrors of its
/// methods come through.
pub fn length_hint(vm: &mut Vm, v: Value) -> PyResult<Option<usize>> {
    let kind = vm.kind(v);
    if is_iterator(kind) {
        return Ok(iterator_hint(vm, v));
    }
    if attr::special(vm, v, vm.names.len).is_some() {
        match protocol::len(vm, v) {
            Ok(n) => return Ok(Some(n)),
            Err(raise) if vm.catch(vm.types.type_error).is_none() => return Err(raise),
            Err(_) => {}
        }
    }
    let Some(f) = attr::special(vm, v, vm.names.length_hint) else { return Ok(None) };
    let r = match call::call_special(vm, f, v, &[]) {
        Ok(Value::NOT_IMPLEMENTED) => return Ok(None),
        Ok(r) => r,
        Err(raise) if vm.catch(vm.types.type_error).is_none() => return Err(raise),
        Err(_) => return Ok(None),
    };
    let Some(n) = hoop_object::bigint::operand(vm, r) else {
        let text = format!("__length_hint__ must be an integer, not {}", vm.class_name(r));
        return Err(vm.type_error(text));
    };
    match hoop_object::bigint::to_i64(n) {
        None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
        Some(n) if n < 0 => Err(vm.value_error("__length_hint__() should return >= 0")),
        Some(n) => Ok(Some(n as usize)),
    }
}

/// Asks an object of the program how many items it will give, before they are collected. MemoryError: too many.
#[inline]
pub fn ask_length(vm: &mut Vm, v: Value) -> PyResult<()> {
    if vm.kind(v).is_instance()
        && let Some(n) = length_hint(vm, v)?
        && n > hoop_object::list::MAX_LEN
    {
        return Err(vm.memory_error());
    }
    Ok(())
}

fn tuple_iter_next(it: Value) -> Option<Value> {
    let t = over(it)?;
    let i = ITER_INDEX.read(it) as usize;
    match tuple_items(t).get(i) {
        Some(&v) => {
            advance(it);
            Some(v)
        }
        None => exhaust(it),
    }
}

fn range_iter_next(it: Value) -> Option<Value> {
    let left = RANGE_ITER_LEFT.read(it);
    if left <= 0 {
        return None;
    }
    let v = ITER_INDEX.read(it);
    RANGE_ITER_LEFT.write(it, left - 1);
    ITER_INDEX.write(it, v.wrapping_add(RANGE_ITER_STEP.read(it)));
    Some(Value::int(v))
}

/// The items left, for the kinds that know.
pub fn iterator_hint(vm: &mut Vm, it: Value) -> Option<usize> {
    let kind = vm.kind(it);
    if kind == Kind::RangeIter {
        return Some(RANGE_ITER_LEFT.read(it).max(0) as usize);
    }
    let Some(o) = over(it) else { return Some(0) };
    let at = ITER_INDEX.read(it) as usize;
    match kind {
        Kind::ListIter => Some(list_len(o).saturating_sub(at)),
        Kind::TupleIter => Some(tuple_len(o).saturating_sub(at)),
        Kind::StrIter => Some(hoop_object::text::count_points(&hoop_object::text::str_bytes(o)[at..])),
        Kind::Reversed => Some(at),
        Kind::DictIter => ITER_SECOND.read(it).and_then(Value::as_int).map(|n| n as usize),
        Kind::SetIter => Some((at..dict_used(o)).filter(|&i| dict::entry(vm, o, i).is_some()).count()),
        Kind::SeqIter => match vm.kind(o) {
            Kind::Bytes | Kind::ByteArray => protocol::len(vm, o).ok().map(|n| n.saturating_sub(at)),
            _ => None,
        },
        _ => None,
    }
}
