//! The optimizer: turns a recorded trace into a better one. It knows the trace IR and nothing else.
//!
//! ```text
//! trace ─▶ fold ▶ kinds ▶ ranges ▶ guards ▶ virtuals ▶ heap ▶ cse ─▶ nodes in order ─▶ finish ─▶ trace
//!             ▲______________ again, as the loop's body ______________│ (peel)
//! ```
//!
//! Operations stream once through an array of passes ([`passes`]); [`peel`] sends a loop through twice, so that what
//! one iteration establishes need not be done again by the next; [`finish`] drops dead code and writes the result.
//! [`bridge`] lets a trace that ends in another loop enter it behind its preamble.
//!
//! Nothing here depends on time or addresses: the same trace gives the same result.
#![forbid(unsafe_code)]

mod bridge;
mod cx;
mod eval;
mod facts;
mod finish;
mod passes;
mod peel;
pub mod range;
mod snapshot;
mod word;

pub use word::Words;

use bridge::LoopState;
use cx::{Cx, Res};
use facts::Kind;
use finish::{ExitKinds, Written};
use hoop_ir::trace::vec_bytes;
use hoop_ir::verify::MAX_FAIL_ARGS;
use hoop_ir::{Descriptors, Entry, FragmentId, OpRef, Opcode, Optimize, OptimizeError, SnapshotId, Trace};
use passes::PASSES;
use std::cell::Cell;
use std::collections::HashMap;

/// Which passes run, and what they need to know of the guest.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bit per entry of the pass array.
    passes: u32,
    pub peel: bool,
    pub dce: bool,
    pub words: Words,
}

impl Default for Options {
    fn default() -> Options {
        Options { passes: !0, peel: true, dce: true, words: Words::default() }
    }
}

/// No pass has that name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownPass(pub String);

impl Options {
    /// Names that [`Options::parse`] takes, besides `all` and `off`.
    pub fn pass_names() -> impl Iterator<Item = &'static str> {
        PASSES.iter().map(|p| p.name()).chain(["peel", "dce"])
    }

    /// Reads the value of `optimizer=...`: `all`, `off`, or pass names separated by commas.
    pub fn parse(text: &str) -> Result<Options, UnknownPass> {
        let mut options = Options::default();
        if text == "all" {
            return Ok(options);
        }
        options = Options { passes: 0, peel: false, dce: false, ..options };
        for name in text.split(',').map(str::trim).filter(|n| !n.is_empty() && *n != "off") {
            match (name, PASSES.iter().position(|p| p.name() == name)) {
                ("peel", _) => options.peel = true,
                ("dce", _) => options.dce = true,
                (_, Some(i)) => options.passes |= 1 << i,
                _ => return Err(UnknownPass(name.to_string())),
            }
        }
        Ok(options)
    }

    /// Nothing is to be done.
    fn is_off(&self) -> bool {
        self.passes == 0 && !self.peel && !self.dce
    }
}

/// How often each folding rule fired.
#[derive(Default)]
pub struct RuleHits {
    counts: Vec<Cell<u32>>,
}

impl RuleHits {
    fn new() -> RuleHits {
        RuleHits { counts: vec![Cell::new(0); passes::fold::RULES.len()] }
    }

    fn hit(&self, rule: usize) {
        self.counts[rule].set(self.counts[rule].get() + 1);
    }

    /// Rule names with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u32)> + '_ {
        passes::fold::RULES.iter().zip(&self.counts).map(|(rule, count)| (rule.0, count.get()))
    }
}

/// The optimizer of one trace store.
pub struct Optimizer {
    options: Options,
    hits: RuleHits,
    loops: HashMap<FragmentId, LoopState>,
    /// What is known at the exits of each fragment.
    exits: HashMap<FragmentId, ExitKinds>,
    /// Where the bridges about to be optimized hang.
    parents: HashMap<FragmentId, (FragmentId, SnapshotId)>,
}

impl Default for Optimizer {
    fn default() -> Optimizer {
        Optimizer::new(Options::default())
    }
}

impl Optimizer {
    pub fn new(options: Options) -> Optimizer {
        Optimizer {
            options,
            hits: RuleHits::new(),
            loops: HashMap::new(),
            exits: HashMap::new(),
            parents: HashMap::new(),
        }
    }

    /// Whether traces may end in the label of this loop.
    pub fn has_label(&self, fragment: FragmentId) -> bool {
        self.loops.contains_key(&fragment)
    }

    /// How often each folding rule fired so far.
    pub fn rule_hits(&self) -> &RuleHits {
        &self.hits
    }
}

/// Sends the operations from `start` up to the end of the trace through.
fn stream(cx: &mut Cx, start: usize, end: usize) -> Res<()> {
    (start..end).try_for_each(|i| cx.step(i))
}

