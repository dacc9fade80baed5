//! The text form of code objects, printing side. `parse` reads it back.
//!
//! Operands: `r3` register, `k3` constant, `s3` site, `L7` instruction index, plain decimal numbers. What follows `;`
//! is a comment: the constants and names meant. With `positions` each instruction ends in `@line:col-line:col`.

use crate::code::{Code, CodeFlags, Position, Site, SiteKind};
use crate::consts::Const;
use crate::op::{Instr, Kind, Operand};
use std::fmt::Write;

/// What to print besides the instructions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PrintOptions {
    /// Source ranges of the instructions (needed for a faithful round trip).
    pub positions: bool,
    /// Comments that show the constants and names that operands refer to.
    pub comments: bool,
}

impl Default for PrintOptions {
    fn default() -> PrintOptions {
        PrintOptions { positions: true, comments: true }
    }
}

/// Prints a code object and those nested in it.
pub fn print(code: &Code, options: PrintOptions) -> String {
    let mut printer = Printer { out: String::new(), indent: 0, options };
    printer.code(code);
    printer.out
}

struct Printer {
    out: String,
    indent: usize,
    options: PrintOptions,
}

impl Printer {
    fn line(&mut self, text: &str) {
        let indent = self.indent * 2;
        let _ = writeln!(self.out, "{:indent$}{text}", "");
    }

    fn code(&mut self, code: &Code) {
        self.line(&format!("code {} {{", quote(code.name.as_bytes())));
        self.indent += 1;
        self.head(code);
        self.tables(code);
        self.line("body");
        for pc in 0..code.instrs.len() {
            let text = self.instr(code, pc);
            self.line(&text);
        }
        self.indent -= 1;
        self.line("}");
    }

    fn head(&mut self, code: &Code) {
        self.line(&format!("qualname {}", quote(code.qualname.as_bytes())));
        self.line(&format!("file {}", quote(code.filename.as_bytes())));
        self.line(&format!("line {}", code.first_line));
        self.line(&params(code));
        self.line(&format!("registers {}", code.registers));
        self.line(&format!("flags{}", flag_words(&code.flags)));
        self.words("locals", &code.local_names);
        self.cells("cells", &code.cell_names, &code.cell_registers);
        let free_registers = code.cell_registers.get(code.cell_names.len()..).unwrap_or(&[]);
        self.cells("free", &code.free_names, free_registers);
        if let Some(register) = code.func_reg {
            self.line(&format!("func r{register}"));
        }
        if let Some(register) = code.namespace_reg {
            self.line(&format!("namespace r{register}"));
        }
        if let Some(constant) = code.docstring {
            self.line(&format!("doc k{constant}"));
        }
        self.words("names", &code.names);
    }

    fn words(&mut self, key: &str, words: &[String]) {
        if !words.is_empty() {
            let quoted: String = words.iter().map(|word| format!(" {}", quote(word.as_bytes()))).collect();
            self.line(&format!("{key}{quoted}"));
        }
    }

    fn cells(&mut self, key: &str, names: &[String], registers: &[u16]) {
        if !names.is_empty() {
            let pairs = names.iter().zip(registers);
            let text: String =
                pairs.map(|(name, register)| format!(" {} r{register}", quote(name.as_bytes()))).collect();
            self.line(&format!("{key}{text}"));
        }
    }

    fn tables(&mut self, code: &Code) {
        for constant in &code.consts {
            if let Const::Code(nested) = constant {
                self.code(nested);
            } else {
                self.line(&format!("const {}", constant_text(constant)));
            }
        }
        for site in &code.sites {
            self.line(&site_text(site));
        }
        for handler in &code.handlers {
            let (start, end, target, exc) = (handler.start, handler.end, handler.target, handler.exc);
            self.line(&format!("handler L{start} L{end} L{target} r{exc}"));
        }
        for entry in &code.yield_from {
            self.line(&format!("yield_from L{} r{}", entry.pc, entry.iterator));
        }
    }

    fn instr(&self, code: &Code, pc: usize) -> String {
        let instr = code.instrs[pc];
        let operands = instr.op.operands().iter();
        let operands: Vec<String> = operands.map(|operand| operand_text(instr, *operand)).collect();
        let mut text = format!("{pc:4} {} {}", instr.op.name(), operands.join(", "));
        text.truncate(text.trim_end().len());
        if self.options.positions {
            let position = code.position(pc as u32);
            let Position { line, end_line, col, end_col } = position;
            let _ = write!(text, " @{line}:{col}-{end_line}:{end_col}");
        }
        if self.options.comments {
            text.push_str(&comment(code, instr));
        }
        text
    }
}

fn params(code: &Code) -> String {
    let params = &code.params;
    let mut text = format!("params {} {} {}", params.positional_only, params.positional, params.keyword_only);
    if params.has_varargs {
        text.push_str(" varargs");
    }
    if params.has_varkw {
        text.push_str(" varkw");
    }
    text
}

