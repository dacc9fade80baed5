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

mod anchors;
mod source_lines;

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

/// Longer chains of causes and contexts are cut.
const MAX_CHAIN: usize = 100;

impl Vm {
    /// The whole text for an uncaught exception.
    pub fn format_exception(&mut self, exc: Value) -> String {
        let mut out = String::new();
        self.format_chain(exc, &mut out, &mut Vec::new());
        out
    }

    /// The exceptions before this one, then it. A chain that comes back to itself, or is very long, is cut.
    fn format_chain(&mut self, exc: Value, out: &mut String, seen: &mut Vec<Value>) {
        seen.push(exc);
        let fresh = |seen: &[Value], e: &Value| seen.len() < MAX_CHAIN && !seen.contains(e);
        if let Some(cause) = slot_of(exc, exc_slot::CAUSE) {
            if fresh(seen, &cause) {
                self.format_chain(cause, out, seen);
                out.push_str("\nThe above exception was the direct cause of the following exception:\n\n");
            }
        } else if let Some(context) = slot_of(exc, exc_slot::CONTEXT)
            && slot_of(exc, exc_slot::SUPPRESS) != Some(Value::TRUE)
            && fresh(seen, &context)
        {
            self.format_chain(context, out, seen);
            out.push_str("\nDuring handling of the above exception, another exception occurred:\n\n");
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
                source_lines::format_entry(code, &position_of(at), out);
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
        let message = match self.message_of(exc) {
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

    fn message_of(&mut self, exc: Value) -> Option<String> {
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
        let column = |v: i64| v.saturating_sub(1 + indent as i64).clamp(0, stripped.len() as i64);
        let start = column(d[2].as_int().unwrap_or(0));
        let end =
            d.get(5).and_then(|v| v.as_int()).filter(|_| d.get(4) == Some(&d[1])).map_or(start + 1, column);
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
