//! The knobs of code generation.

/// See the fields.
#[derive(Clone, Debug)]
pub struct BackendOptions {
    /// Bytes of machine code that may exist at once.
    pub code_budget: usize,
    /// Runs the code generator's verifier on each unit.
    pub verify: bool,
    /// Keeps the readable listings of the last unit (costs time for each unit).
    pub listings: bool,
}

impl Default for BackendOptions {
    fn default() -> BackendOptions {
        BackendOptions { code_budget: 64 << 20, verify: cfg!(debug_assertions), listings: false }
    }
}
