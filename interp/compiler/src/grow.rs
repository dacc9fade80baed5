//! Which local variables a loop only appends to, so that the str in them may grow where it lies.
//!
//! `s += x` in a loop would copy the text again and again. The instruction `append` instead marks the str it makes as
//! growing, and lengthens a growing one in place. That is sound if no other reference to it can exist: within the loop
//! the variable is read by appends alone (or returned, which ends the loop); before the loop starts, `share` takes the
//! mark from whatever the variable holds; and what is assigned to it within the loop are literals, or appends that turn
//! out to be something else, behind which there is another `share`. A growing str that leaves the loop can be seen by
//! anyone, but is not appended to any more.

use crate::emit::{Compiler, Place};
use crate::errors::Res;
use hoop_bytecode::Op;
use ruff_python_ast::visitor::{
    Visitor, walk_alias, walk_except_handler, walk_expr, walk_pattern, walk_stmt,
};
use ruff_python_ast::{Alias, ExceptHandler, Expr, Operator, Pattern, Stmt, StmtAssign};
use ruff_text_size::TextRange;
use std::collections::HashMap;

#[derive(Default)]
struct Uses {
    appended: bool,
    returned: bool,
    other: bool,
}

/// How the names in a statement are used.
#[derive(Default)]
struct Survey<'a> {
    names: HashMap<&'a str, Uses>,
    /// What follows a `return` may be in the loop still.
    has_finally: bool,
}

impl<'a> Survey<'a> {
    fn uses(&mut self, name: &'a str) -> &mut Uses {
        self.names.entry(name).or_default()
    }

    fn only_appended(&self) -> Vec<&'a str> {
        let good = |uses: &Uses| uses.appended && !uses.other && !(uses.returned && self.has_finally);
        let mut names: Vec<&str> =
            self.names.iter().filter(|(_, uses)| good(uses)).map(|(name, _)| *name).collect();
        names.sort_unstable();
        names
    }
}

impl<'a> Visitor<'a> for Survey<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Some((name, value)) = appended(statement) {
            self.uses(name).appended = true;
            return self.visit_expr(value);
        }
        match statement {
            Stmt::Assign(node) if node.value.is_literal_expr() => {
                // Names as targets are no use; what else there is in targets may be one.
                let others = node.targets.iter().filter(|target| !target.is_name_expr());
                others.for_each(|target| self.visit_expr(target));
            }
            Stmt::Return(node) => match node.value.as_deref() {
                Some(Expr::Name(name)) => self.uses(&name.id).returned = true,
                _ => walk_stmt(self, statement),
            },
            Stmt::FunctionDef(node) => {
                self.uses(&node.name).other = true;
                walk_stmt(self, statement);
            }
            Stmt::ClassDef(node) => {
                self.uses(&node.name).other = true;
                walk_stmt(self, statement);
            }
            Stmt::Try(node) => {
                self.has_finally |= !node.finalbody.is_empty();
                walk_stmt(self, statement);
            }
            _ => walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression {
            self.uses(&name.id).other = true;
        }
        walk_expr(self, expression);
    }

    fn visit_alias(&mut self, alias: &'a Alias) {
        self.uses(alias.asname.as_ref().unwrap_or(&alias.name)).other = true;
        walk_alias(self, alias);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(node) = handler;
        if let Some(name) = &node.name {
            self.uses(name).other = true;
        }
        walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let captured = match pattern {
            Pattern::MatchAs(node) => node.name.as_ref(),
            Pattern::MatchStar(node) => node.name.as_ref(),
            Pattern::MatchMapping(node) => node.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = captured {
            self.uses(name).other = true;
        }
        walk_pattern(self, pattern);
    }
}

