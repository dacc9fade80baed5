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

use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::class::{class_data, class_mut};
use crate::objects::dict::{dict_len, dict_used};
use crate::objects::layout::*;
use crate::objects::list::list_len;
use crate::objects::text::{bytearray_data, bytes_data};
use crate::objects::tuple::{ValueVec, tuple_items, tuple_len};
use crate::operator::BinOp;
use crate::vm::Vm;
use hoop_gc::{INT_MAX, Value};

/// What dict iterators and views give.
pub const KEYS: i64 = 0;
pub const VALUES: i64 = 1;
pub const ITEMS: i64 = 2;
/// Bit of a dict iterator that goes from the last entry to the first.
pub const BACKWARDS: i64 = 4;

pub fn init(vm: &mut Vm) {
    super::iter_classes::init(vm);
    // Nearly all strs are ASCII; their iterators' class has this name in CPython.
    let name = vm.intern(b"str_ascii_iterator");
    let class = class_mut(vm, vm.types.str_iterator);
    (class.name, class.qualname) = (name, name);
    let t = &vm.types;
    for class in [t.list, t.tuple, t.dict, t.set, t.frozenset, t.enumerate] {
        super::generic_alias::make_generic(vm, class);
    }
}

/// Is it the kind of a built-in iterator?
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
pub fn new_iterator(vm: &mut Vm, kind: Kind, over: Value) -> Value {
    let shape = vm.kind_shape(kind);
    let it = vm.ctx.alloc(shape, 5);
    ITER_OVER.init(it, over);
    it
}

/// An iterator over a dict: of `KEYS`, `VALUES` or `ITEMS`, perhaps `BACKWARDS`.
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
pub fn dict_iterator_shape(vm: &Vm, what: i64) -> hoop_gc::ShapeId {
    let t = &vm.types;
    let classes = [t.dict_keyiterator, t.dict_valueiterator, t.dict_itemiterator];
    class_data(classes[(what & 3) as usize]).root_shape
}

/// An iterator over the first `len` items of a sequence, the last one first.
pub fn new_reversed(vm: &mut Vm, sequence: Value, len: usize) -> Value {
    let it = new_iterator(vm, Kind::Reversed, sequence);
    ITER_INDEX.write(it, len as i64);
    it
}

pub(super) fn over(it: Value) -> Option<Value> {
    ITER_OVER.read(it).filter(|&v| v != Value::UNBOUND)
}

/// Lets go of what the iterator went over.
pub(super) fn exhaust<T>(it: Value) -> Option<T> {
    ITER_OVER.init(it, Value::UNBOUND);
    None
}

fn advance(it: Value) -> usize {
    let i = ITER_INDEX.read(it);
    ITER_INDEX.write(it, i + 1);
    i as usize
}

impl Vm {
    /// Does the class of the value offer `__iter__` or the old sequence protocol?
    pub fn is_iterable(&self, v: Value) -> bool {
        match self.special(v, self.names.iter) {
            Some(f) => f != Value::NONE,
            None => is_iterator(self.kind(v)) || self.is_sequence_like(v),
        }
    }

    fn is_sequence_like(&self, v: Value) -> bool {
        self.special(v, self.names.getitem).is_some_and(|f| f != Value::NONE)
    }

    /// `iter(v)`.
    pub fn iter(&mut self, v: Value) -> PyResult {
        match self.kind(v) {
            kind if kind.is_list() => Ok(new_iterator(self, Kind::ListIter, v)),
            Kind::Tuple => Ok(new_iterator(self, Kind::TupleIter, v)),
            Kind::Str => Ok(new_iterator(self, Kind::StrIter, v)),
            Kind::Range => Ok(self.range_iter(v)),
            Kind::Bytes | Kind::ByteArray => Ok(new_iterator(self, Kind::SeqIter, v)),
            kind if kind.is_dict() => Ok(new_dict_iterator(self, v, KEYS)),
            kind if kind.is_set() => {
                let it = new_iterator(self, Kind::SetIter, v);
                ITER_EXPECT.write(it, dict_len(v) as i64);
                Ok(it)
            }
            Kind::DictView => {
                let d = VIEW_DICT.read(v).unwrap_or(Value::NONE);
                Ok(new_dict_iterator(self, d, VIEW_KIND.read(v)))
            }
            Kind::Generator => Ok(v),
            kind if is_iterator(kind) => Ok(v),
            _ => self.iter_by_method(v),
        }
    }

