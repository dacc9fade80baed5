//! Compile errors as data, with CPython's texts where they are common ones.

use crate::source::Source;
use ruff_python_parser::{LexicalErrorType, ParseErrorType};
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
    pub end_column: u32,
    /// The source line, with its line break.
    pub text: String,
    /// The source ended where more could follow (for interactive input).
    pub incomplete: bool,
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {} ({}, line {})", self.kind, self.message, self.filename, self.line)
    }
}

impl std::error::Error for CompileError {}

/// The result of a compilation step.
pub(crate) type Res<T = ()> = Result<T, Box<CompileError>>;

/// An error at a source range.
pub(crate) fn error_at(
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
        end_column: end_column + 1,
        text: source.line_text(line).to_owned(),
        incomplete: false,
    })
}

/// Turns an error of the parser into CPython's terms.
pub(crate) fn from_parse_error(source: &Source, error: &ruff_python_parser::ParseError) -> Box<CompileError> {
    let rest = source.text.get(error.location.start().to_usize()..).unwrap_or("");
    let at_end = rest.trim().is_empty();
    let (line, _) = source.line_column(error.location.start());
    let is_blamed = |&(at, _): &(usize, char)| {
        // An error that says nothing, in a line after the bracket's, is the bracket's fault too.
        let (opened, _) = source.line_column(TextSize::new(at as u32));
        at_end || (line > opened && describe(source, error).1.starts_with("invalid syntax"))
    };
    if let Some((at, bracket)) = crate::nesting::unclosed(&source.text).filter(is_blamed) {
        let range = TextRange::at(TextSize::new(at as u32), TextSize::new(1));
        let message = format!("'{bracket}' was never closed");
        let mut result = error_at(source, ErrorKind::SyntaxError, range, message);
        result.incomplete = true;
        return result;
    }
    let (kind, message) = describe(source, error);
    let mut result = error_at(source, kind, error.location, message);
    result.incomplete = at_end || matches!(&error.error, ParseErrorType::Lexical(LexicalErrorType::Eof));
    result
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
        ParseErrorType::InvalidAssignmentTarget => {
            assignment_message(target_words(&source.text, &range), followed_by_equals(source, &range))
        }
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
        ParseErrorType::FStringError(inner) => format!("f-string: {inner}"),
        other => plain_message(other).to_owned(),
    };
    (SyntaxError, message)
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
        ParseErrorType::ParamAfterVarKeywordParam => "parameters cannot follow var-keyword parameter",
        ParseErrorType::ExpectedKeywordParam => "named arguments must follow bare *",
        ParseErrorType::UnparenthesizedGeneratorExpression => "Generator expression must be parenthesized",
        _ => "invalid syntax",
    }
}

/// The message for a missing block, with the line of the statement that needs it.
fn missing_block(source: &Source, at: usize, message: &str) -> String {
    let before = source.text.get(..at).unwrap_or("").trim_end();
    let line = source.line(TextSize::new(before.len() as u32));
    format!("{} on line {line}", lower_first(&message.replace('`', "'")))
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

fn assignment_message(words: &str, alone: bool) -> String {
    const WITHOUT_HINT: [&str; 7] =
        ["True", "False", "None", "ellipsis", "generator expression", "list", "tuple"];
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
        | LexicalErrorType::MissingUnicodeRbrace => {
            "(unicode error) 'unicodeescape' codec can't decode bytes".to_owned()
        }
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
        LexicalErrorType::OtherError(message) => lower_first(message),
        LexicalErrorType::FStringError(inner) => format!("f-string: {inner}"),
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
    match ruff_python_parser::parse_expression(text.get(range.clone()).unwrap_or("")) {
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
