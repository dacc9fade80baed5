//! A model heap: objects are byte vectors, addresses are numbers. It checks every access, logs what callees are given,
//! and describes its state without addresses, so that two runs can be compared.

use super::arith;
use super::machine::Machine;
use crate::descr::{CalleeDescr, MemTy};
use crate::op::Ty;
use crate::stage::ExitId;
use crate::verify::MAX_FAIL_ARGS;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;
use std::rc::Rc;

/// Shape of floats on the heap; their double lies at offset 8.
pub const FLOAT_SHAPE: u32 = 1;
/// Shape of the exceptions that the machine itself makes.
pub const ERROR_SHAPE: u32 = 2;

/// Where the model's objects seem to lie: far from any number that a test computes with.
const BASE: u64 = 0x7e57_0000_0000;
/// Distance between objects' addresses.
const STRIDE: u64 = 1 << 16;

/// Value words of the model: those of the real heap.
pub mod words {
    /// `n << 3 | 0b100`.
    pub const NONE: u64 = 0b100;
    pub const FALSE: u64 = 1 << 3 | 0b100;
    pub const TRUE: u64 = 2 << 3 | 0b100;
    /// The word of 0.0.
    pub const FLOAT_ZERO: u64 = 0x8000_0000_0000_0002;

    /// The word that holds a float, where its exponent allows: bits rotated left by three, the two that the third
    /// implies replaced by the tag `10`.
    pub fn float(f: f64) -> Option<u64> {
        let bits = f.to_bits();
        let rotated = bits.rotate_left(3);
        if bits == 0 {
            return Some(FLOAT_ZERO);
        }
        let implied = rotated & 3 == 2 - (rotated >> 63) && bits != 0x3000_0000_0000_0000;
        implied.then_some(rotated & !3 | 2)
    }

    /// The float of a word that holds one.
    pub fn unfloat(word: u64) -> f64 {
        if word == FLOAT_ZERO {
            return 0.0;
        }
        f64::from_bits((word & !3 | (2 - (word >> 63))).rotate_right(3))
    }
}

/// A native function of the model.
pub type Callee = Rc<dyn Fn(&TestMachine, &[u64]) -> u64>;

type OnExit = Rc<dyn Fn(&TestMachine, ExitId) -> Option<u64>>;

/// What happened, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// Callee and arguments, in the form of [`TestMachine::show`].
    Call(String),
    /// Object, offset, word.
    Store(u64, i64, u64),
    Alloc(u32),
}

struct Object {
    bytes: Vec<u8>,
    /// Existed before the run: has a name that is the same in all runs.
    named: bool,
}

/// See the module text.
#[derive(Default)]
pub struct TestMachine {
    objects: RefCell<Vec<Object>>,
    callees: RefCell<HashMap<String, Callee>>,
    pub events: RefCell<Vec<Event>>,
    /// The pending exception; 0: none.
    pub pending: Cell<u64>,
    /// `enter`'s frame number `n` (given as a pointer) means `frames[n]`.
    pub frames: RefCell<Vec<Vec<u64>>>,
    /// Words at offsets from the context pointer.
    pub ctx: RefCell<HashMap<i32, u64>>,
    /// How many polls find no interrupt; `None`: all.
    pub polls_left: Cell<Option<u32>>,
    /// Addresses of validity flags that are off.
    pub invalid: RefCell<Vec<usize>>,
    exchange: Vec<Cell<u64>>,
    /// Gives the value of an activation that left through an exit.
    on_exit: RefCell<Option<OnExit>>,
}

impl TestMachine {
    pub fn new() -> TestMachine {
        TestMachine { exchange: vec![Cell::new(0); MAX_FAIL_ARGS], ..TestMachine::default() }
    }

    /// A callee that traces may call by its name.
    pub fn define(&self, name: &str, f: impl Fn(&TestMachine, &[u64]) -> u64 + 'static) {
        self.callees.borrow_mut().insert(name.to_string(), Rc::new(f));
    }

    /// What `finish_callee` does; without it, such activations give `none`.
    pub fn define_exit(&self, f: impl Fn(&TestMachine, ExitId) -> Option<u64> + 'static) {
        *self.on_exit.borrow_mut() = Some(Rc::new(f));
    }

    /// An object that exists before the run.
    pub fn object(&self, shape: u32, size: u32, aux: u16) -> u64 {
        let word = self.fresh(shape, size, aux);
        self.objects.borrow_mut().last_mut().expect("just made").named = true;
        word
    }

    fn fresh(&self, shape: u32, size: u32, aux: u16) -> u64 {
        let mut bytes = vec![0; size as usize];
        bytes[..4].copy_from_slice(&shape.to_le_bytes());
        bytes[6..8].copy_from_slice(&aux.to_le_bytes());
        let mut objects = self.objects.borrow_mut();
        objects.push(Object { bytes, named: false });
        BASE + (objects.len() as u64 - 1) * STRIDE
    }

