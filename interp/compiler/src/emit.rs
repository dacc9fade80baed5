//! The unit under construction (one code object) and the primitives that append to it.
//!
//! Registers: parameters, other locals, the hidden locals of inlined comprehensions, cells, free variables, the
//! function object, then temporaries, which are taken and given back like a stack. Labels stand for instruction
//! indices until `finish` resolves them: a jump's `bc` holds a label number.

use crate::errors::{ErrorKind, Res, error_at};
use crate::source::Source;
use crate::symtable::{Binding, ScopeKind, SymbolTable, mangle};
use hoop_bytecode::{Code, Const, Instr, Op, Position, Site, SiteKind, YieldFrom};
use ruff_python_ast::Stmt;
use ruff_text_size::{TextRange, TextSize};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A register number.
pub(crate) type Reg = u16;

/// A jump target that may not be placed yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Label(pub u32);

/// A protected range, with labels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawHandler {
    pub start: u32,
    pub end: u32,
    pub target: Label,
    pub exc: Reg,
}

/// What surrounds the statement being compiled, innermost last: leaving it has a cost.
pub(crate) enum Block<'a> {
    Loop {
        exit: Label,
        next: Label,
    },
    /// The body of a `try ... finally`: leaving runs the final statements.
    Finally {
        body: &'a [Stmt],
        range: Guarded,
    },
    /// The body of a `try ... except`: nothing to do on leaving.
    Try {
        range: Guarded,
    },
    /// The body of a `with`: leaving calls the exit method in these registers.
    With {
        exit: Reg,
        at: TextRange,
        is_async: bool,
        range: Guarded,
    },
    /// A handler or an exceptional `finally` copy: the saved exception is restored.
    Handling {
        saved: Reg,
        range: Guarded,
    },
    /// The body of `except ... as name`: the name is unbound.
    NamedHandler {
        name: &'a str,
        at: TextRange,
        range: Guarded,
    },
}

/// Instruction ranges that a handler protects: holes are left where an exit path runs clean-up code.
#[derive(Clone, Debug)]
pub(crate) struct Guarded {
    pub target: Label,
    pub exc: Reg,
    pub ranges: Vec<(u32, u32)>,
    pub open: Option<u32>,
}

/// Where a name is to be found in the code being compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    Local(Reg),
    Cell(Reg, SiteKindOfCell),
    Global,
    /// In the namespace of a class body or of exec.
    Name,
    /// In the namespace of a class body, else in this cell.
    NameOrCell(Reg),
}

/// Whether a cell belongs to this function or an enclosing one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SiteKindOfCell {
    Own,
    Outer,
}

/// One code object under construction.
pub(crate) struct Unit<'a> {
    pub scope: usize,
    pub code: Code,
    pub labels: Vec<u32>,
    pub handlers: Vec<RawHandler>,
    pub blocks: Vec<Block<'a>>,
    /// Registers of the local names, and of cells by name.
    pub locals: HashMap<String, Reg>,
    pub cells: HashMap<String, (Reg, SiteKindOfCell)>,
    /// Registers of the targets of inlined comprehensions.
    pub hidden: HashMap<(usize, String), Reg>,
    /// The inlined comprehensions that surround the current expression.
    pub inlined: Vec<usize>,
    /// Of a class body: the attributes that its functions set on `self`.
    pub static_attributes: BTreeSet<String>,
    /// The local variables that the loops around the current statement only append to.
    pub growing: Vec<Reg>,
    /// The local variables that number literals were assigned to so far.
    pub numbers: HashSet<Reg>,
    pub first_temp: u32,
    next_temp: u32,
    constants: HashMap<Const, u32>,
    names: HashMap<String, u32>,
    shared_sites: HashMap<(bool, u32), u32>,
    last_range: (TextRange, Position),
}

/// From this many sites on, equal ones are shared, so that 16-bit site operands go far.
const SHARE_SITES_FROM: usize = 50_000;

