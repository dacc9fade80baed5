//! Hoop's compiler: Python source to register bytecode.
//!
//! ```text
//! bytes ─source→ text ─ruff→ tree ─scopes, symtable→ where each name lives ─expr, stmt, ...→ unit ─finish→ Code
//! ```
//!
//! One walk over the tree emits instructions into a `Unit` per code object; expression results go straight into the
//! register that wants them. `finish` then resolves labels, threads jumps, drops dead code and needless checks. This is
//! the only crate that sees the parser's tree.
//!
//! Errors are data (`CompileError`), with CPython's texts where they are common. No input makes the compiler panic or
//! run out of stack: the nesting of the tree is bounded first, and the work is done on a stack of known size.

#![forbid(unsafe_code)]

mod assign;
mod call;
mod class;
mod comprehension;
mod display;
mod emit;
mod errors;
mod expr;
mod finish;
mod fold;
mod function;
mod grow;
mod literal;
mod nesting;
mod scopes;
mod source;
mod stmt;
mod symtable;
mod try_with;

pub use errors::{CompileError, ErrorKind};

use emit::{Compiler, Unit};
use errors::Res;
use hoop_bytecode::{Code, CodeFlags, Op, Params};
use ruff_python_ast::{Mod, PythonVersion};
use ruff_python_parser::{ParseOptions, Parsed};
use ruff_text_size::{Ranged, TextRange};
use source::Source;

/// What a source is compiled as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mode {
    /// A module, or a string given to `exec`.
    #[default]
    Exec,
    /// One expression; the code returns its value.
    Eval,
    /// Interactive input: the values of expression statements go to `sys.displayhook`.
    Single,
}

/// How to compile.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    pub mode: Mode,
    /// Names live in a namespace mapping given as parameter 0 (`exec` with separate locals), not in the globals.
    pub namespace: bool,
    /// 1: no `assert`; 2: no docstrings either.
    pub optimize: u8,
    /// `from __future__ import annotations` is inherited from the caller.
    pub future_annotations: bool,
}

/// Compiles a source as `options.mode` says.
pub fn compile(source: &[u8], filename: &str, options: Options) -> Result<Code, CompileError> {
    if source.len() > SMALL_SOURCE && !there_is_memory(source.len().saturating_mul(MEMORY_PER_BYTE)) {
        return Err(CompileError::no_memory(filename));
    }
    let room = stack_for(source.len());
    if stacker::remaining_stack().is_some_and(|left| left >= room) {
        return compile_source(source, filename, options).map_err(|error| *error);
    }
    if !there_is_memory(room) {
        return Err(CompileError::no_memory(filename));
    }
    stacker::grow(room, || compile_source(source, filename, options)).map_err(|error| *error)
}

/// Stack for the deepest tree of a source of so many bytes: a level is a byte at least, and the scope builder accepts so
/// many. (The parser sees to its own.)
fn stack_for(bytes: usize) -> usize {
    const LEVEL: usize = if cfg!(debug_assertions) { 64 << 10 } else { 16 << 10 };
    (bytes.min(scopes::MAX_DEPTH) + 8) * LEVEL
}

/// Tokens, tree and code of a dense source (calls, displays, short statements) take so many bytes for each of its own.
const MEMORY_PER_BYTE: usize = 80;

/// Smaller sources are compiled without asking for memory first.
const SMALL_SOURCE: usize = 64 << 10;

/// Whether so many bytes can be had. A stack that cannot be would be a panic, and memory that parser or compiler cannot get
/// would end the process.
fn there_is_memory(bytes: usize) -> bool {
    let mut probe = Vec::<u8>::new();
    let fits = probe.try_reserve_exact(bytes.saturating_add(1 << 20)).is_ok();
    std::hint::black_box(&probe);
    fits
}

/// Compiles a module.
pub fn compile_module(source: &[u8], filename: &str, options: Options) -> Result<Code, CompileError> {
    compile(source, filename, Options { mode: Mode::Exec, ..options })
}

/// Compiles an expression; the code returns its value.
pub fn compile_eval(source: &[u8], filename: &str, options: Options) -> Result<Code, CompileError> {
    compile(source, filename, Options { mode: Mode::Eval, ..options })
}

