//! A program as a tree of lines and blocks: what the generator builds, the shrinker
//! cuts, and the printer turns into Python.

/// A statement: a line, or a head (`for ...:`) with its body and further clauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A simple statement.
    Line(String),
    /// A compound statement; each clause is a head and a body (`if`, `elif`, `else`).
    Block(Vec<Clause>),
}

/// `head:` and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The line that ends with a colon.
    pub head: String,
    /// The statements under it; printed as `pass` if there are none.
    pub body: Vec<Node>,
}

impl Clause {
    /// A clause of that head and body.
    pub fn new(head: impl Into<String>, body: Vec<Node>) -> Clause {
        Clause { head: head.into(), body }
    }
}

/// A simple statement.
pub fn line(text: impl Into<String>) -> Node {
    Node::Line(text.into())
}

/// A compound statement of one clause.
pub fn block(head: impl Into<String>, body: Vec<Node>) -> Node {
    Node::Block(vec![Clause::new(head, body)])
}

/// The program's text.
pub fn print(program: &[Node]) -> String {
    let mut out = String::new();
    print_body(program, 0, &mut out);
    out
}

fn print_body(body: &[Node], depth: usize, out: &mut String) {
    for node in body {
        match node {
            Node::Line(text) => print_line(text, depth, out),
            Node::Block(clauses) => {
                for clause in clauses {
                    print_line(&clause.head, depth, out);
                    print_body(&clause.body, depth + 1, out);
                    if clause.body.is_empty() {
                        print_line("pass", depth + 1, out);
                    }
                }
            }
        }
    }
}

fn print_line(text: &str, depth: usize, out: &mut String) {
    for _ in 0..depth {
        out.push_str("    ");
    }
    out.push_str(text);
    out.push('\n');
}

/// How many statements and clauses the program has.
pub fn size(program: &[Node]) -> usize {
    let of_node = |node: &Node| match node {
        Node::Line(_) => 1,
        Node::Block(clauses) => clauses.iter().map(|clause| 1 + size(&clause.body)).sum(),
    };
    program.iter().map(of_node).sum()
}
