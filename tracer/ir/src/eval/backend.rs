//! The evaluator as a backend.

use super::machine::Machine;
use super::step;
use crate::descr::{CalleeDescr, CalleeId, Descriptors, FieldDescr, FieldId};
use crate::op::{Effect, Imm, Opcode};
use crate::stage::{Backend, BackendError, CompiledUnit, Effort, ExitId, GuardExit, Outcome, UnitTrace};
use crate::text;
use crate::trace::{Entry, FragmentId, Op, OpRef, SnapshotId, Trace, new_parts};
use crate::verify::MAX_FAIL_ARGS;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// Activations of compiled functions may nest this deep, unless set otherwise.
const DEFAULT_DEPTH: u32 = 200;

/// What a trace weighs as garbage.
const TRACE_BYTES: usize = 4096;

/// Runs traces as they stand, on any machine.
pub struct EvalBackend<M> {
    pub machine: M,
    /// How deep `call_fragment` may nest.
    pub max_depth: u32,
    /// Operations evaluated so far.
    pub steps: Cell<u64>,
    fragments: RefCell<HashMap<FragmentId, Rc<Code>>>,
    /// Freed, but running code may get to them.
    freed: RefCell<HashMap<FragmentId, Rc<Code>>>,
    /// Compiled again since; an activation may be inside.
    replaced: RefCell<Vec<Rc<Code>>>,
    /// The fragment that each activation is in, the innermost last.
    active: RefCell<Vec<FragmentId>>,
    next_exit: Cell<u32>,
    /// The bridges of exits.
    bridges: RefCell<HashMap<ExitId, FragmentId>>,
    /// The words of all activations, the innermost last.
    stack: RefCell<Vec<u64>>,
    depth: Cell<u32>,
    listing: RefCell<String>,
}

/// A compiled trace.
struct Code {
    trace: Trace,
    roots: Vec<u64>,
    valid_flag: usize,
    effort: Effort,
    /// What each operation's immediate means.
    links: Vec<Link>,
    /// By operation: the exit of a guard.
    exits: Vec<Option<ExitId>>,
    /// By snapshot.
    fail_args: Vec<Vec<OpRef>>,
    inputs: Vec<OpRef>,
    /// What a jump assigns: the label's parameters; without label, the inputs.
    params: Vec<OpRef>,
    /// Where a jump goes on: after the parameters; without label, at the start.
    body: usize,
}

enum Link {
    None,
    Field(FieldDescr),
    Callee(Rc<CalleeDescr>),
}

/// Where to go after an operation.
enum Flow {
    Next,
    /// On in the same trace.
    To(usize),
    /// Out through the exit of this guard.
    Leave(OpRef),
    /// Into another fragment with its inputs, or with its label's parameters.
    Fragment(FragmentId, Vec<u64>, Door),
    Finished(u64),
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Door {
    Inputs,
    Label,
}

impl<M: Machine> EvalBackend<M> {
    pub fn new(machine: M) -> EvalBackend<M> {
        EvalBackend {
            machine,
            max_depth: DEFAULT_DEPTH,
            steps: Cell::new(0),
            fragments: RefCell::default(),
            freed: RefCell::default(),
            replaced: RefCell::default(),
            active: RefCell::default(),
            next_exit: Cell::new(0),
            bridges: RefCell::default(),
            stack: RefCell::default(),
            depth: Cell::new(0),
            listing: RefCell::default(),
        }
    }

    /// Runs a fragment with these inputs.
    pub fn run(&self, fragment: FragmentId, inputs: &[u64]) -> Outcome {
        self.activation(fragment, inputs.to_vec())
    }

    fn new_exit(&self) -> ExitId {
        ExitId(self.next_exit.replace(self.next_exit.get() + 1))
    }

    fn code(&self, fragment: FragmentId) -> Rc<Code> {
        let live = self.fragments.borrow().get(&fragment).map(Rc::clone);
        let code = live.or_else(|| self.freed.borrow().get(&fragment).map(Rc::clone));
        code.unwrap_or_else(|| panic!("fragment F{} is entered but not compiled", fragment.0))
    }

    /// One activation, as the innermost.
    fn activation(&self, fragment: FragmentId, values: Vec<u64>) -> Outcome {
        let level = self.active.borrow().len();
        let outcome = self.follow(level, fragment, values);
        self.active.borrow_mut().truncate(level);
        outcome
    }