/// The flags with their names in the text form.
pub(crate) fn flag_table(flags: &mut CodeFlags) -> [(&'static str, &mut bool); 11] {
    [
        ("generator", &mut flags.generator),
        ("coroutine", &mut flags.coroutine),
        ("async_generator", &mut flags.async_generator),
        ("nested", &mut flags.nested),
        ("optimized", &mut flags.optimized),
        ("class_body", &mut flags.class_body),
        ("module", &mut flags.module),
        ("uses_class_cell", &mut flags.uses_class_cell),
        ("future_annotations", &mut flags.future_annotations),
        ("frame_locals", &mut flags.frame_locals),
        ("hidden", &mut flags.hidden),
    ]
}

fn flag_words(flags: &CodeFlags) -> String {
    let mut flags = *flags;
    flag_table(&mut flags).iter().filter(|(_, set)| **set).map(|(name, _)| format!(" {name}")).collect()
}

fn operand_text(instr: Instr, operand: Operand) -> String {
    match operand.kind {
        Kind::Imm => instr.imm().to_string(),
        Kind::Imm32 => instr.imm32().to_string(),
        Kind::Const => format!("k{}", instr.field(operand.field)),
        Kind::Const32 => format!("k{}", instr.bc()),
        Kind::Target => format!("L{}", instr.bc()),
        Kind::Site => format!("s{}", instr.field(operand.field)),
        Kind::Site32 => format!("s{}", instr.bc()),
        Kind::Count => instr.field(operand.field).to_string(),
        _ => format!("r{}", instr.field(operand.field)),
    }
}

fn comment(code: &Code, instr: Instr) -> String {
    let parts = instr.op.operands().iter().filter_map(|operand| operand_comment(code, instr, *operand));
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { String::new() } else { format!("  ; {}", parts.join(" ")) }
}

fn operand_comment(code: &Code, instr: Instr, operand: Operand) -> Option<String> {
    match operand.kind {
        Kind::Const => code.consts.get(instr.field(operand.field) as usize).map(short_constant),
        Kind::Const32 => code.consts.get(instr.bc() as usize).map(short_constant),
        Kind::Site => site_comment(code, instr.field(operand.field) as u32),
        Kind::Site32 => site_comment(code, instr.bc()),
        _ => {
            let register = instr.field(operand.field) as usize;
            let is_register = matches!(operand.kind, Kind::W | Kind::R | Kind::M);
            is_register.then(|| code.local_names.get(register).cloned()).flatten()
        }
    }
}

fn site_comment(code: &Code, index: u32) -> Option<String> {
    let site = code.sites.get(index as usize)?;
    match &site.kind {
        SiteKind::Loop => None,
        SiteKind::Call { positional, keywords } => {
            let names: Vec<&str> = keywords.iter().map(|name| name_of(code, *name)).collect();
            Some(format!("({positional} {})", names.join(" ")))
        }
        _ => Some(format!(".{}", code.site_name(index))),
    }
}

fn name_of(code: &Code, name: u32) -> &str {
    code.names.get(name as usize).map_or("?", |name| name)
}

fn short_constant(constant: &Const) -> String {
    match constant {
        Const::Code(code) => format!("<code {}>", code.qualname),
        other => constant_text(other).chars().take(40).collect(),
    }
}

fn site_text(site: &Site) -> String {
    let kind = match &site.kind {
        SiteKind::Attr => "attr",
        SiteKind::Global => "global",
        SiteKind::Name => "name",
        SiteKind::CellLocal => "cell_local",
        SiteKind::CellFree => "cell_free",
        SiteKind::Import => "import",
        SiteKind::Loop => "loop",
        SiteKind::Call { .. } => "call",
    };
    let mut text = format!("site {kind}");
    if let SiteKind::Call { positional, keywords } = &site.kind {
        let _ = write!(text, " {positional}");
        for name in keywords {
            let _ = write!(text, " {name}");
        }
    } else if let Some(name) = site.name {
        let _ = write!(text, " {name}");
    }
    text
}

fn constant_text(constant: &Const) -> String {
    match constant {
        Const::None => "none".to_owned(),
        Const::Bool(true) => "true".to_owned(),
        Const::Bool(false) => "false".to_owned(),
        Const::Ellipsis => "ellipsis".to_owned(),
        Const::Int(value) => format!("int {value}"),
        Const::BigInt(digits) => format!("big {digits}"),
        Const::Float(bits) => format!("float {}", float_text(*bits)),
        Const::Complex(real, imag) => format!("complex {} {}", float_text(*real), float_text(*imag)),
        Const::Str(text) => format!("str {}", quote(text)),
        Const::Bytes(bytes) => format!("bytes {}", quote(bytes)),
        Const::Tuple(items) => format!("tuple ({})", constant_list(items)),
        Const::FrozenSet(items) => format!("frozenset ({})", constant_list(items)),
        Const::Code(code) => format!("<code {}>", code.qualname),
    }
}

fn constant_list(items: &[Const]) -> String {
    items.iter().map(constant_text).collect::<Vec<_>>().join(", ")
}

/// Finite floats in shortest form, others by their bits.
fn float_text(bits: u64) -> String {
    let value = f64::from_bits(bits);
    if value.is_finite() { format!("{value:?}") } else { format!("bits:{bits:x}") }
}

/// Quotes bytes; what is not printable UTF-8 becomes `\xNN`.
pub(crate) fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|c| quote_char(&mut out, c));
        hex_escapes(&mut out, chunk.invalid());
    }
    out.push('"');
    out
}

fn quote_char(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        c if c.is_control() => {
            let mut buffer = [0; 4];
            hex_escapes(out, c.encode_utf8(&mut buffer).as_bytes());
        }
        c => out.push(c),
    }
}

fn hex_escapes(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        let _ = write!(out, "\\x{byte:02x}");
    }
}
