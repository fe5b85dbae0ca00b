//! Frames to bytes.

use super::Form;

/// The head of a frame that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it is; `None`: it continues a message.
    pub form: Option<Form>,
    /// It ends the message.
    pub ends: bool,
    /// The masking key of a client.
    pub mask: Option<[u8; 4]>,
}

impl Frame {
    /// A message or control frame of one frame, without a mask.
    #[must_use]
    pub const fn whole(form: Form) -> Self {
        Self { form: Some(form), ends: true, mask: None }
    }

    /// Appends the head of a frame with `len` bytes of payload: 2 to 14 bytes.
    pub fn write_head(&self, len: u64, out: &mut Vec<u8>) {
        let end = if self.ends { 0x80 } else { 0 };
        out.push(end | self.form.map_or(0, Form::opcode));
        let masked = if self.mask.is_some() { 0x80 } else { 0 };
        match (u8::try_from(len), u16::try_from(len)) {
            (Ok(len @ 0..=125), _) => out.push(masked | len),
            (_, Ok(len)) => {
                out.push(masked | 126);
                out.extend_from_slice(&len.to_be_bytes());
            }
            _ => {
                out.push(masked | 127);
                out.extend_from_slice(&len.to_be_bytes());
            }
        }
        out.extend(self.mask.iter().flatten());
    }

    /// Appends a complete frame.
    pub fn write(&self, payload: &[u8], out: &mut Vec<u8>) {
        self.write_head(payload.len() as u64, out);
        let begin = out.len();
        out.extend_from_slice(payload);
        if let Some(key) = self.mask {
            mask(&mut out[begin..], key, 0);
        }
    }
}

/// Masks or unmasks a part of a payload that begins at byte `offset` of its frame (RFC 6455, 5.3).
pub fn mask(bytes: &mut [u8], key: [u8; 4], offset: u64) {
    let mut key = key;
    key.rotate_left((offset % 4) as usize);
    let eight = u64::from_ne_bytes([key[0], key[1], key[2], key[3], key[0], key[1], key[2], key[3]]);
    let (blocks, rest) = bytes.as_chunks_mut::<8>();
    for block in blocks {
        *block = (u64::from_ne_bytes(*block) ^ eight).to_ne_bytes();
    }
    rest.iter_mut().zip(key.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
}
