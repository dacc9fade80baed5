//! [`RawMachine`]: the trace evaluator's world over the same raw memory that compiled code uses.
//!
//! With it `hoop_ir::eval::EvalBackend` runs the traces of a living process: slowly, obviously, on any machine.
//!
//! **Collection.** The collector finds compiled code's values on the machine stack. The evaluator keeps its values in
//! vectors, where the collector does not look; so before anything that may collect, they are copied to the stack for
//! the duration of the call.
//!
//! **Calls.** A callee's arguments are known only at run time. The C conventions used here (System V x86-64, AAPCS64) put
//! integers and floats into separate register files, each in order, and what finds no register on the stack, each argument in
//! a word of its own; so one function type with all registers and some stack words serves every callee.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU32, Ordering};

use hoop_ir::descr::{CalleeDescr, MemTy};
use hoop_ir::eval::Machine;
use hoop_ir::op::Ty;
use hoop_ir::stage::{ExitId, HeapAbi};

/// The word of 0.0, see `lower::words`.
const FLOAT_ZERO_WORD: u64 = 0x8000_0000_0000_0002;

#[cfg(target_arch = "aarch64")]
const INT_REGISTERS: usize = 8;
#[cfg(not(target_arch = "aarch64"))]
const INT_REGISTERS: usize = 6;
const FLOAT_REGISTERS: usize = 8;
const STACK_WORDS: usize = 16;

/// See the module text. The addresses in the [`HeapAbi`] must be what it says they are.
pub struct RawMachine {
    heap: HeapAbi,
    ctx: Cell<*mut u8>,
    /// Words that the evaluator holds.
    live: RefCell<Vec<u64>>,
}

impl RawMachine {
    pub fn new(heap: HeapAbi) -> RawMachine {
        RawMachine { heap, ctx: Cell::new(std::ptr::null_mut()), live: RefCell::default() }
    }

    fn ctx_ptr<T>(&self, offset: i32) -> *mut T {
        self.ctx.get().wrapping_offset(offset as isize).cast()
    }

    /// A word of the context.
    fn ctx_word(&self, offset: i32) -> u64 {
        // SAFETY: the offset is one of the heap description's, for the context of a running activation.
        unsafe { self.ctx_ptr::<u64>(offset).read() }
    }

    fn set_ctx_word(&self, offset: i32, word: u64) {
        // SAFETY: as above.
        unsafe { self.ctx_ptr::<u64>(offset).write(word) }
    }

    /// Calls a native function with all live words on the machine stack. The context may change during the call.
    fn native(&self, addr: usize, args: &[(Ty, u64)], ret: Ty) -> u64 {
        let live = std::mem::take(&mut *self.live.borrow_mut());
        let ctx = self.ctx.get();
        let result = with_words_on_stack(&live, &mut || call_native(addr, args, ret));
        self.ctx.set(ctx);
        result
    }
}

/// Runs `f` while `words` lie in this thread's stack frames.
#[inline(never)]
fn with_words_on_stack(words: &[u64], f: &mut dyn FnMut() -> u64) -> u64 {
    let mut chunk = [0; 64];
    let (here, rest) = words.split_at(words.len().min(chunk.len()));
    if here.is_empty() {
        return f();
    }
    chunk[..here.len()].copy_from_slice(here);
    std::hint::black_box(&mut chunk);
    let result = with_words_on_stack(rest, f);
    std::hint::black_box(&chunk);
    result
}

/// Arguments sorted into what the convention's register files and stack hold.
#[derive(Default)]
struct Registers {
    ints: [u64; INT_REGISTERS],
    floats: [f64; FLOAT_REGISTERS],
    stack: [u64; STACK_WORDS],
}

impl Registers {
    fn of(args: &[(Ty, u64)]) -> Registers {
        let mut r = Registers::default();
        let (mut ints, mut floats, mut stack) = (0, 0, 0);
        for &(ty, word) in args {
            if ty == Ty::Float && floats < FLOAT_REGISTERS {
                r.floats[floats] = f64::from_bits(word);
                floats += 1;
            } else if ty != Ty::Float && ints < INT_REGISTERS {
                r.ints[ints] = word;
                ints += 1;
            } else {
                assert!(
                    stack < STACK_WORDS,
                    "a native function takes more arguments than the evaluator can pass"
                );
                r.stack[stack] = word;
                stack += 1;
            }
        }
        r
    }
}

