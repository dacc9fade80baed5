//! String and bytes literals, f-strings.
//!
//! The parser's strings are UTF-8, so lone surrogates written as escapes are lost there. A literal whose value holds
//! the replacement character is therefore decoded again from its source text, into WTF-8.

use crate::emit::{Compiler, Reg};
use crate::errors::Res;
use crate::source::Source;
use hoop_bytecode::{Const, Op};
use ruff_python_ast::str_prefix::{FStringPrefix, StringLiteralPrefix};
use ruff_python_ast::{
    ConversionFlag, ExprBytesLiteral, ExprFString, ExprStringLiteral, FStringPart, InterpolatedElement,
    InterpolatedStringElement, InterpolatedStringLiteralElement, StringLiteral,
};
use ruff_text_size::{Ranged, TextRange};

const REPLACEMENT: char = '\u{fffd}';

/// The value of a string literal as WTF-8.
pub(crate) fn string(source: &Source, literal: &ExprStringLiteral) -> Vec<u8> {
    let mut out = Vec::new();
    for part in literal.value.iter() {
        append(&mut out, &string_part(source, part));
    }
    out
}

/// The value of a bytes literal.
pub(crate) fn bytes(literal: &ExprBytesLiteral) -> Vec<u8> {
    literal.value.iter().flat_map(|part| part.value.iter().copied()).collect()
}

fn string_part(source: &Source, part: &StringLiteral) -> Vec<u8> {
    let raw = matches!(part.flags.prefix(), StringLiteralPrefix::Raw { .. });
    if raw || !part.value.contains(REPLACEMENT) {
        return part.value.as_bytes().to_vec();
    }
    decode_escapes(source.slice(part.content_range()), false)
}

fn f_string_text(source: &Source, part: &InterpolatedStringLiteralElement, raw: bool) -> Vec<u8> {
    if raw || !part.value.contains(REPLACEMENT) {
        return part.value.as_bytes().to_vec();
    }
    decode_escapes(source.slice(part.range), true)
}

/// Appends WTF-8, joining a high and a low surrogate that meet.
fn append(out: &mut Vec<u8>, more: &[u8]) {
    let joined = match (out.last_chunk::<3>(), more.first_chunk::<3>()) {
        (Some([0xed, b @ 0xa0..=0xaf, c]), Some([0xed, e @ 0xb0..=0xbf, f])) => {
            let high = (*b as u32 & 0x0f) << 6 | (*c as u32 & 0x3f);
            let low = (*e as u32 & 0x0f) << 6 | (*f as u32 & 0x3f);
            char::from_u32(0x10000 + (high << 10) + low)
        }
        _ => None,
    };
    match joined {
        // Escapes name single code points: '\ud800' '\udc00' stays two of them, which WTF-8 cannot tell from one.
        Some(joined) => {
            out.truncate(out.len() - 3);
            push_code_point(out, joined as u32);
            out.extend_from_slice(&more[3..]);
        }
        None => out.extend_from_slice(more),
    }
}

/// Resolves the escapes of a literal's source text.
fn decode_escapes(text: &str, braces: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => decode_escape(&mut chars, &mut out),
            '{' | '}' if braces => {
                chars.next_if_eq(&c);
                push_code_point(&mut out, c as u32);
            }
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push(b'\n');
            }
            c => push_code_point(&mut out, c as u32),
        }
    }
    out
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn decode_escape(chars: &mut Chars, out: &mut Vec<u8>) {
    let Some(c) = chars.next() else { return out.push(b'\\') };
    let code = match c {
        '\n' => return,
        '\r' => {
            chars.next_if_eq(&'\n');
            return;
        }
        '\\' | '\'' | '"' => c as u32,
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        'x' => digits(chars, 16, 2, 0),
        'u' => digits(chars, 16, 4, 0),
        'U' => digits(chars, 16, 8, 0),
        '0'..='7' => digits(chars, 8, 2, c as u32 - '0' as u32),
        'N' if chars.peek() == Some(&'{') => {
            // The names are the parser's business; in a literal with surrogates they are not resolved again.
            while chars.next().is_some_and(|c| c != '}') {}
            REPLACEMENT as u32
        }
        other => {
            out.push(b'\\');
            other as u32
        }
    };
    push_code_point(out, code);
}

