//! Checks that a code object keeps the invariants that the interpreter relies on:
//!
//! 1. Registers are below `registers`; constant, site and name indices and jump targets are in range.
//! 2. A site has the kind that the instruction using it expects; a name constant is a string; `make_function` names a
//!    code constant.
//! 3. The last instruction does not fall through.
//! 4. A test stands before a conditional jump on its own register; `for_iter` before `for_end` on its own register;
//!    `send` before `send_end`, likewise.
//! 5. A backward jump goes to a `loop`, and each `loop` has a site of its own.
//! 6. There is one position per instruction; handlers cover non-empty ranges and have targets in range.
//! 7. Parameters fit the local names, those fit the frame; each cell has a register.
//! 8. A temporary is written before it is read, on every path, exceptional ones included. (Locals start unbound, so
//!    they are exempt, and so are cells.)
//! 9. All this holds for nested code objects.

use crate::code::{Code, MAX_REGISTERS, SiteKind};
use crate::consts::Const;
use crate::liveness::{RegSet, handler_of_each, successors};
use crate::op::{Kind, Op, Operand};
use std::fmt;

/// A broken invariant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    pub code: String,
    pub pc: usize,
    pub message: String,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.code, self.pc, self.message)
    }
}

impl std::error::Error for VerifyError {}

/// Checks a code object and those nested in it.
pub fn verify(code: &Code) -> Result<(), VerifyError> {
    let mut pending = vec![code];
    while let Some(code) = pending.pop() {
        if code.verified.get() {
            continue;
        }
        Verifier::new(code).check()?;
        pending.extend(code.consts.iter().filter_map(|constant| match constant {
            Const::Code(nested) => Some(&**nested),
            _ => None,
        }));
        code.verified.set();
    }
    Ok(())
}

type Check = Result<(), VerifyError>;

struct Verifier<'a> {
    code: &'a Code,
    /// Instructions that jumps or handlers lead to.
    starts: Vec<bool>,
}

