//! The local variables of the running frame.

use hoop_engine::Frame;
use hoop_gc::Value;
use hoop_object::code::code_data;
use hoop_object::dict;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::text::{self, share_str, str_bytes};
use hoop_object::vm::Vm;

/// The frame whose code called the running native function, perhaps by way of other native functions. No recording
/// follows that instruction from now on: what it calls needs the frame.
#[inline]
pub fn looked_at_frame(vm: &mut Vm) -> Option<Frame> {
    let frame = vm.ctx.thread.frames.last().cloned()?;
    if vm.ctx.thread.frames.depth() > vm.ctx.thread.frames_in_code {
        if code_data(frame.code).note_look(frame.pc.saturating_sub(1)) {
            vm.ctx.assumptions.spoil_recording();
        }
    } else {
        // It is machine code that called; the interpreter shall find out where.
        vm.ctx.assumptions.invalidate_calls();
    }
    Some(frame)
}

/// The running frame's local variables.
pub fn frame_locals(vm: &mut Vm) -> PyResult {
    let Some(frame) = looked_at_frame(vm) else { return Ok(dict::new_dict(vm)) };
    let data = code_data(frame.code);
    data.locals_seen.set(true);
    if let Some(variables) = comprehension_locals(vm, &frame)? {
        return Ok(variables);
    }
    if let Some(r) = data.code.namespace_reg {
        return Ok(vm.ctx.thread.frames.register(&frame, r));
    }
    if data.code.flags.module {
        return Ok(data.globals);
    }
    let d = dict::new_dict(vm);
    for (i, &name) in data.local_names.iter().enumerate() {
        let v = vm.ctx.thread.frames.register(&frame, i as u16);
        // Those of a comprehension hide others while it runs.
        let name = match str_bytes(name) {
            [b'.', first, ..] if first.is_ascii_digit() => continue,
            [b'.', rest @ ..] => text::intern(vm, rest),
            _ => name,
        };
        add_local(vm, d, name, v)?;
    }
    let cells = data.code.cell_names.iter().chain(&data.code.free_names).zip(&data.code.cell_registers);
    for (name, &r) in cells {
        let v = vm.ctx.thread.frames.register(&frame, r);
        let name = text::intern(vm, name.as_bytes());
        add_local(vm, d, name, v)?;
    }
    Ok(d)
}

/// The variables of a comprehension that runs in a module or class body, where `locals()` gives them alone.
fn comprehension_locals(vm: &mut Vm, frame: &hoop_engine::Frame) -> PyResult<Option<Value>> {
    let data = code_data(frame.code);
    if !data.code.flags.module && data.code.namespace_reg.is_none() {
        return Ok(None);
    }
    let d = dict::new_dict(vm);
    for (i, &name) in data.local_names.iter().enumerate() {
        if let [b'.', rest @ ..] = str_bytes(name)
            && Some(i as u16) != data.code.namespace_reg
        {
            let v = vm.ctx.thread.frames.register(frame, i as u16);
            let name = text::intern(vm, rest);
            add_local(vm, d, name, v)?;
        }
    }
    Ok(Some(d).filter(|&d| hoop_object::dict::dict_len(d) > 0))
}

fn add_local(vm: &mut Vm, d: Value, name: Value, v: Value) -> PyResult<()> {
    if v != Value::UNBOUND && vm.kind(v) == Kind::Str {
        share_str(v);
    }
    let v = if v != Value::UNBOUND && vm.kind(v) == Kind::Cell {
        CELL_VALUE.read(v).unwrap_or(Value::UNBOUND)
    } else {
        v
    };
    if v == Value::UNBOUND { Ok(()) } else { dict::set(vm, d, name, v) }
}
