//! Golden tests: files of traces with what passes make of them.
//!
//! ```text
//! ; run: fold,cse
//! field ...
//! trace loop r0
//! ...
//! ---
//! trace loop r0
//! ...
//! ```
//! `run` names passes, applied in order. Known here: `parse` (nothing), `verify`, and `eval`, which must come last: it
//! runs the trace on a [`TestMachine`] with the inputs that a line `; inputs: 1, 2.5, none, #0` gives (ints, floats,
//! `none`, `true`, `false`, roots; an unboxed int of a bridge is `int 5`, a float `float 2.5`), and shows calls, outcome
//! and frames. A line `; root 0: shape=7 size=24 aux=0 field=3, field=#1` gives root 0's object; other roots are empty
//! objects of shape 0. All others are asked of the caller, and verified. Expectations omit declarations.
//! Run with `BLESS=1` in the environment to rewrite them.

use crate::descr::Descriptors;
use crate::eval::{EvalBackend, Machine, TestMachine, arith, rebuild, words};
use crate::stage::{Backend, Effort, Outcome, UnitTrace};
use crate::text::{NoNames, field_label, parse, print_body};
use crate::trace::{FragmentId, Trace};
use crate::verify::verify;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Runs one pass by its name; `None`: there is no such pass.
pub type Passes<'a> = &'a dyn Fn(&str, Trace, &Descriptors) -> Option<Result<Trace, String>>;

/// Checks every `.ir` file in a directory and below; gives their number. The error shows each difference.
pub fn check_dir(dir: impl AsRef<Path>, passes: Passes) -> Result<usize, String> {
    let bless = std::env::var_os("BLESS").is_some();
    let mut files = Vec::new();
    collect(dir.as_ref(), &mut files).map_err(|e| format!("{}: {e}", dir.as_ref().display()))?;
    files.sort();
    let failures: Vec<String> = files.iter().filter_map(|f| check_file(f, passes, bless).err()).collect();
    if failures.is_empty() { Ok(files.len()) } else { Err(failures.join("\n")) }
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "ir") {
            files.push(path);
        }
    }
    Ok(())
}

fn check_file(path: &Path, passes: Passes, bless: bool) -> Result<(), String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read_to_string(path).map_err(|e| format!("{name}: {e}"))?;
    let (source, expected) = match text.split_once("\n---\n") {
        Some((source, expected)) => (source, expected),
        None => (text.trim_end(), ""),
    };
    let found = run(source, passes);
    if found.trim_end() == expected.trim_end() {
        return Ok(());
    }
    if bless {
        let text = format!("{source}\n---\n{}\n", found.trim_end());
        return fs::write(path, text).map_err(|e| format!("{name}: {e}"));
    }
    Err(format!("==== {name}\n{}", difference(expected.trim_end(), found.trim_end())))
}

/// What the passes named in a source make of it; an error is a text too.
pub fn run(source: &str, passes: Passes) -> String {
    run_passes(source, passes).unwrap_or_else(|e| format!("error: {e}\n"))
}

fn directive<'a>(source: &'a str, key: &str) -> Option<&'a str> {
    source
        .lines()
        .find_map(|line| line.strip_prefix("; ")?.strip_prefix(key)?.strip_prefix(':'))
        .map(str::trim)
}

fn run_passes(source: &str, passes: Passes) -> Result<String, String> {
    let mut d = Descriptors::default();
    let mut trace = parse(source, &mut d).map_err(|e| e.to_string())?;
    for pass in directive(source, "run").unwrap_or("parse,verify").split(',').map(str::trim) {
        match pass {
            "parse" => {}
            "verify" => verify(&trace, &d).map_err(|e| e.to_string())?,
            "eval" => return evaluate(source, &trace, &d),
            _ => {
                let result = passes(pass, trace, &d).ok_or_else(|| format!("there is no pass `{pass}`"))?;
                trace = result?;
                verify(&trace, &d)
                    .map_err(|e| format!("after {pass}: {e}\n{}", print_body(&trace, &d, &NoNames)))?;
            }
        }
    }
    Ok(print_body(&trace, &d, &NoNames))
}

/// Lines that differ, by their common prefix and suffix.
fn difference(expected: &str, found: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let room = a.len().min(b.len()) - start;
    let end = a.iter().rev().zip(b.iter().rev()).take(room).take_while(|(x, y)| x == y).count();
    let mut out = String::new();
    a[start.saturating_sub(3)..start].iter().for_each(|line| _ = writeln!(out, "  {line}"));
    a[start..a.len() - end].iter().for_each(|line| _ = writeln!(out, "- {line}"));
    b[start..b.len() - end].iter().for_each(|line| _ = writeln!(out, "+ {line}"));
    out
}

// ---- eval

