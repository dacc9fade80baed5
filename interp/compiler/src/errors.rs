//! Compile errors as data, with CPython's texts where they are common ones.

mod escapes;
mod number;
mod place;

use crate::source::Source;
use ruff_python_parser::{InterpolatedStringErrorType, LexicalErrorType, ParseErrorType};
use ruff_text_size::{TextRange, TextSize};
use std::fmt;

/// The exception class that a compile error becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    SyntaxError,
    IndentationError,
    TabError,
    /// The program nests too deeply.
    RecursionError,
    /// There is no memory for a stack that the deepest tree of such a source would need.
    MemoryError,
    /// The source cannot be decoded or holds null bytes.
    ValueError,
    /// The program exceeds a limit of the bytecode.
    OverflowError,
}

/// Why a source does not compile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompileError {
    pub kind: ErrorKind,
    pub message: String,
    pub filename: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters (as `SyntaxError.offset`).
    pub column: u32,
    pub end_line: u32,
    /// From 1; 0 and -1 where CPython knows no end.
    pub end_column: i32,
    /// The source line; empty if there is none to show.
    pub text: String,
    /// The source ended where more could follow (for interactive input).
    pub incomplete: bool,
}

impl CompileError {
    /// There is no memory to compile in; no place is to blame.
    pub(crate) fn no_memory(filename: &str) -> CompileError {
        CompileError {
            kind: ErrorKind::MemoryError,
            message: String::new(),
            filename: filename.to_string(),
            line: 0,
            column: 0,
            end_line: 0,
            end_column: 0,
            text: String::new(),
            incomplete: false,
        }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {} ({}, line {})", self.kind, self.message, self.filename, self.line)
    }
}

impl std::error::Error for CompileError {}

/// The result of a compilation step.
pub(crate) type Res<T = ()> = Result<T, Box<CompileError>>;

/// An error that the compiler finds in the tree, at a source range. Sources that are no files have no line to show by
/// then.
pub(crate) fn error_at(
    source: &Source,
    kind: ErrorKind,
    range: TextRange,
    message: impl Into<String>,
) -> Box<CompileError> {
    let mut result = parse_error(source, kind, range, message);
    if source.filename.starts_with('<') {
        result.text.clear();
    }
    result
}

/// An error at a source range, with its line.
fn parse_error(
    source: &Source,
    kind: ErrorKind,
    range: TextRange,
    message: impl Into<String>,
) -> Box<CompileError> {
    let (line, column) = source.line_column(range.start());
    let (end_line, end_column) = source.line_column(range.end());
    Box::new(CompileError {
        kind,
        message: message.into(),
        filename: source.filename.clone(),
        line,
        column: column + 1,
        end_line,
        end_column: end_column as i32 + 1,
        text: source.line_text(line).to_owned(),
        incomplete: false,
    })
}

/// How the source line of an error of the parser is shown.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    /// With a line break, even if the source has none: the parser saw the whole line.
    Broken,
    /// Without: the tokenizer stopped in it.
    Bare,
}

/// Turns the errors of the parser into the one that CPython reports. Those of its tokenizer go before all others.
pub(crate) fn from_parse_errors(
    source: &Source,
    errors: &[ruff_python_parser::ParseError],
    mode: crate::Mode,
) -> Option<Box<CompileError>> {
    let error = errors.first()?;
    let whole = mode != crate::Mode::Eval;
    let token = token_error(source, errors);
    let unclosed = crate::nesting::unclosed(&source.text).filter(|place| is_blamed(source, error, place));
    let mut result = match (token, unclosed) {
        (Some(token), _) => token,
        (None, Some((at, bracket))) => unclosed_bracket(source, at, bracket),
        (None, None) => grammar_error(source, error),
    };
    if whole && !result.0.text.ends_with('\n') {
        result.0.text.push('\n');
    }
    if result.1 == Line::Bare {
        let length = result.0.text.trim_end_matches(['\n', '\r']).len();
        result.0.text.truncate(length);
    }
    Some(result.0)
}

