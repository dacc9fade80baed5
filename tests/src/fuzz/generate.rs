//! Random programs.
//!
//! A program is a fixed prelude (fuel, `fit`, `note`, a few classes), some functions,
//! generators and closures that may call those before them, and a main part that calls
//! each with several arguments and prints what it gives.
//!
//! Inside a function variables have a nominal kind by their letter (`i` int, `f` float,
//! `s` str, `l` list, `d` dict, `o` object); now and then a value of another kind is put
//! in, and the resulting TypeErrors are part of the program's answer. Only the type
//! name of an exception is printed, never its text.

use super::program::{Clause, Node, block, line};
use super::random::Random;

/// What every program begins with.
const PRELUDE: &str = include_str!("prelude.py");

const INTS: [&str; 4] = ["i0", "i1", "i2", "i3"];
const FLOATS: [&str; 3] = ["f0", "f1", "f2"];
const STRINGS: [&str; 2] = ["s0", "s1"];
const LISTS: [&str; 3] = ["l0", "l1", "l2"];
const DICTS: [&str; 2] = ["d0", "d1"];
const OBJECTS: [&str; 3] = ["o0", "o1", "o2"];
const ATTRIBUTES: [&str; 4] = ["a", "b", "c", "k"];
const CAUGHT: [&str; 6] = [
    "Exception",
    "(TypeError, ValueError)",
    "ZeroDivisionError",
    "LookupError",
    "(ArithmeticError, AttributeError)",
    "Own",
];

/// Ints where machine words, the value word and the small cases have their edges.
const EDGES: [&str; 18] = [
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "255",
    "-256",
    "2147483647",
    "4294967296",
    "4611686018427387903",
    "4611686018427387904",
    "-4611686018427387904",
    "-4611686018427387905",
    "9223372036854775807",
    "-9223372036854775808",
    "3037000500",
    "1 << 64",
];
const FLOAT_EDGES: [&str; 14] = [
    "0.0",
    "-0.0",
    "1.0",
    "0.5",
    "-1.5",
    "0.1",
    "1e16",
    "1e-9",
    "1e300",
    "-1e300",
    "5e-324",
    "float('inf')",
    "float('nan')",
    "4611686018427387904.0",
];

/// The program of a seed.
pub fn generate(seed: u64) -> Vec<Node> {
    let mut writer = Writer {
        random: Random::new(seed),
        functions: Vec::new(),
        generators: Vec::new(),
        wide: 0,
        closure: false,
        loops: 0,
    };
    writer.program()
}

/// The text that stands before every generated program.
pub fn prelude() -> &'static str {
    PRELUDE
}

struct Writer {
    random: Random,
    /// Names and numbers of parameters of the functions made so far.
    functions: Vec<(String, usize)>,
    generators: Vec<String>,
    /// How many variables `v0`, `v1`, ... the function being made has.
    wide: usize,
    /// Whether the function being made has a closure in `l2[0]`.
    closure: bool,
    /// How many loops surround the statement being made, in its function.
    loops: usize,
}

impl Writer {
    fn program(&mut self) -> Vec<Node> {
        let mut out = Vec::new();
        for at in 0..self.random.between(2, 5) {
            let node = if self.random.one_in(4) { self.generator(at) } else { self.function(at) };
            out.push(node);
        }
        out.extend(self.main_part());
        out
    }

    fn main_part(&mut self) -> Vec<Node> {
        let mut out = Vec::new();
        for (name, parameters) in self.functions.clone() {
            for _ in 0..self.random.between(1, 3) {
                let arguments: Vec<String> = (0..parameters).map(|_| self.any_leaf_constant()).collect();
                let call = format!("show('{name}', {name}{})", tuple_after_comma(&arguments));
                let rounds = self.random.between(1, 12);
                out.push(block(format!("for _ in range({rounds}):"), vec![line(call)]));
            }
        }
        for name in self.generators.clone() {
            let start = self.int_constant();
            out.push(line(format!("show('{name}', lambda: list({name}({start})))")));
            out.push(line(format!("show('{name}', lambda: drive({name}({start}), {start}))")));
        }
        out.push(line("finish()"));
        out
    }

