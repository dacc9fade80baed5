//! The report of `--jit-stats`: counters, and where the interpreter enters compiled code and is entered from it most.

use crate::driver::Tracer;
use hoop_engine::Guest;
use hoop_ir::ExitId;
use rustc_hash::FxHashMap as HashMap;

/// Rows of each kind in a report.
const ROWS: usize = 20;

impl<G: Guest> Tracer<G> {
    /// The counters, the fragments most entered and the exits most taken, as `name: value` lines.
    pub fn report(&self, vm: &mut G::Vm) -> String {
        let mut out = self.shared.counters.report();
        for (entered, title) in self.top_entries(ROWS) {
            out += &format!("entry: {entered} x {title}\n");
        }
        for (taken, text) in self.top_exits(vm, ROWS) {
            out += &format!("exit: {taken} x {text}\n");
        }
        out
    }

    /// The fragments most often entered from the interpreter: count, and title.
    pub fn top_entries(&self, n: usize) -> Vec<(u64, String)> {
        let store = self.shared.store.borrow();
        let entered = store.fragments.values().filter(|f| f.entries.get() > 0);
        let mut rows: Vec<(u64, String)> = entered.map(|f| (f.entries.get(), f.title.clone())).collect();
        rows.sort_unstable_by(|a, b| b.cmp(a));
        rows.truncate(n);
        rows
    }

    /// The exits most often taken to the interpreter: count, and guard with place. A place has an exit for each time that
    /// its trace was compiled, and the later ones have taken over the counts of those before.
    pub fn top_exits(&self, vm: &mut G::Vm, n: usize) -> Vec<(u64, String)> {
        let mut places = HashMap::default();
        for (&id, e) in &self.shared.store.borrow().exits {
            let most = places.entry((e.fragment, e.snapshot, e.kind)).or_insert((0, id));
            *most = (*most).max((e.counts.taken, id));
        }
        let mut rows: Vec<(u64, ExitId)> = places.into_values().filter(|r| r.0 > 0).collect();
        rows.sort_unstable_by(|a, b| b.cmp(a));
        rows.truncate(n);
        rows.into_iter().filter_map(|(taken, id)| Some((taken, self.describe_exit(vm, id)?))).collect()
    }

    fn describe_exit(&self, vm: &mut G::Vm, id: ExitId) -> Option<String> {
        let (title, guard, code, pc, bridged) = {
            let store = self.shared.store.borrow();
            let e = store.exits.get(&id)?;
            let f = store.fragment(e.fragment)?;
            let frame = f.trace.snapshots.get(e.snapshot.0 as usize)?.frames.last()?;
            let code = f.roots.values().get(frame.code as usize).copied()?;
            (f.title.clone(), f.trace.op(e.guard).code.text(), code, frame.pc, e.counts.bridge.is_some())
        };
        let bridged = if bridged { ", bridged" } else { "" };
        Some(format!("{guard} in {title} at {}{bridged}", G::describe(vm, code, pc)))
    }
}