/// An error that says nothing, in a line after the bracket's, is the bracket's fault; so is one at the end.
fn is_blamed(source: &Source, error: &ruff_python_parser::ParseError, place: &(usize, char)) -> bool {
    let start = error.location.start();
    let at_end = source.text.get(start.to_usize()..).unwrap_or("").trim().is_empty();
    let (opened, _) = source.line_column(TextSize::new(place.0 as u32));
    let (line, _) = source.line_column(start);
    at_end || (line > opened && describe(source, error).1.starts_with("invalid syntax"))
}

fn unclosed_bracket(source: &Source, at: usize, bracket: char) -> (Box<CompileError>, Line) {
    let range = TextRange::at(TextSize::new(at as u32), TextSize::new(1));
    let message = format!("'{bracket}' was never closed");
    let mut result = parse_error(source, ErrorKind::SyntaxError, range, message);
    result.incomplete = true;
    result.end_column = 0;
    let is_last = source.text[at..].trim_end().find('\n').is_none();
    (result, if is_last { Line::Broken } else { Line::Bare })
}

/// An error that CPython's tokenizer finds: it goes before the parser's, wherever it is.
fn token_error(
    source: &Source,
    errors: &[ruff_python_parser::ParseError],
) -> Option<(Box<CompileError>, Line)> {
    const LOOKED_AT: usize = 20;
    let text = &source.text;
    let offset = |at: usize| TextSize::new(at as u32);
    let mut found: Option<(usize, usize, String)> = None;
    let mut note = |start: usize, end: usize, message: String| {
        if found.as_ref().is_none_or(|(before, ..)| start < *before) {
            found = Some((start, end, message));
        }
    };
    for error in errors.iter().take(LOOKED_AT) {
        let range = error.range_text();
        if let Some(number) = number::number_error(text, range.start) {
            note(number.start, number.end, number.message);
        }
        let ParseErrorType::Lexical(lexical) = &error.error else { continue };
        let is_tokens = matches!(
            lexical,
            LexicalErrorType::UnclosedStringError | LexicalErrorType::UnrecognizedToken { .. }
        );
        let (_, message) = lexical_message(source, error, lexical);
        if is_tokens && message != "invalid syntax" {
            note(range.start, range.start, message);
        }
    }
    if let Some(((at, bracket), opened)) = crate::nesting::mismatched(text) {
        note(at, at, mismatch(source, at, bracket, opened));
    }
    let (start, end, message) = found?;
    let range = TextRange::new(offset(start), offset(end.max(start)));
    Some((parse_error(source, ErrorKind::SyntaxError, range, message), Line::Bare))
}

fn mismatch(source: &Source, at: usize, bracket: char, opened: Option<(usize, char)>) -> String {
    let Some((before, opening)) = opened else { return format!("unmatched '{bracket}'") };
    let line = source.line(TextSize::new(before as u32));
    let elsewhere = if line == source.line(TextSize::new(at as u32)) {
        String::new()
    } else {
        format!(" on line {line}")
    };
    format!("closing parenthesis '{bracket}' does not match opening parenthesis '{opening}'{elsewhere}")
}

/// An error that CPython's parser finds.
fn grammar_error(source: &Source, error: &ruff_python_parser::ParseError) -> (Box<CompileError>, Line) {
    let (kind, message) = describe(source, error);
    let text = &source.text;
    let range = error.range_text();
    let at_end = text.get(range.start..).unwrap_or("").trim().is_empty();
    let incomplete = at_end || matches!(&error.error, ParseErrorType::Lexical(LexicalErrorType::Eof));
    let place = if kind == ErrorKind::SyntaxError {
        place::of_syntax_error(text, &error.error, &range, &message)
    } else {
        place::of_indentation_error(text, &range, &message)
    };
    let span = TextRange::new(TextSize::new(place.start as u32), TextSize::new(place.end as u32));
    let mut result = parse_error(source, kind, span, place.message.unwrap_or(message));
    if let Some(column) = place.column {
        result.column = column;
    }
    if let Some(end) = place.end_column {
        result.end_column = if end == place::AFTER { result.column as i32 + 1 } else { end };
    }
    if result.message.starts_with("inconsistent use of tabs") {
        result.kind = ErrorKind::TabError;
    }
    result.incomplete = incomplete;
    let line = if result.end_line > result.line { Line::Bare } else { Line::Broken };
    (result, line)
}