    /// Follows an activation through fragments until it leaves or finishes.
    fn follow(&self, level: usize, fragment: FragmentId, values: Vec<u64>) -> Outcome {
        let base = self.stack.borrow().len();
        let (mut fragment, mut values, mut door) = (fragment, values, Door::Inputs);
        loop {
            let code = self.code(fragment);
            self.active.borrow_mut().truncate(level);
            self.active.borrow_mut().push(fragment);
            match self.run_code(&code, base, &values, door) {
                Flow::Fragment(to, list, by) => (fragment, values, door) = (to, list, by),
                Flow::Leave(guard) => {
                    let exit = code.exits[guard.index()].expect("a guard has an exit");
                    let words = self.fail_words(&code, guard, base);
                    match self.bridge(exit) {
                        Some(bridge) => {
                            self.count_pass(self.code(bridge).effort);
                            (fragment, values, door) = (bridge, words, Door::Inputs);
                        }
                        None => {
                            self.machine.write_exchange(&words);
                            self.stack.borrow_mut().truncate(base);
                            return Outcome::Exit(exit);
                        }
                    }
                }
                Flow::Finished(word) => {
                    self.machine.write_exchange(&[word]);
                    self.stack.borrow_mut().truncate(base);
                    return Outcome::Finished;
                }
                Flow::Next | Flow::To(_) => unreachable!("run_code follows these itself"),
            }
        }
    }

    fn count_pass(&self, effort: Effort) {
        if let Effort::Quick { heat } = effort {
            self.machine.count_pass(heat);
        }
    }

    /// The bridge of an exit, unless it was freed.
    fn bridge(&self, exit: ExitId) -> Option<FragmentId> {
        let bridge = self.bridges.borrow().get(&exit).copied();
        bridge.filter(|f| self.fragments.borrow().contains_key(f))
    }

    fn value(&self, base: usize, r: OpRef) -> u64 {
        self.stack.borrow()[base + r.index()]
    }

    fn fail_words(&self, code: &Code, guard: OpRef, base: usize) -> Vec<u64> {
        let args = &code.fail_args[code.trace.op(guard).snapshot.0 as usize];
        args.iter().map(|&r| self.value(base, r)).collect()
    }

    /// Runs one trace from an entry of it until it is left. Its values stay on the stack from `base` on.
    fn run_code(&self, code: &Code, base: usize, values: &[u64], door: Door) -> Flow {
        self.stack.borrow_mut().truncate(base);
        self.stack.borrow_mut().resize(base + code.trace.ops.len(), 0);
        self.set_constants(code, base);
        let (targets, mut at) = match door {
            Door::Inputs => (&code.inputs, 0),
            Door::Label => (&code.params, code.body),
        };
        self.assign(base, targets, values);
        loop {
            self.steps.set(self.steps.get() + 1);
            match self.operation(code, base, OpRef(at as u32)) {
                Flow::Next => at += 1,
                Flow::To(next) => at = next,
                leave => return leave,
            }
        }
    }

    /// Constants hold wherever the trace is entered.
    fn set_constants(&self, code: &Code, base: usize) {
        let mut stack = self.stack.borrow_mut();
        for (r, op) in code.trace.iter() {
            match op.code {
                Opcode::ConstRef => stack[base + r.index()] = code.roots[op.imm as usize],
                c if c.is_const() => stack[base + r.index()] = op.imm,
                _ => {}
            }
        }
    }

    fn assign(&self, base: usize, targets: &[OpRef], values: &[u64]) {
        assert_eq!(targets.len(), values.len(), "a fragment is entered with the wrong number of values");
        let mut stack = self.stack.borrow_mut();
        for (target, &value) in targets.iter().zip(values) {
            stack[base + target.index()] = value;
        }
    }

    fn operation(&self, code: &Code, base: usize, r: OpRef) -> Flow {
        let op = code.trace.op(r);
        let args = op.args.map(|a| if a.is_none() { 0 } else { self.value(base, a) });
        let result = match op.code.effect() {
            Effect::Control => return self.control(code, base, op, r, args[0]),
            Effect::Guard => {
                if op.code == Opcode::GuardNoInterrupt {
                    self.count_pass(code.effort);
                }
                return if step::guard(&self.machine, op, args, code.valid_flag) {
                    Flow::Next
                } else {
                    Flow::Leave(r)
                };
            }
            Effect::Pure if op.code.is_const() => return Flow::Next,
            Effect::Pure => self.pure(op, args),
            Effect::Read => step::read(&self.machine, op, code.field(r), args),
            Effect::Write => {
                step::write(&self.machine, code.field(r), args);
                return Flow::Next;
            }
            Effect::Alloc => self.alloc(op),
            Effect::Call => self.call(code, base, op, r, args),
        };
        self.stack.borrow_mut()[base + r.index()] = result;
        Flow::Next
    }

