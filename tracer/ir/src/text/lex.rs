//! Splits the text form into tokens.

use super::ParseError;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Token {
    /// A word: letters, digits and `_ . # ~` after a first letter.
    Word(String),
    /// A number as written (decimal, hexadecimal, with point or exponent, `inf`, `nan` come as words).
    Number(String),
    /// A quoted string, unescaped.
    Quoted(String),
    /// `= , ( ) [ ] { } : #` or `->` as `>`.
    Punct(char),
    End,
}

/// Tokens with their line numbers (from 1), closed by [`Token::End`].
pub fn tokens(text: &str) -> Result<Vec<(Token, u32)>, ParseError> {
    let mut out = Vec::new();
    let mut line = 0;
    for source in text.lines() {
        line += 1;
        lex_line(source, line, &mut out)?;
    }
    out.push((Token::End, line));
    Ok(out)
}

fn lex_line(source: &str, line: u32, out: &mut Vec<(Token, u32)>) -> Result<(), ParseError> {
    let mut rest = source.trim_start();
    while let Some(c) = rest.chars().next() {
        let (token, used) = match c {
            ';' => return Ok(()),
            '"' => quoted(rest).ok_or_else(|| ParseError::new(line, "a string without end"))?,
            '-' if rest.starts_with("->") => (Token::Punct('>'), 2),
            '=' | ',' | '(' | ')' | '[' | ']' | '{' | '}' | ':' | '#' => (Token::Punct(c), 1),
            _ if c.is_ascii_alphabetic() || c == '_' => word(rest),
            _ if c.is_ascii_digit() || c == '-' => number(rest),
            _ => return Err(ParseError::new(line, format!("unexpected character {c:?}"))),
        };
        out.push((token, line));
        rest = rest[used..].trim_start();
    }
    Ok(())
}

fn word(s: &str) -> (Token, usize) {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '#' | '~');
    let end = s.find(|c| !inside(c)).unwrap_or(s.len());
    (Token::Word(s[..end].to_string()), end)
}

fn number(s: &str) -> (Token, usize) {
    let mut end = 1;
    let bytes = s.as_bytes();
    while end < bytes.len() {
        let exponent_sign =
            matches!(bytes[end], b'-' | b'+') && bytes[end - 1] == b'e' && !s[..end].contains('x');
        if !(bytes[end].is_ascii_alphanumeric() || bytes[end] == b'.' || exponent_sign) {
            break;
        }
        end += 1;
    }
    (Token::Number(s[..end].to_string()), end)
}

fn quoted(s: &str) -> Option<(Token, usize)> {
    let mut text = String::new();
    let mut chars = s.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((Token::Quoted(text), at + 1)),
            '\\' => match chars.next()?.1 {
                'n' => text.push('\n'),
                c => text.push(c),
            },
            c => text.push(c),
        }
    }
    None
}

/// The quoted form that [`tokens`] reads back.
pub fn quote(s: &str) -> String {
    let escaped = s.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}
