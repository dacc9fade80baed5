//! `%`-formatting of `str` and `bytes`: the parser and the layout of converted arguments.
//!
//! The caller walks [`PercentParser`], fetches the argument that each [`PercentSpec`] wants (first those of
//! `*`), converts it, and hands it to [`push_int`], [`push_float`], [`push_text`] or [`push_char`]. Errors come
//! in the order in which CPython raises them, because items are parsed one by one.

use crate::ErrorKind;
use crate::float::{Layout, push_float_text};
use crate::spec::{Integer, insert_fill};
use crate::wtf8;
use std::fmt;

/// What is being formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// `str`: widths and indices count code points.
    Str,
    /// `bytes` or `bytearray`.
    Bytes,
}

/// Why formatting fails. Variants that need a type name carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PercentError {
    /// The text ends within a specifier.
    Incomplete,
    /// The text ends within a key.
    IncompleteKey,
    /// A key was given, but the right side is no mapping.
    NeedsMapping,
    /// The width is beyond 63 bits.
    WidthTooBig,
    /// The precision is beyond 31 bits.
    PrecisionTooBig(Subject),
    /// `*` met something other than an int.
    StarWantsInt,
    /// Arguments ran out.
    NotEnough,
    /// Arguments are left over.
    NotAll(Subject),
    /// No such conversion.
    Unsupported {
        /// The conversion character.
        code: u32,
        /// Where it stands (code points, or bytes for bytes).
        index: usize,
    },
    /// `%d` and its kin of something that is no number.
    NeedsReal {
        /// The conversion.
        code: u8,
        /// Type of the argument.
        type_name: String,
    },
    /// `%x`, `%o` of something that is no integer.
    NeedsInteger {
        /// The conversion.
        code: u8,
        /// Type of the argument.
        type_name: String,
    },
    /// `%f` and its kin of something that is no number.
    NeedsFloat {
        /// What is being formatted.
        subject: Subject,
        /// Type of the argument.
        type_name: String,
    },
    /// `%c` of another type than int or text.
    CharType {
        /// What is being formatted.
        subject: Subject,
        /// Type of the argument.
        type_name: String,
    },
    /// `%c` of a text that is not of length one.
    CharLength {
        /// What is being formatted.
        subject: Subject,
        /// Length of the argument.
        length: usize,
        /// `bytes` or `bytearray` (for bytes).
        type_name: String,
    },
    /// `%c` of an int out of range.
    CharRange(Subject),
    /// Width or precision asks for more memory than there is.
    Memory,
    /// `%s` or `%b` in bytes of an object that gives no bytes.
    NeedsBytes {
        /// Type of the argument.
        type_name: String,
    },
}

impl PercentError {
    /// The exception class.
    pub fn kind(&self) -> ErrorKind {
        use PercentError::*;
        match self {
            Incomplete | IncompleteKey | WidthTooBig | PrecisionTooBig(_) | Unsupported { .. } => {
                ErrorKind::Value
            }
            CharRange(_) => ErrorKind::Overflow,
            Memory => ErrorKind::Memory,
            _ => ErrorKind::Type,
        }
    }
}

