//! The table of interned strs: one object for each text that names something. It is weak: what nothing else refers to goes
//! in the next full collection. Minor collections keep the strs that were interned since the last collection.

use super::text::str_bytes;
use hoop_gc::{Marker, Survivors, Value};
use rustc_hash::FxHasher;
use std::hash::Hasher;

const MIN_ROWS: usize = 1024;

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
    pub fn insert(&mut self, s: Value) {
        if (self.count + 1) * 2 > self.rows.len() {
            self.resize((self.count * 4).next_power_of_two().max(MIN_ROWS));
        }
        self.place((hash_of(str_bytes(s)), s));
        self.count += 1;
        self.young.push(s);
    }

    fn place(&mut self, row: Row) {
        let mask = self.rows.len() - 1;
        let mut at = row.0 as usize & mask;
        while self.rows[at].is_some() {
            at = (at + 1) & mask;
        }
        self.rows[at] = Some(row);
    }

    fn resize(&mut self, len: usize) {
        let old = std::mem::replace(&mut self.rows, vec![None; len]);
        old.into_iter().flatten().for_each(|row| self.place(row));
    }

    /// How many strs are interned.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Marks what a minor collection must not free.
    pub fn mark_young(&self, marker: &mut Marker) {
        self.young.iter().for_each(|&s| marker.value(s));
    }

    /// After the marking of a collection: forgets the dead.
    pub fn forget_dead(&mut self, survivors: &Survivors) {
        self.young.clear();
        if !survivors.full {
            return;
        }
        let old = std::mem::take(&mut self.rows);
        let kept: Vec<Row> = old.into_iter().flatten().filter(|row| survivors.is_alive(row.1)).collect();
        self.count = kept.len();
        self.rows = vec![None; (self.count * 3).next_power_of_two().max(MIN_ROWS)];
        self.young.extend(kept.iter().map(|row| row.1).filter(|&s| !survivors.is_old(s)));
        kept.into_iter().for_each(|row| self.place(row));
    }
}

fn hash_of(text: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text);
    (hasher.finish() >> 20) as u32
}
