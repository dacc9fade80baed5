//! Text form, verifier and liveness on small hand-written code objects.

use hoop_bytecode::{Instr, Liveness, Op, PrintOptions, instruction_reference, parse, print, verify};

const LOOP: &str = r#"
code "f" {
  qualname "m.f"
  file "a b.py"
  line 3
  params 0 1 0
  registers 4
  flags optimized
  locals "n" "s"
  names "x"
  const str "s\n\"\\\xed\xa0\x80"
  const tuple (int -1, float 0.5, float bits:7ff0000000000000, frozenset (none, big 99999999999999999999))
  site loop
  site global 0
  handler L1 L4 L6 r3
  body
     0 load_int r1, 0 @3:4-3:9
     1 loop s0 @4:0-4:1
     2 add r1, r1, r0
     3 if_lt_imm r2, r1, -5
     4 jump_if_true r2, L1
     5 return r1
     6 return r3
}
"#;

#[test]
fn round_trip() {
    let code = parse(LOOP).expect("it parses");
    verify(&code).expect("it verifies");
    let text = print(&code, PrintOptions::default());
    assert_eq!(parse(&text).as_ref(), Ok(&code));
    assert_eq!(code.position(0).end_col, 9);
    assert_eq!(code.handler_for(2).map(|handler| handler.target), Some(6));
    assert!(code.handler_for(5).is_none());
}

fn rejected(from: &str, to: &str) {
    let code = parse(&LOOP.replace(from, to)).expect("it parses");
    assert!(verify(&code).is_err(), "{to} is accepted");
}

#[test]
fn verifier_rejects() {
    rejected("registers 4", "registers 3");
    rejected("add r1, r1, r0", "add r1, r2, r0");
    rejected("jump_if_true r2, L1", "jump_if_true r2, L2");
    rejected("jump_if_true r2, L1", "jump_if_true r1, L1");
    rejected("loop s0", "loop s1");
    rejected("     6 return r3\n", "     6 add r1, r1, r3\n");
    rejected("handler L1 L4 L6 r3", "handler L1 L4 L9 r3");
}

#[test]
fn liveness_of_a_loop() {
    let code = parse(LOOP).expect("it parses");
    let liveness = Liveness::compute(&code);
    assert_eq!(liveness.at(0).iter().collect::<Vec<_>>(), [0]);
    assert_eq!(liveness.at(1).iter().collect::<Vec<_>>(), [0, 1]);
    assert_eq!(liveness.at(6).iter().collect::<Vec<_>>(), [3]);
}

#[test]
fn instructions_are_eight_bytes() {
    assert_eq!(size_of::<Instr>(), 8);
    let wide = Instr::wide(Op::LoadInt, 1, -70_000_i32 as u32);
    assert_eq!((wide.imm32(), wide.a), (-70_000, 1));
    assert!(Op::all().all(|op| Op::from_u16(op as u16) == Some(op) && Op::from_name(op.name()) == Some(op)));
    assert!(instruction_reference().lines().count() == Op::COUNT + 2);
}
