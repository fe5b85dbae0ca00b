//! The answer to a remote command: a length, then the output. Two forms of the length are in use.

use super::head::LENGTH_BYTES;
use crate::model::TransferError;

/// How the length of an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LengthForm {
    /// 4 bytes, little-endian, signed.
    #[default]
    Bytes,
    /// Decimal digits. Nothing ends them but a byte that is no digit, or the end of the read in which they came.
    Decimal,
}

impl LengthForm {
    /// The names on the command line.
    pub const NAMES: [(&'static str, Self); 2] = [("length", Self::Bytes), ("decimal", Self::Decimal)];

    /// The form with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find_map(|(known, form)| (known == name).then_some(form))
    }

    /// A length as it is sent.
    pub(super) fn write(self, len: usize) -> Vec<u8> {
        match self {
            Self::Bytes => i32::try_from(len).unwrap_or(i32::MAX).to_le_bytes().to_vec(),
            Self::Decimal => len.to_string().into_bytes(),
        }
    }
}

/// The longest length in digits; longer ones do not fit in a length of 4 bytes either.
const DIGITS_MAX: usize = 10;

/// Reads one answer after the other from a stream.
#[derive(Debug)]
pub struct AnswerReader {
    form: LengthForm,
    /// The beginning of a length.
    length: Vec<u8>,
    /// Bytes of the output that are still to come, once the length is known.
    left: Option<u64>,
}

/// A part of an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum AnswerPart<'a> {
    /// Bytes of the output.
    Output(&'a [u8]),
    /// The answer is complete.
    End,
}

impl AnswerReader {
    /// Nothing was read yet.
    #[must_use]
    pub fn new(form: LengthForm) -> Self {
        Self { form, length: Vec::new(), left: None }
    }

    /// Whether nothing of an answer was read.
    #[must_use]
    pub fn is_between(&self) -> bool {
        self.left.is_none() && self.length.is_empty()
    }

    /// Reads the bytes of one read and hands their parts over.
    ///
    /// # Errors
    /// The length is out of range or no length.
    pub fn read(&mut self, bytes: &[u8], mut part: impl FnMut(AnswerPart<'_>)) -> Result<(), TransferError> {
        let mut input = bytes;
        while !input.is_empty() {
            if self.left.is_none() {
                self.left = match self.form {
                    LengthForm::Bytes => self.take_length(&mut input)?,
                    LengthForm::Decimal => Some(self.take_digits(&mut input)?),
                };
            }
            let Some(left) = self.left else { return Ok(()) };
            let count = usize::try_from(left).map_or(input.len(), |left| left.min(input.len()));
            let (output, rest) = input.split_at(count);
            input = rest;
            if !output.is_empty() {
                part(AnswerPart::Output(output));
            }
            let left = left - count as u64;
            self.left = (left > 0).then_some(left);
            if left == 0 {
                part(AnswerPart::End);
            }
        }
        Ok(())
    }

    fn take_length(&mut self, input: &mut &[u8]) -> Result<Option<u64>, TransferError> {
        let (taken, rest) = input.split_at((LENGTH_BYTES - self.length.len()).min(input.len()));
        self.length.extend_from_slice(taken);
        *input = rest;
        let Ok(bytes) = <[u8; LENGTH_BYTES]>::try_from(self.length.as_slice()) else { return Ok(None) };
        self.length.clear();
        let len = i32::from_le_bytes(bytes);
        let out_of_range = TransferError::HeadLength { len: len.into(), most: i32::MAX.unsigned_abs().into() };
        u64::try_from(len).map(Some).map_err(|_| out_of_range)
    }

    fn take_digits(&mut self, input: &mut &[u8]) -> Result<u64, TransferError> {
        let count = input.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = input.split_at(count);
        let text = String::from_utf8_lossy(digits);
        *input = rest;
        text.parse().ok().filter(|_| count <= DIGITS_MAX).ok_or_else(|| TransferError::Answer {
            expected: "0-9".to_owned(),
            found: super::protocol::shown(if digits.is_empty() { rest } else { digits }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(form: LengthForm, reads: &[&[u8]]) -> Result<Vec<Vec<u8>>, TransferError> {
        let (mut reader, mut all, mut open) = (AnswerReader::new(form), Vec::new(), Vec::new());
        for read in reads {
            reader.read(read, |part| match part {
                AnswerPart::Output(bytes) => open.extend_from_slice(bytes),
                AnswerPart::End => all.push(std::mem::take(&mut open)),
            })?;
        }
        Ok(all)
    }

    #[test]
    fn lengths_of_bytes_are_read_however_they_are_cut() {
        let stream = b"\x03\0\0\0abc\0\0\0\0\x01\0\0\0x";
        for cut in 1..=stream.len() {
            let reads: Vec<&[u8]> = stream.chunks(cut).collect();
            assert_eq!(answers(LengthForm::Bytes, &reads), Ok(vec![b"abc".to_vec(), vec![], b"x".to_vec()]), "{cut}");
        }
        let negative = answers(LengthForm::Bytes, &[&(-1_i32).to_le_bytes(), b"x"]);
        assert_eq!(negative, Err(TransferError::HeadLength { len: -1, most: 2_147_483_647 }));
    }

    #[test]
    fn digits_end_at_another_byte_or_with_their_read() {
        for reads in [&[&b"3"[..], b"12x"][..], &[b"3", b"1", b"2x"]] {
            assert_eq!(answers(LengthForm::Decimal, reads), Ok(vec![b"12x".to_vec()]));
        }
        assert_eq!(
            answers(LengthForm::Decimal, &[b"3abc", b"0", b"1", b"x"]),
            Ok(vec![b"abc".to_vec(), vec![], b"x".to_vec()])
        );
        for wrong in [&b"x"[..], b"-1", b"12345678901"] {
            assert!(matches!(answers(LengthForm::Decimal, &[wrong]), Err(TransferError::Answer { .. })), "{wrong:?}");
        }
    }
}
