//! The driver: runs frames, enters compiled code, takes its exits, and starts recordings.

use crate::dump::{Dump, Stage};
use crate::exits::{self, Scratch};
use crate::options::Options;
use crate::plain_exit::PlainExit;
use crate::record::BridgeStart;
use crate::record::{End, ExitWhy, Record, Recording};
use crate::roots::{Pinned, Pins, RootTable};
use crate::stats::{Abort, Counters};
use crate::store::{ExitKind, ExitPlan, Origin, Store};
use crate::ways::{Tries, WayIn, WaysIn};
use hoop_engine::{
    Callee, Context, Engine, Guest, HeaderState, JitHost, NewFrame, Raise, Reg, Run, RunExit, Step, VmState,
    interrupt,
};
use hoop_gc::Value;
use hoop_ir::{
    Backend, CalleeId, Descriptors, ExitId, FragmentId, Opcode, Optimize, Outcome, SnapshotId, Trace, Ty,
};
use rustc_hash::FxHashMap as HashMap;
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;

/// What tracer and recorder share.
pub(crate) struct Shared {
    pub options: Options,
    pub counters: Counters,
    pub descriptors: RefCell<Descriptors>,
    callees: RefCell<HashMap<(usize, Opcode), CalleeId>>,
    pub store: RefCell<Store>,
    /// The root table of the recording under way, until it is a fragment.
    pub recording_roots: RefCell<Option<RootTable>>,
    /// Those of fragments whose exits are being taken.
    pub pins: Rc<Pins>,
}

impl Shared {
    /// Counts towards the code's not being inlined any more. True: it is not from now on.
    pub fn blame(&self, code: Value, weight: u32) -> bool {
        let most = self.options.branchy;
        let mut store = self.store.borrow_mut();
        let notes = store.code(code);
        let before = notes.inlined_bridges;
        notes.inlined_bridges = before.saturating_add(weight);
        let reached = most != 0 && before < most && notes.inlined_bridges >= most;
        notes.not_inlined |= reached;
        reached
    }

    /// Whether traces call this code's functions, or leave its frames alone, rather than inline them.
    pub fn is_not_inlined(&self, code: Value) -> bool {
        self.store.borrow().codes.get(code).is_some_and(|notes| notes.not_inlined)
    }

    pub fn inline_no_more(&self, code: Value) {
        self.store.borrow_mut().code(code).not_inlined = true;
    }

    /// The callee's row. A condition is called as an int.
    pub fn callee(&self, callee: &'static Callee, code: Opcode) -> CalleeId {
        let key = (callee as *const Callee as usize, code);
        *self.callees.borrow_mut().entry(key).or_insert_with(|| {
            let mut descr = callee.descr();
            if code == Opcode::CallInt {
                descr.ret = Ty::Int;
            }
            self.descriptors.borrow_mut().callee(descr)
        })
    }
}

/// A meta-tracing just-in-time compiler for one guest machine. See the crate text.
pub struct Tracer<G: Guest> {
    pub(crate) shared: Shared,
    pub(crate) optimizer: RefCell<Box<dyn Optimize>>,
    pub(crate) backend: Box<dyn Backend>,
    pub(crate) scratch: Scratch,
    recording: Cell<bool>,
    /// Compiling has panicked.
    broken: Cell<bool>,
    pub(crate) ways_in: WaysIn,
    /// Words of the machine stack that point into code, during a collection.
    pub(crate) words: RefCell<Vec<usize>>,
    /// What the heap was told that fragments take.
    pub(crate) told_bytes: Cell<usize>,
    clock: Option<Box<dyn Fn() -> u64>>,
    dump: Option<Dump>,
    guest: PhantomData<G>,
}

/// How the driver goes on.
pub(crate) enum Flow {
    /// In the interpreter, at the innermost frame.
    Run,
    /// The run is over.
    Done(Result<Value, Raise>),
}

