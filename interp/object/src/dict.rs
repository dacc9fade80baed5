//! Dicts and sets: insertion ordered and compact, with strategies.
//!
//! Entries lie in a value array, three words each (hash, key, value; two in sets): the hash is a tagged integer, a
//! deleted entry has no key. With more than [`LINEAR`] entries an index table of `u32`s (0 empty, [`DELETED`], else
//! entry + 1) is probed linearly. The kind says what the keys are: all exact `str`, all small `int`, or anything; with
//! the first two a look-up never runs Python code. A `Namespace` (module globals) has string keys and keeps each value
//! in a cell, so that code can hold on to the cell; its version changes when keys come or go.

use crate::errors::{PyResult, Raise};
use crate::key::{Exact, Match, quick_match};
use crate::kind::Kind;
use crate::layout::*;
use crate::text::{self, str_text};
use crate::tuple;
use crate::vm::Vm;
use crate::{hash, quiet};
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

/// Number of entries in use, deleted ones included: the bound for iteration by [`dict::entry`].
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

#[inline]
fn index_table<'a>(d: Value) -> Option<&'a mut [u32]> {
    let buffer = DICT_INDEX.read(d)?;
    let bytes = ARRAY_BYTES.bytes_mut(buffer, ARRAY_LEN.read(buffer) as usize);
    Some(as_u32(bytes))
}

#[inline]
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
    #[inline]
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

#[inline]
pub fn new_dict(vm: &mut Vm) -> Value {
    new_table(vm, Kind::DictEmpty)
}

/// An empty dict with room for so many entries.
#[inline]
pub fn new_dict_for(vm: &mut Vm, entries: usize) -> PyResult {
    let d = new_dict(vm);
    dict_reserve(vm, d, entries)?;
    Ok(d)
}

/// Makes room for so many entries in an empty dict or set.
#[inline]
pub fn dict_reserve(vm: &mut Vm, d: Value, entries: usize) -> PyResult<()> {
    if entries == 0 {
        Ok(())
    } else {
        let w = width(vm.kind(d));
        rebuild(vm, d, w, entries)
    }
}

/// A dict for module globals.
#[inline]
pub fn new_namespace(vm: &mut Vm) -> Value {
    let d = new_table(vm, Kind::Namespace);
    DICT_VERSION.write(d, 1);
    d
}

#[inline]
pub fn new_set(vm: &mut Vm) -> Value {
    new_table(vm, Kind::Set)
}

#[inline]
pub fn new_frozenset(vm: &mut Vm) -> Value {
    new_table(vm, Kind::FrozenSet)
}

#[inline]
fn new_table(vm: &mut Vm, kind: Kind) -> Value {
    let shape = vm.kind_shape(kind);
    vm.ctx.alloc(shape, if kind == Kind::FrozenSet { FROZENSET_SIZE } else { DICT_SIZE })
}

