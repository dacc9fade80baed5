//! Prints traces.

use super::lex::quote;
use super::{is_plain_name, ty_text};
use crate::descr::{CalleeDescr, CalleeId, Descriptors, Effects, FieldDescr, FieldId, MemTy};
use crate::op::{Imm, Ty};
use crate::trace::{Entry, FrameState, Op, OpRef, PendingStore, Place, SnapVal, SnapshotId, Trace};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What only the guest can tell about a trace's numbers; shown as comments. All default to nothing.
pub trait Names {
    /// What the root table holds at `index`: `<list #2>`, `<code f>`.
    fn root(&self, _index: u32) -> Option<String> {
        None
    }
    /// What a constant word means: `None`.
    fn word(&self, _word: u64) -> Option<String> {
        None
    }
    fn shape(&self, _shape: u32) -> Option<String> {
        None
    }
    /// The guest's source line or instruction.
    fn place(&self, _place: &Place) -> Option<String> {
        None
    }
    /// A line to be shown above an operation (a counter, a link).
    fn before(&self, _op: OpRef) -> Option<String> {
        None
    }
}

/// Names nothing.
pub struct NoNames;

impl Names for NoNames {}

/// The whole text of a trace, declarations included: what `parse` reads.
pub fn print(trace: &Trace, descriptors: &Descriptors) -> String {
    print_with(trace, descriptors, &NoNames)
}

/// As [`print()`], with comments from the guest.
pub fn print_with(trace: &Trace, descriptors: &Descriptors, names: &dyn Names) -> String {
    let mut out = String::new();
    declarations(&mut out, trace, descriptors);
    body(&mut out, trace, descriptors, names);
    out
}

/// The text of a trace without the declarations of fields and callees.
pub fn print_body(trace: &Trace, descriptors: &Descriptors, names: &dyn Names) -> String {
    let mut out = String::new();
    body(&mut out, trace, descriptors, names);
    out
}

/// One operation, without line break.
pub fn print_op(trace: &Trace, descriptors: &Descriptors, r: OpRef) -> String {
    let mut out = String::new();
    operation(&mut out, trace, descriptors, r);
    out
}

/// The word by which the text form calls a field.
pub fn field_label(descriptors: &Descriptors, id: FieldId) -> String {
    let d = descriptors.field_descr(id);
    if !is_plain_name(d.name) {
        return format!("field_{}", id.0);
    }
    let same = |i: &u32| {
        let e = descriptors.field_descr(FieldId(*i));
        e.name == d.name && e.number == d.number
    };
    let mut label = d.name.to_string();
    if d.number != 0 {
        _ = write!(label, "#{}", d.number);
    }
    append_copy(label, (0..id.0).filter(same).count())
}

/// The word by which the text form calls a callee.
pub fn callee_label(descriptors: &Descriptors, id: CalleeId) -> String {
    let d = descriptors.callee_descr(id);
    if !is_plain_name(d.name) {
        return format!("callee_{}", id.0);
    }
    let same = |i: &u32| descriptors.callee_descr(CalleeId(*i)).name == d.name;
    append_copy(d.name.to_string(), (0..id.0).filter(same).count())
}

fn append_copy(mut label: String, copy: usize) -> String {
    if copy != 0 {
        _ = write!(label, "~{copy}");
    }
    label
}

fn declarations(out: &mut String, trace: &Trace, d: &Descriptors) {
    let mut fields = BTreeSet::new();
    let mut callees = BTreeSet::new();
    for op in &trace.ops {
        match op.code.imm() {
            Imm::Field => _ = fields.insert(FieldId(op.imm as u32)),
            Imm::Callee => _ = callees.insert(CalleeId(op.imm as u32)),
            _ => {}
        }
    }
    for v in &trace.virtuals {
        fields.extend(v.fields.iter().map(|f| f.0));
    }
    for s in &trace.snapshots {
        fields.extend(s.stores.iter().map(|s| s.field));
    }
    for id in fields {
        declare_field(out, &field_label(d, id), d.field_descr(id));
    }
    for id in callees {
        declare_callee(out, &callee_label(d, id), d.callee_descr(id));
    }
}