impl<G: Guest> Tracer<G> {
    pub fn new(options: Options, optimizer: Box<dyn Optimize>, backend: Box<dyn Backend>) -> Tracer<G> {
        let shared = Shared {
            options,
            counters: Counters::default(),
            descriptors: RefCell::default(),
            callees: RefCell::default(),
            store: RefCell::default(),
            recording_roots: RefCell::default(),
            pins: Rc::default(),
        };
        Tracer {
            shared,
            optimizer: RefCell::new(optimizer),
            backend,
            scratch: Scratch::default(),
            recording: Cell::new(false),
            broken: Cell::new(false),
            ways_in: WaysIn::default(),
            words: RefCell::default(),
            told_bytes: Cell::default(),
            clock: None,
            dump: None,
            guest: PhantomData,
        }
    }

    /// Gives a clock (nanoseconds) for the times in the counters. Nothing is decided by it.
    pub fn with_clock(self, clock: Box<dyn Fn() -> u64>) -> Self {
        Tracer { clock: Some(clock), ..self }
    }

    /// Gives a sink for stage texts.
    pub fn with_dump(self, dump: Dump) -> Self {
        Tracer { dump: Some(dump), ..self }
    }

    pub fn options(&self) -> &Options {
        &self.shared.options
    }

    pub fn counters(&self) -> &Counters {
        &self.shared.counters
    }

    pub(crate) fn now(&self) -> u64 {
        self.clock.as_ref().map_or(0, |clock| clock())
    }

    pub(crate) fn dumps(&self) -> bool {
        self.dump.is_some()
    }

    pub(crate) fn dump(&self, stage: Stage, title: &str, text: &str) {
        if let Some(dump) = &self.dump {
            dump(stage, title, text);
        }
    }

    pub(crate) fn count(&self, counter: impl Fn(&Counters) -> &Cell<u64>, n: u64) {
        self.shared.counters.add(counter(&self.shared.counters), n);
    }

    // ---- the interpreter stopped at a hot or compiled place

    fn at_header(&self, vm: &mut G::Vm, floor: usize, function: bool) -> Flow {
        let Some((code, pc)) = place(vm.context()) else { return Flow::Run };
        if let Some(way) = self.ways_in.find(code, pc) {
            return self.enter(vm, floor, &way);
        }
        if function && G::is_loop_header(code, pc) {
            // The loop's own counter decides.
            return Flow::Run;
        }
        let fragment = self.shared.store.borrow_mut().header(code, pc).fragment;
        match fragment {
            Some(f) if self.is_valid(f) => {
                let way = self.way_in(code, pc, f, function);
                self.enter(vm, floor, &way)
            }
            Some(f) => {
                self.drop_fragment(f);
                Flow::Run
            }
            None if self.recording.get() => {
                let aborts = self.shared.store.borrow_mut().header(code, pc).aborts;
                let later = shifted(self.threshold(function), aborts);
                G::set_header_state(code, pc, HeaderState::Count(later));
                Flow::Run
            }
            None => self.record_header(vm, floor, code, pc, function),
        }
    }

    /// Remembers how to enter a fragment at its header.
    fn way_in(&self, code: Value, pc: u32, fragment: FragmentId, function: bool) -> Rc<WayIn> {
        let mut store = self.shared.store.borrow_mut();
        let header = store.header(code, pc);
        if header.resting {
            header.resting = false;
            G::set_header_state(code, pc, HeaderState::Compiled);
        }
        let (flag, heat, entries) = store
            .fragment(fragment)
            .map(|f| (f.flag.clone(), f.heat.clone(), f.entries.clone()))
            .unwrap_or_default();
        let (owner, tries) = (G::owner_register(code), Tries::default());
        self.ways_in.add(WayIn { code, pc, fragment, flag, heat, entries, function, owner, tries })
    }

    pub(crate) fn is_valid(&self, fragment: FragmentId) -> bool {
        self.shared.store.borrow().fragments.get(&fragment).is_some_and(|f| f.flag.get() != 0)
    }