    fn list(&self, code: &Code, base: usize, op: &Op) -> Vec<u64> {
        code.trace.list(op).iter().map(|&r| self.value(base, r)).collect()
    }

    fn control(&self, code: &Code, base: usize, op: &Op, r: OpRef, arg: u64) -> Flow {
        let list = self.list(code, base, op);
        let fragment = FragmentId(op.imm as u32);
        match op.code {
            Opcode::Label | Opcode::Jump => {
                self.assign(base, &code.params, &list);
                Flow::To(code.body)
            }
            Opcode::JumpFragment => Flow::Fragment(fragment, list, Door::Inputs),
            Opcode::JumpLabel => Flow::Fragment(fragment, list, Door::Label),
            Opcode::Exit => Flow::Leave(r),
            Opcode::Finish => Flow::Finished(arg),
            _ => Flow::Next,
        }
    }
}

/// The operations that ask the machine.
impl<M: Machine> EvalBackend<M> {
    fn pure(&self, op: &Op, args: [u64; 3]) -> u64 {
        if op.code == Opcode::BoxFloat {
            self.machine.before_collect(&self.stack.borrow());
        }
        step::pure(&self.machine, op, args)
    }

    fn alloc(&self, op: &Op) -> u64 {
        let (shape, size, aux) = new_parts(op.imm);
        self.machine.before_collect(&self.stack.borrow());
        self.machine.alloc(shape, size as u32, aux)
    }

    fn call(&self, code: &Code, base: usize, op: &Op, r: OpRef, args: [u64; 3]) -> u64 {
        let list = self.list(code, base, op);
        match op.code {
            Opcode::TakeException => self.machine.take_pending(),
            Opcode::SetException => {
                self.machine.set_pending(args[0]);
                0
            }
            Opcode::CallFragment => {
                let activations = 1 + inlined_around(&code.trace, r);
                self.call_fragment(FragmentId(op.imm as u32), list, activations)
            }
            Opcode::CondCall if args[0] == 0 => 0,
            _ => {
                let Link::Callee(callee) = &code.links[r.index()] else {
                    unreachable!("a call has a callee")
                };
                self.machine.before_collect(&self.stack.borrow());
                self.machine.call(callee, &list)
            }
        }
    }

    /// A compiled function in an activation of its own, with so many that the frames inlined around it count too. An
    /// exception gives 0.
    fn call_fragment(&self, fragment: FragmentId, inputs: Vec<u64>, activations: i64) -> u64 {
        let depth = self.depth.get();
        if depth >= self.max_depth || !self.machine.count_activations(activations) {
            self.machine.recursion_error();
            return 0;
        }
        self.depth.set(depth + 1);
        let outcome = self.activation(fragment, inputs);
        self.depth.set(depth);
        let value = match outcome {
            Outcome::Finished => self.machine.read_exchange(0),
            Outcome::Exit(exit) => {
                self.machine.before_collect(&self.stack.borrow());
                self.machine.finish_callee(exit).unwrap_or(0)
            }
        };
        self.machine.count_activations(-activations);
        value
    }
}

/// Frames of inlined calls around an operation, from its place.
fn inlined_around(trace: &Trace, r: OpRef) -> i64 {
    let place = trace.ops[..r.index()].iter().rev().find(|op| op.code == Opcode::Place);
    place.and_then(|op| trace.places.get(op.imm as usize)).map_or(0, |place| place.depth as i64)
}

impl Code {
    fn field(&self, r: OpRef) -> &FieldDescr {
        match &self.links[r.index()] {
            Link::Field(f) => f,
            _ => unreachable!("a heap operation has a field"),
        }
    }

