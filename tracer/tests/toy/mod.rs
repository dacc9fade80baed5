//! A toy guest for the tracer's tests: a small register language with ints, floats, pairs, lists with two strategies,
//! global cells that traces assume, calls, generators, exceptions and a few native functions. Written over `Engine`
//! like any guest.
//!
//! Instruction word: `op, a, b, c`, 16 bits each. `r` below is a register, `k` a constant index, `t` a target.
#![allow(dead_code)]

pub mod asm;
pub mod machine;
pub mod native;
pub mod ops;
pub mod random;

use asm::Program;
use hoop_engine::*;
use hoop_gc::*;
use hoop_ir::Backend;
use hoop_tracer::{Options, Tracer};
use std::rc::Rc;

pub mod shapes {
    use hoop_gc::ShapeId;
    pub const CODE: ShapeId = ShapeId(8);
    pub const PAIR: ShapeId = ShapeId(9);
    pub const LIST: ShapeId = ShapeId(10);
    /// A list that holds ints only, as raw integers.
    pub const INT_LIST: ShapeId = ShapeId(11);
    pub const ERROR: ShapeId = ShapeId(12);
    pub const GENERATOR: ShapeId = ShapeId(13);
    pub const CELL: ShapeId = ShapeId(14);
}

pub const CODE_POINTER: Field<I> = Field::new("code.pointer", 8, MemTy::I64, 1).immutable();
pub const FIRST: Field<V> = Field::new("pair.first", 8, MemTy::Val, 2);
pub const SECOND: Field<V> = Field::new("pair.second", 16, MemTy::Val, 3);
/// Lists have a fixed length: a tail of words that are values or raw integers as the shape says.
pub const LENGTH: Field<I> = Field::new("list.length", 8, MemTy::I64, 4).immutable();
pub const ITEMS: Array<V> = Array::new("list.items", 16, MemTy::Val, 5);
pub const INTS: Array<I> = Array::new("list.ints", 16, MemTy::I64, 6);
pub const PAYLOAD: Field<V> = Field::new("error.payload", 8, MemTy::Val, 7);
pub const GEN_PC: Field<I> = Field::new("generator.pc", 16, MemTy::I64, 8);
pub const GEN_CODE: Field<V> = Field::new("generator.code", 24, MemTy::Val, 9).immutable();
pub const GEN_REGISTERS: Field<V> = Field::new("generator.registers", 32, MemTy::Val, 63);
pub const CELL_VALUE: Field<V> = Field::new("cell.value", 8, MemTy::Val, 10);

/// A generator that has returned.
pub const GEN_DONE: i64 = -1;

/// What a return word says.
pub const RET_BOUNDARY: u64 = 1 << 32;
pub const RET_GENERATOR: u64 = 1 << 33;

/// A code object's content; the heap object holds a pointer to it.
pub struct Code {
    pub name: String,
    pub instrs: Vec<u64>,
    pub constants: Vec<Value>,
    pub registers: u32,
    pub params: u16,
    pub generator: bool,
    /// Start, end, target, register for the exception.
    pub handlers: Vec<(u32, u32, u32, u16)>,
    pub live: Vec<Vec<u16>>,
    /// By pc: passes left; `None`: machine code.
    pub counters: std::cell::RefCell<Vec<Option<u32>>>,
}

impl Code {
    pub fn of<'a>(v: Value) -> &'a Code {
        // SAFETY: the tests leak every `Code`, and a code object's field holds its address.
        unsafe { &*(CODE_POINTER.read(v) as *const Code) }
    }

    pub fn op(&self, pc: u32) -> ops::Op {
        ops::Op::of(self.instrs[pc as usize])
    }
}

#[repr(C)]
pub struct Vm {
    pub context: Context,
    pub codes: Vec<Value>,
    pub constants: Vec<Value>,
    pub result: Option<Value>,
    pub log: Vec<String>,
    pub jit: Option<Rc<dyn JitHost<Vm>>>,
    pub tracer: Option<Rc<Tracer<Toy>>>,
    pub machine: Option<Rc<machine::RawState>>,
    pub interrupts: u32,
    pub instructions: u64,
    /// First counts of headers and functions.
    pub thresholds: (u32, u32),
}

