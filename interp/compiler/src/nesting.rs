//! How deep brackets nest, without a parser: strings and comments are skipped.

/// The deepest nesting of brackets outside strings and comments.
pub(crate) fn deepest(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut deepest) = (0, 0usize, 0);
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'#' => skip_comment(bytes, at),
            b'"' | b'\'' => skip_string(bytes, at),
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
                at + 1
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            _ => at + 1,
        };
    }
    deepest
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
