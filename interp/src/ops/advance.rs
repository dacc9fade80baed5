//! The next item of built-in iterators, over any engine.
//!
//! One instruction may step several iterators (`zip`), and all its guards must come before its first effect. So a step
//! has two halves: [`look_at_leaf`] guards everything and says what will come, [`step_leaf`] does it. An iterator with no such way
//! (or in a state that has none) is stepped by one call.

use crate::args::Args;
use crate::ops::{build, item, opaque};
use hoop_engine::{Cmp, Engine, IntOp, Reg};
use hoop_gc::Value;
use hoop_object::errors::Raise;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::vm::PyEngine;
use hoop_protocol::iterators::{BACKWARDS, ITEMS, KEYS, VALUES};

/// What stepping an iterator came to.
pub enum Next<V> {
    Item(V),
    End,
    /// An item or the END mark.
    Either(V),
}

/// What a plain iterator will give.
enum Leaf<E: Engine> {
    /// A range's next value, of so many left.
    Range { left: E::Int },
    /// A count's next value, and the one after it.
    Count { at: E::Int, next: E::Int },
    /// An item of a list or tuple (`kind`, `items`), at this index.
    Sequence { kind: Kind, items: E::Val, at: E::Int, next: E::Int },
    /// A character of an ASCII str.
    Char { s: E::Val, at: E::Int, next: E::Int },
    /// An item of a bytes or bytearray object.
    Byte { kind: Kind, bytes: E::Val, at: E::Int, next: E::Int },
    /// The key or value or both of an entry; so many items are left of a dict's.
    Entry { what: i64, width: i64, entries: E::Val, index: E::Int, left: Option<E::Int> },
    /// Nothing. True: it lets go of what it went over.
    End(bool),
}

/// Plain iterators that step together, each with what it will give.
type Leaves<E> = [Option<(<E as Engine>::Val, Leaf<E>)>; MAX_ZIPPED];

/// Most iterators that `zip` steps in a trace.
const MAX_ZIPPED: usize = 4;

/// The next item of a built-in iterator that is no generator. Nothing: it is none, and nothing was done. `to` is the
/// register that the instruction gives an item (or END) to.
pub fn next_builtin<E: PyEngine>(
    e: &mut E,
    kind: Kind,
    it: E::Val,
    to: Option<Reg>,
) -> Result<Option<Next<E::Val>>, Raise> {
    if let Some(next) = next_inline(e, kind, it)? {
        return Ok(Some(next));
    }
    e.result_to(to);
    let v = match kind {
        Kind::StrIter | Kind::DictIter | Kind::SetIter => opaque::iter_next_plain(e, it)?,
        k if hoop_protocol::iterators::is_iterator(k) => opaque::iter_next(e, it)?,
        _ => return Ok(None),
    };
    Ok(Some(Next::Either(v)))
}

/// The next item without a call, if there is a way.
pub fn next_inline<E: PyEngine>(e: &mut E, kind: Kind, it: E::Val) -> Result<Option<Next<E::Val>>, Raise> {
    let item = match kind {
        Kind::Enumerate => {
            let Some(count) = count_of(e, it) else { return Ok(None) };
            let kind = kind_of(e, count.0);
            if kind == Kind::Zip {
                let Some(ahead) = zipped(e, count.0) else { return Ok(None) };
                let item = step(e, ahead)?;
                counted(e, it, count.1, item)?
            } else {
                let Some(leaf) = look_at_leaf(e, kind, count.0) else { return Ok(None) };
                let item = step_leaf(e, count.0, leaf)?;
                counted(e, it, count.1, item)?
            }
        }
        Kind::Zip => {
            let Some(ahead) = zipped(e, it) else { return Ok(None) };
            step(e, ahead)?
        }
        _ => {
            let Some(leaf) = look_at_leaf(e, kind, it) else { return Ok(None) };
            step_leaf(e, it, leaf)?
        }
    };
    Ok(Some(item.map_or(Next::End, Next::Item)))
}