    pub(crate) fn threshold(&self, function: bool) -> u32 {
        let options = &self.shared.options;
        (if function { options.function } else { options.threshold }).max(1)
    }

    fn record_header(&self, vm: &mut G::Vm, floor: usize, code: Value, pc: u32, function: bool) -> Flow {
        let mut rec = Record::at_loop(vm, self, !function);
        let owned = rec.root_is_owned();
        let (recording, done) = self.record(rec, floor, false);
        let origin = if function { Origin::Function { code, pc } } else { Origin::Loop { code, pc } };
        self.finish(vm, recording, origin, owned);
        done_flow::<G>(vm, done)
    }

    /// Executes and records until the recording ends.
    fn record(
        &self,
        mut rec: Record<G>,
        floor: usize,
        unwinds: bool,
    ) -> (Recording, Option<Result<(), Raise>>) {
        let start = self.now();
        self.recording.set(true);
        self.count(|c| &c.recordings, 1);
        let held = G::held(rec.run.vm());
        let attempt = catch_unwind(AssertUnwindSafe(|| drive(&mut rec, floor, unwinds)));
        // The exception that stands for a panic is raised where the next run begins.
        let done = attempt.unwrap_or_else(|payload| {
            rec.panicked(held, payload);
            None
        });
        if self.dumps()
            && let Some(End::Abort(reason)) = rec.end()
            && done.is_none()
        {
            let place = rec.describe_here();
            self.dump(Stage::Abort, reason.text(), &place);
        }
        let recording = rec.finish();
        self.recording.set(false);
        self.count(|c| &c.recorded_instructions, recording.instructions as u64);
        self.count(|c| &c.recorded_ops, recording.trace.ops.len() as u64);
        self.count(|c| &c.record_ns, self.now() - start);
        (recording, done)
    }

    /// Compiles a recording or notes why not.
    fn finish(&self, vm: &mut G::Vm, recording: Recording, origin: Origin, owned: bool) {
        let blamed = recording.blamed;
        let inner = recording.inner;
        let result = match self.verdict(&recording, origin, owned) {
            Some(reason) => Err(reason),
            None => self.compile_guarded(vm, recording, origin),
        };
        if let Err(reason) = result {
            self.give_up(blamed, inner, origin, reason);
        }
        self.shared.recording_roots.borrow_mut().take();
    }

    /// What becomes of a recording that is no fragment.
    fn give_up(&self, blamed: Option<Value>, inner: Option<(Value, u32)>, origin: Origin, reason: Abort) {
        self.shared.counters.count_abort(reason);
        if let Some(code) = blamed {
            self.shared.inline_no_more(code);
            self.soon_hot(code);
        }
        if let Some((code, pc)) = inner {
            self.hurry(code, pc);
        }
        self.back_off(origin, reason);
    }

    /// Compiles. After a panic there nothing is compiled any more: optimizer and backend are in an unknown state.
    fn compile_guarded(&self, vm: &mut G::Vm, recording: Recording, origin: Origin) -> Result<(), Abort> {
        if self.broken.get() {
            return Err(Abort::Panicked);
        }
        catch_unwind(AssertUnwindSafe(|| self.compile(vm, recording, origin))).unwrap_or_else(|_| {
            self.broken.set(true);
            Err(Abort::Panicked)
        })
    }

    /// A function that will not be inlined should have machine code of its own.
    fn soon_hot(&self, code: Value) {
        if self.shared.options.calls != 0 && !G::is_loop_header(code, 0) {
            self.hurry(code, 0);
        }
    }

    /// Others wait for machine code of this header: it is recorded at its next pass, unless that was tried in vain. Then
    /// its own back-off stands, whoever names it: recordings that name each other by turns must come to an end.
    fn hurry(&self, code: Value, pc: u32) {
        let mut store = self.shared.store.borrow_mut();
        let header = store.header(code, pc);
        if header.fragment.is_none() && header.aborts == 0 {
            G::set_header_state(code, pc, HeaderState::Count(1));
        }
    }

