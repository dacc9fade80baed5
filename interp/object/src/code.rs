//! Code at run time: the compiler's code object bound to one set of globals, with constants as values, inline caches
//! and counters.

use crate::foreign::Foreign;
use crate::helpers::HelperFunction;
use hoop_bytecode::{Code, Instr, Liveness};
use hoop_gc::{Marker, ShapeId, Value};
use std::cell::{Cell, OnceCell, RefCell};

/// The cache beside a site. What the fields mean depends on the instruction; `key` 0 never matches.
#[derive(Copy, Clone)]
pub struct SiteCache {
    /// Shape id and class epoch of an attribute look-up, or keys version of a namespace look-up.
    pub key: u64,
    /// Slot number, counter, small facts.
    pub number: u64,
    /// Method, cell: kept alive by what `key` stands for.
    pub value: Option<Value>,
}

impl SiteCache {
    pub const EMPTY: SiteCache = SiteCache { key: 0, number: 0, value: None };
}

/// A code object bound to its globals. Functions made from the same source code under the same globals share it.
pub struct CodeData {
    pub code: std::sync::Arc<Code>,
    /// The instructions, kept apart for the fetch.
    pub instrs: Box<[u64]>,
    pub consts: Vec<Value>,
    /// Names of sites, interned strings (nothing for nameless sites).
    pub names: Vec<Option<Value>>,
    pub caches: Box<[Cell<SiteCache>]>,
    /// Namespace of globals, and of builtins.
    pub globals: Value,
    pub builtins: Value,
    /// `Code::names` as interned strings.
    pub keyword_names: Vec<Option<Value>>,
    /// Local names as interned strings.
    pub local_names: Vec<Value>,
    pub liveness: OnceCell<Liveness>,
    /// Instructions at which the frame was looked at by what they called, in the order of the looks.
    pub looks: RefCell<Vec<u32>>,
    /// A look was at the local variables: they never die any more.
    pub locals_seen: Cell<bool>,
    /// Calls left until the function is hot.
    pub calls_left: Cell<u32>,
    /// Number of parameters if the code takes plain positional parameters only; else `u32::MAX`.
    pub simple_params: u32,
    /// The same for code that makes generators, which `simple_params` does not count.
    pub plain_params: u32,
    pub has_loop: bool,
    /// The helpers with loops that its generators feed.
    pub helpers: RefCell<Vec<HelperFunction>>,
    /// See [`super::handled::suspensions`].
    pub suspensions: Box<[(u32, u16)]>,
    pub name: Value,
    pub qualname: Value,
}

impl Foreign for CodeData {
    fn trace(&self, marker: &mut Marker) {
        self.consts.iter().for_each(|&v| marker.value(v));
        self.names.iter().chain(&self.keyword_names).flatten().for_each(|&v| marker.value(v));
        self.local_names.iter().for_each(|&v| marker.value(v));
        self.helpers.borrow().iter().for_each(|made| marker.value(made.function));
        for c in &self.caches {
            // A cached method may be dead with its class; only the cells of namespaces are kept by the cache.
            if let SiteCache { number: CELL_CACHE, value: Some(cell), .. } = c.get() {
                marker.value(cell);
            }
        }
        for v in [self.globals, self.builtins, self.name, self.qualname] {
            marker.value(v);
        }
    }

    fn external_bytes(&self) -> usize {
        let words = self.names.len() + self.keyword_names.len() + self.local_names.len();
        let own = size_of::<CodeData>() + size_of::<Code>() + words * size_of::<Value>();
        // Each instruction is there twice, and has its place in the table of positions.
        own + self.instrs.len() * 24 + self.caches.len() * size_of::<SiteCache>()
    }
}

impl CodeData {
    #[inline(always)]
    pub fn constant(&self, number: u32) -> Value {
        debug_assert!((number as usize) < self.consts.len());
        // SAFETY: the code is verified: its instructions name only constants that it has.
        unsafe { *self.consts.get_unchecked(number as usize) }
    }

    /// The cache of an instruction's site.
    #[inline(always)]
    pub fn cache(&self, site: u32) -> &Cell<SiteCache> {
        debug_assert!((site as usize) < self.caches.len());
        // SAFETY: the code is verified: its instructions name only sites that it has, and each site has a cache.
        unsafe { self.caches.get_unchecked(site as usize) }
    }

    /// Notes that the call at `pc` has led to a look at the frame; false if that was known.
    #[inline]
    pub fn note_look(&self, pc: u32) -> bool {
        let mut looks = self.looks.borrow_mut();
        let new = !looks.contains(&pc);
        if new {
            looks.push(pc);
        }
        new
    }

    /// The register of the cell with the class that a method belongs to.
    #[inline]
    pub fn class_cell(&self) -> Option<u16> {
        let at = self.code.free_names.iter().position(|n| n == "__class__")?;
        self.code.cell_registers.get(self.code.cell_names.len() + at).copied()
    }

    /// The registers that are live on entry to an instruction, ascending.
    #[inline]
    pub fn live_registers(&self, pc: u32) -> Vec<u16> {
        let live = self.liveness.get_or_init(|| Liveness::compute(&self.code)).at(pc);
        if !self.locals_seen.get() {
            return live.iter().collect();
        }
        let mut all = live.clone();
        all.insert_variables(&self.code);
        all.iter().collect()
    }

    /// The register that keeps what is handled outside of the blocks around the `Yield` at `pc`, if it is inside any.
    #[inline(always)]
    pub fn handled_outside(&self, pc: u32) -> Option<u16> {
        if self.suspensions.is_empty() {
            return None;
        }
        self.suspensions.iter().find(|s| s.0 == pc).map(|s| s.1)
    }
}

/// `SiteCache::number` of a cached namespace cell.
pub const CELL_CACHE: u64 = 0xCE11;

/// The run-time code behind a code object.
#[inline(always)]
pub fn code_data<'a>(code: Value) -> &'a CodeData {
    crate::foreign::get_known::<CodeData>(code)
}

/// Combines a shape and the class epoch to a cache key; never 0.
#[inline(always)]
pub fn cache_key(shape: ShapeId, epoch: u32) -> u64 {
    (epoch as u64) << 32 | shape.0 as u64
}

/// An instruction from its word.
#[inline(always)]
pub fn decode(word: u64) -> Instr {
    // SAFETY: `CodeData::instrs` holds the words of verified instructions, made by `encode`; `Instr` is `repr(C)` with
    // the same fields in the same places.
    unsafe { std::mem::transmute::<u64, Instr>(word) }
}

/// The word of an instruction.
#[inline]
pub fn encode(i: Instr) -> u64 {
    i.op as u16 as u64 | (i.a as u64) << 16 | (i.b as u64) << 32 | (i.c as u64) << 48
}
