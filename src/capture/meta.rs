//! `meta.json`: what a capture is, readable by people too. Always replaced as a whole.

use super::CaptureState;
use super::{format, origin, platform};
use crate::model::known_zones;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

const NAME: &str = "meta.json";
/// Its next version, until it takes its place.
const NEW_PREFIX: &str = "meta.json.";
const FORMAT: &str = "wirebench-capture";
/// Nothing sound is longer.
const LEN_MAX: u64 = 64 * 1024;
/// Zones that are named; each has at most 64 characters.
const ZONES_MAX: usize = 256;

/// The content of `meta.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Meta {
    /// Always `wirebench-capture`.
    pub format: String,
    /// Of every file of the capture.
    pub version: u32,
    /// What it was opened for.
    pub endpoint: String,
    /// ns since 1970 UTC.
    pub created_unix_ns: i64,
    /// Wall time at monotonic time 0, as first measured; segments have their own.
    pub wall_anchor_unix_ns: i64,
    /// Size limit, data + index + peers.
    pub limit_bytes: u64,
    /// How it stands.
    pub state: CaptureState,
    /// What the tail check found, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovered_note: Option<String>,
    /// By which program on which machine it was written; see [`origin`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Names of the IPv6 zones whose numbers addresses of this capture have.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub zones: BTreeMap<u32, String>,
    /// At the end: records ever stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// At the end: payload bytes ever stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_bytes: Option<u64>,
}

/// The zones that are known now, not so many that nobody would read the file.
pub(super) fn zones() -> BTreeMap<u32, String> {
    known_zones().into_iter().take(ZONES_MAX).collect()
}

/// Why there is no meta.
#[derive(Debug, thiserror::Error)]
pub(super) enum MetaError {
    /// Another version of the format.
    #[error("format version {0} is not known (known: 1 to {known})", known = format::VERSION)]
    Version(u32),
    /// Not what it should be.
    #[error("meta.json is damaged: {0}")]
    Damaged(String),
    /// Missing or unreadable.
    #[error("meta.json cannot be read: {0}")]
    Io(#[from] io::Error),
}

impl Meta {
    /// Of a capture that begins.
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
            records: None,
            payload_bytes: None,
        }
    }

    /// The same, known again as written by this program on this machine.
    pub(super) fn signed(self) -> Self {
        Self { origin: Some(origin::signature(self.created_unix_ns, &self.endpoint)), ..self }
    }

    /// It was written by this program on this machine.
    pub(super) fn is_own(&self) -> bool {
        self.origin.as_ref().is_some_and(|found| *found == origin::signature(self.created_unix_ns, &self.endpoint))
    }

    /// Where it is.
    pub(super) fn path(folder: &Path) -> PathBuf {
        folder.join(NAME)
    }

    /// There is one, sound or not.
    pub(super) fn exists(folder: &Path) -> bool {
        Self::path(folder).exists()
    }

    /// Reads it.
    pub(super) fn read(folder: &Path) -> Result<Self, MetaError> {
        /// Read first, so that a newer version is called by its name.
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

    /// Replaces it: a reader sees the old one or the new one.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(self).map_err(io::Error::other)?;
        // A name that nobody can have put a link at.
        let mut new = tempfile::Builder::new().prefix(NEW_PREFIX).tempfile_in(folder)?;
        new.write_all(&text)?;
        new.persist(folder.join(NAME)).map(|_| ()).map_err(|failed| failed.error)
    }
}
