//! Random toy programs: structured, terminating, and full of what traces must get right.

use super::asm::{Const, Function, Program};
use super::ops::Op;

/// A small reproducible generator of numbers.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// General registers of every random function; above them come loop counters.
const REGS: u16 = 8;
const TEMP: u16 = 20;

struct Maker {
    r: Random,
    f: Function,
    /// Functions that may be called: those with higher numbers.
    callable: std::ops::Range<usize>,
    generators: std::ops::Range<usize>,
    globals: u64,
    depth: u16,
    budget: u32,
}

/// A program made from a seed.
pub fn program(seed: u64) -> Program {
    let mut r = Random::new(seed);
    let plain = 1 + r.below(3) as usize;
    let generators = r.below(2) as usize;
    let total = plain + generators;
    let globals = 2;
    let mut functions = Vec::new();
    for i in 0..total {
        let generator = i >= plain;
        let params = if i == 0 { 0 } else { 1 };
        let mut f = Function::new(&format!("f{i}"), params);
        f.generator = generator;
        let (callable, gens) = if generator { (0..0, 0..0) } else { (i + 1..plain, plain..total) };
        let r = Random::new(seed.wrapping_mul(31).wrapping_add(i as u64 + 7));
        let budget = if i == 0 { 26 } else { 12 };
        let mut maker = Maker { r, f, callable, generators: gens, globals, depth: 0, budget };
        maker.body(i == 0, generator);
        functions.push(maker.f);
    }
    Program { functions, globals: vec![3, 40] }
}

impl Maker {
    fn reg(&mut self) -> u16 {
        self.r.below(REGS as u64) as u16
    }

    fn body(&mut self, main: bool, generator: bool) {
        for reg in (if main { 0 } else { 1 })..REGS {
            self.constant(reg);
        }
        if main {
            // Enough passes for every threshold of the tests.
            self.counted_loop(30, false);
        } else if generator {
            let n = 1 + self.r.below(9) as i64;
            self.counted_loop(n, true);
        } else {
            let n = 1 + self.r.below(4);
            (0..n).for_each(|_| self.statement());
        }
        if main {
            (0..REGS).for_each(|r| self.f.op(Op::Print, r, 0, 0));
        }
        let r = self.reg();
        self.f.op(Op::Return, r, 0, 0);
    }

    fn constant(&mut self, reg: u16) {
        let c = match self.r.below(9) {
            0 => Const::Float(1.5),
            1 => Const::Float(1e300),
            2 => Const::None,
            3 => Const::Int((1 << 61) + 12345),
            4 => Const::True,
            _ => Const::Int(self.r.below(20) as i64 - 5),
        };
        self.f.load(reg, c);
    }

    fn statements(&mut self, n: u64) {
        for _ in 0..n {
            self.statement();
        }
    }

    fn counted_loop(&mut self, n: i64, yields: bool) {
        let counter = REGS + 2 * self.depth;
        let one = TEMP;
        self.depth += 1;
        self.f.int(counter, n);
        let head = self.f.here();
        self.f.op(Op::Loop, 0, 0, 0);
        let end = self.f.label();
        self.f.jump_if_false(counter, end);
        self.f.int(one, 1);
        self.f.op(Op::Sub, counter, counter, one);
        let statements = 2 + self.r.below(4);
        self.statements(statements);
        if yields {
            let r = self.reg();
            self.f.op(Op::Yield, r, 0, 0);
            self.statement();
        }
        self.f.jump(head);
        self.f.bind(end);
        self.depth -= 1;
    }

    fn statement(&mut self) {
        if self.budget == 0 {
            return self.simple();
        }
        self.budget -= 1;
        match self.r.below(12) {
            0 if self.depth < 3 => {
                let n = 1 + self.r.below(6) as i64;
                self.counted_loop(n, false);
            }
            1 | 2 => self.conditional(),
            3 | 4 => self.guarded(),
            5 if !self.generators.is_empty() && self.depth < 3 => self.generator_loop(),
            6 if !self.callable.is_empty() => self.call(),
            _ => self.simple(),
        }
    }