/// As [`next_inline`], to be compiled in line for one kind of plain iterator.
#[inline(always)]
pub fn next_plain<E: PyEngine>(e: &mut E, kind: Kind, it: E::Val) -> Result<Option<Next<E::Val>>, Raise> {
    let Some(leaf) = look_at_leaf(e, kind, it) else { return Ok(None) };
    let item = step_leaf(e, it, leaf)?;
    Ok(Some(item.map_or(Next::End, Next::Item)))
}

/// What an `enumerate` with a small count goes over, and the count.
fn count_of<E: PyEngine>(e: &mut E, it: E::Val) -> Option<(E::Val, E::Int)> {
    let big = e.get(it, &ITER_KIND);
    if e.promote_int(big) != 0 {
        return None;
    }
    let (over, count) = (e.get(it, &ITER_OVER), e.get(it, &ITER_INDEX));
    let next = after(e, count);
    let fits = e.int_fits(next);
    e.branch(fits).then_some((over, count))
}

/// An item of an `enumerate`, if there is one, with its count.
fn counted<E: PyEngine>(
    e: &mut E,
    it: E::Val,
    count: E::Int,
    item: Option<E::Val>,
) -> Result<Option<E::Val>, Raise> {
    let Some(v) = item else { return Ok(None) };
    let next = after(e, count);
    e.set(it, &ITER_INDEX, next);
    let count = e.box_int(count);
    build::tuple(e, &[count, v]).map(Some)
}

/// The next pair of a `zip` of two plain iterators.
pub fn next_pair<E: PyEngine>(e: &mut E, it: E::Val) -> Result<Option<Next<E::Val>>, Raise> {
    let Some((tuple, 2)) = zips(e, it) else { return Ok(None) };
    let (first, second) = (e.int(0), e.int(1));
    let (x, y) = (e.item(tuple, first, &TUPLE_ITEMS), e.item(tuple, second, &TUPLE_ITEMS));
    let same = e.same(x, y);
    if e.branch(same) {
        return Ok(None);
    }
    let kinds = (kind_of(e, x), kind_of(e, y));
    let Some(left) = look_at_leaf(e, kinds.0, x) else { return Ok(None) };
    let Some(right) = look_at_leaf(e, kinds.1, y) else { return Ok(None) };
    let Some(left) = step_leaf(e, x, left)? else { return Ok(Some(Next::End)) };
    let Some(right) = step_leaf(e, y, right)? else { return Ok(Some(Next::End)) };
    let pair = build::tuple(e, &[left, right])?;
    Ok(Some(Next::Item(pair)))
}

/// What a `zip` that is not strict steps, as a tuple, and how many.
fn zips<E: PyEngine>(e: &mut E, it: E::Val) -> Option<(E::Val, i64)> {
    let strict = e.get(it, &ITER_KIND);
    if e.promote_int(strict) != 0 {
        return None;
    }
    let tuple = e.get(it, &ITER_OVER);
    if kind_of(e, tuple) != Kind::Tuple {
        return None;
    }
    let len = e.get(tuple, &TUPLE_LEN);
    Some((tuple, e.promote_int(len)))
}

/// `zip` of a few plain iterators, not strict.
fn zipped<E: PyEngine>(e: &mut E, it: E::Val) -> Option<Leaves<E>> {
    let (tuple, len) = zips(e, it)?;
    if !(1..=MAX_ZIPPED as i64).contains(&len) {
        return None;
    }
    let mut leaves: Leaves<E> = [const { None }; MAX_ZIPPED];
    for k in 0..len as usize {
        let index = e.int(k as i64);
        let over = e.item(tuple, index, &TUPLE_ITEMS);
        // One that is there twice steps twice.
        for other in leaves.iter().flatten() {
            let same = e.same(over, other.0);
            if e.branch(same) {
                return None;
            }
        }
        let kind = kind_of(e, over);
        leaves[k] = Some((over, look_at_leaf(e, kind, over)?));
    }
    Some(leaves)
}

fn kind_of<E: PyEngine>(e: &mut E, v: E::Val) -> Kind {
    let shape = e.shape_of(v);
    e.vm().shapes.kind(shape)
}

