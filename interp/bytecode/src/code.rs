//! Code objects as plain data: what the compiler makes and the interpreter loads.

use crate::consts::Const;
use crate::op::Instr;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// How a code object takes its arguments.
///
/// Parameters occupy the first registers: `positional` ones, then `keyword_only` ones, then `*args`, then `**kwargs`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Params {
    /// How many of the positional parameters cannot be given by keyword.
    pub positional_only: u16,
    /// All positional parameters, positional-only ones included.
    pub positional: u16,
    pub keyword_only: u16,
    pub has_varargs: bool,
    pub has_varkw: bool,
}

impl Params {
    /// The number of parameter registers.
    pub fn count(&self) -> usize {
        self.positional as usize
            + self.keyword_only as usize
            + self.has_varargs as usize
            + self.has_varkw as usize
    }

    /// The register of `*args`, if there is one.
    pub fn varargs_reg(&self) -> Option<u16> {
        self.has_varargs.then_some(self.positional + self.keyword_only)
    }

    /// The register of `**kwargs`, if there is one.
    pub fn varkw_reg(&self) -> Option<u16> {
        self.has_varkw.then_some(self.positional + self.keyword_only + self.has_varargs as u16)
    }
}

/// Facts about a code object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct CodeFlags {
    pub generator: bool,
    pub coroutine: bool,
    pub async_generator: bool,
    /// Defined inside another function.
    pub nested: bool,
    /// Locals live in registers (functions, lambdas, generator expressions); not so in modules and class bodies.
    pub optimized: bool,
    pub class_body: bool,
    pub module: bool,
    /// The body of a method that uses `super` or `__class__`.
    pub uses_class_cell: bool,
    /// `from __future__ import annotations` was in force.
    pub future_annotations: bool,
    /// It may ask for its local variables as a mapping (`locals`, `eval`, ...): they never die.
    pub frame_locals: bool,
    /// Stands for a native function: tracebacks do not show it.
    pub hidden: bool,
}

/// What a site stands for, see [`Site`].
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum SiteKind {
    /// An attribute name (also of `LoadMethod` and the `super` forms).
    Attr,
    /// A module global or builtin.
    Global,
    /// A name of a class body's (or exec's) namespace.
    Name,
    /// A cell of this very function: reading it unbound is an UnboundLocalError.
    CellLocal,
    /// A cell of an enclosing function: reading it unbound is a NameError.
    CellFree,
    /// A module or member name in an import.
    Import,
    /// A loop header.
    Loop,
    /// The shape of a call with keywords: so many positional arguments, then the values of these keywords, each an
    /// index of `Code::names`.
    Call { positional: u16, keywords: Vec<u32> },
}

/// A place in the code that has a name or a shape and a run-time cache beside it. The interpreter's cache table runs
/// parallel to `Code::sites`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Site {
    pub kind: SiteKind,
    /// Index of `Code::names`; `Loop` and `Call` sites have none.
    pub name: Option<u32>,
}

/// A source range: lines from 1, columns in UTF-8 bytes from 0. Line 0 means that nothing is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Position {
    pub line: u32,
    pub end_line: u32,
    /// Columns past 65534 are given as 65535.
    pub col: u16,
    pub end_col: u16,
}

/// A range of instructions whose exceptions go to `target`, with the exception in register `exc`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Handler {
    pub start: u32,
    /// One past the last instruction covered.
    pub end: u32,
    pub target: u32,
    pub exc: u16,
}

/// A `Yield` that is the suspension point of a `yield from` (or `await`): the register holds the sub-iterator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct YieldFrom {
    pub pc: u32,
    pub iterator: u16,
}

/// A code object.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Code {
    pub name: String,
    pub qualname: String,
    pub filename: String,
    pub first_line: u32,
    pub params: Params,
    pub flags: CodeFlags,
    /// The size of the frame.
    pub registers: u32,
    /// The names of registers 0, 1, ...: parameters first, then the other locals. A parameter that is also a cell
    /// keeps its place here; its register then holds the cell after the entry sequence. A name that begins with a dot
    /// is not visible to the program (targets of inlined comprehensions, the iterator of a generator expression).
    pub local_names: Vec<String>,
    pub cell_names: Vec<String>,
    pub free_names: Vec<String>,
    /// The registers of the cells: those of `cell_names`, then those of `free_names`.
    pub cell_registers: Vec<u16>,
    /// Receives the running function object at the call (only if there are free variables).
    pub func_reg: Option<u16>,
    /// Class bodies, and modules compiled for `exec` with locals: the register of the namespace mapping. For a class
    /// body it is parameter 0.
    pub namespace_reg: Option<u16>,
    /// The docstring, as an index of `consts`.
    pub docstring: Option<u32>,
    /// Identifiers that sites refer to.
    pub names: Vec<String>,
    pub consts: Vec<Const>,
    pub sites: Vec<Site>,
    pub instrs: Vec<Instr>,
    /// One per instruction.
    pub positions: Vec<Position>,
    /// Innermost first: the first one that covers a pc is the one.
    pub handlers: Vec<Handler>,
    /// Sorted by pc.
    pub yield_from: Vec<YieldFrom>,
    pub verified: Verified,
}

/// Most registers that a code object may have: instructions name them by 16 bits.
pub const MAX_REGISTERS: u32 = u16::MAX as u32;

/// Whether the verifier has passed a code object. All code objects are alike in this.
#[derive(Default)]
pub struct Verified(AtomicBool);

impl Verified {
    pub(crate) fn get(&self) -> bool {
        self.0.load(Relaxed)
    }

    pub(crate) fn set(&self) {
        self.0.store(true, Relaxed);
    }
}

impl Clone for Verified {
    /// A copy may be changed before it is used.
    fn clone(&self) -> Verified {
        Verified::default()
    }
}

impl PartialEq for Verified {
    fn eq(&self, _: &Verified) -> bool {
        true
    }
}

impl Eq for Verified {}

impl std::hash::Hash for Verified {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl std::fmt::Debug for Verified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.get())
    }
}

impl Code {
    /// The number of registers, `MAX_REGISTERS` at most.
    pub fn register_count(&self) -> u16 {
        u16::try_from(self.registers).unwrap_or(u16::MAX)
    }

    /// The handler for an exception raised at `pc`.
    pub fn handler_for(&self, pc: u32) -> Option<&Handler> {
        self.handlers.iter().find(|handler| (handler.start..handler.end).contains(&pc))
    }

    /// The sub-iterator register, if the generator is suspended in a `yield from` at `pc`.
    pub fn yield_from_at(&self, pc: u32) -> Option<u16> {
        let found = self.yield_from.binary_search_by_key(&pc, |entry| entry.pc).ok()?;
        Some(self.yield_from[found].iterator)
    }

    /// The source range of the instruction at `pc`.
    pub fn position(&self, pc: u32) -> Position {
        self.positions.get(pc as usize).copied().unwrap_or_default()
    }

    /// The name of a site, or "" for a nameless one.
    pub fn site_name(&self, site: u32) -> &str {
        let name = self.sites.get(site as usize).and_then(|site| site.name);
        name.and_then(|name| self.names.get(name as usize)).map_or("", |name| name)
    }
}