    fn index(&self, word: u64) -> Option<usize> {
        let index = (word.checked_sub(BASE)? / STRIDE) as usize;
        ((word - BASE).is_multiple_of(STRIDE) && index < self.object_count()).then_some(index)
    }

    /// Number of objects ever made.
    pub fn object_count(&self) -> usize {
        self.objects.borrow().len()
    }

    /// The fail arguments of the last exit.
    pub fn exchange(&self, count: usize) -> Vec<u64> {
        self.exchange[..count].iter().map(Cell::get).collect()
    }

    /// The calls so far, as text.
    pub fn calls(&self) -> Vec<String> {
        let call = |e: &Event| if let Event::Call(text) = e { Some(text.clone()) } else { None };
        self.events.borrow().iter().filter_map(call).collect()
    }

    /// A word without what lies behind it: ints, floats and constants by value, objects of before the run by number,
    /// fresh ones by shape.
    pub fn show(&self, word: u64) -> String {
        match self.index(word) {
            Some(i) if self.named(i) && self.raw_shape(i) != FLOAT_SHAPE => format!("object {i}"),
            Some(i) if self.raw_shape(i) == FLOAT_SHAPE => format!("{:?}", self.float_at(i)),
            Some(i) => format!("new shape={}", self.raw_shape(i)),
            None => show_plain(word),
        }
    }

    /// A word with all that can be reached from it, objects numbered in the order of the walk: equal for equal graphs.
    pub fn describe(&self, word: u64) -> String {
        self.describe_all(&[word])
    }

    /// As [`TestMachine::describe`], of several words that may share objects.
    pub fn describe_all(&self, words: &[u64]) -> String {
        let mut d = Describe { m: self, seen: Vec::new(), out: String::new() };
        let heads: Vec<String> = words.iter().map(|&w| d.name(w)).collect();
        let mut at = 0;
        while at < d.seen.len() {
            d.object(at);
            at += 1;
        }
        format!("{}\n{}", heads.join(", "), d.out)
    }

    /// All objects of before the run with what can be reached from them, after these words.
    pub fn describe_state(&self, words: &[u64]) -> String {
        let named = (0..self.object_count()).filter(|&i| self.named(i));
        let all: Vec<u64> = words.iter().copied().chain(named.map(|i| BASE + i as u64 * STRIDE)).collect();
        self.describe_all(&all)
    }

    fn named(&self, i: usize) -> bool {
        self.objects.borrow()[i].named
    }

    fn raw_shape(&self, i: usize) -> u32 {
        self.word_at(i, 0) as u32
    }

    fn float_at(&self, i: usize) -> f64 {
        f64::from_bits(self.word_at(i, 8))
    }

    fn word_at(&self, i: usize, offset: usize) -> u64 {
        let mut b = [0; 8];
        b.copy_from_slice(&self.objects.borrow()[i].bytes[offset..offset + 8]);
        u64::from_le_bytes(b)
    }

    /// Object and bytes that an access touches. An access outside of any object is a bug of what is tested.
    fn range(&self, object: u64, offset: i64, mem: MemTy) -> (usize, Range<usize>) {
        let Some(i) = self.index(object) else { panic!("{object:#x} is accessed, but is no object") };
        let size = mem.size() as usize;
        let bytes = self.objects.borrow()[i].bytes.len();
        let inside = offset >= 0 && offset as usize + size <= bytes;
        let shape = self.raw_shape(i);
        assert!(inside, "offset {offset} lies outside of an object of shape {shape} with {bytes} bytes");
        (i, offset as usize..offset as usize + size)
    }

    fn write(&self, object: u64, offset: i64, mem: MemTy, word: u64) {
        let (i, range) = self.range(object, offset, mem);
        let bytes = word.to_le_bytes();
        self.objects.borrow_mut()[i].bytes[range.clone()].copy_from_slice(&bytes[..range.len()]);
    }

    fn log(&self, e: Event) {
        self.events.borrow_mut().push(e);
    }
}

fn show_plain(word: u64) -> String {
    match word {
        0 => "null".to_string(),
        words::NONE => "none".to_string(),
        words::FALSE => "false".to_string(),
        words::TRUE => "true".to_string(),
        w if arith::is_int(w) => arith::untag(w).to_string(),
        w if w & 3 == 2 => format!("{:?}", words::unfloat(w)),
        w => format!("{w:#x}"),
    }
}

struct Describe<'a> {
    m: &'a TestMachine,
    seen: Vec<usize>,
    out: String,
}

