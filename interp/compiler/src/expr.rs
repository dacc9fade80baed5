//! Expressions: values into registers, conditions into jumps.
//!
//! `expr(e, to)` writes `to` only with its last effect, if `to` is a variable; temporaries may be written earlier. So
//! `x = a + b` adds straight into x, and a failing right-hand side leaves x alone. `operand(e)` gives a local
//! variable's own register without a move, which is right as long as nothing rebinds it before its use: only `:=` can,
//! see `operand_before`.

use crate::emit::{Compiler, Label, Place, Reg};
use crate::errors::Res;
use crate::fold;
use hoop_bytecode::{Const, Op};
use ruff_python_ast::helpers::any_over_expr;
use ruff_python_ast::{
    BoolOp, CmpOp, Expr, ExprBinOp, ExprBoolOp, ExprCompare, ExprNamed, ExprUnaryOp, Operator, UnaryOp,
};
use ruff_text_size::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    /// `to := e`
    pub fn expr(&mut self, e: &'a Expr, to: Reg) -> Res {
        if let Some(constant) = fold::constant(self.source, e) {
            self.load_const(e.range(), to, constant);
            return Ok(());
        }
        let mark = self.mark();
        self.expr_inner(e, to)?;
        self.release(mark);
        Ok(())
    }

    fn expr_inner(&mut self, e: &'a Expr, to: Reg) -> Res {
        let at = e.range();
        match e {
            Expr::Name(name) => {
                let name = self.mangled(&name.id);
                self.load_name(at, &name, to)
            }
            Expr::BinOp(binary) => self.binary(binary, to),
            Expr::UnaryOp(unary) => self.unary(unary, to),
            Expr::BoolOp(operation) => self.bool_op(operation, to),
            Expr::Compare(compare) => self.compare(compare, to),
            Expr::If(choice) => self.choice(choice, to),
            Expr::Named(named) => {
                let from = self.named(named, to)?;
                self.emit_move(at, to, from);
                Ok(())
            }
            Expr::Attribute(attribute) => self.attribute(attribute, to),
            Expr::Subscript(subscript) => self.subscript(subscript, to),
            Expr::Slice(slice) => self.slice(slice, to),
            Expr::Call(call) => self.call(call, to),
            Expr::Lambda(lambda) => self.lambda(lambda, to),
            Expr::Tuple(tuple) => self.tuple_display(at, &tuple.elts, to),
            Expr::List(list) => self.list_display(at, &list.elts, to),
            Expr::Set(set) => self.set_display(at, &set.elts, to),
            Expr::Dict(dict) => self.dict_display(dict, to),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehension(e, to)
            }
            Expr::FString(string) => self.f_string(string, to),
            Expr::Yield(node) => self.yield_value(at, node.value.as_deref(), to),
            Expr::YieldFrom(node) => self.yield_from(at, &node.value, to),
            Expr::Starred(_) => self.fail(at, "can't use starred expression here"),
            Expr::Await(node) => self.yield_from(at, &node.value, to),
            Expr::TString(_) => self.fail(at, "template strings are not supported yet"),
            Expr::IpyEscapeCommand(_) => self.fail(at, "invalid syntax"),
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => self.fail(at, "invalid literal"),
        }
    }

    // ---- operands

    /// A register that holds the value of `e` until the next `:=`.
    pub fn operand(&mut self, e: &'a Expr) -> Res<Reg> {
        if let Some(register) = self.variable_operand(e)? {
            return Ok(register);
        }
        let to = self.temp();
        self.expr(e, to)?;
        Ok(to)
    }

    /// As `operand`, with the temporary to use if one is needed.
    pub fn operand_in(&mut self, e: &'a Expr, scratch: Reg) -> Res<Reg> {
        if let Some(register) = self.variable_operand(e)? {
            return Ok(register);
        }
        self.expr(e, scratch)?;
        Ok(scratch)
    }

    /// As `operand_in`, for a value that must survive the evaluation of the expressions in `later`.
    pub fn operand_before(&mut self, e: &'a Expr, later: &[&Expr], scratch: Reg) -> Res<Reg> {
        let register = self.operand_in(e, scratch)?;
        if register != scratch && self.rebinds(e, later) {
            self.emit_move(e.range(), scratch, register);
            return Ok(scratch);
        }
        Ok(register)
    }

    /// The register of the local variable that `e` names or assigns by `:=`.
    fn variable_operand(&mut self, e: &'a Expr) -> Res<Option<Reg>> {
        match e {
            Expr::Name(node) => {
                let name = self.mangled(&node.id);
                let Place::Local(register) = self.place_of(&name) else { return Ok(None) };
                self.check_bound(node.range, register, &name);
                Ok(Some(register))
            }
            Expr::Named(named) => {
                let Some(Place::Local(register)) = self.named_place(named) else { return Ok(None) };
                self.named(named, register)?;
                Ok(Some(register))
            }
            _ => Ok(None),
        }
    }

    /// Whether evaluating `later` may assign the variable that `e` stands for.
    pub fn rebinds(&self, e: &Expr, later: &[&Expr]) -> bool {
        let name = match e {
            Expr::Name(name) => &name.id,
            Expr::Named(named) => match &*named.target {
                Expr::Name(name) => &name.id,
                _ => return false,
            },
            _ => return false,
        };
        let scope = &self.table.scopes[self.unit.scope];
        if !scope.symbols.get(&self.mangled(name)).is_some_and(|symbol| symbol.walrus) {
            return false;
        }
        let assigns = |inner: &Expr| match inner {
            Expr::Named(named) => matches!(&*named.target, Expr::Name(target) if target.id == *name),
            _ => false,
        };
        later.iter().any(|later| any_over_expr(later, assigns))
    }

    /// `to`, if it may serve as a scratch register, else a new temporary.
    pub fn scratch(&mut self, to: Reg) -> Reg {
        if self.is_variable(to) { self.temp() } else { to }
    }

    /// Evaluates for effect only.
    pub fn effect(&mut self, e: &'a Expr) -> Res {
        let mark = self.mark();
        self.operand(e)?;
        self.release(mark);
        Ok(())
    }

    // ---- operators

    fn binary(&mut self, e: &'a ExprBinOp, to: Reg) -> Res {
        let scratch = self.scratch(to);
        let left = self.operand_before(&e.left, &[&e.right], scratch)?;
        self.binary_with(e.range, e.op, left, &e.right, to, false)
    }

    /// `to := left op right`, in place or not.
    pub fn binary_with(
        &mut self,
        at: TextRange,
        op: Operator,
        left: Reg,
        right: &'a Expr,
        to: Reg,
        in_place: bool,
    ) -> Res {
        if let (Some(op), Some(imm)) = (immediate_op(op, in_place), fold::small_int(self.source, right)) {
            self.emit(at, op, to, left, imm as u16);
            return Ok(());
        }
        let right = self.operand(right)?;
        self.emit(at, binary_op(op, in_place), to, left, right);
        Ok(())
    }

    fn unary(&mut self, e: &'a ExprUnaryOp, to: Reg) -> Res {
        let scratch = self.scratch(to);
        let operand = self.operand_in(&e.operand, scratch)?;
        let op = match e.op {
            UnaryOp::Invert => Op::Invert,
            UnaryOp::Not => Op::Not,
            UnaryOp::UAdd => Op::Pos,
            UnaryOp::USub => Op::Neg,
        };
        self.emit(e.range, op, to, operand, 0);
        Ok(())
    }

    fn bool_op(&mut self, e: &'a ExprBoolOp, to: Reg) -> Res {
        let value = self.scratch(to);
        let end = self.label();
        for (at, part) in e.values.iter().enumerate() {
            if at + 1 < e.values.len() {
                self.expr_or_go_on(part, value, end, e.op == BoolOp::Or)?;
            } else {
                self.expr(part, value)?;
            }
        }
        self.place(end);
        self.emit_move(e.range, to, value);
        Ok(())
    }

    /// Jumps to `target` with the value of `e` in `to` if its truth is `when`, else goes on and leaves anything in `to`.
    /// No part of `e` is asked for its truth more often than CPython asks, whose jumps to a jump lead on to its target.
    fn expr_or_go_on(&mut self, e: &'a Expr, to: Reg, target: Label, when: bool) -> Res {
        let mark = self.mark();
        match e {
            _ if fold::constant(self.source, e).is_some_and(|constant| fold::truth(&constant) != when) => {}
            Expr::BoolOp(operation) => self.bool_op_or_go_on(operation, to, target, when)?,
            Expr::If(choice) => {
                let (otherwise, end) = (self.label(), self.label());
                self.jump_if(&choice.test, otherwise, false)?;
                // The end of the body is a jump that CPython's jumps do not lead through.
                self.expr(&choice.body, to)?;
                self.emit_jump(choice.body.range(), truth_jump(when), to, target);
                self.emit_jump(choice.range, Op::Jump, 0, end);
                self.place(otherwise);
                self.expr_or_go_on(&choice.orelse, to, target, when)?;
                self.place(end);
            }
            _ => {
                self.expr(e, to)?;
                self.emit_jump(e.range(), truth_jump(when), to, target);
            }
        }
        self.release(mark);
        Ok(())
    }

    fn bool_op_or_go_on(&mut self, e: &'a ExprBoolOp, to: Reg, target: Label, when: bool) -> Res {
        let decided_by = e.op == BoolOp::Or;
        let skip = self.label();
        for (at, part) in e.values.iter().enumerate() {
            if decided_by == when || at + 1 == e.values.len() {
                self.expr_or_go_on(part, to, target, when)?;
            } else {
                self.jump_if(part, skip, decided_by)?;
            }
        }
        self.place(skip);
        Ok(())
    }

    fn choice(&mut self, e: &'a ruff_python_ast::ExprIf, to: Reg) -> Res {
        let (otherwise, end) = (self.label(), self.label());
        self.jump_if(&e.test, otherwise, false)?;
        self.expr(&e.body, to)?;
        self.emit_jump(e.range, Op::Jump, 0, end);
        self.place(otherwise);
        self.expr(&e.orelse, to)?;
        self.place(end);
        Ok(())
    }

    fn named_place(&self, e: &ExprNamed) -> Option<Place> {
        match &*e.target {
            Expr::Name(name) => Some(self.place_of(&self.mangled(&name.id))),
            _ => None,
        }
    }

    /// Assigns; gives the register that holds the value.
    fn named(&mut self, e: &'a ExprNamed, scratch: Reg) -> Res<Reg> {
        let Expr::Name(name) = &*e.target else {
            return self.fail(e.target.range(), "cannot use assignment expressions with this target");
        };
        let name = self.mangled(&name.id);
        if let Place::Local(register) = self.place_of(&name) {
            self.expr(&e.value, register)?;
            return Ok(register);
        }
        let scratch = self.scratch(scratch);
        let value = self.operand_in(&e.value, scratch)?;
        self.store_name(e.target.range(), &name, value);
        Ok(value)
    }

    // ---- comparisons

    fn compare(&mut self, e: &'a ExprCompare, to: Reg) -> Res {
        let result = if e.ops.len() > 1 { self.scratch(to) } else { to };
        let end = self.label();
        let mut left = self.compare_operand(e, 0)?;
        for (at, op) in e.ops.iter().enumerate() {
            let right = self.compare_operand(e, at + 1)?;
            self.emit(e.range, compare_op(*op), result, left, right);
            if at + 1 < e.ops.len() {
                self.emit_jump(e.range, Op::JumpIfFalse, result, end);
            }
            left = right;
        }
        self.place(end);
        self.emit_move(e.range, to, result);
        Ok(())
    }

    /// Operand number `at` of a chain, kept for the next comparison.
    fn compare_operand(&mut self, e: &'a ExprCompare, at: usize) -> Res<Reg> {
        let operand = compare_part(e, at);
        if at > 0
            && matches!(e.ops[at - 1], CmpOp::In | CmpOp::NotIn)
            && let Some(container) = fold::constant_container(self.source, operand)
        {
            let to = self.temp();
            self.load_const(operand.range(), to, container);
            return Ok(to);
        }
        let later: Vec<&Expr> = e.comparators[at..].iter().collect();
        if self.rebinds(operand, &later) {
            let scratch = self.temp();
            return self.operand_before(operand, &later, scratch);
        }
        self.operand(operand)
    }

    // ---- conditions

    /// Jumps to `target` if the truth of `e` is `when`, else goes on.
    pub fn jump_if(&mut self, e: &'a Expr, target: Label, when: bool) -> Res {
        let mark = self.mark();
        self.jump_if_inner(e, target, when)?;
        self.release(mark);
        Ok(())
    }

    fn jump_if_inner(&mut self, e: &'a Expr, target: Label, when: bool) -> Res {
        if let Some(constant) = fold::constant(self.source, e) {
            if fold::truth(&constant) == when {
                self.emit_jump(e.range(), Op::Jump, 0, target);
            }
            return Ok(());
        }
        match e {
            Expr::UnaryOp(ExprUnaryOp { op: UnaryOp::Not, operand, .. }) => {
                self.jump_if(operand, target, !when)
            }
            Expr::BoolOp(operation) => self.jump_if_all(operation, target, when),
            Expr::Compare(compare) => self.jump_if_compare(compare, target, when),
            Expr::If(choice) => {
                let (otherwise, end) = (self.label(), self.label());
                self.jump_if(&choice.test, otherwise, false)?;
                self.jump_if(&choice.body, target, when)?;
                self.emit_jump(choice.range, Op::Jump, 0, end);
                self.place(otherwise);
                self.jump_if(&choice.orelse, target, when)?;
                self.place(end);
                Ok(())
            }
            _ => {
                let value = self.operand(e)?;
                self.emit_jump(e.range(), truth_jump(when), value, target);
                Ok(())
            }
        }
    }

    fn jump_if_all(&mut self, e: &'a ExprBoolOp, target: Label, when: bool) -> Res {
        let decided_by = e.op == BoolOp::Or;
        if decided_by == when {
            return e.values.iter().try_for_each(|part| self.jump_if(part, target, when));
        }
        let skip = self.label();
        for (at, part) in e.values.iter().enumerate() {
            if at + 1 < e.values.len() {
                self.jump_if(part, skip, decided_by)?;
            } else {
                self.jump_if(part, target, when)?;
            }
        }
        self.place(skip);
        Ok(())
    }

    fn jump_if_compare(&mut self, e: &'a ExprCompare, target: Label, when: bool) -> Res {
        let skip = self.label();
        let mut left = self.compare_operand(e, 0)?;
        for (at, op) in e.ops.iter().enumerate() {
            let last = at + 1 == e.ops.len();
            let (to, sense) = if last || !when { (target, when) } else { (skip, false) };
            if last {
                self.last_comparison(e, at, left, to, sense)?;
            } else {
                let right = self.compare_operand(e, at + 1)?;
                self.test_pair(e.range, test_op(*op), left, right, to, sense);
                left = right;
            }
        }
        self.place(skip);
        Ok(())
    }

    fn last_comparison(&mut self, e: &'a ExprCompare, at: usize, left: Reg, to: Label, when: bool) -> Res {
        let right = &e.comparators[at];
        let op = e.ops[at];
        if matches!(op, CmpOp::Is | CmpOp::IsNot) && right.is_none_literal_expr() {
            let none = (op == CmpOp::Is) == when;
            let op = if none { Op::JumpIfNone } else { Op::JumpIfNotNone };
            self.emit_jump(e.range, op, left, to);
            return Ok(());
        }
        if let (Some(op), Some(imm)) = (immediate_test(op), fold::small_int(self.source, right)) {
            self.test_pair(e.range, op, left, imm as u16, to, when);
            return Ok(());
        }
        let right = self.compare_operand(e, at + 1)?;
        self.test_pair(e.range, test_op(op), left, right, to, when);
        Ok(())
    }

    fn test_pair(&mut self, at: TextRange, op: Op, left: Reg, right: u16, to: Label, when: bool) {
        let mark = self.mark();
        let result = self.temp();
        self.emit(at, op, result, left, right);
        self.emit_jump(at, truth_jump(when), result, to);
        self.release(mark);
    }

    // ---- attributes and items

    fn attribute(&mut self, e: &'a ruff_python_ast::ExprAttribute, to: Reg) -> Res {
        if let Some(window) = self.super_window(&e.value)? {
            let site = self.attr_site(e.range, &e.attr)?;
            self.emit(e.range, Op::LoadSuperAttr, to, window, site);
            return Ok(());
        }
        let scratch = self.scratch(to);
        let object = self.operand_in(&e.value, scratch)?;
        let site = self.attr_site(e.range, &e.attr)?;
        self.emit(e.range, Op::LoadAttr, to, object, site);
        Ok(())
    }

    fn subscript(&mut self, e: &'a ruff_python_ast::ExprSubscript, to: Reg) -> Res {
        let scratch = self.scratch(to);
        let object = self.operand_before(&e.value, &[&e.slice], scratch)?;
        let index = self.operand(&e.slice)?;
        self.emit(e.range, Op::GetItem, to, object, index);
        Ok(())
    }

    fn slice(&mut self, e: &'a ruff_python_ast::ExprSlice, to: Reg) -> Res {
        let window = self.temps(3);
        let parts = [&e.lower, &e.upper, &e.step];
        for (register, part) in (window..).zip(parts) {
            match part {
                Some(part) => self.expr(part, register)?,
                None => self.load_const(e.range, register, Const::None),
            }
        }
        self.emit(e.range, Op::BuildSlice, to, window, 0);
        Ok(())
    }

    // ---- generators

    fn yield_value(&mut self, at: TextRange, value: Option<&'a Expr>, to: Reg) -> Res {
        let scratch = self.scratch(to);
        let value = match value {
            Some(value) => self.operand_in(value, scratch)?,
            None => {
                self.load_const(at, scratch, Const::None);
                scratch
            }
        };
        self.emit(at, Op::Yield, to, value, 0);
        Ok(())
    }

    /// The loop that `yield from` is. Its `Yield` is two instructions after the `Send` and one after the `SendEnd`.
    fn yield_from(&mut self, at: TextRange, value: &'a Expr, to: Reg) -> Res {
        let iterator = self.temp();
        let value = self.operand_in(value, iterator)?;
        self.delegate(at, value, iterator, to);
        Ok(())
    }

    /// `value := await value`. In asynchronous code `GetYieldFromIter` stands for the look-up of `__await__`.
    pub fn await_in_place(&mut self, at: TextRange, value: Reg) {
        let mark = self.mark();
        let iterator = self.temp();
        self.delegate(at, value, iterator, value);
        self.release(mark);
    }

    fn delegate(&mut self, at: TextRange, value: Reg, iterator: Reg, to: Reg) {
        let (sent, got) = (self.temp(), self.temp());
        self.emit(at, Op::GetYieldFromIter, iterator, value, 0);
        self.load_const(at, sent, Const::None);
        let done = self.label();
        let header = self.loop_header(at);
        self.emit(at, Op::Send, got, iterator, sent);
        self.emit_jump(at, Op::SendEnd, got, done);
        self.yield_from_here(iterator);
        self.emit(at, Op::Yield, sent, got, 0);
        self.emit_jump(at, Op::Jump, 0, header);
        self.place(done);
        self.emit_move(at, to, got);
    }
}

