//! The toy's instructions, each written once over any engine.

use super::native;
use super::*;

macro_rules! toy_ops {
    ($( $name:ident ($($use:ident),*) $(-> $def:ident)?; )*) => {
        /// An instruction. The row tells which operands are registers read and written.
        #[derive(Copy, Clone, PartialEq, Eq, Debug)]
        #[repr(u16)]
        pub enum Op { $( $name, )* }

        impl Op {
            pub const ALL: &'static [Op] = &[ $( Op::$name, )* ];

            /// Which operands are read.
            pub fn uses(self) -> &'static [&'static str] {
                match self { $( Op::$name => &[ $( stringify!($use), )* ], )* }
            }

            /// Which operand is written.
            pub fn defines(self) -> Option<&'static str> {
                match self { $( Op::$name => { let d: &[&'static str] = &[ $( stringify!($def), )? ]; d.first().copied() } )* }
            }
        }
    };
}

toy_ops! {
    // a := constant b
    Const() -> a;
    Move(b) -> a;
    Add(b, c) -> a;
    Sub(b, c) -> a;
    Mul(b, c) -> a;
    Lt(b, c) -> a;
    Same(b, c) -> a;
    // jump to b
    Jump();
    // jump to b if a is false
    JumpIfFalse(a);
    Loop();
    NewPair(b, c) -> a;
    // a := list of b and c
    NewTuple(b, c) -> a;
    First(b) -> a;
    Second(b) -> a;
    SetFirst(a, b);
    // a := list of length b (a small int), all ints 0
    NewList(b) -> a;
    GetItem(b, c) -> a;
    SetItem(a, b, c);
    Length(b) -> a;
    // a := call of the code in constant b with arguments from register c on
    Call() -> a;
    Return(a);
    Raise(a);
    Payload(b) -> a;
    // a := generator of the code in constant b with arguments from register c on
    NewGen() -> a;
    // a := next of b, or jump to c
    GenNext(b) -> a;
    Yield(a);
    LoadGlobal() -> a;
    StoreGlobal(a);
    Print(a);
    Picky(b) -> a;
    Hash(b) -> a;
    Odd(b) -> a;
    Apply(c) -> a;
    // an interrupt becomes pending
    Interrupt();
    Kind(b) -> a;
}

impl Op {
    pub fn of(word: u64) -> Op {
        Op::ALL[word as u16 as usize]
    }
}

#[derive(Copy, Clone)]
pub struct Instr {
    pub op: Op,
    pub a: u16,
    pub b: u16,
    pub c: u16,
}

impl Instr {
    pub fn decode(word: u64) -> Instr {
        Instr { op: Op::of(word), a: (word >> 16) as u16, b: (word >> 32) as u16, c: (word >> 48) as u16 }
    }

    pub fn encode(self) -> u64 {
        self.op as u64 | (self.a as u64) << 16 | (self.b as u64) << 32 | (self.c as u64) << 48
    }

    pub fn operand(self, name: &str) -> u16 {
        match name {
            "a" => self.a,
            "b" => self.b,
            _ => self.c,
        }
    }
}

type Res<T> = Result<T, Raise>;

pub fn step<E: Engine<Vm = Vm>>(e: &mut E) -> Res<Step> {
    e.vm().instructions += 1;
    let i = Instr::decode(e.fetch());
    let (a, b, c) = (Reg(i.a), Reg(i.b), Reg(i.c));
    match i.op {
        Op::Const => {
            let k = constant(e, i.b);
            let v = e.val(k);
            e.store(a, v);
        }
        Op::Move => {
            let v = e.load(b);
            e.store(a, v);
        }
        Op::Add => binary(e, i, IntOp::Add, FloatOp::Add)?,
        Op::Sub => binary(e, i, IntOp::Sub, FloatOp::Sub)?,
        Op::Mul => binary(e, i, IntOp::Mul, FloatOp::Mul)?,
        Op::Lt => less(e, i)?,
        Op::Same => {
            let (x, y) = (e.load(b), e.load(c));
            let r = e.same(x, y);
            let r = e.box_bool(r);
            e.store(a, r);
        }
        Op::Jump => e.jump(i.b as u32),
        Op::JumpIfFalse => jump_if_false(e, i),
        Op::Loop => poll(e),
        Op::NewPair => new_pair(e, i),
        Op::NewTuple => new_tuple(e, i),
        Op::First => get_field(e, i, &FIRST)?,
        Op::Second => get_field(e, i, &SECOND)?,
        Op::SetFirst => set_first(e, i)?,
        Op::NewList => new_list(e, i)?,
        Op::GetItem => get_item(e, i)?,
        Op::SetItem => set_item(e, i)?,
        Op::Length => length(e, i)?,
        Op::Call => call(e, i)?,
        Op::Return => return ret(e, a),
        Op::Raise => {
            let x = e.load(a);
            return Err(e.raise(x));
        }
        Op::Payload => payload(e, i)?,
        Op::NewGen => new_gen(e, i)?,
        Op::GenNext => gen_next(e, i)?,
        Op::Yield => yield_value(e, a),
        Op::LoadGlobal => load_global(e, i),
        Op::StoreGlobal => {
            let cell = constant(e, i.b);
            let (cell, v) = (e.val(cell), e.load(a));
            native::store_global(e, cell, v)?;
        }
        Op::Print => {
            let v = e.load(a);
            native::print(e, v)?;
        }
        Op::Picky => {
            let v = e.load(b);
            e.result_to(Some(a));
            let r = native::picky(e, v)?;
            e.store(a, r);
        }
        Op::Hash => hash(e, i)?,
        Op::Odd => odd(e, i)?,
        Op::Apply => {
            let code = constant(e, i.b);
            let (code, v) = (e.val(code), e.load(c));
            e.result_to(Some(a));
            let r = native::apply(e, code, v)?;
            e.store(a, r);
        }
        Op::Interrupt => e.vm().context.interrupt.store(1, std::sync::atomic::Ordering::Relaxed),
        Op::Kind => {
            let v = e.load(b);
            let s = e.shape_of(v);
            let s = e.int(s.0 as i64);
            let s = e.box_int(s);
            e.store(a, s);
        }
    }
    Ok(Step::Next)
}

fn constant<E: Engine<Vm = Vm>>(e: &E, k: u16) -> Value {
    Code::of(e.code()).constants[k as usize]
}

pub fn error<E: Engine<Vm = Vm>, T>(e: &mut E, number: i64) -> Res<T> {
    let x = e.new_object(shapes::ERROR, 1, 0);
    let n = e.int(number);
    let n = e.box_int(n);
    e.set(x, &PAYLOAD, n);
    Err(e.raise(x))
}

fn binary<E: Engine<Vm = Vm>>(e: &mut E, i: Instr, int: IntOp, float: FloatOp) -> Res<()> {
    let (x, y) = (e.load(Reg(i.b)), e.load(Reg(i.c)));
    let v = arith(e, x, y, int, float)?;
    e.store(Reg(i.a), v);
    Ok(())
}

/// Ints that overflow become floats.
fn arith<E: Engine<Vm = Vm>>(e: &mut E, x: E::Val, y: E::Val, int: IntOp, float: FloatOp) -> Res<E::Val> {
    if let Some(p) = e.as_int(x)
        && let Some(q) = e.as_int(y)
    {
        let fits = if int == IntOp::Mul {
            e.int_mul_fits(p, q)
        } else {
            let r = e.int_op(int, p, q);
            e.int_fits(r)
        };
        if e.branch(fits) {
            let r = e.int_op(int, p, q);
            return Ok(e.box_int(r));
        }
    }
    let (f, g) = (to_float(e, x)?, to_float(e, y)?);
    let r = e.float_op(float, f, g);
    Ok(e.box_float(r))
}

fn to_float<E: Engine<Vm = Vm>>(e: &mut E, v: E::Val) -> Res<E::Float> {
    if let Some(f) = e.as_float(v) {
        return Ok(f);
    }
    match e.as_int(v) {
        Some(i) => Ok(e.int_to_float(i)),
        None => error(e, 1),
    }
}

fn less<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) -> Res<()> {
    let (x, y) = (e.load(Reg(i.b)), e.load(Reg(i.c)));
    let r = match (e.as_int(x), e.as_int(y)) {
        (Some(p), Some(q)) => e.int_cmp(Cmp::Lt, p, q),
        _ => {
            let (f, g) = (to_float(e, x)?, to_float(e, y)?);
            e.float_cmp(Cmp::Lt, f, g)
        }
    };
    let r = e.box_bool(r);
    e.store(Reg(i.a), r);
    Ok(())
}

/// False, None and 0 are false.
fn jump_if_false<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) {
    let v = e.load(Reg(i.a));
    let truth = match e.shape_of(v) {
        tag_shape::BOOL => e.is(v, Value::TRUE),
        tag_shape::NONE => false,
        tag_shape::INT => !e.is(v, Value::int(0)),
        _ => true,
    };
    if !truth {
        e.jump(i.b as u32);
    }
}

