//! The table of interned strs: one object for each text that names something. It is weak: strs that nothing else refers to
//! go with the next collection that finds them dead.

use crate::text::str_bytes;
use hoop_gc::{Survivors, Value};
use rustc_hash::FxHasher;
use std::hash::Hasher;

const MIN_ROWS: usize = 1024;

/// The list of young strs gives memory back beyond this many.
const KEPT_YOUNG: usize = 1024;

/// The text's hash and the str.
type Row = (u32, Value);

/// See the module text. Open addressing with linear probing.
#[derive(Default)]
pub struct InternTable {
    rows: Vec<Option<Row>>,
    count: usize,
    /// Strs that a minor collection might find dead.
    young: Vec<Value>,
}

impl InternTable {
    /// The interned str with this text.
    #[inline]
    pub fn get(&self, text: &[u8]) -> Option<Value> {
        let (hash, mask) = (hash_of(text), self.rows.len().wrapping_sub(1));
        let mut at = hash as usize & mask;
        while let Some((h, s)) = *self.rows.get(at)? {
            if h == hash && str_bytes(s) == text {
                return Some(s);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// Adds a str whose text the table does not have.
    #[inline]
    pub fn insert(&mut self, s: Value) {
        if (self.count + 1) * 2 > self.rows.len() {
            self.resize((self.count * 4).next_power_of_two().max(MIN_ROWS));
        }
        self.place((hash_of(str_bytes(s)), s));
        self.count += 1;
        self.young.push(s);
    }

    #[inline]
    fn place(&mut self, row: Row) {
        let mask = self.rows.len() - 1;
        let mut at = row.0 as usize & mask;
        while self.rows[at].is_some() {
            at = (at + 1) & mask;
        }
        self.rows[at] = Some(row);
    }

    #[inline]
    pub fn resize(&mut self, len: usize) {
        let old = std::mem::replace(&mut self.rows, vec![None; len]);
        old.into_iter().flatten().for_each(|row| self.place(row));
    }

    /// How many strs are interned.
    #[inline]
    pub fn count(&self) -> usize {
        self.count
    }

    /// After the marking of a collection: forgets the dead. Tells whether there were any.
    #[inline]
    pub fn forget_dead(&mut self, survivors: &Survivors) -> bool {
        let before = self.count;
        if survivors.full {
            self.keep_alive(survivors);
        } else {
            let young = std::mem::take(&mut self.young);
            young.iter().filter(|&&s| !survivors.is_alive(s)).for_each(|&s| self.remove(s));
            self.young = young;
        }
        self.young.retain(|&s| survivors.is_alive(s) && !survivors.is_old(s));
        self.young.shrink_to(KEPT_YOUNG);
        self.count < before
    }

    #[inline]
    fn keep_alive(&mut self, survivors: &Survivors) {
        let old = std::mem::take(&mut self.rows);
        let kept: Vec<Row> = old.into_iter().flatten().filter(|row| survivors.is_alive(row.1)).collect();
        self.count = kept.len();
        self.rows = vec![None; (self.count * 3).next_power_of_two().max(MIN_ROWS)];
        kept.into_iter().for_each(|row| self.place(row));
    }

    /// Removes a str of the table. Rows behind it that would not be found any more move up.
    #[inline]
    fn remove(&mut self, s: Value) {
        let mask = self.rows.len() - 1;
        let mut at = hash_of(str_bytes(s)) as usize & mask;
        while self.rows[at].is_none_or(|row| row.1 != s) {
            at = (at + 1) & mask;
        }
        self.rows[at] = None;
        self.count -= 1;
        let mut next = (at + 1) & mask;
        while let Some(row) = self.rows[next].take() {
            self.place(row);
            next = (next + 1) & mask;
        }
    }
}

#[inline]
fn hash_of(text: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text);
    (hasher.finish() >> 20) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::layout::{STR_DATA, layout_of};
    use hoop_gc::{GcConfig, Heap, ShapeId};

    fn new_str(heap: &mut Heap, text: &str) -> Value {
        let object = heap.alloc_unfilled(ShapeId(1), 4, text.len(), 1).expect("memory");
        let s = Value::from_ptr(object);
        STR_DATA.bytes_mut(s, text.len()).copy_from_slice(text.as_bytes());
        s
    }

    #[test]
    fn removed_strs_leave_no_gaps() {
        let mut heap = Heap::new(GcConfig::default());
        heap.set_layout(ShapeId(1), layout_of(Kind::Str));
        heap.pause_collections();
        let mut table = InternTable::default();
        let texts: Vec<String> = (0..3000).map(|i| format!("text{i}")).collect();
        let strs: Vec<Value> = texts.iter().map(|text| new_str(&mut heap, text)).collect();
        strs.iter().for_each(|&s| table.insert(s));
        for (i, &s) in strs.iter().enumerate().filter(|(i, _)| i % 3 != 0) {
            table.remove(s);
            assert_eq!(table.get(texts[i].as_bytes()), None);
        }
        assert_eq!(table.count(), 1000);
        for (i, &s) in strs.iter().enumerate() {
            assert_eq!(table.get(texts[i].as_bytes()), (i % 3 == 0).then_some(s));
        }
    }
}
