//! Snapshots of the input brought up to date: values as they are now, virtual objects described, put-off stores listed.
//!
//! A register whose value is a boxed int or float names the unboxed operation: the box is made when the frame is filled,
//! so no box is needed for the sake of exits. (Conditions stay boxed: a bridge takes no condition as input.)

use crate::cx::Cx;
use crate::facts::Kind;
use crate::passes::cse;
use hoop_ir::{FrameState, Op, OpRef, Opcode, PendingStore, SnapVal, Snapshot, SnapshotId, Virtual};

/// One snapshot being made.
struct Maker {
    /// Virtual objects met so far, with their index in the trace's table.
    objects: Vec<(OpRef, u32)>,
    /// Virtual objects of the input trace met so far, likewise.
    described: Vec<(u32, u32)>,
    /// How many of `objects` and `described` have had their fields filled in.
    filled: usize,
    filled_described: usize,
    stores: Vec<PendingStore>,
    /// What is known of the values named.
    kinds: Vec<(OpRef, Kind)>,
}

impl Cx<'_> {
    /// What a snapshot of the input is now.
    pub fn map_snapshot(&mut self, old: SnapshotId) -> SnapshotId {
        let (version, id) = self.snapshot_map[old.0 as usize];
        if version == self.version {
            return id;
        }
        let mut maker = Maker {
            objects: Vec::new(),
            described: Vec::new(),
            filled: 0,
            filled_described: 0,
            stores: Vec::new(),
            kinds: Vec::new(),
        };
        let input = self.input;
        let snapshot = &input.snapshots[old.0 as usize];
        let frames = snapshot.frames.iter().map(|f| self.map_frame(&mut maker, f)).collect();
        for i in 0..self.heap.pending.len() {
            let pending = self.heap.pending[i];
            let store = PendingStore {
                // Never virtual: stores into virtual objects are not put off.
                object: SnapVal::Op(self.resolve(pending.place.object)),
                field: pending.place.field,
                index: (!pending.place.index.is_none()).then_some(pending.place.index),
                value: self.snap(&mut maker, pending.value),
            };
            maker.stores.push(store);
        }
        for store in &snapshot.stores {
            let store = PendingStore {
                object: self.snap_object(&mut maker, store.object),
                field: store.field,
                index: store.index.map(|i| self.now(i)),
                value: self.snap_input(&mut maker, store.value),
            };
            maker.stores.push(store);
        }
        self.fill(&mut maker);
        self.snapshots.push(Snapshot { frames, stores: maker.stores });
        self.snapshot_kinds.push(maker.kinds);
        let id = SnapshotId(self.snapshots.len() as u32 - 1);
        self.snapshot_map[old.0 as usize] = (self.version, id);
        id
    }

    fn map_frame(&mut self, maker: &mut Maker, frame: &FrameState) -> FrameState {
        FrameState {
            owner: frame.owner.map(|v| self.snap_input(maker, v)),
            regs: frame.regs.iter().map(|&(r, v)| (r, self.snap_input(maker, v))).collect(),
            ..*frame
        }
    }

    /// A value of an input snapshot.
    fn snap_input(&mut self, maker: &mut Maker, v: SnapVal) -> SnapVal {
        match v {
            SnapVal::Op(old) => {
                let r = self.now(old);
                self.snap(maker, r)
            }
            SnapVal::Virtual(i) => {
                if let Some(&(_, index)) = maker.described.iter().find(|d| d.0 == i) {
                    return SnapVal::Virtual(index);
                }
                let index = self.placeholder(self.input.virtuals[i as usize].new);
                maker.described.push((i, index));
                SnapVal::Virtual(index)
            }
        }
    }

    /// The object of an input snapshot's store: as `snap_input`, but never unboxed.
    fn snap_object(&mut self, maker: &mut Maker, v: SnapVal) -> SnapVal {
        match (v, self.snap_input(maker, v)) {
            (SnapVal::Op(old), SnapVal::Op(_)) => SnapVal::Op(self.now(old)),
            (_, mapped) => mapped,
        }
    }

    /// A value as it stands in a snapshot.
    fn snap(&mut self, maker: &mut Maker, r: OpRef) -> SnapVal {
        let r = self.resolve(r);
        if let Some(object) = self.objects.get(r) {
            if let Some(&(_, index)) = maker.objects.iter().find(|o| o.0 == r) {
                return SnapVal::Virtual(index);
            }
            let index = self.placeholder(object.imm);
            maker.objects.push((r, index));
            return SnapVal::Virtual(index);
        }
        match self.code(r) {
            Opcode::TagInt | Opcode::BoxFloat => {
                let unboxed = self.arg(r);
                SnapVal::Op(self.resolve(unboxed))
            }
            _ => SnapVal::Op(self.unboxed_already(r).unwrap_or_else(|| {
                // Of what was known before a label, only what the body relies on anyway is sure to hold.
                let sure = r.0 >= self.body || self.facts(r).kind_settled;
                let kind = self.kind(r);
                if sure && kind != Kind::Any && !self.is_constant(r) {
                    maker.kinds.push((r, kind));
                }
                r
            })),
        }
    }

    /// An operation of the trace that has unboxed the value: it need not be kept in two forms.
    fn unboxed_already(&self, r: OpRef) -> Option<OpRef> {
        let code = match self.kind(r) {
            Kind::Int => Opcode::UntagInt,
            Kind::Float => Opcode::UnboxFloat,
            _ => return None,
        };
        cse::find(self, &Op { args: [r, OpRef::NONE, OpRef::NONE], ..Op::new(code) })
    }

    fn placeholder(&mut self, new: u64) -> u32 {
        self.virtuals.push(Virtual { new, fields: Vec::new() });
        self.virtuals.len() as u32 - 1
    }

    /// Describes the fields of the virtual objects met, and of those met on the way.
    fn fill(&mut self, maker: &mut Maker) {
        loop {
            if let Some(&(r, index)) = maker.objects.get(maker.filled) {
                maker.filled += 1;
                self.fill_object(maker, r, index);
            } else if let Some(&(old, index)) = maker.described.get(maker.filled_described) {
                maker.filled_described += 1;
                let input = self.input;
                let fields = &input.virtuals[old as usize].fields;
                let fields = fields.iter().map(|&(f, v)| (f, self.snap_input(maker, v))).collect();
                self.virtuals[index as usize].fields = fields;
            } else {
                return;
            }
        }
    }

    /// Items of an array become stores to be done: a virtual's fields have no index.
    fn fill_object(&mut self, maker: &mut Maker, r: OpRef, index: u32) {
        let fields = self.objects.get(r).map_or(Vec::new(), |o| o.fields.clone());
        for f in fields {
            let value = self.snap(maker, f.value);
            if f.index.is_none() {
                self.virtuals[index as usize].fields.push((f.field, value));
            } else {
                let object = SnapVal::Virtual(index);
                maker.stores.push(PendingStore { object, field: f.field, index: Some(f.index), value });
            }
        }
    }
}
