//! The style of the workspace as tests: crate edges, sizes of files and functions, forbidden words, and documents that
//! must agree with the code.
//!
//! Each list of exceptions says why, and is itself checked: an exception that is no longer needed must go. So the
//! lists can only get shorter.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use hoop_tests::modes::workspace;
use serde_json::Value;

/// No function has more lines, but those of [`LONG_FUNCTIONS`].
const FUNCTION_LINES: usize = 70;

/// File, function, most lines, reason. The numbers may only fall.
const LONG_FUNCTIONS: &[(&str, &str, usize, &str)] = &[
    ("interp/src/step.rs", "execute", 150, "dispatch: one arm per instruction"),
    ("interp/src/step.rs", "rare", 100, "dispatch: one arm per instruction"),
    ("tracer/tests/toy/ops.rs", "step", 85, "dispatch: one arm per instruction of the toy language"),
];

/// No source file has more lines, but those of [`LONG_FILES`]; files of tests may.
const FILE_LINES: usize = 800;

/// File and reason.
const LONG_FILES: &[(&str, &str)] = &[("interp/text/src/unicode/tables.rs", "generated tables")];

/// What no source file contains.
const FORBIDDEN: &[(&str, &str)] = &[
    ("todo!", "no holes: what cannot be done is an error with a name"),
    ("unimplemented!", "no holes: what cannot be done is an error with a name"),
    ("static mut", "no process-wide mutable state"),
    ("thread_local!", "no process-wide mutable state"),
    ("OnceLock", "no process-wide mutable state"),
    ("LazyLock", "no process-wide mutable state"),
    ("lazy_static", "no process-wide mutable state"),
    ("dbg!", "left over from a search for a mistake"),
];

/// Parts whose sources hold no `unsafe`.
const SAFE: &[&str] =
    &["interp/bytecode", "interp/compiler", "interp/text", "tracer/ir", "optimizer", "tests"];

/// Parts that must not name the guest language.
const NAMELESS: &[&str] =
    &["tracer/src", "tracer/ir/src", "optimizer/src", "backend/src", "interp/engine/src"];

/// What only the executable's own crate reads; programs that run other programs (tests, benchmarks) aside.
const OUTSIDE: &[&str] = &["env::args", "env::var", "SystemTime::now", "Instant::now"];

/// File, what it reads all the same, reason.
const READS_OUTSIDE: &[(&str, &str, &str)] = &[
    ("gc/src/collect.rs", "Instant::now", "how long collections take, for the counters"),
    ("tracer/ir/src/filetest.rs", "env::var", "BLESS=1 rewrites expectations"),
];