impl fmt::Display for PercentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use PercentError::*;
        match self {
            Incomplete => f.write_str("incomplete format"),
            Memory => Ok(()),
            IncompleteKey => f.write_str("incomplete format key"),
            NeedsMapping => f.write_str("format requires a mapping"),
            WidthTooBig => f.write_str("width too big"),
            PrecisionTooBig(Subject::Str) => f.write_str("precision too big"),
            PrecisionTooBig(Subject::Bytes) => f.write_str("prec too big"),
            StarWantsInt => f.write_str("* wants int"),
            NotEnough => f.write_str("not enough arguments for format string"),
            NotAll(Subject::Str) => f.write_str("not all arguments converted during string formatting"),
            NotAll(Subject::Bytes) => f.write_str("not all arguments converted during bytes formatting"),
            Unsupported { code, index } => {
                let shown = if (32..127).contains(code) { *code as u8 as char } else { '?' };
                write!(f, "unsupported format character '{shown}' (0x{code:x}) at index {index}")
            }
            NeedsReal { code, type_name } => {
                write!(f, "%{} format: a real number is required, not {type_name}", *code as char)
            }
            NeedsInteger { code, type_name } => {
                write!(f, "%{} format: an integer is required, not {type_name}", *code as char)
            }
            NeedsFloat { subject: Subject::Str, type_name } => {
                write!(f, "must be real number, not {type_name}")
            }
            NeedsFloat { subject: Subject::Bytes, type_name } => {
                write!(f, "float argument required, not {type_name}")
            }
            CharType { subject: Subject::Str, type_name } => {
                write!(f, "%c requires an int or a unicode character, not {type_name}")
            }
            CharType { subject: Subject::Bytes, type_name } => {
                write!(f, "%c requires an integer in range(256) or a single byte, not {type_name}")
            }
            CharLength { subject: Subject::Str, length, .. } => {
                write!(f, "%c requires an int or a unicode character, not a string of length {length}")
            }
            CharLength { subject: Subject::Bytes, length, type_name } => write!(
                f,
                "%c requires an integer in range(256) or a single byte, not a {type_name} object of length {length}"
            ),
            CharRange(Subject::Str) => f.write_str("%c arg not in range(0x110000)"),
            CharRange(Subject::Bytes) => f.write_str("%c arg not in range(256)"),
            NeedsBytes { type_name } => write!(
                f,
                "%b requires a bytes-like object, or an object that implements __bytes__, not '{type_name}'"
            ),
        }
    }
}

/// `-+ #0`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// A space for the plus.
    pub space: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
}

/// A width or precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Written in the text.
    Given(usize),
    /// `*`: the next argument.
    Star,
}

/// One conversion specifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PercentSpec<'a> {
    /// Mapping key.
    pub key: Option<&'a [u8]>,
    /// Flags.
    pub flags: Flags,
    /// Least width.
    pub width: Option<Amount>,
    /// Precision.
    pub precision: Option<Amount>,
    /// The conversion character as written; it may be none that exists.
    pub conversion: u32,
    /// Which byte of the text it is.
    pub at: usize,
}

/// A specifier whose `*` are filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Flags.
    pub flags: Flags,
    /// Least width; 0 for none.
    pub width: usize,
    /// Precision.
    pub precision: Option<usize>,
    /// The conversion letter.
    pub conversion: u8,
}

impl PercentSpec<'_> {
    /// Fills in the arguments of `*` (width first); a negative width means left alignment, a negative
    /// precision means 0. Arguments for amounts that are no `*` are not looked at.
    pub fn resolve(&self, width: i64, precision: i64) -> Result<Field, PercentError> {
        let mut flags = self.flags;
        let width = match self.width {
            None => 0,
            Some(Amount::Given(n)) => n,
            Some(Amount::Star) => {
                flags.left |= width < 0;
                width.unsigned_abs() as usize
            }
        };
        let precision = self.precision.map(|amount| match amount {
            Amount::Given(n) => n,
            Amount::Star => usize::try_from(precision).unwrap_or(0),
        });
        let conversion = u8::try_from(self.conversion).unwrap_or(b'?');
        let size = width.saturating_add(precision.unwrap_or(0));
        if !crate::seq::may_allocate(size) {
            return Err(PercentError::Memory);
        }
        Ok(Field { flags, width, precision, conversion })
    }

    /// The error for a conversion that does not exist, in the format text that this is from.
    pub fn unsupported(&self, text: &[u8], subject: Subject) -> PercentError {
        let index = if subject == Subject::Str { wtf8::index_of_byte(text, self.at) } else { self.at };
        PercentError::Unsupported { code: self.conversion, index }
    }
}

/// What a format text consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PercentItem<'a> {
    /// Text to copy.
    Literal(&'a [u8]),
    /// A conversion.
    Spec(PercentSpec<'a>),
}

/// Where the next specifier from byte `at` on begins, and the byte after its `%`.
pub fn next_spec(text: &[u8], at: usize) -> Option<(usize, u8)> {
    let spec = at + memchr::memchr(b'%', text.get(at..)?)?;
    Some((spec, *text.get(spec + 1)?))
}

/// Walks a format text.
#[derive(Clone, Debug)]
pub struct PercentParser<'a> {
    text: &'a [u8],
    at: usize,
    subject: Subject,
    has_mapping: bool,
}

