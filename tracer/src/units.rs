//! Warm trees become units: how fragments get their second, better machine code.
//!
//! A fragment is compiled at first with little effort, and alone: code that is soon there, and that counts its passes (polls
//! at loop headers and calls, entries of bridges, entries from the interpreter) down in the *heat* of its tree. When that gets
//! to 0, the code sets the interrupt word's bit `WARM`; whoever polls next leaves its code, and the tracer compiles the
//! whole tree, loop and bridges, as one unit with the best effort. Bridges that come later are quick code again, and
//! count anew. So what is compiled twice has run so often that it pays, and what runs seldom is never compiled well.
//!
//! The best code costs about as much time as it saves in some ten thousand passes through all of it. A pass goes through
//! one path of a branchy tree only, so the passes that a tree needs grow with its size.

use crate::driver::Tracer;
use crate::roots::Roots;
use crate::store::{Fragment, Origin, Store};
use hoop_engine::{Guest, ValidFlag};
use hoop_ir::{CompiledUnit, Effort, ExitId, FragmentId, GuardExit, OpRef, Trace, UnitTrace};
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

/// Passes of a tree's quick code until it is warm.
#[derive(Default)]
pub(crate) struct Heat {
    /// Those that are left; not positive when the tree is warm. Compiled code counts it down.
    left: Cell<i64>,
    /// How many there were to be, since the tree was last compiled.
    given: Cell<i64>,
}

impl Heat {
    /// Counts an entry of quick code from the interpreter. True: the tree is warm now.
    pub fn count_entry(&self) -> bool {
        let left = self.left.get().saturating_sub(1);
        self.left.set(left);
        left == 0
    }

    fn give(&self, passes: i64) {
        self.left.set(self.left.get().max(0) + passes);
        self.given.set(self.given.get() + passes);
    }
}

/// Operations that a tree may have before it needs more passes than the least.
const SMALL_TREE: i64 = 100;

impl<G: Guest> Tracer<G> {
    /// What a new fragment counts down: its tree's heat. In a tree without quick code nothing was waiting for that to get
    /// to 0, so it may be used up.
    pub(crate) fn heat(&self, origin: Origin) -> Rc<Heat> {
        let store = self.shared.store.borrow();
        let parent = match origin {
            Origin::Bridge { exit } => store.exits.get(&exit).and_then(|e| store.fragments.get(&e.fragment)),
            _ => None,
        };
        let root = parent.and_then(|p| store.fragments.get(&p.tree));
        let quick = |id: &FragmentId| store.fragments.get(id).is_some_and(|f| f.quick);
        let waits = root.is_some_and(|root| root.quick || root.bridges.iter().any(quick));
        let heat = parent.map_or_else(Rc::default, |p| p.heat.clone());
        if !waits && heat.left.get() <= 0 {
            heat.give(i64::from(self.shared.options.warm));
        }
        heat
    }

    /// Of a fragment's first machine code.
    pub(crate) fn first_effort(&self, heat: &Heat) -> Effort {
        match self.shared.options.warm {
            0 => Effort::Best,
            _ => Effort::Quick { heat: heat.left.as_ptr() as usize },
        }
    }

    /// Compiles the trees that are warm again.
    pub(crate) fn compile_warm(&self, vm: &mut G::Vm) {
        let mut warm: Vec<FragmentId> = {
            let store = self.shared.store.borrow();
            let quick = store.fragments.values().filter(|f| f.quick && f.heat.left.get() <= 0);
            quick.map(|f| f.tree).collect()
        };
        warm.sort_unstable();
        warm.dedup();
        warm.into_iter().for_each(|tree| self.compile_tree(vm, tree));
        self.reclaim_if_due(vm);
    }

    /// The tree as one unit; bridges that do not fit in it alone.
    fn compile_tree(&self, vm: &mut G::Vm, tree: FragmentId) {
        let Some(parts) = self.tree_parts(tree) else { return };
        let ops: usize = parts.unit.iter().map(|p| p.trace.ops.len()).sum();
        let warm = i64::from(self.shared.options.warm);
        let needed = warm.max(warm * ops as i64 / SMALL_TREE);
        let missing = needed - parts.heat.given.get();
        if missing > 0 {
            return parts.heat.give(missing);
        }
        self.compile_unit(vm, &parts.unit);
        parts.alone.into_iter().for_each(|bridge| self.compile_unit(vm, &[bridge]));
        parts.heat.given.set(0);
        parts.heat.give(needed);
    }

