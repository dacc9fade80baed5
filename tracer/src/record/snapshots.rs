//! Snapshots: the guest's frames as registers and operations, for an exit to rebuild.

use super::Record;
use crate::record::frames::Shadow;
use crate::record::values::RVal;
use hoop_engine::{Engine, Guest};
use hoop_gc::Value;
use hoop_ir::{FrameState, OpRef, SnapVal, Snapshot, SnapshotId};
use std::rc::Rc;

/// Which state of the innermost frame a snapshot shows.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct SnapshotOf {
    /// Where the innermost frame goes on.
    pub pc: u32,
    /// A register that holds something else than its shadow says.
    pub replaced: Option<(u16, OpRef)>,
}

impl<G: Guest> Record<'_, G> {
    /// The snapshot of the current resume point, shared by its guards. `None` after an effect.
    pub(super) fn snapshot(&mut self) -> Option<SnapshotId> {
        if self.point.heap_effect.is_some() || self.point.frame_effect {
            return None;
        }
        if self.point.snapshot.is_none() {
            self.point.snapshot = self.snapshot_at(self.point.pc);
        }
        self.point.snapshot
    }

    /// The frames as they are now, the innermost going on at `pc`.
    pub(super) fn snapshot_at(&mut self, pc: u32) -> Option<SnapshotId> {
        self.snapshot_of(SnapshotOf { pc, replaced: None })
    }

    pub(super) fn snapshot_of(&mut self, of: SnapshotOf) -> Option<SnapshotId> {
        if self.stopped() {
            return None;
        }
        let shadows = std::mem::take(&mut self.frames);
        let last = shadows.len() - 1;
        let frames = shadows.iter().enumerate().map(|(i, f)| {
            let live = if i == last { self.live_at(f.code, of.pc) } else { self.live_in_caller(f) };
            let replaced = if i == last { of.replaced } else { None };
            let pc = if i == last { of.pc } else { f.pc };
            self.frame_state(f, pc, &live, replaced)
        });
        let frames = frames.collect();
        self.frames = shadows;
        self.trace.snapshots.push(Snapshot { frames, stores: Vec::new() });
        Some(SnapshotId(self.trace.snapshots.len() as u32 - 1))
    }

    fn frame_state(
        &mut self,
        f: &Shadow,
        pc: u32,
        live: &[u16],
        replaced: Option<(u16, OpRef)>,
    ) -> FrameState {
        let owner = f.owner.map(|o| SnapVal::Op(self.op_of(o)));
        let mut regs = Vec::with_capacity(live.len());
        for &r in live {
            let slot = f.slots[r as usize];
            match replaced {
                Some((n, op)) if n == r => regs.push((r, SnapVal::Op(op))),
                _ if slot.is_unloaded() || (owner.is_some() && !slot.dirty) => {}
                _ => regs.push((r, SnapVal::Op(self.op_of(RVal { now: slot.now, op: slot.op })))),
            }
        }
        FrameState { code: f.code_root, pc, ret: f.ret, owner, regs }
    }

    /// Registers live at `pc`, ascending.
    pub(super) fn live_at(&mut self, code: Value, pc: u32) -> Rc<[u16]> {
        if let Some(live) = self.live.get(&(code.bits(), pc)) {
            return live.clone();
        }
        let live: Rc<[u16]> = G::live_registers(self.run.vm(), code, pc).into();
        self.live.insert((code.bits(), pc), live.clone());
        live
    }

    /// What a caller still needs: what is live where it goes on, and at its call, whose handler may catch what the
    /// callee raises.
    pub(super) fn live_in_caller(&mut self, f: &Shadow) -> Rc<[u16]> {
        let after = self.live_at(f.code, f.pc);
        let at_call = self.live_at(f.code, f.pc.saturating_sub(1));
        let mut both: Vec<u16> = after.iter().chain(at_call.iter()).copied().collect();
        both.sort_unstable();
        both.dedup();
        both.into()
    }
}