fn describe(source: &Source, error: &ruff_python_parser::ParseError) -> (ErrorKind, String) {
    use ErrorKind::{IndentationError, SyntaxError};
    let range = error.range_text();
    let message = match &error.error {
        ParseErrorType::Lexical(lexical) => return lexical_message(source, error, lexical),
        ParseErrorType::UnexpectedIndentation => return (IndentationError, "unexpected indent".to_owned()),
        ParseErrorType::OtherError(message) if message.contains("indented block") => {
            return (IndentationError, missing_block(source, range.start, message));
        }
        ParseErrorType::InvalidAssignmentTarget => assignment_target(source, &range),
        ParseErrorType::InvalidNamedAssignmentTarget => {
            let words = target_words(&source.text, &range);
            format!("cannot use assignment expressions with {words}")
        }
        ParseErrorType::InvalidAugmentedAssignmentTarget => {
            let words = target_words(&source.text, &range);
            format!("'{words}' is an illegal expression for augmented assignment")
        }
        ParseErrorType::InvalidAnnotatedAssignmentTarget => "illegal target for annotation".to_owned(),
        ParseErrorType::InvalidDeleteTarget => {
            format!("cannot delete {}", target_words(&source.text, &range))
        }
        ParseErrorType::SimpleStatementsOnSameLine => statement_message(source, error),
        ParseErrorType::FStringError(inner) => format!("f-string: {}", interpolation_message(inner)),
        ParseErrorType::TStringError(inner) => format!("t-string: {}", interpolation_message(inner)),
        ParseErrorType::OtherError(message) => other_message(message),
        other => plain_message(other).to_owned(),
    };
    (SyntaxError, message)
}

/// The parser's less common errors, by its own words for them.
fn other_message(message: &str) -> String {
    let known = match message {
        "Only one '*' parameter allowed" | "Only one '*' separator allowed" => {
            "* argument may appear only once"
        }
        "Only one '/' separator allowed" => "/ may appear only once",
        "Position-only parameter separator not allowed as first parameter" => {
            "at least one argument must precede /"
        }
        "'/' parameter must appear before '*' parameter" => "/ must be ahead of *",
        "Only one '**' parameter allowed" => "arguments cannot follow var-keyword argument",
        "Expected `except` or `finally` after `try` block" => "expected 'except' or 'finally' block",
        "Only single target (not list) can be annotated" => "only single target (not list) can be annotated",
        "Only single target (not tuple) can be annotated" => {
            "only single target (not tuple) can be annotated"
        }
        "Multiple exception types must be parenthesized when using `as`" => {
            "multiple exception types must be parenthesized when using 'as'"
        }
        "Expected one or more exception types" => "expected one or more exception types",
        "Cannot have both 'except' and 'except*' on the same 'try'" => {
            "cannot have both 'except' and 'except*' on the same 'try'"
        }
        "Bytes literal cannot be mixed with non-bytes literals" => "cannot mix bytes and nonbytes literals",
        "Trailing comma not allowed" => "trailing comma not allowed without surrounding parentheses",
        "Positional patterns cannot follow keyword patterns" => "positional patterns follow keyword patterns",
        _ => "invalid syntax",
    };
    known.to_owned()
}

fn interpolation_message(error: &InterpolatedStringErrorType) -> &'static str {
    match error {
        InterpolatedStringErrorType::UnclosedLbrace => "expecting '}'",
        InterpolatedStringErrorType::InvalidConversionFlag => "invalid conversion character",
        InterpolatedStringErrorType::SingleRbrace => "single '}' is not allowed",
        InterpolatedStringErrorType::UnterminatedString => "unterminated string",
        InterpolatedStringErrorType::UnterminatedTripleQuotedString => "unterminated triple-quoted string",
        InterpolatedStringErrorType::LambdaWithoutParentheses => {
            "lambda expressions are not allowed without parentheses"
        }
        InterpolatedStringErrorType::ConversionFlagNotImmediatelyAfterExclamation => {
            "conversion type must come right after the exclamation mark"
        }
        InterpolatedStringErrorType::NewlineInFormatSpec => {
            "newlines are not allowed in format specifiers for single quoted f-strings"
        }
    }
}

