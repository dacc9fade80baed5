//! Sources that do not compile: class, text and line of the error. None may panic or exhaust the stack.

use hoop_compiler::{CompileError, ErrorKind, Options, compile_eval, compile_module};

fn error(source: &str) -> CompileError {
    compile_module(source.as_bytes(), "test.py", Options::default()).expect_err(source)
}

fn check(source: &str, line: u32, message: &str) {
    let error = error(source);
    assert_eq!((error.message.as_str(), error.line), (message, line), "{source:?}");
    assert_eq!(error.kind, ErrorKind::SyntaxError, "{source:?}");
}

#[test]
fn statements_out_of_place() {
    check("return 1", 1, "'return' outside function");
    check("class A:\n  return 1", 2, "'return' outside function");
    check("break", 1, "'break' outside loop");
    check("continue", 1, "'continue' not properly in loop");
    check("while 1:\n  def f():\n    break", 3, "'break' outside loop");
    check("yield 1", 1, "'yield' outside function");
    check("await x", 1, "'await' outside function");
    check("[(yield 1) for x in y]", 1, "'yield' inside list comprehension");
    check("def f():\n  from x import *", 2, "import * only allowed at module level");
    check("try: pass\nexcept: pass\nexcept A: pass", 2, "default 'except:' must be last");
}

#[test]
fn scopes() {
    check("def f(x, x): pass", 1, "duplicate argument 'x' in function definition");
    check("def f():\n  x = 1\n  global x", 3, "name 'x' is assigned to before global declaration");
    check("def f():\n  print(x)\n  global x", 3, "name 'x' is used prior to global declaration");
    check("def f(x):\n  global x", 2, "name 'x' is parameter and global");
    check("def f(x):\n  nonlocal x", 2, "name 'x' is parameter and nonlocal");
    check("def f():\n  nonlocal y", 2, "no binding for nonlocal 'y' found");
    check("nonlocal x", 1, "nonlocal declaration not allowed at module level");
    check("__debug__ = 1", 1, "cannot assign to __debug__");
    check(
        "[y := 1 for y in z]",
        1,
        "assignment expression cannot rebind comprehension iteration variable 'y'",
    );
    check(
        "class A:\n  [y := 1 for x in z]",
        2,
        "assignment expression within a comprehension cannot be used in a class body",
    );
}

#[test]
fn grammar() {
    check("f() = 1", 1, "cannot assign to function call here. Maybe you meant '==' instead of '='?");
    check("(a, 1) = 2", 1, "cannot assign to literal");
    check("None = 1", 1, "cannot assign to None");
    check("f() += 1", 1, "'function call' is an illegal expression for augmented assignment");
    check("del f()", 1, "cannot delete function call");
    check("f(a=1, a=2)", 1, "keyword argument repeated: a");
    check("f(a=1, 2)", 1, "positional argument follows keyword argument");
    check("*a, *b = c", 1, "multiple starred expressions in assignment");
    check("x = (1,", 1, "'(' was never closed");
    check("'abc", 1, "unterminated string literal (detected at line 1)");
    check("a b", 1, "invalid syntax");
    check("print 1", 1, "Missing parentheses in call to 'print'. Did you mean print(...)?");
    check("from __future__ import braces", 1, "not a chance");
}

#[test]
fn indentation() {
    let missing = error("if 1:\nx");
    assert_eq!(missing.kind, ErrorKind::IndentationError);
    assert_eq!(missing.message, "expected an indented block after 'if' statement on line 1");
    assert_eq!(error("  x = 1").message, "unexpected indent");
}

#[test]
fn incomplete_input() {
    assert!(error("if x:").incomplete);
    assert!(error("f(1,").incomplete);
    assert!(!error("a b\n").incomplete);
}

#[test]
fn deep_nesting_is_an_error() {
    let brackets = "(".repeat(250) + &")".repeat(250);
    check(&brackets, 1, "too many nested parentheses");
    for source in [
        "-".repeat(200_000) + "1",
        "a".to_owned() + &"+a".repeat(20_000),
        "a".to_owned() + &".a".repeat(50_000),
    ] {
        assert_eq!(error(&source).kind, ErrorKind::RecursionError);
    }
}

#[test]
fn null_bytes_and_encodings() {
    assert_eq!(error("a\0b").message, "source code string cannot contain null bytes");
    let latin = b"# -*- coding: latin-1 -*-\nx = '\xe9'\n";
    assert!(compile_module(latin, "test.py", Options::default()).is_ok());
    assert!(compile_module(b"# coding: nope\n", "test.py", Options::default()).is_err());
}

#[test]
fn expressions() {
    assert!(compile_eval(b" 1 + x", "test.py", Options::default()).is_ok());
    assert!(compile_eval(b"\t'\\ud800' + x\n", "test.py", Options::default()).is_ok());
    assert!(compile_eval(b"x = 1", "test.py", Options::default()).is_err());
}

/// Sources cut off anywhere, or with a character left out or put in: an error or code, no panic.
#[test]
fn cut_and_changed_sources() {
    const SOURCES: [&str; 8] = [
        "def f(a, *b, c=1, **d):\n\treturn f'{a!r:>{b}} é {c}' + \"\\N{DASH}\\x41\\u1234\"\n",
        "x = {1: [2, (3, 4)], 'é': 0x_f, **y}\nif x == 1: pass\nelif x := 2: pass\n",
        "try:\n  import a.b as c, d\nexcept (A, B) as e:\n  raise e from None\nelse:\n  pass\nfinally:\n  del x[1:2]\n",
        "class A(B, metaclass=C):\n  @d\n  def f(self): yield [x for x in y if not x]\n",
        "with a as b, c as (d, e): a = b if c else 1.5e+10j\nprint('é' \"b\", f(*a, **b), sep='')\n",
        "match x:\n  case {'a': 1, **r} if r: pass\n  case [A(b=1), *_] | None: pass\n",
        "for (a, b) in c: a += 1_000; continue\nwhile 0o17 and not 0b11: break\nlambda x, /, *, y=1: (yield)\n",
        "'''é\n''' \\\n  '\\\\' b'' if 1 else t'{a}'\nfrom . import (x, y)\nglobal é; assert é, -1 // 2 @ ~3\n",
    ];
    let compiles = |text: &str| {
        let _ = compile_module(text.as_bytes(), "test.py", Options::default());
        let _ = compile_eval(text.as_bytes(), "<string>", Options::default());
    };
    for source in SOURCES {
        for (at, c) in source.char_indices() {
            let (before, after) = (&source[..at], &source[at + c.len_utf8()..]);
            compiles(before);
            compiles(&source[at..]);
            compiles(&format!("{before}{after}"));
            for other in ["'", "(", "]", "=", "\\", "\n", "{", "0x", " é ", ":"] {
                compiles(&format!("{before}{other}{after}"));
            }
        }
    }
}
