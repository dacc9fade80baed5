//! The trace store: fragments, loop headers, exits, and what hangs on what.
//!
//! A fragment is one compiled trace: a loop, a function entry, or a bridge on an exit of another fragment. Bridges and
//! the fragment they hang on form a tree. When a fragment goes (an assumption broke, an object that it names died, or the
//! code budget is spent), so do its tree's bridges and whatever jumps to it or calls it. Machine code may still be running in
//! an outer activation: what its exits need stays in the graveyard as long as one can get there.
//!
//! **Nothing is kept alive** by a fragment but plain data: of all other objects it names (code, classes, functions,
//! cells) it is told when they die ([`Store::dead_fragments`]), and goes with them. Only while an activation can get to its
//! code they live as long. What is known of code objects goes with these ([`CodeNotes`]).

use crate::plain_exit::PlainExit;
use crate::roots::Roots;
use crate::units::Heat;
use hoop_engine::ValidFlag;
use hoop_gc::{Marker, Survivors, Value, WeakTable};
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
    pub roots: Rc<Roots>,
    pub flag: ValidFlag,
    /// The fragment that the trace ends in.
    pub target: Option<FragmentId>,
    /// The compiled functions that it calls, but for itself.
    pub calls: Vec<FragmentId>,
    /// What hangs on it, ends in it or calls it; some may be gone.
    pub dependents: Vec<FragmentId>,
    /// Its exits, those of its earlier code among them as long as that is there.
    pub exits: Vec<ExitId>,
    /// The fragment it hangs on.
    pub parent: Option<FragmentId>,
    /// The root of its tree.
    pub tree: FragmentId,
    /// Bridges between it and the root.
    pub depth: u32,
    pub code_bytes: usize,
    /// Memory that all else takes.
    pub data_bytes: usize,
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
#[derive(Clone, Default, Debug)]
pub(crate) struct Header {
    pub fragment: Option<FragmentId>,
    /// Consecutive recordings given up.
    pub aborts: u32,
    /// Recordings that left the frame instead of closing the loop.
    pub left: u32,
    /// Times that its fragment had to make room for others.
    pub evictions: u32,
    /// A function's machine code is not entered for a while; how often that was decided.
    pub resting: bool,
    pub rests: u32,
}

/// What the tracer knows of a code object.
#[derive(Default)]
pub(crate) struct CodeNotes {
    /// By pc; few.
    headers: Vec<(u32, Header)>,
    /// It made a trace too long, went round a loop, or has too many paths.
    pub not_inlined: bool,
    /// Bridges recorded in inlined frames of it.
    pub inlined_bridges: u32,
    /// A recording asked for its function to be recorded first.
    pub wanted: bool,
}

