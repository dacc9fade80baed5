//! Guards and the exits they share.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, MemFlagsData, Value, types};
use hoop_ir::op::{Opcode, Ty};
use hoop_ir::stage::{BackendError, ExitId, GuardExit};
use hoop_ir::trace::{Op, OpRef};

use super::words::FloatIn;
use super::{ExitKind, Leave, Lower, Lowered, PendingExit};
use crate::abi::ExitCell;

impl Lower<'_, '_> {
    pub(super) fn guard(&mut self, r: OpRef, op: &Op) -> Lowered<()> {
        let leave = self.leave(r, op)?;
        match op.code {
            Opcode::GuardTrue => {
                let cond = self.value(op.args[0]);
                self.go_on_if(cond, leave);
            }
            Opcode::GuardFalse => {
                let cond = self.value(op.args[0]);
                self.leave_if(cond, leave);
            }
            Opcode::GuardInt => {
                let cond = self.is_int(op.args[0]);
                self.go_on_if(cond, leave);
            }
            Opcode::GuardFloat => self.guard_float(op, leave),
            Opcode::GuardShape => self.guard_shape(op, leave),
            Opcode::GuardBool => {
                let cond = self.is_bool_word(op.args[0]);
                self.go_on_if(cond, leave);
            }
            Opcode::GuardSame | Opcode::GuardIntIs => {
                let (a, b) = (self.value(op.args[0]), self.value(op.args[1]));
                let cond = self.b.ins().icmp(IntCC::Equal, a, b);
                self.go_on_if(cond, leave);
            }
            Opcode::GuardNoException | Opcode::GuardException => {
                let pending =
                    self.b.ins().load(types::I64, self.regions.ctx, self.ctx, self.env.heap.pending);
                let raised = self.b.ins().icmp_imm_s(IntCC::NotEqual, pending, 0);
                if op.code == Opcode::GuardException {
                    self.go_on_if(raised, leave);
                } else {
                    self.leave_if(raised, leave);
                }
            }
            Opcode::GuardValid => self.guard_valid(leave),
            Opcode::GuardNoInterrupt => self.guard_no_interrupt(leave),
            _ => return Err(BackendError::Unsupported("a guard without lowering")),
        }
        Ok(())
    }

    /// Goes on in a new block if the condition holds, else leaves.
    fn go_on_if(&mut self, cond: Value, leave: Block) {
        let next = self.b.create_block();
        self.b.ins().brif(cond, next, &[], leave, &[]);
        self.b.switch_to_block(next);
    }

    fn leave_if(&mut self, cond: Value, leave: Block) {
        let next = self.b.create_block();
        self.b.ins().brif(cond, leave, &[], next, &[]);
        self.b.switch_to_block(next);
    }

    /// A float in the word goes on at once; a word that is a pointer to a heap float goes on by a cold path. If the trace
    /// unboxes the value, that is done here, where both ways are apart.
    fn guard_float(&mut self, op: &Op, leave: Block) {
        let r = op.args[0];
        let word = self.value(r);
        let unboxes = self.traces[self.at].is_unboxed[r.index()];
        let [in_word, next] = [self.b.create_block(), self.b.create_block()];
        let [other, object, on_heap] = [self.cold_block(), self.cold_block(), self.cold_block()];
        let is_word_float = self.is_word_float(word);
        self.b.ins().brif(is_word_float, in_word, &[], other, &[]);

        self.b.switch_to_block(other);
        let pointer = self.is_pointer(word);
        self.b.ins().brif(pointer, object, &[], leave, &[]);
        self.b.switch_to_block(object);
        let same = self.has_shape(word, self.env.heap.float_shape);
        self.b.ins().brif(same, on_heap, &[], leave, &[]);

        for (block, way) in [(on_heap, FloatIn::Heap), (in_word, FloatIn::Word)] {
            self.b.switch_to_block(block);
            let double = unboxes.then(|| BlockArg::Value(self.double(word, way)));
            self.b.ins().jump(next, double.as_slice());
        }
        self.b.switch_to_block(next);
        if unboxes {
            let double = self.b.append_block_param(next, types::F64);
            self.traces[self.at].doubles.insert(r, double);
        }
    }