    fn range_iter(&mut self, r: Value) -> Value {
        let small = |f: &hoop_engine::Field<hoop_engine::V>| f.read(r).and_then(Value::as_int);
        // Both ends must be small for all items to be.
        match (small(&RANGE_START), small(&RANGE_STOP), small(&RANGE_STEP), small(&RANGE_LEN)) {
            (Some(start), Some(_), Some(step), Some(len)) => self.new_range_iterator(start, step, len),
            _ => new_iterator(self, Kind::SeqIter, r),
        }
    }

    /// An iterator over `len` ints from `start` on in steps; all of them are small ints.
    pub fn new_range_iterator(&mut self, start: i64, step: i64, len: i64) -> Value {
        let it = new_iterator(self, Kind::RangeIter, Value::UNBOUND);
        ITER_INDEX.write(it, start);
        RANGE_ITER_LEFT.write(it, len);
        RANGE_ITER_STEP.write(it, step);
        it
    }

    fn iter_by_method(&mut self, v: Value) -> PyResult {
        match self.special(v, self.names.iter) {
            Some(f) if f != Value::NONE => {
                let it = self.call_special(f, v, &[])?;
                if self.is_iterator(it) {
                    return Ok(it);
                }
                let text = format!("iter() returned non-iterator of type '{}'", self.class_name(it));
                Err(self.type_error(text))
            }
            None if self.is_sequence_like(v) => Ok(new_iterator(self, Kind::SeqIter, v)),
            _ => {
                let text = format!("'{}' object is not iterable", self.class_name(v));
                Err(self.type_error(text))
            }
        }
    }

    /// Has the value a `__next__`?
    pub fn is_iterator(&self, v: Value) -> bool {
        let kind = self.kind(v);
        is_iterator(kind) || kind == Kind::Generator || self.special(v, self.names.next).is_some()
    }

    /// The next item of an iterator; nothing at its end, which a StopIteration is as well.
    pub fn iter_next(&mut self, it: Value) -> PyResult<Option<Value>> {
        match self.iter_step(it) {
            Err(raise) => match self.catch(self.types.stop_iteration) {
                Some(_) => Ok(None),
                None => Err(raise),
            },
            next => next,
        }
    }

    /// As [`Vm::iter_next`], but a StopIteration that Python code has raised comes through.
    pub fn iter_step(&mut self, it: Value) -> PyResult<Option<Value>> {
        self.check_memory()?;
        match self.kind(it) {
            Kind::ListIter => Ok(self.list_iter_next(it)),
            Kind::TupleIter => Ok(tuple_iter_next(it)),
            Kind::RangeIter => Ok(range_iter_next(it)),
            Kind::StrIter => Ok(self.str_iter_next(it)),
            Kind::DictIter => self.dict_iter_next(it),
            Kind::SetIter => self.set_iter_next(it),
            Kind::Generator => self.generator_resume(it, Value::NONE),
            Kind::Enumerate => self.enumerate_next(it),
            Kind::Zip => self.zip_next(it),
            Kind::Map => self.map_next(it),
            Kind::Filter => self.filter_next(it),
            Kind::Reversed => self.reversed_next(it),
            Kind::SeqIter => self.seq_iter_next(it),
            Kind::CallIter => self.call_iter_next(it),
            Kind::Count => self.count_next(it).map(Some),
            Kind::ISlice => self.islice_next(it),
            _ => self.next_by_method(it),
        }
    }

