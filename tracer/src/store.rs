//! The trace store: fragments, loop headers, exits, and what hangs on what.
//!
//! A fragment is one compiled trace: a loop, a function entry, or a bridge on an exit of another fragment. Bridges and
//! the fragment they hang on form a tree. When a fragment goes (an assumption broke, or the code budget is spent), so
//! do its tree's bridges and whatever jumps to it or calls it. Machine code may still be running in an outer activation: what its
//! exits need stays in the graveyard until no compiled code runs.

use crate::plain_exit::PlainExit;
use crate::record::RootTable;
use crate::units::Heat;
use hoop_engine::ValidFlag;
use hoop_gc::{Marker, Value};
use hoop_ir::{ExitId, FragmentId, GuardExit, OpRef, Opcode, SnapshotId, Trace};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::cell::Cell;
use std::rc::Rc;

/// What a fragment was recorded from.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Origin {
    Loop { code: Value, pc: u32 },
    Function { code: Value, pc: u32 },
    Bridge { exit: ExitId },
}

/// How an exit goes on in the interpreter.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum ExitKind {
    /// At the snapshot's pc.
    Resume,
    /// At the snapshot's pc, after a call that did not raise.
    AfterCall,
    /// In the unwinder: the call at the snapshot's pc raised.
    Unwind,
}

impl ExitKind {
    fn of(code: Opcode) -> ExitKind {
        match code {
            Opcode::GuardNoException => ExitKind::Unwind,
            Opcode::GuardException => ExitKind::AfterCall,
            _ => ExitKind::Resume,
        }
    }
}

/// One compiled trace.
pub(crate) struct Fragment {
    pub origin: Origin,
    /// As optimized.
    pub trace: Rc<Trace>,
    pub roots: RootTable,
    pub words: Rc<[u64]>,
    pub flag: ValidFlag,
    /// The fragment that the trace ends in.
    pub target: Option<FragmentId>,
    /// The compiled functions that it calls, but for itself.
    pub calls: Vec<FragmentId>,
    /// The fragment it hangs on.
    pub parent: Option<FragmentId>,
    /// The root of its tree.
    pub tree: FragmentId,
    /// Bridges between it and the root.
    pub depth: u32,
    pub code_bytes: usize,
    /// Memory that the trace and the exits take.
    pub trace_bytes: usize,
    /// When it was last entered from the interpreter, or left.
    pub used: u64,
    /// Times entered from the interpreter.
    pub entries: Rc<Cell<u64>>,
    /// For a tree's root: its bridges in order of compilation.
    pub bridges: Vec<FragmentId>,
    /// Compiled in its tree's unit.
    pub merged: bool,
    /// Its tree's. See `units`.
    pub heat: Rc<Heat>,
    /// Its code was made with little effort.
    pub quick: bool,
    /// It ends where its root frame is left: nothing can be recorded from that exit.
    pub leaves: bool,
    pub title: String,
}

/// One exit of compiled code; guards of one snapshot and kind share it.
pub(crate) struct Exit {
    pub fragment: FragmentId,
    pub guard: OpRef,
    pub snapshot: SnapshotId,
    pub kind: ExitKind,
    /// One of its guards polls: a bridge must make progress.
    pub polls: bool,
    /// Worked out when first needed.
    pub plan: Option<Rc<ExitPlan>>,
    pub counts: Taken,
}

/// What is worked out once of an exit.
pub(crate) struct ExitPlan {
    /// The snapshot's fail arguments.
    pub args: Vec<OpRef>,
    pub plain: Option<PlainExit>,
}

/// What became of an exit so far.
#[derive(Copy, Clone, Default, Debug)]
pub(crate) struct Taken {
    /// Times taken to the interpreter, in all and since the last attempt at a bridge.
    pub taken: u64,
    pub since: u32,
    /// Consecutive recordings given up.
    pub aborts: u32,
    pub bridge: Option<FragmentId>,
}

impl Taken {
    /// Of two exits of one place.
    fn with(self, other: &Taken) -> Taken {
        Taken {
            taken: self.taken.max(other.taken),
            since: self.since.max(other.since),
            aborts: self.aborts.max(other.aborts),
            bridge: self.bridge.or(other.bridge),
        }
    }
}

