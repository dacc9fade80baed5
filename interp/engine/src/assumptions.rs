//! Things that hardly ever change, and the compiled fragments that rely on their not changing.

use hoop_gc::{Survivors, Value, WeakTable};
use std::cell::Cell;
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

/// Who relies on which owner (a cell, a class, a function: any heap object). A dead owner is forgotten.
#[derive(Default)]
pub struct Assumptions {
    owners: WeakTable<Owner>,
    /// Fragments invalidated so far.
    pub invalidated: u64,
    /// The fragments that make calls which may run the guest's code.
    calling: Vec<Weak<Cell<u8>>>,
    recording_spoiled: bool,
}

impl Assumptions {
    /// Whether traces may rely on `owner` (it has not changed too often).
    pub fn may_assume(&self, owner: Value) -> bool {
        self.owners.get(owner).is_none_or(|o| o.invalidations < MAX_INVALIDATIONS)
    }

    /// `flag`'s fragment relies on `owner`, which is in its root table.
    pub fn depend(&mut self, owner: Value, flag: &ValidFlag) {
        let dependents = &mut self.owners.row(owner, Owner::default).dependents;
        if dependents.len() == dependents.capacity() {
            dependents.retain(|w| w.strong_count() > 0);
        }
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

    /// In a collection: owners that are dead leave nothing behind.
    pub fn forget_dead(&mut self, survivors: &Survivors) {
        self.owners.forget_dead(survivors);
    }

    /// `owner` changes: everything that relied on it is no longer valid.
    pub fn invalidate(&mut self, owner: Value) {
        let Some(entry) = self.owners.get_mut(owner) else { return };
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