    fn next_by_method(&mut self, it: Value) -> PyResult<Option<Value>> {
        let Some(f) = self.special(it, self.names.next).filter(|&f| f != Value::NONE) else {
            // An `__iter__` that is a Python function has given it.
            let text = format!("iter() returned non-iterator of type '{}'", self.class_name(it));
            return Err(self.type_error(text));
        };
        self.call_special(f, it, &[]).map(Some)
    }

    fn list_iter_next(&mut self, it: Value) -> Option<Value> {
        let l = over(it)?;
        let i = ITER_INDEX.read(it) as usize;
        if i >= list_len(l) {
            return exhaust(it);
        }
        advance(it);
        Some(self.list_item(l, i))
    }

    /// The next character of a str's iterator.
    #[inline]
    pub fn str_iter_next(&mut self, it: Value) -> Option<Value> {
        let s = over(it)?;
        match self.str_next(s, ITER_INDEX.read(it) as usize) {
            Some((c, next)) => {
                ITER_INDEX.write(it, next as i64);
                Some(c)
            }
            None => exhaust(it),
        }
    }

    fn dict_iter_next(&mut self, it: Value) -> PyResult<Option<Value>> {
        let Some(d) = over(it) else { return Ok(None) };
        if dict_len(d) as i64 != ITER_EXPECT.read(it) {
            // Stays so: no later length can match.
            ITER_EXPECT.write(it, -1);
            return Err(self.runtime_error("dictionary changed size during iteration"));
        }
        let what = ITER_KIND.read(it);
        let at = ITER_INDEX.read(it) as usize;
        let found = if what & BACKWARDS == 0 {
            self.dict_next(d, at).map(|(i, e)| (i + 1, e))
        } else {
            (0..at.min(dict_used(d))).rev().find_map(|i| self.dict_entry(d, i).map(|e| (i, e)))
        };
        let Some((next, e)) = found else { return Ok(exhaust(it)) };
        let left = ITER_SECOND.read(it).and_then(Value::as_int).unwrap_or(0);
        if left == 0 {
            ITER_EXPECT.write(it, -1);
            return Err(self.runtime_error("dictionary keys changed during iteration"));
        }
        ITER_SECOND.init(it, Value::int(left - 1));
        ITER_INDEX.write(it, next as i64);
        match what & 3 {
            KEYS => Ok(Some(e.key)),
            VALUES => Ok(Some(e.value)),
            _ => self.new_tuple(&[e.key, e.value]).map(Some),
        }
    }

    fn set_iter_next(&mut self, it: Value) -> PyResult<Option<Value>> {
        let Some(s) = over(it) else { return Ok(None) };
        if dict_len(s) as i64 != ITER_EXPECT.read(it) {
            ITER_EXPECT.write(it, -1);
            return Err(self.runtime_error("Set changed size during iteration"));
        }
        match self.dict_next(s, ITER_INDEX.read(it) as usize) {
            Some((i, e)) => {
                ITER_INDEX.write(it, i as i64 + 1);
                Ok(Some(e.key))
            }
            None => Ok(exhaust(it)),
        }
    }

    fn seq_iter_next(&mut self, it: Value) -> PyResult<Option<Value>> {
        let Some(s) = over(it) else { return Ok(None) };
        let i = ITER_INDEX.read(it);
        let byte = match self.kind(s) {
            Kind::Bytes => bytes_data(s).get(i as usize).copied(),
            Kind::ByteArray => bytearray_data(s).get(i as usize).copied(),
            _ => return self.seq_item_next(it, s, i),
        };
        match byte {
            Some(b) => {
                advance(it);
                Ok(Some(Value::int(b as i64)))
            }
            None => Ok(exhaust(it)),
        }
    }

    fn seq_item_next(&mut self, it: Value, s: Value, i: i64) -> PyResult<Option<Value>> {
        match self.get_item(s, Value::int(i)) {
            Ok(v) => {
                advance(it);
                Ok(Some(v))
            }
            Err(raise) if self.catch_end_of_sequence() => {
                let _ = raise;
                Ok(exhaust(it))
            }
            Err(raise) => Err(raise),
        }
    }