/// What the tracer knows of a loop header or function entry.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub code: Value,
    pub fragment: Option<FragmentId>,
    /// Consecutive recordings given up.
    pub aborts: u32,
    /// Recordings that left the frame instead of closing the loop.
    pub left: u32,
    pub seen: u64,
    /// A function's machine code is not entered for a while; how often that was decided.
    pub resting: bool,
    pub rests: u32,
}

/// See the module text.
#[derive(Default)]
pub(crate) struct Store {
    pub fragments: HashMap<FragmentId, Fragment>,
    graveyard: HashMap<FragmentId, Fragment>,
    pub headers: HashMap<(u64, u32), Header>,
    pub exits: HashMap<ExitId, Exit>,
    next: u32,
    /// Counts entries and exits; the store's only clock.
    pub now: u64,
}

/// Headers without fragment that may be remembered.
const MAX_COLD_HEADERS: usize = 4096;

impl Store {
    pub fn next_id(&mut self) -> FragmentId {
        self.next += 1;
        FragmentId(self.next)
    }

    pub fn fragment(&self, id: FragmentId) -> Option<&Fragment> {
        self.fragments.get(&id).or_else(|| self.graveyard.get(&id))
    }

    pub fn is_live(&self, id: FragmentId) -> bool {
        self.fragments.contains_key(&id)
    }

    /// The header's record, made when first asked for.
    pub fn header(&mut self, code: Value, pc: u32) -> &mut Header {
        self.forget_cold_headers();
        let seen = self.now;
        let new = Header { code, fragment: None, aborts: 0, left: 0, seen, resting: false, rests: 0 };
        let header = self.headers.entry((code.bits(), pc)).or_insert(new);
        header.seen = seen;
        header
    }

    /// Keeps the table bounded: programs may make code objects without end.
    fn forget_cold_headers(&mut self) {
        if self.headers.len() < MAX_COLD_HEADERS + self.fragments.len() {
            return;
        }
        let mut seen: Vec<u64> =
            self.headers.values().filter(|h| h.fragment.is_none()).map(|h| h.seen).collect();
        seen.sort_unstable();
        let middle = seen.get(seen.len() / 2).copied().unwrap_or_default();
        self.headers.retain(|_, h| h.fragment.is_some() || h.seen > middle);
    }

    /// The valid fragment that starts at this header, with the registers it reads.
    pub fn entry_at(&self, code: Value, pc: u32) -> Option<(FragmentId, Vec<u16>)> {
        let id = self.headers.get(&(code.bits(), pc))?.fragment?;
        let fragment = self.fragments.get(&id)?;
        let hoop_ir::Entry::Loop { regs } = &fragment.trace.entry else { return None };
        (fragment.flag.get() != 0).then(|| (id, regs.clone()))
    }

    /// The valid fragment of a function whose code this is, if it is worth calling, with its parameter registers.
    pub fn function_at(&self, code: Value) -> Option<(FragmentId, Vec<u16>)> {
        let header = self.headers.get(&(code.bits(), 0)).filter(|h| !h.resting)?;
        let fragment = self.fragments.get(&header.fragment?)?;
        matches!(fragment.origin, Origin::Function { .. }).then(|| self.entry_at(code, 0)).flatten()
    }

    /// Notes the exits of a compiled trace. Guards that share an exit come several times. Counts go over from the
    /// exits that the trace had before.
    pub fn add_exits(&mut self, id: FragmentId, exits: impl Iterator<Item = GuardExit>) -> Vec<ExitId> {
        let Some(trace) = self.fragments.get(&id).map(|f| f.trace.clone()) else { return Vec::new() };
        let mut before: HashMap<(SnapshotId, ExitKind), Taken> = HashMap::default();
        for e in self.exits.values().filter(|e| e.fragment == id) {
            let old = before.entry((e.snapshot, e.kind)).or_default();
            *old = old.with(&e.counts);
        }
        let mut added = Vec::new();
        for g in exits {
            let code = trace.op(g.guard).code;
            let kind = ExitKind::of(code);
            let counts = before.get(&(g.snapshot, kind)).copied().unwrap_or_default();
            let exit = self.exits.entry(g.exit).or_insert_with(|| {
                added.push(g.exit);
                let (fragment, guard, snapshot) = (id, g.guard, g.snapshot);
                Exit { fragment, guard, snapshot, kind, polls: false, plan: None, counts }
            });
            exit.polls |= matches!(code, Opcode::GuardValid | Opcode::GuardNoInterrupt);
        }
        added
    }

