//! Makes a failing program smaller by deletion.
//!
//! A candidate is the program without one statement, without one clause, or with a
//! compound statement replaced by one of its bodies. Candidates need not be sensible:
//! one that is no longer valid Python fails alike in all modes and so is not kept.
//! The first candidate that still fails is kept and the search goes on from there;
//! large pieces are tried first, since they save the most runs.

use super::program::{Clause, Node, size};

/// Shrinks while `fails` says so, with at most `budget` trials.
pub fn shrink(program: Vec<Node>, budget: usize, mut fails: impl FnMut(&[Node]) -> bool) -> Vec<Node> {
    let mut best = program;
    let mut trials = 0;
    loop {
        let mut candidates = candidates(&best);
        candidates.sort_by_key(|candidate| size(candidate));
        let mut improved = None;
        for candidate in candidates {
            trials += 1;
            if trials > budget {
                return best;
            }
            if fails(&candidate) {
                improved = Some(candidate);
                break;
            }
        }
        match improved {
            Some(smaller) => best = smaller,
            None => return best,
        }
    }
}

/// Every program that is one deletion away.
fn candidates(body: &[Node]) -> Vec<Vec<Node>> {
    let mut found = Vec::new();
    for at in 0..body.len() {
        found.push(replaced(body, at, &[]));
        if let Node::Block(clauses) = &body[at] {
            for clause in clauses {
                found.push(replaced(body, at, &clause.body));
            }
            let smaller = smaller_blocks(clauses).into_iter();
            found.extend(smaller.map(|block| replaced(body, at, &[Node::Block(block)])));
        }
    }
    found
}

/// The block without one of its later clauses, or with one body made smaller.
fn smaller_blocks(clauses: &[Clause]) -> Vec<Vec<Clause>> {
    let mut found = Vec::new();
    for at in 0..clauses.len() {
        if at > 0 {
            let mut fewer = clauses.to_vec();
            fewer.remove(at);
            found.push(fewer);
        }
        for body in candidates(&clauses[at].body) {
            let mut changed = clauses.to_vec();
            changed[at].body = body;
            found.push(changed);
        }
    }
    found
}

/// The body with the node at `at` replaced by others.
fn replaced(body: &[Node], at: usize, by: &[Node]) -> Vec<Node> {
    let mut out = body[..at].to_vec();
    out.extend_from_slice(by);
    out.extend_from_slice(&body[at + 1..]);
    out
}

#[cfg(test)]
mod tests {
    use super::super::program::{block, line, print};
    use super::*;

    #[test]
    fn keeps_only_what_fails() {
        let inner = vec![line("a = 1"), line("bug()"), line("b = 2")];
        let program =
            vec![line("x = 0"), block("for i in range(3):", vec![block("if x:", inner)]), line("y")];
        let small = shrink(program, 1000, |candidate| print(candidate).contains("bug()"));
        assert_eq!(print(&small), "bug()\n");
    }

    #[test]
    fn stops_at_its_budget() {
        let program: Vec<Node> = (0..10).map(|i| line(format!("x{i}"))).collect();
        assert_eq!(shrink(program.clone(), 0, |_| true), program);
    }
}
