//! What is wrong with a number, by the tokenizer of the reference: the parser used here sees a number and a name.

/// An error in a number literal: the offset where reading stopped, the end of the marked range if it is another, and the
/// message.
pub(super) struct NumberError {
    pub start: usize,
    pub end: usize,
    pub message: String,
}

/// The number literal that the offset is in or directly behind, if there is something wrong with it.
pub(super) fn number_error(text: &str, at: usize) -> Option<NumberError> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'.';
    let before = text.as_bytes().get(..at)?;
    let start = before.iter().rposition(|byte| !is_part(byte)).map_or(0, |place| place + 1);
    text.as_bytes().get(start).filter(|byte| byte.is_ascii_digit())?;
    let mut scan = Scan { bytes: text.as_bytes(), at: start };
    scan.number().err().map(|(range, message)| {
        let (from, to) = range.unwrap_or((scan.at.saturating_sub(1), scan.at.saturating_sub(1)));
        NumberError { start: from, end: to, message }
    })
}

/// A message, with a range unless the error is where reading stopped.
type Failure = (Option<(usize, usize)>, String);

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn number(&mut self) -> Result<(), Failure> {
        if self.peek() != b'0' {
            self.digits()?;
            return self.fraction();
        }
        let start = self.at;
        self.at += 1;
        match self.peek().to_ascii_lowercase() {
            b'x' => self.based("hexadecimal", |byte| byte.is_ascii_hexdigit()),
            b'o' => self.based("octal", |byte| matches!(byte, b'0'..=b'7')),
            b'b' => self.based("binary", |byte| matches!(byte, b'0' | b'1')),
            _ => self.zeros(start),
        }
    }

    fn based(&mut self, kind: &str, is_digit: fn(u8) -> bool) -> Result<(), Failure> {
        self.at += 1;
        loop {
            if self.peek() == b'_' {
                self.at += 1;
            }
            if !is_digit(self.peek()) {
                self.foreign_digit(kind)?;
                return invalid(kind);
            }
            while is_digit(self.peek()) {
                self.at += 1;
            }
            if self.peek() != b'_' {
                self.foreign_digit(kind)?;
                return self.end(kind);
            }
        }
    }

    /// A digit that the base does not have is read before it is complained of.
    fn foreign_digit(&mut self, kind: &str) -> Result<(), Failure> {
        let digit = self.peek();
        if !digit.is_ascii_digit() {
            return Ok(());
        }
        self.at += 1;
        Err((None, format!("invalid digit '{}' in {kind} literal", digit as char)))
    }

    /// A number that begins with a zero.
    fn zeros(&mut self, start: usize) -> Result<(), Failure> {
        loop {
            if self.peek() == b'_' {
                self.at += 1;
                if !self.peek().is_ascii_digit() {
                    return invalid("decimal");
                }
            }
            if self.peek() != b'0' {
                break;
            }
            self.at += 1;
        }
        let zeros_end = self.at;
        let nonzero = self.peek().is_ascii_digit();
        if nonzero {
            self.digits()?;
        }
        if nonzero && !matches!(self.peek().to_ascii_lowercase(), b'.' | b'e' | b'j') {
            let message = "leading zeros in decimal integer literals are not permitted; \
                           use an 0o prefix for octal integers";
            return Err((Some((start, zeros_end)), message.to_owned()));
        }
        self.fraction()
    }

    fn digits(&mut self) -> Result<(), Failure> {
        loop {
            while self.peek().is_ascii_digit() {
                self.at += 1;
            }
            if self.peek() != b'_' {
                return Ok(());
            }
            self.at += 1;
            if !self.peek().is_ascii_digit() {
                return invalid("decimal");
            }
        }
    }

    /// What follows the whole digits.
    fn fraction(&mut self) -> Result<(), Failure> {
        if self.peek() == b'.' {
            self.at += 1;
            if self.peek().is_ascii_digit() {
                self.digits()?;
            }
        }
        if self.peek().eq_ignore_ascii_case(&b'e') {
            let before = self.at;
            self.at += 1;
            let signed = matches!(self.peek(), b'+' | b'-');
            self.at += signed as usize;
            if self.peek().is_ascii_digit() {
                self.digits()?;
            } else if signed {
                return invalid("decimal");
            } else {
                self.at = before;
                return self.end("decimal");
            }
        }
        if self.peek().eq_ignore_ascii_case(&b'j') {
            self.at += 1;
            return self.end("imaginary");
        }
        self.end("decimal")
    }

    /// A name may not follow directly; a keyword may.
    fn end(&mut self, kind: &str) -> Result<(), Failure> {
        const KEYWORDS: [&str; 8] = ["and", "else", "for", "if", "in", "is", "or", "not"];
        let rest = &self.bytes[self.at..];
        let is_name = self.peek().is_ascii_alphanumeric() || self.peek() == b'_';
        if !is_name || KEYWORDS.iter().any(|word| rest.starts_with(word.as_bytes())) {
            return Ok(());
        }
        invalid(kind)
    }
}

fn invalid(kind: &str) -> Result<(), Failure> {
    Err((None, format!("invalid {kind} literal")))
}
