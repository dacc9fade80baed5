//! The end: dead operations go, the body of a peeled loop is closed, and the nodes are written out as a trace.
//!
//! **Dead code.** Marking starts from what has an effect and follows operands and snapshots. A label parameter keeps
//! its value on the jump alive only if it is used itself.
//!
//! **Closing.** A bridge may enter a loop at its label, where operations before the label do not exist. So whatever the
//! body uses of them becomes a parameter that goes round unchanged; a condition (there are no such parameters) is
//! computed again in the body.

use crate::cx::Cx;
use crate::facts::Kind;
use crate::passes::cse;
use hoop_ir::{
    Effect, FrameState, Op, OpRef, Opcode, PendingStore, SnapVal, Snapshot, SnapshotId, Trace, Ty, Virtual,
};

/// The label of a peeled loop: operations of the trace under construction.
#[derive(Clone, Debug)]
pub struct Label {
    pub label: OpRef,
    pub params: Vec<OpRef>,
    pub jump: OpRef,
}

/// Marks what is needed.
struct Marker<'c, 'a> {
    cx: &'c Cx<'a>,
    label: Option<&'c Label>,
    live: Vec<bool>,
    waiting: Vec<OpRef>,
}

impl Marker<'_, '_> {
    fn mark(&mut self, r: OpRef) {
        if !r.is_none() && !self.live[r.index()] {
            self.live[r.index()] = true;
            self.waiting.push(r);
        }
    }

    fn mark_operands(&mut self, r: OpRef) {
        let cx = self.cx;
        let op = cx.op(r);
        op.args.iter().for_each(|&a| self.mark(a));
        let ends_loop = self.label.is_some_and(|l| l.label == r || l.jump == r);
        if !ends_loop {
            cx.list(op).iter().for_each(|&a| self.mark(a));
        }
        if op.snapshot != SnapshotId::NONE {
            snapshot_values(cx, op.snapshot, &mut |v| self.mark(v));
        }
        if matches!(op.code, Opcode::ParamVal | Opcode::ParamInt | Opcode::ParamFloat)
            && let Some(l) = self.label
        {
            let i = op.imm as usize;
            self.mark(cx.list(cx.op(l.label))[i]);
            self.mark(cx.list(cx.op(l.jump))[i]);
        }
    }
}

/// Every operation that a snapshot names.
fn snapshot_values(cx: &Cx, id: SnapshotId, each: &mut impl FnMut(OpRef)) {
    let snapshot = &cx.snapshots[id.0 as usize];
    let mut virtuals: Vec<u32> = Vec::new();
    let mut value = |v: SnapVal, virtuals: &mut Vec<u32>| match v {
        SnapVal::Op(r) => each(r),
        SnapVal::Virtual(i) if !virtuals.contains(&i) => virtuals.push(i),
        SnapVal::Virtual(_) => {}
    };
    for frame in &snapshot.frames {
        frame.owner.iter().chain(frame.regs.iter().map(|(_, v)| v)).for_each(|&v| value(v, &mut virtuals));
    }
    for store in &snapshot.stores {
        value(store.object, &mut virtuals);
        store.index.iter().for_each(|&i| value(SnapVal::Op(i), &mut virtuals));
        value(store.value, &mut virtuals);
    }
    let mut done = 0;
    while done < virtuals.len() {
        for &(_, v) in &cx.virtuals[virtuals[done] as usize].fields {
            value(v, &mut virtuals);
        }
        done += 1;
    }
}

/// Which nodes the new trace needs.
fn live_nodes(cx: &Cx, label: Option<&Label>) -> Vec<bool> {
    let mut marker = Marker { cx, label, live: vec![false; cx.nodes.len()], waiting: Vec::new() };
    for &r in &cx.order {
        let op = cx.op(r);
        let own_param = label.is_some_and(|l| l.params.contains(&r));
        let essential = !cse::removable(cx, op) && !own_param;
        if essential || !cx.options.dce && !own_param {
            marker.mark(r);
        }
    }
    while let Some(r) = marker.waiting.pop() {
        marker.mark_operands(r);
    }
    marker.live
}

/// What crosses the label besides the parameters.
#[derive(Default)]
struct Crossing {
    /// Operations that become parameters.
    params: Vec<OpRef>,
    /// Conditions to compute again, operands first.
    again: Vec<OpRef>,
}