#[inline(always)]
fn look_at_leaf<E: PyEngine>(e: &mut E, kind: Kind, it: E::Val) -> Option<Leaf<E>> {
    match kind {
        Kind::RangeIter => Some(range(e, it)),
        Kind::ListIter => Some(list(e, it)),
        Kind::TupleIter => Some(tuple(e, it)),
        Kind::Reversed => backwards(e, it),
        Kind::DictIter => dict(e, it),
        Kind::SetIter => set(e, it),
        Kind::StrIter => characters(e, it),
        Kind::SeqIter => bytes(e, it),
        Kind::Count => count(e, it),
        Kind::ISlice => end_of_slice(e, it),
        _ => None,
    }
}

#[inline(always)]
fn range<E: PyEngine>(e: &mut E, it: E::Val) -> Leaf<E> {
    let left = e.get(it, &RANGE_ITER_LEFT);
    let zero = e.int(0);
    let more = e.int_cmp(Cmp::Gt, left, zero);
    if e.branch(more) { Leaf::Range { left } } else { Leaf::End(false) }
}

#[inline(always)]
fn list<E: PyEngine>(e: &mut E, it: E::Val) -> Leaf<E> {
    let list = e.get(it, &ITER_OVER);
    if e.is(list, Value::UNBOUND) {
        return Leaf::End(false);
    }
    let kind = kind_of(e, list);
    let (at, len) = (e.get(it, &ITER_INDEX), e.get(list, &LIST_LEN));
    let more = e.int_cmp(Cmp::Ult, at, len);
    if !e.branch(more) {
        return Leaf::End(true);
    }
    let (items, next) = (e.get(list, &LIST_ITEMS), after(e, at));
    Leaf::Sequence { kind, items, at, next }
}

#[inline(always)]
fn tuple<E: PyEngine>(e: &mut E, it: E::Val) -> Leaf<E> {
    let items = e.get(it, &ITER_OVER);
    if e.is(items, Value::UNBOUND) {
        return Leaf::End(false);
    }
    let (at, len) = (e.get(it, &ITER_INDEX), e.get(items, &TUPLE_LEN));
    let more = e.int_cmp(Cmp::Ult, at, len);
    if !e.branch(more) {
        return Leaf::End(true);
    }
    let next = after(e, at);
    Leaf::Sequence { kind: Kind::Tuple, items, at, next }
}

/// A `count` of small ints, where the next value is one too.
fn count<E: PyEngine>(e: &mut E, it: E::Val) -> Option<Leaf<E>> {
    let big = e.get(it, &ITER_KIND);
    if e.promote_int(big) != 0 {
        return None;
    }
    let (at, step) = (e.get(it, &ITER_INDEX), e.get(it, &ITER_EXPECT));
    let next = e.int_op(IntOp::Add, at, step);
    let fits = e.int_fits(next);
    e.branch(fits).then_some(Leaf::Count { at, next })
}

/// The end of an `islice`; its items come otherwise.
fn end_of_slice<E: PyEngine>(e: &mut E, it: E::Val) -> Option<Leaf<E>> {
    let source = e.get(it, &ITER_OVER);
    if e.is(source, Value::UNBOUND) {
        return Some(Leaf::End(false));
    }
    let stop = e.get(it, &ITER_SECOND);
    let stop = e.as_int(stop)?;
    let seen = e.get(it, &ITER_INDEX);
    let over = e.int_cmp(Cmp::Ge, seen, stop);
    if !e.branch(over) {
        return None;
    }
    let wanted = e.get(it, &ITER_EXPECT);
    let over = e.int_cmp(Cmp::Ge, seen, wanted);
    e.branch(over).then_some(Leaf::End(true))
}

/// Will an `islice` that has not ended give an item, if its source does?
pub fn slice_goes_on<E: PyEngine>(e: &mut E, it: E::Val) -> bool {
    let stop = e.get(it, &ITER_SECOND);
    if e.is(stop, Value::NONE) {
        return true;
    }
    let Some(stop) = e.as_int(stop) else { return false };
    let wanted = e.get(it, &ITER_EXPECT);
    let more = e.int_cmp(Cmp::Lt, wanted, stop);
    e.branch(more)
}

