//! Sentences about multicast groups.

use super::{Lang, harmless};
use crate::model::GroupError;

/// Why a group was rejected.
#[must_use]
pub fn group_error(error: &GroupError, lang: Lang) -> String {
    let texts = lang.texts();
    match error {
        GroupError::Address(text) => texts.group_not_an_address(&harmless(text)),
        GroupError::NotMulticast(address) => texts.group_not_multicast(&address.to_string()),
        GroupError::NoInterface => texts.group_bad_interface().to_owned(),
        GroupError::Part(text) => texts.group_unknown_part(&harmless(text)),
        GroupError::Source(text) => texts.group_bad_source(&harmless(text)),
    }
}
