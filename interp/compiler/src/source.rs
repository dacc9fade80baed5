//! Source text: decoding, line starts, positions.

use crate::errors::{CompileError, ErrorKind};
use hoop_bytecode::Position;
use ruff_text_size::{TextRange, TextSize};

/// A decoded source with its line starts.
pub(crate) struct Source {
    pub text: String,
    pub filename: String,
    line_starts: Vec<u32>,
}

impl Source {
    /// Decodes a source file: byte order mark, encoding declaration, UTF-8 by default.
    pub fn decode(bytes: &[u8], filename: &str) -> Result<Source, Box<CompileError>> {
        if bytes.contains(&0) {
            let message = "source code string cannot contain null bytes";
            return Err(plain_error(ErrorKind::SyntaxError, filename, message.to_owned()));
        }
        let (bytes, has_mark) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => (rest, true),
            None => (bytes, false),
        };
        let encoding = declared_encoding(bytes).unwrap_or_else(|| "utf-8".to_owned());
        let text = decode_as(bytes, &encoding, has_mark)
            .map_err(|message| plain_error(ErrorKind::SyntaxError, filename, message))?;
        if text.len() > u32::MAX as usize / 2 {
            let message = "source code is too large".to_owned();
            return Err(plain_error(ErrorKind::OverflowError, filename, message));
        }
        Ok(Source { line_starts: line_starts(&text), text, filename: filename.to_owned() })
    }

    /// Brackets may nest as deep as in CPython.
    pub fn check_nesting(&self) -> Result<(), Box<CompileError>> {
        const MAX_BRACKETS: usize = 200;
        let mut depth = 0usize;
        let mut deepest = (0, 0);
        for (at, byte) in self.text.bytes().enumerate() {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > deepest.0 {
                deepest = (depth, at);
            }
        }
        if deepest.0 <= MAX_BRACKETS || self.token_nesting() <= MAX_BRACKETS {
            return Ok(());
        }
        let at = TextRange::empty(TextSize::new(deepest.1 as u32));
        Err(crate::errors::error_at(self, ErrorKind::SyntaxError, at, "too many nested parentheses"))
    }

    /// The nesting of brackets that are tokens (not part of strings or comments), by a lexer without a parser.
    fn token_nesting(&self) -> usize {
        crate::nesting::deepest(&self.text)
    }

    /// The line (from 1) and the column in characters (from 0) of an offset.
    pub fn line_column(&self, offset: TextSize) -> (u32, u32) {
        let (line, start) = self.line_of(offset.to_u32());
        let column = self.text.get(start as usize..offset.to_usize()).map_or(0, |text| text.chars().count());
        (line, column as u32)
    }

    /// A line (from 1) with its line break.
    pub fn line_text(&self, line: u32) -> &str {
        let start = self.line_starts.get(line as usize - 1).map_or(self.text.len(), |start| *start as usize);
        let end = self.line_starts.get(line as usize).map_or(self.text.len(), |end| *end as usize);
        &self.text[start..end]
    }

    /// The text of a range.
    pub fn slice(&self, range: TextRange) -> &str {
        self.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or("")
    }

    /// The range as lines and columns.
    pub fn position(&self, range: TextRange) -> Position {
        let (line, start) = self.line_of(range.start().to_u32());
        let (end_line, end_start) = self.line_of(range.end().to_u32());
        let column = |offset: u32| offset.min(u16::MAX as u32) as u16;
        Position {
            line,
            end_line,
            col: column(range.start().to_u32() - start),
            end_col: column(range.end().to_u32() - end_start),
        }
    }

    /// The line (from 1) of an offset.
    pub fn line(&self, offset: TextSize) -> u32 {
        self.line_of(offset.to_u32()).0
    }

    fn line_of(&self, offset: u32) -> (u32, u32) {
        let after = self.line_starts.partition_point(|start| *start <= offset);
        (after as u32, self.line_starts[after - 1])
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (at, byte) in bytes.iter().enumerate() {
        let breaks = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        if breaks {
            starts.push(at as u32 + 1);
        }
    }
    starts
}

/// The encoding that a comment in one of the first two lines declares.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    for line in bytes.split(|byte| *byte == b'\n').take(2) {
        let line = line.trim_ascii();
        if line.first() == Some(&b'#') {
            if let Some(found) = encoding_in_comment(line) {
                return Some(found);
            }
        } else if !line.is_empty() {
            return None;
        }
    }
    None
}

fn encoding_in_comment(line: &[u8]) -> Option<String> {
    let at = line.windows(6).position(|window| window == b"coding")? + 6;
    let mut rest = &line[at..];
    if !matches!(rest.first(), Some(b':' | b'=')) {
        return None;
    }
    rest = rest[1..].trim_ascii_start();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let end = rest.iter().position(|byte| !is_name(byte)).unwrap_or(rest.len());
    (end > 0).then(|| String::from_utf8_lossy(&rest[..end]).to_lowercase().replace('_', "-"))
}

fn decode_as(bytes: &[u8], encoding: &str, has_mark: bool) -> Result<String, String> {
    match encoding {
        "utf-8" | "utf8" | "utf-8-sig" => std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
            let at = error.valid_up_to();
            let byte = bytes[at];
            format!("(unicode error) 'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: invalid start byte")
        }),
        _ if has_mark => Err(format!("encoding problem: {encoding} with BOM")),
        "ascii" | "us-ascii" if bytes.is_ascii() => Ok(String::from_utf8_lossy(bytes).into_owned()),
        "latin-1" | "latin1" | "iso-8859-1" | "iso-latin-1" | "l1" => {
            Ok(bytes.iter().map(|byte| *byte as char).collect())
        }
        "iso-8859-15" | "latin-9" => Ok(bytes.iter().map(|byte| latin9(*byte)).collect()),
        "ascii" | "us-ascii" => Err("'ascii' codec can't decode the source".to_owned()),
        _ => Err(format!("unknown encoding: {encoding}")),
    }
}

fn latin9(byte: u8) -> char {
    match byte {
        0xa4 => '€',
        0xa6 => 'Š',
        0xa8 => 'š',
        0xb4 => 'Ž',
        0xb8 => 'ž',
        0xbc => 'Œ',
        0xbd => 'œ',
        0xbe => 'Ÿ',
        other => other as char,
    }
}

fn plain_error(kind: ErrorKind, filename: &str, message: String) -> Box<CompileError> {
    Box::new(CompileError {
        kind,
        message,
        filename: filename.to_owned(),
        line: 1,
        column: 0,
        end_line: 1,
        end_column: 0,
        text: String::new(),
        incomplete: false,
    })
}
