//! Dicts and sets: insertion ordered and compact, with strategies.
//!
//! Entries lie in a value array, three words each (hash, key, value; two in sets): the hash is a tagged integer, a
//! deleted entry has no key. With more than [`LINEAR`] entries an index table of `u32`s (0 empty, [`DELETED`], else
//! entry + 1) is probed linearly. The kind says what the keys are: all exact `str`, all small `int`, or anything; with
//! the first two a look-up never runs Python code. A `Namespace` (module globals) has string keys and keeps each value
//! in a cell, so that code can hold on to the cell; its version changes when keys come or go.

use super::kind::Kind;
use super::layout::*;
use super::text::{str_bytes, str_text};
use super::tuple::tuple_items;
use crate::errors::{PyResult, Raise};
use crate::types::bigint;
use crate::vm::Vm;
use hoop_engine::shape_of;
use hoop_gc::{ShapeId, Value};

/// Up to so many entries there is no index table.
pub const LINEAR: usize = 8;
const DELETED: u32 = u32::MAX;
/// Tables with room for fewer entries double when they grow; others get half as much again.
const DOUBLED: usize = 1 << 12;

/// What is found at an entry.
#[derive(Copy, Clone)]
pub struct Entry {
    pub key: Value,
    pub value: Value,
}

#[inline(always)]
fn hash_word(hash: i64) -> Value {
    Value::from_bits((hash as u64) << 1 | 1).unwrap_or(Value::TRUE)
}

/// Words per entry of a kind.
#[inline(always)]
fn width(kind: Kind) -> usize {
    if kind.is_set() { 2 } else { 3 }
}

#[inline(always)]
pub fn dict_len(d: Value) -> usize {
    DICT_LEN.read(d) as usize
}

/// Number of entries in use, deleted ones included: the bound for iteration by [`Vm::dict_entry`].
#[inline(always)]
pub fn dict_used(d: Value) -> usize {
    DICT_USED.read(d) as usize
}

#[inline(always)]
fn entries<'a>(d: Value, width: usize) -> &'a mut [Option<Value>] {
    match DICT_ENTRIES.read(d) {
        Some(a) => ARRAY_VALUES.slice_mut(a, dict_used(d) * width),
        None => &mut [],
    }
}

fn index_table<'a>(d: Value) -> Option<&'a mut [u32]> {
    let buffer = DICT_INDEX.read(d)?;
    let bytes = ARRAY_BYTES.bytes_mut(buffer, ARRAY_LEN.read(buffer) as usize);
    Some(as_u32(bytes))
}

fn as_u32(bytes: &mut [u8]) -> &mut [u32] {
    // SAFETY: buffers are 8-byte aligned and any bit pattern is a `u32`.
    let (_, words, _) = unsafe { bytes.align_to_mut::<u32>() };
    words
}

/// Where a key's entry is, as far as that can be said.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Found {
    At(usize),
    Nowhere,
    Unknown,
}

/// What a search without Python code says.
enum Quick {
    At(usize),
    Missing,
    /// An entry has the key's hash, and only its `__eq__` can tell.
    Ask,
}

/// The entries of a table that have a hash, one by one. They may become more or fewer meanwhile, in the same arrays.
struct Probe {
    hash: i64,
    /// The next slot of the index table, or the next entry where there is none.
    at: usize,
}

impl Probe {
    fn new(d: Value, hash: i64) -> Probe {
        Probe { hash, at: if index_table(d).is_some() { spread(hash) } else { 0 } }
    }

    /// The number of the next entry.
    fn next(&mut self, d: Value, w: usize) -> Option<usize> {
        let word = Some(hash_word(self.hash));
        let e = entries(d, w);
        let Some(table) = index_table(d) else {
            let i = (self.at..dict_used(d)).find(|i| e[i * w] == word)?;
            self.at = i + 1;
            return Some(i);
        };
        let mask = table.len() - 1;
        loop {
            let n = table[self.at & mask];
            if n == 0 {
                return None;
            }
            self.at += 1;
            let i = n as usize - 1;
            if n != DELETED && e.get(i * w) == Some(&word) {
                return Some(i);
            }
        }
    }
}