/// Finds the operations before the label that the body uses.
fn crossing(cx: &Cx, live: &[bool], label: &Label) -> Crossing {
    let position = cx.order.iter().position(|&r| r == label.label).unwrap_or(0);
    let mut before = vec![false; cx.nodes.len()];
    cx.order[..position].iter().for_each(|r| before[r.index()] = true);
    let mut found = Crossing::default();
    let mut met = vec![false; cx.nodes.len()];
    let mut visit = |r: OpRef, found: &mut Crossing| {
        // An explicit stack: a condition follows its operands.
        let mut stack = vec![(r, false)];
        while let Some((r, operands_done)) = stack.pop() {
            if operands_done {
                found.again.push(r);
                continue;
            }
            if r.is_none() || !before[r.index()] || met[r.index()] {
                continue;
            }
            met[r.index()] = true;
            if cx.op(r).ty() == Ty::Bool {
                stack.push((r, true));
                stack.extend(cx.op(r).args.iter().map(|&a| (a, false)));
            } else {
                found.params.push(r);
            }
        }
    };
    for &r in cx.order[position + 1..].iter().filter(|r| live[r.index()]) {
        let op = cx.op(r);
        op.args.iter().for_each(|&a| visit(a, &mut found));
        if r == label.jump {
            let items = cx.list(op).iter().zip(&label.params);
            items.filter(|(_, p)| live[p.index()]).for_each(|(&a, _)| visit(a, &mut found));
        } else {
            cx.list(op).iter().for_each(|&a| visit(a, &mut found));
        }
        if op.snapshot != SnapshotId::NONE {
            snapshot_values(cx, op.snapshot, &mut |v| visit(v, &mut found));
        }
    }
    found
}

/// Writes nodes out with new numbers.
struct Writer<'c, 'a> {
    cx: &'c Cx<'a>,
    out: Trace,
    /// New number per node.
    number: Vec<OpRef>,
    snapshot_number: Vec<SnapshotId>,
    virtual_number: Vec<u32>,
    live: Vec<bool>,
    exits: ExitKinds,
    widest_exit: usize,
}

impl Writer<'_, '_> {
    /// The new number of an operand; constants are written when first asked for.
    fn operand(&mut self, r: OpRef) -> OpRef {
        if r.is_none() {
            return r;
        }
        if self.number[r.index()].is_none() && self.cx.is_constant(r) {
            let op = *self.cx.op(r);
            let args = op.args.map(|a| self.operand(a));
            self.number[r.index()] = self.out.push(Op { args, ..op });
        }
        debug_assert!(!self.number[r.index()].is_none(), "{r:?} {:?} used before it is made", self.cx.op(r));
        self.number[r.index()]
    }

    fn write(&mut self, r: OpRef) {
        let op = *self.cx.op(r);
        let items = self.cx.list(&op);
        self.write_with(r, op, items);
    }

    fn write_with(&mut self, r: OpRef, mut op: Op, items: &[OpRef]) {
        op.args = op.args.map(|a| self.operand(a));
        let items: Vec<OpRef> = items.iter().map(|&a| self.operand(a)).collect();
        op.list = if op.code.has_list() { self.out.push_list(&items) } else { (0, 0) };
        if op.snapshot != SnapshotId::NONE {
            op.snapshot = self.snapshot(op.snapshot);
        }
        self.number[r.index()] = self.out.push(op);
    }

    fn snapshot(&mut self, id: SnapshotId) -> SnapshotId {
        let known = self.snapshot_number[id.0 as usize];
        if known != SnapshotId::NONE {
            return known;
        }
        let cx = self.cx;
        let old = &cx.snapshots[id.0 as usize];
        let frames = old.frames.iter().map(|f| self.frame(f)).collect();
        let stores = old
            .stores
            .iter()
            .map(|s| PendingStore {
                object: self.snap(s.object),
                field: s.field,
                index: s.index.map(|i| self.operand(i)),
                value: self.snap(s.value),
            })
            .collect();
        let new = Snapshot { frames, stores };
        // Equal snapshots stand near each other.
        let start = self.out.snapshots.len().saturating_sub(4);
        let same = self.out.snapshots[start..].iter().position(|s| *s == new).map(|i| start + i);
        let number = SnapshotId(same.unwrap_or_else(|| {
            self.out.snapshots.push(new);
            self.out.snapshots.len() - 1
        }) as u32);
        self.snapshot_number[id.0 as usize] = number;
        self.note_kinds(id, number);
        number
    }

    /// Keeps what is known of the fail arguments; where two snapshots became one, what is known at both.
    fn note_kinds(&mut self, id: SnapshotId, number: SnapshotId) {
        let args = self.out.fail_args(number);
        self.widest_exit = self.widest_exit.max(args.len());
        let known = self.cx.snapshot_kinds[id.0 as usize].iter().filter_map(|&(r, kind)| {
            let arg = args.iter().position(|&a| a == self.number[r.index()])?;
            Some((arg as u32, kind))
        });
        let known: Vec<(u32, Kind)> = known.collect();
        match self.exits.get_mut(number.0 as usize) {
            Some(before) => before.retain(|k| known.contains(k)),
            None => self.exits.push(known),
        }
    }

    fn frame(&mut self, f: &FrameState) -> FrameState {
        FrameState {
            owner: f.owner.map(|v| self.snap(v)),
            regs: f.regs.iter().map(|&(r, v)| (r, self.snap(v))).collect(),
            ..*f
        }
    }

    fn snap(&mut self, v: SnapVal) -> SnapVal {
        match v {
            SnapVal::Op(r) => SnapVal::Op(self.operand(r)),
            SnapVal::Virtual(i) => SnapVal::Virtual(self.virtual_object(i)),
        }
    }