fn plain_message(error: &ParseErrorType) -> &'static str {
    match error {
        ParseErrorType::PositionalAfterKeywordArgument => "positional argument follows keyword argument",
        ParseErrorType::PositionalAfterKeywordUnpacking => {
            "positional argument follows keyword argument unpacking"
        }
        ParseErrorType::InvalidArgumentUnpackingOrder => {
            "iterable argument unpacking follows keyword argument unpacking"
        }
        ParseErrorType::NonDefaultParamAfterDefaultParam => {
            "parameter without a default follows parameter with a default"
        }
        ParseErrorType::ParamAfterVarKeywordParam => "arguments cannot follow var-keyword argument",
        ParseErrorType::ExpectedKeywordParam => "named arguments must follow bare *",
        ParseErrorType::UnparenthesizedGeneratorExpression => "Generator expression must be parenthesized",
        ParseErrorType::IterableUnpackingInComprehension => {
            "iterable unpacking cannot be used in comprehension"
        }
        ParseErrorType::EmptyImportNames => "Expected one or more names after 'import'",
        ParseErrorType::EmptyTypeParams => "Type parameter list cannot be empty",
        _ => "invalid syntax",
    }
}

/// The message for a missing block, with the line of the statement that needs it.
fn missing_block(source: &Source, at: usize, message: &str) -> String {
    let before = source.text.get(..at).unwrap_or("").trim_end();
    let line = source.line(TextSize::new(before.len() as u32));
    let words = message
        .replace("`class` definition", "class definition")
        .replace("` clause", "` statement")
        .replace("` block", "` statement");
    format!("{} on line {line}", lower_first(&words.replace('`', "'")))
}

fn statement_message(source: &Source, error: &ruff_python_parser::ParseError) -> String {
    let line = source.line_text(source.line(error.location.start())).trim_start().to_owned();
    let word = line.split_whitespace().next().unwrap_or("");
    match word {
        "print" | "exec" => {
            format!("Missing parentheses in call to '{word}'. Did you mean {word}(...)?")
        }
        _ => "invalid syntax".to_owned(),
    }
}

/// Whether the range begins a statement and a single `=` follows it.
fn followed_by_equals(source: &Source, range: &std::ops::Range<usize>) -> bool {
    let line_start = source.text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let before = source.text[line_start..range.start].trim();
    let after = source.text[range.end..].trim_start_matches([' ', '\t']);
    before.is_empty() && after.starts_with('=') && !after.starts_with("==")
}

fn assignment_target(source: &Source, range: &std::ops::Range<usize>) -> String {
    let target = source.text.get(range.clone()).unwrap_or("");
    let words = target_words(&source.text, range);
    let parenthesized = source.text[..range.start].trim_end().ends_with('(');
    if words == "yield expression" && !parenthesized {
        return "assignment to yield expression not possible".to_owned();
    }
    let is_logic = ruff_python_parser::parse_expression(target).is_ok_and(|parsed| {
        use ruff_python_ast::{Expr, UnaryOp};
        match parsed.expr() {
            Expr::BoolOp(_) => true,
            Expr::UnaryOp(unary) => unary.op == UnaryOp::Not,
            _ => false,
        }
    });
    assignment_message(words, !is_logic && followed_by_equals(source, range))
}

fn assignment_message(words: &str, alone: bool) -> String {
    const WITHOUT_HINT: [&str; 9] = [
        "True",
        "False",
        "None",
        "generator expression",
        "list",
        "tuple",
        "conditional expression",
        "lambda",
        "comparison",
    ];
    let hint = if alone && !WITHOUT_HINT.contains(&words) {
        " here. Maybe you meant '==' instead of '='?"
    } else {
        ""
    };
    format!("cannot assign to {words}{hint}")
}

trait RangeText {
    fn range_text(&self) -> std::ops::Range<usize>;
}