fn digits(chars: &mut Chars, radix: u32, count: usize, start: u32) -> u32 {
    let mut value = start;
    for _ in 0..count {
        match chars.next_if(|c| c.is_digit(radix)).and_then(|c| c.to_digit(radix)) {
            Some(digit) => value = value.wrapping_mul(radix).wrapping_add(digit),
            None => break,
        }
    }
    value
}

/// Appends a code point, surrogates included.
fn push_code_point(out: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => {
            let code = code.min(0xffff);
            out.extend_from_slice(&[
                0xe0 | (code >> 12) as u8,
                0x80 | (code >> 6 & 0x3f) as u8,
                0x80 | (code & 0x3f) as u8,
            ]);
        }
    }
}

/// A piece of an f-string.
enum Piece<'a> {
    Text(Vec<u8>),
    Value(&'a InterpolatedElement),
}

impl<'a> Compiler<'a> {
    pub fn f_string(&mut self, e: &'a ExprFString, to: Reg) -> Res {
        let mut pieces = Vec::new();
        for part in e.value.iter() {
            match part {
                FStringPart::Literal(literal) => add_text(&mut pieces, string_part(self.source, literal)),
                FStringPart::FString(string) => {
                    let raw = matches!(string.flags.prefix(), FStringPrefix::Raw { .. });
                    self.collect_pieces(&string.elements, raw, &mut pieces);
                }
            }
        }
        self.build_string(e.range, pieces, to)
    }

    fn collect_pieces(
        &self,
        elements: &'a [InterpolatedStringElement],
        raw: bool,
        pieces: &mut Vec<Piece<'a>>,
    ) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    add_text(pieces, f_string_text(self.source, literal, raw));
                }
                InterpolatedStringElement::Interpolation(value) => {
                    if let Some(debug) = &value.debug_text {
                        add_text(pieces, debug.as_str().as_bytes().to_vec());
                    }
                    pieces.push(Piece::Value(value));
                }
            }
        }
    }

    fn build_string(&mut self, at: TextRange, pieces: Vec<Piece<'a>>, to: Reg) -> Res {
        match pieces.as_slice() {
            [] => {
                self.load_const(at, to, Const::str(""));
                return Ok(());
            }
            [Piece::Text(text)] => {
                self.load_const(at, to, Const::Str(text.clone()));
                return Ok(());
            }
            [Piece::Value(value)] => return self.formatted(value, to),
            _ => {}
        }
        let count = pieces.len();
        let window = self.mark().min(u16::MAX as u32) as Reg;
        for piece in pieces {
            let register = self.temp();
            match piece {
                Piece::Text(text) => self.load_const(at, register, Const::Str(text)),
                Piece::Value(value) => {
                    let mark = self.mark();
                    self.formatted(value, register)?;
                    self.release(mark);
                }
            }
        }
        self.emit(at, Op::BuildString, to, window, count as u16);
        Ok(())
    }

    fn formatted(&mut self, e: &'a InterpolatedElement, to: Reg) -> Res {
        let scratch = self.scratch(to);
        let spec = e.format_spec.as_deref();
        let conversion = match e.conversion {
            ConversionFlag::None if e.debug_text.is_some() && spec.is_none() => 2,
            ConversionFlag::None => 0,
            ConversionFlag::Str => 1,
            ConversionFlag::Repr => 2,
            ConversionFlag::Ascii => 3,
        };
        let Some(spec) = spec else {
            let value = self.operand_in(&e.expression, scratch)?;
            self.emit(e.range, Op::Format, to, value, conversion);
            return Ok(());
        };
        self.expr(&e.expression, scratch)?;
        if conversion != 0 {
            self.emit(e.range, Op::Convert, scratch, scratch, conversion);
        }
        let mut pieces = Vec::new();
        self.collect_pieces(&spec.elements, false, &mut pieces);
        let spec_register = self.temp();
        self.build_string(spec.range(), pieces, spec_register)?;
        self.emit(e.range, Op::FormatSpec, to, scratch, spec_register);
        Ok(())
    }
}

fn add_text(pieces: &mut Vec<Piece>, text: Vec<u8>) {
    match pieces.last_mut() {
        Some(Piece::Text(last)) => append(last, &text),
        _ if text.is_empty() => {}
        _ => pieces.push(Piece::Text(text)),
    }
}
