//! From a unit of traces to one Cranelift function.
//!
//! **Shape of the function.** The first block takes the registers of `abi` and branches on the selector when the unit has
//! several entries. Each entry block fetches its values (frame registers, hot registers, exchange words) and jumps to the
//! trace's *start block*, whose parameters are the trace's inputs, or to its *label block*. A bridge that hangs on a guard
//! of the unit has an *attach block* instead: the guard branches there, and it jumps to the bridge's start block with the
//! parent's SSA values. A jump to a label of the unit is a jump with block arguments. Nothing of that touches memory.
//!
//! **Exits** are collected while traces are lowered, one for each snapshot and [`ExitKind`], and emitted at the end as cold blocks.
//!
//! **Values.** The lowering walks the operations once, in order; an operation's Cranelift value is kept by its index.
//! Constants are made again at each use (the code generator shares or rematerialises them). Val and Int are `i64`,
//! Float is `f64`, Bool is `i8` holding 0 or 1.
//!
//! **Facts.** Two small ones are kept, both true for an SSA value from some operation on: it is known to be a pointer (no
//! tag test), or it is an object allocated since the last point where a collection may have run (no write barrier).
//!
//! **Memory.** Accesses fall into three regions that never overlap: heap objects, the context's words, and the words of
//! frames and the exchange area. The interrupt word alone is read atomically: it changes behind the code's back.

mod arith;
mod calls;
mod control;
mod entries;
mod guards;
mod heap;
mod words;

use std::collections::HashMap;

use cranelift_codegen::ir::{
    self, AbiParam, AliasRegionData, AtomicRmwOp, Block, InstBuilder, MemFlagsData, SigRef, Signature, Type,
    Value, types,
};
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use hoop_ir::descr::Descriptors;
use hoop_ir::op::{Opcode, Ty};
use hoop_ir::stage::{BackendError, Effort, GuardExit, HeapAbi, UnitTrace};
use hoop_ir::trace::{Entry, FragmentId, Op, OpRef, SnapshotId, Trace};

use crate::abi::{ExitCell, HOT_FLOATS, HOT_INTS, Interface, Slot};
use crate::listing::Names;
use crate::stubs::ColdCalls;

pub(crate) type Lowered<T> = Result<T, BackendError>;

/// What the lowering asks of the backend.
pub(crate) struct Environment<'a> {
    pub isa: &'a dyn TargetIsa,
    pub heap: &'a HeapAbi,
    pub effort: Effort,
    pub descriptors: &'a Descriptors,
    /// Whether the machine rounds floats to integers in one instruction.
    pub native_rounding: bool,
    pub deopt: usize,
    pub cold: ColdCalls,
    /// `extern "C" fn(left_data, ctx, exit cell) -> u64`: finishes a called activation that left by an exit; 0 with an
    /// exception pending.
    pub left_by_exit: usize,
    pub left_data: usize,
    /// Whether names for listings are wanted.
    pub listings: bool,
    pub fragments: &'a dyn Fn(FragmentId) -> Option<&'a Interface>,
}

/// What the lowering gives beside the function.
#[derive(Default)]
pub(crate) struct UnitParts {
    #[expect(clippy::vec_box, reason = "the address of each is in the code")]
    pub exits: Vec<Box<ExitCell>>,
    pub guard_exits: Vec<GuardExit>,
    /// Entries by selector.
    pub entries: Vec<UnitEntry>,
    /// Of each trace: the types of its header's parameters, whether a label stands there, and whether it can be entered
    /// from other units.
    pub header_types: Vec<Vec<Ty>>,
    pub has_label: Vec<bool>,
    pub open_header: Vec<bool>,
    /// Fragments outside the unit that its code jumps to.
    pub uses: Vec<FragmentId>,
    /// For listings: what the addresses in the code are.
    pub names: Names,
}

impl UnitParts {
    /// Types of the parameters of a trace's header, if other units can enter it there.
    pub(crate) fn label_types(&self, trace: usize) -> Option<Vec<Ty>> {
        self.open_header[trace].then(|| self.header_types[trace].clone())
    }
}

