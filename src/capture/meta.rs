//! `meta.json`: description of a capture, also readable by people. Always replaced atomically.

use super::CaptureState;
use super::{format, origin, platform};
use crate::model::{known_zones, unix_names};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

const NAME: &str = "meta.json";
/// Prefix of the temporary file that replaces it.
const NEW_PREFIX: &str = "meta.json.";
const FORMAT: &str = "wirebench-capture";
/// Maximum length of a valid file in bytes.
const LEN_MAX: u64 = 64 * 1024;
/// Maximum count of named zones; each name has at most 64 characters.
const ZONES_MAX: usize = 256;
/// Maximum count of named Unix sockets; each name has at most 107 bytes, of which each may take six in JSON.
const SOCKETS_MAX: usize = 32;

/// The content of `meta.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Meta {
    /// Always `wirebench-capture`.
    pub format: String,
    /// Format version of every file of the capture.
    pub version: u32,
    /// The endpoint that the capture was created for.
    pub endpoint: String,
    /// ns since 1970 UTC.
    pub created_unix_ns: i64,
    /// Wall time at monotonic time 0 as first measured; each segment has its own anchor.
    pub wall_anchor_unix_ns: i64,
    /// Size limit in bytes: data, index and peer table together.
    pub limit_bytes: u64,
    /// State of the capture.
    pub state: CaptureState,
    /// Findings of the tail check, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovered_note: Option<String>,
    /// Signature of the program and machine that wrote it; see [`origin`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Names of the IPv6 zones whose numbers occur in addresses of this capture.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub zones: BTreeMap<u32, String>,
    /// Names of the rules, steps and commands that sent something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Names of the Unix sockets by the numbers in addresses of this capture.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unix_names: BTreeMap<u16, String>,
    /// Once closed: count of all records ever stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// Once closed: payload bytes ever stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_bytes: Option<u64>,
}

/// The zones known now, limited so that the file remains readable.
pub(super) fn zones() -> BTreeMap<u32, String> {
    known_zones().into_iter().take(ZONES_MAX).collect()
}

/// The names of Unix sockets known now, limited likewise.
pub(super) fn sockets() -> BTreeMap<u16, String> {
    unix_names().into_iter().rev().take(SOCKETS_MAX).collect()
}

/// Why the meta file could not be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum MetaError {
    /// Unsupported version of the format.
    #[error("format version {0} is not known (known: 1 to {known})", known = format::VERSION)]
    Version(u32),
    /// Malformed content.
    #[error("meta.json is damaged: {0}")]
    Damaged(String),
    /// Missing or unreadable.
    #[error("meta.json cannot be read: {0}")]
    Io(#[from] io::Error),
}

impl Meta {
    /// Creates the meta of a new capture.
    pub(super) fn new(endpoint: String, created_unix_ns: i64, anchor_unix_ns: i64, limit_bytes: u64) -> Self {
        Self {
            format: FORMAT.into(),
            version: format::VERSION,
            endpoint,
            created_unix_ns,
            wall_anchor_unix_ns: anchor_unix_ns,
            limit_bytes,
            state: CaptureState::Open,
            recovered_note: None,
            origin: None,
            zones: zones(),
            names: Vec::new(),
            unix_names: sockets(),
            records: None,
            payload_bytes: None,
        }
    }

    /// Returns it signed as written by this program on this machine.
    pub(super) fn signed(self) -> Self {
        Self { origin: Some(origin::signature(self.created_unix_ns, &self.endpoint)), ..self }
    }

    /// Whether this program wrote it on this machine.
    pub(super) fn is_own(&self) -> bool {
        self.origin.as_ref().is_some_and(|found| *found == origin::signature(self.created_unix_ns, &self.endpoint))
    }

    /// Path of the file.
    pub(super) fn path(folder: &Path) -> PathBuf {
        folder.join(NAME)
    }

    /// Whether the file exists, valid or not.
    pub(super) fn exists(folder: &Path) -> bool {
        Self::path(folder).exists()
    }

    /// Reads and checks the file.
    pub(super) fn read(folder: &Path) -> Result<Self, MetaError> {
        /// Parsed first, so that a newer version is reported as such.
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let mut text = Vec::new();
        platform::open_plain_file(&folder.join(NAME))?.take(LEN_MAX + 1).read_to_end(&mut text)?;
        if text.len() as u64 > LEN_MAX {
            return Err(MetaError::Damaged("too long".into()));
        }
        let damaged = |error: serde_json::Error| MetaError::Damaged(error.to_string());
        let head: Head = serde_json::from_slice(&text).map_err(damaged)?;
        if head.format != FORMAT {
            return Err(MetaError::Damaged(format!("format is {:?}", head.format)));
        }
        if format::Version::of(head.version).is_none() {
            return Err(MetaError::Version(head.version));
        }
        serde_json::from_slice(&text).map_err(damaged)
    }

    /// Replaces the file atomically: a reader sees either the old or the new one.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(self).map_err(io::Error::other)?;
        // The name is random, so that no link can have been planted there.
        let mut new = tempfile::Builder::new().prefix(NEW_PREFIX).tempfile_in(folder)?;
        new.write_all(&text)?;
        new.persist(folder.join(NAME)).map(|_| ()).map_err(|failed| failed.error)
    }
}
