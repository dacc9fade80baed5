//! Counters, and the closed table of reasons why a recording is given up.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Write;

macro_rules! aborts {
    ($( $(#[doc = $doc:literal])* $name:ident $text:literal; )*) => {
        /// Why a recording was given up. The program goes on unharmed: recording is executing.
        #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        pub enum Abort { $( $(#[doc = $doc])* $name, )* }

        impl Abort {
            pub const ALL: &'static [Abort] = &[ $( Abort::$name, )* ];

            /// The name in reports.
            pub const fn text(self) -> &'static str {
                match self { $( Abort::$name => $text, )* }
            }
        }
    };
}

aborts! {
    /// More operations than the limit; a callee is blamed and not inlined next time.
    TooLong "too_long";
    /// A loop inside the recorded one has no fragment yet; it is recorded first.
    InnerLoop "inner_loop";
    /// A function called in the recorded code has no machine code yet; it is recorded first.
    InnerFunction "inner_function";
    /// An inlined frame went round a loop of its own too often.
    InlinedLoop "inlined_loop";
    /// A call raised and the exception left the trace.
    RaisedInCall "raised_in_call";
    /// The frame was left before the loop closed.
    LeftRoot "left_root";
    /// A guard was wanted after an effect in the same instruction: a mistake in the guest.
    GuardAfterEffect "guard_after_effect";
    /// A native call was made after the instruction changed frames, so that its exception has no place.
    CallAfterFrameChange "call_after_frame_change";
    /// A register was read that liveness calls dead: a mistake in the guest.
    DeadRegister "dead_register";
    /// A field was read that was never set (the zero word): a mistake in the guest.
    ZeroRead "zero_read";
    /// An object was made that is larger than a trace can say.
    LargeObject "large_object";
    /// Frames are nested too deeply.
    TooDeep "too_deep";
    /// A callee looks at frames.
    SeesFrames "sees_frames";
    /// An assumption was invalidated while the trace was recorded or compiled.
    Invalidated "invalidated";
    /// The interrupt word was set before anything was recorded.
    Interrupted "interrupted";
    /// Native code or the tracer itself panicked.
    Panicked "panicked";
    /// The optimizer found a guard that always fails.
    GuardAlwaysFails "guard_always_fails";
    /// The optimizer found the trace too long.
    OptimizerTooLong "optimizer_too_long";
    /// The backend had no room or cannot compile the trace.
    Backend "backend";
    /// A trace was not well formed: a mistake in the tracer or the optimizer.
    Malformed "malformed";
}

macro_rules! counters {
    ($( $(#[doc = $doc:literal])* $name:ident; )*) => {
        /// Everything that is counted. Cells, for everybody holds the tracer by `&`.
        #[derive(Default)]
        pub struct Counters {
            $( $(#[doc = $doc])* pub $name: Cell<u64>, )*
            aborts: RefCell<BTreeMap<Abort, u64>>,
            /// Where guards after effects were wanted, and what was done before them.
            offences: RefCell<BTreeMap<String, u64>>,
        }

        impl Counters {
            /// Names and values of the plain counters.
            pub fn rows(&self) -> Vec<(&'static str, u64)> {
                vec![ $( (stringify!($name), self.$name.get()), )* ]
            }
        }
    };
}

counters! {
    /// Recordings begun.
    recordings;
    /// Loops compiled.
    loops;
    /// Function entries compiled.
    functions;
    /// Bridges compiled.
    bridges;
    /// Units compiled again with their bridges.
    units;
    /// Units that could not be compiled again.
    unit_failures;
    /// Entries from the interpreter into compiled code.
    entries;
    /// Exits from compiled code to the interpreter.
    exits;
    /// Compiled functions entered from the interpreter that returned in machine code.
    finishes;
    /// Activations made by machine code that left through an exit.
    callee_exits;
    /// Calls of compiled functions recorded.
    fragment_calls;
    /// Compiled functions that are not entered for a while, since they leave too often.
    rests;
    /// Exits that went on in the unwinder.
    exits_unwinding;
    /// Virtual objects built at exits.
    virtuals_built;
    /// Guards wanted after an effect; zero unless the guest has a mistake.
    guard_after_effect;
    /// Instructions executed by the recorder.
    recorded_instructions;
    /// Operations recorded, in traces that were compiled or not.
    recorded_ops;
    /// Guards recorded.
    recorded_guards;
    /// Operations given to the optimizer and got from it.
    optimizer_in;
    optimizer_out;
    /// Nanoseconds in the optimizer and the backend (zero without a clock).
    optimize_ns;
    compile_ns;
    /// Nanoseconds recording.
    record_ns;
    /// Bytes of machine code, all compilations together.
    code_bytes_total;
    /// Bytes of machine code kept now.
    code_bytes;
    /// Bytes of machine code, traces, exits and what else is kept for them.
    kept_bytes;
    /// Fragments dropped because an assumption broke.
    invalidated;
    /// Fragments dropped because something that they name died.
    died;
    /// Trees dropped to make room.
    evicted;
    /// Fragments dropped, with all those.
    dropped;
}

impl Counters {
    pub(crate) fn add(&self, counter: &Cell<u64>, n: u64) {
        counter.set(counter.get() + n);
    }

    pub(crate) fn count_abort(&self, reason: Abort) {
        *self.aborts.borrow_mut().entry(reason).or_default() += 1;
    }

    pub(crate) fn count_offence(&self, what: String) {
        *self.offences.borrow_mut().entry(what).or_default() += 1;
    }

    /// Recordings given up for this reason.
    pub fn aborts(&self, reason: Abort) -> u64 {
        self.aborts.borrow().get(&reason).copied().unwrap_or(0)
    }

    /// Recordings given up.
    pub fn all_aborts(&self) -> u64 {
        self.aborts.borrow().values().sum()
    }

    /// `name: value` lines: counters, aborts by reason, guest mistakes.
    pub fn report(&self) -> String {
        let mut out = String::new();
        for (name, value) in self.rows() {
            _ = writeln!(out, "{name}: {value}");
        }
        _ = writeln!(out, "aborts: {}", self.all_aborts());
        for (reason, n) in self.aborts.borrow().iter() {
            _ = writeln!(out, "abort.{}: {n}", reason.text());
        }
        for (what, n) in self.offences.borrow().iter() {
            _ = writeln!(out, "offence: {n} x {what}");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_has_lines() {
        let c = Counters::default();
        c.count_abort(Abort::TooLong);
        c.add(&c.loops, 2);
        let text = c.report();
        assert!(text.contains("loops: 2\n") && text.contains("abort.too_long: 1\n"), "{text}");
    }
}