/// One way into a unit.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum UnitEntry {
    /// The general entry of a trace: of a loop, from the frame's registers; of a bridge, as passed.
    General(usize),
    /// The inputs of a loop, passed.
    Start(usize),
    /// The label of a trace.
    Label(usize),
}

/// Guards with one snapshot share an exit if what happened is the same too.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum ExitKind {
    Plain,
    /// The exit unwinds.
    Raised,
    /// The exit of `guard_exception`.
    NotRaised,
}

impl ExitKind {
    fn of(code: Opcode) -> ExitKind {
        match code {
            Opcode::GuardNoException => ExitKind::Raised,
            Opcode::GuardException => ExitKind::NotRaised,
            _ => ExitKind::Plain,
        }
    }
}

impl UnitEntry {
    pub(crate) fn trace(self) -> usize {
        let (UnitEntry::General(trace) | UnitEntry::Start(trace) | UnitEntry::Label(trace)) = self;
        trace
    }
}

type ExitKey = (usize, SnapshotId, ExitKind);

/// Where the guards of one key go.
#[derive(Copy, Clone)]
enum Leave {
    /// Index into `Lower::exits`.
    Exit(usize),
    /// A bridge of the unit.
    Bridge(Block),
}

struct PendingExit {
    block: Block,
    trace: usize,
    args: Vec<OpRef>,
}

/// What is known of one trace of the unit while the function is built.
struct TraceState {
    start: Block,
    start_types: Vec<Ty>,
    /// The block of the label, else of the start.
    header: Block,
    header_types: Vec<Ty>,
    label: Option<OpRef>,
    /// The body uses values of the preamble that are not parameters.
    captures: bool,
    values: Vec<Option<Value>>,
    known_pointer: Vec<bool>,
    /// Whether an operation's float is unboxed somewhere, and its double where that is known already.
    is_unboxed: Vec<bool>,
    doubles: HashMap<OpRef, Value>,
    /// Products that are computed with their overflow flag, by operands.
    products: HashMap<(OpRef, OpRef), Option<(Value, Value)>>,
}

#[derive(Copy, Clone)]
struct Regions {
    heap: MemFlagsData,
    ctx: MemFlagsData,
    words: MemFlagsData,
}

pub(crate) struct Lower<'a, 'f> {
    b: FunctionBuilder<'f>,
    env: &'a Environment<'a>,
    unit: &'a [UnitTrace<'a>],
    traces: Vec<TraceState>,
    /// The trace that is being lowered.
    at: usize,
    /// Frames of inlined calls around the operation, from its place.
    inlined: i64,
    ctx: Value,
    selector: Value,
    ints: [Value; HOT_INTS],
    floats: [Value; HOT_FLOATS],
    regions: Regions,
    children: HashMap<ExitKey, usize>,
    attach: HashMap<usize, Block>,
    leaves: HashMap<ExitKey, Leave>,
    pending: Vec<PendingExit>,
    tail_sigs: HashMap<(usize, usize), SigRef>,
    native_sigs: HashMap<(Vec<Type>, Option<Type>), SigRef>,
    /// By the number of arguments.
    cold_sigs: HashMap<usize, SigRef>,
    /// Objects allocated since the last possible collection.
    fresh: Vec<OpRef>,
    next_exit: &'a mut u32,
    out: UnitParts,
}

/// The signature of fragments, with so many of the hot registers in use.
pub(crate) fn tail_signature(ints: usize, floats: usize) -> Signature {
    let mut sig = Signature::new(CallConv::Tail);
    sig.params.extend(std::iter::repeat_n(AbiParam::new(types::I64), 2 + ints));
    sig.params.extend(std::iter::repeat_n(AbiParam::new(types::F64), floats));
    sig.returns.push(AbiParam::new(types::I64));
    sig
}

/// The Cranelift type of values of a kind.
pub(crate) fn clif_type(ty: Ty) -> Type {
    match ty {
        Ty::Float => types::F64,
        Ty::Bool => types::I8,
        Ty::Val | Ty::Int | Ty::Void => types::I64,
    }
}

