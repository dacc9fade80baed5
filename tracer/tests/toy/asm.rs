//! Toy programs: an assembler with labels, liveness, and loading into a machine.

use super::ops::{Instr, Op};
use super::*;
use std::cell::RefCell;

#[derive(Clone, PartialEq, Debug)]
pub enum Const {
    Int(i64),
    Float(f64),
    None,
    True,
    Code(usize),
    Global(usize),
}

/// A jump target, bound later.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Label(usize);

/// One function being assembled. Registers are plain numbers; the first are parameters.
#[derive(Clone, Debug, Default)]
pub struct Function {
    pub name: String,
    pub params: u16,
    pub generator: bool,
    pub instrs: Vec<(u16, u16, u16, u16)>,
    pub constants: Vec<Const>,
    labels: Vec<Option<u32>>,
    /// Instruction, operand (1 or 2), label.
    fixes: Vec<(usize, u8, Label)>,
    handlers: Vec<(Label, Label, Label, u16)>,
}

impl Function {
    pub fn new(name: &str, params: u16) -> Function {
        Function { name: name.into(), params, ..Function::default() }
    }

    pub fn op(&mut self, op: Op, a: u16, b: u16, c: u16) {
        self.instrs.push((op as u16, a, b, c));
    }

    pub fn k(&mut self, c: Const) -> u16 {
        let at = self.constants.iter().position(|x| *x == c).unwrap_or_else(|| {
            self.constants.push(c);
            self.constants.len() - 1
        });
        at as u16
    }

    /// a := constant
    pub fn load(&mut self, a: u16, c: Const) {
        let k = self.k(c);
        self.op(Op::Const, a, k, 0);
    }

    pub fn int(&mut self, a: u16, i: i64) {
        self.load(a, Const::Int(i));
    }

    pub fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    pub fn bind(&mut self, l: Label) {
        self.labels[l.0] = Some(self.instrs.len() as u32);
    }

    pub fn here(&mut self) -> Label {
        let l = self.label();
        self.bind(l);
        l
    }

    pub fn jump(&mut self, to: Label) {
        self.fixes.push((self.instrs.len(), 1, to));
        self.op(Op::Jump, 0, 0, 0);
    }

    pub fn jump_if_false(&mut self, a: u16, to: Label) {
        self.fixes.push((self.instrs.len(), 1, to));
        self.op(Op::JumpIfFalse, a, 0, 0);
    }

    pub fn gen_next(&mut self, a: u16, g: u16, done: Label) {
        self.fixes.push((self.instrs.len(), 2, done));
        self.op(Op::GenNext, a, g, 0);
    }

    pub fn handler(&mut self, from: Label, to: Label, target: Label, reg: u16) {
        self.handlers.push((from, to, target, reg));
    }

    fn at(&self, l: Label) -> u32 {
        self.labels[l.0].expect("every label is bound")
    }

    fn words(&self) -> Vec<Instr> {
        let mut instrs: Vec<Instr> =
            self.instrs.iter().map(|&(op, a, b, c)| Instr { op: Op::ALL[op as usize], a, b, c }).collect();
        for &(at, operand, l) in &self.fixes {
            let target = self.at(l) as u16;
            if operand == 1 { instrs[at].b = target } else { instrs[at].c = target }
        }
        instrs
    }
}

/// Functions (0 is main) and the first values of globals.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub functions: Vec<Function>,
    pub globals: Vec<i64>,
}

impl Program {
    pub fn of(main: Function) -> Program {
        Program { functions: vec![main], globals: Vec::new() }
    }

    /// Makes the code objects; gives main's.
    pub fn load(&self, vm: &mut Vm) -> Value {
        for _ in &self.functions {
            let v = vm.context.alloc(shapes::CODE, 1);
            vm.codes.push(v);
        }
        let mut cells = Vec::new();
        for &g in &self.globals {
            let cell = vm.context.alloc(shapes::CELL, 1);
            vm.constants.push(cell);
            CELL_VALUE.init(cell, Value::int(g));
            cells.push(cell);
        }
        for (i, f) in self.functions.iter().enumerate() {
            let constants = f.constants.iter().map(|c| self.constant(vm, c, &cells)).collect();
            let code = Box::leak(Box::new(self.code(vm, f, constants)));
            CODE_POINTER.write(vm.codes[i], std::ptr::from_ref(code) as i64);
        }
        vm.codes[0]
    }

