//! The instruction reference: the table as a page of text.

use crate::op::{Field, Kind, Op, Operand};
use std::fmt::Write;

/// The instruction table in Markdown: name, operands, meaning.
pub fn instruction_reference() -> String {
    let mut page = String::from("| instruction | operands | meaning |\n|---|---|---|\n");
    for op in Op::all() {
        let operands: Vec<String> = op.operands().iter().map(|operand| operand_text(*operand)).collect();
        let _ = writeln!(page, "| `{}` | {} | {} |", op.name(), operands.join(", "), op.doc().trim());
    }
    page
}

fn operand_text(operand: Operand) -> String {
    let field = match operand.field {
        Field::a => "a",
        Field::b => "b",
        Field::c => "c",
        Field::bc => "bc",
    };
    let meaning = match operand.kind {
        Kind::W => "written",
        Kind::R => "read",
        Kind::M => "read and written",
        Kind::Imm | Kind::Imm32 => "number",
        Kind::Const | Kind::Const32 => "constant",
        Kind::Target => "target",
        Kind::Site | Kind::Site32 => "site",
        Kind::Count => "count",
        Kind::Regs2 => "2 read",
        Kind::Regs3 => "3 read",
        Kind::RegsC => "c read",
        Kind::RegsC2 => "2c read",
        Kind::Pair => "2 written",
        Kind::OutC | Kind::OutEx => "c written",
        Kind::CallArgs1 | Kind::CallArgs2 | Kind::CallSite => "call window",
    };
    format!("{field} {meaning}")
}
