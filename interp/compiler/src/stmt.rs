//! Statements other than definitions, assignments, `try` and `with`.

use crate::emit::{Block, Compiler, Label};
use crate::errors::Res;
use crate::fold;
use crate::symtable::ScopeKind;
use hoop_bytecode::{Const, Op, SiteKind};
use ruff_python_ast::{
    Alias, Expr, Stmt, StmtAssert, StmtFor, StmtIf, StmtImport, StmtImportFrom, StmtRaise, StmtReturn,
    StmtWhile,
};
use ruff_text_size::{Ranged, TextRange};

/// `LoadSpecial` numbers of the asynchronous iteration methods.
const AITER: u16 = 4;
const ANEXT: u16 = 5;

impl<'a> Compiler<'a> {
    pub fn body(&mut self, body: &'a [Stmt]) -> Res {
        body.iter().try_for_each(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &'a Stmt) -> Res {
        let mark = self.mark();
        self.statement_inner(statement)?;
        self.release(mark);
        Ok(())
    }

    fn statement_inner(&mut self, statement: &'a Stmt) -> Res {
        let at = statement.range();
        if self.append_statement(at, statement)? {
            return Ok(());
        }
        match statement {
            Stmt::FunctionDef(node) => self.function_statement(node),
            Stmt::ClassDef(node) => self.class_statement(node),
            Stmt::Return(node) => self.return_statement(node),
            Stmt::Delete(node) => node.targets.iter().try_for_each(|target| self.delete(target)),
            Stmt::Assign(node) => {
                self.note_numbers(node);
                self.assign(node)
            }
            Stmt::AugAssign(node) => self.augmented_assign(node),
            Stmt::AnnAssign(node) => self.annotated_assign(node),
            Stmt::For(_) | Stmt::While(_) => {
                let before = self.begin_growth(at, statement);
                match statement {
                    Stmt::For(node) => self.for_statement(node)?,
                    Stmt::While(node) => self.while_statement(node)?,
                    _ => {}
                }
                self.end_growth(before);
                Ok(())
            }
            Stmt::If(node) => self.if_statement(node),
            Stmt::With(node) => self.with_statement(node),
            Stmt::Raise(node) => self.raise(node),
            Stmt::Try(node) => self.try_statement(node),
            Stmt::Assert(node) => self.assert(node),
            Stmt::Import(node) => self.import(node),
            Stmt::ImportFrom(node) => self.import_from(node),
            Stmt::Global(_) | Stmt::Nonlocal(_) | Stmt::Pass(_) => Ok(()),
            Stmt::Expr(node) => self.expression_statement(&node.value),
            Stmt::Break(_) => self.leave_loop(at, true),
            Stmt::Continue(_) => self.leave_loop(at, false),
            Stmt::Match(_) => self.fail(at, "'match' is not supported yet"),
            Stmt::TypeAlias(_) => self.fail(at, "'type' statements are not supported yet"),
            Stmt::IpyEscapeCommand(_) => self.fail(at, "invalid syntax"),
        }
    }

    fn expression_statement(&mut self, value: &'a Expr) -> Res {
        let at_module = self.table.scopes[self.unit.scope].kind == ScopeKind::Module;
        if self.interactive && at_module {
            return self.show(value);
        }
        if fold::constant(self.source, value).is_some() {
            return Ok(());
        }
        self.effect(value)
    }

    /// `sys.displayhook(value)`
    fn show(&mut self, value: &'a Expr) -> Res {
        let at = value.range();
        let shown = self.temp();
        self.expr(value, shown)?;
        let window = self.temps(3);
        self.load_const(at, window, Const::Int(0));
        self.load_const(at, window + 1, Const::None);
        let site = self.short_site(at, SiteKind::Import, "sys")?;
        self.emit(at, Op::Import, window, window, site);
        let site = self.short_site(at, SiteKind::Attr, "displayhook")?;
        self.emit(at, Op::LoadMethod, window, window, site);
        self.emit_move(at, window + 2, shown);
        self.emit(at, Op::CallMethod, window, window, 1);
        Ok(())
    }

    // ---- leaving

    fn return_statement(&mut self, node: &'a StmtReturn) -> Res {
        let scope = &self.table.scopes[self.unit.scope];
        if !scope.kind.is_function() {
            return self.fail(node.range, "'return' outside function");
        }
        let result = self.temp();
        let register = match &node.value {
            Some(value) if self.unit.blocks.is_empty() => self.operand_in(value, result)?,
            Some(value) => {
                self.expr(value, result)?;
                result
            }
            None => {
                self.load_const(node.range, result, Const::None);
                result
            }
        };
        self.leave_blocks(0, node.range)?;
        self.emit(node.range, Op::Return, register, 0, 0);
        self.resume_blocks(0);
        Ok(())
    }

    pub fn return_none(&mut self, at: TextRange) {
        let mark = self.mark();
        let result = self.temp();
        self.load_const(at, result, Const::None);
        self.emit(at, Op::Return, result, 0, 0);
        self.release(mark);
    }

    fn leave_loop(&mut self, at: TextRange, breaking: bool) -> Res {
        let depth = self.unit.blocks.iter().rposition(|block| matches!(block, Block::Loop { .. }));
        let Some(depth) = depth else {
            let message = if breaking { "'break' outside loop" } else { "'continue' not properly in loop" };
            return self.fail(at, message);
        };
        let Block::Loop { exit, next } = self.unit.blocks[depth] else { return Ok(()) };
        self.leave_blocks(depth + 1, at)?;
        self.emit_jump(at, Op::Jump, 0, if breaking { exit } else { next });
        self.resume_blocks(depth + 1);
        Ok(())
    }

    // ---- control flow

    fn if_statement(&mut self, node: &'a StmtIf) -> Res {
        let end = self.label();
        let mut otherwise = self.label();
        self.jump_if(&node.test, otherwise, false)?;
        self.body(&node.body)?;
        for clause in &node.elif_else_clauses {
            self.emit_jump(clause.range, Op::Jump, 0, end);
            self.place(otherwise);
            otherwise = self.label();
            if let Some(test) = &clause.test {
                self.jump_if(test, otherwise, false)?;
            }
            self.body(&clause.body)?;
        }
        self.place(otherwise);
        self.place(end);
        Ok(())
    }

    fn while_statement(&mut self, node: &'a StmtWhile) -> Res {
        let (end, exit) = (self.label(), self.label());
        let header = self.loop_header(node.test.range());
        self.jump_if(&node.test, end, false)?;
        self.loop_body(&node.body, exit, header)?;
        self.emit_jump(node.test.range(), Op::Jump, 0, header);
        self.place(end);
        self.body(&node.orelse)?;
        self.place(exit);
        Ok(())
    }

    fn for_statement(&mut self, node: &'a StmtFor) -> Res {
        let (end, exit) = (self.label(), self.label());
        let iterator = self.temp();
        let iterable = self.operand_in(&node.iter, iterator)?;
        let at = node.iter.range();
        if node.is_async {
            self.async_iterator(at, iterable, iterator);
        } else {
            self.emit(at, Op::GetIter, iterator, iterable, 0);
        }
        let header = self.loop_header(at);
        let stopped = if node.is_async {
            Some(self.next_async_item(&node.target, at, iterator)?)
        } else {
            self.next_item(&node.target, at, iterator, end)?;
            None
        };
        self.loop_body(&node.body, exit, header)?;
        self.emit_jump(at, Op::Jump, 0, header);
        if let Some(stopped) = stopped {
            self.end_of_async_items(at, stopped, end);
        }
        self.place(end);
        self.body(&node.orelse)?;
        self.place(exit);
        Ok(())
    }

    /// Fetches the next item into the target, or jumps to `end`.
    pub fn next_item(&mut self, target: &'a Expr, at: TextRange, iterator: u16, end: Label) -> Res {
        let mark = self.mark();
        let item = self.temp();
        self.emit(at, Op::ForIter, item, iterator, 0);
        self.emit_jump(at, Op::ForEnd, item, end);
        self.store(target, item)?;
        self.release(mark);
        Ok(())
    }

    /// `to := iterable.__aiter__()`
    pub fn async_iterator(&mut self, at: TextRange, iterable: u16, to: u16) {
        let mark = self.mark();
        let window = self.temps(2);
        self.emit(at, Op::LoadSpecial, window, iterable, AITER);
        self.emit(at, Op::CallMethod, to, window, 0);
        self.release(mark);
    }

    /// `target = await iterator.__anext__()`; gives the label and the register of the handler that
    /// `end_of_async_items` is to place.
    pub fn next_async_item(&mut self, target: &'a Expr, at: TextRange, iterator: u16) -> Res<(Label, u16)> {
        let (stopped, exc) = (self.label(), self.temp());
        let mark = self.mark();
        let item = self.temp();
        let window = self.temps(2);
        let range = self.guard(stopped, exc);
        self.emit(at, Op::LoadSpecial, window, iterator, ANEXT);
        self.emit(at, Op::CallMethod, item, window, 0);
        self.await_in_place(at, item);
        self.end_guard(range);
        self.store(target, item)?;
        self.release(mark);
        Ok((stopped, exc))
    }

    /// StopAsyncIteration ends the loop, other exceptions go on.
    pub fn end_of_async_items(&mut self, at: TextRange, (stopped, exc): (Label, u16), end: Label) {
        self.place(stopped);
        let mark = self.mark();
        let matches = self.temp();
        let site = self.site(SiteKind::Global, "StopAsyncIteration");
        self.emit_wide(at, Op::LoadGlobal, matches, site);
        self.emit(at, Op::ExcMatch, matches, exc, matches);
        self.emit_jump(at, Op::JumpIfTrue, matches, end);
        self.emit(at, Op::Reraise, exc, 0, 0);
        self.release(mark);
    }

    fn loop_body(&mut self, body: &'a [Stmt], exit: Label, next: Label) -> Res {
        self.unit.blocks.push(Block::Loop { exit, next });
        self.body(body)?;
        self.unit.blocks.pop();
        Ok(())
    }

    // ---- raise, assert

    fn raise(&mut self, node: &'a StmtRaise) -> Res {
        let Some(exception) = &node.exc else {
            self.emit(node.range, Op::RaiseCurrent, 0, 0, 0);
            return Ok(());
        };
        let later: Vec<&Expr> = node.cause.as_deref().into_iter().collect();
        let scratch = self.temp();
        let exception = self.operand_before(exception, &later, scratch)?;
        match &node.cause {
            Some(cause) => {
                let cause = self.operand(cause)?;
                self.emit(node.range, Op::RaiseFrom, exception, cause, 0);
            }
            None => self.emit(node.range, Op::Raise, exception, 0, 0),
        }
        Ok(())
    }

    fn assert(&mut self, node: &'a StmtAssert) -> Res {
        if self.optimize >= 1 {
            return Ok(());
        }
        let holds = self.label();
        self.jump_if(&node.test, holds, true)?;
        let at = node.test.range();
        let window = self.temp();
        self.emit(at, Op::LoadAssertionError, window, 0, 0);
        if let Some(message) = &node.msg {
            let argument = self.temp();
            self.expr(message, argument)?;
            self.emit(at, Op::Call, window, window, 1);
        }
        self.emit(at, Op::Raise, window, 0, 0);
        self.place(holds);
        Ok(())
    }

    // ---- imports

    fn import(&mut self, node: &'a StmtImport) -> Res {
        if node.is_lazy {
            return self.fail(node.range, "invalid syntax");
        }
        node.names.iter().try_for_each(|alias| self.import_one(node.range, alias))
    }

    fn import_one(&mut self, at: TextRange, alias: &'a Alias) -> Res {
        let mark = self.mark();
        let module = self.temps(2);
        self.load_const(at, module, Const::Int(0));
        self.load_const(at, module + 1, Const::None);
        let site = self.short_site(at, SiteKind::Import, &alias.name)?;
        self.emit(at, Op::Import, module, module, site);
        match &alias.asname {
            None => {
                let first = alias.name.split('.').next().unwrap_or_default();
                let first = self.mangled(first);
                self.store_name(at, &first, module);
            }
            Some(bound) => {
                for part in alias.name.split('.').skip(1) {
                    let site = self.short_site(at, SiteKind::Import, part)?;
                    self.emit(at, Op::ImportFrom, module, module, site);
                }
                let bound = self.mangled(bound);
                self.store_name(at, &bound, module);
            }
        }
        self.release(mark);
        Ok(())
    }

    fn import_from(&mut self, node: &'a StmtImportFrom) -> Res {
        let at = node.range;
        let module_name = node.module.as_ref().map_or("", |module| module.as_str());
        if module_name == "__future__" && node.level == 0 {
            self.check_future(node)?;
        }
        if node.is_lazy {
            return self.fail(at, "invalid syntax");
        }
        let module = self.temps(2);
        self.load_const(at, module, Const::Int(node.level as i64));
        let names = node.names.iter().map(|alias| Const::str(&alias.name)).collect();
        self.load_const(at, module + 1, Const::Tuple(names));
        let site = self.short_site(at, SiteKind::Import, module_name)?;
        self.emit(at, Op::Import, module, module, site);
        for alias in &node.names {
            if alias.name.as_str() == "*" {
                self.emit(at, Op::ImportStar, module, 0, 0);
                continue;
            }
            let site = self.short_site(at, SiteKind::Import, &alias.name)?;
            self.emit(at, Op::ImportFrom, module + 1, module, site);
            let bound = self.mangled(alias.asname.as_ref().unwrap_or(&alias.name));
            self.store_name(at, &bound, module + 1);
        }
        Ok(())
    }

    fn check_future(&self, node: &StmtImportFrom) -> Res {
        const FEATURES: [&str; 10] = [
            "nested_scopes",
            "generators",
            "division",
            "absolute_import",
            "with_statement",
            "print_function",
            "unicode_literals",
            "barry_as_FLUFL",
            "generator_stop",
            "annotations",
        ];
        for alias in &node.names {
            let name = alias.name.as_str();
            if name == "braces" {
                return self.fail(node.range, "not a chance");
            }
            if !FEATURES.contains(&name) {
                return self.fail(node.range, format!("future feature {name} is not defined"));
            }
        }
        Ok(())
    }
}