impl<'a> Unit<'a> {
    pub fn new(scope: usize, code: Code) -> Unit<'a> {
        Unit {
            scope,
            code,
            labels: Vec::new(),
            handlers: Vec::new(),
            blocks: Vec::new(),
            locals: HashMap::new(),
            cells: HashMap::new(),
            hidden: HashMap::new(),
            inlined: Vec::new(),
            static_attributes: BTreeSet::new(),
            growing: Vec::new(),
            numbers: HashSet::new(),
            first_temp: 0,
            next_temp: 0,
            constants: HashMap::new(),
            names: HashMap::new(),
            shared_sites: HashMap::new(),
            last_range: (
                TextRange::new(TextSize::new(u32::MAX), TextSize::new(u32::MAX)),
                Position::default(),
            ),
        }
    }

    /// Starts the temporaries at this register.
    pub fn start_temporaries(&mut self, first: u32) {
        (self.first_temp, self.next_temp) = (first, first);
        self.code.registers = self.code.registers.max(first);
    }

    pub fn here(&self) -> u32 {
        self.code.instrs.len() as u32
    }
}

/// The compiler: the tables of the source and the unit under construction.
pub(crate) struct Compiler<'a> {
    pub source: &'a Source,
    pub table: &'a SymbolTable,
    pub unit: Unit<'a>,
    /// Enclosing units, outermost first.
    pub outer: Vec<Unit<'a>>,
    pub future_annotations: bool,
    /// The module's names live in a namespace mapping (exec with locals).
    pub namespace: bool,
    /// Expression statements are shown (interactive input).
    pub interactive: bool,
    /// `assert` statements and docstrings are left out as `-O`, `-OO` say.
    pub optimize: u8,
}

impl<'a> Compiler<'a> {
    // ---- errors

    pub fn fail<T>(&self, range: TextRange, message: impl Into<String>) -> Res<T> {
        Err(error_at(self.source, ErrorKind::SyntaxError, range, message))
    }

    // ---- instructions

    pub fn emit(&mut self, at: TextRange, op: Op, a: Reg, b: Reg, c: u16) {
        self.push(at, Instr::new(op, a, b, c));
    }

    pub fn emit_wide(&mut self, at: TextRange, op: Op, a: Reg, bc: u32) {
        self.push(at, Instr::wide(op, a, bc));
    }

    pub fn emit_jump(&mut self, at: TextRange, op: Op, a: Reg, to: Label) {
        self.push(at, Instr::wide(op, a, to.0));
    }

    fn push(&mut self, at: TextRange, instr: Instr) {
        if self.unit.last_range.0 != at {
            self.unit.last_range = (at, self.source.position(at));
        }
        self.unit.code.instrs.push(instr);
        self.unit.code.positions.push(self.unit.last_range.1);
    }

    /// `to := from`, unless they are the same.
    pub fn emit_move(&mut self, at: TextRange, to: Reg, from: Reg) {
        if to != from {
            self.emit(at, Op::Move, to, from, 0);
        }
    }

    pub fn load_const(&mut self, at: TextRange, to: Reg, constant: Const) {
        match constant {
            Const::Int(value) if i32::try_from(value).is_ok() => {
                self.emit_wide(at, Op::LoadInt, to, value as i32 as u32);
            }
            constant => {
                let index = self.constant(constant);
                self.emit_wide(at, Op::LoadConst, to, index);
            }
        }
    }

    // ---- labels

    pub fn label(&mut self) -> Label {
        self.unit.labels.push(u32::MAX);
        Label(self.unit.labels.len() as u32 - 1)
    }

    pub fn place(&mut self, label: Label) {
        self.unit.labels[label.0 as usize] = self.unit.here();
    }

    pub fn label_here(&mut self) -> Label {
        let label = self.label();
        self.place(label);
        label
    }

    /// Starts a loop: the label of its `Loop` instruction.
    pub fn loop_header(&mut self, at: TextRange) -> Label {
        let label = self.label_here();
        self.unit.code.sites.push(Site { kind: SiteKind::Loop, name: None });
        let site = self.unit.code.sites.len() as u32 - 1;
        self.emit_wide(at, Op::Loop, 0, site);
        label
    }

    // ---- registers

    pub fn temp(&mut self) -> Reg {
        self.temps(1)
    }

    /// Takes `count` consecutive temporaries and gives the first.
    pub fn temps(&mut self, count: u32) -> Reg {
        let first = self.unit.next_temp;
        self.unit.next_temp = first.saturating_add(count);
        self.unit.code.registers = self.unit.code.registers.max(self.unit.next_temp);
        first.min(u16::MAX as u32) as Reg
    }

    /// The level to which `release` returns.
    pub fn mark(&self) -> u32 {
        self.unit.next_temp
    }

    pub fn release(&mut self, mark: u32) {
        self.unit.next_temp = mark;
    }

    /// Not a temporary: writes to it may be observed.
    pub fn is_variable(&self, register: Reg) -> bool {
        (register as u32) < self.unit.first_temp
    }

