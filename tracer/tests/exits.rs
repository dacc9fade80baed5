//! Exits as a pure function: a snapshot in text, fail arguments, and what the frames then hold.

use hoop_gc::Value;
use hoop_ir::{Descriptors, SnapshotId, text};
use hoop_tracer::exits::{Content, describe};

const TRACE: &str = "
field pair.first offset=8 val group=3
field pair.count offset=16 i64 group=4
trace bridge val int float
roots 2
v0 = input_val 0
v1 = input_int 1
v2 = input_float 2
v3 = const_int 7
v4 = const_ref #1
exit [s0]
s0:
  frame #0 pc=12 ret=0x5 { r0=v0, r2=virtual 0, r3=v3 }
  frame #0 pc=3 ret=0x9 owner=virtual 1 { r1=v1, r4=v4 }
  store virtual 0, pair.first = v2
virtual 0: new shape=9 size=24 aux=0 { pair.first=virtual 1, pair.count=v1 }
virtual 1: new shape=9 size=24 aux=2 { pair.first=virtual 0 }
";

#[test]
fn a_snapshot_becomes_frames_virtuals_and_stores() {
    let mut descriptors = Descriptors::default();
    let trace = text::parse(TRACE, &mut descriptors).expect("the text parses");
    let roots = [Value::int(100), Value::int(200)];
    let args = trace.fail_args(SnapshotId(0));
    // Fail arguments in the order of their first appearance.
    let words: Vec<u64> = args
        .iter()
        .map(|r| match r.0 {
            0 => Value::NONE.bits(),
            1 => (-3i64) as u64,
            _ => 2.5f64.to_bits(),
        })
        .collect();
    let state = describe(&trace, SnapshotId(0), &words, &roots);
    assert_eq!(state.frames.len(), 2);
    let outer = &state.frames[0];
    assert_eq!((outer.code, outer.pc, outer.ret, outer.owner), (roots[0], 12, 5, None));
    let regs = [(0, Content::Word(Value::NONE)), (2, Content::Virtual(0)), (3, Content::Int(7))];
    assert_eq!(outer.regs, regs);
    let inner = &state.frames[1];
    assert_eq!(inner.owner, Some(Content::Virtual(1)));
    assert_eq!(inner.regs, [(1, Content::Int(-3)), (4, Content::Word(roots[1]))]);
    // Two virtuals that refer to each other, each once.
    assert_eq!(state.virtual_order, [0, 1]);
    assert_eq!(state.virtuals[0].fields[0].1, Content::Virtual(1));
    assert_eq!(state.virtuals[0].fields[1].1, Content::Int(-3));
    assert_eq!(state.virtuals[1].fields[0].1, Content::Virtual(0));
    let store = &state.stores[0];
    assert_eq!((store.object, store.index, store.value), (Content::Virtual(0), None, Content::Float(2.5)));
}