/// Searches for a key among entries of `w` words.
#[inline]
fn find_quick(
    table: Option<&mut [u32]>,
    (entries, w): (&[Option<Value>], usize),
    (key, hash): (Value, i64),
    exact: Exact,
) -> Quick {
    let word = Some(hash_word(hash));
    let Some(table) = table else {
        for (i, entry) in entries.chunks_exact(w).enumerate() {
            if entry[0] == word
                && let Some(other) = entry[1]
            {
                match quick_match(key, other, exact) {
                    Match::Yes => return Quick::At(i),
                    Match::No => {}
                    Match::Ask => return Quick::Ask,
                }
            }
        }
        return Quick::Missing;
    };
    let mask = table.len() - 1;
    let mut at = spread(hash) & mask;
    loop {
        let n = table[at] as usize;
        if n == 0 {
            return Quick::Missing;
        }
        if n != DELETED as usize
            && let Some([hash, Some(other)]) = entries.get((n - 1) * w..(n - 1) * w + 2)
            && *hash == word
        {
            match quick_match(key, *other, exact) {
                Match::Yes => return Quick::At(n - 1),
                Match::No => {}
                Match::Ask => return Quick::Ask,
            }
        }
        at = (at + 1) & mask;
    }
}

/// Compares two keys of the same hash, if that needs no Python code.
#[inline(always)]
fn quick_match(a: Value, b: Value, exact: Exact) -> Match {
    match simple_match(a, b, exact) {
        Match::Ask if exact.are_tuples(a, b) => tuples_match(a, b, exact, MAX_NESTED),
        answer => answer,
    }
}

/// As [`quick_match`] for all but tuples.
#[inline(always)]
fn simple_match(a: Value, b: Value, exact: Exact) -> Match {
    if a == b {
        return Match::Yes;
    }
    if a.is_int() && b.is_int() {
        return Match::No;
    }
    if a.is_ptr() && b.is_ptr() && shape_of(a) == exact.str && shape_of(b) == exact.str {
        return if str_bytes(a) == str_bytes(b) { Match::Yes } else { Match::No };
    }
    let (big_a, big_b) = (shape_of(a) == exact.big_int, shape_of(b) == exact.big_int);
    if big_a && big_b {
        return if bigint::order(a, b).is_eq() { Match::Yes } else { Match::No };
    }
    // An int of more than one word is never small.
    if big_a && b.is_int() || big_b && a.is_int() { Match::No } else { Match::Ask }
}

/// Compares two tuples item by item; tuples in them to a depth.
#[inline(never)]
fn tuples_match(a: Value, b: Value, exact: Exact, depth: u32) -> Match {
    let (left, right) = (tuple_items(a), tuple_items(b));
    if left.len() != right.len() {
        return Match::No;
    }
    for (&x, &y) in left.iter().zip(right) {
        let item = match simple_match(x, y, exact) {
            Match::Ask if depth > 0 && exact.are_tuples(x, y) => tuples_match(x, y, exact, depth - 1),
            answer => answer,
        };
        if !matches!(item, Match::Yes) {
            return item;
        }
    }
    Match::Yes
}

/// Tuples nested more deeply are compared by their `__eq__`.
const MAX_NESTED: u32 = 4;

/// The shapes of the objects whose comparison needs no look-up.
#[derive(Copy, Clone)]
struct Exact {
    str: ShapeId,
    tuple: ShapeId,
    big_int: ShapeId,
}

impl Exact {
    #[inline(always)]
    fn are_tuples(self, a: Value, b: Value) -> bool {
        shape_of(a) == self.tuple && shape_of(b) == self.tuple
    }
}

enum Match {
    Yes,
    No,
    /// Python code must decide.
    Ask,
}

impl Vm {
    pub fn new_dict(&mut self) -> Value {
        self.new_table(Kind::DictEmpty)
    }

    /// An empty dict with room for so many entries.
    pub fn new_dict_for(&mut self, entries: usize) -> PyResult {
        let d = self.new_dict();
        self.dict_reserve(d, entries)?;
        Ok(d)
    }

