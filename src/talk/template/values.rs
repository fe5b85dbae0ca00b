//! What the fields of a template can use.

use crate::codec::Encoding;
use crate::talk::eval::{Value, World};
use crate::talk::tree::Path;

/// The values of one round: the counter `n`, the clock, and random numbers. The same seed and round give the same random numbers, so a
/// preview shows the bytes that will be sent.
#[derive(Clone, Debug)]
pub struct Values {
    n: u64,
    state: u64,
    encoding: Encoding,
}

impl Values {
    /// The values of round `n`.
    #[must_use]
    pub fn new(n: u64, seed: u64, encoding: Encoding) -> Self {
        let mut values = Self { n, state: seed, encoding };
        values.state = values.random() ^ n;
        values
    }
}

impl World for Values {
    fn value(&mut self, name: &Path) -> Option<Value> {
        (name.single()? == "n").then(|| Value::Int(i128::from(self.n)))
    }

    fn encoding(&self) -> Encoding {
        self.encoding
    }

    fn now(&mut self) -> jiff::Zoned {
        jiff::Zoned::now()
    }

    /// SplitMix64.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
