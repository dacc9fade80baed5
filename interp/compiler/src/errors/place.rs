//! Where an error is shown: tokens, lines and brackets found in the text, without a parser.

use crate::nesting;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{InterpolatedStringErrorType, LexicalErrorType, ParseErrorType};
use std::ops::Range;

/// The end of the token that begins at an offset (not beyond its line, but for triple quotes).
pub(super) fn token_end(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    if let Some(end) = nesting::string_end(text, at) {
        return end;
    }
    if word > 0 {
        let number = rest.starts_with(|c: char| c.is_ascii_digit());
        let tail = rest[word..].strip_prefix('.').filter(|_| number).map_or(0, |fraction| {
            1 + fraction.find(|c: char| !c.is_alphanumeric()).unwrap_or(fraction.len())
        });
        return at + word + tail;
    }
    if let Some(digits) = rest.strip_prefix('.')
        && digits.starts_with(|c: char| c.is_ascii_digit())
    {
        return at + 1 + digits.find(|c: char| !c.is_alphanumeric()).unwrap_or(digits.len());
    }
    const OPERATORS: [&str; 24] = [
        "**=", "//=", ">>=", "<<=", "...", "!=", "->", ":=", "==", "<=", ">=", "<>", "+=", "-=", "*=", "/=",
        "%=", "&=", "|=", "^=", "@=", "**", "//", "<<",
    ];
    let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
    at + operator.map_or(rest.chars().next().map_or(0, char::len_utf8), |operator| operator.len())
}

/// Behind blanks.
pub(super) fn skip_blanks(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    at + rest.len() - rest.trim_start_matches([' ', '\t', '\x0c']).len()
}

/// The end of the line that an offset is in, without its break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |length| at + length)
}

/// The start of the line that an offset is in.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Nothing but blanks and a comment follow in the line.
pub(super) fn at_line_end(text: &str, at: usize) -> bool {
    let rest = text[at..line_end(text, at)].trim_start();
    rest.is_empty() || rest.starts_with('#')
}

/// The end of the last line that has something in it, at or before an offset.
pub(super) fn end_of_code(text: &str, at: usize) -> usize {
    let line = line_start(text, at);
    if text[line..line_end(text, at)].trim().is_empty() {
        let before = text[..line].trim_end_matches(['\n', '\r', ' ', '\t', '\x0c']).len();
        return if before == 0 { line_end(text, at) } else { line_end(text, before) };
    }
    line_end(text, at)
}

/// The expression, or part of one, around an offset: between the separators (`,`, `:`, `=`, brackets) before and behind
/// it, and the bracket it is in.
pub(super) struct Around {
    pub start: usize,
    pub end: usize,
    pub bracket: Option<char>,
}

pub(super) fn around(text: &str, at: usize) -> Around {
    let (mut open, mut start, mut end) = (Vec::new(), 0, text.len());
    let mut behind = 0usize;
    nesting::punctuation(text, |place, byte| {
        let opens = matches!(byte, b'(' | b'[' | b'{');
        let closes = matches!(byte, b')' | b']' | b'}');
        if place < at {
            if opens {
                open.push((byte as char, start));
                start = place + 1;
            } else if closes {
                start = open.pop().map_or(start, |(_, before)| before);
            } else if byte != b'\n' || open.is_empty() {
                start = place + 1;
            }
        } else if end == text.len() && place > at {
            if opens {
                behind += 1;
            } else if closes && behind > 0 {
                behind -= 1;
            } else if behind == 0 && (byte != b'\n' || open.is_empty()) {
                end = place;
            }
        }
    });
    let start = start + text[start..].len() - text[start..].trim_start().len();
    let end = text[..end].trim_end().len().max(at);
    Around { start: start.min(at), end, bracket: open.last().map(|(bracket, _)| *bracket) }
}

/// `end_column` of a mark one column wide that the text has no room for.
pub(super) const AFTER: i32 = i32::MIN;

/// Where an error is shown, and the message if the place tells a better one.
#[derive(Default)]
pub(super) struct Place {
    pub start: usize,
    pub end: usize,
    pub column: Option<u32>,
    pub end_column: Option<i32>,
    pub message: Option<String>,
}

