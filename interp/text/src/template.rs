//! `str.format`: replacement fields, field names, automatic numbering.
//!
//! [`TemplateParser`] gives pieces of a template (it is also `_string.formatter_parser`), [`split_field_name`]
//! takes a field name apart (`_string.formatter_field_name_split`), [`AutoNumber`] hands out the numbers of
//! empty names. Looking up, converting and formatting are the caller's.

use crate::ErrorKind;
use crate::unicode::decimal_value;
use crate::wtf8;
use std::fmt;

/// How deep specifications may nest replacement fields.
pub const MAX_NESTING: usize = 2;

/// Why a template is malformed, or cannot be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateError {
    /// A lone `{` at the end.
    SingleOpen,
    /// A lone `}`.
    SingleClose,
    /// The text ends within a field.
    ExpectedClose,
    /// `{` within a field name.
    OpenInName,
    /// The text ends after `!`.
    MissingConversion,
    /// Something other than `:` or `}` after the conversion.
    ExpectedColon,
    /// The text ends within a specification.
    UnmatchedOpen,
    /// The conversion is not `s`, `r` or `a`.
    UnknownConversion(u32),
    /// Nothing after `.` or within `[]`.
    EmptyAttribute,
    /// `[` without `]`.
    MissingBracket,
    /// Text after `]`.
    AfterBracket,
    /// An index beyond 63 bits.
    TooManyDigits,
    /// `{}` after `{0}`.
    ManualToAuto,
    /// `{0}` after `{}`.
    AutoToManual,
    /// Specifications nest too deep.
    Recursion,
    /// An index without an argument.
    IndexRange(usize),
    /// `format_map` with `{}` or `{0}`.
    PositionalInMap,
}

impl TemplateError {
    /// The exception class.
    pub fn kind(&self) -> ErrorKind {
        if matches!(self, TemplateError::IndexRange(_)) { ErrorKind::Index } else { ErrorKind::Value }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use TemplateError::*;
        f.write_str(match self {
            SingleOpen => "Single '{' encountered in format string",
            SingleClose => "Single '}' encountered in format string",
            ExpectedClose => "expected '}' before end of string",
            OpenInName => "unexpected '{' in field name",
            MissingConversion => "end of string while looking for conversion specifier",
            ExpectedColon => "expected ':' after conversion specifier",
            UnmatchedOpen => "unmatched '{' in format spec",
            UnknownConversion(cp @ 33..=126) => {
                return write!(f, "Unknown conversion specifier {}", *cp as u8 as char);
            }
            UnknownConversion(cp) => return write!(f, "Unknown conversion specifier \\x{cp:x}"),
            EmptyAttribute => "Empty attribute in format string",
            MissingBracket => "Missing ']' in format string",
            AfterBracket => "Only '.' or '[' may follow ']' in format field specifier",
            TooManyDigits => "Too many decimal digits in format string",
            ManualToAuto => "cannot switch from manual field specification to automatic field numbering",
            AutoToManual => "cannot switch from automatic field numbering to manual field specification",
            Recursion => "Max string recursion exceeded",
            IndexRange(index) => {
                return write!(f, "Replacement index {index} out of range for positional args tuple");
            }
            PositionalInMap => "Format string contains positional fields",
        })
    }
}

/// A replacement field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplacementField<'a> {
    /// Everything before `!`, `:` or `}`.
    pub name: &'a [u8],
    /// The code point after `!`.
    pub conversion: Option<u32>,
    /// Everything after `:`.
    pub spec: &'a [u8],
    /// The specification holds `{` or `}` and must be formatted itself.
    pub nested: bool,
}

/// Literal text (doubled braces already single) and the field that follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateItem<'a> {
    /// May be empty.
    pub literal: &'a [u8],
    /// `None` at the end of the template and after an escaped brace.
    pub field: Option<ReplacementField<'a>>,
}

