//! Things that hardly ever change, and the compiled fragments that rely on their not changing.

use hoop_gc::Value;
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

/// A fragment's validity: nonzero while its assumptions hold. Compiled code reads the byte.
pub type ValidFlag = Rc<Cell<u8>>;

/// How often an owner may be invalidated before nobody may assume it any more.
const MAX_INVALIDATIONS: u32 = 8;

#[derive(Default)]
struct Owner {
    dependents: Vec<Weak<Cell<u8>>>,
    invalidations: u32,
}

/// Who relies on which owner (a cell, a class, a function: any heap object's address).
#[derive(Default)]
pub struct Assumptions {
    owners: HashMap<u64, Owner>,
    /// Fragments invalidated so far.
    pub invalidated: u64,
}

impl Assumptions {
    /// Whether traces may rely on `owner` (it has not changed too often).
    pub fn may_assume(&self, owner: Value) -> bool {
        self.owners.get(&owner.bits()).is_none_or(|o| o.invalidations < MAX_INVALIDATIONS)
    }

    /// `flag`'s fragment relies on `owner`. The fragment's root table keeps the owner alive.
    pub fn depend(&mut self, owner: Value, flag: &ValidFlag) {
        let dependents = &mut self.owners.entry(owner.bits()).or_default().dependents;
        dependents.retain(|w| w.strong_count() > 0);
        dependents.push(Rc::downgrade(flag));
    }

    /// `owner` changes: everything that relied on it is no longer valid.
    pub fn invalidate(&mut self, owner: Value) {
        let Some(entry) = self.owners.get_mut(&owner.bits()) else { return };
        let live: Vec<_> = entry.dependents.drain(..).filter_map(|w| w.upgrade()).collect();
        if live.is_empty() {
            return;
        }
        entry.invalidations += 1;
        for flag in live {
            self.invalidated += flag.replace(0) as u64;
        }
    }
}