pub(super) const fn mem_text(mem: MemTy) -> &'static str {
    match mem {
        MemTy::Val => "val",
        MemTy::I64 => "i64",
        MemTy::F64 => "f64",
        MemTy::U32 => "u32",
        MemTy::U16 => "u16",
        MemTy::U8 => "u8",
    }
}

fn declare_field(out: &mut String, label: &str, f: &FieldDescr) {
    _ = write!(out, "field {label} offset={} {} group={}", f.offset, mem_text(f.mem), f.group);
    if !is_plain_name(f.name) {
        _ = write!(out, " name={} number={}", quote(f.name), f.number);
    }
    out.push_str(if f.array { " array" } else { "" });
    out.push_str(if f.immutable { " immutable\n" } else { "\n" });
}

fn declare_callee(out: &mut String, label: &str, c: &CalleeDescr) {
    let args: Vec<&str> = c.args.iter().map(|&t| ty_text(t)).collect();
    _ = write!(out, "callee {label} ({}) -> {}", args.join(", "), ty_text(c.ret));
    if !is_plain_name(c.name) {
        _ = write!(out, " name={}", quote(c.name));
    }
    out.push_str(if c.slice { " slice" } else { "" });
    effects(out, &c.effects);
    out.push('\n');
}

fn effects(out: &mut String, e: &Effects) {
    if *e == Effects::ALL {
        out.push_str(" all");
        return;
    }
    for (name, bits) in [("reads", e.reads), ("writes", e.writes)] {
        if bits != 0 {
            _ = write!(out, " {name}={bits:#x}");
        }
    }
    let flags = [
        ("allocates", e.allocates),
        ("raises", e.raises),
        ("runs_guest", e.runs_guest),
        ("sees_frames", e.sees_frames),
    ];
    for (name, _) in flags.iter().filter(|f| f.1) {
        _ = write!(out, " {name}");
    }
}

fn body(out: &mut String, trace: &Trace, d: &Descriptors, names: &dyn Names) {
    entry(out, &trace.entry);
    if trace.roots != 0 {
        _ = writeln!(out, "roots {}", trace.roots);
    }
    for (i, p) in trace.places.iter().enumerate() {
        _ = write!(out, "p{i}: depth={} code=#{} pc={}", p.depth, p.code, p.pc);
        comment(out, names.place(p));
    }
    for i in 0..trace.ops.len() {
        let r = OpRef(i as u32);
        if let Some(line) = names.before(r) {
            _ = writeln!(out, "; {line}");
        }
        operation(out, trace, d, r);
        comment(out, op_comment(trace.op(r), trace, names));
    }
    for i in 0..trace.snapshots.len() {
        snapshot(out, trace, d, SnapshotId(i as u32));
    }
    for i in 0..trace.virtuals.len() {
        virtual_object(out, trace, d, i);
    }
}

fn comment(out: &mut String, text: Option<String>) {
    if let Some(text) = text {
        _ = write!(out, "  ; {}", text.replace(['\n', '\r'], " "));
    }
    out.push('\n');
}

fn op_comment(op: &Op, trace: &Trace, names: &dyn Names) -> Option<String> {
    match op.code.imm() {
        Imm::Root => names.root(op.imm as u32),
        Imm::Word => names.word(op.imm),
        Imm::Shape | Imm::New => names.shape(op.imm as u32),
        Imm::Index if op.ty() == Ty::Void => trace.places.get(op.imm as usize).and_then(|p| names.place(p)),
        _ => None,
    }
}

fn entry(out: &mut String, entry: &Entry) {
    match entry {
        Entry::Loop { regs } => {
            out.push_str("trace loop");
            regs.iter().for_each(|r| _ = write!(out, " r{r}"));
        }
        Entry::Bridge { types } => {
            out.push_str("trace bridge");
            types.iter().for_each(|&t| _ = write!(out, " {}", ty_text(t)));
        }
    }
    out.push('\n');
}

