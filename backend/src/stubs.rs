//! The two pieces of machine code that every unit shares: the way in from Rust and the way out to it.

use cranelift_codegen::Context;
use cranelift_codegen::ir::{AbiParam, InstBuilder, MemFlagsData, Signature, Value, types};
use cranelift_codegen::isa::TargetIsa;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

use crate::abi::{HOT_FLOATS, HOT_INTS, SaveArea};
use crate::lower::tail_signature;

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
