//! Compile errors as data, with CPython's texts where they are common ones.

use crate::source::Source;
use ruff_python_parser::{LexicalErrorType, ParseErrorType};
use ruff_text_size::TextRange;
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
pub(crate) fn from_parse_error(
    source: &Source,
    error: &ruff_python_parser::ParseError,
) -> Box<CompileError> {
    let (kind, message) = describe(source, error);
    let mut result = error_at(source, kind, error.location, message);
    let rest = source.text.get(error.location.start().to_usize()..).unwrap_or("");
    result.incomplete = rest.trim().is_empty()
        || matches!(&error.error, ParseErrorType::Lexical(LexicalErrorType::Eof));
    result
}

fn describe(source: &Source, error: &ruff_python_parser::ParseError) -> (ErrorKind, String) {
    use ErrorKind::{IndentationError, SyntaxError};
    let text = source.text.get(error.range_text()).unwrap_or("");
    match &error.error {
        ParseErrorType::Lexical(lexical) => lexical_message(lexical),
        ParseErrorType::UnexpectedIndentation => (IndentationError, "unexpected indent".to_owned()),
        ParseErrorType::OtherError(message) if message.contains("indented block") => {
            (IndentationError, lower_first(message))
        }
        ParseErrorType::OtherError(message) => (SyntaxError, lower_first(message)),
        ParseErrorType::InvalidAssignmentTarget
        | ParseErrorType::InvalidNamedAssignmentTarget
        | ParseErrorType::InvalidAugmentedAssignmentTarget => {
            (SyntaxError, target_message("assign to", text))
        }
        ParseErrorType::InvalidAnnotatedAssignmentTarget => {
            (SyntaxError, "illegal target for annotation".to_owned())
        }
        ParseErrorType::InvalidDeleteTarget => (SyntaxError, target_message("delete", text)),
        ParseErrorType::PositionalAfterKeywordArgument => {
            (SyntaxError, "positional argument follows keyword argument".to_owned())
        }
        ParseErrorType::PositionalAfterKeywordUnpacking => {
            (SyntaxError, "positional argument follows keyword argument unpacking".to_owned())
        }
        ParseErrorType::InvalidArgumentUnpackingOrder => (
            SyntaxError,
            "iterable argument unpacking follows keyword argument unpacking".to_owned(),
        ),
        ParseErrorType::NonDefaultParamAfterDefaultParam => {
            (SyntaxError, "parameter without a default follows parameter with a default".to_owned())
        }
        ParseErrorType::ExpectedKeywordParam => {
            (SyntaxError, "named parameters must follow bare *".to_owned())
        }
        ParseErrorType::UnparenthesizedGeneratorExpression => {
            (SyntaxError, "Generator expression must be parenthesized".to_owned())
        }
        ParseErrorType::FStringError(inner) => (SyntaxError, format!("f-string: {inner}")),
        _ => (SyntaxError, "invalid syntax".to_owned()),
    }
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

fn lexical_message(error: &LexicalErrorType) -> (ErrorKind, String) {
    let message = match error {
        LexicalErrorType::IndentationError => {
            let message = "unindent does not match any outer indentation level";
            return (ErrorKind::IndentationError, message.to_owned());
        }
        LexicalErrorType::UnclosedStringError => "unterminated string literal".to_owned(),
        LexicalErrorType::UnicodeError => {
            "(unicode error) 'unicodeescape' codec can't decode bytes".to_owned()
        }
        LexicalErrorType::UnrecognizedToken { tok } => {
            format!("invalid character '{tok}' (U+{:04X})", *tok as u32)
        }
        LexicalErrorType::InvalidByteLiteral => {
            "bytes can only contain ASCII literal characters".to_owned()
        }
        LexicalErrorType::LineContinuationError => {
            "unexpected character after line continuation character".to_owned()
        }
        LexicalErrorType::Eof => "unexpected EOF while parsing".to_owned(),
        LexicalErrorType::OtherError(message) => lower_first(message),
        other => lower_first(&other.to_string()),
    };
    (ErrorKind::SyntaxError, message)
}

/// CPython's words for a target that cannot be assigned or deleted, found by parsing the target alone.
fn target_message(verb: &str, text: &str) -> String {
    let what = match ruff_python_parser::parse_expression(text) {
        Ok(parsed) => expression_words(parsed.expr()),
        Err(_) => "expression",
    };
    let hint = if verb == "assign to" && !matches!(what, "True" | "False" | "None" | "ellipsis") {
        " here. Maybe you meant '==' instead of '='?"
    } else {
        ""
    };
    format!("cannot {verb} {what}{hint}")
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
