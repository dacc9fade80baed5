//! The pieces of machine code that every unit shares: the way in from Rust, the way out to it, and the cold calls.

use cranelift_codegen::Context;
use cranelift_codegen::ir::{AbiParam, InstBuilder, MemFlagsData, Signature, Value, types};
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

use crate::abi::{HOT_FLOATS, HOT_INTS, SaveArea};
use crate::lower::tail_signature;

/// Addresses of the stubs for calls that are rarely made, in the midst of fast code: the collector's slow ways.
///
/// Such a stub leaves every register as it was. Were it an ordinary call, whatever is alive across it would have to be
/// in a callee-saved register (of which there are none for floats) or on the stack, also on the fast path around it, and
/// the register allocator would spill a loop's values for the sake of a call in a bridge. The convention knows no results:
/// they come in the first exchange word, which is free between exits.
#[derive(Copy, Clone, Default, Debug)]
pub(crate) struct ColdCalls {
    /// `(ctx, size, header)`: a new object.
    pub alloc: usize,
    /// `(ctx, double's bits)`: a value word.
    pub box_float: usize,
    /// `(ctx, object)`.
    pub remember: usize,
}

/// The signature of cold calls with so many arguments.
pub(crate) fn cold_signature(params: usize) -> Signature {
    let mut signature = Signature::new(CallConv::PreserveAll);
    signature.params.extend(std::iter::repeat_n(AbiParam::new(types::I64), params));
    signature
}

/// What a cold call does.
pub(crate) struct ColdCall {
    /// The C function behind it.
    pub native: usize,
    pub params: usize,
    /// What is added to the context, which is the first argument.
    pub offset: i32,
    /// Where the result goes, if there is one: offset from the context.
    pub result: Option<i32>,
}

/// The stub of a cold call.
pub(crate) fn cold_call(
    context: &mut Context,
    builder: &mut FunctionBuilderContext,
    isa: &dyn TargetIsa,
    call: &ColdCall,
) {
    context.func.signature = cold_signature(call.params);
    let mut b = FunctionBuilder::new(&mut context.func, builder);
    let mut args = enter_first_block(&mut b);
    let ctx = args[0];
    args[0] = b.ins().iadd_imm_s(ctx, i64::from(call.offset));
    let mut signature = Signature::new(isa.default_call_conv());
    signature.params.extend(std::iter::repeat_n(AbiParam::new(types::I64), call.params));
    signature.returns.extend(call.result.map(|_| AbiParam::new(types::I64)));
    let sig = b.import_signature(signature);
    let native = b.ins().iconst(types::I64, call.native as i64);
    let made = b.ins().call_indirect(sig, native, &args);
    if let Some(offset) = call.result {
        let result = b.inst_results(made)[0];
        b.ins().store(MemFlagsData::trusted(), result, ctx, offset);
    }
    b.ins().return_(&[]);
    b.seal_all_blocks();
    b.finalize(isa.frontend_config());
}

/// The C function `(ctx, frame, code, selector) -> i64` that calls a fragment.
pub(crate) fn trampoline(context: &mut Context, builder: &mut FunctionBuilderContext, isa: &dyn TargetIsa) {
    let mut signature = Signature::new(isa.default_call_conv());
    signature.params.extend([AbiParam::new(types::I64); 4]);
    signature.returns.push(AbiParam::new(types::I64));
    context.func.signature = signature;
    let mut b = FunctionBuilder::new(&mut context.func, builder);
    let params = enter_first_block(&mut b);
    let sig = b.import_signature(tail_signature(1, 0));
    let call = b.ins().call_indirect(sig, params[2], &[params[0], params[3], params[1]]);
    let result = b.inst_results(call)[0];
    b.ins().return_(&[result]);
    b.seal_all_blocks();
    b.finalize(isa.frontend_config());
}

/// The fragment that exits go to while they have no bridge: saves the registers and returns the selector.
pub(crate) fn deopt(
    context: &mut Context,
    builder: &mut FunctionBuilderContext,
    isa: &dyn TargetIsa,
    save: &SaveArea,
) {
    context.func.signature = tail_signature(HOT_INTS, HOT_FLOATS);
    let mut b = FunctionBuilder::new(&mut context.func, builder);
    let params = enter_first_block(&mut b);
    let area = b.ins().iconst(types::I64, save as *const SaveArea as i64);
    for (i, &value) in params[2..].iter().enumerate() {
        b.ins().store(MemFlagsData::trusted(), value, area, 8 * i as i32);
    }
    b.ins().return_(&[params[1]]);
    b.seal_all_blocks();
    b.finalize(isa.frontend_config());
}

fn enter_first_block(b: &mut FunctionBuilder) -> Vec<Value> {
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    b.block_params(block).to_vec()
}
