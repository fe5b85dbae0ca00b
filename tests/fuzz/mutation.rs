//! Derives new inputs from those of a corpus by a few random changes, reproducible by seed.

/// Building blocks of inputs of several targets, and numbers at the limits of their types.
const PIECES: &[&[u8]] = &[
    b"0x",
    b"\\x",
    b"\\u{",
    b"}",
    b"::",
    b"[",
    b"]",
    b"%",
    b"://",
    b"#",
    b"?",
    b",",
    b"=",
    b"'",
    b":",
    b"+",
    b"\r\n",
    b"-1",
    b"..",
    b"4294967295",
    b"18446744073709551615",
    b"1e999",
    b"null",
    b"{",
    b"\"",
    b"max=",
    b"swap=7E:7D02|",
    b"escape=7D,xor=20",
    b"mask=0F",
    b"skip=0A",
    b"behind=",
    b"size=hex4",
    b"size=scpi",
    b"form=dec",
    b"covers=hex",
    b"\xEF\xBB\xBF",
    b"\xFF\xFF\xFF\xFF",
    b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F",
    b"\x00\x00\x00\x80",
    b"\0\0\0\0\0\0\0\0",
    b"\xD8\x3D\xDE\x00",
    b"\x81\x30\x81\x30",
    b"\x88\x62",
    "你".as_bytes(),
    "\u{202E}".as_bytes(),
    "？".as_bytes(),
];
/// Maximum length of an input.
const LEN_MAX: usize = 16 << 10;

/// A source of inputs.
pub struct Mutation {
    state: u64,
}

impl Mutation {
    pub fn new(seed: u64) -> Self {
        Self { state: seed | 1 }
    }

    /// A number below `most`; 0 if `most` is 0.
    fn below(&mut self, most: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        ((self.state >> 32) as usize * most) >> 32
    }

    /// Derives a new input.
    pub fn of(&mut self, corpus: &[Vec<u8>]) -> Vec<u8> {
        let mut input = corpus[self.below(corpus.len())].clone();
        for _ in 0..=self.below(5) {
            self.change(&mut input, corpus);
            input.truncate(LEN_MAX);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        let at = self.below(input.len() + 1);
        let len = [1, 4, 16, 64][self.below(4)].min(input.len() - at);
        let part = at..at + self.below(len + 1);
        match self.below(8) {
            0 => input.truncate(at),
            1 => drop(input.drain(part)),
            2 => {
                let again = input[part].to_vec();
                self.insert(input, &again);
            }
            3 => {
                let piece = PIECES[self.below(PIECES.len())];
                self.insert(input, piece);
            }
            4 => {
                let piece = PIECES[self.below(PIECES.len())];
                input.iter_mut().skip(at).zip(piece).for_each(|(to, from)| *to = *from);
            }
            5 => {
                let other = &corpus[self.below(corpus.len())];
                let from = self.below(other.len() + 1);
                let to = from + self.below(other.len() - from + 1);
                self.insert(input, &other[from..to]);
            }
            6 => {
                let byte = self.below(256) as u8;
                self.insert(input, &[byte]);
            }
            _ => {
                let bit = self.below(8);
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
        }
    }

    fn insert(&mut self, input: &mut Vec<u8>, piece: &[u8]) {
        let at = self.below(input.len() + 1);
        input.splice(at..at, piece.iter().copied());
    }
}