    fn function(&mut self, at: usize) -> Node {
        let name = format!("fn{at}");
        let parameters = self.random.between(0, 3);
        let names = &["i0", "f0", "s0"][..parameters];
        let mut body = vec![line("burn()")];
        body.extend(self.locals(parameters));
        body.extend(self.many_locals());
        self.closure = self.random.one_in(3);
        if self.closure {
            body.extend(self.closure());
        }
        let statements = self.random.between(3, 8);
        body.extend(self.statements(statements, 3));
        let (rest, seen) = self.rest_parameters(parameters);
        body.extend(seen);
        body.push(line(format!(
            "return i0, i1, i2, i3, f0, f1, s0, s1, fit(l0), fit(l1), d0, o0, o1{}",
            self.some_of_many()
        )));
        self.functions.push((name.clone(), parameters));
        block(format!("def {name}({}{rest}):", names.join(", ")), body)
    }

    /// Parameters beyond the usual ones, each with a comma before it if need be, and statements that look at them.
    fn rest_parameters(&mut self, usual: usize) -> (String, Vec<Node>) {
        let (text, seen) = match self.random.below(6) {
            0 => ("*rest, **more", "note((rest, sorted(more)))"),
            1 => ("*, only=7, **more", "note((only, more))"),
            2 => ("*rest", "note(rest)"),
            _ => return (String::new(), Vec::new()),
        };
        let comma = if usual > 0 { ", " } else { "" };
        (format!("{comma}{text}"), vec![line(seen)])
    }

    /// In some functions more variables than an operand of a byte can name, or nearly.
    fn many_locals(&mut self) -> Vec<Node> {
        self.wide = if self.random.one_in(6) { [17, 40, 250, 300][self.random.below(4)] } else { 0 };
        let names: String = (0..self.wide).map(|at| format!("v{at} = ")).collect();
        if self.wide == 0 { Vec::new() } else { vec![line(format!("{names}{}", self.int_constant()))] }
    }

    /// One of the many variables.
    fn one_of_many(&mut self) -> String {
        format!("v{}", self.random.below(self.wide))
    }

    /// Some of the many variables, each after a comma.
    fn some_of_many(&mut self) -> String {
        let ends = [0, self.wide / 2, self.wide.saturating_sub(1)];
        if self.wide == 0 { String::new() } else { ends.map(|at| format!(", v{at}")).concat() }
    }

    fn generator(&mut self, at: usize) -> Node {
        let name = format!("gen{at}");
        self.closure = false;
        let mut body = vec![line("burn()")];
        body.extend(self.locals(1));
        body.extend(self.many_locals());
        let count = self.random.between(3, 30);
        self.loops += 1;
        let statements = self.random.between(1, 4);
        let mut inner = self.statements(statements, 2);
        let yielded = self.int(2);
        inner.push(line(format!("yield fit({yielded})")));
        if self.random.one_in(3) {
            let handler =
                Clause::new(format!("except {}:", self.random.pick(&CAUGHT)), vec![line("yield -1")]);
            inner = vec![Node::Block(vec![Clause::new("try:", inner), handler])];
        }
        self.loops -= 1;
        body.push(block(format!("for i3 in range({count}):"), inner));
        if let Some(other) = self.generators.last() {
            body.push(line(format!("yield from {other}(i0)")));
        }
        self.generators.push(name.clone());
        block(format!("def {name}(i0):"), body)
    }

    /// Initial values of all locals that are not parameters.
    fn locals(&mut self, parameters: usize) -> Vec<Node> {
        let mut out = Vec::new();
        for (at, name) in INTS.iter().enumerate() {
            if at > 0 || parameters < 1 {
                out.push(line(format!("{name} = {}", self.int_constant())));
            }
        }
        for (at, name) in FLOATS.iter().enumerate() {
            if at > 0 || parameters < 2 {
                out.push(line(format!("{name} = {}", self.float_constant())));
            }
        }
        for (at, name) in STRINGS.iter().enumerate() {
            if at > 0 || parameters < 3 {
                out.push(line(format!("{name} = {}", self.string_constant())));
            }
        }
        out.push(line(format!("l0 = [{}, {}, 3]", self.int_constant(), self.int_constant())));
        out.push(line(format!("l1 = [{}, {}]", self.float_constant(), self.float_constant())));
        out.push(line("l2 = []"));
        out.push(line("d0 = {'a': 1, 'b': 2.5}"));
        out.push(line("d1 = {}"));
        out.push(line(format!("o0 = {}(i1, f1)", self.random.pick(&["P", "Q", "R", "U"]))));
        out.push(line(format!("o1 = {}(i2, 1)", self.random.pick(&["P", "Q", "S", "T"]))));
        out.push(line("o2 = o0"));
        out
    }