/// The entry's key and value; nothing if it was deleted. Sets give the key twice.
#[inline]
pub fn entry(vm: &Vm, d: Value, i: usize) -> Option<Entry> {
    let kind = vm.kind(d);
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
#[inline]
pub fn dict_next(vm: &Vm, d: Value, mut i: usize) -> Option<(usize, Entry)> {
    if i == 0 {
        i = first_live(d, width(vm.kind(d)));
    }
    while i < dict_used(d) {
        if let Some(e) = entry(vm, d, i) {
            return Some((i, e));
        }
        i += 1;
    }
    None
}

/// The value for a key, if there is one. May run Python code (`__hash__`, `__eq__`).
#[inline]
pub fn get(vm: &mut Vm, d: Value, key: Value) -> PyResult<Option<Value>> {
    if dict_len(d) == 0 {
        // Unhashable keys are an error all the same.
        key_hash(vm, d, key)?;
        return Ok(None);
    }
    let hash = key_hash(vm, d, key)?;
    let found = find(vm, d, key, hash)?;
    Ok(found.and_then(|i| entry(vm, d, i)).map(|e| e.value))
}

/// The value for an interned or other exact str key; never runs Python code on dicts with str keys.
#[inline]
pub fn get_str(vm: &mut Vm, d: Value, key: Value) -> Option<Value> {
    let hash = hash::str_hash(vm, key);
    let found = find(vm, d, key, hash);
    match found {
        Ok(i) => i.and_then(|i| entry(vm, d, i)).map(|e| e.value),
        Err(_) => {
            vm.ctx.thread.pending = None;
            None
        }
    }
}

/// The hash of a key of a dict or an item of a set. TypeError tells which of them it cannot be.
#[inline]
pub fn key_hash(vm: &mut Vm, d: Value, key: Value) -> PyResult<i64> {
    match (vm.hooks.hash)(vm, key) {
        Ok(hash) => Ok(hash),
        Err(raise) => Err(unhashable_in(vm, d, key, raise)),
    }
}

#[cold]
fn unhashable_in(vm: &mut Vm, d: Value, key: Value, raise: Raise) -> Raise {
    let Some(cause) = vm.ctx.thread.pending.filter(|&e| vm.class_of(e) == vm.types.type_error) else {
        return raise;
    };
    vm.ctx.thread.pending = None;
    let Ok(why) = (vm.hooks.to_str)(vm, cause) else { return Raise };
    let what = if vm.kind(d).is_set() { "a set element" } else { "a dict key" };
    let text = format!("cannot use '{}' as {what} ({})", vm.class_name(key), str_text(why));
    vm.type_error(text)
}

/// Is the key in the dict or set?
#[inline]
pub fn contains(vm: &mut Vm, d: Value, key: Value) -> PyResult<bool> {
    let hash = key_hash(vm, d, key)?;
    Ok(find(vm, d, key, hash)?.is_some_and(|i| entry(vm, d, i).is_some()))
}

/// The number of the key's entry.
#[inline]
pub fn find(vm: &mut Vm, d: Value, key: Value, hash: i64) -> PyResult<Option<usize>> {
    let w = width(vm.kind(d));
    match find_quick(index_table(d), (entries(d, w), w), (key, hash), Exact::of(vm)) {
        Quick::At(i) => Ok(Some(i)),
        Quick::Missing => Ok(None),
        Quick::Ask => find_asking(vm, d, w, (key, hash), false),
    }
}

/// As [`dict::find`] for a key whose hash and equality are built in. Runs no Python code.
#[inline]
pub(crate) fn find_hashed_quietly(vm: &mut Vm, d: Value, key: Value, hash: i64) -> Found {
    let w = width(vm.kind(d));
    match find_quick(index_table(d), (entries(d, w), w), (key, hash), Exact::of(vm)) {
        Quick::At(i) => Found::At(i),
        Quick::Missing => Found::Nowhere,
        Quick::Ask => find_equal_quietly(vm, d, w, key, hash),
    }
}

/// The same for keys that must be compared item by item.
#[inline]
fn find_equal_quietly(vm: &mut Vm, d: Value, w: usize, key: Value, hash: i64) -> Found {
    let mut probe = Probe::new(d, hash);
    while let Some(i) = probe.next(d, w) {
        let Some(other) = entries(d, w)[i * w + 1] else { continue };
        match quiet::equal_quietly(vm, key, other) {
            Some(true) => return Found::At(i),
            Some(false) => {}
            None => return Found::Unknown,
        }
    }
    Found::Nowhere
}

/// As [`dict::find`], with `__eq__`, which may change the table: then the search begins again. It has changed when
/// its arrays are others or the entry that was asked about has another key. `adds`: what has been equal is enough,
/// and nobody relies on the entry (CPython looks so for a key that a set shall get).
#[inline(never)]
fn find_asking(
    vm: &mut Vm,
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
            match quick_match(key, other, Exact::of(vm)) {
                Match::Yes => return Ok(Some(i)),
                Match::No => continue,
                Match::Ask => {}
            }
            let equal = (vm.hooks.equal)(vm, other, key)?;
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
#[inline]
pub fn set(vm: &mut Vm, d: Value, key: Value, value: Value) -> PyResult<()> {
    let hash = key_hash(vm, d, key)?;
    set_hashed(vm, d, key, hash, value)
}

/// As [`dict::set`] with the key's hash known.
#[inline]
pub fn set_hashed(vm: &mut Vm, d: Value, key: Value, hash: i64, value: Value) -> PyResult<()> {
    let w = width(vm.kind(d));
    let found = match find_quick(index_table(d), (entries(d, w), w), (key, hash), Exact::of(vm)) {
        Quick::At(i) => Some(i),
        Quick::Missing => None,
        Quick::Ask => find_asking(vm, d, w, (key, hash), w == 2)?,
    };
    match found {
        Some(i) => {
            replace(vm, d, i, value);
            Ok(())
        }
        None => add_new(vm, d, key, hash, value),
    }
}

/// As [`dict::set_hashed`] for a key that is known not to be there.
#[inline]
pub fn add_new(vm: &mut Vm, d: Value, key: Value, hash: i64, value: Value) -> PyResult<()> {
    adapt_keys(vm, d, key)?;
    append(vm, d, key, hash, value)
}

fn replace(vm: &mut Vm, d: Value, i: usize, value: Value) {
    let kind = vm.kind(d);
    let w = width(kind);
    if kind.is_set() {
        return;
    }
    if kind == Kind::Namespace {
        if let Some(cell) = entries(d, w)[i * w + 2] {
            let was_unbound = CELL_VALUE.read(cell).is_none_or(|v| v == Value::UNBOUND);
            DICT_LEN.write(d, DICT_LEN.read(d) + was_unbound as i64);
            write_cell(vm, cell, value);
        }
        return;
    }
    entries(d, w)[i * w + 2] = Some(value);
    barrier(vm, DICT_ENTRIES.read(d));
}

/// Sets a namespace cell: whoever relied on its value must not any more.
#[inline]
pub fn write_cell(vm: &mut Vm, cell: Value, value: Value) {
    let writes = CELL_WRITES.read(cell);
    if writes < 2 {
        CELL_WRITES.write(cell, writes + 1);
        vm.ctx.assumptions.invalidate(cell);
    }
    vm.ctx.write(cell, &CELL_VALUE, value);
}

#[inline]
fn barrier(vm: &mut Vm, object: Option<Value>) {
    if let Some(o) = object {
        vm.ctx.heap.write_barrier(o.ptr());
    }
}

/// Changes the strategy for a new key, if need be.
#[inline]
fn adapt_keys(vm: &mut Vm, d: Value, key: Value) -> PyResult<()> {
    let key_kind = vm.kind(key);
    let want = match (vm.kind(d), key_kind) {
        (Kind::DictEmpty, Kind::Str) => Kind::DictStr,
        (Kind::DictEmpty, Kind::Int) => Kind::DictInt,
        (Kind::DictEmpty, _) => Kind::DictAny,
        (Kind::DictStr, Kind::Str) | (Kind::DictInt, Kind::Int) => return Ok(()),
        (Kind::DictStr | Kind::DictInt, _) => Kind::DictAny,
        _ => return Ok(()),
    };
    set_shape(d, vm.kind_shape(want));
    Ok(())
}

/// Changes an object's shape.
#[inline]
pub fn set_shape(v: Value, shape: ShapeId) {
    SHAPE.write(v, shape.0 as i64);
}

fn append(vm: &mut Vm, d: Value, key: Value, hash: i64, value: Value) -> PyResult<()> {
    let kind = vm.kind(d);
    let w = width(kind);
    let value = if kind == Kind::Namespace { new_cell(vm, Some(value)) } else { value };
    reserve(vm, d, w)?;
    let used = dict_used(d);
    DICT_USED.write(d, used as i64 + 1);
    let e = entries(d, w);
    e[used * w] = Some(hash_word(hash));
    e[used * w + 1] = Some(key);
    if w == 3 {
        e[used * w + 2] = Some(value);
    }
    barrier(vm, DICT_ENTRIES.read(d));
    if let Some(table) = index_table(d) {
        insert_index(table, hash, used);
    }
    DICT_LEN.write(d, DICT_LEN.read(d) + 1);
    keys_changed(vm, d, kind);
    Ok(())
}

#[inline]
fn keys_changed(vm: &mut Vm, d: Value, kind: Kind) {
    DICT_VERSION.write(d, DICT_VERSION.read(d) + 1);
    if kind == Kind::Namespace {
        vm.ctx.assumptions.invalidate(d);
    }
}

/// A new cell; written once already if it has a value.
#[inline]
pub fn new_cell(vm: &mut Vm, value: Option<Value>) -> Value {
    let shape = vm.kind_shape(Kind::Cell);
    let cell = vm.ctx.alloc(shape, 2);
    CELL_VALUE.init(cell, value.unwrap_or(Value::UNBOUND));
    CELL_WRITES.write(cell, value.is_some() as i64);
    cell
}

/// Room for one more entry.
#[inline]
fn reserve(vm: &mut Vm, d: Value, w: usize) -> PyResult<()> {
    let capacity = DICT_ENTRIES.read(d).map_or(0, |a| ARRAY_LEN.read(a) as usize / w);
    let (used, len) = (dict_used(d), dict_len(d));
    if used < capacity {
        return Ok(());
    }
    if len < used - used / 4 {
        return rebuild(vm, d, w, capacity);
    }
    let more = if capacity < DOUBLED { capacity } else { capacity / 2 };
    rebuild(vm, d, w, (capacity + more).max(4))
}

/// Copies the live entries into arrays of a new capacity.
fn rebuild(vm: &mut Vm, d: Value, w: usize, capacity: usize) -> PyResult<()> {
    let array = tuple::value_array(vm, capacity * w, &[])?;
    let index = if capacity > LINEAR {
        Some(text::byte_buffer(vm, (capacity * 3 / 2).next_power_of_two() * 4)?)
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
    barrier(vm, Some(array));
    vm.ctx.write(d, &DICT_ENTRIES, array);
    DICT_USED.write(d, count as i64);
    match index {
        Some(buffer) => {
            vm.ctx.write(d, &DICT_INDEX, buffer);
            if let Some(table) = index_table(d) {
                for (i, e) in entries(d, w).chunks(w).enumerate() {
                    insert_index(table, e[0].map_or(0, unhash), i);
                }
            }
        }
        None => clear_field(d),
    }
    Ok(())
}

#[inline]
fn clear_field(d: Value) {
    layout_clear(d, &DICT_INDEX);
}

/// Removes a key; gives its value, or nothing if it was not there.
#[inline]
pub fn remove(vm: &mut Vm, d: Value, key: Value) -> PyResult<Option<Value>> {
    let hash = key_hash(vm, d, key)?;
    remove_hashed(vm, d, key, hash)
}

/// As [`dict::remove`] with the key's hash known.
#[inline]
pub fn remove_hashed(vm: &mut Vm, d: Value, key: Value, hash: i64) -> PyResult<Option<Value>> {
    let Some(i) = find(vm, d, key, hash)? else { return Ok(None) };
    let entry = crate::dict::entry(vm, d, i);
    if entry.is_some() {
        remove_entry(vm, d, i, hash);
    }
    Ok(entry.map(|e| e.value))
}

/// Removes entry number `i`, which is live and whose key has this hash.
pub fn remove_entry(vm: &mut Vm, d: Value, i: usize, hash: i64) {
    let kind = vm.kind(d);
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
        write_cell(vm, cell, Value::UNBOUND);
    }
    e[i * w..(i + 1) * w].fill(None);
    note_dead(e, w, i);
    DICT_LEN.write(d, DICT_LEN.read(d) - 1);
    if DICT_LEN.read(d) == 0 {
        clear(vm, d);
    }
    keys_changed(vm, d, kind);
}

/// Empties a dict or set.
pub fn clear(vm: &mut Vm, d: Value) {
    let kind = vm.kind(d);
    if kind == Kind::Namespace {
        let cells: Vec<Value> = entries(d, 3).chunks(3).filter_map(|e| e[2]).collect();
        cells.into_iter().for_each(|c| write_cell(vm, c, Value::UNBOUND));
    }
    layout_clear(d, &DICT_ENTRIES);
    layout_clear(d, &DICT_INDEX);
    DICT_LEN.write(d, 0);
    DICT_USED.write(d, 0);
    if matches!(kind, Kind::DictStr | Kind::DictInt | Kind::DictAny) {
        set_shape(d, vm.kind_shape(Kind::DictEmpty));
    }
    keys_changed(vm, d, kind);
}

/// A new dict or set of the same kind with the same entries (a namespace gives a plain dict).
pub fn copy(vm: &mut Vm, d: Value) -> PyResult {
    let kind = vm.kind(d);
    if kind == Kind::Namespace {
        let copy = new_dict(vm);
        let mut i = 0;
        while let Some((at, e)) = dict_next(vm, d, i) {
            set(vm, copy, e.key, e.value)?;
            i = at + 1;
        }
        return Ok(copy);
    }
    let copy = new_table(vm, kind);
    if dict_len(d) > 0 {
        let w = width(kind);
        DICT_ENTRIES.init(copy, DICT_ENTRIES.read(d).unwrap_or(Value::NONE));
        DICT_USED.write(copy, DICT_USED.read(d));
        DICT_LEN.write(copy, DICT_LEN.read(d));
        rebuild(vm, copy, w, dict_len(d).max(4))?;
    }
    Ok(copy)
}

/// Turns a dict into a namespace in place, so that it can be the globals of code.
#[inline]
pub fn make_namespace(vm: &mut Vm, d: Value) -> PyResult<()> {
    if vm.kind(d) == Kind::Namespace {
        return Ok(());
    }
    for i in 0..dict_used(d) {
        if let Some(Some(v)) = entries(d, 3).get(i * 3 + 2).copied() {
            let cell = new_cell(vm, Some(v));
            entries(d, 3)[i * 3 + 2] = Some(cell);
            barrier(vm, DICT_ENTRIES.read(d));
        }
    }
    set_shape(d, vm.kind_shape(Kind::Namespace));
    Ok(())
}

/// The cell of a name in a namespace, bound or not.
#[inline]
pub fn namespace_cell(vm: &mut Vm, ns: Value, name: Value) -> Option<Value> {
    let hash = hash::str_hash(vm, name);
    let i = find(vm, ns, name, hash).ok()??;
    entries(ns, 3)[i * 3 + 2]
}

/// The hash stored with an entry.
#[inline]
pub fn entry_hash(vm: &Vm, d: Value, i: usize) -> i64 {
    let w = width(vm.kind(d));
    entries(d, w)[i * w].map_or(0, unhash)
}

/// The number of dead entries at the front, or fewer. When the first entry is dead, it is written where its hash was
/// (see [`note_dead`]): otherwise it would take ever longer to find the first key of a dict that is emptied from the
/// front.
#[inline]
fn first_live(d: Value, w: usize) -> usize {
    match entries(d, w) {
        [hash, None, ..] => hash.and_then(Value::as_int).map_or(0, |n| n as usize),
        _ => 0,
    }
}

/// Entry `i` has died: those at the front that are known to be dead may have become more.
#[inline]
fn note_dead(e: &mut [Option<Value>], w: usize, i: usize) {
    if e[1].is_none() {
        let known = e[0].and_then(Value::as_int).unwrap_or(0) as usize;
        if known == i {
            let more = e[i * w..].chunks_exact(w).take_while(|entry| entry[1].is_none()).count();
            e[0] = Some(Value::int((i + more) as i64));
        }
    }
}

#[inline]
fn unhash(word: Value) -> i64 {
    word.int_unchecked()
}

#[inline]
fn layout_clear(d: Value, field: &hoop_engine::Field<hoop_engine::V>) {
    let as_int: hoop_engine::Field<hoop_engine::I> = hoop_engine::Field::new(
        field.descr.name,
        field.descr.offset,
        hoop_engine::MemTy::I64,
        field.descr.group,
    );
    as_int.write(d, 0);
}

/// Where probing starts: the hash's bits, stirred, for integers hash to themselves. Both halves of the product count, so
/// that integers that differ in their upper bits alone, or whose halves are alike, lie apart.
#[inline(always)]
fn spread(hash: i64) -> usize {
    // Entries keep 63 bits of the hash; use no more.
    let h = (hash << 1 >> 1) as u64;
    let product = h as u128 * 0x9E37_79B9_7F4A_7C15;
    (product as u64 ^ (product >> 64) as u64) as usize >> 20
}

#[inline]
fn insert_index(table: &mut [u32], hash: i64, entry: usize) {
    let mask = table.len() - 1;
    let mut at = spread(hash) & mask;
    while !matches!(table[at], 0 | DELETED) {
        at = (at + 1) & mask;
    }
    table[at] = entry as u32 + 1;
}