/// Builds `func` for the unit. `next_exit` numbers the exits.
pub(crate) fn lower_unit<'a>(
    func: &mut ir::Function,
    builder: &mut FunctionBuilderContext,
    env: &'a Environment<'a>,
    unit: &'a [UnitTrace<'a>],
    next_exit: &'a mut u32,
) -> Lowered<UnitParts> {
    func.signature = tail_signature(HOT_INTS, HOT_FLOATS);
    let mut region = |id: u32, name: &'static str| {
        let region = func.dfg.alias_regions.insert(AliasRegionData { user_id: id, description: name.into() });
        MemFlagsData::trusted().with_alias_region(Some(region))
    };
    let regions = Regions { heap: region(0, "heap"), ctx: region(1, "context"), words: region(2, "words") };
    let mut b = FunctionBuilder::new(func, builder);
    let first = b.create_block();
    b.append_block_params_for_function_params(first);
    b.switch_to_block(first);
    let params: Vec<Value> = b.block_params(first).to_vec();
    let mut lower = Lower {
        b,
        env,
        unit,
        traces: Vec::new(),
        at: 0,
        inlined: 0,
        ctx: params[0],
        selector: params[1],
        ints: std::array::from_fn(|i| params[2 + i]),
        floats: std::array::from_fn(|i| params[2 + HOT_INTS + i]),
        regions,
        children: HashMap::new(),
        attach: HashMap::new(),
        leaves: HashMap::new(),
        pending: Vec::new(),
        tail_sigs: HashMap::new(),
        native_sigs: HashMap::new(),
        cold_sigs: HashMap::new(),
        fresh: Vec::new(),
        next_exit,
        out: UnitParts { names: Names::new(env.listings), ..UnitParts::default() },
    };
    lower.run()?;
    let Lower { mut b, out, .. } = lower;
    b.seal_all_blocks();
    b.finalize(env.isa.frontend_config());
    Ok(out)
}

