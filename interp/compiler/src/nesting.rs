//! Brackets without a parser: how deep they nest, which one is not closed or closed by another's partner. Strings and
//! comments are skipped.

/// The deepest nesting of brackets outside strings and comments.
pub(crate) fn deepest(text: &str) -> usize {
    let (mut open, mut deepest) = (0usize, 0);
    brackets(text, |_, bracket| {
        open = if is_opening(bracket) { open + 1 } else { open.saturating_sub(1) };
        deepest = deepest.max(open);
    });
    deepest
}

/// The innermost bracket that is never closed, with its offset.
pub(crate) fn unclosed(text: &str) -> Option<(usize, char)> {
    let mut open = Vec::new();
    brackets(text, |at, bracket| {
        if is_opening(bracket) {
            open.push((at, bracket as char));
        } else {
            open.pop();
        }
    });
    open.pop()
}

/// A bracket and its offset.
pub(crate) type Bracket = (usize, char);

/// The first closing bracket that has no partner, and the bracket it should have closed.
pub(crate) fn mismatched(text: &str) -> Option<(Bracket, Option<Bracket>)> {
    let (mut open, mut found) = (Vec::new(), None);
    brackets(text, |at, bracket| {
        if is_opening(bracket) {
            open.push((at, bracket as char));
            return;
        }
        let opened = open.pop();
        let fits =
            opened.is_some_and(|(_, o)| matches!((o, bracket), ('(', b')') | ('[', b']') | ('{', b'}')));
        if !fits && found.is_none() {
            found = Some(((at, bracket as char), opened));
        }
    });
    found
}

/// Where the string that begins at an offset ends (with its prefix), if one does.
pub(crate) fn string_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let prefix = bytes[at..].iter().take_while(|byte| b"rRbBfFuUtT".contains(byte)).count();
    let quote = bytes.get(at + prefix)?;
    (prefix <= 2 && matches!(quote, b'"' | b'\'')).then(|| skip_string(bytes, at + prefix))
}

/// The string, without its prefix, that an offset lies in: where it begins and ends.
pub(crate) fn string_around(text: &str, inside: usize) -> Option<(usize, usize)> {
    let (bytes, mut at) = (text.as_bytes(), 0);
    while at <= inside {
        let next = match bytes.get(at)? {
            b'#' => skip_comment(bytes, at),
            b'"' | b'\'' => {
                let end = skip_string(bytes, at);
                if inside < end {
                    return Some((at, end));
                }
                end
            }
            _ => at + 1,
        };
        at = next;
    }
    None
}

/// Brackets, line breaks and what separates expressions: `,` `;` `:` `=` that are tokens of their own.
pub(crate) fn punctuation(text: &str, mut found: impl FnMut(usize, u8)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'#' => skip_comment(bytes, at),
            b'"' | b'\'' => skip_string(bytes, at),
            b'=' | b'!' | b'<' | b'>' | b':' if bytes.get(at + 1) == Some(&b'=') => at + 2,
            b'(' | b'[' | b'{' | b')' | b']' | b'}' | b',' | b';' | b':' | b'=' | b'\n' => {
                found(at, *byte);
                at + 1
            }
            _ => at + 1,
        };
    }
}

fn is_opening(bracket: u8) -> bool {
    matches!(bracket, b'(' | b'[' | b'{')
}

fn brackets(text: &str, mut found: impl FnMut(usize, u8)) {
    punctuation(text, |at, byte| {
        if is_opening(byte) || matches!(byte, b')' | b']' | b'}') {
            found(at, byte);
        }
    });
}

fn skip_comment(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length)
}

fn skip_string(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let triple = bytes[start..].starts_with(&[quote; 3]);
    let mut at = if triple { start + 3 } else { start + 1 };
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' if !triple => return at,
            byte if *byte == quote && !triple => return at + 1,
            byte if *byte == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => at += 1,
        }
    }
    bytes.len()
}
