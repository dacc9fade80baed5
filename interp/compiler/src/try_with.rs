//! `try` and `with`, and what it takes to leave them.
//!
//! The final statements are compiled once for each way out: the normal one, each `return`, `break` or `continue`, and
//! the exceptional one. A way out runs the clean-up of each block it leaves, innermost first; while it does, the
//! protected range of that block has a hole, so that an exception in the clean-up goes to the block outside it.

use crate::emit::{Block, Compiler, Reg};
use crate::errors::Res;
use hoop_bytecode::{Const, Op};
use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler, Stmt, StmtTry, StmtWith, WithItem};
use ruff_text_size::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    // ---- leaving blocks

    /// Emits the clean-up of all blocks above `depth`. Their ranges stay suspended until `resume_blocks`.
    pub fn leave_blocks(&mut self, depth: usize, at: TextRange) -> Res {
        let mut left = Vec::new();
        let mut result = Ok(());
        while self.unit.blocks.len() > depth && result.is_ok() {
            let Some(mut block) = self.unit.blocks.pop() else { break };
            let here = self.unit.here();
            if let Some(range) = block.range_mut() {
                range.pause(here);
            }
            result = self.clean_up(&block, at);
            left.push(block);
        }
        self.unit.blocks.extend(left.into_iter().rev());
        result
    }

    /// After the jump that left: the blocks above `depth` protect what follows again.
    pub fn resume_blocks(&mut self, depth: usize) {
        let here = self.unit.here();
        for block in &mut self.unit.blocks[depth..] {
            if let Some(range) = block.range_mut() {
                range.resume(here);
            }
        }
    }

    fn clean_up(&mut self, block: &Block<'a>, at: TextRange) -> Res {
        match block {
            Block::Loop { .. } | Block::Try { .. } => Ok(()),
            Block::Finally { body, .. } => {
                let body: &'a [Stmt] = body;
                // A return passes the final statements of loops and blocks further out, where other things are read.
                let growing = std::mem::take(&mut self.unit.growing);
                let done = self.body(body);
                self.unit.growing = growing;
                done
            }
            Block::With { exit, at, is_async, .. } => {
                self.call_exit(*at, *exit, *is_async);
                Ok(())
            }
            Block::Handling { saved, .. } => {
                self.emit(at, Op::PopHandled, *saved, 0, 0);
                Ok(())
            }
            Block::NamedHandler { name, at, .. } => self.unbind_handler_name(*at, name),
        }
    }

    /// Leaves the innermost block the normal way: what follows is not protected by it.
    fn pop_block(&mut self) {
        if let Some(range) = self.unit.blocks.pop().and_then(Block::into_range) {
            self.end_guard(range);
        }
    }

    // ---- try

    pub fn try_statement(&mut self, node: &'a StmtTry) -> Res {
        if node.is_star {
            return self.fail(node.range, "'except*' is not supported yet");
        }
        if node.finalbody.is_empty() { self.try_except(node) } else { self.try_finally(node) }
    }

    fn try_finally(&mut self, node: &'a StmtTry) -> Res {
        let [exc, saved, inner_exc] = [self.temp(), self.temp(), self.temp()];
        let [handler, cleanup, end] = [self.label(), self.label(), self.label()];
        let at = node.finalbody.first().map_or(node.range, |first| first.range());
        let range = self.guard(handler, exc);
        self.unit.blocks.push(Block::Finally { body: &node.finalbody, range });
        if node.handlers.is_empty() {
            self.body(&node.body)?;
        } else {
            self.try_except(node)?;
        }
        self.pop_block();
        self.body(&node.finalbody)?;
        self.emit_jump(at, Op::Jump, 0, end);

        self.place(handler);
        self.emit(at, Op::PushHandled, saved, exc, 0);
        let range = self.guard(cleanup, inner_exc);
        self.unit.blocks.push(Block::Handling { saved, range });
        self.body(&node.finalbody)?;
        self.emit(at, Op::Reraise, exc, 0, 0);
        self.pop_block();
        self.restore_and_reraise(at, cleanup, saved, inner_exc);
        self.place(end);
        Ok(())
    }

    /// The end of a handler by an exception of its own.
    fn restore_and_reraise(&mut self, at: TextRange, label: crate::emit::Label, saved: Reg, exc: Reg) {
        self.place(label);
        self.emit(at, Op::PopHandled, saved, 0, 0);
        self.emit(at, Op::Reraise, exc, 0, 0);
    }

    fn try_except(&mut self, node: &'a StmtTry) -> Res {
        let mark = self.mark();
        let [exc, saved, inner_exc] = [self.temp(), self.temp(), self.temp()];
        let [handler, cleanup, end] = [self.label(), self.label(), self.label()];
        let range = self.guard(handler, exc);
        self.unit.blocks.push(Block::Try { range });
        self.body(&node.body)?;
        self.pop_block();
        self.body(&node.orelse)?;
        self.emit_jump(node.range, Op::Jump, 0, end);

        self.place(handler);
        let at = node.handlers.first().map_or(node.range, |first| first.range());
        self.emit(at, Op::PushHandled, saved, exc, 0);
        let range = self.guard(cleanup, inner_exc);
        self.unit.blocks.push(Block::Handling { saved, range });
        for (number, ExceptHandler::ExceptHandler(handler)) in node.handlers.iter().enumerate() {
            if handler.type_.is_none() && number + 1 < node.handlers.len() {
                return self.fail(handler.range, "default 'except:' must be last");
            }
            self.except_clause(handler, exc, saved, end)?;
        }
        self.emit(at, Op::Reraise, exc, 0, 0);
        self.pop_block();
        self.restore_and_reraise(at, cleanup, saved, inner_exc);
        self.place(end);
        self.release(mark);
        Ok(())
    }

    fn except_clause(
        &mut self,
        node: &'a ExceptHandlerExceptHandler,
        exc: Reg,
        saved: Reg,
        end: crate::emit::Label,
    ) -> Res {
        let mark = self.mark();
        let next = self.label();
        if let Some(class) = &node.type_ {
            let matches = self.temp();
            let class_register = self.operand_in(class, matches)?;
            self.emit(class.range(), Op::ExcMatch, matches, exc, class_register);
            self.emit_jump(class.range(), Op::JumpIfFalse, matches, next);
        }
        match &node.name {
            None => {
                self.body(&node.body)?;
                self.emit(node.range, Op::PopHandled, saved, 0, 0);
                self.emit_jump(node.range, Op::Jump, 0, end);
            }
            Some(name) => self.named_handler(node, name, exc, saved, end)?,
        }
        self.place(next);
        self.release(mark);
        Ok(())
    }

    fn named_handler(
        &mut self,
        node: &'a ExceptHandlerExceptHandler,
        name: &'a ruff_python_ast::Identifier,
        exc: Reg,
        saved: Reg,
        end: crate::emit::Label,
    ) -> Res {
        let at = name.range;
        let mangled = self.mangled(name);
        self.store_name(at, &mangled, exc);
        let raised = self.label();
        let inner_exc = self.temp();
        let range = self.guard(raised, inner_exc);
        self.unit.blocks.push(Block::NamedHandler { name: name.as_str(), at, range });
        self.body(&node.body)?;
        self.pop_block();
        self.unbind_handler_name(at, name)?;
        self.emit(node.range, Op::PopHandled, saved, 0, 0);
        self.emit_jump(node.range, Op::Jump, 0, end);
        self.place(raised);
        self.unbind_handler_name(at, name)?;
        self.emit(at, Op::Reraise, inner_exc, 0, 0);
        Ok(())
    }

    /// `name = None; del name`: the body may have deleted the name itself.
    fn unbind_handler_name(&mut self, at: TextRange, name: &str) -> Res {
        let mangled = self.mangled(name);
        if let crate::emit::Place::Local(register) = self.place_of(&mangled) {
            self.emit(at, Op::Unbind, register, 0, 0);
            return Ok(());
        }
        let mark = self.mark();
        let none = self.temp();
        self.load_const(at, none, Const::None);
        self.store_name(at, &mangled, none);
        self.release(mark);
        self.delete_name(at, &mangled)
    }

    // ---- with

    pub fn with_statement(&mut self, node: &'a StmtWith) -> Res {
        self.with_items(node, &node.items)
    }

    fn with_items(&mut self, node: &'a StmtWith, items: &'a [WithItem]) -> Res {
        let Some((item, rest)) = items.split_first() else { return self.body(&node.body) };
        let at = item.context_expr.range();
        let is_async = node.is_async;
        let [exc, saved, inner_exc] = [self.temp(), self.temp(), self.temp()];
        let [handler, cleanup, end] = [self.label(), self.label(), self.label()];
        let exit = self.temps(5);
        let entered = self.enter(item, exit, is_async)?;
        let range = self.guard(handler, exc);
        self.unit.blocks.push(Block::With { exit, at, is_async, range });
        if let Some(target) = &item.optional_vars {
            self.store(target, entered)?;
        }
        self.with_items(node, rest)?;
        self.pop_block();
        self.call_exit(at, exit, is_async);
        self.emit_jump(at, Op::Jump, 0, end);

        self.place(handler);
        self.emit(at, Op::PushHandled, saved, exc, 0);
        let range = self.guard(cleanup, inner_exc);
        let swallowed = self.label();
        let result = self.temp();
        self.emit(at, Op::WithExcept, result, exit, exc);
        if is_async {
            self.await_in_place(at, result);
        }
        self.emit_jump(at, Op::JumpIfTrue, result, swallowed);
        self.emit(at, Op::Reraise, exc, 0, 0);
        self.end_guard(range);
        self.place(swallowed);
        self.emit(at, Op::PopHandled, saved, 0, 0);
        self.emit_jump(at, Op::Jump, 0, end);
        self.restore_and_reraise(at, cleanup, saved, inner_exc);
        self.place(end);
        Ok(())
    }

    /// Looks up both methods, calls the entering one; gives the register of its result. The exit method and its self
    /// stay in `exit`, the first of five registers that are its call window.
    fn enter(&mut self, item: &'a WithItem, exit: Reg, is_async: bool) -> Res<Reg> {
        let at = item.context_expr.range();
        let special = if is_async { 2 } else { 0 };
        let entered = self.temp();
        let manager = self.operand_in(&item.context_expr, entered)?;
        self.emit(at, Op::LoadSpecial, exit, manager, 1 + special);
        let mark = self.mark();
        let window = self.temps(2);
        self.emit(at, Op::LoadSpecial, window, manager, special);
        self.emit(at, Op::CallMethod, entered, window, 0);
        self.release(mark);
        if is_async {
            self.await_in_place(at, entered);
        }
        Ok(entered)
    }

    /// `exit(None, None, None)`
    fn call_exit(&mut self, at: TextRange, exit: Reg, is_async: bool) {
        for argument in 2..5 {
            self.load_const(at, exit + argument, Const::None);
        }
        let mark = self.mark();
        let result = self.temp();
        self.emit(at, Op::CallMethod, result, exit, 3);
        if is_async {
            self.await_in_place(at, result);
        }
        self.release(mark);
    }
}