    /// Why a recording is not worth compiling.
    fn verdict(&self, recording: &Recording, origin: Origin, owned: bool) -> Option<Abort> {
        if recording.flag.get() == 0 {
            return Some(Abort::Invalidated);
        }
        if recording.calls.iter().any(|&f| !self.is_valid(f)) || !self.hangs_on_valid(origin) {
            return Some(Abort::Invalidated);
        }
        match (recording.end, origin) {
            (End::Abort(reason), _) => Some(reason),
            (End::Exit(ExitWhy::Interrupt), _) => Some(Abort::Interrupted),
            (End::Exit(_), Origin::Bridge { .. }) if recording.instructions < 2 => Some(Abort::LeftRoot),
            (End::Exit(ExitWhy::Left) | End::Finish, Origin::Loop { code, pc }) => {
                let mut store = self.shared.store.borrow_mut();
                let header = store.header(code, pc);
                header.left += 1;
                (owned || header.left <= LEAVES).then_some(Abort::LeftRoot)
            }
            _ => None,
        }
    }

    /// A bridge's parent may have been dropped while the bridge was recorded.
    pub(crate) fn hangs_on_valid(&self, origin: Origin) -> bool {
        let Origin::Bridge { exit } = origin else { return true };
        let parent = self.shared.store.borrow().exits.get(&exit).map(|e| e.fragment);
        parent.is_some_and(|parent| self.is_valid(parent))
    }

    /// The next attempt comes later, after consecutive failures exponentially so; never never. An interrupt or an
    /// invalidation is nobody's fault.
    fn back_off(&self, origin: Origin, reason: Abort) {
        let chance = matches!(reason, Abort::Interrupted | Abort::Invalidated);
        let mut store = self.shared.store.borrow_mut();
        match origin {
            Origin::Loop { code, pc } | Origin::Function { code, pc } => {
                let full = self.threshold(matches!(origin, Origin::Function { .. }));
                let header = store.header(code, pc);
                let soon = matches!(
                    reason,
                    Abort::InnerLoop | Abort::InnerFunction | Abort::TooLong | Abort::InlinedLoop
                );
                let base = if soon || chance { full / 16 + 2 } else { full };
                G::set_header_state(code, pc, HeaderState::Count(shifted(base, header.aborts)));
                header.aborts += !chance as u32;
            }
            Origin::Bridge { exit } => {
                if let Some(e) = store.exits.get_mut(&exit) {
                    e.counts.aborts += !chance as u32;
                    e.counts.since = 0;
                }
            }
        }
    }

    // ---- compiled code

    fn enter(&self, vm: &mut G::Vm, floor: usize, way: &WayIn) -> Flow {
        self.count(|c| &c.entries, 1);
        way.entries.set(way.entries.get() + 1);
        if way.tries.entered() & TOUCH_MASK == 0 {
            self.touch(way.fragment);
        }
        if way.heat.count_entry() {
            self.compile_warm(vm);
            if way.flag.get() == 0 {
                return Flow::Run;
            }
        }
        if let Some(register) = way.owner {
            let mut run = Run::new(vm);
            if let Some(owner) = run.owner() {
                run.store(Reg(register), owner);
            }
        }
        let context = vm.context();
        let Some(base) = context.thread.frames.last().map(|f| f.base) else { return Flow::Run };
        let room = context.thread.frames.limit.saturating_sub(context.thread.frames.depth()) as i64;
        let before = (
            context.thread.activations_left,
            context.thread.activations_given,
            context.thread.frames.recursion_limit,
        );
        (context.thread.activations_left, context.thread.activations_given) = (room, room);
        let depth = context.thread.frames.depth();
        let outer = std::mem::replace(&mut context.thread.frames_in_code, depth);
        let ctx = std::ptr::from_mut(vm).cast();
        let outcome = self.backend.enter(way.fragment, ctx, base.cast());
        let context = vm.context();
        let more = context.limit_grown(before.2);
        (context.thread.activations_left, context.thread.activations_given) =
            (before.0 + more, before.1 + more);
        context.thread.frames_in_code = outer;
        match outcome {
            Outcome::Exit(exit) => {
                if way.function {
                    self.count_left(way);
                }
                self.take_exit(vm, floor, exit, false)
            }
            Outcome::Finished => self.returned(vm, floor, way),
        }
    }