fn compare_part(e: &ExprCompare, at: usize) -> &Expr {
    if at == 0 { &e.left } else { &e.comparators[at - 1] }
}

fn truth_jump(when: bool) -> Op {
    if when { Op::JumpIfTrue } else { Op::JumpIfFalse }
}

fn immediate_op(op: Operator, in_place: bool) -> Option<Op> {
    match (op, in_place) {
        (Operator::Add, false) => Some(Op::AddImm),
        (Operator::Add, true) => Some(Op::IAddImm),
        (Operator::Sub, false) => Some(Op::SubImm),
        (Operator::Sub, true) => Some(Op::ISubImm),
        _ => None,
    }
}

/// The instruction of a binary operator.
pub(crate) fn binary_op(op: Operator, in_place: bool) -> Op {
    let (plain, augmented) = match op {
        Operator::Add => (Op::Add, Op::IAdd),
        Operator::Sub => (Op::Sub, Op::ISub),
        Operator::Mult => (Op::Mul, Op::IMul),
        Operator::MatMult => (Op::MatMul, Op::IMatMul),
        Operator::Div => (Op::TrueDiv, Op::ITrueDiv),
        Operator::Mod => (Op::Mod, Op::IMod),
        Operator::Pow => (Op::Pow, Op::IPow),
        Operator::LShift => (Op::LShift, Op::ILShift),
        Operator::RShift => (Op::RShift, Op::IRShift),
        Operator::BitOr => (Op::Or, Op::IOr),
        Operator::BitXor => (Op::Xor, Op::IXor),
        Operator::BitAnd => (Op::And, Op::IAnd),
        Operator::FloorDiv => (Op::FloorDiv, Op::IFloorDiv),
    };
    if in_place { augmented } else { plain }
}