macro_rules! call_with_all {
    ($addr:expr, $r:expr, $ret:ty, [$($int:literal)*], [$($float:literal)*], [$($word:literal)*]) => {{
        type All = extern "C" fn($(replace!($int u64),)* $(replace!($float f64),)* $(replace!($word u64),)*) -> $ret;
        // SAFETY: the address is a C function's that takes what the registers and the first stack words hold; further
        // stack words belong to the caller and are not looked at.
        let function = unsafe { std::mem::transmute::<usize, All>($addr) };
        function($($r.ints[$int],)* $($r.floats[$float],)* $($r.stack[$word],)*)
    }};
}

macro_rules! replace {
    ($ignored:literal $ty:ty) => {
        $ty
    };
}

#[cfg(target_arch = "aarch64")]
macro_rules! call_as {
    ($addr:expr, $r:expr, $ret:ty) => {
        call_with_all!($addr, $r, $ret, [0 1 2 3 4 5 6 7], [0 1 2 3 4 5 6 7], [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15])
    };
}
#[cfg(not(target_arch = "aarch64"))]
macro_rules! call_as {
    ($addr:expr, $r:expr, $ret:ty) => {
        call_with_all!($addr, $r, $ret, [0 1 2 3 4 5], [0 1 2 3 4 5 6 7], [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15])
    };
}

fn call_native(addr: usize, args: &[(Ty, u64)], ret: Ty) -> u64 {
    let r = Registers::of(args);
    match ret {
        Ty::Float => call_as!(addr, r, f64).to_bits(),
        Ty::Void => {
            call_as!(addr, r, ());
            0
        }
        _ => call_as!(addr, r, u64),
    }
}

/// Memory `offset` bytes from an address.
fn at<T>(base: u64, offset: i64) -> *mut T {
    base.wrapping_add_signed(offset) as *mut T
}

/// # Safety
/// The memory must be readable and hold such a field.
unsafe fn read(base: u64, offset: i64, mem: MemTy) -> u64 {
    // SAFETY: the caller's promise.
    unsafe {
        match mem {
            MemTy::Val | MemTy::I64 | MemTy::F64 => at::<u64>(base, offset).read(),
            MemTy::U32 => u64::from(at::<u32>(base, offset).read()),
            MemTy::U16 => u64::from(at::<u16>(base, offset).read()),
            MemTy::U8 => u64::from(at::<u8>(base, offset).read()),
        }
    }
}

#[allow(clippy::not_unsafe_ptr_arg_deref, reason = "the trait's contract: a living context and frame")]
impl Machine for RawMachine {
    fn enter(&self, ctx: *mut u8) {
        self.ctx.set(ctx);
    }

    fn load_reg(&self, frame: *mut u64, reg: u16) -> u64 {
        // SAFETY: the fragment's entry reads registers that its frame has.
        unsafe { frame.add(reg as usize).read() }
    }

    fn load(&self, object: u64, offset: i64, mem: MemTy) -> u64 {
        // SAFETY: traces read fields that their guards have shown the object to have.
        unsafe { read(object, offset, mem) }
    }

    fn store(&self, object: u64, offset: i64, mem: MemTy, word: u64) {
        // SAFETY: traces write fields that their guards have shown the object to have.
        unsafe {
            match mem {
                MemTy::Val | MemTy::I64 | MemTy::F64 => at::<u64>(object, offset).write(word),
                MemTy::U32 => at::<u32>(object, offset).write(word as u32),
                MemTy::U16 => at::<u16>(object, offset).write(word as u16),
                MemTy::U8 => at::<u8>(object, offset).write(word as u8),
            }
        }
        let is_old = |gc: u64| gc & u64::from(self.heap.barrier_bit) != 0;
        if mem == MemTy::Val && is_old(self.load(object, i64::from(self.heap.gc_byte), MemTy::U8)) {
            let heap = self.ctx_ptr::<u8>(self.heap.heap) as u64;
            call_native(self.heap.remember, &[(Ty::Int, heap), (Ty::Int, object)], Ty::Void);
        }
    }

