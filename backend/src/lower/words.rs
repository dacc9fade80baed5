//! Value words: tags, and floats in words.
//!
//! | low bits | meaning |
//! |---|---|
//! | `...1` | int, `n << 1 \| 1` |
//! | `..10` | float held in the word |
//! | `.100` | constants |
//! | `.000` | pointer to a heap object |
//!
//! **Floats in words.** The double's bits are rotated left by 3, which brings sign, bit 62 and bit 61 to the bottom and
//! bit 60 to the top. For exponents near 1.0 bit 61 equals bit 60 and bit 62 is their opposite, so the two low bits say
//! nothing that the top bit does not, and give way to the tag `10`. In numbers: the low bits of the rotated bits `r` are
//! then `2 - (r >> 63)`, so that
//!
//! * boxing is `word = r + (r >> 63)`, good if its low bits are `10`;
//! * unboxing is `r = word - (word >> 63)`, rotated right.
//!
//! The word that 2^-255 would get stands for 0.0. All else (0.0 itself, -0.0, infinities, NaN, huge and tiny numbers) is
//! left to a cold path of boxing. Unboxing picks out the word of 0.0 by a select, not by a branch.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, MemFlagsData, Value, types};
use hoop_ir::op::Opcode;
use hoop_ir::stage::BackendError;
use hoop_ir::trace::{Op, OpRef};

use super::{Lower, Lowered};

/// The word of 0.0.
const FLOAT_ZERO_WORD: u64 = 0x8000_0000_0000_0002;

/// Where a float is.
#[derive(Copy, Clone)]
pub(super) enum FloatIn {
    Word,
    Heap,
}

impl Lower<'_, '_> {
    /// Pure operations whose first operand is a value word.
    pub(super) fn word_op(&mut self, op: &Op) -> Lowered<Value> {
        let word = self.value(op.args[0]);
        Ok(match op.code {
            Opcode::UntagInt => self.b.ins().sshr_imm_u(word, 1),
            Opcode::UnboxFloat => self.unbox_float(op, word),
            Opcode::ValEq => {
                let other = self.value(op.args[1]);
                self.b.ins().icmp(IntCC::Equal, word, other)
            }
            Opcode::ValIsInt => self.is_int(op.args[0]),
            Opcode::ValBits => word,
            _ => return Err(BackendError::Unsupported("an operation without lowering")),
        })
    }

    pub(super) fn tag_int(&mut self, x: Value) -> Value {
        let doubled = self.b.ins().ishl_imm_u(x, 1);
        self.b.ins().bor_imm_s(doubled, 1)
    }

    pub(super) fn is_int(&mut self, r: OpRef) -> Value {
        let word = self.value(r);
        let tag = self.b.ins().band_imm_s(word, 1);
        self.b.ins().icmp_imm_s(IntCC::NotEqual, tag, 0)
    }

    pub(super) fn is_word_float(&mut self, word: Value) -> Value {
        let tag = self.b.ins().band_imm_s(word, 3);
        self.b.ins().icmp_imm_s(IntCC::Equal, tag, 2)
    }

    pub(super) fn is_pointer(&mut self, word: Value) -> Value {
        let tag = self.b.ins().band_imm_s(word, 7);
        self.b.ins().icmp_imm_s(IntCC::Equal, tag, 0)
    }

    /// The guest's true or false constant. They differ in one bit after the smaller one is subtracted, if they can.
    pub(super) fn is_bool_word(&mut self, r: OpRef) -> Value {
        let word = self.value(r);
        let (yes, no) = (self.env.heap.true_word as i64, self.env.heap.false_word as i64);
        let difference = yes.wrapping_sub(no);
        if difference.count_ones() == 1 {
            let from_no = self.b.ins().iadd_imm_s(word, no.wrapping_neg());
            let rest = self.b.ins().band_imm_s(from_no, !difference);
            return self.b.ins().icmp_imm_s(IntCC::Equal, rest, 0);
        }
        let is_yes = self.b.ins().icmp_imm_s(IntCC::Equal, word, yes);
        let is_no = self.b.ins().icmp_imm_s(IntCC::Equal, word, no);
        self.b.ins().bor(is_yes, is_no)
    }

