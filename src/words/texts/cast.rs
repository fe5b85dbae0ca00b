//! Broadcast and multicast.

/// Broadcast and multicast.
pub trait Cast {
    // Why a group is refused
    /// The text is no address.
    fn group_not_an_address(&self, text: &str) -> String;
    /// The address is none of a group.
    fn group_not_multicast(&self, address: &str) -> String;
    /// The name of the interface is empty or has signs that no name has.
    fn group_bad_interface(&self) -> &'static str;
    /// What follows the comma is unknown.
    fn group_unknown_part(&self, text: &str) -> String;
    /// The source is not the address of one host of the same family.
    fn group_bad_source(&self, text: &str) -> String;
    /// A time to live is out of range.
    fn ttl_range(&self) -> &'static str;
    /// There are too many groups.
    fn groups_most(&self, most: usize) -> String;
}