    /// A nested function that changes variables of the enclosing one.
    fn closure(&mut self) -> Vec<Node> {
        let changed = self.random.pick(&INTS);
        let body = vec![
            line(format!("nonlocal {changed}")),
            line(format!(
                "{changed} = fit({changed} + {})",
                self.random.pick(&["x", "x * 2", "len(s1)", "f1"])
            )),
            line(format!("return {changed}")),
        ];
        vec![block("def inner(x):", body), line("l2.append(inner)")]
    }

    fn statements(&mut self, count: usize, depth: usize) -> Vec<Node> {
        (0..count).map(|_| self.statement(depth)).collect()
    }

    /// A statement; most of those that could raise are guarded, so that their function goes on.
    fn statement(&mut self, depth: usize) -> Node {
        let (node, risky) = self.plain_statement(depth);
        let guarded = if self.loops == 0 { !self.random.one_in(12) } else { !self.random.one_in(4) };
        if !(risky && guarded) {
            return node;
        }
        let handler = Clause::new("except Exception as e:", vec![line("note(type(e).__name__)")]);
        Node::Block(vec![Clause::new("try:", vec![node]), handler])
    }

    /// A statement, and whether an exception in it is likely.
    fn plain_statement(&mut self, depth: usize) -> (Node, bool) {
        let compound = if depth > 0 { 8 } else { 0 };
        if self.random.one_in(6) {
            return self.newer_statement();
        }
        let kind = self.random.below(17 + compound);
        let outermost = self.loops == 0;
        match kind {
            0..=3 => (self.assign_int(), self.random.one_in(3)),
            4..=5 => (self.assign_float(), self.random.one_in(3)),
            6 => (self.assign_string(), self.random.one_in(3)),
            7 => (self.change_kind(), outermost),
            8..=9 => (self.list_statement(), true),
            10 => (self.dict_statement(), true),
            11..=12 => (self.object_statement(), true),
            13 => (self.call_statement(), true),
            14 => (self.raise_statement(), true),
            15 => (self.note_statement(), outermost),
            16 => (self.shared_statement(), outermost),
            17..=18 => (self.if_statement(depth), outermost),
            19..=22 => (self.loop_statement(depth), outermost),
            _ => (self.try_statement(depth), outermost),
        }
    }

    /// What is looked at from outside: attribute tables, tracebacks, variables as text, many variables.
    fn newer_statement(&mut self) -> (Node, bool) {
        match self.random.below(6) {
            0 => (self.table_statement(), true),
            1 => (self.class_statement(), true),
            2 => (self.traceback_statement(), self.loops == 0),
            3 => (self.text_statement(), true),
            4 if self.wide > 0 => (self.many_statement(), true),
            _ => (self.star_statement(), true),
        }
    }

    /// Reads and writes of an object's `__dict__`, and deletions.
    fn table_statement(&mut self) -> Node {
        let object = self.random.pick(&OBJECTS);
        let attribute = self.random.pick(&ATTRIBUTES);
        line(match self.random.below(8) {
            0 => format!("{object}.__dict__['{attribute}'] = {}", self.int_leaf()),
            1 => format!("i1 = {object}.__dict__['{attribute}']"),
            2 => format!("i2 = len({object}.__dict__)"),
            3 => format!("del {object}.{attribute}"),
            4 => format!("{object}.__dict__ = {{'a': {}, 'b': {}}}", self.int_leaf(), self.float_leaf()),
            5 => format!("vars({object}).update({attribute}={})", self.int_leaf()),
            6 => format!("note(sorted({object}.__dict__))"),
            _ => format!("i3 = getattr({object}, '{attribute}', {})", self.int_leaf()),
        })
    }