    /// The bridge on another exit of the same place: code compiled again has exits of its own.
    pub fn sibling_bridge(&self, id: ExitId) -> Option<FragmentId> {
        let e = self.exits.get(&id)?;
        let same = |o: &&Exit| (o.fragment, o.snapshot, o.kind) == (e.fragment, e.snapshot, e.kind);
        self.exits.values().filter(same).find_map(|o| o.counts.bridge)
    }

    /// Everything that must go with `id`: its tree's bridges, and what jumps to any of them.
    fn dependents(&self, id: FragmentId) -> HashSet<FragmentId> {
        let mut set = HashSet::from_iter([id]);
        loop {
            let mut more = Vec::new();
            for (&f, fragment) in &self.fragments {
                let gone = |x: Option<FragmentId>| x.is_some_and(|x| set.contains(&x));
                let calls = || fragment.calls.iter().any(|c| set.contains(c));
                if !set.contains(&f) && (gone(fragment.parent) || gone(fragment.target) || calls()) {
                    more.push(f);
                }
                // A merged bridge is part of its tree's code.
                if fragment.merged && set.contains(&f) && !set.contains(&fragment.tree) {
                    more.push(fragment.tree);
                }
            }
            if more.is_empty() {
                return set;
            }
            set.extend(more);
        }
    }

    /// Drops a fragment and its dependents. Gives what was dropped.
    pub fn drop_fragment(&mut self, id: FragmentId) -> Vec<(FragmentId, Origin)> {
        let mut dropped = Vec::new();
        for f in self.dependents(id) {
            let Some(fragment) = self.fragments.remove(&f) else { continue };
            fragment.flag.set(0);
            self.unlink(f, &fragment);
            dropped.push((f, fragment.origin));
            self.graveyard.insert(f, fragment);
        }
        dropped.sort_unstable_by_key(|&(f, _)| f);
        dropped
    }

    fn unlink(&mut self, id: FragmentId, fragment: &Fragment) {
        match fragment.origin {
            Origin::Loop { code, pc } | Origin::Function { code, pc } => {
                let key = (code.bits(), pc);
                if let Some(h) = self.headers.get_mut(&key) {
                    h.fragment = None;
                    // The record would keep the code object alive.
                    if (h.aborts, h.left, h.rests) == (0, 0, 0) {
                        self.headers.remove(&key);
                    }
                }
            }
            Origin::Bridge { .. } => {
                self.exits.values_mut().filter(|e| e.counts.bridge == Some(id)).for_each(|e| {
                    e.counts.bridge = None;
                    e.counts.since = 0;
                });
            }
        }
        if let Some(root) = self.fragments.get_mut(&fragment.tree) {
            root.bridges.retain(|&b| b != id);
        }
    }

    /// No compiled code runs: forgets what only running code could ask for.
    pub fn bury(&mut self) {
        if self.graveyard.is_empty() {
            return;
        }
        let graveyard = std::mem::take(&mut self.graveyard);
        self.exits.retain(|_, e| !graveyard.contains_key(&e.fragment));
    }

    /// Bytes of machine code of live fragments.
    pub fn code_bytes(&self) -> usize {
        self.fragments.values().map(|f| f.code_bytes).sum()
    }

    /// Bytes of machine code of live fragments, and of what exits from it need.
    pub fn bytes(&self) -> usize {
        self.fragments.values().map(|f| f.code_bytes + f.trace_bytes).sum()
    }

    /// The tree that was not used for the longest time, other than `keep`.
    pub fn oldest_tree(&self, keep: FragmentId) -> Option<FragmentId> {
        let mut last: HashMap<FragmentId, u64> = HashMap::default();
        for f in self.fragments.values() {
            let used = last.entry(f.tree).or_default();
            *used = (*used).max(f.used);
        }
        last.into_iter().filter(|&(t, _)| t != keep).min_by_key(|&(t, used)| (used, t)).map(|(t, _)| t)
    }

    pub fn mark(&self, marker: &mut Marker) {
        for f in self.fragments.values().chain(self.graveyard.values()) {
            f.roots.borrow().iter().for_each(|&v| marker.value(v));
        }
        self.headers.values().for_each(|h| marker.value(h.code));
    }
}
