//! Tables keyed by the identity of objects that they do not keep alive.
//!
//! An object's address is its identity only while it lives. So a collection, when it has marked, tells the guest
//! ([`crate::Heap::set_forget`]), and each such table forgets the dead before their memory is used again: what is
//! made at a dead object's address inherits nothing.

use crate::collect::Survivors;
use crate::value::Value;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A table from objects, by identity, to `T`. Its owner calls [`WeakTable::forget_dead`] in each collection.
pub struct WeakTable<T> {
    rows: HashMap<u64, T, BuildHasherDefault<WordHasher>>,
    /// Keys added since the last collection.
    young: Vec<Value>,
}

impl<T> Default for WeakTable<T> {
    fn default() -> WeakTable<T> {
        WeakTable { rows: HashMap::default(), young: Vec::new() }
    }
}

impl<T> WeakTable<T> {
    pub fn get(&self, key: Value) -> Option<&T> {
        self.rows.get(&key.bits())
    }

    pub fn get_mut(&mut self, key: Value) -> Option<&mut T> {
        self.rows.get_mut(&key.bits())
    }

    pub fn contains(&self, key: Value) -> bool {
        self.rows.contains_key(&key.bits())
    }

    /// The key's row, made when first asked for.
    pub fn row(&mut self, key: Value, make: impl FnOnce() -> T) -> &mut T {
        let young = &mut self.young;
        self.rows.entry(key.bits()).or_insert_with(|| {
            young.push(key);
            make()
        })
    }

    pub fn remove(&mut self, key: Value) -> Option<T> {
        self.rows.remove(&key.bits())
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Rows in no order.
    pub fn rows(&self) -> impl Iterator<Item = &T> {
        self.rows.values()
    }

    /// Keeps the rows that `keep` wants.
    pub fn retain(&mut self, mut keep: impl FnMut(&mut T) -> bool) {
        self.rows.retain(|_, row| keep(row));
    }

    /// Removes the rows of dead objects.
    pub fn forget_dead(&mut self, survivors: &Survivors) {
        if survivors.full {
            self.rows.retain(|&key, _| Value::from_bits(key).is_some_and(|v| survivors.is_alive(v)));
            if self.rows.capacity() > 4 * self.rows.len() + 64 {
                self.rows.shrink_to(2 * self.rows.len());
            }
        } else {
            let dead = self.young.iter().filter(|&&v| !survivors.is_alive(v));
            dead.for_each(|v| _ = self.rows.remove(&v.bits()));
        }
        self.young.retain(|&v| survivors.is_alive(v) && !survivors.is_old(v));
    }
}

/// Spreads the bits of a word.
#[derive(Default)]
struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&b| self.write_u64(b.into()));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