    /// Writes to classes.
    fn class_statement(&mut self) -> Node {
        let object = self.random.pick(&OBJECTS);
        let class = self.random.pick(&["P", "Q", "R", "S", "T", "V"]);
        let value = self.int_leaf();
        line(match self.random.below(7) {
            0 => format!("{class}.k = {value}"),
            1 => format!("i1 = {class}.k; {class}.k = fit(i1 + 1)"),
            2 => format!("del {class}.k"),
            3 => format!("type({object}).hook = lambda self, x={value}: x; i2 = {object}.hook()"),
            4 => format!("setattr({class}, '{}', {value})", self.random.pick(&["z", "k", "hook"])),
            5 => format!("{class}.z = property(lambda self: {value}); i3 = {object}.z"),
            _ => format!("i1 = {object}.k; {object}.k = {value}; del {object}.k; i2 = {object}.k"),
        })
    }

    /// An exception that is looked at and may go on.
    fn traceback_statement(&mut self) -> Node {
        let raised = match self.random.below(6) {
            0 => line("raise last"),
            1 => line(format!("raise Own({}) from last", self.int_leaf())),
            2 => line("depth('')"),
            _ => self.raise_statement(),
        };
        let mut handler = vec![line("note(caught(e))")];
        match self.random.below(6) {
            0 => handler.push(line("raise")),
            1 => handler.push(line("raise e")),
            2 => handler.push(line("raise ValueError(i1)")),
            _ => {}
        }
        let inner = Node::Block(vec![
            Clause::new("try:", vec![raised]),
            Clause::new("except Exception as e:", handler),
        ]);
        let outer = Clause::new("except Exception as e:", vec![line("note(caught(e))")]);
        Node::Block(vec![Clause::new("try:", vec![inner]), outer])
    }

    /// Text as program.
    fn text_statement(&mut self) -> Node {
        let value = self.int(1);
        line(match self.random.below(7) {
            0 => "i1 = fit(eval('i0 + 1'))".to_string(),
            1 => format!("exec(\"shared['g'] = {}; G = 2\", globals())", self.random.below(9)),
            2 => format!("i2 = fit(eval('x * 2 + y', {{'x': {value}, 'y': i0}}))"),
            3 => "exec('def made(x):\\n for j in range(9): x += j\\n return x', d1); i3 = fit(d1.pop('made')(i0))"
                .to_string(),
            4 => "d1.pop('__builtins__', None); note(locals().get('i2'))".to_string(),
            5 => "exec('i0 = 5; q = i0', {}, d1); d1.pop('q')".to_string(),
            _ => "i1 = eval('[x + 1 for x in (1, 2)]')[1] + len(eval('l0'))".to_string(),
        })
    }

    fn many_statement(&mut self) -> Node {
        let (a, b) = (self.one_of_many(), self.one_of_many());
        line(match self.random.below(4) {
            0 => format!("{a} = fit({b} + {})", self.int_leaf()),
            1 => format!("{a}, {b} = {b}, {a}"),
            2 => format!("i1 = {a}; {b} += 1"),
            _ => format!("{a} = {}", self.any(1)),
        })
    }

    /// Calls with stars and keywords, right ones and wrong ones.
    fn star_statement(&mut self) -> Node {
        let Some((name, parameters)) = self.functions.last().cloned() else {
            let (a, b) = (self.int_leaf(), self.int_leaf());
            return line(format!("i1 = fit(star({a}, *l0[:2], k={b}, **{{'z': {a}}}))"));
        };
        let names = &["i0", "f0", "s0"][..parameters];
        let given: Vec<String> =
            names.iter().map(|name| format!("{name}={}", self.any_leaf_constant())).collect();
        let arguments = match self.random.below(5) {
            0 => given.join(", "),
            1 => format!("*[i1, f1, s1][:{parameters}]"),
            2 => format!("**{{'i0': i1, 'f0': f1, 's0': s1}}, only={}", self.int_leaf()),
            3 => format!("*(i1, f1, s1, {}), z=1", self.int_leaf()),
            _ => format!("*[i1, f1, s1][:{parameters}], **{{'only': {}}}", self.int_leaf()),
        };
        line(format!("i2 = {name}({arguments})[{}]", self.random.below(8)))
    }

    fn body(&mut self, depth: usize) -> Vec<Node> {
        let count = self.random.between(1, 4);
        self.statements(count, depth - 1)
    }