fn poll<E: Engine<Vm = Vm>>(e: &mut E) {
    if e.interrupted() {
        let bits = e.vm().context.interrupt.swap(0, std::sync::atomic::Ordering::Relaxed);
        if bits & hoop_engine::interrupt::WARM != 0
            && let Some(jit) = e.vm().jit.clone()
        {
            jit.warm(e.vm());
        }
        e.vm().interrupts += u32::from(bits & !hoop_engine::interrupt::WARM != 0);
    }
}

fn new_pair<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) {
    let (x, y) = (e.load(Reg(i.b)), e.load(Reg(i.c)));
    let p = e.new_object(shapes::PAIR, 2, 0);
    e.set(p, &FIRST, x);
    e.set(p, &SECOND, y);
    e.store(Reg(i.a), p);
}

fn new_tuple<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) {
    let (x, y) = (e.load(Reg(i.b)), e.load(Reg(i.c)));
    let t = e.new_object(shapes::LIST, 3, 0);
    let (zero, one, two) = (e.int(0), e.int(1), e.int(2));
    e.set(t, &LENGTH, two);
    e.set_item(t, zero, &ITEMS, x);
    e.set_item(t, one, &ITEMS, y);
    e.store(Reg(i.a), t);
}

fn get_field<E: Engine<Vm = Vm>>(e: &mut E, i: Instr, field: &Field<V>) -> Res<()> {
    let p = e.load(Reg(i.b));
    if e.shape_of(p) != shapes::PAIR {
        return error(e, 2);
    }
    let v = e.get(p, field);
    e.store(Reg(i.a), v);
    Ok(())
}