fn characters<E: PyEngine>(e: &mut E, it: E::Val) -> Option<Leaf<E>> {
    let s = e.get(it, &ITER_OVER);
    if e.is(s, Value::UNBOUND) {
        return Some(Leaf::End(false));
    }
    let (at, len, bytes) = (e.get(it, &ITER_INDEX), e.get(s, &STR_LEN), e.get(s, &STR_BYTES));
    let ascii = e.int_cmp(Cmp::Eq, bytes, len);
    if !e.branch(ascii) {
        return None;
    }
    let more = e.int_cmp(Cmp::Ult, at, len);
    if !e.branch(more) {
        return Some(Leaf::End(true));
    }
    let next = after(e, at);
    Some(Leaf::Char { s, at, next })
}

fn bytes<E: PyEngine>(e: &mut E, it: E::Val) -> Option<Leaf<E>> {
    let bytes = e.get(it, &ITER_OVER);
    if e.is(bytes, Value::UNBOUND) {
        return Some(Leaf::End(false));
    }
    let kind = kind_of(e, bytes);
    let (at, len) = (e.get(it, &ITER_INDEX), item::byte_count(e, kind, bytes)?);
    let more = e.int_cmp(Cmp::Ult, at, len);
    if !e.branch(more) {
        return Some(Leaf::End(true));
    }
    let next = after(e, at);
    Some(Leaf::Byte { kind, bytes, at, next })
}

/// A list or tuple from its end.
fn backwards<E: PyEngine>(e: &mut E, it: E::Val) -> Option<Leaf<E>> {
    let over = e.get(it, &ITER_OVER);
    if e.is(over, Value::UNBOUND) {
        return Some(Leaf::End(false));
    }
    let kind = kind_of(e, over);
    let len = match kind {
        Kind::ListAny | Kind::ListInt | Kind::ListFloat => e.get(over, &LIST_LEN),
        Kind::Tuple => e.get(over, &TUPLE_LEN),
        _ => return None,
    };
    let (index, zero, one) = (e.get(it, &ITER_INDEX), e.int(0), e.int(1));
    let more = e.int_cmp(Cmp::Gt, index, zero);
    if !e.branch(more) {
        return Some(Leaf::End(true));
    }
    let at = e.int_op(IntOp::Sub, index, one);
    let inside = e.int_cmp(Cmp::Ult, at, len);
    if !e.branch(inside) {
        return None;
    }
    let items = if kind == Kind::Tuple { over } else { e.get(over, &LIST_ITEMS) };
    Some(Leaf::Sequence { kind, items, at, next: at })
}

/// A dict that has not changed and has no deleted entries, forwards.
fn dict<E: PyEngine>(e: &mut E, it: E::Val) -> Option<Leaf<E>> {
    let what = e.get(it, &ITER_KIND);
    let what = e.promote_int(what);
    let d = e.get(it, &ITER_OVER);
    if e.is(d, Value::UNBOUND) {
        return Some(Leaf::End(false));
    }
    let kind = kind_of(e, d);
    if what & BACKWARDS != 0 || !kind.is_dict() || kind == Kind::Namespace {
        return None;
    }
    let Some(index) = next_entry(e, it, d)? else { return Some(Leaf::End(true)) };
    let left = e.get(it, &ITER_SECOND);
    let (left, zero) = (e.as_int(left)?, e.int(0));
    let some = e.int_cmp(Cmp::Gt, left, zero);
    if !e.branch(some) {
        return None;
    }
    let entries = e.get(d, &DICT_ENTRIES);
    Some(Leaf::Entry { what, width: 3, entries, index, left: Some(left) })
}

fn set<E: PyEngine>(e: &mut E, it: E::Val) -> Option<Leaf<E>> {
    let s = e.get(it, &ITER_OVER);
    if e.is(s, Value::UNBOUND) {
        return Some(Leaf::End(false));
    }
    if !kind_of(e, s).is_set() {
        return None;
    }
    let Some(index) = next_entry(e, it, s)? else { return Some(Leaf::End(true)) };
    let entries = e.get(s, &DICT_ENTRIES);
    Some(Leaf::Entry { what: KEYS, width: 2, entries, index, left: None })
}

