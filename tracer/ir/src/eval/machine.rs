//! What the evaluator asks of the world.

use crate::descr::{CalleeDescr, MemTy};
use crate::stage::ExitId;

/// Heap, context and callees. Implemented by a model heap for tests and by real memory. All methods take `&self`:
/// a callee may enter the evaluator again.
pub trait Machine {
    /// An activation begins with this context pointer.
    fn enter(&self, ctx: *mut u8);

    /// A register of the entry frame.
    fn load_reg(&self, frame: *mut u64, reg: u16) -> u64;

    /// Memory `offset` bytes from an object's start; integers narrower than a word are zero-extended.
    fn load(&self, object: u64, offset: i64, mem: MemTy) -> u64;

    /// As [`Machine::load`]; a store of a value includes the write barrier.
    fn store(&self, object: u64, offset: i64, mem: MemTy, word: u64);

    /// Memory `offset` bytes from the context pointer.
    fn load_ctx(&self, offset: i32, mem: MemTy) -> u64;

    /// A fresh object of `size` bytes, header included, with zero fields. May collect.
    fn alloc(&self, shape: u32, size: u32, aux: u16) -> u64;

    /// The shape of a heap object; `None` for a word that is no pointer.
    fn shape(&self, word: u64) -> Option<u32>;

    /// May collect.
    fn box_float(&self, f: f64) -> u64;

    /// The double of a word for which `is_float` holds.
    fn unbox_float(&self, word: u64) -> f64;

    /// A float in the word or on the heap.
    fn is_float(&self, word: u64) -> bool;

    /// The words of false and true.
    fn bool_words(&self) -> (u64, u64);

    /// Calls a native function: as many words as arguments, slice included. May collect. A float result comes by its
    /// bits; a function without result gives 0.
    fn call(&self, callee: &CalleeDescr, args: &[u64]) -> u64;

    /// An exception is pending.
    fn pending(&self) -> bool;

    /// The pending exception, no longer pending; 0 if there is none.
    fn take_pending(&self) -> u64;

    fn set_pending(&self, exception: u64);

    /// The interrupt word is not zero.
    fn interrupted(&self) -> bool;

    /// Counts down the number at this address (as given to `compile`), and sets the interrupt word's bit for warm code when
    /// it gets to 0.
    fn count_pass(&self, heat: usize);

    /// The validity flag at this address (as given to `compile`) is not zero.
    fn valid(&self, flag: usize) -> bool;

    /// Fills the exchange area, where exits leave their fail arguments, from its start. It has room for
    /// [`crate::verify::MAX_FAIL_ARGS`] words.
    fn write_exchange(&self, words: &[u64]);

    fn read_exchange(&self, index: usize) -> u64;

    fn exchange_ptr(&self) -> *const u64;

    /// Comes before whatever may collect, with every word that the evaluator holds. A collecting machine keeps alive
    /// what they may point at until the next such call.
    fn before_collect(&self, live: &[u64]);

    /// An activation made by `call_fragment` left through an exit, with its fail arguments in the exchange area:
    /// interprets it to its end. `None`: it ended with an exception, now pending.
    fn finish_callee(&self, exit: ExitId) -> Option<u64>;

    /// So many more activations are nested (less than 0: they have ended). False: too many, and none is counted.
    fn count_activations(&self, _n: i64) -> bool {
        true
    }

    /// Calls are nested too deeply: makes that exception pending.
    fn recursion_error(&self);
}