    /// The entered frame's function has returned in machine code: its frame is left.
    fn returned(&self, vm: &mut G::Vm, floor: usize, way: &WayIn) -> Flow {
        self.count(|c| &c.finishes, 1);
        way.tries.finished.set(way.tries.finished.get() + 1);
        let value = Value::from_bits(vm.context().exchange[0]).unwrap_or(Value::UNBOUND);
        let mut run = Run::new(vm);
        let left = match G::return_from(&mut run, value) {
            Ok(Step::Next) => Ok(()),
            Ok(Step::Done) => return Flow::Done(Ok(G::take_result(run.vm()))),
            Err(Raise) => G::unwind(&mut run, floor),
        };
        run.save_pc();
        left.map_or_else(|raise| Flow::Done(Err(raise)), |()| Flow::Run)
    }

    /// Entering a function pays when it returns in machine code. One that mostly leaves otherwise, although nothing more
    /// is compiled for it, is interpreted for a while, each time for longer.
    fn count_left(&self, way: &WayIn) {
        let tries = &way.tries;
        tries.left.set(tries.left.get() + 1);
        let (left, finished) = (tries.left.get(), tries.finished.get());
        if left + finished < TRIES {
            return;
        }
        let bridges = self.shared.counters.bridges.get();
        let grows = tries.bridges.replace(bridges) != bridges;
        tries.left.set(0);
        tries.finished.set(0);
        if grows || left <= finished {
            return;
        }
        self.count(|c| &c.rests, 1);
        self.ways_in.clear();
        let mut store = self.shared.store.borrow_mut();
        let header = store.header(way.code, way.pc);
        let rest = shifted(self.threshold(true).max(TRIES), header.rests);
        (header.resting, header.rests) = (true, header.rests + 1);
        G::set_header_state(way.code, way.pc, HeaderState::Count(rest));
    }

    fn touch(&self, fragment: FragmentId) {
        let mut store = self.shared.store.borrow_mut();
        store.now += 1;
        let now = store.now;
        if let Some(f) = store.fragments.get_mut(&fragment) {
            f.used = now;
        }
    }

    /// Rebuilds the frames and goes on there. `callee`: the activation was made by machine code, and its entry frame is
    /// yet to be pushed.
    fn take_exit(&self, vm: &mut G::Vm, floor: usize, id: ExitId, callee: bool) -> Flow {
        self.count(|c| &c.exits, 1);
        // First of all: from now on nothing on the stack tells of the code that was left.
        let Some(taken) = self.taken_exit(id) else {
            unreachable!("compiled code left through an exit that the store does not know");
        };
        let interrupt = &vm.context().interrupt;
        if interrupt.load(Relaxed) & interrupt::WARM != 0 {
            interrupt.fetch_and(!interrupt::WARM, Relaxed);
            self.compile_warm(vm);
        }
        if let Some(plain) = self.plain_exit(vm, id, &taken) {
            return self.take_plain_exit(vm, floor, &taken, plain, callee);
        }
        let kept = self.scratch.len();
        let words = &vm.context().exchange;
        let state = exits::describe_with(&taken.trace, taken.snapshot, &taken.plan.args, words, &taken.roots);
        if callee && !push_entry_frame::<G>(vm, state.frames[0].code) {
            G::recursion_error(vm);
            return Flow::Done(Err(Raise));
        }
        let base_depth = vm.context().thread.frames.depth().saturating_sub(1);
        let applied = exits::apply::<G>(vm, &state, &self.shared.descriptors, &self.scratch);
        self.count(|c| &c.virtuals_built, state.virtuals.len() as u64);
        let unwinds = taken.kind == ExitKind::Unwind;
        if unwinds {
            self.count(|c| &c.exits_unwinding, 1);
            past_the_call(vm);
        }
        if self.wants_bridge(vm, id, &taken) {
            let parent = &taken.trace;
            let snapshot = taken.snapshot;
            let roots = &*taken.roots;
            let start = BridgeStart { parent, snapshot, roots, state: &state, applied: &applied, unwinds };
            let rec = Record::at_exit(vm, self, base_depth, &start);
            let (recording, done) = self.record(rec, floor, unwinds);
            let looped = recording.end == End::Abort(Abort::InlinedLoop);
            self.finish(vm, recording, Origin::Bridge { exit: id }, false);
            self.count_inlined_bridge(&state, taken.fragment, looped);
            self.scratch.truncate(kept);
            return done_flow::<G>(vm, done);
        }
        self.scratch.truncate(kept);
        self.resume(vm, floor, unwinds)
    }

