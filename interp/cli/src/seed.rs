//! The seed of the hashes of texts: random, unless `PYTHONHASHSEED` says which.

use crate::args::Settings;
use std::hash::{BuildHasher, RandomState};

const BAD_SEED: &str = "Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in \
range [0; 4294967295]\nPython runtime state: preinitialized\n";

/// The seed of a run. 0 means that nothing is random.
///
/// # Errors
/// What to tell the user if the environment's seed is none.
pub fn of_run(settings: &Settings) -> Result<u64, &'static str> {
    if settings.ignore_environment || settings.random_hashes {
        return Ok(random());
    }
    let Some(text) = std::env::var_os("PYTHONHASHSEED") else { return Ok(random()) };
    match text.as_encoded_bytes() {
        b"" | b"random" => Ok(random()),
        text => number(text).map(u64::from).ok_or(BAD_SEED),
    }
}

/// A number from the operating system, not 0.
fn random() -> u64 {
    RandomState::new().hash_one(0).max(1)
}

/// The number that a text is as a whole, read as C's `strtoul` reads it.
fn number(text: &[u8]) -> Option<u32> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let text = &text[text.iter().take_while(|byte| is_space(byte)).count()..];
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let n: u64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    u32::try_from(if negative { n.wrapping_neg() } else { n }).ok()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_read_whole() {
        for (text, seed) in [("0", 0), ("007", 7), (" +5", 5), ("4294967295", u32::MAX), ("-0", 0)] {
            assert_eq!(number(text.as_bytes()), Some(seed), "{text:?}");
        }
        for text in
            ["", " ", "+", "+-1", "-1", "4294967296", "99999999999999999999", "1 ", "0x1", "1.0", "random "]
        {
            assert_eq!(number(text.as_bytes()), None, "{text:?}");
        }
    }
}
