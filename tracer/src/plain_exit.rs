//! Exits that need no description: no virtual objects, no generators' frames. Most are like that, and a loop that is not
//! yet whole takes them thousands of times. What each register and field gets at such an exit is worked out once.

use crate::driver::{Flow, TakenExit, Tracer, past_the_call, push_entry_frame};
use crate::exits::{Apply, Content, ExitStore, push_frame, typed};
use crate::store::ExitKind;
use hoop_engine::{Engine, Guest, Raise, Reg, VmState};
use hoop_gc::Value;
use hoop_ir::{ExitId, FieldId, OpRef, Opcode, SnapVal, SnapshotId, Trace, Ty};

/// What fills the frames of one exit.
pub(crate) struct PlainExit {
    frames: Box<[PlainFrame]>,
    stores: Box<[PlainStore]>,
}

struct PlainStore {
    object: Source,
    field: FieldId,
    index: Option<Source>,
    value: Source,
}

struct PlainFrame {
    /// Index in the root table.
    code: u32,
    pc: u32,
    ret: u64,
    regs: Box<[(Reg, Source)]>,
}

/// Where a register's value comes from.
#[derive(Copy, Clone)]
enum Source {
    /// A fail argument, by its place in the exchange area.
    Word(u16, Ty),
    /// A row of the root table.
    Root(u32),
    Constant(Ty, u64),
}

impl PlainExit {
    /// Of a snapshot with these fail arguments; nothing if it is not plain.
    pub fn of(trace: &Trace, snapshot: SnapshotId, args: &[OpRef]) -> Option<PlainExit> {
        let s = &trace.snapshots[snapshot.0 as usize];
        let source = |v| Source::of(trace, args, v);
        let store = |store: &hoop_ir::trace::PendingStore| {
            let index = store.index.map(|i| source(SnapVal::Op(i)));
            Some(PlainStore {
                object: source(store.object)?,
                field: store.field,
                index: if let Some(index) = index { Some(index?) } else { None },
                value: source(store.value)?,
            })
        };
        let stores = s.stores.iter().map(store).collect::<Option<_>>()?;
        let frame = |f: &hoop_ir::FrameState| {
            let regs = f.regs.iter().map(|&(r, v)| Some((Reg(r), source(v)?)));
            let regs = regs.collect::<Option<_>>()?;
            Some(PlainFrame { code: f.code, pc: f.pc, ret: f.ret, regs })
        };
        // The root frame is there, whoever owns it.
        if s.frames.iter().skip(1).any(|f| f.owner.is_some()) {
            return None;
        }
        Some(PlainExit { frames: s.frames.iter().map(frame).collect::<Option<_>>()?, stores })
    }

    /// The root frame's code object.
    pub fn root_code(&self, roots: &[Value]) -> Value {
        roots[self.frames[0].code as usize]
    }

    /// Whether no value needs an object of its own, so that nothing is allocated on the way.
    pub fn fits<Vm: VmState>(&self, vm: &mut Vm, roots: &[Value]) -> bool {
        let words = &vm.context().exchange;
        let fits = |source: Source| value_of(source.content(words, roots)).is_some();
        self.frames.iter().all(|f| f.regs.iter().all(|&(_, source)| fits(source)))
            && self.stores.iter().all(|s| fits(s.value))
    }

    /// Brings the machine, whose innermost frame is the activation's root frame, to the exit's state.
    fn apply<G: Guest>(&self, mut to: Apply<G>, roots: &[Value]) {
        let content = |to: &mut Apply<G>, s: Source| s.content(&to.run.vm().context().exchange, roots);
        for s in &self.stores {
            let index = s.index.map(|i| content(&mut to, i));
            let index = index.map(|i| if let Content::Int(i) = i { i } else { 0 });
            let (object, value) = (content(&mut to, s.object), content(&mut to, s.value));
            to.store(&ExitStore { object, field: s.field, index, value });
        }
        for (i, f) in self.frames.iter().enumerate() {
            if i > 0 {
                push_frame::<G>(&mut to.run, roots[f.code as usize], f.pc, f.ret, None);
            }
            for &(r, source) in &f.regs {
                let v = value_of(content(&mut to, source));
                to.run.store(r, v.expect("the exit was found to fit"));
            }
            to.run.jump(f.pc);
            to.run.save_pc();
        }
    }
}

impl<G: Guest> Tracer<G> {
    /// The short way out, if there is one and no bridge is due.
    pub(crate) fn plain_exit<'a>(
        &self,
        vm: &mut G::Vm,
        id: ExitId,
        taken: &'a TakenExit,
    ) -> Option<&'a PlainExit> {
        if !taken.valid || self.is_hot(id) {
            return None;
        }
        taken.plan.plain.as_ref().filter(|plain| plain.fits(vm, &taken.roots))
    }

    pub(crate) fn take_plain_exit(
        &self,
        vm: &mut G::Vm,
        floor: usize,
        taken: &TakenExit,
        plain: &PlainExit,
        callee: bool,
    ) -> Flow {
        let roots = &*taken.roots;
        if callee && !push_entry_frame::<G>(vm, plain.root_code(roots)) {
            G::recursion_error(vm);
            return Flow::Done(Err(Raise));
        }
        plain.apply(Apply::<G>::new(vm, &self.shared.descriptors, &self.scratch), roots);
        let unwinds = taken.kind == ExitKind::Unwind;
        if unwinds {
            self.count(|c| &c.exits_unwinding, 1);
            past_the_call(vm);
        }
        self.resume(vm, floor, unwinds)
    }
}

impl Source {
    fn of(trace: &Trace, args: &[OpRef], v: SnapVal) -> Option<Source> {
        let SnapVal::Op(r) = v else { return None };
        let op = trace.op(r);
        Some(match op.code {
            Opcode::ConstRef => Source::Root(op.imm as u32),
            code if code.is_const() => Source::Constant(code.ty(), op.imm),
            code => Source::Word(u16::try_from(args.iter().position(|&a| a == r)?).ok()?, code.ty()),
        })
    }

    fn content(self, words: &[u64], roots: &[Value]) -> Content {
        match self {
            Source::Word(at, ty) => typed(ty, words[at as usize]),
            Source::Root(at) => Content::Word(roots[at as usize]),
            Source::Constant(ty, word) => typed(ty, word),
        }
    }
}

/// The content as a value. Nothing: a float that its word cannot hold.
fn value_of(c: Content) -> Option<Value> {
    match c {
        Content::Word(v) => Some(v),
        Content::Int(i) => Some(Value::int(i)),
        Content::Float(f) => Value::word_float(f),
        Content::Bool(b) => Some(Value::bool(b)),
        Content::Virtual(_) => None,
    }
}