    fn conditional(&mut self) {
        let (r, x) = (self.reg(), self.reg());
        match self.r.below(3) {
            0 => self.f.op(Op::Lt, TEMP, r, x),
            1 => self.f.op(Op::Same, TEMP, r, x),
            _ => self.f.op(Op::Kind, TEMP, r, 0),
        }
        if self.r.one_in(2) && matches!(self.f.instrs.last(), Some(i) if i.0 == Op::Kind as u16) {
            self.f.op(Op::Odd, TEMP, TEMP, 0);
        }
        let (other, end) = (self.f.label(), self.f.label());
        // Comparisons of odd things raise: only ints get here often enough, so guard the whole.
        self.f.jump_if_false(TEMP, other);
        self.statement();
        self.f.jump(end);
        self.f.bind(other);
        self.statement();
        self.f.bind(end);
    }

    /// Statements with a handler around them.
    fn guarded(&mut self) {
        let from = self.f.here();
        let n = 1 + self.r.below(3);
        self.statements(n);
        let to = self.f.here();
        let (target, end) = (self.f.label(), self.f.label());
        self.f.jump(end);
        self.f.bind(target);
        let x = TEMP + 1;
        let r = self.reg();
        self.f.op(Op::Payload, r, x, 0);
        self.f.bind(end);
        self.f.handler(from, to, target, x);
    }

    fn generator_loop(&mut self) {
        let n = self.generators.len() as u64;
        let g = self.generators.start + self.r.below(n) as usize;
        let k = self.f.k(Const::Code(g));
        let (gen_reg, arg, item) = (REGS + 2 * self.depth, self.reg(), self.reg());
        self.depth += 1;
        self.f.op(Op::NewGen, gen_reg, k, arg);
        let head = self.f.here();
        self.f.op(Op::Loop, 0, 0, 0);
        let end = self.f.label();
        self.f.gen_next(item, gen_reg, end);
        let n = 1 + self.r.below(2);
        self.statements(n);
        self.f.jump(head);
        self.f.bind(end);
        self.depth -= 1;
    }

    fn call(&mut self) {
        let n = self.callable.len() as u64;
        let callee = self.callable.start + self.r.below(n) as usize;
        let k = self.f.k(Const::Code(callee));
        let (a, arg) = (self.reg(), self.reg());
        if self.r.one_in(4) {
            self.f.op(Op::Apply, a, k, arg);
        } else {
            self.f.op(Op::Call, a, k, arg);
        }
    }

    fn simple(&mut self) {
        let (a, b, c) = (self.reg(), self.reg(), self.reg());
        match self.r.below(22) {
            0..=2 => self.safe(Op::Add, a, b, c),
            3 | 4 => self.safe(Op::Sub, a, b, c),
            5 => self.safe(Op::Mul, a, b, c),
            6 => self.safe(Op::Lt, a, b, c),
            7 => self.f.op(Op::Same, a, b, c),
            8 if self.r.one_in(2) => self.f.op(Op::NewTuple, a, b, c),
            8 => self.f.op(Op::NewPair, a, b, c),
            9 => self.safe(Op::First, a, b, 0),
            10 => self.safe(Op::Second, a, b, 0),
            11 => self.safe(Op::SetFirst, a, b, 0),
            12 => {
                self.f.int(TEMP, 5);
                self.f.op(Op::NewList, a, TEMP, 0);
            }
            13 => self.safe(Op::GetItem, a, b, c),
            14 => self.safe(Op::SetItem, a, b, c),
            15 => self.safe(Op::Hash, a, b, 0),
            16 => self.safe(Op::Picky, a, b, 0),
            17 => {
                let k = self.r.below(self.globals) as usize;
                let k = self.f.k(Const::Global(k));
                self.f.op(Op::LoadGlobal, a, k, 0);
            }
            18 if self.r.one_in(3) => {
                let k = self.r.below(self.globals) as usize;
                let k = self.f.k(Const::Global(k));
                self.f.op(Op::StoreGlobal, a, k, 0);
            }
            19 => self.constant(a),
            20 if self.r.one_in(6) => self.f.op(Op::Interrupt, 0, 0, 0),
            21 => self.f.op(Op::Print, a, 0, 0),
            _ => self.f.op(Op::Move, a, b, 0),
        }
    }

    /// An instruction that may raise, caught on the spot three times out of four.
    fn safe(&mut self, op: Op, a: u16, b: u16, c: u16) {
        if self.r.one_in(12) {
            return self.f.op(op, a, b, c);
        }
        let from = self.f.here();
        self.f.op(op, a, b, c);
        let to = self.f.here();
        let (target, end) = (self.f.label(), self.f.label());
        self.f.jump(end);
        self.f.bind(target);
        self.constant(a);
        self.f.bind(end);
        self.f.handler(from, to, target, TEMP + 2);
    }
}