impl Place {
    fn span(start: usize, end: usize) -> Place {
        Place { start, end, ..Place::default() }
    }

    fn saying(self, message: impl Into<String>) -> Place {
        Place { message: Some(message.into()), ..self }
    }
}

/// The place of the token that begins at an offset, or of the line's end.
fn of_token(text: &str, at: usize) -> Place {
    if at_line_end(text, at) {
        let end = end_of_code(text, at);
        return Place { end_column: Some(AFTER), ..Place::span(end, end) };
    }
    let start = skip_blanks(text, at);
    Place::span(start, token_end(text, start))
}

pub(super) fn of_indentation_error(text: &str, range: &Range<usize>, message: &str) -> Place {
    let line = line_start(text, range.start);
    let content = skip_blanks(text, line);
    if message.starts_with("expected an indented block") {
        if text[range.start..].trim().is_empty() {
            let end = end_of_code(text, range.start);
            return Place { end_column: Some(-1), ..Place::span(end, end) };
        }
        let start = range.start + text[range.start..].len() - text[range.start..].trim_start().len();
        return of_token(text, start);
    }
    if has_mixed_tabs(text, line) {
        let place = Place { column: Some(1), end_column: Some(0), ..Place::span(line, line) };
        return place.saying("inconsistent use of tabs and spaces in indentation");
    }
    let at = if message.starts_with("unindent") { line_end(text, line) + 1 } else { content };
    let column = text[line..at.min(text.len())].chars().count() + at.saturating_sub(text.len());
    Place { column: Some(column as u32), end_column: Some(-1), ..Place::span(line, line) }
}

/// Is the line's indentation the same as, or more than, that of the line before by one width of tabs, but not by another?
fn has_mixed_tabs(text: &str, line: usize) -> bool {
    let before = end_of_code(text, line.saturating_sub(1));
    let widths = |start: usize| {
        let blanks = &text[start..skip_blanks(text, start)];
        let wide = blanks.chars().fold(0, |width, c| if c == '\t' { width / 8 * 8 + 8 } else { width + 1 });
        (wide, blanks.chars().count())
    };
    let (here, there) = (widths(line), widths(line_start(text, before)));
    (here.0 == there.0 && here.1 != there.1) || (here.0 > there.0 && here.1 <= there.1)
}

pub(super) fn of_syntax_error(
    text: &str,
    error: &ParseErrorType,
    range: &Range<usize>,
    message: &str,
) -> Place {
    use ParseErrorType::*;
    match error {
        PositionalAfterKeywordArgument | PositionalAfterKeywordUnpacking => of_token(text, range.end),
        InvalidArgumentUnpackingOrder => {
            Place::span(text[..range.start].rfind(',').unwrap_or(range.start), range.end)
        }
        InvalidAssignmentTarget
        | InvalidNamedAssignmentTarget
        | InvalidAugmentedAssignmentTarget
        | InvalidAnnotatedAssignmentTarget
        | InvalidDeleteTarget
        | UnparenthesizedGeneratorExpression
        | IterableUnpackingInComprehension => Place::span(range.start, range.end),
        Lexical(LexicalErrorType::UnicodeError)
        | Lexical(LexicalErrorType::MissingUnicodeLbrace)
        | Lexical(LexicalErrorType::MissingUnicodeRbrace)
        | Lexical(LexicalErrorType::InvalidByteLiteral) => of_string(text, range),
        ExpectedKeywordParam if text[..range.start].trim_end().ends_with("lambda") => {
            of_token(text, range.end)
        }
        EmptyImportNames if !at_line_end(text, range.start) => {
            of_token(text, range.start).saying("invalid syntax")
        }
        Lexical(LexicalErrorType::LineContinuationError) => of_continuation(text, range.start),
        InvalidStarredExpressionUsage if around(text, range.start).bracket == Some('(') => {
            Place::span(range.start, range.end).saying("cannot use starred expression here")
        }
        FStringError(inner) | Lexical(LexicalErrorType::FStringError(inner)) => {
            of_interpolation(text, inner, range)
        }
        OtherError(what) if what == "Expected a parameter name" => of_keyword(text, range),
        OtherError(_) if message.starts_with("cannot mix bytes") => of_token(text, range.end),
        EmptyImportNames => {
            let place = of_token(text, range.start);
            Place { end_column: None, end: place.start, ..place }
        }
        OtherError(_)
            if message.starts_with("expected 'except'") && text[range.start..].trim().is_empty() =>
        {
            Place { end_column: Some(-1), ..of_token(text, range.start) }
        }
        OtherError(_) if message.starts_with("only single target") => Place::span(range.start, range.end),
        OtherError(_) if message.starts_with("* argument") => Place::span(range.start, range.start + 1),
        _ if message.starts_with("Missing parentheses") => {
            let line = skip_blanks(text, line_start(text, range.start));
            let end =
                text[line..line_end(text, line)].find([';', '#']).map_or(line_end(text, line), |n| line + n);
            Place::span(line, line + text[line..end].trim_end().len())
        }
        _ if message == "invalid syntax" => of_unexpected_token(text, error, range.start),
        _ => Place::span(range.start, range.end),
    }
}

