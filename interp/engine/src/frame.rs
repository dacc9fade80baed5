//! Frames: where an activation's registers lie and where it goes on.
//!
//! Registers of ordinary frames are windows of one long array; a generator's lie in its own heap object. The array
//! is reserved once and never moves, so a frame's `base` is a plain pointer.

use hoop_gc::{Marker, Value};

/// One activation.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Frame {
    /// Register 0.
    pub base: *mut Value,
    /// The code's 8-byte instructions.
    pub instrs: *const u64,
    /// Index of the next instruction. While the frame runs, the engine's own pc counts; it is saved here at calls.
    pub pc: u32,
    pub registers: u32,
    /// The guest's code object.
    pub code: Value,
    /// The heap object that holds the registers, if they are not on the register stack.
    pub owner: Option<Value>,
    /// How to return to the caller: a word of the guest's.
    pub ret: u64,
}

/// What a new frame needs.
#[derive(Copy, Clone, Debug)]
pub struct NewFrame {
    pub code: Value,
    pub instrs: *const u64,
    pub registers: u32,
    pub pc: u32,
    pub ret: u64,
}

/// Register words reserved (address space; pages are touched on use).
const REGISTER_WORDS: usize = 1 << 22;

/// Registers are unbound so many at a time; what is behind the last one is free.
const FILLED: usize = 4;

/// The frames of one thread of execution.
pub struct FrameStack {
    frames: Vec<Frame>,
    registers: Box<[std::mem::MaybeUninit<Value>]>,
    /// First free register word.
    top: *mut Value,
    /// Frames allowed: the guest's recursion limit less the activations that have no frames.
    pub limit: usize,
    /// The guest's recursion limit. See [`crate::Context::set_recursion_limit`].
    pub recursion_limit: usize,
}

/// Activations allowed at first.
const RECURSION_LIMIT: usize = 1000;

impl FrameStack {
    pub fn new() -> FrameStack {
        let mut registers = Box::new_uninit_slice(REGISTER_WORDS);
        let top = registers.as_mut_ptr().cast();
        let frames = Vec::with_capacity(64);
        FrameStack { frames, registers, top, limit: RECURSION_LIMIT, recursion_limit: RECURSION_LIMIT }
    }

    pub fn depth(&self) -> usize {
        self.frames.len()
    }

    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    pub fn frames_mut(&mut self) -> &mut [Frame] {
        &mut self.frames
    }

    /// The innermost frame.
    #[inline(always)]
    pub fn last(&self) -> Option<&Frame> {
        self.frames.last()
    }

    #[inline(always)]
    pub fn last_mut(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut()
    }

    /// Pushes a frame with its registers unbound. False when the limit is reached.
    pub fn push(&mut self, new: &NewFrame) -> bool {
        self.push_registers(new).is_some()
    }

    /// As [`FrameStack::push`]; gives the place of register 0.
    #[inline(always)]
    pub fn push_registers(&mut self, new: &NewFrame) -> Option<*mut Value> {
        let base = self.top;
        let end = base.wrapping_add(new.registers as usize);
        let last = self.registers.as_ptr_range().end as *mut Value;
        if self.frames.len() >= self.limit || end > last.wrapping_sub(FILLED) {
            return None;
        }
        let mut at = base;
        while at < end {
            // SAFETY: the words up to `end`, and as many as are filled at once behind it, lie in the reserved array.
            unsafe { at.cast::<[Value; FILLED]>().write([Value::UNBOUND; FILLED]) };
            at = at.wrapping_add(FILLED);
        }
        self.top = end;
        self.push_record(new, base, None);
        Some(base)
    }

    /// Pushes a frame whose registers lie in `owner` from `base` on. False when the limit is reached.
    #[inline(always)]
    pub fn push_owned(&mut self, new: &NewFrame, owner: Value, base: *mut Value) -> bool {
        if self.frames.len() >= self.limit {
            return false;
        }
        self.push_record(new, base, Some(owner));
        true
    }

    #[inline(always)]
    fn push_record(&mut self, new: &NewFrame, base: *mut Value, owner: Option<Value>) {
        let NewFrame { code, instrs, registers, pc, ret } = *new;
        self.frames.push(Frame { base, instrs, pc, registers, code, owner, ret });
    }

    /// Drops the innermost frame.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<Frame> {
        let frame = self.frames.pop()?;
        if frame.owner.is_none() {
            self.top = frame.base;
        }
        Some(frame)
    }

    /// Content of a register of one of these frames.
    pub fn register(&self, frame: &Frame, register: u16) -> Value {
        assert!((register as u32) < frame.registers, "the frame has this register");
        // SAFETY: checked above; a frame's registers are all initialised when it is pushed.
        unsafe { *frame.base.add(register as usize) }
    }

    /// Marks everything the frames refer to.
    pub fn trace(&self, marker: &mut Marker) {
        for f in &self.frames {
            marker.value(f.code);
            f.owner.iter().for_each(|&o| marker.value(o));
            // SAFETY: a frame's registers are all initialised when it is pushed.
            unsafe { marker.range(f.base, f.registers as usize) };
        }
    }
}

impl Default for FrameStack {
    fn default() -> Self {
        FrameStack::new()
    }
}
