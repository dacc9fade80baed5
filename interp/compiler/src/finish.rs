//! The last pass over a unit: labels become indices, jumps are threaded, code that cannot run goes, `CheckBound` stays
//! only where a local may be unbound, and `for` loops write their targets directly where nobody can tell.
//!
//! An instruction that raises writes nothing, so the state at a handler is the meet of the states *before* the
//! instructions it covers.

use crate::emit::{RawHandler, Unit};
use hoop_bytecode::{Code, Handler, Instr, Kind, Liveness, Op, RegSet};

/// Makes the code object of a unit.
pub(crate) fn finish(unit: Unit) -> Code {
    let Unit { mut code, labels, handlers, .. } = unit;
    resolve_labels(&mut code, &labels);
    let resolved = handlers.iter().map(|handler| resolve_handler(handler, &labels));
    code.handlers = resolved.filter(|handler| covers_a_raise(&code, handler)).collect();
    thread_jumps(&mut code);
    let mut keep = reachable(&code);
    code.handlers.retain(|handler| keep[handler.target as usize]);
    drop_needless_checks(&code, &mut keep);
    drop_jumps_to_next(&code, &mut keep);
    compact(&mut code, &keep);
    invert_branches_over_jumps(&mut code);
    if !code.flags.frame_locals {
        write_loop_targets_directly(&mut code);
    }
    drop_unused_constants(&mut code);
    code
}

/// The operand of an instruction that is an index of `consts`.
fn constant_index(instr: Instr) -> Option<u32> {
    let wide = instr.op.operands().iter().any(|operand| operand.kind == Kind::Const32);
    wide.then(|| instr.bc())
}

/// Removed checks and dead code leave constants behind.
fn drop_unused_constants(code: &mut Code) {
    let mut used = vec![false; code.consts.len()];
    let referred = code.instrs.iter().filter_map(|instr| constant_index(*instr)).chain(code.docstring);
    referred.for_each(|index| used[index as usize] = true);
    let mut moved = Vec::with_capacity(used.len());
    let mut count = 0u32;
    for used in &used {
        moved.push(count);
        count += *used as u32;
    }
    let mut kept = used.iter();
    code.consts.retain(|_| *kept.next().unwrap_or(&true));
    for instr in &mut code.instrs {
        if let Some(index) = constant_index(*instr) {
            *instr = Instr::wide(instr.op, instr.a, moved[index as usize]);
        }
    }
    code.docstring = code.docstring.map(|index| moved[index as usize]);
}

fn resolve_labels(code: &mut Code, labels: &[u32]) {
    for instr in &mut code.instrs {
        if let Some(label) = instr.target() {
            *instr = Instr::wide(instr.op, instr.a, labels[label as usize]);
        }
    }
}

fn resolve_handler(handler: &RawHandler, labels: &[u32]) -> Handler {
    let target = labels[handler.target.0 as usize];
    Handler { start: handler.start, end: handler.end, target, exc: handler.exc }
}

fn covers_a_raise(code: &Code, handler: &Handler) -> bool {
    let range = handler.start as usize..handler.end as usize;
    code.instrs[range].iter().any(|instr| can_raise(instr.op))
}

fn can_raise(op: Op) -> bool {
    !matches!(
        op,
        Op::Nop
            | Op::Move
            | Op::LoadConst
            | Op::LoadInt
            | Op::Unbind
            | Op::MakeCell
            | Op::StoreCell
            | Op::CopyFree
            | Op::Jump
            | Op::SendEnd
            | Op::JumpIfNone
            | Op::JumpIfNotNone
            | Op::Is
            | Op::IsNot
            | Op::PushHandled
            | Op::PopHandled
            | Op::Return
    )
}

