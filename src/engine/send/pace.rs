//! Files that are sent piece by piece: pauses and a highest rate.

use std::time::{Duration, Instant};

/// The largest piece, in bytes.
pub const PIECE_BYTES_MAX: u32 = 16 << 20;
/// Bytes of a piece where none are given, at most.
const PIECE_BYTES: u64 = 64 << 10;
/// Pieces a second where only a rate is given.
const PIECES_PER_SECOND: u64 = 20;

/// How something is sent piece by piece.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SendPace {
    /// Bytes of a piece, 1 to [`PIECE_BYTES_MAX`]; `None`: as many as suit the rate. Datagrams are pieces as they are.
    pub piece: Option<u32>,
    /// Between the end of one piece and the beginning of the next.
    pub pause: Duration,
    /// The most bytes a second, on average from the first piece on.
    pub rate: Option<u64>,
}

impl SendPace {
    /// Whether it slows nothing down.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        *self == Self::default()
    }

    /// Bytes of a piece of a stream.
    #[must_use]
    pub fn piece_bytes(&self) -> u32 {
        let by_rate = || self.rate.map_or(PIECE_BYTES, |rate| (rate / PIECES_PER_SECOND).clamp(1, PIECE_BYTES));
        self.piece.map_or_else(|| u32::try_from(by_rate()).unwrap_or(1), |piece| piece.clamp(1, PIECE_BYTES_MAX))
    }

    /// How long the next piece waits if it was `now` that a piece ended, `sent` bytes were sent since `begun`.
    #[must_use]
    pub fn wait(&self, begun: Instant, sent: u64, now: Instant) -> Duration {
        let Some(rate) = self.rate else { return self.pause };
        let micros = u128::from(sent) * 1_000_000 / u128::from(rate.max(1));
        let used = Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX));
        used.saturating_sub(now.saturating_duration_since(begun)).max(self.pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_of_pause_and_rate_counts() {
        let begun = Instant::now();
        let at = |ms| begun + Duration::from_millis(ms);
        let ms = Duration::from_millis;
        let pace = SendPace { piece: None, pause: ms(30), rate: Some(1000) };
        assert_eq!(pace.wait(begun, 500, at(100)), ms(400));
        assert_eq!(pace.wait(begun, 500, at(490)), ms(30));
        assert_eq!(pace.wait(begun, 500, at(9000)), ms(30));
        assert_eq!(SendPace { rate: None, ..pace }.wait(begun, 500, begun), ms(30));
        assert!(SendPace { rate: Some(1), ..pace }.wait(begun, u64::MAX, begun) > Duration::from_secs(1 << 40));
    }

    #[test]
    fn pieces_suit_the_rate() {
        let piece = |piece, rate| SendPace { piece, pause: Duration::ZERO, rate }.piece_bytes();
        assert_eq!((piece(Some(3000), Some(1)), piece(None, Some(20_000)), piece(None, Some(3))), (3000, 1000, 1));
        assert_eq!((piece(None, None), piece(None, Some(u64::MAX)), piece(Some(0), None)), (65_536, 65_536, 1));
        assert_eq!(piece(Some(u32::MAX), None), PIECE_BYTES_MAX);
    }
}