fn compare_op(op: CmpOp) -> Op {
    match op {
        CmpOp::Eq => Op::Eq,
        CmpOp::NotEq => Op::Ne,
        CmpOp::Lt => Op::Lt,
        CmpOp::LtE => Op::Le,
        CmpOp::Gt => Op::Gt,
        CmpOp::GtE => Op::Ge,
        CmpOp::Is => Op::Is,
        CmpOp::IsNot => Op::IsNot,
        CmpOp::In => Op::In,
        CmpOp::NotIn => Op::NotIn,
    }
}

fn test_op(op: CmpOp) -> Op {
    match op {
        CmpOp::Eq => Op::IfEq,
        CmpOp::NotEq => Op::IfNe,
        CmpOp::Lt => Op::IfLt,
        CmpOp::LtE => Op::IfLe,
        CmpOp::Gt => Op::IfGt,
        CmpOp::GtE => Op::IfGe,
        CmpOp::Is => Op::IfIs,
        CmpOp::IsNot => Op::IfIsNot,
        CmpOp::In => Op::IfIn,
        CmpOp::NotIn => Op::IfNotIn,
    }
}

fn immediate_test(op: CmpOp) -> Option<Op> {
    match op {
        CmpOp::Eq => Some(Op::IfEqImm),
        CmpOp::NotEq => Some(Op::IfNeImm),
        CmpOp::Lt => Some(Op::IfLtImm),
        CmpOp::LtE => Some(Op::IfLeImm),
        CmpOp::Gt => Some(Op::IfGtImm),
        CmpOp::GtE => Some(Op::IfGeImm),
        _ => None,
    }
}