// SAFETY: `Vm` is `repr(C)` and starts with its context.
unsafe impl VmState for Vm {
    fn context(&mut self) -> &mut Context {
        &mut self.context
    }
}

pub struct Toy;

impl Guest for Toy {
    type Vm = Vm;

    fn guarded<T>(vm: &mut Vm, body: impl FnOnce(&mut Vm) -> Result<T, Raise>) -> Result<T, Raise> {
        body(vm)
    }

    type Held = ();

    fn held(_vm: &mut Vm) {}

    fn panicked(_vm: &mut Vm, _held: (), payload: Box<dyn std::any::Any + Send>) {
        std::panic::resume_unwind(payload)
    }

    fn run(vm: &mut Vm, floor: usize) -> RunExit {
        let run = &mut Run::new(vm);
        loop {
            if let Some(exit) = stop_here(run) {
                run.save_pc();
                return exit;
            }
            let depth = run.depth();
            match ops::step(run) {
                Ok(Step::Next) => {}
                Ok(Step::Done) => return RunExit::Done(Ok(Toy::take_result(run.vm()))),
                Err(Raise) => {
                    if let Err(raise) = Toy::unwind(run, floor) {
                        return RunExit::Done(Err(raise));
                    }
                }
            }
            if run.depth() > depth && run.pc() == 0 && count_down(run.code(), 0) {
                run.save_pc();
                return RunExit::Function;
            }
        }
    }

    fn step<E: Engine<Vm = Vm>>(e: &mut E) -> Result<Step, Raise> {
        ops::step(e)
    }

    fn return_from<E: Engine<Vm = Vm>>(e: &mut E, v: E::Val) -> Result<Step, Raise> {
        ops::return_from(e, v)
    }

    fn boundary_ret() -> u64 {
        RET_BOUNDARY
    }

    fn recursion_error(vm: &mut Vm) {
        let _: Result<(), Raise> = ops::error(&mut Run::new(vm), 7);
    }

    fn jit(vm: &mut Vm) -> Option<Rc<dyn JitHost<Vm>>> {
        vm.jit.clone()
    }

    fn take_result(vm: &mut Vm) -> Value {
        vm.result.take().unwrap_or(Value::UNBOUND)
    }

    fn unwind<E: Engine<Vm = Vm>>(e: &mut E, floor: usize) -> Result<(), Raise> {
        loop {
            let pc = e.pc() - 1;
            let handler = Code::of(e.code()).handlers.iter().find(|h| (h.0..h.1).contains(&pc)).copied();
            if let Some((_, _, target, reg)) = handler {
                e.jump(target);
                let x = e.catch();
                e.store(Reg(reg), x);
                return Ok(());
            }
            let last = e.depth() == floor + 1;
            ops::close_generator(e);
            e.pop_frame();
            if last {
                return Err(Raise);
            }
        }
    }

    fn is_loop_header(code: Value, pc: u32) -> bool {
        Code::of(code).op(pc) == ops::Op::Loop
    }

    fn set_header_state(code: Value, pc: u32, state: HeaderState) {
        Code::of(code).counters.borrow_mut()[pc as usize] = match state {
            HeaderState::Count(n) => Some(n),
            HeaderState::Compiled => None,
        };
    }

    fn live_registers(_: &mut Vm, code: Value, pc: u32) -> Vec<u16> {
        Code::of(code).live[pc as usize].clone()
    }

    fn new_frame(code: Value) -> NewFrame {
        let c = Code::of(code);
        NewFrame { code, instrs: c.instrs.as_ptr(), registers: c.registers, pc: 0, ret: 0 }
    }

    fn owner_registers_offset() -> i32 {
        GEN_REGISTERS.descr.offset
    }