/// Compiles interactive input.
pub fn compile_single(source: &[u8], filename: &str, options: Options) -> Result<Code, CompileError> {
    compile(source, filename, Options { mode: Mode::Single, ..options })
}

fn compile_source(bytes: &[u8], filename: &str, options: Options) -> Res<Code> {
    let bytes = match options.mode {
        Mode::Eval => without_indentation(bytes),
        _ => bytes,
    };
    let source = Source::decode(bytes, filename)?;
    source.check_nesting()?;
    let parsed = parse(&source, options.mode)?;
    let result = compile_tree(parsed.syntax(), &source, options);
    if result.as_ref().is_err_and(|error| error.kind == ErrorKind::RecursionError) {
        // Dropping a tree recurses as deep as the tree; one that is too deep to walk is left alone.
        std::mem::forget(parsed);
    }
    result
}

/// An expression given to `eval` may begin with blanks.
fn without_indentation(bytes: &[u8]) -> &[u8] {
    let blanks = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    &bytes[blanks..]
}

fn compile_tree(tree: &Mod, source: &Source, options: Options) -> Res<Code> {
    let table = scopes::build(tree, source, options.future_annotations)?;
    let mut compiler = Compiler {
        source,
        table: &table,
        unit: Unit::new(0, Code::default()),
        outer: Vec::new(),
        future_annotations: options.future_annotations || scopes::has_future_annotations(tree),
        namespace: options.namespace,
        interactive: options.mode == Mode::Single,
        optimize: options.optimize,
    };
    compiler.module(tree)
}

fn parse(source: &Source, mode: Mode) -> Res<Parsed<Mod>> {
    let parser_mode = match mode {
        Mode::Eval => ruff_python_parser::Mode::Expression,
        Mode::Exec | Mode::Single => ruff_python_parser::Mode::Module,
    };
    let options = ParseOptions::from(parser_mode).with_target_version(PythonVersion::PY314);
    let parsed = ruff_python_parser::parse_unchecked(&source.text, options);
    match errors::from_parse_errors(source, parsed.errors(), mode) {
        Some(error) => {
            const SURELY_SHALLOW: usize = 100_000;
            if source.text.len() > SURELY_SHALLOW {
                std::mem::forget(parsed);
            }
            Err(error)
        }
        None => Ok(parsed),
    }
}

impl<'a> Compiler<'a> {
    fn module(&mut self, tree: &'a Mod) -> Res<Code> {
        let name = match tree {
            Mod::Module(_) => "<module>",
            Mod::Expression(_) => "<expression>",
        };
        let param_names =
            if self.namespace { vec![class::NAMESPACE_PARAMETER.to_owned()] } else { Vec::new() };
        let count = param_names.len() as u16;
        let new = function::NewUnit {
            scope: 0,
            name: name.to_owned(),
            at: tree.range(),
            params: Params { positional: count, positional_only: count, ..Params::default() },
            param_names,
            flags: CodeFlags { module: true, ..CodeFlags::default() },
        };
        self.nested_unit(new, |compiler| {
            compiler.unit.code.first_line = 1;
            compiler.unit.code.namespace_reg = compiler.namespace.then_some(0);
            compiler.module_body(tree)
        })
    }

    fn module_body(&mut self, tree: &'a Mod) -> Res {
        match tree {
            Mod::Module(module) => {
                let start = TextRange::empty(module.range.start());
                if let Some(docstring) = self.docstring(&module.body).filter(|_| !self.interactive) {
                    let value = self.temp();
                    self.load_const(start, value, docstring.clone());
                    self.store_name(start, "__doc__", value);
                    self.set_docstring(Some(docstring));
                }
                self.block_annotations(&module.body, module.range, "__annotate__")?;
                self.body(&module.body)?;
                self.return_none(TextRange::empty(module.range.end()));
            }
            Mod::Expression(expression) => {
                let value = self.temp();
                let value = self.operand_in(&expression.body, value)?;
                self.emit(expression.body.range(), Op::Return, value, 0, 0);
            }
        }
        Ok(())
    }
}
