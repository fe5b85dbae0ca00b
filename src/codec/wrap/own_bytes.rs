//! Bytes that the user typed for a head or tail.

use crate::codec::hex;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A few bytes of the user's own. They are stored as hex.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OwnBytes(Arc<[u8]>);

impl OwnBytes {
    /// Maximum length in bytes.
    pub const MAX_LEN: usize = 256;

    /// These bytes; `None`: there are more than [`Self::MAX_LEN`].
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        (bytes.len() <= Self::MAX_LEN).then(|| Self(bytes.into()))
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<String> for OwnBytes {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = hex::parse(&text).map_err(|error| error.to_string())?;
        Self::new(&bytes).ok_or_else(|| format!("{} bytes are more than {}", bytes.len(), Self::MAX_LEN))
    }
}

impl From<OwnBytes> for String {
    fn from(bytes: OwnBytes) -> Self {
        hex::spaced_upper(&bytes.0)
    }
}
