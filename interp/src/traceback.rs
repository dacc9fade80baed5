//! Printing exceptions as CPython does: chained causes, traceback entries with source lines and `^^^^` marks.

pub mod anchors;
pub mod source_lines;

use hoop_gc::Value;
use hoop_object::code::code_data;
use hoop_object::errors::exc_slot;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::list;
use hoop_object::text::str_text;
use hoop_object::tuple::{tuple_items, tuple_len};
use hoop_object::vm::Vm;
use hoop_protocol::{attr, protocol};
use hoop_types::classes::object;
use hoop_types::exceptions;

fn slot_of(exc: Value, number: u16) -> Option<Value> {
    slot(number).read(exc).filter(|&v| v != Value::UNBOUND && v != Value::NONE)
}

/// Repeated entries beyond this number are counted instead of shown.
const MAX_REPEATS: usize = 3;

/// Longer chains of causes and contexts are cut.
const MAX_CHAIN: usize = 100;

/// The whole text for an uncaught exception.
pub fn format_exception(vm: &mut Vm, exc: Value) -> String {
    let mut out = String::new();
    format_chain(vm, exc, &mut out, &mut Vec::new());
    out
}

/// The exceptions before this one, then it. A chain that comes back to itself, or is very long, is cut.
fn format_chain(vm: &mut Vm, exc: Value, out: &mut String, seen: &mut Vec<Value>) {
    seen.push(exc);
    let fresh = |seen: &[Value], e: &Value| seen.len() < MAX_CHAIN && !seen.contains(e);
    if let Some(cause) = slot_of(exc, exc_slot::CAUSE) {
        if fresh(seen, &cause) {
            format_chain(vm, cause, out, seen);
            out.push_str("\nThe above exception was the direct cause of the following exception:\n\n");
        }
    } else if let Some(context) = slot_of(exc, exc_slot::CONTEXT)
        && slot_of(exc, exc_slot::SUPPRESS) != Some(Value::TRUE)
        && fresh(seen, &context)
    {
        format_chain(vm, context, out, seen);
        out.push_str("\nDuring handling of the above exception, another exception occurred:\n\n");
    }
    if let Some(tb) = slot_of(exc, exc_slot::TRACEBACK) {
        out.push_str("Traceback (most recent call last):\n");
        format_entries(tb, out);
    }
    format_exception_only(vm, exc, out);
}

fn format_entries(first: Value, out: &mut String) {
    let (mut at, mut last, mut repeats) = (first, None, 0);
    loop {
        let code = &code_data(TB_CODE.read(at).unwrap_or(at)).code;
        let key = (code.filename.clone(), exceptions::line_of(at), code.name.clone());
        if last.as_ref() == Some(&key) {
            repeats += 1;
        } else {
            note_repeats(out, repeats);
            (last, repeats) = (Some(key), 1);
        }
        if repeats <= MAX_REPEATS {
            source_lines::format_entry(code, &exceptions::position_of(at), out);
        }
        match TB_NEXT.read(at).filter(|&t| t != Value::NONE && t != Value::UNBOUND) {
            Some(next) => at = next,
            None => break,
        }
    }
    note_repeats(out, repeats);
}

/// `Class: message`, with SyntaxError's source line and any notes.
pub fn format_exception_only(vm: &mut Vm, exc: Value, out: &mut String) {
    let class = vm.class_of(exc);
    if vm.is_instance_of(exc, vm.types.syntax_error) {
        format_syntax_error(vm, exc, out);
    }
    let name = object::qualified_name(vm, class);
    let name = name.strip_prefix("__main__.").unwrap_or(&name).to_string();
    let message = match message_of(vm, exc) {
        Some(text) => text,
        None => "<exception str() failed>".to_string(),
    };
    if message.is_empty() {
        out.push_str(&format!("{name}\n"));
    } else {
        out.push_str(&format!("{name}: {message}\n"));
    }
    let key = vm.names.notes;
    if let Some(notes) = attr::instance_get(vm, exc, key).filter(|&n| vm.kind(n).is_list()) {
        for i in 0..hoop_object::list::list_len(notes) {
            let note = list::item(vm, notes, i);
            if vm.kind(note) == Kind::Str {
                out.push_str(&format!("{}\n", str_text(note)));
            }
        }
    }
}

fn message_of(vm: &mut Vm, exc: Value) -> Option<String> {
    if vm.is_instance_of(exc, vm.types.syntax_error)
        && let Some(message) = slot_of(exc, exc_slot::VALUE).filter(|&m| vm.kind(m) == Kind::Str)
    {
        return Some(str_text(message).into_owned());
    }
    match protocol::to_str(vm, exc) {
        Ok(s) => Some(str_text(s).into_owned()),
        Err(_) => {
            vm.take_pending();
            None
        }
    }
}

fn format_syntax_error(vm: &mut Vm, exc: Value, out: &mut String) {
    let details = slot_of(exc, exc_slot::ARGS).filter(|&t| tuple_len(t) > 1).map(|t| tuple_items(t)[1]);
    let Some(d) = details.filter(|&d| vm.kind(d) == Kind::Tuple && tuple_len(d) >= 4) else { return };
    let d = tuple_items(d);
    let file = if vm.kind(d[0]) == Kind::Str { str_text(d[0]).into_owned() } else { "<string>".into() };
    let line = d[1].as_int().unwrap_or(0);
    out.push_str(&format!("  File \"{file}\", line {line}\n"));
    if vm.kind(d[3]) != Kind::Str {
        return;
    }
    let text = str_text(d[3]).trim_end().to_string();
    let stripped = text.trim_start();
    let indent = text.len() - stripped.len();
    out.push_str(&format!("    {stripped}\n"));
    let column = |v: i64| v.saturating_sub(1 + indent as i64).clamp(0, stripped.len() as i64);
    let start = column(d[2].as_int().unwrap_or(0));
    let end = d.get(5).and_then(|v| v.as_int()).filter(|_| d.get(4) == Some(&d[1])).map_or(start + 1, column);
    let count = (end - start).max(1);
    if d[2].as_int().unwrap_or(0) > 0 {
        out.push_str(&format!("    {}{}\n", " ".repeat(start as usize), "^".repeat(count as usize)));
    }
}

fn note_repeats(out: &mut String, repeats: usize) {
    if repeats > MAX_REPEATS {
        let more = repeats - MAX_REPEATS;
        let s = if more == 1 { "" } else { "s" };
        out.push_str(&format!("  [Previous line repeated {more} more time{s}]\n"));
    }
}
