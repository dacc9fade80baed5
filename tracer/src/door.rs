//! Doors: fragments of functions that are called before they have machine code.
//!
//! A recording calls compiled functions directly, so a function must be compiled before its callers; functions that
//! call each other can not all be. One of them gets a *door* first: a fragment that is nothing but an exit at the
//! function's start. It is called like any other, and the function's body, once recorded, is the bridge on that exit.

use crate::driver::Tracer;
use crate::record::{End, ExitWhy, Recording};
use crate::roots::RootTable;
use crate::store::Origin;
use hoop_engine::Guest;
use hoop_gc::Value;
use hoop_ir::{Entry, FragmentId, FrameState, Op, Opcode, Place, SnapVal, Snapshot, SnapshotId, Trace};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Recordings of a function given up in a row after which it gets no door.
const HOPELESS: u32 = 5;

impl<G: Guest> Tracer<G> {
    /// Compiles a door to the function of this code: the fragment, and the registers that it reads.
    pub(crate) fn make_door(&self, vm: &mut G::Vm, code: Value) -> Option<(FragmentId, Vec<u16>)> {
        let id = {
            let mut store = self.shared.store.borrow_mut();
            let header = store.header(code, 0);
            if header.fragment.is_some() || header.aborts >= HOPELESS {
                return None;
            }
            store.next_id()
        };
        let regs = G::live_registers(vm, code, 0);
        let recording = Recording {
            trace: door_trace(&regs, G::boundary_ret()),
            roots: RootTable::new(RefCell::new(vec![code])),
            flag: Rc::new(Cell::new(1)),
            end: End::Exit(ExitWhy::Door),
            id: Some(id),
            calls: Vec::new(),
            instructions: 0,
            blamed: None,
            inner: None,
        };
        self.compile(vm, recording, Origin::Function { code, pc: 0 }).ok()?;
        self.soon_bridged(id);
        Some((id, regs))
    }

    /// The body is to be recorded at the next call.
    fn soon_bridged(&self, door: FragmentId) {
        let eager = self.shared.options.bridge;
        let mut store = self.shared.store.borrow_mut();
        for exit in store.fragment(door).map(|f| f.exits.clone()).unwrap_or_default() {
            store.exits.get_mut(&exit).into_iter().for_each(|e| e.counts.since = eager);
        }
    }
}

/// `regs`: the function's live registers at its start. Its code object is root 0.
fn door_trace(regs: &[u16], ret: u64) -> Trace {
    let mut trace = Trace::new(Entry::Loop { regs: regs.to_vec() });
    let inputs = regs.iter().enumerate().map(|(i, &r)| {
        let op = trace.push(Op { imm: i as u64, ..Op::new(Opcode::InputVal) });
        (r, SnapVal::Op(op))
    });
    let regs = inputs.collect();
    trace.roots = 1;
    trace.places.push(Place { depth: 0, code: 0, pc: 0 });
    trace.push(Op::new(Opcode::Place));
    let frame = FrameState { code: 0, pc: 0, ret, owner: None, regs };
    trace.snapshots.push(Snapshot { frames: vec![frame], stores: Vec::new() });
    trace.push(Op { snapshot: SnapshotId(0), ..Op::new(Opcode::Exit) });
    trace
}