/// Walks a template.
#[derive(Clone, Debug)]
pub struct TemplateParser<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> TemplateParser<'a> {
    /// Starts at the beginning.
    pub fn new(text: &'a [u8]) -> Self {
        TemplateParser { text, at: 0 }
    }

    fn item(&mut self) -> Result<TemplateItem<'a>, TemplateError> {
        let rest = &self.text[self.at..];
        let Some(brace) = memchr::memchr2(b'{', b'}', rest) else {
            self.at = self.text.len();
            return Ok(TemplateItem { literal: rest, field: None });
        };
        let doubled = rest.get(brace + 1) == Some(&rest[brace]);
        if doubled {
            self.at += brace + 2;
            return Ok(TemplateItem { literal: &rest[..=brace], field: None });
        }
        if rest[brace] == b'}' {
            return Err(TemplateError::SingleClose);
        }
        if brace + 1 == rest.len() {
            return Err(TemplateError::SingleOpen);
        }
        self.at += brace + 1;
        Ok(TemplateItem { literal: &rest[..brace], field: Some(self.field()?) })
    }

    fn field(&mut self) -> Result<ReplacementField<'a>, TemplateError> {
        let (name, end) = self.name()?;
        let mut field = ReplacementField { name, conversion: None, spec: b"", nested: false };
        match end {
            b'}' => return Ok(field),
            b'!' => {
                field.conversion = Some(self.conversion()?);
                match self.text.get(self.at) {
                    None => return Err(TemplateError::UnmatchedOpen),
                    Some(b'}') => {
                        self.at += 1;
                        return Ok(field);
                    }
                    Some(b':') => self.at += 1,
                    Some(_) => return Err(TemplateError::ExpectedColon),
                }
            }
            _ => {}
        }
        (field.spec, field.nested) = self.spec()?;
        Ok(field)
    }

    /// The name and the byte that ends it, which is skipped. Within `[]` nothing ends it.
    fn name(&mut self) -> Result<(&'a [u8], u8), TemplateError> {
        let rest = &self.text[self.at..];
        let mut in_brackets = false;
        for (i, &b) in rest.iter().enumerate() {
            match b {
                b'{' => return Err(TemplateError::OpenInName),
                b'[' => in_brackets = true,
                b']' => in_brackets = false,
                b'}' | b':' | b'!' if !in_brackets => {
                    self.at += i + 1;
                    return Ok((&rest[..i], b));
                }
                _ => {}
            }
        }
        Err(TemplateError::ExpectedClose)
    }

    fn conversion(&mut self) -> Result<u32, TemplateError> {
        if self.at >= self.text.len() {
            return Err(TemplateError::MissingConversion);
        }
        let (cp, len) = wtf8::decode_at(self.text, self.at);
        self.at += len;
        Ok(cp)
    }

    /// The specification up to the matching `}`, and whether braces occur in it.
    fn spec(&mut self) -> Result<(&'a [u8], bool), TemplateError> {
        let rest = &self.text[self.at..];
        let mut depth = 1;
        for i in memchr::memchr2_iter(b'{', b'}', rest) {
            if rest[i] == b'{' {
                depth += 1;
            } else {
                depth -= 1;
            }
            if depth == 0 {
                self.at += i + 1;
                return Ok((&rest[..i], rest[..i].contains(&b'{')));
            }
        }
        Err(TemplateError::UnmatchedOpen)
    }
}

impl<'a> Iterator for TemplateParser<'a> {
    type Item = Result<TemplateItem<'a>, TemplateError>;

    /// After an error the parser must not be used further.
    fn next(&mut self) -> Option<Self::Item> {
        (self.at < self.text.len()).then(|| self.item())
    }
}

/// The first part of a field name, or the content of `[]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// All digits.
    Index(usize),
    /// Anything else; empty for automatic numbering.
    Name(&'a [u8]),
}

/// What follows the first part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accessor<'a> {
    /// `.name`
    Attribute(&'a [u8]),
    /// `[key]`
    Item(Key<'a>),
}

/// Reads a key: an index if it is all decimal digits.
fn key(text: &[u8]) -> Result<Key<'_>, TemplateError> {
    let mut n = 0usize;
    if text.is_empty() {
        return Ok(Key::Name(text));
    }
    for cp in wtf8::code_points(text) {
        let Some(digit) = decimal_value(cp) else { return Ok(Key::Name(text)) };
        let next = n.checked_mul(10).and_then(|n| n.checked_add(digit as usize));
        n = next.filter(|&n| n <= isize::MAX as usize).ok_or(TemplateError::TooManyDigits)?;
    }
    Ok(Key::Index(n))
}

/// Takes a field name apart: `a.b[0]` is the name `a`, then `.b`, then `[0]`.
pub fn split_field_name(name: &[u8]) -> Result<(Key<'_>, Accessors<'_>), TemplateError> {
    let end = memchr::memchr2(b'.', b'[', name).unwrap_or(name.len());
    Ok((key(&name[..end])?, Accessors { rest: &name[end..] }))
}

/// Walks the accessors of a field name.
#[derive(Clone, Debug)]
pub struct Accessors<'a> {
    rest: &'a [u8],
}

impl<'a> Accessors<'a> {
    fn accessor(&mut self, first: u8) -> Result<Accessor<'a>, TemplateError> {
        let body = &self.rest[1..];
        match first {
            b'.' => {
                let end = memchr::memchr2(b'.', b'[', body).unwrap_or(body.len());
                self.rest = &body[end..];
                if end == 0 {
                    return Err(TemplateError::EmptyAttribute);
                }
                Ok(Accessor::Attribute(&body[..end]))
            }
            b'[' => {
                let end = memchr::memchr(b']', body).ok_or(TemplateError::MissingBracket)?;
                self.rest = &body[end + 1..];
                if end == 0 {
                    return Err(TemplateError::EmptyAttribute);
                }
                Ok(Accessor::Item(key(&body[..end])?))
            }
            _ => Err(TemplateError::AfterBracket),
        }
    }
}

impl<'a> Iterator for Accessors<'a> {
    type Item = Result<Accessor<'a>, TemplateError>;

    /// After an error the walk must not go on.
    fn next(&mut self) -> Option<Self::Item> {
        let first = *self.rest.first()?;
        Some(self.accessor(first))
    }
}

/// Automatic numbering of one call of `format`, shared by nested specifications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AutoNumber {
    next: usize,
    manual: Option<bool>,
}

impl AutoNumber {
    /// Turns an empty name into the next index; refuses a mixture of empty names and indices.
    pub fn resolve<'a>(&mut self, first: Key<'a>) -> Result<Key<'a>, TemplateError> {
        let manual = match first {
            Key::Index(_) => true,
            Key::Name([]) => false,
            Key::Name(_) => return Ok(first),
        };
        match (self.manual, manual) {
            (Some(true), false) => return Err(TemplateError::ManualToAuto),
            (Some(false), true) => return Err(TemplateError::AutoToManual),
            _ => self.manual = Some(manual),
        }
        if manual {
            return Ok(first);
        }
        self.next += 1;
        Ok(Key::Index(self.next - 1))
    }
}