    fn is_data(_: &mut Vm, v: Value) -> bool {
        !v.is_ptr() || shape_of(v) == tag_shape::FLOAT
    }

    fn describe(_: &mut Vm, code: Value, pc: u32) -> String {
        let c = Code::of(code);
        match c.instrs.get(pc as usize) {
            Some(&word) => format!("{}:{pc} {:?}", c.name, ops::Op::of(word)),
            None => format!("{}:{pc}", c.name),
        }
    }

    fn describe_value(_: &mut Vm, v: Value) -> String {
        show(v, 2)
    }

    fn has_loop(code: Value) -> bool {
        let c = Code::of(code);
        !c.generator && (0..c.instrs.len()).any(|pc| c.op(pc as u32) == ops::Op::Loop)
    }
}

fn stop_here(run: &Run<Vm>) -> Option<RunExit> {
    let (code, pc) = (run.code(), run.pc());
    (Toy::is_loop_header(code, pc) && count_down(code, pc)).then_some(RunExit::Loop)
}

/// One pass: is it time to stop?
fn count_down(code: Value, pc: u32) -> bool {
    let counters = &Code::of(code).counters;
    let mut counters = counters.borrow_mut();
    match &mut counters[pc as usize] {
        None => true,
        Some(0) => true,
        Some(n) => {
            *n -= 1;
            *n == 0
        }
    }
}

/// A value in words, objects to a depth; no addresses.
pub fn show(v: Value, depth: u32) -> String {
    if let Some(f) = float_of(v) {
        return format!("{f:?}");
    }
    if !v.is_ptr() {
        return format!("{v:?}");
    }
    let inner = |o: Option<Value>| {
        o.map_or("unset".into(), |v| if depth == 0 { "..".into() } else { show(v, depth - 1) })
    };
    match shape_of(v) {
        shapes::PAIR => format!("({} {})", inner(FIRST.read(v)), inner(SECOND.read(v))),
        shapes::ERROR => format!("<error {}>", inner(PAYLOAD.read(v))),
        shapes::CODE => format!("<code {}>", Code::of(v).name),
        shapes::CELL => format!("<cell {}>", inner(CELL_VALUE.read(v))),
        shapes::GENERATOR => format!("<generator at {}>", GEN_PC.read(v)),
        shapes::LIST => {
            let items: Vec<_> = ITEMS.slice(v, LENGTH.read(v) as usize).iter().map(|&i| inner(i)).collect();
            format!("[{}]", items.join(" "))
        }
        shapes::INT_LIST => format!("ints{:?}", INTS.slice(v, LENGTH.read(v) as usize)),
        other => format!("<shape {}>", other.0),
    }
}

/// Marks what the toy machine holds.
///
/// # Safety
/// `data` is the address of a live `Vm`.
unsafe fn mark_roots(data: *mut (), marker: &mut Marker) {
    // SAFETY: see above.
    let vm = unsafe { &*data.cast::<Vm>() };
    vm.context.thread.frames.trace(marker);
    vm.context.thread.pending.iter().for_each(|&v| marker.value(v));
    vm.codes.iter().chain(&vm.constants).chain(&vm.result).for_each(|&v| marker.value(v));
    if let Some(tracer) = &vm.tracer {
        tracer.trace_roots(marker);
    }
    if let Some(machine) = &vm.machine {
        machine.mark(marker);
    }
}

/// Forgets the dead.
///
/// # Safety
/// `data` is the address of a live `Vm`.
unsafe fn forget_dead(data: *mut (), survivors: &Survivors) {
    let vm = data.cast::<Vm>();
    // SAFETY: see above; whoever started the collection holds no references into these.
    let (assumptions, tracer) = unsafe { (&mut (*vm).context.assumptions, &(*vm).tracer) };
    assumptions.forget_dead(survivors);
    tracer.iter().for_each(|tracer| tracer.forget_dead(survivors));
}