    fn guard_shape(&mut self, op: &Op, leave: Block) {
        let word = self.value(op.args[0]);
        if !self.is_known_pointer(op.args[0]) {
            let pointer = self.is_pointer(word);
            self.go_on_if(pointer, leave);
            self.know_pointer(op.args[0]);
        }
        let same = self.has_shape(word, op.imm as u32);
        self.go_on_if(same, leave);
    }

    fn has_shape(&mut self, object: Value, shape: u32) -> Value {
        let found = self.b.ins().load(types::I32, self.regions.heap, object, 0);
        self.b.ins().icmp_imm_u(IntCC::Equal, found, i64::from(shape))
    }

    fn guard_valid(&mut self, leave: Block) {
        let flag = self.unit[self.at].valid_flag as u64;
        let at = self.at;
        self.out.names.add(flag, || format!("<valid flag {at}>"));
        let flag = self.word(flag);
        let valid = self.b.ins().load(types::I8, self.regions.ctx, flag, 0);
        self.go_on_if(valid, leave);
    }

    /// An atomic read: an ordinary one could be taken out of the loop.
    fn guard_no_interrupt(&mut self, leave: Block) {
        self.count_pass();
        let address = self.b.ins().iadd_imm_s(self.ctx, i64::from(self.env.heap.interrupt));
        let word = self.b.ins().atomic_load(types::I32, MemFlagsData::trusted(), address);
        self.leave_if(word, leave);
    }

    pub(super) fn exit(&mut self, r: OpRef, op: &Op) -> Lowered<()> {
        let leave = self.leave(r, op)?;
        self.b.ins().jump(leave, &[]);
        Ok(())
    }

    /// The block where a guard's failure goes: its exit, or the bridge of the unit that hangs on it.
    fn leave(&mut self, r: OpRef, op: &Op) -> Lowered<Block> {
        let key = (self.at, op.snapshot, ExitKind::of(op.code));
        let leave = match self.leaves.get(&key) {
            Some(&leave) => leave,
            None => {
                let leave = Leave::Exit(self.new_exit(op)?);
                self.leaves.insert(key, leave);
                leave
            }
        };
        match leave {
            Leave::Bridge(block) => Ok(block),
            Leave::Exit(index) => {
                let exit = self.out.exits[index].id;
                self.out.guard_exits.push(GuardExit {
                    trace: self.at,
                    guard: r,
                    snapshot: op.snapshot,
                    exit,
                });
                Ok(self.pending[index].block)
            }
        }
    }

    fn new_exit(&mut self, op: &Op) -> Lowered<usize> {
        let trace = self.current();
        let args = trace.fail_args(op.snapshot);
        if args.len() > self.env.heap.exchange_words as usize {
            return Err(BackendError::Unsupported("too many live values"));
        }
        let types: Box<[Ty]> = args.iter().map(|&r| trace.ty(r)).collect();
        let id = ExitId(*self.next_exit);
        *self.next_exit += 1;
        let block = self.cold_block();
        self.out.exits.push(ExitCell::new(id, types, self.env.deopt));
        self.pending.push(PendingExit { block, trace: self.at, args });
        Ok(self.pending.len() - 1)
    }

    /// Emits the cold block of each exit: fail arguments to their slots, then to wherever the exit's cell says.
    pub(super) fn emit_exits(&mut self) -> Lowered<()> {
        for (index, exit) in std::mem::take(&mut self.pending).into_iter().enumerate() {
            let target = &raw const self.out.exits[index].target;
            self.out.names.add(target as u64, || format!("<exit {index}>"));
            self.b.switch_to_block(exit.block);
            self.pass_and_go(target, exit.trace, &exit.args)?;
        }
        Ok(())
    }
}