    /// The double of a word known to hold a float, or of a heap float (on a cold path).
    fn unbox_float(&mut self, op: &Op, word: Value) -> Value {
        if let Some(&known) = self.traces[self.at].doubles.get(&op.args[0]) {
            return known;
        }
        let (in_word, on_heap, done) = (self.b.create_block(), self.cold_block(), self.b.create_block());
        let result = self.b.append_block_param(done, types::F64);
        let tag = self.b.ins().band_imm_s(word, 2);
        self.b.ins().brif(tag, in_word, &[], on_heap, &[]);
        for (block, way) in [(on_heap, FloatIn::Heap), (in_word, FloatIn::Word)] {
            self.b.switch_to_block(block);
            let double = self.double(word, way);
            self.b.ins().jump(done, &[BlockArg::Value(double)]);
        }
        self.b.switch_to_block(done);
        self.traces[self.at].doubles.insert(op.args[0], result);
        result
    }

    pub(super) fn double(&mut self, word: Value, way: FloatIn) -> Value {
        match way {
            FloatIn::Word => self.decode_float(word),
            FloatIn::Heap => {
                self.b.ins().load(types::F64, self.regions.heap, word, self.env.heap.float_payload)
            }
        }
    }

    fn decode_float(&mut self, word: Value) -> Value {
        let top = self.b.ins().ushr_imm_u(word, 63);
        let rotated = self.b.ins().isub(word, top);
        let bits = self.b.ins().rotr_imm_u(rotated, 3);
        let zero_word = self.word(FLOAT_ZERO_WORD);
        let is_zero = self.b.ins().icmp(IntCC::Equal, word, zero_word);
        let zero = self.word(0);
        let bits = self.b.ins().select(is_zero, zero, bits);
        self.b.ins().bitcast(types::F64, MemFlagsData::new(), bits)
    }

    /// The word of a float; a cold path takes 0.0 and those that need the heap.
    pub(super) fn box_float(&mut self, x: Value) -> Value {
        let (other, call) = (self.cold_block(), self.cold_block());
        let (near_one, done) = (self.b.create_block(), self.b.create_block());
        let result = self.b.append_block_param(done, types::I64);
        let bits = self.b.ins().bitcast(types::I64, MemFlagsData::new(), x);
        let rotated = self.b.ins().rotl_imm_u(bits, 3);
        let top = self.b.ins().ushr_imm_u(rotated, 63);
        let word = self.b.ins().iadd(rotated, top);
        let tagged = self.is_word_float(word);
        self.b.ins().brif(tagged, near_one, &[], other, &[]);

        self.b.switch_to_block(near_one);
        let zero_word = self.word(FLOAT_ZERO_WORD);
        let taken = self.b.ins().icmp(IntCC::Equal, word, zero_word);
        self.b.ins().brif(taken, other, &[], done, &[BlockArg::Value(word)]);

        self.b.switch_to_block(other);
        let zero_word = self.word(FLOAT_ZERO_WORD);
        self.b.ins().brif(bits, call, &[], done, &[BlockArg::Value(zero_word)]);

        self.b.switch_to_block(call);
        let slow = self.env.cold.box_float;
        self.out.names.add(slow as u64, || "<box_float_slow>".into());
        self.call_cold(slow, &[bits]);
        let boxed = self.cold_result();
        self.b.ins().jump(done, &[BlockArg::Value(boxed)]);

        self.b.switch_to_block(done);
        self.fresh.clear();
        result
    }

    pub(super) fn is_known_pointer(&self, r: OpRef) -> bool {
        let code = self.current().op(r).code;
        matches!(code, Opcode::ConstRef | Opcode::New) || self.traces[self.at].known_pointer[r.index()]
    }

    pub(super) fn know_pointer(&mut self, r: OpRef) {
        self.traces[self.at].known_pointer[r.index()] = true;
    }
}
