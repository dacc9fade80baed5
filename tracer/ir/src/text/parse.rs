//! Reads the text form. A first look over the tokens numbers the snapshots and virtuals, which operations name before
//! they come; everything else is defined before it is used, so one walk does the rest.

use super::lex::{Token, tokens};
use super::{opcode_from_text, print, ty_from_text};
use crate::descr::{CalleeDescr, CalleeId, Descriptors, Effects, FieldDescr, FieldId, MemTy};
use crate::op::{Imm, Opcode, Ty};
use crate::trace::{
    Entry, FrameState, Op, OpRef, PendingStore, Place, SnapVal, Snapshot, SnapshotId, Trace, Virtual, new_imm,
};
use std::collections::HashMap;
use std::fmt;

/// Why a text is no trace, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// From 1.
    pub line: u32,
    pub message: String,
}

impl ParseError {
    pub(super) fn new(line: u32, message: impl Into<String>) -> ParseError {
        ParseError { line, message: message.into() }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for ParseError {}

type Parsed<T> = Result<T, ParseError>;

/// Reads one trace. Its declarations are interned in `descriptors`; a name that the text does not declare is looked up
/// among those that are there already. (A newly declared name is kept for the life of the process.)
pub fn parse(text: &str, descriptors: &mut Descriptors) -> Parsed<Trace> {
    let mut p = Parser {
        tokens: tokens(text)?,
        at: 0,
        trace: Trace::new(Entry::Loop { regs: Vec::new() }),
        ops: HashMap::new(),
        fields: HashMap::new(),
        callees: HashMap::new(),
        places: HashMap::new(),
        snapshots: HashMap::new(),
        virtuals: HashMap::new(),
        roots: None,
        descriptors,
    };
    p.number_sections()?;
    p.file()?;
    p.trace.roots = p.roots.unwrap_or_else(|| p.trace.roots_used());
    Ok(p.trace)
}

struct Parser<'a> {
    tokens: Vec<(Token, u32)>,
    at: usize,
    trace: Trace,
    ops: HashMap<String, OpRef>,
    fields: HashMap<String, FieldId>,
    callees: HashMap<String, CalleeId>,
    places: HashMap<String, u32>,
    snapshots: HashMap<String, u32>,
    virtuals: HashMap<u64, u32>,
    roots: Option<u32>,
    descriptors: &'a mut Descriptors,
}

/// Tokens.
impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn peek_word(&self) -> &str {
        if let Token::Word(w) = self.peek() { w } else { "" }
    }

    fn peek_second(&self) -> &Token {
        &self.tokens[(self.at + 1).min(self.tokens.len() - 1)].0
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn error<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err(ParseError::new(self.tokens[self.at].1, message))
    }