    /// Makes room for so many entries in an empty dict or set.
    pub fn dict_reserve(&mut self, d: Value, entries: usize) -> PyResult<()> {
        if entries == 0 { Ok(()) } else { self.rebuild(d, width(self.kind(d)), entries) }
    }

    /// A dict for module globals.
    pub fn new_namespace(&mut self) -> Value {
        let d = self.new_table(Kind::Namespace);
        DICT_VERSION.write(d, 1);
        d
    }

    pub fn new_set(&mut self) -> Value {
        self.new_table(Kind::Set)
    }

    pub fn new_frozenset(&mut self) -> Value {
        self.new_table(Kind::FrozenSet)
    }

    fn new_table(&mut self, kind: Kind) -> Value {
        let shape = self.kind_shape(kind);
        self.ctx.alloc(shape, if kind == Kind::FrozenSet { FROZENSET_SIZE } else { DICT_SIZE })
    }

    /// The entry's key and value; nothing if it was deleted. Sets give the key twice.
    #[inline]
    pub fn dict_entry(&self, d: Value, i: usize) -> Option<Entry> {
        let kind = self.kind(d);
        let w = width(kind);
        let e = entries(d, w);
        let key = e[i * w + 1]?;
        let value = if w == 2 { key } else { e[i * w + 2]? };
        if kind == Kind::Namespace {
            let value = CELL_VALUE.read(value).filter(|&v| v != Value::UNBOUND)?;
            return Some(Entry { key, value });
        }
        Some(Entry { key, value })
    }

    /// The first live entry at or after `i`, with its number.
    pub fn dict_next(&self, d: Value, mut i: usize) -> Option<(usize, Entry)> {
        if i == 0 {
            i = first_live(d, width(self.kind(d)));
        }
        while i < dict_used(d) {
            if let Some(e) = self.dict_entry(d, i) {
                return Some((i, e));
            }
            i += 1;
        }
        None
    }

    /// The value for a key, if there is one. May run Python code (`__hash__`, `__eq__`).
    pub fn dict_get(&mut self, d: Value, key: Value) -> PyResult<Option<Value>> {
        if dict_len(d) == 0 {
            // Unhashable keys are an error all the same.
            self.key_hash(d, key)?;
            return Ok(None);
        }
        let hash = self.key_hash(d, key)?;
        let found = self.find(d, key, hash)?;
        Ok(found.and_then(|i| self.dict_entry(d, i)).map(|e| e.value))
    }

    /// The value for an interned or other exact str key; never runs Python code on dicts with str keys.
    pub fn dict_get_str(&mut self, d: Value, key: Value) -> Option<Value> {
        let hash = self.str_hash(key);
        let found = self.find(d, key, hash);
        match found {
            Ok(i) => i.and_then(|i| self.dict_entry(d, i)).map(|e| e.value),
            Err(_) => {
                self.ctx.thread.pending = None;
                None
            }
        }
    }

    /// The hash of a key of a dict or an item of a set. TypeError tells which of them it cannot be.
    #[inline]
    pub fn key_hash(&mut self, d: Value, key: Value) -> PyResult<i64> {
        match self.hash(key) {
            Ok(hash) => Ok(hash),
            Err(raise) => Err(self.unhashable_in(d, key, raise)),
        }
    }

    #[cold]
    fn unhashable_in(&mut self, d: Value, key: Value, raise: Raise) -> Raise {
        let Some(cause) = self.ctx.thread.pending.filter(|&e| self.class_of(e) == self.types.type_error)
        else {
            return raise;
        };
        self.ctx.thread.pending = None;
        let Ok(why) = self.to_str(cause) else { return Raise };
        let what = if self.kind(d).is_set() { "a set element" } else { "a dict key" };
        let text = format!("cannot use '{}' as {what} ({})", self.class_name(key), str_text(why));
        self.type_error(text)
    }

    /// Is the key in the dict or set?
    pub fn dict_contains(&mut self, d: Value, key: Value) -> PyResult<bool> {
        let hash = self.key_hash(d, key)?;
        Ok(self.find(d, key, hash)?.is_some_and(|i| self.dict_entry(d, i).is_some()))
    }