    /// The new number of a virtual object, and of those that it refers to.
    fn virtual_object(&mut self, first: u32) -> u32 {
        let cx = self.cx;
        let mut waiting = Vec::new();
        let number = |w: &mut Self, i: u32, waiting: &mut Vec<u32>| {
            if w.virtual_number[i as usize] == u32::MAX {
                w.virtual_number[i as usize] = w.out.virtuals.len() as u32;
                w.out.virtuals.push(Virtual { new: cx.virtuals[i as usize].new, fields: Vec::new() });
                waiting.push(i);
            }
            w.virtual_number[i as usize]
        };
        let result = number(self, first, &mut waiting);
        while let Some(i) = waiting.pop() {
            let mut fields = Vec::new();
            for &(f, v) in &cx.virtuals[i as usize].fields {
                fields.push((
                    f,
                    match v {
                        SnapVal::Op(r) => SnapVal::Op(self.operand(r)),
                        SnapVal::Virtual(j) => SnapVal::Virtual(number(self, j, &mut waiting)),
                    },
                ));
            }
            let at = self.virtual_number[i as usize] as usize;
            self.out.virtuals[at].fields = fields;
        }
        result
    }

    /// The label, its live parameters, those that go round unchanged, and the conditions computed again.
    fn write_label(&mut self, label: &Label, crossing: &Crossing) {
        let cx = self.cx;
        let op = *cx.op(label.label);
        let own = cx.list(&op).iter().zip(&label.params).filter(|(_, p)| self.live[p.index()]);
        let mut items: Vec<OpRef> = own.map(|(&item, _)| item).collect();
        items.extend(&crossing.params);
        self.write_with(label.label, op, &items);
        let own: Vec<OpRef> = label.params.iter().copied().filter(|p| self.live[p.index()]).collect();
        for (i, &p) in own.iter().chain(&crossing.params).enumerate() {
            let code = match cx.op(p).ty() {
                Ty::Int => Opcode::ParamInt,
                Ty::Float => Opcode::ParamFloat,
                _ => Opcode::ParamVal,
            };
            self.number[p.index()] = self.out.push(Op { imm: i as u64, ..Op::new(code) });
        }
        crossing.again.iter().for_each(|&r| self.write(r));
    }

    fn write_jump(&mut self, label: &Label, crossing: &Crossing) {
        let cx = self.cx;
        let op = *cx.op(label.jump);
        let own = cx.list(&op).iter().zip(&label.params).filter(|(_, p)| self.live[p.index()]);
        let mut items: Vec<OpRef> = own.map(|(&item, _)| item).collect();
        items.extend(&crossing.params);
        self.write_with(label.jump, op, &items);
    }
}

/// A finished trace.
pub struct Written {
    pub trace: Trace,
    /// The label's parameters in their final order, as operations of the `Cx`: those that go round unchanged are named
    /// by the operation before the label.
    pub params: Vec<OpRef>,
    pub exits: ExitKinds,
    /// The most fail arguments of an exit.
    pub widest_exit: usize,
}

/// Per snapshot of a trace: fail arguments of a known kind.
pub type ExitKinds = Vec<Vec<(u32, Kind)>>;

/// Writes the trace out.
pub fn write_out(cx: &Cx, label: Option<&Label>) -> Written {
    let live = live_nodes(cx, label);
    let crossing = label.map(|l| crossing(cx, &live, l)).unwrap_or_default();
    let mut out = Trace::new(cx.input.entry.clone());
    out.places = cx.input.places.clone();
    out.roots = cx.input.roots;
    let mut w = Writer {
        cx,
        out,
        number: vec![OpRef::NONE; cx.nodes.len()],
        snapshot_number: vec![SnapshotId::NONE; cx.snapshots.len()],
        virtual_number: vec![u32::MAX; cx.virtuals.len()],
        live,
        exits: Vec::new(),
        widest_exit: 0,
    };
    for &r in &cx.order {
        match label {
            Some(l) if l.label == r => w.write_label(l, &crossing),
            Some(l) if l.jump == r => w.write_jump(l, &crossing),
            Some(l) if l.params.contains(&r) => {}
            _ if w.live[r.index()] && !is_repeated_place(cx, &w.out, r) => w.write(r),
            _ => {}
        }
    }
    let own = label.iter().flat_map(|l| &l.params).copied().filter(|p| w.live[p.index()]);
    let params = own.chain(crossing.params.iter().copied()).collect();
    Written { trace: w.out, params, exits: w.exits, widest_exit: w.widest_exit }
}

/// A note of a place from which nothing came, or no change of place.
fn is_repeated_place(cx: &Cx, out: &Trace, r: OpRef) -> bool {
    let op = cx.op(r);
    op.code == Opcode::Place
        && out.ops.last().is_some_and(|last| last.code == Opcode::Place && last.imm == op.imm)
        && op.code.effect() == Effect::Control
}