impl<'a> Lower<'a, '_> {
    fn run(&mut self) -> Lowered<()> {
        if self.unit.is_empty() {
            return Err(BackendError::Unsupported("an empty unit"));
        }
        self.hang_bridges()?;
        for index in 0..self.unit.len() {
            let state = self.new_trace(index)?;
            self.traces.push(state);
        }
        self.out.header_types = self.traces.iter().map(|t| t.header_types.clone()).collect();
        self.out.has_label = self.traces.iter().map(|t| t.label.is_some()).collect();
        let is_loop = self.unit.iter().map(|t| matches!(t.trace.entry, Entry::Loop { .. }));
        self.out.open_header =
            self.traces.iter().zip(is_loop).map(|(t, is_loop)| is_loop && !t.captures).collect();
        self.entries()?;
        for index in 0..self.unit.len() {
            self.at = index;
            self.fresh.clear();
            self.attach_to_parent()?;
            self.trace()?;
        }
        self.emit_exits()
    }

    /// Finds, for each bridge of the unit, the guards it replaces the exit of.
    fn hang_bridges(&mut self) -> Lowered<()> {
        for (index, t) in self.unit.iter().enumerate() {
            let Some((parent, guard)) = t.parent else { continue };
            if parent >= index {
                return Err(BackendError::Unsupported("a bridge before its parent in the unit"));
            }
            let op = self.unit[parent].trace.op(guard);
            if !op.code.needs_snapshot() {
                return Err(BackendError::Unsupported("a bridge on an operation without exit"));
            }
            let key = (parent, op.snapshot, ExitKind::of(op.code));
            if self.children.insert(key, index).is_some() {
                return Err(BackendError::Unsupported("two bridges on one exit"));
            }
            let block = self.b.create_block();
            self.attach.insert(index, block);
            self.leaves.insert(key, Leave::Bridge(block));
        }
        Ok(())
    }

    fn new_trace(&mut self, index: usize) -> Lowered<TraceState> {
        let trace = self.unit[index].trace;
        let start_types = match &trace.entry {
            Entry::Loop { regs } => vec![Ty::Val; regs.len()],
            Entry::Bridge { types } => {
                types.iter().map(|&t| if t == Ty::Bool { Ty::Int } else { t }).collect()
            }
        };
        let start = self.block_with(&start_types);
        let label = trace.ops.iter().position(|op| op.code == Opcode::Label);
        let (header, header_types) = match label {
            None => (start, start_types.clone()),
            Some(at) => {
                let types: Vec<Ty> = trace.list(&trace.ops[at]).iter().map(|&r| trace.ty(r)).collect();
                if types.contains(&Ty::Bool) {
                    return Err(BackendError::Unsupported("a condition as a label's parameter"));
                }
                (self.block_with(&types), types)
            }
        };
        let mul_fits = trace.ops.iter().filter(|op| op.code == Opcode::IntMulFits);
        Ok(TraceState {
            start,
            start_types,
            header,
            header_types,
            label: label.map(|at| OpRef(at as u32)),
            captures: label.is_some_and(|at| captures(trace, at)),
            values: vec![None; trace.ops.len()],
            known_pointer: vec![false; trace.ops.len()],
            is_unboxed: unboxed(trace),
            doubles: HashMap::new(),
            products: mul_fits.map(|op| ((op.args[0], op.args[1]), None)).collect(),
        })
    }

    fn block_with(&mut self, types: &[Ty]) -> Block {
        let block = self.b.create_block();
        for &ty in types {
            self.b.append_block_param(block, clif_type(ty));
        }
        block
    }

    /// Lowers the trace's operations, beginning in its start block.
    fn trace(&mut self) -> Lowered<()> {
        let trace = self.unit[self.at].trace;
        let start = self.traces[self.at].start;
        self.b.switch_to_block(start);
        for (index, op) in trace.ops.iter().enumerate() {
            self.op(OpRef(index as u32), op)?;
        }
        match trace.ops.last() {
            Some(op) if op.code.is_end() => Ok(()),
            _ => Err(BackendError::Unsupported("a trace without end")),
        }
    }

    fn op(&mut self, r: OpRef, op: &Op) -> Lowered<()> {
        use Opcode::*;
        match op.code {
            ConstInt | ConstFloat | ConstVal | ConstRef => Ok(()),
            Place => self.place(op),
            InputVal | InputInt | InputFloat => self.input(r, op),
            ParamVal | ParamInt | ParamFloat => self.param(r, op),
            Label => self.label(op),
            Jump => self.jump(op),
            JumpFragment => self.jump_fragment(op),
            JumpLabel => self.jump_label(op),
            Exit => self.exit(r, op),
            Finish => self.finish(op),
            GetVal | GetInt | GetFloat | ItemVal | ItemInt | ItemFloat | GetCtx => self.read(r, op),
            SetVal | SetInt | SetFloat | SetItemVal | SetItemInt | SetItemFloat => self.write(op),
            New => self.new_object(r, op),
            CallVal | CallInt | CallFloat | CallVoid => self.call(r, op),
            CondCall => self.cond_call(op),
            TakeException => self.take_exception(r),
            SetException => self.set_exception(op),
            CallFragment => self.call_fragment(r, op),
            code if code.is_guard() => self.guard(r, op),
            _ => self.pure(r, op),
        }
    }

    fn place(&mut self, op: &Op) -> Lowered<()> {
        let place = self.current().places.get(op.imm as usize);
        self.inlined = place.map_or(0, |place| place.depth as i64);
        Ok(())
    }

    /// Operations that only compute.
    fn pure(&mut self, r: OpRef, op: &Op) -> Lowered<()> {
        let value = match op.code.args() {
            [] => return Err(BackendError::Unsupported("an operation without operands")),
            [Ty::Float, ..] => self.float_op(op)?,
            [Ty::Val, ..] => self.word_op(op)?,
            [Ty::Bool, ..] => self.bool_op(op)?,
            _ => self.int_op(op)?,
        };
        self.define(r, value);
        Ok(())
    }

    fn define(&mut self, r: OpRef, value: Value) {
        self.traces[self.at].values[r.index()] = Some(value);
    }

    fn current(&self) -> &'a Trace {
        self.unit[self.at].trace
    }

    /// The value of an operation of the current trace.
    fn value(&mut self, r: OpRef) -> Value {
        self.value_of(self.at, r)
    }

    fn value_of(&mut self, trace: usize, r: OpRef) -> Value {
        let unit = &self.unit[trace];
        let op = unit.trace.op(r);
        match op.code {
            Opcode::ConstInt | Opcode::ConstVal => self.word(op.imm),
            Opcode::ConstFloat => self.b.ins().f64const(ir::immediates::Ieee64::with_bits(op.imm)),
            Opcode::ConstRef => {
                let word = unit.roots[op.imm as usize];
                self.out.names.add(word, || format!("<root #{}>", op.imm));
                self.word(word)
            }
            _ => self.traces[trace].values[r.index()].expect("a verified trace defines before it uses"),
        }
    }

    fn values(&mut self, list: &[OpRef]) -> Vec<Value> {
        list.iter().map(|&r| self.value(r)).collect()
    }

    /// A 64-bit constant.
    fn word(&mut self, word: u64) -> Value {
        self.b.ins().iconst(types::I64, word as i64)
    }

    fn const_int(&self, r: OpRef) -> Option<i64> {
        let op = self.current().op(r);
        (op.code == Opcode::ConstInt).then_some(op.imm as i64)
    }

    /// A Bool as the integer 0 or 1; other values unchanged.
    fn widened(&mut self, value: Value) -> Value {
        if self.b.func.dfg.value_type(value) == types::I8 {
            self.b.ins().uextend(types::I64, value)
        } else {
            value
        }
    }

    /// In quick code: one pass more.
    fn count_pass(&mut self) {
        let Effort::Quick { heat } = self.env.effort else { return };
        self.out.names.add(heat as u64, || "<heat>".into());
        let address = self.word(heat as u64);
        let before = self.b.ins().load(types::I64, self.regions.words, address, 0);
        let left = self.b.ins().iadd_imm_s(before, -1);
        self.b.ins().store(self.regions.words, left, address, 0);
        let [warm, next] = [self.cold_block(), self.b.create_block()];
        self.b.ins().brif(left, next, &[], warm, &[]);
        self.b.switch_to_block(warm);
        let interrupt = self.b.ins().iadd_imm_s(self.ctx, i64::from(self.env.heap.interrupt));
        let bit = self.b.ins().iconst(types::I32, i64::from(self.env.heap.warm_bit));
        self.b.ins().atomic_rmw(types::I32, MemFlagsData::trusted(), AtomicRmwOp::Or, interrupt, bit);
        self.b.ins().jump(next, &[]);
        self.b.switch_to_block(next);
    }

    fn cold_block(&mut self) -> Block {
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        block
    }

    /// Offset from the context of a word of the exchange area.
    fn exchange_offset(&self, word: usize) -> Lowered<i32> {
        if word >= self.env.heap.exchange_words as usize {
            return Err(BackendError::Unsupported("too many live values"));
        }
        Ok(self.env.heap.exchange + 8 * word as i32)
    }

    /// Reads a value that another unit passes.
    fn receive(&mut self, slot: Slot, ty: Ty) -> Lowered<Value> {
        Ok(match slot {
            Slot::Int(i) => self.ints[i],
            Slot::Float(i) => self.floats[i],
            Slot::Exchange(word) => {
                let offset = self.exchange_offset(word)?;
                self.b.ins().load(clif_type(ty), self.regions.words, self.ctx, offset)
            }
        })
    }
}

/// Which operations' results are operands of `unbox_float`.
fn unboxed(trace: &Trace) -> Vec<bool> {
    let mut found = vec![false; trace.ops.len()];
    for op in trace.ops.iter().filter(|op| op.code == Opcode::UnboxFloat) {
        found[op.args[0].index()] = true;
    }
    found
}

/// Whether operations from the label on use non-constant values from before it.
fn captures(trace: &Trace, label: usize) -> bool {
    let outside = |r: OpRef| !r.is_none() && r.index() < label && !trace.op(r).code.is_const();
    let mut snapshots: Vec<SnapshotId> = Vec::new();
    for op in &trace.ops[label + 1..] {
        if op.args.iter().any(|&r| outside(r)) || trace.list(op).iter().any(|&r| outside(r)) {
            return true;
        }
        if op.code.needs_snapshot() && snapshots.last() != Some(&op.snapshot) {
            snapshots.push(op.snapshot);
        }
    }
    snapshots.iter().any(|&s| trace.fail_args(s).into_iter().any(outside))
}