    #[inline(always)]
    fn exact_shapes(&self) -> Exact {
        Exact {
            str: self.kind_shape(Kind::Str),
            tuple: self.kind_shape(Kind::Tuple),
            big_int: self.kind_shape(Kind::BigInt),
        }
    }

    /// The number of the key's entry.
    #[inline]
    pub fn find(&mut self, d: Value, key: Value, hash: i64) -> PyResult<Option<usize>> {
        let w = width(self.kind(d));
        match find_quick(index_table(d), (entries(d, w), w), (key, hash), self.exact_shapes()) {
            Quick::At(i) => Ok(Some(i)),
            Quick::Missing => Ok(None),
            Quick::Ask => self.find_asking(d, w, (key, hash), false),
        }
    }

    /// As [`Vm::find`] for a key whose hash and equality are built in. Runs no Python code.
    #[inline]
    pub(super) fn find_hashed_quietly(&mut self, d: Value, key: Value, hash: i64) -> Found {
        let w = width(self.kind(d));
        match find_quick(index_table(d), (entries(d, w), w), (key, hash), self.exact_shapes()) {
            Quick::At(i) => Found::At(i),
            Quick::Missing => Found::Nowhere,
            Quick::Ask => self.find_equal_quietly(d, w, key, hash),
        }
    }

    /// The same for keys that must be compared item by item.
    fn find_equal_quietly(&mut self, d: Value, w: usize, key: Value, hash: i64) -> Found {
        let mut probe = Probe::new(d, hash);
        while let Some(i) = probe.next(d, w) {
            let Some(other) = entries(d, w)[i * w + 1] else { continue };
            match self.equal_quietly(key, other) {
                Some(true) => return Found::At(i),
                Some(false) => {}
                None => return Found::Unknown,
            }
        }
        Found::Nowhere
    }

