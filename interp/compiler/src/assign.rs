//! Assignment, augmented and annotated assignment, unpacking, deletion.

use crate::emit::{Compiler, Place, Reg};
use crate::errors::Res;
use crate::fold;
use hoop_bytecode::Op;
use ruff_python_ast::{Expr, StmtAnnAssign, StmtAssign, StmtAugAssign};
use ruff_text_size::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    pub fn assign(&mut self, node: &'a StmtAssign) -> Res {
        if let [target] = node.targets.as_slice() {
            return self.assign_one(target, &node.value);
        }
        let value = self.temp();
        self.expr(&node.value, value)?;
        node.targets.iter().try_for_each(|target| self.store(target, value))
    }

    fn assign_one(&mut self, target: &'a Expr, value: &'a Expr) -> Res {
        if let Some(register) = self.local_target(target) {
            return self.expr(value, register);
        }
        if let (Some(targets), Some(values)) = (plain_items(target), plain_items(value))
            && targets.len() == values.len()
            && value.is_tuple_expr()
        {
            return self.assign_in_parallel(targets, values);
        }
        let scratch = self.temp();
        let register = self.operand_before(value, &[target], scratch)?;
        self.store(target, register)
    }

    /// The register of a target that is a local variable.
    fn local_target(&self, target: &Expr) -> Option<Reg> {
        let Expr::Name(name) = target else { return None };
        match self.place_of(&self.mangled(&name.id)) {
            Place::Local(register) => Some(register),
            _ => None,
        }
    }

    /// `a, b = c, d` without a tuple: all values first, then the stores from left to right. A value that is a local
    /// variable is used in place unless an earlier store changes it.
    fn assign_in_parallel(&mut self, targets: &'a [Expr], values: &'a [Expr]) -> Res {
        let targets_are_locals = targets.iter().all(|target| self.local_target(target).is_some());
        if targets_are_locals && values.iter().all(|value| fold::constant(self.source, value).is_some()) {
            return targets.iter().zip(values).try_for_each(|(target, value)| self.assign_one(target, value));
        }
        let mut registers = Vec::with_capacity(values.len());
        for (at, value) in values.iter().enumerate() {
            let scratch = self.temp();
            let later: Vec<&Expr> = values[at + 1..].iter().chain(targets).collect();
            let register = self.operand_before(value, &later, scratch)?;
            let overwritten = targets[..at].iter().any(|target| self.may_store_to(target, register));
            if register != scratch && overwritten {
                self.emit_move(value.range(), scratch, register);
                registers.push(scratch);
            } else {
                registers.push(register);
            }
        }
        targets.iter().zip(registers).try_for_each(|(target, register)| self.store(target, register))
    }

    /// Whether storing to `target` may change the register of a variable.
    fn may_store_to(&self, target: &Expr, register: Reg) -> bool {
        match target {
            Expr::Name(_) => self.local_target(target) == Some(register),
            Expr::Tuple(tuple) => tuple.elts.iter().any(|item| self.may_store_to(item, register)),
            Expr::List(list) => list.elts.iter().any(|item| self.may_store_to(item, register)),
            Expr::Starred(starred) => self.may_store_to(&starred.value, register),
            _ => false,
        }
    }

    /// `target := register`
    pub fn store(&mut self, target: &'a Expr, from: Reg) -> Res {
        let at = target.range();
        let mark = self.mark();
        match target {
            Expr::Name(name) => {
                let name = self.mangled(&name.id);
                self.store_name(at, &name, from);
            }
            Expr::Attribute(attribute) => {
                let object = self.operand(&attribute.value)?;
                let site = self.attr_site(at, &attribute.attr)?;
                self.note_static_attribute(attribute);
                self.emit(at, Op::StoreAttr, from, object, site);
            }
            Expr::Subscript(subscript) => {
                let scratch = self.temp();
                let object = self.operand_before(&subscript.value, &[&subscript.slice], scratch)?;
                let index = self.operand(&subscript.slice)?;
                self.emit(at, Op::SetItem, from, object, index);
            }
            Expr::Tuple(tuple) => self.unpack(at, &tuple.elts, from)?,
            Expr::List(list) => self.unpack(at, &list.elts, from)?,
            Expr::Starred(_) => {
                return self.fail(at, "starred assignment target must be in a list or tuple");
            }
            _ => return self.fail(at, "cannot assign to expression"),
        }
        self.release(mark);
        Ok(())
    }

    fn unpack(&mut self, at: TextRange, items: &'a [Expr], from: Reg) -> Res {
        let mut starred =
            items.iter().enumerate().filter(|(_, item)| item.is_starred_expr()).map(|(at, _)| at);
        let (first_star, second_star) = (starred.next(), starred.next());
        if second_star.is_some() {
            return self.fail(at, "multiple starred expressions in assignment");
        }
        if first_star.is_none()
            && let Some(window) = self.consecutive_locals(items)
        {
            self.emit(at, Op::Unpack, window, from, items.len() as u16);
            return Ok(());
        }
        let window = self.temps(items.len() as u32);
        match first_star {
            None => self.emit(at, Op::Unpack, window, from, items.len() as u16),
            Some(before) => {
                let after = items.len() - before - 1;
                if before > 255 || after > 255 {
                    return self.fail(at, "too many expressions in star-unpacking assignment");
                }
                self.emit(at, Op::UnpackEx, window, from, (before | after << 8) as u16);
            }
        }
        for (register, item) in (window..).zip(items) {
            let item = if let Expr::Starred(starred) = item { &starred.value } else { item };
            self.store(item, register)?;
        }
        Ok(())
    }

    /// The first register, if the targets are local variables in consecutive registers.
    fn consecutive_locals(&self, items: &[Expr]) -> Option<Reg> {
        let first = self.local_target(items.first()?)?;
        let mut expected = first..;
        items.iter().all(|item| self.local_target(item) == expected.next()).then_some(first)
    }

    // ---- augmented assignment

    pub fn augmented_assign(&mut self, node: &'a StmtAugAssign) -> Res {
        let at = node.range;
        match &*node.target {
            Expr::Name(name) => {
                let mangled = self.mangled(&name.id);
                if let Place::Local(register) = self.place_of(&mangled) {
                    let scratch = self.temp();
                    let left = self.operand_before(&node.target, &[&node.value], scratch)?;
                    return self.binary_with(at, node.op, left, &node.value, register, true);
                }
                let value = self.temp();
                self.load_name(name.range, &mangled, value)?;
                self.binary_with(at, node.op, value, &node.value, value, true)?;
                self.store_name(name.range, &mangled, value);
            }
            Expr::Attribute(attribute) => {
                let scratch = self.temp();
                let object = self.operand_before(&attribute.value, &[&node.value], scratch)?;
                let value = self.temp();
                let site = self.attr_site(at, &attribute.attr)?;
                self.emit(attribute.range, Op::LoadAttr, value, object, site);
                self.binary_with(at, node.op, value, &node.value, value, true)?;
                let site = self.attr_site(at, &attribute.attr)?;
                self.note_static_attribute(attribute);
                self.emit(attribute.range, Op::StoreAttr, value, object, site);
            }
            Expr::Subscript(subscript) => {
                let scratch = self.temps(2);
                let later: [&Expr; 2] = [&subscript.slice, &node.value];
                let object = self.operand_before(&subscript.value, &later, scratch)?;
                let index = self.operand_before(&subscript.slice, &later[1..], scratch + 1)?;
                let value = self.temp();
                self.emit(subscript.range, Op::GetItem, value, object, index);
                self.binary_with(at, node.op, value, &node.value, value, true)?;
                self.emit(subscript.range, Op::SetItem, value, object, index);
            }
            target => {
                return self.fail(target.range(), "illegal expression for augmented assignment");
            }
        }
        Ok(())
    }

    pub fn annotated_assign(&mut self, node: &'a StmtAnnAssign) -> Res {
        if let Some(value) = &node.value {
            return self.assign_one(&node.target, value);
        }
        match &*node.target {
            Expr::Attribute(attribute) => self.effect(&attribute.value),
            Expr::Subscript(subscript) => {
                self.effect(&subscript.value)?;
                self.effect(&subscript.slice)
            }
            _ => Ok(()),
        }
    }

    // ---- deletion

    pub fn delete(&mut self, target: &'a Expr) -> Res {
        let at = target.range();
        let mark = self.mark();
        match target {
            Expr::Name(name) => {
                let name = self.mangled(&name.id);
                self.delete_name(at, &name)?;
            }
            Expr::Attribute(attribute) => {
                let object = self.operand(&attribute.value)?;
                let site = self.attr_site(at, &attribute.attr)?;
                self.emit(at, Op::DelAttr, 0, object, site);
            }
            Expr::Subscript(subscript) => {
                let scratch = self.temp();
                let object = self.operand_before(&subscript.value, &[&subscript.slice], scratch)?;
                let index = self.operand(&subscript.slice)?;
                self.emit(at, Op::DelItem, 0, object, index);
            }
            Expr::Tuple(tuple) => tuple.elts.iter().try_for_each(|item| self.delete(item))?,
            Expr::List(list) => list.elts.iter().try_for_each(|item| self.delete(item))?,
            Expr::Starred(_) => return self.fail(at, "cannot delete starred"),
            _ => return self.fail(at, "cannot delete expression"),
        }
        self.release(mark);
        Ok(())
    }
}

/// The items of a tuple or list display without unpacking.
fn plain_items(e: &Expr) -> Option<&[Expr]> {
    let items: &[Expr] = match e {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(list) => &list.elts,
        _ => return None,
    };
    let plain = !items.is_empty() && items.len() <= 16 && !items.iter().any(Expr::is_starred_expr);
    plain.then_some(items)
}
