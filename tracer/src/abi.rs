//! What compiled code needs to know of heap and context, as plain offsets and addresses for a backend.

use hoop_engine::{Context, EXCHANGE_WORDS, FLOAT_PAYLOAD, Guest, VmState, tag_shape};
use hoop_gc::{Heap, Value};
use hoop_ir::HeapAbi;
use std::mem::offset_of;

/// The description for the machines of this guest. Nothing in it depends on a particular machine.
pub fn heap_abi<G: Guest>() -> HeapAbi {
    let heap = offset_of!(Context, heap);
    let offsets = Heap::OFFSETS;
    HeapAbi {
        cursor: (heap + offsets.cursor) as i32,
        limit: (heap + offsets.limit) as i32,
        alloc_slow: Heap::alloc_slow as *const () as usize,
        heap: heap as i32,
        remember: Heap::remember as *const () as usize,
        gc_byte: offsets.gc as i32,
        barrier_bit: offsets.barrier_bit,
        pending: offset_of!(Context, thread.pending) as i32,
        interrupt: offset_of!(Context, interrupt) as i32,
        warm_bit: hoop_engine::interrupt::WARM,
        stack_limit: offset_of!(Context, thread.stack_limit) as i32,
        activations_left: offset_of!(Context, thread.activations_left) as i32,
        box_float_slow: box_float::<G::Vm> as *const () as usize,
        finish_callee: finish_callee::<G> as *const () as usize,
        recursion_error: recursion_error::<G> as *const () as usize,
        float_payload: FLOAT_PAYLOAD as i32,
        float_shape: tag_shape::FLOAT.0,
        true_word: Value::TRUE.bits(),
        false_word: Value::FALSE.bits(),
        exchange: offset_of!(Context, exchange) as i32,
        exchange_words: EXCHANGE_WORDS as u32,
    }
}

/// Boxes a float for compiled code, which passes its context: the machine.
extern "C" fn box_float<Vm: VmState>(ctx: *mut u8, bits: u64) -> u64 {
    // SAFETY: the context pointer of compiled code is its machine, which nobody else uses during the call.
    let vm = unsafe { &mut *ctx.cast::<Vm>() };
    vm.context().box_float(f64::from_bits(bits)).bits()
}

/// Finishes an activation that compiled code made and that left through an exit; see [`HeapAbi::finish_callee`].
extern "C" fn finish_callee<G: Guest>(ctx: *mut u8, exit: u32, value: *mut u64) -> u32 {
    // SAFETY: as in `box_float`.
    let vm = unsafe { &mut *ctx.cast::<G::Vm>() };
    let finished = G::guarded(vm, |vm| {
        let Some(jit) = G::jit(vm) else { unreachable!("compiled code runs under a tracer") };
        jit.finish_activation(vm, exit)
    });
    match finished {
        Ok(v) => {
            // SAFETY: the caller passes the address of a word of its own.
            unsafe { value.write(v.bits()) };
            1
        }
        Err(_) => 0,
    }
}

/// Compiled code has no room on the machine stack for a further activation.
extern "C" fn recursion_error<G: Guest>(ctx: *mut u8) {
    // SAFETY: as in `box_float`.
    let vm = unsafe { &mut *ctx.cast::<G::Vm>() };
    // A panic is pending as an exception, too.
    let _ = G::guarded(vm, |vm| {
        G::recursion_error(vm);
        Ok(())
    });
}