    /// An error about the token read last.
    fn error_before<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err(ParseError::new(self.tokens[self.at.saturating_sub(1)].1, message))
    }

    fn expected<T>(&self, what: &str) -> Parsed<T> {
        let found = match self.peek() {
            Token::Word(w) | Token::Number(w) => format!("`{w}`"),
            Token::Quoted(s) => format!("{s:?}"),
            Token::Punct('>') => "`->`".to_string(),
            Token::Punct(c) => format!("`{c}`"),
            Token::End => "the end".to_string(),
        };
        self.error(format!("expected {what}, found {found}"))
    }

    fn punct(&mut self, c: char) -> Parsed<()> {
        if self.accept(c) { Ok(()) } else { self.expected(&format!("`{c}`")) }
    }

    fn accept(&mut self, c: char) -> bool {
        let found = *self.peek() == Token::Punct(c);
        if found {
            self.next();
        }
        found
    }

    fn accept_word(&mut self, word: &str) -> bool {
        let found = self.peek_word() == word;
        if found {
            self.next();
        }
        found
    }

    fn word(&mut self, what: &str) -> Parsed<String> {
        if !matches!(self.peek(), Token::Word(_)) {
            return self.expected(what);
        }
        if let Token::Word(w) = self.next() { Ok(w) } else { self.expected(what) }
    }

    fn number<T: TryFrom<i128>>(&mut self, what: &str) -> Parsed<T> {
        let Token::Number(text) = self.peek() else { return self.expected(what) };
        let value = match text.strip_prefix("0x") {
            Some(hex) => i128::from_str_radix(hex, 16).ok(),
            None => text.parse().ok(),
        };
        match value.and_then(|v| T::try_from(v).ok()) {
            Some(v) => {
                self.next();
                Ok(v)
            }
            None => self.error(format!("{text} is no {what}")),
        }
    }

    /// `key=number`.
    fn attribute<T: TryFrom<i128>>(&mut self, key: &str) -> Parsed<T> {
        if !self.accept_word(key) {
            return self.expected(&format!("`{key}=`"));
        }
        self.punct('=')?;
        self.number(key)
    }

    /// A word made of a letter and a number: `r3`, `F7`.
    fn lettered<T: TryFrom<i128>>(&mut self, letter: char, what: &str) -> Parsed<T> {
        let number = self.peek_word().strip_prefix(letter).and_then(|n| n.parse::<i128>().ok());
        match number.and_then(|n| T::try_from(n).ok()) {
            Some(n) => {
                self.next();
                Ok(n)
            }
            None => self.expected(what),
        }
    }

    fn hash_number(&mut self) -> Parsed<u32> {
        self.punct('#')?;
        self.number("root index")
    }
}