/// The whole trace once through the passes. If it ends in a loop, it enters behind the loop's preamble if it can.
fn straight(
    mut cx: Cx,
    roots: &[u64],
    loops: &HashMap<FragmentId, LoopState>,
    known: &[(u32, Kind)],
) -> Res<Written> {
    let inputs: Vec<OpRef> = cx.input.inputs().collect();
    let start = inputs.last().map_or(0, |r| r.index() + 1);
    let end = cx.input.ops.len() - 1;
    stream(&mut cx, 0, start)?;
    for &(arg, kind) in known {
        if let Some(&input) = inputs.get(arg as usize) {
            let r = cx.now(input);
            cx.set_kind(r, kind);
        }
    }
    stream(&mut cx, start, end)?;
    let last = cx.input.ops[end];
    if last.code == Opcode::JumpFragment
        && let fragment = FragmentId(last.imm as u32)
        && let Some(state) = loops.get(&fragment)
    {
        let mut entering = cx.clone();
        let inputs = entering.mapped(end);
        let inputs = entering.list(&inputs).to_vec();
        if bridge::enter(&mut entering, state, fragment, &inputs, last.snapshot, roots).is_some() {
            return Ok(finish::write_out(&entering, None));
        }
    }
    cx.step(end)?;
    Ok(finish::write_out(&cx, None))
}

/// The trace is a loop that ends by going back to its inputs.
fn can_peel(trace: &Trace) -> bool {
    let is_loop = matches!(trace.entry, Entry::Loop { .. }) && trace.label().is_none();
    let goes_back = trace.ops.last().is_some_and(|op| op.code == Opcode::Jump);
    is_loop && goes_back && trace.ops.len() <= MAX_PEELED
}

/// The loop twice through the passes; if that does not work out, once.
fn peeled(mut cx: Cx, roots: &[u64]) -> Res<(Written, Option<LoopState>)> {
    let jump = cx.input.ops.len() - 1;
    stream(&mut cx, 0, jump)?;
    if let Some(peeled) = peel::peel(&cx)? {
        let written = finish::write_out(&peeled.cx, Some(&peeled.label));
        let state = LoopState::of(&peeled, &written.params, roots);
        return Ok((written, state));
    }
    cx.step(jump)?;
    Ok((finish::write_out(&cx, None), None))
}

/// A longer trace is not worth the time.
const MAX_OPS: usize = 60_000;

/// A loop longer than this is not peeled: its preamble would double it for little.
const MAX_PEELED: usize = 6_000;

impl Optimize for Optimizer {
    fn optimize(
        &mut self,
        fragment: FragmentId,
        trace: Trace,
        roots: &[u64],
        descriptors: &Descriptors,
        peel: bool,
    ) -> Result<Trace, OptimizeError> {
        let parent = self.parents.remove(&fragment);
        if self.options.is_off() {
            return Ok(trace);
        }
        if trace.ops.len() > MAX_OPS {
            return Err(OptimizeError::TooLong);
        }
        if trace.ops.is_empty() {
            return Ok(trace);
        }
        self.forget(fragment);
        let cx = Cx::new(&trace, descriptors, &self.options, &self.hits);
        let written = if peel && self.options.peel && can_peel(&trace) {
            let (written, state) = peeled(cx, roots)?;
            self.loops.extend(state.map(|s| (fragment, s)));
            written
        } else {
            let known = parent.and_then(|(f, s)| self.exits.get(&f)?.get(s.0 as usize));
            straight(cx, roots, &self.loops, known.map_or(&[], |k| k))?
        };
        if written.widest_exit > MAX_FAIL_ARGS {
            self.forget(fragment);
            return Err(OptimizeError::TooLong);
        }
        self.exits.insert(fragment, written.exits);
        let result = written.trace;
        #[cfg(debug_assertions)]
        if let Err(e) = hoop_ir::verify::verify(&result, descriptors) {
            panic!("the optimizer made a bad trace: {e:?}\n{}", hoop_ir::text::print(&result, descriptors));
        }
        Ok(result)
    }

    fn hangs_on(&mut self, bridge: FragmentId, parent: FragmentId, snapshot: SnapshotId) {
        self.parents.insert(bridge, (parent, snapshot));
    }

    fn forget(&mut self, fragment: FragmentId) {
        self.loops.remove(&fragment);
        self.exits.remove(&fragment);
    }

    fn bytes(&self, fragment: FragmentId) -> usize {
        let exits =
            self.exits.get(&fragment).map_or(0, |e| vec_bytes(e) + e.iter().map(vec_bytes).sum::<usize>());
        exits + self.loops.get(&fragment).map_or(0, LoopState::bytes)
    }
}
