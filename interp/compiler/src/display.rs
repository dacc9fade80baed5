//! Tuple, list, set and dict displays.
//!
//! Short ones are built at once from consecutive registers. Long ones, and those with unpacking, grow an accumulator
//! part by part, so that the frame stays small.

use crate::emit::{Compiler, Reg};
use crate::errors::Res;
use crate::fold;
use hoop_bytecode::{Const, Op};
use ruff_python_ast::{Expr, ExprDict};
use ruff_text_size::{Ranged, TextRange};

/// A display of at most this many items is built by one instruction.
const MAX_WINDOW: usize = 64;
/// From this many constant items on, they come from one tuple constant.
const MIN_CONSTANTS: usize = 4;

/// The instructions of one kind of accumulator.
#[derive(Clone, Copy)]
struct Accumulator {
    build: Op,
    add: Op,
    extend: Op,
}

const LIST: Accumulator = Accumulator { build: Op::BuildList, add: Op::ListAppend, extend: Op::ListExtend };
const SET: Accumulator = Accumulator { build: Op::BuildSet, add: Op::SetAdd, extend: Op::SetUpdate };

impl<'a> Compiler<'a> {
    pub fn tuple_display(&mut self, at: TextRange, items: &'a [Expr], to: Reg) -> Res {
        if is_simple(items) {
            return self.build(at, Op::BuildTuple, items, to);
        }
        let list = self.scratch(to);
        self.accumulate(at, LIST, items, list)?;
        self.emit(at, Op::ListToTuple, to, list, 0);
        Ok(())
    }

    pub fn list_display(&mut self, at: TextRange, items: &'a [Expr], to: Reg) -> Res {
        self.mutable_display(at, LIST, items, to)
    }

    pub fn set_display(&mut self, at: TextRange, items: &'a [Expr], to: Reg) -> Res {
        self.mutable_display(at, SET, items, to)
    }

    fn mutable_display(&mut self, at: TextRange, kind: Accumulator, items: &'a [Expr], to: Reg) -> Res {
        if is_simple(items) && self.constants(items).is_none() {
            return self.build(at, kind.build, items, to);
        }
        let accumulator = self.scratch(to);
        self.accumulate(at, kind, items, accumulator)?;
        self.emit_move(at, to, accumulator);
        Ok(())
    }

    fn build(&mut self, at: TextRange, op: Op, items: &'a [Expr], to: Reg) -> Res {
        let window = self.window(items)?;
        self.emit(at, op, to, window, items.len() as u16);
        Ok(())
    }

    /// Evaluates into consecutive temporaries.
    pub fn window(&mut self, items: &'a [Expr]) -> Res<Reg> {
        let first = self.mark().min(u16::MAX as u32) as Reg;
        for item in items {
            let register = self.temp();
            self.expr(item, register)?;
        }
        Ok(first)
    }

    /// The items as constants, if there are enough of them and all are constant.
    fn constants(&self, items: &[Expr]) -> Option<Vec<Const>> {
        if items.len() < MIN_CONSTANTS {
            return None;
        }
        items.iter().map(|item| fold::constant(self.source, item)).collect()
    }

    /// `to := [*items]`: `to` must be a temporary.
    pub fn list_of(&mut self, at: TextRange, items: &'a [Expr], to: Reg) -> Res {
        self.accumulate(at, LIST, items, to)
    }

    fn accumulate(&mut self, at: TextRange, kind: Accumulator, items: &'a [Expr], to: Reg) -> Res {
        let mut started = false;
        let mut rest = items;
        while !rest.is_empty() {
            let mark = self.mark();
            let near = &rest[..rest.len().min(MAX_WINDOW)];
            let plain = near.iter().position(Expr::is_starred_expr).unwrap_or(near.len());
            let (chunk, after) = rest.split_at(plain);
            rest = after;
            if chunk.is_empty() {
                self.start(at, kind, &mut started, to);
                if let Some((Expr::Starred(starred), after)) = rest.split_first() {
                    let value = self.operand(&starred.value)?;
                    self.emit(starred.range, kind.extend, to, value, 0);
                    rest = after;
                }
            } else {
                self.accumulate_chunk(at, kind, chunk, &mut started, to)?;
            }
            self.release(mark);
        }
        self.start(at, kind, &mut started, to);
        Ok(())
    }

    fn start(&mut self, at: TextRange, kind: Accumulator, started: &mut bool, to: Reg) {
        if !std::mem::replace(started, true) {
            self.emit(at, kind.build, to, to, 0);
        }
    }

    fn accumulate_chunk(
        &mut self,
        at: TextRange,
        kind: Accumulator,
        chunk: &'a [Expr],
        started: &mut bool,
        to: Reg,
    ) -> Res {
        if let Some(constants) = self.constants(chunk) {
            self.start(at, kind, started, to);
            let all = self.temp();
            self.load_const(at, all, Const::Tuple(constants));
            self.emit(at, kind.extend, to, all, 0);
        } else if !*started {
            *started = true;
            self.build(at, kind.build, chunk, to)?;
        } else if let [item] = chunk {
            let value = self.operand(item)?;
            self.emit(at, kind.add, to, value, 0);
        } else {
            let part = self.temp();
            self.build(at, Op::BuildTuple, chunk, part)?;
            self.emit(at, kind.extend, to, part, 0);
        }
        Ok(())
    }

    pub fn dict_display(&mut self, e: &'a ExprDict, to: Reg) -> Res {
        let plain = e.items.iter().take(MAX_WINDOW / 2).take_while(|item| item.key.is_some()).count();
        let whole = plain == e.items.len();
        let dict = if whole { to } else { self.scratch(to) };
        let mark = self.mark();
        let window = self.mark().min(u16::MAX as u32) as Reg;
        for item in &e.items[..plain] {
            let (key, value) = (self.temp(), self.temp());
            if let Some(key_expr) = &item.key {
                self.expr(key_expr, key)?;
            }
            self.expr(&item.value, value)?;
        }
        self.emit(e.range, Op::BuildDict, dict, window, plain as u16);
        self.release(mark);
        for item in &e.items[plain..] {
            self.dict_item(e.range, item, dict)?;
        }
        self.emit_move(e.range, to, dict);
        Ok(())
    }

    fn dict_item(&mut self, at: TextRange, item: &'a ruff_python_ast::DictItem, dict: Reg) -> Res {
        let mark = self.mark();
        match &item.key {
            Some(key) => {
                let scratch = self.temp();
                let key = self.operand_before(key, &[&item.value], scratch)?;
                let value = self.operand(&item.value)?;
                self.emit(at, Op::DictSet, dict, key, value);
            }
            None => {
                let value = self.operand(&item.value)?;
                self.emit(item.value.range(), Op::DictUpdate, dict, value, 0);
            }
        }
        self.release(mark);
        Ok(())
    }
}

fn is_simple(items: &[Expr]) -> bool {
    items.len() <= MAX_WINDOW && !items.iter().any(Expr::is_starred_expr)
}