    fn load_ctx(&self, offset: i32, mem: MemTy) -> u64 {
        // SAFETY: the descriptor names a word of the context.
        unsafe { read(self.ctx.get() as u64, i64::from(offset), mem) }
    }

    fn alloc(&self, shape: u32, size: u32, aux: u16) -> u64 {
        let header = u64::from(shape) | u64::from(aux) << 48;
        let (cursor, limit) = (self.ctx_word(self.heap.cursor), self.ctx_word(self.heap.limit));
        let end = cursor + u64::from(size);
        if end > limit {
            let heap = self.ctx_ptr::<u8>(self.heap.heap) as u64;
            let args = [(Ty::Int, heap), (Ty::Int, u64::from(size)), (Ty::Int, header)];
            return self.native(self.heap.alloc_slow, &args, Ty::Int);
        }
        self.set_ctx_word(self.heap.cursor, end);
        self.store(cursor, 0, MemTy::I64, header);
        cursor
    }

    fn shape(&self, word: u64) -> Option<u32> {
        (word & 7 == 0).then(|| self.load(word, 0, MemTy::U32) as u32)
    }

    fn box_float(&self, f: f64) -> u64 {
        let bits = f.to_bits();
        let rotated = bits.rotate_left(3);
        let word = rotated & !3 | 2;
        if rotated & 3 == 2 - (rotated >> 63) && word != FLOAT_ZERO_WORD {
            return word;
        }
        if bits == 0 {
            return FLOAT_ZERO_WORD;
        }
        let args = [(Ty::Int, self.ctx.get() as u64), (Ty::Int, bits)];
        self.native(self.heap.box_float_slow, &args, Ty::Int)
    }

    fn unbox_float(&self, word: u64) -> f64 {
        if word & 2 == 0 {
            return f64::from_bits(self.load(word, i64::from(self.heap.float_payload), MemTy::F64));
        }
        if word == FLOAT_ZERO_WORD {
            return 0.0;
        }
        f64::from_bits((word & !3 | (2 - (word >> 63))).rotate_right(3))
    }

    fn is_float(&self, word: u64) -> bool {
        word & 3 == 2 || self.shape(word) == Some(self.heap.float_shape)
    }

    fn bool_words(&self) -> (u64, u64) {
        (self.heap.false_word, self.heap.true_word)
    }

    fn call(&self, callee: &CalleeDescr, args: &[u64]) -> u64 {
        let (fixed, rest) = args.split_at(callee.args.len());
        let mut words = vec![(Ty::Int, self.ctx.get() as u64)];
        words.extend(callee.args.iter().copied().zip(fixed.iter().copied()));
        if callee.slice {
            words.extend([(Ty::Int, rest.as_ptr() as u64), (Ty::Int, rest.len() as u64)]);
        }
        self.native(callee.addr, &words, callee.ret)
    }

    fn count_activations(&self, n: i64) -> bool {
        let offset = self.heap.activations_left;
        let left = if offset == 0 { i64::MAX } else { self.ctx_word(offset) as i64 };
        if left < n {
            return false;
        }
        if offset != 0 {
            self.set_ctx_word(offset, (left - n) as u64);
        }
        true
    }

    fn pending(&self) -> bool {
        self.ctx_word(self.heap.pending) != 0
    }

    fn take_pending(&self) -> u64 {
        let pending = self.ctx_word(self.heap.pending);
        self.set_pending(0);
        pending
    }

    fn set_pending(&self, exception: u64) {
        self.set_ctx_word(self.heap.pending, exception);
    }

    fn interrupted(&self) -> bool {
        // SAFETY: the context holds the interrupt word at this offset; other threads change it, so the read is volatile.
        unsafe { self.ctx_ptr::<u32>(self.heap.interrupt).read_volatile() != 0 }
    }