/// The whole literal with an error inside, prefix and all.
fn of_string(text: &str, range: &Range<usize>) -> Place {
    let Some((start, end)) = nesting::string_around(text, range.start) else {
        return Place::span(range.start, range.end);
    };
    let prefix = text[..start].bytes().rev().take_while(|byte| b"rRbBfFuUtT".contains(byte)).count();
    Place::span(start - prefix.min(2), end)
}

/// The parser says only that a token does not fit: sometimes the place says more.
fn of_unexpected_token(text: &str, error: &ParseErrorType, at: usize) -> Place {
    let token = of_token(text, at);
    let rest = &text[token.start..];
    if rest.starts_with("not") && token.end == token.start + 3 {
        return of_token(text, token.end);
    }
    let line = &text[skip_blanks(text, line_start(text, token.start))..token.start.min(text.len())];
    let word = line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let around = around(text, token.start);
    if matches!(word, "if" | "elif" | "while") && rest.starts_with('=') && around.bracket.is_none() {
        return comparison_meant(text, token, word);
    }
    if let ParseErrorType::ExpectedToken { expected: TokenKind::Colon, .. } = error
        && !matches!(around.bracket, Some('(' | '['))
    {
        return colon_missing(text, token, word, &around);
    }
    if let ParseErrorType::ExpectedToken { expected: TokenKind::Else, .. } = error {
        let end = text[..token.start].trim_end().len();
        return Place::span(around.start.min(end), end).saying("expected 'else' after 'if' expression");
    }
    if around.bracket == Some('{')
        && text[..token.start].trim_end().ends_with(':')
        && rest.starts_with(['}', ','])
    {
        let colon = text[..token.start].trim_end().len() - 1;
        return Place::span(colon, colon + 1).saying("expression expected after dictionary key and ':'");
    }
    if let Some(message) = expression_wanted(text, error, &token) {
        return token.saying(message);
    }
    let parameters = matches!(word, "def" | "async") && line.matches('(').count() == 1 && !line.contains(')');
    if parameters {
        return token;
    }
    match around.bracket.and_then(|_| comma_forgotten(text, &token, &around)) {
        Some(end) => Place::span(around.start, end).saying("invalid syntax. Perhaps you forgot a comma?"),
        None => token,
    }
}

/// An expression is missing: in braces of an f-string, or behind `else`.
fn expression_wanted(text: &str, error: &ParseErrorType, token: &Place) -> Option<String> {
    if !matches!(error, ParseErrorType::ExpectedExpression) {
        return None;
    }
    let before = text[..token.start].trim_end();
    let line = &before[line_start(text, token.start).min(before.len())..];
    if before.ends_with(" else") && line.contains(" if ") {
        return Some("expected expression after 'else', but statement is given".to_owned());
    }
    let next = text[token.start..].chars().next().filter(|c| "}!:=".contains(*c))?;
    let (start, _) = nesting::string_around(text, token.start).filter(|_| before.ends_with('{'))?;
    let is_template = text[..start].ends_with(['t', 'T']);
    let kind = if is_template { "t-string" } else { "f-string" };
    Some(format!("{kind}: valid expression required before '{next}'"))
}