/// A jump to a jump goes to its target at once.
fn thread_jumps(code: &mut Code) {
    const LONGEST_CHAIN: usize = 16;
    for pc in 0..code.instrs.len() {
        let Some(mut target) = code.instrs[pc].target() else { continue };
        for _ in 0..LONGEST_CHAIN {
            match code.instrs.get(target as usize) {
                Some(next) if next.op == Op::Jump => target = next.bc(),
                _ => break,
            }
        }
        code.instrs[pc] = Instr::wide(code.instrs[pc].op, code.instrs[pc].a, target);
    }
}

fn successors(instr: Instr, pc: usize) -> impl Iterator<Item = usize> {
    let next = (!instr.op.ends_block()).then_some(pc + 1);
    let target = instr.target().map(|target| target as usize);
    next.into_iter().chain(target)
}

/// For each instruction its innermost handler's index, if it can raise.
fn handler_of_each(code: &Code) -> Vec<Option<usize>> {
    let mut found = vec![None; code.instrs.len()];
    for (at, handler) in code.handlers.iter().enumerate().rev() {
        for pc in handler.start..handler.end {
            if can_raise(code.instrs[pc as usize].op) {
                found[pc as usize] = Some(at);
            }
        }
    }
    found
}

fn reachable(code: &Code) -> Vec<bool> {
    let handlers = handler_of_each(code);
    let mut seen = vec![false; code.instrs.len()];
    let mut pending = vec![0];
    while let Some(pc) = pending.pop() {
        if pc >= seen.len() || std::mem::replace(&mut seen[pc], true) {
            continue;
        }
        pending.extend(successors(code.instrs[pc], pc));
        pending.extend(handlers[pc].map(|at| code.handlers[at].target as usize));
    }
    seen
}

/// Removes each `CheckBound` of a local that is bound on every path to it.
fn drop_needless_checks(code: &Code, keep: &mut [bool]) {
    if !code.instrs.iter().any(|instr| instr.op == Op::CheckBound) {
        return;
    }
    let states = surely_bound(code);
    for (pc, instr) in code.instrs.iter().enumerate() {
        let bound = states[pc].as_ref().is_some_and(|state| state.contains(instr.a));
        if instr.op == Op::CheckBound && bound {
            keep[pc] = false;
        }
    }
}

/// The locals that are bound on entry to each reachable instruction.
fn surely_bound(code: &Code) -> Vec<Option<RegSet>> {
    let handlers = handler_of_each(code);
    let locals = code.local_names.len() as u32;
    let mut states: Vec<Option<RegSet>> = vec![None; code.instrs.len()];
    let mut entry = RegSet::empty(locals);
    (0..code.params.count()).for_each(|parameter| entry.insert(parameter as u16));
    states[0] = Some(entry);
    let mut pending = vec![0];
    while let Some(pc) = pending.pop() {
        let Some(before) = states[pc].clone() else { continue };
        if let Some(handler) = handlers[pc].map(|at| code.handlers[at])
            && meet(&mut states, handler.target as usize, &before)
        {
            pending.push(handler.target as usize);
        }
        let mut after = before;
        bind(code.instrs[pc], &mut after);
        for next in successors(code.instrs[pc], pc) {
            if meet(&mut states, next, &after) {
                pending.push(next);
            }
        }
    }
    states
}

fn bind(instr: Instr, state: &mut RegSet) {
    match instr.op {
        Op::Unbind => state.remove(instr.a),
        Op::CheckBound => state.insert(instr.a),
        _ => instr.writes().for_each(|register| state.insert(register)),
    }
}

fn meet(states: &mut [Option<RegSet>], at: usize, incoming: &RegSet) -> bool {
    match states.get_mut(at) {
        None => false,
        Some(Some(known)) => known.intersect(incoming),
        Some(slot) => {
            *slot = Some(incoming.clone());
            true
        }
    }
}

/// A jump over nothing goes.
fn drop_jumps_to_next(code: &Code, keep: &mut [bool]) {
    for pc in (0..code.instrs.len()).rev() {
        let instr = code.instrs[pc];
        if instr.op != Op::Jump || !keep[pc] || (instr.bc() as usize) <= pc {
            continue;
        }
        let between = &keep[pc + 1..instr.bc() as usize];
        keep[pc] = between.iter().any(|kept| *kept);
    }
}