    fn assign_int(&mut self) -> Node {
        let target = self.random.pick(&INTS);
        let text = match self.random.below(6) {
            0 => format!("{target} += {}; {target} = fit({target})", self.int_leaf()),
            1 => format!("{target} -= {}", self.int_leaf()),
            2 => format!("{target} {}= {}", self.random.pick(&["&", "|", "^"]), self.int_leaf()),
            3 => format!("{target} = {target} + 1"),
            4 => format!("i0, {} = {target}, {}", self.random.pick(&INTS[1..]), self.int_leaf()),
            _ => format!("{target} = fit({})", self.int(3)),
        };
        line(text)
    }

    fn assign_float(&mut self) -> Node {
        let target = self.random.pick(&FLOATS);
        let operator = self.random.pick(&["+", "-", "*"]);
        let text = match self.random.below(3) {
            0 if operator == "*" => format!("{target} = mul({target}, {})", self.float_leaf()),
            0 => format!("{target} {operator}= {}; {target} = fit({target})", self.float_leaf()),
            1 => format!("{target} = {target} * 0.5 + {}", self.int_leaf()),
            _ => format!("{target} = fit({})", self.float(3)),
        };
        line(text)
    }

    fn assign_string(&mut self) -> Node {
        let target = self.random.pick(&STRINGS);
        line(format!("{target} = fit({})", self.string(2)))
    }

    /// Puts a value of another kind into a variable, in some iterations only.
    fn change_kind(&mut self) -> Node {
        let target = self.random.pick(&["i1", "i2", "f1", "f2", "s1", "o0", "o1"]);
        let value = self.any(2);
        let modulus = self.random.between(2, 9);
        let rest = self.random.below(modulus);
        block(format!("if turn() % {modulus} == {rest}:"), vec![line(format!("{target} = {value}"))])
    }

    fn list_statement(&mut self) -> Node {
        let list = self.random.pick(&LISTS);
        let index = self.int_leaf();
        let value = if self.random.one_in(3) { self.any(2) } else { self.int_leaf() };
        let text = match self.random.below(9) {
            0..=1 => format!("{list}.append({value})"),
            2 => format!("{list}[{index} % len({list})] = {value}"),
            3 => format!("{list}[-1] = {list}[{index} % 3]"),
            4 => format!("i1 = {list}[{index} % (len({list}) + 1)]"),
            5 => format!(
                "{list} = fit({list}[{}:{}] + [{value}])",
                self.random.below(3),
                self.random.between(3, 9)
            ),
            6 => format!("{list}[1:2] = [{value}, {index}]"),
            7 => format!("i2 = {list}.pop() if len({list}) > 2 else len({list})"),
            _ => format!(
                "{list} = [fit(x + {}) for x in {list} if x is not None]",
                self.random.pick(&["i0", "1", "0.5"])
            ),
        };
        line(text)
    }

    fn dict_statement(&mut self) -> Node {
        let dict = self.random.pick(&DICTS);
        let key = match self.random.below(5) {
            0 => "'a'".to_string(),
            1 => "key(s0)".to_string(),
            2 => "key(f0)".to_string(),
            _ => format!("key({} % 7)", self.random.pick(&INTS)),
        };
        let value = self.any(2);
        let text = match self.random.below(6) {
            0 => format!("{dict}[{key}] = {value}"),
            1 => format!("{dict}[{key}] = {dict}.get({key}, 0) + 1"),
            2 => format!("i3 = {dict}[{key}]"),
            3 => format!("i1 = fit(len({dict}) + ({key} in {dict}))"),
            4 => format!("{dict}.pop({key}, None)"),
            _ => format!("{dict}['a'] = fit({dict}['a'] + {})", self.int_leaf()),
        };
        line(text)
    }

    fn object_statement(&mut self) -> Node {
        let object = self.random.pick(&OBJECTS);
        let attribute = self.random.pick(&ATTRIBUTES);
        let value = if self.random.one_in(4) { self.any(2) } else { self.int(2) };
        let text = match self.random.below(9) {
            0..=1 => format!("{object}.{attribute} = fit({value})"),
            2 => format!("i1 = {object}.{attribute}"),
            3 => {
                let leaf = self.int_leaf();
                format!("{object}.{attribute} += {leaf}; {object}.{attribute} = fit({object}.{attribute})")
            }
            4 => format!("i2 = fit({object}.m({}))", self.int_leaf()),
            5 => format!(
                "{object} = {}({}, {})",
                self.random.pick(&["P", "Q", "R", "S", "T", "U", "V"]),
                self.int_leaf(),
                self.float_leaf()
            ),
            6 => format!("{object} = fit({} + {})", self.random.pick(&OBJECTS), self.random.pick(&OBJECTS)),
            7 => {
                format!("{}, {object} = {object}, {}", self.random.pick(&OBJECTS), self.random.pick(&OBJECTS))
            }
            _ => format!(
                "i3 = ({object} == {}) + same({object}, o0) * 2 + {object}.p",
                self.random.pick(&OBJECTS)
            ),
        };
        line(text)
    }

