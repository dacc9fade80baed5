//! The knobs of code generation.

/// How much work the code generator puts into a unit.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum OptLevel {
    /// No optimization of its own; quick to compile.
    None,
    /// Common subexpressions, constant folding, loop-invariant code, alias analysis.
    Speed,
}

/// See the fields.
#[derive(Clone, Debug)]
pub struct BackendOptions {
    pub opt_level: OptLevel,
    /// Allocates registers in one pass: much quicker to compile, 2 to 5 times slower to run.
    pub single_pass_regalloc: bool,
    /// Bytes of machine code that may exist at once.
    pub code_budget: usize,
    /// Runs the code generator's verifier on each unit.
    pub verify: bool,
    /// Keeps the readable listings of the last unit (costs time for each unit).
    pub listings: bool,
}

impl Default for BackendOptions {
    fn default() -> BackendOptions {
        BackendOptions {
            opt_level: OptLevel::Speed,
            single_pass_regalloc: false,
            code_budget: 64 << 20,
            verify: cfg!(debug_assertions),
            listings: false,
        }
    }
}
