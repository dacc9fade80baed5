//! Reading a specification.

use super::FormatError;
use crate::unicode::decimal_value;
use crate::wtf8;

/// Where the padding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
    /// `=`: between sign and digits.
    AfterSign,
}

/// How a sign is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Only a minus (`-` or nothing given).
    Minus,
    /// `+`
    Plus,
    /// A space for the plus.
    Space,
}

/// Digit grouping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// `,`
    Comma,
    /// `_`
    Underscore,
}

impl Grouping {
    /// The separator.
    pub fn separator(self) -> char {
        match self {
            Grouping::Comma => ',',
            Grouping::Underscore => '_',
        }
    }
}

/// The kind of value formatted: it sets default type and alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `str`: type `s`, left.
    Str,
    /// `int`: type `d`, right.
    Int,
    /// `float`, `complex`: no type, right.
    Float,
}

/// A specification that was read and checked as far as the kind of value does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatSpec {
    /// Padding code point.
    pub fill: u32,
    /// Alignment, given or default.
    pub align: Align,
    /// Sign as given.
    pub sign: Option<Sign>,
    /// `z`: no negative zero.
    pub coerce_zero: bool,
    /// `#`
    pub alternate: bool,
    /// Least number of code points.
    pub width: Option<usize>,
    /// Grouping of the integer part.
    pub grouping: Option<Grouping>,
    /// Grouping of the fraction.
    pub fraction_grouping: Option<Grouping>,
    /// Precision.
    pub precision: Option<usize>,
    /// Type letter; 0 for none.
    pub code: u32,
}

impl FormatSpec {
    fn new(kind: Kind) -> Self {
        FormatSpec {
            fill: u32::from(b' '),
            align: if kind == Kind::Str { Align::Left } else { Align::Right },
            sign: None,
            coerce_zero: false,
            alternate: false,
            width: None,
            grouping: None,
            fraction_grouping: None,
            precision: None,
            code: match kind {
                Kind::Str => u32::from(b's'),
                Kind::Int => u32::from(b'd'),
                Kind::Float => 0,
            },
        }
    }
}

fn align_of(cp: u32) -> Option<Align> {
    match u8::try_from(cp).ok()? {
        b'<' => Some(Align::Left),
        b'>' => Some(Align::Right),
        b'^' => Some(Align::Center),
        b'=' => Some(Align::AfterSign),
        _ => None,
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u32> {
        (self.at < self.text.len()).then(|| wtf8::decode_at(self.text, self.at).0)
    }

    fn peek_second(&self) -> Option<u32> {
        let next = self.at + wtf8::sequence_len(*self.text.get(self.at)?);
        (next < self.text.len()).then(|| wtf8::decode_at(self.text, next).0)
    }

    fn skip(&mut self) {
        if self.at < self.text.len() {
            self.at += wtf8::sequence_len(self.text[self.at]);
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let hit = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(hit);
        hit
    }

    fn number(&mut self) -> Result<Option<usize>, FormatError> {
        let mut value = None;
        while let Some(digit) = self.peek().and_then(decimal_value) {
            let n = value.unwrap_or(0usize);
            let next = n.checked_mul(10).and_then(|n| n.checked_add(digit as usize));
            value = Some(next.filter(|&n| n <= isize::MAX as usize).ok_or(FormatError::TooManyDigits)?);
            self.skip();
        }
        Ok(value)
    }

    fn grouping(&mut self) -> Result<Option<Grouping>, FormatError> {
        let comma = self.eat(b',');
        if self.eat(b'_') {
            let both = comma || self.text.get(self.at) == Some(&b',');
            return if both { Err(FormatError::BothSeparators) } else { Ok(Some(Grouping::Underscore)) };
        }
        Ok(comma.then_some(Grouping::Comma))
    }
}

/// Reads `text` for a value of `kind`; `type_name` is for the messages.
pub fn parse(text: &[u8], kind: Kind, type_name: &str) -> Result<FormatSpec, FormatError> {
    let mut spec = FormatSpec::new(kind);
    let mut r = Reader { text, at: 0 };
    read_flags(&mut r, &mut spec, kind);
    spec.width = r.number()?;
    spec.grouping = r.grouping()?;
    if r.eat(b'.') {
        spec.precision = r.number()?;
        spec.fraction_grouping = r.grouping()?;
        if spec.precision.is_none() && spec.fraction_grouping.is_none() {
            return Err(FormatError::MissingPrecision);
        }
    }
    if let Some(code) = r.peek() {
        spec.code = code;
        r.skip();
    }
    if r.at < text.len() {
        let spec = wtf8::to_string_lossy(text);
        return Err(FormatError::Invalid { spec, type_name: type_name.into() });
    }
    check_grouping(&spec)?;
    Ok(spec)
}

/// Fill, alignment, sign, `z`, `#` and `0`.
fn read_flags(r: &mut Reader<'_>, spec: &mut FormatSpec, kind: Kind) {
    let mut fill_given = false;
    let mut align_given = true;
    if let Some(align) = r.peek_second().and_then(align_of) {
        spec.fill = r.peek().unwrap_or(spec.fill);
        spec.align = align;
        fill_given = true;
        r.skip();
        r.skip();
    } else if let Some(align) = r.peek().and_then(align_of) {
        spec.align = align;
        r.skip();
    } else {
        align_given = false;
    }
    spec.sign = match r.peek() {
        Some(0x2b) => Some(Sign::Plus),
        Some(0x2d) => Some(Sign::Minus),
        Some(0x20) => Some(Sign::Space),
        _ => None,
    };
    r.at += usize::from(spec.sign.is_some());
    spec.coerce_zero = r.eat(b'z');
    spec.alternate = r.eat(b'#');
    if !fill_given && r.eat(b'0') {
        spec.fill = u32::from(b'0');
        if !align_given && kind != Kind::Str {
            spec.align = Align::AfterSign;
        }
    }
}

fn check_grouping(spec: &FormatSpec) -> Result<(), FormatError> {
    let refuse = |g: Grouping| Err(FormatError::Grouping { separator: g.separator(), code: spec.code });
    let code = u8::try_from(spec.code).unwrap_or(b'?');
    let is_float = matches!(code, b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%' | 0);
    if let Some(g) = spec.grouping {
        let in_groups_of_four = matches!(code, b'b' | b'o' | b'x' | b'X') && g == Grouping::Underscore;
        if !(is_float || code == b'd' || in_groups_of_four) {
            return refuse(g);
        }
    }
    match spec.fraction_grouping {
        Some(g) if !is_float => refuse(g),
        _ => Ok(()),
    }
}