/// Sections.
impl Parser<'_> {
    fn number_sections(&mut self) -> Parsed<()> {
        for at in 0..self.tokens.len().saturating_sub(2) {
            let (line, window) = (self.tokens[at].1, &self.tokens[at..at + 3]);
            let fresh = match (&window[0].0, &window[1].0, &window[2].0) {
                (Token::Word(s), Token::Punct(':'), _) if is_numbered(s, 's') => {
                    let id = self.snapshots.len() as u32;
                    self.snapshots.insert(s.clone(), id).is_none()
                }
                (Token::Word(w), Token::Number(n), Token::Punct(':')) if w == "virtual" => {
                    let id = self.virtuals.len() as u32;
                    n.parse().is_ok_and(|n| self.virtuals.insert(n, id).is_none())
                }
                _ => true,
            };
            if !fresh {
                return Err(ParseError::new(line, "declared twice"));
            }
        }
        Ok(())
    }

    fn file(&mut self) -> Parsed<()> {
        while *self.peek() != Token::End {
            self.item()?;
        }
        Ok(())
    }

    fn item(&mut self) -> Parsed<()> {
        let colon = *self.peek_second() == Token::Punct(':');
        match self.peek_word() {
            "" => self.expected("a declaration or an operation"),
            "field" => self.field_declaration(),
            "callee" => self.callee_declaration(),
            "trace" => self.entry(),
            "virtual" => self.virtual_section(),
            "roots" => {
                self.next();
                self.roots = Some(self.number("number of roots")?);
                Ok(())
            }
            w if colon && is_numbered(w, 'p') => self.place_section(),
            w if colon && is_numbered(w, 's') => self.snapshot_section(),
            _ => self.operation(),
        }
    }

    fn entry(&mut self) -> Parsed<()> {
        self.next();
        self.trace.entry = match self.word("`loop` or `bridge`")?.as_str() {
            "loop" => {
                let mut regs = Vec::new();
                while is_numbered(self.peek_word(), 'r') {
                    regs.push(self.lettered('r', "a register")?);
                }
                Entry::Loop { regs }
            }
            "bridge" => {
                let mut types = Vec::new();
                while let Some(ty) = ty_from_text(self.peek_word()) {
                    self.next();
                    types.push(ty);
                }
                Entry::Bridge { types }
            }
            other => return self.error_before(format!("`{other}`: expected `loop` or `bridge`")),
        };
        Ok(())
    }

    fn place_section(&mut self) -> Parsed<()> {
        let name = self.word("a place")?;
        self.punct(':')?;
        let depth = self.attribute("depth")?;
        if !self.accept_word("code") {
            return self.expected("`code=`");
        }
        self.punct('=')?;
        let code = self.hash_number()?;
        let pc = self.attribute("pc")?;
        self.places.insert(name, self.trace.places.len() as u32);
        self.trace.places.push(Place { depth, code, pc });
        Ok(())
    }

    fn snapshot_section(&mut self) -> Parsed<()> {
        self.next();
        self.punct(':')?;
        let mut s = Snapshot::default();
        loop {
            if self.accept_word("frame") {
                s.frames.push(self.frame()?);
            } else if self.accept_word("store") {
                s.stores.push(self.pending_store()?);
            } else {
                break;
            }
        }
        self.trace.snapshots.push(s);
        Ok(())
    }

    fn frame(&mut self) -> Parsed<FrameState> {
        let code = self.hash_number()?;
        let pc = self.attribute("pc")?;
        let ret = if self.peek_word() == "ret" { self.attribute("ret")? } else { 0 };
        let mut owner = None;
        if self.accept_word("owner") {
            self.punct('=')?;
            owner = Some(self.snap_val()?);
        }
        self.punct('{')?;
        let mut regs = Vec::new();
        while !self.accept('}') {
            let reg = self.lettered('r', "a register")?;
            self.punct('=')?;
            regs.push((reg, self.snap_val()?));
            self.accept(',');
        }
        Ok(FrameState { code, pc, ret, owner, regs })
    }

    fn pending_store(&mut self) -> Parsed<PendingStore> {
        let object = self.snap_val()?;
        self.punct(',')?;
        let mut index = None;
        if *self.peek_second() == Token::Punct(',') {
            index = Some(self.operand()?);
            self.punct(',')?;
        }
        let field = self.field_ref()?;
        self.punct('=')?;
        Ok(PendingStore { object, field, index, value: self.snap_val()? })
    }

    fn virtual_section(&mut self) -> Parsed<()> {
        self.next();
        let _number: u64 = self.number("number of a virtual")?;
        self.punct(':')?;
        self.accept_word("new");
        let new = self.new_immediate()?;
        self.punct('{')?;
        let mut fields = Vec::new();
        while !self.accept('}') {
            let field = self.field_ref()?;
            self.punct('=')?;
            fields.push((field, self.snap_val()?));
            self.accept(',');
        }
        self.trace.virtuals.push(Virtual { new, fields });
        Ok(())
    }

    fn snap_val(&mut self) -> Parsed<SnapVal> {
        if !self.accept_word("virtual") {
            return Ok(SnapVal::Op(self.operand()?));
        }
        let number: u64 = self.number("number of a virtual")?;
        match self.virtuals.get(&number) {
            Some(&id) => Ok(SnapVal::Virtual(id)),
            None => self.error_before(format!("there is no virtual {number}")),
        }
    }
}