impl RangeText for ruff_python_parser::ParseError {
    fn range_text(&self) -> std::ops::Range<usize> {
        self.location.start().to_usize()..self.location.end().to_usize()
    }
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

fn lexical_message(
    source: &Source,
    error: &ruff_python_parser::ParseError,
    lexical: &LexicalErrorType,
) -> (ErrorKind, String) {
    let message = match lexical {
        LexicalErrorType::IndentationError => {
            let message = "unindent does not match any outer indentation level";
            return (ErrorKind::IndentationError, message.to_owned());
        }
        LexicalErrorType::UnclosedStringError => unclosed_string(source, error.range_text().start),
        LexicalErrorType::UnicodeError
        | LexicalErrorType::MissingUnicodeLbrace
        | LexicalErrorType::MissingUnicodeRbrace => escapes::message(&source.text, error.range_text().start),
        LexicalErrorType::UnrecognizedToken { tok } if !tok.is_ascii() => {
            format!("invalid character '{tok}' (U+{:04X})", *tok as u32)
        }
        LexicalErrorType::InvalidByteLiteral => "bytes can only contain ASCII literal characters".to_owned(),
        LexicalErrorType::LineContinuationError => {
            "unexpected character after line continuation character".to_owned()
        }
        LexicalErrorType::Eof => "unexpected EOF while parsing".to_owned(),
        LexicalErrorType::OtherError(message) if message.contains("decimal integer literal") => {
            "leading zeros in decimal integer literals are not permitted; \
             use an 0o prefix for octal integers"
                .to_owned()
        }
        LexicalErrorType::OtherError(_) => "invalid syntax".to_owned(),
        LexicalErrorType::FStringError(inner) => format!("f-string: {}", interpolation_message(inner)),
        LexicalErrorType::TStringError(inner) => format!("t-string: {}", interpolation_message(inner)),
        _ => "invalid syntax".to_owned(),
    };
    (ErrorKind::SyntaxError, message)
}

fn unclosed_string(source: &Source, start: usize) -> String {
    let text = source.text.get(start..).unwrap_or("");
    let opening = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let triple = opening.starts_with("\"\"\"") || opening.starts_with("'''");
    let (kind, end) =
        if triple { ("triple-quoted string", source.text.trim_end().len()) } else { ("string", start) };
    let line = source.line(TextSize::new(end as u32));
    format!("unterminated {kind} literal (detected at line {line})")
}

/// CPython's words for a target that cannot be assigned or deleted, found by parsing the target alone.
fn target_words(text: &str, range: &std::ops::Range<usize>) -> &'static str {
    let target = format!("({})", text.get(range.clone()).unwrap_or(""));
    match ruff_python_parser::parse_expression(&target) {
        Ok(parsed) => expression_words(parsed.expr()),
        Err(_) => "expression",
    }
}

fn expression_words(expr: &ruff_python_ast::Expr) -> &'static str {
    use ruff_python_ast::Expr;
    match expr {
        Expr::Call(_) => "function call",
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::BytesLiteral(_) => "literal",
        Expr::BooleanLiteral(literal) => {
            if literal.value {
                "True"
            } else {
                "False"
            }
        }
        Expr::NoneLiteral(_) => "None",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::Lambda(_) => "lambda",
        Expr::If(_) => "conditional expression",
        Expr::Compare(_) => "comparison",
        Expr::Dict(_) => "dict literal",
        Expr::Set(_) => "set display",
        Expr::ListComp(_) => "list comprehension",
        Expr::SetComp(_) => "set comprehension",
        Expr::DictComp(_) => "dict comprehension",
        Expr::Generator(_) => "generator expression",
        Expr::Yield(_) | Expr::YieldFrom(_) => "yield expression",
        Expr::Await(_) => "await expression",
        Expr::FString(_) => "f-string expression",
        Expr::Named(_) => "named expression",
        Expr::Attribute(_) => "attribute",
        Expr::Subscript(_) => "subscript",
        Expr::Starred(_) => "starred",
        Expr::Name(_) => "name",
        Expr::List(_) => "list",
        Expr::Tuple(_) => "tuple",
        _ => "expression",
    }
}