    fn constant(&self, vm: &mut Vm, c: &Const, cells: &[Value]) -> Value {
        let v = match *c {
            Const::Int(i) => Value::int(i),
            Const::Float(f) => vm.context.box_float(f),
            Const::None => Value::NONE,
            Const::True => Value::TRUE,
            Const::Code(i) => vm.codes[i],
            Const::Global(i) => cells[i],
        };
        vm.constants.push(v);
        v
    }

    fn code(&self, vm: &Vm, f: &Function, constants: Vec<Value>) -> Code {
        let instrs = f.words();
        let handlers: Vec<_> =
            f.handlers.iter().map(|&(s, e, t, r)| (f.at(s), f.at(e), f.at(t), r)).collect();
        let args = |i: &Instr| self.call_args(f, i);
        let live = liveness(&instrs, &handlers, &args);
        // Jump targets count as registers too; the frame is only larger for it.
        let operands = instrs.iter().flat_map(|i| [i.a, i.b, i.c]).filter(|&r| r < 64);
        let registers = operands.chain(handlers.iter().map(|h| h.3)).max().unwrap_or(0) as u32 + 2;
        let counters = instrs.iter().map(|_| Some(vm.thresholds.0)).collect::<Vec<_>>();
        let mut counters = counters;
        counters[0] = Some(vm.thresholds.1);
        Code {
            name: f.name.clone(),
            instrs: instrs.iter().map(|i| i.encode()).collect(),
            constants,
            registers: registers.max(f.params as u32),
            params: f.params,
            generator: f.generator,
            handlers,
            live,
            counters: RefCell::new(counters),
        }
    }

    /// Argument registers of a call.
    fn call_args(&self, f: &Function, i: &Instr) -> Vec<u16> {
        let Const::Code(callee) = f.constants[i.b as usize] else { return vec![i.c] };
        let n = self.functions[callee].params;
        // An opaque call passes the first register even if the callee takes none.
        (i.c..i.c + n.max(1)).collect()
    }
}

type Handlers = [(u32, u32, u32, u16)];

fn reads(i: &Instr, args: &dyn Fn(&Instr) -> Vec<u16>) -> Vec<u16> {
    if matches!(i.op, Op::Call | Op::NewGen) {
        return args(i);
    }
    i.op.uses().iter().map(|o| i.operand(o)).collect()
}

fn successors(i: &Instr, pc: usize) -> Vec<usize> {
    match i.op {
        Op::Jump => vec![i.b as usize],
        Op::JumpIfFalse => vec![i.b as usize, pc + 1],
        Op::GenNext => vec![i.c as usize, pc + 1],
        Op::Return | Op::Raise => vec![],
        _ => vec![pc + 1],
    }
}

/// Registers live before each instruction; within a handler's range also what the handler needs.
fn liveness(instrs: &[Instr], handlers: &Handlers, args: &dyn Fn(&Instr) -> Vec<u16>) -> Vec<Vec<u16>> {
    let mut live: Vec<u64> = vec![0; instrs.len() + 1];
    let mut changed = true;
    while changed {
        changed = false;
        for pc in (0..instrs.len()).rev() {
            let i = &instrs[pc];
            let mut set = successors(i, pc).iter().fold(0, |s, &n| s | live[n]);
            // An exhausted generator leaves the register alone.
            if let Some(d) = i.op.defines().filter(|_| i.op != Op::GenNext) {
                set &= !(1 << i.operand(d));
            }
            reads(i, args).iter().for_each(|&r| set |= 1 << r);
            for &(s, e, t, reg) in handlers {
                if (s..e).contains(&(pc as u32)) {
                    set |= live[t as usize] & !(1 << reg);
                }
            }
            changed |= set != live[pc];
            live[pc] = set;
        }
    }
    live.iter().map(|&set| (0..64).filter(|r| set >> r & 1 != 0).collect()).collect()
}