    fn count_pass(&self, heat: usize) {
        // SAFETY: the address was given at compilation as that of a number that lives as long as the code.
        let left = unsafe {
            let heat = heat as *mut i64;
            *heat -= 1;
            *heat
        };
        if left == 0 {
            // SAFETY: the context holds the interrupt word, an atomic number, at this offset.
            let word = unsafe { &*self.ctx_ptr::<AtomicU32>(self.heap.interrupt) };
            word.fetch_or(self.heap.warm_bit, Ordering::Relaxed);
        }
    }

    fn valid(&self, flag: usize) -> bool {
        // SAFETY: the address was given at compilation as the fragment's flag.
        unsafe { (flag as *const u8).read() != 0 }
    }

    fn write_exchange(&self, words: &[u64]) {
        let room = self.heap.exchange_words as usize;
        assert!(words.len() <= room, "an exit has more live values than the exchange area has words");
        // SAFETY: the context holds that many words at this offset.
        unsafe {
            std::ptr::copy_nonoverlapping(words.as_ptr(), self.ctx_ptr(self.heap.exchange), words.len())
        };
    }

    fn read_exchange(&self, index: usize) -> u64 {
        assert!(index < self.heap.exchange_words as usize, "the exchange area has no such word");
        // SAFETY: the word lies in the area.
        unsafe { self.exchange_ptr().add(index).read() }
    }

    fn exchange_ptr(&self) -> *const u64 {
        self.ctx_ptr(self.heap.exchange)
    }

    fn before_collect(&self, live: &[u64]) {
        let mut kept = self.live.borrow_mut();
        kept.clear();
        kept.extend_from_slice(live);
    }

    fn finish_callee(&self, exit: ExitId) -> Option<u64> {
        let mut value = 0u64;
        let ctx = self.ctx.get() as u64;
        let args = [(Ty::Int, ctx), (Ty::Int, u64::from(exit.0)), (Ty::Int, &raw mut value as u64)];
        let finished = self.native(self.heap.finish_callee, &args, Ty::Int) as u32;
        (finished != 0).then_some(value)
    }

    fn recursion_error(&self) {
        self.native(self.heap.recursion_error, &[(Ty::Int, self.ctx.get() as u64)], Ty::Void);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    extern "C" fn weigh(
        a: i64,
        x: f64,
        b: i64,
        y: f64,
        c: i64,
        d: i64,
        e: i64,
        f: i64,
        g: i64,
        h: i64,
        z: f64,
        i: i64,
        p: f64,
        q: f64,
        r: f64,
        s: f64,
        t: f64,
        u: f64,
        j: i64,
    ) -> f64 {
        let ints = [a, b, c, d, e, f, g, h, i, j];
        let floats = [x, y, z, p, q, r, s, t, u];
        let sum: i64 = ints.iter().enumerate().map(|(n, v)| (n as i64 + 1) * v).sum();
        floats.iter().enumerate().map(|(n, v)| (n as f64 + 1.0) * v).sum::<f64>() + sum as f64
    }

    #[test]
    fn arguments_reach_registers_and_stack() {
        let order =
            ['i', 'f', 'i', 'f', 'i', 'i', 'i', 'i', 'i', 'i', 'f', 'i', 'f', 'f', 'f', 'f', 'f', 'f', 'i'];
        let (mut ints, mut floats, mut expected) = (0, 0, 0.0);
        let args: Vec<(Ty, u64)> = order
            .iter()
            .enumerate()
            .map(|(n, &kind)| {
                if kind == 'i' {
                    ints += 1;
                    expected += f64::from(ints * (n as i32 + 3));
                    (Ty::Int, n as u64 + 3)
                } else {
                    floats += 1;
                    expected += f64::from(floats) * (n as f64 + 0.5);
                    (Ty::Float, (n as f64 + 0.5).to_bits())
                }
            })
            .collect();
        let found = f64::from_bits(call_native(weigh as *const () as usize, &args, Ty::Float));
        assert_eq!(found, expected);
    }

    #[test]
    fn live_words_lie_on_the_stack_during_a_call() {
        let words: Vec<u64> = (1..1000).collect();
        let mut ran = false;
        let result = with_words_on_stack(&words, &mut || {
            ran = true;
            7
        });
        assert_eq!((result, ran), (7, true));
    }
}
