//! The evaluator's `Machine` over the toy's real memory.

use super::*;
use hoop_ir::eval::Machine;
use hoop_ir::{CalleeDescr, ExitId};
use std::cell::{Cell, RefCell};

/// What the collector must know of the evaluator.
#[derive(Default)]
pub struct RawState {
    live: RefCell<Vec<u64>>,
}

impl RawState {
    pub fn mark(&self, marker: &mut Marker) {
        let live = self.live.borrow();
        let range = live.as_ptr_range();
        // SAFETY: the words of the vector, which is not changed meanwhile.
        unsafe { marker.conservative_range(range.start as usize, range.end as usize) };
    }
}

pub struct RawMachine {
    pub state: Rc<RawState>,
    ctx: Cell<*mut Vm>,
}

impl RawMachine {
    pub fn new(state: Rc<RawState>) -> RawMachine {
        RawMachine { state, ctx: Cell::new(std::ptr::null_mut()) }
    }

    #[allow(clippy::mut_from_ref)]
    fn vm(&self) -> &mut Vm {
        // SAFETY: the context pointer of the running activation; nobody else uses the machine while it runs.
        unsafe { &mut *self.ctx.get() }
    }
}

fn value(word: u64) -> Value {
    Value::from_bits(word).expect("a value is never the zero word")
}

fn at(object: u64, offset: i64) -> *mut u8 {
    (object as *mut u8).wrapping_offset(offset as isize)
}

impl Machine for RawMachine {
    fn enter(&self, ctx: *mut u8) {
        self.ctx.set(ctx.cast());
    }

    fn load_reg(&self, frame: *mut u64, reg: u16) -> u64 {
        // SAFETY: an input names a register of the entry frame.
        unsafe { *frame.add(reg as usize) }
    }

    fn load(&self, object: u64, offset: i64, mem: MemTy) -> u64 {
        let p = at(object, offset);
        // SAFETY: the trace's descriptors belong to its objects.
        unsafe {
            match mem {
                MemTy::Val | MemTy::I64 | MemTy::F64 => *p.cast::<u64>(),
                MemTy::U32 => *p.cast::<u32>() as u64,
                MemTy::U16 => *p.cast::<u16>() as u64,
                MemTy::U8 => *p as u64,
            }
        }
    }

    fn store(&self, object: u64, offset: i64, mem: MemTy, word: u64) {
        let p = at(object, offset);
        // SAFETY: as in `load`.
        unsafe {
            match mem {
                MemTy::Val | MemTy::I64 | MemTy::F64 => *p.cast::<u64>() = word,
                MemTy::U32 => *p.cast::<u32>() = word as u32,
                MemTy::U16 => *p.cast::<u16>() = word as u16,
                MemTy::U8 => *p = word as u8,
            }
        }
        if mem == MemTy::Val && value(word).is_ptr() {
            self.vm().context.heap.write_barrier(value(object).ptr());
        }
    }

    fn load_ctx(&self, offset: i32, mem: MemTy) -> u64 {
        self.load(self.ctx.get() as u64, offset as i64, mem)
    }

    fn alloc(&self, shape: u32, size: u32, aux: u16) -> u64 {
        let heap = &mut self.vm().context.heap;
        let object = heap.alloc(ShapeId(shape), (size / 8 - 1) as u16);
        // SAFETY: the object was just allocated.
        unsafe { (*object).aux = aux };
        object as u64
    }

    fn shape(&self, word: u64) -> Option<u32> {
        let v = value(word);
        v.is_ptr().then(|| shape_of(v).0)
    }

    fn box_float(&self, f: f64) -> u64 {
        self.vm().context.box_float(f).bits()
    }

    fn unbox_float(&self, word: u64) -> f64 {
        float_of(value(word)).expect("a guarded float")
    }

    fn is_float(&self, word: u64) -> bool {
        float_of(value(word)).is_some()
    }

    fn bool_words(&self) -> (u64, u64) {
        (Value::FALSE.bits(), Value::TRUE.bits())
    }

    fn call(&self, callee: &CalleeDescr, args: &[u64]) -> u64 {
        let ctx = self.ctx.get().cast::<u8>();
        let addr = callee.addr as *const ();
        // SAFETY: the toy's native faces take the context and one word per argument, and give a word.
        let result = unsafe {
            match *args {
                [a] => std::mem::transmute::<*const (), extern "C" fn(*mut u8, u64) -> u64>(addr)(ctx, a),
                [a, b] => {
                    std::mem::transmute::<*const (), extern "C" fn(*mut u8, u64, u64) -> u64>(addr)(ctx, a, b)
                }
                _ => unreachable!("toy natives take one or two arguments"),
            }
        };
        self.ctx.set(ctx.cast());
        result
    }

    fn pending(&self) -> bool {
        self.vm().context.thread.pending.is_some()
    }

    fn take_pending(&self) -> u64 {
        self.vm().context.thread.pending.take().map_or(0, |v| v.bits())
    }

    fn set_pending(&self, exception: u64) {
        self.vm().context.thread.pending = Some(value(exception));
    }

    fn interrupted(&self) -> bool {
        self.vm().context.interrupt.load(std::sync::atomic::Ordering::Relaxed) != 0
    }

    fn count_pass(&self, heat: usize) {
        // SAFETY: the tracer keeps a tree's heat as long as its fragments.
        let heat = unsafe { &*(heat as *const std::cell::Cell<i64>) };
        heat.set(heat.get() - 1);
        if heat.get() == 0 {
            let word = &self.vm().context.interrupt;
            word.fetch_or(hoop_engine::interrupt::WARM, std::sync::atomic::Ordering::Relaxed);
        }
    }

    fn valid(&self, flag: usize) -> bool {
        // SAFETY: the tracer keeps a fragment's flag as long as the fragment.
        unsafe { *(flag as *const u8) != 0 }
    }

    fn write_exchange(&self, words: &[u64]) {
        self.vm().context.exchange[..words.len()].copy_from_slice(words);
    }

    fn read_exchange(&self, index: usize) -> u64 {
        self.vm().context.exchange[index]
    }

    fn exchange_ptr(&self) -> *const u64 {
        self.vm().context.exchange.as_ptr()
    }

    fn before_collect(&self, live: &[u64]) {
        let mut kept = self.state.live.borrow_mut();
        kept.clear();
        kept.extend_from_slice(live);
    }

    fn finish_callee(&self, exit: ExitId) -> Option<u64> {
        let ctx = self.ctx.get();
        let jit = self.vm().jit.clone()?;
        let result = jit.finish_activation(self.vm(), exit.0);
        self.ctx.set(ctx);
        result.ok().map(|v| v.bits())
    }

    fn recursion_error(&self) {
        <Toy as Guest>::recursion_error(self.vm());
    }
}