/// Operations.
impl Parser<'_> {
    fn operation(&mut self) -> Parsed<()> {
        let mut result = None;
        if *self.peek_second() == Token::Punct('=') {
            result = Some(self.word("a name")?);
            self.punct('=')?;
        }
        let name = self.word("an operation")?;
        let Some(code) = opcode_from_text(&name) else {
            return self.error_before(format!("there is no operation `{name}`"));
        };
        if result.is_some() == (code.ty() == Ty::Void) {
            let has = if result.is_some() { "has no" } else { "has a" };
            return self.error_before(format!("`{name}` {has} result"));
        }
        let mut op = Op::new(code);
        for i in 0..code.args().len() {
            if i > 0 {
                self.punct(',')?;
            }
            op.args[i] = self.operand()?;
        }
        if code.imm() != Imm::None && !code.args().is_empty() {
            self.punct(',')?;
        }
        op.imm = self.immediate(code)?;
        if code.has_list() {
            op.list = self.list()?;
        }
        if self.accept('[') {
            op.snapshot = self.snapshot_ref()?;
            self.punct(']')?;
        }
        let r = self.trace.push(op);
        match result.map(|n| self.ops.insert(n, r)) {
            Some(Some(_)) => self.error_before(format!("result of `{name}` redefines a name")),
            _ => Ok(()),
        }
    }

    fn operand(&mut self) -> Parsed<OpRef> {
        let name = self.word("an operand")?;
        match self.ops.get(&name) {
            Some(&r) => Ok(r),
            None if name == "none" => Ok(OpRef::NONE),
            None => self.error_before(format!("`{name}` is not defined above")),
        }
    }

    fn list(&mut self) -> Parsed<(u32, u32)> {
        self.punct('(')?;
        let mut items = Vec::new();
        while !self.accept(')') {
            items.push(self.operand()?);
            self.accept(',');
        }
        Ok(self.trace.push_list(&items))
    }

    fn snapshot_ref(&mut self) -> Parsed<SnapshotId> {
        let name = self.word("a snapshot")?;
        match self.snapshots.get(&name) {
            Some(&id) => Ok(SnapshotId(id)),
            None => self.error_before(format!("there is no snapshot `{name}`")),
        }
    }

    fn immediate(&mut self, code: Opcode) -> Parsed<u64> {
        Ok(match code.imm() {
            Imm::None => 0,
            Imm::Int => self.number::<i64>("integer")? as u64,
            Imm::Float => self.float()?,
            Imm::Word => self.number("word")?,
            Imm::Root => self.hash_number()? as u64,
            Imm::Index if code.ty() == Ty::Void => self.place_ref()? as u64,
            Imm::Index => self.number::<u32>("index")? as u64,
            Imm::Shape => self.attribute::<u32>("shape")? as u64,
            Imm::New => self.new_immediate()?,
            Imm::Field => self.field_ref()?.0 as u64,
            Imm::Callee => self.callee_ref()?.0 as u64,
            Imm::Fragment => self.lettered::<u32>('F', "a fragment (`F3`)")? as u64,
        })
    }

    fn float(&mut self) -> Parsed<u64> {
        if self.peek_word() == "bits" {
            return self.attribute("bits");
        }
        let text = match self.next() {
            Token::Number(t) | Token::Word(t) => t,
            _ => return self.error_before("expected a float"),
        };
        match text.parse::<f64>() {
            Ok(f) => Ok(f.to_bits()),
            Err(_) => self.error_before(format!("{text} is no float")),
        }
    }

    fn place_ref(&mut self) -> Parsed<u32> {
        let name = self.word("a place (`p0`)")?;
        match self.places.get(&name) {
            Some(&i) => Ok(i),
            None => self.error_before(format!("there is no place `{name}`")),
        }
    }

    fn new_immediate(&mut self) -> Parsed<u64> {
        let shape = self.attribute("shape")?;
        let size = self.attribute("size")?;
        let aux = if self.peek_word() == "aux" { self.attribute("aux")? } else { 0 };
        Ok(new_imm(shape, size, aux))
    }

    fn field_ref(&mut self) -> Parsed<FieldId> {
        let label = self.word("a field")?;
        if let Some(&id) = self.fields.get(&label) {
            return Ok(id);
        }
        let all = (0..self.descriptors.field_count()).map(FieldId);
        match all.into_iter().find(|&id| print::field_label(self.descriptors, id) == label) {
            Some(id) => Ok(id),
            None => self.error_before(format!("there is no field `{label}`")),
        }
    }

    fn callee_ref(&mut self) -> Parsed<CalleeId> {
        let label = self.word("a callee")?;
        if let Some(&id) = self.callees.get(&label) {
            return Ok(id);
        }
        let all = (0..self.descriptors.callee_count()).map(CalleeId);
        match all.into_iter().find(|&id| print::callee_label(self.descriptors, id) == label) {
            Some(id) => Ok(id),
            None => self.error_before(format!("there is no callee `{label}`")),
        }
    }
}