/// Where Rust's own heap, which the collector does not scan, holds values of the guest; what the line says, and why that
/// is sound.
const KEPT_VALUES: &[(&str, &str, &str)] = &[
    ("interp/engine/src/engine.rs", "let args: Vec<Self::Val>", "the caller's registers hold them"),
    ("interp/modules/core/src/sys.rs", "let items: Vec<Value>", "start-up, when nothing is collected"),
    ("interp/modules/data/src/itertools/mod.rs", "values: Vec<Value>", "marked by the iterator"),
    ("interp/modules/data/src/random/mod.rs", "let words: Vec<Value>", "small ints"),
    ("interp/object/src/class.rs", "pub bases: Vec<Value>", "marked by the class"),
    ("interp/object/src/class.rs", "pub mro: Vec<Value>", "marked by the class"),
    ("interp/object/src/class.rs", "pub shape_names", "marked by the class"),
    ("interp/object/src/class.rs", "pub subclasses: Vec<Value>", "weak: the dead are taken out"),
    ("interp/object/src/class.rs", "type AttrTable", "marked by the class"),
    ("interp/object/src/code.rs", "pub consts: Vec<Value>", "marked by the code object"),
    ("interp/object/src/code.rs", "pub keyword_names: Vec<Option<Value>>", "marked by the code object"),
    ("interp/object/src/code.rs", "pub local_names: Vec<Value>", "marked by the code object"),
    ("interp/object/src/code.rs", "pub names: Vec<Option<Value>>", "marked by the code object"),
    ("interp/object/src/dict.rs", "let cells: Vec<Value>", "nothing is allocated meanwhile"),
    ("interp/object/src/function.rs", "fn site_names", "temporary roots until there is a code object"),
    ("interp/object/src/intern.rs", "let strs: Vec<Value>", "a test, which collects nothing"),
    ("interp/object/src/intern.rs", "young: Vec<Value>", "marked by the machine"),
    ("interp/object/src/shape.rs", "let mut bases: Vec<Value>", "in a collection"),
    ("interp/object/src/shape.rs", "names: Vec<Value>", "the class holds them"),
    ("interp/object/src/strs.rs", "let chars: Vec<Value>", "start-up, when nothing is collected"),
    ("interp/object/src/vm.rs", "let classes: Vec<Value>", "start-up, when nothing is collected"),
    ("interp/object/src/vm.rs", "module_state: FxHashMap", "marked by the machine"),
    ("interp/object/src/vm.rs", "names: Vec<Value>", "the class holds them"),
    ("interp/src/args.rs", "many: Vec<E::Val>", "`kept` holds them"),
    ("interp/src/traceback.rs", "seen: &mut Vec<Value>", "compared, never looked into"),
    ("interp/types/src/classes/class/order.rs", "fn resolve_mro", "the bases hold them"),
    ("interp/types/src/classes/class/order.rs", "let mut lists: Vec<&[Value]>", "the bases hold them"),
    ("interp/types/src/classes/class/order.rs", "old: &mut Vec<(Value, Vec<Value>)>", "held by who calls it"),
    ("tracer/src/exits.rs", "pub regs: Vec<Value>", "the frames and the scratch list hold them"),
    ("tracer/src/exits.rs", "values: RefCell<Vec<Value>>", "the scratch list, marked by the tracer"),
    ("tracer/src/exits.rs", "virtuals: Vec<Value>", "the scratch list holds them"),
    ("tracer/src/roots.rs", "type RootTable", "marked by the tracer"),
];

/// Files where `as` may still cut numbers short, and how often: in all others of these folders numbers are converted by
/// `from` and `try_from`.
const CUTS: &[(&str, usize)] = &[
    ("interp/modules/data/src/cmath.rs", 1),
    ("interp/modules/data/src/math/gamma.rs", 1),
    ("interp/modules/data/src/math/mod.rs", 1),
    ("interp/modules/data/src/random/mod.rs", 6),
    ("interp/modules/data/src/random/twister.rs", 4),
    ("interp/object/src/bigint.rs", 1),
    ("interp/object/src/code.rs", 1),
    ("interp/object/src/dict.rs", 2),
    ("interp/object/src/function.rs", 1),
    ("interp/object/src/handled.rs", 2),
    ("interp/object/src/intern.rs", 1),
    ("interp/object/src/layout.rs", 4),
    ("interp/object/src/rows.rs", 2),
    ("interp/object/src/strs.rs", 2),
    ("interp/object/src/vm.rs", 1),
    ("interp/protocol/src/protocol.rs", 1),
    ("interp/src/call.rs", 4),
    ("interp/src/ops/arith.rs", 1),
    ("interp/src/ops/attr.rs", 2),
    ("interp/src/ops/call.rs", 1),
    ("interp/src/ops/control.rs", 1),
    ("interp/src/ops/delegation.rs", 1),
    ("interp/src/ops/generator.rs", 4),
    ("interp/src/traceback/source_lines.rs", 1),
    ("interp/types/src/exceptions.rs", 1),
    ("interp/types/src/functions/builtins/locals.rs", 3),
    ("interp/types/src/functions/builtins/mod.rs", 3),
    ("interp/types/src/numbers/int.rs", 2),
    ("interp/types/src/text/bytes/methods.rs", 1),
    ("interp/types/src/text/str/mod.rs", 1),
];
const UNCUT: &[&str] = &["interp/object", "interp/protocol", "interp/types", "interp/modules", "interp/src"];

