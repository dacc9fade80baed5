//! From a recording to a fragment: optimizer, backend, store.

use crate::driver::Tracer;
use crate::dump::{GuestNames, Stage, trace_text};
use crate::record::{End, ExitWhy, Recording};
use crate::roots::{RootTable, Roots};
use crate::stats::Abort;
use crate::store::{Exit, Fragment, Origin};
use hoop_engine::{Guest, HeaderState, ValidFlag};
use hoop_ir::{
    BackendError, CompiledUnit, Descriptors, Effort, ExitId, FragmentId, Optimize, OptimizeError, Trace,
    UnitTrace,
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
    roots: Rc<Roots>,
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
        let values = recording.roots.borrow().clone();
        let roots = Rc::new(Roots::new(&values, |v| G::is_data(vm, v)));
        let words = roots.words();
        self.tell_parent(id, origin);
        let mut trace = self.optimize(id, recording.trace, &words, recording.end == End::Close)?;
        trace.shrink();
        self.check_trace(&trace, "optimized", &title)?;
        self.dump_trace(Stage::Optimized, &title, &trace, &names);
        let target = if let End::Fragment(f) = recording.end { Some(f) } else { None };
        let leaves = recording.end == End::Exit(ExitWhy::Left);
        let (flag, calls) = (recording.flag, recording.calls);
        let candidate = Candidate { id, trace: Rc::new(trace), roots, flag, target, calls, leaves, title };
        if let Err(reason) = self.install(vm, candidate, origin) {
            self.optimizer.borrow_mut().forget(id);
            return Err(reason);
        }
        self.keep_to_budget(vm, id);
        self.reclaim_if_due(vm);
        self.tell_heap(vm);
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
        let trace = result.map_err(|e| {
            self.optimizer.borrow_mut().forget(id);
            match e {
                OptimizeError::GuardAlwaysFails => Abort::GuardAlwaysFails,
                OptimizeError::TooLong => Abort::OptimizerTooLong,
            }
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

    /// Compiles a unit; if there is no room for it, after dropping others.
    pub(crate) fn backend_compile(
        &self,
        vm: &mut G::Vm,
        unit: &[UnitTrace],
        effort: Effort,
        title: &str,
    ) -> Result<CompiledUnit, Abort> {
        let counters = &self.shared.counters;
        let start = self.now();
        let descriptors = self.shared.descriptors.borrow();
        let mut result = self.backend.compile(unit, effort, &descriptors);
        while matches!(result, Err(BackendError::OutOfCodeMemory)) && self.make_room(vm, unit[0].fragment) {
            result = self.backend.compile(unit, effort, &descriptors);
        }
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
    fn install(&self, vm: &mut G::Vm, c: Candidate, origin: Origin) -> Result<(), Abort> {
        let words = c.roots.words();
        let unit = [UnitTrace {
            fragment: c.id,
            trace: &c.trace,
            parent: None,
            roots: &words,
            valid_flag: c.flag.as_ptr() as usize,
        }];
        let id = c.id;
        let heat = self.heat(origin);
        let effort = self.first_effort(&heat);
        let compiled = self.backend_compile(vm, &unit, effort, &c.title)?;
        // Making room may have dropped what the trace relies on.
        if !self.still_holds(&c, origin) {
            self.backend.free(id);
            return Err(Abort::Invalidated);
        }
        let mut store = self.shared.store.borrow_mut();
        let parent = match origin {
            Origin::Bridge { exit } => store.exits.get(&exit).map(|e| e.fragment),
            _ => None,
        };
        let (tree, depth) =
            parent.and_then(|p| store.fragments.get(&p)).map_or((id, 0), |p| (p.tree, p.depth + 1));
        let Candidate { trace, roots, flag, target, calls, leaves, title, .. } = c;
        let (code_bytes, used) = (compiled.code_bytes, store.now);
        let (bridges, merged, quick) = (Vec::new(), false, effort != Effort::Best);
        let data_bytes = size_of::<Fragment>()
            + trace.bytes()
            + roots.bytes()
            + title.len()
            + compiled.data_bytes
            + self.optimizer.borrow().bytes(id)
            + compiled.exits.len() * size_of::<(ExitId, Exit)>();
        let fragment = Fragment {
            origin,
            trace,
            roots,
            flag,
            target,
            calls,
            dependents: Vec::new(),
            exits: Vec::new(),
            parent,
            tree,
            depth,
            code_bytes,
            data_bytes,
            used,
            bridges,
            merged,
            heat,
            entries: Rc::default(),
            quick,
            leaves,
            title,
        };
        store.add(id, fragment);
        store.add_exits(id, compiled.exits.into_iter());
        drop(store);
        self.count_bytes();
        self.connect(id, tree, origin);
        Ok(())
    }

    fn still_holds(&self, c: &Candidate, origin: Origin) -> bool {
        let others = c.calls.iter().chain(&c.target);
        others.copied().all(|f| self.is_valid(f)) && self.hangs_on_valid(origin)
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
