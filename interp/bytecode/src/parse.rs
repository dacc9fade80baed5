//! The text form of code objects, reading side.

use crate::code::{Code, Handler, Position, Site, SiteKind, YieldFrom};
use crate::consts::Const;
use crate::op::{Field, Instr, Kind, Op};
use crate::print::flag_table;
use std::fmt;
use std::sync::Arc;

/// What is wrong with a text, and in which line (from 1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    pub line: usize,
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for ParseError {}

/// Reads one code object (and those nested in it) from its text form.
pub fn parse(text: &str) -> Result<Code, ParseError> {
    let lines = text.lines().map(str::trim).enumerate();
    let lines = lines.map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.is_empty());
    let mut parser = Parser { lines: lines.collect(), at: 0 };
    let opening = parser.next()?;
    parser.code(opening, 0)
}

/// Code objects nest at most this deep in the text form.
const MAX_NESTING: usize = 200;

type Line<'a> = (usize, &'a str);
type Result2<T> = Result<T, ParseError>;

struct Parser<'a> {
    lines: Vec<Line<'a>>,
    at: usize,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Result2<Line<'a>> {
        let line = self.lines.get(self.at).copied();
        self.at += 1;
        line.ok_or_else(|| fail(self.lines.len(), "the text ends too early"))
    }

    fn code(&mut self, opening: Line<'a>, depth: usize) -> Result2<Code> {
        let mut words = Words::new(opening)?;
        if depth > MAX_NESTING {
            return Err(words.fail("nested too deeply"));
        }
        words.keyword("code")?;
        let mut code = Code { name: words.text()?, ..Code::default() };
        let mut in_body = false;
        loop {
            let line = self.next()?;
            match line.1 {
                "}" => return Ok(code),
                "body" => in_body = true,
                text if text.starts_with("code ") => {
                    let nested = self.code(line, depth + 1)?;
                    code.consts.push(Const::Code(Arc::new(nested)));
                }
                _ if in_body => instruction(&mut code, line)?,
                _ => head_line(&mut code, Words::new(line)?)?,
            }
        }
    }
}

fn head_line(code: &mut Code, mut words: Words) -> Result2<()> {
    let key = words.word()?;
    match key.as_str() {
        "qualname" => code.qualname = words.text()?,
        "file" => code.filename = words.text()?,
        "line" => code.first_line = words.number("")?,
        "params" => params(code, &mut words)?,
        "registers" => code.registers = words.number("")?,
        "flags" => flags(code, &mut words)?,
        "locals" => code.local_names = words.texts()?,
        "cells" => code.cell_names = cells(code, &mut words)?,
        "free" => code.free_names = cells(code, &mut words)?,
        "func" => code.func_reg = Some(words.number("r")?),
        "namespace" => code.namespace_reg = Some(words.number("r")?),
        "doc" => code.docstring = Some(words.number("k")?),
        "names" => code.names = words.texts()?,
        "const" => {
            let constant = constant(&mut words, 0)?;
            code.consts.push(constant);
        }
        "site" => {
            let site = site(&mut words)?;
            code.sites.push(site);
        }
        "handler" => {
            let (start, end, target) = (words.number("L")?, words.number("L")?, words.number("L")?);
            code.handlers.push(Handler { start, end, target, exc: words.number("r")? });
        }
        "yield_from" => {
            code.yield_from.push(YieldFrom { pc: words.number("L")?, iterator: words.number("r")? });
        }
        other => return Err(words.fail(&format!("unknown entry {other}"))),
    }
    Ok(())
}

fn params(code: &mut Code, words: &mut Words) -> Result2<()> {
    code.params.positional_only = words.number("")?;
    code.params.positional = words.number("")?;
    code.params.keyword_only = words.number("")?;
    while !words.is_empty() {
        match words.word()?.as_str() {
            "varargs" => code.params.has_varargs = true,
            "varkw" => code.params.has_varkw = true,
            other => return Err(words.fail(&format!("unknown parameter kind {other}"))),
        }
    }
    Ok(())
}

