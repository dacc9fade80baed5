//! Fields, items, allocation and the write barrier.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, MemFlagsData, Value, types};
use hoop_ir::descr::{FieldDescr, FieldId, MemTy};
use hoop_ir::op::Opcode;
use hoop_ir::stage::BackendError;
use hoop_ir::trace::{Op, OpRef};

use super::{Lower, Lowered};

impl Lower<'_, '_> {
    fn field(&self, op: &Op) -> FieldDescr {
        *self.env.descriptors.field_descr(FieldId(op.imm as u32))
    }

    pub(super) fn read(&mut self, r: OpRef, op: &Op) -> Lowered<()> {
        let field = self.field(op);
        if field.mem.ty() != op.code.ty() {
            return Err(BackendError::Unsupported("a read that does not match its field's type"));
        }
        let (base, offset, flags) = if op.code == Opcode::GetCtx {
            (self.ctx, field.offset, self.regions.ctx)
        } else {
            self.know_pointer(op.args[0]);
            let (base, offset) = self.address(op, &field);
            (base, offset, self.regions.heap)
        };
        let value = self.load(field.mem, flags, base, offset);
        self.define(r, value);
        Ok(())
    }

    pub(super) fn write(&mut self, op: &Op) -> Lowered<()> {
        let field = self.field(op);
        let stored = if is_item(op.code) { op.args[2] } else { op.args[1] };
        if field.mem.ty() != self.current().ty(stored) {
            return Err(BackendError::Unsupported("a write that does not match its field's type"));
        }
        self.know_pointer(op.args[0]);
        let value = self.value(stored);
        let (base, offset) = self.address(op, &field);
        self.store(field.mem, value, base, offset);
        if field.mem == MemTy::Val {
            self.barrier(op.args[0], stored);
        }
        Ok(())
    }

    /// Base and constant offset of a field or item.
    fn address(&mut self, op: &Op, field: &FieldDescr) -> (Value, i32) {
        let object = self.value(op.args[0]);
        if !is_item(op.code) {
            return (object, field.offset);
        }
        let size = i64::from(field.mem.size());
        let constant = self.const_int(op.args[1]).and_then(|i| i.checked_mul(size));
        let offset = constant.and_then(|n| i32::try_from(n.checked_add(i64::from(field.offset))?).ok());
        if let Some(offset) = offset {
            return (object, offset);
        }
        let index = self.value(op.args[1]);
        let bytes = self.b.ins().ishl_imm_u(index, i64::from(size.trailing_zeros()));
        (self.b.ins().iadd(object, bytes), field.offset)
    }

    fn load(&mut self, mem: MemTy, flags: MemFlagsData, base: Value, offset: i32) -> Value {
        let ins = self.b.ins();
        match mem {
            MemTy::Val | MemTy::I64 => ins.load(types::I64, flags, base, offset),
            MemTy::F64 => ins.load(types::F64, flags, base, offset),
            MemTy::U32 => ins.uload32(flags, base, offset),
            MemTy::U16 => ins.uload16(types::I64, flags, base, offset),
            MemTy::U8 => ins.uload8(types::I64, flags, base, offset),
        }
    }

    fn store(&mut self, mem: MemTy, value: Value, base: Value, offset: i32) {
        let flags = self.regions.heap;
        let ins = self.b.ins();
        match mem {
            MemTy::Val | MemTy::I64 | MemTy::F64 => ins.store(flags, value, base, offset),
            MemTy::U32 => ins.istore32(flags, value, base, offset),
            MemTy::U16 => ins.istore16(flags, value, base, offset),
            MemTy::U8 => ins.istore8(flags, value, base, offset),
        };
    }

    /// After a store of a value: an old object that is not remembered yet is handed to the collector. Not needed if the
    /// value is no pointer, or the object is younger than the last possible collection.
    fn barrier(&mut self, object: OpRef, stored: OpRef) {
        if self.is_never_pointer(stored) || self.fresh.contains(&object) {
            return;
        }
        let (slow, done) = (self.cold_block(), self.b.create_block());
        let base = self.value(object);
        let state = self.b.ins().load(types::I8, self.regions.heap, base, self.env.heap.gc_byte);
        let old = self.b.ins().band_imm_u(state, i64::from(self.env.heap.barrier_bit));
        self.b.ins().brif(old, slow, &[], done, &[]);
        self.b.switch_to_block(slow);
        let remember = self.env.cold.remember;
        self.out.names.add(remember as u64, || "<remember>".into());
        self.call_cold(remember, &[base]);
        self.b.ins().jump(done, &[]);
        self.b.switch_to_block(done);
    }

    /// Bumps the cursor; a cold call if the free stretch is used up. The memory is zero, only the header is written.
    pub(super) fn new_object(&mut self, r: OpRef, op: &Op) -> Lowered<()> {
        let size = i64::from((op.imm >> 32) as u16);
        if size < 8 || size % 8 != 0 {
            return Err(BackendError::Unsupported("an object size that is no multiple of 8"));
        }
        let header = op.imm & 0xffff_ffff | op.imm >> 48 << 48;
        let (fast, slow, done) = (self.b.create_block(), self.cold_block(), self.b.create_block());
        let object = self.b.append_block_param(done, types::I64);
        let ctx = self.regions.ctx;
        let cursor = self.b.ins().load(types::I64, ctx, self.ctx, self.env.heap.cursor);
        let limit = self.b.ins().load(types::I64, ctx, self.ctx, self.env.heap.limit);
        let end = self.b.ins().iadd_imm_s(cursor, size);
        let full = self.b.ins().icmp(IntCC::UnsignedGreaterThan, end, limit);
        self.b.ins().brif(full, slow, &[], fast, &[]);

        self.b.switch_to_block(slow);
        let (bytes, word) = (self.word(size as u64), self.word(header));
        let alloc = self.env.cold.alloc;
        self.out.names.add(alloc as u64, || "<alloc_slow>".into());
        self.call_cold(alloc, &[bytes, word]);
        let made = self.cold_result();
        self.b.ins().jump(done, &[BlockArg::Value(made)]);

        self.b.switch_to_block(fast);
        self.b.ins().store(ctx, end, self.ctx, self.env.heap.cursor);
        let word = self.word(header);
        self.b.ins().store(self.regions.heap, word, cursor, 0);
        self.b.ins().jump(done, &[BlockArg::Value(cursor)]);

        self.b.switch_to_block(done);
        self.define(r, object);
        self.fresh.clear();
        self.fresh.push(r);
        Ok(())
    }
}

fn is_item(code: Opcode) -> bool {
    use Opcode::*;
    matches!(code, ItemVal | ItemInt | ItemFloat | SetItemVal | SetItemInt | SetItemFloat)
}
