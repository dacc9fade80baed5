//! Raising exceptions from native code.

use crate::kind::Kind;
use crate::layout::*;
use crate::vm::Vm;
use crate::{text, tuple};
pub use hoop_engine::Raise;
use hoop_gc::Value;

/// What native functions give.
pub type PyResult<T = Value> = Result<T, Raise>;

/// Slots of an exception instance; they come before any attribute.
pub mod exc_slot {
    pub const ARGS: u16 = 0;
    pub const TRACEBACK: u16 = 1;
    pub const CAUSE: u16 = 2;
    pub const CONTEXT: u16 = 3;
    pub const SUPPRESS: u16 = 4;
    /// `StopIteration.value`, `SystemExit.code`, `KeyError`..., by class.
    pub const VALUE: u16 = 5;
    pub const COUNT: u16 = 6;
}

macro_rules! shortcuts {
    ($( $(#[$doc:meta])* $name:ident $class:ident; )*) => {
        impl Vm {
            $( $(#[$doc])*
            #[cold]
            pub fn $name(&mut self, message: impl AsRef<str>) -> Raise {
                let class = self.types.$class;
                self.raise_new(class, message.as_ref())
            } )*
        }
    };
}

shortcuts! {
    type_error type_error;
    value_error value_error;
    index_error index_error;
    attribute_error attribute_error;
    name_error name_error;
    unbound_local_error unbound_local_error;
    zero_division zero_division_error;
    overflow_error overflow_error;
    runtime_error runtime_error;
    recursion_error recursion_error;
    import_error import_error;
    module_not_found module_not_found_error;
    os_error os_error;
    lookup_error lookup_error;
    assertion_error assertion_error;
    system_error system_error;
    not_implemented_error not_implemented_error;
    buffer_error buffer_error;
    syntax_error syntax_error;
}

impl Vm {
    /// Raises a new exception of a class with a message.
    #[cold]
    pub fn raise_new(&mut self, class: Value, message: &str) -> Raise {
        let text = text::str(self, message);
        self.raise_with(class, &[text])
    }

    /// Raises a new exception of a built-in class with these arguments.
    #[cold]
    pub fn raise_with(&mut self, class: Value, args: &[Value]) -> Raise {
        match self.new_exception(class, args) {
            Ok(exc) => self.raise(exc),
            Err(raise) => raise,
        }
    }

    /// Sends an exception on its way; the exception being handled becomes its context.
    #[inline]
    pub fn raise(&mut self, exception: Value) -> Raise {
        self.chain_context(exception);
        self.ctx.thread.pending = Some(exception);
        Raise
    }

    /// Sends an exception on its way as it is.
    #[inline]
    pub fn reraise(&mut self, exception: Value) -> Raise {
        self.ctx.thread.pending = Some(exception);
        Raise
    }

    /// KeyError for this key.
    #[cold]
    pub fn key_error(&mut self, key: Value) -> Raise {
        let class = self.types.key_error;
        self.raise_with(class, &[key])
    }

    /// StopIteration, with a value unless it is None.
    #[inline]
    pub fn stop_iteration(&mut self, value: Value) -> Raise {
        let class = self.types.stop_iteration;
        if value == Value::NONE { self.raise_with(class, &[]) } else { self.raise_with(class, &[value]) }
    }

    #[cold]
    pub fn memory_error(&mut self) -> Raise {
        let class = self.types.memory_error;
        self.raise_with(class, &[])
    }

    /// The MemoryError that the heap asks for, for native loops: they come by no poll.
    #[inline]
    pub fn check_memory(&mut self) -> PyResult<()> {
        if !self.ctx.heap.out_of_memory() {
            return Ok(());
        }
        self.ctx.heap.clear_out_of_memory();
        Err(self.memory_error())
    }

    /// MemoryError if Rust's own memory has no room for this many bytes, of which a library is about to ask for many.
    #[inline]
    pub fn check_room(&mut self, bytes: usize) -> PyResult<()> {
        const PROBED: usize = 1 << 25;
        if bytes < PROBED || Vec::<u8>::new().try_reserve_exact(bytes).is_ok() {
            return Ok(());
        }
        Err(self.memory_error())
    }

    /// A new exception instance of a built-in exception class (or one that does not override `__new__`), its
    /// `__init__` not called.
    #[inline]
    pub fn new_exception(&mut self, class: Value, args: &[Value]) -> PyResult {
        let args = tuple::new_tuple(self, args)?;
        let exc = self.new_instance(class);
        self.ctx.write(exc, &slot(exc_slot::ARGS), args);
        let first = crate::tuple::tuple_items(args).first().copied();
        self.ctx.write(exc, &slot(exc_slot::VALUE), first.unwrap_or(Value::NONE));
        Ok(exc)
    }

    /// Takes the pending exception.
    #[inline]
    pub fn take_pending(&mut self) -> Value {
        self.ctx.thread.pending.take().unwrap_or(Value::NONE)
    }

    /// Is the pending exception an instance of this class? If so, it is taken.
    #[inline]
    pub fn catch(&mut self, class: Value) -> Option<Value> {
        let exc = self.ctx.thread.pending?;
        if self.is_instance_of(exc, class) {
            self.ctx.thread.pending = None;
            return Some(exc);
        }
        None
    }

    /// Is it an exception instance?
    #[inline]
    pub fn is_exception(&self, v: Value) -> bool {
        self.kind(v).is_instance() && self.is_instance_of(v, self.types.base_exception)
    }

    fn chain_context(&mut self, exception: Value) {
        let Some(handled) = self.handled() else { return };
        if handled == exception || !self.is_exception(exception) {
            return;
        }
        let context = slot(exc_slot::CONTEXT);
        // Cut a cycle: if the new exception is already in the chain of contexts, unlink it there.
        // A program may have tied others: `slow` follows at half the speed, and is met in them (Floyd).
        let next_of = |at| context.read(at).filter(|&v| v != Value::NONE && v != Value::UNBOUND);
        let (mut at, mut slow, mut odd) = (handled, handled, false);
        while let Some(next) = next_of(at) {
            if next == exception {
                self.ctx.write(at, &context, Value::NONE);
                break;
            }
            at = next;
            slow = if odd { next_of(slow).unwrap_or(slow) } else { slow };
            odd = !odd;
            if at == slow {
                break;
            }
        }
        self.ctx.write(exception, &context, handled);
    }

    /// Notes that the exception passed through an instruction.
    #[inline]
    pub fn add_traceback(&mut self, exception: Value, code: Value, pc: u32) {
        if !self.is_exception(exception) {
            return;
        }
        let shape = self.kind_shape(Kind::Traceback);
        let entry = self.ctx.alloc(shape, 3);
        let field = slot(exc_slot::TRACEBACK);
        let next = field.read(exception).unwrap_or(Value::NONE);
        TB_NEXT.init(entry, if next == Value::UNBOUND { Value::NONE } else { next });
        TB_CODE.init(entry, code);
        TB_PC.write(entry, pc as i64);
        self.ctx.write(exception, &field, entry);
    }
}