    fn call_statement(&mut self) -> Node {
        if self.functions.is_empty() || self.random.one_in(3) {
            let text = match self.random.below(4) {
                0 if self.closure => format!("i1 = l2[0]({})", self.int_leaf()),
                1 => format!("i2 = depth({} % 9)", self.int_leaf()),
                2 => format!("i3 = fit(star(*l0, k={}))", self.int_leaf()),
                _ => format!("f1 = fit((lambda x, y=2: x * y + {})(f0))", self.int_leaf()),
            };
            return line(text);
        }
        let (name, parameters) = self.functions[self.random.below(self.functions.len())].clone();
        let arguments: Vec<String> = (0..parameters).map(|_| self.any(1)).collect();
        let target = self.random.pick(&["i1", "f1", "s1", "i2"]);
        line(format!("{target} = {name}({})[{}]", arguments.join(", "), self.random.below(8)))
    }

    fn raise_statement(&mut self) -> Node {
        let condition = self.condition(2);
        let raised = match self.random.below(4) {
            0 => "raise Own(i0)".to_string(),
            1 => format!("i1 = {} // (i0 % 5)", self.int_leaf()),
            2 => "raise KeyError(i1)".to_string(),
            _ => "i0 = l0[100]".to_string(),
        };
        block(format!("if {condition}:"), vec![line(raised)])
    }

    fn note_statement(&mut self) -> Node {
        let value = self.any(2);
        line(format!("note({value})"))
    }

    /// Changes what compiled code may rely on: globals and class attributes.
    fn shared_statement(&mut self) -> Node {
        let change = match self.random.below(6) {
            0 => format!("shared['g'] = fit({})", self.int(2)),
            1 => format!("P.k = {}", self.any(1)),
            2 => "Q.m, R.m = R.m, Q.m".to_string(),
            3 => "o0.__class__ = Q if type(o0) is P else P".to_string(),
            4 => "set_global(i0)".to_string(),
            _ => "i1 = G + shared['g']".to_string(),
        };
        if self.random.one_in(2) {
            return line(change);
        }
        block(format!("if turn() % 41 == {}:", self.random.below(41)), vec![line(change)])
    }

    fn if_statement(&mut self, depth: usize) -> Node {
        let mut clauses = vec![Clause::new(format!("if {}:", self.condition(2)), self.body(depth))];
        if self.random.one_in(3) {
            clauses.push(Clause::new(format!("elif {}:", self.condition(2)), self.body(depth)));
        }
        if self.random.one_in(2) {
            clauses.push(Clause::new("else:", self.body(depth)));
        }
        Node::Block(clauses)
    }

    fn loop_statement(&mut self, depth: usize) -> Node {
        if self.loops >= 2 {
            return self.if_statement(depth);
        }
        let bound = if self.loops == 0 { self.random.between(3, 60) } else { self.random.between(1, 12) };
        let mut head_line = None;
        let head = match self.random.below(9) {
            0..=3 => format!("for i{} in range({bound}):", self.random.below(4)),
            4 => format!("for i3 in range({bound}, 0, -{}):", self.random.between(1, 3)),
            5 => format!("for x{} in fit({})[:]:", self.loops, self.random.pick(&LISTS)),
            6 if !self.generators.is_empty() => {
                format!("for i2 in {}(i1):", self.generators[self.random.below(self.generators.len())])
            }
            7 => format!("for x{} in s0:", self.loops),
            _ => {
                head_line = Some(format!("w{} = {bound}", self.loops));
                format!("while w{} > 0:", self.loops)
            }
        };
        self.loops += 1;
        let mut body = self.body(depth);
        self.loops -= 1;
        if head_line.is_some() {
            body.insert(0, line(format!("w{} -= 1", self.loops)));
        }
        if self.random.one_in(3) {
            let word = self.random.pick(&["break", "continue"]);
            let at = self.random.below(body.len()).max(usize::from(head_line.is_some()));
            body.insert(at, block(format!("if {}:", self.condition(2)), vec![line(word)]));
        }
        let mut clauses = vec![Clause::new(head, body)];
        if self.random.one_in(5) {
            clauses.push(Clause::new("else:", vec![self.assign_int()]));
        }
        match head_line {
            Some(text) => block("if True:", vec![line(text), Node::Block(clauses)]),
            None => Node::Block(clauses),
        }
    }