    fn compile_unit(&self, vm: &mut G::Vm, parts: &[UnitPart]) {
        let words: Vec<Vec<u64>> = parts.iter().map(|p| p.roots.words()).collect();
        let unit: Vec<UnitTrace> = parts
            .iter()
            .zip(&words)
            .map(|(p, words)| UnitTrace {
                fragment: p.id,
                trace: &p.trace,
                parent: p.parent,
                roots: words,
                valid_flag: p.flag.as_ptr() as usize,
            })
            .collect();
        let counters = &self.shared.counters;
        match self.backend_compile(vm, &unit, Effort::Best, &format!("unit {}", parts[0].id.0)) {
            // Making room has dropped a part of what is in the code now.
            Ok(_) if parts.iter().any(|p| !self.shared.store.borrow().is_live(p.id)) => {
                parts.iter().for_each(|p| self.backend.free(p.id));
                self.drop_tree(parts[0].id);
            }
            Ok(compiled) => {
                counters.add(&counters.units, 1);
                self.install_unit(parts, compiled);
            }
            Err(_) => counters.add(&counters.unit_failures, 1),
        }
    }

    /// The traces of a tree, parents first, as many as fit in a unit; and the bridges with quick code that do not.
    fn tree_parts(&self, tree: FragmentId) -> Option<TreeParts> {
        let store = self.shared.store.borrow();
        let root = store.fragments.get(&tree)?;
        let mut unit = vec![UnitPart::new(tree, root, None)];
        let mut alone = Vec::new();
        let mut ops = root.trace.ops.len();
        for &b in &root.bridges {
            let Some(f) = store.fragments.get(&b) else { continue };
            ops += f.trace.ops.len();
            let fits = ops <= self.shared.options.unit_limit as usize;
            match store.place_in(&unit, f, b).filter(|_| fits) {
                Some(place) => unit.push(UnitPart::new(b, f, Some(place))),
                None if f.quick || f.merged => alone.push(UnitPart::new(b, f, None)),
                None => {}
            }
        }
        Some(TreeParts { unit, alone, heat: root.heat.clone() })
    }

    fn install_unit(&self, parts: &[UnitPart], compiled: CompiledUnit) {
        let mut exits: HashMap<usize, Vec<GuardExit>> = HashMap::new();
        compiled.exits.into_iter().for_each(|g| exits.entry(g.trace).or_default().push(g));
        let mut attach: Vec<(ExitId, FragmentId)> = Vec::new();
        let mut store = self.shared.store.borrow_mut();
        for (i, part) in parts.iter().enumerate() {
            store.set_code_bytes(part.id, if i == 0 { compiled.code_bytes } else { 0 });
            let Some(f) = store.fragments.get_mut(&part.id) else { continue };
            (f.merged, f.quick) = (i > 0, false);
            let added = store.add_exits(part.id, exits.remove(&i).unwrap_or_default().into_iter());
            for id in added {
                // Bridges that did not fit stay on their own.
                let bridge = store.exits.get(&id).and_then(|e| e.counts.bridge);
                attach.extend(bridge.filter(|b| parts.iter().all(|p| p.id != *b)).map(|b| (id, b)));
            }
        }
        drop(store);
        attach.into_iter().for_each(|(exit, bridge)| self.backend.attach_bridge(exit, bridge));
        self.count_bytes();
    }
}

impl Store {
    /// Where in the unit a bridge hangs: which part, and on which of its guards.
    fn place_in(&self, unit: &[UnitPart], f: &Fragment, bridge: FragmentId) -> Option<(usize, OpRef)> {
        let parent = f.parent?;
        let index = unit.iter().position(|p| p.id == parent)?;
        self.exit_to(parent, bridge).map(|e| (index, e.guard))
    }
}

struct TreeParts {
    unit: Vec<UnitPart>,
    alone: Vec<UnitPart>,
    heat: Rc<Heat>,
}

/// One trace of a unit to be compiled.
struct UnitPart {
    id: FragmentId,
    trace: Rc<Trace>,
    roots: Rc<Roots>,
    flag: ValidFlag,
    parent: Option<(usize, OpRef)>,
}

impl UnitPart {
    fn new(id: FragmentId, f: &Fragment, parent: Option<(usize, OpRef)>) -> UnitPart {
        UnitPart { id, trace: f.trace.clone(), roots: f.roots.clone(), flag: f.flag.clone(), parent }
    }
}