fn set_first<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) -> Res<()> {
    let (p, v) = (e.load(Reg(i.a)), e.load(Reg(i.b)));
    if e.shape_of(p) != shapes::PAIR {
        return error(e, 2);
    }
    e.set(p, &FIRST, v);
    Ok(())
}

fn new_list<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) -> Res<()> {
    let n = e.load(Reg(i.b));
    let Some(n) = e.as_int(n) else { return error(e, 3) };
    e.result_to(Some(Reg(i.a)));
    let list = native::new_list(e, n)?;
    e.store(Reg(i.a), list);
    Ok(())
}

/// The list's shape and the index, checked.
fn list_and_index<E: Engine<Vm = Vm>>(e: &mut E, list: E::Val, index: E::Val) -> Res<(ShapeId, E::Int)> {
    let shape = e.shape_of(list);
    if shape != shapes::LIST && shape != shapes::INT_LIST {
        return error(e, 4);
    }
    let Some(i) = e.as_int(index) else { return error(e, 5) };
    let n = e.get(list, &LENGTH);
    let inside = e.int_cmp(Cmp::Ult, i, n);
    if !e.branch(inside) {
        return error(e, 6);
    }
    Ok((shape, i))
}

fn get_item<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) -> Res<()> {
    let (list, index) = (e.load(Reg(i.b)), e.load(Reg(i.c)));
    let (shape, index) = list_and_index(e, list, index)?;
    let v = if shape == shapes::LIST {
        e.item(list, index, &ITEMS)
    } else {
        let n = e.item(list, index, &INTS);
        e.box_int(n)
    };
    e.store(Reg(i.a), v);
    Ok(())
}

fn set_item<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) -> Res<()> {
    let (list, index, v) = (e.load(Reg(i.a)), e.load(Reg(i.b)), e.load(Reg(i.c)));
    let (shape, index) = list_and_index(e, list, index)?;
    if shape == shapes::INT_LIST {
        if let Some(n) = e.as_int(v) {
            e.set_item(list, index, &INTS, n);
            return Ok(());
        }
        native::generalize(e, list)?;
        // The rest is the same instruction once more, now on a general list.
        let again = e.pc() - 1;
        e.jump(again);
        return Ok(());
    }
    e.set_item(list, index, &ITEMS, v);
    Ok(())
}

fn length<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) -> Res<()> {
    let list = e.load(Reg(i.b));
    let shape = e.shape_of(list);
    if shape != shapes::LIST && shape != shapes::INT_LIST {
        return error(e, 4);
    }
    let n = e.get(list, &LENGTH);
    let n = e.box_int(n);
    e.store(Reg(i.a), n);
    Ok(())
}

