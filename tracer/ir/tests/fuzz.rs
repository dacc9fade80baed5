//! Random traces: well formed, printed and parsed back, copied by the rewriter, run twice with the same report.

use hoop_ir::builder::Rewriter;
use hoop_ir::fuzz::{Case, Kind, Options, arbitrary, family};
use hoop_ir::text::{parse, print};
use hoop_ir::verify::verify;
use hoop_ir::{Descriptors, OpRef, Trace};
use proptest::prelude::*;

const KINDS: [Kind; 4] = [Kind::Loop, Kind::Labelled, Kind::Bridge, Kind::Straight];

fn options(kind: usize, size: u32, flags: u8) -> Options {
    let flag = |bit: u8| flags & (1 << bit) != 0;
    Options {
        kind: KINDS[kind],
        instructions: size,
        floats: flag(0),
        heap: flag(1),
        calls: flag(2),
        virtuals: flag(3),
        frames: flag(4),
        ..Options::default()
    }
}

fn copy(trace: &Trace) -> Trace {
    let mut rewriter = Rewriter::new(trace);
    (0..trace.ops.len()).for_each(|i| _ = rewriter.copy(OpRef(i as u32)));
    rewriter.finish()
}

fn check(case: &Case) {
    let text = print(&case.trace, &case.descriptors);
    if let Err(e) = verify(&case.trace, &case.descriptors) {
        panic!("{e}\n{text}");
    }
    let mut d = Descriptors::default();
    let parsed = parse(&text, &mut d).unwrap_or_else(|e| panic!("{e}\n{text}"));
    assert_eq!(print(&parsed, &d), text);
    let mut same_descriptors = case.descriptors.clone();
    assert_eq!(parse(&text, &mut same_descriptors).as_ref(), Ok(&case.trace));
    let report = case.run(&case.trace);
    assert_eq!(case.run(&case.trace), report, "{text}");
    let copied = copy(&case.trace);
    assert_eq!(verify(&copied, &case.descriptors), Ok(()));
    assert_eq!(case.run(&copied), report, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_traces(seed in any::<u64>(), kind in 0..KINDS.len(), size in 0u32..60, flags in any::<u8>()) {
        check(&arbitrary(seed, &options(kind, size, flags)));
    }

    #[test]
    fn loops_with_bridges(seed in any::<u64>(), size in 0u32..40, flags in any::<u8>()) {
        let f = family(seed, &options(0, size, flags), 6);
        for b in &f.bridges {
            let text = print(&b.trace, &f.case.descriptors);
            assert_eq!(verify(&b.trace, &f.case.descriptors), Ok(()), "{text}");
        }
        assert_eq!(f.run(), f.run());
    }

    #[test]
    fn parser_never_panics(text in "[a-z0-9 =,()\\[\\]{}:#;\\-\\.~\"\n]{0,80}") {
        _ = parse(&text, &mut Descriptors::default());
    }

    /// A damaged trace text is refused or is still a trace that prints.
    #[test]
    fn damaged_texts(seed in any::<u64>(), at in any::<prop::sample::Index>(), c in "[a-z0-9 ,=(]") {
        let case = arbitrary(seed, &options(0, 10, 0xff));
        let mut text = print(&case.trace, &case.descriptors);
        let at = at.index(text.len());
        text.replace_range(at..at + 1, &c);
        let mut d = Descriptors::default();
        if let Ok(trace) = parse(&text, &mut d) {
            _ = verify(&trace, &d);
            _ = print(&trace, &d);
        }
    }
}

/// Loops that the generator makes mostly go round several times.
#[test]
fn loops_go_round() {
    let mut long = 0;
    for seed in 0..100 {
        let case = arbitrary(seed, &options(0, 12, 0xff));
        long += usize::from(case.run(&case.trace).end.contains("pc=1 "));
    }
    assert!(long > 20, "only {long} of 100 loops ended by their counter");
}

/// Bridges let loops go on.
#[test]
fn families_have_bridges() {
    let families = (0..100).map(|seed| family(seed, &options(0, 12, 0xff), 6));
    let (mut bridges, mut counted) = (0, 0);
    for f in families {
        bridges += f.bridges.len();
        counted += usize::from(f.bridges.iter().any(|b| b.parent > 0));
    }
    assert!(bridges > 150, "only {bridges} bridges");
    assert!(counted > 10, "only {counted} families have bridges on bridges");
}
