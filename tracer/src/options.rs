//! The tracer's knobs: one row each, with its default and what it means. Text form: `threshold=2,optimizer=off`.

use std::fmt;

/// Which optimizer the composition root should build.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum OptimizerChoice {
    #[default]
    All,
    Off,
    /// These passes only.
    Passes(Vec<String>),
}

/// Which backend the composition root should build.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum BackendChoice {
    #[default]
    Cranelift,
    /// The slow, obvious evaluator.
    Eval,
}

/// Text that is no option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OptionsError {
    pub item: String,
    pub expected: &'static str,
}

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bad JIT option '{}': expected {}", self.item, self.expected)
    }
}

impl std::error::Error for OptionsError {}

macro_rules! numbers {
    ($( $(#[doc = $doc:literal])* $name:ident = $default:expr; )*) => {
        /// See the rows.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct Options {
            $( $(#[doc = $doc])* pub $name: u32, )*
            pub optimizer: OptimizerChoice,
            pub backend: BackendChoice,
        }

        impl Default for Options {
            fn default() -> Options {
                Options { $( $name: $default, )* optimizer: OptimizerChoice::All, backend: BackendChoice::Cranelift }
            }
        }

        impl Options {
            /// Names, defaults and meanings of the numeric knobs.
            pub const NUMBERS: &'static [(&'static str, u32, &'static str)] =
                &[ $( (stringify!($name), $default, concat!($($doc),*)), )* ];

            fn number(&mut self, name: &str) -> Option<&mut u32> {
                match name {
                    $( stringify!($name) => Some(&mut self.$name), )*
                    _ => None,
                }
            }
        }
    };
}

numbers! {
    /// Passes through a loop header before it is recorded.
    threshold = 2000;
    /// Calls of a function before it is recorded.
    function = 2500;
    /// Times an exit is taken before a bridge is recorded from it.
    bridge = 200;
    /// Most operations recorded in one trace.
    trace_limit = 6000;
    /// Most frames inlined in each other.
    inline = 20;
    /// Most activations of one code object inlined in each other.
    recursion = 7;
    /// Loop iterations unrolled in an inlined frame.
    unroll = 8;
    /// Times an inner loop without fragment may be passed while an outer one is recorded.
    inner = 2;
    /// Most bridges that hang on one loop.
    bridges = 400;
    /// Bridges after which the eagerness to record further ones halves (and again after as many more).
    bridge_step = 24;
    /// Passes of quickly made code after which a small loop is compiled again with its bridges, as one unit and better. 0: all
    /// code is made well, and alone.
    warm = 20000;
    /// Most operations in one unit.
    unit_limit = 12000;
    /// Kilobytes of machine code and its traces kept.
    code_kb = 131072;
    /// Compiled functions return to and call each other in machine code: 1 yes, 0 no.
    calls = 1;
    /// Bridges recorded in inlined copies of a function after which it is called as machine code. 0: never.
    branchy = 16;
    /// 1: the recorder checks its registers after each instruction, and a guard after an effect panics.
    check = 0;
}

impl Options {
    /// Parses `name=value,...`. `off` is left to the caller. Empty text gives the defaults.
    pub fn parse(text: &str) -> Result<Options, OptionsError> {
        let mut options = Options::default();
        let mut items = text.split(',').filter(|s| !s.is_empty()).peekable();
        while let Some(item) = items.next() {
            let Some((name, value)) = item.split_once('=') else {
                return Err(OptionsError { item: item.into(), expected: "name=value" });
            };
            match name {
                "optimizer" => {
                    let mut passes = vec![value.to_string()];
                    while let Some(more) = items.next_if(|s| !s.contains('=')) {
                        passes.push(more.into());
                    }
                    options.optimizer = optimizer_choice(passes);
                }
                "backend" => options.backend = backend_choice(item, value)?,
                _ => options.set_number(item, name, value)?,
            }
        }
        Ok(options)
    }

    fn set_number(&mut self, item: &str, name: &str, value: &str) -> Result<(), OptionsError> {
        let Some(slot) = self.number(name) else {
            return Err(OptionsError { item: item.into(), expected: "a known option" });
        };
        *slot = value.parse().map_err(|_| OptionsError { item: item.into(), expected: "a number" })?;
        Ok(())
    }
}

fn optimizer_choice(passes: Vec<String>) -> OptimizerChoice {
    match passes.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["off"] => OptimizerChoice::Off,
        ["all"] | ["on"] => OptimizerChoice::All,
        _ => OptimizerChoice::Passes(passes),
    }
}

fn backend_choice(item: &str, value: &str) -> Result<BackendChoice, OptionsError> {
    match value {
        "eval" => Ok(BackendChoice::Eval),
        "cranelift" => Ok(BackendChoice::Cranelift),
        _ => Err(OptionsError { item: item.into(), expected: "eval or cranelift" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_parse() {
        let o = Options::parse("threshold=2,optimizer=fold,cse,bridge=3,backend=eval").unwrap();
        assert_eq!((o.threshold, o.bridge, o.backend), (2, 3, BackendChoice::Eval));
        assert_eq!(o.optimizer, OptimizerChoice::Passes(vec!["fold".into(), "cse".into()]));
        assert_eq!(Options::parse("").unwrap(), Options::default());
        assert_eq!(Options::parse("optimizer=off").unwrap().optimizer, OptimizerChoice::Off);
    }

    #[test]
    fn wrong_items_are_named() {
        assert_eq!(Options::parse("threshhold=2").unwrap_err().item, "threshhold=2");
        assert_eq!(Options::parse("threshold=x").unwrap_err().expected, "a number");
        assert!(Options::parse("backend=llvm").is_err());
    }
}