    /// As [`Vm::find`], with `__eq__`, which may change the table: then the search begins again. It has changed when
    /// its arrays are others or the entry that was asked about has another key. `adds`: what has been equal is enough,
    /// and nobody relies on the entry (CPython looks so for a key that a set shall get).
    #[inline(never)]
    fn find_asking(
        &mut self,
        d: Value,
        w: usize,
        (key, hash): (Value, i64),
        adds: bool,
    ) -> PyResult<Option<usize>> {
        'again: loop {
            let arrays = (DICT_ENTRIES.read(d), DICT_INDEX.read(d));
            let mut probe = Probe::new(d, hash);
            while let Some(i) = probe.next(d, w) {
                let Some(other) = entries(d, w)[i * w + 1] else { continue };
                match quick_match(key, other, self.exact_shapes()) {
                    Match::Yes => return Ok(Some(i)),
                    Match::No => continue,
                    Match::Ask => {}
                }
                let equal = self.eq(other, key)?;
                if equal && adds {
                    return Ok(Some(i));
                }
                if (DICT_ENTRIES.read(d), DICT_INDEX.read(d)) != arrays
                    || entries(d, w).get(i * w + 1) != Some(&Some(other))
                {
                    continue 'again;
                }
                if equal {
                    return Ok(Some(i));
                }
            }
            return Ok(None);
        }
    }

    /// Sets a key's value. On a set, adds the key (give any value).
    pub fn dict_set(&mut self, d: Value, key: Value, value: Value) -> PyResult<()> {
        let hash = self.key_hash(d, key)?;
        self.dict_set_hashed(d, key, hash, value)
    }

    /// As [`Vm::dict_set`] with the key's hash known.
    pub fn dict_set_hashed(&mut self, d: Value, key: Value, hash: i64, value: Value) -> PyResult<()> {
        let w = width(self.kind(d));
        let found = match find_quick(index_table(d), (entries(d, w), w), (key, hash), self.exact_shapes()) {
            Quick::At(i) => Some(i),
            Quick::Missing => None,
            Quick::Ask => self.find_asking(d, w, (key, hash), w == 2)?,
        };
        match found {
            Some(i) => {
                self.replace(d, i, value);
                Ok(())
            }
            None => self.dict_add_new(d, key, hash, value),
        }
    }

    /// As [`Vm::dict_set_hashed`] for a key that is known not to be there.
    pub fn dict_add_new(&mut self, d: Value, key: Value, hash: i64, value: Value) -> PyResult<()> {
        self.adapt_keys(d, key)?;
        self.append(d, key, hash, value)
    }

    fn replace(&mut self, d: Value, i: usize, value: Value) {
        let kind = self.kind(d);
        let w = width(kind);
        if kind.is_set() {
            return;
        }
        if kind == Kind::Namespace {
            if let Some(cell) = entries(d, w)[i * w + 2] {
                let was_unbound = CELL_VALUE.read(cell).is_none_or(|v| v == Value::UNBOUND);
                DICT_LEN.write(d, DICT_LEN.read(d) + was_unbound as i64);
                self.write_cell(cell, value);
            }
            return;
        }
        entries(d, w)[i * w + 2] = Some(value);
        self.barrier(DICT_ENTRIES.read(d));
    }

    /// Sets a namespace cell: whoever relied on its value must not any more.
    pub fn write_cell(&mut self, cell: Value, value: Value) {
        let writes = CELL_WRITES.read(cell);
        if writes < 2 {
            CELL_WRITES.write(cell, writes + 1);
            self.ctx.assumptions.invalidate(cell);
        }
        self.ctx.write(cell, &CELL_VALUE, value);
    }

    #[inline]
    fn barrier(&mut self, object: Option<Value>) {
        if let Some(o) = object {
            self.ctx.heap.write_barrier(o.ptr());
        }
    }

    /// Changes the strategy for a new key, if need be.
    fn adapt_keys(&mut self, d: Value, key: Value) -> PyResult<()> {
        let key_kind = self.kind(key);
        let want = match (self.kind(d), key_kind) {
            (Kind::DictEmpty, Kind::Str) => Kind::DictStr,
            (Kind::DictEmpty, Kind::Int) => Kind::DictInt,
            (Kind::DictEmpty, _) => Kind::DictAny,
            (Kind::DictStr, Kind::Str) | (Kind::DictInt, Kind::Int) => return Ok(()),
            (Kind::DictStr | Kind::DictInt, _) => Kind::DictAny,
            _ => return Ok(()),
        };
        self.set_shape(d, self.kind_shape(want));
        Ok(())
    }

    /// Changes an object's shape.
    #[inline]
    pub fn set_shape(&mut self, v: Value, shape: ShapeId) {
        SHAPE.write(v, shape.0 as i64);
    }

    fn append(&mut self, d: Value, key: Value, hash: i64, value: Value) -> PyResult<()> {
        let kind = self.kind(d);
        let w = width(kind);
        let value = if kind == Kind::Namespace { self.new_cell(Some(value)) } else { value };
        self.reserve(d, w)?;
        let used = dict_used(d);
        DICT_USED.write(d, used as i64 + 1);
        let e = entries(d, w);
        e[used * w] = Some(hash_word(hash));
        e[used * w + 1] = Some(key);
        if w == 3 {
            e[used * w + 2] = Some(value);
        }
        self.barrier(DICT_ENTRIES.read(d));
        if let Some(table) = index_table(d) {
            insert_index(table, hash, used);
        }
        DICT_LEN.write(d, DICT_LEN.read(d) + 1);
        self.keys_changed(d, kind);
        Ok(())
    }

    fn keys_changed(&mut self, d: Value, kind: Kind) {
        DICT_VERSION.write(d, DICT_VERSION.read(d) + 1);
        if kind == Kind::Namespace {
            self.ctx.assumptions.invalidate(d);
        }
    }

    /// A new cell; written once already if it has a value.
    pub fn new_cell(&mut self, value: Option<Value>) -> Value {
        let shape = self.kind_shape(Kind::Cell);
        let cell = self.ctx.alloc(shape, 2);
        CELL_VALUE.init(cell, value.unwrap_or(Value::UNBOUND));
        CELL_WRITES.write(cell, value.is_some() as i64);
        cell
    }

    /// Room for one more entry.
    fn reserve(&mut self, d: Value, w: usize) -> PyResult<()> {
        let capacity = DICT_ENTRIES.read(d).map_or(0, |a| ARRAY_LEN.read(a) as usize / w);
        let (used, len) = (dict_used(d), dict_len(d));
        if used < capacity {
            return Ok(());
        }
        if len < used - used / 4 {
            return self.rebuild(d, w, capacity);
        }
        let more = if capacity < DOUBLED { capacity } else { capacity / 2 };
        self.rebuild(d, w, (capacity + more).max(4))
    }

    /// Copies the live entries into arrays of a new capacity.
    fn rebuild(&mut self, d: Value, w: usize, capacity: usize) -> PyResult<()> {
        let array = self.value_array(capacity * w, &[])?;
        let index = if capacity > LINEAR {
            Some(self.byte_buffer((capacity * 3 / 2).next_power_of_two() * 4)?)
        } else {
            None
        };
        let to = ARRAY_VALUES.slice_mut(array, capacity * w);
        let mut count = 0;
        for e in entries(d, w).chunks(w) {
            if e[1].is_some() {
                to[count * w..(count + 1) * w].copy_from_slice(e);
                count += 1;
            }
        }
        self.barrier(Some(array));
        self.ctx.write(d, &DICT_ENTRIES, array);
        DICT_USED.write(d, count as i64);
        match index {
            Some(buffer) => {
                self.ctx.write(d, &DICT_INDEX, buffer);
                if let Some(table) = index_table(d) {
                    for (i, e) in entries(d, w).chunks(w).enumerate() {
                        insert_index(table, e[0].map_or(0, unhash), i);
                    }
                }
            }
            None => self.clear_field(d),
        }
        Ok(())
    }

    fn clear_field(&mut self, d: Value) {
        layout_clear(d, &DICT_INDEX);
    }

    /// Removes a key; gives its value, or nothing if it was not there.
    pub fn dict_remove(&mut self, d: Value, key: Value) -> PyResult<Option<Value>> {
        let hash = self.key_hash(d, key)?;
        self.dict_remove_hashed(d, key, hash)
    }

    /// As [`Vm::dict_remove`] with the key's hash known.
    pub fn dict_remove_hashed(&mut self, d: Value, key: Value, hash: i64) -> PyResult<Option<Value>> {
        let Some(i) = self.find(d, key, hash)? else { return Ok(None) };
        let entry = self.dict_entry(d, i);
        if entry.is_some() {
            self.remove_entry(d, i, hash);
        }
        Ok(entry.map(|e| e.value))
    }

    /// Removes entry number `i`, which is live and whose key has this hash.
    pub fn remove_entry(&mut self, d: Value, i: usize, hash: i64) {
        let kind = self.kind(d);
        let w = width(kind);
        if let Some(table) = index_table(d) {
            let mask = table.len() - 1;
            let mut at = spread(hash) & mask;
            while table[at] != i as u32 + 1 {
                at = (at + 1) & mask;
            }
            table[at] = DELETED;
        }
        let e = entries(d, w);
        if kind == Kind::Namespace
            && let Some(cell) = e[i * w + 2]
        {
            self.write_cell(cell, Value::UNBOUND);
        }
        e[i * w..(i + 1) * w].fill(None);
        note_dead(e, w, i);
        DICT_LEN.write(d, DICT_LEN.read(d) - 1);
        if DICT_LEN.read(d) == 0 {
            self.dict_clear(d);
        }
        self.keys_changed(d, kind);
    }

    /// Empties a dict or set.
    pub fn dict_clear(&mut self, d: Value) {
        let kind = self.kind(d);
        if kind == Kind::Namespace {
            let cells: Vec<Value> = entries(d, 3).chunks(3).filter_map(|e| e[2]).collect();
            cells.into_iter().for_each(|c| self.write_cell(c, Value::UNBOUND));
        }
        layout_clear(d, &DICT_ENTRIES);
        layout_clear(d, &DICT_INDEX);
        DICT_LEN.write(d, 0);
        DICT_USED.write(d, 0);
        if matches!(kind, Kind::DictStr | Kind::DictInt | Kind::DictAny) {
            self.set_shape(d, self.kind_shape(Kind::DictEmpty));
        }
        self.keys_changed(d, kind);
    }

    /// A new dict or set of the same kind with the same entries (a namespace gives a plain dict).
    pub fn dict_copy(&mut self, d: Value) -> PyResult {
        let kind = self.kind(d);
        if kind == Kind::Namespace {
            let copy = self.new_dict();
            let mut i = 0;
            while let Some((at, e)) = self.dict_next(d, i) {
                self.dict_set(copy, e.key, e.value)?;
                i = at + 1;
            }
            return Ok(copy);
        }
        let copy = self.new_table(kind);
        if dict_len(d) > 0 {
            let w = width(kind);
            DICT_ENTRIES.init(copy, DICT_ENTRIES.read(d).unwrap_or(Value::NONE));
            DICT_USED.write(copy, DICT_USED.read(d));
            DICT_LEN.write(copy, DICT_LEN.read(d));
            self.rebuild(copy, w, dict_len(d).max(4))?;
        }
        Ok(copy)
    }

    /// Turns a dict into a namespace in place, so that it can be the globals of code.
    pub fn make_namespace(&mut self, d: Value) -> PyResult<()> {
        if self.kind(d) == Kind::Namespace {
            return Ok(());
        }
        for i in 0..dict_used(d) {
            if let Some(Some(v)) = entries(d, 3).get(i * 3 + 2).copied() {
                let cell = self.new_cell(Some(v));
                entries(d, 3)[i * 3 + 2] = Some(cell);
                self.barrier(DICT_ENTRIES.read(d));
            }
        }
        self.set_shape(d, self.kind_shape(Kind::Namespace));
        Ok(())
    }

    /// The cell of a name in a namespace, bound or not.
    pub fn namespace_cell(&mut self, ns: Value, name: Value) -> Option<Value> {
        let hash = self.str_hash(name);
        let i = self.find(ns, name, hash).ok()??;
        entries(ns, 3)[i * 3 + 2]
    }

    /// The hash stored with an entry.
    pub fn entry_hash(&self, d: Value, i: usize) -> i64 {
        let w = width(self.kind(d));
        entries(d, w)[i * w].map_or(0, unhash)
    }
}