fn flags(code: &mut Code, words: &mut Words) -> Result2<()> {
    while !words.is_empty() {
        let name = words.word()?;
        let found = flag_table(&mut code.flags).into_iter().find(|(known, _)| *known == name);
        match found {
            Some((_, flag)) => *flag = true,
            None => return Err(words.fail(&format!("unknown flag {name}"))),
        }
    }
    Ok(())
}

fn cells(code: &mut Code, words: &mut Words) -> Result2<Vec<String>> {
    let mut names = Vec::new();
    while !words.is_empty() {
        names.push(words.text()?);
        code.cell_registers.push(words.number("r")?);
    }
    Ok(names)
}

fn site(words: &mut Words) -> Result2<Site> {
    let kind = match words.word()?.as_str() {
        "attr" => SiteKind::Attr,
        "global" => SiteKind::Global,
        "name" => SiteKind::Name,
        "cell_local" => SiteKind::CellLocal,
        "cell_free" => SiteKind::CellFree,
        "import" => SiteKind::Import,
        "loop" => SiteKind::Loop,
        "call" => {
            let positional = words.number("")?;
            let mut keywords = Vec::new();
            while !words.is_empty() {
                keywords.push(words.number("")?);
            }
            SiteKind::Call { positional, keywords }
        }
        other => return Err(words.fail(&format!("unknown site kind {other}"))),
    };
    let name = if words.is_empty() { None } else { Some(words.number("")?) };
    Ok(Site { kind, name })
}

fn constant(words: &mut Words, depth: usize) -> Result2<Const> {
    if depth > MAX_NESTING {
        return Err(words.fail("constant nested too deeply"));
    }
    Ok(match words.word()?.as_str() {
        "none" => Const::None,
        "true" => Const::Bool(true),
        "false" => Const::Bool(false),
        "ellipsis" => Const::Ellipsis,
        "int" => Const::Int(words.number("")?),
        "big" => Const::BigInt(words.word()?),
        "float" => Const::Float(words.float()?),
        "complex" => Const::Complex(words.float()?, words.float()?),
        "str" => Const::Str(words.bytes()?),
        "bytes" => Const::Bytes(words.bytes()?),
        "tuple" => Const::Tuple(constant_list(words, depth)?),
        "frozenset" => Const::FrozenSet(constant_list(words, depth)?),
        other => return Err(words.fail(&format!("unknown constant {other}"))),
    })
}

fn constant_list(words: &mut Words, depth: usize) -> Result2<Vec<Const>> {
    words.keyword("(")?;
    let mut items = Vec::new();
    while !words.accept(")") {
        items.push(constant(words, depth + 1)?);
        words.accept(",");
    }
    Ok(items)
}

fn instruction(code: &mut Code, line: Line) -> Result2<()> {
    let mut words = Words::new(line)?;
    words.word()?;
    let name = words.word()?;
    let op = Op::from_name(&name).ok_or_else(|| words.fail(&format!("unknown instruction {name}")))?;
    let mut instr = Instr::new(op, 0, 0, 0);
    for operand in op.operands() {
        let value = operand_value(&mut words, operand.kind)?;
        match operand.field {
            Field::a => instr.a = value as u16,
            Field::b => instr.b = value as u16,
            Field::c => instr.c = value as u16,
            Field::bc => instr = Instr::wide(op, instr.a, value as u32),
        }
        words.accept(",");
    }
    let position = if words.is_empty() { Position::default() } else { position(&mut words)? };
    code.instrs.push(instr);
    code.positions.push(position);
    Ok(())
}

fn operand_value(words: &mut Words, kind: Kind) -> Result2<i64> {
    words.number(match kind {
        Kind::Imm | Kind::Imm32 | Kind::Count => "",
        Kind::Const | Kind::Const32 => "k",
        Kind::Target => "L",
        Kind::Site | Kind::Site32 => "s",
        _ => "r",
    })
}

