//! Reading the tables that `tests/oracle.py` writes.
#![allow(dead_code, reason = "each test program uses some of these")]

use hoop_text::{ErrorKind, wtf8};
use std::fmt::Display;

/// Rows of `tests/data/NAME.tsv`, fields still escaped.
pub fn rows(name: &str) -> Vec<Vec<String>> {
    let path = format!("{}/tests/data/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("table");
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Code points of an escaped field.
pub fn code_points(field: &str) -> Vec<u32> {
    let mut out = Vec::new();
    let mut rest = field;
    while let Some(i) = rest.find("\\u{") {
        out.extend(rest[..i].chars().map(|c| c as u32));
        let end = rest[i..].find('}').expect("escape") + i;
        out.push(u32::from_str_radix(&rest[i + 3..end], 16).expect("hex"));
        rest = &rest[end + 1..];
    }
    out.extend(rest.chars().map(|c| c as u32));
    out
}

/// A field as WTF-8.
pub fn text(field: &str) -> Vec<u8> {
    wtf8::from_code_points(code_points(field))
}

/// A field as bytes.
pub fn bytes(field: &str) -> Vec<u8> {
    code_points(field).into_iter().map(|cp| cp as u8).collect()
}

/// A field as double.
pub fn float(field: &str) -> f64 {
    f64::from_bits(u64::from_str_radix(field, 16).expect("bits"))
}

/// WTF-8 escaped like a field.
pub fn escape(s: &[u8]) -> String {
    escape_all(wtf8::code_points(s))
}

/// Bytes escaped like a field.
pub fn escape_bytes(s: &[u8]) -> String {
    escape_all(s.iter().map(|&b| u32::from(b)))
}

fn escape_all(cps: impl Iterator<Item = u32>) -> String {
    cps.map(|cp| match cp {
        0x20..=0x7e if cp != 0x5c => (cp as u8 as char).to_string(),
        _ => format!("\\u{{{cp:x}}}"),
    })
    .collect()
}

/// A double as field; every NaN is the same.
pub fn float_field(x: f64) -> String {
    format!("{:016x}", x.to_bits())
}

/// An error as field.
pub fn error_field(kind: ErrorKind, message: impl Display) -> String {
    let class = match kind {
        ErrorKind::Value => "ValueError",
        ErrorKind::Type => "TypeError",
        ErrorKind::Overflow => "OverflowError",
        ErrorKind::Index => "IndexError",
        ErrorKind::Key => "KeyError",
        ErrorKind::Memory => "MemoryError",
        ErrorKind::ZeroDivision => "ZeroDivisionError",
    };
    escape(format!("!{class}: {message}").as_bytes())
}

/// Collects disagreements and fails once with the first of them.
#[derive(Default)]
pub struct Check {
    seen: usize,
    wrong: Vec<String>,
}

impl Check {
    /// Compares an answer with the last field of a row.
    pub fn row(&mut self, row: &[String], got: String) {
        self.seen += 1;
        let expected = row.last().expect("expectation");
        if got != *expected {
            self.wrong.push(format!("{:?}: got {got}", row));
        }
    }

    /// Panics if anything was wrong, or nothing was checked.
    pub fn finish(self) {
        let shown = self.wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
        assert!(self.wrong.is_empty(), "{} of {} rows differ:\n{shown}", self.wrong.len(), self.seen);
        assert!(self.seen > 0);
    }
}