    /// Takes a pending IndexError or StopIteration.
    fn catch_end_of_sequence(&mut self) -> bool {
        self.catch(self.types.index_error).is_some() || self.catch(self.types.stop_iteration).is_some()
    }

    fn reversed_next(&mut self, it: Value) -> PyResult<Option<Value>> {
        let Some(s) = over(it) else { return Ok(None) };
        let i = ITER_INDEX.read(it) - 1;
        if i < 0 {
            return Ok(exhaust(it));
        }
        ITER_INDEX.write(it, i);
        if self.kind(s).is_list() {
            return Ok(if (i as usize) < list_len(s) {
                Some(self.list_item(s, i as usize))
            } else {
                exhaust(it)
            });
        }
        match self.get_item(s, Value::int(i)) {
            Ok(v) => Ok(Some(v)),
            Err(_) if self.catch_end_of_sequence() => Ok(exhaust(it)),
            Err(raise) => Err(raise),
        }
    }

    fn call_iter_next(&mut self, it: Value) -> PyResult<Option<Value>> {
        let Some(f) = over(it) else { return Ok(None) };
        let v = match self.call(f, &[]) {
            Ok(v) => v,
            Err(raise) => {
                return match self.catch(self.types.stop_iteration) {
                    Some(_) => Ok(exhaust(it)),
                    None => Err(raise),
                };
            }
        };
        let sentinel = ITER_SECOND.read(it).unwrap_or(Value::NONE);
        Ok(if self.eq(sentinel, v)? { exhaust(it) } else { Some(v) })
    }

    fn enumerate_next(&mut self, it: Value) -> PyResult<Option<Value>> {
        let Some(inner) = over(it) else { return Ok(None) };
        let Some(v) = self.iter_step(inner)? else { return Ok(None) };
        let count = self.enumerate_count(it)?;
        self.new_tuple(&[count, v]).map(Some)
    }

    /// The count of an `enumerate`, which goes up.
    pub fn enumerate_count(&mut self, it: Value) -> PyResult {
        if ITER_KIND.read(it) != 1 {
            return Ok(Value::int((advance(it) as i64).min(INT_MAX)));
        }
        let count = ITER_SECOND.read(it).unwrap_or(Value::int(0));
        let next = self.binary(BinOp::Add, count, Value::int(1))?;
        self.ctx.write(it, &ITER_SECOND, next);
        Ok(count)
    }

    fn filter_next(&mut self, it: Value) -> PyResult<Option<Value>> {
        let Some(inner) = over(it) else { return Ok(None) };
        let f = ITER_SECOND.read(it).unwrap_or(Value::NONE);
        let by_truth = f == Value::NONE || f == self.types.bool_;
        while let Some(v) = self.iter_step(inner)? {
            let verdict = if by_truth { v } else { self.call(f, &[v])? };
            if self.truth(verdict)? {
                return Ok(Some(v));
            }
        }
        Ok(None)
    }

    fn map_next(&mut self, it: Value) -> PyResult<Option<Value>> {
        let (Some(inner), Some(f)) = (over(it), ITER_SECOND.read(it)) else { return Ok(None) };
        if let [only] = tuple_items(inner) {
            return match self.iter_step(*only)? {
                Some(v) => self.call(f, &[v]).map(Some),
                None => Ok(None),
            };
        }
        match self.next_of_each(inner, ITER_KIND.read(it) == 1, "map")? {
            Some(args) => self.call(f, args.as_slice()).map(Some),
            None => Ok(None),
        }
    }

    fn zip_next(&mut self, it: Value) -> PyResult<Option<Value>> {
        let Some(inner) = over(it) else { return Ok(None) };
        let strict = ITER_KIND.read(it) == 1;
        if let ([a, b], false) = (tuple_items(inner), strict) {
            let Some(x) = self.iter_step(*a)? else { return Ok(None) };
            let Some(y) = self.iter_step(*b)? else { return Ok(None) };
            return self.new_tuple(&[x, y]).map(Some);
        }
        match self.next_of_each(inner, strict, "zip")? {
            Some(items) => self.new_tuple(items.as_slice()).map(Some),
            None => Ok(None),
        }
    }