fn call<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) -> Res<()> {
    let code = constant(e, i.b);
    let new = NewFrame { ret: i.a as u64, ..Toy::new_frame(code) };
    let params = Code::of(code).params;
    if !e.follow_call(code) {
        let registers: Vec<_> = (0..params).map(|r| e.load(Reg(i.c + r))).collect();
        e.result_to(Some(Reg(i.a)));
        if let Some(result) = e.call_compiled(&new, &registers, None) {
            let v = result?;
            e.store(Reg(i.a), v);
            return Ok(());
        }
        let (code, v) = (e.val(code), e.load(Reg(i.c)));
        e.result_to(Some(Reg(i.a)));
        let r = native::apply(e, code, v)?;
        e.store(Reg(i.a), r);
        return Ok(());
    }
    if !e.push_call(&new, None, Reg(i.c), params) {
        return error(e, 7);
    }
    Ok(())
}

fn ret<E: Engine<Vm = Vm>>(e: &mut E, a: Reg) -> Res<Step> {
    let v = e.load(a);
    if e.owner().is_none() {
        e.returning(v);
    }
    return_from(e, v)
}

pub fn return_from<E: Engine<Vm = Vm>>(e: &mut E, v: E::Val) -> Res<Step> {
    let word = e.ret();
    if word & RET_GENERATOR != 0 {
        close_generator(e);
        e.pop_frame();
        e.jump((word >> 16) as u16 as u32);
        return Ok(Step::Next);
    }
    e.pop_frame();
    if word & RET_BOUNDARY != 0 {
        let now = e.now_val(v);
        e.vm().result = Some(now);
        return Ok(Step::Done);
    }
    e.store(Reg(word as u16), v);
    Ok(Step::Next)
}

/// The current frame, if a generator's, is not resumed any more.
pub fn close_generator<E: Engine<Vm = Vm>>(e: &mut E) {
    if let Some(owner) = e.owner() {
        let done = e.int(GEN_DONE);
        e.set(owner, &GEN_PC, done);
    }
}

fn payload<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) -> Res<()> {
    let x = e.load(Reg(i.b));
    if e.shape_of(x) != shapes::ERROR {
        return error(e, 8);
    }
    let v = e.get(x, &PAYLOAD);
    e.store(Reg(i.a), v);
    Ok(())
}

fn new_gen<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) -> Res<()> {
    let code = constant(e, i.b);
    let arg = e.load(Reg(i.c));
    let code = e.val(code);
    let g = native::new_generator(e, code, arg)?;
    e.store(Reg(i.a), g);
    Ok(())
}

fn gen_next<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) -> Res<()> {
    let g = e.load(Reg(i.b));
    if e.shape_of(g) != shapes::GENERATOR {
        return error(e, 9);
    }
    let pc = e.get(g, &GEN_PC);
    let pc = e.promote_int(pc);
    if pc == GEN_DONE {
        e.jump(i.c as u32);
        return Ok(());
    }
    let code = e.get(g, &GEN_CODE);
    let code = e.promote(code);
    let ret = i.a as u64 | (i.c as u64) << 16 | RET_GENERATOR;
    let new = NewFrame { pc: pc as u32, ret, ..Toy::new_frame(code) };
    if !e.push_owned_frame(&new, g, &GEN_REGISTERS) {
        return error(e, 7);
    }
    Ok(())
}

fn yield_value<E: Engine<Vm = Vm>>(e: &mut E, a: Reg) {
    let v = e.load(a);
    let word = e.ret();
    if let Some(owner) = e.owner() {
        let pc = e.pc();
        let pc = e.int(pc as i64);
        e.set(owner, &GEN_PC, pc);
    }
    e.pop_frame();
    e.store(Reg(word as u16), v);
}

fn load_global<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) {
    let cell = constant(e, i.b);
    let v = if e.assume(cell) {
        e.val(CELL_VALUE.read(cell).unwrap_or(Value::UNBOUND))
    } else {
        let cell = e.val(cell);
        e.get(cell, &CELL_VALUE)
    };
    e.store(Reg(i.a), v);
}

fn hash<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) -> Res<()> {
    let v = e.load(Reg(i.b));
    let Some(n) = e.as_int(v) else { return error(e, 10) };
    let r = native::hash(e, n)?;
    let r = e.box_int(r);
    e.store(Reg(i.a), r);
    Ok(())
}

fn odd<E: Engine<Vm = Vm>>(e: &mut E, i: Instr) -> Res<()> {
    let v = e.load(Reg(i.b));
    let Some(n) = e.as_int(v) else { return error(e, 10) };
    let r = native::odd(e, n)?;
    let r = e.box_bool(r);
    e.store(Reg(i.a), r);
    Ok(())
}