    fn new(unit: &UnitTrace, effort: Effort, d: &Descriptors) -> Code {
        let trace = unit.trace.clone();
        let ids = 0..trace.snapshots.len() as u32;
        let fail_args = ids.map(|i| trace.fail_args(SnapshotId(i))).collect();
        let inputs: Vec<OpRef> = trace.inputs().collect();
        let (params, body) = match trace.label() {
            Some(label) => {
                let params: Vec<OpRef> = trace.params().collect();
                let body = label.index() + 1 + params.len();
                (params, body)
            }
            None => (inputs.clone(), 0),
        };
        let links = trace.ops.iter().map(|op| link(op, d)).collect();
        let exits = vec![None; trace.ops.len()];
        let (roots, valid_flag) = (unit.roots.to_vec(), unit.valid_flag);
        Code { roots, valid_flag, effort, links, exits, fail_args, inputs, params, body, trace }
    }
}

/// The fragment that an operation jumps to or calls.
fn leads_to(op: &Op) -> Option<FragmentId> {
    let leads = matches!(op.code, Opcode::JumpFragment | Opcode::JumpLabel | Opcode::CallFragment);
    leads.then_some(FragmentId(op.imm as u32))
}

fn link(op: &Op, d: &Descriptors) -> Link {
    match op.code.imm() {
        Imm::Field => Link::Field(*d.field_descr(FieldId(op.imm as u32))),
        Imm::Callee => Link::Callee(Rc::new(d.callee_descr(CalleeId(op.imm as u32)).clone())),
        _ => Link::None,
    }
}

impl<M: Machine> Backend for EvalBackend<M> {
    fn compile(
        &self,
        unit: &[UnitTrace],
        effort: Effort,
        descriptors: &Descriptors,
    ) -> Result<CompiledUnit, BackendError> {
        let mut listing = String::new();
        let mut exits = Vec::new();
        let mut codes = Vec::new();
        for (index, part) in unit.iter().enumerate() {
            let mut code = Code::new(part, effort, descriptors);
            if code.fail_args.iter().any(|args| args.len() > MAX_FAIL_ARGS) {
                return Err(BackendError::Unsupported("too many live values at an exit"));
            }
            listing += &text::print(part.trace, descriptors);
            for (guard, op) in part.trace.iter().filter(|(_, op)| op.code.needs_snapshot()) {
                let exit = self.new_exit();
                code.exits[guard.index()] = Some(exit);
                exits.push(GuardExit { trace: index, guard, snapshot: op.snapshot, exit });
            }
            codes.push(code);
        }
        for part in unit {
            let Some((parent, guard)) = part.parent else { continue };
            let exit = codes[parent].exits[guard.index()].expect("a bridge hangs on a guard");
            self.attach_bridge(exit, part.fragment);
        }
        for (part, code) in unit.iter().zip(codes) {
            let old = self.fragments.borrow_mut().insert(part.fragment, Rc::new(code));
            self.replaced.borrow_mut().extend(old);
        }
        *self.listing.borrow_mut() = listing;
        Ok(CompiledUnit { exits, code_bytes: 0, data_bytes: 0 })
    }

    fn attach_bridge(&self, exit: ExitId, bridge: FragmentId) {
        self.bridges.borrow_mut().insert(exit, bridge);
    }

    fn enter(&self, fragment: FragmentId, ctx: *mut u8, frame: *mut u64) -> Outcome {
        self.machine.enter(ctx);
        let code = self.code(fragment);
        let Entry::Loop { regs } = &code.trace.entry else { panic!("a bridge is entered through its guard") };
        let inputs = regs.iter().map(|&r| self.machine.load_reg(frame, r)).collect();
        self.activation(fragment, inputs)
    }

    fn exchange(&self) -> *const u64 {
        self.machine.exchange_ptr()
    }

    fn free(&self, fragment: FragmentId) {
        if let Some(code) = self.fragments.borrow_mut().remove(&fragment) {
            self.freed.borrow_mut().insert(fragment, code);
        }
    }

    /// Traces lie elsewhere.
    fn code_range(&self) -> Range<usize> {
        0..0
    }

    fn running(&self, _words: &[usize]) -> Vec<FragmentId> {
        let mut found = self.active.borrow().clone();
        let mut at = 0;
        while let Some(&fragment) = found.get(at) {
            let code = self.code(fragment);
            for to in code.trace.ops.iter().filter_map(leads_to) {
                if !found.contains(&to) {
                    found.push(to);
                }
            }
            at += 1;
        }
        found
    }

    fn reclaim(&self, words: &[usize]) -> Vec<ExitId> {
        let running = self.running(words);
        let mut gone = Vec::new();
        self.freed.borrow_mut().retain(|fragment, code| {
            let stays = running.contains(fragment);
            if !stays {
                gone.extend(code.exits.iter().flatten());
            }
            stays
        });
        self.replaced.borrow_mut().retain(|code| {
            let stays = Rc::strong_count(code) > 1;
            if !stays {
                gone.extend(code.exits.iter().flatten());
            }
            stays
        });
        let mut bridges = self.bridges.borrow_mut();
        gone.iter().for_each(|exit| _ = bridges.remove(exit));
        gone
    }

    fn code_bytes(&self) -> usize {
        self.fragments.borrow().len() * TRACE_BYTES + self.garbage()
    }

    fn garbage(&self) -> usize {
        (self.freed.borrow().len() + self.replaced.borrow().len()) * TRACE_BYTES
    }

    /// The last compiled unit's traces, for any stage.
    fn listing(&self, _stage: &str) -> Option<String> {
        Some(self.listing.borrow().clone()).filter(|text| !text.is_empty())
    }
}