/// The number of the next entry of a dict or set whose size is as it was and whose entries are all live. The inner
/// nothing: there is no further one.
fn next_entry<E: PyEngine>(e: &mut E, it: E::Val, d: E::Val) -> Option<Option<E::Int>> {
    let (len, used, expected) = (e.get(d, &DICT_LEN), e.get(d, &DICT_USED), e.get(it, &ITER_EXPECT));
    let unchanged = e.int_cmp(Cmp::Eq, len, expected);
    if !e.branch(unchanged) {
        return None;
    }
    let dense = e.int_cmp(Cmp::Eq, len, used);
    if !e.branch(dense) {
        return None;
    }
    let index = e.get(it, &ITER_INDEX);
    let more = e.int_cmp(Cmp::Ult, index, used);
    Some(e.branch(more).then_some(index))
}

/// Steps what was looked at: a tuple of the items, or nothing at the end.
fn step<E: PyEngine>(e: &mut E, ahead: Leaves<E>) -> Result<Option<E::Val>, Raise> {
    let mut items = Args::new();
    for (over, leaf) in ahead.into_iter().flatten() {
        let Some(v) = step_leaf(e, over, leaf)? else { return Ok(None) };
        items.push(e, v)?;
    }
    build::tuple(e, &items).map(Some)
}

#[inline(always)]
fn step_leaf<E: PyEngine>(e: &mut E, it: E::Val, leaf: Leaf<E>) -> Result<Option<E::Val>, Raise> {
    match leaf {
        Leaf::Range { left } => {
            let (v, step, one) = (e.get(it, &ITER_INDEX), e.get(it, &RANGE_ITER_STEP), e.int(1));
            let (next, fewer) = (e.int_op(IntOp::Add, v, step), e.int_op(IntOp::Sub, left, one));
            e.set(it, &ITER_INDEX, next);
            e.set(it, &RANGE_ITER_LEFT, fewer);
            Ok(Some(e.box_int(v)))
        }
        Leaf::Count { at, next } => {
            e.set(it, &ITER_INDEX, next);
            Ok(Some(e.box_int(at)))
        }
        Leaf::Sequence { kind, items, at, next } => {
            let v = match kind {
                Kind::Tuple => e.item(items, at, &TUPLE_ITEMS),
                kind => item::array_get(e, kind, items, at),
            };
            e.set(it, &ITER_INDEX, next);
            Ok(Some(v))
        }
        Leaf::Char { s, at, next } => {
            let code = e.item(s, at, &STR_DATA);
            e.set(it, &ITER_INDEX, next);
            Ok(Some(item::char_of(e, code)))
        }
        Leaf::Byte { kind, bytes, at, next } => {
            let v = item::byte_at(e, kind, bytes, at);
            e.set(it, &ITER_INDEX, next);
            Ok(Some(v))
        }
        Leaf::Entry { what, width, entries, index, left } => {
            let (one, width) = (e.int(1), e.int(width));
            if let Some(left) = left {
                let fewer = e.int_op(IntOp::Sub, left, one);
                let fewer = e.box_int(fewer);
                e.set(it, &ITER_SECOND, fewer);
            }
            let next = after(e, index);
            e.set(it, &ITER_INDEX, next);
            let first = e.int_op(IntOp::Mul, index, width);
            entry(e, what, entries, first).map(Some)
        }
        Leaf::End(lets_go) => {
            if lets_go {
                let unbound = e.val(Value::UNBOUND);
                e.set(it, &ITER_OVER, unbound);
            }
            Ok(None)
        }
    }
}

/// What an iterator over keys, values or items gives for the entry whose words begin at `first`.
fn entry<E: PyEngine>(e: &mut E, what: i64, entries: E::Val, first: E::Int) -> Result<E::Val, Raise> {
    let word = |e: &mut E, n: i64| {
        let n = e.int(n);
        let at = e.int_op(IntOp::Add, first, n);
        e.item(entries, at, &DICT_WORDS)
    };
    match what {
        VALUES => Ok(word(e, 2)),
        ITEMS => {
            let pair = [word(e, 1), word(e, 2)];
            build::tuple(e, &pair)
        }
        _ => Ok(word(e, 1)),
    }
}

#[inline(always)]
fn after<E: PyEngine>(e: &mut E, index: E::Int) -> E::Int {
    let one = e.int(1);
    e.int_op(IntOp::Add, index, one)
}
