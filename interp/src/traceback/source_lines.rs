//! The source lines of a traceback entry with their marks: `~~~^^^` under the part of the lines that failed.
//!
//! The operator of a binary operation, and the brackets of a call or subscript, are marked with `^` and the rest of the
//! expression with `~`. Of an expression over many lines only the first, the last and those around the operator are
//! shown. Where the mark would say nothing (it covers the whole line, or the call of a plain `return f(...)` or
//! `x = f(...)`), there is none.

use hoop_bytecode::{Code, Position};
use std::collections::BTreeSet;

/// A place in the shown lines: line from 0, column in characters.
type Place = (usize, usize);

/// The file, line and function of an entry, then its source.
pub fn format_entry(code: &Code, p: &Position, out: &mut String) {
    out.push_str(&format!("  File \"{}\", line {}, in {}\n", code.filename, p.line, code.name));
    let Ok(source) = std::fs::read(&*code.filename) else { return };
    let source = String::from_utf8_lossy(&source);
    let count = p.end_line.max(p.line) - p.line + 1;
    let lines: Vec<&str> =
        source.lines().skip((p.line as usize).wrapping_sub(1)).take(count as usize).collect();
    let Some(marked) = Marked::new(&lines, p) else { return };
    for line in dedent(&marked.shown()) {
        out.push_str(format!("    {line}").trim_end_matches('\n'));
        out.push('\n');
    }
}

/// The lines of an instruction's source, their common indentation removed, and what of them it covers.
struct Marked {
    lines: Vec<Vec<char>>,
    start: usize,
    end: usize,
    /// The part with `^` if the rest gets `~`.
    anchors: Option<(Place, Place)>,
    visible: bool,
}

impl Marked {
    fn new(lines: &[&str], p: &Position) -> Option<Marked> {
        let (first, last) = (lines.first()?, lines.last()?);
        if first.trim().is_empty() {
            return None;
        }
        let margin = indentation(lines);
        let start = chars_before(first, p.col as usize).saturating_sub(margin);
        let end = chars_before(last, p.end_col as usize).saturating_sub(margin);
        let lines: Vec<Vec<char>> =
            lines.iter().map(|l| l.trim_end().chars().skip(margin).collect()).collect();
        let mut marked = Marked { lines, start, end, anchors: None, visible: false };
        marked.anchors = marked.find_anchors();
        marked.visible = marked.says_something();
        Some(marked)
    }

    /// The covered text.
    fn segment(&self) -> Vec<char> {
        let mut out = Vec::new();
        for (i, line) in self.lines.iter().enumerate() {
            let from = if i == 0 { self.start.min(line.len()) } else { 0 };
            let to = if i + 1 == self.lines.len() { self.end.min(line.len()) } else { line.len() };
            out.extend(line.get(from..to).unwrap_or_default());
            if i + 1 < self.lines.len() {
                out.push('\n');
            }
        }
        out
    }

    fn find_anchors(&self) -> Option<(Place, Place)> {
        let segment = self.segment();
        let (from, to) = crate::traceback::anchors::find(&segment)?;
        let place = |at: usize| {
            let line = segment[..at].iter().filter(|&&c| c == '\n').count();
            let column = segment[..at].iter().rev().take_while(|&&c| c != '\n').count();
            (line, if line == 0 { column + self.start } else { column })
        };
        Some((place(from), place(to)))
    }

    fn says_something(&self) -> bool {
        let (first, last) = (&self.lines[0], &self.lines[self.lines.len() - 1]);
        let before: String = first.iter().take(self.start).collect();
        let after = last.iter().skip(self.end).any(|c| !c.is_whitespace());
        if !after && self.anchors.is_some() && is_plain_call(&before, &self.segment(), self.anchors) {
            return false;
        }
        self.anchors.is_some() || !before.trim_start().is_empty() || after
    }

    /// The chosen lines, each with its marks.
    fn shown(&self) -> Vec<String> {
        let last = self.lines.len() - 1;
        let mut chosen = BTreeSet::from([0, last]);
        if let Some(((from, _), (to, _))) = self.anchors {
            for line in [from, to] {
                chosen.extend(line.saturating_sub(1)..=(line + 1).min(last));
            }
        }
        let (mut out, mut before) = (Vec::new(), None::<usize>);
        for line in chosen {
            match before.map_or(1, |b| line - b) {
                2 => self.show_line(line - 1, &mut out),
                n if n > 2 => out.push(format!("...<{} lines>...", n - 1)),
                _ => {}
            }
            self.show_line(line, &mut out);
            before = Some(line);
        }
        out
    }

    fn show_line(&self, number: usize, out: &mut Vec<String>) {
        let line = &self.lines[number];
        out.push(line.iter().collect());
        if !self.visible {
            return;
        }
        let indent = line.iter().take_while(|c| c.is_whitespace()).count();
        let end = if number + 1 == self.lines.len() { self.end.min(line.len()) } else { line.len() };
        let mut marks = String::new();
        for (column, &c) in line.iter().enumerate().take(end) {
            let mark = self.mark_at((number, column), indent);
            (0..width(c)).for_each(|_| marks.push(mark));
        }
        out.push(marks);
    }

    fn mark_at(&self, place: Place, indent: usize) -> char {
        if place.1 < indent || place < (0, self.start) {
            return ' ';
        }
        match self.anchors {
            Some((from, to)) if place < from || place >= to => '~',
            _ => '^',
        }
    }
}

/// Is it `return f(...)` or `x = f(...)` as a whole, whose call failed?
fn is_plain_call(before: &str, segment: &[char], anchors: Option<(Place, Place)>) -> bool {
    let is_name = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_alphanumeric() || c == '_');
    let Some(open) = segment.iter().position(|&c| c == '(') else { return false };
    let ends_with_call = segment.last() == Some(&')');
    if !ends_with_call || anchors.is_none() {
        return false;
    }
    let callee: String = segment[..open].iter().collect();
    match before.trim() {
        "return" => {
            is_name(callee.trim())
                && crate::traceback::anchors::closes(segment, open) == Some(segment.len() - 1)
        }
        text => match text.strip_suffix('=') {
            Some(target) => is_name(target.trim()) && crate::traceback::anchors::ends_in_call(segment),
            None => false,
        },
    }
}

fn chars_before(line: &str, bytes: usize) -> usize {
    line.char_indices().take_while(|&(at, _)| at < bytes).count()
}

/// The indentation that all lines with text share.
fn indentation(lines: &[&str]) -> usize {
    let with_text = lines.iter().filter(|l| !l.trim().is_empty());
    with_text.map(|l| l.chars().take_while(|&c| c == ' ' || c == '\t').count()).min().unwrap_or(0)
}

fn dedent(lines: &[String]) -> Vec<String> {
    let all: Vec<&str> = lines.iter().map(String::as_str).collect();
    let margin = indentation(&all);
    all.iter().map(|l| l.chars().skip(margin).collect()).collect()
}

/// How many columns a character takes on a terminal.
fn width(c: char) -> usize {
    const WIDE: &[(u32, u32)] = &[
        (0x1100, 0x115F),
        (0x2E80, 0x303E),
        (0x3041, 0x4DBF),
        (0x4E00, 0xA4CF),
        (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF),
        (0xFE30, 0xFE6F),
        (0xFF01, 0xFF60),
        (0xFFE0, 0xFFE6),
        (0x1F300, 0x1F64F),
        (0x1F900, 0x1F9FF),
        (0x20000, 0x3FFFD),
    ];
    if WIDE.iter().any(|&(from, to)| (from..=to).contains(&(c as u32))) { 2 } else { 1 }
}
