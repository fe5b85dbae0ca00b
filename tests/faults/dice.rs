//! Reproducible random numbers.

/// xorshift64.
pub struct Dice(u64);

impl Dice {
    /// Seeded by `WIREBENCH_FAULT_SEED`, otherwise by the clock. Prints the seed.
    pub fn new(what: &str) -> Self {
        let now =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(1, |now| now.subsec_nanos());
        let given = std::env::var("WIREBENCH_FAULT_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or(u64::from(now));
        eprintln!("{what}: WIREBENCH_FAULT_SEED={seed}");
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number from 0 to `sides` - 1.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % sides
    }
}
