//! A small world for traces: a context, a bump-allocated heap that never collects, and the callees of random traces.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write;

use hoop_ir::eval::{Machine, words};
use hoop_ir::fuzz::{CALLEES, Case, build_objects, run_callee, shapes};
use hoop_ir::op::Ty;
use hoop_ir::stage::HeapAbi;

use crate::RawMachine;

pub const FLOAT_SHAPE: u32 = 1;
pub const EXCHANGE_WORDS: usize = 512;
const BARRIER: u8 = 2;
/// Small, so that the slow path of allocation is taken now and then.
const CHUNK_WORDS: usize = 24;

#[repr(C)]
pub struct Ctx {
    pub cursor: *mut u8,
    pub limit: *mut u8,
    pub pending: u64,
    pub interrupt: u32,
    pub valid: u8,
    pub word: u64,
    pub stack_limit: u64,
    /// Activations that `finish_callee` finished.
    pub finished: u64,
    pub exchange: [u64; EXCHANGE_WORDS],
    pub frame: [u64; 64],
    world: *const World,
}

/// See the module text.
pub struct World {
    pub ctx: *mut Ctx,
    pub machine: RawMachine,
    chunks: RefCell<Vec<Vec<u64>>>,
    /// Objects of before the run.
    named: RefCell<Vec<u64>>,
    pub log: RefCell<Vec<String>>,
    pub remembered: RefCell<Vec<u64>>,
}

pub fn abi() -> HeapAbi {
    use std::mem::offset_of;
    HeapAbi {
        cursor: offset_of!(Ctx, cursor) as i32,
        limit: offset_of!(Ctx, limit) as i32,
        alloc_slow: alloc_slow as *const () as usize,
        heap: 0,
        remember: remember as *const () as usize,
        gc_byte: 4,
        barrier_bit: BARRIER,
        pending: offset_of!(Ctx, pending) as i32,
        interrupt: offset_of!(Ctx, interrupt) as i32,
        warm_bit: 4,
        stack_limit: offset_of!(Ctx, stack_limit) as i32,
        box_float_slow: box_float_slow as *const () as usize,
        finish_callee: finish_callee as *const () as usize,
        recursion_error: recursion_error as *const () as usize,
        float_payload: 8,
        float_shape: FLOAT_SHAPE,
        true_word: words::TRUE,
        false_word: words::FALSE,
        exchange: offset_of!(Ctx, exchange) as i32,
        exchange_words: EXCHANGE_WORDS as u32,
        ..HeapAbi::default()
    }
}

fn world_of<'a>(ctx: *mut u8) -> &'a World {
    // SAFETY: compiled code and the evaluator pass the context of a living world.
    unsafe { &*(*ctx.cast::<Ctx>()).world }
}

extern "C" fn alloc_slow(heap: *mut u8, bytes: usize, header: u64) -> *mut u8 {
    world_of(heap).allocate(bytes, header) as *mut u8
}

extern "C" fn remember(heap: *mut u8, object: *mut u8) {
    world_of(heap).remembered.borrow_mut().push(object as u64);
    // SAFETY: the barrier is given an object.
    unsafe { *object.add(4) &= !BARRIER };
}

/// The value of an activation that left by an exit is its first fail argument as an int; a negative one raises.
extern "C" fn finish_callee(ctx: *mut u8, _exit: u32, value: *mut u64) -> u32 {
    let ctx = world_of(ctx).ctx();
    ctx.finished += 1;
    let found = ctx.exchange[0] as i64;
    if found < 0 {
        ctx.pending = 0x55;
        return 0;
    }
    // SAFETY: the caller gives a place for the value.
    unsafe { *value = (found as u64) << 1 | 1 };
    1
}

extern "C" fn recursion_error(ctx: *mut u8) {
    world_of(ctx).ctx().pending = 0x77;
}

extern "C" fn box_float_slow(ctx: *mut u8, bits: u64) -> u64 {
    let object = world_of(ctx).allocate(16, u64::from(FLOAT_SHAPE));
    // SAFETY: the object has room for the double.
    unsafe { *((object + 8) as *mut u64) = bits };
    object
}

