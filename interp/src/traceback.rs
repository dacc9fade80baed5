//! Printing exceptions as CPython does: chained causes, traceback entries with source lines and `^^^^` marks.

use crate::errors::exc_slot;
use crate::objects::Kind;
use crate::objects::code::code_data;
use crate::objects::layout::*;
use crate::objects::text::str_text;
use crate::objects::tuple::{tuple_items, tuple_len};
use crate::vm::Vm;
use hoop_bytecode::Position;
use hoop_gc::Value;

/// The line of a traceback entry.
pub fn line_of(tb: Value) -> u32 {
    position_of(tb).line
}

fn position_of(tb: Value) -> Position {
    let code = TB_CODE.read(tb).unwrap_or(tb);
    code_data(code).code.position(TB_PC.read(tb) as u32)
}

fn slot_of(exc: Value, number: u16) -> Option<Value> {
    slot(number).read(exc).filter(|&v| v != Value::UNBOUND && v != Value::NONE)
}

/// Repeated entries beyond this number are counted instead of shown.
const MAX_REPEATS: usize = 3;

impl Vm {
    /// The whole text for an uncaught exception.
    pub fn format_exception(&mut self, exc: Value) -> String {
        let mut out = String::new();
        self.format_chain(exc, &mut out, 0);
        out
    }

    fn format_chain(&mut self, exc: Value, out: &mut String, depth: usize) {
        if depth < 100 {
            if let Some(cause) = slot_of(exc, exc_slot::CAUSE) {
                self.format_chain(cause, out, depth + 1);
                out.push_str("\nThe above exception was the direct cause of the following exception:\n\n");
            } else if let Some(context) = slot_of(exc, exc_slot::CONTEXT)
                && slot_of(exc, exc_slot::SUPPRESS) != Some(Value::TRUE)
            {
                self.format_chain(context, out, depth + 1);
                out.push_str("\nDuring handling of the above exception, another exception occurred:\n\n");
            }
        }
        if let Some(tb) = slot_of(exc, exc_slot::TRACEBACK) {
            out.push_str("Traceback (most recent call last):\n");
            self.format_entries(tb, out);
        }
        self.format_exception_only(exc, out);
    }

    fn format_entries(&mut self, first: Value, out: &mut String) {
        let (mut at, mut last, mut repeats) = (first, None, 0);
        loop {
            let code = &code_data(TB_CODE.read(at).unwrap_or(at)).code;
            let key = (code.filename.clone(), line_of(at), code.name.clone());
            if last.as_ref() == Some(&key) {
                repeats += 1;
            } else {
                note_repeats(out, repeats);
                (last, repeats) = (Some(key), 1);
            }
            if repeats <= MAX_REPEATS {
                format_entry(at, out);
            }
            match TB_NEXT.read(at).filter(|&t| t != Value::NONE && t != Value::UNBOUND) {
                Some(next) => at = next,
                None => break,
            }
        }
        note_repeats(out, repeats);
    }

    /// `Class: message`, with SyntaxError's source line and any notes.
    pub fn format_exception_only(&mut self, exc: Value, out: &mut String) {
        let class = self.class_of(exc);
        if self.is_instance_of(exc, self.types.syntax_error) {
            self.format_syntax_error(exc, out);
        }
        let name = self.qualified_name(class);
        let name = name.strip_prefix("__main__.").unwrap_or(&name).to_string();
        let message = match self.to_str_plain(exc) {
            Some(text) => text,
            None => "<exception str() failed>".to_string(),
        };
        if message.is_empty() {
            out.push_str(&format!("{name}\n"));
        } else {
            out.push_str(&format!("{name}: {message}\n"));
        }
        let key = self.names.notes;
        if let Some(notes) = self.instance_get(exc, key).filter(|&n| self.kind(n).is_list()) {
            for i in 0..crate::objects::list::list_len(notes) {
                let note = self.list_item(notes, i);
                if self.kind(note) == Kind::Str {
                    out.push_str(&format!("{}\n", str_text(note)));
                }
            }
        }
    }

    fn to_str_plain(&mut self, exc: Value) -> Option<String> {
        if self.is_instance_of(exc, self.types.syntax_error)
            && let Some(message) = slot_of(exc, exc_slot::VALUE).filter(|&m| self.kind(m) == Kind::Str)
        {
            return Some(str_text(message).into_owned());
        }
        match self.to_str(exc) {
            Ok(s) => Some(str_text(s).into_owned()),
            Err(_) => {
                self.take_pending();
                None
            }
        }
    }

    fn format_syntax_error(&mut self, exc: Value, out: &mut String) {
        let details = slot_of(exc, exc_slot::ARGS).filter(|&t| tuple_len(t) > 1).map(|t| tuple_items(t)[1]);
        let Some(d) = details.filter(|&d| self.kind(d) == Kind::Tuple && tuple_len(d) >= 4) else { return };
        let d = tuple_items(d);
        let file = if self.kind(d[0]) == Kind::Str { str_text(d[0]).into_owned() } else { "<string>".into() };
        let line = d[1].as_int().unwrap_or(0);
        out.push_str(&format!("  File \"{file}\", line {line}\n"));
        if self.kind(d[3]) != Kind::Str {
            return;
        }
        let text = str_text(d[3]).trim_end().to_string();
        let stripped = text.trim_start();
        let indent = text.len() - stripped.len();
        out.push_str(&format!("    {stripped}\n"));
        let start = (d[2].as_int().unwrap_or(0) - 1 - indent as i64).max(0);
        let end = d.get(5).and_then(|v| v.as_int()).filter(|_| d.get(4) == Some(&d[1])).map_or(start + 1, |c| c - 1 - indent as i64);
        let count = (end - start).max(1);
        if d[2].as_int().unwrap_or(0) > 0 {
            out.push_str(&format!("    {}{}\n", " ".repeat(start as usize), "^".repeat(count as usize)));
        }
    }
}

