//! Assembles the folder of a capture from an input.
//!
//! Input: a byte of flags, then pieces of files: which file (a byte), the length of the piece (two bytes, little-endian), the piece.
//! With flag 1 the checksums of index files and of the peer table are corrected afterwards, as an attacker would: random bytes alone
//! would almost never pass them. Written from `docs/CAPTURE_FORMAT.md`, not from the program's code.

use super::Input;
use std::fs;
use std::path::Path;

const NAMES: [&str; 11] = [
    "meta.json",
    "00000001.index",
    "00000001.data",
    "00000002.index",
    "00000002.data",
    "peers",
    "00000009.index",
    "00000009.data",
    "lock",
    "meta.json.new",
    "locals",
];
const HEADER_LEN: usize = 64;
/// Length of an entry by version.
const ENTRY_LEN: [usize; 2] = [48, 64];
const CUT_LEN: usize = 32;
const PEER_LEN: usize = 32;
/// Maximum length of a file.
const FILE_LEN_MAX: usize = 32 << 10;

/// Writes the files of `data` to `folder` and returns the flags.
pub fn folder(data: &[u8], folder: &Path) -> u8 {
    let mut input = Input(data);
    let flags = input.byte();
    let mut files: [Option<Vec<u8>>; NAMES.len()] = Default::default();
    while !input.0.is_empty() {
        let which = usize::from(input.byte()) % NAMES.len();
        let len = usize::from(u16::from_le_bytes([input.byte(), input.byte()]));
        let content = files[which].get_or_insert_default();
        content.extend_from_slice(input.take(len));
        content.truncate(FILE_LEN_MAX);
    }
    for (name, content) in NAMES.iter().zip(&mut files) {
        let Some(content) = content else { continue };
        if flags & 1 == 1 {
            match *name {
                "peers" | "locals" => seal_rows(content, PEER_LEN, 0),
                name if name.ends_with(".index") => seal_index(content),
                _ => {}
            }
        }
        fs::write(folder.join(name), content).expect("written");
    }
    flags
}

fn seal_index(content: &mut [u8]) {
    let Some((header, rest)) = content.split_at_mut_checked(HEADER_LEN) else { return };
    seal_rows(header, HEADER_LEN, 0);
    let first = u64::from_le_bytes(header[24..32].try_into().expect("eight bytes"));
    let is_two = header[8] == 2;
    let cuts = if is_two { u32::from_le_bytes(header[48..52].try_into().expect("four bytes")) as usize } else { 0 };
    let (cuts, entries) = rest.split_at_mut(cuts.saturating_mul(CUT_LEN).min(rest.len()));
    seal_rows(cuts, CUT_LEN, 0);
    seal_rows(entries, ENTRY_LEN[usize::from(is_two)], first);
}

/// Sets the checksums at the ends of rows of `len` bytes; `seed` is the seed of the first one, and so on.
fn seal_rows(rows: &mut [u8], len: usize, seed: u64) {
    for (row, index) in rows.chunks_exact_mut(len).zip(0_u64..) {
        let (bytes, check) = row.split_at_mut(len - 4);
        check.copy_from_slice(&check_value(seed.wrapping_add(index), bytes).to_le_bytes());
    }
}

fn check_value(seed: u64, bytes: &[u8]) -> u32 {
    let mut hash = seed ^ 0x4843_4E42_4552_4957;
    for word in bytes.chunks(8) {
        let mut wide = [0; 8];
        wide[..word.len()].copy_from_slice(word);
        hash = (hash ^ u64::from_le_bytes(wide)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        hash ^= hash >> 32;
    }
    hash as u32
}