impl World {
    pub fn new() -> Box<World> {
        let ctx = Box::into_raw(Box::new(Ctx {
            cursor: std::ptr::null_mut(),
            limit: std::ptr::null_mut(),
            pending: 0,
            interrupt: 0,
            valid: 1,
            word: 0,
            stack_limit: 0,
            finished: 0,
            exchange: [0; EXCHANGE_WORDS],
            frame: [0; 64],
            world: std::ptr::null(),
        }));
        let world = Box::new(World {
            ctx,
            machine: RawMachine::new(abi()),
            chunks: RefCell::default(),
            named: RefCell::default(),
            log: RefCell::default(),
            remembered: RefCell::default(),
        });
        // SAFETY: the context was allocated above.
        unsafe { (*ctx).world = &*world };
        world.machine.enter(ctx.cast());
        world
    }

    #[allow(clippy::mut_from_ref)]
    pub fn ctx(&self) -> &mut Ctx {
        // SAFETY: tests use the context from one place at a time.
        unsafe { &mut *self.ctx }
    }

    pub fn valid_flag(&self) -> usize {
        &raw const self.ctx().valid as usize
    }

    pub fn frame(&self) -> *mut u64 {
        self.ctx().frame.as_mut_ptr()
    }

    /// Sets the registers from 0 on.
    pub fn set_frame(&self, values: &[u64]) {
        self.ctx().frame[..values.len()].copy_from_slice(values);
    }

    fn allocate(&self, bytes: usize, header: u64) -> u64 {
        let words = CHUNK_WORDS.max(bytes / 8);
        let mut chunk = vec![0u64; words];
        let start = chunk.as_mut_ptr();
        self.chunks.borrow_mut().push(chunk);
        // SAFETY: the chunk has room for the object, and its vector is never resized.
        unsafe {
            *start = header;
            self.ctx().cursor = start.cast::<u8>().add(bytes);
            self.ctx().limit = start.add(words).cast();
        }
        start as u64
    }

    /// An old object of before the run.
    pub fn object(&self, shape: u32, size: u32, aux: u16) -> u64 {
        let object = self.allocate(size as usize, u64::from(shape) | u64::from(aux) << 48);
        self.named.borrow_mut().push(object);
        object
    }

    /// From here on objects of before the run are old.
    pub fn age(&self) {
        for &object in self.named.borrow().iter() {
            // SAFETY: a living object's header.
            unsafe { *((object + 4) as *mut u8) |= BARRIER };
        }
    }

    pub fn build(&self, case: &Case) -> Vec<u64> {
        let objects = build_objects(&self.machine, &case.objects, |o| self.object(o.shape, o.size, o.aux));
        self.age();
        objects
    }

    pub fn exchange(&self, count: usize) -> &[u64] {
        &self.ctx().exchange[..count]
    }

    /// Words with all that can be reached from them, without addresses.
    pub fn describe(&self, words: &[(Ty, u64)]) -> String {
        let mut d = Describe { world: self, seen: Vec::new(), numbers: HashMap::new(), out: String::new() };
        let mut out = String::new();
        for &(ty, word) in words {
            let text = match ty {
                Ty::Float => show_float(f64::from_bits(word)),
                Ty::Val => d.name(word),
                _ => (word as i64).to_string(),
            };
            _ = write!(out, "{text} ");
        }
        self.named.borrow().iter().for_each(|&o| _ = d.name(o));
        let mut at = 0;
        while at < d.seen.len() {
            d.object(d.seen[at]);
            at += 1;
        }
        out + "\n" + &d.out
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // SAFETY: the context was made from a box, and nothing refers to it any more.
        drop(unsafe { Box::from_raw(self.ctx) });
    }
}

fn show_float(f: f64) -> String {
    if f.is_nan() { "nan".into() } else { format!("{f:?}") }
}

struct Describe<'a> {
    world: &'a World,
    seen: Vec<u64>,
    numbers: HashMap<u64, usize>,
    out: String,
}

