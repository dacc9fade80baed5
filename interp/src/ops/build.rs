//! Making tuples, lists, dicts, sets, slices and strings.

use crate::args::Args;
use crate::call;
use crate::ops::{a, b, c, item, opaque, table};
use hoop_bytecode::Instr;
use hoop_engine::Reg;
use hoop_gc::Value;
use hoop_object::errors::Raise;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::vm::PyEngine;
use hoop_object::{dict, list, tuple};
use smallvec::SmallVec;

/// Longer displays are made by one call instead of item by item.
const MAX_TRACED: usize = 64;

/// The values of consecutive registers.
fn registers<E: PyEngine>(e: &mut E, first: u16, count: u16) -> Result<Args<E>, Raise> {
    call::gather(e, None, Reg(first), count)
}

/// The interpreter's way: `make` gets the values where they lie in the registers. False: nothing was done.
#[inline(always)]
fn made_at_once<E: PyEngine>(
    e: &mut E,
    i: Instr,
    count: u16,
    make: hoop_object::rows::NativeFn,
) -> Result<bool, Raise> {
    let Some((_, items)) = e.register_slice(b(i), count) else { return Ok(false) };
    let v = opaque::make_now(e, make, items)?;
    e.store(a(i), v);
    Ok(true)
}

/// Words of an object that holds a count and these items, `MAX_TRACED` at most.
fn words_for<V>(items: &[V]) -> u32 {
    1 + u32::try_from(items.len()).expect("a short display")
}

/// A tuple of these values.
pub fn tuple<E: PyEngine>(e: &mut E, items: &[E::Val]) -> Result<E::Val, Raise> {
    if items.len() > MAX_TRACED {
        return from_call(e, items, make_tuple);
    }
    let shape = e.vm().kind_shape(Kind::Tuple);
    let t = e.new_object(shape, words_for(items), 0);
    let len = e.int(items.len() as i64);
    e.set(t, &TUPLE_LEN, len);
    for (k, &v) in items.iter().enumerate() {
        let index = e.int(k as i64);
        e.set_item(t, index, &TUPLE_ITEMS, v);
    }
    Ok(t)
}

fn make_tuple(vm: &mut hoop_object::vm::Vm, items: &[Value]) -> hoop_object::errors::PyResult {
    tuple::new_tuple(vm, items)
}

fn make_list(vm: &mut hoop_object::vm::Vm, items: &[Value]) -> hoop_object::errors::PyResult {
    list::from(vm, items)
}

/// Long displays: a built-in function of the same effect, called with all items.
fn from_call<E: PyEngine>(
    e: &mut E,
    items: &[E::Val],
    make: hoop_object::rows::NativeFn,
) -> Result<E::Val, Raise> {
    opaque::call_maker(e, items, make)
}

pub fn build_tuple<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    if made_at_once(e, i, i.c, make_tuple)? {
        return Ok(());
    }
    let items = registers(e, i.b, i.c)?;
    let t = tuple(e, &items)?;
    e.store(a(i), t);
    Ok(())
}

/// A list display: its strategy is that of its items.
pub fn build_list<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    if made_at_once(e, i, i.c, make_list)? {
        return Ok(());
    }
    let items = registers(e, i.b, i.c)?;
    let l = if items.len() > MAX_TRACED { from_call(e, &items, make_list)? } else { list(e, &items) };
    e.store(a(i), l);
    Ok(())
}

fn list<E: PyEngine>(e: &mut E, items: &[E::Val]) -> E::Val {
    let kind = strategy(e, items);
    let shape = e.vm().kind_shape(kind);
    if kind == Kind::ListEmpty {
        return e.new_object(shape, 2, 0);
    }
    let array_kind = match kind {
        Kind::ListInt => Kind::IntArray,
        Kind::ListFloat => Kind::FloatArray,
        _ => Kind::ValueArray,
    };
    let array_shape = e.vm().kind_shape(array_kind);
    let (ints, floats) = unboxed(e, kind, items);
    let array = e.new_object(array_shape, words_for(items), 0);
    let len = e.int(items.len() as i64);
    e.set(array, &ARRAY_LEN, len);
    for (k, &v) in items.iter().enumerate() {
        let index = e.int(k as i64);
        match kind {
            Kind::ListInt => e.set_item(array, index, &ARRAY_INTS, ints[k]),
            Kind::ListFloat => e.set_item(array, index, &ARRAY_FLOATS, floats[k]),
            _ => e.set_item(array, index, &ARRAY_VALUES, v),
        }
    }
    let l = e.new_object(shape, 2, 0);
    e.set(l, &LIST_ITEMS, array);
    e.set(l, &LIST_LEN, len);
    l
}

