//! Payload that waits to be written, with spare room after it into which a socket is read, so that received bytes are not copied.

use std::ops::Deref;

/// Capacity kept after a full disk made the buffer grow.
const KEEP_BYTES: usize = 2 << 20;

/// Bytes followed by spare room. Dereferences to the bytes.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Entirely initialised, so that it can be lent to a reader. The system allocates the memory on first write.
    room: Vec<u8>,
    len: usize,
}

impl Deref for Gathered {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.room[..self.len]
    }
}

impl Gathered {
    /// Appends a copy of `bytes`.
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        let len = bytes.len();
        self.spare(len)[..len].copy_from_slice(bytes);
        self.len += len;
    }

    /// Returns at least `bytes` bytes of spare room after the payload.
    pub(super) fn spare(&mut self, bytes: usize) -> &mut [u8] {
        let needed = self.len + bytes;
        if self.room.len() < needed {
            let mut larger = vec![0; needed.next_power_of_two()];
            larger[..self.len].copy_from_slice(self);
            self.room = larger;
        }
        &mut self.room[self.len..needed]
    }

    /// Marks the first `bytes` bytes of the spare room as payload.
    pub(super) fn advance(&mut self, bytes: usize) {
        debug_assert!(self.len + bytes <= self.room.len(), "only what `spare` gave");
        self.len = (self.len + bytes).min(self.room.len());
    }

    /// Removes the first `bytes` bytes, which have been written.
    pub(super) fn drop_front(&mut self, bytes: usize) {
        let bytes = bytes.min(self.len);
        self.room.copy_within(bytes..self.len, 0);
        self.len -= bytes;
        if self.room.len() > KEEP_BYTES && self.len <= KEEP_BYTES {
            self.room.truncate(KEEP_BYTES);
            self.room.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_holds_what_was_added_and_not_yet_written(steps in prop::collection::vec((0..3_u8, 0..5000_usize), 0..40)) {
            let (mut gathered, mut plain) = (Gathered::default(), Vec::new());
            for (step, bytes) in steps {
                let some: Vec<u8> = (0..bytes).map(|n| (n * 7 + plain.len()) as u8).collect();
                match step {
                    0 => gathered.extend(&some),
                    1 => {
                        gathered.spare(bytes + 9)[..bytes].copy_from_slice(&some);
                        gathered.advance(bytes);
                    }
                    _ => gathered.drop_front(bytes),
                }
                if step < 2 { plain.extend(some) } else { drop(plain.drain(..bytes.min(plain.len()))) }
                prop_assert_eq!(&gathered[..], &plain[..]);
            }
        }
    }

    #[test]
    fn room_that_a_full_disk_made_it_take_is_given_back() {
        let mut gathered = Gathered::default();
        gathered.extend(&vec![7; 5 << 20]);
        gathered.drop_front((5 << 20) - 3);
        assert_eq!((&gathered[..], gathered.room.len()), (&[7, 7, 7][..], KEEP_BYTES));
    }
}