/// Declarations.
impl Parser<'_> {
    fn field_declaration(&mut self) -> Parsed<()> {
        self.next();
        let label = self.word("a field's name")?;
        let offset = self.attribute("offset")?;
        let mem_word = self.word("a storage type")?;
        let Some(mem) = mem_from_text(&mem_word) else {
            return self.error_before(format!("there is no storage type `{mem_word}`"));
        };
        let group = if self.peek_word() == "group" { self.attribute::<u8>("group")? } else { 0 };
        let (base, number) = split_label(&label);
        let mut name = base.to_string();
        let mut number = number.unwrap_or(0);
        if let Some(quoted) = self.quoted_name()? {
            name = quoted;
            number = self.attribute("number")?;
        }
        let array = self.accept_word("array");
        let immutable = self.accept_word("immutable");
        let name = self.descriptors.static_name(&name);
        let d = FieldDescr { name, number, offset, mem, array, immutable, group };
        let id = self.descriptors.field(d);
        self.fields.insert(label, id);
        Ok(())
    }

    fn quoted_name(&mut self) -> Parsed<Option<String>> {
        if !self.accept_word("name") {
            return Ok(None);
        }
        self.punct('=')?;
        match self.next() {
            Token::Quoted(s) => Ok(Some(s)),
            _ => self.error_before("expected a quoted name"),
        }
    }

    fn callee_declaration(&mut self) -> Parsed<()> {
        self.next();
        let label = self.word("a callee's name")?;
        self.punct('(')?;
        let mut args = Vec::new();
        while !self.accept(')') {
            args.push(self.ty()?);
            self.accept(',');
        }
        self.punct('>')?;
        let ret = self.ty()?;
        let quoted = self.quoted_name()?;
        let name = quoted.as_deref().unwrap_or(split_label(&label).0);
        let name = self.descriptors.static_name(name);
        let slice = self.accept_word("slice");
        let effects = self.effects()?;
        // Code addresses have no place in the text: what is declared here can be evaluated, not compiled.
        let d = CalleeDescr { name, addr: 0, args, slice, ret, effects };
        let id = self.descriptors.same_callee(&d).unwrap_or_else(|| self.descriptors.callee(d));
        self.callees.insert(label, id);
        Ok(())
    }

    fn ty(&mut self) -> Parsed<Ty> {
        let word = self.word("a type")?;
        match ty_from_text(&word) {
            Some(ty) => Ok(ty),
            None => self.error_before(format!("there is no type `{word}`")),
        }
    }

    fn effects(&mut self) -> Parsed<Effects> {
        let mut e = Effects::PURE;
        loop {
            match self.peek_word() {
                "reads" => {
                    e.reads = self.attribute("reads")?;
                    continue;
                }
                "writes" => {
                    e.writes = self.attribute("writes")?;
                    continue;
                }
                "all" => e = Effects::ALL,
                "allocates" => e.allocates = true,
                "raises" => e.raises = true,
                "runs_guest" => e.runs_guest = true,
                "sees_frames" => e.sees_frames = true,
                _ => return Ok(e),
            }
            self.next();
        }
    }
}

fn is_numbered(word: &str, letter: char) -> bool {
    word.strip_prefix(letter).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

fn mem_from_text(s: &str) -> Option<MemTy> {
    use MemTy::*;
    [Val, I64, F64, U32, U16, U8].into_iter().find(|&m| print::mem_text(m) == s)
}

/// `name#number~copy` without its copy.
fn split_label(label: &str) -> (&str, Option<u16>) {
    let label = label.split('~').next().unwrap_or(label);
    match label.split_once('#') {
        Some((name, number)) => (name, number.parse().ok()),
        None => (label, None),
    }
}
