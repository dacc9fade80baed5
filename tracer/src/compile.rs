//! From a recording to a fragment: optimizer, backend, store.

use crate::driver::Tracer;
use crate::dump::{GuestNames, Stage, trace_text};
use crate::record::{End, ExitWhy, Recording, RootTable};
use crate::stats::Abort;
use crate::store::{Exit, Fragment, Origin};
use hoop_engine::{Guest, HeaderState, ValidFlag};
use hoop_ir::{
    BackendError, CompiledUnit, Descriptors, Effort, FragmentId, Optimize, OptimizeError, Trace, UnitTrace,
};
use std::rc::Rc;

/// Leaves traces as they were recorded.
pub struct NoOptimizer;

impl Optimize for NoOptimizer {
    fn optimize(
        &mut self,
        _fragment: FragmentId,
        trace: Trace,
        _roots: &[u64],
        _descriptors: &Descriptors,
        _peel: bool,
    ) -> Result<Trace, OptimizeError> {
        Ok(trace)
    }

    fn forget(&mut self, _fragment: FragmentId) {}
}

/// What was optimized and is about to be compiled.
struct Candidate {
    id: FragmentId,
    trace: Rc<Trace>,
    words: Rc<[u64]>,
    roots: RootTable,
    flag: ValidFlag,
    target: Option<FragmentId>,
    calls: Vec<FragmentId>,
    leaves: bool,
    title: String,
}

impl<G: Guest> Tracer<G> {
    /// Optimizes, compiles and installs a recording.
    pub(crate) fn compile(&self, vm: &mut G::Vm, recording: Recording, origin: Origin) -> Result<(), Abort> {
        let id = recording.id.unwrap_or_else(|| self.shared.store.borrow_mut().next_id());
        let title = self.title(vm, id, origin);
        let names = self.names(vm, &recording.trace, &recording.roots);
        self.check_trace(&recording.trace, "recorded", &title)?;
        self.dump_trace(Stage::Recorded, &title, &recording.trace, &names);
        let words: Rc<[u64]> = recording.roots.borrow().iter().map(|v| v.bits()).collect();
        self.tell_parent(id, origin);
        let trace = self.optimize(id, recording.trace, &words, recording.end == End::Close)?;
        self.check_trace(&trace, "optimized", &title)?;
        self.dump_trace(Stage::Optimized, &title, &trace, &names);
        let target = if let End::Fragment(f) = recording.end { Some(f) } else { None };
        let leaves = recording.end == End::Exit(ExitWhy::Left);
        let (roots, flag, calls) = (recording.roots, recording.flag, recording.calls);
        let candidate =
            Candidate { id, trace: Rc::new(trace), words, roots, flag, target, calls, leaves, title };
        if let Err(reason) = self.install(candidate, origin) {
            self.optimizer.borrow_mut().forget(id);
            return Err(reason);
        }
        self.keep_to_budget(id);
        Ok(())
    }

    /// The optimizer may start a bridge with what was known at its exit.
    fn tell_parent(&self, id: FragmentId, origin: Origin) {
        let Origin::Bridge { exit } = origin else { return };
        let store = self.shared.store.borrow();
        if let Some(e) = store.exits.get(&exit) {
            self.optimizer.borrow_mut().hangs_on(id, e.fragment, e.snapshot);
        }
    }

    fn optimize(&self, id: FragmentId, trace: Trace, words: &[u64], peel: bool) -> Result<Trace, Abort> {
        let counters = &self.shared.counters;
        let start = self.now();
        counters.add(&counters.optimizer_in, trace.ops.len() as u64);
        let descriptors = self.shared.descriptors.borrow();
        let result = self.optimizer.borrow_mut().optimize(id, trace, words, &descriptors, peel);
        counters.add(&counters.optimize_ns, self.now() - start);
        let trace = result.map_err(|e| match e {
            OptimizeError::GuardAlwaysFails => Abort::GuardAlwaysFails,
            OptimizeError::TooLong => Abort::OptimizerTooLong,
        })?;
        counters.add(&counters.optimizer_out, trace.ops.len() as u64);
        Ok(trace)
    }

    /// In debug builds and with `check=1`: is the trace well formed?
    fn check_trace(&self, trace: &Trace, stage: &str, title: &str) -> Result<(), Abort> {
        if !(cfg!(debug_assertions) || self.shared.options.check != 0) {
            return Ok(());
        }
        let descriptors = self.shared.descriptors.borrow();
        let Err(error) = hoop_ir::verify::verify(trace, &descriptors) else { return Ok(()) };
        let text = format!("{title} as {stage} is not well formed: {error}");
        self.dump(Stage::Abort, &text, &hoop_ir::text::print(trace, &descriptors));
        assert!(self.shared.options.check == 0, "{text}");
        self.shared.counters.count_offence(text);
        Err(Abort::Malformed)
    }

    pub(crate) fn backend_compile(
        &self,
        unit: &[UnitTrace],
        effort: Effort,
        title: &str,
    ) -> Result<CompiledUnit, Abort> {
        let counters = &self.shared.counters;
        let start = self.now();
        let descriptors = self.shared.descriptors.borrow();
        let result = self.backend.compile(unit, effort, &descriptors);
        counters.add(&counters.compile_ns, self.now() - start);
        let compiled = result.map_err(|e| {
            if let BackendError::Unsupported(what) = e {
                counters.count_offence(format!("{title}: the backend does not support {what}"));
            }
            Abort::Backend
        })?;
        counters.add(&counters.code_bytes_total, compiled.code_bytes as u64);
        if self.dumps() {
            for (stage, name) in [(Stage::Backend, "clif"), (Stage::Machine, "asm")] {
                self.backend.listing(name).iter().for_each(|text| self.dump(stage, title, text));
            }
        }
        Ok(compiled)
    }