/// A source file.
struct Source {
    /// From the workspace's root, with `/`.
    path: String,
    text: String,
}

impl Source {
    fn is_test(&self) -> bool {
        let path = &self.path;
        path.starts_with("tests/")
            || path.contains("/tests/")
            || path.ends_with("/tests.rs")
            || path.contains("/examples/")
    }

    fn is_in(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Code without comments, as far as lines tell.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(i, line)| (i + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// Every Rust file of the workspace, sorted.
fn sources() -> Vec<Source> {
    let root = workspace();
    let mut found = Vec::new();
    collect(&root, &mut |file| {
        let path = file.strip_prefix(&root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{path}: {error}"));
        found.push(Source { path, text });
    });
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 100, "the sources are not where they should be");
    found
}

fn collect(folder: &Path, found: &mut impl FnMut(&Path)) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && !name.starts_with("target") {
            collect(&path, found);
        } else if name.ends_with(".rs") {
            found(&path);
        }
    }
}

fn document(name: &str) -> String {
    fs::read_to_string(workspace().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Fails with all complaints at once.
fn verdict(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "{} complaints\n{}", complaints.len(), complaints.join("\n"));
}

// ---- files and functions

#[test]
fn every_file_says_what_it_is() {
    let silent = sources().into_iter().filter(|s| !s.text.starts_with("//! "));
    verdict(silent.map(|s| format!("{}: the first line is no `//!`", s.path)).collect());
}

#[test]
fn files_are_short() {
    let mut complaints = Vec::new();
    let mut unused: BTreeSet<&str> = LONG_FILES.iter().map(|row| row.0).collect();
    for source in sources().iter().filter(|s| !s.is_test()) {
        let lines = source.text.lines().count();
        if lines > FILE_LINES && !unused.remove(source.path.as_str()) {
            complaints.push(format!("{}: {lines} lines (most {FILE_LINES})", source.path));
        }
    }
    complaints.extend(unused.iter().map(|path| format!("{path}: is no longer long; take it from the list")));
    verdict(complaints);
}

#[test]
fn functions_are_short() {
    let mut complaints = Vec::new();
    let mut unused: BTreeSet<(&str, &str)> = LONG_FUNCTIONS.iter().map(|row| (row.0, row.1)).collect();
    let sources = sources();
    for source in &sources {
        for (line, name, length) in functions(&source.text) {
            let row = LONG_FUNCTIONS.iter().find(|row| row.0 == source.path && row.1 == name);
            let most = row.map_or(FUNCTION_LINES, |row| row.2);
            if length > most {
                complaints.push(format!("{}:{line}: `{name}` has {length} lines (most {most})", source.path));
            }
            if length > FUNCTION_LINES {
                unused.remove(&(source.path.as_str(), name));
            }
        }
    }
    complaints
        .extend(unused.iter().map(|(path, f)| format!("{path}: `{f}` is short; take it from the list")));
    verdict(complaints);
}

/// First line, name and number of lines of each function, in formatted code.
fn functions(text: &str) -> Vec<(usize, &str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let heads = lines.iter().enumerate().filter_map(|(i, line)| Some((i, function_name(line)?)));
    heads.map(|(i, name)| (i + 1, name, function_end(&lines, i) - i + 1)).collect()
}

/// The name in a line such as `    pub(crate) const fn name<T>(`.
fn function_name(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    if rest.starts_with("pub(") {
        rest = rest.split_once(") ")?.1;
    }
    for word in ["pub ", "const ", "async ", "unsafe ", "extern \"C\" "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let name = rest.strip_prefix("fn ")?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    (end > 0).then_some(&name[..end])
}

/// The line of the closing brace: the first that is indented as the head and closes something for good.
fn function_end(lines: &[&str], head: usize) -> usize {
    let indent = lines[head].len() - lines[head].trim_start().len();
    if lines[head].ends_with(['}', ';']) {
        return head;
    }
    let closes = |line: &str| {
        let closed = line.len() > indent && line.is_char_boundary(indent) && line[..indent].trim().is_empty();
        let rest = if closed { &line[indent..] } else { "" };
        rest.starts_with('}') || rest.starts_with(')') && rest.ends_with([';', '}'])
    };
    (head + 1..lines.len()).find(|&i| closes(lines[i])).unwrap_or(lines.len() - 1)
}

#[test]
fn functions_are_found() {
    let text = "impl T {\n    pub(crate) fn one(\n        a: u8,\n    ) -> u8 {\n        a\n    }\n}\n\nfn two() {}\n\n\
                trait U {\n    fn three(\n        a: u8,\n    ) -> u8;\n}\n";
    assert_eq!(functions(text), [(2, "one", 5), (9, "two", 1), (12, "three", 3)]);
}

#[test]
fn no_file_is_dead() {
    let all = sources();
    let texts = |path: &str| all.iter().find(|s| s.path == path).map(|s| s.text.as_str());
    let mut complaints = Vec::new();
    for source in all.iter().filter(|s| s.path.contains("/src/")) {
        let path = PathBuf::from(&source.path);
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let folder = path.parent().unwrap_or(Path::new("")).to_string_lossy().into_owned();
        let (name, folder) = match &*stem {
            "lib" | "main" => continue,
            "mod" => {
                let (parent, name) = folder.rsplit_once('/').unwrap_or(("", &folder));
                (name.to_string(), parent.to_string())
            }
            name => (name.to_string(), folder),
        };
        let parents = [
            format!("{folder}/lib.rs"),
            format!("{folder}/main.rs"),
            format!("{folder}/mod.rs"),
            format!("{folder}.rs"),
        ];
        let wanted = format!("mod {name};");
        let is_program = folder.ends_with("/src/bin");
        if !is_program && !parents.iter().filter_map(|p| texts(p)).any(|text| text.contains(&wanted)) {
            complaints.push(format!("{}: no file says `{wanted}`", source.path));
        }
    }
    verdict(complaints);
}

/// No part has more lines of source.
const PART_LINES: usize = 20_000;

#[test]
fn parts_are_short() {
    let mut complaints = Vec::new();
    for part in parts_as_built() {
        let src = format!("{}/src", part.folder);
        let all = sources();
        let own = all.iter().filter(|s| s.is_in(&src) && !s.is_test());
        let lines: usize = own.map(|s| s.text.lines().count()).sum();
        if lines > PART_LINES {
            complaints.push(format!("{}: {lines} lines (most {PART_LINES})", part.folder));
        }
    }
    verdict(complaints);
}

/// Native modules are built on the rooms below the machine, and only `jit` meets the tracer.
#[test]
fn rooms_see_what_is_below_them() {
    let mut complaints = Vec::new();
    for part in parts_as_built() {
        let above = ["interp", "jit", "core", "data", "tracer", "optimizer", "backend", "compiler"];
        let in_room = ["object", "protocol", "types"].contains(&part.name.as_str())
            || part.folder.starts_with("interp/modules/");
        let seen = part.uses.iter().filter(|name| in_room && above.contains(&name.as_str()));
        complaints.extend(seen.map(|name| format!("{} sees {name}", part.name)));
        if part.name != "jit" && part.folder.starts_with("interp/") && part.uses.contains("tracer") {
            complaints.push(format!("{} sees the tracer", part.name));
        }
    }
    verdict(complaints);
}

// ---- absences

#[test]
fn forbidden_words() {
    let own = "tests/tests/tidy.rs";
    let mut complaints = Vec::new();
    for source in sources().iter().filter(|s| s.path != own) {
        for (line, text) in source.code() {
            for (word, why) in FORBIDDEN.iter().filter(|(word, _)| text.contains(word)) {
                complaints.push(format!("{}:{line}: `{word}`: {why}", source.path));
            }
        }
    }
    verdict(complaints);
}

#[test]
fn no_unsafe_where_it_is_not_needed() {
    let mut complaints = Vec::new();
    for source in sources().iter().filter(|s| SAFE.iter().any(|folder| s.is_in(folder))) {
        let own = source.path == "tests/tests/tidy.rs";
        let found = source.code().filter(|(_, text)| text.contains("unsafe ") && !own);
        complaints.extend(found.map(|(line, _)| format!("{}:{line}: `unsafe`", source.path)));
    }
    verdict(complaints);
}

/// The line names a collection of values.
fn collects_values(line: &str) -> bool {
    ["Vec<", "VecDeque<", "HashMap<", "HashSet<", "IndexMap<", "BTreeMap<"].iter().any(|collection| {
        line.match_indices(collection).any(|(at, _)| {
            let mut depth = 1;
            let inside = line[at + collection.len()..].split(|c| {
                depth += (c == '<') as i32 - (c == '>') as i32;
                depth == 0
            });
            let words = inside.take(1).flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
            words.into_iter().any(|word| ["Value", "Val", "RVal"].contains(&word))
        })
    })
}

#[test]
fn collections_of_values_are_found() {
    assert!(collects_values("    before: Vec<(Value, u32)>,"));
    assert!(collects_values("let now: SmallVec<[E::Val; 8]> = x"));
    assert!(collects_values("FxHashMap<Box<[u8]>, Value>"));
    assert!(!collects_values("fn f(out: &mut Vec<u8>, v: Value)"));
    assert!(!collects_values("let all = ValueVec::new();"));
}

#[test]
fn values_lie_where_the_collector_looks() {
    let folders = [
        "interp/object",
        "interp/protocol",
        "interp/types",
        "interp/src",
        "interp/modules",
        "interp/engine/src",
        "tracer/src",
    ];
    let mut complaints = Vec::new();
    let mut unused: BTreeSet<(&str, &str)> = KEPT_VALUES.iter().map(|row| (row.0, row.1)).collect();
    for source in sources().iter().filter(|s| !s.is_test() && folders.iter().any(|f| s.is_in(f))) {
        for (number, line) in source.code().filter(|(_, line)| collects_values(line)) {
            let row = KEPT_VALUES.iter().find(|row| row.0 == source.path && line.contains(row.1));
            match row {
                Some(row) => _ = unused.remove(&(row.0, row.1)),
                None => complaints.push(format!("{}:{number}: {}", source.path, line.trim())),
            }
        }
    }
    complaints.extend(unused.iter().map(|row| format!("{}: no `{}`; take it from the list", row.0, row.1)));
    verdict(complaints);
}

#[test]
fn numbers_are_not_cut_short() {
    let mut complaints = Vec::new();
    let mut unused: BTreeSet<&str> = CUTS.iter().map(|row| row.0).collect();
    for source in sources().iter().filter(|s| !s.is_test() && UNCUT.iter().any(|f| s.is_in(f))) {
        let casts = [" as u8", " as u16", " as u32", " as i8", " as i16", " as i32"];
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric());
        let count = |line: &str| -> usize {
            casts.iter().map(|cast| line.split(cast).skip(1).filter(|rest| ends(rest)).count()).sum()
        };
        let found: usize = source.code().map(|(_, line)| count(line)).sum();
        let most = CUTS.iter().find(|row| row.0 == source.path).map_or(0, |row| row.1);
        unused.remove(source.path.as_str());
        if found != most {
            complaints.push(format!("(\"{}\", {found}), instead of {most}", source.path));
        }
    }
    complaints.extend(unused.iter().map(|path| format!("{path}: take it from the list")));
    verdict(complaints);
}

#[test]
fn the_tracer_does_not_know_the_language() {
    let mut complaints = Vec::new();
    for source in sources().iter().filter(|s| NAMELESS.iter().any(|folder| s.is_in(folder))) {
        for (line, text) in source.text.lines().enumerate() {
            if text.to_lowercase().contains("python") {
                complaints.push(format!("{}:{}: names the guest language", source.path, line + 1));
            }
        }
    }
    verdict(complaints);
}

#[test]
fn the_outside_is_read_in_one_place() {
    let mut complaints = Vec::new();
    let mut unused: BTreeSet<(&str, &str)> = READS_OUTSIDE.iter().map(|row| (row.0, row.1)).collect();
    let inside = |s: &&Source| !s.is_test() && !s.is_in("interp/cli") && !s.is_in("benchmarks");
    let sources = sources();
    for source in sources.iter().filter(inside) {
        for (line, text) in source.code() {
            for what in OUTSIDE.iter().filter(|what| text.contains(*what)) {
                let known = READS_OUTSIDE.iter().any(|row| row.0 == source.path && row.1 == *what);
                unused.remove(&(source.path.as_str(), what));
                if !known {
                    complaints.push(format!("{}:{line}: `{what}` belongs in interp/cli", source.path));
                }
            }
        }
    }
    complaints
        .extend(unused.iter().map(|(path, what)| format!("{path}: no `{what}`; take it from the list")));
    verdict(complaints);
}

// ---- crate edges

/// A row of the part table, or the same from the manifests.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    folder: String,
    uses: BTreeSet<String>,
    outside: BTreeSet<String>,
    for_tests: BTreeSet<String>,
}

/// The table in ARCHITECTURE.md whose head begins with `part`.
fn parts_as_described() -> BTreeSet<Part> {
    let text = document("ARCHITECTURE.md");
    let rows = text.lines().skip_while(|line| !line.starts_with("| part |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 6, "a row of the part table has six cells: {row}");
        let names = |i: usize| cells[i].split(", ").filter(|n| !n.is_empty()).map(String::from).collect();
        Part {
            name: cells[0].into(),
            folder: cells[1].into(),
            uses: names(2),
            outside: names(3),
            for_tests: names(4),
        }
    })
    .collect()
}

/// The same from `cargo metadata`.
fn parts_as_built() -> BTreeSet<Part> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1", "--no-deps", "--offline"]).current_dir(workspace());
    let output = command.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages.iter().map(part).collect()
}

