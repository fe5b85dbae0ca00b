//! Facts of a connection.

use crate::model::{OpenedBy, OptionName};
use crate::words::Fact;

/// Names and values of facts.
pub trait Facts {
    /// The label of a fact.
    fn fact(&self, fact: Fact) -> &'static str;
    /// The name of a socket option.
    fn socket_option(&self, option: OptionName) -> &'static str;
    /// Which side opened a connection.
    fn opened_by(&self, by: OpenedBy) -> &'static str;
    /// A mean with its deviation and its least value, all with their units.
    fn round_trip(&self, mean: &str, deviation: &str, least: Option<&str>) -> String;
    /// A number of segments.
    fn segments(&self, count: u32) -> String;
    /// A switch that is on or off.
    fn on_or_off(&self, on: bool) -> &'static str;
    /// Times of keep-alive: idle, interval, count.
    fn probes(&self, idle: u64, interval: Option<u64>, count: Option<u32>) -> String;
    /// An address of a name that was taken.
    fn taken(&self, address: &str) -> String;
}