/// The strategy that fits all items.
fn strategy<E: PyEngine>(e: &mut E, items: &[E::Val]) -> Kind {
    let Some(&first) = items.first() else { return Kind::ListEmpty };
    let shape = e.shape_of(first);
    let kind = match e.vm().shapes.kind(shape) {
        Kind::Int => Kind::ListInt,
        Kind::Float => Kind::ListFloat,
        _ => return Kind::ListAny,
    };
    for &v in &items[1..] {
        if e.shape_of(v) != shape {
            return Kind::ListAny;
        }
    }
    kind
}

/// The items as machine numbers, for the strategies of such.
#[allow(clippy::type_complexity)]
fn unboxed<E: PyEngine>(
    e: &mut E,
    kind: Kind,
    items: &[E::Val],
) -> (SmallVec<[E::Int; 8]>, SmallVec<[E::Float; 8]>) {
    let (mut ints, mut floats) = (SmallVec::new(), SmallVec::new());
    for &v in items {
        match kind {
            Kind::ListInt => ints.extend(e.as_int(v)),
            Kind::ListFloat => floats.extend(e.as_float(v)),
            _ => {}
        }
    }
    (ints, floats)
}

pub fn build_set<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    fn make(vm: &mut hoop_object::vm::Vm, items: &[Value]) -> hoop_object::errors::PyResult {
        let s = dict::new_set(vm);
        dict::dict_reserve(vm, s, items.len())?;
        for &v in items {
            dict::set(vm, s, v, Value::NONE)?;
        }
        Ok(s)
    }
    build_by(e, i, i.c, make)
}

pub fn build_dict<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    fn make(vm: &mut hoop_object::vm::Vm, items: &[Value]) -> hoop_object::errors::PyResult {
        let d = dict::new_dict_for(vm, items.len() / 2)?;
        for pair in items.chunks(2) {
            dict::set(vm, d, pair[0], pair[1])?;
        }
        Ok(d)
    }
    build_by(e, i, i.c * 2, make)
}

fn build_by<E: PyEngine>(
    e: &mut E,
    i: Instr,
    count: u16,
    make: hoop_object::rows::NativeFn,
) -> Result<(), Raise> {
    if made_at_once(e, i, count, make)? {
        return Ok(());
    }
    let items = registers(e, i.b, count)?;
    e.result_to(Some(a(i)));
    let v = from_call(e, &items, make)?;
    e.store(a(i), v);
    Ok(())
}

/// Joins the parts of an f-string, which are strs.
pub fn build_string<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    if i.c == 2 {
        let (x, y) = (e.load(b(i)), e.load(Reg(i.b + 1)));
        let v = opaque::concat(e, x, y)?;
        e.store(a(i), v);
        return Ok(());
    }
    fn make(vm: &mut hoop_object::vm::Vm, items: &[Value]) -> hoop_object::errors::PyResult {
        hoop_protocol::seq::join_strs(vm, items)
    }
    if made_at_once(e, i, i.c, make)? {
        return Ok(());
    }
    let items = registers(e, i.b, i.c)?;
    let v = opaque::call_pure_maker(e, &items, make)?;
    e.store(a(i), v);
    Ok(())
}

pub fn build_slice<E: PyEngine>(e: &mut E, i: Instr) {
    let parts = [0, 1, 2].map(|k| e.load(Reg(i.b + k)));
    let shape = e.vm().kind_shape(Kind::Slice);
    let s = e.new_object(shape, 3, 0);
    e.set(s, &SLICE_START, parts[0]);
    e.set(s, &SLICE_STOP, parts[1]);
    e.set(s, &SLICE_STEP, parts[2]);
    e.store(a(i), s);
}

#[inline(always)]
pub fn list_append<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let (l, v) = (e.load(a(i)), e.load(b(i)));
    item::append(e, l, v)
}

/// `a[b] := c` in a dict display or comprehension.
pub fn dict_set<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let (d, k, v) = (e.load(a(i)), e.load(b(i)), e.load(c(i)));
    let shape = e.shape_of(d);
    if table::is_dict(e.vm().shapes.kind(shape)) && table::set(e, d, k, v)? {
        return Ok(());
    }
    e.result_to(None);
    opaque::dict_set(e, d, k, v)
}

/// `a := format(b)` after a conversion.
pub fn format<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let v = e.load(b(i));
    let shape = e.shape_of(v);
    let kind = e.vm().shapes.kind(shape);
    if i.c <= 1 && kind == Kind::Str {
        e.store(a(i), v);
        return Ok(());
    }
    e.result_to(Some(a(i)));
    let text = if i.c <= 1 && matches!(kind, Kind::Int | Kind::Float | Kind::Bool | Kind::None) {
        opaque::plain_str(e, v)?
    } else if i.c == 0 {
        let empty = e.vm().names.empty;
        let spec = e.val(empty);
        opaque::format(e, v, spec)?
    } else {
        let how = e.int(i.c as i64);
        opaque::convert(e, v, how)?
    };
    e.store(a(i), text);
    Ok(())
}
