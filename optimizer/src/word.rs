//! The part of the value word's encoding that folding relies on: ints end in `1`, floats held in the word in `10`;
//! the truth values' words are given by the guest.

use crate::facts::Kind;
use crate::range::{SMALL_MAX, SMALL_MIN};

/// Words of the guest's constants.
#[derive(Copy, Clone, Debug)]
pub struct Words {
    pub true_word: u64,
    pub false_word: u64,
}

/// The word that stands for 0.0 (it would otherwise be 2^-255).
const FLOAT_ZERO: u64 = 0x8000_0000_0000_0002;

impl Default for Words {
    fn default() -> Words {
        Words { true_word: 2 << 3 | 0b100, false_word: 1 << 3 | 0b100 }
    }
}

impl Words {
    pub fn kind(&self, word: u64) -> Kind {
        if word & 1 == 1 {
            Kind::Int
        } else if word & 3 == 2 {
            Kind::Float
        } else if word == self.true_word || word == self.false_word {
            Kind::Bool
        } else {
            Kind::Other
        }
    }

    pub fn bool(&self, b: bool) -> u64 {
        if b { self.true_word } else { self.false_word }
    }
}

/// The int of a word that holds one.
pub fn untag(word: u64) -> i64 {
    word as i64 >> 1
}

/// The word of an int, if it fits.
pub fn tag(i: i64) -> Option<u64> {
    (SMALL_MIN..=SMALL_MAX).contains(&i).then_some((i as u64) << 1 | 1)
}

/// The float of a word that holds one in itself.
pub fn word_float(word: u64) -> f64 {
    if word == FLOAT_ZERO {
        return 0.0;
    }
    let top = word >> 63;
    f64::from_bits((word & !3 | (2 - top)).rotate_right(3))
}

/// The word of a float, if a word holds it.
pub fn float_word(f: f64) -> Option<u64> {
    let bits = f.to_bits();
    let rotated = bits.rotate_left(3);
    let top = rotated >> 63;
    if rotated & 3 == 2 - top && bits != 0x3000_0000_0000_0000 {
        return Some(rotated & !3 | 2);
    }
    (bits == 0).then_some(FLOAT_ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip() {
        for f in [0.0, 1.0, -1.5, 1e70, -1e-70, 3.25, f64::MIN_POSITIVE, 1e300, -0.0] {
            if let Some(w) = float_word(f) {
                assert_eq!(word_float(w).to_bits(), f.to_bits());
            }
        }
        assert!(float_word(-0.0).is_none() && float_word(1e300).is_none());
        assert_eq!(tag(-5).map(untag), Some(-5));
        assert_eq!(tag(1 << 62), None);
    }
}
