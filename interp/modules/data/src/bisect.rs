//! The module `_bisect`: binary search in sorted sequences, and insertion there.

use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::operator::CmpOp;
use hoop_object::rows::NativeDef;
use hoop_object::vm::{NativeModule, Vm};
use hoop_object::{list, text};
use hoop_protocol::{call, protocol, subscript};
use hoop_types::classes::object;
use hoop_types::support::names_of;

pub static MODULE: NativeModule = NativeModule { name: "_bisect", init };

const SIGNATURE: &str = "$module, /, a, x, lo=0, hi=None, *, key=None";

static FUNCTIONS: [NativeDef; 4] = [
    NativeDef::new("bisect_left", SIGNATURE, |vm, args| position(vm, args, Side::Left)),
    NativeDef::new("bisect_right", SIGNATURE, |vm, args| position(vm, args, Side::Right)),
    NativeDef::new("insort_left", SIGNATURE, |vm, args| insert(vm, args, Side::Left)),
    NativeDef::new("insort_right", SIGNATURE, |vm, args| insert(vm, args, Side::Right)),
];

fn init(vm: &mut Vm, module: Value) -> PyResult<()> {
    object::add_functions(vm, names_of(module), &FUNCTIONS);
    Ok(())
}

/// On which side of equal items.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

fn given(v: Value) -> Option<Value> {
    Some(v).filter(|&v| v != Value::UNBOUND && v != Value::NONE)
}

/// Where `x` belongs in `a`: the items of `a`, not `x`, go through the key.
fn position(vm: &mut Vm, args: &[Value], side: Side) -> PyResult {
    let at = search(vm, args, args[1], side)?;
    Ok(Value::int(at))
}

fn search(vm: &mut Vm, args: &[Value], x: Value, side: Side) -> PyResult<i64> {
    let (a, key) = (args[0], given(args[4]));
    let mut lo = if args[2] == Value::UNBOUND { 0 } else { protocol::index(vm, args[2])? };
    let hi = given(args[3]).map(|hi| protocol::index(vm, hi)).transpose()?;
    if lo < 0 {
        return Err(vm.value_error("lo must be non-negative"));
    }
    // As in CPython -1 stands for the end, too.
    let mut hi = match hi.filter(|&hi| hi != -1) {
        Some(hi) => hi,
        None => protocol::len(vm, a)? as i64,
    };
    while lo < hi {
        let middle = lo + (hi - lo) / 2;
        let mut item = subscript::get_item(vm, a, Value::int(middle))?;
        if let Some(key) = key {
            item = call::call(vm, key, &[item])?;
        }
        let goes_right = match side {
            Side::Left => protocol::rich_truth(vm, CmpOp::Lt, item, x)?,
            Side::Right => !protocol::rich_truth(vm, CmpOp::Lt, x, item)?,
        };
        if goes_right {
            lo = middle + 1;
        } else {
            hi = middle;
        }
    }
    Ok(lo)
}

/// Inserts `x` where it belongs, by its key.
fn insert(vm: &mut Vm, args: &[Value], side: Side) -> PyResult {
    let (a, x) = (args[0], args[1]);
    let wanted = match given(args[4]) {
        Some(key) => call::call(vm, key, &[x])?,
        None => x,
    };
    let at = search(vm, args, wanted, side)?;
    if vm.kind(a).is_list() {
        // Keys and comparisons may have made it shorter.
        let at = (at as usize).min(list::list_len(a));
        return list::insert(vm, a, at, x).map(|()| Value::NONE);
    }
    let name = text::intern(vm, b"insert");
    call::call_method(vm, a, name, &[Value::int(at), x])?;
    Ok(Value::NONE)
}