/// The name and the value of `name += value` and `name = name + value`, unless the value is no text by its form.
pub(crate) fn appended(statement: &Stmt) -> Option<(&str, &Expr)> {
    let (name, value) = match statement {
        Stmt::AugAssign(node) if node.op == Operator::Add => (node.target.as_name_expr()?, &*node.value),
        Stmt::Assign(node) => {
            let [Expr::Name(name)] = node.targets.as_slice() else { return None };
            let sum = node.value.as_bin_op_expr().filter(|sum| sum.op == Operator::Add)?;
            let left = sum.left.as_name_expr()?;
            (left.id == name.id).then_some((name, &*sum.right))?
        }
        _ => return None,
    };
    (!is_no_text(value)).then_some((&name.id, value))
}

/// Whether the expression's form tells that it is no str.
fn is_no_text(e: &Expr) -> bool {
    match e {
        Expr::NumberLiteral(_) | Expr::UnaryOp(_) | Expr::Compare(_) | Expr::BooleanLiteral(_) => true,
        Expr::List(_) | Expr::Tuple(_) | Expr::ListComp(_) | Expr::BytesLiteral(_) => true,
        Expr::BinOp(node) => match node.op {
            Operator::Add => is_no_text(&node.left) || is_no_text(&node.right),
            Operator::Mult => !(node.left.is_string_literal_expr() || node.right.is_string_literal_expr()),
            Operator::Mod => !(node.left.is_string_literal_expr() || node.left.is_f_string_expr()),
            _ => true,
        },
        Expr::Call(node) => match &*node.func {
            Expr::Name(name) => matches!(name.id.as_str(), "len" | "int" | "float" | "abs" | "ord" | "sum"),
            _ => false,
        },
        _ => false,
    }
}

impl<'a> Compiler<'a> {
    /// Before a loop: the variables that it only appends to are shared, and will be appended to until
    /// [`Compiler::end_growth`] is called with the result.
    pub(crate) fn begin_growth(&mut self, at: TextRange, statement: &'a Stmt) -> usize {
        let before = self.unit.growing.len();
        if self.unit.locals.is_empty() {
            return before;
        }
        let mut survey = Survey::default();
        survey.visit_stmt(statement);
        for name in survey.only_appended() {
            let name = self.mangled(name);
            if let Place::Local(register) = self.place_of(&name)
                && !self.unit.growing.contains(&register)
                && !self.unit.numbers.contains(&register)
            {
                self.emit(at, Op::Share, register, 0, 0);
                self.unit.growing.push(register);
            }
        }
        before
    }

    /// Notes the variables that an assignment makes numbers: texts will hardly be appended to them.
    pub(crate) fn note_numbers(&mut self, node: &StmtAssign) {
        for target in &node.targets {
            match (target, &*node.value) {
                (Expr::Tuple(targets), Expr::Tuple(values)) => {
                    targets.iter().zip(values).for_each(|(target, value)| self.note_number(target, value));
                }
                (target, value) => self.note_number(target, value),
            }
        }
    }

    fn note_number(&mut self, target: &Expr, value: &Expr) {
        if let (Expr::Name(name), Expr::NumberLiteral(_)) = (target, value)
            && let Place::Local(register) = self.place_of(&self.mangled(&name.id))
        {
            self.unit.numbers.insert(register);
        }
    }

    pub(crate) fn end_growth(&mut self, before: usize) {
        self.unit.growing.truncate(before);
    }

    /// Emits the append that `statement` is, if it is one to a variable that may grow.
    pub(crate) fn append_statement(&mut self, at: TextRange, statement: &'a Stmt) -> Res<bool> {
        let Some((name, value)) = appended(statement).filter(|_| !self.unit.growing.is_empty()) else {
            return Ok(false);
        };
        let mangled = self.mangled(name);
        let Place::Local(register) = self.place_of(&mangled) else { return Ok(false) };
        if !self.unit.growing.contains(&register) {
            return Ok(false);
        }
        self.check_bound(at, register, &mangled);
        let value = self.operand(value)?;
        let op = if statement.is_aug_assign_stmt() { Op::IAppend } else { Op::Append };
        self.emit(at, op, register, register, value);
        self.emit(at, Op::Share, register, 0, 0);
        Ok(true)
    }
}