fn part(package: &Value) -> Part {
    let manifest = PathBuf::from(text(&package["manifest_path"]));
    let folder =
        manifest.parent().and_then(|f| f.strip_prefix(workspace()).ok()).expect("inside the workspace");
    let mut part = Part {
        name: short(text(&package["name"])),
        folder: folder.to_string_lossy().into_owned(),
        uses: BTreeSet::new(),
        outside: BTreeSet::new(),
        for_tests: BTreeSet::new(),
    };
    for dependency in package["dependencies"].as_array().expect("dependencies") {
        let name = text(&dependency["name"]);
        match (dependency["kind"].as_str(), dependency["path"].is_string()) {
            (None, true) => part.uses.insert(short(name)),
            (None, false) => part.outside.insert(name.to_string()),
            (Some(_), _) => part.for_tests.insert(short(name)),
        };
    }
    part
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn short(name: &str) -> String {
    name.strip_prefix("hoop-").unwrap_or(name).to_string()
}

#[test]
fn crate_edges_are_as_described() {
    let (described, built) = (parts_as_described(), parts_as_built());
    let missing = built.difference(&described).map(|p| format!("not in ARCHITECTURE.md: {p:?}"));
    let wrong = described.difference(&built).map(|p| format!("only in ARCHITECTURE.md: {p:?}"));
    verdict(missing.chain(wrong).collect());
}

// ---- documents

/// `.ci/run` takes its test command from the README; there must be exactly one.
#[test]
fn the_test_command_stands_in_one_place() {
    let readme = document("README.md");
    let commands: Vec<&str> = readme.lines().filter(|line| line.starts_with("cargo test")).collect();
    assert_eq!(commands.len(), 1, "lines of README.md that begin with `cargo test`: {commands:?}");
    let script = document(".ci/run");
    assert!(script.contains("README.md"), ".ci/run reads the test command from README.md");
    let own = script.lines().filter(|line| line.trim_start().starts_with("cargo test"));
    assert_eq!(own.count(), 0, ".ci/run has a test command of its own");
    for step in
        ["cargo fmt --all --check", "cargo clippy --workspace --all-targets -- -D warnings", "cargo build"]
    {
        assert!(script.contains(step), ".ci/run does not run `{step}`");
    }
}

/// Names and defaults of the JIT's parameters.
#[test]
fn the_readme_knows_every_parameter() {
    let readme = document("README.md");
    let options = document("tracer/src/options.rs");
    let table = options.split("\nnumbers! {").last().and_then(|t| t.split("\n}").next()).expect("the table");
    let rows: Vec<(&str, &str)> =
        table.lines().filter_map(|line| line.trim().strip_suffix(';')?.split_once(" = ")).collect();
    assert!(rows.len() > 5, "tracer/src/options.rs has its table elsewhere");
    let missing =
        rows.iter().filter(|(name, default)| !readme.contains(&format!("| `{name}` | {default} |")));
    verdict(
        missing.map(|(name, default)| format!("README.md: no row `{name}` with default {default}")).collect(),
    );
}

/// The options of `hoop -h`, as far as they begin a line there.
#[test]
fn the_readme_knows_every_option() {
    let readme = document("README.md");
    let help = document("interp/cli/src/args.rs");
    let help = help.split("HELP: &str").nth(1).and_then(|t| t.split("\";").next()).expect("the help text");
    let options = help.lines().filter(|line| line.starts_with('-'));
    let words = options.filter_map(|line| line.split([' ', '=', '[']).next()).filter(|word| *word != "-");
    verdict(
        words.filter(|w| !readme.contains(w)).map(|w| format!("README.md: nothing about `{w}`")).collect(),
    );
}

/// Files that the documents name exist.
#[test]
fn documents_name_files_that_exist() {
    let root = workspace();
    let mut complaints = Vec::new();
    for name in ["README.md", "ARCHITECTURE.md", "tests/README.md"] {
        let folder = root.join(name).parent().map(Path::to_path_buf).unwrap_or_default();
        for word in document(name).split(['`', '(', ')']) {
            let is_path = word.contains('/') && !word.contains([' ', '*', '<', ':']) && !word.contains("X.");
            let has_ending = [".rs", ".md", ".py", ".txt"].iter().any(|ending| word.ends_with(ending));
            if is_path && has_ending && !is_there(&root, &folder, word) {
                complaints.push(format!("{name}: there is no {word}"));
            }
        }
    }
    verdict(complaints);
}

/// A path from the root, from the document's folder, or the end of some source file's.
fn is_there(root: &Path, folder: &Path, path: &str) -> bool {
    let ending = format!("/{path}");
    root.join(path).exists()
        || folder.join(path).exists()
        || sources().iter().any(|s| s.path.ends_with(&ending))
}

/// Every program of `tests/lang` has its expectation, and the other way round.
#[test]
fn programs_and_expectations_pair_up() {
    let lang = workspace().join("tests/lang");
    let stems = |folder: &Path, ending: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter_map(|name| name.strip_suffix(ending).map(String::from)).collect()
    };
    let mut complaints = Vec::new();
    for (folder, ending) in [(lang.clone(), ".out"), (lang.join("errors"), ".err")] {
        let (programs, expected) = (stems(&folder, ".py"), stems(&folder, ending));
        complaints.extend(expected.difference(&programs).map(|stem| format!("{stem}{ending}: no program")));
    }
    let bench = workspace().join("benchmarks");
    let programs = stems(&bench.join("programs"), ".py");
    for ending in [".txt", ".small.txt"] {
        let expected = stems(&bench.join("expected"), ending);
        complaints
            .extend(programs.iter().filter(|p| !expected.contains(*p)).map(|p| format!("{p}: no {ending}")));
    }
    verdict(complaints);
}