impl<'a> PercentParser<'a> {
    /// `has_mapping`: the right side is a mapping (and no tuple or text).
    pub fn new(text: &'a [u8], subject: Subject, has_mapping: bool) -> Self {
        PercentParser { text, at: 0, subject, has_mapping }
    }

    /// From byte `at`, where an item begins.
    pub fn starting_at(text: &'a [u8], at: usize, subject: Subject, has_mapping: bool) -> Self {
        PercentParser { text, at, subject, has_mapping }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn literal(&mut self) -> PercentItem<'a> {
        let rest = &self.text[self.at..];
        let len = memchr::memchr(b'%', rest).unwrap_or(rest.len());
        self.at += len;
        PercentItem::Literal(&rest[..len])
    }

    fn spec(&mut self) -> Result<PercentItem<'a>, PercentError> {
        let key = self.key()?;
        let flags = self.flags();
        let width = self.amount(isize::MAX as usize, PercentError::WidthTooBig)?;
        let mut precision = None;
        if self.peek() == Some(b'.') {
            self.at += 1;
            let given = self.amount(i32::MAX as usize, PercentError::PrecisionTooBig(self.subject))?;
            precision = Some(given.unwrap_or(Amount::Given(0)));
        }
        if matches!(self.peek(), Some(b'h' | b'l' | b'L')) {
            self.at += 1;
        }
        let first = self.peek().ok_or(PercentError::Incomplete)?;
        let at = self.at;
        let (conversion, len) = match self.subject {
            Subject::Str if first >= 0x80 => wtf8::decode_at(self.text, at),
            _ => (u32::from(first), 1),
        };
        self.at += len;
        Ok(PercentItem::Spec(PercentSpec { key, flags, width, precision, conversion, at }))
    }

    fn key(&mut self) -> Result<Option<&'a [u8]>, PercentError> {
        if self.peek() != Some(b'(') {
            return Ok(None);
        }
        if !self.has_mapping {
            return Err(PercentError::NeedsMapping);
        }
        let start = self.at + 1;
        let mut depth = 0usize;
        for (i, b) in self.text[self.at..].iter().enumerate() {
            match b {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at += i + 1;
                return Ok(Some(&self.text[start..self.at - 1]));
            }
        }
        Err(PercentError::IncompleteKey)
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        loop {
            match self.peek() {
                Some(b'-') => flags.left = true,
                Some(b'+') => flags.plus = true,
                Some(b' ') => flags.space = true,
                Some(b'#') => flags.alternate = true,
                Some(b'0') => flags.zero = true,
                _ => return flags,
            }
            self.at += 1;
        }
    }

    fn amount(&mut self, limit: usize, too_big: PercentError) -> Result<Option<Amount>, PercentError> {
        if self.peek() == Some(b'*') {
            self.at += 1;
            // CPython sees a text that ends here before it fetches the argument.
            return if self.at < self.text.len() {
                Ok(Some(Amount::Star))
            } else {
                Err(PercentError::Incomplete)
            };
        }
        let mut value = None;
        while let Some(b @ b'0'..=b'9') = self.peek() {
            let n = value.unwrap_or(0usize).checked_mul(10).and_then(|n| n.checked_add((b - b'0') as usize));
            match n.filter(|&n| n <= limit) {
                Some(n) => value = Some(n),
                None => return Err(too_big),
            }
            self.at += 1;
        }
        Ok(value.map(Amount::Given))
    }
}

impl<'a> Iterator for PercentParser<'a> {
    type Item = Result<PercentItem<'a>, PercentError>;

    /// After an error the parser must not be used further.
    fn next(&mut self) -> Option<Self::Item> {
        match self.text.get(self.at..)? {
            [] => None,
            [b'%', b'%', ..] => {
                let item = PercentItem::Literal(&self.text[self.at..=self.at]);
                self.at += 2;
                Some(Ok(item))
            }
            [b'%', ..] => {
                self.at += 1;
                Some(self.spec())
            }
            _ => Some(Ok(self.literal())),
        }
    }
}