    /// Compiles one trace alone, quickly at first, and makes it reachable.
    fn install(&self, c: Candidate, origin: Origin) -> Result<(), Abort> {
        let unit = [UnitTrace {
            fragment: c.id,
            trace: &c.trace,
            parent: None,
            roots: &c.words,
            valid_flag: c.flag.as_ptr() as usize,
        }];
        let id = c.id;
        let heat = self.heat(origin);
        let effort = self.first_effort(&heat);
        let compiled = self.backend_compile(&unit, effort, &c.title)?;
        let mut store = self.shared.store.borrow_mut();
        let parent = match origin {
            Origin::Bridge { exit } => store.exits.get(&exit).map(|e| e.fragment),
            _ => None,
        };
        let (tree, depth) =
            parent.and_then(|p| store.fragments.get(&p)).map_or((id, 0), |p| (p.tree, p.depth + 1));
        let Candidate { trace, words, roots, flag, target, calls, leaves, title, .. } = c;
        let (code_bytes, used) = (compiled.code_bytes, store.now);
        let (bridges, merged, quick) = (Vec::new(), false, effort != Effort::Best);
        let trace_bytes = trace.bytes() + compiled.exits.len() * size_of::<Exit>();
        let fragment = Fragment {
            origin,
            trace,
            roots,
            words,
            flag,
            target,
            calls,
            parent,
            tree,
            depth,
            code_bytes,
            trace_bytes,
            used,
            bridges,
            merged,
            heat,
            entries: Rc::default(),
            quick,
            leaves,
            title,
        };
        store.fragments.insert(id, fragment);
        store.add_exits(id, compiled.exits.into_iter());
        let bytes = store.code_bytes() as u64;
        drop(store);
        self.shared.counters.code_bytes.set(bytes);
        self.connect(id, tree, origin);
        Ok(())
    }

    /// Makes the header or exit lead to the fragment.
    fn connect(&self, id: FragmentId, tree: FragmentId, origin: Origin) {
        let counters = &self.shared.counters;
        match origin {
            Origin::Loop { code, pc } | Origin::Function { code, pc } => {
                let function = matches!(origin, Origin::Function { .. });
                let counter = if function { &counters.functions } else { &counters.loops };
                counters.add(counter, 1);
                let mut store = self.shared.store.borrow_mut();
                let header = store.header(code, pc);
                (header.fragment, header.aborts, header.left) = (Some(id), 0, 0);
                header.resting = false;
                G::set_header_state(code, pc, HeaderState::Compiled);
            }
            Origin::Bridge { exit } => {
                counters.add(&counters.bridges, 1);
                self.backend.attach_bridge(exit, id);
                let mut store = self.shared.store.borrow_mut();
                if let Some(e) = store.exits.get_mut(&exit) {
                    (e.counts.bridge, e.counts.aborts, e.counts.since) = (Some(id), 0, 0);
                }
                if let Some(root) = store.fragments.get_mut(&tree) {
                    root.bridges.push(id);
                }
            }
        }
    }

    /// Drops what was not used for the longest time while there is too much code.
    fn keep_to_budget(&self, keep: FragmentId) {
        let limit = self.shared.options.code_kb as usize * 1024;
        let keep = self.shared.store.borrow().fragments.get(&keep).map_or(keep, |f| f.tree);
        loop {
            let oldest = {
                let store = self.shared.store.borrow();
                if store.bytes() <= limit { None } else { store.oldest_tree(keep) }
            };
            let Some(oldest) = oldest else { return };
            self.drop_tree(oldest);
        }
    }

    // ---- names

    fn title(&self, vm: &mut G::Vm, id: FragmentId, origin: Origin) -> String {
        let n = id.0;
        match origin {
            Origin::Loop { code, pc } => format!("loop {n} at {}", G::describe(vm, code, pc)),
            Origin::Function { code, pc } => format!("function {n} at {}", G::describe(vm, code, pc)),
            Origin::Bridge { exit } => {
                let store = self.shared.store.borrow();
                let parent = store.exits.get(&exit).map_or(0, |e| e.fragment.0);
                let guard = store.exits.get(&exit).map_or(0, |e| e.guard.0);
                format!("bridge {n} on v{guard} of {parent}")
            }
        }
    }

    fn names(&self, vm: &mut G::Vm, trace: &Trace, roots: &RootTable) -> GuestNames {
        let mut names = GuestNames::default();
        if !self.dumps() {
            return names;
        }
        let values = roots.borrow().clone();
        names.roots = values.iter().map(|&v| G::describe_value(vm, v)).collect();
        for p in &trace.places {
            let code = values[p.code as usize];
            names.places.entry((p.code, p.pc)).or_insert_with(|| G::describe(vm, code, p.pc));
        }
        names
    }

    fn dump_trace(&self, stage: Stage, title: &str, trace: &Trace, names: &GuestNames) {
        if self.dumps() {
            let text = trace_text(trace, &self.shared.descriptors.borrow(), names);
            self.dump(stage, title, &text);
        }
    }
}
