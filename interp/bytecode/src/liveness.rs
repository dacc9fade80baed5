//! Which registers may still be read, for each instruction: a backward data-flow analysis.
//!
//! A snapshot needs only the live registers. An instruction that raises writes nothing, so what is live at the entry of
//! a handler is live at every instruction of its range, whatever that instruction writes. Control flow: the next
//! instruction and the jump target. The fast path of a pair of instructions (a test, `ForIter`, `Send`) goes where its
//! second half would go, so the second half stands for it.

use crate::code::Code;

/// A set of registers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RegSet {
    words: Vec<u64>,
}

impl RegSet {
    /// The empty set over `registers` registers.
    pub fn empty(registers: u32) -> RegSet {
        RegSet { words: vec![0; registers.div_ceil(64) as usize] }
    }

    /// The set of all of `registers` registers.
    pub fn full(registers: u32) -> RegSet {
        let mut set = RegSet::empty(registers);
        (0..registers).for_each(|register| set.insert(register as u16));
        set
    }

    pub fn contains(&self, register: u16) -> bool {
        self.words.get(register as usize / 64).is_some_and(|word| word >> (register % 64) & 1 == 1)
    }

    /// Adds a register; one out of range is ignored.
    pub fn insert(&mut self, register: u16) {
        if let Some(word) = self.words.get_mut(register as usize / 64) {
            *word |= 1 << (register % 64);
        }
    }

    pub fn remove(&mut self, register: u16) {
        if let Some(word) = self.words.get_mut(register as usize / 64) {
            *word &= !(1 << (register % 64));
        }
    }

    /// Adds all members of `other`; tells whether that changed anything.
    pub fn union(&mut self, other: &RegSet) -> bool {
        self.merge(other, |a, b| a | b)
    }

    /// Keeps only members of `other`; tells whether that changed anything.
    pub fn intersect(&mut self, other: &RegSet) -> bool {
        self.merge(other, |a, b| a & b)
    }

    /// Adds the registers of all variables of a code object.
    pub fn insert_variables(&mut self, code: &Code) {
        let locals = 0..code.local_names.len() as u16;
        locals.chain(code.cell_registers.iter().copied()).for_each(|register| self.insert(register));
    }

    /// The members in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u16> {
        let words = self.words.iter().enumerate();
        words.flat_map(|(at, &word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| (at * 64 + bit) as u16)
        })
    }

    fn merge(&mut self, other: &RegSet, with: impl Fn(u64, u64) -> u64) -> bool {
        let mut changed = false;
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            let merged = with(*mine, *theirs);
            changed |= merged != *mine;
            *mine = merged;
        }
        changed
    }
}

/// The live registers on entry to each instruction.
#[derive(Clone, Debug)]
pub struct Liveness {
    live_in: Vec<RegSet>,
}

impl Liveness {
    /// Analyses a code object that the verifier accepts.
    pub fn compute(code: &Code) -> Liveness {
        let mut liveness = Liveness { live_in: vec![RegSet::empty(code.registers); code.instrs.len()] };
        let handlers = handler_of_each(code);
        while (0..code.instrs.len()).rev().fold(false, |changed, pc| {
            let live = liveness.transfer(code, pc, handlers[pc]);
            liveness.live_in[pc].union(&live) | changed
        }) {}
        if code.flags.frame_locals {
            liveness.live_in.iter_mut().for_each(|live| live.insert_variables(code));
        }
        liveness
    }

    /// The registers live on entry to the instruction at `pc`.
    pub fn at(&self, pc: u32) -> &RegSet {
        &self.live_in[pc as usize]
    }

    fn transfer(&self, code: &Code, pc: usize, handler: Option<usize>) -> RegSet {
        let instr = code.instrs[pc];
        let mut live = RegSet::empty(code.registers);
        for next in successors(code, pc) {
            live.union(&self.live_in[next]);
        }
        instr.writes().for_each(|register| live.remove(register));
        instr.reads(code).for_each(|register| live.insert(register));
        if let Some(handler) = handler.map(|at| code.handlers[at]) {
            let mut at_handler = self.live_in[handler.target as usize].clone();
            at_handler.remove(handler.exc);
            live.union(&at_handler);
        }
        live
    }
}

/// For each instruction the index of its innermost handler.
pub(crate) fn handler_of_each(code: &Code) -> Vec<Option<usize>> {
    let mut found = vec![None; code.instrs.len()];
    for (at, handler) in code.handlers.iter().enumerate().rev() {
        found[handler.start as usize..handler.end as usize].fill(Some(at));
    }
    found
}

/// The instructions that may follow without an exception.
pub(crate) fn successors(code: &Code, pc: usize) -> impl Iterator<Item = usize> {
    let instr = code.instrs[pc];
    let next = (!instr.op.ends_block()).then_some(pc + 1);
    let target = instr.target().map(|target| target as usize);
    let count = code.instrs.len();
    [next, target].into_iter().flatten().filter(move |next| *next < count)
}
