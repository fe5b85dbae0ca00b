//! How the checks of a wrap are stored: one as itself, as earlier versions know it; several as a list.

use super::{Appended, CHECKS_MAX};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    None(()),
    One(Appended),
    Several(Vec<Appended>),
}

pub(super) fn serialize<S: Serializer>(checks: &[Appended], serializer: S) -> Result<S::Ok, S::Error> {
    match checks {
        [] => serializer.serialize_none(),
        [one] => one.serialize(serializer),
        several => several.serialize(serializer),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Appended>, D::Error> {
    let checks = match Stored::deserialize(deserializer)? {
        Stored::None(()) => Vec::new(),
        Stored::One(one) => vec![one],
        Stored::Several(several) => several,
    };
    if checks.len() > CHECKS_MAX {
        return Err(D::Error::custom(format!("{} checks, more than {CHECKS_MAX}", checks.len())));
    }
    Ok(checks)
}