impl<'a> Verifier<'a> {
    fn new(code: &'a Code) -> Verifier<'a> {
        let mut starts = vec![false; code.instrs.len()];
        let jumps = code.instrs.iter().filter_map(|instr| instr.target());
        for target in jumps.chain(code.handlers.iter().map(|handler| handler.target)) {
            if let Some(start) = starts.get_mut(target as usize) {
                *start = true;
            }
        }
        Verifier { code, starts }
    }

    fn check(&self) -> Check {
        self.check_frame()?;
        self.check_tables()?;
        let mut loop_sites = vec![false; self.code.sites.len()];
        for pc in 0..self.code.instrs.len() {
            self.check_operands(pc)?;
            self.check_sequence(pc)?;
            self.check_loop(pc, &mut loop_sites)?;
        }
        self.check_temporaries()
    }

    fn require(&self, holds: bool, pc: usize, message: &str) -> Check {
        if holds {
            return Ok(());
        }
        Err(VerifyError { code: self.code.qualname.clone(), pc, message: message.to_owned() })
    }

    fn check_frame(&self) -> Check {
        let code = self.code;
        self.require(!code.instrs.is_empty(), 0, "no instructions")?;
        let last = code.instrs.len() - 1;
        self.require(code.instrs[last].op.ends_block(), last, "falls off the end")?;
        self.require(code.positions.len() == code.instrs.len(), 0, "positions do not match instructions")?;
        self.require(code.params.positional_only <= code.params.positional, 0, "bad parameter counts")?;
        self.require(code.params.count() <= code.local_names.len(), 0, "parameters are no locals")?;
        self.require(code.local_names.len() <= code.registers as usize, 0, "locals outside the frame")?;
        self.require(code.registers <= MAX_REGISTERS, 0, "frame too large")?;
        let cells = code.cell_names.len() + code.free_names.len();
        self.require(code.cell_registers.len() == cells, 0, "cells without registers")?;
        let special = code.cell_registers.iter().chain(&code.func_reg).chain(&code.namespace_reg);
        for register in special {
            self.require((*register as u32) < code.registers, 0, "special register outside the frame")?;
        }
        self.require(code.free_names.is_empty() || code.func_reg.is_some(), 0, "no function register")
    }

    fn check_tables(&self) -> Check {
        let code = self.code;
        let count = code.instrs.len() as u32;
        for handler in &code.handlers {
            let in_range = handler.start < handler.end && handler.end <= count && handler.target < count;
            self.require(in_range, handler.start as usize, "bad handler range")?;
            self.require((handler.exc as u32) < code.registers, 0, "handler register outside the frame")?;
        }
        for site in &code.sites {
            let mut names: Vec<u32> = site.name.into_iter().collect();
            if let SiteKind::Call { keywords, .. } = &site.kind {
                names.extend(keywords);
            }
            let known = names.iter().all(|name| (*name as usize) < code.names.len());
            self.require(known, 0, "site name out of range")?;
        }
        for entry in &code.yield_from {
            let instr = code.instrs.get(entry.pc as usize);
            self.require(instr.is_some_and(|instr| instr.op == Op::Yield), 0, "yield_from without yield")?;
        }
        self.require(code.docstring.is_none_or(|doc| (doc as usize) < code.consts.len()), 0, "bad docstring")
    }

    fn check_operands(&self, pc: usize) -> Check {
        let code = self.code;
        let instr = code.instrs[pc];
        for operand in instr.op.operands() {
            self.check_operand(pc, *operand)?;
        }
        for register in instr.reads(code).chain(instr.writes()) {
            self.require((register as u32) < code.registers, pc, "register outside the frame")?;
        }
        Ok(())
    }

    fn check_operand(&self, pc: usize, operand: Operand) -> Check {
        let code = self.code;
        let instr = code.instrs[pc];
        let small = instr.field(operand.field) as usize;
        let wide = instr.bc() as usize;
        match operand.kind {
            Kind::Const => self.check_constant(pc, small),
            Kind::Const32 => self.check_constant(pc, wide),
            Kind::Target => self.require(wide < code.instrs.len(), pc, "jump target out of range"),
            Kind::Site | Kind::CallSite => {
                let site = if operand.kind == Kind::Site { small } else { instr.c as usize };
                self.check_site(pc, site)
            }
            Kind::Site32 => self.check_site(pc, wide),
            _ => Ok(()),
        }
    }

    fn check_constant(&self, pc: usize, index: usize) -> Check {
        let constant = self.code.consts.get(index);
        let fits = match (self.code.instrs[pc].op, constant) {
            (_, None) => false,
            (Op::MakeFunction, Some(constant)) => matches!(constant, Const::Code(_)),
            (Op::CheckBound, Some(constant)) => matches!(constant, Const::Str(_)),
            _ => true,
        };
        self.require(fits, pc, "bad constant")
    }

    fn check_site(&self, pc: usize, index: usize) -> Check {
        let Some(site) = self.code.sites.get(index) else {
            return self.require(false, pc, "site out of range");
        };
        let kind_fits = match self.code.instrs[pc].op {
            Op::LoadGlobal | Op::StoreGlobal | Op::DelGlobal => site.kind == SiteKind::Global,
            Op::LoadName | Op::StoreName | Op::DelName => site.kind == SiteKind::Name,
            Op::LoadCell | Op::DelCell => matches!(site.kind, SiteKind::CellLocal | SiteKind::CellFree),
            Op::LoadNameOrCell => site.kind == SiteKind::CellFree,
            Op::Loop => site.kind == SiteKind::Loop,
            Op::CallKw => matches!(site.kind, SiteKind::Call { .. }),
            Op::Import | Op::ImportFrom => site.kind == SiteKind::Import,
            _ => site.kind == SiteKind::Attr,
        };
        let nameless = matches!(site.kind, SiteKind::Loop | SiteKind::Call { .. });
        self.require(kind_fits && site.name.is_none() == nameless, pc, "site of the wrong kind")
    }

    fn check_sequence(&self, pc: usize) -> Check {
        let instr = self.code.instrs[pc];
        let next = self.code.instrs.get(pc + 1);
        let followed = |ops: &[Op]| next.is_some_and(|next| ops.contains(&next.op) && next.a == instr.a);
        if instr.op.is_test() {
            let fits = followed(&[Op::JumpIfFalse, Op::JumpIfTrue]);
            return self.require(fits, pc, "test without its conditional jump");
        }
        match instr.op {
            Op::ForIter => self.require(followed(&[Op::ForEnd]), pc, "for_iter without for_end"),
            Op::Send => self.require(followed(&[Op::SendEnd]), pc, "send without send_end"),
            _ => Ok(()),
        }
    }

    fn check_loop(&self, pc: usize, loop_sites: &mut [bool]) -> Check {
        let instr = self.code.instrs[pc];
        if instr.op == Op::Loop {
            let site = instr.bc() as usize;
            self.require(!loop_sites[site], pc, "two loops share a site")?;
            loop_sites[site] = true;
        }
        let target = instr.target().map(|target| target as usize).filter(|target| *target <= pc);
        let to_loop = target.is_none_or(|target| self.code.instrs[target].op == Op::Loop);
        self.require(to_loop, pc, "backward jump to no loop")
    }

    /// Invariant 8: forward data flow of the set of registers surely written.
    fn check_temporaries(&self) -> Check {
        let flow = self.surely_written();
        for (start, written) in flow.iter().enumerate() {
            let Some(mut written) = written.clone() else { continue };
            for pc in self.block(start) {
                let instr = self.code.instrs[pc];
                for register in instr.reads(self.code) {
                    let message = || format!("r{register} may be read before it is written");
                    if !written.contains(register) {
                        return self.require(false, pc, &message());
                    }
                }
                instr.writes().for_each(|register| written.insert(register));
            }
        }
        Ok(())
    }

    /// On entry to each reachable block, by its first instruction: the registers written on every path to it.
    fn surely_written(&self) -> Vec<Option<RegSet>> {
        let code = self.code;
        let handlers = handler_of_each(code);
        let mut states: Vec<Option<RegSet>> = vec![None; code.instrs.len()];
        states[0] = Some(self.written_at_entry());
        let mut pending = vec![0];
        while let Some(start) = pending.pop() {
            let Some(mut written) = states[start].clone() else { continue };
            let (mut last, mut handled_by) = (start, None);
            for pc in self.block(start) {
                // What is written only grows along a block: the first instruction under a handler speaks for the rest.
                if handlers[pc] != handled_by
                    && let Some(handler) = handlers[pc].map(|at| code.handlers[at])
                {
                    let mut at_handler = written.clone();
                    at_handler.insert(handler.exc);
                    if meet(&mut states[handler.target as usize], &at_handler) {
                        pending.push(handler.target as usize);
                    }
                }
                handled_by = handlers[pc];
                code.instrs[pc].writes().for_each(|register| written.insert(register));
                last = pc;
            }
            for next in successors(code, last) {
                if meet(&mut states[next], &written) {
                    pending.push(next);
                }
            }
        }
        states
    }

    /// The instructions from `start` up to the first that another may follow than the next one, or before one that is
    /// reached otherwise.
    fn block(&self, start: usize) -> impl Iterator<Item = usize> {
        let goes_on = move |pc: &usize| *pc == start || !self.starts[*pc] && !self.splits(*pc - 1);
        (start..self.code.instrs.len()).take_while(goes_on)
    }

    /// Another instruction than the next one may follow.
    fn splits(&self, pc: usize) -> bool {
        let instr = self.code.instrs[pc];
        instr.op.ends_block() || instr.target().is_some()
    }

    fn written_at_entry(&self) -> RegSet {
        let code = self.code;
        let mut set = RegSet::empty(code.registers);
        (0..code.local_names.len()).for_each(|register| set.insert(register as u16));
        let special = code.cell_registers.iter().chain(&code.func_reg).chain(&code.namespace_reg);
        special.for_each(|register| set.insert(*register));
        set
    }
}

/// Intersects; tells whether the state changed.
fn meet(state: &mut Option<RegSet>, incoming: &RegSet) -> bool {
    match state {
        Some(known) => known.intersect(incoming),
        None => {
            *state = Some(incoming.clone());
            true
        }
    }
}