    fn try_statement(&mut self, depth: usize) -> Node {
        let mut clauses = vec![Clause::new("try:", self.body(depth))];
        let with_finally = self.random.one_in(3);
        if !with_finally || self.random.one_in(2) {
            let kind = self.random.pick(&CAUGHT);
            let mut handler = self.body(depth);
            handler.insert(0, line("note(type(e).__name__)"));
            clauses.push(Clause::new(format!("except {kind} as e:"), handler));
            if self.random.one_in(4) {
                clauses.push(Clause::new("else:", vec![self.assign_int()]));
            }
        }
        if with_finally {
            clauses.push(Clause::new("finally:", vec![self.assign_int()]));
        }
        Node::Block(clauses)
    }

    fn condition(&mut self, depth: usize) -> String {
        let compare = self.random.pick(&["<", "<=", "==", "!=", ">", ">="]);
        match self.random.below(9) {
            0..=2 => format!("{} {compare} {}", self.int_leaf(), self.int_leaf()),
            3 => format!("{} % {} == {}", self.int_leaf(), self.random.between(2, 7), self.random.below(3)),
            4 => format!("{} {compare} {}", self.float_leaf(), self.float_leaf()),
            5 => format!("{} {compare} {} < {}", self.int_leaf(), self.random.pick(&INTS), self.float_leaf()),
            6 if depth > 0 => format!("not ({})", self.condition(depth - 1)),
            7 if depth > 0 => {
                let word = self.random.pick(&["and", "or"]);
                format!("({}) {word} ({})", self.condition(depth - 1), self.condition(depth - 1))
            }
            _ => self
                .random
                .pick(&[
                    "i0",
                    "f0",
                    "s0",
                    "l0",
                    "l2",
                    "d1",
                    "o0",
                    "s0 == s1",
                    "'a' in d0",
                    "isinstance(i1, int)",
                    "same(o0, o2)",
                ])
                .to_string(),
        }
    }

    fn int(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.one_in(3) {
            return self.int_leaf();
        }
        let (a, b) = (self.int(depth - 1), self.int(depth - 1));
        match self.random.below(15) {
            0..=2 => format!("({a} + {b})"),
            3..=4 => format!("({a} - {b})"),
            5 => format!("mul({}, {})", self.int_leaf(), self.int_leaf()),
            6 => format!("({a} // {})", self.divisor()),
            7 => format!("({a} % {})", self.divisor()),
            8 => format!("({a} {} {b})", self.random.pick(&["&", "|", "^"])),
            9 => format!("({a} >> ({b} & 31))"),
            10 => format!("({} << ({b} & 15))", self.int_leaf()),
            11 => format!("({} if {} else {b})", a, self.condition(1)),
            12 => format!("{}({a})", self.random.pick(&["abs", "-", "~", "int"])),
            13 => format!("{}({a}, {b})", self.random.pick(&["min", "max"])),
            _ => format!("({a} {} {b})", self.random.pick(&["<", "==", "and", "or"])),
        }
    }

    fn int_leaf(&mut self) -> String {
        match self.random.below(12) {
            0..=6 => self.random.pick(&INTS).to_string(),
            7..=8 => self.int_constant(),
            9 => self.random.pick(&["len(l0)", "len(s0)", "o0.a", "o1.m(i1)", "G"]).to_string(),
            10 => self.random.pick(&["turn()", "P.k", "shared['g']", "l0[0]", "d0['a']"]).to_string(),
            _ => self.random.between(0, 20).to_string(),
        }
    }

    fn int_constant(&mut self) -> String {
        if self.random.one_in(2) {
            self.random.between(0, 50).to_string()
        } else {
            format!("({})", self.random.pick(&EDGES))
        }
    }