    /// The next item of each iterator of a tuple; nothing when one has ended.
    fn next_of_each(&mut self, inner: Value, strict: bool, name: &str) -> PyResult<Option<ValueVec>> {
        let n = tuple_len(inner);
        if n == 0 {
            return Ok(None);
        }
        let mut items = ValueVec::with_capacity(self, n)?;
        for i in 0..n {
            let it = tuple_items(inner)[i];
            let next = if strict { self.iter_next(it)? } else { self.iter_step(it)? };
            match next {
                Some(v) => items.push(self, v)?,
                None if strict => return self.check_ends(inner, i, name).map(|()| None),
                None => return Ok(None),
            }
        }
        Ok(Some(items))
    }

    /// ValueError unless all iterators end together; number `ended` was the first to end.
    fn check_ends(&mut self, inner: Value, ended: usize, name: &str) -> PyResult<()> {
        let plural = |n: usize| if n == 1 { " 1".to_string() } else { format!("s 1-{n}") };
        if ended > 0 {
            let text = format!("{name}() argument {} is shorter than argument{}", ended + 1, plural(ended));
            return Err(self.value_error(text));
        }
        for i in 1..tuple_len(inner) {
            if self.iter_next(tuple_items(inner)[i])?.is_some() {
                let text = format!("{name}() argument {} is longer than argument{}", i + 1, plural(i));
                return Err(self.value_error(text));
            }
        }
        Ok(())
    }

    /// How many items an iterator or iterable will give, as far as it knows. Errors other than TypeErrors of its
    /// methods come through.
    pub fn length_hint(&mut self, v: Value) -> PyResult<Option<usize>> {
        let kind = self.kind(v);
        if is_iterator(kind) {
            return Ok(iterator_hint(self, v));
        }
        if self.special(v, self.names.len).is_some() {
            match self.len(v) {
                Ok(n) => return Ok(Some(n)),
                Err(raise) if self.catch(self.types.type_error).is_none() => return Err(raise),
                Err(_) => {}
            }
        }
        let Some(f) = self.special(v, self.names.length_hint) else { return Ok(None) };
        let r = match self.call_special(f, v, &[]) {
            Ok(Value::NOT_IMPLEMENTED) => return Ok(None),
            Ok(r) => r,
            Err(raise) if self.catch(self.types.type_error).is_none() => return Err(raise),
            Err(_) => return Ok(None),
        };
        let Some(n) = super::int::operand(self, r) else {
            let text = format!("__length_hint__ must be an integer, not {}", self.class_name(r));
            return Err(self.type_error(text));
        };
        match super::bigint::to_i64(n) {
            None => Err(self.overflow_error("Python int too large to convert to C ssize_t")),
            Some(n) if n < 0 => Err(self.value_error("__length_hint__() should return >= 0")),
            Some(n) => Ok(Some(n as usize)),
        }
    }

    /// Asks an object of the program how many items it will give, before they are collected. MemoryError: too many.
    pub fn ask_length(&mut self, v: Value) -> PyResult<()> {
        if self.kind(v).is_instance()
            && let Some(n) = self.length_hint(v)?
            && n > crate::objects::list::MAX_LEN
        {
            return Err(self.memory_error());
        }
        Ok(())
    }
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
        Kind::StrIter => Some(crate::objects::text::count_points(&crate::objects::text::str_bytes(o)[at..])),
        Kind::Reversed => Some(at),
        Kind::DictIter => ITER_SECOND.read(it).and_then(Value::as_int).map(|n| n as usize),
        Kind::SetIter => Some((at..dict_used(o)).filter(|&i| vm.dict_entry(o, i).is_some()).count()),
        Kind::SeqIter => match vm.kind(o) {
            Kind::Bytes | Kind::ByteArray => vm.len(o).ok().map(|n| n.saturating_sub(at)),
            _ => None,
        },
        _ => None,
    }
}