/// See the module text.
#[derive(Default)]
pub(crate) struct Store {
    pub fragments: HashMap<FragmentId, Fragment>,
    graveyard: HashMap<FragmentId, Fragment>,
    pub codes: WeakTable<CodeNotes>,
    pub exits: HashMap<ExitId, Exit>,
    /// Fragments that may name objects which the next minor collection can find dead.
    young: Vec<FragmentId>,
    next: u32,
    /// Counts entries and exits; the store's only clock.
    pub now: u64,
    code_bytes: usize,
    data_bytes: usize,
}

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

    /// What is known of a code object, made when first asked for.
    pub fn code(&mut self, code: Value) -> &mut CodeNotes {
        self.codes.row(code, CodeNotes::default)
    }

    /// The header's record, made when first asked for.
    pub fn header(&mut self, code: Value, pc: u32) -> &mut Header {
        let headers = &mut self.code(code).headers;
        let at = headers.iter().position(|h| h.0 == pc).unwrap_or_else(|| {
            headers.push((pc, Header::default()));
            headers.len() - 1
        });
        &mut headers[at].1
    }

    pub fn find_header(&self, code: Value, pc: u32) -> Option<&Header> {
        self.codes.get(code)?.headers.iter().find(|h| h.0 == pc).map(|h| &h.1)
    }

    /// The fragment that starts at this header.
    pub fn fragment_at(&self, code: Value, pc: u32) -> Option<FragmentId> {
        self.find_header(code, pc)?.fragment
    }

    /// The valid fragment that starts at this header, with the registers it reads.
    pub fn entry_at(&self, code: Value, pc: u32) -> Option<(FragmentId, Vec<u16>)> {
        let id = self.fragment_at(code, pc)?;
        let fragment = self.fragments.get(&id)?;
        let hoop_ir::Entry::Loop { regs } = &fragment.trace.entry else { return None };
        (fragment.flag.get() != 0).then(|| (id, regs.clone()))
    }

    /// The valid fragment of a function whose code this is, if it is worth calling, with its parameter registers.
    pub fn function_at(&self, code: Value) -> Option<(FragmentId, Vec<u16>)> {
        let header = self.find_header(code, 0).filter(|h| !h.resting)?;
        let fragment = self.fragments.get(&header.fragment?)?;
        matches!(fragment.origin, Origin::Function { .. }).then(|| self.entry_at(code, 0)).flatten()
    }

    /// Adds a compiled trace, without its exits.
    pub fn add(&mut self, id: FragmentId, fragment: Fragment) {
        for on in fragment.parent.iter().chain(&fragment.target).chain(&fragment.calls) {
            self.depends(id, *on);
        }
        self.code_bytes += fragment.code_bytes;
        self.data_bytes += fragment.data_bytes;
        self.young.push(id);
        self.fragments.insert(id, fragment);
    }

    fn depends(&mut self, id: FragmentId, on: FragmentId) {
        let Some(f) = self.fragments.get_mut(&on) else { return };
        let mut dependents = std::mem::take(&mut f.dependents);
        if dependents.len() == dependents.capacity() {
            dependents.retain(|d| self.fragments.contains_key(d));
        }
        dependents.push(id);
        self.fragments.get_mut(&on).into_iter().for_each(|f| f.dependents = std::mem::take(&mut dependents));
    }

    /// The fragment's code was made again.
    pub fn set_code_bytes(&mut self, id: FragmentId, bytes: usize) {
        let Some(f) = self.fragments.get_mut(&id) else { return };
        self.code_bytes = self.code_bytes - f.code_bytes + bytes;
        f.code_bytes = bytes;
    }

    /// Notes the exits of a compiled trace. Guards that share an exit come several times. Counts go over from the
    /// exits that the trace had before.
    pub fn add_exits(&mut self, id: FragmentId, exits: impl Iterator<Item = GuardExit>) -> Vec<ExitId> {
        let Some(trace) = self.fragments.get(&id).map(|f| f.trace.clone()) else { return Vec::new() };
        let mut before: HashMap<(SnapshotId, ExitKind), Taken> = HashMap::default();
        for e in self.exits_of(id) {
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
        self.fragments.get_mut(&id).into_iter().for_each(|f| f.exits.extend_from_slice(&added));
        added
    }

    fn exits_of(&self, id: FragmentId) -> impl Iterator<Item = &Exit> {
        let ids = self.fragment(id).map_or(&[][..], |f| &f.exits);
        ids.iter().filter_map(|e| self.exits.get(e))
    }

    /// The exit of `parent` that goes to this bridge.
    pub fn exit_to(&self, parent: FragmentId, bridge: FragmentId) -> Option<&Exit> {
        self.exits_of(parent).find(|e| e.counts.bridge == Some(bridge))
    }

    /// The bridge on another exit of the same place: code compiled again has exits of its own.
    pub fn sibling_bridge(&self, id: ExitId) -> Option<FragmentId> {
        let e = self.exits.get(&id)?;
        let same = |o: &&Exit| (o.snapshot, o.kind) == (e.snapshot, e.kind);
        self.exits_of(e.fragment).filter(same).find_map(|o| o.counts.bridge)
    }

    /// Everything that must go with `id`: its tree's bridges, and what jumps to any of them.
    fn dependents(&self, id: FragmentId) -> HashSet<FragmentId> {
        let mut set = HashSet::default();
        let mut work = vec![id];
        while let Some(id) = work.pop() {
            let Some(f) = self.fragments.get(&id) else { continue };
            if set.insert(id) {
                work.extend_from_slice(&f.dependents);
                // A merged bridge is part of its tree's code.
                work.extend(f.merged.then_some(f.tree));
            }
        }
        set
    }

    /// Drops a fragment and its dependents. Gives what was dropped.
    pub fn drop_fragment(&mut self, id: FragmentId) -> Vec<(FragmentId, Origin)> {
        let mut dropped = Vec::new();
        for f in self.dependents(id) {
            let Some(fragment) = self.fragments.remove(&f) else { continue };
            fragment.flag.set(0);
            self.code_bytes -= fragment.code_bytes;
            self.data_bytes -= fragment.data_bytes;
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
                let notes = self.codes.get_mut(code);
                let header = notes.and_then(|n| n.headers.iter_mut().find(|h| h.0 == pc));
                header.into_iter().for_each(|h| h.1.fragment = None);
            }
            Origin::Bridge { .. } => {
                let parent = fragment.parent.and_then(|p| self.fragment(p));
                for exit in parent.map(|p| p.exits.clone()).unwrap_or_default() {
                    let exit = self.exits.get_mut(&exit).filter(|e| e.counts.bridge == Some(id));
                    exit.into_iter().for_each(|e| (e.counts.bridge, e.counts.since) = (None, 0));
                }
            }
        }
        if let Some(root) = self.fragments.get_mut(&fragment.tree) {
            root.bridges.retain(|&b| b != id);
        }
    }

    /// These exits are gone with their code, and so is all dropped code but that of `running` fragments: forgets what only
    /// running code could ask for.
    pub fn bury(&mut self, running: &HashSet<FragmentId>, gone: &[ExitId]) {
        let mut fewer: Vec<FragmentId> = Vec::new();
        for exit in gone {
            fewer.extend(self.exits.remove(exit).map(|e| e.fragment));
        }
        fewer.dedup();
        for id in fewer {
            let exits = &self.exits;
            let fragment = self.fragments.get_mut(&id);
            fragment.into_iter().for_each(|f| f.exits.retain(|e| exits.contains_key(e)));
        }
        self.bury_but(|id, _| running.contains(&id));
    }

    fn bury_but(&mut self, mut stays: impl FnMut(FragmentId, &Fragment) -> bool) {
        let exits = &mut self.exits;
        self.graveyard.retain(|&id, f| {
            let stays = stays(id, f);
            if !stays {
                f.exits.iter().for_each(|e| _ = exits.remove(e));
            }
            stays
        });
    }

    /// Bytes of machine code of live fragments.
    pub fn code_bytes(&self) -> usize {
        self.code_bytes
    }

    /// All bytes that live fragments take.
    pub fn bytes(&self) -> usize {
        self.code_bytes + self.data_bytes
    }

    /// The trees, those first that were not used for the longest time. What a tree calls or jumps to is used as late as
    /// the tree; `running` fragments are used now.
    pub fn oldest_trees(&self, running: &HashSet<FragmentId>) -> Vec<FragmentId> {
        let mut used: Vec<(u64, FragmentId)> = Vec::with_capacity(self.fragments.len());
        for (&id, f) in &self.fragments {
            used.push((if running.contains(&id) { self.now + 1 } else { f.used }, id));
        }
        used.sort_unstable_by(|a, b| b.cmp(a));
        let (mut seen, mut trees, mut listed) = (HashSet::default(), Vec::new(), HashSet::default());
        for (_, id) in used {
            let mut work = vec![id];
            while let Some(id) = work.pop() {
                if let Some(f) = self.fragments.get(&id).filter(|_| seen.insert(id)) {
                    work.extend(f.calls.iter().chain(&f.target));
                    trees.extend(listed.insert(f.tree).then_some(f.tree));
                }
            }
        }
        trees.reverse();
        trees
    }

    // ---- collections

    /// Whether a minor collection concerns the store at all.
    pub fn is_young(&self) -> bool {
        !self.young.is_empty()
    }

    /// Marks what fragments keep alive: plain data, and whatever code that runs can get to.
    pub fn mark(&self, marker: &mut Marker, running: &HashSet<FragmentId>) {
        if marker.is_minor() {
            for &id in &self.young {
                self.fragment(id).into_iter().for_each(|f| f.roots.mark(marker, running.contains(&id)));
            }
        } else {
            for (id, f) in self.fragments.iter().chain(&self.graveyard) {
                f.roots.mark(marker, running.contains(id));
            }
        }
    }

    /// The fragments that name dead objects, in order.
    pub fn dead_fragments(&self, survivors: &Survivors) -> Vec<FragmentId> {
        let is_dead = |id: &FragmentId| self.fragments.get(id).is_some_and(|f| !f.roots.are_alive(survivors));
        let mut dead: Vec<FragmentId> = if survivors.full {
            self.fragments.keys().copied().filter(is_dead).collect()
        } else {
            self.young.iter().copied().filter(is_dead).collect()
        };
        dead.sort_unstable();
        dead
    }

    /// After the dead fragments were dropped: nothing that is left names a dead object.
    pub fn forget_dead(&mut self, survivors: &Survivors, running: &HashSet<FragmentId>) {
        if survivors.full {
            self.bury_but(|id, _| running.contains(&id));
        } else if !self.young.is_empty() {
            self.bury_but(|id, f| running.contains(&id) || f.roots.are_alive(survivors));
        }
        let mut young = std::mem::take(&mut self.young);
        young.retain(|&id| self.fragment(id).is_some_and(|f| !f.roots.are_old(survivors)));
        self.young = young;
        self.codes.forget_dead(survivors);
    }
}
