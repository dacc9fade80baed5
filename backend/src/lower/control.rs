//! Labels, jumps, and the ends of traces.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, SigRef, Value, types};
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
        // The label may be entered from elsewhere: what the preamble computed (of constants) does not hold there.
        let state = &mut self.traces[self.at];
        state.doubles.clear();
        state.products.values_mut().for_each(|known| *known = None);
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
        self.name_target(&interface.start, fragment, "start");
        self.pass_and_go(&interface.start, self.at, list)
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
        self.pass_and_go(&interface.label, self.at, list)
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

    /// Puts values where the unit behind `target` expects them, and goes there.
    pub(super) fn pass_and_go(&mut self, target: *const Target, trace: usize, list: &[OpRef]) -> Lowered<()> {
        let (sig, code, args) = self.pass(target, trace, list)?;
        self.b.ins().return_call_indirect(sig, code, &args);
        Ok(())
    }

    /// Puts values where the unit behind `target` expects them: some in the exchange area, some among the arguments that
    /// this gives with signature and code address. The unit has more parameters than that, but does not read them then.
    fn pass(
        &mut self,
        target: *const Target,
        trace: usize,
        list: &[OpRef],
    ) -> Lowered<(SigRef, Value, Vec<Value>)> {
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
        let target = self.word(target as u64);
        let code = self.b.ins().load(types::I64, self.regions.words, target, TARGET_CODE);
        let selector = self.b.ins().load(types::I64, self.regions.words, target, TARGET_SELECTOR);
        let sig = self.tail_signature(ints.len(), floats.len());
        let args = [self.ctx, selector].into_iter().chain(ints).chain(floats).collect();
        Ok((sig, code, args))
    }

    fn tail_signature(&mut self, ints: usize, floats: usize) -> SigRef {
        if let Some(&sig) = self.tail_sigs.get(&(ints, floats)) {
            return sig;
        }
        let sig = self.b.import_signature(super::tail_signature(ints, floats));
        self.tail_sigs.insert((ints, floats), sig);
        sig
    }

    /// Calls a compiled function in an activation of its own on the same machine stack. An activation that finishes
    /// gives its value in the first exchange word; one that leaves by an exit is finished by the interpreter, on a cold
    /// path. Too deep a recursion makes an exception pending instead: the frames inlined around the call count.
    pub(super) fn call_fragment(&mut self, r: OpRef, op: &Op) -> Lowered<()> {
        if self.env.heap.finish_callee == 0 || self.env.heap.recursion_error == 0 {
            return Err(BackendError::Unsupported("call_fragment without a way to finish it"));
        }
        let fragment = FragmentId(op.imm as u32);
        let list = self.current().list(op);
        let interface = self.interface(fragment)?;
        let InterfaceKind::Loop(regs) = &interface.kind else {
            return Err(BackendError::Unsupported("call_fragment of a bridge"));
        };
        if regs.len() != list.len() || list.iter().any(|&r| self.current().ty(r) != Ty::Val) {
            return Err(BackendError::Unsupported("call_fragment with values that its inputs do not take"));
        }
        let [deep, call, left] = [self.cold_block(), self.b.create_block(), self.cold_block()];
        let [finished, done] = [self.b.create_block(), self.b.create_block()];
        let result = self.b.append_block_param(done, types::I64);
        let limit = self.b.ins().load(types::I64, self.regions.ctx, self.ctx, self.env.heap.stack_limit);
        let stack = self.b.ins().get_stack_pointer(types::I64);
        let too_deep = self.b.ins().icmp(IntCC::UnsignedLessThan, stack, limit);
        let left_before = self.activations_left();
        let too_deep = match left_before {
            Some(n) => {
                let none = self.b.ins().icmp_imm_s(IntCC::SignedLessThanOrEqual, n, self.inlined);
                self.b.ins().bor(too_deep, none)
            }
            None => too_deep,
        };
        self.b.ins().brif(too_deep, deep, &[], call, &[]);

        self.b.switch_to_block(call);
        if let Some(n) = left_before {
            let fewer = self.b.ins().iadd_imm_s(n, -1 - self.inlined);
            self.b.ins().store(self.regions.ctx, fewer, self.ctx, self.env.heap.activations_left);
        }
        self.name_target(&interface.start, fragment, "start");
        let (sig, code, args) = self.pass(&interface.start, self.at, list)?;
        let call = self.b.ins().call_indirect(sig, code, &args);
        let how = self.b.inst_results(call)[0];
        self.b.ins().brif(how, left, &[], finished, &[]);

        self.b.switch_to_block(finished);
        self.count_back();
        let offset = self.exchange_offset(0)?;
        let value = self.b.ins().load(types::I64, self.regions.words, self.ctx, offset);
        self.b.ins().jump(done, &[BlockArg::Value(value)]);

        self.b.switch_to_block(left);
        let data = self.word(self.env.left_data as u64);
        self.out.names.add(self.env.left_data as u64, || "<activations>".into());
        self.out.names.add(self.env.left_by_exit as u64, || "<left_by_exit>".into());
        let value = self.call_native(self.env.left_by_exit, &[data, self.ctx, how], Some(types::I64));
        self.count_back();
        self.b.ins().jump(done, &[BlockArg::Value(value.expect("a result was asked for"))]);

        self.b.switch_to_block(deep);
        let error = self.env.heap.recursion_error;
        self.out.names.add(error as u64, || "<recursion_error>".into());
        self.call_native(error, &[self.ctx], None);
        let none = self.word(0);
        self.b.ins().jump(done, &[BlockArg::Value(none)]);

        self.b.switch_to_block(done);
        self.define(r, result);
        self.fresh.clear();
        Ok(())
    }

    /// An activation has ended. How many may be nested can have changed meanwhile.
    fn count_back(&mut self) {
        if let Some(n) = self.activations_left() {
            let more = self.b.ins().iadd_imm_s(n, 1 + self.inlined);
            self.b.ins().store(self.regions.ctx, more, self.ctx, self.env.heap.activations_left);
        }
    }

    /// How many activations may still be nested, if that is counted.
    fn activations_left(&mut self) -> Option<Value> {
        let offset = self.env.heap.activations_left;
        (offset != 0).then(|| self.b.ins().load(types::I64, self.regions.ctx, self.ctx, offset))
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