    fn divisor(&mut self) -> String {
        match self.random.below(4) {
            0 => self.random.pick(&INTS).to_string(),
            1 => format!("-{}", self.random.between(1, 9)),
            _ => self.random.between(1, 12).to_string(),
        }
    }

    fn float(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.one_in(3) {
            return self.float_leaf();
        }
        let (a, b) = (self.float(depth - 1), self.float(depth - 1));
        match self.random.below(9) {
            0..=1 => format!("({a} + {b})"),
            2 => format!("({a} - {b})"),
            3 => format!("mul({a}, {b})"),
            4 => format!("({a} * {})", self.random.pick(&["0.5", "-1.5", "1e10", "(f1 - 0.0)"])),
            5 => format!("({a} / {})", self.random.pick(&["3", "0.7", "f1", "2.0"])),
            6 => format!("({a} + {})", self.int(depth - 1)),
            7 => format!("abs({a})"),
            _ => format!("({a} if {} else {b})", self.condition(1)),
        }
    }

    fn float_leaf(&mut self) -> String {
        match self.random.below(6) {
            0..=3 => self.random.pick(&FLOATS).to_string(),
            4 => self.float_constant(),
            _ => self.random.pick(&["o0.b", "l1[0]", "i0 / 7", "float(i1 & 1023)"]).to_string(),
        }
    }

    fn float_constant(&mut self) -> String {
        let text = self.random.pick(&FLOAT_EDGES);
        if text.starts_with('-') { format!("({text})") } else { text.to_string() }
    }

    fn string(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.string_leaf();
        }
        let (a, b) = (self.string(depth - 1), self.string_leaf());
        match self.random.below(8) {
            0..=1 => format!("({a} + {b})"),
            2 => format!("{a}[{}:]", self.random.between(0, 3)),
            3 => format!("{a}[::-1]"),
            4 => format!("str({})", self.int_leaf()),
            5 => format!("('%s-%r' % ({}, {b}))", self.int_leaf()),
            6 => format!(
                "f'{{{}}}:{{{}:>{}}}'",
                self.random.pick(&INTS),
                self.random.pick(&STRINGS),
                self.random.below(9)
            ),
            _ => format!(
                "{a}.{}",
                self.random.pick(&["upper()", "replace('a', 'bb')", "strip('x')", "lower()"])
            ),
        }
    }

    fn string_leaf(&mut self) -> String {
        if self.random.one_in(3) { self.string_constant() } else { self.random.pick(&STRINGS).to_string() }
    }

    fn string_constant(&mut self) -> String {
        self.random
            .pick(&["''", "'a'", "'abc'", "'x\\u00e9y'", "'\\U0001f600b'", "'0'", "'xaxa'"])
            .to_string()
    }

    /// An expression of any kind.
    fn any(&mut self, depth: usize) -> String {
        match self.random.below(10) {
            0..=3 => self.int(depth),
            4..=5 => self.float(depth),
            6 => self.string(depth.min(1)),
            7 => format!("({}, {})", self.int_leaf(), self.float_leaf()),
            8 => format!("[{}, {}]", self.int_leaf(), self.string_leaf()),
            _ => self.random.pick(&["None", "True", "o0", "o1", "len(d0)"]).to_string(),
        }
    }

    fn any_leaf_constant(&mut self) -> String {
        match self.random.below(4) {
            0..=1 => self.int_constant(),
            2 => self.float_constant(),
            _ => self.string_constant(),
        }
    }
}

/// `, a, b` for the arguments a, b.
fn tuple_after_comma(arguments: &[String]) -> String {
    arguments.iter().map(|argument| format!(", {argument}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::program::{print, size};
    use super::*;

    #[test]
    fn a_seed_always_gives_the_same_program() {
        assert_eq!(generate(7), generate(7));
        assert_ne!(print(&generate(7)), print(&generate(8)));
    }

    #[test]
    fn programs_have_some_size() {
        let sizes: Vec<usize> = (0..50).map(|seed| size(&generate(seed))).collect();
        assert!(sizes.iter().all(|&n| n > 20), "{sizes:?}");
        assert!(sizes.iter().all(|&n| n < 2000), "{sizes:?}");
    }
}
