//! How control comes into a unit's traces: from other units by selector, and from guards of the unit.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value, types};
use hoop_ir::op::{Opcode, Ty};
use hoop_ir::stage::BackendError;
use hoop_ir::trace::{Entry, Op, OpRef};

use super::{Lower, Lowered, UnitEntry};
use crate::abi::Passing;

pub(super) fn block_args(values: &[Value]) -> Vec<BlockArg> {
    values.iter().map(|&v| BlockArg::Value(v)).collect()
}

impl Lower<'_, '_> {
    /// Emits the entry blocks and, in the function's first block, the choice between them.
    pub(super) fn entries(&mut self) -> Lowered<()> {
        let mut entries = Vec::new();
        for (index, t) in self.unit.iter().enumerate().filter(|(_, t)| t.parent.is_none()) {
            entries.push(UnitEntry::General(index));
            if matches!(t.trace.entry, Entry::Loop { .. }) {
                entries.push(UnitEntry::Start(index));
                let state = &self.traces[index];
                if state.label.is_some() && !state.captures {
                    entries.push(UnitEntry::Label(index));
                }
            }
        }
        self.choose(entries.len())?.into_iter().zip(&entries).try_for_each(|(block, &entry)| {
            self.b.switch_to_block(block);
            self.entry(entry)
        })?;
        self.out.entries = entries;
        Ok(())
    }

    /// Branches to one of `count` new blocks by the selector.
    fn choose(&mut self, count: usize) -> Lowered<Vec<Block>> {
        let blocks: Vec<Block> = (0..count).map(|_| self.b.create_block()).collect();
        let (&last, others) = blocks.split_last().ok_or(BackendError::Unsupported("a unit without entry"))?;
        for (number, &block) in others.iter().enumerate() {
            let next = self.b.create_block();
            let hit = self.b.ins().icmp_imm_s(IntCC::Equal, self.selector, number as i64);
            self.b.ins().brif(hit, block, &[], next, &[]);
            self.b.switch_to_block(next);
        }
        self.b.ins().jump(last, &[]);
        Ok(blocks)
    }

    /// Fetches the values that come in at an entry and jumps to where they are parameters.
    fn entry(&mut self, entry: UnitEntry) -> Lowered<()> {
        let (target, values) = match entry {
            UnitEntry::General(index) => {
                let values = match &self.unit[index].trace.entry {
                    Entry::Loop { regs } => self.load_registers(regs),
                    Entry::Bridge { types } => {
                        self.count_pass();
                        self.receive_all(types)?
                    }
                };
                (self.traces[index].start, values)
            }
            UnitEntry::Start(index) => {
                let types = self.traces[index].start_types.clone();
                (self.traces[index].start, self.receive_all(&types)?)
            }
            UnitEntry::Label(index) => {
                let types = self.traces[index].header_types.clone();
                (self.traces[index].header, self.receive_all(&types)?)
            }
        };
        self.b.ins().jump(target, &block_args(&values));
        Ok(())
    }

    fn load_registers(&mut self, regs: &[u16]) -> Vec<Value> {
        let load =
            |&reg: &u16| self.b.ins().load(types::I64, self.regions.words, self.ints[0], 8 * i32::from(reg));
        regs.iter().map(load).collect()
    }

    fn receive_all(&mut self, types: &[Ty]) -> Lowered<Vec<Value>> {
        let mut passing = Passing::default();
        types
            .iter()
            .map(|&ty| {
                let ty = if ty == Ty::Bool { Ty::Int } else { ty };
                self.receive(passing.next(ty), ty)
            })
            .collect()
    }

    /// A bridge of the unit: fills its attach block, where the guard's fail arguments become its inputs.
    pub(super) fn attach_to_parent(&mut self) -> Lowered<()> {
        let Some((parent, guard)) = self.unit[self.at].parent else { return Ok(()) };
        let parent_trace = self.unit[parent].trace;
        let args = parent_trace.fail_args(parent_trace.op(guard).snapshot);
        let given: Vec<Ty> = args.iter().map(|&r| parent_trace.ty(r)).collect();
        let state = &self.traces[self.at];
        let (start, same) = (state.start, crate::abi::passes_as(&given, &state.start_types));
        if !same {
            return Err(BackendError::Unsupported(
                "a bridge whose inputs differ from its guard's fail arguments",
            ));
        }
        self.b.switch_to_block(self.attach[&self.at]);
        let mut values = Vec::with_capacity(args.len());
        for r in args {
            let value = self.value_of(parent, r);
            values.push(self.widened(value));
        }
        self.b.ins().jump(start, &block_args(&values));
        Ok(())
    }

    pub(super) fn input(&mut self, r: OpRef, op: &Op) -> Lowered<()> {
        let state = &self.traces[self.at];
        let index = op.imm as usize;
        let wanted = op.code.ty();
        match state.start_types.get(index) {
            Some(&ty) if (ty == Ty::Float) == (wanted == Ty::Float) => {}
            _ => return Err(BackendError::Unsupported("an input that the entry does not have")),
        }
        let value = self.b.block_params(state.start)[index];
        self.define(r, value);
        Ok(())
    }

    pub(super) fn param(&mut self, r: OpRef, op: &Op) -> Lowered<()> {
        let state = &self.traces[self.at];
        let index = op.imm as usize;
        let found = state.label.and(state.header_types.get(index));
        if found.is_none_or(|&ty| ty != op.code.ty()) {
            return Err(BackendError::Unsupported("a parameter that the label does not have"));
        }
        let value = self.b.block_params(state.header)[index];
        self.define(r, value);
        debug_assert!(matches!(op.code, Opcode::ParamVal | Opcode::ParamInt | Opcode::ParamFloat));
        Ok(())
    }
}
