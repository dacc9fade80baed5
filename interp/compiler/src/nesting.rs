//! Brackets without a parser: how deep they nest, which one is not closed. Strings and comments are skipped.

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

fn is_opening(bracket: u8) -> bool {
    matches!(bracket, b'(' | b'[' | b'{')
}

fn brackets(text: &str, mut found: impl FnMut(usize, u8)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'#' => skip_comment(bytes, at),
            b'"' | b'\'' => skip_string(bytes, at),
            b'(' | b'[' | b'{' | b')' | b']' | b'}' => {
                found(at, *byte);
                at + 1
            }
            _ => at + 1,
        };
    }
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