fn operation(out: &mut String, trace: &Trace, d: &Descriptors, r: OpRef) {
    let op = trace.op(r);
    if op.ty() != Ty::Void {
        _ = write!(out, "v{} = ", r.0);
    }
    out.push_str(op.code.text());
    let mut separator = " ";
    for arg in &op.args[..op.code.args().len()] {
        _ = write!(out, "{separator}{}", op_ref(*arg));
        separator = ", ";
    }
    if let Some(text) = immediate(op, d) {
        _ = write!(out, "{separator}{text}");
    }
    if op.code.has_list() {
        let items: Vec<String> = trace.list(op).iter().map(|&r| op_ref(r)).collect();
        let space = if matches!(op.code.imm(), Imm::Callee) { "" } else { " " };
        _ = write!(out, "{space}({})", items.join(", "));
    }
    if op.snapshot != SnapshotId::NONE {
        _ = write!(out, " [s{}]", op.snapshot.0);
    }
}

fn op_ref(r: OpRef) -> String {
    if r.is_none() { "none".to_string() } else { format!("v{}", r.0) }
}

fn immediate(op: &Op, d: &Descriptors) -> Option<String> {
    Some(match op.code.imm() {
        Imm::None => return None,
        Imm::Int => format!("{}", op.imm as i64),
        Imm::Float => float_text(f64::from_bits(op.imm)),
        Imm::Word => format!("{:#x}", op.imm),
        Imm::Root => format!("#{}", op.imm),
        Imm::Index if op.ty() == Ty::Void => format!("p{}", op.imm),
        Imm::Index => format!("{}", op.imm),
        Imm::Shape => format!("shape={}", op.imm),
        Imm::New => new_text(op.imm),
        Imm::Field => field_label(d, FieldId(op.imm as u32)),
        Imm::Callee => callee_label(d, CalleeId(op.imm as u32)),
        Imm::Fragment => format!("F{}", op.imm),
    })
}

/// A double so that it reads back bit for bit: a NaN by its bits.
fn float_text(f: f64) -> String {
    if f.is_nan() { format!("bits={:#x}", f.to_bits()) } else { format!("{f:?}") }
}

fn new_text(imm: u64) -> String {
    let (shape, size, aux) = crate::trace::new_parts(imm);
    format!("shape={shape} size={size} aux={aux}")
}

fn snap_val(v: SnapVal) -> String {
    match v {
        SnapVal::Op(r) => op_ref(r),
        SnapVal::Virtual(i) => format!("virtual {i}"),
    }
}

fn snapshot(out: &mut String, trace: &Trace, d: &Descriptors, id: SnapshotId) {
    let s = &trace.snapshots[id.0 as usize];
    _ = writeln!(out, "s{}:", id.0);
    s.frames.iter().for_each(|f| frame(out, f));
    s.stores.iter().for_each(|s| store(out, s, d));
}

fn frame(out: &mut String, f: &FrameState) {
    _ = write!(out, "  frame #{} pc={} ret={:#x}", f.code, f.pc, f.ret);
    if let Some(owner) = f.owner {
        _ = write!(out, " owner={}", snap_val(owner));
    }
    let regs: Vec<String> = f.regs.iter().map(|&(r, v)| format!("r{r}={}", snap_val(v))).collect();
    _ = writeln!(out, " {}", braces(&regs));
}

fn braces(items: &[String]) -> String {
    if items.is_empty() { "{ }".to_string() } else { format!("{{ {} }}", items.join(", ")) }
}

fn store(out: &mut String, s: &PendingStore, d: &Descriptors) {
    _ = write!(out, "  store {}, ", snap_val(s.object));
    if let Some(index) = s.index {
        _ = write!(out, "{}, ", op_ref(index));
    }
    _ = writeln!(out, "{} = {}", field_label(d, s.field), snap_val(s.value));
}

fn virtual_object(out: &mut String, trace: &Trace, d: &Descriptors, index: usize) {
    let v = &trace.virtuals[index];
    let text = |&(f, v): &(FieldId, SnapVal)| format!("{}={}", field_label(d, f), snap_val(v));
    let fields: Vec<String> = v.fields.iter().map(text).collect();
    _ = writeln!(out, "virtual {index}: new {} {}", new_text(v.new), braces(&fields));
}
