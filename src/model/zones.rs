//! Names of IPv6 zones: `eth1` of `fe80::1%eth1` (RFC 4007, section 11).
//!
//! A socket address contains the number of its zone, which is valid only on one machine and until its interfaces change. Users write
//! and read names. This process-wide table maps both. The engine fills it with the interfaces of this machine; names from a capture
//! or log of another machine get numbers that no interface has.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

/// Numbers from here on belong to no interface of this machine.
const FOREIGN: u32 = 0x8000_0000;
/// Maximum count of names, since they may come from a malicious file.
const MOST: usize = 4096;
/// Maximum length of a name; common systems have no longer interface names.
const NAME_LEN_MAX: usize = 64;

static KNOWN: RwLock<BTreeMap<u32, String>> = RwLock::new(BTreeMap::new());

/// Whether the name consists of letters, digits and a few signs, so that it is unambiguous in an address and harmless on a terminal.
fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-:".contains(c);
    (1..=NAME_LEN_MAX).contains(&name.len()) && name.chars().all(plain)
}

/// Registers an interface of this machine.
pub fn know_zone(number: u32, name: &str) {
    if number == 0 || !is_plain(name) || zone_name(number).is_some_and(|known| known == name) {
        return;
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() < MOST || known.contains_key(&number) {
        known.insert(number, name.to_owned());
    }
}

/// Looks up the name of a zone.
#[must_use]
pub fn zone_name(number: u32) -> Option<String> {
    KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
}

/// Looks up the number of a zone by its name. A number is accepted too.
#[must_use]
pub fn zone_number(name: &str) -> Option<u32> {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    let found = known.iter().find(|(_, known)| *known == name).map(|(number, _)| *number);
    found.or_else(|| name.parse().ok().filter(|number| *number > 0))
}

/// Like [`zone_number`] for a name from a file: an unknown name gets its own number. `None` if the name is invalid or there are too
/// many.
#[must_use]
pub fn foreign_zone(name: &str) -> Option<u32> {
    if let Some(number) = zone_number(name) {
        return Some(number);
    }
    if !is_plain(name) {
        return None;
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if let Some((number, _)) = known.iter().find(|(_, known)| *known == name) {
        return Some(*number);
    }
    if known.len() >= MOST {
        return None;
    }
    let number = known.range(FOREIGN..).next_back().map_or(FOREIGN, |(last, _)| last.saturating_add(1));
    known.insert(number, name.to_owned());
    Some(number)
}

/// All known names by number.
#[must_use]
pub fn known_zones() -> BTreeMap<u32, String> {
    KNOWN.read().unwrap_or_else(PoisonError::into_inner).clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HostPort, display_address, parse_address};

    #[test]
    fn zones_are_shown_and_read_by_name() {
        know_zone(7_001, "lab7001");
        let address = parse_address("[fe80::1%lab7001]:80").expect("known");
        assert_eq!(parse_address("[fe80::1%7001]:80"), Some(address));
        assert_eq!(display_address(address), "[fe80::1%lab7001]:80");
        assert_eq!(HostPort::new("fe80::1%lab7001", 80).ok().and_then(|at| at.literal()), Some(address));
        assert_eq!(display_address(parse_address("[fe80::1%7999]:80").expect("a number")), "[fe80::1%7999]:80");
        assert_eq!(parse_address("[fe80::1%lab-of-nobody]:80"), None);
        assert_eq!(parse_address("10.0.0.1:5").map(display_address).as_deref(), Some("10.0.0.1:5"));
        // Its interface was renamed.
        know_zone(7_001, "lab7001b");
        assert_eq!(display_address(address), "[fe80::1%lab7001b]:80");
    }

    #[test]
    fn a_name_of_another_machine_keeps_its_name_and_has_no_number_of_ours() {
        know_zone(7_002, "lab7002");
        let foreign = foreign_zone("lab-elsewhere").expect("a name");
        assert!(foreign >= FOREIGN);
        assert_eq!((foreign_zone("lab-elsewhere"), foreign_zone("lab7002")), (Some(foreign), Some(7_002)));
        assert_eq!(zone_name(foreign).as_deref(), Some("lab-elsewhere"));
        for name in ["", "a b", "a]", "\u{1B}[31m", "\u{202E}x", &"x".repeat(65)] {
            assert_eq!(foreign_zone(name), None, "{name:?}");
        }
    }
}