    // ---- tables

    pub fn constant(&mut self, constant: Const) -> u32 {
        let code = &mut self.unit.code;
        if matches!(constant, Const::Code(_)) {
            code.consts.push(constant);
            return code.consts.len() as u32 - 1;
        }
        *self.unit.constants.entry(constant).or_insert_with_key(|constant| {
            code.consts.push(constant.clone());
            code.consts.len() as u32 - 1
        })
    }

    /// The index of an identifier, as it is (already mangled).
    pub fn name_index(&mut self, name: &str) -> u32 {
        if let Some(index) = self.unit.names.get(name) {
            return *index;
        }
        let index = self.unit.code.names.len() as u32;
        self.unit.code.names.push(name.to_owned());
        self.unit.names.insert(name.to_owned(), index);
        index
    }

    pub fn site(&mut self, kind: SiteKind, name: &str) -> u32 {
        let name = self.name_index(name);
        let sites = &mut self.unit.code.sites;
        let key = (kind == SiteKind::Attr, name);
        if sites.len() > SHARE_SITES_FROM
            && matches!(kind, SiteKind::Attr)
            && let Some(site) = self.unit.shared_sites.get(&key)
        {
            return *site;
        }
        sites.push(Site { kind, name: Some(name) });
        let index = sites.len() as u32 - 1;
        self.unit.shared_sites.insert(key, index);
        index
    }

    /// A site for a 16-bit operand.
    pub fn short_site(&mut self, at: TextRange, kind: SiteKind, name: &str) -> Res<u16> {
        let site = self.site(kind, name);
        self.short(at, site)
    }

    /// An attribute site; private names are mangled.
    pub fn attr_site(&mut self, at: TextRange, name: &str) -> Res<u16> {
        let name = self.mangled(name);
        self.short_site(at, SiteKind::Attr, &name)
    }

    pub fn call_site(&mut self, at: TextRange, positional: u16, keywords: Vec<u32>) -> Res<u16> {
        self.unit.code.sites.push(Site { kind: SiteKind::Call { positional, keywords }, name: None });
        self.short(at, self.unit.code.sites.len() as u32 - 1)
    }

    /// Checks that a number fits a 16-bit operand.
    pub fn short(&self, at: TextRange, number: u32) -> Res<u16> {
        u16::try_from(number).map_err(|_| {
            error_at(
                self.source,
                ErrorKind::SyntaxError,
                at,
                format!("more than {} attribute and call sites in one code object", u16::MAX),
            )
        })
    }

    pub fn yield_from_here(&mut self, iterator: Reg) {
        let pc = self.unit.here();
        self.unit.code.yield_from.push(YieldFrom { pc, iterator });
    }

    // ---- names

    pub fn mangled(&self, name: &str) -> String {
        mangle(self.table.scopes[self.unit.scope].private.as_deref(), name)
    }

    /// Where a (mangled) name lives in the current code.
    pub fn place_of(&self, name: &str) -> Place {
        for comprehension in self.unit.inlined.iter().rev() {
            if let Some(register) = self.unit.hidden.get(&(*comprehension, name.to_owned())) {
                return Place::Local(*register);
            }
        }
        let scope = &self.table.scopes[self.unit.scope];
        let symbol = scope.symbols.get(name);
        let binding = symbol.map_or(Binding::GlobalImplicit, |symbol| symbol.binding);
        let declared = symbol.is_some_and(|symbol| symbol.nonlocal);
        let in_namespace =
            scope.kind == ScopeKind::Class || scope.kind == ScopeKind::Module && self.namespace;
        match binding {
            Binding::GlobalExplicit => Place::Global,
            Binding::Local | Binding::GlobalImplicit if in_namespace => Place::Name,
            Binding::GlobalImplicit => Place::Global,
            Binding::Local => {
                self.unit.locals.get(name).map_or(Place::Global, |register| Place::Local(*register))
            }
            Binding::Cell | Binding::Free => match self.unit.cells.get(name) {
                Some((register, SiteKindOfCell::Outer)) if scope.kind == ScopeKind::Class && !declared => {
                    Place::NameOrCell(*register)
                }
                Some((register, whose)) => Place::Cell(*register, *whose),
                None => Place::Global,
            },
        }
    }

    pub fn cell_site_kind(whose: SiteKindOfCell) -> SiteKind {
        match whose {
            SiteKindOfCell::Own => SiteKind::CellLocal,
            SiteKindOfCell::Outer => SiteKind::CellFree,
        }
    }