impl Describe<'_> {
    fn name(&mut self, word: u64) -> String {
        let Some(i) = self.m.index(word) else { return show_plain(word) };
        if self.m.raw_shape(i) == FLOAT_SHAPE {
            return self.m.show(word);
        }
        let known = self.seen.iter().position(|&s| s == i);
        let number = known.unwrap_or_else(|| {
            self.seen.push(i);
            self.seen.len() - 1
        });
        let kind = if self.m.named(i) { format!("object {i}") } else { "new".to_string() };
        format!("<{number}: {kind}>")
    }

    fn object(&mut self, at: usize) {
        let i = self.seen[at];
        let size = self.m.objects.borrow()[i].bytes.len();
        let header = self.m.word_at(i, 0);
        _ = write!(self.out, "<{at}> shape={} aux={}:", header as u32, header >> 48);
        for offset in (8..size / 8 * 8).step_by(8) {
            let word = self.m.word_at(i, offset);
            // Fields have no types here: a word that is no object is shown as a number.
            let text = if self.m.index(word).is_some() { self.name(word) } else { format!("{word:#x}") };
            _ = write!(self.out, " {text}");
        }
        self.out.push('\n');
    }
}

impl Machine for TestMachine {
    fn enter(&self, _ctx: *mut u8) {}

    fn load_reg(&self, frame: *mut u64, reg: u16) -> u64 {
        self.frames.borrow()[frame.addr()][reg as usize]
    }

    fn load(&self, object: u64, offset: i64, mem: MemTy) -> u64 {
        let (i, range) = self.range(object, offset, mem);
        let mut word = [0; 8];
        word[..range.len()].copy_from_slice(&self.objects.borrow()[i].bytes[range]);
        u64::from_le_bytes(word)
    }

    fn store(&self, object: u64, offset: i64, mem: MemTy, word: u64) {
        self.write(object, offset, mem, word);
        self.log(Event::Store(object, offset, word));
    }

    fn load_ctx(&self, offset: i32, _mem: MemTy) -> u64 {
        self.ctx.borrow().get(&offset).copied().unwrap_or(0)
    }

    fn alloc(&self, shape: u32, size: u32, aux: u16) -> u64 {
        self.log(Event::Alloc(shape));
        self.fresh(shape, size, aux)
    }

    fn shape(&self, word: u64) -> Option<u32> {
        self.index(word).map(|i| self.raw_shape(i))
    }

    fn box_float(&self, f: f64) -> u64 {
        words::float(f).unwrap_or_else(|| {
            let word = self.fresh(FLOAT_SHAPE, 16, 0);
            self.write(word, 8, MemTy::F64, f.to_bits());
            word
        })
    }

    fn unbox_float(&self, word: u64) -> f64 {
        match self.index(word) {
            Some(i) => self.float_at(i),
            None => words::unfloat(word),
        }
    }

    fn is_float(&self, word: u64) -> bool {
        word & 3 == 2 || self.shape(word) == Some(FLOAT_SHAPE)
    }

    fn bool_words(&self) -> (u64, u64) {
        (words::FALSE, words::TRUE)
    }

    /// Callees without definition give 0 (`none` where a value is wanted).
    fn call(&self, callee: &CalleeDescr, args: &[u64]) -> u64 {
        let typed = |(i, &word): (usize, &u64)| match callee.args.get(i) {
            Some(Ty::Int) => format!("{}", word as i64),
            Some(Ty::Float) => format!("{:?}", f64::from_bits(word)),
            _ => self.show(word),
        };
        let shown: Vec<String> = args.iter().enumerate().map(typed).collect();
        self.log(Event::Call(format!("{}({})", callee.name, shown.join(", "))));
        let defined = self.callees.borrow().get(callee.name).map(Rc::clone);
        match defined {
            Some(f) => f(self, args),
            None if callee.ret == Ty::Val => words::NONE,
            None => 0,
        }
    }

    fn pending(&self) -> bool {
        self.pending.get() != 0
    }

    fn take_pending(&self) -> u64 {
        self.pending.take()
    }

    fn set_pending(&self, exception: u64) {
        self.pending.set(exception);
    }

    fn interrupted(&self) -> bool {
        let left = self.polls_left.get();
        self.polls_left.set(left.map(|n| n.saturating_sub(1)));
        left == Some(0)
    }

    fn count_pass(&self, _heat: usize) {}

    fn valid(&self, flag: usize) -> bool {
        !self.invalid.borrow().contains(&flag)
    }

    fn write_exchange(&self, words: &[u64]) {
        self.exchange.iter().zip(words).for_each(|(cell, &word)| cell.set(word));
    }

    fn read_exchange(&self, index: usize) -> u64 {
        self.exchange[index].get()
    }

    fn exchange_ptr(&self) -> *const u64 {
        self.exchange.as_ptr().cast()
    }

    fn before_collect(&self, _live: &[u64]) {}

    fn finish_callee(&self, exit: ExitId) -> Option<u64> {
        let f = self.on_exit.borrow().clone();
        f.map_or(Some(words::NONE), |f| f(self, exit))
    }

    fn recursion_error(&self) {
        self.pending.set(self.fresh(ERROR_SHAPE, 8, 0));
    }
}