    /// Each inlined copy of a branchy function multiplies the paths through its caller, and from one that goes round a
    /// loop (`looped`) no bridge comes: such a function is called instead, and the tree that has it inlined is recorded
    /// again. A frame that a heap object owns is resumed where it was left: only those inside of others of their code
    /// multiply.
    fn count_inlined_bridge(&self, state: &exits::ExitState, fragment: FragmentId, looped: bool) {
        let inlined = state.frames.get(1..).unwrap_or_default();
        let Some(f) = inlined.last().filter(|_| self.shared.options.calls != 0) else { return };
        let branchy = if f.owner.is_none() {
            self.shared.blame(f.code, 1)
        } else {
            let copies = state.frames.iter().filter(|other| other.code == f.code).count() as u32;
            copies > 1 && self.shared.blame(f.code, copies.div_ceil(COPIES_OF_WEIGHT))
        };
        if branchy && f.owner.is_none() {
            self.soon_hot(f.code);
        }
        let banned = |f: &exits::ExitFrame| self.shared.is_not_inlined(f.code);
        if branchy || looped && inlined.iter().any(banned) {
            let tree = self.shared.store.borrow().fragments.get(&fragment).map(|f| f.tree);
            tree.into_iter().for_each(|tree| self.drop_tree(tree));
        }
    }

    fn taken_exit(&self, id: ExitId) -> Option<TakenExit> {
        let mut store = self.shared.store.borrow_mut();
        store.now += 1;
        let now = store.now;
        let e = store.exits.get_mut(&id)?;
        e.counts.taken += 1;
        e.counts.since += 1;
        let (fragment, snapshot, kind) = (e.fragment, e.snapshot, e.kind);
        let plan = e.plan.clone();
        if let Some(f) = store.fragments.get_mut(&fragment) {
            f.used = now;
        }
        let f = store.fragment(fragment)?;
        let roots = Pinned::new(f.roots.clone(), &self.shared.pins);
        let (trace, valid) = (f.trace.clone(), f.flag.get() != 0);
        let plan = match plan {
            Some(plan) => plan,
            None => {
                let args = trace.fail_args(snapshot);
                let plain = PlainExit::of(&trace, snapshot, &args);
                let plan = Rc::new(ExitPlan { args, plain });
                store.exits.get_mut(&id)?.plan = Some(plan.clone());
                plan
            }
        };
        Some(TakenExit { fragment, snapshot, kind, valid, plan, trace, roots })
    }

