//! Calls of native functions, and the pending exception.
//!
//! Native functions follow the host's C convention. Values that live across a call stay in callee-saved registers or
//! stack slots, where the collector's look at the machine stack finds them.

use cranelift_codegen::ir::{
    AbiParam, InstBuilder, SigRef, Signature, StackSlotData, StackSlotKind, Type, Value, types,
};
use hoop_ir::descr::{CalleeDescr, CalleeId};
use hoop_ir::op::Ty;
use hoop_ir::stage::BackendError;
use hoop_ir::trace::{Op, OpRef};

use super::{Lower, Lowered, clif_type};
use crate::stubs::cold_signature;

impl<'a> Lower<'a, '_> {
    pub(super) fn call(&mut self, r: OpRef, op: &Op) -> Lowered<()> {
        if let Some(value) = self.call_callee(op)? {
            self.define(r, value);
        }
        self.fresh.clear();
        Ok(())
    }

    /// Calls on a cold path, if the condition holds.
    pub(super) fn cond_call(&mut self, op: &Op) -> Lowered<()> {
        let (call, done) = (self.cold_block(), self.b.create_block());
        let cond = self.value(op.args[0]);
        self.b.ins().brif(cond, call, &[], done, &[]);
        self.b.switch_to_block(call);
        self.call_callee(op)?;
        self.b.ins().jump(done, &[]);
        self.b.switch_to_block(done);
        self.fresh.clear();
        Ok(())
    }

    fn call_callee(&mut self, op: &Op) -> Lowered<Option<Value>> {
        let callee: &'a CalleeDescr = self.env.descriptors.callee_descr(CalleeId(op.imm as u32));
        let list = self.current().list(op);
        self.check_callee(callee, op, list)?;
        let (fixed, rest) = list.split_at(callee.args.len());
        let mut args = vec![self.ctx];
        args.extend(self.values(fixed));
        if callee.slice {
            args.extend(self.slice_args(rest));
        }
        self.out.names.add(callee.addr as u64, || format!("<{}>", callee.name));
        let ret = (callee.ret != Ty::Void).then(|| clif_type(callee.ret));
        Ok(self.call_native(callee.addr, &args, ret))
    }

    fn check_callee(&self, callee: &CalleeDescr, op: &Op, list: &[OpRef]) -> Lowered<()> {
        let trace = self.current();
        let given: Vec<Ty> = list.iter().map(|&r| trace.ty(r)).collect();
        let fits = given.len() >= callee.args.len() && given.starts_with(&callee.args);
        let rest = given.get(callee.args.len()..).unwrap_or(&[]);
        let rest_fits = if callee.slice { rest.iter().all(|&t| t == Ty::Val) } else { rest.is_empty() };
        if !fits || !rest_fits || given.contains(&Ty::Bool) {
            return Err(BackendError::Unsupported("a call whose arguments do not match its callee"));
        }
        if op.code.ty() != Ty::Void && op.code.ty() != callee.ret {
            return Err(BackendError::Unsupported("a call whose result does not match its callee"));
        }
        Ok(())
    }

    /// Pointer to the values on the machine stack, and their number.
    fn slice_args(&mut self, list: &[OpRef]) -> [Value; 2] {
        let count = self.word(list.len() as u64);
        if list.is_empty() {
            // Not null: a slice of no elements still needs an aligned address.
            return [self.word(8), count];
        }
        let size = 8 * list.len() as u32;
        let slot = self.b.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, size, 3));
        for (i, value) in self.values(list).into_iter().enumerate() {
            self.b.ins().stack_store(types::I64, value, slot, 8 * i as i32);
        }
        [self.b.ins().stack_addr(types::I64, slot, 0), count]
    }

    /// Calls the native function at an address.
    pub(super) fn call_native(&mut self, address: usize, args: &[Value], ret: Option<Type>) -> Option<Value> {
        let params: Vec<Type> = args.iter().map(|&v| self.b.func.dfg.value_type(v)).collect();
        let sig = self.native_signature(params, ret);
        let address = self.word(address as u64);
        let call = self.b.ins().call_indirect(sig, address, args);
        ret.map(|_| self.b.inst_results(call)[0])
    }

    /// Makes a cold call; the context is added to the arguments.
    pub(super) fn call_cold(&mut self, stub: usize, args: &[Value]) {
        let all: Vec<Value> = std::iter::once(self.ctx).chain(args.iter().copied()).collect();
        let sig = match self.cold_sigs.get(&all.len()) {
            Some(&sig) => sig,
            None => {
                let sig = self.b.import_signature(cold_signature(all.len()));
                self.cold_sigs.insert(all.len(), sig);
                sig
            }
        };
        let address = self.word(stub as u64);
        self.b.ins().call_indirect(sig, address, &all);
    }

    /// The result of the cold call just made.
    pub(super) fn cold_result(&mut self) -> Value {
        self.b.ins().load(types::I64, self.regions.words, self.ctx, self.env.heap.exchange)
    }

    fn native_signature(&mut self, params: Vec<Type>, ret: Option<Type>) -> SigRef {
        let key = (params, ret);
        if let Some(&sig) = self.native_sigs.get(&key) {
            return sig;
        }
        let mut signature = Signature::new(self.env.isa.default_call_conv());
        signature.params.extend(key.0.iter().map(|&t| AbiParam::new(t)));
        signature.returns.extend(ret.map(AbiParam::new));
        let sig = self.b.import_signature(signature);
        self.native_sigs.insert(key, sig);
        sig
    }

    pub(super) fn take_exception(&mut self, r: OpRef) -> Lowered<()> {
        let (flags, offset) = (self.regions.ctx, self.env.heap.pending);
        let pending = self.b.ins().load(types::I64, flags, self.ctx, offset);
        let none = self.word(0);
        self.b.ins().store(flags, none, self.ctx, offset);
        self.define(r, pending);
        Ok(())
    }

    pub(super) fn set_exception(&mut self, op: &Op) -> Lowered<()> {
        let value = self.value(op.args[0]);
        self.b.ins().store(self.regions.ctx, value, self.ctx, self.env.heap.pending);
        Ok(())
    }
}