fn position(words: &mut Words) -> Result2<Position> {
    let word = words.word()?;
    let parts: Vec<&str> = word.trim_start_matches('@').split([':', '-']).collect();
    let number = |at: usize| parts.get(at).and_then(|part| part.parse::<u32>().ok());
    match (number(0), number(1), number(2), number(3)) {
        (Some(line), Some(col), Some(end_line), Some(end_col)) => {
            Ok(Position { line, end_line, col: col as u16, end_col: end_col as u16 })
        }
        _ => Err(words.fail("bad position")),
    }
}

fn fail(line: usize, message: &str) -> ParseError {
    ParseError { line, message: message.to_owned() }
}

/// The words of one line; quoted strings are kept with their leading quote.
struct Words {
    line: usize,
    words: std::collections::VecDeque<Vec<u8>>,
}

impl Words {
    fn new((line, text): Line) -> Result2<Words> {
        let mut words = std::collections::VecDeque::new();
        let mut bytes = text.bytes().peekable();
        while let Some(&byte) = bytes.peek() {
            match byte {
                b' ' => drop(bytes.next()),
                b';' => break,
                b'(' | b')' | b',' => words.extend(bytes.next().map(|byte| vec![byte])),
                b'"' => words.push_back(quoted(&mut bytes).ok_or_else(|| fail(line, "bad string"))?),
                _ => {
                    let mut word = Vec::new();
                    while let Some(byte) = bytes.next_if(|byte| !b" ;(),\"".contains(byte)) {
                        word.push(byte);
                    }
                    words.push_back(word);
                }
            }
        }
        Ok(Words { line, words })
    }

    fn fail(&self, message: &str) -> ParseError {
        fail(self.line, message)
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    fn word(&mut self) -> Result2<String> {
        let word = self.words.pop_front().ok_or_else(|| self.fail("the line ends too early"))?;
        String::from_utf8(word).map_err(|_| self.fail("bad word"))
    }

    fn accept(&mut self, word: &str) -> bool {
        let found = self.words.front().is_some_and(|next| next == word.as_bytes());
        if found {
            self.words.pop_front();
        }
        found
    }

    fn keyword(&mut self, word: &str) -> Result2<()> {
        if self.accept(word) { Ok(()) } else { Err(self.fail(&format!("{word} expected"))) }
    }

    fn bytes(&mut self) -> Result2<Vec<u8>> {
        match self.words.pop_front() {
            Some(word) if word.first() == Some(&b'"') => Ok(word[1..].to_vec()),
            _ => Err(self.fail("string expected")),
        }
    }

    fn text(&mut self) -> Result2<String> {
        String::from_utf8(self.bytes()?).map_err(|_| self.fail("bad text"))
    }

    fn texts(&mut self) -> Result2<Vec<String>> {
        let mut texts = Vec::new();
        while !self.is_empty() {
            texts.push(self.text()?);
        }
        Ok(texts)
    }

    fn number<T: std::str::FromStr>(&mut self, prefix: &str) -> Result2<T> {
        let word = self.word()?;
        let digits = word.strip_prefix(prefix);
        digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| self.fail(&format!("bad operand {word}")))
    }

    fn float(&mut self) -> Result2<u64> {
        let word = self.word()?;
        let bits = match word.strip_prefix("bits:") {
            Some(hex) => u64::from_str_radix(hex, 16).ok(),
            None => word.parse::<f64>().ok().map(f64::to_bits),
        };
        bits.ok_or_else(|| self.fail(&format!("bad float {word}")))
    }
}

/// Reads a quoted string; the result starts with the quote and has its escapes resolved.
fn quoted(bytes: &mut std::iter::Peekable<std::str::Bytes>) -> Option<Vec<u8>> {
    let mut out = vec![bytes.next()?];
    loop {
        match bytes.next()? {
            b'"' => return Some(out),
            b'\\' => match bytes.next()? {
                b'n' => out.push(b'\n'),
                b'x' => {
                    let digits = [bytes.next()?, bytes.next()?];
                    let digits = std::str::from_utf8(&digits).ok()?;
                    out.push(u8::from_str_radix(digits, 16).ok()?);
                }
                other => out.push(other),
            },
            byte => out.push(byte),
        }
    }
}