impl Describe<'_> {
    fn name(&mut self, word: u64) -> String {
        let m = &self.world.machine;
        if word == 0 {
            return "null".into();
        }
        if m.is_float(word) {
            return show_float(m.unbox_float(word));
        }
        if word & 7 != 0 {
            return if word & 1 == 1 { (word as i64 >> 1).to_string() } else { format!("word {word}") };
        }
        let next = self.seen.len();
        let number = *self.numbers.entry(word).or_insert(next);
        if number == next {
            self.seen.push(word);
        }
        format!("<{number}>")
    }

    fn object(&mut self, object: u64) {
        use hoop_ir::descr::MemTy::{I64, Val};
        let m = &self.world.machine;
        let shape = m.shape(object).expect("an object");
        let values: &[i64] = match shape {
            shapes::PAIR => &[8, 16],
            shapes::CELL => &[32],
            shapes::VALUES => &[16, 24, 32, 40],
            _ => &[],
        };
        let raw: &[i64] = match shape {
            shapes::CELL => &[8, 16, 24],
            shapes::INTS | shapes::FLOATS => &[8, 16, 24, 32, 40],
            shapes::VALUES => &[8],
            _ => &[],
        };
        let old = self.world.named.borrow().contains(&object);
        let remembered = self.world.remembered.borrow().contains(&object);
        let mut line =
            format!("<{}> {} shape={shape}", self.numbers[&object], if old { "old" } else { "new" });
        for &at in values {
            let word = m.load(object, at, Val);
            if old && word & 7 == 0 && word != 0 && !self.world.named.borrow().contains(&word) {
                let first_chunks = m.shape(word) == Some(FLOAT_SHAPE);
                assert!(remembered || first_chunks, "an old object holds a young one and is not remembered");
            }
            let text = self.name(word);
            _ = write!(line, " {text}");
        }
        for &at in raw {
            let word = m.load(object, at, I64);
            let nan = shape != shapes::INTS && f64::from_bits(word).is_nan();
            _ = write!(line, " {}", if nan { "nan".into() } else { format!("{word:#x}") });
        }
        self.out += &line;
        self.out.push('\n');
    }
}

fn callee(ctx: *mut u8, name: &str, args: &[u64], kinds: &[Ty]) -> u64 {
    let world = world_of(ctx);
    let shown: Vec<String> = args
        .iter()
        .zip(kinds.iter().copied().chain(std::iter::repeat(Ty::Val)))
        .map(|(&w, ty)| match ty {
            Ty::Float => show_float(f64::from_bits(w)),
            Ty::Val if w & 7 == 0 => {
                let known = world.named.borrow().iter().position(|&o| o == w);
                known.map_or("new".into(), |n| format!("object {n}"))
            }
            _ => w.to_string(),
        })
        .collect();
    world.log.borrow_mut().push(format!("{name}({})", shown.join(", ")));
    run_callee(&world.machine, name, args)
}

extern "C" fn mix(ctx: *mut u8, a: u64, b: u64) -> u64 {
    callee(ctx, "mix", &[a, b], &[Ty::Int, Ty::Int])
}
extern "C" fn blend(ctx: *mut u8, a: f64, b: f64) -> f64 {
    f64::from_bits(callee(ctx, "blend", &[a.to_bits(), b.to_bits()], &[Ty::Float, Ty::Float]))
}
extern "C" fn sum(ctx: *mut u8, a: u64, values: *const u64, count: usize) -> u64 {
    // SAFETY: a slice argument points at that many words.
    let rest = unsafe { std::slice::from_raw_parts(values, count) };
    let args: Vec<u64> = std::iter::once(a).chain(rest.iter().copied()).collect();
    callee(ctx, "sum", &args, &[Ty::Int])
}
extern "C" fn peek(ctx: *mut u8, a: u64) -> u64 {
    callee(ctx, "peek", &[a], &[Ty::Val])
}
extern "C" fn poke(ctx: *mut u8, a: u64, b: u64) {
    callee(ctx, "poke", &[a, b], &[Ty::Val, Ty::Int]);
}
extern "C" fn make(ctx: *mut u8, a: u64) -> u64 {
    callee(ctx, "make", &[a], &[Ty::Val])
}
extern "C" fn fail(ctx: *mut u8, a: u64) -> u64 {
    callee(ctx, "fail", &[a], &[Ty::Int])
}
extern "C" fn swap(ctx: *mut u8, a: u64) {
    callee(ctx, "swap", &[a], &[Ty::Val]);
}
extern "C" fn grow(ctx: *mut u8, a: u64, b: u64) {
    callee(ctx, "grow", &[a, b], &[Ty::Val, Ty::Val]);
}

/// The address of a callee of random traces.
pub fn address(name: &str) -> usize {
    debug_assert!(CALLEES.contains(&name));
    match name {
        "mix" => mix as *const () as usize,
        "blend" => blend as *const () as usize,
        "sum" => sum as *const () as usize,
        "peek" => peek as *const () as usize,
        "poke" => poke as *const () as usize,
        "make" => make as *const () as usize,
        "fail" => fail as *const () as usize,
        "swap" => swap as *const () as usize,
        _ => grow as *const () as usize,
    }
}
