//! From a snapshot and its fail arguments to frames: what an exit does, on any [`Machine`].

use super::machine::Machine;
use super::step::{boxed, place_of};
use crate::descr::{Descriptors, FieldId};
use crate::op::{Opcode, Ty};
use crate::trace::{OpRef, SnapVal, SnapshotId, Trace, new_parts};
use std::collections::HashMap;

/// A guest frame with the words of its live registers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FrameValues {
    pub code: u32,
    pub pc: u32,
    pub ret: u64,
    pub owner: Option<u64>,
    pub regs: Vec<(u16, u64)>,
}

/// Builds the frames of an exit, outermost first: boxes registers and `Val` fields by type, allocates virtual objects (each once), and
/// does the pending stores. `words` are the exit's fail arguments, `roots` the trace's root table.
pub fn rebuild(
    m: &dyn Machine,
    trace: &Trace,
    descriptors: &Descriptors,
    roots: &[u64],
    snapshot: SnapshotId,
    words: &[u64],
) -> Vec<FrameValues> {
    let args = trace.fail_args(snapshot).into_iter().zip(words.iter().copied()).collect();
    let held = words.to_vec();
    let mut b = Rebuild { m, trace, descriptors, roots, args, objects: HashMap::new(), held };
    let s = trace.snapshot(snapshot);
    let mut frames = Vec::new();
    for f in &s.frames {
        let owner = f.owner.map(|v| b.value(v));
        let regs = f.regs.iter().map(|&(r, v)| (r, b.value(v))).collect();
        frames.push(FrameValues { code: f.code, pc: f.pc, ret: f.ret, owner, regs });
    }
    for store in &s.stores {
        let object = b.value(store.object);
        let index = store.index.map(|i| b.word(i) as i64);
        b.store(object, store.field, index.unwrap_or(0), store.value);
    }
    frames
}

struct Rebuild<'a> {
    m: &'a dyn Machine,
    trace: &'a Trace,
    descriptors: &'a Descriptors,
    roots: &'a [u64],
    args: HashMap<OpRef, u64>,
    objects: HashMap<u32, u64>,
    /// Every word that must survive a collection.
    held: Vec<u64>,
}

impl Rebuild<'_> {
    /// An operation's result, unboxed.
    fn word(&self, r: OpRef) -> u64 {
        let op = self.trace.op(r);
        match op.code {
            Opcode::ConstRef => self.roots[op.imm as usize],
            code if code.is_const() => op.imm,
            _ => self.args[&r],
        }
    }

    fn value(&mut self, v: SnapVal) -> u64 {
        match v {
            SnapVal::Op(r) => self.boxed(r),
            SnapVal::Virtual(i) => self.object(i),
        }
    }

    fn boxed(&mut self, r: OpRef) -> u64 {
        self.m.before_collect(&self.held);
        let word = boxed(self.m, self.trace.ty(r), self.word(r));
        self.held.push(word);
        word
    }

    fn object(&mut self, i: u32) -> u64 {
        if let Some(&object) = self.objects.get(&i) {
            return object;
        }
        let v = &self.trace.virtuals[i as usize];
        let (shape, size, aux) = new_parts(v.new);
        self.m.before_collect(&self.held);
        let object = self.m.alloc(shape, size as u32, aux);
        self.held.push(object);
        self.objects.insert(i, object);
        for &(field, content) in &v.fields {
            self.store(object, field, 0, content);
        }
        object
    }

    fn store(&mut self, object: u64, field: FieldId, index: i64, content: SnapVal) {
        let f = *self.descriptors.field_descr(field);
        let word = match content {
            SnapVal::Op(r) if f.mem.ty() != Ty::Val => self.word(r),
            content => self.value(content),
        };
        self.m.store(object, place_of(&f, index as u64), f.mem, word);
    }
}