    /// Goes on in the interpreter after an exit.
    pub(crate) fn resume(&self, vm: &mut G::Vm, floor: usize, unwinds: bool) -> Flow {
        let compiled_here = place(vm.context())
            .is_some_and(|(code, pc)| self.shared.store.borrow().fragment_at(code, pc).is_some());
        let mut run = Run::new(vm);
        let left = if unwinds {
            G::unwind(&mut run, floor)
        } else if compiled_here {
            // The header would stop the run again at once; its instruction must do its work first.
            match step_guarded::<G>(&mut run) {
                Ok(Step::Next) => Ok(()),
                Ok(Step::Done) => return Flow::Done(Ok(G::take_result(run.vm()))),
                Err(Raise) => G::unwind(&mut run, floor),
            }
        } else {
            return Flow::Run;
        };
        run.save_pc();
        match left {
            Ok(()) => Flow::Run,
            Err(raise) => Flow::Done(Err(raise)),
        }
    }

    /// Whether to record from this exit now.
    fn wants_bridge(&self, vm: &mut G::Vm, id: ExitId, taken: &TakenExit) -> bool {
        if !self.is_valid(taken.fragment) {
            self.drop_fragment(taken.fragment);
            return false;
        }
        if !self.is_hot(id) || self.recording.get() {
            return false;
        }
        let interrupted = vm.context().interrupt.load(Relaxed) != 0;
        let at_header = place(vm.context()).is_some_and(|(code, pc)| G::is_loop_header(code, pc));
        let mut store = self.shared.store.borrow_mut();
        let sibling = store.sibling_bridge(id);
        let Some(e) = store.exits.get_mut(&id) else { return false };
        if let Some(bridge) = sibling {
            e.counts.bridge = Some(bridge);
            drop(store);
            self.backend.attach_bridge(id, bridge);
            return false;
        }
        !(interrupted || (e.polls && at_header))
    }

    /// Was the exit taken often enough for a bridge? The more a tree has, the later the next.
    pub(crate) fn is_hot(&self, id: ExitId) -> bool {
        let options = &self.shared.options;
        let store = self.shared.store.borrow();
        let Some(e) = store.exits.get(&id) else { return false };
        let eager = options.bridge.max(1);
        if e.counts.since < eager || e.counts.bridge.is_some() {
            return false;
        }
        let Some(f) = store.fragments.get(&e.fragment) else { return false };
        if f.leaves && f.trace.op(e.guard).code == Opcode::Exit {
            return false;
        }
        let bridges = store.fragments.get(&f.tree).map_or(0, |root| root.bridges.len()) as u32;
        let later = e.counts.aborts + bridges / options.bridge_step.max(1) + f.depth / 8;
        bridges < options.bridges && e.counts.since >= shifted(eager, later)
    }
}

/// Recordings of a loop that may leave its frame before such a trace is taken after all.
const LEAVES: u32 = 2;

/// Activations in each other that weigh as much as a bridge.
const COPIES_OF_WEIGHT: u32 = 3;

/// What is needed to take an exit.
pub(crate) struct TakenExit {
    pub fragment: FragmentId,
    pub snapshot: SnapshotId,
    pub kind: ExitKind,
    pub valid: bool,
    pub plan: Rc<ExitPlan>,
    pub trace: Rc<Trace>,
    pub roots: Pinned,
}

impl<G: Guest> JitHost<G::Vm> for Tracer<G> {
    fn execute_function(&self, vm: &mut G::Vm, floor: usize) -> Result<Value, Raise> {
        match self.at_header(vm, floor, true) {
            Flow::Done(result) => result,
            Flow::Run => self.execute(vm, floor),
        }
    }

    fn finish_activation(&self, vm: &mut G::Vm, exit: u32) -> Result<Value, Raise> {
        self.count(|c| &c.callee_exits, 1);
        let context = vm.context();
        let floor = context.thread.frames.depth();
        // The frames of this activation's callers are not there, but count.
        let room = floor + 1 + context.thread.activations_left.max(0) as usize;
        let counted = context.count_apart(context.thread.frames.limit.saturating_sub(room));
        let attempt =
            catch_unwind(AssertUnwindSafe(|| match self.take_exit(vm, floor, ExitId(exit), true) {
                Flow::Done(result) => result,
                Flow::Run => self.execute(vm, floor),
            }));
        vm.context().uncount(counted);
        attempt.unwrap_or_else(|payload| resume_unwind(payload))
    }

