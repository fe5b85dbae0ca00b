//! The reference that a record stores instead of the bytes of a large sent file.

use super::format::{Version, field, u32_at, u64_at};
use super::platform;
use std::path::{Path, PathBuf};

/// Length of the fixed part of a file reference, version 2; the path follows.
const REFERENCE_LEN: usize = 40;
/// Length of the fixed part of a file reference, version 1.
const REFERENCE_LEN_1: usize = 28;
/// Maximum length of a path in a file reference, in bytes.
pub(super) const PATH_LEN_MAX: usize = 32 * 1024;
/// Maximum length of a file reference, in bytes.
pub(super) const REFERENCE_LEN_MAX: usize = REFERENCE_LEN + PATH_LEN_MAX;

/// The hash that identifies part of a file: XXH3, 64 bits, seed 0 (`xxhsum -H3`).
#[must_use]
pub fn part_hash(bytes: &[u8]) -> u64 {
    twox_hash::XxHash3_64::oneshot(bytes)
}

/// Reference to part of a sent file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileReference {
    /// Offset of the first byte sent.
    pub offset: u64,
    /// Size of the entire file when the send started.
    pub size: u64,
    /// Modification time (unix ns) when the send started.
    pub modified_ns: i64,
    /// [`part_hash`] of the part; 0 if unknown.
    pub hash: u64,
    /// Path of the file.
    pub path: PathBuf,
}

impl FileReference {
    /// Encodes the reference in the form of version 2. `None` if the path is longer than [`PATH_LEN_MAX`].
    pub(super) fn encode(path: &Path, offset: u64, size: u64, modified_ns: i64, hash: u64) -> Option<Vec<u8>> {
        let path = platform::path_bytes(path);
        let path_len = u32::try_from(path.len()).ok().filter(|len| *len as usize <= PATH_LEN_MAX)?;
        let mut bytes = Vec::with_capacity(REFERENCE_LEN + path.len());
        bytes.extend_from_slice(&offset.to_le_bytes());
        bytes.extend_from_slice(&size.to_le_bytes());
        bytes.extend_from_slice(&modified_ns.to_le_bytes());
        bytes.extend_from_slice(&path_len.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&hash.to_le_bytes());
        bytes.extend_from_slice(&path);
        Some(bytes)
    }

    /// `None` if damaged.
    pub(super) fn decode(version: Version, bytes: &[u8]) -> Option<Self> {
        let (fixed, hash) = match version {
            Version::One => (REFERENCE_LEN_1, 0),
            Version::Two => (REFERENCE_LEN, u64_at(bytes, 32)),
        };
        let path = bytes.get(fixed..)?;
        (u32_at(bytes, 24) as usize == path.len()).then(|| Self {
            offset: u64_at(bytes, 0),
            size: u64_at(bytes, 8),
            modified_ns: i64::from_le_bytes(field(bytes, 16)),
            hash,
            path: platform::path_from_bytes(path),
        })
    }
}
