//! The Mersenne Twister MT19937 (M. Matsumoto and T. Nishimura, 1998), seeded and read as CPython does.

const N: usize = 624;

const M: usize = 397;

/// The generator's state.
pub struct Twister {
    words: [u32; N],
    at: usize,
}

impl Twister {
    /// Seeded with one word.
    pub fn new(seed: u32) -> Twister {
        let mut words = [seed; N];
        for i in 1..N {
            let last = words[i - 1];
            words[i] = 1_812_433_253u32.wrapping_mul(last ^ last >> 30).wrapping_add(i as u32);
        }
        Twister { words, at: N }
    }

    /// Seeded with several words (at least one).
    pub fn from_words(key: &[u32]) -> Twister {
        let mut t = Twister::new(19_650_218);
        let (mut i, mut j) = (1, 0);
        for _ in 0..N.max(key.len()) {
            let last = t.words[i - 1];
            t.words[i] = (t.words[i] ^ (last ^ last >> 30).wrapping_mul(1_664_525))
                .wrapping_add(key[j])
                .wrapping_add(j as u32);
            t.step(&mut i);
            j = (j + 1) % key.len();
        }
        for _ in 0..N - 1 {
            let last = t.words[i - 1];
            t.words[i] =
                (t.words[i] ^ (last ^ last >> 30).wrapping_mul(1_566_083_941)).wrapping_sub(i as u32);
            t.step(&mut i);
        }
        t.words[0] = 0x8000_0000;
        t
    }

    fn step(&mut self, i: &mut usize) {
        *i += 1;
        if *i == N {
            self.words[0] = self.words[N - 1];
            *i = 1;
        }
    }

    /// The state as words, the last one the position.
    pub fn state(&self) -> Vec<u32> {
        self.words.iter().copied().chain([self.at as u32]).collect()
    }

    /// From what [`Twister::state`] gave; nothing if it is no such state.
    pub fn from_state(state: &[u32]) -> Option<Twister> {
        let (&at, words) = state.split_last()?;
        let words = words.try_into().ok()?;
        (at as usize <= N).then_some(Twister { words, at: at as usize })
    }

    fn refill(&mut self) {
        for i in 0..N {
            let y = self.words[i] & 0x8000_0000 | self.words[(i + 1) % N] & 0x7FFF_FFFF;
            let odd = if y & 1 == 1 { 0x9908_B0DF } else { 0 };
            self.words[i] = self.words[(i + M) % N] ^ y >> 1 ^ odd;
        }
        self.at = 0;
    }

    /// The next 32 bits.
    pub fn next(&mut self) -> u32 {
        if self.at >= N {
            self.refill();
        }
        let mut y = self.words[self.at];
        self.at += 1;
        y ^= y >> 11;
        y ^= y << 7 & 0x9D2C_5680;
        y ^= y << 15 & 0xEFC6_0000;
        y ^ y >> 18
    }

    /// A float in `[0, 1)` with 53 random bits.
    pub fn float(&mut self) -> f64 {
        let (a, b) = ((self.next() >> 5) as f64, (self.next() >> 6) as f64);
        (a * 67_108_864.0 + b) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// At most 64 random bits.
    pub fn bits(&mut self, k: u32) -> u64 {
        match k {
            0 => 0,
            1..=32 => (self.next() >> (32 - k)) as u64,
            _ => {
                let low = self.next() as u64;
                low | ((self.next() >> (64 - k)) as u64) << 32
            }
        }
    }

    /// `k` random bits as 32-bit words, least significant first.
    pub fn words(&mut self, k: usize) -> Vec<u32> {
        let count = k.div_ceil(32);
        let last = k - (count.max(1) - 1) * 32;
        (0..count).map(|i| if i + 1 == count { self.next() >> (32 - last) } else { self.next() }).collect()
    }

    /// A whole number below `n` (which is not 0).
    pub fn below(&mut self, n: u64) -> u64 {
        let k = 64 - n.leading_zeros();
        loop {
            let r = self.bits(k);
            if r < n {
                return r;
            }
        }
    }
}