fn of_interpolation(text: &str, error: &InterpolatedStringErrorType, range: &Range<usize>) -> Place {
    let found = &text[range.start..range.end.max(range.start)];
    let place = Place::span(range.start, range.end);
    match error {
        InterpolatedStringErrorType::InvalidConversionFlag if text[range.start..].starts_with('}') => {
            place.saying("f-string: missing conversion character")
        }
        InterpolatedStringErrorType::InvalidConversionFlag => place
            .saying(format!("f-string: invalid conversion character '{found}': expected 's', 'r', or 'a'")),
        _ => place,
    }
}

/// `f(1=2)`: all up to the equals sign.
fn of_keyword(text: &str, range: &Range<usize>) -> Place {
    let start = around(text, range.start).start;
    let Some(length) = text[range.start..line_end(text, range.start)].find('=') else {
        return of_token(text, range.start);
    };
    let place = Place::span(start, range.start + length + 1);
    match text[start..range.start + length].trim() {
        constant @ ("True" | "False" | "None") => place.saying(format!("cannot assign to {constant}")),
        _ => place.saying("expression cannot contain assignment, perhaps you meant \"==\"?"),
    }
}

/// A backslash that does not end its line, or ends the program.
fn of_continuation(text: &str, at: usize) -> Place {
    let at = text[at..].find('\\').map_or(at, |length| at + length);
    let column = text[line_start(text, at)..at].chars().count() as u32 + 2;
    let ends = text[at..].trim_start_matches('\\').trim().is_empty();
    let place =
        Place { column: Some(column), end_column: Some(if ends { -1 } else { 0 }), ..Place::span(at, at) };
    if ends { place.saying("unexpected EOF while parsing") } else { place }
}

fn colon_missing(text: &str, token: Place, word: &str, around: &Around) -> Place {
    let ends_line = token.end_column == Some(AFTER);
    const COMPOUND: [&str; 8] = ["class", "for", "while", "if", "elif", "with", "match", "async"];
    if around.bracket == Some('{') {
        let start = around.start.min(token.start);
        let place = Place { end_column: Some(0), ..Place::span(start, start) };
        return match parses(&text[start..token.start]) {
            true => place.saying("':' expected after dictionary key"),
            false => token,
        };
    }
    if matches!(word, "def" | "try" | "else" | "finally") || ends_line && COMPOUND.contains(&word) {
        return token.saying("expected ':'");
    }
    token
}

/// `if x = 1:`
fn comparison_meant(text: &str, token: Place, word: &str) -> Place {
    let line = skip_blanks(text, line_start(text, token.start));
    let start = skip_blanks(text, line + word.len());
    let target = text[start..token.start].trim_end();
    let value_start = skip_blanks(text, token.end);
    let value_end = around(text, value_start).end;
    if !parses(target) || !parses(text.get(value_start..value_end).unwrap_or("")) {
        return token;
    }
    if target.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !target.starts_with(|c: char| c.is_ascii_digit())
    {
        let message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
        return Place::span(start, value_end).saying(message);
    }
    let words = super::target_words(text, &(start..start + target.len()));
    let message = format!("cannot assign to {words} here. Maybe you meant '==' instead of '='?");
    Place::span(start, start + target.len()).saying(message)
}

/// Two expressions side by side in brackets: where the second one ends.
fn comma_forgotten(text: &str, token: &Place, around: &Around) -> Option<usize> {
    let first = text.get(around.start..token.start)?.trim_end();
    let is_name = first.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !first.starts_with(|c: char| c.is_ascii_digit());
    let second_is_string = nesting::string_end(text, token.start).is_some();
    if first.is_empty() || !parses(first) || is_name && second_is_string {
        return None;
    }
    [around.end, token.end]
        .into_iter()
        .find(|&end| end > token.start && text.get(token.start..end).is_some_and(parses))
}

/// Longer texts are not tried.
const MAX_TRIED: usize = 2000;

fn parses(text: &str) -> bool {
    text.len() <= MAX_TRIED && ruff_python_parser::parse_expression(text.trim()).is_ok()
}
