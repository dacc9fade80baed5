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
    /// The fragments that make calls which may run the guest's code.
    calling: Vec<Weak<Cell<u8>>>,
    recording_spoiled: bool,
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

    /// `flag`'s fragment makes calls that may run the guest's code.
    pub fn depend_on_calls(&mut self, flag: &ValidFlag) {
        if self.calling.len() == self.calling.capacity() {
            self.calling.retain(|w| w.strong_count() > 0);
        }
        self.calling.push(Rc::downgrade(flag));
    }

    /// A call from machine code did what the interpreter must see: no fragment that makes calls is valid any longer.
    pub fn invalidate_calls(&mut self) {
        for flag in self.calling.drain(..).filter_map(|w| w.upgrade()) {
            self.invalidated += flag.replace(0) as u64;
        }
    }

    /// What is being recorded, if anything, must not become a fragment.
    pub fn spoil_recording(&mut self) {
        self.recording_spoiled = true;
    }

    /// Was it spoiled since this was last asked?
    pub fn take_spoiled(&mut self) -> bool {
        std::mem::take(&mut self.recording_spoiled)
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
