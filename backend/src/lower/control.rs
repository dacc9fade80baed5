//! Labels, jumps, and the ends of traces.

use cranelift_codegen::ir::InstBuilder;
use hoop_ir::op::Ty;
use hoop_ir::stage::BackendError;
use hoop_ir::trace::{Entry, FragmentId, Op, OpRef};

use super::entries::block_args;
use super::{Lower, Lowered};
use crate::abi::{Interface, InterfaceKind, Passing, Slot, TARGET_CODE, TARGET_SELECTOR, Target};

impl<'a> Lower<'a, '_> {
    pub(super) fn label(&mut self, op: &Op) -> Lowered<()> {
        let values = self.values(self.current().list(op));
        let header = self.traces[self.at].header;
        self.b.ins().jump(header, &block_args(&values));
        self.b.switch_to_block(header);
        self.fresh.clear();
        Ok(())
    }

    pub(super) fn jump(&mut self, op: &Op) -> Lowered<()> {
        self.jump_to_header(self.at, op)
    }

    /// Jumps to the header of a trace of the unit.
    fn jump_to_header(&mut self, target: usize, op: &Op) -> Lowered<()> {
        let list = self.current().list(op);
        let given = self.types_of(list);
        let state = &self.traces[target];
        if state.header_types != given {
            return Err(BackendError::Unsupported("a jump whose values do not match the label's parameters"));
        }
        let header = state.header;
        let values = self.values(list);
        self.b.ins().jump(header, &block_args(&values));
        Ok(())
    }

    fn types_of(&self, list: &[OpRef]) -> Vec<Ty> {
        list.iter().map(|&r| self.current().ty(r)).collect()
    }

    /// The trace of the unit that is this loop fragment.
    fn in_unit(&self, fragment: FragmentId) -> Option<usize> {
        let is_loop = |i: &usize| matches!(self.unit[*i].trace.entry, Entry::Loop { .. });
        (0..self.unit.len()).filter(is_loop).find(|&i| self.unit[i].fragment == fragment)
    }

    pub(super) fn jump_fragment(&mut self, op: &Op) -> Lowered<()> {
        let fragment = FragmentId(op.imm as u32);
        let list = self.current().list(op);
        let types = self.types_of(list);
        if types.iter().any(|&t| t != Ty::Val) {
            return Err(BackendError::Unsupported("jump_fragment passes values that are not boxed"));
        }
        if let Some(target) = self.in_unit(fragment) {
            let state = &self.traces[target];
            if state.start_types.len() != list.len() {
                return Err(BackendError::Unsupported("jump_fragment with a wrong number of values"));
            }
            let start = state.start;
            let values = self.values(list);
            self.b.ins().jump(start, &block_args(&values));
            return Ok(());
        }
        let interface = self.interface(fragment)?;
        let InterfaceKind::Loop(regs) = &interface.kind else {
            return Err(BackendError::Unsupported("jump_fragment to a bridge"));
        };
        if regs.len() != list.len() {
            return Err(BackendError::Unsupported("jump_fragment with a wrong number of values"));
        }
        let values = self.values(list);
        for (&reg, value) in regs.iter().zip(values) {
            self.b.ins().store(self.regions.words, value, self.frame, 8 * i32::from(reg));
        }
        self.name_target(&interface.entry, fragment, "entry");
        self.tail_call(&interface.entry as *const Target as usize, &[], &[]);
        Ok(())
    }

    pub(super) fn jump_label(&mut self, op: &Op) -> Lowered<()> {
        let fragment = FragmentId(op.imm as u32);
        if let Some(target) = self.in_unit(fragment) {
            if self.traces[target].captures && !self.is_after_label(self.at, target) {
                return Err(BackendError::Unsupported("label uses preamble values"));
            }
            return self.jump_to_header(target, op);
        }
        let list = self.current().list(op);
        let given = self.types_of(list);
        let interface = self.interface(fragment)?;
        match &interface.label_types {
            None => return Err(BackendError::Unsupported("label uses preamble values")),
            Some(types) if *types != given => {
                return Err(BackendError::Unsupported(
                    "a jump whose values do not match the label's parameters",
                ));
            }
            Some(_) => {}
        }
        self.name_target(&interface.label, fragment, "label");
        self.pass_and_go(&interface.label as *const Target as usize, self.at, list)
    }

    /// Whether a trace hangs (through other bridges, perhaps) on a guard of `target` that follows its label.
    fn is_after_label(&self, trace: usize, target: usize) -> bool {
        match self.unit[trace].parent {
            None => false,
            Some((parent, guard)) if parent == target => Some(guard) > self.traces[target].label,
            Some((parent, _)) => self.is_after_label(parent, target),
        }
    }

    fn interface(&mut self, fragment: FragmentId) -> Lowered<&'a Interface> {
        let found = (self.env.fragments)(fragment)
            .ok_or(BackendError::Unsupported("a jump to code that is not compiled"))?;
        if !self.out.uses.contains(&fragment) {
            self.out.uses.push(fragment);
        }
        Ok(found)
    }

    fn name_target(&mut self, target: &Target, fragment: FragmentId, which: &str) {
        self.out.names.add(target as *const Target as u64, || format!("<{which} of F{}>", fragment.0));
    }

    /// Puts values where the unit behind `target` (an address of a [`Target`]) expects them, and goes there.
    pub(super) fn pass_and_go(&mut self, target: usize, trace: usize, list: &[OpRef]) -> Lowered<()> {
        let mut passing = Passing::default();
        let (mut ints, mut floats) = (Vec::new(), Vec::new());
        for &r in list {
            let value = self.value_of(trace, r);
            let value = self.widened(value);
            match passing.next(self.unit[trace].trace.ty(r)) {
                Slot::Int(_) => ints.push(value),
                Slot::Float(_) => floats.push(value),
                Slot::Exchange(word) => {
                    let offset = self.exchange_offset(word)?;
                    self.b.ins().store(self.regions.words, value, self.ctx, offset);
                }
            }
        }
        self.tail_call(target, &ints, &floats);
        Ok(())
    }

    /// Tail-calls the unit that the [`Target`] at this address names. Parameters beyond those given are not read there.
    fn tail_call(
        &mut self,
        target: usize,
        ints: &[cranelift_codegen::ir::Value],
        floats: &[cranelift_codegen::ir::Value],
    ) {
        use cranelift_codegen::ir::types::I64;
        let target = self.word(target as u64);
        let code = self.b.ins().load(I64, self.regions.words, target, TARGET_CODE);
        let selector = self.b.ins().load(I64, self.regions.words, target, TARGET_SELECTOR);
        let mut args = vec![self.ctx, self.frame, selector];
        args.extend_from_slice(ints);
        args.extend_from_slice(floats);
        let key = (ints.len(), floats.len());
        let sig = match self.tail_sigs.get(&key) {
            Some(&sig) => sig,
            None => {
                let sig = self.b.import_signature(super::tail_signature(key.0, key.1));
                self.tail_sigs.insert(key, sig);
                sig
            }
        };
        self.b.ins().return_call_indirect(sig, code, &args);
    }

    pub(super) fn finish(&mut self, op: &Op) -> Lowered<()> {
        let value = self.value(op.args[0]);
        let offset = self.exchange_offset(0)?;
        self.b.ins().store(self.regions.words, value, self.ctx, offset);
        let finished = self.word(0);
        self.b.ins().return_(&[finished]);
        Ok(())
    }
}