fn layouts(heap: &mut Heap) {
    heap.set_layout(tag_shape::FLOAT, Layout::fixed(1, 0));
    heap.set_layout(shapes::CODE, Layout::fixed(1, 0));
    heap.set_layout(shapes::PAIR, Layout::fixed(2, 3));
    heap.set_layout(shapes::LIST, Layout::with_tail(1, 0, Tail::Values));
    heap.set_layout(shapes::INT_LIST, Layout::with_tail(1, 0, Tail::Words));
    heap.set_layout(shapes::ERROR, Layout::fixed(1, 1));
    heap.set_layout(shapes::GENERATOR, Layout::with_tail(3, 4, Tail::Values));
    heap.set_layout(shapes::CELL, Layout::fixed(1, 1));
}

/// The later stages of a tracer.
pub type Stages = (Box<dyn hoop_ir::Optimize>, Box<dyn Backend>);

/// How a program is run.
pub enum Mode {
    /// No tracer.
    Interpret,
    Trace(Options, Box<dyn Fn(&mut Vm) -> Stages>),
}

/// What a run gave.
#[derive(PartialEq, Eq, Debug, Clone)]
pub struct Answer {
    pub result: String,
    pub log: Vec<String>,
}

/// A run's answer and, with a tracer, its machine for questions.
pub struct Finished {
    pub answer: Answer,
    pub vm: Box<Vm>,
}

impl Finished {
    pub fn counter(&self, name: &str) -> u64 {
        let tracer = self.vm.tracer.as_ref().expect("a traced run");
        tracer.counters().rows().into_iter().find(|r| r.0 == name).expect("a counter's name").1
    }

    pub fn report(&mut self) -> String {
        let tracer = self.vm.tracer.clone().expect("a traced run");
        tracer.report(&mut self.vm)
    }
}

pub fn run(program: &Program, mode: &Mode) -> Finished {
    run_with(program, mode, GcConfig::default())
}

pub fn run_with(program: &Program, mode: &Mode, gc: GcConfig) -> Finished {
    run_dumping(program, mode, gc, None)
}

pub fn run_dumping(
    program: &Program,
    mode: &Mode,
    gc: GcConfig,
    dump: Option<hoop_tracer::Dump>,
) -> Finished {
    let mut heap = Heap::new(gc);
    layouts(&mut heap);
    let mut vm = Box::new(Vm {
        context: Context::new(heap),
        codes: Vec::new(),
        constants: Vec::new(),
        result: None,
        log: Vec::new(),
        jit: None,
        tracer: None,
        machine: None,
        interrupts: 0,
        instructions: 0,
        thresholds: (u32::MAX, u32::MAX),
    });
    let base = current_stack_address();
    let data = std::ptr::from_mut(&mut *vm).cast();
    vm.context.heap.set_stack_base(base);
    vm.context.heap.set_roots(mark_roots, data);
    vm.context.heap.set_forget(forget_dead, data);
    if let Mode::Trace(options, make) = mode {
        let (optimizer, backend) = make(&mut vm);
        let mut tracer = Tracer::new(options.clone(), optimizer, backend);
        if let Some(dump) = dump {
            tracer = tracer.with_dump(dump);
        }
        let tracer = Rc::new(tracer);
        vm.thresholds = (options.threshold, options.function);
        vm.tracer = Some(tracer.clone());
        vm.jit = Some(tracer);
    }
    let main = program.load(&mut vm);
    let new = NewFrame { ret: RET_BOUNDARY, ..Toy::new_frame(main) };
    assert!(vm.context.thread.frames.push(&new));
    let result = native::execute(&mut vm, 0);
    let result = match result {
        Ok(v) => show(v, 3),
        Err(Raise) => {
            format!("raised {}", show(vm.context.thread.pending.take().unwrap_or(Value::UNBOUND), 3))
        }
    };
    assert_eq!(vm.context.thread.frames.depth(), 0, "frames are left over");
    let log = std::mem::take(&mut vm.log);
    Finished { answer: Answer { result, log }, vm }
}