/// Removes instructions and moves everything that refers to instruction indices.
fn compact(code: &mut Code, keep: &[bool]) {
    let mut moved = Vec::with_capacity(keep.len() + 1);
    let mut count = 0u32;
    for kept in keep {
        moved.push(count);
        count += *kept as u32;
    }
    moved.push(count);
    let mut kept = keep.iter();
    code.instrs.retain(|_| *kept.next().unwrap_or(&true));
    let mut kept = keep.iter();
    code.positions.retain(|_| *kept.next().unwrap_or(&true));
    for instr in &mut code.instrs {
        if let Some(target) = instr.target() {
            *instr = Instr::wide(instr.op, instr.a, moved[target as usize]);
        }
    }
    for handler in &mut code.handlers {
        handler.start = moved[handler.start as usize];
        handler.end = moved[handler.end as usize];
        handler.target = moved[handler.target as usize];
    }
    code.handlers.retain(|handler| handler.start < handler.end);
    code.yield_from.retain(|entry| keep[entry.pc as usize]);
    for entry in &mut code.yield_from {
        entry.pc = moved[entry.pc as usize];
    }
}

/// `jump_if_true a, L; jump M; L:` becomes `jump_if_false a, M`.
fn invert_branches_over_jumps(code: &mut Code) {
    let mut is_target = vec![false; code.instrs.len() + 1];
    code.instrs
        .iter()
        .filter_map(|instr| instr.target())
        .for_each(|target| is_target[target as usize] = true);
    code.handlers.iter().for_each(|handler| is_target[handler.target as usize] = true);
    let mut keep = vec![true; code.instrs.len()];
    for pc in 0..code.instrs.len().saturating_sub(1) {
        let (branch, jump) = (code.instrs[pc], code.instrs[pc + 1]);
        let over_jump = jump.op == Op::Jump && branch.target() == Some(pc as u32 + 2) && !is_target[pc + 1];
        if let (true, Some(inverted)) = (over_jump, inverted(branch.op)) {
            code.instrs[pc] = Instr::wide(inverted, branch.a, jump.bc());
            keep[pc + 1] = false;
        }
    }
    compact(code, &keep);
}

fn inverted(op: Op) -> Option<Op> {
    match op {
        Op::JumpIfTrue => Some(Op::JumpIfFalse),
        Op::JumpIfFalse => Some(Op::JumpIfTrue),
        Op::JumpIfNone => Some(Op::JumpIfNotNone),
        Op::JumpIfNotNone => Some(Op::JumpIfNone),
        _ => None,
    }
}

/// `for_iter t; for_end t, L; move x, t` writes x directly where x is dead at L: the end of the loop unbinds it.
fn write_loop_targets_directly(code: &mut Code) {
    let locals = code.local_names.len() as u16;
    let is_candidate = |code: &Code, pc: usize| {
        let [first, second, third] = [code.instrs[pc], code.instrs[pc + 1], code.instrs[pc + 2]];
        first.op == Op::ForIter
            && second.op == Op::ForEnd
            && third.op == Op::Move
            && third.b == first.a
            && third.a < locals
    };
    let last = code.instrs.len().saturating_sub(2);
    let candidates: Vec<usize> = (0..last).filter(|pc| is_candidate(code, *pc)).collect();
    if candidates.is_empty() {
        return;
    }
    let liveness = Liveness::compute(code);
    let mut keep = vec![true; code.instrs.len()];
    for pc in candidates {
        let [first, second, third] = [code.instrs[pc], code.instrs[pc + 1], code.instrs[pc + 2]];
        let used_after = liveness.at(second.bc()).contains(third.a);
        let temp_lives = liveness.at(pc as u32 + 3).contains(first.a);
        if !used_after && !temp_lives {
            code.instrs[pc].a = third.a;
            code.instrs[pc + 1].a = third.a;
            keep[pc + 2] = false;
        }
    }
    compact(code, &keep);
}
