//! The table of interned strs: one object for each text that names something. It is weak: what nothing else refers to goes
//! in the next full collection. Minor collections keep the strs that were interned since the last collection.

use super::text::str_bytes;
use hoop_gc::{Marker, Survivors, Value, gc_bits};
use rustc_hash::FxHasher;
use std::hash::Hasher;

const MIN_ROWS: usize = 1024;

/// See the module text. Open addressing with linear probing; a row is the text's hash and the str.
#[derive(Default)]
pub struct InternTable {
    rows: Vec<Option<(u32, Value)>>,
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

    fn place(&mut self, row: (u32, Value)) {
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
        if survivors.full {
            self.keep(|s| survivors.is_alive(s));
        }
    }

    fn keep(&mut self, is_alive: impl Fn(Value) -> bool) {
        let old = std::mem::take(&mut self.rows);
        let kept: Vec<(u32, Value)> = old.into_iter().flatten().filter(|row| is_alive(row.1)).collect();
        self.count = kept.len();
        self.rows = vec![None; (self.count * 3).next_power_of_two().max(MIN_ROWS)];
        kept.into_iter().for_each(|row| self.place(row));
        // A large str that only the machine stack refers to stays young.
        let large = self.rows.iter().flatten().map(|row| row.1).filter(|&s| is_large(s));
        self.young = large.collect();
    }
}

/// Whether the str lies on pages of its own.
fn is_large(s: Value) -> bool {
    // SAFETY: interned strs that survive are objects of the heap.
    unsafe { (*s.ptr()).gc & gc_bits::LARGE != 0 }
}

fn hash_of(text: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text);
    (hasher.finish() >> 20) as u32
}