/// Appends the sign that the flags ask for.
fn push_sign(out: &mut Vec<u8>, negative: bool, flags: Flags) {
    match (negative, flags) {
        (true, _) => out.push(b'-'),
        (_, Flags { plus: true, .. }) => out.push(b'+'),
        (_, Flags { space: true, .. }) => out.push(b' '),
        _ => {}
    }
}

/// Pads the number that was written from `start` on, with its digits from `digits` on.
fn pad_number(out: &mut Vec<u8>, start: usize, digits: usize, field: &Field) {
    let missing = field.width.saturating_sub(out.len() - start);
    let (at, fill) = match field.flags {
        Flags { left: true, .. } => (out.len(), b' '),
        Flags { zero: true, .. } => (digits, b'0'),
        _ => (start, b' '),
    };
    insert_fill(out, at, u32::from(fill), missing);
}

/// Appends an integer by `%d %i %u %o %x %X`.
pub fn push_int<I: Integer + ?Sized>(out: &mut Vec<u8>, value: &I, field: &Field) {
    let (radix, prefix) = match field.conversion {
        b'x' => (16, "0x"),
        b'X' => (16, "0X"),
        b'o' => (8, "0o"),
        _ => (10, ""),
    };
    let start = out.len();
    push_sign(out, value.is_negative(), field.flags);
    if field.flags.alternate {
        out.extend_from_slice(prefix.as_bytes());
    }
    let digits = out.len();
    value.push_digits(out, radix);
    if field.conversion == b'X' {
        out[digits..].make_ascii_uppercase();
    }
    let missing = field.precision.unwrap_or(0).saturating_sub(out.len() - digits);
    insert_fill(out, digits, u32::from(b'0'), missing);
    pad_number(out, start, digits, field);
}

/// Appends a float by `%e %E %f %F %g %G`.
pub fn push_float(out: &mut Vec<u8>, value: f64, field: &Field) {
    let layout = Layout {
        alternate: field.flags.alternate,
        upper: field.conversion.is_ascii_uppercase(),
        ..Layout::default()
    };
    let start = out.len();
    let code = field.conversion.to_ascii_lowercase();
    let written_sign = value.is_sign_negative() && !value.is_nan();
    if !written_sign {
        push_sign(out, false, field.flags);
    }
    let digits = out.len() + usize::from(written_sign);
    push_float_text(out, value, code, field.precision.unwrap_or(6), layout);
    pad_number(out, start, digits, field);
}

/// Appends text by `%s %r %a`, cut to the precision (code points).
pub fn push_text(out: &mut Vec<u8>, text: &[u8], field: &Field) {
    let shown = match field.precision {
        Some(n) => &text[..wtf8::byte_offset(text, n).unwrap_or(text.len())],
        None => text,
    };
    let len = if field.width == 0 { 0 } else { wtf8::count(shown) };
    push_padded(out, shown, len, field);
}

/// Appends one character by `%c`; the precision does not matter.
pub fn push_char(out: &mut Vec<u8>, cp: u32, field: &Field) {
    let (bytes, len) = wtf8::encode(cp);
    push_padded(out, &bytes[..len], 1, field);
}

/// Appends bytes by `%b %s %a %r` of a bytes format, cut to the precision.
pub fn push_bytes(out: &mut Vec<u8>, bytes: &[u8], field: &Field) {
    let shown = &bytes[..field.precision.map_or(bytes.len(), |n| n.min(bytes.len()))];
    push_padded(out, shown, shown.len(), field);
}

/// Appends one byte by `%c` of a bytes format.
pub fn push_byte(out: &mut Vec<u8>, byte: u8, field: &Field) {
    push_padded(out, &[byte], 1, field);
}

fn push_padded(out: &mut Vec<u8>, shown: &[u8], len: usize, field: &Field) {
    let missing = field.width.saturating_sub(len);
    let before = if field.flags.left { 0 } else { missing };
    out.resize(out.len() + before, b' ');
    out.extend_from_slice(shown);
    out.resize(out.len() + missing - before, b' ');
}
