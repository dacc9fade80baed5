//! Where a generator can be suspended inside an `except` or `with` block.
//!
//! The exception that such a block handles is the generator's own: while it is suspended, its caller must see what the
//! caller itself handles. Each block keeps what was handled before it in a register; for every `Yield` inside blocks
//! this gives the register of the outermost one, found by following the control flow.

use hoop_bytecode::{Code, Op};

/// Pairs of a `Yield`'s pc and the register that holds what was handled outside, by pc.
#[inline]
pub fn suspensions(code: &Code) -> Box<[(u32, u16)]> {
    if code.handlers.is_empty() || !code.instrs.iter().any(|i| i.op == Op::Yield) {
        return Box::default();
    }
    let blocks = open_blocks(code);
    let yields = code.instrs.iter().enumerate().filter(|(_, i)| i.op == Op::Yield);
    yields.filter_map(|(pc, _)| Some((pc as u32, *blocks[pc].as_ref()?.first()?))).collect()
}

/// For each reachable instruction, the registers of the blocks that are open before it, outermost first.
fn open_blocks(code: &Code) -> Vec<Option<Vec<u16>>> {
    let mut blocks: Vec<Option<Vec<u16>>> = vec![None; code.instrs.len()];
    let mut work = vec![(0, Vec::new())];
    while let Some((pc, open)) = work.pop() {
        if pc >= blocks.len() || blocks[pc].is_some() {
            continue;
        }
        let instr = code.instrs[pc];
        if let Some(handler) = code.handler_for(pc as u32) {
            work.push((handler.target as usize, open.clone()));
        }
        let mut after = open.clone();
        match instr.op {
            Op::PushHandled => after.push(instr.a),
            Op::PopHandled => {
                after.pop();
            }
            _ => {}
        }
        if let Some(target) = instr.target() {
            work.push((target as usize, after.clone()));
        }
        if !instr.op.ends_block() {
            work.push((pc + 1, after));
        }
        blocks[pc] = Some(open);
    }
    blocks
}