fn note_repeats(out: &mut String, repeats: usize) {
    if repeats > MAX_REPEATS {
        let more = repeats - MAX_REPEATS;
        let s = if more == 1 { "" } else { "s" };
        out.push_str(&format!("  [Previous line repeated {more} more time{s}]\n"));
    }
}

fn format_entry(tb: Value, out: &mut String) {
    let code = &code_data(TB_CODE.read(tb).unwrap_or(tb)).code;
    let p = position_of(tb);
    out.push_str(&format!("  File \"{}\", line {}, in {}\n", code.filename, p.line, code.name));
    let Ok(source) = std::fs::read_to_string(&code.filename) else { return };
    let Some(line) = source.lines().nth(p.line as usize - 1) else { return };
    let stripped = line.trim_start();
    if stripped.is_empty() {
        return;
    }
    out.push_str(&format!("    {}\n", stripped.trim_end()));
    if let Some(marks) = marks(line, &p) {
        out.push_str(&format!("    {marks}\n"));
    }
}

/// The `^^^^` under the part of the line that failed; nothing when that is the whole line.
fn marks(line: &str, p: &Position) -> Option<String> {
    let trimmed = line.trim_end();
    let indent = trimmed.len() - trimmed.trim_start().len();
    let start = p.col as usize;
    let end = if p.end_line == p.line { p.end_col as usize } else { trimmed.len() };
    let end = end.min(trimmed.len());
    if start < indent || end <= start || (start == indent && end == trimmed.len()) || !line.is_char_boundary(start) || !line.is_char_boundary(end) {
        return None;
    }
    let before = line[indent..start].chars().count();
    let segment = &line[start..end];
    Some(format!("{}{}", " ".repeat(before), underline(segment)))
}

/// CPython marks the operator of a binary operation, and the brackets of a call or subscript, with `^`, and the rest
/// of the expression with `~`.
fn underline(segment: &str) -> String {
    let chars: Vec<char> = segment.chars().collect();
    match anchors(&chars) {
        Some((from, to)) => {
            (0..chars.len()).map(|i| if i >= from && i < to { '^' } else { '~' }).collect()
        }
        None => "^".repeat(chars.len()),
    }
}

/// Where the operator, or the brackets, of an expression's outermost operation stand.
fn anchors(text: &[char]) -> Option<(usize, usize)> {
    let mut open: Vec<usize> = Vec::new();
    let (mut quote, mut best, mut last_group) = (None::<char>, None::<(u8, usize, usize)>, None);
    let mut i = 0;
    while i < text.len() {
        let c = text[i];
        if let Some(q) = quote {
            if c == '\\' {
                i += 1;
            } else if c == q {
                quote = None;
            }
        } else {
            match c {
                '"' | '\'' => quote = Some(c),
                '(' | '[' | '{' => open.push(i),
                ')' | ']' | '}' => {
                    let start = open.pop()?;
                    if open.is_empty() && start > 0 && c != '}' {
                        last_group = Some((start, i + 1));
                    }
                }
                _ if open.is_empty() => {
                    if let Some((rank, len)) = operator_at(text, i) {
                        if best.is_none_or(|b| rank <= b.0) {
                            best = Some((rank, i, i + len));
                        }
                        i += len;
                        continue;
                    }
                }
                _ => {}
            }
        }
        i += 1;
    }
    match best {
        Some((_, from, to)) => Some((from, to)),
        None => last_group.filter(|g| g.1 == text.len() && !is_keyword_before(text, g.0)),
    }
}

/// Binding strength (lowest binds weakest) and length of a binary operator at `i`.
fn operator_at(text: &[char], i: usize) -> Option<(u8, usize)> {
    let before = text[..i].iter().rev().find(|c| !c.is_whitespace())?;
    // After an operator or an open bracket the sign is unary.
    if "+-*/%@&|^<>=,(~!".contains(*before) {
        return None;
    }
    let two: String = text[i..].iter().take(2).collect();
    Some(match (two.as_str(), text[i]) {
        ("**", _) => (9, 2),
        ("//", _) => (6, 2),
        ("<<" | ">>", _) => (4, 2),
        ("==" | "!=" | "<=" | ">=", _) => return None,
        (_, '+' | '-') => (5, 1),
        (_, '*' | '/' | '%' | '@') => (6, 1),
        (_, '&') => (3, 1),
        (_, '^') => (2, 1),
        (_, '|') => (1, 1),
        _ => return None,
    })
}

fn is_keyword_before(text: &[char], at: usize) -> bool {
    let before: String = text[..at].iter().collect();
    let word = before.trim_end().rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("").to_string();
    word.is_empty() || ["in", "and", "or", "not", "is", "if", "else", "return", "yield", "await", "lambda"].contains(&word.as_str())
}