fn evaluate(source: &str, trace: &Trace, d: &Descriptors) -> Result<String, String> {
    let m = TestMachine::new();
    let roots = make_roots(source, trace, d, &m)?;
    let inputs = directive(source, "inputs").unwrap_or("");
    let inputs = inputs.split(',').map(str::trim).filter(|s| !s.is_empty());
    let inputs: Vec<u64> = inputs.map(|s| word(s, &roots, &m)).collect::<Result<_, _>>()?;
    let expected = trace.inputs().count();
    if inputs.len() != expected {
        return Err(format!("{} inputs are given, the trace takes {expected}", inputs.len()));
    }
    let backend = EvalBackend::new(m);
    let fragment = FragmentId(0);
    let unit = UnitTrace { fragment, trace, parent: None, roots: &roots, valid_flag: 0 };
    let compiled = backend.compile(&[unit], Effort::Best, d).map_err(|e| format!("{e:?}"))?;
    let outcome = backend.run(fragment, &inputs);
    let m = &backend.machine;
    let mut out = String::new();
    m.calls().iter().for_each(|call| _ = writeln!(out, "{call}"));
    match outcome {
        Outcome::Finished => _ = writeln!(out, "finished: {}", m.describe(m.exchange(1)[0])),
        Outcome::Exit(exit) => {
            let Some(guard) = compiled.exits.iter().find(|e| e.exit == exit) else {
                return Err("an exit that is not of this unit".to_string());
            };
            let values = m.exchange(trace.fail_args(guard.snapshot).len());
            let frames = rebuild(m, trace, d, &roots, guard.snapshot, &values);
            _ = writeln!(out, "exit: {} [s{}]", trace.op(guard.guard).code.text(), guard.snapshot.0);
            for f in frames {
                let regs: Vec<String> = f.regs.iter().map(|&(r, w)| format!("r{r}={}", m.show(w))).collect();
                _ = writeln!(out, "  frame #{} pc={} {{ {} }}", f.code, f.pc, regs.join(", "));
                let words: Vec<u64> = f.regs.iter().map(|r| r.1).collect();
                let reachable = m.describe_all(&words);
                reachable.lines().skip(1).for_each(|line| _ = writeln!(out, "    {line}"));
            }
        }
    }
    Ok(out)
}

fn make_roots(source: &str, trace: &Trace, d: &Descriptors, m: &TestMachine) -> Result<Vec<u64>, String> {
    let spec = |i: u32| directive(source, &format!("root {i}")).unwrap_or("shape=0 size=8");
    let number = |text: &str, key: &str| {
        let value = text.split_whitespace().find_map(|w| w.strip_prefix(key)?.strip_prefix('='));
        value.and_then(|v| v.trim_end_matches(',').parse::<u32>().ok())
    };
    let make = |i: u32| {
        let s = spec(i);
        m.object(
            number(s, "shape").unwrap_or(0),
            number(s, "size").unwrap_or(8),
            number(s, "aux").unwrap_or(0) as u16,
        )
    };
    let roots: Vec<u64> = (0..trace.roots).map(make).collect();
    for i in 0..trace.roots {
        let contents = spec(i).split_whitespace().map(|s| s.trim_end_matches(','));
        let contents = contents.filter(|s| !["shape=", "size=", "aux="].iter().any(|key| s.starts_with(key)));
        for content in contents {
            set_content(content, roots[i as usize], &roots, d, m)?;
        }
    }
    Ok(roots)
}

/// `field=value`, or `field[2]=value`.
fn set_content(
    text: &str,
    object: u64,
    roots: &[u64],
    d: &Descriptors,
    m: &TestMachine,
) -> Result<(), String> {
    let wrong = || format!("`{text}` is no content of an object");
    let (label, value) = text.split_once('=').ok_or_else(wrong)?;
    let (label, index) = match label.split_once('[') {
        Some((label, index)) => (label, index.trim_end_matches(']').parse::<i64>().map_err(|_| wrong())?),
        None => (label, 0),
    };
    let mut ids = (0..d.field_count()).map(crate::descr::FieldId);
    let id = ids.find(|&id| field_label(d, id) == label).ok_or_else(wrong)?;
    let f = d.field_descr(id);
    let word = match f.mem.ty() {
        crate::op::Ty::Val => word(value, roots, m)?,
        crate::op::Ty::Float => value.parse::<f64>().map_err(|_| wrong())?.to_bits(),
        _ => value.parse::<i64>().map_err(|_| wrong())? as u64,
    };
    m.store(object, f.offset as i64 + index * f.mem.size() as i64, f.mem, word);
    Ok(())
}

fn word(text: &str, roots: &[u64], m: &TestMachine) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no value");
    if let Some(raw) = text.strip_prefix("int ") {
        return raw.parse::<i64>().map(|i| i as u64).map_err(|_| wrong());
    }
    if let Some(raw) = text.strip_prefix("float ") {
        return raw.parse().map(f64::to_bits).map_err(|_| wrong());
    }
    if let Some(index) = text.strip_prefix('#') {
        let index: usize = index.parse().map_err(|_| wrong())?;
        return roots.get(index).copied().ok_or_else(wrong);
    }
    match text {
        "none" => Ok(words::NONE),
        "true" => Ok(words::TRUE),
        "false" => Ok(words::FALSE),
        _ => match text.parse::<i64>() {
            Ok(i) if arith::fits(i) => Ok(arith::tag(i)),
            _ => text.parse::<f64>().map(|f| m.box_float(f)).map_err(|_| wrong()),
        },
    }
}