/// The number of dead entries at the front, or fewer. When the first entry is dead, it is written where its hash was
/// (see [`note_dead`]): otherwise it would take ever longer to find the first key of a dict that is emptied from the
/// front.
fn first_live(d: Value, w: usize) -> usize {
    match entries(d, w) {
        [hash, None, ..] => hash.and_then(Value::as_int).map_or(0, |n| n as usize),
        _ => 0,
    }
}

/// Entry `i` has died: those at the front that are known to be dead may have become more.
fn note_dead(e: &mut [Option<Value>], w: usize, i: usize) {
    if e[1].is_none() {
        let known = e[0].and_then(Value::as_int).unwrap_or(0) as usize;
        if known == i {
            let more = e[i * w..].chunks_exact(w).take_while(|entry| entry[1].is_none()).count();
            e[0] = Some(Value::int((i + more) as i64));
        }
    }
}

fn unhash(word: Value) -> i64 {
    word.int_unchecked()
}

fn layout_clear(d: Value, field: &hoop_engine::Field<hoop_engine::V>) {
    let as_int: hoop_engine::Field<hoop_engine::I> = hoop_engine::Field::new(
        field.descr.name,
        field.descr.offset,
        hoop_engine::MemTy::I64,
        field.descr.group,
    );
    as_int.write(d, 0);
}

/// Where probing starts: the hash's bits, stirred, for integers hash to themselves.
#[inline(always)]
fn spread(hash: i64) -> usize {
    // Entries keep 63 bits of the hash; use no more.
    let h = (hash << 1 >> 1) as u64;
    (h ^ h >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15) as usize >> 20
}

fn insert_index(table: &mut [u32], hash: i64, entry: usize) {
    let mask = table.len() - 1;
    let mut at = spread(hash) & mask;
    while !matches!(table[at], 0 | DELETED) {
        at = (at + 1) & mask;
    }
    table[at] = entry as u32 + 1;
}