    /// `to := name`
    pub fn load_name(&mut self, at: TextRange, name: &str, to: Reg) -> Res {
        match self.place_of(name) {
            Place::Local(register) => {
                self.check_bound(at, register, name);
                self.emit_move(at, to, register);
            }
            Place::Cell(cell, whose) => {
                let site = self.short_site(at, Self::cell_site_kind(whose), name)?;
                self.emit(at, Op::LoadCell, to, cell, site);
            }
            Place::Global => {
                let site = self.site(SiteKind::Global, name);
                self.emit_wide(at, Op::LoadGlobal, to, site);
            }
            Place::Name => {
                let site = self.site(SiteKind::Name, name);
                self.emit_wide(at, Op::LoadName, to, site);
            }
            Place::NameOrCell(cell) => {
                let site = self.short_site(at, SiteKind::CellFree, name)?;
                self.emit(at, Op::LoadNameOrCell, to, cell, site);
            }
        }
        Ok(())
    }

    /// An error unless the local is bound; `finish` removes the needless ones.
    pub fn check_bound(&mut self, at: TextRange, register: Reg, name: &str) {
        let constant = self.constant(Const::str(name));
        self.emit_wide(at, Op::CheckBound, register, constant);
    }

    /// `name := from`
    pub fn store_name(&mut self, at: TextRange, name: &str, from: Reg) {
        match self.place_of(name) {
            Place::Local(register) => self.emit_move(at, register, from),
            Place::Cell(cell, _) => self.emit(at, Op::StoreCell, cell, from, 0),
            Place::Global => {
                let site = self.site(SiteKind::Global, name);
                self.emit_wide(at, Op::StoreGlobal, from, site);
            }
            Place::Name | Place::NameOrCell(_) => {
                let site = self.site(SiteKind::Name, name);
                self.emit_wide(at, Op::StoreName, from, site);
            }
        }
    }

    pub fn delete_name(&mut self, at: TextRange, name: &str) -> Res {
        match self.place_of(name) {
            Place::Local(register) => {
                self.check_bound(at, register, name);
                self.emit(at, Op::Unbind, register, 0, 0);
            }
            Place::Cell(cell, whose) => {
                let site = self.short_site(at, Self::cell_site_kind(whose), name)?;
                self.emit(at, Op::DelCell, cell, 0, site);
            }
            Place::Global => {
                let site = self.site(SiteKind::Global, name);
                self.emit_wide(at, Op::DelGlobal, 0, site);
            }
            Place::Name | Place::NameOrCell(_) => {
                let site = self.site(SiteKind::Name, name);
                self.emit_wide(at, Op::DelName, 0, site);
            }
        }
        Ok(())
    }

    // ---- protected ranges

    /// Starts a range that the handler at `target` protects.
    pub fn guard(&mut self, target: Label, exc: Reg) -> Guarded {
        Guarded { target, exc, ranges: Vec::new(), open: Some(self.unit.here()) }
    }

    /// Ends a protected range for good. Inner ones must have ended: their entries come first.
    pub fn end_guard(&mut self, mut range: Guarded) {
        range.pause(self.unit.here());
        for (start, end) in range.ranges {
            self.unit.handlers.push(RawHandler { start, end, target: range.target, exc: range.exc });
        }
    }
}

impl Guarded {
    /// What follows is not protected.
    pub fn pause(&mut self, here: u32) {
        if let Some(start) = self.open.take().filter(|start| *start < here) {
            self.ranges.push((start, here));
        }
    }

    /// What follows is protected again.
    pub fn resume(&mut self, here: u32) {
        self.open = Some(here);
    }
}

impl Block<'_> {
    /// The range of the handler that this block stands for.
    pub fn range_mut(&mut self) -> Option<&mut Guarded> {
        match self {
            Block::Loop { .. } => None,
            Block::Finally { range, .. }
            | Block::Try { range }
            | Block::With { range, .. }
            | Block::Handling { range, .. }
            | Block::NamedHandler { range, .. } => Some(range),
        }
    }

    pub fn into_range(self) -> Option<Guarded> {
        match self {
            Block::Loop { .. } => None,
            Block::Finally { range, .. }
            | Block::Try { range }
            | Block::With { range, .. }
            | Block::Handling { range, .. }
            | Block::NamedHandler { range, .. } => Some(range),
        }
    }
}