    fn warm(&self, vm: &mut G::Vm) {
        self.compile_warm(vm);
    }

    fn execute(&self, vm: &mut G::Vm, floor: usize) -> Result<Value, Raise> {
        loop {
            let exit = G::run(vm, floor);
            let flow = match exit {
                RunExit::Done(result) => return result,
                RunExit::Loop => self.at_header(vm, floor, false),
                RunExit::Function => self.at_header(vm, floor, true),
            };
            if let Flow::Done(result) = flow {
                return result;
            }
        }
    }
}

/// A fragment's time of use is noted at every so many entries.
const TOUCH_MASK: u32 = 15;

/// Entries of a compiled function after which it is asked whether they pay.
const TRIES: u32 = 1000;

/// Pushes the frame of an activation that had none. Its callers' frames are in machine code, where the machine stack is
/// the limit; the recursion limit gives way. False: the register stack is full.
pub(crate) fn push_entry_frame<G: Guest>(vm: &mut G::Vm, code: Value) -> bool {
    let new = NewFrame { ret: G::boundary_ret(), ..G::new_frame(code) };
    let frames = &mut vm.context().thread.frames;
    let limit = frames.limit;
    frames.limit = limit.max(frames.depth() + 1);
    let pushed = frames.push(&new);
    frames.limit = limit;
    pushed
}

/// Steps the recorder until its trace ends or the run does.
fn drive<G: Guest>(rec: &mut Record<G>, floor: usize, unwinds: bool) -> Option<Result<(), Raise>> {
    if unwinds && let Err(raise) = G::unwind(rec, floor) {
        return Some(Err(raise));
    }
    loop {
        rec.meet_header();
        if !rec.stopped() {
            rec.begin_instruction();
        }
        if rec.stopped() {
            return None;
        }
        match G::step(rec) {
            Ok(Step::Next) => {}
            Ok(Step::Done) => return Some(Ok(())),
            Err(Raise) => {
                if let Err(raise) = G::unwind(rec, floor) {
                    return Some(Err(raise));
                }
            }
        }
        rec.end_instruction();
    }
}

/// One instruction outside of a run of the guest's; a panic is an exception there.
fn step_guarded<G: Guest>(run: &mut Run<G::Vm>) -> Result<Step, Raise> {
    let held = G::held(run.vm());
    catch_unwind(AssertUnwindSafe(|| G::step(run))).unwrap_or_else(|payload| {
        run.recover();
        G::panicked(run.vm(), held, payload);
        Err(Raise)
    })
}

fn done_flow<G: Guest>(vm: &mut G::Vm, done: Option<Result<(), Raise>>) -> Flow {
    match done {
        None => Flow::Run,
        Some(Ok(())) => Flow::Done(Ok(G::take_result(vm))),
        Some(Err(raise)) => Flow::Done(Err(raise)),
    }
}

/// The innermost frame's code and pc.
fn place(context: &Context) -> Option<(Value, u32)> {
    context.thread.frames.last().map(|f| (f.code, f.pc))
}

/// Moves the innermost frame past the call that raised, where an unwinder expects it.
pub(crate) fn past_the_call<Vm: VmState>(vm: &mut Vm) {
    if let Some(f) = vm.context().thread.frames.last_mut() {
        f.pc += 1;
    }
}

/// `base` doubled `times` times, but never so often that it means "never".
pub(crate) fn shifted(base: u32, times: u32) -> u32 {
    base.saturating_mul(1 << times.min(MAX_DOUBLINGS)).min(1 << 30)
}

/// Failures in a row after which the next attempt is not put off further.
const MAX_DOUBLINGS: u32 = 12;
