//! Escapes that a string literal cannot have, in the words of the codec that CPython reads them with.

use crate::nesting;

/// The message for the bad escape at or before an offset inside a string literal.
pub(super) fn message(text: &str, inside: usize) -> String {
    let general = || "(unicode error) 'unicodeescape' codec can't decode bytes".to_owned();
    let Some((start, end)) = nesting::string_around(text, inside) else { return general() };
    let quote = if text[start..].starts_with("'''") || text[start..].starts_with("\"\"\"") { 3 } else { 1 };
    let content = text.get(start + quote..end).unwrap_or("");
    let Some((at, length, why)) = first_bad(content) else { return general() };
    // The codec is given every character that is not ASCII as an escape of ten characters.
    if text[..start].ends_with(['b', 'B']) || text[..start].to_ascii_lowercase().ends_with("br") {
        return format!("(value error) invalid \\x escape at position {at}");
    }
    let position: usize = content[..at].chars().map(|c| if c.is_ascii() { 1 } else { 10 }).sum();
    let last = position + length - 1;
    format!("(unicode error) 'unicodeescape' codec can't decode bytes in position {position}-{last}: {why}")
}

/// Offset and length of the first escape that is wrong, and why.
fn first_bad(content: &str) -> Option<(usize, usize, &'static str)> {
    let mut at = 0;
    while let Some(found) = content[at..].find('\\') {
        at += found;
        let letter = content[at + 1..].chars().next()?;
        let digits =
            content[at + 2.min(content.len() - at)..].chars().take_while(char::is_ascii_hexdigit).count();
        let (needs, why) = match letter {
            'x' => (2, "truncated \\xXX escape"),
            'u' => (4, "truncated \\uXXXX escape"),
            'U' => (8, "truncated \\UXXXXXXXX escape"),
            _ => (0, ""),
        };
        if digits < needs {
            return Some((at, 2 + digits, why));
        }
        if letter == 'U'
            && u32::from_str_radix(&content[at + 2..at + 10], 16).is_ok_and(|code| code > 0x10ffff)
        {
            return Some((at, 10, "illegal Unicode character"));
        }
        if letter == 'N' {
            let name = content[at + 2..].strip_prefix('{').and_then(|rest| rest.find('}'));
            match name {
                Some(length) if !is_named(&content[at + 3..at + 3 + length]) => {
                    return Some((at, length + 4, "unknown Unicode character name"));
                }
                None => {
                    let brace = content[at + 2..].starts_with('{') as usize;
                    return Some((at, 2 + brace, "malformed \\N character escape"));
                }
                _ => {}
            }
        }
        at += 1 + letter.len_utf8();
    }
    None
}

/// Does the parser know a character of this name?
fn is_named(name: &str) -> bool {
    !name.contains(['"', '\\']) && ruff_python_parser::parse_expression(&format!("\"\\N{{{name}}}\"")).is_ok()
}
